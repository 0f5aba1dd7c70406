"""Stored data is checked against itself."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Fact, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="data-integrity-checks",
    stage=Stage.TESTING,
    title="A background job verifies what must hold in the data",
    why="What no transaction can enforce drifts in silence until a customer notices.",
    advice=(
        "Name three things that must hold: counts, references, balances.",
        "Page through one table at each run, report differences as an event that can alert, and repair nothing at first.",
    ),
    looked_for="a scheduled job that compares stored values with recomputed ones",
    role=Role.SUPPORTING,
    effort=Effort.MEDIUM,
    impact=2,
    observable=Observable.PARTLY,
    applies=(Kind.APP, Kind.SELF, Kind.DATA),
    requires=(Fact.DATASTORE,),
    after=("background-queue",),
    guide="https://stack.convex.dev/testing-patterns",
    question="Which stored number is recomputed regularly, and who hears of a difference?",
)
