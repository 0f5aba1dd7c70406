"""A workflow that does not work for anybody makes what rests on it partial, with the reason; never absent, and never on what was not told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rungwise.assess import assess, on_another_day, parts
from rungwise.catalogue import load
from rungwise.model import Finding, Signal, SignalKind, Snapshot, Status
from tests.repositories import Files

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CI = ".github/workflows/ci.yml"
TESTS = "on: [push, pull_request]\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"
SHOP: Files = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n[dependency-groups]\ndev = ["pytest"]\n',
    "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "tests/test_main.py": "def test_it():\n    assert 1\n",
    "Dockerfile": "FROM python:3.13\n",
    CI: TESTS,
}
DEPLOY = "on: {push: {branches: [main]}}\njobs:\n  d:\n    runs-on: ubuntu-latest\n    environment: staging\n    steps:\n      - run: flyctl deploy\n"


def setting(name: str, value: str, **about: str) -> Signal:
    return Signal(SignalKind.SETTING, name, value, about=tuple((key.replace("_", "-"), text) for key, text in about.items()))


def workflow(**about: str) -> Signal:
    return setting("workflow", CI, **{"state": "active", **about})


Look = Callable[..., Snapshot]


def judged(snapshot: Snapshot, *told: Signal, practice: str = "ci-tests", as_of: datetime = NOW) -> Finding:
    snapshot = replace(snapshot, signals=(*snapshot.signals, *told))
    findings = assess(snapshot, load(), as_of=as_of).findings
    return next(finding for finding in findings if finding.practice == practice)


RESTING = [
    ({"state": "disabled-manually"}, "but the workflow ci.yml was disabled by hand."),
    ({"state": "disabled-inactivity"}, "nothing had happened in the repository for 60 days"),
    ({"last_run": "2026-08-01"}, "has not run since 2026-08-01"),
    ({"last_run": "never", "added": "2026-01-05"}, "has not run once, though it is there since 2026-01-05"),
]
WORKING = [
    {},
    {"last_run": "lately"},
    {"last_run": "2026-08-29"},
    {"last_run": "never", "added": "2026-11-20"},
    {"last_run": "never"},
]


@pytest.mark.parametrize(("about", "says"), RESTING, ids=[says for _, says in RESTING])
def test_a_workflow_that_does_not_work_makes_its_practice_partial(look: Look, about: dict[str, str], says: str) -> None:
    snapshot = look(SHOP)
    assert judged(snapshot).status is Status.PRESENT
    found = judged(snapshot, workflow(**about))
    assert found.status is Status.PARTIAL
    assert says in found.reason
    assert [evidence.path for evidence in found.evidence] == [CI], "where it is seen stays"


@pytest.mark.parametrize("about", WORKING, ids=str)
def test_what_works_or_may_work_stays_present(look: Look, about: dict[str, str]) -> None:
    snapshot = look(SHOP)
    assert judged(snapshot, workflow(**about)) == judged(snapshot)


@pytest.mark.parametrize(("since", "status"), [("2026-11-20", Status.PARTIAL), ("2026-11-21", Status.PRESENT)])
def test_a_default_branch_that_has_been_red_for_a_week_counts_as_not_working(look: Look, since: str, status: Status) -> None:
    found = judged(look(SHOP), workflow(last_run="lately"), setting("workflow-failing", CI, since=since))
    assert found.status is status
    assert (f"has been failing on the default branch since {since}" in found.reason) is (status is Status.PARTIAL)


def test_another_workflow_that_works_is_enough(look: Look) -> None:
    snapshot = look({**SHOP, ".github/workflows/nightly.yml": TESTS})
    found = judged(snapshot, workflow(state="disabled-manually"))
    assert found.status is Status.PRESENT
    assert [evidence.path for evidence in found.evidence] == [".github/workflows/nightly.yml"]


def test_nothing_else_moves(look: Look) -> None:
    snapshot = look(SHOP)
    before = {one.practice: one.status for one in assess(snapshot, load(), as_of=NOW).findings}
    told = replace(snapshot, signals=(*snapshot.signals, workflow(state="disabled-manually")))
    after = {one.practice: one.status for one in assess(told, load(), as_of=NOW).findings}
    moved = {practice: (before[practice], after[practice]) for practice in before if before[practice] is not after[practice]}
    assert moved
    assert set(moved.values()) == {(Status.PRESENT, Status.PARTIAL)}


def test_steps_of_another_system_do_not_rest(look: Look) -> None:
    snapshot = look(
        {**{path: text for path, text in SHOP.items() if path != CI}, ".gitlab-ci.yml": "test:\n  script: [pytest]\n"}
    )
    assert judged(snapshot).status is Status.PRESENT
    assert judged(snapshot, setting("workflow", ".gitlab-ci.yml", state="disabled-manually")).status is Status.PRESENT


def test_a_workflow_that_others_call_has_no_runs_of_its_own(look: Look) -> None:
    snapshot = look({**SHOP, CI: TESTS.replace("[push, pull_request]", "workflow_call")})
    quiet, plain = judged(snapshot, workflow(last_run="never", added="2020-01-01")), judged(snapshot)
    assert (quiet.status, quiet.reason) == (plain.status, plain.reason)


def test_an_answer_of_an_earlier_week_is_judged_by_that_week(look: Look) -> None:
    told = workflow(last_run="2026-08-01", as_of="2026-W40")
    assert judged(look(SHOP), told).status is Status.PRESENT, "it was told in October, when the last run was two months ago"


def test_an_archived_repository_is_not_expected_to_run(look: Look) -> None:
    assert judged(look(SHOP), workflow(last_run="2020-01-01"), setting("archived", "true")).status is Status.PRESENT


ENVIRONMENTS = [
    ("2026-02-03", "nothing was deployed to the environment staging since 2026-02-03"),
    ("never", "nothing was ever deployed to the environment staging"),
    ("lately", ""),
    ("2026-10-01", ""),
]


@pytest.mark.parametrize(("last", "says"), ENVIRONMENTS)
def test_an_environment_that_nobody_deploys_to_is_no_staging(look: Look, last: str, says: str) -> None:
    snapshot = look({**SHOP, ".github/workflows/deploy.yml": DEPLOY, "fly.toml": 'app = "shop"'})
    assert judged(snapshot, practice="staging-environment").status is Status.PRESENT
    found = judged(snapshot, setting("last-deployment", last, environment="Staging"), practice="staging-environment")
    assert found.status is (Status.PARTIAL if says else Status.PRESENT)
    assert says.lower() in found.reason.lower()


def test_a_part_is_judged_on_the_same_day(look: Look) -> None:
    image = {"Dockerfile": "FROM python:3.13\n", "main.py": "from fastapi import FastAPI\napp = FastAPI()\n"}
    twice = {
        f"{part}/{name}": text for part in ("one", "two") for name, text in {**SHOP, **image}.items() if not name.startswith(".")
    }
    snapshot = look({**twice, CI: TESTS})
    snapshot = replace(snapshot, signals=(*snapshot.signals, workflow(last_run="2026-08-01")))
    for day, status in ((NOW, Status.PARTIAL), (datetime(2026, 9, 1, tzinfo=UTC), Status.PRESENT)):
        judged_ = assess(snapshot, load(), as_of=day)
        found = parts(snapshot, judged_, load(), as_of=day)
        assert len(found) == 2
        assert {one.status for part in found for one in part.findings if one.practice == "ci-tests"} == {status}


def test_a_day_can_make_the_difference(look: Look) -> None:
    snapshot = look(SHOP)
    snapshot = replace(snapshot, signals=(*snapshot.signals, workflow(last_run="2026-08-01")))
    early, late = datetime(2026, 9, 1, tzinfo=UTC), NOW
    before = assess(snapshot, load(), as_of=early)
    assert on_another_day(before, snapshot, load(), late) == assess(snapshot, load(), as_of=late)
