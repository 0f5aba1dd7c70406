"""Where the default branch stood in past weeks, and which commit changed a file between two of them.

A branch's own history is that of its first parents. A commit's date is the committer's, which is wrong after a rebase and on machines whose
clock is wrong, so the dates are read in the order of the commits: none counts that lies before its parent's or after now. Where somebody took
note of each move of the branch, that counts instead.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import pygit2

from collectors.git import Repository
from rungwise.model import Snapshot

MOST_COMMITS = 100_000
"""How far back a branch is followed."""
MOST_SUBJECT = 120
"""Characters of a commit's first line that are kept."""

Touch = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Touched:
    """The commit that did something, and to which file where it was one; ``author`` and ``subject`` are what people wrote there."""

    commit: str
    author: str
    committed_at: datetime
    subject: str
    path: str | None
    how: Touch | None


@dataclass(frozen=True, slots=True)
class Move:
    """A branch was moved at a moment: from one commit (``None``: it was not there) to another."""

    moment: datetime
    before: str | None
    after: str


class Past:
    """The first parents of one commit, oldest first.

    ``complete`` is false where the clone does not reach back to the first commit: nothing is known of the time before ``since``. ``moves``
    are those of the branch that somebody took note of, oldest first, up to the one to this commit; there may have been more before them.
    """

    def __init__(self, repository: Repository, commit: str, now: datetime, moves: Sequence[Move] = ()) -> None:
        self._git = repository.git
        self._moves = tuple(moves)
        found: list[tuple[str, int]] = []
        self.complete = False
        with suppress(KeyError, pygit2.GitError, ValueError):
            at: pygit2.Commit = self._git[commit].peel(pygit2.Commit)
            while True:
                found.append((str(at.id), at.commit_time))
                if not at.parent_ids:
                    self.complete = not repository.shallow
                    break
                if len(found) == MOST_COMMITS:
                    break
                at = self._git[at.parent_ids[0]].peel(pygit2.Commit)
        found.reverse()
        self._commits = [commit for commit, _ in found]
        self._dates = _in_order([date for _, date in found], int(now.timestamp()))
        self._places = {each: number for number, each in enumerate(self._commits)}

    @property
    def since(self) -> datetime | None:
        """The date of the oldest commit that is known; ``None`` where there is none."""
        return datetime.fromtimestamp(self._dates[0], UTC) if self._dates else None

    def at(self, moment: datetime) -> str | None:
        """The commit that the branch stood at just before a moment; ``None`` where it was not there yet, or that is not known."""
        moved = next((move for move in reversed(self._moves) if move.moment < moment), None)
        if moved and moved.after in self._git:
            return moved.after
        place = bisect_left(self._dates, int(moment.timestamp()))
        if self._moves and not moved and (first := self._places.get(self._moves[0].before or "")) is not None:
            # What was committed by then and only pushed with the first move that is known was not on the branch yet.
            place = min(place, first + 1)
        return self._commits[place - 1] if place else None

    def between(self, after: str, until: str) -> list[str]:
        """The commits after one and up to another, oldest first; none where one of them is not in this history."""
        start, end = self._places.get(after), self._places.get(until)
        return [] if start is None or end is None else self._commits[start + 1 : end + 1]

    def touched(self, after: str, until: str, paths: Sequence[str]) -> Touched | None:
        """Which commit after one and up to another put one of the files there, took it away or changed it.

        The first path that anything happened to counts. ``None`` where nothing did, or where one of the commits is not in this history.
        """
        commits = [after, *self.between(after, until)]
        for path in paths:
            blobs = [self._blob(commit, path) for commit in commits]
            changes = [number for number in range(1, len(blobs)) if blobs[number] != blobs[number - 1]]
            if not changes:
                continue
            if blobs[0] is None and blobs[-1] is not None:
                how: Touch = "added"
                number = next(number for number in reversed(changes) if blobs[number - 1] is None)
            elif blobs[-1] is None:
                how, number = "removed", changes[-1]
            else:
                how, number = "changed", changes[-1]
            return self.made(commits[number], path, how)
        return None

    def _blob(self, commit: str, path: str) -> pygit2.Oid | None:
        try:
            return self._git[commit].peel(pygit2.Commit).tree[path].id
        except (KeyError, pygit2.GitError, ValueError):
            return None

    def made(self, commit: str, path: str | None = None, how: Touch | None = None) -> Touched:
        """Who made a commit of this history, and when."""
        found = self._git[commit].peel(pygit2.Commit)
        subject = _text(found.raw_message).strip().partition("\n")[0]
        date = datetime.fromtimestamp(self._dates[self._places[commit]], UTC)
        return Touched(commit, _text(found.author.raw_name), date, subject[:MOST_SUBJECT], path, how)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A repository that can be looked at as it is (``now``) and as it was at a commit of its ``branch`` (``None``: it has none)."""

    now: Snapshot
    branch: Past | None
    look: Callable[[str], Snapshot | None]
    """What is known of an earlier commit; ``None`` where it could not be looked at."""


def _in_order(dates: Sequence[int], now: int) -> list[int]:
    """The dates of commits, oldest commit first, so that none lies before another; one that lies in the future does not count."""
    ordered: list[int] = []
    last = None
    for date in dates:
        if last is None:
            # Nothing is known of when a first commit with an impossible date was made, except that it was before the next.
            last = date if 0 < date <= now else min((each for each in dates if 0 < each <= now), default=now)
        elif last < date <= now:
            last = date
        ordered.append(last)
    return ordered


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
