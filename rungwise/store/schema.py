"""The tables of a database, and the numbers that stand for words in them.

Three sorts of tables: names (a number for each repository, practice, team), weekly rows (append-only; repeating a week is one
delete and insert), and intervals (stored only when they change). An interval holds for the recorded weeks from ``from_week`` up
to, not including, ``to_week``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rungwise.model import State, Status

if TYPE_CHECKING:
    import duckdb

VERSION = 1
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

EVIDENCE = "struct(path varchar, line integer, commit varchar, url varchar)[]"
"""A null commit is the repository's own of that week; a null url the usual one at that commit; an empty one is none."""


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

PROFILE = Intervals(
    "profile",
    (_REPOSITORY,),
    (
        ("commit", "varchar"), ("committed_at", "timestamp"), ("url", "varchar"), ("kind", "varchar"), ("kind_reason", "varchar"),
        ("flags", "varchar[]"), ("components", "struct(path varchar, kind varchar)[]"), ("notes", "varchar[]"),
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
DIGEST = Intervals("digest", (_REPOSITORY,), (("told", "ubigint"), ("seen", "ubigint")))
# A signal says all there is in its key: it is there for some weeks, or it is not. No path is "", no line is 0.
SIGNAL = Intervals(
    "signal",
    (
        _REPOSITORY, ("path", "varchar"), ("kind", "varchar"), ("name", "varchar"), ("line", "integer"), ("value", "varchar"),
        ("place", "varchar"), ("about", "varchar"),
    ),
    (),
)  # fmt: skip
INTERVALS = (PROFILE, FINDING, FACT, OWNER, TARGET, SIGNAL, DIGEST)

_OTHERS = {
    "about": "key varchar, value varchar",
    "status": "status utinyint, name varchar",
    "state": "state utinyint, name varchar",
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
    "observation": "week_id smallint, repository_id integer, practice_id smallint, status utinyint",
    "stage_week": "week_id smallint, repository_id integer, stage utinyint, state utinyint, share_id integer",
    "team_stage_week": """week_id smallint, team_id integer, stage utinyint, repositories integer, held integer, sure integer,
        "open" integer, not_held integer, coverage double, confidence double""",
}

TABLES = (*_OTHERS, *(table.name for table in INTERVALS))


def create(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all tables in an empty database."""
    for name, columns in _OTHERS.items():
        connection.execute(f"create table {name} ({columns})")
    for table in INTERVALS:
        columns = ", ".join(f'"{column}" {kind}' for column, kind in table.columns)
        connection.execute(f"create table {table.name} ({columns}, from_week smallint, to_week smallint)")
    connection.execute("insert into about values ('schema', $version)", {"version": str(VERSION)})
    for code, status in enumerate(STATUSES):
        connection.execute("insert into status values ($code, $name)", {"code": code, "name": status.value})
    for code, state in enumerate(STATES):
        connection.execute("insert into state values ($code, $name)", {"code": code, "name": state.value})
