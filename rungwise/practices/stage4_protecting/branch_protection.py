"""Protected default branch."""

from rungwise.catalogue import CODE, Practice
from rungwise.model import Effort, Observable, Role, Stage

PRACTICE = Practice(
    id="branch-protection",
    stage=Stage.PROTECTING,
    title="The default branch takes only what has passed its checks",
    why="A tired push or a red build should meet a closed door on the server rather than a promise among colleagues.",
    advice=(
        "Add a ruleset for the default branch: no deletion, no force push, a pull request, and the CI job as a required check.",
        "Set it up once for the organisation, so that new repositories are covered from their first day.",
        "Ask for an up-to-date branch only while the tests are quick; with slow tests, use a merge queue.",
    ),
    looked_for="rules on the default branch that forbid force pushes and deletion and require a passing check",
    role=Role.ANCHOR,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.YES,
    applies=CODE,
    guide="https://stack.convex.dev/operational-maturity-for-production",
    not_for="archived repositories, which are read-only anyway",
    after=("ci-tests",),
)
