"""History that cannot be as it is told: dates that lie, weeks that do not exist, a database of another time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pygit2
import pytest

from rungwise.__main__ import BAD_INPUT, DONE, INCOMPLETE, main
from rungwise.store import open_reader
from rungwise.store.generations import current
from tests.repositories import commit_files
from tests.rungwise.store.sample import look, save

SHOP = {"package.json": '{"name": "shop", "dependencies": {"express": "5"}}', "server.js": "require('express')().listen(80)\n"}
NOW = datetime.now(UTC)


def test_commits_of_1970_and_of_the_future_are_taken_in_their_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = pygit2.init_repository(str(tmp_path / "shop"), bare=True, initial_head="main")
    first = commit_files(git, SHOP, NOW - timedelta(weeks=3))
    commit_files(git, {**SHOP, "a.js": "1\n"}, datetime(1970, 1, 1, tzinfo=UTC))
    future = commit_files(git, {**SHOP, "a.js": "2\n"}, NOW + timedelta(days=3000))
    last = commit_files(git, {**SHOP, "a.js": "3\n"}, NOW - timedelta(weeks=1))
    database = tmp_path / "db"
    assert main(["collect", "local", str(tmp_path / "shop"), "--history", "8", "--database", str(database)]) == DONE
    reader = open_reader(database)
    weeks = list(reversed(reader.weeks()))
    stood = [reader.repositories(week.id)["commit"].iloc[0] for week in weeks]
    # The two with impossible dates came after the first and before the last, and so in the first one's week.
    assert stood[0] == future != first
    assert stood[-1] == last
    assert len(weeks) == 4
    assert weeks[0].starts > datetime(2020, 1, 1).date()
    assert main(["check", str(tmp_path / "shop"), "--at", future]) == DONE
    assert "Traceback" not in "".join(capsys.readouterr())


@pytest.mark.parametrize("date", [datetime(1970, 1, 1, tzinfo=UTC), NOW + timedelta(days=3000)])
def test_a_repository_whose_only_commit_has_an_impossible_date(date: datetime, tmp_path: Path) -> None:
    commit_files(pygit2.init_repository(str(tmp_path / "shop"), bare=True, initial_head="main"), SHOP, date)
    database = tmp_path / "db"
    assert main(["collect", "local", str(tmp_path / "shop"), "--history", "4", "--database", str(database)]) == DONE
    reader = open_reader(database)
    assert [week.id for week in reader.weeks()][:1] == [max(week.id for week in reader.weeks())]
    assert all(abs((week.starts - NOW.date()).days) < 30 for week in reader.weeks()), "no week of 1970, and none to come"
    assert reader.flaws() == []


@pytest.mark.parametrize("week", ["2026-W60", "2026-W00", "2025-W53", "0000-W01"])
def test_a_week_that_does_not_exist(week: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "db", "2026-W47", [look()])
    assert main(["export", "--week", week, "--database", str(tmp_path / "db"), "--to", str(tmp_path / "out")]) == BAD_INPUT
    assert (
        capsys.readouterr().err
        == f"rungwise: There is no week {week}; a year's weeks are W01 to W52, some years also have W53.\n"
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", [["export"], ["rejudge"], ["rejudge", "--preview"], ["thin"], ["collect", "local", "{shop}"]])
def test_a_database_of_a_newer_version_stays_as_it_is(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit_files(pygit2.init_repository(str(tmp_path / "shop"), bare=True, initial_head="main"), SHOP, NOW - timedelta(days=1))
    database = tmp_path / "db"
    save(database, "2026-W47", [look()])
    with duckdb.connect(str(current(database))) as connection:
        connection.execute("update about set value = '99' where key = 'schema'")
    before = {path.name: path.read_bytes() for path in database.iterdir()}
    given = [word.format(shop=tmp_path / "shop") for word in command]
    assert main([*given, "--database", str(database)]) == BAD_INPUT
    told = capsys.readouterr().err
    assert "was written by a newer Rungwise" in told
    assert "update Rungwise" in told
    assert told.count("\n") == 1
    assert {path.name: path.read_bytes() for path in database.iterdir()} == before


def test_the_doctor_says_that_a_database_is_newer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(tmp_path / "db", "2026-W47", [look()])
    with duckdb.connect(str(current(tmp_path / "db"))) as connection:
        connection.execute("update about set value = '99' where key = 'schema'")
    assert main(["doctor", "--database", str(tmp_path / "db")]) == INCOMPLETE
    assert "was written by a newer Rungwise" in capsys.readouterr().out
