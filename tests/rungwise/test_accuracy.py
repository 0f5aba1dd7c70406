"""The measures, on answers whose figures can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from rungwise.accuracy import Label, LabelError, Labelled, measure, read_labels, to_markdown
from rungwise.catalogue import load
from rungwise.first_answers import Answers
from rungwise.model import Kind, Status

LABELS = Path(__file__).parents[2] / "data" / "labels"


def answer(statuses: dict[str, Status], kind: Kind = Kind.APP) -> Answers:
    return Answers(kind.value, statuses)


def truth(statuses: dict[str, Status], *unsure: str) -> Labelled:
    return Labelled("a/b", "c", ("APP",), {name: Label(status, name not in unsure) for name, status in statuses.items()})


def test_each_measure() -> None:
    labelled = truth(
        {
            "unit-tests": Status.PRESENT, "ci-tests": Status.PRESENT, "lint-config": Status.PRESENT, "metrics": Status.PARTIAL,
            "seed-data": Status.ABSENT, "hot-reload": Status.ABSENT, "error-tracking": Status.NOT_APPLICABLE,
        }
    )  # fmt: skip
    said = answer(
        {
            "unit-tests": Status.PRESENT, "ci-tests": Status.PARTIAL, "lint-config": Status.ABSENT, "metrics": Status.PRESENT,
            "seed-data": Status.ABSENT, "hot-reload": Status.NOT_SEEN, "error-tracking": Status.ABSENT,
        }
    )  # fmt: skip
    row = measure([labelled], {"a/b": said}, load()).total
    assert row.labels == 7
    assert row.precision == 0.75, "one right, one that is only partial"
    assert row.recall == 0.5, "1 + 0.5 + 0 of 3"
    assert row.partial_precision == 1.0
    assert row.false_absent == 0.25, "lint-config, of four that are there at least in part"
    assert row.absent_recall == 0.5
    assert row.applicable == pytest.approx(6 / 7, abs=0.001)
    assert row.exact == pytest.approx(3 / 7, abs=0.001)


def test_unsure_labels_and_corners_stay_out() -> None:
    labelled = truth({"unit-tests": Status.PRESENT, "auth-deferred": Status.ABSENT}, "unit-tests")
    row = measure([labelled], {"a/b": answer({"unit-tests": Status.ABSENT, "auth-deferred": Status.NOT_SEEN})}, load()).total
    assert row.labels == 1
    assert row.false_absent is None
    assert row.absent_recall is None, "corners are not asked for"


@pytest.mark.parametrize(("kinds", "right"), [(("APP",), 1), (("LIB", "APP"), 1), (("LIB",), 0), (("TPL", "SPA"), 1)])
def test_kind(kinds: tuple[str, ...], right: int) -> None:
    labelled = replace(truth({"unit-tests": Status.PRESENT}), kinds=kinds)
    assert measure([labelled], {"a/b": answer({})}, load()).kinds_right == right


def test_the_labels_that_ship_are_complete() -> None:
    labelled = read_labels(LABELS)
    known = set(load().by_id)
    assert len(labelled) >= 20
    for one in labelled:
        assert set(one.labels) <= known
        assert len(one.labels) >= 40
        assert len(one.commit) == 40


@pytest.mark.parametrize(
    "text",
    ["- 1", "repository: a/b", "repository: a/b\ncommit: c\nkinds: [APP]\npractices: {x: {status: maybe, sure: true}}", ":\n\t"],
)
def test_a_broken_label_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.yaml").write_text(text)
    with pytest.raises(LabelError, match=r"x\.yaml is no label file"):
        read_labels(tmp_path)


def test_a_folder_without_labels_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="holds no labels"):
        read_labels(tmp_path)


def test_the_page_names_every_practice() -> None:
    labelled = truth({"unit-tests": Status.PRESENT})
    page = to_markdown(measure([labelled], {"a/b": answer({"unit-tests": Status.PRESENT})}, load()), load())
    assert "Precision 100.0%" in page
    assert all(practice.title in page for practice in load())
