"""Whether workflows run: ids are listed where files changed, and remembered; how they do is asked for many repositories at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from collectors.github import Collected, Outcome, brought_up_to_date, settings, worth_asking_again
from collectors.github.settings import setting, unread
from collectors.github.workflows import workflow_files
from rungwise.model import Signal
from tests.collectors.github.stand_in import Flow, Reply, Repo, Request, Run, StandIn
from tests.repositories import MakeRepository

Collect = Callable[..., dict[str, Collected]]
CI = ".github/workflows/ci.yml"
NIGHTLY = ".github/workflows/nightly.yml"
TEXT = "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n"
FILES = {"main.py": "x = 1\n", CI: TEXT}
# The stand-in's clock begins on 2026-09-21.
PULLS = [Run(f"2026-09-16T00:00:{second:02}Z", "SUCCESS", "feature", "pull_request") for second in range(40, 0, -1)]
LATELY, LONG_AGO = "2026-09-15T00:00:00Z", "2026-05-02T00:00:00Z"


def names(found: Collected, *wanted: str) -> list[Signal]:
    return [signal for signal in found.settings if signal.name in wanted or signal.value in wanted]


ALIVE = (settings.WORKFLOW, settings.FAILING)


def ids(found: dict[str, Collected]) -> dict[str, dict[str, str]]:
    """What a database remembers of a collection."""
    return {
        one.id: {signal.value: signal.detail("path") for signal in one.settings if signal.name == settings.WORKFLOW_ID}
        for one in found.values()
    }


def heads(found: dict[str, Collected]) -> dict[str, str]:
    return {one.id: one.head for one in found.values() if one.head}


def query(name: str) -> Callable[[Request], bool]:
    return lambda request: request.kind == "graphql" and request.text == name


@pytest.fixture
def shop(github: StandIn, make_repository: MakeRepository) -> Repo:
    return github.add(
        Repo("acme/shop", make_repository({**FILES, NIGHTLY: TEXT}, "shop"), workflows={CI: Flow(), NIGHTLY: Flow()})
    )


def test_what_github_tells_of_a_workflow(shop: Repo, collected: Collect) -> None:
    shop.workflows[CI] = Flow([Run(LATELY, "FAILURE"), Run("2026-09-10T00:00:00Z", "FAILURE"), Run("2026-09-01T00:00:00Z")])
    shop.workflows[NIGHTLY] = Flow([Run(LONG_AGO)], "DISABLED_MANUALLY")
    found = names(collected()["acme/shop"], *ALIVE)
    assert found == [
        setting("workflow", CI, state="active", **{"last-run": "lately"}),
        setting("workflow", NIGHTLY, state="disabled-manually", **{"last-run": "2026-05-02"}),
        setting("workflow-failing", CI, since="2026-09-10"),
    ]


def test_one_that_never_ran_is_told_with_the_day_it_came(shop: Repo, collected: Collect) -> None:
    shop.workflows[CI] = Flow(created="2026-02-03T00:00:00Z")
    [one, _] = names(collected()["acme/shop"], *ALIVE)
    assert one == setting("workflow", CI, state="active", added="2026-02-03", **{"last-run": "never"})


@pytest.mark.parametrize(
    ("runs", "since"),
    [
        ([Run(LATELY), Run(LONG_AGO, "FAILURE")], ""),
        ([Run(LATELY, "CANCELLED"), Run(LONG_AGO, "TIMED_OUT"), Run("2026-05-01T00:00:00Z")], "2026-05-02"),
        ([Run(LATELY, None), Run(LONG_AGO, "STARTUP_FAILURE")], "2026-05-02"),
        ([Run(LATELY, "FAILURE", branch="feature")], ""),
        ([Run(LATELY, "FAILURE", event="pull_request")], ""),
        ([Run(LATELY, "FAILURE", branch=None, event="pull_request_target")], ""),
        ([Run(LATELY, branch="feature"), Run(LONG_AGO, "FAILURE", event="schedule")], "2026-05-02"),
        ([Run(LATELY, "SKIPPED"), Run(LATELY, "NEUTRAL")], ""),
        # More pull requests than runs are asked for.
        ([*PULLS, Run(LONG_AGO, "FAILURE")], "2026-05-02"),
        ([*PULLS, Run(LONG_AGO), Run("2026-05-01T00:00:00Z", "FAILURE")], ""),
        ([*PULLS, Run(LONG_AGO, "FAILURE", branch="feature")], ""),
    ],
)
def test_only_what_the_default_branch_ends_with_counts(shop: Repo, collected: Collect, runs: list[Run], since: str) -> None:
    shop.workflows[CI] = Flow(runs)
    found = names(collected()["acme/shop"], settings.FAILING)
    assert [signal.detail("since") for signal in found] == ([since] if since else [])


def test_an_unchanged_repository_costs_no_request_of_its_own(
    github: StandIn, make_repository: MakeRepository, collected: Collect
) -> None:
    for number in range(30):
        github.add(Repo(f"acme/r{number:02}", make_repository(FILES, f"r{number}"), workflows={CI: Flow([Run(LATELY)])}))
    first = collected()
    assert github.count("rest", "/actions/workflows") == 30
    github.requests.clear()
    for repo in github.repos[:2]:
        repo.workflows[CI] = Flow([Run(LONG_AGO)])
    again = collected(heads(first), known_workflows=ids(first))
    assert {one.outcome for one in again.values()} == {Outcome.UNCHANGED}
    assert github.count("rest", "/repos/") == 0
    assert github.count("graphql", "Workflows") == 2, "one for each page of 25"
    last = {name: [signal.detail("last-run") for signal in names(one, settings.WORKFLOW)] for name, one in again.items()}
    assert last == {f"acme/r{number:02}": ["2026-05-02" if number < 2 else "lately"] for number in range(30)}


def test_a_changed_repository_with_known_workflows_is_not_asked_for_its_list(
    github: StandIn, shop: Repo, collected: Collect
) -> None:
    first = collected()
    github.requests.clear()
    shop.workflows[CI] = Flow([Run(LONG_AGO)])
    [one] = collected({}, known_workflows=ids(first)).values()
    assert one.outcome is Outcome.LOOKED
    assert github.count("rest", "/actions/workflows") == 0
    assert setting("workflow", CI, state="active", **{"last-run": "2026-05-02"}) in one.settings
    assert [signal.value for signal in names(one, settings.WORKFLOWS)] == ["2"]


def test_a_repository_without_workflows_is_not_asked_about_them(
    github: StandIn, make_repository: MakeRepository, collected: Collect
) -> None:
    github.add(Repo("acme/plain", make_repository({"main.py": "x = 1\n", "docs/.github/workflows/x.yml": TEXT}, "plain")))
    [one] = collected().values()
    assert names(one, settings.WORKFLOWS, *ALIVE) == [setting("workflows", 0)]
    assert github.count("rest", "/actions/workflows") + github.count("graphql", "Workflows") == 0


def test_several_repositories_that_changed_are_asked_about_together(
    github: StandIn, make_repository: MakeRepository, collected: Collect
) -> None:
    for number in range(12):
        github.add(Repo(f"acme/r{number:02}", make_repository(FILES, f"r{number}"), workflows={CI: Flow([Run(LATELY)])}))
    found = collected()
    assert all(names(one, settings.WORKFLOW) for one in found.values())
    assert github.count("graphql", "Workflows") < 12


# What is not told


def test_without_the_permission_nothing_is_said_but_that(github: StandIn, shop: Repo, collected: Collect) -> None:
    github.lacking = {"actions:read"}
    [one] = collected().values()
    why = "needs actions:read"
    assert names(one, settings.WORKFLOWS, *ALIVE) == [unread(name, why) for name in (settings.WORKFLOWS, *ALIVE)]


def test_without_the_permission_for_results_the_runs_are_still_told(github: StandIn, shop: Repo, collected: Collect) -> None:
    shop.workflows = {CI: Flow([Run(LONG_AGO, "FAILURE")])}
    github.lacking = {"checks:read"}
    [one] = collected().values()
    assert names(one, *ALIVE) == [
        setting("workflow", CI, state="active", **{"last-run": "2026-05-02"}),
        unread(settings.FAILING, "needs checks:read"),
    ]


@pytest.mark.parametrize(
    "reply", [Reply(502, b"<html>", {"Content-Type": "text/html"}), Reply(200, {"data": None, "errors": [{"message": "no"}]})]
)
def test_what_it_did_not_answer_stands_as_it_was_with_its_age(
    github: StandIn, shop: Repo, collected: Collect, reply: Reply
) -> None:
    shop.workflows[CI] = Flow([Run(LONG_AGO, "FAILURE")])
    first = collected()
    last = first["acme/shop"].snapshot
    github.fail(query("Workflows"), reply, times=100)
    [one] = collected(heads(first), known_workflows=ids(first)).values()
    assert names(one, *ALIVE) == [unread(name, settings.NO_ANSWER) for name in ALIVE]
    now = brought_up_to_date(last, "2026-W30", one)
    assert now is not None
    found = {(signal.name, signal.value, signal.detail("as-of")) for signal in now.signals if signal.name in ALIVE}
    assert found == {
        ("workflow", CI, "2026-W30"),
        ("workflow", NIGHTLY, "2026-W30"),
        ("workflow-failing", CI, "2026-W30"),
    }
    silent = [signal.name for signal in now.signals if signal.detail("as-of")]
    assert not worth_asking_again(silent), "its files need not be fetched for that"
    assert worth_asking_again([settings.WORKFLOWS])
    remembered = {signal.value for signal in now.signals if signal.name == settings.WORKFLOW_ID}
    assert len(remembered) == 2


def test_a_workflow_that_is_gone_says_nothing(github: StandIn, shop: Repo, collected: Collect) -> None:
    first = collected()
    del shop.workflows[NIGHTLY]
    shop.workflows[CI] = Flow([Run(LATELY)], "DELETED")
    [one] = collected(heads(first), known_workflows=ids(first)).values()
    assert names(one, *ALIVE) == []


def test_a_query_that_is_too_much_is_divided(github: StandIn, shop: Repo, collected: Collect) -> None:
    limited = {"data": {"nodes": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Too much."}]}
    github.fail(query("Workflows"), Reply(200, limited))
    [one] = collected().values()
    assert [signal.value for signal in names(one, settings.WORKFLOW)] == [CI, NIGHTLY]


def test_environments_say_when_they_were_deployed_to(
    github: StandIn, make_repository: MakeRepository, collected: Collect
) -> None:
    told: dict[str, tuple[str, ...]] = {"production": (), "staging": (), "preview": ()}
    github.add(
        Repo(
            "acme/shop",
            make_repository(FILES, "shop"),
            environments=told,
            deployments={"production": LATELY, "staging": LONG_AGO},
        )
    )
    [one] = collected().values()
    found: dict[str, Any] = {signal.detail("environment"): signal.value for signal in names(one, settings.DEPLOYMENT)}
    assert found == {"production": "lately", "staging": "2026-05-02", "preview": "never"}
    github.lacking = {"deployments:read"}
    [one] = collected().values()
    assert names(one, settings.DEPLOYMENT) == [unread(settings.DEPLOYMENT, "needs deployments:read")]


def test_of_many_environments_it_is_said_that_not_all_were_asked_for(
    github: StandIn, make_repository: MakeRepository, collected: Collect
) -> None:
    repo = github.add(
        Repo("acme/shop", make_repository(FILES, "shop"), environments={f"pr-{number}": () for number in range(21)})
    )
    [one] = collected().values()
    told = names(one, "environments")
    assert told == [setting("environments", 21), unread("environments", "only 20 of them are asked for")]
    del repo.environments["pr-20"]
    [one] = collected().values()
    assert names(one, "environments") == [setting("environments", 20)]


def test_only_files_of_githubs_own_folder_are_workflows() -> None:
    paths = [
        CI,
        ".github/workflows/a/b.yml",
        ".github/workflows/README.md",
        "x/.github/workflows/c.yml",
        ".github/workflows/d.yaml",
    ]
    assert workflow_files(paths) == {CI, ".github/workflows/d.yaml"}
