"""Pictures say the same as the numbers, to everybody."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from rungwise.model import Stage, State
from rungwise.pages.elements import heatmap, marks, palette

ROOT = Path(__file__).parents[3]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
PAGE = {"light": CONFIG["theme"]["light"]["backgroundColor"], "dark": CONFIG["theme"]["dark"]["backgroundColor"]}


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "colours"), [("light", palette.LIGHT), ("dark", palette.DARK)])
def test_the_stages_have_one_palette_that_can_be_seen(theme: str, colours: tuple[str, ...]) -> None:
    assert tuple(CONFIG["theme"][theme]["chartCategoricalColors"]) == colours
    assert len(set(colours)) == len(Stage)
    assert all(contrast(colour, PAGE[theme]) >= 3 for colour in colours)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_numbers_can_be_read_on_every_shade_of_the_heat_map(theme: str) -> None:
    ink = CONFIG["theme"][theme]["textColor"]
    assert all(contrast(shade, ink) >= 4 for shade in CONFIG["theme"][theme]["chartSequentialColors"])
    assert ink in palette.STYLE


def widths(html: str) -> list[float]:
    return [float(width) for width in re.findall(r"width:([\d.]+)%", html)]


def test_a_bar_shows_what_is_there_and_what_is_open() -> None:
    assert widths(marks.bar(marks.Mark(Stage.TESTING, State.HELD, 0.5, 0.8))) == [40.0, 20.0]
    assert widths(marks.bar(marks.Mark(Stage.TESTING, State.SURE, 1.0, 1.0))) == [100.0]
    assert widths(marks.bar(marks.Mark(Stage.TESTING, State.NOT_HELD, 0.0, 1.0))) == []
    assert widths(marks.bar(marks.Mark(Stage.TESTING, State.NOT_APPLICABLE, 0.0, 0.0))) == []


def test_the_bars_are_described_in_words() -> None:
    every = [marks.Mark(stage, State.HELD, 0.5, 0.8) for stage in Stage]
    html = marks.six_bars(every, Stage.TESTING)
    assert "Testing: held; 40% there, 40% missing, 20% open" in html
    assert "target: stage 3" in html
    assert "grid-column: 1 / span 3" in html
    assert "rw-need" not in marks.six_bars(every, None)


def test_a_stage_that_applies_to_nobody_has_no_row() -> None:
    html = marks.fleet_rows({Stage.TESTING: {State.SURE: 1, State.HELD: 1, State.OPEN: 1, State.NOT_HELD: 1}, Stage.SCALING: {}})
    assert "2 of 4" in html
    assert "1 open" in html
    assert widths(html) == [25.0, 25.0, 25.0]
    assert "Scaling" not in html


def cell(team: str | None, stage: Stage, **counts: int) -> heatmap.Cell:
    given = {"repositories": 22, "sure": 9, "held": 5, "open": 3} | counts
    return heatmap.Cell(team=team, name=team or "Unowned repositories", stage=stage, known=0.5, **given)


def test_a_cell_says_how_many_hold_the_stage() -> None:
    chart = heatmap.figure([cell("a", Stage.OBSERVING), cell("b", Stage.SCALING, open=0)])
    texts = [[str(text) for text in row] for row in chart.data[0].text]
    assert texts[1][1].startswith("14 of 22<br>")
    assert "3 open" in texts[1][1]
    assert texts[0] == ["-"] * 5 + ["14 of 22"]
    assert chart.data[0].z[1][1] == pytest.approx(14 / 22)
    assert chart.data[0].z[1][0] is None


def test_a_cell_in_words() -> None:
    assert cell("a", Stage.OBSERVING).sentence == (
        "14 of 22 hold it, 9 of them surely; 3 more depend on open questions; 50% of what counts could be judged"
    )
    assert cell("a", Stage.OBSERVING, held=0, open=0).sentence == "9 of 22 hold it, surely; 50% of what counts could be judged"
    assert cell("a", Stage.OBSERVING, sure=0, open=0).sentence == "5 of 22 hold it; 50% of what counts could be judged"


def test_what_can_be_clicked_knows_its_team_and_stage() -> None:
    chart = heatmap.figure([cell("a", Stage.OBSERVING), cell(None, Stage.SCALING)])
    clickable = chart.data[-1]
    assert {tuple(map(int, data)) for data in clickable.customdata} == {(0, 2), (1, 6)}
    for x, y, (row, stage) in zip(clickable.x, clickable.y, clickable.customdata, strict=True):
        assert round(x) == stage - 1
        assert y == 1 - row


def test_a_name_is_broken_into_lines_and_is_no_markup() -> None:
    chart = heatmap.figure([cell("platform-and-developer-experience-of-the-north <b>", Stage.TESTING)])
    (label,) = chart.layout.yaxis.ticktext
    assert "<b>" not in label
    assert all(len(line) <= heatmap.LABEL for line in label.replace("&lt;", "<").replace("&gt;", ">").split("<br>"))
    assert "&lt;b&gt;" in chart.data[-1].text[0]


def test_the_server_stays_at_home_and_asks_nothing() -> None:
    assert CONFIG["server"] == {"showEmailPrompt": False, "address": "localhost"}
    assert CONFIG["browser"] == {"gatherUsageStats": False}
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text()
