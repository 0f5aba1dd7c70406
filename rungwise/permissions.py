"""The permission map: what GitHub would not tell, what it would take, and which practices hang on it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rungwise.catalogue import Catalogue
from rungwise.clues import SettingClue, StepClue

TELLS = {
    "default-branch-rulesets": "the rulesets of the default branch",
    "default-branch-classic-protection": "the classic protection of the default branch",
    "environments": "environments and what guards them",
    "secret-scanning": "whether secrets are looked for",
    "secret-scanning-push-protection": "whether a push with a secret is refused",
    "dependabot-alerts": "whether Dependabot alerts are on",
    "dependabot-security-updates": "whether Dependabot proposes security updates",
    "code-scanning-default-setup": "whether code scanning is set up",
    "workflows": "which workflows there are",
    "workflow": "whether workflows are switched on and still run",
    "workflow-failing": "whether workflows fail on the default branch",
    "last-deployment": "when each environment was deployed to last",
    "activity": "who commits, and how often",
    "approved-changes": "whether somebody else approves what is merged",
    "topic": "its topics",
    "property": "its custom properties",
    "codeowners-errors": "mistakes in CODEOWNERS",
    "team": "which teams may do what, and so who owns a repository",
}
"""What a setting tells, in words; collectors name the settings."""

TAKES = {
    "default-branch-rulesets": "metadata:read",
    "default-branch-classic-protection": "administration:read",
    "environments": "actions:read",
    "last-deployment": "deployments:read",
    "secret-scanning": "administration:read",
    "secret-scanning-push-protection": "administration:read",
    "dependabot-alerts": "administration:read",
    "dependabot-security-updates": "administration:read",
    "code-scanning-default-setup": "administration:read",
    "workflows": "actions:read",
    "workflow": "actions:read",
    "workflow-failing": "checks:read",
    "activity": "contents:read",
    "approved-changes": "pull_requests:read",
    "topic": "metadata:read",
    "codeowners-errors": "contents:read",
    "team": "members:read",
}
"""The permission that a setting takes, by the name that fine-grained tokens and Apps know it by."""

_BRANCH = "default-branch-"
_ALIVE = ("workflows", "workflow", "workflow-failing", "last-deployment")
"""Settings that tell whether the steps of CI, by which practices are judged, work."""


@dataclass(frozen=True, slots=True)
class Unread:
    """One setting that was not to be seen. ``permission`` is empty where none would help, ``why`` then says why."""

    setting: str
    tells: str
    permission: str
    why: str
    repositories: int
    names: tuple[str, ...]
    """Some of these repositories."""
    practices: tuple[str, ...]
    """The ids of the practices that would be judged by it."""


def unread(rows: Iterable[Any], catalogue: Catalogue) -> tuple[Unread, ...]:
    """The permission map, from rows with the attributes ``setting``, ``reason``, ``repositories`` and ``names``; the widest gap first."""
    found = [
        Unread(
            setting=row.setting,
            tells=TELLS.get(row.setting, row.setting.replace("-", " ")),
            permission=row.reason.removeprefix("needs ") if row.reason.startswith("needs ") else "",
            why=row.reason,
            repositories=int(row.repositories),
            names=tuple(row.names),
            practices=judged_by(row.setting, catalogue),
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.repositories, one.setting, one.why)))


def judged_by(setting: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The practices with a clue about a setting; the rules of the default branch come from two sources and have names of their own."""
    if setting in _ALIVE:
        return tuple(
            practice.id
            for practice in catalogue
            if any(isinstance(part, StepClue) for clue in practice.clues() for part in clue.parts())
        )
    branch = setting.startswith(_BRANCH)
    return tuple(
        practice.id
        for practice in catalogue
        if any(
            isinstance(part, SettingClue) and (part.name == setting or (branch and part.name.startswith(_BRANCH)))
            for clue in practice.clues()
            for part in clue.parts()
        )
    )
