"""Weeks as pictures: shares of repositories over time, and one repository's stages.

A week in which nothing could be seen is a gap. Weeks that were judged by other rules than the newest are never joined to the rest, and a
change of the rules is a mark and no step. The week that is not over yet is drawn apart. Colours are Streamlit's own names for those of
the theme, which the browser puts in, so that a picture follows light and dark.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from rungwise.model import Stage, State
from rungwise.pages.elements import words
from rungwise.store import Week

ACROSS = 3
"""Panels beside each other."""
PANEL, WIDE, HEAD = 120, 200, 32
"""Height of a panel, of one that is alone, and of what stands over it, in pixels."""
STRIP = 26
"""Height of one stage of a repository, in pixels."""
DEPTHS = (0.55, 0.3, 0.14)
"""How strongly the first, second and third level of a panel are coloured."""
BOUNDS = 0.2
"""The same for what lies between the bounds of a standing."""
FAINT, STRONG = "rgba(128,138,152,0.28)", "rgba(128,138,152,1)"
"""Greys that show on light and dark."""
NOTHING = "rgba(0,0,0,0)"


@dataclass(frozen=True)
class Point:
    """One week of a line.

    ``levels`` are shares from 0 to 1, each on top of the one before, or ``None`` where nothing could be seen. ``words`` says it in words.
    """

    week: Week
    levels: tuple[float, ...] | None
    words: str


@dataclass(frozen=True)
class Line:
    """One thing over all weeks. ``level`` is the one that the line follows, ``target`` the share that is needed by the targets of today."""

    stage: Stage
    name: str
    points: tuple[Point, ...]
    level: int
    target: float | None = None
    target_words: str = ""


@dataclass(frozen=True)
class Rules:
    """By which rules the weeks were judged: ``old`` are those of which the rules are not the newest, ``marks`` where rules changed."""

    old: frozenset[Week] = frozenset()
    marks: tuple[Week, ...] = ()


def every_week(first: Week, last: Week) -> list[Week]:
    """All weeks from one to another, whether or not anything was collected in them."""
    return [Week.of_id(number) for number in range(first.id, last.id + 1)]


def colour(stage: Stage) -> str:
    """The stage's colour, as Streamlit calls it until the browser knows the theme."""
    return f"#00000{int(stage)}"


def shares(lines: Sequence[Line], rules: Rules, *, unfinished: bool) -> go.Figure:
    """A small panel for each line; ``unfinished`` says that the last week is not over."""
    across = min(ACROSS, len(lines))
    down = -(-len(lines) // across)
    panel, foot = (PANEL, 20) if len(lines) > 1 else (WIDE, 20)
    plotted = down * panel + (down - 1) * (HEAD + foot)
    chart = make_subplots(down, across, horizontal_spacing=0.065, vertical_spacing=(HEAD + foot) / plotted if down > 1 else 0)
    for index, line in enumerate(lines):
        row, column = index // across + 1, index % across + 1
        for trace in _panel(line, rules, unfinished):
            chart.add_trace(trace, row, column)
        if len(lines) > 1:
            last = next((point.words for point in reversed(line.points) if point.levels), "nothing to see yet")
            chart.add_annotation(
                text=f"<b>{line.name}</b>  {last.partition(';')[0]}", x=0, y=1, xref="x domain", yref="y domain", xanchor="left",
                yanchor="bottom", yshift=5, showarrow=False, font={"size": 12}, row=row, col=column,
            )  # fmt: skip
    _mark(chart, rules.marks)
    chart.update_layout(
        height=plotted + HEAD + foot, margin={"l": 0, "r": 8, "t": HEAD, "b": foot}, dragmode=False, showlegend=False, hovermode="x",
        hoverlabel={"align": "left", "font_size": 13},
    )  # fmt: skip
    chart.update_yaxes(
        range=[-0.02, 1.02], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True, zeroline=False, tickfont={"size": 11},
        gridcolor=FAINT,
    )  # fmt: skip
    weeks = [point.week for line in lines for point in line.points]
    _time(chart, min(weeks), max(weeks))
    return chart


def _panel(line: Line, rules: Rules, unfinished: bool) -> Iterator[go.Scatter]:
    drawn = line.points[:-1] if unfinished else line.points
    solid = [point if point.week not in rules.old else Point(point.week, None, point.words) for point in drawn]
    for level, depth in enumerate(DEPTHS[: max((len(point.levels or ()) for point in solid), default=0)]):
        xs, ys = _areas(solid, level)
        yield go.Scatter(x=xs, y=ys, fill="toself", fillcolor=colour(line.stage), opacity=depth, mode="none", hoverinfo="skip")
    old = [point if point.week in rules.old else Point(point.week, None, "") for point in drawn]
    for points, style in ((solid, {"width": 2}), (old, {"width": 1.5, "dash": "dot"})):
        if any(point.levels for point in points):
            yield go.Scatter(
                x=[point.week.starts for point in points],
                y=[point.levels[line.level] if point.levels else None for point in points],
                mode="lines+markers", line={"color": colour(line.stage), **style},
                marker={"size": [5 if alone else 0 for alone in _alone(points)], "color": colour(line.stage)}, hoverinfo="skip",
            )  # fmt: skip
    if unfinished:
        tail = [point for point in line.points[-2:] if point.levels and point.week not in rules.old]
        if tail and tail[-1] is line.points[-1]:
            yield go.Scatter(
                x=[point.week.starts for point in tail], y=[point.levels[line.level] for point in tail if point.levels],
                mode="lines+markers", line={"color": colour(line.stage), "width": 2, "dash": "dot"},
                marker={"size": [0] * (len(tail) - 1) + [7], "symbol": "circle-open", "color": colour(line.stage)}, hoverinfo="skip",
                cliponaxis=False,
            )  # fmt: skip
    ends = [line.points[0].week.starts, line.points[-1].week.starts]
    if line.target is not None:
        yield go.Scatter(
            x=ends, y=[line.target] * 2, mode="lines", line={"color": STRONG, "width": 1.5, "dash": "dash"}, hoverinfo="skip"
        )
    # What a mouse finds: every week, at the height of the line, or at the foot where there is a gap.
    yield go.Scatter(
        x=[point.week.starts for point in line.points],
        y=[point.levels[line.level] if point.levels else 0 for point in line.points],
        text=[_hover(point, line, rules, unfinished and point is line.points[-1]) for point in line.points],
        mode="markers", marker={"size": 1, "color": NOTHING}, hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _hover(point: Point, line: Line, rules: Rules, unfinished: bool) -> str:
    parts = [f"<b>{point.week.label}</b>" + (", not over yet" if unfinished else ""), *point.words.split("; ")]
    if point.week in rules.old:
        parts.append("judged by other rules than today's")
    if line.target_words:
        parts.append(line.target_words)
    return "<br>".join(parts)


def _areas(points: Sequence[Point], level: int) -> tuple[list[object], list[float | None]]:
    """The outlines between a level and the one below it, one for each run of weeks without a gap."""
    xs: list[object] = []
    ys: list[float | None] = []
    for seen, run in groupby(points, key=lambda point: point.levels is not None):
        if not seen:
            continue
        its = list(run)
        top = [(point.week.starts, point.levels[level]) for point in its if point.levels]
        foot = [(point.week.starts, point.levels[level - 1] if level else 0.0) for point in its if point.levels]
        for x, y in [*top, *reversed(foot), top[0]]:
            xs.append(x)
            ys.append(y)
        xs.append(None)
        ys.append(None)
    return xs, ys


def _alone(points: Sequence[Point]) -> list[bool]:
    """Which points have no neighbour, and would not be seen as part of a line."""
    seen = [False, *(point.levels is not None for point in points), False]
    return [seen[i] and not seen[i - 1] and not seen[i + 1] for i in range(1, len(seen) - 1)]


def _mark(chart: go.Figure, weeks: Sequence[Week]) -> None:
    for week in weeks:
        chart.add_vline(x=week.starts.isoformat(), line={"color": STRONG, "width": 1.5, "dash": "dot"})


def _time(chart: go.Figure, first: Week, last: Week) -> None:
    span = timedelta(days=4)
    short = last.id - first.id < SHORT
    chart.update_xaxes(
        type="date", range=[first.starts - span, last.starts + 2 * span], fixedrange=True, showgrid=False, zeroline=False,
        tickformat="%-d %b" if short else "%b %Y", nticks=5, tickfont={"size": 11}, tickangle=0,
    )  # fmt: skip


SHORT = 20
"""Up to how many weeks days are told apart."""


def in_words(lines: Sequence[Line]) -> str:
    """A picture of shares for somebody who cannot see it."""
    parts = []
    for line in lines:
        seen = [point for point in line.points if point.levels]
        if not seen:
            parts.append(f"{line.name}: nothing to see yet")
            continue
        gaps = sum(point.levels is None for point in line.points)
        without = f", {words.count(gaps, 'week')} of them without an answer" if gaps else ""
        needed = f"; {line.target_words}" if line.target_words else ""
        parts.append(
            f"{line.name}: {seen[0].words} in {seen[0].week.label}, {seen[-1].words} in {seen[-1].week.label}{without}{needed}"
        )
    weeks = lines[0].points
    return f"{words.count(len(weeks), 'week')}. " + ". ".join(parts) + ". The table below says the same week by week."


@dataclass(frozen=True)
class Standing:
    """One repository in one week: how many stages it holds and between which bounds, and the state of each stage."""

    week: Week
    holds: int
    at_least: int
    could_be: int
    of: int
    states: dict[Stage, State]

    @property
    def words(self) -> str:
        """The standing in words."""
        bounds = "surely" if self.at_least == self.could_be else f"at least {self.at_least}, could be {self.could_be}"
        return f"holds {self.holds} of {self.of} ({bounds})"


def strips(
    weeks: Sequence[Week], standings: Sequence[Standing], target: Stage | None, rules: Rules, *, unfinished: bool
) -> go.Figure:
    """One repository: how many stages it holds, and under it each stage as a strip that says its state; a week without an answer is empty."""
    known = {standing.week: standing for standing in standings}
    top, strip_height = 120, STRIP * len(Stage)
    whole = top + strip_height + 30
    chart = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=22 / whole, row_heights=[top / whole, strip_height / whole])
    xs: list[object] = []
    ys: list[int | None] = []
    for run in (list(run) for seen, run in groupby(weeks, key=lambda week: week in known and week not in rules.old) if seen):
        ends = [week.starts for week in run] + [run[-1].starts + timedelta(weeks=1)]
        upper = [known[week].could_be for week in run]
        lower = [known[week].at_least for week in run]
        outline = _steps(ends, upper) + list(reversed(_steps(ends, lower)))
        xs += [x for x, _ in outline] + [None]
        ys += [y for _, y in outline] + [None]
    ink = "#000001"
    chart.add_trace(go.Scatter(x=xs, y=ys, fill="toself", fillcolor=ink, opacity=BOUNDS, mode="none", hoverinfo="skip"), 1, 1)
    for old in (False, True):
        line_x: list[object] = []
        line_y: list[int | None] = []
        for seen, found in groupby(weeks, key=lambda week: week in known and (week in rules.old) is old):
            if seen:
                its = list(found)
                steps = _steps(
                    [*(week.starts for week in its), its[-1].starts + timedelta(weeks=1)], [known[w].holds for w in its]
                )
                line_x += [x for x, _ in steps] + [None]
                line_y += [y for _, y in steps] + [None]
        if line_x:
            style = {"width": 1.5, "dash": "dot"} if old else {"width": 2}
            chart.add_trace(go.Scatter(x=line_x, y=line_y, mode="lines", line={"color": ink, **style}, hoverinfo="skip"), 1, 1)
    middle = timedelta(days=3, hours=12)
    chart.add_trace(
        go.Scatter(
            x=[week.starts + middle for week in known], y=[standing.holds for standing in known.values()], mode="markers",
            marker={"size": 1, "color": NOTHING}, hovertemplate="%{text}<extra></extra>",
            text=[_week_words(standing, rules, unfinished and standing.week == weeks[-1]) for standing in known.values()],
        ), 1, 1,
    )  # fmt: skip
    for stage in Stage:
        for trace in _strip(stage, weeks, known, rules):
            chart.add_trace(trace, 2, 1)
    _mark(chart, rules.marks)
    if target:
        chart.add_shape(
            type="line",
            xref="paper",
            yref="y2",
            x0=1.006,
            x1=1.006,
            y0=-0.4,
            y1=int(target) - 1 + 0.4,
            line={"color": STRONG, "width": 3},
        )
    chart.update_layout(
        height=whole, margin={"l": 0, "r": 14, "t": 8, "b": 0}, dragmode=False, showlegend=False, hovermode="closest", barmode="overlay",
        bargap=0.3, hoverlabel={"align": "left", "font_size": 13},
    )  # fmt: skip
    of = max((standing.of for standing in standings), default=len(Stage))
    chart.update_yaxes(fixedrange=True, zeroline=False, tickfont={"size": 12}, automargin=True)
    chart.update_yaxes(range=[-0.15, of + 0.3], tickvals=list(range(of + 1)), gridcolor=FAINT, row=1, col=1)
    chart.update_yaxes(
        tickvals=[stage - 1 for stage in Stage], ticktext=[stage.short for stage in Stage], range=[len(Stage) - 0.5, -0.5],
        showgrid=False, ticks="", row=2, col=1,
    )  # fmt: skip
    _time(chart, weeks[0], weeks[-1])
    return chart


def _steps(edges: Sequence[object], values: Sequence[int]) -> list[tuple[object, int]]:
    """A line that keeps each value from one edge to the next."""
    return [(edge, value) for index, value in enumerate(values) for edge in (edges[index], edges[index + 1])]


def _week_words(standing: Standing, rules: Rules, unfinished: bool) -> str:
    parts = [f"<b>{standing.week.label}</b>" + (", not over yet" if unfinished else ""), standing.words]
    return "<br>".join(parts + (["judged by other rules than today's"] if standing.week in rules.old else []))


def _strip(stage: Stage, weeks: Sequence[Week], known: dict[Week, Standing], rules: Rules) -> Iterator[go.Bar]:
    spans: dict[State, list[list[Week]]] = {}

    def held(week: Week) -> tuple[State, bool] | None:
        return (known[week].states[stage], week in rules.old) if week in known and stage in known[week].states else None

    for key, run in groupby(weeks, key=held):
        if key and key[0] is not State.NOT_APPLICABLE:
            spans.setdefault(key[0], []).append(list(run))
    for state, its in spans.items():
        yield go.Bar(
            orientation="h",
            y=[int(stage) - 1] * len(its),
            base=[run[0].starts.isoformat() for run in its],
            x=[len(run) * 7 * 86_400_000 for run in its],
            marker={**_PAINT[state](colour(stage)), "line": {"width": 0}, "cornerradius": 3},
            text=[f"<b>{stage.short}: {words.STATES[state]}</b><br>{run[0].label} to {run[-1].label}" for run in its],
            textposition="none", hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip


_PAINT: dict[State, Callable[[str], dict[str, object]]] = {
    State.SURE: lambda ink: {"color": ink},
    State.HELD: lambda ink: {"color": ink, "opacity": 0.5},
    State.OPEN: lambda ink: {
        "color": NOTHING, "pattern": {"shape": "/", "fgcolor": ink, "bgcolor": NOTHING, "size": 6, "solidity": 0.25, "fillmode": "overlay"},
    },
    State.NOT_HELD: lambda _: {"color": FAINT},
}  # fmt: skip
"""How a strip shows a state, as the bars elsewhere do."""
