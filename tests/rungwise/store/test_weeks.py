"""Weeks as numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rungwise.store import StoreError, Week


def test_a_week_is_its_monday_and_counts_up() -> None:
    week = Week.parse("2026-W47")
    assert (week.label, week.starts) == ("2026-W47", date(2026, 11, 16))
    assert Week.parse("2026-W53").id + 1 == Week.parse("2027-W01").id
    assert Week.parse("1970-W01").id == 0


@given(st.dates(date(1400, 1, 1), date(2500, 1, 1)))
def test_every_day_is_in_one_week(day: date) -> None:
    week = Week.of(day)
    assert week.starts <= day < week.starts + timedelta(weeks=1)
    assert Week.parse(week.label) == week == Week.of_id(week.id)
    assert Week.of(day + timedelta(weeks=1)).id == week.id + 1


@pytest.mark.parametrize(
    "label", ["2026-W60", "2025-W53", "2026-W00", "0000-W01", "2026-47", "2026-W7", "", "2026-W47\n", "9000-W01"]
)
def test_what_is_no_week_is_told(label: str) -> None:
    with pytest.raises(StoreError):
        Week.parse(label)
