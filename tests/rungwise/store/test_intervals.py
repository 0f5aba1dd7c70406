"""Intervals say for every recorded week what was recorded, whatever the order in which the weeks came."""

from __future__ import annotations

from itertools import groupby

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.store.intervals import SPAN, set_week
from rungwise.store.schema import OPEN, Intervals

TABLE = Intervals("thing", (("repository_id", "integer"), ("name", "varchar")), (("text", "varchar"), ("places", "varchar[]")))
PLAIN = Intervals("plain", (("repository_id", "integer"), ("name", "varchar")), ())
MISSING = object()

Value = tuple[str | None, list[str] | None]
Week = dict[str, Value]
"""The values of one repository in one week by their name; a name may be missing."""

VALUES = st.tuples(st.sampled_from([None, "a", "b"]), st.sampled_from([None, [], ["x"]]))
WEEKS = st.dictionaries(st.sampled_from("pqr"), VALUES)
RUNS = st.tuples(st.integers(-2, 6), st.dictionaries(st.integers(1, 3), WEEKS, min_size=1))


def expected(recorded: dict[int, dict[int, Week]], table: Intervals) -> set[tuple[object, ...]]:
    """The intervals by their definition: equal neighbours among a repository's recorded weeks are one."""
    rows = set()
    for repository, weeks in recorded.items():
        for name in "pqr":
            order = sorted(weeks)
            said = [(week, weeks[week].get(name, MISSING)) for week in order]
            runs = [(value, [week for week, _ in run]) for value, run in groupby(said, key=lambda pair: pair[1])]
            ends = [*(run[0] for _, run in runs[1:]), OPEN]
            for (value, run), end in zip(runs, ends, strict=True):
                if value is not MISSING:
                    assert isinstance(value, tuple)
                    rows.add((repository, name, *map(repr, value if table.values else ()), run[0], end))
    return rows


def stored(connection: duckdb.DuckDBPyConnection, table: Intervals) -> list[tuple[object, ...]]:
    rows = connection.execute(f"from {table.name}").fetchall()
    return [(repository, name, *map(repr, values), start, end) for repository, name, *values, start, end in rows]


def make(connection: duckdb.DuckDBPyConnection, name: str, columns: list[str]) -> None:
    connection.execute(f"create or replace temp table {name} ({', '.join(columns)})")


@settings(max_examples=25, deadline=None)
@given(st.lists(RUNS, max_size=8))
def test_intervals_are_those_of_the_sequence_of_weeks(runs: list[tuple[int, dict[int, Week]]]) -> None:
    recorded: dict[int, dict[int, Week]] = {}
    with duckdb.connect() as connection:
        for table in (TABLE, PLAIN):
            columns = [f"{name} {kind}" for name, kind in table.columns]
            connection.execute(f"create table {table.name} ({', '.join(columns)}, from_week smallint, to_week smallint)")
        for week, repositories in runs:
            for table in (TABLE, PLAIN):
                make(connection, SPAN, ["repository_id integer", "until smallint"])
                make(connection, "staged", [f"{name} {kind}" for name, kind in table.columns])
                for repository, values in repositories.items():
                    until = min((known for known in recorded.get(repository, {}) if known > week), default=OPEN)
                    connection.execute(f"insert into {SPAN} values (?, ?)", [repository, until])
                    for name, value in values.items():
                        row = [repository, name, *(value if table.values else ())]
                        connection.execute(f"insert into staged values ({', '.join('?' * len(row))})", row)
                set_week(connection, table, "staged", week)
            for repository, values in repositories.items():
                recorded.setdefault(repository, {})[week] = values
            for table in (TABLE, PLAIN):
                rows = stored(connection, table)
                assert len(rows) == len(set(rows))
                if table.values:
                    assert set(rows) == expected(recorded, table)
                else:
                    plain = {
                        key: {w: dict.fromkeys(v, (None, None)) for w, v in weeks.items()} for key, weeks in recorded.items()
                    }
                    assert set(rows) == expected(plain, table)
