"""First answers are kept once, and set beside the labels of now."""

from __future__ import annotations

from pathlib import Path

import pytest

from rungwise.accuracy import Label, Labelled, at_first_sight, measure, read_labels, to_json, to_markdown
from rungwise.catalogue import load
from rungwise.first_answers import Answers, FirstAnswersError, keep, read_first_answers
from rungwise.model import Status

DATA = Path(__file__).parents[2] / "data"
SAID = Answers("APP", {"unit-tests": Status.PRESENT, "metrics": Status.ABSENT})


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "first.csv"
    assert keep(file, "r1", {"a/b": SAID}, {}) == ("a/b",)
    assert read_first_answers(file) == {"r1": {"a/b": SAID}}


def test_later_answers_do_not_take_the_place_of_first_ones(tmp_path: Path) -> None:
    file = tmp_path / "first.csv"
    keep(file, "r1", {"a/b": SAID}, {})
    better = Answers("LIB", {"unit-tests": Status.PRESENT, "metrics": Status.PRESENT})
    assert keep(file, "r2", {"a/b": better, "c/d": better}, read_first_answers(file)) == ("c/d",)
    assert read_first_answers(file) == {"r1": {"a/b": SAID}, "r2": {"c/d": better}}


def test_figures_at_first_sight_are_those_of_the_labels_of_now() -> None:
    truth = Labelled("a/b", "c", ("LIB",), {"unit-tests": Label(Status.PRESENT, True), "metrics": Label(Status.PARTIAL, True)})
    round_, together = at_first_sight([truth], {"r1": {"a/b": SAID, "unlabelled/one": SAID}}, load())
    assert together.rules == "all"
    assert together.total == round_.total
    assert not at_first_sight([truth], {"r0": {"unlabelled/one": SAID}}, load()), "nothing to set beside"
    assert (round_.rules, round_.repositories, round_.kinds_right) == ("r1", 1, 0)
    assert round_.total.recall == 1.0
    assert round_.total.false_absent == 0.5
    now = measure([truth], {"a/b": SAID}, load())
    page = to_markdown(now, load(), first=[round_])
    assert "## At first sight" in page
    assert "| r1 | 1 | 0 | 2 | 1.00 |" in page
    assert '"first_sight": {' in to_json(now, first=[round_])
    assert "At first sight" not in to_markdown(now, load())


def test_rounds_together_hold_each_repository_once() -> None:
    truths = [Labelled(name, "c", ("APP",), {"metrics": Label(Status.PRESENT, True)}) for name in ("a/b", "c/d")]
    seen = Answers("APP", {"metrics": Status.PRESENT})
    first, second, together = at_first_sight(truths, {"r1": {"a/b": SAID}, "r2": {"c/d": seen}}, load())
    assert (first.total.recall, second.total.recall) == (0.0, 1.0)
    assert (together.repositories, together.kinds_right, together.total.labels, together.total.recall) == (2, 2, 2, 0.5)


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "first.csv"
    file.write_text("a,b\n")
    with pytest.raises(FirstAnswersError, match="other columns"):
        read_first_answers(file)
    file.write_text("rules,repository,asked,said\nr1,a/b,kind,APP\nr1,a/b,metrics,nearly\n")
    with pytest.raises(FirstAnswersError, match="line 3: 'nearly' is no status"):
        read_first_answers(file)


def test_the_answers_that_ship_are_about_labelled_repositories() -> None:
    labelled = {one.repository for one in read_labels(DATA / "labels")}
    rounds = read_first_answers(DATA / "first_answers.csv")
    assert rounds
    for answers in rounds.values():
        assert answers.keys() <= labelled
        for said in answers.values():
            assert said.statuses.keys() <= set(load().by_id)
