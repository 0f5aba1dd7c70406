"""A lint or a test that insists on the guarded pattern."""

from rungwise.catalogue import SERVICES, Practice
from rungwise.model import Effort, Observable, Role, Stage

PRACTICE = Practice(
    id="auth-lint",
    stage=Stage.HARDENING,
    title="An unguarded endpoint fails the build",
    why="A convention that nothing enforces wears off with each new colleague.",
    advice=(
        "Forbid the raw builder or router by a lint rule at error level: no-restricted-imports, semgrep, ArchUnit.",
        "In Rails, add after_action :verify_authorized to the base controller.",
        "Or write one test that calls every route without credentials and expects a refusal.",
    ),
    looked_for="a lint rule that names the unguarded import, or a test over all routes",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=SERVICES,
    needs=("auth-wrapper",),
    guide="https://stack.convex.dev/eslint-setup",
    after=("auth-wrapper", "ci-tests"),
)
