"""The tables of a database, and the numbers that stand for words in them.

Three sorts of tables: names (a number for each repository, practice, team), weekly rows (append-only; repeating a week is one
delete and insert), and intervals (stored only when they change). An interval holds for the recorded weeks from ``from_week`` up
to, not including, ``to_week``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rungwise.causes import Cause, direction
from rungwise.model import State, Status
from rungwise.store.latest import SPEAK

if TYPE_CHECKING:
    import duckdb

VERSION = 3
"""Raised with every change after which an older Rungwise would misread the tables."""
STORAGE = "v1.5.0"
"""The oldest DuckDB that can read the files."""
OPEN = 32_767
"""The ``to_week`` of an interval that still holds."""

# A code in a file never changes its meaning: new ones go to the end.
STATUSES = (
    Status.PRESENT, Status.PARTIAL, Status.ATTESTED, Status.ABSENT, Status.NOT_SEEN, Status.UNKNOWN, Status.NOT_APPLICABLE,
)  # fmt: skip
STATES = (State.SURE, State.HELD, State.OPEN, State.NOT_HELD, State.NOT_APPLICABLE)
CAUSES = (Cause.COMMIT, Cause.SETTING, Cause.SIGHT, Cause.RULES, Cause.TIME)

NO_CAUSE = 255
"""Stands for a move of which no cause was noted, where a null cannot be compared."""


def directions() -> Iterator[tuple[int, int, int, str]]:
    """Which way a status moved, for all that can be stored: the codes of was, now and cause, and the direction."""
    causes: dict[int, Cause | None] = {**dict(enumerate(CAUSES)), NO_CAUSE: None}
    for was_code, was in enumerate(STATUSES):
        for now_code, now in enumerate(STATUSES):
            if was is not now:
                for code, cause in causes.items():
                    yield was_code, now_code, code, direction(was, now, cause).value


EVIDENCE = "struct(path varchar, line integer, commit varchar, url varchar)[]"
"""A null commit is the repository's own of that week; a null url the usual one at that commit; an empty one is none."""
_CODES = {"status": STATUSES, "state": STATES, "cause": CAUSES}
"""The tables that spell out the codes, for whoever reads a file without this program."""


@dataclass(frozen=True, slots=True)
class Intervals:
    """One table of intervals: columns and their types, without the two weeks."""

    name: str
    keys: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return self.keys + self.values


_REPOSITORY = ("repository_id", "integer")

# The commit changes with most weeks in which anything was done, what a repository is hardly ever.
HEAD = Intervals("head", (_REPOSITORY,), (("commit", "varchar"), ("committed_at", "timestamp")))
PROFILE = Intervals(
    "profile",
    (_REPOSITORY,),
    (
        ("url", "varchar"), ("kind", "varchar"), ("kind_reason", "varchar"), ("flags", "varchar[]"),
        ("components", "struct(path varchar, kind varchar)[]"), ("notes", "varchar[]"),
    ),
)  # fmt: skip
FINDING = Intervals(
    "finding",
    (_REPOSITORY, ("practice_id", "smallint")),
    (("component", "varchar"), ("reason", "varchar"), ("looked_for", "varchar"), ("evidence", EVIDENCE)),
)
FACT = Intervals("fact", (_REPOSITORY, ("fact", "varchar")), (("holds", "boolean"),))
OWNER = Intervals("owner", (_REPOSITORY,), (("team_id", "integer"), ("source", "varchar")))
TARGET = Intervals(
    "target", (_REPOSITORY,), (("stage", "utinyint"), ("reason", "varchar"), ("source", "varchar"), ("review_on", "date"))
)
FORGOTTEN = 0
"""Stands where a digest was, which is never 0."""
DIGEST = Intervals("digest", (_REPOSITORY,), (("told", "ubigint"), ("seen", "ubigint"), ("known", "ubigint")))
# A signal says all there is in its key: it is there for some weeks, or it is not. No path is "", no line is 0.
SIGNAL = Intervals(
    "signal",
    (
        _REPOSITORY, ("path", "varchar"), ("kind", "varchar"), ("name", "varchar"), ("line", "integer"), ("value", "varchar"),
        ("place", "varchar"), ("about", "varchar"),
    ),
    (),
)  # fmt: skip
INTERVALS = (HEAD, PROFILE, FINDING, FACT, OWNER, TARGET, SIGNAL, DIGEST)

_OTHERS = {
    "about": "key varchar, value varchar",
    "status": "status utinyint, name varchar",
    "state": "state utinyint, name varchar",
    "cause": "cause utinyint, name varchar",
    "repository": "repository_id integer, name varchar",
    "practice": "practice_id smallint, name varchar",
    "team": "team_id integer, name varchar",
    "catalogue": "catalogue_id integer, hash varchar",
    # Which stage a practice belongs to is a rule, and rules change.
    "rule": "catalogue_id integer, practice_id smallint, stage utinyint",
    # Coverage and confidence are ratios of small numbers: few pairs, each of which would compress badly on its own.
    "share": "share_id integer, coverage double, confidence double",
    "run": """run_id integer, week_id smallint, started timestamp, finished timestamp, source varchar, catalogue_id integer,
        repositories integer, incomplete varchar[], notes varchar[], receipt varchar""",
    "repository_week": """week_id smallint, repository_id integer, run_id integer, catalogue_id integer, holds utinyint,
        "of" utinyint, at_least utinyint, could_be utinyint, "next" utinyint, digest ubigint""",
    # The repositories that were not collected in a recorded week, each with the earlier one that speaks for it.
    "carried": "week_id smallint, repository_id integer, from_week smallint",
    "observation": "week_id smallint, repository_id integer, practice_id smallint, status utinyint",
    "stage_week": "week_id smallint, repository_id integer, stage utinyint, state utinyint, share_id integer",
    # A status that is not the one of the repository's week before, and why. Week by week, but for the quarters that are over, in which a
    # repository's lie together: whoever asks for its history would otherwise have to unpack the texts of all repositories.
    "move": """week_id smallint, repository_id integer, practice_id smallint, was utinyint, "now" utinyint, cause utinyint, path varchar,
        how varchar, "commit" varchar, author varchar, committed_at timestamp, subject varchar""",
    # What was looked for under a catalogue, so that what it could not have seen is never taken for absent.
    "asked": "catalogue_id integer, name varchar",
    # The weeks from which on other rules were in force, and what they turned in the latest week before.
    "rule_change": """week_id smallint, "before" integer, "after" integer, repository_id integer, practice_id smallint, was utinyint,
        "now" utinyint""",
    "team_stage_week": """week_id smallint, team_id integer, stage utinyint, repositories integer, held integer, sure integer,
        "open" integer, not_held integer, coverage double, confidence double""",
}

QUARTER = 13
"""The weeks of which rows are put together, once all of them are over: see :mod:`rungwise.store.quarters`."""
QUARTERS_FIRST = f"""
    case when week_id // {QUARTER} < (select max(week_id) // {QUARTER} from repository_week) then week_id // {QUARTER} * {QUARTER} else week_id end
"""
"""Puts moves of one quarter together if it is over."""

SINCE = {"cause": 2, "move": 2, "asked": 2, "rule_change": 2, "carried": 3, "head": 3}
"""The version that brought a table, where it was not the first."""
TABLES = (*_OTHERS, *(table.name for table in INTERVALS))


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all tables in an empty database."""
    for name, columns in _OTHERS.items():
        connection.execute(f"create table {name} ({columns})")
    for table in INTERVALS:
        columns = ", ".join(f'"{column}" {kind}' for column, kind in table.columns)
        connection.execute(f"create table {table.name} ({columns}, from_week smallint, to_week smallint)")
    connection.execute("insert into about values ('schema', $version)", {"version": str(VERSION)})
    for name in _CODES:
        _spell_out(connection, name)


def _spell_out(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    for code, word in enumerate(_CODES[name]):
        connection.execute(f"insert into {name} values ($code, $name)", {"code": code, "name": word.value})


def migrate(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Brings the tables of an older version up to :data:`VERSION`, in the transaction that is open."""
    for name, since in SINCE.items():
        if version < since and name in _OTHERS:
            connection.execute(f"create or replace table {name} ({_OTHERS[name]})")
    # The weeks of an interval stay the last two columns.
    weeks = "from_week, to_week"
    if version < 2:
        _spell_out(connection, "cause")
        # So that everything counts as different once.
        connection.execute(
            f"create or replace table digest as select repository_id, told, seen, {FORGOTTEN}::ubigint as known, {weeks} from digest"
        )
    if version < 3:
        # Profiles were kept with their commits. The new ones rest on the old, so they go last.
        for table in (HEAD, PROFILE):
            connection.execute(f"create or replace table {table.name} as {narrowed('profile', table)}")
        for (week,) in connection.execute("select distinct week_id from repository_week order by week_id").fetchall():
            connection.execute(f"insert into carried {SPEAK}", {"week": week})
        connection.execute(
            f"create or replace table move as from move order by {QUARTERS_FIRST}, repository_id, week_id, practice_id"
        )
        # The lowest bit tells how a digest of findings was made: see rows.same_told.
        connection.execute("update digest set told = told - told % 2")
        connection.execute("update repository_week set digest = digest - digest % 2")
    connection.execute("update about set value = $version where key = 'schema'", {"version": str(VERSION)})


def narrowed(source: str, table: Intervals) -> str:
    """A query for the intervals of a table with fewer values than the one that they come from; equal neighbours become one."""
    keys, values = (", ".join(f'"{column}"' for column, _ in columns) for columns in (table.keys, table.values))
    return f"""
        with beside as (
            select *, lag(to_week) over before is distinct from from_week or lag(row({values})) over before is distinct from row({values}) as starts
            from {source} window before as (partition by {keys} order by from_week)
        ), numbered as (
            select *, count(*) filter (starts) over (partition by {keys} order by from_week) as number from beside
        )
        select {keys}, {", ".join(f'first("{column}") as "{column}"' for column, _ in table.values)}, min(from_week) as from_week, max(to_week) as to_week
        from numbered group by {keys}, number order by {keys}, from_week
    """
