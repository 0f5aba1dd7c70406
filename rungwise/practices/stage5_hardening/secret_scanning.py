"""Secret scanning with push protection."""

from rungwise.catalogue import CODE, Practice
from rungwise.model import Effort, Observable, Role, Stage

PRACTICE = Practice(
    id="secret-scanning",
    stage=Stage.HARDENING,
    title="A secret is stopped on its way into git",
    why="Once pushed, a key is history; push protection refuses it while it is still only yours.",
    advice=(
        "Switch on push protection under Code security; on public repositories it costs nothing.",
        "Without a licence, run gitleaks as a commit hook and in CI.",
        "When an alert comes, change the secret first and close the alert afterwards.",
    ),
    looked_for="secret scanning with push protection, or a scanner as commit hook and in CI",
    role=Role.SUPPORTING,
    effort=Effort.SMALL,
    impact=4,
    observable=Observable.YES,
    applies=CODE,
    guide="https://docs.github.com/en/code-security/secret-scanning/introduction/about-push-protection",
    question="Is push protection switched on for this repository?",
    after=("secrets-in-env",),
    extension=True,
)
