"""Advice for many repositories at once, from what is stored of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rungwise.catalogue import Catalogue
from rungwise.model import Finding, Flag, Stage, Status
from rungwise.recommend import Advice, recommend
from rungwise.store import Reader


def advise(reader: Reader, week: int, catalogue: Catalogue, team: str | None = None) -> dict[str, Advice]:
    """What each repository could do next in a week, by its name; of one team where asked, as in :meth:`Reader.findings`.

    Advice takes a practice's status alone, and statuses are few: the findings it is given are shared by all repositories.
    """
    shared = {
        (practice.id, status): Finding(practice.id, practice.stage, status, ".", "", "")
        for practice in catalogue
        for status in Status
    }
    frame = reader.standings(week, team)
    rows: list[Any] = list(frame.itertuples(index=False))
    statuses = reader.statuses(week, team)
    return {row.repository: _advice(row, statuses.get(row.repository, {}), shared, catalogue) for row in rows}


def _advice(
    row: Any, statuses: Mapping[str, Status], shared: Mapping[tuple[str, Status], Finding], catalogue: Catalogue
) -> Advice:
    found = [shared[judged] for judged in statuses.items() if judged in shared]
    target, rung = (None if pd.isna(value) else Stage(int(value)) for value in (row.target, row.next))
    return recommend(found, catalogue, target=target, next_rung=rung, flags=tuple(Flag(flag) for flag in row.flags))
