"""The guide: every practice, who has it, and how sure the answer is."""

from __future__ import annotations

from rungwise.catalogue import load
from rungwise.pages.elements import words
from tests.rungwise.pages import fleet
from tests.rungwise.pages.conftest import Open
from tests.rungwise.pages.test_pages import said


def test_the_guide_lists_every_practice_with_a_denominator(open_page: Open) -> None:
    app = open_page("practices")
    text = said(app)
    assert all(words.plain(practice.title) in text for practice in load())
    assert " have it" in text
    assert "repositories that people read by hand" in text


def test_the_guide_says_how_right_the_answers_were_where_no_rule_was_tried(open_page: Open) -> None:
    page = open_page("practices")
    [said] = [caption.value for caption in page.caption if "How often the answers are right" in caption.value]
    assert "before any rule was tried on them" in said
    assert " answers “there” were plainly right and " in said


def test_one_stage_leaves_the_others_out(open_page: Open) -> None:
    text = said(open_page("practices", stage="6"))
    assert words.plain(load()["load-testing"].title) in text
    assert words.plain(load()["error-tracking"].title) not in text


def test_a_practice_says_why_how_and_who(open_page: Open) -> None:
    practice = load()["error-tracking"]
    app = open_page("practices", practice=practice.id)
    text = said(app)
    assert words.plain(practice.why) in text
    assert all(words.plain(advice) in text for advice in practice.advice)
    assert words.plain(practice.looked_for) in text
    assert "Measured on" in text
    assert fleet.SHOP.split("/")[1] in text


def test_an_unknown_practice_is_named_and_the_guide_is_shown(open_page: Open) -> None:
    app = open_page("practices", practice="no-such-thing")
    assert [warning.value for warning in app.warning] == ["There is no practice called no-such-thing."]
    assert words.plain(load()["unit-tests"].title) in said(app)
