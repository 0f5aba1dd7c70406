"""The heat map of teams by stages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from rungwise.model import Stage
from rungwise.pages.elements import words

ROW = 46
"""Height of a team's row, in pixels."""
HEAD = 34
CELL, LINE, WIDTH = 0.78, 0.07, 0.94
"""Height of a cell and distance of the line under it, as shares of a row; length of the line, as a share of a column."""
ACROSS = (-0.3, -0.15, 0.0, 0.15, 0.3)
"""Where in a cell the squares lie that can be clicked: a square keeps its size where a wide screen makes cells wide."""
TRACK, REACH = "rgba(128,138,152,0.28)", "rgba(128,138,152,1)"
"""Greys that show on light and dark."""
LABEL = 27
"""Letters of a team's name on one line."""


@dataclass(frozen=True)
class Cell:
    """How a team's repositories stand at a stage, by states; ``known`` is the mean share of what applies that could be judged."""

    team: str | None
    name: str
    stage: Stage
    repositories: int
    sure: int
    held: int
    open: int
    known: float

    @property
    def holding(self) -> int:
        """How many hold the stage, surely or going by what is known."""
        return self.sure + self.held

    @property
    def sentence(self) -> str:
        """The cell in words."""
        surely = f", {self.sure} of them surely" if self.held else ", surely"
        rest = f"; {self.open} more depend on open questions" if self.open else ""
        return (
            f"{self.holding} of {self.repositories} hold it{surely if self.sure else ''}{rest}; "
            f"{self.known:.0%} of what counts could be judged"
        )


def figure(cells: Sequence[Cell]) -> go.Figure:
    """One hue says how many hold the stage, a number says it exactly, and the line under a cell how much could be judged.

    A heat map's cells cannot be clicked in Streamlit, so invisible squares lie on each of them; their ``customdata`` is the
    team's position among the rows and the stage.
    """
    names = list(dict.fromkeys(cell.name for cell in cells))
    rows = {name: len(names) - 1 - index for index, name in enumerate(names)}
    shares: list[list[float | None]] = [[None] * len(Stage) for _ in names]
    texts = [["-"] * len(Stage) for _ in names]
    for cell in cells:
        shares[rows[cell.name]][cell.stage - 1] = cell.holding / cell.repositories
        texts[rows[cell.name]][cell.stage - 1] = _number(cell)
    gap = ROW * (1 - CELL)
    chart = go.Figure(
        go.Heatmap(
            z=shares, text=texts, texttemplate="%{text}", textfont={"size": 14}, zmin=0, zmax=1,
            xgap=6, ygap=gap, showscale=False, hoverinfo="skip",
        )
    )  # fmt: skip
    for colour, lengths in ((TRACK, [1.0] * len(cells)), (REACH, [cell.known for cell in cells])):
        xs: list[float | None] = []
        ys: list[float | None] = []
        for cell, length in zip(cells, lengths, strict=True):
            start = cell.stage - 1 - WIDTH / 2
            xs += [start, start + WIDTH * length, None]
            ys += [rows[cell.name] - CELL / 2 - LINE] * 2 + [None]
        chart.add_scatter(x=xs, y=ys, mode="lines", line={"color": colour, "width": 3}, hoverinfo="skip", showlegend=False)
    targets = [(cell, across) for cell in cells for across in ACROSS]
    chart.add_scatter(
        x=[cell.stage - 1 + across for cell, across in targets],
        y=[rows[cell.name] for cell, _ in targets],
        customdata=[[names.index(cell.name), int(cell.stage)] for cell, _ in targets],
        text=[f"<b>{_label(cell.name)}, {cell.stage.short.lower()}</b><br>{_lines(cell)}" for cell, _ in targets],
        hovertemplate="%{text}<extra></extra>", mode="markers", showlegend=False,
        marker={"symbol": "square", "size": ROW - 10, "color": "rgba(0,0,0,0)"},
    )  # fmt: skip
    chart.update_layout(
        height=HEAD + ROW * len(names),
        margin={"l": 0, "r": 0, "t": HEAD, "b": 0},
        dragmode=False,
        hoverlabel={"align": "left", "font_size": 13},
    )
    chart.update_xaxes(
        tickvals=[stage - 1 for stage in Stage], ticktext=[stage.short for stage in Stage], side="top", fixedrange=True,
        range=[-0.5, 5.5], showgrid=False, zeroline=False, ticks="", tickfont={"size": 12},
    )  # fmt: skip
    chart.update_yaxes(
        tickvals=list(rows.values()), ticktext=[_label(name) for name in rows], fixedrange=True, automargin=True,
        range=[-0.55, len(names) - 0.5], showgrid=False, zeroline=False, ticks="outside", ticklen=8, tickcolor="rgba(0,0,0,0)",
        tickfont={"size": 13},
    )  # fmt: skip
    return chart


def alternative(cells: Sequence[Cell]) -> str:
    """The heat map in words."""
    teams = len({cell.name for cell in cells})
    return (
        f"{words.count(teams, 'team')} by six stages: how many repositories hold each. The links below lead to the same places."
    )


def _number(cell: Cell) -> str:
    more = f"<br><span style='font-size:11px'>{cell.open} open</span>" if cell.open else ""
    return f"{cell.holding} of {cell.repositories}{more}"


def _lines(cell: Cell) -> str:
    return cell.sentence.replace("; ", "<br>")


def _label(name: str) -> str:
    """A name on lines that fit, broken where it has a hyphen or space; plotly would read some letters as markup."""
    lines, line = [], ""
    for piece in name.replace("-", "-\n").replace(" ", " \n").split("\n"):
        if line and len(line) + len(piece) > LABEL:
            lines.append(line)
            line = ""
        line += piece
    return "<br>".join(part.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for part in [*lines, line])
