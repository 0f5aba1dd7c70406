"""What weeks carry from before them, and sums of teams and stages, made again whenever a row that they rest on is written or goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rungwise.model import State
from rungwise.store import schema
from rungwise.store.latest import CARRIED, SPEAK, latest

if TYPE_CHECKING:
    import duckdb

_APPLIES = f"s.state <> {schema.STATES.index(State.NOT_APPLICABLE)}"
_COUNTS = ", ".join(
    f'count(*) filter (s.state = {schema.STATES.index(state)}) as "{state}"'
    for state in (State.HELD, State.SURE, State.OPEN, State.NOT_HELD)
)
ROLLED_UP = f"""
    with {latest()}
    select $week as week_id, o.team_id, s.stage, count(*) filter ({_APPLIES}) as repositories, {_COUNTS},
        avg(h.coverage) filter ({_APPLIES}) as coverage, avg(h.confidence) filter ({_APPLIES}) as confidence
    from latest
    join stage_week s using (repository_id, week_id)
    join share h using (share_id)
    join profile p on p.repository_id = latest.repository_id and p.from_week <= $week and p.to_week > $week
    left join owner o on o.repository_id = latest.repository_id and o.from_week <= $week and o.to_week > $week
    where len(p.flags) = 0
    group by o.team_id, s.stage
    order by o.team_id, s.stage
"""
"""One week's rows of ``team_stage_week``; forks, templates and archived repositories do not count."""


def roll_up(connection: duckdb.DuckDBPyConnection, changed: Sequence[int]) -> None:
    """Makes them again for the weeks in which the rows of the ``changed`` ones speak, or spoke, for a repository."""
    weeks = connection.execute(
        f"""
        select distinct week_id from repository_week w, (select unnest($changed::smallint[]) as changed)
        where week_id between changed and changed + {CARRIED} order by week_id
        """,
        {"changed": list(changed)},
    ).fetchall()
    for (week,) in weeks:
        connection.execute("delete from carried where week_id = $week", {"week": week})
        connection.execute(f"insert into carried {SPEAK}", {"week": week})
        connection.execute("delete from team_stage_week where week_id = $week", {"week": week})
        connection.execute(f"insert into team_stage_week {ROLLED_UP}", {"week": week})
