"""What is worth doing next: findings and a target in, a few next steps out.

The rules follow the article: gaps exist only up to the stage that people decided a repository needs, what was not seen is a
question rather than a gap, effort is finite, and the answer can be "nothing now".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeVar

from rungwise.catalogue import Catalogue, Practice
from rungwise.model import Effort, Finding, Flag, Role, Stage, Status

STEPS = 3
"""How many next steps are shown at most (catalogue, part 3, rule 5)."""
LARGE_STEPS = 1
"""How many of them may be large (catalogue, part 3, rule 5)."""
PRESSING_QUESTION = 4
"""The impact, of 5, from which a question may take the place of a step (catalogue, 3.3)."""
EFFORT_COST = {Effort.SMALL: 1, Effort.MEDIUM: 3, Effort.LARGE: 8}
"""What a size costs, relative to a small one (catalogue, 3.3)."""
DEPTH_NEXT, DEPTH_FOLLOWING, DEPTH_ELSEWHERE = 1.0, 0.7, 0.5
"""How much a gap counts on the next rung, on the stage after it, and on any other (catalogue, 3.3: foundations first).

The catalogue is silent about gaps in stages below the next rung. Those stages are held already, so their gaps count like far
ones.
"""
EXPOSURE = {1: 1, 2: 1, 3: 2, 4: 2, 5: 3, 6: 3}
"""Whom a failure would hurt, guessed from the target (catalogue, 3.2, 3.3): 1 insiders, 2 customers, 3 personal data."""
EXPOSURE_UNDECIDED = 1
"""The same where nobody decided a target: nothing is assumed."""

_FLAGGED = {
    Flag.ARCH: "Archived, or untouched for two years: nothing is asked of it. Is it still deployed?",
    Flag.TPL: "A template or sample: it is described, but nothing is asked of it.",
    Flag.FORK: "A fork with hardly any commits of its own: nothing is asked of it. Has it become your product?",
}
_DURATIONS = {Effort.SMALL: "about half a day", Effort.MEDIUM: "a few days", Effort.LARGE: "more than a week"}
_SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class Step:
    """Something worth doing, or worth finding out.

    ``why_now`` is a sentence made of the factors that gave the step its rank; ``risk`` is what it would take away, in no unit but
    comparable between repositories. ``blocked_by`` names the gaps to be closed first; it is empty for everything in
    :attr:`Advice.steps`. The ``effort`` of a question is that of the practice, should the answer be no.
    """

    practice: str
    title: str
    stage: Stage
    kind: Literal["do", "find out"]
    status: Status
    why_now: str
    how: tuple[str, ...]
    effort: Effort
    impact: int
    risk: float
    blocked_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """What a repository could do next.

    ``steps`` come in the order of risk per effort, ``gaps`` (all of them, up to the target or else the next rung) in that of
    risk, ``questions`` in that of impact. ``ahead`` are ids of practices above the target that are there already.
    """

    steps: tuple[Step, ...]
    gaps: tuple[Step, ...]
    questions: tuple[Step, ...]
    ahead: tuple[str, ...]
    sentence: str
    target: Stage | None = None

    @property
    def due(self) -> bool:
        """Whether there is a step to take."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a repository lacks, in no order: all gaps and questions of :class:`Advice`, and whether that has a step to take."""

    gaps: tuple[Step, ...]
    questions: tuple[Step, ...]
    due: bool


@dataclass(frozen=True, slots=True)
class SharedStep:
    """One investment that helps several repositories of a team; ``repositories`` are those it helps, in alphabetical order."""

    practice: str
    title: str
    stage: Stage
    kind: Literal["do", "find out"]
    why_now: str
    how: tuple[str, ...]
    effort: Effort
    impact: int
    risk: float
    repositories: tuple[str, ...]


_Sized = TypeVar("_Sized", Step, SharedStep)


def recommend(
    findings: Sequence[Finding],
    catalogue: Catalogue,
    *,
    target: Stage | None,
    next_rung: Stage | None,
    flags: Sequence[Flag] = (),
) -> Advice:
    """The advice for one repository.

    ``target`` is what people decided it needs, ``next_rung`` the lowest stage that applies and is not held, both ``None`` where
    there is none. A rung above the target is no rung to climb. A practice judged more than once counts with its worst answer.
    """
    statuses = {practice: finding.status for practice, finding in for_repository(findings).items()}
    return Adviser(catalogue).recommend(statuses, target=target, next_rung=next_rung, flags=flags)


class Adviser:
    """Advises many repositories by one catalogue: what hangs on that alone is worked out once, and a step that several take is made once."""

    def __init__(self, catalogue: Catalogue) -> None:
        measured = [practice for practice in catalogue if practice.measured and practice.role is not Role.CORNER]
        self.catalogue = catalogue
        self.up_to = {stage: tuple(practice for practice in measured if practice.stage <= stage) for stage in Stage}
        """What can be advised on up to a stage: practices that are measured, and no corners."""
        self.weighed = {stage: tuple(practice.id for practice in catalogue.of(stage) if practice.weight) for stage in Stage}
        self.corners = tuple(practice for practice in catalogue if practice.graduates_to)
        self.later = {practice.id: tuple(one for one in catalogue if practice.id in one.after) for practice in catalogue}
        self._steps: dict[tuple[Hashable, ...], Step] = {}

    def recommend(
        self, statuses: Mapping[str, Status], *, target: Stage | None, next_rung: Stage | None, flags: Sequence[Flag] = ()
    ) -> Advice:
        """:func:`recommend` for one of the repositories, from the status of each practice; those that the catalogue does not know are ignored."""
        if flag := _flagged(flags):
            return Advice((), (), (), (), _FLAGGED[flag], target)
        situation = self._situation(statuses, target, next_rung)
        gaps = tuple(sorted(situation.gaps(), key=_by_risk))
        asked = sorted(situation.questions({gap.practice for gap in gaps}), key=lambda step: (-step.impact, *_by_risk(step)))
        questions = tuple(asked)
        steps = _choose(gaps, questions, situation) if situation.rung is not None else ()
        ahead = _ahead(statuses, self.catalogue, target)
        return Advice(steps, gaps, questions, ahead, _sentence(situation, gaps, questions), target)

    def needs(
        self, statuses: Mapping[str, Status], *, target: Stage | None, next_rung: Stage | None, flags: Sequence[Flag] = ()
    ) -> Needs:
        """As much of :meth:`recommend` as :func:`team_advice` takes, in half the time."""
        if _flagged(flags):
            return Needs((), (), False)
        situation = self._situation(statuses, target, next_rung)
        gaps = tuple(situation.gaps())
        questions = tuple(situation.questions({gap.practice for gap in gaps}))
        due = bool(gaps) or any(question.impact >= PRESSING_QUESTION for question in questions)
        return Needs(gaps, questions, situation.rung is not None and due)

    def _situation(self, statuses: Mapping[str, Status], target: Stage | None, next_rung: Stage | None) -> _Situation:
        rung = None if target is not None and next_rung is not None and next_rung > target else next_rung
        return _Situation(statuses, self, target, rung)

    def once(self, make: Callable[[], Step], *made_of: Hashable) -> Step:
        """The step that is made of these, made when it is needed first."""
        step = self._steps.get(made_of)
        if step is None:
            step = self._steps[made_of] = make()
        return step


@dataclass(frozen=True)
class _Situation:
    """One repository's statuses and where it stands."""

    statuses: Mapping[str, Status]
    adviser: Adviser
    target: Stage | None
    rung: Stage | None

    @property
    def limit(self) -> Stage | None:
        """The stage up to which anything is missing, if any."""
        return self.rung if self.target is None else self.target

    def within(self) -> Iterator[tuple[Practice, Status]]:
        """What can be advised on, up to the limit, with its status."""
        for practice in self.adviser.up_to[self.limit or max(Stage)]:
            if status := self.statuses.get(practice.id):
                yield practice, status

    @cached_property
    def following(self) -> Stage | None:
        """The next stage above the rung in which anything applies."""
        if self.rung is None:
            return None
        return next(
            (stage for stage in Stage if stage > self.rung and any(map(self._applies, self.adviser.weighed[stage]))), None
        )

    def _applies(self, practice: str) -> bool:
        return self.statuses.get(practice, Status.NOT_APPLICABLE) is not Status.NOT_APPLICABLE

    def risk(self, practice: Practice, value: float) -> float:
        """Severity, exposure, what is missing, and depth (catalogue, 3.3); nothing here tells likelihood, so it stays at 1."""
        if practice.stage == self.rung:
            depth = DEPTH_NEXT
        else:
            depth = DEPTH_FOLLOWING if practice.stage == self.following else DEPTH_ELSEWHERE
        exposure = EXPOSURE_UNDECIDED if self.target is None else EXPOSURE[self.target]
        return practice.impact * exposure * (1 - value) * depth

    def gaps(self) -> Iterator[Step]:
        """Everything missing or half there."""
        if self.limit is None:
            return
        outgrown = self._outgrown_corners()
        found: dict[str, tuple[Practice, Status]] = {}
        for practice, status in self.within():
            if status in _GAPS or (status is Status.NOT_SEEN and practice.id in outgrown):
                found[practice.id] = practice, status
        for practice, status in found.values():
            yield self._gap(practice, status, found, outgrown)

    def _gap(self, practice: Practice, status: Status, found: Mapping[str, object], outgrown: Mapping[str, Practice]) -> Step:
        corner = outgrown.get(practice.id)
        blocked_by = tuple(before for before in practice.after if before in found)
        unlocks = [later.title for later in self.adviser.later[practice.id] if later.id in found]

        def make() -> Step:
            why = self._why(practice, status, unlocks, corner)
            return _step(
                practice, "do", status, why, practice.advice, self.risk(practice, status.value_or_none or 0.0), blocked_by
            )

        alike = (practice.id, status, self.rung, self.target, practice.stage == self.following)
        return self.adviser.once(make, *alike, corner and corner.id, blocked_by, len(unlocks), *unlocks[:1])

    def questions(self, gaps: set[str]) -> Iterator[Step]:
        """What only people can answer."""
        for practice, status in self.within():
            if status is Status.NOT_SEEN and practice.id not in gaps:
                yield self._question(practice)

    def _question(self, practice: Practice) -> Step:
        def make() -> Step:
            ask = practice.question or f"Not seen in the repository: {practice.looked_for}. Do you have it elsewhere?"
            why = f"Impact {practice.impact} of 5, a minute to answer; {self._whereabouts(practice)}."
            return _step(practice, "find out", Status.NOT_SEEN, why, (ask,), self.risk(practice, 0.0), ())

        return self.adviser.once(make, practice.id, self.rung, self.target, practice.stage == self.following)

    def _outgrown_corners(self) -> dict[str, Practice]:
        """Corners that were cut and whose time is up, by the practice that they should have become."""
        return {corner.graduates_to: corner for corner in self.adviser.corners if self.statuses.get(corner.id) in _TAKEN}

    def _why(self, practice: Practice, status: Status, unlocks: Sequence[str], corner: Practice | None) -> str:
        parts = [f"Impact {practice.impact} of 5, {_DURATIONS[practice.effort]} of work; {self._whereabouts(practice)}"]
        if status is Status.PARTIAL:
            parts.append("half of it is there")
        if corner:
            parts.append(f"the shortcut “{_after_colon(corner.title)}” has had its time")
        if unlocks:
            more = f" and {len(unlocks) - 1} more" if len(unlocks) > 1 else ""
            parts.append(f"it comes before “{unlocks[0]}”{more}")
        return "; ".join(parts) + "."

    def _whereabouts(self, practice: Practice) -> str:
        part = "an anchor of" if practice.role is Role.ANCHOR else "part of"
        name = practice.stage.short.lower()
        if practice.stage == self.rung:
            return f"{part} {name}, the next rung"
        return f"{part} {name}"


_GAPS = (Status.ABSENT, Status.PARTIAL)
_TAKEN = (Status.PRESENT, Status.PARTIAL)


def _step(
    practice: Practice,
    kind: Literal["do", "find out"],
    status: Status,
    why: str,
    how: tuple[str, ...],
    risk: float,
    blocked_by: tuple[str, ...],
) -> Step:
    return Step(
        practice=practice.id,
        title=practice.title,
        stage=practice.stage,
        kind=kind,
        status=status,
        why_now=why,
        how=how,
        effort=practice.effort,
        impact=practice.impact,
        risk=risk,
        blocked_by=blocked_by,
    )


_WORST_FIRST = (
    Status.ABSENT,
    Status.PARTIAL,
    Status.UNKNOWN,
    Status.NOT_SEEN,
    Status.ATTESTED,
    Status.PRESENT,
    Status.NOT_APPLICABLE,
)


def for_repository(findings: Iterable[Finding]) -> dict[str, Finding]:
    """The repository's finding for each practice: that of its worst component; a known gap is worse than an open question."""
    worst: dict[str, Finding] = {}
    for finding in findings:
        before = worst.get(finding.practice)
        if before is None or _WORST_FIRST.index(finding.status) < _WORST_FIRST.index(before.status):
            worst[finding.practice] = finding
    return worst


def _flagged(flags: Sequence[Flag]) -> Flag | None:
    """Why nothing is asked of a repository, if so."""
    return next((flag for flag in _FLAGGED if flag in flags), None)


def _ahead(statuses: Mapping[str, Status], catalogue: Catalogue, target: Stage | None) -> tuple[str, ...]:
    if target is None:
        return ()
    there = {practice for practice, status in statuses.items() if status in (Status.PRESENT, Status.ATTESTED)}
    return tuple(p.id for p in catalogue if p.id in there and p.stage > target and p.role is not Role.CORNER)


def _cheapness(step: Step) -> tuple[int, int, str]:
    """How ties are broken: the smaller effort, the earlier stage, the id."""
    return EFFORT_COST[step.effort], int(step.stage), step.practice


def _by_risk(step: Step) -> tuple[float, int, int, str]:
    return (-step.risk, *_cheapness(step))


def _by_risk_per_effort(step: Step) -> tuple[float, int, int, str]:
    return (-step.risk / EFFORT_COST[step.effort], *_cheapness(step))


def _choose(gaps: Sequence[Step], questions: Sequence[Step], situation: _Situation) -> tuple[Step, ...]:
    """The few steps that are shown.

    A step that waits for another gap gives its place to it. One place belongs to the next rung: to a missing anchor of it,
    without which the rung cannot be held, or else to any gap of it, or else, before all others, to a question about it.
    Otherwise the last place may go to a question of higher impact than the step there.
    """
    ranked = _prerequisites_first(sorted(gaps, key=_by_risk_per_effort))
    steps = _limited(ranked)
    needed = _for_the_rung(gaps, situation, ranked)
    if needed and needed not in steps:
        steps = _limited([needed, *steps])
        steps.sort(key=ranked.index)
    pressing = [question for question in questions if question.impact >= PRESSING_QUESTION]
    if not pressing:
        return tuple(steps)
    if not needed and (on_rung := [question for question in pressing if question.stage == situation.rung]):
        return (on_rung[0], *steps[: STEPS - 1])
    spare = [step for step in steps if step != needed]
    if len(steps) < STEPS:
        steps.append(pressing[0])
    elif pressing[0].impact > spare[-1].impact:
        steps.remove(spare[-1])
        steps.append(pressing[0])
    return tuple(steps)


def _prerequisites_first(ranked: Sequence[Step]) -> list[Step]:
    """Each step, or what has to be done before it, at the step's rank; everything once."""
    by_id = {step.practice: step for step in ranked}
    ranks = {practice: rank for rank, practice in enumerate(by_id)}

    def ready(step: Step, path: frozenset[str]) -> Iterator[Step]:
        blockers = [by_id[before] for before in step.blocked_by if before not in path]
        if not blockers:
            yield step
        for blocker in sorted(blockers, key=lambda blocker: ranks[blocker.practice]):
            yield from ready(blocker, path | {blocker.practice})

    chosen = (found for step in ranked for found in ready(step, frozenset({step.practice})))
    once = {step.practice: step for step in chosen}
    return [replace(step, blocked_by=()) if step.blocked_by else step for step in once.values()]


def _for_the_rung(gaps: Sequence[Step], situation: _Situation, ranked: Sequence[Step]) -> Step | None:
    """The best step towards the next rung, if any is known."""
    on_rung = sorted((gap for gap in gaps if gap.stage == situation.rung), key=_by_risk_per_effort)
    anchors = [
        gap
        for gap in on_rung
        if gap.status is not Status.PARTIAL and situation.adviser.catalogue[gap.practice].role is Role.ANCHOR
    ]
    by_id = {gap.practice: gap for gap in gaps}
    ready = {step.practice: step for step in ranked}
    for wanted in (*anchors, *on_rung):
        seen = {wanted.practice}
        while wanted.practice not in ready and (before := next((b for b in wanted.blocked_by if b not in seen), None)):
            wanted = by_id[before]
            seen.add(before)
        if wanted.practice in ready:
            return ready[wanted.practice]
    return None


def _limited(steps: Iterable[_Sized]) -> list[_Sized]:
    """The first few, with no more large ones than allowed."""
    chosen: list[_Sized] = []
    large = 0
    for step in steps:
        large += step.effort is Effort.LARGE
        if step.effort is not Effort.LARGE or large <= LARGE_STEPS:
            chosen.append(step)
        if len(chosen) == STEPS:
            break
    return chosen


def _sentence(situation: _Situation, gaps: Sequence[Step], questions: Sequence[Step]) -> str:
    target, rung = situation.target, situation.rung
    if rung is None:
        surer = f"; {_count(questions)} could make that surer" if questions else ""
        if target is None:
            return f"No target decided, and every stage that applies is held. Nothing now{surer}."
        return f"It holds what was decided it needs, {_stage(target)}. Nothing now{surer}."
    name = rung.short.lower()
    opening = f"No target decided; the next rung is {name}."
    if target is not None:
        opening = f"The next rung is {name}, on the way to what was decided it needs, {_stage(target)}."
    decisive = [question for question in questions if question.stage == rung]
    if decisive and not any(gap.stage == rung for gap in gaps):
        return f"{opening} Nothing is known to be missing for it; {_count(decisive)} will tell."
    if gaps:
        return f"{opening} Missed most: “{gaps[0].title}”."
    return f"{opening} Nothing that is measured today is missing for it."


def _stage(stage: Stage) -> str:
    return f"stage {int(stage)} ({stage.short.lower()})"


def in_words(count: int) -> str:
    """A small number as a word, a larger one in digits."""
    return _SMALL_NUMBERS[count] if count < len(_SMALL_NUMBERS) else str(count)


def _count(questions: Sequence[Step]) -> str:
    return f"{in_words(len(questions))} question{'' if len(questions) == 1 else 's'}"


def _after_colon(title: str) -> str:
    return title.split(": ", 1)[-1]


def team_advice(advices: Mapping[str, Advice] | Mapping[str, Needs]) -> tuple[SharedStep, ...]:
    """At most three investments for a team, from the advice for each of its repositories, or what that lacks (by name).

    Ordered by the risk that they take away over all repositories, per effort made once. Repositories at their target take no
    part. A question takes a place only where there is one left.
    """
    waiting = {repository: advice for repository, advice in advices.items() if advice.due}
    open_gaps = {name: [gap for gap in advice.gaps if not gap.blocked_by] for name, advice in waiting.items()}
    chosen = _limited(_shared(open_gaps, len(advices)))
    if len(chosen) < STEPS:
        pressing = {name: [q for q in advice.questions if q.impact >= PRESSING_QUESTION] for name, advice in waiting.items()}
        chosen += _shared(pressing, len(advices))[:1]
    return tuple(chosen)


def _shared(steps: Mapping[str, Sequence[Step]], repositories: int) -> list[SharedStep]:
    """The same practice over all repositories as one step, the most risk per effort first."""
    helped: dict[str, dict[str, Step]] = {}
    for repository, its in sorted(steps.items()):
        for step in its:
            helped.setdefault(step.practice, {})[repository] = step
    shared = [_together(found, repositories) for found in helped.values()]

    def rank(step: SharedStep) -> tuple[float, int, int, str]:
        cost = EFFORT_COST[step.effort] if step.kind == "do" else 1
        return -step.risk / cost, EFFORT_COST[step.effort], int(step.stage), step.practice

    return sorted(shared, key=rank)


def _together(found: Mapping[str, Step], repositories: int) -> SharedStep:
    first = next(iter(found.values()))
    what = "Would help" if first.kind == "do" else "Open for"
    where = f"{len(found)} of {repositories} repositories" if repositories != 1 else "the one repository"
    cost = f"{_DURATIONS[first.effort]} of work" if first.kind == "do" else "a minute to answer"
    return SharedStep(
        practice=first.practice,
        title=first.title,
        stage=first.stage,
        kind=first.kind,
        why_now=f"{what} {where}; impact {first.impact} of 5, {cost}, part of {first.stage.short.lower()}.",
        how=first.how,
        effort=first.effort,
        impact=first.impact,
        risk=sum(step.risk for step in found.values()),
        repositories=tuple(found),
    )
