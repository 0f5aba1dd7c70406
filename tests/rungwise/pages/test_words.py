"""Sentences a person would say, and text from elsewhere that stays text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from rungwise import ladder
from rungwise.catalogue import load
from rungwise.model import Fact, Flag, Kind, Role, Stage, State, Status
from rungwise.owners import CODEOWNERS, GITHUB_TEAMS, Owner
from rungwise.pages.elements import words


@dataclass(frozen=True)
class Standing:
    holds: int
    of: int
    at_least: int
    could_be: int


@pytest.mark.parametrize(
    ("standing", "upcoming", "target", "questions", "unmeasured", "sentence"),
    [
        (
            Standing(4, 6, 3, 5), Stage.OBSERVING, None, 7, 0,
            "holds 4 of 6 stages (at least 3, could be 5: 7 questions open); next: observing",
        ),
        (
            Standing(4, 6, 3, 5), Stage.OBSERVING, Stage.TESTING, 1, 31,
            "holds 4 of 6 stages (at least 3, could be 5: 1 question open and 31 practices not measured yet); next: observing",
        ),
        (
            Standing(3, 3, 3, 3), None, None, 2, 0,
            "holds 3 of 3 stages (that much is sure); nothing left to climb",
        ),
        (
            Standing(3, 6, 3, 4), None, Stage.TESTING, 0, 0,
            "holds 3 of 6 stages (at least 3, could be 4); at its target, stage 3 (testing)",
        ),
    ],
)  # fmt: skip
def test_the_label_gives_honest_bounds(
    standing: Standing, upcoming: Stage | None, target: Stage | None, questions: int, unmeasured: int, sentence: str
) -> None:
    assert words.caption(standing, upcoming, target, questions, unmeasured) == sentence


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("#team-a", "\\#team-a"),
        ("[x](https://elsewhere.example)", "\\[x\\]\\(https\\:\N{WORD JOINER}//elsewhere\\.example\\)"),
        ("![x](y)", "\\!\\[x\\]\\(y\\)"),
        ("www.elsewhere.example", "www\N{WORD JOINER}\\.elsewhere\\.example"),
        ("a@b.example", "a\N{WORD JOINER}\\@b\\.example"),
        ("<img src=x>", "\\<img src=x\\>"),
        (":red[x] $y$ `z` *a* _b_ ~c~", "\\:red\\[x\\] \\$y\\$ \\`z\\` \\*a\\* \\_b\\_ \\~c\\~"),
        ("a\n\n# b", "a \\# b"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_text_from_elsewhere_is_shown_letter_by_letter(text: str, shown: str) -> None:
    assert words.plain(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"), [("a.py", "`a.py`"), ("a`b", "`` a`b ``"), ("a``b", "``` a``b ```"), ("a\nb", "`a b`")]
)
def test_a_path_cannot_leave_its_code_span(text: str, shown: str) -> None:
    assert words.code(text) == shown


def test_only_https_becomes_a_link() -> None:
    assert words.link("x", "https://github.com/a b>c\\") == "[x](<https://github.com/a%20b%3Ec%5C>)"
    assert words.link("x", "javascript:alert(1)") == "x"
    assert words.link("x", "http://github.com") == "x"
    assert words.link("x", None) == "x"


def test_lists_and_counts_read_as_language() -> None:
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == "a, b and c"
    assert words.listing(["a", "b", "c", "d"]) == "a, b, c and 1 more"
    assert words.repositories(1) == "1 repository"
    assert words.repositories(1400) == "1,400 repositories"
    assert words.kinds(["LIB", "APP", "LIB"]) == "2 libraries, 1 service or web app"


@pytest.mark.parametrize(
    ("then", "age"),
    [
        (date(2026, 11, 22), "today"),
        (datetime(2026, 11, 21, 23, 59), "1 day"),
        (date(2026, 11, 9), "13 days"),
        (date(2026, 11, 8), "2 weeks"),
        (date(2026, 7, 22), "4 months"),
    ],
)
def test_age_is_given_in_the_unit_that_says_enough(then: date, age: str) -> None:
    assert words.age(then, date(2026, 11, 22)) == age


def test_every_value_has_its_word() -> None:
    assert set(words.STATES) == set(words.STATES_EXPLAINED) == set(State)
    assert set(words.STATUSES) == set(words.STATUSES_EXPLAINED) == set(words.SYMBOLS) == set(words.COLOURED) == set(Status)
    assert len(set(words.SYMBOLS.values())) == len(Status)
    assert set(words.KINDS) == set(Kind)
    assert set(words.FLAGS) == set(Flag)
    assert set(words.FACTS) == set(Fact)


ANCHOR, CORE = (
    next(p.id for p in load().of(Stage.OBSERVING) if p.role is role and p.weight and p.measured)
    for role in (Role.ANCHOR, Role.CORE)
)


@pytest.mark.parametrize(
    ("state", "statuses", "part"),
    [
        (State.NOT_HELD, {ANCHOR: Status.ABSENT}, "Not held without an anchor of this stage"),
        (State.NOT_HELD, {ANCHOR: Status.PARTIAL, CORE: Status.ABSENT}, f"it takes {ladder.COVERAGE:.0%} by weight"),
        (State.SURE, {ANCHOR: Status.PRESENT}, "1 of the 1 practice that could be judged are there"),
        (State.HELD, {ANCHOR: Status.PRESENT, CORE: Status.UNKNOWN}, "1 of 2 are open and could still change that"),
        (State.OPEN, {ANCHOR: Status.NOT_SEEN, CORE: Status.PRESENT}, "among them: too much to say"),
        (State.OPEN, {ANCHOR: Status.NOT_SEEN}, "Nothing here could be judged yet"),
        (State.NOT_APPLICABLE, {ANCHOR: Status.NOT_APPLICABLE}, "Nothing in this stage is expected"),
    ],
)
def test_a_state_comes_with_its_reason(state: State, statuses: dict[str, Status], part: str) -> None:
    assert part in words.why_state(Stage.OBSERVING, state, list(statuses.items()), load())


@pytest.mark.parametrize(
    ("team", "source", "says"),
    [
        ("Shop", "teams file", "Shop, because the teams file says so"),
        ("acme/web", "CODEOWNERS", "because its CODEOWNERS file names it"),
        ("Web", "teams on GitHub", "because it is the only team on GitHub that may administer"),
        ("Shop", "custom property squad", "because the custom property `squad` on GitHub says so"),
        ("shop", "topic team-shop", "because the topic `team-shop` on GitHub says so"),
        (None, None, "nobody is named"),
    ],
)
def test_why_a_repository_has_its_owner(team: str | None, source: str | None, says: str) -> None:
    assert says in words.why_owner(team, source)


def test_who_is_named_besides_is_said_with_who_says_so() -> None:
    assert words.named_besides(()) == ""
    two = (Owner("acme/web", CODEOWNERS), Owner("Platform", GITHUB_TEAMS))
    assert words.named_besides(two) == "; others name acme/web by its CODEOWNERS file and Platform by teams on GitHub"
