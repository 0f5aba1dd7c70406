"""Databases that open and answer, and do not fit together."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from rungwise.doctor import database
from rungwise.model import Status
from rungwise.store import open_reader, schema, thin
from rungwise.store.consistency import _NAMES, _ONCE, _REFERS
from rungwise.store.generations import current
from tests.rungwise.store.sample import STATUSES, look, save

OWNERS = {"acme/shop": "Web"}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """Three weeks of two repositories, of which one changes and the other is not collected every time."""
    save(tmp_path, "2026-W45", [look(number=1), look("acme/cart", 9)], OWNERS)
    save(tmp_path, "2026-W46", [look(number=2, statuses={**STATUSES, "metrics": Status.PRESENT})], OWNERS)
    save(tmp_path, "2026-W47", [look(number=3), look("acme/cart", 9, line=3)], {"acme/shop": "Shop"})
    return tmp_path


def flaws(path: Path) -> set[str]:
    return {flaw.what for flaw in open_reader(path).flaws()}


def test_what_was_stored_fits_together(sound: Path) -> None:
    assert flaws(sound) == set()
    assert [check.found for check in database(sound) if check.name == "Consistency"] == ["all tables of 3 weeks fit together"]


def test_it_does_after_a_week_was_stored_late_and_others_are_gone(sound: Path) -> None:
    save(sound, "2026-W44", [look(number=4), look("acme/cart", 9)], OWNERS)
    save(sound, "2026-W45", [look("acme/cart", 8, line=5)], OWNERS)
    assert flaws(sound) == set()
    assert [week.label for week in thin(sound, 1)] == ["2026-W46", "2026-W45"]
    assert flaws(sound) == set()


DAMAGE = {
    "delete from repository where name = 'acme/cart'": "rows of repository_week name a repository that is not known",
    "delete from practice where name = 'metrics'": "rows of observation name a practice that is not known",
    "delete from team": "rows of owner name a team that is not known",
    "delete from share": "rows of stage_week name a share that is not known",
    "delete from run": "rows of repository_week name a run that is not known",
    "insert into repository from repository": "rows of repository are there twice",
    "insert into observation from observation limit 1": "rows of observation are there twice",
    "delete from observation where repository_id = 2": "repositories have no status at all in a week",
    "delete from stage_week where stage = 6": "weeks of repositories do not have the six stages",
    "delete from repository_week where repository_id = 2": "rows of stage_week are of a repository that was not collected in that week",
    "delete from finding where practice_id = 1": "statuses have no finding in one of their weeks",
    "delete from head where to_week < 32767": "repositories have no head in one of their weeks",
    "delete from profile where repository_id = 1": "repositories have no profile in one of their weeks",
    "update head set to_week = to_week + 1 where to_week < 32767": "intervals of head overlap",
    "delete from carried": "repositories that were not collected in a week do not carry what they showed last",
    "insert into carried select week_id, repository_id, week_id - 1 from repository_week limit 1": "repositories that were not collected in a week do not",
    "insert into carried from carried": "rows of carried are there twice",
    "update finding set to_week = from_week - 1 where to_week < 32767": "intervals of finding end before they begin",
    "update signal set to_week = null": "intervals of signal end before they begin",
    "insert into signal from signal": "intervals of signal overlap",
    "update team_stage_week set held = held + 1": "sums of teams and stages are not those of their repositories",
    "delete from team_stage_week where stage = 3": "sums of teams and stages are not those of their repositories",
    "update stage_week set state = 3 where week_id % 2 = 0": "sums of teams and stages are not those of their repositories",
    "update observation set status = 77": "rows hold a code that nothing stands for",
    "update repository_week set at_least = 6": "rows hold a code that nothing stands for",
    "delete from rule where practice_id = 1": "statuses are of a practice that the week's rules do not have",
    """insert into move (week_id, repository_id, practice_id, was, "now", cause)
       select week_id, repository_id, practice_id, status, status, 0 from observation limit 1""": "moves say that nothing moved",
    """insert into move (week_id, repository_id, practice_id, was, "now", cause)
       select week_id, repository_id, practice_id, 5, 6, 0 from observation limit 1""": "moves say that nothing moved",
}  # fmt: skip


@pytest.mark.parametrize(("sql", "flaw"), DAMAGE.items(), ids=range(len(DAMAGE)))
def test_what_does_not_fit_is_told(sound: Path, sql: str, flaw: str) -> None:
    with duckdb.connect(str(current(sound))) as connection:
        connection.execute(sql)
    found = flaws(sound)
    assert any(what.startswith(flaw) for what in found), found
    [check] = [check for check in database(sound) if check.name == "Consistency"]
    assert not check.fine
    assert check.advice


def test_every_column_that_names_a_row_is_looked_at(sound: Path) -> None:
    with duckdb.connect(str(current(sound)), read_only=True) as connection:
        columns = connection.execute("select table_name, column_name from information_schema.columns").fetchall()
    own = {"status", "state", "cause", "repository", "practice", "team", "catalogue", "share"}
    naming = {
        (table, column)
        for table, column in columns
        if column in _NAMES and table not in own and (table, column) != ("run", "run_id")
    }
    assert {(table, column) for table, found in _REFERS.items() for column in found} == naming
    tables = {table.name for table in schema.INTERVALS}
    assert {table for table in schema.TABLES if table not in tables} - set(_ONCE) == {
        "about", "status", "state", "cause", "asked", "rule_change",
    }  # fmt: skip
