"""What is over lies together, and answers as it did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rungwise.model import Assessment, Snapshot, Status
from rungwise.store import Looks, Week, open_reader, record_weeks
from rungwise.store.schema import FORGOTTEN, QUARTER
from rungwise.teams import Owner, Ownership
from tests.rungwise.store.sample import RUN, look

FIRST = Week.parse("2026-W40").id // QUARTER * QUARTER
NAMES = ("acme/cart", "acme/shop")
OWNERS = Ownership({"acme/shop": Owner("web", "teams file")}, {})


def week(number: int) -> Looks:
    """The shop turns every week, the cart in the first one only."""
    label = Week.of_id(FIRST + number).label
    found = [_look(name, number if name == "acme/shop" else min(number, 1), label) for name in NAMES]
    return Looks(label, [assessment for assessment, _ in found], [snapshot for _, snapshot in found], RUN)


def _look(name: str, number: int, label: str) -> tuple[Assessment, Snapshot]:
    assessment, snapshot = look(name, number, {"unit-tests": (Status.ABSENT, Status.PRESENT)[number % 2]})
    return replace(assessment, week=label), snapshot


def answers(database: Path) -> dict[tuple[str, str], list[list[str]]]:
    reader = open_reader(database)
    return {
        (week.label, what): [list(map(str, row)) for row in getattr(reader, what)(week.id).itertuples(index=False)]
        for week in reader.weeks()
        for what in ("repositories", "stages", "findings", "team_stages")
    }


def digests(database: Path) -> list[tuple[int, int, int, bool, bool]]:
    rows = open_reader(database)._rows(
        f"""
        select repository_id, from_week - {FIRST}, to_week - {FIRST}, told <> {FORGOTTEN}, known <> {FORGOTTEN}
        from digest order by repository_id, from_week
        """
    )
    return [(repository, first, min(end, 99), told, known) for repository, first, end, told, known in rows]


def test_a_quarter_that_is_over_answers_as_it_did(tmp_path: Path) -> None:
    record_weeks(tmp_path, [week(number) for number in range(QUARTER)], OWNERS)
    before = answers(tmp_path)
    assert len(digests(tmp_path)) == 2 + QUARTER, "one for each week in which something turned"
    record_weeks(tmp_path, [week(QUARTER)], OWNERS)
    after = answers(tmp_path)
    assert {key: after[key] for key in before} == before
    reader = open_reader(tmp_path)
    assert reader.flaws() == []
    # Those of signals stay, which are the same all the time; whatever still holds stays as it is.
    assert digests(tmp_path) == [
        (1, 0, 1, False, False),
        (1, 1, 99, True, True),
        (2, 0, QUARTER - 1, False, False),
        (2, QUARTER - 1, QUARTER, True, True),
        (2, QUARTER, 99, True, True),
    ]


def test_a_week_whose_digests_are_forgotten_is_told_from_another(tmp_path: Path) -> None:
    weeks = [week(number) for number in range(QUARTER + 1)]
    for some in (weeks[:-1], weeks[-1:]):
        record_weeks(tmp_path, some, OWNERS)
    before = answers(tmp_path)
    assert all(outcome.unchanged for outcome in record_weeks(tmp_path, weeks, OWNERS))
    # Another answer in the middle of the past, and then the first one again.
    label = weeks[4].week
    found = [_look("acme/shop", 5, label)]
    [outcome] = record_weeks(tmp_path, [Looks(label, [found[0][0]], [found[0][1]], RUN)], OWNERS)
    assert outcome.recorded == ("acme/shop",)
    changed = answers(tmp_path)
    assert {week for week, what in before if before[week, what] != changed[week, what]} == {label}
    record_weeks(tmp_path, [weeks[4]], OWNERS)
    assert answers(tmp_path) == before
    assert open_reader(tmp_path).flaws() == []
