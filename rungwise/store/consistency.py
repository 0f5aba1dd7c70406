"""Whether the tables of a database fit together, beyond what each of them can hold by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rungwise.store import schema
from rungwise.store.latest import SPEAK
from rungwise.store.rollups import ROLLED_UP

_NAMES = {
    "repository_id": "repository",
    "practice_id": "practice",
    "team_id": "team",
    "catalogue_id": "catalogue",
    "share_id": "share",
    "run_id": "run",
    "status": "status",
    "state": "state",
    "cause": "cause",
}
"""The columns that stand for a row of another table, and which."""
_REFERS = {
    "repository_week": ("repository_id", "run_id", "catalogue_id"),
    "carried": ("repository_id",),
    "observation": ("repository_id", "practice_id", "status"),
    "stage_week": ("repository_id", "state", "share_id"),
    "move": ("repository_id", "practice_id", "cause"),
    "rule": ("catalogue_id", "practice_id"),
    "asked": ("catalogue_id",),
    "run": ("catalogue_id",),
    "team_stage_week": ("team_id",),
    "rule_change": ("repository_id", "practice_id"),
    "owner": ("repository_id", "team_id"),
    **{table.name: ("repository_id",) for table in schema.INTERVALS if table is not schema.OWNER},
    schema.FINDING.name: ("repository_id", "practice_id"),
}
_ONCE = {
    "repository": ("repository_id",), "practice": ("practice_id",), "team": ("team_id",), "catalogue": ("catalogue_id",), "share": ("share_id",),
    "run": ("run_id",), "rule": ("catalogue_id", "practice_id"), "repository_week": ("week_id", "repository_id"),
    "carried": ("week_id", "repository_id"), "observation": ("week_id", "repository_id", "practice_id"), "stage_week": ("week_id", "repository_id", "stage"),
    "move": ("week_id", "repository_id", "practice_id"), "team_stage_week": ("week_id", "team_id", "stage"),
}  # fmt: skip
"""What may be there once only."""
_WEEKLY = frozenset(("repository_week", "carried", "observation", "stage_week", "move"))
_WHOLE = (schema.HEAD, schema.PROFILE, schema.DIGEST)
"""Intervals that every repository has in each of its weeks."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that does not fit, as a sentence without its full stop, and in how many rows."""

    what: str
    rows: int


Ask = Callable[..., list[tuple[Any, ...]]]
"""Answers a query with named parameters."""


def flaws(ask: Ask) -> Iterator[Flaw]:
    """Everything that does not fit together; nothing where all does."""
    weeks = [week for (week,) in ask("select distinct week_id from repository_week order by week_id")]
    for what, sql in _questions():
        query = f"select count(*) from ({sql})"
        # What there is most of is looked at a week at a time, so that it takes little memory.
        rows = sum(found for week in weeks for (found,) in ask(query, week=week)) if "$week" in sql else ask(query)[0][0]
        if rows:
            yield Flaw(what, int(rows))


_SUMS = f"""
    select 1 from ({ROLLED_UP}) a
    full join (select * from team_stage_week where week_id = $week) s on s.stage = a.stage and s.team_id is not distinct from a.team_id
    where s.week_id is null or a.week_id is null
        or (a.repositories, a.held, a.sure, a."open", a.not_held) is distinct from (s.repositories, s.held, s.sure, s."open", s.not_held)
        or abs(coalesce(a.coverage, -1) - coalesce(s.coverage, -1)) > 1e-9
        or abs(coalesce(a.confidence, -1) - coalesce(s.confidence, -1)) > 1e-9
"""
"""The roll-ups of one week, made anew, against those that are stored; shares but for the last digits of their sums."""


_CARRIED = f"""
    select 1 from ({SPEAK}) a full join (select * from carried where week_id = $week) c using (repository_id, from_week)
    where a.week_id is null or c.week_id is null
"""
"""What one week carries from those before it, made anew, against what is stored."""


def _questions() -> Iterator[tuple[str, str]]:
    """Sentences, each with a query for the rows of which it is true."""
    for table, columns in _REFERS.items():
        for column in columns:
            name = _NAMES[column]
            yield (
                f"rows of {table} name a {name} that is not known",
                f"select 1 from {_of_week(table)} t anti join {name} n on n.{column} = t.{column} where t.{column} is not null",
            )
    for table, key in _ONCE.items():
        rows = f"select {', '.join(key)} from {_of_week(table)} group by all having count(*) > 1"
        yield f"rows of {table} are there twice", rows
    for interval in schema.INTERVALS:
        keys = ", ".join(f'"{key}"' for key, _ in interval.keys)
        yield (
            f"intervals of {interval.name} end before they begin",
            f"select * from {interval.name} where to_week <= from_week or to_week is null or from_week is null",
        )
        yield (
            f"intervals of {interval.name} overlap",
            f"""
            select * from (
                select from_week, lag(to_week) over (partition by {keys} order by from_week, to_week) as before from {interval.name}
            ) where before > from_week
            """,
        )
    for interval in _WHOLE:
        yield _not_covered(interval.name, "repository_week", "repositories", "repository_id")
    yield _not_covered("finding", "observation", "statuses", "repository_id", "practice_id")
    yield (
        "weeks of repositories do not have the six stages",
        "select week_id, repository_id from repository_week w left join stage_week s using (week_id, repository_id) group by all having count(s.stage) <> 6",
    )
    for table in ("observation", "stage_week"):
        yield (
            f"rows of {table} are of a repository that was not collected in that week",
            f"select 1 from {_of_week(table)} t anti join repository_week w using (week_id, repository_id)",
        )
    yield (
        "repositories have no status at all in a week",
        f"select 1 from {_of_week('repository_week')} w anti join observation o using (week_id, repository_id)",
    )
    yield (
        "statuses are of a practice that the week's rules do not have",
        f"""
        select 1 from {_of_week("observation")} o join repository_week w using (week_id, repository_id)
        anti join rule u on u.catalogue_id = w.catalogue_id and u.practice_id = o.practice_id
        """,
    )
    yield "rows hold a code that nothing stands for", _codes()
    yield "moves say that nothing moved, or not what the week's status is", _moves()
    yield "repositories that were not collected in a week do not carry what they showed last", _CARRIED
    yield "sums of teams and stages are not those of their repositories", _SUMS


def _of_week(table: str) -> str:
    return f"(from {table} where week_id = $week)" if table in _WEEKLY else table


def _not_covered(interval: str, rows: str, what: str, *keys: str) -> tuple[str, str]:
    match = " and ".join(f"i.{key} = w.{key}" for key in keys)
    return (
        f"{what} have no {interval} in one of their weeks",
        f"select 1 from {_of_week(rows)} w anti join {interval} i on {match} and i.from_week <= w.week_id and i.to_week > w.week_id",
    )


def _codes() -> str:
    statuses = len(schema.STATUSES)
    return f"""
        select 1 from {_of_week("observation")} where status >= {statuses} or status is null
        union all select 1 from {_of_week("stage_week")} where state >= {len(schema.STATES)} or state is null or stage not between 1 and 6
        union all select 1 from {_of_week("move")} where was >= {statuses} or "now" >= {statuses}
        union all select 1 from {_of_week("repository_week")} where not (at_least <= holds and holds <= could_be and could_be <= "of")
    """


def _moves() -> str:
    return f"""
        select 1 from {_of_week("move")} m left join observation o using (week_id, repository_id, practice_id)
        left join repository_week w using (week_id, repository_id)
        where m.was = m."now" or (w.repository_id is not null and o.status is distinct from m."now")
    """
