"""What moved, which way and why, on its own page and in brief on others."""

from __future__ import annotations

from pathlib import Path

import pytest

from rungwise.catalogue import load
from rungwise.model import Status
from rungwise.pages.elements import address, words
from rungwise.store import Week, record_rule_change
from tests.rungwise.pages import fleet
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said
from tests.rungwise.store.sample import STATUSES, look, save

TESTS, CI, REVIEW = (words.plain(load()[practice].title) for practice in ("unit-tests", "ci-tests", "required-review"))


def test_each_move_has_its_direction_and_its_cause(open_page: Open) -> None:
    app = open_page("moved")
    text = said(app)
    assert (
        "Since 2026-W46: 1 practice went in 1 repository and 1 practice came in 1 repository; 1 came into sight or left it."
        in text
    )
    assert [header.value for header in app.header] == ["Went", "Came", "In or out of sight"]
    assert f"**{CI}** :gray[not there → there]" in text
    assert (
        f"Commit [`facade01`](<https://github.com/{fleet.SHOP}/commit/{'facade01' * 5}>) of 13 November 2026 by Ada "
        "added `.github/workflows/ci.yml`: “Run the tests”." in text
    )
    assert "More or less of it could be seen than before." in text


def test_a_regression_names_the_commit_that_removed_it_and_its_words_stay_words(open_page: Open) -> None:
    text = said(open_page("moved", way="down"))
    assert f"**{TESTS}** :gray[there → not there]" in text
    assert f"[`deadbeef`](<https://github.com/{fleet.TOOLS}/commit/{'deadbeef' * 5}>) of 14 November 2026" in text
    assert "removed" in text
    assert "](https://elsewhere" not in text.replace(words.code(fleet.HOSTILE), "")
    assert CI not in text


@pytest.mark.parametrize(
    ("where", "shown", "hidden"),
    [
        ({"team": fleet.SALES}, [CI, REVIEW], [TESTS]),
        ({"team": fleet.PLATFORM}, [TESTS], [CI, REVIEW]),
        ({"cause": "sight"}, [REVIEW], [CI, TESTS]),
        ({"way": "up"}, [CI], [REVIEW, TESTS]),
        ({"stage": str(int(load()["required-review"].stage))}, [REVIEW], []),
        ({"stage": "6"}, [], [CI, REVIEW, TESTS]),
        ({"team": address.UNOWNED}, [], [CI, REVIEW, TESTS]),
    ],
)
def test_the_address_narrows_the_list(open_page: Open, where: dict[str, str], shown: list[str], hidden: list[str]) -> None:
    text = said(open_page("moved", **where))
    assert all(f"**{title}**" in text for title in shown)
    assert not any(f"**{title}**" in text for title in hidden)


def test_filters_go_into_the_address_and_out_of_it(open_page: Open) -> None:
    app = open_page("moved")
    next(box for box in app.selectbox if box.label == "Team").select(fleet.PLATFORM).run()
    assert app.query_params["team"] == fleet.PLATFORM
    next(box for box in app.selectbox if box.label == "Cause").select("sight").run()
    assert app.query_params["cause"] == "sight"
    text = said(app)
    assert "Nothing of that sort moved since 2026-W46." in text
    assert "Show all teams, stages and causes" in text
    next(box for box in app.selectbox if box.label == "Cause").select("").run()
    assert "cause" not in app.query_params
    assert TESTS in said(app)


def test_a_long_list_comes_in_pages(tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"acme/app-{number:02}" for number in range(45)]
    save(tmp_path, "2026-W46", [look(name, 1) for name in names])
    save(tmp_path, "2026-W47", [look(name, 2, STATUSES | {"metrics": Status.PRESENT}) for name in names])
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    app = open_page("moved")
    assert not app.exception
    assert "app-11" in said(app)
    assert "app-12" not in said(app)
    [rest] = [link for link in app.get("page_link") if "All 45" in link.proto.label]
    assert "way=up" in rest.proto.query_string
    alone = open_page("moved", way="up")
    assert not alone.exception
    assert "app-39" in said(alone)
    assert "app-40" not in said(alone)


def test_an_unknown_team_is_named(open_page: Open) -> None:
    app = open_page("moved", team="nobody")
    assert "There is no team called nobody in week 2026-W47." in app.warning[0].value


def test_the_first_week_says_what_to_do(open_page: Open) -> None:
    app = open_page("moved", week="2026-W46")
    assert "is the first week here" in said(app)
    assert "--history" in app.code[0].value


def test_a_change_of_the_rules_is_told_apart_and_so_are_decisions(
    tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleet.make_database(tmp_path)
    flip = (fleet.SHOP, "metrics", Status.ABSENT, Status.NOT_SEEN)
    record_rule_change(tmp_path, Week.parse("2026-W47"), [load().hash], load().hash, [flip])
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    app = open_page("moved")
    text = said(app)
    assert "In 2026-W47 other rules came into force and turned 1 answer in 1 repository." in text
    assert f"**{words.plain(load()['metrics'].title)}** :gray[not there → not seen] in shop" in text
    assert "The rules changed" not in said(open_page("moved", way="up"))
    assert "The rules changed" not in said(open_page("moved", team=fleet.PLATFORM))


def test_overview_and_team_say_in_sentences_what_moved_and_lead_there(open_page: Open) -> None:
    text = said(open_page("overview"))
    assert "1 practice went in 1 repository and 1 practice came in 1 repository" in text
    assert f"**tools: {TESTS}** :gray[there → not there]" in text
    team = open_page("team", team=fleet.SALES)
    assert f"**shop: {CI}**" in said(team)
    assert TESTS not in said(team).split("What moved since")[0]
    [link] = [link for link in team.get("page_link") if "All that moved" in link.proto.label]
    assert "team=" in link.proto.query_string


def test_spans_read_as_language() -> None:
    assert words.ago(1) == "a week before"
    assert words.ago(4) == "4 weeks before"
    assert words.ago(52) == "a year before"
