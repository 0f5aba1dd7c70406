"""Makes room when a quarter is over: what it says stays, in less space and where it is found faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rungwise.store import schema
from rungwise.store.schema import DIGEST, QUARTER, Intervals

if TYPE_CHECKING:
    import duckdb


def close_quarter(connection: duckdb.DuckDBPyConnection, coming: int) -> None:
    """Does so with the newest quarter, if a week of a later one is ``coming``; in the transaction that is open."""
    [(newest,)] = connection.execute("select max(week_id) from repository_week").fetchall()
    if newest is not None and newest // QUARTER < coming // QUARTER:
        # Those of each repository, so that its history does not take unpacking the texts of all others.
        _put_together(connection, "move", newest // QUARTER, "order by repository_id, week_id, practice_id")
        # As they lie: in that order, weeks are compared with one another.
        _put_together(connection, "observation", newest // QUARTER)
        _forget_digests(connection, coming // QUARTER * QUARTER)


def _put_together(connection: duckdb.DuckDBPyConnection, table: str, quarter: int, order: str = "") -> None:
    """Writes a quarter's rows again, in one piece: those of single weeks leave a quarter of their blocks empty."""
    [(last,)] = connection.execute(f"select max(rowid) from {table}").fetchall()
    # As bounds, by which whole groups of rows are passed over.
    its, parameters = "week_id >= $first and week_id < $end", {"first": quarter * QUARTER, "end": (quarter + 1) * QUARTER}
    connection.execute(f"insert into {table} from {table} where {its} {order}", parameters)
    connection.execute(f"delete from {table} where {its} and rowid <= $last", parameters | {"last": last})


def _forget_digests(connection: duckdb.DuckDBPyConnection, until: int) -> None:
    """Leaves of the digests before a week only those of signals, which seldom change.

    The others do not compress, and change with nearly every commit. A week of the past is hardly ever recorded again; that then takes comparing
    what is said; signals are most of that, and need not be compared.
    """
    connection.execute(
        f"create temp table past as select {_KEYS}, seen, from_week, to_week from {DIGEST.name} where to_week <= $until",
        {"until": until},
    )
    connection.execute(f"delete from {DIGEST.name} where to_week <= $until", {"until": until})
    seen = Intervals("past", DIGEST.keys, tuple(value for value in DIGEST.values if value[0] == "seen"))
    connection.execute(
        f"""
        insert into {DIGEST.name}
        select {_KEYS}, {schema.FORGOTTEN} as told, seen, {schema.FORGOTTEN} as known, from_week, to_week
        from ({schema.narrowed("past", seen)})
        """
    )
    connection.execute("drop table past")


_KEYS = ", ".join(key for key, _ in DIGEST.keys)
