"""What has to be searched again of a file that changed."""

import pytest
import re2
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from collectors import versions
from collectors.source import Patterns
from collectors.versions import REACH, Version, Versions, changed, reach
from rungwise.assess import everything_wanted
from rungwise.catalogue import load
from rungwise.clues import PYTHON, Language, beside, code, wanted
from rungwise.model import Place

WANTED = everything_wanted(load())
PATTERNS = {clue.pattern: clue.example for clue in WANTED.code}

PIECES = st.sampled_from(
    ["a", "b", "ab", r"\s*", r"\s+", r"\n", r"[^a]*", r"[^\n]*", r"[\s;]+", r"\W", r"\b", "^", "$", ".", r"(?i:A)", r"(?s:.)", "[ab]", r"\S+", r"[ \t]*"]
)  # fmt: skip
PATTERN = st.recursive(
    st.lists(PIECES, min_size=1, max_size=4).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda choices: f"({'|'.join(choices)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{0,2}"])).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
        st.lists(inner, min_size=2, max_size=3).map("".join),
    ),
    max_leaves=5,
)
TEXT = st.lists(st.sampled_from(["a", "b", "ab", ";", " ", "\n", "\n\n", "\n  \n", "A"]), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("pattern", "lines"),
    {
        r"\bsentry_sdk\.init\(": 0,
        r"(?i)^[^\n]*token\w*$": 0,
        r"[^\s;]+;|\S+:": 0,
        r"create\(\s*name": 1,
        r"^on:\s*\n\s+push": 3,
        r"a(\s*b)?\s*c": 2,
        r"[ \t\n]+a": 1,
        r"a(\s*b)*": None,
        r"a[^)]*b": None,
        r"a[\s,]+b": None,
        r"a\W+b": None,
        r"a[[:space:]]b": None,
        r"(?s)a.b": None,
        r"(?s:a.)b": None,
        r"a\z": None,
        r"\Qa\E": None,
    }.items(),
)
def test_how_many_lines_a_pattern_takes_in(pattern: str, lines: int | None) -> None:
    assert reach(pattern) == lines


def test_that_is_known_of_most_patterns_of_the_catalogue() -> None:
    assert sum(reach(pattern) in range(REACH + 1) for pattern in PATTERNS) > 0.8 * len(PATTERNS)


def test_only_the_lines_that_changed_are_searched_and_some_around_them() -> None:
    before = b"one\ntwo\n\nthree\nfour\nfive\nsix\n"

    assert changed(before, before.replace(b"four", b"for"), lines=0) == b"for\n"
    assert changed(before, before.replace(b"four", b"for"), lines=1) == b"three\nfor\nfive\n"
    assert changed(before, before.replace(b"four", b"for"), lines=2) == b"two\n\nthree\nfor\nfive\nsix\n"
    assert changed(before, before.replace(b"four\n", b""), lines=1) == b"three\nfive\nsix\n"
    assert changed(before, before + b"seven", lines=0) == b"seven"
    assert changed(b"", before) == before
    assert changed(before, b"") == b""


@given(PATTERN, TEXT, TEXT, TEXT, TEXT)
@example(r"a\s*b", "a\n", ";", "", "\nb")
@settings(max_examples=500, deadline=None)
def test_a_pattern_that_comes_into_a_text_comes_into_its_changed_lines(
    pattern: str, head: str, old: str, new: str, tail: str
) -> None:
    lines = reach(pattern)
    assume(lines is not None)
    before, now = (f"{head}{middle}{tail}".encode() for middle in (old, new))
    searched = re2.compile("(?m)" + pattern)
    if searched.search(now) and not searched.search(before):
        assert searched.search(changed(before, now, lines))


@given(st.sampled_from(sorted(PATTERNS)), st.data())
@settings(max_examples=500, deadline=None)
def test_so_does_each_of_the_catalogue(pattern: str, data: st.DataObject) -> None:
    assume(reach(pattern) in range(REACH + 1))
    example = PATTERNS[pattern].encode("ascii", "replace")
    around = data.draw(TEXT).encode()
    start = data.draw(st.integers(0, len(example)))
    end = data.draw(st.integers(start, len(example)))
    now = around + example + around
    before = around + example[:start] + data.draw(TEXT).encode() + example[end:] + around
    searched = re2.compile("(?m)" + pattern)
    if searched.search(now) and not searched.search(before):
        assert searched.search(changed(before, now))


LINES = sorted({line for clue in WANTED.code if Language.PYTHON in clue.languages for line in clue.example.splitlines()})
AGAIN = Patterns(WANTED.code, WANTED.only_with, Versions())
AFRESH = Patterns(WANTED.code, WANTED.only_with)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_nothing_is_found_otherwise_for_having_been_searched_before(data: st.DataObject) -> None:
    lines = data.draw(st.lists(st.sampled_from(LINES), max_size=12))
    for _ in range(4):
        text = "\n".join(lines).encode()
        assert AGAIN.find("app/a.py", Language.PYTHON, text, Place.SOURCE) == AFRESH.find(
            "app/a.py", Language.PYTHON, text, Place.SOURCE
        )
        at = data.draw(st.integers(0, len(lines)))
        lines[at : at + data.draw(st.integers(0, 2))] = data.draw(st.lists(st.sampled_from(LINES), max_size=2))


FAR = b"x = 1\n" * (REACH + 1)


def test_what_waited_for_another_is_looked_for_everywhere_when_that_comes() -> None:
    opens, closes = code(r"\bacquire\(", PYTHON, example="acquire()"), code(r"\brelease\(", PYTHON, example="release()")
    asked = wanted([beside(opens, closes)])
    patterns = Patterns(asked.code, asked.only_with, Versions())

    assert patterns.find("a.py", Language.PYTHON, b"acquire()\n" + FAR, Place.SOURCE) == ()
    assert len(patterns.find("a.py", Language.PYTHON, b"acquire()\n" + FAR + b"release()\n", Place.SOURCE)) == 2
    assert patterns.find("a.py", Language.PYTHON, FAR + b"release()\n", Place.SOURCE) == ()


def test_what_takes_in_any_number_of_lines_is_looked_for_everywhere() -> None:
    patterns = Patterns([code(r"\bopen\([^)]*retry", PYTHON, example="open(a, retry=1)")], versions=Versions())

    assert patterns.find("a.py", Language.PYTHON, b"open(\n" + FAR + b")\n", Place.SOURCE) == ()
    assert [match.line for match in patterns.find("a.py", Language.PYTHON, b"open(\n" + FAR + b"retry)\n", Place.SOURCE)] == [1]


def test_the_oldest_versions_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(versions, "_MOST_BYTES", 10)
    kept = Versions()
    for path, text in (("a", b"123456"), ("b", b"123"), ("a", b"1234"), ("c", b"123"), ("d", b"1")):
        kept.keep(path, None, Version(text, 0, frozenset()))

    assert [path for path in "abcd" if kept.last(path, None)] == ["a", "c", "d"]
