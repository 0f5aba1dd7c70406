"""What is to be remembered of one week, as tables that DuckDB can take in at once."""

from __future__ import annotations

import hashlib
import json
import marshal
import string
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, chain
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc

from rungwise.causes import Change
from rungwise.model import Assessment, Evidence, Place, Signal, SignalKind, Snapshot
from rungwise.store.schema import CAUSES, FORGOTTEN, OPEN, STATES, STATUSES
from rungwise.teams import Owner, Target

_STATUS_CODES = {status: code for code, status in enumerate(STATUSES)}
_STATE_CODES = {state: code for code, state in enumerate(STATES)}
_CAUSE_CODES = {cause: code for code, cause in enumerate(CAUSES)}
_PLAIN = frozenset(f"{string.ascii_letters}{string.digits}/_.-~")
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=str).encode


_Place = tuple[str | None, int | None, str | None, str | None]


class _Findings(NamedTuple):
    """The findings of a repository, column by column. They are many and lie all over the memory: each is visited once, and never again."""

    practices: tuple[str, ...]
    stages: bytes
    statuses: bytes
    components: tuple[str, ...]
    reasons: tuple[str, ...]
    looked_for: tuple[str, ...]


_of_finding = attrgetter("practice", "stage", "status", "component", "reason", "looked_for", "evidence")


@dataclass(frozen=True, slots=True)
class Entry:
    """One repository of a run. The last four are digests: of everything, and of three parts that seldom change together.

    ``told`` is what findings say, ``seen`` the signals, ``known`` the profile with facts, owner and target. ``places`` is the evidence
    of each finding as it is stored, ``findings`` the rest of them.
    """

    name: str
    assessment: Assessment
    snapshot: Snapshot
    owner: Owner | None
    target: Target | None
    findings: _Findings
    places: tuple[tuple[_Place, ...], ...]
    all: int
    told: int
    seen: int
    known: int


@dataclass(frozen=True, slots=True)
class Anew:
    """The repositories of which one part differs from what is stored for the week; ``any`` are those with another digest of any part."""

    told: frozenset[str]
    seen: frozenset[str]
    known: frozenset[str]
    any: frozenset[str]


def entry(assessment: Assessment, snapshot: Snapshot, owner: Owner | None, target: Target | None) -> Entry:
    """One repository with its digests; ``ValueError`` where one practice was judged twice."""
    columns = tuple(zip(*map(_of_finding, assessment.findings), strict=True)) or ((),) * 7
    practices, stages, statuses, components, reasons, looked_for, shown = columns
    if len(set(practices)) < len(practices):
        raise ValueError(f"{assessment.repository}: a practice was judged twice")
    codes = bytes(map(_STATUS_CODES.__getitem__, statuses))
    findings = _Findings(practices, bytes(stages), codes, components, reasons, looked_for)
    places = tuple(_places(evidence, assessment) if evidence else () for evidence in shown)
    told = _told(_digest_of, findings, places)
    # Signals that were read back from here come in another order, and each only once; they are the same all the same.
    seen = _digest(sorted(set(map(_shown, snapshot.signals))))
    known = _digest(
        [
            assessment.commit,
            snapshot.committed_at,
            assessment.url,
            assessment.kind,
            assessment.kind_reason,
            assessment.flags,
            [(component.path, component.kind) for component in assessment.components],
            sorted(assessment.facts.items()),
            _notes(snapshot),
            owner and (owner.team, owner.source),
            target and (target.stage, target.reason, target.source, target.review_on),
        ]
    )
    standing = assessment.standing
    everything = _digest_of(
        (
            told,
            seen,
            known,
            assessment.catalogue,
            (standing.holds, standing.of, standing.at_least, standing.could_be, standing.next and int(standing.next)),
            [(int(stage.stage), _STATE_CODES[stage.state], stage.coverage, stage.confidence) for stage in standing.stages],
            list(findings.stages),
            list(findings.statuses),
        )
    )
    return Entry(
        clean(assessment.repository), assessment, snapshot, owner, target, findings, places, everything, told, seen, known
    )


_Shown = tuple[str, SignalKind, str, int, str, Place | None, tuple[tuple[str, str], ...]]


def _shown(signal: Signal) -> _Shown:
    """All that is stored of a signal."""
    return (signal.path or "", signal.kind, signal.name, signal.line or 0, signal.value, signal.place, signal.about)


def same_told(stored: int, entry: Entry) -> bool:
    """Whether a stored digest is that of what the findings say, in whichever way it was made."""
    if stored == FORGOTTEN:
        return False
    return stored == (entry.told if stored & _NEW else _told(_digest, entry.findings, entry.places) & ~_NEW)


def same_all(stored: int, entry: Entry) -> bool:
    """Whether a stored digest is that of everything, in whichever way it was made."""
    if stored & _NEW:
        return stored == entry.all
    assessment, standing = entry.assessment, entry.assessment.standing
    before = _digest(
        [
            _told(_digest, entry.findings, entry.places),
            entry.seen,
            entry.known,
            assessment.catalogue,
            (standing.holds, standing.of, standing.at_least, standing.could_be, standing.next),
            [(stage.stage, stage.state, stage.coverage, stage.confidence) for stage in standing.stages],
            [(finding.practice, finding.stage, finding.status) for finding in assessment.findings],
        ]
    )
    return stored == before & ~_NEW


def _told(digest: Callable[[Any], int], findings: _Findings, places: Sequence[tuple[_Place, ...]]) -> int:
    return digest(list(zip(findings.practices, findings.components, findings.reasons, findings.looked_for, places, strict=True)))


def tables(week: int, entries: Iterable[Entry], anew: Anew, changes: Mapping[str, Sequence[Change]]) -> dict[str, pa.Table]:
    """All rows of a week by the name of their table; texts and signals only of the repositories where they differ from what is stored."""
    batch = sorted(entries, key=lambda entry: entry.name)
    found = {
        "repository_rows": _repositories(batch, anew),
        "stage_rows": _stages(batch),
        "status_rows": _statuses(batch),
        "finding_rows": _findings([entry for entry in batch if entry.name in anew.told]),
        "fact_rows": _facts(batch),
        "owner_rows": _owners(batch),
        "target_rows": _targets(batch),
        "signal_rows": _signals([entry for entry in batch if entry.name in anew.seen]),
        "move_rows": _moves([(entry.name, change) for entry in batch for change in changes.get(entry.assessment.repository, ())]),
    }
    return {
        name: table.append_column("week", pa.repeat(pa.scalar(week, pa.int16()), table.num_rows)) for name, table in found.items()
    }


def signals_over_time(weeks: Iterable[tuple[int, Iterable[Entry]]]) -> pa.Table:
    """The signals of repositories, each with the weeks from and to which it was there; ``weeks`` are all that are known, oldest first.

    It is told by what comes and goes from one week to the next: most signals are the very same objects in all weeks.
    """
    rows: list[tuple[str, Signal, int, int]] = []
    last: dict[str, dict[int, Signal]] = {}
    since: dict[tuple[str, _Shown], tuple[Signal, int]] = {}
    count = Counter[tuple[str, _Shown]]()
    for week, entries in weeks:
        for entry in entries:
            before, now = (
                last.get(entry.name, {}),
                dict(zip(map(id, entry.snapshot.signals), entry.snapshot.signals, strict=True)),
            )
            for number in now.keys() - before.keys():
                key = entry.name, _shown(now[number])
                count[key] += 1
                since.setdefault(key, (now[number], week))
            for number in before.keys() - now.keys():
                key = entry.name, _shown(before[number])
                count[key] -= 1
                if not count[key]:
                    signal, start = since.pop(key)
                    rows.append((entry.name, signal, start, week))
            last[entry.name] = now
    rows += [(name, signal, start, OPEN) for (name, _), (signal, start) in since.items()]
    table = _signal_rows([name for name, *_ in rows], [signal for _, signal, *_ in rows])
    for column, place in (("from_week", 2), ("to_week", 3)):
        table = table.append_column(column, pa.array([row[place] for row in rows], pa.int16()))
    return table


def _repositories(batch: Sequence[Entry], anew: Anew) -> pa.Table:
    assessments = [entry.assessment for entry in batch]
    standings = [assessment.standing for assessment in assessments]
    components = [component for assessment in assessments for component in assessment.components]
    return pa.table(
        {
            "repository": _texts(entry.name for entry in batch),
            "commit": _texts(assessment.commit for assessment in assessments),
            "committed_at": pa.array([utc(entry.snapshot.committed_at) for entry in batch], pa.timestamp("us")),
            "url": _texts(assessment.url for assessment in assessments),
            "kind": _texts(assessment.kind for assessment in assessments),
            "kind_reason": _texts(assessment.kind_reason for assessment in assessments),
            "flags": _lists((a.flags for a in assessments), _texts(flag for a in assessments for flag in a.flags)),
            "components": _lists(
                (assessment.components for assessment in assessments),
                _structs(path=_texts(c.path for c in components), kind=_texts(c.kind for c in components)),
            ),
            "notes": _lists(
                (_notes(entry.snapshot) for entry in batch), _texts(note for entry in batch for note in _notes(entry.snapshot))
            ),
            "catalogue": _texts(assessment.catalogue for assessment in assessments),
            "holds": _small(standing.holds for standing in standings),
            "of": _small(standing.of for standing in standings),
            "at_least": _small(standing.at_least for standing in standings),
            "could_be": _small(standing.could_be for standing in standings),
            "next": _small(standing.next for standing in standings),
            "digest": pa.array([entry.all for entry in batch], pa.uint64()),
            "told": pa.array([entry.told for entry in batch], pa.uint64()),
            "seen": pa.array([entry.seen for entry in batch], pa.uint64()),
            "known": pa.array([entry.known for entry in batch], pa.uint64()),
            "told_anew": pa.array([entry.name in anew.told for entry in batch], pa.bool_()),
            "seen_anew": pa.array([entry.name in anew.seen for entry in batch], pa.bool_()),
            "known_anew": pa.array([entry.name in anew.known for entry in batch], pa.bool_()),
            "any_anew": pa.array([entry.name in anew.any for entry in batch], pa.bool_()),
        }
    )


def _stages(batch: Sequence[Entry]) -> pa.Table:
    rows = [(entry.name, stage) for entry in batch for stage in entry.assessment.standing.stages]
    return pa.table(
        {
            "repository": _repeated(name for name, _ in rows),
            "stage": _small(stage.stage for _, stage in rows),
            "state": _small(_STATE_CODES[stage.state] for _, stage in rows),
            "coverage": pa.array([stage.coverage for _, stage in rows], pa.float64()),
            "confidence": pa.array([stage.confidence for _, stage in rows], pa.float64()),
        }
    )


def _statuses(batch: Sequence[Entry]) -> pa.Table:
    return pa.table(
        {
            "repository": _each(batch),
            "practice": _repeated(chain.from_iterable(entry.findings.practices for entry in batch)),
            "stage": _bytes(entry.findings.stages for entry in batch),
            "status": _bytes(entry.findings.statuses for entry in batch),
        }
    )


def _findings(batch: Sequence[Entry]) -> pa.Table:
    places = list(chain.from_iterable(chain.from_iterable(entry.places for entry in batch)))
    paths, lines, commits, urls = zip(*places, strict=True) if places else ((), (), (), ())
    evidence = _structs(path=_texts(paths), line=pa.array(lines, pa.int32()), commit=_texts(commits), url=_texts(urls))
    return pa.table(
        {
            "repository": _each(batch),
            "practice": _repeated(chain.from_iterable(entry.findings.practices for entry in batch)),
            "component": _repeated(chain.from_iterable(entry.findings.components for entry in batch)),
            "reason": _texts(chain.from_iterable(entry.findings.reasons for entry in batch)),
            "looked_for": _repeated(chain.from_iterable(entry.findings.looked_for for entry in batch)),
            "evidence": _lists(chain.from_iterable(entry.places for entry in batch), evidence),
        }
    )


def _facts(batch: Sequence[Entry]) -> pa.Table:
    rows = [(entry.name, fact, holds) for entry in batch for fact, holds in entry.assessment.facts.items()]
    return pa.table(
        {
            "repository": _repeated(name for name, _, _ in rows),
            "fact": _repeated(fact for _, fact, _ in rows),
            "holds": pa.array([holds for _, _, holds in rows], pa.bool_()),
        }
    )


def _owners(batch: Sequence[Entry]) -> pa.Table:
    rows = [(entry.name, entry.owner) for entry in batch if entry.owner]
    return pa.table(
        {
            "repository": _texts(name for name, _ in rows),
            "team": _texts(owner.team for _, owner in rows),
            "source": _texts(owner.source for _, owner in rows),
        }
    )


def _targets(batch: Sequence[Entry]) -> pa.Table:
    rows = [(entry.name, entry.target) for entry in batch if entry.target]
    return pa.table(
        {
            "repository": _texts(name for name, _ in rows),
            "stage": _small(target.stage for _, target in rows),
            "reason": _texts(target.reason for _, target in rows),
            "source": _texts(target.source for _, target in rows),
            "review_on": pa.array([target.review_on for _, target in rows], pa.date32()),
        }
    )


def _moves(rows: Sequence[tuple[str, Change]]) -> pa.Table:
    moves = [change for _, change in rows]
    return pa.table(
        {
            "repository": _texts(name for name, _ in rows),
            "practice": _texts(change.practice for change in moves),
            "was": _small(_STATUS_CODES[change.was] for change in moves),
            "now": _small(_STATUS_CODES[change.now] for change in moves),
            "cause": _small(_CAUSE_CODES[change.cause] for change in moves),
            "path": _texts(change.path for change in moves),
            "how": _texts(change.how for change in moves),
            "commit": _texts(change.commit for change in moves),
            "author": _texts(change.author for change in moves),
            "committed_at": pa.array([change.committed_at and utc(change.committed_at) for change in moves], pa.timestamp("us")),
            "subject": _texts(change.subject for change in moves),
        }
    )


def _signals(batch: Sequence[Entry]) -> pa.Table:
    return _signal_rows(
        [entry.name for entry in batch for _ in entry.snapshot.signals],
        [signal for entry in batch for signal in entry.snapshot.signals],
    )


def _signal_rows(repositories: Sequence[str], signals: Sequence[Signal]) -> pa.Table:
    return pa.table(
        {
            "repository": _texts(repositories),
            "path": _texts(signal.path or "" for signal in signals),
            "kind": _texts(signal.kind for signal in signals),
            "name": _texts(signal.name for signal in signals),
            "line": pa.array([signal.line or 0 for signal in signals], pa.int32()),
            "value": _texts(signal.value for signal in signals),
            "place": _texts(signal.place for signal in signals),
            "about": _texts(_encode(signal.about) if signal.about else "" for signal in signals),
        }
    )


def _texts(values: Iterable[str | None]) -> pa.Array:
    column = list(values)
    try:
        return pa.array(column, pa.string())
    except UnicodeEncodeError:
        return pa.array([text and clean(text) for text in column], pa.string())


def _repeated(values: Iterable[str]) -> pa.Array:
    """Texts of which there are few different ones, each kept once: a fraction of the work, here and where they are joined."""
    column = list(values)
    places = {value: place for place, value in enumerate(dict.fromkeys(column))}
    return pa.DictionaryArray.from_arrays(pa.array(list(map(places.__getitem__, column)), pa.int32()), _texts(places))


def _each(batch: Sequence[Entry]) -> pa.Array:
    """The repository of each finding."""
    shapes = _lists((entry.places for entry in batch), pa.nulls(sum(len(entry.places) for entry in batch)))
    return pa.DictionaryArray.from_arrays(pc.list_parent_indices(shapes), _texts(entry.name for entry in batch))


def clean(text: str) -> str:
    """The text with what UTF-8 cannot hold written as an escape: files and their names hold lone surrogates at times."""
    return text.encode("utf-8", "backslashreplace").decode()


def _small(values: Iterable[int | None]) -> pa.Array:
    return pa.array(list(values), pa.uint8())


def _bytes(values: Iterable[bytes]) -> pa.Array:
    """Numbers below 256 that are bytes already."""
    joined = b"".join(values)
    return pa.Array.from_buffers(pa.uint8(), len(joined), [None, pa.py_buffer(joined)])


def _structs(**columns: pa.Array) -> pa.Array:
    return pa.StructArray.from_arrays(list(columns.values()), list(columns))


def _lists(shapes: Iterable[Sequence[object]], values: pa.Array) -> pa.Array:
    """A column of lists as long as the ``shapes``, filled with ``values`` in order."""
    offsets = list(accumulate(map(len, shapes), initial=0))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC without saying so: the store keeps no time zones."""
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _notes(snapshot: Snapshot) -> tuple[str, ...]:
    return (*snapshot.notes, *snapshot.incomplete)


def _places(shown: Sequence[Evidence], assessment: Assessment) -> tuple[_Place, ...]:
    """Path, line, commit and address of each as they are stored.

    Commit and address change every week although the place does not, so they are left out where the week's commit tells them.
    """
    commit, address = assessment.commit, assessment.url
    found: list[_Place] = []
    for evidence in shown:
        path, line, url = evidence.path, evidence.line, evidence.url
        if url is None:
            url = "" if address and path else None
        elif address and path:
            # Quoting is slow, and few paths need it.
            quoted = path if _PLAIN.issuperset(path) else quote(path)
            if url == f"{address}/blob/{evidence.commit}/{quoted}{f'#L{line}' if line else ''}":
                url = None
        found.append((path, line, None if evidence.commit == commit else evidence.commit, url))
    return tuple(found)


_NEW = 1
"""The bit that is set in every digest of findings, or of everything, that was made by :func:`_digest_of`, and in none that was made before."""


def _digest_of(content: Any) -> int:
    """A digest of texts, numbers and what is made of them. Its encoding copies texts as they are, which takes half as long as JSON."""
    return int.from_bytes(hashlib.blake2b(marshal.dumps(content, _PLAINLY), digest_size=8).digest(), "big") | _NEW


_PLAINLY = 2
"""The version of the format in which equal contents have equal bytes: later ones tell whether two texts are one and the same object."""


def _digest(content: Any) -> int:
    return int.from_bytes(hashlib.blake2b(_encode(content).encode(), digest_size=8).digest(), "big")
