"""Production configuration as reviewed code."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="config-as-code",
    stage=Stage.PROTECTING,
    title="Production is configured by files that somebody reviewed",
    why="What was clicked together in a console has no diff, no reviewer and no way back.",
    advice=(
        "Commit the host's own file first (fly.toml, render.yaml, vercel.json); take Terraform once two people change it.",
        "Plan on the pull request, apply on the merge, and look for drift once a week.",
    ),
    looked_for="infrastructure files for the production host, with a plan and an apply step or a controller that follows them",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    guide="https://stack.convex.dev/operational-maturity",
    question="Where are DNS, scaling and the secrets' configuration kept?",
    after=("branch-protection",),
)
