"""Every page opens at every address, says what there is to say, and what to do where there is nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from rungwise import ladder
from rungwise.catalogue import load
from rungwise.model import Stage
from rungwise.pages.elements import address, words
from rungwise.pages.elements.data import View
from rungwise.store import demo
from tests.rungwise.pages import fleet
from tests.rungwise.pages.conftest import ROOT, Open
from tests.rungwise.store.sample import look, save

ADDRESSES = [
    ("overview", {}),
    ("overview", {"week": "2026-W46"}),
    ("team", {}),
    ("team", {"team": fleet.SALES}),
    ("team", {"team": fleet.PLATFORM, "stage": "2"}),
    ("team", {"team": address.UNOWNED}),
    ("repository", {}),
    *(("repository", {"repository": name}) for name in (fleet.SHOP, fleet.TOOLS, fleet.SAMPLE, fleet.LOST)),
    ("repository", {"repository": fleet.SHOP, "stage": "4", "week": "2026-W46"}),
    ("practices", {}),
    ("practices", {"stage": "2"}),
    ("practices", {"practice": "error-tracking"}),
    ("practices", {"practice": "auth-deferred", "week": "2026-W46"}),
    ("moved", {}),
    ("moved", {"week": "2026-W46"}),
    ("moved", {"team": fleet.SALES, "stage": "3", "cause": "commit", "way": "up", "since": "2026-W46"}),
    ("moved", {"way": "rules"}),
    ("collection", {}),
    ("collection", {"week": "2026-W46"}),
]


def said(app: AppTest) -> str:
    """All text on the page."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.warning, app.expander, app.code)
    blocks = [element.label if element.type == "expander" else element.value for kind in kinds for element in kind]
    html = [element.proto.body for element in app.get("html") if "<style>" not in element.proto.body]
    links = [element.proto.label for element in app.get("page_link")]
    return "\n".join(str(text) for text in (*blocks, *html, *links))


@pytest.mark.parametrize(("page", "where"), ADDRESSES)
def test_every_address_opens(open_page: Open, page: str, where: dict[str, str]) -> None:
    app = open_page(page, **where)
    assert not app.exception
    assert not app.warning
    assert app.title


def test_a_page_is_tried_for_every_file() -> None:
    assert {page for page, _ in ADDRESSES} == {path.stem for path in (ROOT / "rungwise/pages").glob("*.py")} - {"__init__"}


def test_the_overview_gives_four_figures_with_their_denominators(open_page: Open) -> None:
    app = open_page("overview")
    figures = {metric.label: (metric.value, metric.delta) for metric in app.metric}
    assert len(figures) == 4
    assert figures["At or above their target"][0].endswith(" of 1")
    assert figures["At or above their target"][1] == "4 have no target yet"
    assert figures["Moved since 2026-W46"] == ("3 practices", "1 came, 1 went")
    assert figures["Age of the data"][1] == "from 17 November 2026"
    assert int(figures["Open questions"][0]) > 0


def test_a_week_that_was_judged_later_is_as_old_as_it_is(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A year that was judged from git today is no news of today."""
    monkeypatch.setattr(View, "run", {"finished": datetime(2026, 12, 24)})
    app = open_page("overview", week="2026-W46")
    assert {metric.label: metric.delta for metric in app.metric}["Age of the data"] == "from 15 November 2026"


def test_the_first_week_has_nothing_to_be_compared_with(open_page: Open) -> None:
    app = open_page("overview", week="2026-W46")
    assert {metric.label: metric.value for metric in app.metric}["Moved since last week"] == "-"
    assert "What moved" not in said(app)


def test_the_overview_says_what_was_not_collected_and_what_is_not_counted(open_page: Open) -> None:
    text = said(open_page("overview"))
    assert "1 thing could not be collected" in text
    assert "Without 1 repository that is a fork, a template or archived." in text


def test_a_step_of_a_repository_opens_to_what_it_rests_on(open_page: Open) -> None:
    app = open_page("repository", repository=fleet.LOST)
    rests = [expander for expander in app.expander if expander.label == "Why we say so"]
    assert 1 <= len(rests) <= 3
    assert all(":gray[Looked for]" in expander.markdown[0].value for expander in rests)


def test_a_team_page_names_its_steps_repositories_and_questions(open_page: Open) -> None:
    app = open_page("team", team=fleet.SALES)
    text = said(app)
    assert "2 repositories (2 services and web apps), 1 of them with a target." in text
    assert 1 <= sum("How to start" in expander.label or "What to ask" in expander.label for expander in app.expander) <= 3
    assert text.count('class="rw-six" role="img"') == 2
    assert "as far as the target reaches" in text
    assert any(expander.icon == ":material/help:" for expander in app.expander)


def test_many_teams_and_many_repositories_are_shown_a_part_at_a_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: Open
) -> None:
    owners = {f"acme/app-{number:03}": f"team-{number:02}" if number < 40 else "team-39" for number in range(90)}
    save(tmp_path, "2026-W47", [look(name) for name in owners], owners=owners)
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    app = open_page("overview")
    assert not app.exception
    assert "team-28" in said(app)
    assert "team-38" not in said(app)
    [every] = [toggle for toggle in app.toggle if toggle.label.startswith("All 40 teams")]
    every.set_value(True).run()
    assert "team-38" in said(app)
    team = open_page("team", team="team-39")
    assert not team.exception
    assert "51 repositories" in said(team)
    assert said(team).count('class="rw-six" role="img"') == 40


def test_a_stage_in_the_address_narrows_a_team_to_it(open_page: Open) -> None:
    app = open_page("team", team=fleet.SALES, stage="2")
    text = said(app)
    assert 'class="rw-six" role="img"' not in text
    assert "Not there: “" in text
    assert "Partly there: “" in text
    assert app.get("button_group")[0].value == 2


def test_a_repository_page_says_how_it_stands_and_why(open_page: Open) -> None:
    text = said(open_page("repository", repository=fleet.SHOP))
    assert "Holds " in text
    assert "at least " in text
    assert "; next: observing." in text
    assert text.count('class="rw-card ') == 6
    assert "stage 3 (testing)" in text
    assert "**Kind**: service or web app, because it serves requests \\(rails\\)." in text
    assert "because: It has customers\\." in text
    assert "look again on 3 May 2027" in text
    assert "Uncommitted changes were left out" in text


def test_a_practice_opens_to_its_evidence_and_advice(open_page: Open) -> None:
    app = open_page("repository", repository=fleet.SHOP, stage="3")
    lines = [expander for expander in app.expander if "src/app.py:12" in expander.label]
    inside = "\n".join(text.value for text in lines[0].markdown)
    assert "This is why it is present" in inside
    assert f"[`src/app.py:12`](<https://github.com/{fleet.SHOP}/blob/" in inside
    assert "Looked for" in inside
    assert "Why" in inside
    assert "How to start" not in inside


def test_a_practice_opens_to_its_history(open_page: Open) -> None:
    app = open_page("repository", repository=fleet.SHOP, stage="3")
    titles = {words.plain(load()[practice].title): practice for practice in ("ci-tests", "unit-tests")}
    opened = {titles[name]: line.markdown[0].value for line in app.expander for name in titles if name in line.label}
    assert "2026-W47: not there → there. :small[Commit [`facade01`](<https://github.com/acme/shop/commit/" in opened["ci-tests"]
    assert "added `.github/workflows/ci.yml`" in opened["ci-tests"]
    assert "It has not moved since 2026-W46, the first week here." in opened["unit-tests"]
    before = open_page("repository", repository=fleet.SHOP, stage="3", week="2026-W46")
    assert "facade01" not in said(before)


def test_a_practice_that_the_catalogue_forgot_is_still_shown(open_page: Open) -> None:
    app = open_page("repository", repository=fleet.SHOP, stage="3")
    line = next(expander for expander in app.expander if "a-practice-of-old" in expander.label)
    assert "no longer has this practice" in line.markdown[0].value


def test_a_flagged_repository_is_asked_nothing(open_page: Open) -> None:
    app = open_page("repository", repository=fleet.SAMPLE)
    assert "template or sample" in said(app)
    assert not any(expander.label == "How to start" for expander in app.expander)


@pytest.mark.parametrize(
    ("page", "where", "sentence"),
    [
        ("team", {"team": "nobody"}, "There is no team called nobody in week 2026-W47."),
        ("team", {"team": "[x](https://elsewhere.example)"}, "There is no team called \\[x\\]\\(https"),
        ("repository", {"repository": "acme/nothing"}, "There is no repository called acme/nothing in week 2026-W47."),
        ("overview", {"week": "2020-W01"}, "Nothing was collected in week 2020-W01; this is 2026-W47."),
        ("overview", {"week": "<b>"}, "Nothing was collected in week \\<b\\>; this is 2026-W47."),
    ],
)
def test_a_wrong_address_gets_a_friendly_answer(open_page: Open, page: str, where: dict[str, str], sentence: str) -> None:
    app = open_page(page, **where)
    assert not app.exception
    assert sentence in app.warning[0].value
    assert app.selectbox


@pytest.mark.parametrize("stage", ["0", "7", "two", "-1", "2.0"])
def test_a_stage_that_does_not_exist_is_no_stage(open_page: Open, stage: str) -> None:
    app = open_page("repository", repository=fleet.SHOP, stage=stage)
    assert not app.exception
    assert len(app.subheader) == len(Stage)


def test_names_from_elsewhere_stay_names(open_page: Open) -> None:
    for page, where in ADDRESSES:
        text = said(open_page(page, **where)).replace(words.code(fleet.HOSTILE), "")
        assert "](https://elsewhere" not in text
        assert "<img" not in text


def test_choosing_goes_into_the_address(open_page: Open) -> None:
    app = open_page("team")
    app.selectbox[0].select(fleet.PLATFORM).run()
    assert app.query_params["team"] == fleet.PLATFORM
    assert fleet.PLATFORM in app.title[0].value
    week = next(box for box in app.selectbox if box.label == "Week")
    week.select("2026-W46").run()
    assert app.query_params["week"] == "2026-W46"
    assert app.query_params["team"] == fleet.PLATFORM
    assert not app.exception


def test_links_carry_the_week(open_page: Open) -> None:
    app = open_page("team", team=fleet.SALES, week="2026-W46")
    addresses = [link.proto.query_string for link in app.get("page_link")]
    assert addresses
    assert all("week=2026-W46" in where for where in addresses)


def test_the_thresholds_in_force_are_explained(open_page: Open) -> None:
    text = said(open_page("overview"))
    assert f"at least {ladder.COVERAGE:.0%} of what is known" in text
    assert f"{ladder.CONFIDENCE:.0%} of it is known" in text


def test_before_the_first_collection_a_page_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: Open
) -> None:
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path / "nothing"))
    monkeypatch.setattr(demo, "FOLDER", tmp_path / "no-demo")
    for page in ("overview", "team", "repository"):
        app = open_page(page)
        assert not app.exception
        assert app.title[0].value == "There is nothing to show yet"
        assert "collect local" in app.code[0].value


def test_a_damaged_database_is_said_to_be_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_page: Open) -> None:
    (tmp_path / "CURRENT").write_text("nonsense")
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    app = open_page("overview")
    assert not app.exception
    assert "CURRENT" in app.markdown[0].value
