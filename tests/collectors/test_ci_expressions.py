"""What GitHub Actions expressions can be worth."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ci.expressions import EITHER, UNKNOWN, Unknown, Values, can_hold, known, texts, values_of, worth

_PULL_REQUEST: dict[str, Values] = {
    "github.event_name": known(["pull_request"]),
    "github.ref": frozenset((Unknown("refs/pull/", "/merge"),)),
    "inputs.environment": known(["staging", "production"]),
    "inputs.flag": frozenset((False,)),
    "matrix.x": known(["1", "2"]),
}


def look(name: str) -> Values:
    return _PULL_REQUEST.get(name, UNKNOWN)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("github.event_name == 'push'", {False}),
        ("github.event_name != 'push'", {True}),
        ("github['event_name'] == 'Pull_Request'", {True}),
        ("github.ref == 'refs/heads/main' && 'production' || 'staging'", {"staging"}),
        ("startsWith(github.ref, 'refs/tags/')", {False}),
        ("startsWith(github.ref, 'refs/pull')", {True}),
        ("vars.X && 'a' || 'b'", {"a", "b"}),
        ("vars.X == 'y'", EITHER),
        ("inputs.environment || 'dev'", {"staging", "production"}),
        ("format('{0}-eu', inputs.environment)", {"staging-eu", "production-eu"}),
        ("inputs.flag || !inputs.flag", {True}),
        ("contains('a,b', 'a')", {True}),
        ("always()", {True}),
        ("failure()", EITHER),
        ("'it''s'", {"it's"}),
        ("null || 0 || 'x'", {"x"}),
        ("needs.*.result", UNKNOWN),
        ("toJSON(x)[0].y", UNKNOWN),
        ("a ===", UNKNOWN),
        ("((", UNKNOWN),
        ("", UNKNOWN),
    ],
)
def test_values(expression: str, expected: Values) -> None:
    assert values_of(expression, look) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("false", False),
        ("${{ false }}", False),
        ("${{ false }} and more", True),
        ("false && vars.X", False),
        ("github.event_name == 'push' || vars.X == 'y'", True),
        ("github.event_name == 'push' && vars.X == 'y'", False),
        ("!cancelled() && (github.event_name != 'push' || needs.x.outputs.y != 'true')", True),
        ("this is no expression", True),
    ],
)
def test_conditions_are_false_only_for_certain(condition: str, expected: bool) -> None:
    assert can_hold(condition, look) is expected


def test_texts_leave_what_is_not_known() -> None:
    assert texts("plain", look) == ("plain",)
    assert texts("a-${{ inputs.environment }}-${{ secrets.x }}", look) == (
        "a-production-${{ secrets.x }}",
        "a-staging-${{ secrets.x }}",
    )
    assert texts("${{ matrix.x }}/${{ matrix.x }}", look) == ("1/1", "2/2")


def test_worth_keeps_flags_flags() -> None:
    assert worth("${{ inputs.flag }}", look) == {False}
    assert worth("x-${{ secrets.y }}", look) == UNKNOWN


def test_long_and_deep_expressions_are_unknown() -> None:
    assert values_of("(" * 500 + "true" + ")" * 500, look) == UNKNOWN
    assert values_of("'a' || " * 2_000 + "'b'", look) == UNKNOWN
    many = " || ".join(f"(vars.X && '{n}')" for n in range(40))
    assert values_of(many, look) == UNKNOWN


@given(st.text(alphabet="ab.'()!&|=<>[]*, 0{}$", max_size=60))
def test_any_text_has_values(expression: str) -> None:
    assert values_of(expression, look)
    assert texts(expression, look)
    can_hold(expression, look)
