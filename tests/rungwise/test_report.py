"""What ``check`` prints: readable, safe to print, and the same every time."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.catalogue import Catalogue, Practice
from rungwise.clues import file
from rungwise.ladder import standing
from rungwise.model import (
    Assessment,
    Component,
    Effort,
    Evidence,
    Fact,
    Finding,
    Flag,
    Kind,
    Observable,
    Part,
    Role,
    Signal,
    SignalKind,
    Snapshot,
    Stage,
    Status,
)
from rungwise.recommend import recommend
from rungwise.report import clean, render, render_many, to_json

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def practice(name: str, stage: int, title: str, **fields: Any) -> Practice:
    usual: dict[str, Any] = {
        "why": f"Because {name} matters.",
        "advice": (f"On Convex, click for {name}.", f"Start with {name}.", f"Then go on with {name}."),
        "looked_for": f"signs of {name}",
        "role": Role.CORE,
        "effort": Effort.SMALL,
        "impact": 3,
        "observable": Observable.YES,
        "applies": (Kind.APP,),
        "guide": "https://example.org",
        "question": f"Who knows about {name}?",
        "present": (file("anything.txt"),),
    } | fields
    return Practice(id=name, stage=Stage(stage), title=title, **usual)


CATALOGUE = Catalogue(
    (
        practice("history", 1, "Source under version control", role=Role.ANCHOR, impact=5),
        practice("seeds", 1, "Repeatable seed data"),
        practice("no-login", 1, "Corner: login left out", role=Role.CORNER, graduates_to="identity"),
        practice("errors", 2, "Errors reach a person", role=Role.ANCHOR, impact=5),
        practice("logs", 2, "Structured logs"),
        practice("alerts", 2, "Alert rules", observable=Observable.PARTLY, impact=4),
        practice("later", 2, "Traces across services", present=()),
        practice("unit", 3, "Automated tests", role=Role.ANCHOR),
        practice("identity", 5, "Server derives the user", role=Role.ANCHOR),
        practice("queue", 6, "Work queue for slow work"),
    ),
    "cafe01234567",
)


def finding(name: str, status: Status, reason: str = "", *evidence: Evidence, component: str = ".") -> Finding:
    one = CATALOGUE[name]
    return Finding(name, one.stage, status, component, reason, one.looked_for, evidence)


def seen(path: str | None, line: int | None = None) -> Evidence:
    url = f"https://github.com/acme/shop/blob/{COMMIT}/{path}" if path else None
    return Evidence(path, line, COMMIT, url)


FINDINGS = (
    finding("history", Status.PRESENT, "12 commits on 9 days."),
    finding("seeds", Status.PARTIAL, "Only part of it was seen, in db/seeds.rb.", seen("db/seeds.rb")),
    finding("no-login", Status.PRESENT, "", seen("app/open.rb", 3)),
    finding("errors", Status.ABSENT, "We looked for signs of errors and found none."),
    finding("logs", Status.ABSENT, "We looked for signs of logs and found none."),
    finding("alerts", Status.NOT_SEEN, "Nothing in the repository shows it, and nothing has to."),
    finding("later", Status.NOT_SEEN, "Not measured yet."),
    finding(
        "unit", Status.PRESENT, "Seen in tests.", seen("tests/test_a.py", 12), seen("tests/test_b.py", 1), seen("tests/c.py")
    ),
    finding("identity", Status.UNKNOWN, "app/auth.rb could not be read (too large)."),
    finding("queue", Status.NOT_APPLICABLE, "Nothing in it is slow."),
)


def assessment(findings: tuple[Finding, ...] = FINDINGS, **fields: Any) -> Assessment:
    usual: dict[str, Any] = {
        "repository": "acme/shop",
        "commit": COMMIT,
        "week": "2026-W34",
        "kind": Kind.APP,
        "kind_reason": "it serves requests (rails)",
        "flags": (),
        "components": (Component(".", Kind.APP),),
        "findings": findings,
        "standing": standing((f.stage, CATALOGUE[f.practice].role, CATALOGUE[f.practice].weight, f.status) for f in findings),
        "catalogue": CATALOGUE.hash,
        "facts": {Fact.USERS: True, Fact.DATASTORE: None},
        "url": "https://github.com/acme/shop",
    } | fields
    return Assessment(**usual)


SNAPSHOT = Snapshot("acme/shop", COMMIT, datetime(2026, 8, 21, 9, tzinfo=UTC), (), "github.com")


def report(
    judged: Assessment | None = None,
    snapshot: Snapshot = SNAPSHOT,
    *,
    target: Stage | None = None,
    width: int = 100,
    color: bool = False,
) -> str:
    judged = judged or assessment()
    advice = recommend(judged.findings, CATALOGUE, target=target, next_rung=judged.standing.next, flags=judged.flags)
    return render(judged, snapshot, CATALOGUE, advice, width=width, color=color)


def test_the_ladder_comes_first_with_its_caption() -> None:
    lines = report().splitlines()
    assert lines[0] == "acme/shop"
    assert lines[1] == "Commit 0123456789 of 21 August 2026, judged as of week 2026-W34."
    assert lines[3] == "  1 Prototyping  ████████████████····  sure             1 ●   1 ◐"
    assert lines[4].split() == ["2", "Observing", "░░░░░░░░░···········", "not", "held", "2", "○", "2", "?"]
    assert lines[8] == "  6 Scaling                            does not apply"
    assert "Holds 2 of 4 stages (at least 2, could be 3: one question open); next: observing." in lines


def test_what_is_not_measured_is_told_apart_from_questions_in_the_caption() -> None:
    findings = tuple(replace(one, status=Status.PRESENT) if one.practice in ("errors", "logs") else one for one in FINDINGS)
    text = report(assessment(findings))
    assert "Holds 3 of 4 stages (at least 2, could be 4: two questions open, one practice not measured yet)" in text


def test_one_count_is_said_without_bounds_when_nothing_is_open() -> None:
    text = report(assessment(FINDINGS[:2]))
    assert "Holds 1 of 1 stages.\n" in text


def test_next_steps_say_what_why_and_how() -> None:
    text = report()
    steps = text[text.index("What to do next") : text.index("Stage by stage")]
    assert "No target decided; the next rung is observing." in steps
    assert "  1. Errors reach a person [errors]\n     Impact 5 of 5, about half a day of work; an anchor of observing" in steps
    assert "     - Start with errors.\n     - Then go on with errors." in steps
    assert "  3. Find out: Alert rules [alerts]\n" in steps
    assert "     - Who knows about alerts?" in steps


def test_advice_about_convex_is_for_those_who_use_it() -> None:
    assert "Convex" not in report()
    assert "- On Convex, click for errors." in report(assessment(facts={Fact.CONVEX: True}))


def test_everything_found_out_stands_at_its_stage() -> None:
    text = report()
    stages = text[text.index("Stage by stage") :]
    first, second = stages.index("1 Prototyping: sure"), stages.index("2 Observing: not held")
    prototyping, rest = stages[first:second], stages[second:]
    assert re.search(r"● Source under version control +12 commits on 9 days\.", prototyping)
    assert re.search(r"◐ Repeatable seed data +db/seeds\.rb", prototyping)
    assert "◇ Corner: login left out (app/open.rb:3)" in prototyping
    assert "○ Missing: Structured logs\n    We looked for signs of logs and found none.\n    Step 2 above." in rest
    assert "? Alert rules: Who knows about alerts?" in rest
    assert "· Not measured yet: Traces across services." in rest
    assert re.search(r"● Automated tests +tests/test_a\.py:12, tests/test_b\.py:1 and more", rest)
    assert "! Server derives the user: app/auth.rb could not be read (too large)." in rest
    assert "6 Scaling: does not apply\n  - Does not apply. Nothing in it is slow (1)." in rest
    assert rest.endswith(
        f"https://github.com/acme/shop/tree/{COMMIT}\nRules cafe01234567. A stage is a description, not a grade."
    )


def test_a_gap_that_is_no_step_says_why_it_matters_and_how_to_start() -> None:
    findings = (*FINDINGS[:7], finding("unit", Status.ABSENT, "We looked for signs of unit and found none."))
    text = report(assessment(findings))
    shown = text[text.index("  ○ Missing: Automated tests") :].splitlines()
    assert shown[:4] == [
        "  ○ Missing: Automated tests",
        "    We looked for signs of unit and found none.",
        "    Because unit matters.",
        "    - Start with unit.",
    ]


def test_reasons_why_something_does_not_apply_are_grouped() -> None:
    findings = (
        finding("errors", Status.PRESENT, "Seen."),
        finding("logs", Status.NOT_APPLICABLE, "This is a library."),
        finding("alerts", Status.NOT_APPLICABLE, "This is a library."),
        finding("later", Status.NOT_APPLICABLE, "One person works on it."),
    )
    paragraph = (
        "- Does not apply. This is a library: Structured logs; Alert rules. One person works on it: Traces across services."
    )
    assert paragraph in report(assessment(findings)).replace("\n    ", " ")


def test_above_the_target_nothing_is_asked() -> None:
    text = report(target=Stage.PROTOTYPING)
    assert "It holds what was decided it needs, stage 1 (prototyping). Nothing now." in text
    assert "Ahead of need, above stage 1, and fine if you know why: Automated tests." in text
    assert "2 Observing: not held, above the target of stage 1" in text
    assert "○ Not there, and not asked for: Errors reach a person; Structured logs." in text
    assert "Because errors matters." not in text


def test_a_flagged_repository_is_described_and_asked_nothing() -> None:
    text = report(assessment(flags=(Flag.ARCH,)))
    assert "Judged as APP, flagged ARCH: it serves requests (rails)." in text
    assert "Archived, or untouched for two years" in text
    assert "○ Not there, and not asked for: Errors reach a person; Structured logs." in text


def test_notes_and_what_could_not_be_read_are_said() -> None:
    unread = tuple(
        Signal(SignalKind.UNREADABLE, reason, "ruby", path)
        for reason, path in (("too large", "a.rb"), ("too large", "b.rb"), ("not in this clone", "c.rb"))
    )
    snapshot = replace(
        SNAPSHOT, signals=unread, notes=("It was judged at HEAD.",), incomplete=("1 file is not in this clone: c.rb.",)
    )
    text = report(snapshot=snapshot)
    assert "! It was judged at HEAD.\n! 1 file is not in this clone: c.rb.\n" in text
    said = text.replace("\n  ", " ")
    assert "! 3 files could not be read, a.rb among them: not in this clone (1), too large (2)." in said
    one = report(snapshot=replace(SNAPSHOT, signals=unread[:1]))
    assert "! One file could not be read, a.rb: too large." in one


def test_an_empty_repository() -> None:
    empty = assessment((), commit="", kind=Kind.EMPTY, kind_reason="it holds no code yet", standing=standing([]))
    text = report(empty, replace(SNAPSHOT, commit="", notes=("There is no commit yet.",)))
    assert "No stage applies to it." in text
    assert "! There is no commit yet." in text
    assert "Commit" not in text
    assert "Stage by stage" not in text


HOSTILE = "a\x1b[31m\r\nb\x9b2J\u202egnp.rb\udce9\u2028"


def test_nothing_from_a_repository_reaches_the_terminal_as_a_command() -> None:
    assert clean(HOSTILE) == "a�[31m��b�2J�gnp.rb��"
    assert clean("schön 日本 😀") == "schön 日本 😀"
    findings = tuple(replace(one, reason=HOSTILE, evidence=(seen(HOSTILE, 1),)) for one in FINDINGS)
    judged = assessment(findings, repository=HOSTILE, kind_reason=HOSTILE, url=f"https://{HOSTILE}")
    snapshot = replace(
        SNAPSHOT, notes=(HOSTILE,), incomplete=(HOSTILE,), signals=(Signal(SignalKind.UNREADABLE, HOSTILE, "", HOSTILE),)
    )
    for text in (report(judged, snapshot), render_many([judged], width=80, color=False)):
        assert {unicodedata.category(char) for char in text if char != "\n"}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
        text.encode()
    colored = report(judged, snapshot, color=True)
    assert re.sub(r"\x1b\[\d+m", "", colored) == report(judged, snapshot)


def test_colour_adds_only_colour() -> None:
    colored = report(color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[\d+m", "", colored) == report()
    assert "\x1b" not in report()


@settings(deadline=None, max_examples=60)
@given(width=st.integers(1, 200), path=st.text(st.characters(codec="utf-8", max_codepoint=0x2FF), min_size=1, max_size=90))
def test_no_line_is_wider_than_asked_for(width: int, path: str) -> None:
    findings = tuple(replace(one, evidence=(seen(path, 7), seen("b.py"))) for one in FINDINGS)
    judged = assessment(findings, repository=f"acme/{path}")
    wide = max(width, 62)
    assert max(map(len, report(judged, width=width).splitlines())) <= max(width, 40)
    assert max(map(len, render_many([judged], width=wide, color=False).splitlines())) <= wide


def test_a_table_of_several_repositories() -> None:
    library = assessment((finding("history", Status.PRESENT),), repository="acme/a-very-long-name-of-a-repository", kind=Kind.LIB)
    archived = assessment(repository="acme/old", flags=(Flag.ARCH,))
    lines = render_many([assessment(), library, archived], width=100, color=False).splitlines()
    assert lines[0].split() == ["repository", "kind", "1", "2", "3", "4", "5", "6", "holds", "next"]
    assert lines[1].split("  ")[0] == "acme/shop"
    assert lines[1].endswith("■ □ ■ - ▨ -  2 of 4 (2 to 3)  observing")
    assert lines[2].startswith("acme/a-very-long-name-of-a-repository  LIB ")
    assert lines[2].endswith("■ - - - - -  1 of 1")
    assert "  APP ARCH  " in lines[3]
    assert "■ sure   ▣ held   ▨ open   □ not held   - does not apply" in lines
    narrow = render_many([assessment(), library], width=70, color=False).splitlines()
    assert "acme/a-very-long-nam…" in narrow[2]


def test_json_is_the_contract() -> None:
    snapshot = replace(SNAPSHOT, notes=("Judged at HEAD.",), incomplete=("One file is missing.",))
    line = to_json(assessment(), snapshot)
    assert "\n" not in line
    answer = json.loads(line)
    assert list(answer)[:6] == ["repository", "commit", "week", "kind", "flags", "kind_reason"]
    assert {key: answer[key] for key in ("repository", "commit", "week", "kind", "flags", "kind_reason", "catalogue")} == {
        "repository": "acme/shop",
        "commit": COMMIT,
        "week": "2026-W34",
        "kind": "APP",
        "flags": [],
        "kind_reason": "it serves requests (rails)",
        "catalogue": "cafe01234567",
    }
    assert answer["components"] == [{"path": ".", "kind": "APP"}]
    assert {key: value for key, value in answer["standing"].items() if key != "stages"} == {
        "holds": 2,
        "of": 4,
        "at_least": 2,
        "could_be": 3,
        "next": 2,
    }
    assert answer["standing"]["stages"][0] == {"stage": 1, "state": "sure", "coverage": 0.8, "confidence": 1.0}
    assert answer["standing"]["stages"][1] == {"stage": 2, "state": "not_held", "coverage": 0.0, "confidence": 0.556}
    assert answer["standing"]["stages"][5] == {"stage": 6, "state": "not_applicable", "coverage": None, "confidence": None}
    assert [one["id"] for one in answer["practices"]] == [one.id for one in CATALOGUE]
    assert answer["practices"][7] == {
        "id": "unit",
        "stage": 3,
        "status": "present",
        "component": ".",
        "reason": "Seen in tests.",
        "looked_for": "signs of unit",
        "evidence": [
            {
                "path": path,
                "line": row,
                "commit": COMMIT,
                "url": f"https://github.com/acme/shop/blob/{COMMIT}/{path}",
            }
            for path, row in (("tests/test_a.py", 12), ("tests/test_b.py", 1), ("tests/c.py", None))
        ],
    }
    assert answer["facts"] == {"has_datastore": None, "has_users": True}
    assert (answer["notes"], answer["incomplete"]) == (["Judged at HEAD."], ["One file is missing."])
    assert "by_component" not in answer


def test_json_without_a_next_rung_or_evidence_says_null() -> None:
    setting = finding("history", Status.PRESENT, "", Evidence(None, None, COMMIT))
    answer = json.loads(to_json(assessment((setting,)), SNAPSHOT))
    assert answer["standing"]["next"] is None
    assert answer["practices"][0]["evidence"] == [{"path": None, "line": None, "commit": COMMIT, "url": None}]


def test_json_is_the_same_however_the_facts_and_flags_came_in() -> None:
    one = assessment(flags=(Flag.TPL, Flag.ARCH), facts={Fact.USERS: True, Fact.DATASTORE: None})
    other = assessment(flags=(Flag.ARCH, Flag.TPL), facts={Fact.DATASTORE: None, Fact.USERS: True})
    assert to_json(one, SNAPSHOT) == to_json(other, SNAPSHOT)


def test_json_is_safe_to_print() -> None:
    hostile = finding("history", Status.PRESENT, HOSTILE, seen(HOSTILE))
    line = to_json(assessment((hostile,)), SNAPSHOT)
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["practices"][0]["evidence"][0]["path"] == HOSTILE


WEB, API = Component("web", Kind.SPA), Component("api", Kind.APP)


def part(component: Component, *findings: Finding) -> Part:
    return Part(
        component,
        findings,
        standing((f.stage, CATALOGUE[f.practice].role, CATALOGUE[f.practice].weight, f.status) for f in findings),
    )


PARTS = (part(API, finding("unit", Status.ABSENT, component="api")), part(WEB, finding("unit", Status.PRESENT, component="web")))


def test_json_names_the_weakest_component_and_gives_each_its_own_statuses() -> None:
    answer = json.loads(to_json(assessment(components=(API, WEB), parts=PARTS), SNAPSHOT))
    assert answer["weakest"] == "api"
    assert [(one["path"], one["kind"], one["practices"][0]["status"]) for one in answer["by_component"]] == [
        ("api", "APP", "absent"),
        ("web", "SPA", "present"),
    ]
    assert {"holds", "of", "at_least", "could_be", "next", "stages"} == set(answer["by_component"][0]["standing"])


def test_the_report_names_the_weakest_component_and_what_only_it_lacks() -> None:
    told = " ".join(report(assessment(components=(API, WEB), parts=PARTS)).split())
    assert f"2 parts of it are deployed. The weakest is api with {PARTS[0].standing.holds} of" in told
    assert f"What others of them show and it does not: {CATALOGUE['unit'].title}." in told
    assert "The others: web with " in told
