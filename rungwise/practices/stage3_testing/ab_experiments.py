"""Taste is tested on users."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="ab-experiments",
    stage=Stage.TESTING,
    title="Changes of taste are measured on users",
    why="No test can say which of two designs is better; only users who behave differently can.",
    advice=(
        "Use the flag tool that is already there: half and half, one figure, a fixed last day.",
        "Below a thousand weekly users, five interviews tell more.",
    ),
    looked_for="an experiment SDK with exposure events and branches for the variants",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=1,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SPA, Kind.MOB),
    requires=(Fact.FRONTEND, Fact.USERS),
    after=("feature-flags", "product-analytics"),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which product decision of the last six months came from an experiment or a staged rollout?",
)
