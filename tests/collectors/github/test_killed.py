"""A collection that is killed at any moment: nothing is lost, nothing is there twice, and the next one goes on from there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pygit2
import pytest

from rungwise.__main__ import DONE, main
from rungwise.store import open_reader
from tests.collectors.github.databases import same
from tests.collectors.github.killing import collect, moments
from tests.collectors.github.stand_in import FakeClock, Repo, StandIn
from tests.repositories import commit_files

KILLED, KILLS = -9, 10
SHOP = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    ".gitignore": "node_modules\n",
}
TEST = "test('it', () => {})\n"


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """Five repositories, collected a week ago; since then two have changed and one is new."""
    now = datetime.now(UTC)

    class LastWeek(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return now - timedelta(weeks=1)

    with StandIn(tmp_path / "served", FakeClock()).running() as stand_in:
        for number in range(5):
            git = pygit2.init_repository(str(tmp_path / f"r{number}"), bare=True, initial_head="main")
            for weeks in (9, 5, 3):
                commit_files(git, {**SHOP, "README.md": f"{number} {weeks}"}, now - timedelta(weeks=weeks))
            stand_in.add(Repo(f"acme/r{number}", Path(git.path), teams={"platform": "ADMIN"}))
        with monkeypatch.context() as patch:
            patch.setattr("rungwise.__main__.datetime", LastWeek)
            for name, value in stand_in.environment.items():
                patch.setenv(name, value)
            assert main(["collect", "github", "acme", "--database", str(tmp_path / "before")]) == DONE
        for repo in stand_in.repos[1:3]:
            commit_files(repo.repository, {**SHOP, "server.test.js": TEST}, now - timedelta(days=0.1), "Grace", "Test it")
        git = pygit2.init_repository(str(tmp_path / "young"), bare=True, initial_head="main")
        commit_files(git, SHOP, now - timedelta(days=16))
        stand_in.add(Repo("acme/young", Path(git.path)))
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
    assert github.count("git", "/git-upload-pack") == 2 * (len(github.repos) - stored)
