"""Every fault that GitHub is known for, met by a whole collection.

One week goes well. In the next one things have changed, and something breaks. Then nothing may be worse than before but for what is said to be
unknown, every repository has one answer for each week, and once the fault is over another run ends as if it had never been.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pandas as pd
import pygit2
import pytest

from collectors.github import Client
from rungwise.__main__ import BAD_INPUT, DONE, INCOMPLETE, main
from rungwise.store import open_reader
from tests.collectors.github.databases import same
from tests.collectors.github.stand_in import NOW, FakeClock, Reply, Repo, Request, StandIn
from tests.repositories import START, commit_files

FIRST, SECOND = datetime(2026, 9, 16, 12, tzinfo=UTC), datetime(2026, 9, 23, 12, tzinfo=UTC)
SERVICE = {
    ".gitignore": "node_modules\n",
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    "Dockerfile": "FROM node:22\n",
    ".github/workflows/ci.yml": "on: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n",
    ".github/workflows/deploy.yml": "on: {push: {branches: [main]}}\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    environment: production\n    steps:\n      - run: flyctl deploy --remote-only\n",
    "test/app.test.js": "const test = require('node:test')\ntest('adds', () => {})\n",
}
RULES: list[dict[str, Any]] = [
    {"type": "NON_FAST_FORWARD", "parameters": None},
    {"type": "DELETION", "parameters": None},
    {
        "type": "REQUIRED_STATUS_CHECKS",
        "parameters": {"__typename": "RequiredStatusChecksParameters", "requiredStatusChecks": [{"context": "test"}]},
    },
]
CLASSIC = {
    "allowsForcePushes": False, "allowsDeletions": False, "requiresApprovingReviews": True, "requiredApprovingReviewCount": 1,
    "requiresCodeOwnerReviews": False, "requiresStatusChecks": True, "requiredStatusCheckContexts": ["test"],
}  # fmt: skip
SECURITY = {"secret_scanning": "enabled", "secret_scanning_push_protection": "enabled", "dependabot_security_updates": "enabled"}
GUARDED: dict[str, Any] = {
    "security": SECURITY,
    "alerts": True,
    "default_setup": "configured",
    "environments": {"production": ("REQUIRED_REVIEWERS",)},
    "pulls": [("ada", ("bob",))] * 20,
    "topics": ("shop",),
}


def serve(folder: Path, name: str, files: dict[str, str | bytes], days: int = 12) -> Path:
    path = folder / name
    git = pygit2.init_repository(str(path), bare=True, initial_head="main")
    for number in range(days):
        content = files if number == days - 1 else {"README.md": f"{number}"}
        commit_files(git, content, START + timedelta(days=number), f"Dev{number % 2}")
    return path


@dataclass
class World:
    """An organisation, collected once, that has gone on since."""

    github: StandIn
    clock: FakeClock
    first: Path
    undisturbed: Path


@dataclass
class Time:
    """What the command takes for now."""

    now: datetime = FIRST
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    def install(self) -> None:
        moment = self

        class Now(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return moment.now

        self.patch.setattr("rungwise.__main__.datetime", Now)


def collect(database: Path, *more: str) -> int:
    return main(["collect", "github", "acme", "--database", str(database), *more])


@pytest.fixture(scope="module")
def now() -> Iterator[Time]:
    time = Time()
    time.install()
    yield time
    time.patch.undo()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, now: Time) -> Iterator[World]:
    folder, clock = tmp_path_factory.mktemp("world"), FakeClock()
    github = StandIn(folder / "served", clock)
    for name, settings in {
        "shop": {"rules": RULES, "classic": CLASSIC, "teams": {"shop-team": "ADMIN"}, **GUARDED},
        "site": {"rules": RULES, "visibility": "PUBLIC", **GUARDED},
        "api": {"classic": CLASSIC, **GUARDED},
        "old": {"flags": frozenset({"ARCHIVED"}), **GUARDED},
    }.items():
        github.add(Repo(f"acme/{name}", serve(folder, name, {**SERVICE}), **settings))
    now.patch.setattr("collectors.github.client.SystemClock", lambda: clock)
    with github.running():
        for name, value in github.environment.items():
            now.patch.setenv(name, value)
        now.now = FIRST
        assert collect(folder / "first") == DONE
        # Since then two of them have changed, and there is a new one.
        for repo in github.repos[:2]:
            commit_files(repo.repository, {**SERVICE, "b.js": "1\n"}, START + timedelta(days=30), "Dev1")
        github.add(Repo("acme/young", serve(folder, "young", {**SERVICE}), **GUARDED))
        now.now = SECOND
        shutil.copytree(folder / "first", folder / "undisturbed")
        assert collect(folder / "undisturbed") == DONE
        yield World(github, clock, folder / "first", folder / "undisturbed")


@pytest.fixture
def database(world: World, now: Time, tmp_path: Path) -> Iterator[Path]:
    """The database after the first week, in the second one."""
    shutil.copytree(world.first, tmp_path / "db")
    world.github.faults.clear()
    world.github.requests.clear()
    world.github.left = {"core": 5000, "graphql": 5000}
    world.clock.slept.clear()
    now.now = SECOND
    yield tmp_path / "db"
    world.github.faults.clear()


RANK = {"absent": 0, "not_seen": 0, "partial": 1, "present": 2, "attested": 2}


def nothing_fell(database: Path, first: Path) -> None:
    """No status is worse than in the first week, but for those that are said to be unknown, and none is there twice."""
    reader = open_reader(database)
    weeks = reader.weeks()
    assert [week.label for week in weeks] in (["2026-W39", "2026-W38"], ["2026-W38"])
    before = open_reader(first)
    was = before.findings(before.weeks()[0].id).set_index(["repository", "practice"])
    now = reader.findings(weeks[0].id).set_index(["repository", "practice"])
    assert now.index.is_unique
    assert set(was.index) <= set(now.index)
    for key, row in was.iterrows():
        status, reason = now.loc[key, "status"], now.loc[key, "reason"]
        if status == "unknown":
            assert reason, key
        elif row["status"] in RANK:
            assert RANK.get(status, -1) >= RANK[row["status"]], (key, row["status"], status, reason)
        elif row["status"] == "unknown":
            assert status != "absent", key
    for week in weeks:
        assert reader.repositories(week.id)["repository"].is_unique
    if len(weeks) == 2:
        same_week = reader.findings(weeks[1].id)
        pd.testing.assert_frame_equal(same_week, before.findings(weeks[1].id))


# The faults


def rest(text: str) -> Callable[[Request], bool]:
    return lambda request: request.kind == "rest" and text in request.text and request.text != "/rate_limit"


def query(name: str) -> Callable[[Request], bool]:
    return lambda request: request.kind == "graphql" and request.text == name


def git(name: str) -> Callable[[Request], bool]:
    return lambda request: request.kind == "git" and f"/{name}.git" in request.text


PLACES = {
    "listing": query("Repositories"),
    "details": query("Details"),
    "teams": query("Teams"),
    "security": rest("/orgs/acme/repos"),
    "one repository": rest("default-setup"),
}
HTML = {"Content-Type": "text/html"}
PASSING = {
    "secondary limit with Retry-After": Reply(
        403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "17"}
    ),
    "secondary limit without": Reply(403, {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}),
    "429": Reply(429, {"message": "Too many requests"}, {"Retry-After": "3"}),
    "primary limit": Reply(
        403,
        {"message": "API rate limit exceeded"},
        {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW + 10**6))},
    ),
    "500": Reply(500, {"message": "Server Error"}),
    "502 in HTML": Reply(502, b"<html>Unicorn!</html>", HTML),
    "503 in HTML": Reply(503, b"<html>Busy</html>", HTML),
    "cut JSON": Reply(200, b'{"data": {"organization": {"repos'),
    "cut connection": Reply(200, b'{"data": {}}', cut=100),
}


@pytest.mark.parametrize(
    ("place", "fault"),
    [*(("listing", fault) for fault in PASSING), *((place, "502 in HTML") for place in PLACES if place != "listing")],
)
def test_what_passes_leaves_no_trace(world: World, database: Path, place: str, fault: str) -> None:
    reply = PASSING[fault]
    if fault == "primary limit":
        told = {**reply.headers, "X-RateLimit-Reset": str(int(world.clock.now() + 600))}
        reply = Reply(reply.status, reply.body, told)
    world.github.fail(PLACES[place], reply)
    assert collect(database) == DONE
    assert all(fault_.times == 0 for fault_ in world.github.faults), "the fault was never met"
    same(database, world.undisturbed)


LASTING = {
    "500": Reply(500, {"message": "Server Error"}),
    "502 in HTML": Reply(502, b"<html>Unicorn!</html>", HTML),
    "no permission": Reply(403, {"message": "Resource not accessible by personal access token"}),
    "single sign-on": Reply(
        403,
        {"message": "Resource protected by organization SAML enforcement."},
        {"X-GitHub-SSO": "required; url=https://github.com/x"},
    ),
    "addresses": Reply(403, {"message": "the `acme` organization has an IP allow list enabled"}),
    "revoked": Reply(401, {"message": "Bad credentials"}),
    "cut connection": Reply(200, b'{"data": {}}', cut=100),
    "cut JSON": Reply(200, b'[{"id": 1'),
    "empty": Reply(200, {"data": None}),
    "an error and no data": Reply(
        200, {"data": None, "errors": [{"message": "Something went wrong while executing your query."}]}
    ),
    "limited with status 200": Reply(200, {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}),
}
ENDED = ("single sign-on", "addresses", "revoked")


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        *(("details", fault) for fault in LASTING),
        *(("security", fault) for fault in ("500", "no permission", "revoked", "cut connection", "empty")),
        *(("listing", fault) for fault in ("502 in HTML", "addresses", "an error and no data")),
        *(("teams", fault) for fault in ("500", "no permission", "empty")),
        *(("one repository", fault) for fault in ("500", "single sign-on", "cut connection", "empty")),
    ],
)
def test_what_lasts_lets_no_finding_fall_and_is_over_once_it_is_over(
    world: World, database: Path, place: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world.github.fail(PLACES[place], LASTING[fault], times=10**6)
    status = collect(database)
    printed = capsys.readouterr().err
    assert status in ((INCOMPLETE, BAD_INPUT) if fault in ENDED or place == "listing" else (DONE, INCOMPLETE))
    assert "Traceback" not in printed
    assert bool(printed) == (status != DONE) or "Waiting" in printed
    nothing_fell(database, world.first)
    world.github.faults.clear()
    assert collect(database) == DONE
    same(database, world.undisturbed)


def test_a_permission_that_was_lost_is_said_and_the_last_answer_stands_with_its_age(world: World, database: Path) -> None:
    world.github.lacking = {"administration:read", "actions:read", "members:read", "pull_requests:read"}
    try:
        assert collect(database) == DONE
    finally:
        world.github.lacking = set()
    nothing_fell(database, world.first)
    reader = open_reader(database)
    week = reader.weeks()[0].id
    assert {"needs administration:read", "needs actions:read"} <= set(reader.unread_settings(week)["reason"])
    notes = reader.repositories(week).set_index("repository")["notes"]["acme/shop"]
    assert any("asks for actions:read" in note and "environment" in note and "2026-W38 stands" in note for note in notes)
    young = reader.findings(week, "acme/young").set_index("practice")["status"]
    assert "absent" not in set(young[["required-review", "secret-scanning", "vulnerability-alerts"]])


# One repository among the others


def one_of_them() -> list[tuple[str, Reply, int]]:
    return [
        ("git answers 500", Reply(500, b"no", {"Content-Type": "text/plain"}), 10**6),
        (
            "git is cut",
            Reply(200, b"001e# service", {"Content-Type": "application/x-git-upload-pack-advertisement"}, cut=50),
            10**6,
        ),
        ("git asks for another token", Reply(401, None, {"WWW-Authenticate": 'Basic realm="GitHub"'}), 10**6),
        ("git answers 429", Reply(429, b"slow down", {"Content-Type": "text/plain"}), 10**6),
    ]


@pytest.mark.parametrize(("reply", "times"), [case[1:] for case in one_of_them()], ids=[case[0] for case in one_of_them()])
def test_a_repository_that_cannot_be_fetched_is_named_and_keeps_its_last_answer(
    world: World, database: Path, reply: Reply, times: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("shop", "young"):
        world.github.fail(git(name), reply, times=times)
    assert collect(database) == INCOMPLETE
    printed = capsys.readouterr().err
    assert "acme/shop was left out, its last known answer stands" in printed
    assert "acme/young was left out: " in printed
    nothing_fell(database, world.first)
    reader = open_reader(database)
    rows = reader.repositories(reader.weeks()[0].id).set_index("repository")
    assert rows.loc["acme/shop", "as_of"] == reader.weeks()[1].id, "the age of the answer"
    assert rows.loc["acme/young", "kind"] == "EMPTY"
    assert "could not be fetched" in rows.loc["acme/young", "notes"][0]
    assert not rows.loc["acme/young", "of"], "nothing is asked of what could not be looked at"
    world.github.faults.clear()
    assert collect(database) == DONE
    same(database, world.undisturbed)


def test_git_that_fails_once_is_tried_again(world: World, database: Path) -> None:
    world.github.fail(git("shop"), Reply(502, b"no", {"Content-Type": "text/plain"}))
    assert collect(database) == DONE
    same(database, world.undisturbed)


def test_one_repository_of_which_nothing_comes_back_leaves_the_others_alone(
    world: World, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GraphQL answers with nothing in a list where something in it could not be had."""
    told = StandIn.graphql

    def without_one(github: StandIn, text: str, variables: dict[str, Any]) -> tuple[dict[str, Any], int]:
        answer, cost = told(github, text, variables)
        if "query Repositories" in text:
            answer["data"]["organization"]["repositories"]["nodes"][0] = None
            answer["errors"] = [
                {
                    "type": "INTERNAL",
                    "message": "Something went wrong",
                    "path": ["organization", "repositories", "nodes", 0, "diskUsage"],
                }
            ]
        return answer, cost

    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "graphql", without_one)
        assert collect(database) == INCOMPLETE
    nothing_fell(database, world.first)
    assert collect(database) == DONE
    same(database, world.undisturbed)


@pytest.mark.parametrize("how", ["drips", "is silent"])
def test_a_slow_answer_is_not_waited_for_without_end(
    world: World, database: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Client.from_environment
    monkeypatch.setattr(
        "rungwise.__main__.Client.from_environment",
        lambda environment, **options: made(environment, read=0.3, body=0.5, **options),
    )
    reply = Reply(200, b"[" + b" " * 80 + b"]", drip=0.02) if how == "drips" else Reply(200, b"[]", drip=1.0, cut=10)
    world.github.fail(PLACES["security"], reply, times=5)
    assert collect(database) == DONE
    nothing_fell(database, world.first)
    assert collect(database) == DONE
    same(database, world.undisturbed)


def test_what_a_killed_token_had_collected_is_kept(
    world: World, database: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The token is revoked in the middle: what came before is stored, the rest keeps its last answer, and the next run goes on from there."""
    monkeypatch.setattr("rungwise.__main__.BATCH", 3)
    world.github.fail(
        lambda request: request.kind == "rest" and "young" in request.text, Reply(401, {"message": "Bad credentials"}), times=10
    )
    assert collect(database) == INCOMPLETE
    assert "stopped accepting the token" in capsys.readouterr().err
    nothing_fell(database, world.first)
    reader = open_reader(database)
    assert any("stopped accepting" in sentence for sentence in (reader.run(reader.weeks()[0].id) or {})["incomplete"])
    fetched = {request.text for request in world.github.requests if request.kind == "git" and "shop" in request.text}
    assert fetched
    world.github.faults.clear()
    world.github.requests.clear()
    assert collect(database) == DONE
    assert not world.github.count("git", "shop"), "it was finished before"
    same(database, world.undisturbed)
