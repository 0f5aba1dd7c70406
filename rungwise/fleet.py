"""Advice for many repositories at once, from what is stored of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from rungwise.catalogue import Catalogue
from rungwise.model import Flag, Stage, Status
from rungwise.recommend import Advice, Adviser, Needs
from rungwise.store import Reader


def advise(reader: Reader, week: int, catalogue: Catalogue, team: str | None = None) -> dict[str, Advice]:
    """What each repository could do next in a week, by its name; of one team where asked, as in :meth:`Reader.findings`."""
    adviser = Adviser(catalogue)
    return {name: adviser.recommend(statuses, **stands) for name, statuses, stands in _repositories(reader, week, team)}


def needs(reader: Reader, week: int, catalogue: Catalogue) -> dict[str, Needs]:
    """What each repository lacks in a week, by its name: as much of :func:`advise` as advice for all of them takes."""
    adviser = Adviser(catalogue)
    return {name: adviser.needs(statuses, **stands) for name, statuses, stands in _repositories(reader, week)}


def _repositories(
    reader: Reader, week: int, team: str | None = None
) -> Iterator[tuple[str, Mapping[str, Status], dict[str, Any]]]:
    frame = reader.standings(week, team)
    rows: list[Any] = list(frame.itertuples(index=False))
    statuses = reader.statuses(week, team)
    for row in rows:
        target, rung = (None if pd.isna(value) else Stage(int(value)) for value in (row.target, row.next))
        stands = {"target": target, "next_rung": rung, "flags": tuple(map(Flag, row.flags))}
        yield row.repository, statuses.get(row.repository, {}), stands
