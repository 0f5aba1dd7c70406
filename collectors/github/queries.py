"""What is asked by GraphQL: many repositories to a query, in parts, so that a part that the token may not see can be left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

PAGE = 25
"""Repositories to a page: with 50, GitHub's limit of ten seconds a query is often met."""
DETAILS = 10
"""Repositories to a query for what only changes with the code."""
TEAMS = 25
PULL_REQUESTS = 30
COMMITS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a query: the fields that it asks for, and the permission that it takes (as fine-grained tokens name it)."""

    name: str
    needs: str
    fields: tuple[str, ...]
    on_repository: str = ""
    on_branch: str = ""
    on_workflow: str = ""


_CLASSIC = """
        branchProtectionRule {
          allowsForcePushes allowsDeletions
          requiresApprovingReviews requiredApprovingReviewCount requiresCodeOwnerReviews
          requiresStatusChecks requiredStatusCheckContexts
        }
        refUpdateRule {
          allowsForcePushes allowsDeletions requiredApprovingReviewCount requiresCodeOwnerReviews requiredStatusCheckContexts
        }"""
_RULES = """
        rules(first: 50) {
          nodes {
            type
            parameters {
              ... on PullRequestParameters { requiredApprovingReviewCount requireCodeOwnerReview }
              ... on RequiredStatusChecksParameters { requiredStatusChecks { context } }
            }
          }
        }"""
AT_HEAD = 30
_RUNS_AT_HEAD = f"""
        target {{
          ... on Commit {{
            checkSuites(last: {AT_HEAD}) {{ nodes {{ status conclusion workflowRun {{ createdAt event workflow {{ id }} }} }} }}
          }}
        }}"""

LISTING = {
    part.name: part
    for part in (
        Part("classic", "administration:read", ("branchProtectionRule", "refUpdateRule"), on_branch=_CLASSIC),
        Part("rules", "metadata:read", ("rules",), on_branch=_RULES),
        # Where many pull requests are at work, none of a workflow's newest runs is one of the default branch.
        Part("runs", "checks:read", ("checkSuites",), on_branch=_RUNS_AT_HEAD),
        Part(
            "environments",
            "actions:read",
            ("environments", "protectionRules"),
            on_repository="environments(first: 20) { totalCount nodes { name protectionRules(first: 10) { nodes { type } } } }",
        ),
        Part(
            "deployments",
            "deployments:read",
            ("deployedTo", "latestCompletedDeployment"),
            on_repository="deployedTo: environments(first: 20) { nodes { name latestCompletedDeployment { createdAt } } }",
        ),
        Part("alerts", "administration:read", ("hasVulnerabilityAlertsEnabled",), on_repository="hasVulnerabilityAlertsEnabled"),
        Part(
            "topics",
            "metadata:read",
            ("repositoryTopics",),
            on_repository="repositoryTopics(first: 20) { nodes { topic { name } } }",
        ),
    )
}
"""What every repository is asked for, changed or not."""

DETAIL = {
    part.name: part
    for part in (
        Part(
            "activity",
            "contents:read",
            ("history",),
            on_branch=f"history(first: {COMMITS}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ committedDate author {{ name email }} }} }}",
        ),
        Part(
            "reviews",
            "pull_requests:read",
            ("pullRequests", "reviews"),
            on_repository=(
                f"pullRequests(states: MERGED, first: {PULL_REQUESTS}, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{ nodes {{ mergedAt "
                "author { __typename login } reviews(states: APPROVED, first: 5) { nodes { author { __typename login } } } } }"
            ),
        ),
        Part("codeowners", "contents:read", ("codeowners",), on_repository="codeowners { errors { kind } }"),
    )
}
"""What a repository is asked for when its code has changed."""


WORKFLOWS = 100
"""Workflows to a query."""
RUNS = 20
"""So many of the newest runs are looked through for those of the default branch, beside those of its head."""

WORKFLOW = {
    part.name: part
    for part in (
        Part(
            "results",
            "checks:read",
            ("recent", "checkSuite"),
            on_workflow=f"recent: runs(first: {RUNS}) {{ nodes {{ createdAt event checkSuite {{ status conclusion branch {{ name }} }} }} }}",
        ),
        Part("runs", "actions:read", ("newest", "runs"), on_workflow="newest: runs(first: 1) { nodes { createdAt } }"),
    )
}
"""What a workflow is asked for, whether its file has changed or not. The newest run is asked for by itself, for those who may not see results."""


def listing(parts: Iterable[Part]) -> str:
    """One page of an organisation's repositories, by name, so that a push in between moves none to another page."""
    parts = tuple(parts)
    return f"""
query Repositories($organization: String!, $first: Int!, $after: String) {{
  rateLimit {{ cost remaining }}
  organization(login: $organization) {{
    repositories(first: $first, after: $after, orderBy: {{field: NAME, direction: ASC}}) {{
      totalCount
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        id nameWithOwner description visibility diskUsage createdAt pushedAt viewerCanAdminister
        isArchived isDisabled isEmpty isFork isLocked isTemplate
        {_joined(part.on_repository for part in parts)}
        defaultBranchRef {{
          name
          target {{ oid ... on Commit {{ committedDate }} }}{"".join(part.on_branch for part in parts)}
        }}
      }}
    }}
  }}
}}"""


def details(parts: Iterable[Part]) -> str:
    """Several repositories by their ids."""
    parts = tuple(parts)
    on_branch = _joined(part.on_branch for part in parts)
    branch = f"defaultBranchRef {{ target {{ oid ... on Commit {{ {on_branch} }} }} }}" if on_branch else ""
    return f"""
query Details($ids: [ID!]!) {{
  rateLimit {{ cost remaining }}
  nodes(ids: $ids) {{
    ... on Repository {{
      id
      {_joined(part.on_repository for part in parts)}
      {branch}
    }}
  }}
}}"""


def workflows(parts: Iterable[Part]) -> str:
    """Several workflows by their ids, whichever repositories they are of."""
    return f"""
query Workflows($ids: [ID!]!) {{
  rateLimit {{ cost remaining }}
  nodes(ids: $ids) {{
    ... on Workflow {{
      id state createdAt
      {_joined(part.on_workflow for part in parts)}
    }}
  }}
}}"""


OWNER = """
query Owner($login: String!) {
  rateLimit { cost remaining }
  repositoryOwner(login: $login) {
    __typename
    login
    ... on Organization { viewerIsAMember repositories(first: 1) { totalCount totalDiskUsage } }
  }
}"""

HEADS = """
query Heads($organization: String!, $first: Int!, $after: String) {
  rateLimit { cost remaining }
  organization(login: $organization) {
    repositories(first: $first, after: $after, orderBy: {field: NAME, direction: ASC}) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id nameWithOwner isDisabled isEmpty diskUsage defaultBranchRef { target { oid } } }
    }
  }
}"""

ALL_TEAMS = f"""
query Teams($organization: String!, $after: String) {{
  rateLimit {{ cost remaining }}
  organization(login: $organization) {{
    teams(first: {TEAMS}, after: $after) {{
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        slug name
        repositories(first: 100) {{ pageInfo {{ hasNextPage endCursor }} edges {{ permission node {{ id }} }} }}
      }}
    }}
  }}
}}"""

ONE_TEAM = """
query Team($organization: String!, $team: String!, $after: String) {
  rateLimit { cost remaining }
  organization(login: $organization) {
    team(slug: $team) {
      repositories(first: 100, after: $after) { pageInfo { hasNextPage endCursor } edges { permission node { id } } }
    }
  }
}"""

EARLIER_COMMITS = f"""
query Commits($id: ID!, $after: String) {{
  rateLimit {{ cost remaining }}
  node(id: $id) {{
    ... on Repository {{
      defaultBranchRef {{
        target {{ ... on Commit {{ history(first: {COMMITS}, after: $after) {{
          totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ committedDate author {{ name email }} }}
        }} }} }}
      }}
    }}
  }}
}}"""

STILL_THERE = """
query Name($id: ID!) {
  rateLimit { cost remaining }
  node(id: $id) { ... on Repository { id nameWithOwner defaultBranchRef { name target { oid } } } }
}"""

NAMES = """
query Names($ids: [ID!]!) {
  rateLimit { cost remaining }
  nodes(ids: $ids) { ... on Repository { id nameWithOwner } }
}"""


def part_of(error: Mapping[str, Any], parts: Mapping[str, Part]) -> Part | None:
    """The part of a query that an error is about; ``None`` for an error about something else."""
    extensions = error.get("extensions")
    named = [str(step) for step in error.get("path") or () if isinstance(step, str)]
    if isinstance(extensions, dict) and "fieldName" in extensions:
        named.append(str(extensions["fieldName"]))
    named += re.findall(r"'(\w+)' field requires", str(error.get("message", "")))
    return next((part for part in parts.values() if not set(part.fields).isdisjoint(named)), None)


def _joined(texts: Iterable[str]) -> str:
    return "\n        ".join(filter(None, texts))
