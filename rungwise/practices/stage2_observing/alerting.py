"""A rule speaks up when numbers go wrong."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="alerting",
    stage=Stage.OBSERVING,
    title="Alert rules watch errors and key figures",
    why="A chart that nobody looks at protects nobody; a rule that speaks up does.",
    advice=(
        "Begin with three: a new kind of exception, more than one percent errors for five minutes, the site is down.",
        "Send them to one channel, and delete each alert that twice led to nothing.",
        "Later keep the rules in the repository, as Terraform or Prometheus rules.",
    ),
    looked_for="alert rules or monitors kept as code",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("error-tracking",),
    not_for="Whoever runs it sets its alerts.",
    guide="https://stack.convex.dev/observability-in-production",
    question="Which conditions in production send a person a message, and where?",
)
