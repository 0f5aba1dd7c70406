"""Whether two databases hold the same, whatever it took to fill them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rungwise.store import open_reader


def frames(database: Path) -> dict[str, pd.DataFrame]:
    """Everything that a page could show, but for when it was collected and at what cost."""
    reader = open_reader(database)
    found = {"weeks": pd.DataFrame({"week": [week.id for week in reader.weeks()]})}
    for week in reader.weeks():
        found |= {
            f"{week.id} repositories": reader.repositories(week.id),
            f"{week.id} stages": reader.stages(week.id),
            f"{week.id} findings": reader.findings(week.id),
            f"{week.id} teams": reader.team_stages(week.id),
        }
        for name in reader.repositories(week.id)["repository"]:
            found[f"{week.id} {name}"] = pd.DataFrame(reader.signals(week.id, name))
            found[f"why {name}"] = reader.history(name)
    return found


def same(one: Path, other: Path) -> None:
    """Fails where two databases do not hold the same."""
    here, there = frames(one), frames(other)
    assert here.keys() == there.keys()
    for name, frame in here.items():
        pd.testing.assert_frame_equal(frame, there[name], obj=name)
