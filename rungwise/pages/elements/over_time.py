"""Trends as pages show them: the picture, what its parts mean, and the same as a table for those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pandas as pd
import streamlit as st

from rungwise.catalogue import Practice
from rungwise.model import Stage, State, Status
from rungwise.pages.elements import marks, trend, words
from rungwise.pages.elements.data import View, rows
from rungwise.pages.elements.trend import Line, Point, Rules, Standing
from rungwise.store import UNOWNED, Week

HISTORY = "uv run python -m rungwise collect local PATH... --history 52"
"""What gives the past."""


def stages(view: View, team: str | None = None) -> None:
    """How many repositories held each stage in each week; of one team where asked, as in :meth:`Reader.findings`."""
    frame = view.trend_of_stages(team)
    weeks = _weeks(frame, view.week)
    if len(weeks) < 2:
        _too_short(view)
        return
    needed = view.needed(team)
    lines = [_stage_line(its, rows(frame[frame["stage"] == int(its)]), weeks, needed.get(its, 0)) for its in Stage]
    lines = [line for line in lines if any(point.levels for point in line.points)]
    changed = view.rule_changes()
    if team is not None:
        changed = changed[changed["team"].fillna(UNOWNED) == team]
    # A practice that came, went or moved to another stage turns no status, but what a stage asks for.
    marked = set(changed["week"]) | (view.rule_weeks() if team is None else set())
    _draw(view, lines, "trend-stages", ("hold it surely", "hold it, going by what is known", "open questions decide"), marked)
    if not needed:
        st.caption("No targets are decided, so there is no line for what is needed.")


def _stage_line(its: Stage, found: Sequence[Any], weeks: Sequence[Week], needed: int) -> Line:
    by_week = {int(row.week): row for row in found}
    points, of = [], 0
    for week in weeks:
        row = by_week.get(week.id)
        if row is None or not row.repositories:
            points.append(Point(week, None, "nobody looked" if row is None else "applies to no repository"))
            continue
        of, held = int(row.repositories), int(row.held) + int(row.sure)
        if pd.isna(row.confidence) or row.confidence == 0:
            points.append(Point(week, None, "nothing of it could be seen"))
            continue
        more = f"; {int(row.open)} more depend on open questions" if row.open else ""
        points.append(
            Point(
                week,
                (row.sure / of, held / of, (held + int(row.open)) / of),
                f"{held} of {of} hold it; {int(row.sure)} surely{more}",
            )
        )
    target, told = (
        (min(needed / of, 1.0), f"{needed} of {of} need it, by their targets of today") if needed and of else (None, "")
    )
    return Line(its, its.short, tuple(points), 1, target, told)


def practice(view: View, its: Practice) -> None:
    """How many repositories had one practice in each week."""
    frame = view.trend_of_practice(its.id)
    weeks = _weeks(frame, view.week)
    if len(weeks) < 2:
        _too_short(view)
        return
    counts: dict[int, dict[Status, int]] = {}
    for row in rows(frame):
        counts.setdefault(int(row.week), {})[Status(row.status)] = int(row.repositories)
    points = tuple(_practice_point(week, counts.get(week.id)) for week in weeks)
    target, told = _needed(view, its)
    changed = view.rule_changes()
    line = Line(its.stage, "Repositories", points, 0, target, told)
    _draw(
        view,
        [line],
        "trend-practice",
        ("there", "partly there", "open questions"),
        set(changed[changed["practice"] == its.id]["week"]),
    )


def _practice_point(week: Week, found: Mapping[Status, int] | None) -> Point:
    if found is None:
        return Point(week, None, "nobody looked")
    of = sum(number for status, number in found.items() if status is not Status.NOT_APPLICABLE)
    if not of:
        return Point(week, None, "applies to no repository")
    unknown = found.get(Status.UNKNOWN, 0)
    if unknown == of:
        return Point(week, None, f"could not be looked at in any of {of}")
    there = found.get(Status.PRESENT, 0) + found.get(Status.ATTESTED, 0)
    partly, asked = found.get(Status.PARTIAL, 0), found.get(Status.NOT_SEEN, 0) + unknown
    said = [f"{there} of {of} have it", *([f"{partly} partly"] if partly else []), *([f"{asked} open"] if asked else [])]
    return Point(week, (there / of, (there + partly) / of, (there + partly + asked) / of), "; ".join(said))


def _needed(view: View, its: Practice) -> tuple[float | None, str]:
    found = view.of_practice(its.id)
    asked_of = set(found[found["status"] != Status.NOT_APPLICABLE.value]["repository"])
    every = view.repositories()
    aimed = every[every["repository"].isin(asked_of) & (every["target"] >= int(its.stage)).fillna(False)]
    if aimed.empty:
        return None, ""
    return len(aimed) / len(asked_of), f"{len(aimed)} of {len(asked_of)} need its stage, by their targets of today"


def repository(view: View, name: str, target: Stage | None) -> None:
    """One repository's stages over all weeks."""
    frame = view.trend_of_repository(name)
    weeks = _weeks(frame, view.week)
    if len(weeks) < 2:
        _too_short(view)
        return
    standings = []
    for _, found in frame[frame["week"] <= view.week.id].groupby("week", sort=True):
        its = rows(found)
        states = {Stage(int(row.stage)): State(row.state) for row in its}
        first = its[0]
        standings.append(
            Standing(
                Week.of_id(int(first.week)), int(first.holds), int(first.at_least), int(first.could_be), int(first.of), states
            )
        )
    changed = view.rule_changes()
    rules = _rules(view, weeks, set(changed[changed["repository"] == name]["week"]))
    now = _unfinished(weeks[-1])
    gaps = len(weeks) - len(standings)
    first, last = standings[0], standings[-1]
    without = f" {words.count(gaps, 'week')} without an answer." if gaps else ""
    alternative = (
        f"{words.count(len(weeks), 'week')}: {first.words} in {first.week.label}, {last.words} in {last.week.label}.{without} "
        "The table below says the same week by week."
    )
    st.plotly_chart(
        trend.strips(weeks, standings, target, rules, unfinished=now), key="trend-repository", config=_PLAIN, alt=alternative
    )
    entries = [
        (marks.stroke("solid"), "stages held"),
        (marks.shade(trend.BOUNDS), "between what is sure and what could be"),
        (marks.segment("rw-there"), words.STATES[State.SURE]),
        (marks.segment("rw-likely"), words.STATES[State.HELD]),
        (marks.segment("rw-open"), words.STATES[State.OPEN]),
        (marks.segment(""), words.STATES[State.NOT_HELD]),
    ]
    aim = [(marks.stroke("up"), f"the stages up to the target, {target.short.lower()}")] if target else []
    st.html(marks.legend(*entries, *aim, *_signs(rules)))
    _said(view, rules, now)
    table = pd.DataFrame(
        [
            {"Week": standing.week.label, "Stages": standing.words.removeprefix("holds ")}
            | {its.short: words.STATES[standing.states.get(its, State.NOT_APPLICABLE)] for its in Stage}
            for standing in reversed(standings)
        ]
    )
    _table(table)


def _draw(view: View, lines: Sequence[Line], key: str, levels: Sequence[str], changed: set[int]) -> None:
    weeks = [point.week for point in lines[0].points]
    rules = _rules(view, weeks, changed)
    now = _unfinished(weeks[-1])
    st.plotly_chart(trend.shares(lines, rules, unfinished=now), key=key, config=_PLAIN, alt=trend.in_words(lines))
    shades = [(marks.shade(depth), level) for depth, level in zip(trend.DEPTHS, levels, strict=True)]
    aim = [(marks.stroke("dashed"), "needed, by the targets of today")] if any(line.target is not None for line in lines) else []
    st.html(marks.legend(*shades, *aim, *_signs(rules), *([(marks.stroke("ring"), "this week, not over yet")] if now else [])))
    _said(view, rules, now)
    _table(
        pd.DataFrame(
            [
                {"Week": week.label} | {line.name: line.points[index].words for line in lines}
                for index, week in reversed(list(enumerate(weeks)))
            ]
        )
    )


_PLAIN = {"displayModeBar": False}


def _signs(rules: Rules) -> list[tuple[str, str]]:
    return [(marks.stroke("upright"), "the rules changed")] if rules.marks else []


def _said(view: View, rules: Rules, unfinished: bool) -> None:
    """What a reader of the picture has to know, in words."""
    said = []
    if unfinished:
        said.append(f"{view.week.label} is not over: its last point may still move.")
    if rules.old:
        said.append(
            f"{words.count(len(rules.old), 'week')} up to {max(rules.old).label} {'was' if len(rules.old) == 1 else 'were'} judged by other rules "
            "and cannot be compared; `uv run python -m rungwise rejudge` judges them again by those of today."
        )
    elif rules.marks:
        at = words.listing([week.label for week in rules.marks], 5)
        said.append(
            f"The rules changed in {at}. All weeks shown are judged by those of today, so no step in the lines comes from it."
        )
    if said:
        st.markdown(f":gray[:small[{' '.join(said)}]]")


def _table(frame: pd.DataFrame) -> None:
    with st.expander("The same as a table", type="compact", icon=":material/table_rows:"):
        st.table(frame, hide_index=True, height=420)


def _weeks(frame: pd.DataFrame, until: Week) -> list[Week]:
    found = frame[frame["week"] <= until.id]["week"]
    return trend.every_week(Week.of_id(int(found.min())), Week.of_id(int(found.max()))) if len(found) else []


def _too_short(view: View) -> None:
    st.markdown(f"{view.week.label} is the first week here. To see a year today, judge the past from git:")
    st.code(HISTORY, language="bash")


def _rules(view: View, weeks: Sequence[Week], changed: set[int]) -> Rules:
    """What of these weeks was judged by other rules than the newest of them, and where rules changed."""
    frame = view.rules()
    by_week = {int(row.week): str(row.catalogue) for row in rows(frame[frame["week"] <= weeks[-1].id])}
    known = [week for week in weeks if week.id in by_week]
    old = frozenset(week for week in known if by_week[week.id] != by_week[known[-1].id])
    bounds = {later for earlier, later in pairwise(known) if by_week[earlier.id] != by_week[later.id]}
    return Rules(old, tuple(sorted(bounds | {week for week in weeks if week.id in changed})))


def _unfinished(week: Week) -> bool:
    return week == Week.of(today())


def today() -> date:
    """The day that decides whether a week is over."""
    return datetime.now(UTC).date()
