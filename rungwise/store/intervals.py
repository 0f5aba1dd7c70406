"""Facts that are stored only when they change.

A repository's values at the weeks in which it was recorded make a sequence; equal neighbours are one interval, which ends where
the next recorded week says something else, or stays open. The intervals depend on that sequence alone, not on the order in which
the weeks arrived. Setting a week touches only the keys whose value differs from what already covers that week.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from rungwise.store.schema import Intervals

SPAN = "span"
"""The temporary table of the repositories to be set: repository_id, until (their next recorded week, or 32767)."""


def set_week(connection: duckdb.DuckDBPyConnection, table: Intervals, staged: str, week: int) -> None:
    """Makes ``staged`` the values at ``week`` of all repositories in :data:`SPAN`; a key that is missing there has no value."""
    keys = [f'"{name}"' for name, _ in table.keys]
    values = [f'"{name}"' for name, _ in table.values]
    columns = ", ".join(keys + values)
    using = ", ".join(keys)

    def same(left: str, right: str) -> str:
        return " and ".join(["true", *(f"{left}.{value} is not distinct from {right}.{value}" for value in values)])

    def match(left: str, right: str) -> str:
        return " and ".join(f"{left}.{key} = {right}.{key}" for key in keys)

    run = connection.execute
    parameters = {"week": week}
    run(
        f"""
        create temp table changed as
        with covering as (
            select t.* from {table.name} t semi join {SPAN} using (repository_id) where from_week <= $week and to_week > $week
        ), given as (
            select *, true as is_given from {staged}
        )
        select {using}, until, c.from_week, c.to_week
        from covering c full join given g using ({using}) join {SPAN} using (repository_id)
        where c.from_week is null or g.is_given is null or not ({same("c", "g")})
        """,
        parameters,
    )
    # What covered the week is cut: the part after it goes on in a row of its own, the part before it ends here.
    same_row = f"{match('t', 'c')} and t.from_week = c.from_week"
    run(
        f"""
        insert into {table.name}
        select t.* replace (c.until as from_week) from {table.name} t join changed c on {same_row} where c.to_week > c.until
        """
    )
    run(f"delete from {table.name} t using changed c where {same_row} and c.from_week = $week", parameters)
    run(f"update {table.name} t set to_week = $week from changed c where {same_row} and c.from_week < $week", parameters)
    # The new value joins an equal neighbour on either side.
    run(
        f"""
        create temp table fresh as
        select {", ".join(f"s.{column}" for column in keys + values)},
            coalesce(l.from_week, $week)::smallint as from_week, coalesce(r.to_week, c.until)::smallint as to_week
        from {staged} s
        join changed c on {match("s", "c")}
        left join {table.name} l on {match("s", "l")} and l.to_week = $week and {same("s", "l")}
        left join {table.name} r on {match("s", "r")} and r.from_week = c.until and {same("s", "r")}
        """,
        parameters,
    )
    run(
        f"""
        delete from {table.name} t using fresh f
        where {match("t", "f")} and t.from_week >= f.from_week and t.to_week <= f.to_week
        """
    )
    run(f"insert into {table.name} select {columns}, from_week, to_week from fresh order by {using}")
    run("drop table changed")
    run("drop table fresh")
