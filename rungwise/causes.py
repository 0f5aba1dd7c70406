"""Why a status moved from one look at a repository to the next. Pure: which commit it was is asked of whoever has the history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from rungwise.model import Assessment, Finding, Status


class Cause(StrEnum):
    """What is behind a move."""

    COMMIT = "commit"
    """A change of the repository's files."""
    SETTING = "setting"
    """A change of GitHub's settings, runs or environments."""
    SIGHT = "sight"
    """What could be seen is more, or less, than before; what is there may be the same."""
    RULES = "rules"
    """The same look was judged by other rules."""
    TIME = "time"
    """Nothing changed but the date."""


@dataclass(frozen=True, slots=True)
class Change:
    """One status that moved, and why.

    ``paths`` are the files that may have caused it, the likeliest first; once somebody has looked, ``path`` and ``how`` (added, removed or
    changed) say which it was, and ``commit``, ``author``, ``committed_at`` and ``subject`` in which commit.
    """

    practice: str
    was: Status
    now: Status
    cause: Cause
    paths: tuple[str, ...] = ()
    path: str | None = None
    how: str | None = None
    commit: str | None = None
    author: str | None = None
    committed_at: datetime | None = None
    subject: str | None = None


BETTER = {
    Status.ABSENT: 0,
    Status.NOT_SEEN: 0,
    Status.UNKNOWN: 0,
    Status.PARTIAL: 1,
    Status.PRESENT: 2,
    Status.ATTESTED: 2,
}
"""How much of a practice a status says is there; what does not apply is on no scale."""


class Direction(StrEnum):
    """Which way a status moved, as far as that can be said."""

    DOWN = "down"
    """A practice, or a part of it, went."""
    UP = "up"
    """A practice, or more of it, came."""
    SIGHT = "sight"
    """It came into sight or left it: what is there may be the same."""
    RULES = "rules"
    """It was judged anew, by other rules."""
    SCOPE = "scope"
    """It is asked for in another way: it applies now or no longer, or a gap became a question."""


def direction(was: Status, now: Status, cause: Cause | None) -> Direction:
    """Which way a status moved; other rules and other sight are never taken for progress or loss. ``None``: nobody noted a cause."""
    if cause is Cause.RULES:
        return Direction.RULES
    if cause is Cause.SIGHT or Status.UNKNOWN in (was, now):
        return Direction.SIGHT
    if was in BETTER and now in BETTER and BETTER[was] != BETTER[now]:
        return Direction.UP if BETTER[now] > BETTER[was] else Direction.DOWN
    return Direction.SCOPE


@dataclass(frozen=True, slots=True)
class Judged:
    """As much of an assessment as it takes to compare it with a later one."""

    commit: str
    catalogue: str
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, assessment: Assessment) -> Judged:
        """That much of an assessment."""
        return cls(assessment.commit, assessment.catalogue, assessment.findings)


def changes(before: Judged, after: Judged) -> tuple[Change, ...]:
    """The practices of one repository whose status differs between two looks, in the order of the later one."""
    earlier = {finding.practice: finding for finding in before.findings}
    return tuple(
        _change(earlier[finding.practice], finding, before, after)
        for finding in after.findings
        if finding.practice in earlier and earlier[finding.practice].status is not finding.status
    )


def _change(was: Finding, now: Finding, before: Judged, after: Judged) -> Change:
    paths = _paths(was, now)
    return Change(now.practice, was.status, now.status, _cause(was, now, before, after, paths), paths)


def _cause(was: Finding, now: Finding, before: Judged, after: Judged, paths: Sequence[str]) -> Cause:
    if before.catalogue != after.catalogue:
        return Cause.RULES
    if Status.UNKNOWN in (was.status, now.status):
        return Cause.SIGHT
    told = (now if _rose(was.status, now.status) else was).evidence
    if told and all(evidence.path is None for evidence in told):
        return Cause.SETTING
    if before.commit != after.commit:
        return Cause.COMMIT
    # The same commit: only what GitHub says can have changed, or how long ago the commit is.
    return Cause.SETTING if paths or told else Cause.TIME


def _rose(was: Status, now: Status) -> bool:
    return BETTER.get(now, 0) > BETTER.get(was, 0)


def _paths(was: Finding, now: Finding) -> tuple[str, ...]:
    """The files that show it, of the side on which there is more to show first, and of them those that the other side does not have."""
    sides = (now, was) if _rose(was.status, now.status) else (was, now)
    shown = [[evidence.path for evidence in side.evidence if evidence.path] for side in sides]
    only = [path for path in shown[0] if path not in shown[1]]
    return tuple(dict.fromkeys([*only, *shown[0], *shown[1]]))


_UNTOLD = {
    Cause.COMMIT: "a change of its files",
    Cause.SETTING: "a setting, a run or an environment on GitHub changed",
    Cause.SIGHT: "more or less of it could be seen than before",
    Cause.RULES: "other rules judge it now",
    Cause.TIME: "no file changed, time went by",
}
"""The causes in words, where nothing more is known."""


def why(
    move: Any,
    url: str | None,
    *,
    plain: Callable[[str], str],
    code: Callable[[str], str],
    link: Callable[[str, str | None], str],
) -> str:
    """Why a status moved, as the end of a sentence in Markdown.

    ``move`` has the attributes of a :class:`Change`, any of which may be missing or not a number, as in a row of the store's; ``url`` is the
    repository's. What comes from elsewhere goes through ``plain`` and ``code``; ``link`` gets a label in Markdown and an address, if any.
    """
    cause = _text(move.cause)
    if cause is None:
        return "no cause was noted"
    commit, path = _text(move.commit), _text(move.path)
    if commit is None:
        return _UNTOLD[Cause(cause)] + (f" ({code(path)})" if path else "")
    said = f"commit {link(code(commit[:8]), f'{url}/commit/{commit}' if url else None)}"
    if isinstance(move.committed_at, datetime) and move.committed_at == move.committed_at:
        said += f" of {move.committed_at.day} {move.committed_at:%B %Y}"
    if author := _text(move.author):
        said += f" by {plain(author)}"
    if path:
        said += f" {_text(move.how) or 'changed'} {code(path)}"
    subject = _text(move.subject)
    return f"{said}: “{plain(subject)}”" if subject else said


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
