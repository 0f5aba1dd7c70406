"""Questions about weeks, and their answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rungwise.model import Evidence, Fact, Signal, SignalKind, Stage, State, Status
from rungwise.store import UNOWNED, Reader, Week, open_reader
from rungwise.teams import Owner, Ownership, Target
from tests.rungwise.store.sample import MOMENT, RUN, STATUSES, commit, look, save

W46, W47 = Week.parse("2026-W46"), Week.parse("2026-W47")


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """Two weeks of three repositories of two teams; the second collected only one of them."""
    owners = {"acme/shop": Owner("Shop", "teams file"), "acme/api": Owner("acme/api-team", "CODEOWNERS")}
    targets = {"acme/shop": Target(Stage.HARDENING, "strangers sign up", "teams file, team Shop", date(2027, 1, 31))}
    ownership = Ownership(owners, targets)
    save(tmp_path, W46.label, [look("acme/shop", 1), look("acme/api", 1), look("acme/lost", 1)], ownership=ownership)
    moved = STATUSES | {"metrics": Status.PARTIAL, "error-tracking": Status.ABSENT}
    run = replace(RUN, source="github", incomplete=("acme/api could not be read.",))
    save(tmp_path, W47.label, [look("acme/shop", 2, moved, line=99)], ownership=ownership, run=run)
    return open_reader(tmp_path)


def test_weeks_come_newest_first(reader: Reader) -> None:
    assert reader.weeks() == [W47, W46]
    assert not reader.demo
    assert set(reader.about) == {"source", "made_on", "note"}


def test_what_was_not_collected_keeps_its_last_answer_and_says_from_when(reader: Reader) -> None:
    frame = reader.repositories(W47.id)
    assert dict(zip(frame["repository"], frame["as_of"], strict=True)) == {
        "acme/api": W46.id,
        "acme/lost": W46.id,
        "acme/shop": W47.id,
    }
    assert frame["commit"].tolist() == [commit(1), commit(1), commit(2)]
    shop = reader.findings(W47.id, "acme/shop").set_index("practice")
    api = reader.findings(W47.id, "acme/api").set_index("practice")
    assert shop["evidence"]["unit-tests"][0]["commit"] == commit(2)
    assert api["evidence"]["unit-tests"][0]["commit"] == commit(1)


def test_half_a_year_later_it_is_gone(tmp_path: Path) -> None:
    save(tmp_path, W46.label, [look("acme/old")])
    for later in (26, 27):
        save(tmp_path, Week.of_id(W46.id + later).label, [look("acme/new")])
    reader = open_reader(tmp_path)
    assert reader.repositories(W46.id + 26)["repository"].tolist() == ["acme/new", "acme/old"]
    assert reader.repositories(W46.id + 27)["repository"].tolist() == ["acme/new"]
    assert [reader.team_stages(W46.id + later)["repositories"].max() for later in (26, 27)] == [2, 1]
    assert len(reader.findings(W46.id + 27)) == 3


def test_a_repository_has_all_that_is_known_of_it(reader: Reader) -> None:
    frame = reader.repositories(W47.id).set_index("repository")
    shop, lost = frame.loc["acme/shop"], frame.loc["acme/lost"]
    assert (shop.url, shop.kind, shop.kind_reason, shop["flags"]) == (
        "https://github.com/acme/shop",
        "APP",
        "It serves requests.",
        [],
    )
    assert (shop.team, shop.owner_source, shop.notes) == ("Shop", "teams file", ["Judged at HEAD."])
    assert (shop.target, shop.target_reason, shop.target_source) == (5, "strangers sign up", "teams file, team Shop")
    assert shop.target_review_on == pd.Timestamp(2027, 1, 31)
    assert shop.committed_at == pd.Timestamp(MOMENT.replace(tzinfo=None))
    assert (shop.holds, shop["of"], shop.at_least, shop.could_be, shop.next) == (1, 2, 1, 1, 2)
    assert shop.components == [{"path": ".", "kind": "APP"}]
    assert pd.isna(lost.team) and pd.isna(lost.owner_source) and pd.isna(lost.target)
    assert {str(frame[column].dtype) for column in ("holds", "next", "target")} == {"Int8"}


def test_stages_are_those_of_the_assessment(reader: Reader) -> None:
    standing = look("acme/shop", 2, STATUSES | {"metrics": Status.PARTIAL, "error-tracking": Status.ABSENT})[0].standing
    frame = reader.stages(W47.id)
    rows = frame[frame["repository"] == "acme/shop"].astype(object).where(lambda cells: cells.notna(), None)
    told = list(rows[["team", "stage", "state", "coverage", "confidence"]].itertuples(index=False, name=None))
    assert told == [("Shop", s.stage, s.state, s.coverage, s.confidence) for s in standing.stages]
    assert State.NOT_HELD in frame["state"].tolist()


def test_team_stages_add_up_what_stages_say(reader: Reader) -> None:
    for week in reader.weeks():
        stages = reader.stages(week.id).fillna({"team": UNOWNED})
        rolled = reader.team_stages(week.id).fillna({"team": UNOWNED}).set_index(["team", "stage"])
        assert len(rolled) == 3 * 6
        for key, rows in stages.groupby(["team", "stage"]):
            row, applying = rolled.loc[key], rows[rows["state"] != State.NOT_APPLICABLE]
            assert row.repositories == len(applying)
            for state in (State.SURE, State.HELD, State.OPEN, State.NOT_HELD):
                assert row[state.value] == (applying["state"] == state).sum()
            assert row.coverage == pytest.approx(applying["coverage"].mean(), nan_ok=True)
            assert row.confidence == pytest.approx(applying["confidence"].mean(), nan_ok=True)


def test_findings_can_be_narrowed(reader: Reader) -> None:
    assert reader.findings(W47.id)["repository"].unique().tolist() == ["acme/api", "acme/lost", "acme/shop"]
    assert reader.findings(W47.id, team="Shop")["repository"].unique().tolist() == ["acme/shop"]
    assert reader.findings(W47.id, team=UNOWNED)["repository"].unique().tolist() == ["acme/lost"]
    assert reader.findings(W47.id, "acme/api", "Shop").empty
    assert reader.findings(W47.id, "acme/nobody").columns.tolist() == reader.findings(W47.id).columns.tolist()
    assert reader.findings(W47.id, evidence=False).equals(reader.findings(W47.id).drop(columns="evidence"))
    row = reader.findings(W47.id, "acme/shop").set_index("practice").loc["metrics"]
    assert (row.stage, row.status, row.reason, row.looked_for, row.component, row.evidence) == (
        2, "partial", "metrics is partial.", "signs of metrics", ".", [],
    )  # fmt: skip


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence("src/a.py", 3, commit(1), f"https://github.com/acme/shop/blob/{commit(1)}/src/a.py#L3"),
        Evidence(
            "a b/#1/ü+100%&?.py",
            3,
            commit(1),
            f"https://github.com/acme/shop/blob/{commit(1)}/a%20b/%231/%C3%BC%2B100%25%26%3F.py#L3",
        ),
        Evidence("Dockerfile", None, commit(1), f"https://github.com/acme/shop/blob/{commit(1)}/Dockerfile"),
        Evidence("src/a.py", 3, commit(1), None),
        Evidence("src/a.py", 3, commit(1), f"https://git.example/acme/shop/-/blob/{commit(1)}/src/a.py?plain=1#L3"),
        Evidence("src/a.py", 3, commit(8), f"https://github.com/acme/shop/blob/{commit(8)}/src/a.py#L3"),
        Evidence(None, None, commit(1), None),
        Evidence(None, None, commit(1), "https://github.com/acme/shop/settings"),
    ],
)
@pytest.mark.parametrize("known_host", [True, False])
def test_evidence_comes_back_as_it_was(tmp_path: Path, evidence: Evidence, known_host: bool) -> None:
    assessment, snapshot = look()
    finding = replace(assessment.findings[0], evidence=(evidence,))
    url = assessment.url if known_host else None
    save(tmp_path, W46.label, [(replace(assessment, findings=(finding,), url=url), snapshot)])
    [found] = open_reader(tmp_path).findings(W46.id)["evidence"][0]
    assert found == {"path": evidence.path, "line": evidence.line, "commit": evidence.commit, "url": evidence.url}


def test_evidence_is_stored_once_for_as_long_as_its_place_stays(tmp_path: Path) -> None:
    for number in range(5):
        save(tmp_path, Week.of_id(W46.id + number).label, [look(number=number)])
    reader = open_reader(tmp_path)
    assert reader._rows("select count(*) from finding")[0][0] == len(STATUSES)
    urls = {reader.findings(W46.id + number)["evidence"].iloc[-1][0]["url"] for number in range(5)}
    assert urls == {f"https://github.com/acme/shop/blob/{commit(number)}/tests/a%20b.py#L12" for number in range(5)}


def test_facts_may_be_unknown(reader: Reader) -> None:
    frame = reader.facts(W47.id, "acme/shop")
    facts = {fact: None if pd.isna(holds) else bool(holds) for fact, holds in zip(frame["fact"], frame["holds"], strict=True)}
    assert facts == {Fact.HTTP_API: True, Fact.USERS: None, Fact.PAYMENTS: False}


def test_moved_tells_what_changed_between_two_weeks(reader: Reader) -> None:
    frame = reader.changes(W47.id, W46.id)
    shown = ["repository", "team", "practice", "stage", "was", "now", "direction", "moves"]
    assert list(frame[shown].itertuples(index=False, name=None)) == [
        ("acme/shop", "Shop", "error-tracking", 2, "unknown", "absent", "sight", 0),
        ("acme/shop", "Shop", "metrics", 2, "absent", "partial", "up", 0),
    ]
    assert reader.changes(W47.id, W47.id).empty


@pytest.mark.parametrize(
    ("narrowed", "found"),
    [
        ({}, {"sight": (1, 1), "up": (1, 1)}),
        ({"team": "Shop"}, {"sight": (1, 1), "up": (1, 1)}),
        ({"team": UNOWNED}, {}),
        ({"stage": 2}, {"sight": (1, 1), "up": (1, 1)}),
        ({"stage": 3}, {}),
        ({"cause": "commit"}, {}),
    ],
)
def test_moves_are_counted_as_they_are_listed(
    reader: Reader, narrowed: dict[str, Any], found: dict[str, tuple[int, int]]
) -> None:
    counted = reader.moves(W47.id, W46.id, **narrowed)
    assert {row.direction: (row.practices, row.repositories) for row in counted.itertuples()} == found
    listed = reader.changes(W47.id, W46.id, **narrowed)
    assert listed.groupby("direction").size().to_dict() == {direction: number for direction, (number, _) in found.items()}
    assert len(reader.changes(W47.id, W46.id, **narrowed, limit=1)) == min(1, len(listed))
    second = reader.changes(W47.id, W46.id, **narrowed, limit=1, offset=1)
    assert list(second["practice"]) == list(listed["practice"][1:2])
    assert set(reader.changes(W47.id, W46.id, **narrowed, direction="up")["direction"]) == {"up"} & set(found)
    first = reader.changes(W47.id, W46.id, **narrowed, each=1)
    assert first["practice"].tolist() == listed.groupby("direction", sort=False).head(1)["practice"].tolist()


def test_owners_are_those_of_the_repositories(reader: Reader) -> None:
    for week in (W46.id, W47.id):
        frame = reader.repositories(week)
        teams = [team if isinstance(team, str) else None for team in frame["team"]]
        assert reader.owners(week) == dict(zip(frame["repository"], teams, strict=True))
        assert {None, "Shop"} <= set(reader.owners(W47.id).values())


def test_targets_are_decisions_that_move(reader: Reader, tmp_path: Path) -> None:
    assert reader.decisions(W47.id, W46.id).empty
    lower = Ownership({"acme/shop": Owner("Shop", "teams file")}, {"acme/shop": Target(Stage.TESTING, "quiet now", "teams file")})
    save(tmp_path, "2026-W48", [look("acme/shop", 2), look("acme/new", 1)], ownership=lower)
    found = open_reader(tmp_path).decisions(W47.id + 1, W47.id)
    assert list(found.itertuples(index=False, name=None)) == [("acme/shop", "Shop", 5, 3, "quiet now", "teams file")]
    assert open_reader(tmp_path).decisions(W47.id + 1, W47.id, team=UNOWNED).empty
    save(tmp_path, "2026-W49", [look("acme/shop", 2)], owners={"acme/shop": "Shop"})
    [row] = open_reader(tmp_path).decisions(W47.id + 2, W47.id + 1, team="Shop").itertuples()
    assert (row.was, pd.isna(row.now)) == (3, True)


def test_totals_are_those_of_the_listed_repositories(reader: Reader) -> None:
    for week in (W46, W47):
        frame = reader.repositories(week.id)
        aimed = frame[frame["target"].notna()]
        assert reader.totals(week.id) == {
            "repositories": 3, "flagged": 0, "carried": int((frame["as_of"] != week.id).sum()), "aimed": 1, "judged": 3,
            "reached": int(aimed["next"].isna().sum()), "full": int((frame["holds"] == frame["of"]).sum()),
        }  # fmt: skip


def test_statuses_and_standings_are_those_of_the_findings(reader: Reader) -> None:
    for team in (None, "Shop", UNOWNED):
        found = reader.findings(W47.id, team=team, evidence=False)
        statuses = reader.statuses(W47.id, team)
        assert {(name, practice): status for name, its in statuses.items() for practice, status in its.items()} == dict(
            zip(zip(found["repository"], found["practice"], strict=True), found["status"], strict=True)
        )
        every = reader.repositories(W47.id)
        of_team = every[every["repository"].isin(statuses)].reset_index(drop=True)
        shown = reader.standings(W47.id, team)
        assert shown[["repository", "next", "target"]].equals(of_team[["repository", "next", "target"]])
        assert set(reader.stages(W47.id, team)["repository"]) == set(statuses)
    assert set(reader.stages(W47.id, repository="acme/shop")["repository"]) == {"acme/shop"}


def test_what_the_targets_need(reader: Reader) -> None:
    assert reader.needed(W47.id) == {Stage.OBSERVING: 1, Stage.TESTING: 1}, "what does not apply is not needed"
    assert reader.needed(W47.id, "Shop") == reader.needed(W47.id)
    assert reader.needed(W47.id, UNOWNED) == {}


def test_a_trend_adds_up_over_teams(reader: Reader) -> None:
    every = reader.trend_of_stages()
    by_team = reader.trend_of_teams()
    for week in (W46, W47):
        for stage in (2, 3):
            [row] = every[(every["week"] == week.id) & (every["stage"] == stage)].itertuples()
            of_teams = by_team[(by_team["week"] == week.id) & (by_team["stage"] == stage)]
            assert (row.repositories, row.held, row.sure) == tuple(
                int(of_teams[c].sum()) for c in ("repositories", "held", "sure")
            )
    shop = reader.trend_of_stages("Shop")
    assert set(shop["repositories"]) == {0, 1}
    assert len(reader.trend_of_stages(UNOWNED)) == len(shop)
    assert reader.trend_of_stages("nobody").empty


def test_each_week_knows_the_rules_of_most_of_its_repositories(tmp_path: Path) -> None:
    save(tmp_path, W46.label, [look("acme/a", catalogue="rules-1"), look("acme/b", catalogue="rules-1")])
    save(
        tmp_path, W47.label, [look(f"acme/{name}", catalogue=f"rules-{rules}") for name, rules in (("a", 1), ("b", 2), ("c", 2))]
    )
    found = open_reader(tmp_path).rules()
    assert list(found.itertuples(index=False, name=None)) == [(W46.id, "rules-1"), (W47.id, "rules-2")]


def test_a_run_is_told_with_what_it_could_not_see(reader: Reader) -> None:
    run = reader.run(W47.id)
    assert run
    assert (run["started"], run["source"], run["catalogue"]) == (MOMENT.replace(tzinfo=None), "github", "rules-1")
    assert (run["repositories"], run["incomplete"]) == (1, ["acme/api could not be read."])
    assert reader.run(W47.id + 1) is None


def test_runs_of_one_week_add_up(tmp_path: Path) -> None:
    save(tmp_path, W46.label, [look("acme/a"), look("acme/b")], run=replace(RUN, incomplete=("c is corrupt.",)))
    later = MOMENT.replace(day=18)
    save(tmp_path, W46.label, [look("acme/d")], run=replace(RUN, started=later, finished=later, incomplete=("e is gone.",)))
    run = open_reader(tmp_path).run(W46.id)
    assert run
    assert (run["repositories"], run["incomplete"]) == (3, ["c is corrupt.", "e is gone."])
    assert (run["started"], run["finished"]) == (MOMENT.replace(tzinfo=None), later.replace(tzinfo=None))


def test_signals_come_back(tmp_path: Path) -> None:
    signals = (
        Signal(SignalKind.ACTIVITY, "commits", "12"),
        Signal(SignalKind.STEP, "run", "pytest", "ci.yml", 3, about=(("on", "push"), ("job", "test"))),
        Signal(SignalKind.DEPENDENCY, "pypi:pytest", "development", "pyproject.toml", 7),
    )
    save(tmp_path, W46.label, [look(signals=(*signals, signals[0]))])
    save(tmp_path, W47.label, [look(number=2, signals=signals[:2])])
    reader = open_reader(tmp_path)
    assert reader.signals(W46.id, "acme/shop") == signals
    assert reader.signals(W47.id, "acme/shop") == signals[:2]


def test_signals_of_many_come_back_together(tmp_path: Path) -> None:
    one, other = (Signal(SignalKind.FILE, "**/Dockerfile", path=path) for path in ("Dockerfile", "api/Dockerfile"))
    looks = [look(f"acme/r{number}", signals=(one, other)[:number]) for number in range(3)]
    save(tmp_path, W46.label, looks)
    found = open_reader(tmp_path).signals_of(W46.id, ["acme/r0", "acme/r2", "acme/nowhere"])
    assert found == {"acme/r2": (one, other)}


def test_a_practice_may_change_its_stage_and_the_past_keeps_the_old_one(tmp_path: Path) -> None:
    assessment, snapshot = look()
    save(tmp_path, W46.label, [(assessment, snapshot)])
    other = tuple(replace(finding, stage=Stage.SCALING, status=Status.PRESENT) for finding in assessment.findings)
    save(tmp_path, W47.label, [(replace(assessment, findings=other, catalogue="rules-2"), snapshot)])
    reader = open_reader(tmp_path)
    assert set(reader.findings(W46.id)["stage"]) == {2, 3}
    assert set(reader.findings(W47.id)["stage"]) == {6}
    assert set(reader.changes(W47.id, W46.id)["stage"]) == {6}


def test_an_open_generation_is_shared(tmp_path: Path) -> None:
    save(tmp_path, W46.label, [look()])
    first, second = open_reader(tmp_path), open_reader(tmp_path)
    assert first._connection is second._connection
    save(tmp_path, W47.label, [look()])
    third = open_reader(tmp_path)
    assert third.generation != first.generation == second.generation
    assert len(first.weeks()) == 1 and len(third.weeks()) == 2


def test_what_moved_is_found_whatever_order_the_rows_lie_in(tmp_path: Path) -> None:
    calm, moved = STATUSES, STATUSES | {"metrics": Status.PRESENT}
    save(tmp_path, W46.label, [look("acme/shop", 1, calm), look("acme/api", 1, calm), look("acme/lost", 1, calm)])
    # A repository that is new, one that is only in the week before, and one whose rows were written again, and so lie last.
    save(tmp_path, W47.label, [look("acme/api", 2, moved), look("acme/brand-new", 1, moved), look("acme/shop", 1, calm)])
    save(tmp_path, W47.label, [look("acme/api", 3, moved | {"unit-tests": Status.ABSENT})])
    reader = open_reader(tmp_path)
    forth, back = reader.changes(W47.id, W46.id), reader.changes(W46.id, W47.id)
    assert list(forth[["repository", "practice", "was", "now"]].itertuples(index=False, name=None)) == [
        ("acme/api", "metrics", "absent", "present"),
        ("acme/api", "unit-tests", "present", "absent"),
    ]
    assert set(back["repository"]) == {"acme/api"} and list(back["was"]) == ["present", "absent"]


def test_columns_keep_their_types_where_they_are_empty(reader: Reader) -> None:
    assert reader.changes(W47.id, W47.id).dtypes.astype(str)[["repository", "stage", "moves", "week", "committed_at"]].tolist() == [
        "str", "uint8", "int64", "int16", "datetime64[us]",
    ]  # fmt: skip
    frame = reader.changes(W47.id, W46.id)
    assert (bool(frame["week"].isna().all()), str(frame["week"].dtype), str(frame["cause"].dtype)) == (True, "Int16", "str")
