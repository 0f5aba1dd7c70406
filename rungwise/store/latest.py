"""Which rows speak for a repository in a week."""

from __future__ import annotations

CARRIED = 26
"""For how many weeks a repository's last answer stands when it was not collected again."""


def latest(name: str = "latest", week: str = "$week") -> str:
    """A common table expression: for each repository that is known in the week, the ``week_id`` that its answer is from."""
    return f"""
        {name} as materialized (
            select repository_id, max(week_id) as week_id from repository_week
            where week_id between {week} - {CARRIED} and {week} group by repository_id
        )
    """
