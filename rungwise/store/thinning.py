"""Lets go of old weeks, when somebody asks for it and never otherwise."""

from __future__ import annotations

from pathlib import Path

from rungwise.store import generations
from rungwise.store.reader import Reader, open_reader
from rungwise.store.rollups import roll_up
from rungwise.store.weeks import Week

_BY_WEEK = ("repository_week", "carried", "observation", "stage_week", "team_stage_week")


def superfluous(reader: Reader, keep: int) -> list[Week]:
    """The weeks that go: of those before the newest ``keep`` all but the last of each month, and but those that still speak in a week that stays.

    A repository that was not collected in a week is shown as it was when it was collected last. Newest first.
    """
    months: set[tuple[int, int]] = set()
    speaks: set[int] = set()
    found = []
    for place, week in enumerate(reader.weeks()):
        month = (week.starts.year, week.starts.month)
        if place >= keep and month in months and week.id not in speaks:
            found.append(week)
        else:
            speaks |= reader.answers_from(week.id)
        months.add(month)
    return found


def thin(database: Path, keep: int) -> list[Week]:
    """Removes the :func:`superfluous` weeks' rows; the weeks that remain answer as they did.

    Raises :class:`~rungwise.store.errors.StoreError` where there is no database or it cannot be written.
    """
    generations.bring_forward(database)
    with generations.only_writer(database):
        generations.current(database)
        found = superfluous(open_reader(database), keep)
        if found:
            with generations.next_generation(database) as connection:
                for table in _BY_WEEK:
                    connection.execute(
                        f"delete from {table} where week_id in (select unnest($weeks::smallint[]))",
                        {"weeks": [week.id for week in found]},
                    )
                # What a week that is gone said of a repository stood for later weeks in which it was not collected.
                roll_up(connection, [week.id for week in found])
    return found
