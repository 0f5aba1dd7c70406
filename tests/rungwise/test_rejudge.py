"""The past judged again by other rules, from what is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2
import pytest

from rungwise import own_practices
from rungwise.__main__ import BAD_INPUT, DONE, main
from rungwise.catalogue import Catalogue, load
from rungwise.clues import PYTHON, code, dependency
from rungwise.model import Status
from rungwise.rejudge import preview, rejudge, said
from rungwise.store import open_reader
from tests.repositories import commit_files

SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "sentry-sdk"]\n',
    "app.py": "from fastapi import FastAPI\napp = FastAPI()\n",
}
NOW = datetime.now(UTC)


def with_rule(**changed: object) -> Catalogue:
    """The catalogue with another rule for error tracking."""
    catalogue = load()
    practices = tuple(
        replace(practice, **changed) if practice.id == "error-tracking" else practice  # type: ignore[arg-type]
        for practice in catalogue
    )
    return Catalogue(practices, "other-rules")


ENOUGH = with_rule(present=(dependency(pypi="sentry-sdk"),), partial=(), judge=None)
"""The dependency is enough for the whole practice; that was looked for all along."""
UNSEEN = with_rule(present=(code(r"\bnever_heard_of\(", PYTHON, example="never_heard_of()"),), partial=(), judge=None)
"""A pattern that nobody looked for before."""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Five weeks of a shop, which has used its error tracker for three."""
    git = pygit2.init_repository(str(tmp_path / "acme" / "shop"), bare=True, initial_head="main")
    commit_files(
        git, {**SHOP, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n'}, NOW - timedelta(weeks=4)
    )
    commit_files(git, SHOP, NOW - timedelta(weeks=2), "Ada", "Track errors")
    arguments = ["collect", "local", str(tmp_path / "acme" / "shop"), "--history", "8", "--database", str(tmp_path / "database")]
    assert main(arguments) == DONE
    return tmp_path / "database"


def statuses(database: Path) -> list[str]:
    """Of error tracking, oldest week first."""
    reader = open_reader(database)
    found = []
    for week in reversed(reader.weeks()):
        findings = reader.findings(week.id)
        found += list(findings[findings["practice"] == "error-tracking"]["status"])
    return found


def test_a_preview_changes_nothing(database: Path) -> None:
    before = open_reader(database).generation, statuses(database)
    flips = preview(open_reader(database), ENOUGH)
    assert {(flip.practice, flip.was, flip.now) for flip in flips} == {("error-tracking", Status.PARTIAL, Status.PRESENT)}
    assert [flip.week.id for flip in flips] == sorted(flip.week.id for flip in flips)
    assert len(flips) == statuses(database).count("partial") == 3
    assert (open_reader(database).generation, statuses(database)) == before
    assert preview(open_reader(database), load()) == []


def test_the_past_is_comparable_and_the_change_is_marked(database: Path) -> None:
    absent = statuses(database)[:-3]
    costs = open_reader(database).run(open_reader(database).weeks()[0].id)
    assert len(rejudge(database, ENOUGH, NOW)) == 3
    assert statuses(database) == [*absent, "present", "present", "present"]
    reader = open_reader(database)
    assert {judged for judged, _ in reader.judged_by().values()} == {"other-rules"}
    [change] = reader.rule_changes().to_dict("records")
    assert (change["repository"], change["practice"], change["was"], change["now"]) == (
        "shop",
        "error-tracking",
        "partial",
        "present",
    )
    assert change["week"] == reader.weeks()[0].id
    # Who did it is still known, and how the week was collected.
    [moved] = reader.history("shop").query("practice == 'error-tracking'").to_dict("records")
    assert (moved["was"], moved["now"], moved["cause"], moved["author"]) == ("absent", "present", "commit", "Ada")
    after = reader.run(reader.weeks()[0].id)
    assert costs
    assert after
    assert (after["started"], after["costs"]) == (costs["started"], costs["costs"])
    assert rejudge(database, ENOUGH, NOW) == [], "once is enough"
    assert len(reader.rule_changes()) == 1


def test_what_nobody_looked_for_is_a_question(database: Path) -> None:
    rejudge(database, UNSEEN, NOW)
    assert set(statuses(database)) == {"unknown"}
    # Judged by rules again of which everything was looked for, it is an answer again.
    rejudge(database, load(), NOW)
    assert set(statuses(database)) == {"absent", "partial"}


def test_the_lines_name_practice_and_repositories(database: Path) -> None:
    text = "\n".join(said(preview(open_reader(database), ENOUGH), ENOUGH))
    assert "(error-tracking): 1 in" in text
    assert "3 over all weeks" in text
    assert "partial -> present: 3" in text
    assert "in shop" in text


@pytest.fixture
def other_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def change() -> None:
        monkeypatch.setattr(own_practices, "load", lambda folder: ENOUGH)

    return change


def test_commands(database: Path, other_rules: Callable[[], None], capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        assert main([*arguments, "--database", str(database)]) == DONE
        return "".join(capsys.readouterr())

    capsys.readouterr()
    assert "judged by the rules of now" in run("rejudge")
    other_rules()
    said_before = run("rejudge", "--preview")
    assert "partial -> present: 3" in said_before
    assert "Nothing was stored." in said_before
    clone = str(database.parent / "acme" / "shop")
    assert "the rules have changed: 5 stored weeks were judged again, and 3 statuses changed" in run("collect", "local", clone)
    assert "the rules have changed" not in run("collect", "local", clone)
    assert "judged by the rules of now" in run("rejudge")


def test_without_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rejudge", "--database", str(tmp_path / "none")]) == BAD_INPUT
    assert "collect something first" in capsys.readouterr().err
