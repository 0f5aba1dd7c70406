"""A repository's past weeks: a clone that reaches back far enough, without blobs but for those that are looked at, all fetched at once.

What GitHub itself tells (rules, environments, security settings) it tells of today only. Of the past it is unknown, whatever it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from collectors.git import GitError, Repository
from collectors.github import settings
from collectors.github.carrying import shown_as
from collectors.github.client import Client
from collectors.github.clones import ALL, REST, CloneFailed, Cloner, since
from collectors.github.errors import Refused
from collectors.github.listing import COMMIT, Listed
from collectors.local import Collector
from collectors.past import Move, Past, Timeline
from rungwise.model import Signal, SignalKind, Snapshot

A_YEAR = timedelta(days=365)
"""How much of the time before a commit is asked for: which of its files were there a year ago, who worked on it lately."""
REACH = 2 * A_YEAR
"""How far the clone goes back beyond the first week, so that most branches that were quiet then need no second fetch."""
FEW_COMMITS, FEW_DAYS = 100, 3
"""A branch with fewer commits, or days with any, in all that was fetched has a history that is worth having as a whole."""
PAGES_OF_MOVES = 10
"""A hundred moves to a page."""
NO_RECORD = "GitHub keeps no record of the past"
_STAYS = ("id", "default-branch", "fork")
"""Settings that say what a repository is rather than how it is set."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A clone that goes back as far as it has to, and where the branch stood at the moments that were asked for, oldest first."""

    path: Path
    branch: Past
    commits: tuple[str, ...]


def reach_back(
    client: Client, cloner: Cloner, collector: Collector, listed: Listed, name: str, moments: Sequence[datetime], now: datetime
) -> Reached:
    """Fetch what it takes to look at a repository at some moments, oldest first, and now.

    ``name`` is the one that git finds it under. Raises :class:`CloneFailed`.
    """
    assert listed.head is not None
    head = listed.head
    moves = read_moves(client, listed, name, moments[0])
    start = moments[0] - REACH
    # Nothing at all would come of a branch that is older than what is asked for.
    quiet = listed.committed_at is None or listed.committed_at < start + A_YEAR
    reach = ALL if quiet else since(start)
    path = cloner.start(name, head, reach)
    with cloner.keeping(path):
        branch = Past(Repository(path), head, now, moves)
        if _too_short(Repository(path), branch, moments[0], start):
            cloner.add(path, head, REST)
        _fetch_left_behind(cloner, path, moves, moments, reach)
        branch = Past(Repository(path), head, now, moves)
        commits = tuple(dict.fromkeys(commit for moment in moments if (commit := branch.at(moment))))

        def wanted(repository: Repository) -> list[str]:
            return [blob for commit in (*commits, head) for blob in collector.wanted_blobs(repository, commit)]

        cloner.complete(path, wanted)
    return Reached(path, branch, commits)


def _too_short(repository: Repository, branch: Past, first: datetime, start: datetime) -> bool:
    """Whether what lies before the clone's beginning could change what is said of the first moment."""
    if not repository.shallow:
        return False
    commit = branch.at(first)
    if commit is None:
        return True
    when = repository.committed_at(commit)
    activity = {signal.name: int(signal.value) for signal in repository.activity(commit, when) if signal.value.isdecimal()}
    return when - A_YEAR < start or activity["commits"] < FEW_COMMITS or activity["commit-days"] < FEW_DAYS


def _fetch_left_behind(
    cloner: Cloner, path: Path, moves: Sequence[Move], moments: Sequence[datetime], reach: Sequence[str]
) -> None:
    """Commits that the branch stood at once and has left behind by a forced push; GitHub keeps most of them."""
    git = Repository(path).git
    stood = (next((move.after for move in reversed(moves) if move.moment < moment), None) for moment in moments)
    for commit in dict.fromkeys(stood):
        if commit and commit not in git:
            with suppress(CloneFailed):
                cloner.add(path, commit, reach)


def read_moves(client: Client, listed: Listed, name: str, back_to: datetime) -> tuple[Move, ...]:
    """The moves of the default branch by GitHub's activity feed, oldest first, up to the one to the listed head.

    None where the feed cannot be read or does not know that head: then commits' own dates have to do.
    """
    found: list[Move] = []
    with suppress(Refused):
        for number, page in enumerate(client.pages(f"/repos/{quote(name)}/activity", ref=f"refs/heads/{listed.branch}"), 1):
            found += filter(None, map(_move, page))
            if number == PAGES_OF_MOVES or (found and found[-1].moment < back_to):
                break
    found.sort(key=lambda move: move.moment)
    heads = [number for number, move in enumerate(found, 1) if move.after == listed.head]
    return tuple(found[: heads[-1]]) if heads else ()


def _move(told: object) -> Move | None:
    if not isinstance(told, dict) or not (after := _commit(told.get("after"))):
        return None
    try:
        return Move(datetime.fromisoformat(str(told["timestamp"])).astimezone(UTC), _commit(told.get("before")), after)
    except (KeyError, ValueError):
        return None


def _commit(told: object) -> str | None:
    """A commit's id; GitHub tells zeros where a branch was not there."""
    return told if isinstance(told, str) and COMMIT.fullmatch(told) and set(told) != {"0"} else None


def timeline(cloner: Cloner, collector: Collector, reached: Reached, now: Snapshot) -> Timeline:
    """What was reached, to be looked at for as long as the clone is there. ``now`` is how it is today, with GitHub's settings."""
    repository = Repository(reached.path)
    complete = {*reached.commits, now.commit}
    unknown = of_the_past(now.signals)

    def look(commit: str) -> Snapshot | None:
        try:
            if commit not in complete:
                cloner.complete(reached.path, lambda found: collector.wanted_blobs(found, commit))
                complete.add(commit)
            activity = _activity(repository, commit)
            found = collector.look(repository, now.repository, commit, host=now.host, activity=activity)
        except (CloneFailed, GitError):
            return None
        return replace(found, signals=found.signals + unknown)

    return Timeline(now, reached.branch, look)


def _activity(repository: Repository, commit: str) -> tuple[Signal, ...]:
    """The activity as of a commit. Where the clone was cut off it was so at a point that changes nothing of what follows from it."""
    found = repository.activity(commit, repository.committed_at(commit))
    if not repository.shallow:
        return found
    kept = tuple(signal for signal in found if signal.name not in ("shallow", "first-commit", "more"))
    return (*kept, Signal(SignalKind.ACTIVITY, "more", "true"))


def of_the_past(now: Sequence[Signal]) -> tuple[Signal, ...]:
    """What is known of GitHub's settings in the past: that there is no record of those of today."""
    stays = [signal for signal in now if signal.kind is SignalKind.SETTING and signal.name in _STAYS]
    unknown = {what for signal in now for what in shown_as(signal)} - {*_STAYS, settings.ACTIVITY}
    return (*stays, *(settings.unread(name, NO_RECORD) for name in sorted(unknown)))
