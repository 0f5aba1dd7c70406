"""A collection that is killed at any moment: nothing is lost, nothing is there twice, and the next one goes on from there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from rungwise.__main__ import DONE
from rungwise.store import open_reader
from tests.collectors.github.databases import same
from tests.collectors.github.killing import collect, moments, prepare
from tests.collectors.github.stand_in import FakeClock, StandIn

KILLED, KILLS = -9, 10


@pytest.fixture
def github(tmp_path: Path) -> Iterator[StandIn]:
    """Five repositories, collected a week ago into ``before``; since then two have changed and one is new."""
    with StandIn(tmp_path / "served", FakeClock()).running() as stand_in:
        prepare(stand_in, tmp_path)
        yield stand_in


def test_killed_at_any_moment_it_resumes_and_ends_the_same(github: StandIn, tmp_path: Path) -> None:
    before, undisturbed, database = tmp_path / "before", tmp_path / "undisturbed", tmp_path / "killed"
    for target in (undisturbed, database):
        shutil.copytree(before, target)
    github.requests.clear()
    assert collect(github, undisturbed, "--history", "4") == DONE
    once = len(github.requests)
    weeks = [week.label for week in open_reader(undisturbed).weeks()]
    assert len(weeks) == 4
    killed = 0
    for when in moments(KILLS, once, seed=4):
        killed += collect(github, database, "--history", "4", when=when) == KILLED
        # Whenever it was, what is there can be read, and what was stored before is as it was.
        reader = open_reader(database)
        assert {week.label for week in reader.weeks()} <= set(weeks)
        [last_week] = open_reader(before).weeks()
        assert (
            open_reader(before)
            .findings(last_week.id)
            .equals(reader.findings(last_week.id)[lambda found: found["repository"] != "acme/young"].reset_index(drop=True))
        )
    assert killed, "or else this shows nothing"
    github.requests.clear()
    assert collect(github, database, "--history", "4") == DONE
    same(database, undisturbed)
    for week in open_reader(database).weeks():
        assert open_reader(database).repositories(week.id)["repository"].is_unique


def test_what_was_stored_before_the_kill_is_not_fetched_again(github: StandIn, tmp_path: Path) -> None:
    database = tmp_path / "db"
    collect(github, database, until=database / "CURRENT")
    reader = open_reader(database)
    stored = len(reader.repositories(reader.weeks()[0].id))
    assert stored >= 2, "the first batch"
    github.requests.clear()
    assert collect(github, database) == DONE
    assert github.count("git", "/git-upload-pack") == len(github.repos) - stored
