"""What GitHub tells, as signals; what it does not tell is never taken for a no."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from collectors.github import settings
from collectors.github.settings import Protection, about_branch, completed, protected, setting, unread
from rungwise.model import Signal, SignalKind

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)

CLASSIC: dict[str, Any] = {
    "allowsForcePushes": False, "allowsDeletions": False, "requiresApprovingReviews": True, "requiredApprovingReviewCount": 2,
    "requiresCodeOwnerReviews": True, "requiresStatusChecks": True, "requiredStatusCheckContexts": ["ci", "lint"],
}  # fmt: skip
RULES: list[dict[str, Any]] = [
    {"type": "NON_FAST_FORWARD", "parameters": None},
    {"type": "PULL_REQUEST", "parameters": {"requiredApprovingReviewCount": 1, "requireCodeOwnerReview": False}},
    {"type": "REQUIRED_STATUS_CHECKS", "parameters": {"requiredStatusChecks": [{"context": "ci"}]}},
]


def told(signals: list[Signal] | tuple[Signal, ...]) -> dict[str, str]:
    return {signal.name: signal.value for signal in signals if signal.kind is SignalKind.SETTING}


def untold(signals: list[Signal] | tuple[Signal, ...]) -> dict[str, str]:
    return {signal.value: signal.name for signal in signals if signal.kind is SignalKind.UNREADABLE}


def branch(rulesets: Protection | str, classic: Protection | str) -> dict[str, str]:
    return {name.removeprefix("default-branch-"): value for name, value in told(about_branch("main", rulesets, classic)).items()}


NONE = Protection("classic")


def test_rules_of_both_kinds_come_together() -> None:
    rulesets = settings.rulesets_in({"defaultBranchRef": {"rules": {"nodes": RULES}}}, {})
    assert isinstance(rulesets, Protection)
    found = branch(rulesets, settings.from_classic(CLASSIC))
    assert found == {
        "default-branch": "main", "force-pushes": "forbidden", "deletion": "forbidden", "pull-request": "required", "approvals": "2",
        "code-owners": "required", "status-checks": "2",
    }  # fmt: skip
    by = {signal.name: signal.detail("by") for signal in about_branch("main", rulesets, settings.from_classic(CLASSIC))}
    assert by["default-branch-force-pushes"] == "ruleset classic"
    assert by["default-branch-deletion"] == "classic"


def test_what_no_source_asks_for_is_told_as_such_only_if_both_were_seen() -> None:
    lax = {
        "force-pushes": "allowed",
        "deletion": "allowed",
        "pull-request": "not-required",
        "approvals": "0",
        "code-owners": "not-required",
        "status-checks": "0",
    }
    assert branch(Protection("ruleset"), NONE) == {"default-branch": "main", **lax}
    assert branch(Protection("ruleset"), "needs administration:read") == {"default-branch": "main"}
    assert branch("GitHub did not answer", NONE) == {"default-branch": "main"}
    assert branch(Protection("ruleset", deletion=False), "x") == {"default-branch": "main", "deletion": "forbidden"}


def test_an_invisible_rule_is_unknown_to_all_but_administrators() -> None:
    node: dict[str, Any] = {
        "viewerCanAdminister": False,
        "defaultBranchRef": {"branchProtectionRule": None, "refUpdateRule": None},
    }
    assert settings.classic_in(node, {}) == "needs administration:read"
    assert settings.classic_in(node | {"viewerCanAdminister": True}, {}) == Protection("classic")
    assert (
        settings.classic_in(node | {"viewerCanAdminister": True}, {"classic": "needs administration:read"})
        == "needs administration:read"
    )
    visible = {
        "allowsForcePushes": False,
        "allowsDeletions": True,
        "requiredApprovingReviewCount": 0,
        "requiredStatusCheckContexts": [],
    }
    seen = settings.classic_in(node | {"defaultBranchRef": {"refUpdateRule": visible}}, {})
    assert seen == Protection("classic", force_pushes=False)


def test_required_workflows_and_queues_count() -> None:
    found = settings.rulesets_in({"defaultBranchRef": {"rules": {"nodes": [{"type": "WORKFLOWS"}, {"type": "MERGE_QUEUE"}]}}}, {})
    assert found == Protection("ruleset", pull_request=True, checks=("a required workflow",))


def test_an_unprotected_branch_completes_what_rulesets_say() -> None:
    before = about_branch("main", Protection("ruleset", deletion=False), settings.NEEDS_ADMIN)
    after = completed([*before, protected({"protected": False})])
    assert told(after)["default-branch-deletion"] == "forbidden"
    assert told(after)["default-branch-status-checks"] == "0"
    assert untold(after) == {}


def test_a_protected_branch_tells_its_checks_and_nothing_more() -> None:
    before = about_branch("main", Protection("ruleset"), settings.NEEDS_ADMIN)
    flag = protected(
        {"protected": True, "protection": {"required_status_checks": {"enforcement_level": "everyone", "contexts": ["b", "a"]}}}
    )
    after = completed([*before, flag])
    assert told(after) == {"default-branch": "main", "default-branch-protected": "true", "default-branch-status-checks": "2"}
    assert untold(after) == {settings.CLASSIC: settings.NEEDS_ADMIN}
    off = protected(
        {"protected": True, "protection": {"required_status_checks": {"enforcement_level": "off", "contexts": ["a"]}}}
    )
    assert "default-branch-status-checks" not in told(completed([*before, off]))


def test_without_rulesets_an_unprotected_branch_completes_nothing() -> None:
    before = about_branch("main", "GitHub did not answer", settings.NEEDS_ADMIN)
    assert completed([*before, protected({"protected": False})])[:-1] == tuple(before)


NODE: dict[str, Any] = {"id": "R_1", "visibility": "PUBLIC", "viewerCanAdminister": False, "hasVulnerabilityAlertsEnabled": False}


def test_a_no_of_somebody_who_may_not_see_is_none() -> None:
    assert untold(settings.about_repository(NODE, {}, NOW))["dependabot-alerts"] == settings.NEEDS_ADMIN
    assert told(settings.about_repository(NODE | {"viewerCanAdminister": True}, {}, NOW))["dependabot-alerts"] == "disabled"
    assert (
        told(settings.about_repository(NODE | {"hasVulnerabilityAlertsEnabled": True}, {}, NOW))["dependabot-alerts"] == "enabled"
    )
    assert (
        untold(settings.about_repository(NODE, {"alerts": "not offered by this GitHub"}, NOW))["dependabot-alerts"]
        == "not offered by this GitHub"
    )


def test_a_missing_block_is_unknown_and_not_disabled() -> None:
    nothing = dict.fromkeys(
        ("secret-scanning", "secret-scanning-push-protection", "dependabot-security-updates"), settings.NEEDS_ADMIN
    )
    assert untold(settings.about_security(None)) == nothing
    assert untold(settings.about_security({"security_and_analysis": None})) == nothing
    block = {
        "secret_scanning": {"status": "enabled"},
        "secret_scanning_push_protection": {"status": "disabled"},
        "other": {"status": "x"},
    }
    found = settings.about_security(
        {"security_and_analysis": block, "custom_properties": {"team": "shop", "tags": ["a", "b"], "none": None}}
    )
    assert told(found)["secret-scanning"] == "enabled"
    assert told(found)["secret-scanning-push-protection"] == "disabled"
    assert untold(found) == {"dependabot-security-updates": settings.NEEDS_ADMIN}
    properties = [(signal.detail("property"), signal.value) for signal in found if signal.name == "property"]
    assert properties == [("tags", "a"), ("tags", "b"), ("team", "shop")]


def test_environments_and_what_guards_them() -> None:
    told_ = {
        "totalCount": 30,
        "nodes": [
            {
                "name": "production",
                "protectionRules": {"nodes": [{"type": "WAIT_TIMER"}, {"type": "BRANCH_POLICY"}, {"type": "NEW"}]},
            }
        ],
    }
    found = settings.about_repository(NODE | {"environments": told_}, {}, NOW)
    assert setting("environment", "production", protection="branch-policy other wait-timer") in found
    assert told(found)["environments"] == "30"
    assert (
        untold(settings.about_repository(NODE, {"environments": "needs actions:read"}, NOW))["environments"]
        == "needs actions:read"
    )


def test_flags_topics_and_hostile_prose() -> None:
    node = NODE | {
        "isArchived": True,
        "isFork": False,
        "isTemplate": True,
        "description": "a\n\x00b " * 200,
        "repositoryTopics": {"nodes": [{"topic": {"name": "go"}}]},
    }
    found = told(settings.about_repository(node, {}, NOW))
    assert found["archived"] == found["template"] == "true"
    assert "fork" not in found
    assert found["topic"] == "go"
    assert len(found["description"]) <= 350
    assert "\n" not in found["description"]


def pull(author: str, *approvers: str, merged: str = "2026-03-01T00:00:00Z") -> dict[str, Any]:
    def actor(login: str) -> dict[str, str]:
        return {"__typename": "Bot" if "[bot]" in login else "User", "login": login}

    return {"mergedAt": merged, "author": actor(author), "reviews": {"nodes": [{"author": actor(login)} for login in approvers]}}


@pytest.mark.parametrize(
    ("pulls", "expected"),
    [
        ([], {}),
        ([pull("ada", "bob"), pull("bob")], {"merged-changes": "2", "approved-changes": "1"}),
        (
            [pull("ada", "ada"), pull("ada", "coderabbit[bot]"), pull("ada", "renovate-bot")],
            {"merged-changes": "3", "approved-changes": "0"},
        ),
        ([pull("dependabot[bot]", "ada"), pull("renovate", "ada")], {}),
        ([pull("ada", "bob"), pull("ada", merged="2024-03-01T00:00:00Z")], {"merged-changes": "1", "approved-changes": "1"}),
        ([{"mergedAt": "2026-03-01T00:00:00Z", "author": None, "reviews": {"nodes": []}}], {}),
    ],
)
def test_only_people_approve_the_changes_of_people(pulls: list[dict[str, Any]], expected: dict[str, str]) -> None:
    assert {signal.name: signal.value for signal in settings.about_reviews(pulls)} == expected


def test_codeowners_without_a_file_says_nothing() -> None:
    assert settings.about_codeowners(None) == []
    assert settings.about_codeowners({"errors": [{"kind": "Unknown owner"}, {"kind": "Unknown owner"}]}) == [
        setting("codeowners-errors", 2, kinds="Unknown owner")
    ]
    assert told(settings.about_codeowners({"errors": []})) == {"codeowners-errors": "0"}


def test_what_could_not_be_looked_at_names_the_setting_and_the_reason() -> None:
    signal = unread("secret-scanning", settings.NEEDS_ADMIN)
    assert (signal.kind, signal.name, signal.value, signal.path) == (
        SignalKind.UNREADABLE,
        "needs administration:read",
        "secret-scanning",
        None,
    )
