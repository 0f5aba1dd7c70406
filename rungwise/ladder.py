"""How findings become a standing: the only place that knows the thresholds (catalogue, 3.1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rungwise.model import Role, Stage, StageStanding, Standing, State, Status

COVERAGE = 0.6
"""The share of a stage's known weight that has to be there."""
CONFIDENCE = 0.5
"""The share of a stage's applicable weight that has to be known."""
ANCHOR_VALUE = 0.5
"""What every known anchor has to be worth at least: partial."""

Weighed = tuple[Role, int, Status]
"""A practice's role, its weight and its status."""


def _met(weighed: Sequence[Weighed], stage: Stage) -> bool:
    known = [(role, weight, status.value_or_none) for role, weight, status in weighed if status.value_or_none is not None]
    if any(role is Role.ANCHOR and value < ANCHOR_VALUE for role, _, value in known if value is not None):
        return False
    if stage is Stage.PROTOTYPING:
        # The article calls stage 1 a legitimate place to be: source under version control is all it takes.
        return any(role is Role.ANCHOR for role, _, _ in known)
    coverage, confidence = _shares(weighed)
    return coverage is not None and confidence is not None and coverage >= COVERAGE and confidence >= CONFIDENCE


def _shares(weighed: Sequence[Weighed]) -> tuple[float | None, float | None]:
    """Coverage and confidence; ``None`` where nothing is known, or nothing applies."""
    applicable = sum(weight for _, weight, _ in weighed)
    known = [(weight, value) for _, weight, status in weighed if (value := status.value_or_none) is not None]
    weight_known = sum(weight for weight, _ in known)
    coverage = sum(weight * value for weight, value in known) / weight_known if weight_known else None
    return coverage, (weight_known / applicable if applicable else None)


def _with_open_as(status: Status, weighed: Sequence[Weighed]) -> list[Weighed]:
    return [(role, weight, status if was.open else was) for role, weight, was in weighed]


def stage_standing(stage: Stage, statuses: Iterable[Weighed]) -> StageStanding:
    """One stage's state, from its practices' roles, weights and statuses, in any order."""
    weighed = [item for item in statuses if item[1] > 0 and item[2] is not Status.NOT_APPLICABLE]
    coverage, confidence = _shares(weighed)
    if not weighed:
        state = State.NOT_APPLICABLE
    elif _met(_with_open_as(Status.ABSENT, weighed), stage):
        state = State.SURE
    elif _met(weighed, stage):
        state = State.HELD
    elif _met(_with_open_as(Status.PRESENT, weighed), stage):
        state = State.OPEN
    else:
        state = State.NOT_HELD
    return StageStanding(stage, state, coverage, confidence)


def standing(statuses: Iterable[tuple[Stage, Role, int, Status]], target: Stage | None = None) -> Standing:
    """The standing of a repository; ``next`` is the lowest stage not held, up to ``target`` where people decided one."""
    by_stage: dict[Stage, list[Weighed]] = {stage: [] for stage in Stage}
    for stage, role, weight, status in statuses:
        by_stage[stage].append((role, weight, status))
    stages = tuple(stage_standing(stage, weighed) for stage, weighed in by_stage.items())
    states = [stage.state for stage in stages]
    missing = [s.stage for s in stages if s.state in (State.OPEN, State.NOT_HELD) and (target is None or s.stage <= target)]
    return Standing(
        holds=sum(state in (State.SURE, State.HELD) for state in states),
        of=sum(state is not State.NOT_APPLICABLE for state in states),
        at_least=states.count(State.SURE),
        could_be=sum(state in (State.SURE, State.HELD, State.OPEN) for state in states),
        next=missing[0] if missing else None,
        stages=stages,
    )
