"""Advice from what is stored is the advice that the findings give."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rungwise.catalogue import load
from rungwise.fleet import advise
from rungwise.model import Finding, Flag, Stage, Status
from rungwise.recommend import recommend
from rungwise.store import UNOWNED, open_reader
from tests.rungwise.pages import fleet


def test_it_is_the_advice_that_the_findings_give(tmp_path: Path) -> None:
    fleet.make_database(tmp_path)
    reader = open_reader(tmp_path)
    week = reader.weeks()[0].id
    told = advise(reader, week, load())
    rows = {row.repository: row for row in reader.repositories(week).itertuples()}
    assert set(told) == set(rows)
    for name, row in rows.items():
        findings = [
            Finding(found.practice, Stage(found.stage), Status(found.status), found.component, found.reason, found.looked_for)
            for found in reader.findings(week, name).itertuples()
        ]
        target, rung = (None if pd.isna(value) else Stage(int(value)) for value in (row.target, row.next))
        flags = [Flag(flag) for flag in row.flags]
        assert told[name] == recommend(findings, load(), target=target, next_rung=rung, flags=flags)
    assert any(advice.gaps for advice in told.values())


def test_a_team_gets_its_own(tmp_path: Path) -> None:
    fleet.make_database(tmp_path)
    reader = open_reader(tmp_path)
    week = reader.weeks()[0].id
    every = advise(reader, week, load())
    assert advise(reader, week, load(), fleet.SALES) == {name: every[name] for name in (fleet.BILLING, fleet.SHOP)}
    assert set(advise(reader, week, load(), UNOWNED)) == {fleet.LOST}
    assert advise(reader, week, load(), "nobody") == {}
