"""Remembers what one run found out: all of it or nothing."""

from __future__ import annotations

import gc
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType

import duckdb
import pyarrow as pa

from rungwise.causes import Change
from rungwise.model import Assessment, Snapshot, Status
from rungwise.store import generations, schema
from rungwise.store.identity import follow, identity_of
from rungwise.store.intervals import SPAN, set_week
from rungwise.store.quarters import close_quarter
from rungwise.store.rollups import roll_up
from rungwise.store.rows import Anew, Entry, clean, entry, same_all, same_told, signals_over_time, tables, utc
from rungwise.store.weeks import Week
from rungwise.teams import Ownership


@dataclass(frozen=True, slots=True)
class RunReceipt:
    """What a run was.

    ``incomplete`` holds a sentence for each thing that could not be collected, ``costs`` whatever JSON can hold. ``notes`` must
    not change from one run to the same run again (no times, say), or the second counts as news.
    """

    started: datetime
    finished: datetime
    source: str
    incomplete: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    costs: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recording changed: ``recorded`` are the repositories that are new or different in that week."""

    week: Week
    recorded: tuple[str, ...]
    unchanged: bool
    """Nothing at all differs from what was stored already, so nothing was written."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What one run found out about some repositories in one week. Every assessment needs its snapshot.

    Without a ``run`` it is a week judged again: each repository keeps the run that collected it. ``changes`` says for a repository why statuses
    moved since its week before. ``ownership`` is that of the week, where it is not the same for all that is recorded.
    """

    week: str
    assessments: Sequence[Assessment]
    snapshots: Sequence[Snapshot]
    run: RunReceipt | None
    changes: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    ownership: Ownership | None = None


def record(
    database: Path,
    week: str,
    assessments: Sequence[Assessment],
    snapshots: Sequence[Snapshot],
    ownership: Ownership,
    run: RunReceipt,
    changes: Mapping[str, Sequence[Change]] = MappingProxyType({}),
    asked: Collection[str] = (),
) -> Outcome:
    """Stores one run in the directory ``database``: :func:`record_weeks` for a single week."""
    [outcome] = record_weeks(database, [Looks(week, assessments, snapshots, run, changes)], ownership, asked)
    return outcome


def record_weeks(database: Path, looks: Sequence[Looks], ownership: Ownership, asked: Collection[str] = ()) -> list[Outcome]:
    """Stores what was found out about some weeks, all of it or nothing, in the directory ``database``, which is made where it is missing.

    The given repositories' rows of those weeks are replaced, everything else stays. Weeks may come in any order. Owners and targets
    are those of ``ownership``; a repository that is missing there has none. ``asked`` names what was looked for under the
    assessments' catalogue (:func:`rungwise.assess.names_wanted`).

    Raises :class:`StoreError` where a week does not exist or the database cannot be read or written; nothing has changed then.
    Raises ``ValueError`` where a repository comes twice in a week or without its snapshot.
    """
    with _without_collecting_garbage():
        return _record_weeks(database, looks, ownership, asked)


def record_receipt(database: Path, week: str, repositories: Collection[str], run: RunReceipt) -> None:
    """Stores what a run was that found nothing new of some repositories of a week; it counts as the one that collected them from then on.

    Nothing is stored where none of them is known in that week. Raises :class:`StoreError` as :func:`record_weeks` does.
    """
    number = Week.parse(week).id
    with generations.only_writer(database), generations.next_generation(database) as connection:
        names = {"week": number, "names": sorted(repositories)}
        collected = (
            "week_id = $week and repository_id in (select repository_id from repository where name in (select unnest($names)))"
        )
        run_id = _next_run(connection)
        connection.execute(
            f"""
            insert into run
            select $run, $week, $started, $finished, $source, max(catalogue_id), count(*), $incomplete, $notes, $receipt
            from repository_week where {collected} having count(*) > 0
            """,
            {"run": run_id, **names, **_told(run)},
        )
        connection.execute(
            f"update repository_week set run_id = $run where {collected} and $run in (select run_id from run)",
            {"run": run_id, **names},
        )


@contextmanager
def _without_collecting_garbage() -> Iterator[None]:
    """Millions of small rows are made and none of them refers back: looking for cycles among them takes a quarter of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _record_weeks(database: Path, looks: Sequence[Looks], ownership: Ownership, asked: Collection[str]) -> list[Outcome]:
    weeks = [
        _Weekly(Week.parse(one.week), _batch(one.assessments, one.snapshots, one.ownership or ownership), one) for one in looks
    ]
    generations.bring_forward(database)
    with generations.only_writer(database):
        if not generations.exists(database):
            pending = [weekly for weekly in weeks if weekly.batch]
        else:
            path, connection = generations.open_current(database)
            try:
                pending = [weekly for weekly in weeks if weekly.different(connection)]
            except duckdb.Error as error:
                raise generations.damaged(path, error) from error
            finally:
                connection.close()
        recorded: dict[int, tuple[str, ...]] = {}
        if pending:
            with generations.next_generation(database) as connection:
                close_quarter(connection, max(weekly.week.id for weekly in pending))
                if len(pending) > 1 and _are_new(connection, pending):
                    recorded = _write_past(connection, pending)
                else:
                    recorded = {weekly.week.id: weekly.write(connection) for weekly in pending}
                _remember_asked(connection, {a.catalogue for one in looks for a in one.assessments}, asked)
                roll_up(connection, [weekly.week.id for weekly in pending])
    return [Outcome(one.week, recorded.get(one.week.id, ()), unchanged=one not in pending) for one in weeks]


@dataclass(frozen=True, slots=True, eq=False)
class _Weekly:
    """One week's entries on their way into the database."""

    week: Week
    batch: list[Entry]
    looks: Looks

    def different(self, connection: duckdb.DuckDBPyConnection) -> bool:
        """Whether anything in that week is new or different, be it only what the run says of itself."""
        run = self.looks.run
        key = _run_key(run.source, run.incomplete, run.notes) if run else None
        return bool(self._differing(_known(connection, self.week), key))

    def _differing(self, known: Mapping[str, _Known], key: str | None = None) -> tuple[str, ...]:
        """The repositories that are new or different in that week; with a key, those of another run as well."""
        return tuple(sorted(e.name for e in self.batch if e.name not in known or not known[e.name].same(e, key)))

    def write(self, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        """Takes them in, in the transaction that is open; returns the repositories that are new or different."""
        follow(connection, _identities(self.batch))
        known = _known(connection, self.week)
        changed = self._differing(known)
        anew = self._anew(known)
        for name, table in tables(self.week.id, self.batch, anew, self.looks.changes).items():
            connection.register(name, table)
        _write(connection, self.week.id, self.looks.run, anew)
        return changed

    def _anew(self, known: Mapping[str, _Known]) -> Anew:
        batch = self.batch
        told = frozenset(e.name for e in batch if e.name not in known or not same_told(known[e.name].told, e))
        seen = frozenset(e.name for e in batch if e.name not in known or known[e.name].seen != e.seen)
        itself = frozenset(e.name for e in batch if e.name not in known or known[e.name].known != e.known)
        # What a digest says may be the same although it was made in another way; the new one is kept.
        others = frozenset(e.name for e in batch if e.name in known and known[e.name].told != e.told)
        return Anew(told, seen, itself, told | seen | itself | others)


def _batch(assessments: Sequence[Assessment], snapshots: Sequence[Snapshot], ownership: Ownership) -> list[Entry]:
    seen = {(snapshot.repository, snapshot.commit): snapshot for snapshot in snapshots}
    batch: dict[str, Entry] = {}
    for assessment in assessments:
        name = assessment.repository
        if (name, assessment.commit) not in seen:
            raise ValueError(f"{name}: there is no snapshot of commit {assessment.commit}")
        if name in batch:
            raise ValueError(f"{name} comes twice")
        snapshot = seen[name, assessment.commit]
        batch[name] = entry(assessment, snapshot, ownership.owners.get(name), ownership.targets.get(name))
    return list(batch.values())


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands for a repository in a week: digests, with ``key`` only where it was recorded in that very week."""

    key: tuple[int, str] | None
    told: int
    seen: int
    known: int

    def same(self, entry: Entry, run: str | None) -> bool:
        """Whether all of it stands in that very week already, from a run like this one (any, if none is given)."""
        return self.key is not None and run in (None, self.key[1]) and same_all(self.key[0], entry)


def _known(connection: duckdb.DuckDBPyConnection, week: Week) -> dict[str, _Known]:
    keys = {
        number: _run_key(*run)
        for number, *run in connection.execute("select run_id, source, incomplete, notes from run").fetchall()
    }
    rows = connection.execute(
        """
        select r.name, d.told, d.seen, d.known, w.digest, w.run_id
        from digest d join repository r using (repository_id)
        left join repository_week w on w.repository_id = d.repository_id and w.week_id = $week
        where d.from_week <= $week and d.to_week > $week
        """,
        {"week": week.id},
    ).fetchall()
    return {
        name: _Known(None if digest is None else (digest, keys[run]), told, seen, known)
        for name, told, seen, known, digest, run in rows
    }


def _run_key(source: str, incomplete: Sequence[str], notes: Sequence[str]) -> str:
    """What makes two runs worth telling apart: not when they were or what they cost, but what they could not see."""
    return json.dumps([clean(text) for text in (source, "", *incomplete, "", *notes)])


def _write(connection: duckdb.DuckDBPyConnection, week: int, run: RunReceipt | None, anew: Anew) -> None:
    """Takes in the registered rows, in the transaction that is open."""
    _name_everything(connection)
    parameters = {"week": week}
    connection.execute(
        f"""
        create or replace temp table {SPAN} as
        select repository_id, coalesce(min(w.week_id) filter (w.week_id > $week), {schema.OPEN})::smallint as until
        from repository_rows n join repository r on r.name = n.repository left join repository_week w using (repository_id)
        group by repository_id
        """,
        parameters,
    )
    _write_runs(connection, {week: run})
    connection.execute(
        "create or replace temp table collected as select week_id, repository_id, run_id from repository_week where week_id = $week",
        parameters,
    )
    for table in ("repository_week", "observation", "stage_week", "move"):
        connection.execute(
            f"delete from {table} where week_id = $week and repository_id in (select repository_id from {SPAN})", parameters
        )
    _insert_weekly(connection)
    connection.execute(f"create or replace temp table everyone as from {SPAN}")
    differ = {"told": anew.told, "seen": anew.seen, "known": anew.known, "any": anew.any}
    for interval, (columns, source, which) in _STAGED.items():
        if not differ[which]:
            continue
        connection.execute(f"create temp table staged as select {columns} from {source}")
        connection.execute(
            f"""
            create or replace temp table {SPAN} as from everyone
            where repository_id in (select r.repository_id from repository_rows n {_ID} where {_ANEW[which]})
            """
        )
        set_week(connection, interval, "staged", week)
        connection.execute("drop table staged")


def _insert_weekly(connection: duckdb.DuckDBPyConnection, order: str = "") -> None:
    """The rows that each week has of its own, week by week where ``order`` says so."""
    connection.execute(
        """
        insert into repository_week
        select n.week, r.repository_id, coalesce(u.run_id, o.run_id), c.catalogue_id, n.holds, n."of", n.at_least, n.could_be, n."next", n.digest
        from repository_rows n join repository r on r.name = n.repository join catalogue c on c.hash = n.catalogue
        left join receipt u on u.week_id = n.week left join collected o on o.week_id = n.week and o.repository_id = r.repository_id
        order by n.week, r.repository_id
        """
    )
    connection.execute(
        f"""
        insert into observation
        select n.week, r.repository_id, p.practice_id, n.status
        from status_rows n join repository r on r.name = n.repository join practice p on p.name = n.practice
        -- Numbers that go up or down by one take almost no space, so that every other practice goes through the repositories backwards.
        order by {order} p.practice_id, case p.practice_id % 2 when 0 then r.repository_id else -r.repository_id end
        """
    )
    connection.execute(
        f"""
        insert into stage_week
        select n.week, r.repository_id, n.stage, n.state, s.share_id
        from stage_rows n join repository r on r.name = n.repository
        join share s on s.coverage is not distinct from n.coverage and s.confidence is not distinct from n.confidence
        order by {order} n.stage, case n.stage % 2 when 0 then r.repository_id else -r.repository_id end
        """
    )
    connection.execute(
        f"""
        insert into move
        select n.week, r.repository_id, p.practice_id, n.was, n."now", n.cause, n.path, n.how, n."commit", n.author, n.committed_at, n.subject
        from move_rows n join repository r on r.name = n.repository join practice p on p.name = n.practice
        order by {order} r.repository_id, p.practice_id
        """
    )


def _are_new(connection: duckdb.DuckDBPyConnection, weeks: Iterable[_Weekly]) -> bool:
    """Whether nothing is stored of any of the repositories, under whichever name."""
    batch = {entry.name: entry for weekly in weeks for entry in weekly.batch}
    follow(connection, _identities(batch.values()))
    names = (
        "select name from repository join repository_week using (repository_id) where name in (select unnest($names::varchar[]))"
    )
    return connection.execute(f"{names} limit 1", {"names": list(batch)}).fetchone() is None


def _write_past(connection: duckdb.DuckDBPyConnection, pending: Iterable[_Weekly]) -> dict[int, tuple[str, ...]]:
    """Takes in all weeks of repositories of which nothing is stored, at once: there is nothing to fit them in between.

    Returns what was recorded in each week. In time that is a tenth of taking in one week after the other.
    """
    weeks = sorted(pending, key=lambda weekly: weekly.week.id)
    rows: dict[str, list[pa.Table]] = {}
    last: dict[str, Entry] = {}
    for weekly in weeks:
        told, seen, known = (
            frozenset(e.name for e in weekly.batch if e.name not in last or digest(last[e.name]) != digest(e))
            for digest in map(attrgetter, ("told", "seen", "known"))
        )
        anew = Anew(told, frozenset(), known, told | seen | known)
        for name, table in tables(weekly.week.id, weekly.batch, anew, weekly.looks.changes).items():
            rows.setdefault(name, []).append(table)
        last |= {entry.name: entry for entry in weekly.batch}
    for name, found in rows.items():
        connection.register(name, pa.concat_tables(found))
    connection.register("signal_rows", signals_over_time((weekly.week.id, weekly.batch) for weekly in weeks))
    _name_everything(connection)
    _write_runs(connection, {weekly.week.id: weekly.looks.run for weekly in weeks})
    connection.execute("create or replace temp table collected (week_id smallint, repository_id integer, run_id integer)")
    _insert_weekly(connection, "n.week,")
    for table, (columns, source, which) in _STAGED.items():
        if table is schema.SIGNAL:
            intervals = f"select {columns}, n.from_week, n.to_week from {source} order by all"
        else:
            # What is not told again stays as it was until it is.
            connection.execute(
                f"""
                create or replace temp table given as
                select r.repository_id, n.week, lead(n.week, 1, {schema.OPEN}) over (partition by r.repository_id order by n.week) as until
                from repository_rows n {_ID} where {_ANEW[which]}
                """
            )
            each = f"select {columns}, n.week as from_week, until as to_week from {source} join given g on g.repository_id = r.repository_id and g.week = n.week"
            intervals = schema.narrowed(f"({each})", table)
        connection.execute(f"insert into {table.name} {intervals}")
    return {weekly.week.id: tuple(sorted(entry.name for entry in weekly.batch)) for weekly in weeks}


def _identities(batch: Iterable[Entry]) -> dict[str, str]:
    return {entry.name: identity for entry in batch if (identity := identity_of(entry.snapshot.signals))}


_ID = "join repository r on r.name = n.repository"
_STAGED = {
    schema.HEAD: ('r.repository_id, n."commit", n.committed_at', f"repository_rows n {_ID}", "known"),
    schema.PROFILE: (
        "r.repository_id, n.url, n.kind, n.kind_reason, n.flags, n.components, n.notes",
        f"repository_rows n {_ID}",
        "known",
    ),
    schema.FINDING: (
        "r.repository_id, p.practice_id, n.component, n.reason, n.looked_for, n.evidence",
        f"finding_rows n {_ID} join practice p on p.name = n.practice",
        "told",
    ),
    schema.FACT: ("r.repository_id, n.fact, n.holds", f"fact_rows n {_ID}", "known"),
    schema.OWNER: ("r.repository_id, t.team_id, n.source", f"owner_rows n {_ID} join team t on t.name = n.team", "known"),
    schema.TARGET: ("r.repository_id, n.stage, n.reason, n.source, n.review_on", f"target_rows n {_ID}", "known"),
    schema.SIGNAL: (
        "distinct r.repository_id, n.path, n.kind, n.name, n.line, n.value, n.place, n.about",
        f"signal_rows n {_ID}",
        "seen",
    ),
    schema.DIGEST: ("r.repository_id, n.told, n.seen, n.known", f"repository_rows n {_ID}", "any"),
}
"""How each table of intervals is filled: its columns, from what, and which part of a repository has to differ for it: the others' intervals stay as they are."""
_ANEW = {
    "told": "n.told_anew",
    "seen": "n.seen_anew",
    "known": "n.known_anew",
    "any": "n.any_anew",
}


def _name_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """Gives a number to every name that has none yet."""
    for table, name, source in (
        ("repository", "name", "select repository from repository_rows"),
        ("practice", "name", "select practice from status_rows"),
        ("team", "name", "select team from owner_rows"),
        ("catalogue", "hash", "select catalogue from repository_rows"),
    ):
        connection.execute(
            f"""
            insert into {table}
            select (select coalesce(max({table}_id), 0) from {table}) + row_number() over (order by name), name
            from (select distinct n.{name} as name from ({source}) n({name}) anti join {table} t on t.{name} = n.{name})
            """
        )
    connection.execute(
        """
        insert into share
        select (select coalesce(max(share_id), 0) from share) + row_number() over (order by coverage, confidence),
            coverage, confidence
        from (
            select distinct n.coverage, n.confidence from stage_rows n anti join share s
            on s.coverage is not distinct from n.coverage and s.confidence is not distinct from n.confidence
        )
        """
    )
    connection.execute(
        """
        insert into rule
        select distinct c.catalogue_id, p.practice_id, f.stage
        from status_rows f join repository_rows n on n.repository = f.repository and n.week = f.week
        join catalogue c on c.hash = n.catalogue join practice p on p.name = f.practice
        anti join rule u on u.catalogue_id = c.catalogue_id and u.practice_id = p.practice_id
        """
    )


def _write_runs(connection: duckdb.DuckDBPyConnection, runs: Mapping[int, RunReceipt | None]) -> None:
    """Stores the receipts of weeks, and their numbers in the temporary table ``receipt``: week_id, run_id."""
    connection.execute("create or replace temp table receipt (week_id smallint, run_id integer)")
    number = _next_run(connection)
    for week, run in runs.items():
        if run:
            connection.execute(
                """
                insert into run
                select $run, $week, $started, $finished, $source, max(c.catalogue_id), count(*), $incomplete, $notes, $receipt
                from repository_rows n join catalogue c on c.hash = n.catalogue where n.week = $week
                """,
                {"run": number, "week": week, **_told(run)},
            )
            connection.execute("insert into receipt values ($week, $run)", {"week": week, "run": number})
            number += 1


def _next_run(connection: duckdb.DuckDBPyConnection) -> int:
    [(number,)] = connection.execute("select coalesce(max(run_id), 0) + 1 from run").fetchall()
    return int(number)


def _told(run: RunReceipt) -> dict[str, object]:
    """What a receipt says, as it is stored."""
    return {
        "started": utc(run.started),
        "finished": utc(run.finished),
        "source": clean(run.source),
        "incomplete": [clean(sentence) for sentence in run.incomplete],
        "notes": [clean(sentence) for sentence in run.notes],
        "receipt": json.dumps(dict(run.costs), sort_keys=True),
    }


def _remember_asked(connection: duckdb.DuckDBPyConnection, catalogues: Collection[str], asked: Collection[str]) -> None:
    """Notes what was looked for under these catalogues, once for each."""
    names = sorted({clean(name) for name in asked})
    connection.execute(
        """
        insert into asked
        select c.catalogue_id, n.name from catalogue c, (select unnest($names::varchar[]) as name) n
        where c.hash in (select unnest($hashes::varchar[])) and c.catalogue_id not in (select catalogue_id from asked)
        """,
        {"names": names, "hashes": sorted(catalogues)},
    )


def record_rule_change(
    database: Path,
    week: Week,
    before: Sequence[str],
    after: str,
    flips: Sequence[tuple[str, str, Status | None, Status | None]],
) -> None:
    """Notes that from a week on other rules are in force, and what they turned: repository, practice, was and now.

    ``before`` and ``after`` are hashes of catalogues that the database knows; a status is ``None`` where only one of them has the
    practice. The same change of rules is noted once, also where it turned nothing.
    """
    with generations.only_writer(database), generations.next_generation(database) as connection:
        connection.execute(
            "delete from rule_change where week_id = $week and after = (select catalogue_id from catalogue where hash = $after)",
            {"week": week.id, "after": after},
        )
        repositories, practices, was, now = zip(*flips, strict=True) if flips else ((), (), (), ())
        connection.execute(
            """
            insert into rule_change
            select $week, (select max(catalogue_id) from catalogue where hash in (select unnest($before::varchar[]))),
                (select catalogue_id from catalogue where hash = $after), r.repository_id, p.practice_id, f.was, f."now"
            from (
                select unnest($repositories::varchar[]) as repository, unnest($practices::varchar[]) as practice,
                    unnest($was::utinyint[]) as was, unnest($now::utinyint[]) as "now"
            ) f
            join repository r on r.name = f.repository join practice p on p.name = f.practice
            """,
            {
                "week": week.id,
                "before": list(before),
                "after": after,
                "repositories": [clean(name) for name in repositories],
                "practices": list(practices),
                "was": [None if status is None else schema.STATUSES.index(status) for status in was],
                "now": [None if status is None else schema.STATUSES.index(status) for status in now],
            },
        )
        # A row without a repository stands for the change itself.
        connection.execute(
            """
            insert into rule_change (week_id, "before", "after")
            select $week, (select max(catalogue_id) from catalogue where hash in (select unnest($before::varchar[]))),
                (select catalogue_id from catalogue where hash = $after)
            """,
            {"week": week.id, "before": list(before), "after": after},
        )
