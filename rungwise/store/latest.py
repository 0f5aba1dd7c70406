"""Which rows speak for a repository in a week."""

from __future__ import annotations

CARRIED = 26
"""For how many weeks a repository's last answer stands when it was not collected again."""


def latest(name: str = "latest", week: str = "$week") -> str:
    """A common table expression: for each repository that is known in a recorded week, the ``week_id`` that its answer is from."""
    return f"""
        {name} as materialized (
            select repository_id, week_id from repository_week where week_id = {week}
            union all select repository_id, from_week from carried where week_id = {week}
        )
    """


def latest_of_any(name: str = "latest", week: str = "$week") -> str:
    """The same for any week, recorded or not, made from the weeks before it: slower."""
    return f"""
        {name} as materialized (
            select repository_id, max(week_id) as week_id from repository_week
            where week_id between {week} - {CARRIED} and {week} group by repository_id
        )
    """


SPEAK = f"""
    with {latest_of_any()} select $week as week_id, repository_id, week_id as from_week from latest where week_id < $week order by repository_id
"""
"""One week's rows of ``carried``."""
