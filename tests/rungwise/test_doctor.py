"""What the doctor says of a sound set-up, and of one that is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rungwise import doctor
from rungwise.__main__ import DONE, INCOMPLETE, main
from rungwise.assess import assess
from rungwise.catalogue import load
from rungwise.model import Snapshot
from rungwise.store import RunReceipt, record
from rungwise.teams import ownership

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(look: Callable[..., Snapshot], tmp_path: Path) -> Path:
    snapshot = look({"a.py": "1"})
    now = datetime(2026, 3, 15, tzinfo=UTC)
    record(
        tmp_path / "db",
        "2026-W11",
        [assess(snapshot, load())],
        [snapshot],
        ownership({"acme/shop": None}),
        RunReceipt(now, now, "local clones"),
    )
    return tmp_path / "db"


def test_this_very_environment_has_what_is_asked_for() -> None:
    assert [check for check in doctor.versions(ROOT / "pyproject.toml") if not check.fine] == []


def test_another_version_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(
        '[project]\nrequires-python = ">=3.99"\ndependencies = ["pandas==0.1", "no-such-thing==1"]\n'
    )
    python, pandas, nothing = doctor.versions(tmp_path / "p.toml")
    assert (python.fine, pandas.fine, nothing.fine) == (False, False, False)
    assert "3.99" in python.advice
    assert nothing.found == "not installed"


def test_a_sound_database(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--database", str(database)]) == DONE
    printed = capsys.readouterr().out
    assert "all tables of 1 week fit together" in printed
    assert "Everything works." in printed


def test_a_damaged_database_is_off_and_says_what_to_do(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (generation,) = database.glob("*.duckdb")
    generation.write_bytes(b"not a database")
    assert main(["doctor", "--database", str(database)]) == INCOMPLETE
    printed = capsys.readouterr().out
    assert "off  Database" in printed
    assert "Restore the directory from a copy" in printed


def test_no_database_is_no_fault(tmp_path: Path) -> None:
    (check,) = doctor.database(tmp_path / "none")
    assert check.fine
    assert "demonstration data" in check.found


@pytest.mark.parametrize(("value", "fine"), [("ghp_secretsecret", True), ("ghp_secret secret", False), ("", True)])
def test_a_token_is_mentioned_and_never_shown(value: str, fine: bool) -> None:
    check = doctor.token({"GITHUB_TOKEN": value})
    assert check.fine is fine
    assert "secret" not in check.found + check.advice
