"""A place shaped like production."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="staging-environment",
    stage=Stage.TESTING,
    title="A staging environment stands before production",
    why="A place shaped like production, with friendly users, shows what previews and tests cannot.",
    advice=(
        "Convex: a second project with a deploy key of its own; deploy the default branch there on each merge.",
        "Use the same infrastructure code with other variables, and never share databases or keys with production.",
    ),
    looked_for="a deployment to staging or another environment before production",
    role=Role.CORE,
    effort=Effort.MEDIUM,
    impact=3,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.DATA, Kind.INFRA),
    requires=(Fact.TEAM_OPERATES,),
    after=("auto-deploy",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Is there a deployed copy with a configuration like production's, and who uses it?",
)
