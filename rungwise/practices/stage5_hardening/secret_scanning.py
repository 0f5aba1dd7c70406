"""Secret scanning with push protection."""

from rungwise.catalogue import CODE, Practice, Verdict
from rungwise.clues import CHANGE, Look, both, file, setting, step
from rungwise.model import Effort, Observable, Role, SignalKind, Stage, Status

PROTECTED = setting("secret-scanning-push-protection", "enabled")
SCANNING = setting("secret-scanning", "enabled")
PUBLIC = setting("visibility", "public")
SCANNER = (
    r"(gitleaks|detect-secrets|trufflehog|talisman|ggshield|secretlint|git-secrets|ripsecrets|seekret|noseyparker|betterleaks)"
)
HOOK = step(rf"\b{SCANNER}\b", example="pre-commit https://github.com/Yelp/detect-secrets detect-secrets", on=("pre-commit",))
IN_CI = step(
    rf"\b{SCANNER}\b", uses=rf"(?i){SCANNER}|gitguardian|secret-detector|\bsecrets?-scan(ner|ning)?\b", example="gitleaks/gitleaks-action",
    on=(*CHANGE, "schedule", "workflow_dispatch"),
)  # fmt: skip
SETTINGS = file(
    "{.gitleaks.toml,.secrets.baseline,.trufflehog*,.gitguardian.y*ml,.talismanrc,.secretlintrc*}",
    but_not=(".github/linters/**",),
)
"""What lies in the folder that Super-Linter reads scans nothing without it."""


def judge(look: Look) -> Verdict | None:
    """Push protection is a setting: what the files show is at most the other way to get there. GitHub scans what is public in any case."""
    if any(clue.find(look) for clue in (PROTECTED, SCANNING, HOOK, IN_CI, SETTINGS)):
        return None
    unseen = [signal for signal in look.of(SignalKind.UNREADABLE) if signal.value == "secret-scanning-push-protection"]
    if unseen and (public := PUBLIC.find(look)):
        reason = f"GitHub scans whatever is public; push protection could not be looked at ({unseen[0].name})."
        return Verdict(Status.PARTIAL, public, reason)
    if unseen:
        return Verdict(Status.UNKNOWN, (), f"Nothing in the files; push protection could not be looked at ({unseen[0].name}).")
    if look.named(SignalKind.SETTING, "secret-scanning-push-protection"):
        return Verdict(Status.ABSENT, (), "Push protection is switched off, and no scanner was seen.")
    return Verdict(Status.NOT_SEEN, (), "Nothing in the files; push protection may be on in the settings all the same.")


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
    present=(PROTECTED, both(HOOK, IN_CI)),
    partial=(SCANNING, HOOK, IN_CI, SETTINGS),
    judge=judge,
    uses=(PROTECTED, SCANNING, PUBLIC, HOOK, IN_CI, SETTINGS),
)
