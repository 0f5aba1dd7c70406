"""The ladder rule: what labelled repositories come out at, and what has to hold whatever is found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.catalogue import load
from rungwise.ladder import stage_standing, standing
from rungwise.model import Role, Stage, Standing, State, Status

LABELS: dict[str, Any] = json.loads(Path(__file__).with_name("labels_standings.json").read_text(encoding="utf-8"))

Item = tuple[Stage, Role, int, Status]


def labelled(repository: dict[str, Any]) -> list[Item]:
    """The labels of one repository in the shape that the rule takes."""
    statuses = [Status(LABELS["letters"][letter]) for letter in repository["statuses"]]
    practices = zip(LABELS["practices"], statuses, strict=True)
    return [(Stage(one["stage"]), Role(one["role"]), one["weight"], status) for one, status in practices]


def symbols(result: Standing) -> str:
    letters = {state: letter for letter, state in LABELS["states"].items()}
    return "".join(letters[stage.state.value] for stage in result.stages)


@pytest.mark.parametrize("repository", LABELS["repositories"], ids=lambda one: one["repository"])
def test_perfect_answers_give_the_standing_that_people_believe(repository: dict[str, Any]) -> None:
    result = standing(labelled(repository))
    assert symbols(result) == repository["stages"]
    assert (result.holds, result.of) == (repository["holds"], repository["of"])
    assert (result.at_least, result.could_be) == (repository["at_least"], repository["could_be"])
    assert result.next == repository["next"]


def test_our_catalogue_weighs_practices_as_the_labels_assume() -> None:
    expected = {one["id"]: (one["stage"], one["role"], one["weight"]) for one in LABELS["practices"]}
    ours = {one.id: (int(one.stage), one.role.value, one.weight) for one in load()}
    assert ours == {practice: expected[practice] for practice in ours}


def item(stage: Stage, status: Status, role: Role = Role.CORE, weight: int = 2) -> Item:
    return stage, role, weight, status


def one_stage(*statuses: Status, anchor: Status | None = None, stage: Stage = Stage.TESTING) -> State:
    """The state of a stage with an anchor (where one is given) and core practices."""
    weighed = [(Role.CORE, 2, status) for status in statuses]
    return stage_standing(stage, [(Role.ANCHOR, 3, anchor), *weighed] if anchor else weighed).state


PRESENT, PARTIAL, ABSENT, NOT_SEEN, UNKNOWN = Status.PRESENT, Status.PARTIAL, Status.ABSENT, Status.NOT_SEEN, Status.UNKNOWN


@pytest.mark.parametrize(
    ("anchor", "others", "state"),
    [
        (PRESENT, (PRESENT, ABSENT), State.SURE),  # 5 of 7
        (PRESENT, (ABSENT, ABSENT), State.NOT_HELD),  # 3 of 7 is under the bar of 0.6
        (PARTIAL, (PRESENT, PRESENT), State.SURE),  # a half anchor is enough
        (ABSENT, (PRESENT,) * 9, State.NOT_HELD),  # without its anchor a stage is never held
        (Status.ATTESTED, (Status.ATTESTED,), State.SURE),
        (PRESENT, (PRESENT, NOT_SEEN, NOT_SEEN), State.HELD),  # 5 of 9 known, all of it there
        (PRESENT, (NOT_SEEN, NOT_SEEN), State.OPEN),  # only 3 of 7 known
        (NOT_SEEN, (PRESENT, PRESENT), State.HELD),  # an anchor that was not seen does not count against it
        (UNKNOWN, (ABSENT, ABSENT, ABSENT), State.NOT_HELD),
        (PRESENT, (Status.NOT_APPLICABLE, Status.NOT_APPLICABLE), State.SURE),
        (Status.NOT_APPLICABLE, (Status.NOT_APPLICABLE,), State.NOT_APPLICABLE),
    ],
)
def test_a_stage_and_its_states(anchor: Status, others: tuple[Status, ...], state: State) -> None:
    assert one_stage(*others, anchor=anchor) is state


@pytest.mark.parametrize(
    ("there", "of", "state"),
    [(3, 5, State.SURE), (5, 9, State.NOT_HELD)],
)
def test_the_bar_itself_is_enough(there: int, of: int, state: State) -> None:
    assert one_stage(*[PRESENT] * there, *[ABSENT] * (of - there)) is state


def test_half_of_it_known_is_enough() -> None:
    assert one_stage(PRESENT, NOT_SEEN) is State.HELD
    assert one_stage(PRESENT, NOT_SEEN, NOT_SEEN) is State.OPEN


def test_prototyping_is_held_by_version_control_alone() -> None:
    assert one_stage(*[ABSENT] * 9, anchor=PRESENT, stage=Stage.PROTOTYPING) is State.SURE
    assert one_stage(*[PRESENT] * 9, anchor=ABSENT, stage=Stage.PROTOTYPING) is State.NOT_HELD
    assert one_stage(*[PRESENT] * 9, anchor=UNKNOWN, stage=Stage.PROTOTYPING) is State.OPEN


def test_what_weighs_nothing_moves_nothing() -> None:
    corner = stage_standing(Stage.PROTOTYPING, [(Role.CORNER, 0, PRESENT)])
    assert corner.state is State.NOT_APPLICABLE
    assert (corner.coverage, corner.confidence) == (None, None)
    extension = stage_standing(Stage.HARDENING, [(Role.CORE, 2, PRESENT), (Role.SUPPORTING, 0, ABSENT)])
    assert (extension.state, extension.coverage) == (State.SURE, 1.0)


def test_coverage_is_of_what_is_known_and_confidence_of_what_applies() -> None:
    found = stage_standing(
        Stage.TESTING,
        [(Role.ANCHOR, 3, PRESENT), (Role.CORE, 2, PARTIAL), (Role.CORE, 2, NOT_SEEN), (Role.SUPPORTING, 1, UNKNOWN)],
    )
    assert found.coverage == pytest.approx(4 / 5)
    assert found.confidence == pytest.approx(5 / 8)


def test_the_next_rung_is_the_lowest_stage_not_held_up_to_the_target() -> None:
    items = [item(Stage.PROTOTYPING, PRESENT, Role.ANCHOR), item(Stage.TESTING, ABSENT), item(Stage.HARDENING, ABSENT)]
    assert standing(items).next is Stage.TESTING
    assert standing(items, target=Stage.TESTING).next is Stage.TESTING
    assert standing(items, target=Stage.OBSERVING).next is None
    assert standing(items[:1]).next is None


ROLES = {Role.ANCHOR: 3, Role.CORE: 2, Role.SUPPORTING: 1, Role.CORNER: 0}
ITEMS = st.lists(
    st.builds(
        lambda stage, role, extension, status: (stage, role, 0 if extension else ROLES[role], status),
        st.sampled_from(Stage),
        st.sampled_from(Role),
        st.sampled_from([False, False, False, True]),
        st.sampled_from(Status),
    ),
    max_size=30,
)
INDEX = st.integers(min_value=0)


def with_status(items: list[Item], index: int, status: Status) -> list[Item]:
    index %= len(items)
    stage, role, weight, _ = items[index]
    return [*items[:index], (stage, role, weight, status), *items[index + 1 :]]


@settings(deadline=None)
@given(ITEMS)
def test_bounds_enclose_what_is_held(items: list[Item]) -> None:
    result = standing(items)
    assert 0 <= result.at_least <= result.holds <= result.could_be <= result.of <= len(Stage)


@settings(deadline=None)
@given(ITEMS.filter(bool), INDEX, st.sampled_from([NOT_SEEN, UNKNOWN]))
def test_hiding_a_status_never_narrows_the_bounds(items: list[Item], index: int, hidden: Status) -> None:
    was = items[index % len(items)][3]
    if was is Status.NOT_APPLICABLE:
        return  # whether a practice applies is not a status that can be hidden
    before, after = standing(items), standing(with_status(items, index, hidden))
    assert after.at_least <= before.at_least
    assert after.could_be >= before.could_be
    assert after.of == before.of


@settings(deadline=None)
@given(ITEMS.filter(bool), INDEX)
def test_turning_a_status_into_present_lowers_nothing(items: list[Item], index: int) -> None:
    if items[index % len(items)][3] is Status.NOT_APPLICABLE:
        return  # applicability stays fixed
    before, after = standing(items), standing(with_status(items, index, PRESENT))
    assert after.at_least >= before.at_least
    assert after.holds >= before.holds
    assert after.could_be >= before.could_be


@settings(deadline=None)
@given(ITEMS, st.randoms(use_true_random=False), st.sampled_from([None, *Stage]))
def test_order_never_matters(items: list[Item], shuffled: Any, target: Stage | None) -> None:
    other = list(items)
    shuffled.shuffle(other)
    assert standing(other, target) == standing(items, target)


@pytest.mark.parametrize("repository", LABELS["repositories"], ids=lambda one: one["repository"])
def test_real_labels_keep_the_promises_one_status_at_a_time(repository: dict[str, Any]) -> None:
    items = labelled(repository)
    before = standing(items)
    for index, (*_, status) in enumerate(items):
        if status is Status.NOT_APPLICABLE:
            continue
        hidden, better = standing(with_status(items, index, NOT_SEEN)), standing(with_status(items, index, PRESENT))
        assert hidden.at_least <= before.at_least
        assert hidden.could_be >= before.could_be
        assert better.at_least >= before.at_least
        assert better.holds >= before.holds
        assert better.could_be >= before.could_be
