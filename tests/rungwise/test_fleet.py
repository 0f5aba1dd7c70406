"""Advice from what is stored is the advice that the findings give."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rungwise.catalogue import load
from rungwise.fleet import advise, needs
from rungwise.model import Finding, Flag, Stage, Status
from rungwise.recommend import recommend, team_advice
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


def test_what_all_lack_gives_the_steps_that_their_advice_gives(tmp_path: Path) -> None:
    fleet.make_database(tmp_path)
    reader = open_reader(tmp_path)
    for week in reader.weeks():
        told, lacking = advise(reader, week.id, load()), needs(reader, week.id, load())
        for name, advice in told.items():
            assert lacking[name].due == bool(advice.steps)
            assert set(lacking[name].gaps) == set(advice.gaps)
            assert set(lacking[name].questions) == set(advice.questions)
        assert team_advice(lacking) == team_advice(told) != ()
