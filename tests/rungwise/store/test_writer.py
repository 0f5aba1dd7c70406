"""What recording keeps, replaces and leaves alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rungwise.model import Flag, Signal, SignalKind, Stage, Status
from rungwise.store import Reader, RunReceipt, Week, open_reader
from rungwise.store.generations import current
from rungwise.store.schema import STATES, STATUSES
from rungwise.teams import Owner, Ownership, Target
from tests.rungwise.store.sample import MOMENT, RUN, Look, commit, look, save
from tests.rungwise.store.sample import STATUSES as SOME

W45, W46, W47 = "2026-W45", "2026-W46", "2026-W47"


def ids(*labels: str) -> list[int]:
    return [Week.parse(label).id for label in labels]


def commits(reader: Reader, week: str) -> dict[str, str]:
    frame = reader.repositories(Week.parse(week).id)
    return dict(zip(frame["repository"], frame["commit"], strict=True))


def everything(reader: Reader) -> list[str]:
    """All answers for all weeks, to be compared."""
    answers = []
    for week in reader.weeks():
        frames = [reader.repositories(week.id), reader.stages(week.id), reader.findings(week.id), reader.team_stages(week.id)]
        answers += [frame.to_json(orient="records", date_format="iso") for frame in frames]
        answers += [str(reader.signals(week.id, name)) for name in frames[0]["repository"]]
        answers += [reader.facts(week.id, name).to_json() for name in frames[0]["repository"]]
    return answers


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    looks = [look(), look("acme/api", 2)]
    assert save(tmp_path, W46, looks, {"acme/api": "Api"}).recorded == ("acme/api", "acme/shop")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    later = replace(RUN, started=MOMENT.replace(day=20), finished=MOMENT.replace(day=21), costs={"seconds": 3})
    assert save(tmp_path, W46, reversed(looks), {"acme/api": "Api"}, run=later).unchanged
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("other", "owners"),
    [
        (look(number=9), {}),
        (look(statuses=SOME | {"metrics": Status.PARTIAL}), {}),
        (look(statuses={"metrics": Status.ABSENT}), {}),
        (look(line=13), {}),
        (look(signals=[]), {}),
        (look(catalogue="rules-2"), {}),
        (look(), {"acme/shop": "Shop"}),
    ],
    ids=["commit", "status", "fewer practices", "line", "signals", "rules", "owner"],
)
def test_anything_else_is_news(tmp_path: Path, other: Look, owners: dict[str, str]) -> None:
    save(tmp_path / "db", W46, [look(), look("acme/api")])
    outcome = save(tmp_path / "db", W46, [other, look("acme/api")], owners)
    assert (outcome.recorded, outcome.unchanged) == (("acme/shop",), False)
    save(tmp_path / "fresh", W46, [other, look("acme/api")], owners)
    assert everything(open_reader(tmp_path / "db")) == everything(open_reader(tmp_path / "fresh"))


def test_what_a_run_could_not_see_is_news(tmp_path: Path) -> None:
    save(tmp_path, W46, [look()])
    worse = replace(RUN, incomplete=("acme/api is corrupt.",), notes=("Slow.",))
    outcome = save(tmp_path, W46, [look()], run=worse)
    assert (outcome.recorded, outcome.unchanged) == ((), False), "the repository itself is as it was"
    assert save(tmp_path, W46, [look()], run=worse).unchanged
    run = open_reader(tmp_path).run(ids(W46)[0])
    assert run and run["incomplete"] == ["acme/api is corrupt."] and run["repositories"] == 1
    assert not save(tmp_path, W46, [look()]).unchanged
    run = open_reader(tmp_path).run(ids(W46)[0])
    assert run and run["incomplete"] == []


def test_other_repositories_of_the_week_stay(tmp_path: Path) -> None:
    save(tmp_path, W46, [look("acme/a", 1), look("acme/b", 1)])
    save(tmp_path, W46, [look("acme/b", 2), look("acme/c", 2)])
    assert commits(open_reader(tmp_path), W46) == {"acme/a": commit(1), "acme/b": commit(2), "acme/c": commit(2)}


def test_nothing_judged_is_nothing_recorded(tmp_path: Path) -> None:
    assert save(tmp_path, W46, []).unchanged
    assert not list(tmp_path.glob("*.duckdb"))


def test_an_earlier_week_may_come_later(tmp_path: Path) -> None:
    save(tmp_path, W47, [look("acme/a", 7, line=70), look("acme/b", 7)])
    save(tmp_path, W45, [look("acme/a", 5, line=50)])
    save(tmp_path, W46, [look("acme/a", 6, line=50, statuses={"unit-tests": Status.PARTIAL, "metrics": Status.PRESENT})])
    reader = open_reader(tmp_path)
    assert commits(reader, W45) == {"acme/a": commit(5)}
    assert commits(reader, W46) == {"acme/a": commit(6)}
    assert commits(reader, W47) == {"acme/a": commit(7), "acme/b": commit(7)}
    lines = [reader.findings(week, "acme/a").set_index("practice")["evidence"]["unit-tests"] for week in ids(W45, W47)]
    assert [[place["line"] for place in places] for places in lines] == [[50], [70]]
    assert reader.findings(ids(W46)[0], "acme/a")["practice"].tolist() == ["metrics", "unit-tests"]


STEPS = st.tuples(
    st.sampled_from(["2026-W01", "2026-W02", "2026-W20", "2026-W40"]),
    st.sampled_from(["acme/a", "acme/b"]),
    st.integers(1, 3),
    st.sampled_from([None, "One", "Two"]),
)


@settings(max_examples=3, deadline=None)
@given(steps=st.lists(STEPS, min_size=3, max_size=4, unique_by=lambda step: step[:2]), data=st.data())
def test_the_order_of_weeks_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str, int, str | None]], data: st.DataObject
) -> None:
    answers = []
    for order in (steps, data.draw(st.permutations(steps))):
        database = tmp_path_factory.mktemp("db")
        for week, name, number, team in order:
            signals = [Signal(SignalKind.CODE, f"call{n}", path="a.py", line=n) for n in range(number)]
            statuses = {"unit-tests": (Status.PRESENT, Status.ABSENT)[number % 2], "metrics": Status.PARTIAL}
            save(database, week, [look(name, number, statuses, signals=signals)], {name: team} if team else {})
        answers.append(everything(open_reader(database)))
    assert answers[0] == answers[1]


def test_owners_and_targets_are_those_of_their_week(tmp_path: Path) -> None:
    target = Target(Stage.PROTECTING, "takes payments", "teams file")
    save(tmp_path, W45, [look()], ownership=Ownership({"acme/shop": Owner("Old", "CODEOWNERS")}))
    save(tmp_path, W46, [look()], ownership=Ownership({"acme/shop": Owner("New", "teams file")}, {"acme/shop": target}))
    save(tmp_path, W47, [look()], ownership=Ownership())
    reader = open_reader(tmp_path)
    rows = [reader.repositories(week).iloc[0].fillna("") for week in ids(W45, W46, W47)]
    assert [(row.team, row.owner_source, row.target, row.target_reason) for row in rows] == [
        ("Old", "CODEOWNERS", "", ""),
        ("New", "teams file", 4, "takes payments"),
        ("", "", "", ""),
    ]


def test_what_is_flagged_does_not_count_for_its_team(tmp_path: Path) -> None:
    assessment, snapshot = look("acme/old")
    save(tmp_path, W46, [look(), (replace(assessment, flags=(Flag.ARCH,)), snapshot)])
    reader = open_reader(tmp_path)
    assert set(reader.team_stages(ids(W46)[0])["repositories"]) == {0, 1}
    assert reader.repositories(ids(W46)[0])["flags"].tolist() == [["ARCH"], []]


def test_hostile_text_comes_back_as_text(tmp_path: Path) -> None:
    nasty = "'; drop table finding; -- \"\\ \x00 \u202e \U0001f40d é %2F $week"
    lone = "half a pair \ud83d"
    assessment, snapshot = look("acme/it's\ud800", signals=[Signal(SignalKind.MANIFEST, nasty, lone, f"{nasty}/x", 3)])
    finding = replace(assessment.findings[0], reason=nasty, looked_for=lone)
    assessment = replace(assessment, findings=(finding,), kind_reason=lone)
    run = RunReceipt(MOMENT, MOMENT, nasty, incomplete=(lone,), costs={"note": lone})
    ownership = Ownership({assessment.repository: Owner(nasty, "teams file")})
    for _ in range(2):
        outcome = save(tmp_path, W46, [(assessment, replace(snapshot, notes=(lone,)))], run=run, ownership=ownership)
    assert outcome.unchanged
    reader, week = open_reader(tmp_path), ids(W46)[0]
    name = "acme/it's\\ud800"
    found = reader.findings(week, name, nasty).iloc[0]
    assert (found.reason, found.looked_for) == (nasty, "half a pair \\ud83d")
    assert reader.repositories(week).iloc[0].notes == ["half a pair \\ud83d"]
    assert [(s.name, s.value, s.path, s.line) for s in reader.signals(week, name)] == [
        (nasty, "half a pair \\ud83d", f"{nasty}/x", 3)
    ]


def test_a_repository_comes_once_and_with_its_snapshot(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="acme/shop comes twice"):
        save(tmp_path, W46, [look(), look()])
    with pytest.raises(ValueError, match="no snapshot of commit"):
        save(tmp_path, W46, [(look(number=1)[0], look(number=2)[1])])
    assessment, snapshot = look()
    with pytest.raises(ValueError, match="judged twice"):
        save(tmp_path, W46, [(replace(assessment, findings=assessment.findings * 2), snapshot)])


def test_codes_never_change_their_meaning() -> None:
    assert list(map(str, STATUSES)) == ["present", "partial", "attested", "absent", "not_seen", "unknown", "not_applicable"]
    assert list(map(str, STATES)) == ["sure", "held", "open", "not_held", "not_applicable"]


def test_repeating_a_week_does_not_pile_up(tmp_path: Path) -> None:
    for number in range(1, 8):
        save(tmp_path, W46, [look("acme/a", number, line=number)])
    reader = open_reader(tmp_path)
    counts = {
        table: reader._rows(f"select count(*) from {table}")[0][0]
        for table in ("observation", "stage_week", "repository_week", "finding", "head", "profile", "signal", "fact", "digest")
    }
    assert counts == {
        "observation": 3, "stage_week": 6, "repository_week": 1, "finding": 3, "head": 1, "profile": 1, "signal": 1, "fact": 3, "digest": 1,
    }  # fmt: skip
    assert current(tmp_path).name.startswith("00000007-")
