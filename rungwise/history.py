"""A repository as it stood at the end of each of the last weeks, and which commit moved what.

Whoever can look at a repository's past hands over a :class:`Timeline`; this judges it. Nothing is opened or fetched here.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Protocol

from rungwise.assess import assess, on_another_day, week_of
from rungwise.catalogue import Catalogue
from rungwise.causes import Cause, Change, Judged, changes
from rungwise.model import Assessment, Signal, Snapshot, Status
from rungwise.seen import Recall

Weeks = Sequence[tuple[str, datetime]]
"""ISO weeks, oldest first, each with its last moment."""


class Deed(Protocol):
    """What a commit did, and to which file where it was one."""

    @property
    def commit(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def committed_at(self) -> datetime: ...
    @property
    def subject(self) -> str: ...
    @property
    def path(self) -> str | None: ...
    @property
    def how(self) -> str | None: ...


class Branch(Protocol):
    """Where a branch stood, and who moved it."""

    def at(self, moment: datetime) -> str | None:
        """The commit that it stood at just before a moment; ``None`` where it was not there, or that is not known."""

    def between(self, after: str, until: str) -> list[str]:
        """The commits after one and up to another, oldest first."""

    def touched(self, after: str, until: str, paths: Sequence[str]) -> Deed | None:
        """Which commit after one and up to another did something to one of the files."""

    def made(self, commit: str) -> Deed:
        """Who made a commit."""


class Timeline(Protocol):
    """A repository that can be looked at as it is (``now``) and as it was at any commit of its ``branch`` (``None``: it has none)."""

    @property
    def now(self) -> Snapshot: ...
    @property
    def branch(self) -> Branch | None: ...
    @property
    def look(self) -> Callable[[str], Snapshot | None]:
        """What is known of an earlier commit; ``None`` where it could not be looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """One repository in one week, with why it moved since its week before."""

    assessment: Assessment
    snapshot: Snapshot
    changes: tuple[Change, ...] = ()


def weeks_until(now: datetime, count: int) -> list[tuple[str, datetime]]:
    """The last so many ISO weeks, oldest first, each with its last moment; that of the current one is now."""
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), UTC)
    ends = [monday - timedelta(weeks=back, seconds=1) for back in range(count - 2, -1, -1)]
    return [(week_of(end), end) for end in [*ends, now]]


def looks_over_time(
    timeline: Timeline,
    weeks: Weeks,
    catalogue: Catalogue,
    *,
    stored: Collection[str] = (),
    before: Callable[[str], Judged | None] = lambda week: None,
) -> Iterator[Look]:
    """A repository as it stood at the end of each week, oldest first, and why it moved.

    The last week is now. There is none for the weeks before there was anything, or anything is known, nor for those of ``stored``, which
    stand as they are. ``before`` tells how it was judged last before a week, where that is not one of these weeks.
    """
    seen: dict[Signal, Signal] = {}
    given: tuple[Signal, ...] = ()
    same: dict[int, Signal] = {}
    recall = Recall()

    def kept(snapshot: Snapshot) -> Snapshot:
        # Most of what is seen is seen in every week: kept once, a hundred weeks take little more memory than one. What was given last time is known
        # by its id, for as long as it is held.
        nonlocal given, same
        signals = tuple([same.get(id(signal)) or seen.setdefault(signal, signal) for signal in snapshot.signals])
        given, same = snapshot.signals, dict(zip(map(id, snapshot.signals), signals, strict=True))
        return replace(snapshot, signals=signals)

    @cache
    def at(commit: str) -> Assessment | None:
        found = timeline.look(commit)
        return assess(found, catalogue, recall=recall) if found else None

    looked: Snapshot | None = None
    last: Look | None = None
    earlier: Judged | None = None
    for week, end, commit in _where(timeline, weeks):
        now = end == weeks[-1][1]
        if week in stored and not now:
            last = earlier = None
            continue
        raw = timeline.now if now else looked if looked and looked.commit == commit else timeline.look(commit)
        if raw is None:
            continue
        if last and raw is looked:
            found = Look(on_another_day(last.assessment, last.snapshot, catalogue, end, recall), last.snapshot)
        else:
            snapshot = kept(raw)
            found = Look(assess(snapshot, catalogue, as_of=end, recall=recall), snapshot)
        looked = raw
        judged = Judged.of(found.assessment)
        earlier = earlier or before(week)
        if earlier:
            because = (_by_whom(change, earlier, judged, timeline.branch, at) for change in changes(earlier, judged))
            found = replace(found, changes=tuple(because))
        last, earlier = found, judged
        yield found


def _where(timeline: Timeline, weeks: Weeks) -> Iterator[tuple[str, datetime, str]]:
    """The weeks in which there was something, each with where the branch stood at its end."""
    for week, end in weeks:
        if end == weeks[-1][1]:
            yield week, end, timeline.now.commit
        elif timeline.branch and (commit := timeline.branch.at(end)):
            yield week, end, commit


def _by_whom(
    change: Change, before: Judged, now: Judged, branch: Branch | None, at: Callable[[str], Assessment | None]
) -> Change:
    """The change with the commit behind it: the one that touched its file, or else the first one after which it is judged as it is now."""
    if change.cause is not Cause.COMMIT or branch is None:
        return change
    found = branch.touched(before.commit, now.commit, change.paths)
    if found is None and (commits := branch.between(before.commit, now.commit)):
        try:
            found = branch.made(commits[bisect_left(commits[:-1], True, key=lambda commit: _moved(at(commit), change))])
        except LookupError:
            return change
    if found is None:
        return change
    return replace(
        change,
        commit=found.commit, author=found.author, committed_at=found.committed_at, subject=found.subject, path=found.path, how=found.how,
    )  # fmt: skip


def _moved(assessment: Assessment | None, change: Change) -> bool:
    """Whether the status was another one already. Raises ``LookupError`` where that commit could not be looked at."""
    if assessment is None:
        raise LookupError
    return _status(assessment, change.practice) is not change.was


def _status(assessment: Assessment, practice: str) -> Status | None:
    return next((finding.status for finding in assessment.findings if finding.practice == practice), None)
