"""Weeks as pictures: gaps stay gaps, other rules are never joined, and the week that is not over stands apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rungwise.model import Stage, State, Status
from rungwise.pages.elements import address, over_time, trend
from rungwise.pages.elements.trend import Line, Point, Rules, Standing
from rungwise.store import Week, record_rule_change
from rungwise.teams import Owner, Ownership, Target
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said
from tests.rungwise.store.sample import STATUSES, look, save

FIRST = Week.parse("2026-W40")
WEEKS = [Week.of_id(FIRST.id + number) for number in range(8)]


def line(held: Iterable[float | None], target: float | None = None) -> Line:
    points = tuple(
        Point(
            week,
            None if share is None else (share / 2, share, 1.0),
            "nothing" if share is None else f"{share:.0%} hold it; more open",
        )
        for week, share in zip(WEEKS, held, strict=False)
    )
    return Line(Stage.TESTING, "Testing", points, 1, target, "half need it" if target else "")


def drawn(chart: Any, **wanted: object) -> list[Any]:
    """The traces whose line has these properties."""
    return [trace for trace in chart.data if trace.line and all(trace.line[name] == value for name, value in wanted.items())]


def test_a_week_without_an_answer_is_a_gap() -> None:
    chart = trend.shares([line([0.2, 0.4, None, 0.4, 0.6])], Rules(), unfinished=False)
    [shown] = drawn(chart, width=2)
    assert list(shown.y) == [0.2, 0.4, None, 0.4, 0.6]
    assert shown.connectgaps is None
    areas = [trace for trace in chart.data if trace.fill == "toself"]
    assert len(areas) == 3, "one for each level"
    assert all(list(area.y).count(None) == 2 for area in areas), "an outline before the gap and one after"


def test_a_week_between_gaps_is_still_seen() -> None:
    [shown] = drawn(trend.shares([line([0.2, 0.4, None, 0.4, None])], Rules(), unfinished=False), width=2)
    assert list(shown.marker.size) == [0, 0, 0, 5, 0]


def test_weeks_under_other_rules_are_not_joined_to_the_rest() -> None:
    rules = Rules(frozenset(WEEKS[:2]), (WEEKS[2],))
    chart = trend.shares([line([0.2, 0.2, 0.8, 0.8])], rules, unfinished=False)
    [shown] = drawn(chart, width=2)
    [other] = drawn(chart, width=1.5, dash="dot")
    assert list(shown.y) == [None, None, 0.8, 0.8]
    assert list(other.y) == [0.2, 0.2, None, None]
    assert [shape.x0 for shape in chart.layout.shapes] == [WEEKS[2].starts.isoformat()]
    assert "judged by other rules" in chart.data[-1].text[0]
    assert "judged by other rules" not in chart.data[-1].text[2]


def test_the_week_that_is_not_over_stands_apart() -> None:
    chart = trend.shares([line([0.2, 0.4, 0.6])], Rules(), unfinished=True)
    solid, tail = drawn(chart, width=2)
    assert list(solid.y) == [0.2, 0.4]
    assert (list(tail.y), tail.line.dash, tail.marker.symbol) == ([0.4, 0.6], "dot", "circle-open")
    assert "not over yet" in chart.data[-1].text[2]
    assert "not over yet" not in chart.data[-1].text[1]
    assert len(drawn(trend.shares([line([0.2, 0.4, None])], Rules(), unfinished=True), width=2)) == 1


def test_the_target_stands_beside_the_line() -> None:
    chart = trend.shares([line([0.2, 0.4], target=0.5)], Rules(), unfinished=False)
    [target] = drawn(chart, dash="dash")
    assert list(target.y) == [0.5, 0.5]
    assert "half need it" in chart.data[-1].text[0]
    assert not drawn(trend.shares([line([0.2, 0.4])], Rules(), unfinished=False), dash="dash")


def test_a_picture_of_shares_in_words() -> None:
    text = trend.in_words([line([0.2, None, 0.6], target=0.5)])
    assert "3 weeks. Testing: 20% hold it; more open in 2026-W40, 60% hold it; more open in 2026-W42" in text
    assert "1 week of them without an answer" in text
    assert "half need it" in text
    assert "nothing to see yet" in trend.in_words([line([None, None])])


def standing(week: Week, state: State) -> Standing:
    return Standing(week, 1, 1, 2, 6, {stage: state if stage is Stage.TESTING else State.SURE for stage in Stage})


def test_a_repository_is_drawn_in_runs_of_the_same_state() -> None:
    states = [State.NOT_HELD, State.NOT_HELD, State.OPEN, State.HELD, None, State.HELD]
    standings = [standing(week, state) for week, state in zip(WEEKS, states, strict=False) if state]
    chart = trend.strips(WEEKS[:6], standings, Stage.TESTING, Rules(), unfinished=False)
    testing = {
        trace.text[0].split("<")[1].removeprefix("b>"): trace for trace in chart.data if trace.type == "bar" and trace.y[0] == 2
    }
    lengths = {name: [length / 7 / 86_400_000 for length in trace.x] for name, trace in testing.items()}
    assert lengths == {"Testing: not held": [2], "Testing: open": [1], "Testing: held": [1, 1]}, "the gap parts what is the same"
    assert [shape.y1 for shape in chart.layout.shapes] == [2.4], "the target reaches down to testing"
    assert not trend.strips(WEEKS[:6], standings, None, Rules(), unfinished=False).layout.shapes


@pytest.fixture
def organisation(tmp_path: Path, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> Open:
    """A function that opens a page on six weeks of two repositories: none in the third, the tests new in the fifth, the sixth not over."""
    owners = Ownership(
        {"acme/shop": Owner("web", "teams file")}, {"acme/shop": Target(Stage.TESTING, "It is sold.", "teams file")}
    )
    for number in (0, 1, 3, 4, 5):
        statuses = STATUSES | {"unit-tests": Status.ABSENT if number < 4 else Status.PRESENT}
        save(tmp_path, WEEKS[number].label, [look("acme/shop", number, statuses), look("acme/lost", 9)], ownership=owners)
    monkeypatch.setattr(over_time, "today", lambda: date(2026, 11, 4))
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    return open_page


def chart_of(app: Any, key: str) -> Any:
    return next(chart for chart in app.get("plotly_chart") if key in chart.proto.id)


@pytest.mark.parametrize(
    ("page", "where", "key", "in_words"),
    [
        ("overview", {}, "trend-stages", "Testing: 1 of 2 hold it; 1 surely in 2026-W40, 2 of 2 hold it; 2 surely in 2026-W45"),
        (
            "team",
            {"team": "web"},
            "trend-stages",
            "Testing: 0 of 1 hold it; 0 surely in 2026-W40, 1 of 1 hold it; 1 surely in 2026-W45",
        ),
        (
            "repository",
            {"repository": "acme/shop"},
            "trend-repository",
            "holds 1 of 2 (surely) in 2026-W45. 1 week without an answer.",
        ),
        (
            "practices",
            {"practice": "unit-tests"},
            "trend-practice",
            "Repositories: 1 of 2 have it in 2026-W40, 2 of 2 have it in 2026-W45",
        ),
    ],
)
def test_every_page_shows_its_trend_in_words_too(
    organisation: Open, page: str, where: dict[str, str], key: str, in_words: str
) -> None:
    app = organisation(page, **where)
    assert not app.exception
    assert in_words in chart_of(app, key).proto.alt
    assert "2026-W45 is not over" in said(app)
    assert len(app.table) == 1
    assert app.table[0].value["Week"].iloc[0] == "2026-W45"


def test_a_trend_ends_with_the_week_that_is_looked_at(organisation: Open) -> None:
    app = organisation("overview", week="2026-W43")
    assert app.table[0].value["Week"].tolist() == ["2026-W43", "2026-W42", "2026-W41", "2026-W40"]
    assert app.table[0].value["Testing"].tolist()[1] == "nobody looked"
    assert "is not over" not in said(app)


def test_targets_are_told_beside_the_trend(organisation: Open) -> None:
    assert "1 of 2 need it, by their targets of today" in chart_of(organisation("overview"), "trend-stages").proto.alt
    assert "1 of 2 need its stage" in chart_of(organisation("practices", practice="unit-tests"), "trend-practice").proto.alt
    assert "1 of 1 need it" in chart_of(organisation("team", team="web"), "trend-stages").proto.alt


def test_weeks_of_other_rules_are_named_with_what_to_do(organisation: Open, tmp_path: Path) -> None:
    save(tmp_path, WEEKS[6].label, [look("acme/shop", 7, catalogue="rules-2"), look("acme/lost", 9, catalogue="rules-2")])
    text = said(organisation("overview"))
    assert "5 weeks up to 2026-W45 were judged by other rules and cannot be compared" in text
    assert "rejudge" in text
    assert "the rules changed" in text


def test_a_change_of_rules_is_a_mark_where_the_past_was_judged_again(organisation: Open, tmp_path: Path) -> None:
    flip = ("acme/shop", "unit-tests", Status.ABSENT, Status.PRESENT)
    record_rule_change(tmp_path, WEEKS[4], ["rules-1"], "rules-1", [flip])
    assert "The rules changed in 2026-W44. All weeks shown are judged by those of today" in said(organisation("overview"))
    assert "The rules changed in 2026-W44." in said(organisation("repository", repository="acme/shop"))
    assert "The rules changed" in said(organisation("practices", practice="unit-tests"))
    assert "The rules changed" in said(organisation("team", team="web"))
    for page, where in (
        ("repository", {"repository": "acme/lost"}),
        ("practices", {"practice": "metrics"}),
        ("team", {"team": address.UNOWNED}),
    ):
        assert "The rules changed" not in said(organisation(page, **where))


def test_one_week_is_no_trend(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, WEEKS[0].label, [look("acme/shop")])
    monkeypatch.setenv("RUNGWISE_DATABASE", str(tmp_path))
    for page, where in (("overview", {}), ("repository", {"repository": "acme/shop"}), ("practices", {"practice": "unit-tests"})):
        app = open_page(page, **where)
        assert not app.exception
        assert "is the first week here" in said(app)
        assert any("--history" in code.value for code in app.code)
