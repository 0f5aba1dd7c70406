"""Logs are shipped and kept."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="log-retention",
    stage=Stage.OBSERVING,
    title="Logs are shipped to one place and kept",
    why="A platform forgets its logs within hours; the incident that has to be explained was last Tuesday.",
    advice=(
        "Convex: connect a log stream (Axiom, Datadog) in the deployment settings; Vercel, Render and Fly have log drains.",
        "AWS: set `retention_in_days` on every log group.",
        "Keep thirty to ninety days searchable; archive longer only where something demands it.",
    ),
    looked_for="a log shipper, or a retention setting in infrastructure code",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA),
    requires=(Fact.TEAM_OPERATES,),
    after=("leveled-logging",),
    not_for="Whoever runs it keeps its logs.",
    guide="https://stack.convex.dev/observability-in-production",
    question="Where do production logs go, and for how many days can they be searched?",
)
