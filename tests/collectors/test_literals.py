"""What a text has to hold for a pattern to occur in it."""

import re

import pytest
import re2
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.literals import Filter, needed
from rungwise.assess import everything_wanted
from rungwise.catalogue import load

PATTERNS = sorted({clue.pattern for clue in everything_wanted(load()).code})

ASCII = st.characters(max_codepoint=127)
WORDS = st.text("abcABC_.", min_size=1, max_size=4).map(re.escape)
PIECES = st.one_of(
    WORDS, st.sampled_from([r"\w*", r"[abc]", r"[^a]", r"[A-Z]+", r"\b", ".", "x?", r"\d{2}", r"(?i:Ab)", "[_-]?"])
)
PATTERN = st.recursive(
    st.lists(PIECES, min_size=1, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(lambda choices: f"({'|'.join(choices)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{0,2}", "+?"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=8,
)


def possible(filter_: Filter, text: bytes) -> list[int]:
    return filter_.possible(filter_.met(text))


def test_neighbouring_words_are_joined_so_that_both_apart_are_not_enough() -> None:
    pattern = r"(?i)\bcreate_?(user|account)\w*\("

    assert needed(pattern) == ((frozenset(("createuser", "createaccount", "create_user", "create_account")),),)
    assert possible(Filter([pattern]), b"await CREATE_Account(name)") == [0]
    assert possible(Filter([pattern]), b"create the user (or the account)") == []


def test_where_too_many_words_would_be_joined_the_ends_are() -> None:
    pattern = r"(load|make|seed|fill|grow|form|send)_?(test|mock|demo|fake|real|next|last)_?(user|item|task|page|file|team|plan)"

    assert all(len(words) <= 64 for (sets,) in [needed(pattern)] for words in sets)
    assert possible(Filter([pattern]), b"seed_demo_plan") == [0]
    assert possible(Filter([pattern]), b"seed a demo for the plan") == []


@pytest.mark.parametrize("pattern", [r"\Qab\E", r"\pL+", r"[[:alpha:]]x|\x41", r"\w+\d*", "a?", "(a|)", "é", "[ab]{0}"])
def test_a_pattern_of_which_nothing_is_known_might_occur_anywhere(pattern: str) -> None:
    assert needed(pattern) == ((),)
    assert possible(Filter(["never there", pattern]), b"") == [1]


def test_of_several_alternatives_one_has_to_be_there_with_all_that_it_needs() -> None:
    pattern = r"\bcreate\b[^\n]+\bindex\b|\bdrop\b[^\n]+\bcolumn\b|\badd_index\b|explain"
    filter_ = Filter(["never", pattern])

    assert needed(pattern) == (
        (frozenset(("add_index", "explain")),),
        (frozenset(("create",)), frozenset(("index",))),
        (frozenset(("column",)), frozenset(("drop",))),
    )
    assert possible(filter_, b"drop the column, create the index") == [1]
    assert possible(filter_, b"explain") == [1]
    assert possible(filter_, b"drop the index") == possible(filter_, b"create a column") == []


def test_each_pattern_is_told_apart_from_the_others() -> None:
    filter_ = Filter(["alpha", "beta|gamma", r"delta\W+epsilon"])

    assert possible(filter_, b"Gamma and DELTA") == [1]
    assert possible(filter_, b"epsilon, alpha, delta") == [0, 2]
    assert possible(Filter([]), b"alpha") == []


def test_hardly_a_pattern_of_the_catalogue_is_run_on_every_file() -> None:
    assert len(possible(Filter(PATTERNS), b"")) < len(PATTERNS) / 50


def test_no_example_of_the_catalogue_is_passed_over() -> None:
    for clue in everything_wanted(load()).code:
        example = clue.example.encode("ascii", "replace")
        if re2.search("(?m)" + clue.pattern, example.decode()):
            assert possible(Filter([clue.pattern]), example) == [0], clue.pattern


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_no_text_in_which_a_pattern_occurs_is_passed_over(data: st.DataObject) -> None:
    pattern = data.draw(st.one_of(PATTERN, st.sampled_from(PATTERNS)))
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), alphabet=ASCII))

    if re2.search(pattern, text):
        assert possible(Filter([pattern]), text.encode()) == [0], needed(pattern)
