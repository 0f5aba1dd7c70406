"""Local clones, judged as they are and as they were, here or in processes of their own. With the command line the only place that knows
both the collectors and the judgement.
"""

from __future__ import annotations

import atexit
import gc
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from collectors.git import GitError, Repository
from collectors.local import Collector
from collectors.past import Past, Timeline
from collectors.processes import Processes, cores, serve
from rungwise import own_practices
from rungwise.assess import everything_wanted, week_of
from rungwise.catalogue import Catalogue
from rungwise.causes import Judged
from rungwise.history import Look, Weeks, looks_over_time
from rungwise.model import Snapshot

_PROGRAM = "from rungwise.clones import answer; answer()"
FEW, FEW_OVER_TIME = 12, 4
"""Fewer clones, looked at once or over time, are judged sooner than processes have started that could do it."""
_AHEAD = 2
"""How many clones, for each process, are judged before it is their turn."""
_TOGETHER = 100
"""How many are asked for together of how they were judged before."""


@dataclass(frozen=True, slots=True)
class Target:
    """One repository to look at, with the name it goes by."""

    repository: Repository
    name: str
    host: str | None


def collector_for(catalogue: Catalogue, *, over_time: bool = False) -> Collector:
    """What looks at repositories for all that a catalogue wants, once each or as they were ``over_time``."""
    collector = Collector(everything_wanted(catalogue), over_time=over_time)
    if not gc.get_freeze_count():
        # Modules, rules and patterns stay to the end. Looking through them for garbage again and again takes a tenth of the time.
        gc.freeze()
        # Neither is there much in what one look makes and the next one takes over.
        gc.set_threshold(50_000)
        # At the end all of it has to go in order: libraries complain on stderr about what is left.
        atexit.register(gc.unfreeze)
    return collector


def look_at(collector: Collector, target: Target, at: str | None) -> Snapshot:
    """What is seen of a clone at a commit, or at HEAD."""
    if target.repository.empty:
        return Snapshot(target.name, "", datetime.now(UTC), (), target.host, ("There is no commit yet.",))
    return collector.look(target.repository, target.name, target.repository.commit(at), host=target.host)


def timeline_of(collector: Collector, target: Target, now: datetime, head: str | None = None) -> Timeline:
    """A local clone that can be looked at over time, up to a commit (else HEAD)."""
    snapshot = look_at(collector, target, head)

    def look(commit: str) -> Snapshot:
        return snapshot if commit == snapshot.commit else look_at(collector, target, commit)

    return Timeline(snapshot, Past(target.repository, snapshot.commit, now) if snapshot.commit else None, look)


@dataclass(frozen=True, slots=True)
class Span:
    """The weeks that are judged; ``as_of`` whether the last of them ended at a moment of the past."""

    weeks: Weeks
    as_of: bool

    @property
    def until(self) -> datetime:
        """The last moment that is judged."""
        return self.weeks[-1][1]


@dataclass(frozen=True, slots=True)
class Told:
    """What was found out about a clone: a look at each week, and sentences about what could not be seen."""

    looks: tuple[Look, ...] = ()
    problems: tuple[str, ...] = ()


def judge(collector: Collector, catalogue: Catalogue, target: Target, span: Span, before: Judged | None) -> Told:
    """A clone over time; ``before`` is how it was judged last before these weeks. Raises :class:`GitError`."""
    head = None
    if span.as_of:
        head = _stood_at(target, span.until)
        if head is None:
            return Told()
    timeline = timeline_of(collector, target, span.until, head)
    problems = [f"{target.name}: {sentence}" for sentence in timeline.now.incomplete]
    problems += _shallow(target, timeline.branch, span.weeks)
    looks = tuple(looks_over_time(timeline, span.weeks, catalogue, before=lambda week: before))
    target.repository.forget()
    return Told(looks, tuple(problems))


def _stood_at(target: Target, moment: datetime) -> str | None:
    """The commit that it stood at; ``None`` where there was none yet."""
    if target.repository.empty:
        return None
    return Past(target.repository, target.repository.commit(), datetime.now(UTC)).at(moment)


def _shallow(target: Target, branch: Past | None, weeks: Weeks) -> list[str]:
    if len(weeks) == 1 or branch is None or branch.complete or branch.since is None or branch.since <= weeks[0][1]:
        return []
    return [
        f"{target.name} is a shallow clone: its history begins in {week_of(branch.since)}, and earlier weeks were left out. "
        "Fetch the rest with git fetch --unshallow."
    ]


def judge_all(
    targets: Sequence[Target], span: Span, catalogue: Catalogue, before: Callable[[Sequence[str]], Mapping[str, Judged]]
) -> Iterator[tuple[Target, Told | GitError]]:
    """Clones over time, in their order: here, or where there are more than a few on all processors.

    ``before`` tells by name how repositories were judged last before these weeks.
    """
    over_time = len(span.weeks) > 1
    count = min(cores(), len(targets))
    if count < 2 or len(targets) < (FEW_OVER_TIME if over_time else FEW):
        collector = collector_for(catalogue, over_time=over_time)
        for target, last in _with_last(targets, before):
            try:
                told: Told | GitError = judge(collector, catalogue, target, span, last)
            except GitError as error:
                told = error
            yield target, told
        return
    processes = Processes(_PROGRAM, (catalogue.folder, over_time), count, GitError)
    try:
        asked = (
            (target, processes.ask((target.repository.path, target.name, target.host, span, last)))
            for target, last in _with_last(targets, before)
        )
        waiting = deque(islice(asked, _AHEAD * count))
        while waiting:
            target, answer = waiting.popleft()
            waiting.extend(islice(asked, 1))
            yield target, _answer(answer)
    finally:
        processes.close()


def _with_last(
    targets: Sequence[Target], before: Callable[[Sequence[str]], Mapping[str, Judged]]
) -> Iterator[tuple[Target, Judged | None]]:
    for start in range(0, len(targets), _TOGETHER):
        some = targets[start : start + _TOGETHER]
        last = before(sorted(target.name for target in some))
        for target in some:
            yield target, last.get(target.name)


def _answer(coming: Future[Told]) -> Told | GitError:
    try:
        return coming.result()
    except GitError as error:
        return error


def answer() -> None:
    """In such a process: judge one clone after the other, until nobody asks any more."""
    serve(_judging, GitError)


def _judging(told: tuple[Path | None, bool]) -> Callable[[tuple[Any, ...]], Told]:
    folder, over_time = told
    catalogue = own_practices.load(folder)
    collector = collector_for(catalogue, over_time=over_time)

    def judge_one(asked: tuple[Any, ...]) -> Told:
        path, name, host, span, before = asked
        return judge(collector, catalogue, Target(Repository(path), name, host), span, before)

    return judge_one
