"""What was tried by hand is written down."""

from rungwise.catalogue import Practice
from rungwise.model import Effort, Kind, Observable, Role, Stage

PRACTICE = Practice(
    id="manual-test-evidence",
    stage=Stage.TESTING,
    title="Each change says how it was tried",
    why="Having to write down what was tried makes the author try it, and gives the reviewer something to check.",
    advice=(
        'Add a section "How I tested this" to the pull request template, with room for screenshots.',
        "Repeat the manual test on the last commit, not on the first.",
    ),
    looked_for="a pull request template that asks how the change was tested",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=2,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB, Kind.CLI, Kind.LIB),
    after=("version-control",),
    guide="https://stack.convex.dev/testing-patterns",
)
