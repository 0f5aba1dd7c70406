"""The permission map: what was not to be seen, what it takes, what hangs on it."""

from __future__ import annotations

from collections import namedtuple

from collectors.github import queries
from rungwise.catalogue import load
from rungwise.permissions import TAKES, TELLS, judged_by, unread

Row = namedtuple("Row", "setting reason repositories names")


def test_a_missing_permission_is_named_with_what_hangs_on_it() -> None:
    [one] = unread([Row("secret-scanning-push-protection", "needs administration:read", 3, ["acme/a"])], load())
    assert (one.permission, one.repositories, one.names) == ("administration:read", 3, ("acme/a",))
    assert "secret-scanning" in one.practices


def test_where_no_permission_would_help_the_reason_stands() -> None:
    [one] = unread([Row("environments", "not offered by this GitHub", 1, [])], load())
    assert (one.permission, one.why) == ("", "not offered by this GitHub")


def test_the_widest_gap_comes_first() -> None:
    rows = [Row("environments", "needs actions:read", 1, []), Row("team", "needs members:read", 9, [])]
    assert [one.setting for one in unread(rows, load())] == ["team", "environments"]


def test_both_sources_of_branch_rules_lead_to_the_same_practices() -> None:
    practices = judged_by("default-branch-rulesets", load())
    assert practices == judged_by("default-branch-classic-protection", load())
    assert "branch-protection" in practices
    assert judged_by("no-such-setting", load()) == ()


def test_whether_workflows_run_concerns_the_practices_that_steps_show() -> None:
    assert "ci-tests" in judged_by("workflow", load())
    assert "required-review" not in judged_by("workflow-failing", load())


PARTS = {
    "classic": "default-branch-classic-protection",
    "rules": "default-branch-rulesets",
    "alerts": "dependabot-alerts",
    "topics": "topic",
    "deployments": "last-deployment",
    "reviews": "approved-changes",
    "codeowners": "codeowners-errors",
    "results": "workflow-failing",
    "runs": "workflow",
}


def test_the_map_names_the_permission_that_is_asked_for() -> None:
    parts = [*queries.LISTING.values(), *queries.DETAIL.values(), *queries.WORKFLOW.values()]
    assert {PARTS.get(part.name, part.name): part.needs for part in parts}.items() <= TAKES.items()
    assert TAKES.keys() <= TELLS.keys()
