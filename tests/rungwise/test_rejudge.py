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
    flips = preview(open_reader(database), ENOUGH).flips
    assert {(flip.practice, flip.was, flip.now) for flip in flips} == {("error-tracking", Status.PARTIAL, Status.PRESENT)}
    assert [flip.week.id for flip in flips] == sorted(flip.week.id for flip in flips)
    assert len(flips) == statuses(database).count("partial") == 3
    assert (open_reader(database).generation, statuses(database)) == before
    assert preview(open_reader(database), load()).flips == ()


def test_the_past_is_comparable_and_the_change_is_marked(database: Path) -> None:
    absent = statuses(database)[:-3]
    costs = open_reader(database).run(open_reader(database).weeks()[0].id)
    assert len(rejudge(database, ENOUGH, NOW).flips) == 3
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
    assert rejudge(database, ENOUGH, NOW).flips == (), "once is enough"
    assert len(reader.rule_changes()) == 1


def test_what_nobody_looked_for_is_a_question(database: Path) -> None:
    rejudge(database, UNSEEN, NOW)
    assert set(statuses(database)) == {"unknown"}
    # Judged by rules again of which everything was looked for, it is an answer again.
    rejudge(database, load(), NOW)
    assert set(statuses(database)) == {"absent", "partial"}


SEEN_MORE = with_rule(
    present=(code(r"\bnever_heard_of\(", PYTHON, example="never_heard_of()"),),
    partial=(dependency(pypi="sentry-sdk"),),
    judge=None,
)
"""Half of it was looked for all along, and the other half was not."""


def test_what_might_have_been_more_is_no_progress_later(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shop has used it all along; the first look that sees it is not taken for the day on which it came."""
    shop = database.parent / "acme" / "shop"
    git = pygit2.Repository(str(shop))
    commit_files(git, {**SHOP, "app.py": f"{SHOP['app.py']}never_heard_of()\n"}, NOW - timedelta(weeks=1), "Bob", "Use it")
    monday = NOW - timedelta(days=NOW.weekday(), weeks=1)
    day = [f"--as-of={monday:%Y-%m-%d}", "--database", str(database)]
    assert main(["collect", "local", str(shop), *day]) == DONE
    monkeypatch.setattr(own_practices, "load", lambda folder: SEEN_MORE)
    commit_files(git, {**SHOP, "app.py": f"{SHOP['app.py']}never_heard_of()\n", "x.py": ""}, NOW, "Eve", "Nothing")
    assert main(["collect", "local", str(shop), "--database", str(database)]) == DONE
    reader = open_reader(database)
    assert statuses(database)[-1] == "present"
    assert set(statuses(database)[:-1]) == {"unknown"}
    [moved] = reader.history("shop").query("practice == 'error-tracking'").to_dict("records")[:1]
    assert (moved["was"], moved["now"], moved["cause"]) == ("unknown", "present", "sight")
    assert moved["author"] != "Eve"


def own_folder(tmp_path: Path, **files: str) -> Catalogue:
    folder = tmp_path / "practices"
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('_', '-')}.toml").write_text(text)
    return own_practices.load(folder)


NEW = """
title = "New"
stage = "observing"
why = "W."
advice = "A."
looked_for = "L"
role = "anchor"
observable = "yes"
present = [{ dependency.pypi = "sentry-sdk" }]
"""


def test_a_practice_that_comes_goes_or_moves_is_in_the_preview_and_marked(database: Path, tmp_path: Path) -> None:
    rules = own_folder(
        tmp_path,
        ours=NEW,
        unit_tests="off = true\nreason = 'x'",
        secret_scanning="stage = 'protecting'\nreason = 'x'",
    )
    found = preview(open_reader(database), rules)
    turns = {(flip.practice, flip.was, flip.now) for flip in found.flips}
    assert turns == {
        ("ours", None, Status.ABSENT),
        ("ours", None, Status.PRESENT),
        ("unit-tests", Status.ABSENT, None),
    }
    text = "\n".join(said(found, rules))
    assert "New (ours): 1 in" in text
    assert "not judged -> present: 3" in text
    assert "absent -> judged no more: 5" in text
    assert rejudge(database, rules, NOW) == found
    reader = open_reader(database)
    newest = reader.weeks()[0].id
    assert reader.rule_weeks() == [newest]
    assert reader.rule_changes().empty, "no practice that both rules have turned"
    [moved] = reader.history("shop").query("practice in ('ours', 'unit-tests')").to_dict("records")
    assert (moved["practice"], moved["was"], moved["now"], moved["cause"]) == ("ours", "absent", "present", "commit")
    assert moved["week"] == reader.weeks()[2].id, "when the shop began to use it, and not when the rules changed"
    now = reader.findings(newest).set_index("practice")
    assert "unit-tests" not in now.index
    assert (now.loc["ours", "status"], now.loc["ours", "stage"], now.loc["secret-scanning", "stage"]) == ("present", 2, 4)


def test_stages_that_are_held_by_other_rules_are_told(database: Path, tmp_path: Path) -> None:
    rules = own_folder(tmp_path, version_control="stage = 'scaling'\nreason = 'x'")
    found = preview(open_reader(database), rules)
    assert found.flips == ()
    assert found.held
    assert all(held.was != held.now for held in found.held)
    assert "Stages held: 1 repositories differ in" in "\n".join(said(found, rules))
    rejudge(database, rules, NOW)
    assert len(open_reader(database).rule_weeks()) == 1


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
