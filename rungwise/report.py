"""What ``check`` prints: a report for a person, a table for several repositories, and JSON for machines.

Names, paths and reasons come from repositories that anybody may have written, so whatever is printed goes through :func:`clean`.
"""

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from rungwise.catalogue import Catalogue, Practice
from rungwise.components import only_lacking
from rungwise.model import (
    Assessment,
    Evidence,
    Fact,
    Finding,
    Part,
    Role,
    SignalKind,
    Snapshot,
    Stage,
    StageStanding,
    Standing,
    State,
    Status,
)
from rungwise.recommend import Advice, Step, for_repository, in_words

NARROWEST = 40
"""Below this many columns lines are no longer broken further."""
BAR = 20
"""How many cells a stage's bar has, where there is room."""
PLACES = 2
"""How many places of evidence are shown for a practice."""
SOME = 4
"""How many practices are named before the rest is only counted."""

_STATE_WORDS = {
    State.SURE: "sure",
    State.HELD: "held",
    State.OPEN: "open",
    State.NOT_HELD: "not held",
    State.NOT_APPLICABLE: "does not apply",
}
_STATE_SYMBOLS = {State.SURE: "■", State.HELD: "▣", State.OPEN: "▨", State.NOT_HELD: "□", State.NOT_APPLICABLE: "-"}
_STATUS_SYMBOLS = {
    Status.PRESENT: "●",
    Status.ATTESTED: "◆",
    Status.PARTIAL: "◐",
    Status.ABSENT: "○",
    Status.NOT_SEEN: "?",
    Status.UNKNOWN: "!",
    Status.NOT_APPLICABLE: "-",
}
_STATUS_WORDS = {
    Status.PRESENT: "there",
    Status.ATTESTED: "there, somebody confirmed",
    Status.PARTIAL: "in part",
    Status.ABSENT: "missing",
    Status.NOT_SEEN: "only people can say",
    Status.UNKNOWN: "could not look",
    Status.NOT_APPLICABLE: "does not apply",
}
_STATUS_STYLES = {
    Status.PRESENT: "32",
    Status.ATTESTED: "32",
    Status.PARTIAL: "33",
    Status.ABSENT: "35",
    Status.NOT_SEEN: "36",
    Status.UNKNOWN: "36",
    Status.NOT_APPLICABLE: "2",
}
_BOLD, _DIM = "1", "2"
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control and format characters (escape sequences, bidirectional overrides), surrogates, line and paragraph separators."""


def clean(text: str) -> str:
    """The text without anything that a terminal would obey or hide: each such character becomes ``�``, and no line breaks."""
    return "".join("�" if unicodedata.category(char) in _INVISIBLE else char for char in text)


class _Page:
    """Lines of text that fit a width. Everything is cleaned here, before any styling, so nothing gets around it."""

    def __init__(self, width: int, color: bool) -> None:
        self.width = max(width, NARROWEST)
        self._color = color
        self._lines: list[str] = []

    def gap(self) -> None:
        """An empty line, but never two."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def say(self, text: str, *, indent: int = 0, mark: str = "", mark_style: str = "", style: str = "") -> None:
        """A paragraph; ``mark`` stands before its first line, and the others are indented as far."""
        room = self.width - indent - len(mark)
        wrapped = textwrap.wrap(clean(text), room, break_on_hyphens=False) or [""]
        for number, line in enumerate(wrapped):
            before = self._styled(mark, mark_style) if number == 0 else " " * len(mark)
            self._lines.append((" " * indent + before + self._styled(line, style)).rstrip())

    def row(self, *cells: tuple[str, str]) -> None:
        """One line of cells, each a text and its style, which the caller knows to fit."""
        self._lines.append("".join(self._styled(clean(text), style) for text, style in cells).rstrip())

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._color and style and text.strip() else text

    def text(self) -> str:
        """All lines, the last one without a line break."""
        return "\n".join(self._lines).rstrip("\n")


def render(assessment: Assessment, snapshot: Snapshot, catalogue: Catalogue, advice: Advice, *, width: int, color: bool) -> str:
    """The report on one repository: the ladder, next steps, then stage by stage everything that was found out.

    ``width`` is in columns; with ``color`` there are ANSI colours. Shapes and words say everything without them.
    """
    page = _Page(width, color)
    findings = for_repository(assessment.findings)
    page.say(assessment.repository, style=_BOLD)
    if assessment.commit:
        day = snapshot.committed_at
        date = f"{day.day} {day:%B} {day.year}"
        page.say(f"Commit {assessment.commit[:10]} of {date}, judged as of week {assessment.week}.", style=_DIM)
    _ladder(page, assessment.standing, findings, catalogue)
    _about(page, assessment, snapshot, catalogue)
    on_convex = assessment.facts.get(Fact.CONVEX) is True
    _next_steps(page, advice, catalogue, on_convex=on_convex)
    _legend(page, findings)
    for standing in assessment.standing.stages:
        practices = [practice for practice in catalogue.of(standing.stage) if practice.id in findings]
        if practices:
            asked = not assessment.flags and (advice.target is None or standing.stage <= advice.target)
            _stage(page, standing, practices, findings, advice, asked=asked, on_convex=on_convex)
    _foot(page, assessment, catalogue)
    return page.text()


def _about(page: _Page, assessment: Assessment, snapshot: Snapshot, catalogue: Catalogue) -> None:
    """What it was taken for and why, and what should be known about this look."""
    page.gap()
    flags = "".join(f", flagged {flag}" for flag in assessment.flags)
    page.say(f"Judged as {assessment.kind}{flags}: {assessment.kind_reason.rstrip('.')}.")
    if assessment.parts:
        _parts(page, assessment, catalogue)
    for sentence in (*snapshot.notes, *snapshot.incomplete, *_unread(snapshot)):
        page.say(sentence, mark="! ", mark_style=_STATUS_STYLES[Status.UNKNOWN])


def _parts(page: _Page, assessment: Assessment, catalogue: Catalogue) -> None:
    """Its components, the weakest first, each with the stages that it holds by itself."""
    weakest, *others = assessment.parts
    page.say(f"{len(assessment.parts)} parts of it are deployed. The weakest is {_part(weakest)} of the stages by itself.")
    if lacking := [catalogue[practice].title for practice in only_lacking(weakest, others) if practice in catalogue.by_id]:
        more = f"; and {len(lacking) - SOME} more" if len(lacking) > SOME else ""
        page.say(f"What others of them show and it does not: {'; '.join(lacking[:SOME])}{more}.")
    shown = ", ".join(_part(part) for part in others[:SOME])
    more = f", and {len(others) - SOME} more" if len(others) > SOME else ""
    page.say(f"The others: {shown}{more}.", style=_DIM)


def _part(part: Part) -> str:
    where = "the root" if part.component.path == "." else part.component.path
    return f"{where} with {part.standing.holds} of {part.standing.of}"


def _unread(snapshot: Snapshot) -> Iterable[str]:
    """A sentence on the files that could not be read, where there are any."""
    unread = [signal for signal in snapshot.signals if signal.kind is SignalKind.UNREADABLE]
    if unread:
        reasons: dict[str, int] = {}
        for signal in unread:
            reasons[signal.name] = reasons.get(signal.name, 0) + 1
        why = ", ".join(f"{reason} ({count})" if len(reasons) > 1 else reason for reason, count in sorted(reasons.items()))
        first = next((signal.path for signal in unread if signal.path), None)
        among = f", {first} among them" if first and len(unread) > 1 else f", {first}" if first else ""
        yield f"{_files(len(unread))} could not be read{among}: {why}. What they may show counts as unknown, not as missing."


def _ladder(page: _Page, standing: Standing, findings: dict[str, Finding], catalogue: Catalogue) -> None:
    page.gap()
    names = max(len(stage.short) for stage in Stage)
    words = max(len(word) for word in _STATE_WORDS.values())
    bar = min(BAR, page.width - names - words - 8)
    for one in standing.stages:
        there, unknown, missing = _shares(one, bar)
        style = _DIM if one.state is State.NOT_APPLICABLE else ""
        cells = [
            (f"  {int(one.stage)} {one.stage.short:<{names}}  ", style),
            ("█" * there, "32"),
            ("░" * unknown, "36"),
            ("·" * missing, _DIM),
            (" " * (bar - there - unknown - missing) + "  ", ""),
            (f"{_STATE_WORDS[one.state]:<{words}}", style if one.state is not State.SURE else _BOLD),
        ]
        counted = _counted(catalogue.of(one.stage), findings)
        if sum(len(text) for text, _ in (*cells, *counted)) <= page.width:
            cells += counted
        page.row(*cells)
    page.gap()
    page.say(_caption(standing, findings, catalogue), style=_BOLD)
    page.say(
        "Bars, by weight: █ there, ░ not known, · missing. Practices: ● there, ◐ in part, ○ missing, ? open or not yet measured.",
        style=_DIM,
    )


def _shares(standing: StageStanding, bar: int) -> tuple[int, int, int]:
    """How many of a bar's cells are there, not known and missing; all none where nothing applies."""
    if standing.confidence is None:
        return 0, 0, 0
    there = round(bar * (standing.coverage or 0.0) * standing.confidence)
    unknown = min(round(bar * (1 - standing.confidence)), bar - there)
    return there, unknown, bar - there - unknown


def _counted(practices: Sequence[Practice], findings: dict[str, Finding]) -> list[tuple[str, str]]:
    """A stage in numbers, a cell for each symbol, all of one width; corners left aside."""
    statuses = [
        findings[practice.id].status for practice in practices if practice.id in findings and practice.role is not Role.CORNER
    ]
    counts = {
        Status.PRESENT: statuses.count(Status.PRESENT) + statuses.count(Status.ATTESTED),
        Status.PARTIAL: statuses.count(Status.PARTIAL),
        Status.ABSENT: statuses.count(Status.ABSENT),
        Status.NOT_SEEN: sum(status.open for status in statuses),
    }
    return [(f"  {count:>2} {_STATUS_SYMBOLS[one]}" if count else " " * 6, _STATUS_STYLES[one]) for one, count in counts.items()]


def _caption(standing: Standing, findings: dict[str, Finding], catalogue: Catalogue) -> str:
    if not standing.of:
        return "No stage applies to it."
    bounds = ""
    if standing.at_least != standing.could_be:
        undecided = {one.stage for one in standing.stages if one.state in (State.HELD, State.OPEN)}
        open_ones = [
            p for p in catalogue if p.weight and p.stage in undecided and p.id in findings and findings[p.id].status.open
        ]
        asked = sum(practice.measured for practice in open_ones)
        unmeasured = len(open_ones) - asked
        why = [f"{in_words(asked)} question{'' if asked == 1 else 's'} open"] if asked else []
        why += [f"{in_words(unmeasured)} practice{'' if unmeasured == 1 else 's'} not measured yet"] if unmeasured else []
        bounds = f" (at least {standing.at_least}, could be {standing.could_be}: {', '.join(why)})"
    rung = f"; next: {standing.next.short.lower()}" if standing.next else ""
    return f"Holds {standing.holds} of {standing.of} stages{bounds}{rung}."


def _how(advice: Sequence[str], *, on_convex: bool) -> Sequence[str]:
    """The advice that fits: elsewhere than on Convex, the lines about Convex are left out unless there are no others."""
    return advice if on_convex else [line for line in advice if "Convex" not in line] or advice


def _next_steps(page: _Page, advice: Advice, catalogue: Catalogue, *, on_convex: bool) -> None:
    page.gap()
    page.say("What to do next", style=_BOLD)
    page.say(advice.sentence)
    for number, step in enumerate(advice.steps, 1):
        page.gap()
        verb = "Find out: " if step.kind == "find out" else ""
        page.say(f"{verb}{step.title} [{step.practice}]", indent=2, mark=f"{number}. ", style=_BOLD)
        page.say(step.why_now, indent=5, style=_DIM)
        for line in _how(step.how, on_convex=on_convex):
            page.say(line, indent=5, mark="- ")
    if advice.ahead and advice.target:
        page.gap()
        titles = "; ".join(catalogue[practice].title for practice in advice.ahead[:SOME])
        more = f"; and {len(advice.ahead) - SOME} more" if len(advice.ahead) > SOME else ""
        page.say(f"Ahead of need, above stage {int(advice.target)}, and fine if you know why: {titles}{more}.", style=_DIM)


def _legend(page: _Page, findings: dict[str, Finding]) -> None:
    """What the symbols below mean; only those that occur."""
    occurring = {finding.status for finding in findings.values()}
    words = [f"{symbol} {_STATUS_WORDS[status]}" for status, symbol in _STATUS_SYMBOLS.items() if status in occurring]
    if words:
        page.gap()
        page.say("Stage by stage", style=_BOLD)
        page.say("   ".join(words), style=_DIM)


def _stage(
    page: _Page,
    standing: StageStanding,
    practices: Sequence[Practice],
    findings: dict[str, Finding],
    advice: Advice,
    *,
    asked: bool,
    on_convex: bool,
) -> None:
    """Everything about one stage, by what is known of it; where nothing is ``asked``, what is missing is only named."""
    page.gap()
    above = (
        f", above the target of stage {int(advice.target)}"
        if advice.target is not None and standing.stage > advice.target
        else ""
    )
    page.say(f"{int(standing.stage)} {standing.stage.title}: {_STATE_WORDS[standing.state]}{above}", style=_BOLD)
    corners = [practice for practice in practices if practice.role is Role.CORNER]
    habits = [practice for practice in practices if practice.role is not Role.CORNER]
    by_status = {status: [p for p in habits if findings[p.id].status is status] for status in Status}

    seen = [*by_status[Status.PRESENT], *by_status[Status.ATTESTED]]
    column = _column(page, [*seen, *by_status[Status.PARTIAL]])
    for practice in seen:
        _entry(page, practice, findings[practice.id], column)
    for practice in by_status[Status.PARTIAL]:
        _entry(page, practice, findings[practice.id], column)
        if asked:
            _explain(page, practice, findings[practice.id], advice, on_convex=on_convex)
    if not asked:
        _list(page, _STATUS_SYMBOLS[Status.ABSENT], "Not there, and not asked for", by_status[Status.ABSENT])
    for practice in by_status[Status.ABSENT] if asked else ():
        _mark(page, Status.ABSENT, f"Missing: {practice.title}")
        _explain(page, practice, findings[practice.id], advice, on_convex=on_convex)
    for practice in by_status[Status.NOT_SEEN]:
        if practice.measured:
            _mark(page, Status.NOT_SEEN, f"{practice.title}: {practice.question or findings[practice.id].reason}")
    for practice in by_status[Status.UNKNOWN]:
        _mark(page, Status.UNKNOWN, f"{practice.title}: {findings[practice.id].reason}")
    _corners(page, corners, findings)
    _list(page, "·", "Not measured yet", [practice for practice in by_status[Status.NOT_SEEN] if not practice.measured])
    nothing_applies = standing.state is State.NOT_APPLICABLE
    _not_applicable(page, by_status[Status.NOT_APPLICABLE], findings, brief=nothing_applies)


def _mark(page: _Page, status: Status, text: str) -> None:
    page.say(text, indent=2, mark=f"{_STATUS_SYMBOLS[status]} ", mark_style=_STATUS_STYLES[status])


def _column(page: _Page, practices: Sequence[Practice]) -> int:
    """Where the evidence starts: after the longest title, but leaving it two fifths of the line."""
    return min(max((len(practice.title) for practice in practices), default=0) + 6, page.width * 3 // 5)


def _entry(page: _Page, practice: Practice, finding: Finding, column: int) -> None:
    """What is there, and where it was seen."""
    room = page.width - column
    where = _places(finding.evidence, room) or finding.reason
    symbol = (f"  {_STATUS_SYMBOLS[finding.status]} ", _STATUS_STYLES[finding.status])
    if len(practice.title) + 6 + len(clean(where)) <= page.width and len(clean(where)) <= max(room, page.width // 2):
        padded = max(min(column, page.width - len(clean(where))) - 4, len(practice.title) + 2)
        page.row(symbol, (f"{practice.title:<{padded}}", ""), (where, _DIM))
    else:
        _mark(page, finding.status, practice.title)
        page.say(_places(finding.evidence, page.width - 4) or finding.reason, indent=4, style=_DIM)


def _places(evidence: Sequence[Evidence], room: int) -> str:
    """As many places as fit into the room, at least one; empty where there are none."""
    places = list(dict.fromkeys(_place(one) for one in evidence if one.path is not None))
    for shown in range(min(PLACES, len(places)), 0, -1):
        text = ", ".join(places[:shown]) + (" and more" if len(places) > shown else "")
        if len(text) <= room or shown == 1:
            return text
    return ""


def _place(evidence: Evidence) -> str:
    return f"{evidence.path}:{evidence.line}" if evidence.line else str(evidence.path)


def _explain(page: _Page, practice: Practice, finding: Finding, advice: Advice, *, on_convex: bool) -> None:
    """What was found, why a gap matters and how to start; a step that was shown above is only pointed to."""
    page.say(finding.reason, indent=4, style=_DIM)
    number = _number_of(practice, advice.steps)
    if number:
        page.say(f"Step {number} above.", indent=4)
        return
    if finding.status is Status.ABSENT:
        page.say(practice.why, indent=4)
    for line in _how(practice.advice, on_convex=on_convex)[:1]:
        page.say(line, indent=4, mark="- ")


def _number_of(practice: Practice, steps: Sequence[Step]) -> int | None:
    return next((number for number, step in enumerate(steps, 1) if step.practice == practice.id), None)


def _corners(page: _Page, corners: Sequence[Practice], findings: dict[str, Finding]) -> None:
    """The shortcuts that were taken on purpose; those left are not worth a line."""
    for practice in corners:
        if findings[practice.id].status in (Status.PRESENT, Status.PARTIAL):
            where = _places(findings[practice.id].evidence, page.width)
            page.say(
                f"{practice.title}{f' ({where})' if where else ''}",
                indent=2,
                mark="◇ ",
                mark_style=_STATUS_STYLES[Status.PARTIAL],
            )


def _list(page: _Page, symbol: str, heading: str, practices: Sequence[Practice]) -> None:
    if practices:
        titles = "; ".join(practice.title for practice in practices)
        page.say(f"{heading}: {titles}.", indent=2, mark=f"{symbol} ", mark_style=_DIM, style=_DIM)


def _not_applicable(page: _Page, practices: Sequence[Practice], findings: dict[str, Finding], *, brief: bool) -> None:
    """One paragraph, with the practices that share a reason together; ``brief`` counts them instead of naming them."""
    reasons: dict[str, list[str]] = {}
    for practice in practices:
        reasons.setdefault(findings[practice.id].reason.rstrip("."), []).append(practice.title)
    if reasons:
        said = [f"{why} ({len(titles)})." if brief else f"{why}: {'; '.join(titles)}." for why, titles in reasons.items()]
        page.say(f"Does not apply. {' '.join(said)}", indent=2, mark="- ", mark_style=_DIM, style=_DIM)


def _foot(page: _Page, assessment: Assessment, catalogue: Catalogue) -> None:
    page.gap()
    changed = len(catalogue.own) + len(catalogue.adjusted)
    own = f", {changed} of them your own or changed by you" if changed else ""
    if assessment.url and assessment.commit:
        page.say(f"Paths are as of {assessment.url}/tree/{assessment.commit}", style=_DIM)
    page.say(f"Rules {assessment.catalogue}{own}. A stage is a description, not a grade.", style=_DIM)


def render_many(assessments: Sequence[Assessment], *, width: int, color: bool) -> str:
    """A table of several repositories, a line each: kind, the six states, how many stages are held, the next rung."""
    page = _Page(width, color)
    kinds = [" ".join([one.kind, *one.flags]) for one in assessments]
    holds = [_holds(one.standing) for one in assessments]
    head = ("repository", "kind", "1 2 3 4 5 6", "holds", "next")
    kind_room = max(len(text) for text in (head[1], *kinds))
    holds_room = max(len(text) for text in (head[3], *holds))
    rung_room = max(len(stage.short) for stage in Stage)
    room = max(page.width - kind_room - len(head[2]) - holds_room - rung_room - 8, 12)
    room = min(room, max(len(text) for text in (head[0], *(one.repository for one in assessments))))

    def row(name: str, kind: str, states: str, held: str, rung: str, style: str = "") -> None:
        page.row((f"{_shortened(clean(name), room):<{room}}  {kind:<{kind_room}}  {states}  {held:<{holds_room}}  {rung}", style))

    row(*head, style=_BOLD)
    for one, kind, held in zip(assessments, kinds, holds, strict=True):
        states = " ".join(_STATE_SYMBOLS[stage.state] for stage in one.standing.stages)
        row(one.repository, kind, states, held, one.standing.next.short.lower() if one.standing.next else "")
    page.gap()
    page.say("   ".join(f"{_STATE_SYMBOLS[state]} {_STATE_WORDS[state]}" for state in State), style=_DIM)
    page.say("Stages: " + ", ".join(f"{int(stage)} {stage.short.lower()}" for stage in Stage) + ".", style=_DIM)
    page.say("In brackets: how many are held at the least, and how many it could be once what is open is answered.", style=_DIM)
    return page.text()


def _holds(standing: Standing) -> str:
    if not standing.of:
        return "none applies"
    bounds = f" ({standing.at_least} to {standing.could_be})" if standing.at_least != standing.could_be else ""
    return f"{standing.holds} of {standing.of}{bounds}"


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def _files(count: int) -> str:
    return "One file" if count == 1 else f"{count} files"


def to_json(assessment: Assessment, snapshot: Snapshot) -> str:
    """The contract of ``check --json``: one object on one line, the same bytes for the same input.

    Practices stand in the order of the catalogue, each once. Everything outside ASCII is escaped, so names that are no UTF-8 and
    control characters do no harm where it is printed.
    """
    findings = for_repository(assessment.findings)
    answer: dict[str, Any] = {
        "repository": assessment.repository,
        "commit": assessment.commit,
        "week": assessment.week,
        "kind": assessment.kind.value,
        "flags": sorted(flag.value for flag in assessment.flags),
        "kind_reason": assessment.kind_reason,
        "components": [{"path": one.path, "kind": one.kind.value} for one in assessment.components],
        "standing": _standing_as_json(assessment.standing),
        "practices": [_finding_as_json(finding) for finding in findings.values()],
        "catalogue": assessment.catalogue,
        "facts": {fact.value: assessment.facts[fact] for fact in Fact if fact in assessment.facts},
        "notes": list(snapshot.notes),
        "incomplete": list(snapshot.incomplete),
    }
    if assessment.parts:
        answer["weakest"] = assessment.parts[0].component.path
        answer["by_component"] = [
            {
                "path": part.component.path,
                "kind": part.component.kind.value,
                "standing": _standing_as_json(part.standing),
                "practices": [_finding_as_json(finding) for finding in part.findings],
            }
            for part in sorted(assessment.parts, key=lambda part: part.component.path)
        ]
    return json.dumps(answer, ensure_ascii=True, allow_nan=False)


def _standing_as_json(standing: Standing) -> dict[str, Any]:
    return {
        "holds": standing.holds,
        "of": standing.of,
        "at_least": standing.at_least,
        "could_be": standing.could_be,
        "next": int(standing.next) if standing.next else None,
        "stages": [
            {
                "stage": int(one.stage),
                "state": one.state.value,
                "coverage": _rounded(one.coverage),
                "confidence": _rounded(one.confidence),
            }
            for one in standing.stages
        ],
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.practice,
        "stage": int(finding.stage),
        "status": finding.status.value,
        "component": finding.component,
        "reason": finding.reason,
        "looked_for": finding.looked_for,
        "evidence": [{"path": one.path, "line": one.line, "commit": one.commit, "url": one.url} for one in finding.evidence],
    }
