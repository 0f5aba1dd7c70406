"""Protected default branch."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import HCL, Look, code, setting
from rungwise.model import Effort, Observable, Role, SignalKind, Stage, Status

ARCHIVED = setting("archived", "true")
FORCE_PUSHES = setting("default-branch-force-pushes", "forbidden")
DELETION = setting("default-branch-deletion", "forbidden")
PULL_REQUEST = setting("default-branch-pull-request", "required")
NO_CHECKS = setting("default-branch-status-checks", "0")
PROTECTED = setting("default-branch-protected", "true")
DECLARED = code(
    r'^resource\s+"github_(branch_protection(_v3)?|repository_ruleset|organization_ruleset)"',
    HCL,
    strings=True,
    example='resource "github_branch_protection" "main" {',
)
SOURCES = {"default-branch-rulesets": "rulesets", "default-branch-classic-protection": "classic branch protection"}


def judge(look: Look) -> Verdict | None:
    """What holds on GitHub counts; what Terraform declares is an intent. Rules that could not be seen are never taken for missing ones."""
    if ARCHIVED.find(look):
        return Verdict(Status.NOT_APPLICABLE, (), "It is archived, so that nobody can change it.")
    if not look.named(SignalKind.SETTING, "default-branch"):
        if declared := DECLARED.find(look):
            return Verdict(
                Status.PARTIAL, declared, "Rules are declared in Terraform; whether they hold on GitHub was not looked at."
            )
        return Verdict(Status.NOT_SEEN, (), "Only GitHub can tell, and this repository was looked at without it.")
    checks = () if NO_CHECKS.find(look) else tuple(look.named(SignalKind.SETTING, "default-branch-status-checks"))
    parts = {
        "force pushes are refused": FORCE_PUSHES.find(look),
        "it cannot be deleted": DELETION.find(look),
        "a check has to pass": checks,
    }
    there = [words for words, signals in parts.items() if signals]
    seen = tuple(signal for signals in parts.values() for signal in signals) + PULL_REQUEST.find(look)
    if len(there) == len(parts):
        return Verdict(
            Status.PRESENT, seen, "On the default branch force pushes are refused, it cannot be deleted, and a check has to pass."
        )
    unseen = [signal for signal in look.of(SignalKind.UNREADABLE) if signal.value in SOURCES]
    rest = f" {SOURCES[unseen[0].value].capitalize()} could not be looked at ({unseen[0].name})." if unseen else ""
    if seen or PROTECTED.find(look):
        there += ["a pull request is required"] if PULL_REQUEST.find(look) else []
        known = f"On the default branch {' and '.join(there)}." if there else "GitHub says that the default branch is protected."
        lacking = ", ".join(words for words in parts if words not in there)
        return Verdict(Status.PARTIAL, seen or PROTECTED.find(look), known + (rest or f" What is not so: {lacking}."))
    if unseen:
        return Verdict(Status.UNKNOWN, (), rest.strip())
    return Verdict(Status.ABSENT, (), "Neither a ruleset nor classic protection asks anything of the default branch.")


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
    judge=judge,
    uses=(ARCHIVED, FORCE_PUSHES, DELETION, PULL_REQUEST, NO_CHECKS, PROTECTED, DECLARED),
)
