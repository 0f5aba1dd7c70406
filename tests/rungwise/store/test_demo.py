"""Demo data: the same answers from files."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from rungwise.store import StoreError, Week, demo, export_demo, open_reader, schema
from tests.rungwise.store.sample import look, save

ABOUT = {"source": "Acme's public repositories", "made_on": "2026-11-22", "note": "Public only."}
WEEKS = [Week.parse("2026-W46"), Week.parse("2026-W47")]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in whose place the demo is looked for, with a quote in its name."""
    folder = tmp_path / "the demo's"
    monkeypatch.setattr(demo, "FOLDER", folder)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    for number, week in enumerate(WEEKS):
        save(tmp_path / "db", week.label, [look("acme/shop", number, line=number + 1), look("acme/api")], {"acme/shop": "Shop"})
    return tmp_path / "db"


def test_the_demo_answers_as_the_database_does(folder: Path, database: Path, tmp_path: Path) -> None:
    export_demo(database, folder, ABOUT)
    real = open_reader(database)
    for shown in (open_reader(None), open_reader(tmp_path / "nothing-there"), open_reader(tmp_path)):
        assert shown.demo and not real.demo
        assert shown.about == ABOUT
        assert shown.generation == open_reader(None).generation
        assert shown.weeks() == real.weeks()
        for week in real.weeks():
            assert shown.run(week.id) == real.run(week.id)
            for what in ("repositories", "stages", "findings", "team_stages"):
                assert getattr(shown, what)(week.id).equals(getattr(real, what)(week.id)), what
            assert shown.facts(week.id, "acme/shop").equals(real.facts(week.id, "acme/shop"))
        assert shown.changes(WEEKS[1].id, WEEKS[0].id).equals(real.changes(WEEKS[1].id, WEEKS[0].id))


def test_the_demo_quotes_no_file(folder: Path, database: Path) -> None:
    export_demo(database, folder, ABOUT)
    assert open_reader(database).signals(WEEKS[1].id, "acme/shop")
    assert open_reader(None).signals(WEEKS[1].id, "acme/shop") == ()
    assert "signal.parquet" not in {path.name for path in folder.iterdir()}


def test_a_demo_that_was_made_again_is_noticed(folder: Path, database: Path) -> None:
    export_demo(database, folder, ABOUT)
    before = open_reader(None)
    save(database, "2026-W48", [look("acme/shop", 9)])
    export_demo(database, folder, ABOUT)
    after = open_reader(None)
    assert after.generation != before.generation
    assert (len(before.weeks()), len(after.weeks())) == (2, 3)


def test_without_a_demo_it_is_said_what_to_do(folder: Path) -> None:
    with pytest.raises(StoreError, match="collect something first"):
        open_reader(None)


@pytest.mark.parametrize("name", ["about.json", "finding.parquet"])
def test_a_damaged_demo_is_told(folder: Path, database: Path, name: str) -> None:
    export_demo(database, folder, ABOUT)
    (folder / name).write_text("{")
    with pytest.raises(StoreError, match="is damaged; restore"):
        open_reader(None)


def test_a_demo_of_an_earlier_version_is_brought_forward(folder: Path, database: Path) -> None:
    export_demo(database, folder, ABOUT)
    about = json.loads((folder / "about.json").read_text())
    assert about.pop("schema") == schema.VERSION
    (folder / "about.json").write_text(json.dumps(about))
    # As the first version kept them: commits with profiles, and two digests.
    tables = {
        name: duckdb.sql(f"from read_parquet('{str(folder).replace(chr(39), chr(39) * 2)}/{name}.parquet')")
        for name in ("head", "profile", "digest")
    }
    head, profile, digest = tables["head"], tables["profile"], tables["digest"]
    with_commits = duckdb.sql(
        """
        select p.repository_id, h."commit", h.committed_at, p.* exclude (repository_id, from_week, to_week), h.from_week, h.to_week
        from head h join profile p on p.repository_id = h.repository_id and p.from_week <= h.from_week and p.to_week >= h.to_week
        """
    ).to_arrow_table()
    assert with_commits.num_rows == len(head) > len(profile)
    without_known = digest.project("* exclude (known)").to_arrow_table()
    duckdb.from_arrow(with_commits).write_parquet(str(folder / "profile.parquet"))
    duckdb.from_arrow(without_known).write_parquet(str(folder / "digest.parquet"))
    for table in schema.SINCE:
        (folder / f"{table}.parquet").unlink()
    shown, real = open_reader(None), open_reader(database)
    assert shown.about == ABOUT
    assert len(shown.changes(WEEKS[1].id, WEEKS[0].id)) == len(real.changes(WEEKS[1].id, WEEKS[0].id))
    for week in WEEKS:
        assert shown.repositories(week.id).equals(real.repositories(week.id))
    assert shown.flaws() == []
    (folder / "finding.parquet").unlink()
    (folder / "about.json").write_text(json.dumps(about | {"generation": "another"}))
    with pytest.raises(StoreError, match="is damaged; restore"):
        open_reader(None)


def test_a_demo_needs_a_database_and_a_place(folder: Path, database: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="There is no database"):
        export_demo(tmp_path / "nothing-there", folder, ABOUT)
    folder.write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        export_demo(database, folder, ABOUT)
