"""The vocabulary of SETTING signals, and how they follow from GitHub's answers.

==================================  ==============================================================================================
name                                value (and what ``about`` holds)
==================================  ==============================================================================================
``id``                              GitHub's own, which stays through renames and transfers
``visibility``                      ``public``, ``private`` or ``internal``; there whenever GitHub was asked at all
``archived`` ``fork`` ``template``  ``true``; not there otherwise
``empty`` ``disabled`` ``locked``   ``true``; not there otherwise
``gone``                            ``true`` of a repository that was listed before and now is deleted, transferred, or hidden from the token
``description``                     its first 350 characters
``topic``                           one topic, in as many signals as there are
``property``                        the value of a custom property (``property``: its name)
``team``                            a team's slug (``permission``: admin, maintain, write, triage or read; ``name``)
``default-branch``                  its name
``default-branch-force-pushes``     ``forbidden`` or ``allowed`` (``by``: ruleset, classic)
``default-branch-deletion``         ``forbidden`` or ``allowed`` (``by``)
``default-branch-pull-request``     ``required`` or ``not-required`` (``by``)
``default-branch-approvals``        how many a pull request needs, ``0`` for none (``by``)
``default-branch-code-owners``      ``required`` or ``not-required``: the approval of a code owner (``by``)
``default-branch-status-checks``    how many are required, ``0`` for none (``by``; ``checks``: their names, comma separated)
``default-branch-protected``        ``true`` or ``false``: so much GitHub tells those who may not see how (``checks``)
``environments``                    how many there are
``environment``                     its name (``protection``: of branch-policy, required-reviewers, wait-timer, space separated)
``last-deployment``                 a day, ``lately`` or ``never`` (``environment``: its name)
``workflows``                       how many GitHub Actions workflows there are
``workflow-id``                     GitHub's own id of one workflow (``path``)
``workflow``                        its path (``state``: active, disabled-manually, disabled-inactivity or disabled-fork;
                                    ``last-run``: a day, ``lately`` or ``never``; ``added``: a day, where it never ran)
``workflow-failing``                its path (``since``: the day from which on no run on the default branch went well)
``secret-scanning``                 ``enabled`` or ``disabled``
``secret-scanning-push-protection`` ``enabled`` or ``disabled``
``dependabot-alerts``               ``enabled`` or ``disabled``
``dependabot-security-updates``     ``enabled`` or ``disabled``
``code-scanning-default-setup``     ``configured`` or ``not-configured``
``codeowners-errors``               how many there are (``kinds``)
``codeowners-owner``                whom CODEOWNERS names for everything; GitHub does not tell it, but an unchanged repository keeps it like one of these
==================================  ==============================================================================================

What could not be looked at is an UNREADABLE signal without a path: ``value`` is the setting's name, ``name`` says why: ``needs`` and the
permission that it would take, ``not offered by this GitHub`` or ``GitHub did not answer``. The rules of the default branch go by their two
sources there, ``default-branch-rulesets`` and ``default-branch-classic-protection``, the ACTIVITY signals by ``activity``. A setting is never ``disabled`` or ``allowed`` because it could not be seen.

``lately`` is within the last 30 days: the day itself would be news every week.

ACTIVITY signals beside those of :mod:`collectors.git`: ``merged-changes`` (of the last 30 pull requests that people merged within a year before
the newest, how many) and ``approved-changes`` (how many of them another person had approved).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from rungwise.model import Signal, SignalKind

RULESETS = "default-branch-rulesets"
CLASSIC = "default-branch-classic-protection"
PROTECTED = "default-branch-protected"
CODE_SCANNING = "code-scanning-default-setup"
REVIEWS = "approved-changes"
ACTIVITY = "activity"
WORKFLOWS = "workflows"
WORKFLOW_ID = "workflow-id"
WORKFLOW = "workflow"
FAILING = "workflow-failing"
CODEOWNERS_OWNER = "codeowners-owner"
DEPLOYMENT = "last-deployment"
ENVIRONMENTS = "environments"
NEEDS_ADMIN = "needs administration:read"
NO_ANSWER = "GitHub did not answer"
"""Why something could not be looked at, where it may go well the next time."""
_SECURITY = {
    "secret_scanning": "secret-scanning",
    "secret_scanning_push_protection": "secret-scanning-push-protection",
    "dependabot_security_updates": "dependabot-security-updates",
}


def setting(name: str, value: str | int, /, **about: str) -> Signal:
    """A setting as GitHub tells it."""
    return Signal(
        SignalKind.SETTING,
        name,
        _line(str(value)),
        about=tuple((key, _line(text)) for key, text in sorted(about.items()) if text),
    )


def unread(name: str, why: str) -> Signal:
    """A setting that could not be looked at, and why."""
    return Signal(SignalKind.UNREADABLE, why, name)


def _line(text: str, most: int = 350) -> str:
    return " ".join(text.split())[:most]


def about_repository(node: Mapping[str, Any], lacking: Mapping[str, str], now: datetime) -> list[Signal]:
    """What a repository is, and the settings that come with the listing, but for its branch rules."""
    found = [setting("id", str(node["id"])), setting("visibility", str(node["visibility"]).lower())]
    flags = ("isArchived", "isFork", "isTemplate", "isEmpty", "isDisabled", "isLocked")
    found += [setting(flag.removeprefix("is").lower(), "true") for flag in flags if node.get(flag)]
    if node.get("description"):
        found.append(setting("description", node["description"]))
    if "topics" in lacking:
        found.append(unread("topic", lacking["topics"]))
    found += [setting("topic", topic["topic"]["name"]) for topic in nodes(node.get("repositoryTopics"))]
    if "environments" in lacking:
        found.append(unread(ENVIRONMENTS, lacking["environments"]))
    else:
        found += _environments(node.get("environments") or {})
        found += _deployments(node, lacking, now)
    # For somebody who may not see it GitHub says "false", so only "true" or an administrator's "false" is an answer.
    alerts = node.get("hasVulnerabilityAlertsEnabled")
    if "alerts" in lacking:
        found.append(unread("dependabot-alerts", lacking["alerts"]))
    elif alerts or node.get("viewerCanAdminister"):
        found.append(setting("dependabot-alerts", "enabled" if alerts else "disabled"))
    else:
        found.append(unread("dependabot-alerts", NEEDS_ADMIN))
    return found


_PROTECTIONS = {"BRANCH_POLICY": "branch-policy", "REQUIRED_REVIEWERS": "required-reviewers", "WAIT_TIMER": "wait-timer"}


LATELY = timedelta(days=30)


def when(moment: str | None, now: datetime) -> str:
    """A moment as signals carry it: ``never``, ``lately`` or the day."""
    if not moment:
        return "never"
    return "lately" if now - _moment(moment) < LATELY else f"{_moment(moment):%Y-%m-%d}"


def _deployments(node: Mapping[str, Any], lacking: Mapping[str, str], now: datetime) -> list[Signal]:
    if "deployments" in lacking:
        return [unread(DEPLOYMENT, lacking["deployments"])] if nodes(node.get("environments")) else []
    return [
        setting(DEPLOYMENT, when((one["latestCompletedDeployment"] or {}).get("createdAt"), now), environment=one["name"])
        for one in nodes(node.get("deployedTo"))
    ]


def _environments(told: Mapping[str, Any]) -> list[Signal]:
    environments = nodes(told)
    count = told.get("totalCount", len(environments))
    found = [setting(ENVIRONMENTS, count)]
    if count > len(environments):
        # Preview environments, most often: a page more of them would cost a query of the repository's own.
        found.append(unread(ENVIRONMENTS, f"only {len(environments)} of them are asked for"))
    for environment in environments:
        rules = nodes(environment.get("protectionRules"))
        kinds = sorted({_PROTECTIONS.get(str(rule.get("type")), "other") for rule in rules})
        found.append(setting("environment", environment["name"], protection=" ".join(kinds)))
    return found


def about_security(told: Mapping[str, Any] | None, unanswered: str = "") -> list[Signal]:
    """What the organisation's list tells of a repository's security settings (``security_and_analysis``) and custom properties.

    ``unanswered`` says why there is no such list, if there is none.
    """
    if told is None and unanswered:
        return [unread(name, unanswered) for name in (*_SECURITY.values(), "property")]
    block = (told or {}).get("security_and_analysis") or {}
    found = []
    for key, name in _SECURITY.items():
        status = block.get(key, {}).get("status") if isinstance(block.get(key), dict) else None
        found.append(setting(name, status) if status in ("enabled", "disabled") else unread(name, NEEDS_ADMIN))
    for key, values in sorted(((told or {}).get("custom_properties") or {}).items()):
        found += [
            setting("property", str(value), property=key) for value in (values if isinstance(values, list) else [values]) if value
        ]
    return found


@dataclass(frozen=True, slots=True)
class Access:
    """What a team may do with a repository: admin, maintain, write, triage or read."""

    team: str
    name: str
    permission: str


def about_teams(teams: Iterable[Access]) -> list[Signal]:
    """The teams of one repository."""
    return [setting("team", access.team, permission=access.permission, name=access.name) for access in teams]


@dataclass(frozen=True, slots=True)
class Protection:
    """What one source of rules, rulesets or a classic rule, demands of the default branch."""

    by: str
    force_pushes: bool = True
    deletion: bool = True
    pull_request: bool = False
    approvals: int = 0
    code_owners: bool = False
    checks: tuple[str, ...] = ()


def rulesets_in(node: Mapping[str, Any], lacking: Mapping[str, str]) -> Protection | str:
    """What the active rules of all rulesets, the organisation's too, come to; or why they could not be seen."""
    if "rules" in lacking:
        return lacking["rules"]
    rules = nodes((node.get("defaultBranchRef") or {}).get("rules"))
    kinds = {str(rule.get("type")) for rule in rules}
    parameters = [rule.get("parameters") or {} for rule in rules]
    reviews = [told for told in parameters if "requiredApprovingReviewCount" in told]
    contexts = {check["context"] for told in parameters for check in told.get("requiredStatusChecks") or ()}
    # A required workflow is a check that goes by no name.
    contexts |= {"a required workflow"} if "WORKFLOWS" in kinds else set()
    return Protection(
        "ruleset",
        force_pushes="NON_FAST_FORWARD" not in kinds,
        deletion="DELETION" not in kinds,
        pull_request=bool(kinds & {"PULL_REQUEST", "MERGE_QUEUE"}),
        approvals=max((int(told["requiredApprovingReviewCount"]) for told in reviews), default=0),
        code_owners=any(told.get("requireCodeOwnerReview") for told in reviews),
        checks=tuple(sorted(contexts)),
    )


def from_classic(rule: Mapping[str, Any] | None) -> Protection:
    """What a classic rule (as GraphQL tells it) demands; ``None`` stands for a branch that has none."""
    if rule is None:
        return Protection("classic")
    asked = rule.get("requiresApprovingReviews", bool(rule.get("requiredApprovingReviewCount")))
    return Protection(
        "classic",
        force_pushes=bool(rule["allowsForcePushes"]),
        deletion=bool(rule["allowsDeletions"]),
        pull_request=bool(asked),
        approvals=int(rule.get("requiredApprovingReviewCount") or 0) if asked else 0,
        code_owners=bool(rule.get("requiresCodeOwnerReviews")),
        checks=tuple(sorted(filter(None, rule.get("requiredStatusCheckContexts") or ())))
        if rule.get("requiresStatusChecks", True)
        else (),
    )


def classic_in(node: Mapping[str, Any], lacking: Mapping[str, str]) -> Protection | str:
    """The classic protection as the listing tells it, or why this token cannot see whether there is any."""
    branch = node.get("defaultBranchRef") or {}
    rule = branch.get("branchProtectionRule") or branch.get("refUpdateRule")
    if rule:
        return from_classic(rule)
    if "classic" in lacking:
        return lacking["classic"]
    # For everybody but administrators an invisible rule and none at all look the same.
    return Protection("classic") if node.get("viewerCanAdminister") else NEEDS_ADMIN


def protected(branch: Mapping[str, Any]) -> Signal:
    """What REST ``branches/{branch}`` tells anybody: that a branch is protected, and its required checks, but nothing more.

    Where it does not even tell that, that is said.
    """
    if not isinstance(branch.get("protected"), bool):
        return unread(PROTECTED, NO_ANSWER)
    told = (branch.get("protection") or {}).get("required_status_checks") or {}
    checks = sorted(map(str, told.get("contexts") or ())) if told.get("enforcement_level") != "off" else []
    return setting(PROTECTED, "true" if branch["protected"] else "false", checks=", ".join(checks))


_LAX = {
    "default-branch-force-pushes": "allowed",
    "default-branch-deletion": "allowed",
    "default-branch-pull-request": "not-required",
    "default-branch-approvals": "0",
    "default-branch-code-owners": "not-required",
    "default-branch-status-checks": "0",
}


def about_branch(name: str, rulesets: Protection | str, classic: Protection | str) -> list[Signal]:
    """The rules of the default branch, from both sources; for one that could not be seen, why not."""
    seen = [source for source in (rulesets, classic) if isinstance(source, Protection)]
    found = [setting("default-branch", name)]

    def tell(setting_name: str, value: str, holds: list[Protection], **about: str) -> None:
        if holds:
            found.append(setting(setting_name, value, by=" ".join(source.by for source in holds), **about))
        elif len(seen) == 2:
            found.append(setting(setting_name, _LAX[setting_name]))

    checks = sorted({check for source in seen for check in source.checks})
    tell("default-branch-force-pushes", "forbidden", [source for source in seen if not source.force_pushes])
    tell("default-branch-deletion", "forbidden", [source for source in seen if not source.deletion])
    tell("default-branch-pull-request", "required", [source for source in seen if source.pull_request])
    tell(
        "default-branch-approvals",
        str(max((source.approvals for source in seen), default=0)),
        [source for source in seen if source.approvals],
    )
    tell("default-branch-code-owners", "required", [source for source in seen if source.code_owners])
    tell("default-branch-status-checks", str(len(checks)), [source for source in seen if source.checks], checks=", ".join(checks))
    found += [unread(RULESETS, rulesets)] if isinstance(rulesets, str) else []
    return found + ([unread(CLASSIC, classic)] if isinstance(classic, str) else [])


def completed(signals: Sequence[Signal]) -> tuple[Signal, ...]:
    """The signals of one repository, with what follows from ``default-branch-protected`` where classic protection could not be seen."""
    told = {signal.name: signal for signal in signals if signal.kind is SignalKind.SETTING}
    unseen = {signal.value for signal in signals if signal.kind is SignalKind.UNREADABLE}
    flag = told.get(PROTECTED)
    if flag is None or CLASSIC not in unseen:
        return tuple(signals)
    if flag.value == "true":
        checks = flag.detail("checks")
        if not checks or "default-branch-status-checks" in told:
            return tuple(signals)
        return (*signals, setting("default-branch-status-checks", checks.count(", ") + 1, by="classic", checks=checks))
    if RULESETS in unseen:
        return tuple(signals)
    known = [signal for signal in signals if not (signal.kind is SignalKind.UNREADABLE and signal.value == CLASSIC)]
    return (*known, *(setting(name, value) for name, value in _LAX.items() if name not in told))


def about_codeowners(told: Mapping[str, Any] | None) -> list[Signal]:
    """How many errors GitHub finds in CODEOWNERS; nothing where there is no such file."""
    if told is None:
        return []
    errors = told.get("errors") or ()
    return [setting("codeowners-errors", len(errors), kinds=", ".join(sorted({str(error.get("kind")) for error in errors})))]


def about_reviews(pull_requests: Iterable[Mapping[str, Any]]) -> list[Signal]:
    """How many of the changes that people merged lately another person had approved."""
    merged = [(_moment(told["mergedAt"]), told) for told in pull_requests if told.get("mergedAt") and _person(told.get("author"))]
    newest = max((when for when, _ in merged), default=None)
    lately = [told for when, told in merged if newest and when >= newest - timedelta(days=365)]
    if not lately:
        return []
    approved = sum(1 for told in lately if _approvers(told) - {told["author"]["login"]})
    return [
        Signal(SignalKind.ACTIVITY, "merged-changes", str(len(lately))),
        Signal(SignalKind.ACTIVITY, "approved-changes", str(approved)),
    ]


def _approvers(pull_request: Mapping[str, Any]) -> set[str]:
    return {review["author"]["login"] for review in nodes(pull_request.get("reviews")) if _person(review.get("author"))}


def _person(actor: Mapping[str, Any] | None) -> bool:
    return bool(actor) and actor is not None and actor.get("__typename") == "User" and not bot_name(str(actor.get("login")))


def bot_name(name: str) -> bool:
    """Whether a name is that of a program; the same rule as for local clones."""
    name = name.lower()
    return "[bot]" in name or name.startswith(("dependabot", "renovate")) or name.endswith("-bot")


def about_activity(commits: Sequence[Mapping[str, Any]], total: int) -> list[Signal]:
    """The ACTIVITY signals of :meth:`collectors.git.Repository.activity`, from a branch's newest commits and the number of all.

    With more commits than were told, days and authors are at least so many, and the first commit is not known.
    """
    dated = [(_moment(commit["committedDate"]), commit.get("author") or {}) for commit in commits]
    if not dated:
        return []
    newest = dated[0][0]
    since = newest - timedelta(days=90)
    authors = {
        str(author.get("email") or author.get("name") or "").lower()
        for when, author in dated
        if when >= since and not bot_name(str(author.get("name") or ""))
    }
    found = {
        "commits": str(total),
        "commit-days": str(len({f"{when:%Y-%m-%d}" for when, _ in dated})),
        "authors-90-days": str(len(authors)),
        "last-commit": f"{newest:%Y-%m-%d}",
    }
    if len(dated) >= total:
        found["first-commit"] = f"{min(when for when, _ in dated):%Y-%m-%d}"
    return [Signal(SignalKind.ACTIVITY, name, value) for name, value in found.items()]


_RED = ("FAILURE", "TIMED_OUT", "STARTUP_FAILURE")
_GREEN = ("SUCCESS",)


def about_workflow(path: str, node: Mapping[str, Any], now: datetime) -> Signal:
    """A workflow, and when it ran last."""
    newest = nodes(node["newest"])
    last = when(newest[0]["createdAt"] if newest else None, now)
    added = "" if newest else f"{_moment(node['createdAt']):%Y-%m-%d}"
    state = str(node["state"]).lower().replace("_", "-")
    return setting(WORKFLOW, path, state=state, added=added, **{"last-run": last})


def runs_at_head(node: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """The runs of each workflow, by its id, at the head of the default branch, as the listing tells them."""
    branch = node.get("defaultBranchRef") or {}
    found: dict[str, list[Mapping[str, Any]]] = {}
    for suite in nodes((branch.get("target") or {}).get("checkSuites")):
        if run := suite.get("workflowRun"):
            about = {"status": suite["status"], "conclusion": suite["conclusion"], "branch": {"name": branch.get("name")}}
            told = {"createdAt": run["createdAt"], "event": run["event"], "checkSuite": about}
            found.setdefault(run["workflow"]["id"], []).append(told)
    return found


def about_failures(
    path: str, branch: str | None, node: Mapping[str, Any], at_head: Iterable[Mapping[str, Any]] = ()
) -> list[Signal]:
    """Since when a workflow fails on the default branch, by its newest runs and those ``at_head``; nothing where it does not."""
    runs = {run["createdAt"]: run for run in (*at_head, *nodes(node["recent"]))}
    since = _failing_since((runs[when] for when in sorted(runs, reverse=True)), branch)
    return [setting(FAILING, path, since=since)] if since else []


def _failing_since(runs: Iterable[Mapping[str, Any]], branch: str | None) -> str:
    """The day of the first of the failures that end the default branch's runs, the newest of which comes first; empty where there is none."""
    since = ""
    for run in runs:
        suite = run["checkSuite"]
        # A fork's branch can have the same name.
        if (suite.get("branch") or {}).get("name") != branch or str(run["event"]).startswith("pull_request"):
            continue
        if suite["status"] != "COMPLETED" or suite["conclusion"] not in _RED + _GREEN:
            continue
        if suite["conclusion"] in _GREEN:
            break
        since = f"{_moment(run['createdAt']):%Y-%m-%d}"
    return since


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def nodes(connection: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The entries of a connection that are there."""
    return [node for node in (connection or {}).get("nodes") or () if node]
