"""Tests where a mistake costs most."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Fact, Observable, Role, Stage

PRACTICE = Practice(
    id="critical-path-tests",
    stage=Stage.TESTING,
    title="Permissions and money have tests",
    why="One wrong permission or invoice costs more than all other bugs together.",
    advice=(
        "For each resource write one test in which another user is refused.",
        "Test arithmetic on money with generated values (hypothesis, fast-check).",
    ),
    looked_for="tests that expect a refusal, and tests that name amounts where money is taken",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=4,
    observable=Observable.PARTLY,
    applies=SERVICES,
    requires=((Fact.USERS, Fact.PAYMENTS),),
    after=("unit-tests",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which test fails if one user can read another's data?",
)
