"""Why a status moved."""

from __future__ import annotations

import pytest

from rungwise.causes import Cause, Direction, Judged, changes, direction
from rungwise.model import Evidence, Finding, Stage, Status


def judged(status: Status, *paths: str | None, commit: str = "a", catalogue: str = "1") -> Judged:
    evidence = tuple(Evidence(path, 1, commit, None) for path in paths)
    return Judged(commit, catalogue, (Finding("unit-tests", Stage.TESTING, status, ".", "", "", evidence),))


NOTHING = judged(Status.ABSENT)
A_TEST = judged(Status.PRESENT, "tests/a.py", commit="b")


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        (NOTHING, A_TEST, Cause.COMMIT),
        (A_TEST, judged(Status.ABSENT, commit="c"), Cause.COMMIT),
        (judged(Status.PRESENT, "tests/a.py", commit="c"), judged(Status.NOT_APPLICABLE, commit="d"), Cause.COMMIT),
        (judged(Status.UNKNOWN), A_TEST, Cause.SIGHT),
        (A_TEST, judged(Status.UNKNOWN, commit="c"), Cause.SIGHT),
        (NOTHING, judged(Status.PRESENT, None, commit="b"), Cause.SETTING),
        (judged(Status.PRESENT, None), judged(Status.ABSENT, commit="b"), Cause.SETTING),
        (judged(Status.PARTIAL, "x.yml"), judged(Status.PRESENT, "x.yml"), Cause.SETTING),
        (NOTHING, judged(Status.NOT_APPLICABLE), Cause.TIME),
        (NOTHING, judged(Status.PRESENT, "tests/a.py", commit="b", catalogue="2"), Cause.RULES),
        (judged(Status.UNKNOWN), judged(Status.PRESENT, "tests/a.py", catalogue="2"), Cause.RULES),
    ],
)
def test_cause(before: Judged, after: Judged, cause: Cause) -> None:
    [change] = changes(before, after)
    assert (change.practice, change.was, change.now) == ("unit-tests", before.findings[0].status, after.findings[0].status)
    assert change.cause is cause


def test_what_stays_is_no_change() -> None:
    assert changes(A_TEST, judged(Status.PRESENT, "tests/b.py", commit="c")) == ()
    assert changes(Judged("a", "1", ()), A_TEST) == (), "what was never judged before has not moved"


def test_the_files_that_only_one_side_has_come_first() -> None:
    some = judged(Status.PARTIAL, "tests/a.py", "tests/b.py")
    more = judged(Status.PRESENT, "tests/b.py", "tests/c.py", commit="b")
    assert changes(some, more)[0].paths == ("tests/c.py", "tests/b.py", "tests/a.py")
    assert changes(more, some)[0].paths == ("tests/c.py", "tests/b.py", "tests/a.py")


@pytest.mark.parametrize(
    ("was", "now", "cause", "way"),
    [
        (Status.ABSENT, Status.PRESENT, Cause.COMMIT, Direction.UP),
        (Status.NOT_SEEN, Status.PARTIAL, Cause.COMMIT, Direction.UP),
        (Status.NOT_SEEN, Status.PRESENT, None, Direction.UP),
        (Status.PRESENT, Status.PARTIAL, Cause.COMMIT, Direction.DOWN),
        (Status.PRESENT, Status.NOT_SEEN, Cause.SETTING, Direction.DOWN),
        (Status.PRESENT, Status.ABSENT, Cause.TIME, Direction.DOWN),
        (Status.ABSENT, Status.PRESENT, Cause.RULES, Direction.RULES),
        (Status.UNKNOWN, Status.PRESENT, Cause.RULES, Direction.RULES),
        (Status.PRESENT, Status.ABSENT, Cause.SIGHT, Direction.SIGHT),
        (Status.UNKNOWN, Status.PRESENT, None, Direction.SIGHT),
        (Status.PRESENT, Status.UNKNOWN, Cause.COMMIT, Direction.SIGHT),
        (Status.PRESENT, Status.NOT_APPLICABLE, Cause.COMMIT, Direction.SCOPE),
        (Status.ABSENT, Status.NOT_SEEN, Cause.COMMIT, Direction.SCOPE),
        (Status.PRESENT, Status.ATTESTED, None, Direction.SCOPE),
    ],
)
def test_other_rules_and_other_sight_are_neither_progress_nor_loss(
    was: Status, now: Status, cause: Cause | None, way: Direction
) -> None:
    assert direction(was, now, cause) is way
