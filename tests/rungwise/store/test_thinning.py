"""Old weeks go when somebody asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rungwise.__main__ import BAD_INPUT, DONE, main
from rungwise.store import Week, open_reader, superfluous, thin
from tests.rungwise.store.sample import look, save

LABELS = [f"2026-W{number:02}" for number in range(30, 48)]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    for number, label in enumerate(LABELS):
        save(tmp_path, label, [look(number=number)], {"acme/shop": "web"})
    return tmp_path


def test_the_last_week_of_each_month_stays(database: Path) -> None:
    reader = open_reader(database)
    gone = superfluous(reader, 5)
    kept = [week for week in reader.weeks() if week not in gone]
    assert [week.label for week in kept[:5]] == ["2026-W47", "2026-W46", "2026-W45", "2026-W44", "2026-W43"]
    assert [f"{week.starts:%m-%d}" for week in kept[5:]] == ["09-28", "08-31", "07-27"]
    assert superfluous(reader, len(LABELS)) == []


def test_a_week_that_speaks_for_a_repository_in_one_that_stays_stays_too(database: Path) -> None:
    """The cart was not collected in the last week of September, nor the till in that one, of which the cart's answer is."""
    save(database, "2026-W38", [look("acme/till", 1)])
    save(database, "2026-W39", [look("acme/cart", 2)])
    expected = {week.label: open_reader(database).findings(week.id).to_dict("records") for week in open_reader(database).weeks()}
    thin(database, 5)
    reader = open_reader(database)
    kept = [week.label for week in reader.weeks()]
    assert kept == [
        "2026-W47",
        "2026-W46",
        "2026-W45",
        "2026-W44",
        "2026-W43",
        "2026-W40",
        "2026-W39",
        "2026-W38",
        "2026-W36",
        "2026-W31",
    ]
    assert {week.label: reader.findings(week.id).to_dict("records") for week in reader.weeks()} == {
        label: expected[label] for label in kept
    }
    assert set(reader.repositories(Week.parse("2026-W40").id)["repository"]) == {"acme/shop", "acme/cart", "acme/till"}
    assert reader.flaws() == []
    assert thin(database, 5) == [], "once is enough"


def test_what_stays_is_as_it_was(database: Path) -> None:
    before = open_reader(database)
    expected = {week.label: before.findings(week.id).to_dict("records") for week in before.weeks()}
    arguments = ["thin", "--keep", "5", "--database", str(database)]
    assert main([*arguments, "--preview"]) == DONE
    assert len(open_reader(database).weeks()) == len(LABELS)
    assert main(arguments) == DONE
    after = open_reader(database)
    assert len(after.weeks()) == 8
    for week in after.weeks():
        assert after.findings(week.id).to_dict("records") == expected[week.label]
        assert len(after.team_stages(week.id)) == 6
    save(database, "2026-W48", [look(number=99)])
    assert len(open_reader(database).weeks()) == 9


def test_it_says_what_it_does(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["thin", "--keep", "5", "--database", str(database)]
    main([*arguments, "--preview"])
    assert "10 of 18 weeks would go, from 2026-W30 to 2026-W42" in capsys.readouterr().out
    main(arguments)
    assert "10 of 18 weeks are gone" in capsys.readouterr().out
    main(arguments)
    assert "Nothing to let go of: 8 weeks are stored." in capsys.readouterr().out


def test_without_a_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["thin", "--database", str(tmp_path / "none")]) == BAD_INPUT
    assert "There is no database" in capsys.readouterr().err
