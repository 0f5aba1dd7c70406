"""Remembers what one run found out: all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from rungwise.model import Assessment, Snapshot, State
from rungwise.store import generations, schema
from rungwise.store.intervals import SPAN, set_week
from rungwise.store.latest import CARRIED, latest
from rungwise.store.rows import Entry, clean, entry, tables, utc
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


def record(
    database: Path,
    week: str,
    assessments: Sequence[Assessment],
    snapshots: Sequence[Snapshot],
    ownership: Ownership,
    run: RunReceipt,
) -> Outcome:
    """Stores one run in the directory ``database``, which is made where it is missing.

    The given repositories' rows of that week are replaced, everything else stays. Weeks may come in any order. Owners and targets
    are those of ``ownership``; a repository that is missing there has none. Every assessment needs its snapshot.

    Raises :class:`StoreError` where the week does not exist or the database cannot be read or written; nothing has changed then.
    Raises ``ValueError`` where a repository comes twice or without its snapshot.
    """
    of_week = Week.parse(week)
    batch = _batch(assessments, snapshots, ownership)
    key = _run_key(run.source, run.incomplete, run.notes)
    with generations.only_writer(database):
        known = _known(database, of_week)
        changed = tuple(sorted(e.name for e in batch if (e.name not in known or known[e.name].key != (e.all, key))))
        if not changed:
            return Outcome(of_week, (), unchanged=True)
        told_anew = {e.name for e in batch if e.name not in known or known[e.name].told != e.told}
        seen_anew = {e.name for e in batch if e.name not in known or known[e.name].seen != e.seen}
        with generations.next_generation(database) as connection:
            for name, table in tables(batch, told_anew, seen_anew).items():
                connection.register(name, table)
            _write(connection, of_week.id, run)
    return Outcome(of_week, changed, unchanged=False)


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


def _known(database: Path, week: Week) -> dict[str, _Known]:
    if not generations.exists(database):
        return {}
    path, connection = generations.open_current(database)
    try:
        rows = connection.execute(
            """
            select r.name, d.told, d.seen, w.digest, u.source, u.incomplete, u.notes
            from digest d join repository r using (repository_id)
            left join repository_week w on w.repository_id = d.repository_id and w.week_id = $week
            left join run u using (run_id)
            where d.from_week <= $week and d.to_week > $week
            """,
            {"week": week.id},
        ).fetchall()
    except duckdb.Error as error:
        raise generations.damaged(path, error) from error
    finally:
        connection.close()
    return {
        name: _Known(None if digest is None else (digest, _run_key(*run)), told, seen) for name, told, seen, digest, *run in rows
    }


def _run_key(source: str, incomplete: Sequence[str], notes: Sequence[str]) -> str:
    """What makes two runs worth telling apart: not when they were or what they cost, but what they could not see."""
    return json.dumps([clean(text) for text in (source, "", *incomplete, "", *notes)])


def _write(connection: duckdb.DuckDBPyConnection, week: int, run: RunReceipt) -> None:
    """Takes in the registered rows, in the transaction that is open."""
    _name_everything(connection)
    parameters = {"week": week}
    connection.execute(
        f"""
        create temp table {SPAN} as
        select repository_id, coalesce(min(w.week_id) filter (w.week_id > $week), {schema.OPEN})::smallint as until
        from repository_rows n join repository r on r.name = n.repository left join repository_week w using (repository_id)
        group by repository_id
        """,
        parameters,
    )
    run_id = _write_run(connection, week, run)
    for table in ("repository_week", "observation", "stage_week"):
        connection.execute(
            f"delete from {table} where week_id = $week and repository_id in (select repository_id from {SPAN})", parameters
        )
    connection.execute(
        """
        insert into repository_week
        select $week, r.repository_id, $run, c.catalogue_id, n.holds, n."of", n.at_least, n.could_be, n."next", n.digest
        from repository_rows n join repository r on r.name = n.repository join catalogue c on c.hash = n.catalogue
        order by r.repository_id
        """,
        parameters | {"run": run_id},
    )
    connection.execute(
        """
        insert into observation
        select $week, r.repository_id, p.practice_id, n.status
        from status_rows n join repository r on r.name = n.repository join practice p on p.name = n.practice
        order by r.repository_id, p.practice_id
        """,
        parameters,
    )
    connection.execute(
        """
        insert into stage_week
        select $week, r.repository_id, n.stage, n.state, s.share_id
        from stage_rows n join repository r on r.name = n.repository
        join share s on s.coverage is not distinct from n.coverage and s.confidence is not distinct from n.confidence
        order by r.repository_id, n.stage
        """,
        parameters,
    )
    connection.execute(f"create temp table everyone as from {SPAN}")
    for interval, (select, which) in _STAGED.items():
        connection.execute(f"create temp table staged as {select}")
        connection.execute(
            f"""
            create or replace temp table {SPAN} as from everyone
            where repository_id in (select r.repository_id from repository_rows n {_ID} where {which})
            """
        )
        set_week(connection, interval, "staged", week)
        connection.execute("drop table staged")
    _roll_up(connection, week)


_ID = "join repository r on r.name = n.repository"
_STAGED = {
    schema.PROFILE: (
        f"""
        select r.repository_id, n."commit", n.committed_at, n.url, n.kind, n.kind_reason, n.flags, n.components, n.notes
        from repository_rows n {_ID}
        """,
        "true",
    ),
    schema.FINDING: (
        f"""
        select r.repository_id, p.practice_id, n.component, n.reason, n.looked_for, n.evidence
        from finding_rows n {_ID} join practice p on p.name = n.practice
        """,
        "n.told_anew",
    ),
    schema.FACT: (f"select r.repository_id, n.fact, n.holds from fact_rows n {_ID}", "true"),
    schema.OWNER: (f"select r.repository_id, t.team_id, n.source from owner_rows n {_ID} join team t on t.name = n.team", "true"),
    schema.TARGET: (f"select r.repository_id, n.stage, n.reason, n.source, n.review_on from target_rows n {_ID}", "true"),
    schema.SIGNAL: (f"select distinct r.repository_id, n.* exclude (repository) from signal_rows n {_ID}", "n.seen_anew"),
    schema.DIGEST: (f"select r.repository_id, n.told, n.seen from repository_rows n {_ID}", "true"),
}
"""How each table of intervals is filled, and for which repositories: the others' stay as they are."""


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
        from status_rows f join repository_rows n on n.repository = f.repository
        join catalogue c on c.hash = n.catalogue join practice p on p.name = f.practice
        anti join rule u on u.catalogue_id = c.catalogue_id and u.practice_id = p.practice_id
        """
    )


def _write_run(connection: duckdb.DuckDBPyConnection, week: int, run: RunReceipt) -> int:
    """Stores the receipt and returns its number."""
    [(number,)] = connection.execute("select coalesce(max(run_id), 0) + 1 from run").fetchall()
    connection.execute(
        """
        insert into run
        select $run, $week, $started, $finished, $source, max(c.catalogue_id), count(*), $incomplete, $notes, $receipt
        from repository_rows n join catalogue c on c.hash = n.catalogue
        """,
        {
            "run": number,
            "week": week,
            "started": utc(run.started),
            "finished": utc(run.finished),
            "source": clean(run.source),
            "incomplete": [clean(sentence) for sentence in run.incomplete],
            "notes": [clean(sentence) for sentence in run.notes],
            "receipt": json.dumps(dict(run.costs), sort_keys=True),
        },
    )
    return int(number)


def _roll_up(connection: duckdb.DuckDBPyConnection, week: int) -> None:
    """Counts teams and stages again for the weeks in which the rows of ``week`` speak for a repository."""
    weeks = connection.execute(
        f"select distinct week_id from repository_week where week_id between $week and $week + {CARRIED} order by week_id",
        {"week": week},
    ).fetchall()
    not_applicable = schema.STATES.index(State.NOT_APPLICABLE)
    counts = ", ".join(
        f"count(*) filter (s.state = {schema.STATES.index(state)})"
        for state in (State.HELD, State.SURE, State.OPEN, State.NOT_HELD)
    )
    for (touched,) in weeks:
        connection.execute("delete from team_stage_week where week_id = $week", {"week": touched})
        connection.execute(
            f"""
            insert into team_stage_week
            with {latest()}
            select $week, o.team_id, s.stage, count(*) filter (s.state <> {not_applicable}), {counts},
                avg(h.coverage) filter (s.state <> {not_applicable}), avg(h.confidence) filter (s.state <> {not_applicable})
            from latest
            join stage_week s using (repository_id, week_id)
            join share h using (share_id)
            join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
            left join owner o on o.repository_id = latest.repository_id and o.from_week <= $week and o.to_week > $week
            where len(p.flags) = 0
            group by o.team_id, s.stage
            order by o.team_id, s.stage
            """,
            {"week": touched},
        )
