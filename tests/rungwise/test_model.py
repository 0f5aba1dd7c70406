"""What a signal says of itself."""

import pytest

from rungwise.model import Signal, SignalKind


@pytest.mark.parametrize(("value", "places"), [("12", 12), ("", 1), ("true", 1)])
def test_a_pattern_whose_places_were_not_counted_was_seen_in_one_at_the_least(value: str, places: int) -> None:
    assert Signal(SignalKind.CODE, r"\bping\(", value, "a.py", 3).places == places
