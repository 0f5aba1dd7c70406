"""Collects an organisation: lists it, fetches what changed, looks at it, and hands over one repository after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count, islice
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from collectors.git import GitError, Repository
from collectors.github import settings
from collectors.github.carrying import carried, is_note, names_of, noted
from collectors.github.client import Client
from collectors.github.clones import NO_BLOBS, SMALL_BLOBS, CloneFailed, Cloner, Limits, TooLarge, size_of
from collectors.github.errors import Refused
from collectors.github.history import Reached, reach_back, timeline
from collectors.github.listing import (
    Detail,
    Listed,
    Lost,
    Organisation,
    Surroundings,
    ask_details,
    ask_rest,
    list_repositories,
    look_around,
    where_now,
    whereabouts,
)
from collectors.github.workflows import Workflows, list_workflows, listed_signals, why_unlisted, workflow_files
from collectors.local import Collector
from collectors.looking import Lookers
from collectors.past import Timeline
from collectors.processes import cores
from rungwise.model import Signal, SignalKind, Snapshot

ASKED_WHEN_CHANGED = (
    settings.CODE_SCANNING,
    settings.PROTECTED,
    "codeowners-errors",
    settings.REVIEWS,
    settings.ACTIVITY,
    settings.WORKFLOWS,
    settings.CODEOWNERS_OWNER,
)
"""Settings that are asked for only where the code has changed; an unchanged repository keeps the last answer."""


def worth_asking_again(silent: Collection[str]) -> bool:
    """Whether a repository has to be looked at anew although its head is known, for what GitHub did not answer the last time."""
    return not names_of(ASKED_WHEN_CHANGED).isdisjoint(silent)


SMALL_KB = 2_000
"""Up to so many kB it costs less to fetch files that nobody will read than to find out first which ones are wanted."""
FEW = 12
"""So many repositories are looked at sooner than a process has started that could do it meanwhile."""
_CLONE_ATTEMPTS = 2
_CLONE_PAUSE = 2.0
"""Seconds."""


class Outcome(StrEnum):
    """What became of one repository."""

    LOOKED = "looked"
    """Its contents were fetched and looked at."""
    UNCHANGED = "unchanged"
    """Its head is the known one: only its settings were looked at. See :func:`brought_up_to_date`."""
    SHOWN = "shown"
    """It has no contents that could be looked at (empty, disabled, too large); ``reason`` says which."""
    GONE = "gone"
    """It was there the last time and is not any more; ``reason`` says what is known about that."""
    FAILED = "failed"
    """``reason`` says why; what was known of it is still the best answer."""


@dataclass(frozen=True, slots=True)
class Collected:
    """One repository as it was collected.

    ``id`` is GitHub's own, which stays through renames and transfers; it is empty where not even that was told. ``snapshot`` is there where
    the outcome is LOOKED, SHOWN or FAILED, with GitHub's signals among its own. ``settings`` are the SETTING signals, and the UNREADABLE ones about
    settings, that GitHub told this time. ``reason`` is a sentence, or empty. ``past`` is there where the past was asked for, but only until the next
    repository is.
    """

    outcome: Outcome
    id: str
    name: str
    head: str | None
    settings: tuple[Signal, ...] = ()
    snapshot: Snapshot | None = None
    reason: str = ""
    past: Timeline | None = None


def brought_up_to_date(last: Snapshot | None, week: str, now: Collected) -> Snapshot | None:
    """What there is to judge of a repository now, with what was seen of it the last time, in ``week``, if it was seen before.

    An unchanged repository is what it was, with the name and the settings of today. Where GitHub did not answer, its last answer stands in. ``None``
    where there is nothing new: then the whole of the last look stands.
    """
    if last is None or now.outcome is Outcome.SHOWN:
        return now.snapshot
    if now.outcome is Outcome.FAILED:
        return None
    if now.outcome is Outcome.GONE:
        kept = [signal for signal in last.signals if signal not in now.settings]
        return replace(last, repository=now.name, signals=(*kept, *now.settings), notes=(*last.notes, now.reason))
    if now.snapshot is None:
        signals = settings.completed(_with_settings(last, now))
        return _with_notes(replace(last, repository=now.name, signals=carried(signals, last.signals, week)))
    return _with_notes(replace(now.snapshot, signals=carried(now.snapshot.signals, last.signals, week)))


def _with_notes(snapshot: Snapshot) -> Snapshot:
    kept = [note for note in snapshot.notes if not is_note(note) and not note.startswith(_GONE)]
    return replace(snapshot, notes=(*kept, *noted(snapshot.signals)))


def _with_settings(last: Snapshot, now: Collected) -> tuple[Signal, ...]:
    """The signals of the last look, with the settings of today in place of the ones of then."""
    asked = {signal.name for signal in now.settings if signal.kind is SignalKind.SETTING}
    asked |= {signal.value for signal in now.settings if signal.kind is SignalKind.UNREADABLE}
    kept = [signal for signal in last.signals if not _is_about_settings(signal) or _still_told(signal, asked)]
    return (*kept, *now.settings)


def _is_about_settings(signal: Signal) -> bool:
    return signal.kind is SignalKind.SETTING or (
        signal.kind is SignalKind.UNREADABLE and signal.path is None and bool(signal.value)
    )


def _still_told(signal: Signal, asked: set[str]) -> bool:
    name = signal.name if signal.kind is SignalKind.SETTING else signal.value
    return name in names_of(ASKED_WHEN_CHANGED) and name not in asked


def gone(client: Client, organisation: str, missed: Mapping[str, str]) -> Iterator[Collected]:
    """What became of repositories that were listed once and are not any more; ``missed`` are their names, by id."""
    for id_, name in whereabouts(client, list(missed)).items():
        told = (settings.setting("id", id_), settings.setting("gone", "true"))
        if name is None:
            yield Collected(
                Outcome.GONE, id_, missed[id_], None, told, None, f"{_GONE}: it was deleted, or hidden from this token."
            )
        elif name.split("/")[0].lower() != organisation.lower():
            yield Collected(Outcome.GONE, id_, missed[id_], None, told, None, f"{_GONE}: it was transferred to {name}.")
        else:
            yield Collected(Outcome.FAILED, id_, missed[id_], None, reason="GitHub did not list it, though it is there.")


_GONE = "It is not in the organisation any more"


def collect(
    client: Client,
    organisation: Organisation,
    collector: Collector,
    known_heads: Mapping[str, str],
    workdir: Path,
    *,
    known_workflows: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    workers: int = 4,
    processes: int | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
    moments: Callable[[str, str], Sequence[datetime]] = lambda id_, name: (),
) -> Iterator[Collected]:
    """Look at every repository of an organisation (see :func:`~collectors.github.listing.find_organisation`), each one once.

    ``known_heads`` holds the commit at which a repository was last looked at, by its id or its name; at the same head it is not fetched
    again. ``known_workflows`` holds by the same keys what its ``workflow-id`` signals said then, paths by ids. Clones live below
    ``workdir`` for as long as they are needed, fetched ``workers`` at a time, and looked at by so many ``processes`` beside this one (by default
    by as many as there are processors once there are more than a few, by none where there is one). A repository that cannot be collected is handed over as FAILED and
    the rest goes on. ``moments`` says for a repository, by its id and name, at which moments of the past, oldest first, it is to be
    looked at too; then it is fetched whether its head is known or not.

    Raises :class:`~collectors.github.errors.GitHubError` where nothing further can be collected; what came before stands.
    """
    cloner = Cloner(client.server, client.login, workdir, limits)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="clone")
    asking = ThreadPoolExecutor(workers, thread_name_prefix="ask")
    listing = ThreadPoolExecutor(1, thread_name_prefix="list")
    few = FEW if processes is None else 0
    processes = (cores() if cores() > 1 else 0) if processes is None else processes
    lookers = Lookers(collector.wanted, processes) if processes else None
    try:
        surroundings = look_around(client, organisation.login)
        run = _Run(client, collector, cloner, surroundings, known_heads, known_workflows, moments, asking, lookers, few)
        pages = _ahead(listing, map(run.asked_about, list_repositories(client, organisation.login)))
        with closing(_in_order(run, pool, pages, workers)) as found:
            for done, collected in enumerate(found, 1):
                progress(done, max(done, organisation.repositories))
                yield collected
    finally:
        cloner.stop()
        # The workers that fetch wait for what is asked meanwhile, so that has to go on until they have ended.
        for one in (listing, pool, asking):
            one.shutdown(wait=True, cancel_futures=True)
        if lookers:
            lookers.close()
        cloner.close()


T = TypeVar("T")


def _ahead(pool: ThreadPoolExecutor, found: Iterator[T]) -> Iterator[T]:
    """The same, each one sought in the pool's thread while the one before it is worked on."""
    coming = pool.submit(next, found, None)
    while (one := coming.result()) is not None:
        coming = pool.submit(next, found, None)
        yield one


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What a worker brought: a clone on disk, and what only REST tells."""

    path: Path
    settings: tuple[Signal, ...]
    name: str
    reached: Reached | None
    workflows: Mapping[str, str] | Refused
    """Paths by ids, or why they are not known."""
    looked: Future[Snapshot] | None
    """What a process sees in it; ``None`` where it is still to be looked at."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A repository on its way: to be fetched (``future``), or known already (``ready``)."""

    listed: Listed
    detail: Detail
    told: tuple[Signal, ...]
    future: Future[_Fetched]


@dataclass(frozen=True, slots=True)
class _Page:
    """Repositories in the order of the listing, and what only changes with the code, of those that are to be fetched, by id."""

    listed: Sequence[Listed | Lost]
    details: Mapping[str, Detail]


class _Run:
    def __init__(
        self,
        client: Client,
        collector: Collector,
        cloner: Cloner,
        surroundings: Surroundings,
        known_heads: Mapping[str, str],
        known_workflows: Mapping[str, Mapping[str, str]],
        moments: Callable[[str, str], Sequence[datetime]],
        asking: Executor,
        lookers: Lookers | None,
        few: int,
    ) -> None:
        self.asking, self.lookers, self.few = asking, lookers, few
        self.numbers = count(1)
        self.client, self.collector, self.cloner = client, collector, cloner
        self.surroundings, self.known_heads, self.known_workflows, self.moments = (
            surroundings,
            known_heads,
            known_workflows,
            moments,
        )
        self.now = datetime.fromtimestamp(client.governor.clock.now(), UTC)
        self.workflows = Workflows(client)

    def unchanged(self, listed: Listed) -> bool:
        """Whether its contents are known. They stay known of a repository that was disabled or grew too large since."""
        known = self.known_heads.get(listed.id) or self.known_heads.get(listed.name)
        return known is not None and known == listed.head

    def remembered(self, listed: Listed) -> Mapping[str, str]:
        """The workflows that it had the last time, paths by ids."""
        return self.known_workflows.get(listed.id) or self.known_workflows.get(listed.name) or {}

    def ask_about_workflows(self, first: _Job, waiting: Iterable[_Job | Collected], together: int) -> None:
        """See that the first one's workflows were asked about: if they were not, together with those of the next few, which are waited for."""
        if self.workflows.asked(_workflows_in(first.future)):
            return
        jobs = [first, *islice((one for one in waiting if isinstance(one, _Job)), together - 1)]
        wait([job.future for job in jobs])
        self.workflows.ask([id_ for job in jobs for id_ in _workflows_in(job.future)])

    def asked_about(self, page: Sequence[Listed | Lost]) -> _Page:
        """A page of the listing, with what is asked about its repositories at once."""
        listed = [one for one in page if isinstance(one, Listed)]
        self.workflows.ask([id_ for one in listed for id_ in self.remembered(one)])
        return _Page(page, ask_details(self.client, [one for one in listed if self.to_be_fetched(one)]))

    def to_be_fetched(self, listed: Listed) -> bool:
        if listed.empty or listed.disabled or self.too_large(listed):
            return False
        return not self.unchanged(listed) or bool(self.moments(listed.id, listed.name))

    def too_large(self, listed: Listed) -> bool:
        return listed.disk_kb > self.cloner.limits.listed_kb

    def told(self, listed: Listed) -> tuple[Signal, ...]:
        """The settings that come with the listing, without a request of the repository's own."""
        return (*listed.signals, *self.surroundings.of(listed.id))

    def without_contents(self, listed: Listed) -> Collected:
        """What there is to say about a repository that is not fetched."""
        told = self.told(listed)
        if self.unchanged(listed):
            running = self.workflows.signals(self.remembered(listed), listed.branch, listed.runs)
            return Collected(Outcome.UNCHANGED, listed.id, listed.name, listed.head, (*told, *running))
        if listed.disabled:
            return self._shown(listed, told, "GitHub has disabled or locked it.")
        if listed.empty:
            return self._shown(listed, told, "There is no commit yet.")
        return self._shown(listed, told, f"It takes {listed.disk_kb / 1e6:.0f} GB on GitHub, too much to be looked at.")

    def fetch(self, listed: Listed, detail: Detail) -> _Fetched:
        """In a worker: fetch the contents, have them looked at, and ask what only REST tells about this one repository."""
        # git waits for its own answers meanwhile.
        told = self.asking.submit(lambda: tuple(ask_rest(self.client, listed)))
        path, name, reached = self._clone(listed)
        try:
            self.client.governor.count(clones=1, cloned_bytes=size_of(path))
            looked = None if reached else self.looked_at_meanwhile(listed, detail, path, name)
            workflows = self._workflows_of(listed, path, name)
            return _Fetched(path, told.result(), name, reached, workflows, looked)
        except BaseException:
            self.cloner.discard(path)
            raise

    def looked_at_meanwhile(self, listed: Listed, detail: Detail, path: Path, name: str) -> Future[Snapshot] | None:
        """What a process will have seen in it, where processes look."""
        if self.lookers is None or next(self.numbers) <= self.few:
            return None
        assert listed.head is not None
        return self.lookers.look(path, name, listed.head, host=self.client.server.host, activity=detail.activity)

    def _clone(self, listed: Listed) -> tuple[Path, str, Reached | None]:
        name = listed.name
        for _ in range(_CLONE_ATTEMPTS):
            try:
                return self._clone_as(name, listed)
            except CloneFailed as failed:
                if failed.passing:
                    self.client.governor.count(retries=1)
                    self.client.governor.sleep(_CLONE_PAUSE, f"{name} could not be fetched")
                elif failed.gone:
                    now = where_now(self.client, listed)
                    if now is None:
                        raise CloneFailed("it was deleted, or hidden from this token, during the collection") from None
                    if now == name:
                        raise
                    name = now
                else:
                    raise
        return self._clone_as(name, listed)

    def _clone_as(self, name: str, listed: Listed) -> tuple[Path, str, Reached | None]:
        head, moments = listed.head, self.moments(listed.id, listed.name)
        assert head is not None
        if not moments:
            # GitHub counts the whole history, so that one commit of a small repository is smaller still.
            small = listed.disk_kb <= SMALL_KB

            def wanted(found: Repository) -> list[str]:
                # What is wanted takes longer to tell than that everything is there.
                if small and all(map(found.holds, (entry.oid for entry in found.tree(head).entries))):
                    return []
                return self.collector.wanted_blobs(found, head)

            return self.cloner.fetch(name, head, wanted, SMALL_BLOBS if small else NO_BLOBS), name, None
        reached = reach_back(self.client, self.cloner, self.collector, listed, name, moments, self.now)
        return reached.path, name, reached

    def _workflows_of(self, listed: Listed, path: Path, name: str) -> Mapping[str, str] | Refused:
        """Its workflows; GitHub is asked only where there is a file whose id is not known."""
        assert listed.head is not None
        files = workflow_files(entry.path for entry in Repository(path).tree(listed.head).entries)
        known = self.remembered(listed)
        if not files.issubset(known.values()):
            try:
                known = list_workflows(self.client, name)
            except Refused as refused:
                return refused
        return {id_: file for id_, file in known.items() if file in files}

    @contextmanager
    def finished(self, job: _Job) -> Iterator[Collected]:
        """In the caller's thread: look at what a worker brought, which is there for as long as the caller is within."""
        listed = job.listed
        try:
            fetched = job.future.result()
        except TooLarge as large:
            yield self._shown(listed, job.told, f"It is too large: {large}.")
            return
        except CloneFailed as failed:
            yield self._failed(listed, job.told, f"It could not be fetched: {failed}.")
            return
        except Refused as refused:
            yield self._failed(listed, job.told, f"GitHub refuses to tell about it: {refused}.")
            return
        try:
            yield self._looked(job, fetched)
        finally:
            try:
                self.asking.submit(self.cloner.discard, fetched.path)
            except RuntimeError:
                # The program ends, and takes no more work.
                self.cloner.discard(fetched.path)

    def _looked(self, job: _Job, fetched: _Fetched) -> Collected:
        try:
            return self._look(job, fetched)
        except GitError as error:
            return self._failed(job.listed, job.told, self.client.scrub(str(error)))

    def _look(self, job: _Job, fetched: _Fetched) -> Collected:
        listed = job.listed
        assert listed.head is not None
        if fetched.looked:
            snapshot = fetched.looked.result()
        else:
            host, activity = self.client.server.host, job.detail.activity
            snapshot = self.collector.look(Repository(fetched.path), fetched.name, listed.head, host=host, activity=activity)
        if isinstance(fetched.workflows, Refused):
            why = why_unlisted(fetched.workflows)
            running = [settings.unread(name, why) for name in (settings.WORKFLOWS, settings.WORKFLOW, settings.FAILING)]
        else:
            running = [*listed_signals(fetched.workflows), *self.workflows.signals(fetched.workflows, listed.branch, listed.runs)]
        told = settings.completed((*job.told, *job.detail.signals, *fetched.settings, *running))
        about_settings = tuple(signal for signal in told if signal.kind is not SignalKind.ACTIVITY)
        snapshot = replace(snapshot, signals=snapshot.signals + told)
        past = timeline(self.cloner, self.collector, fetched.reached, snapshot) if fetched.reached else None
        return Collected(Outcome.LOOKED, listed.id, fetched.name, listed.head, about_settings, snapshot, past=past)

    def _shown(self, listed: Listed, told: tuple[Signal, ...], reason: str) -> Collected:
        when = listed.committed_at or listed.seen_at
        # No commit, since none was looked at: once it can be, its head counts as new.
        snapshot = Snapshot(listed.name, "", when, told, self.client.server.host, (reason,))
        return Collected(Outcome.SHOWN, listed.id, listed.name, listed.head, told, snapshot, reason)

    def _failed(self, listed: Listed, told: tuple[Signal, ...], reason: str) -> Collected:
        reason = " ".join(reason.split())
        return replace(self._shown(listed, told, reason), outcome=Outcome.FAILED)


def _workflows_in(future: Future[_Fetched]) -> Collection[str]:
    """The ids of the workflows that a worker brought, once it has come to its end."""
    if future.exception() is not None:
        return ()
    found = future.result().workflows
    return () if isinstance(found, Refused) else found.keys()


def _in_order(run: _Run, pool: ThreadPoolExecutor, pages: Iterable[_Page], workers: int) -> Generator[Collected, None, None]:
    """Each repository once, in the order of the listing, with at most so many times ``workers`` fetched and not yet handed over."""
    waiting: deque[_Job | Collected] = deque()
    # One that takes long to look at holds up those after it, and the processes and workers should have enough to do meanwhile.
    ahead = (4 if run.lookers else 2) * workers

    def hand_over(most: int) -> Iterator[Collected]:
        while len(waiting) > most:
            one = waiting.popleft()
            if isinstance(one, Collected):
                yield one
                continue
            run.ask_about_workflows(one, waiting, workers)
            with run.finished(one) as collected:
                yield collected

    for page in pages:
        for one in page.listed:
            if isinstance(one, Lost):
                waiting.append(Collected(Outcome.FAILED, "", one.name, None, reason=one.reason))
            elif run.to_be_fetched(one):
                detail = page.details.get(one.id) or Detail.unanswered()
                waiting.append(_Job(one, detail, run.told(one), pool.submit(run.fetch, one, detail)))
            else:
                waiting.append(run.without_contents(one))
            yield from hand_over(ahead)
    yield from hand_over(0)
