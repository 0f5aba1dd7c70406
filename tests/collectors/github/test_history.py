"""A repository's past weeks from GitHub: fetched once, as far back as it takes, and nothing of today's settings in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pygit2
import pytest

from collectors.github import Client, Collected, Outcome, collect, find_organisation
from collectors.github.history import NO_RECORD, of_the_past
from collectors.github.settings import setting, unread
from collectors.local import Collector
from collectors.past import Timeline
from rungwise.model import Signal, SignalKind
from tests.collectors.github.conftest import wanted
from tests.collectors.github.stand_in import NOW, Reply, Repo, StandIn
from tests.repositories import commit_files

TODAY = datetime.fromtimestamp(NOW, UTC)
WEEK = timedelta(weeks=1)
MOMENTS = [TODAY - WEEK * back for back in (5, 4, 3, 2, 1)]


@pytest.fixture
def git(tmp_path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(tmp_path / "shop"), bare=True, initial_head="main")


def fill(git: pygit2.Repository, *weeks_ago: float) -> list[str]:
    """A commit at each of these times, with a file that tells the weeks and a blob of its own."""
    return [
        commit_files(git, {"app.js": f"app.listen({week})\n", "asset.bin": f"{week}"}, TODAY - WEEK * week) for week in weeks_ago
    ]


Looked = Callable[..., tuple[Collected, list[str | None]]]


@pytest.fixture
def looked(github: StandIn, client: Client, git: pygit2.Repository, tmp_path: Path) -> Looked:
    """A function that collects the one repository with its past, and tells at which commits it stood."""
    (tmp_path / "work").mkdir()

    def run(
        moments: Sequence[datetime] = MOMENTS, *, each: Callable[[Timeline], None] = lambda past: None, **about: object
    ) -> tuple[Collected, list[str | None]]:
        if not github.repos:
            github.add(Repo("acme/shop", Path(git.path), **about))  # type: ignore[arg-type]
        organisation = find_organisation(client, "acme")
        found = collect(client, organisation, Collector(wanted()), {}, tmp_path / "work", moments=lambda id_, name: moments)
        with closing(found):  # type: ignore[type-var]
            one = next(found)
            assert one.past and one.past.branch
            each(one.past)
            stood = [one.past.branch.at(moment) for moment in moments]
        assert list((tmp_path / "work").iterdir()) == [], "nothing of what was fetched may stay"
        return one, stood

    return run


def names(signals: Sequence[Signal], kind: SignalKind) -> set[str]:
    return {signal.name for signal in signals if signal.kind is kind}


def test_all_weeks_take_two_fetches(github: StandIn, git: pygit2.Repository, looked: Looked) -> None:
    # Enough commits that what lies before the clone's beginning cannot matter.
    fill(git, 180)
    commits = fill(git, *(number / 4 for number in range(480, 0, -1)))

    def each(past: Timeline) -> None:
        assert past.branch
        for moment in MOMENTS:
            commit = past.branch.at(moment)
            found = past.look(commit or "")
            assert found
            assert found.commit == commit
            assert not found.incomplete
            assert [signal.path for signal in found.signals if signal.name == "*.js"] in ([], ["app.js"])
            told = {signal.name: signal.value for signal in found.signals if signal.kind is SignalKind.ACTIVITY}
            assert "shallow" not in told
            assert "first-commit" not in told
            assert int(told["commits"]) > 400
        assert past.branch.since and TODAY - past.branch.since < WEEK * 125

    _, stood = looked(each=each)
    assert stood == [commits[-1 - back * 4] for back in (5, 4, 3, 2, 1)]
    assert github.count("git", "/git-upload-pack") == 2, "the commits and folders, and all blobs of all weeks at once"
    assert github.count("rest", "/activity") == 1


def test_a_quiet_branch_is_fetched_whole(github: StandIn, git: pygit2.Repository, looked: Looked) -> None:
    [old] = fill(git, 300)
    _, stood = looked()
    assert stood == [old] * 5


@pytest.mark.parametrize("later", [(2.5,), tuple(number / 100 for number in range(450, 0, -1))])
def test_what_lies_before_the_clones_beginning_is_fetched_where_it_matters(
    git: pygit2.Repository, looked: Looked, later: tuple[float, ...]
) -> None:
    """Three old commits, and then nothing until one week of the five: the earlier weeks stood at the old ones."""
    *_, old = fill(git, 400, 350, 300)
    fill(git, *later)

    def each(past: Timeline) -> None:
        found = past.look(old)
        assert found
        assert ("commits", "3") in {(signal.name, signal.value) for signal in found.signals}

    _, stood = looked(each=each)
    assert stood[0] == old


def test_the_activity_feed_goes_before_the_dates(git: pygit2.Repository, looked: Looked) -> None:
    first, second, third = fill(git, 20, 4.5, 0.5)
    moves = [
        (f"{TODAY - WEEK * 0.4:%Y-%m-%dT%H:%M:%SZ}", second, third),
        (f"{TODAY - WEEK * 2.5:%Y-%m-%dT%H:%M:%SZ}", first, second),
    ]
    one, stood = looked(moves=moves)
    assert stood == [first, first, first, second, second], "pushed two weeks after it was committed"
    assert one.outcome is Outcome.LOOKED


def test_what_a_forced_push_left_behind_is_fetched(github: StandIn, git: pygit2.Repository, looked: Looked) -> None:
    first, left = fill(git, 20, 3.5)
    git.references["refs/heads/main"].set_target(first)
    git.references.create("refs/pull/1/head", left)
    [head] = fill(git, 0.5)
    moves = [
        (f"{TODAY - WEEK * 0.4:%Y-%m-%dT%H:%M:%SZ}", left, head),
        (f"{TODAY - WEEK * 3.4:%Y-%m-%dT%H:%M:%SZ}", first, left),
    ]
    _, stood = looked(moves=moves)
    assert stood == [first, first, left, left, left]


def test_a_commit_that_is_lost_leaves_the_dates(git: pygit2.Repository, looked: Looked) -> None:
    first, head = fill(git, 20, 0.5)
    moves = [
        (f"{TODAY - WEEK * 0.4:%Y-%m-%dT%H:%M:%SZ}", "1" * 40, head),
        (f"{TODAY - WEEK * 3.4:%Y-%m-%dT%H:%M:%SZ}", first, "1" * 40),
    ]
    _, stood = looked(moves=moves)
    assert stood == [first] * 5


@pytest.mark.parametrize("moves", [None, [], [("2026-09-01T00:00:00Z", "0" * 40, "2" * 40)]])
def test_a_feed_that_tells_nothing_leaves_the_dates(git: pygit2.Repository, looked: Looked, moves: object) -> None:
    commits = fill(git, 4.5, 3.5, 2.5, 1.5)
    _, stood = looked(moves=moves)
    assert stood == [None, *commits]


def test_a_feed_of_many_pages_is_read_as_far_as_it_matters(github: StandIn, git: pygit2.Repository, looked: Looked) -> None:
    commits = fill(git, *(number / 50 for number in range(400, 0, -1)))
    pairs = list(pairwise(commits))
    moves = [
        (f"{TODAY - WEEK * ((399 - number) / 50):%Y-%m-%dT%H:%M:%SZ}", before, after)
        for number, (before, after) in enumerate(pairs)
    ]
    _, stood = looked(moves=moves[::-1])
    assert github.count("rest", "/activity") == 3
    assert stood[-1] == next(after for when, _, after in moves[::-1] if when < f"{MOMENTS[-1]:%Y-%m-%dT%H:%M:%SZ}")


def test_a_week_that_cannot_be_fetched_any_more_is_none(github: StandIn, git: pygit2.Repository, looked: Looked) -> None:
    fill(git, *(number / 10 for number in range(60, 0, -1)))
    between = str(pygit2.Repository(git.path).revparse_single("main~15").id)

    def each(past: Timeline) -> None:
        github.fail(lambda request: request.kind == "git", Reply(404, b"gone", {"Content-Type": "text/plain"}), times=9)
        assert past.look(between) is None

    looked(each=each)


def test_nothing_of_todays_settings_is_known_of_the_past(git: pygit2.Repository, looked: Looked) -> None:
    fill(git, 20, 1.5)
    security = {"secret_scanning": "enabled", "secret_scanning_push_protection": "enabled"}

    def each(past: Timeline) -> None:
        assert past.branch
        then = past.look(past.branch.at(MOMENTS[-1]) or "")
        assert then
        assert names(then.signals, SignalKind.SETTING) == {"id", "default-branch"}
        unknown = {signal.value for signal in then.signals if signal.kind is SignalKind.UNREADABLE and signal.name == NO_RECORD}
        assert {
            "default-branch-rulesets", "default-branch-classic-protection", "environments", "secret-scanning", "dependabot-alerts",
            "secret-scanning-push-protection", "visibility", "approved-changes",
        } <= unknown  # fmt: skip
        today = names(past.now.signals, SignalKind.SETTING)
        assert {"secret-scanning-push-protection", "environment", "default-branch-force-pushes"} <= today

    looked(
        each=each,
        security=security,
        alerts=True,
        rules=[{"type": "NON_FAST_FORWARD", "parameters": None}],
        environments={"production": ("REQUIRED_REVIEWERS",)},
        pulls=[("ada", ("bob",))] * 3,
    )


def test_what_is_unknown_goes_by_the_name_of_what_could_not_be_seen() -> None:
    now = [
        setting("id", "R_1"), setting("fork", "true"), setting("default-branch-approvals", 2), setting("environment", "production"),
        unread("dependabot-alerts", "needs administration:read"), unread("activity", "GitHub did not answer"),
        Signal(SignalKind.ACTIVITY, "merged-changes", "3"), Signal(SignalKind.FILE, "*.js", "", "a.js"),
    ]  # fmt: skip
    assert {(signal.kind.value, signal.name, signal.value) for signal in of_the_past(now)} == {
        ("setting", "id", "R_1"),
        ("setting", "fork", "true"),
        *(
            ("unreadable", NO_RECORD, name)
            for name in ("default-branch-rulesets", "default-branch-classic-protection", "environments", "dependabot-alerts", "approved-changes")
        ),
    }  # fmt: skip
