"""Answers that were read against the source: the shipped file, and what is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rungwise.audit import AuditError, as_dict, read_audit, rounds, to_markdown
from rungwise.catalogue import load
from rungwise.first_answers import read_first_answers
from rungwise.model import Status

SHIPPED = Path(__file__).parents[2] / "data" / "audit.csv"
HEAD = "rules,repository,commit,practice,said,right,verdict,why\n"


def test_rounds_are_counted_by_status(tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    file.write_text(
        f"{HEAD}r1,a/b,c,unit-tests,present,present,right,tests/\nr1,a/b,c,metrics,absent,partial,wrong,x.py:1\n"
        "r1,a/c,c,metrics,absent,absent,right,nothing\nr2,d/e,c,metrics,partial,absent,arguable,y.py:2\n"
    )
    first, second = rounds(read_audit(file))
    assert (first.rules, first.repositories, first.total) == ("r1", 2, 3)
    assert first.of(Status.ABSENT) == (1, 0, 1)
    assert second.of(Status.PARTIAL) == (0, 1, 0)
    text = "\n".join(to_markdown((first, second)))
    assert "| 1 | r1 | 2 | 2 absent | 1 (50%) | 0 | 1 |" in text
    assert "| 2 | r2 | 1 | 1 partial | 0 (0%) | 1 | 0 |" in text
    assert to_markdown(()) == []
    assert as_dict(first)["said"] == {"present": (1, 0, 0), "partial": (0, 0, 0), "absent": (1, 0, 1)}


def test_the_shipped_rows_name_practices_and_places() -> None:
    read = read_audit(SHIPPED)
    first = {
        repository for answers in read_first_answers(SHIPPED.parent / "first_answers.csv").values() for repository in answers
    }
    assert len(read) >= 200
    assert all(row.practice in load().by_id for row in read)
    assert all(row.why for row in read)
    assert first.isdisjoint(row.repository for row in read), "what an audit found was mended, so later answers are no first ones"
    assert len({row.repository for row in read}) >= 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n", "other columns"),
        (f"{HEAD}r,a/b,c,metrics,nearly,absent,right,x\n", "line 2"),
        (f"{HEAD}r,a/b,c,metrics,absent,absent,maybe,x\n", "'maybe'"),
    ],
)
def test_bad_input_gets_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "audit.csv"
    file.write_text(text)
    with pytest.raises(AuditError, match=said):
        read_audit(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be read"):
        read_audit(tmp_path / "none.csv")
