"""ISO weeks as whole numbers, so that a week can be a small key and the one after it is the next number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rungwise.store.errors import StoreError

_FIRST = date.fromisocalendar(1970, 1, 1)
_LABEL = re.compile(r"(\d{4})-W(\d{2})")
_LAST_ID = 32_766
"""A smallint less one: the very last stands for "until further notice"."""


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One ISO week: ``id`` counts weeks since 1970-W01, ``label`` reads ``2026-W47``, ``starts`` is its Monday."""

    id: int
    label: str
    starts: date

    @classmethod
    def of(cls, day: date) -> Week:
        """The week that a day is in."""
        year, week, _ = day.isocalendar()
        starts = date.fromisocalendar(year, week, 1)
        return cls((starts - _FIRST).days // 7, f"{year:04}-W{week:02}", starts)

    @classmethod
    def of_id(cls, number: int) -> Week:
        """The week with this id."""
        return cls.of(_FIRST + timedelta(weeks=number))

    @classmethod
    def parse(cls, label: str) -> Week:
        """The week that is written like ``2026-W47``; :class:`StoreError` where there is no such week."""
        match = _LABEL.fullmatch(label)
        if not match:
            raise StoreError(f"{label!r} is not a week; write it like 2026-W47.")
        year, number = int(match[1]), int(match[2])
        try:
            week = cls.of(date.fromisocalendar(year, number, 1))
        except ValueError as error:
            raise StoreError(f"There is no week {label}; a year's weeks are W01 to W52, some years also have W53.") from error
        if not -_LAST_ID <= week.id <= _LAST_ID:
            raise StoreError(f"The week {label} is too far away to be stored; check the date of the commit or of this machine.")
        return week
