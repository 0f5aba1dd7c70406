"""Advice for many repositories at once, from what is stored of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rungwise.catalogue import Catalogue
from rungwise.model import Flag, Stage, Status
from rungwise.recommend import Advice, Adviser
from rungwise.store import Reader


def advise(reader: Reader, week: int, catalogue: Catalogue, team: str | None = None) -> dict[str, Advice]:
    """What each repository could do next in a week, by its name; of one team where asked, as in :meth:`Reader.findings`."""
    frame = reader.standings(week, team)
    rows: list[Any] = list(frame.itertuples(index=False))
    statuses = reader.statuses(week, team)
    adviser = Adviser(catalogue)
    return {row.repository: _advice(row, statuses.get(row.repository, {}), adviser) for row in rows}


def _advice(row: Any, statuses: Mapping[str, Status], adviser: Adviser) -> Advice:
    target, rung = (None if pd.isna(value) else Stage(int(value)) for value in (row.target, row.next))
    return adviser.recommend(statuses, target=target, next_rung=rung, flags=tuple(map(Flag, row.flags)))
