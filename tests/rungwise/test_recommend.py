"""Next steps: few, up to the target, foundations first, and nothing where nothing is needed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.catalogue import Catalogue, Practice
from rungwise.clues import file
from rungwise.model import Effort, Finding, Flag, Kind, Observable, Role, Stage, Status
from rungwise.recommend import Advice, recommend, team_advice

MEASURED = (file("anything.txt"),)


def practice(name: str, stage: int, **fields: Any) -> Practice:
    """A practice that is measured, unless told otherwise."""
    given_or_usual: dict[str, Any] = {
        "title": f"Title of {name}",
        "why": f"Why {name}.",
        "advice": (f"Do {name}.", f"Then check {name}."),
        "looked_for": f"signs of {name}",
        "role": Role.CORE,
        "effort": Effort.SMALL,
        "impact": 3,
        "observable": Observable.YES,
        "applies": (Kind.APP,),
        "guide": "https://example.org",
        "present": MEASURED,
    } | fields
    return Practice(id=name, stage=Stage(stage), **given_or_usual)


def found(catalogue: Catalogue, **statuses: Status) -> list[Finding]:
    """Findings for the named practices; everything else is present, and corners are left."""
    out = []
    for one in catalogue:
        usual = Status.ABSENT if one.role is Role.CORNER else Status.PRESENT
        status = statuses.get(one.id.replace("-", "_"), usual)
        out.append(Finding(one.id, one.stage, status, ".", "", one.looked_for))
    return out


def catalogue(*practices: Practice) -> Catalogue:
    return Catalogue(practices, "test")


LADDER = catalogue(
    practice("history", 1, role=Role.ANCHOR, impact=5),
    practice("backups", 1, impact=5, observable=Observable.PARTLY, question="Where are the backups?"),
    practice("no-login", 1, role=Role.CORNER, impact=1, graduates_to="identity", title="Corner: login left out for now"),
    practice("errors", 2, role=Role.ANCHOR, impact=5),
    practice("traces", 2, impact=2, effort=Effort.MEDIUM),
    practice("unit", 3, role=Role.ANCHOR, impact=4, effort=Effort.MEDIUM),
    practice("ci", 3, role=Role.ANCHOR, impact=5, after=("unit",)),
    practice("smoke", 3, impact=3, effort=Effort.MEDIUM, after=("ci",)),
    practice("notes", 3, impact=2, role=Role.SUPPORTING),
    practice("identity", 5, role=Role.ANCHOR, impact=5, effort=Effort.MEDIUM),
    practice("tenants", 5, role=Role.ANCHOR, impact=5, effort=Effort.LARGE),
    practice("keys", 5, impact=5, effort=Effort.LARGE),
    practice("queue", 6, impact=3),
    practice("unmeasured", 2, impact=5, present=()),
)
ABSENT, PARTIAL, NOT_SEEN, UNKNOWN = Status.ABSENT, Status.PARTIAL, Status.NOT_SEEN, Status.UNKNOWN
PRESENT, NOT_APPLICABLE = Status.PRESENT, Status.NOT_APPLICABLE


def advise(target: int | None, rung: int | None, *flags: Flag, **statuses: Status) -> Advice:
    return recommend(
        found(LADDER, **statuses),
        LADDER,
        target=Stage(target) if target else None,
        next_rung=Stage(rung) if rung else None,
        flags=flags,
    )


def names(steps: Any) -> list[str]:
    return [step.practice for step in steps]


def test_a_gap_exists_only_up_to_the_target() -> None:
    advice = advise(3, 2, errors=ABSENT, notes=ABSENT, identity=ABSENT, queue=ABSENT)
    assert names(advice.gaps) == ["errors", "notes"]
    assert names(advice.steps) == ["errors", "notes"]


def test_without_a_target_the_steps_lead_to_the_next_rung_and_say_so() -> None:
    advice = advise(None, 2, errors=ABSENT, notes=ABSENT)
    assert names(advice.steps) == ["errors"]
    assert advice.sentence == "No target decided; the next rung is observing. Missed most: “Title of errors”."
    assert advice.ahead == ()


def test_at_the_target_there_is_nothing_now_though_gaps_stay_visible() -> None:
    advice = advise(3, None, notes=ABSENT)
    assert advice.steps == ()
    assert names(advice.gaps) == ["notes"]
    assert advice.sentence == "It holds what was decided it needs, stage 3 (testing). Nothing now."


def test_a_rung_above_the_target_is_no_rung() -> None:
    assert advise(3, 5, identity=ABSENT).sentence.endswith("Nothing now.")
    assert advise(3, 5, identity=ABSENT, notes=ABSENT).steps == ()


def test_every_stage_held_and_no_target() -> None:
    advice = advise(None, None, queue=ABSENT)
    assert (advice.steps, advice.gaps) == ((), ())
    assert advice.sentence == "No target decided, and every stage that applies is held. Nothing now."
    unsure = advise(None, None, queue=NOT_SEEN, backups=NOT_SEEN)
    assert (unsure.steps, names(unsure.questions)) == ((), ["backups", "queue"])
    assert unsure.sentence.endswith("Nothing now; two questions could make that surer.")


def test_what_is_there_above_the_target_is_ahead_of_need() -> None:
    advice = advise(3, 2, errors=ABSENT, identity=PARTIAL, tenants=ABSENT, no_login=PRESENT)
    assert advice.ahead == ("keys", "queue")


@pytest.mark.parametrize(("flag", "word"), [(Flag.ARCH, "Archived"), (Flag.TPL, "template"), (Flag.FORK, "fork")])
def test_a_flagged_repository_is_asked_nothing(flag: Flag, word: str) -> None:
    advice = advise(5, 2, flag, errors=ABSENT, backups=NOT_SEEN)
    assert (advice.steps, advice.gaps, advice.questions, advice.ahead) == ((), (), (), ())
    assert word in advice.sentence


def test_a_prerequisite_that_is_missing_takes_the_place_of_its_step() -> None:
    advice = advise(None, 3, ci=ABSENT, unit=ABSENT, smoke=ABSENT)
    assert names(advice.gaps) == ["ci", "unit", "smoke"]
    assert names(advice.steps) == ["unit"]
    assert "it comes before “Title of ci”" in advice.steps[0].why_now


def test_prerequisites_above_the_target_do_not_block() -> None:
    early = catalogue(practice("checks", 3, after=("queue",)), practice("queue", 6))
    advice = recommend(found(early, checks=ABSENT, queue=ABSENT), early, target=Stage.TESTING, next_rung=Stage.TESTING)
    assert names(advice.steps) == ["checks"]


def test_practices_that_wait_for_each_other_do_not_hang() -> None:
    loop = catalogue(practice("hen", 2, after=("egg",)), practice("egg", 2, after=("hen",)), practice("self", 2, after=("self",)))
    advice = recommend(found(loop, hen=ABSENT, egg=ABSENT, self=ABSENT), loop, target=None, next_rung=Stage.OBSERVING)
    assert sorted(names(advice.steps)) == ["egg", "hen", "self"]


def test_a_prerequisite_inherits_the_place_of_what_it_unlocks() -> None:
    chain = catalogue(
        practice("first", 2, impact=1),
        practice("big", 2, impact=5, after=("first",)),
        *(practice(f"other{n}", 2, impact=4) for n in range(3)),
    )
    statuses = dict.fromkeys(["first", "big", "other0", "other1", "other2"], ABSENT)
    advice = recommend(found(chain, **statuses), chain, target=None, next_rung=Stage.OBSERVING)
    assert names(advice.steps) == ["first", "other0", "other1"]


def test_foundations_come_first_but_a_severe_gap_further_on_still_wins() -> None:
    weighed = catalogue(practice("near", 2, impact=3), practice("far", 5, impact=5), practice("mild", 5, impact=2))
    advice = recommend(
        found(weighed, near=ABSENT, far=ABSENT, mild=ABSENT), weighed, target=Stage.HARDENING, next_rung=Stage.OBSERVING
    )
    # Hardening is the next stage in which anything applies: 5 * 0.7 beats 3 * 1.0, which beats 2 * 0.7.
    assert names(advice.steps) == ["far", "near", "mild"]


def test_depth_falls_off_beyond_the_following_stage() -> None:
    spread = catalogue(*(practice(f"at{stage}", stage, impact=4) for stage in range(1, 6)))
    statuses = {f"at{stage}": ABSENT for stage in range(1, 6)}
    advice = recommend(found(spread, **statuses), spread, target=Stage.HARDENING, next_rung=Stage.OBSERVING)
    assert {gap.practice: gap.risk for gap in advice.gaps} == pytest.approx(
        {"at1": 6.0, "at2": 12.0, "at3": 8.4, "at4": 6.0, "at5": 6.0}
    )


@pytest.mark.parametrize(("target", "risk"), [(2, 5.0), (3, 10.0), (4, 10.0), (5, 15.0), (6, 15.0), (None, 5.0)])
def test_a_higher_target_means_that_a_failure_hurts_more(target: int | None, risk: float) -> None:
    assert advise(target, 2, errors=ABSENT).gaps[0].risk == pytest.approx(risk)


def test_half_there_is_half_the_risk_and_said() -> None:
    advice = advise(None, 2, errors=PARTIAL)
    assert advice.gaps[0].risk == pytest.approx(2.5)
    assert advice.steps[0].why_now == (
        "Impact 5 of 5, about half a day of work; an anchor of observing, the next rung; half of it is there."
    )


def test_a_missing_anchor_of_the_next_rung_always_has_a_place() -> None:
    anchor = practice("anchor", 3, role=Role.ANCHOR, impact=2, effort=Effort.LARGE)
    cheap = catalogue(anchor, *(practice(f"p{n}", 3) for n in range(4)))
    statuses = dict.fromkeys(["anchor", "p0", "p1", "p2", "p3"], ABSENT)
    advice = recommend(found(cheap, **statuses), cheap, target=None, next_rung=Stage.TESTING)
    assert names(advice.steps) == ["p0", "p1", "anchor"]


def test_an_anchor_that_waits_is_represented_by_what_it_waits_for() -> None:
    waits = catalogue(
        practice("anchor", 3, role=Role.ANCHOR, impact=1, after=("before",)),
        practice("before", 1, impact=1, effort=Effort.MEDIUM),
        *(practice(f"p{n}", 3) for n in range(4)),
    )
    statuses = dict.fromkeys(["anchor", "before", "p0", "p1", "p2", "p3"], ABSENT)
    advice = recommend(found(waits, **statuses), waits, target=None, next_rung=Stage.TESTING)
    assert names(advice.steps) == ["p0", "p1", "before"]


def test_at_most_three_steps_and_one_large() -> None:
    advice = advise(5, 5, identity=PRESENT, tenants=ABSENT, keys=ABSENT, traces=ABSENT, notes=ABSENT, errors=ABSENT)
    assert len(advice.steps) == 3
    large = catalogue(*(practice(f"l{n}", 2, effort=Effort.LARGE) for n in range(4)))
    only = recommend(found(large, **{f"l{n}": ABSENT for n in range(4)}), large, target=None, next_rung=Stage.OBSERVING)
    assert names(only.steps) == ["l0"]


def test_not_seen_is_a_question_and_unknown_is_neither() -> None:
    advice = advise(3, 2, errors=NOT_SEEN, unit=UNKNOWN, backups=NOT_SEEN)
    assert advice.gaps == ()
    assert names(advice.questions) == ["errors", "backups"]
    assert advice.questions[1].how == ("Where are the backups?",)
    assert advice.questions[0].how == ("Not seen in the repository: signs of errors. Do you have it elsewhere?",)
    assert advice.questions[0].kind == "find out"


def test_one_pressing_question_takes_one_of_the_three_places() -> None:
    advice = advise(3, 3, backups=NOT_SEEN, unit=ABSENT, smoke=ABSENT, notes=ABSENT, traces=ABSENT, errors=NOT_SEEN)
    assert [(step.practice, step.kind) for step in advice.steps] == [("notes", "do"), ("unit", "do"), ("backups", "find out")]


def test_a_question_does_not_displace_a_weightier_step_nor_does_a_mild_one_take_a_place() -> None:
    steps = [practice(f"p{n}", 2, impact=5) for n in range(3)]
    heavy = catalogue(*steps, practice("ask", 2, impact=4), practice("mild", 2, impact=3))
    advice = recommend(found(heavy, p0=ABSENT, p1=ABSENT, p2=ABSENT, ask=NOT_SEEN), heavy, target=None, next_rung=Stage.OBSERVING)
    assert names(advice.steps) == ["p0", "p1", "p2"]
    assert recommend(found(heavy, mild=NOT_SEEN), heavy, target=None, next_rung=Stage.OBSERVING).steps == ()


def test_a_rung_that_only_answers_can_settle() -> None:
    advice = advise(None, 2, errors=NOT_SEEN)
    assert advice.sentence == (
        "No target decided; the next rung is observing. Nothing is known to be missing for it; one question will tell."
    )
    assert names(advice.steps) == ["errors"]


def test_where_only_answers_settle_the_rung_the_question_comes_first() -> None:
    advice = advise(None, 3, unit=NOT_SEEN, backups=NOT_SEEN, errors=PARTIAL, traces=ABSENT)
    assert names(advice.steps) == ["unit", "errors", "traces"]
    assert "one question will tell" in advice.sentence


@pytest.mark.parametrize("status", [ABSENT, PARTIAL, NOT_SEEN])
def test_what_is_not_measured_is_never_a_step_a_gap_or_a_question(status: Status) -> None:
    advice = advise(3, 2, unmeasured=status)
    assert (advice.steps, advice.gaps, advice.questions) == ((), (), ())
    assert "Nothing that is measured today is missing" in advice.sentence


def test_a_corner_becomes_a_gap_when_the_target_reaches_what_it_should_become() -> None:
    below = advise(3, 3, no_login=PRESENT, identity=NOT_SEEN)
    assert (below.gaps, below.questions) == ((), ())
    reached = advise(5, 5, no_login=PRESENT, identity=NOT_SEEN)
    assert names(reached.gaps) == ["identity"]
    assert names(reached.questions) == []
    assert "the shortcut “login left out for now” has had its time" in reached.steps[0].why_now


def test_a_corner_that_was_left_or_outgrown_is_no_gap() -> None:
    assert advise(5, 5, no_login=ABSENT).gaps == ()
    assert advise(5, 5, no_login=PRESENT, identity=PRESENT).gaps == ()
    assert advise(5, 5, no_login=PRESENT, identity=NOT_APPLICABLE).gaps == ()


def test_the_worst_component_decides_in_any_order() -> None:
    findings = [*found(LADDER), replace(found(LADDER, errors=ABSENT)[3], component="web")]
    for order in (findings, findings[::-1]):
        assert names(recommend(order, LADDER, target=None, next_rung=Stage.OBSERVING).gaps) == ["errors"]


def test_ties_go_to_the_smaller_effort_then_the_earlier_stage_then_the_id() -> None:
    tied = catalogue(
        practice("b", 2, impact=2),
        practice("a", 2, impact=2),
        practice("z", 1, impact=4),
        practice("m", 2, impact=2, effort=Effort.MEDIUM),
    )
    advice = recommend(found(tied, a=ABSENT, b=ABSENT, z=ABSENT, m=ABSENT), tied, target=None, next_rung=Stage.OBSERVING)
    assert names(advice.gaps) == ["z", "a", "b", "m"]


SOME_STATUSES = st.fixed_dictionaries(
    {one.id.replace("-", "_"): st.sampled_from(list(Status)) for one in LADDER},
)


@settings(deadline=None)
@given(
    statuses=SOME_STATUSES,
    target=st.one_of(st.none(), st.integers(1, 6)),
    rung=st.one_of(st.none(), st.integers(1, 6)),
    shuffled=st.randoms(use_true_random=False),
)
def test_whatever_was_found_the_rules_of_advice_hold(statuses: Any, target: int | None, rung: int | None, shuffled: Any) -> None:
    advice = advise(target, rung, **statuses)
    assert len(advice.steps) <= 3
    assert sum(step.effort is Effort.LARGE for step in advice.steps) <= 2  # at most one to do, at most one to ask about
    assert sum(step.effort is Effort.LARGE for step in advice.steps if step.kind == "do") <= 1
    assert sum(step.kind == "find out" for step in advice.steps) <= 1
    assert len(set(names(advice.steps))) == len(advice.steps)
    missing = set(names(advice.gaps))
    limit = target or rung or 0  # a rung above the target brings no steps at all
    for step in advice.steps:
        assert step.stage <= limit
        assert step.practice != "unmeasured"
        assert step.why_now.endswith(".")
        assert step.how
        if step.kind == "do":
            assert not set(LADDER[step.practice].after) & missing
        else:
            assert step.practice not in missing
    findings = found(LADDER, **statuses)
    shuffled.shuffle(findings)
    again = recommend(findings, LADDER, target=Stage(target) if target else None, next_rung=Stage(rung) if rung else None)
    assert again == advice


def test_a_team_sees_what_helps_most_repositories_first() -> None:
    advices = {
        "org/b": advise(None, 2, errors=ABSENT, traces=ABSENT),
        "org/a": advise(None, 2, errors=ABSENT),
        "org/c": advise(None, 3, notes=ABSENT, ci=ABSENT, unit=ABSENT),
        "org/done": advise(3, None, notes=ABSENT),
        "org/old": advise(None, 2, Flag.ARCH, errors=ABSENT),
    }
    shared = team_advice(advices)
    assert [(step.practice, step.repositories) for step in shared] == [
        ("errors", ("org/a", "org/b")),
        ("notes", ("org/c",)),
        ("unit", ("org/c",)),
    ]
    assert shared[0].risk == pytest.approx(10.0)
    assert shared[0].why_now == ("Would help 2 of 5 repositories; impact 5 of 5, about half a day of work, part of observing.")


def test_a_team_asks_one_question_where_a_place_is_left() -> None:
    advices = {"org/a": advise(None, 2, errors=NOT_SEEN), "org/b": advise(None, 2, errors=NOT_SEEN, backups=NOT_SEEN)}
    shared = team_advice(advices)
    assert [(step.practice, step.kind, step.repositories) for step in shared] == [("errors", "find out", ("org/a", "org/b"))]
    assert shared[0].why_now == "Open for 2 of 2 repositories; impact 5 of 5, a minute to answer, part of observing."


def test_a_team_is_asked_for_at_most_three_things_one_of_them_large() -> None:
    advices = {
        "org/a": advise(5, 5, tenants=ABSENT, keys=ABSENT),
        "org/b": advise(5, 2, errors=ABSENT),
        "org/c": advise(5, 2, errors=ABSENT, traces=ABSENT, notes=ABSENT, queue=ABSENT),
    }
    assert [step.practice for step in team_advice(advices)] == ["errors", "notes", "traces"]
    del advices["org/c"]
    assert [step.practice for step in team_advice(advices)] == ["errors", "keys"]
    assert team_advice({}) == ()
