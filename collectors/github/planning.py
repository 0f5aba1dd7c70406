"""Says what a collection will cost before it is started."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from collectors.github import queries
from collectors.github.client import Client
from collectors.github.clones import Limits
from collectors.github.errors import GitHubError, Refused
from collectors.github.listing import Organisation, list_heads

POINTS_PER_PAGE = 6
"""By GitHub's formula: the connections that 25 listed repositories open, divided by a hundred."""
POINTS_PER_DETAILS = 3
POINTS_PER_WORKFLOWS = 2
SECONDS_PER_QUERY = 2.0
SECONDS_PER_REQUEST = 0.3
SECONDS_PER_CLONE = 2.5
"""Rough figures for a good connection; a clone takes two round trips and what is read of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a collection will cost, at most, and what there is to spend. Times in seconds."""

    organisation: str
    repositories: int
    clones: int
    rest_calls: int
    graphql_queries: int
    points: int
    seconds: float
    rest_left: int | None
    """``None`` where this GitHub has no limit, or does not tell."""
    points_left: int | None
    resets_in: float | None
    """Until the scarcer of the two limits is full again."""
    spent_points: int
    """What making this plan has cost."""
    member: bool

    @property
    def fits(self) -> bool:
        """Whether it can be done without waiting for a limit to be reset."""
        return (self.rest_left is None or self.rest_calls <= self.rest_left) and (
            self.points_left is None or self.points <= self.points_left
        )

    def sentences(self) -> tuple[str, ...]:
        """The plan for people."""
        found = [
            f"{self.organisation} has {_counted(self.repositories, 'repository', 'repositories')} that this token sees; "
            f"{self.clones} of them have to be fetched.",
            f"That takes at most {self.rest_calls} REST calls ({_left(self.rest_left)}), {self.points} GraphQL points in "
            f"{self.graphql_queries} queries ({_left(self.points_left)}) and about {_duration(self.seconds)}.",
        ]
        if not self.fits and self.resets_in is not None:
            found.append(
                f"More than is left: the collection would wait up to {_duration(self.resets_in)} for GitHub's limits to be reset."
            )
        if not self.member:
            found.append("The token is not a member's, so that private repositories and teams stay hidden.")
        found.append(f"This plan has cost {_counted(self.spent_points, 'GraphQL point', 'GraphQL points')}.")
        return tuple(found)


def plan(
    client: Client,
    organisation: Organisation,
    known_heads: Mapping[str, str],
    *,
    workers: int = 4,
    limits: Limits | None = None,
    requests_each: int = 1,
) -> Plan:
    """What :func:`~collectors.github.collecting.collect` would cost.

    Each repository that has to be fetched takes ``requests_each`` REST calls. With ``known_heads`` the heads of all repositories are listed (a point for a hundred of them); without, nothing but the limits is asked
    for. Raises :class:`~collectors.github.errors.GitHubError`.
    """
    limits = limits or Limits()
    count = changed = organisation.repositories
    if known_heads:
        try:
            count, changed = _heads(client, organisation, known_heads, limits)
        except Refused as refused:
            raise GitHubError(f"{client.server.host} refuses to list {organisation.login} ({refused}).") from None
    left = client.greet()
    pages = ceil(count / queries.PAGE) or 1
    batches = ceil(changed / queries.DETAILS)
    rest = ceil(count / 100) + changed * requests_each
    asked = pages + batches + 1
    points = pages * POINTS_PER_PAGE + batches * POINTS_PER_DETAILS + 1
    rest_left, rest_reset = _remaining(client, left, "core")
    points_left, points_reset = _remaining(client, left, "graphql")
    resets = [reset for reset in (rest_reset, points_reset) if reset is not None]
    return Plan(
        organisation=organisation.login,
        repositories=count,
        clones=changed,
        rest_calls=rest,
        graphql_queries=asked,
        points=points,
        seconds=asked * SECONDS_PER_QUERY
        + ceil(count / 100) * SECONDS_PER_REQUEST
        + changed * (SECONDS_PER_CLONE + SECONDS_PER_REQUEST) / workers,
        rest_left=rest_left,
        points_left=points_left,
        resets_in=max(resets) if resets else None,
        spent_points=client.governor.meter.points,
        member=organisation.member,
    )


def _heads(client: Client, organisation: Organisation, known_heads: Mapping[str, str], limits: Limits) -> tuple[int, int]:
    """How many repositories there are, and how many of them would be fetched."""
    count = changed = 0
    for node in list_heads(client, organisation.login):
        count += 1
        head = ((node.get("defaultBranchRef") or {}).get("target") or {}).get("oid")
        known = known_heads.get(str(node["id"])) or known_heads.get(str(node["nameWithOwner"]))
        skipped = (
            node.get("isDisabled") or node.get("isEmpty") or head is None or int(node.get("diskUsage") or 0) > limits.listed_kb
        )
        changed += not skipped and head != known
    return count, changed


def _remaining(client: Client, left: Mapping[str, Any], resource: str) -> tuple[int | None, float | None]:
    window = left.get(resource)
    if not isinstance(window, dict) or "remaining" not in window:
        return None, None
    return int(window["remaining"]), max(0.0, float(window.get("reset", 0)) - client.governor.clock.now())


def _left(count: int | None) -> str:
    return "no limit known" if count is None else f"{count} left"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
