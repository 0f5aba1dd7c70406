"""A week as tables: Parquet for programs, CSV for spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from rungwise.store import UNOWNED, Reader, Week

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take a cell for a formula when the cell begins with it."""

_REPOSITORIES = [
    "repository", "url", "team", "owner_source", "kind", "kind_reason", "flags", "commit", "committed_at", "holds", "of", "at_least", "could_be", "next", "target",
    "target_reason", "collected_in",
]  # fmt: skip
_FINDINGS = ["repository", "team", "practice", "stage", "status", "reason", "looked_for", "component", "path", "line", "url"]
_STANDINGS = ["repository", "team", "stage", "state", "coverage", "confidence"]


def tables(reader: Reader, week: Week, team: str | None = None) -> dict[str, pd.DataFrame]:
    """The tables ``repositories``, ``findings`` and ``standings`` of a week, of one team (:data:`UNOWNED` for none) where asked."""
    labels = {known.id: known.label for known in reader.weeks()}
    repositories = of_team(reader.repositories(week.id), team)
    repositories = repositories.assign(
        flags=[" ".join(flags) for flags in repositories["flags"]],
        collected_in=[labels.get(int(number), "") for number in repositories["as_of"]],
    )
    findings = reader.findings(week.id, team=team)
    first = [places[0] if places else {} for places in findings["evidence"]]
    findings = findings.assign(**{key: [place.get(key) for place in first] for key in ("path", "line", "url")})
    findings["line"] = findings["line"].astype("Int32")
    return {
        "repositories": repositories[_REPOSITORIES].reset_index(drop=True),
        "findings": findings[_FINDINGS].reset_index(drop=True),
        "standings": of_team(reader.stages(week.id), team)[_STANDINGS].reset_index(drop=True),
    }


def of_team(frame: pd.DataFrame, team: str | None) -> pd.DataFrame:
    """The rows of one team (:data:`UNOWNED` for none); all of them for ``None``."""
    if team is None:
        return frame
    return frame[frame["team"].isna()] if team == UNOWNED else frame[frame["team"] == team]


def files(named: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Each table as a CSV and a Parquet file, by file name. The same tables give the same bytes."""
    found: dict[str, bytes] = {}
    for name, frame in named.items():
        found[f"{name}.csv"] = harmless(frame).to_csv(index=False, lineterminator="\n").encode()
        found[f"{name}.parquet"] = frame.to_parquet(None, index=False, compression="zstd", engine="pyarrow")
    return found


def harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with an apostrophe before each text that a spreadsheet would run as a formula (OWASP, CSV injection)."""

    def plain(value: Any) -> Any:
        return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value

    texts = frame.select_dtypes(include=["object", "string"]).columns
    return frame.assign(**{column: frame[column].map(plain) for column in texts})
