"""Many weeks at once, why statuses moved, and databases of earlier versions."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.causes import Cause, Change, Judged, changes
from rungwise.model import Signal, SignalKind, Status
from rungwise.store import Looks, StoreError, Week, open_reader, record_weeks, schema
from rungwise.teams import Owner, Ownership
from tests.rungwise.store.sample import RUN, STATUSES, Look, commit, look, save

WEEKS = ["2026-W44", "2026-W45", "2026-W46", "2026-W47"]
OWNERS = Ownership({"acme/shop": Owner("web", "teams file")}, {})
MOVED = datetime(2026, 11, 4, 12, tzinfo=UTC)


def week(label: str, *found: Look, why: Change | None = None) -> Looks:
    assessments = [replace(assessment, week=label) for assessment, _ in found]
    return Looks(label, assessments, [snapshot for _, snapshot in found], RUN, {"acme/shop": [why]} if why else {})


def history() -> list[Looks]:
    """The tests of the shop are new in the third week, with a cause."""
    none = {**STATUSES, "unit-tests": Status.ABSENT}
    why = Change(
        "unit-tests", Status.ABSENT, Status.PRESENT, Cause.COMMIT, (), "tests/a b.py", "added", commit(2), "Ada", MOVED, "Test it"
    )
    return [
        week(WEEKS[0], look(number=1, statuses=none)),
        week(WEEKS[1], look(number=1, statuses=none), look("acme/cart", 9)),
        week(WEEKS[2], look(number=2), look("acme/cart", 9), why=why),
        week(WEEKS[3], look(number=3), look("acme/cart", 9)),
    ]


def id_of(label: str) -> int:
    return Week.parse(label).id


def dump(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All tables but the runs, with words in the place of numbers that hang on the order of recording."""
    reader = open_reader(database)
    found: dict[str, list[tuple[object, ...]]] = {}
    for each in reader.weeks():
        for name in ("repositories", "stages", "findings", "team_stages"):
            frame = getattr(reader, name)(each.id)
            found[f"{name} {each.label}"] = [tuple(map(str, row)) for row in frame.itertuples(index=False)]
    found["history"] = [tuple(map(str, row)) for row in reader.history("acme/shop").itertuples(index=False)]
    return found


def test_weeks_recorded_together_are_as_if_recorded_one_by_one(tmp_path: Path) -> None:
    outcomes = record_weeks(tmp_path / "together", history(), OWNERS)
    assert [(outcome.week.label, len(outcome.recorded)) for outcome in outcomes] == list(zip(WEEKS, (1, 2, 2, 2), strict=True))
    for one in history():
        record_weeks(tmp_path / "one by one", [one], OWNERS)
    for one in reversed(history()):
        record_weeks(tmp_path / "backwards", [one], OWNERS)
    together = dump(tmp_path / "together")
    assert dump(tmp_path / "one by one") == together
    assert dump(tmp_path / "backwards") == together
    assert len(list((tmp_path / "together").glob("*.duckdb"))) == 1


NAMED = {
    "repository_id": "(select name from repository r where r.repository_id = t.repository_id)",
    "practice_id": "(select name from practice p where p.practice_id = t.practice_id)",
    "team_id": "(select name from team m where m.team_id = t.team_id)",
    "catalogue_id": "(select hash from catalogue c where c.catalogue_id = t.catalogue_id)",
    "share_id": "(select (coverage, confidence) from share s where s.share_id = t.share_id)",
    "run_id": "(select (week_id, source, incomplete) from run u where u.run_id = t.run_id)",
}
"""What stands for each number that hangs on the order of recording."""


def rows(database: Path) -> dict[str, list[str]]:
    """All rows of all tables that say something of a repository or a rule, but for digests, of which quarters that are over keep less."""
    reader, found = open_reader(database), {}
    for table in schema.TABLES:
        columns = [name for name, *_ in reader._rows(f"describe {table}")]
        if (table == "rule" or "repository_id" in columns) and table not in ("repository", "digest"):
            told = ", ".join(NAMED.get(column, f'"{column}"') for column in columns)
            found[table] = sorted(map(repr, reader._rows(f"select {told} from {table} t")))
    return found


def drawn(draw: st.DrawFn, name: str) -> Look:
    signals = [
        Signal(SignalKind.CODE, f"call{number}", path="a.py", line=line)
        for number, line in draw(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2)), max_size=4))
    ]
    statuses = {"unit-tests": draw(st.sampled_from([Status.PRESENT, Status.ABSENT])), "metrics": Status.PARTIAL}
    if draw(st.booleans()):
        statuses["error-tracking"] = Status.UNKNOWN
    rules = draw(st.sampled_from(["rules-1", "rules-2"]))
    return look(name, draw(st.integers(1, 2)), statuses, line=draw(st.integers(1, 2)), signals=signals, catalogue=rules)


@st.composite
def pasts(draw: st.DrawFn) -> list[Looks]:
    """Some weeks, each of some repositories, with owners and causes."""
    found = []
    for number in draw(st.lists(st.integers(0, 30), min_size=2, max_size=5, unique=True)):
        names = draw(st.lists(st.sampled_from(["acme/shop", "acme/cart", "acme/till"]), min_size=1, unique=True))
        why = history()[2].changes["acme/shop"][0] if "acme/shop" in names and draw(st.booleans()) else None
        one = week(Week.of_id(id_of("2026-W10") + number).label, *(drawn(draw, name) for name in names), why=why)
        owners = {name: Owner(draw(st.sampled_from(["web", "till"])), "teams file") for name in names if draw(st.booleans())}
        found.append(replace(one, run=replace(RUN, incomplete=(f"{number}",)), ownership=Ownership(owners, {})))
    return found


@settings(max_examples=15, deadline=None)
@given(pasts())
def test_a_past_that_is_new_is_as_if_recorded_one_by_one(tmp_path_factory: pytest.TempPathFactory, past: list[Looks]) -> None:
    together, singly = tmp_path_factory.mktemp("together"), tmp_path_factory.mktemp("singly")
    outcomes = record_weeks(together, past, OWNERS)
    one_by_one = [outcome for one in past for outcome in record_weeks(singly, [one], OWNERS)]
    assert [(one.week, one.recorded, one.unchanged) for one in outcomes] == [
        (one.week, one.recorded, one.unchanged) for one in one_by_one
    ]
    assert rows(together) == rows(singly)
    assert all(outcome.unchanged for outcome in record_weeks(together, past, OWNERS))


def test_a_past_is_fitted_in_where_some_of_it_is_stored(tmp_path: Path) -> None:
    for one in history()[1:3]:
        record_weeks(tmp_path / "together", [one], OWNERS)
        record_weeks(tmp_path / "singly", [one], OWNERS)
    other = week(WEEKS[0], look(number=1, statuses={**STATUSES, "unit-tests": Status.ABSENT}), look("acme/till", 3))
    record_weeks(tmp_path / "together", [other, history()[3]], OWNERS)
    for one in (other, history()[3]):
        record_weeks(tmp_path / "singly", [one], OWNERS)
    assert rows(tmp_path / "together") == rows(tmp_path / "singly")


def test_the_same_weeks_again_are_not_written(tmp_path: Path) -> None:
    record_weeks(tmp_path, history(), OWNERS)
    before = open_reader(tmp_path).generation
    assert all(outcome.unchanged for outcome in record_weeks(tmp_path, history(), OWNERS))
    assert open_reader(tmp_path).generation == before


def test_nothing_is_written_where_one_week_is_impossible(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="2026-W60"):
        record_weeks(tmp_path, [*history(), week("2026-W60", look())], OWNERS)
    assert not list(tmp_path.glob("*.duckdb"))


def test_why_it_moved_is_kept(tmp_path: Path) -> None:
    record_weeks(tmp_path, history(), OWNERS)
    reader = open_reader(tmp_path)
    [row] = reader.changes(id_of(WEEKS[3]), id_of(WEEKS[0])).to_dict("records")
    assert (row["repository"], row["team"], row["practice"], row["was"], row["now"]) == (
        "acme/shop", "web", "unit-tests", "absent", "present",
    )  # fmt: skip
    assert (row["cause"], row["path"], row["how"], row["commit"], row["author"], row["subject"]) == (
        "commit", "tests/a b.py", "added", commit(2), "Ada", "Test it",
    )  # fmt: skip
    assert row["week"] == id_of(WEEKS[2])
    assert row["committed_at"].to_pydatetime() == MOVED.replace(tzinfo=None)
    assert reader.changes(id_of(WEEKS[3]), id_of(WEEKS[2])).empty
    assert list(reader.history("acme/shop")["week"]) == [id_of(WEEKS[2])]
    assert reader.history("acme/cart").empty


def test_a_move_without_a_cause_is_a_move(tmp_path: Path) -> None:
    save(tmp_path, WEEKS[0], [look(number=1)])
    save(tmp_path, WEEKS[1], [look(number=2, statuses={**STATUSES, "metrics": Status.PARTIAL})])
    [row] = open_reader(tmp_path).changes(id_of(WEEKS[1]), id_of(WEEKS[0])).to_dict("records")
    assert row["practice"] == "metrics"
    assert row["cause"] != row["cause"], "missing"


def test_how_it_was_judged_before_a_week(tmp_path: Path) -> None:
    record_weeks(tmp_path, history(), OWNERS)
    reader = open_reader(tmp_path)
    for label, expected in ((WEEKS[2], history()[1]), (WEEKS[3], history()[2]), ("2026-W49", history()[3])):
        found = reader.judged_before(id_of(label), ["acme/shop"])
        now = Judged.of(expected.assessments[0])
        assert found["acme/shop"].commit == now.commit
        assert changes(found["acme/shop"], now) == ()
    assert reader.judged_before(id_of(WEEKS[0]), ["acme/shop"]) == {}
    before = reader.judged_before(id_of(WEEKS[2]), ["acme/shop"])["acme/shop"]
    [change] = changes(before, Judged.of(history()[2].assessments[0]))
    assert (change.practice, change.cause, change.paths) == ("unit-tests", Cause.COMMIT, ("tests/a b.py",))


def test_trends(tmp_path: Path) -> None:
    record_weeks(tmp_path, history(), OWNERS)
    reader = open_reader(tmp_path)
    weeks = [id_of(label) for label in WEEKS]
    teams = reader.trend_of_teams()
    testing = teams[(teams["team"] == "web") & (teams["stage"] == 3)]
    assert list(zip(testing["week"], testing["held"] + testing["sure"], strict=True)) == list(
        zip(weeks, (0, 0, 1, 1), strict=True)
    )
    one = reader.trend_of_repository("acme/shop")
    assert list(one[one["stage"] == 3]["state"]) == ["not_held", "not_held", "sure", "sure"]
    practice = reader.trend_of_practice("unit-tests")
    counts = {(row.week, row.status): row.repositories for row in practice.itertuples()}
    assert counts == {
        (weeks[0], "absent"): 1, (weeks[1], "absent"): 1, (weeks[1], "present"): 1, (weeks[2], "present"): 2, (weeks[3], "present"): 2,
    }  # fmt: skip


RELEASED = Path(__file__).parent / "released"


def released(version: int, into: Path) -> None:
    """Puts a database of that version there."""
    name = "00000002-00000000.duckdb"
    (into / name).write_bytes(gzip.decompress((RELEASED / f"version-{version}.duckdb.gz").read_bytes()))
    (into / "CURRENT").write_text(name)


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_a_database_of_an_earlier_version_is_brought_forward(tmp_path: Path, version: int) -> None:
    """Kept as each version wrote it: two weeks of two repositories, of which the shop lost its tests and gained metrics."""
    released(version, tmp_path)
    reader = open_reader(tmp_path)
    assert reader.flaws() == []
    assert [each.label for each in reader.weeks()] == ["2026-W47", "2026-W46"]
    moved = reader.changes(id_of("2026-W47"), id_of("2026-W46"))
    assert sorted(zip(moved["repository"], moved["practice"], moved["now"], strict=True)) == [
        ("acme/shop", "metrics", "present"), ("acme/shop", "unit-tests", "absent"),
    ]  # fmt: skip
    assert len(reader.signals(id_of("2026-W47"), "acme/cart")) == 1
    # What was there is kept, and a second week goes in as if it had always been ours.
    copy = tmp_path / f"before-version-{schema.VERSION}.duckdb"
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("select value from about where key = 'schema'").fetchall() == [(str(version),)]
    record_weeks(tmp_path, [week("2026-W48", look(number=3))], OWNERS)
    assert [each.label for each in open_reader(tmp_path).weeks()] == ["2026-W48", "2026-W47", "2026-W46"]
    for number in range(4, 9):
        record_weeks(tmp_path, [week("2026-W48", look(number=number))], OWNERS)
    assert copy.exists(), "never cleared up"


def as_version_2_saw_it() -> list[Looks]:
    """What is in the stored database of version 2: in the second week the shop lost its tests, and nobody looked at the cart."""
    lost = {**STATUSES, "unit-tests": Status.ABSENT, "metrics": Status.PRESENT}
    return [
        week("2026-W46", look(number=1), look("acme/cart", 9)),
        week("2026-W47", look(number=2, statuses=lost)),
    ]


def test_what_is_as_it_was_does_not_count_as_changed_in_a_newer_version(tmp_path: Path) -> None:
    released(2, tmp_path)
    before = open_reader(tmp_path).generation
    assert [outcome.unchanged for outcome in record_weeks(tmp_path, as_version_2_saw_it(), OWNERS)] == [True, True]
    assert open_reader(tmp_path).generation == before, "nothing was written"
    other = [week("2026-W46", look(number=1), look("acme/cart", 9, line=5))]
    [outcome] = record_weeks(tmp_path, other, OWNERS)
    assert outcome.recorded == ("acme/cart",)
    # What is taken in again goes by the way of now, and says the same of the weeks before and after.
    assert [outcome.unchanged for outcome in record_weeks(tmp_path, [*other, *as_version_2_saw_it()[1:]], OWNERS)] == [True, True]
    lost = {finding.practice: finding.status for finding in as_version_2_saw_it()[1].assessments[0].findings}
    [outcome] = record_weeks(tmp_path, [week("2026-W48", look(number=2, statuses=lost))], OWNERS)
    assert outcome.recorded == ("acme/shop",), "a new week is news"
    reader = open_reader(tmp_path)
    tests = """
        select from_week from finding join practice p using (practice_id) join repository r using (repository_id)
        where p.name = 'unit-tests' and r.name = 'acme/shop'
    """
    assert len(reader._rows(tests)) == 2, "no interval is cut for it"
    assert reader.flaws() == []


def test_a_newer_version_keeps_what_a_repository_is_apart_from_its_commits(tmp_path: Path) -> None:
    released(2, tmp_path)
    reader = open_reader(tmp_path)
    for label, shop in (("2026-W46", 1), ("2026-W47", 2)):
        commits = reader.repositories(id_of(label)).set_index("repository")["commit"].to_dict()
        assert commits == {"acme/shop": commit(shop), "acme/cart": commit(9)}
    assert reader._rows("select count(*) from head") == [(3,)]
    assert reader._rows("select count(*) from profile") == [(2,)], "neither is another one for having moved on"
    fresh = tmp_path / "fresh"
    record_weeks(fresh, as_version_2_saw_it(), OWNERS)
    found, expected = dump(tmp_path), dump(fresh)
    assert {name: rows for name, rows in found.items() if name != "history"} == {
        name: rows for name, rows in expected.items() if name != "history"
    }


def test_moves_of_a_quarter_that_is_over_lie_together(tmp_path: Path) -> None:
    """And answer as they did before."""
    first = id_of("2026-W40") // schema.QUARTER * schema.QUARTER
    looks = []
    for number in range(schema.QUARTER + 2):
        status = (Status.ABSENT, Status.PRESENT)[number % 2]
        before = Change(
            "unit-tests",
            (Status.PRESENT, Status.ABSENT)[number % 2],
            status,
            Cause.COMMIT,
            (),
            None,
            None,
            commit(number),
            "Ada",
            MOVED,
            "x",
        )
        both = [look(name, number, {"unit-tests": status}) for name in ("acme/cart", "acme/shop")]
        one = week(Week.of_id(first + number).label, *both)
        looks.append(replace(one, changes={name: [before] for name in ("acme/cart", "acme/shop")}))

    def lie() -> list[int]:
        return [repository for (repository,) in open_reader(tmp_path)._rows("select repository_id from move order by rowid")]

    for one in looks[: schema.QUARTER]:
        record_weeks(tmp_path, [one], OWNERS)
    assert lie() == [1, 2] * schema.QUARTER
    told = list(open_reader(tmp_path).history("acme/shop")["commit"])
    record_weeks(tmp_path, [looks[schema.QUARTER]], OWNERS)
    assert lie() == [1] * schema.QUARTER + [2] * schema.QUARTER + [1, 2]
    record_weeks(tmp_path, [looks[schema.QUARTER + 1]], OWNERS)
    assert lie() == [1] * schema.QUARTER + [2] * schema.QUARTER + [1, 2] * 2
    assert list(open_reader(tmp_path).history("acme/shop")["commit"])[2:] == told
    assert open_reader(tmp_path).flaws() == []


def test_an_older_database_that_may_not_be_written_says_so(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    released(1, tmp_path)
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written"):
        open_reader(tmp_path)
