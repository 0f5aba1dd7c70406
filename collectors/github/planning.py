"""Says what a collection will cost before it is started, and what it has cost while it runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any

from collectors.github import queries
from collectors.github.client import Client
from collectors.github.clones import Limits
from collectors.github.errors import GitHubError, Refused
from collectors.github.governor import Governor
from collectors.github.listing import Organisation, list_heads

POINTS_PER_PAGE = 6
"""By GitHub's formula: the connections that 25 listed repositories open, divided by a hundred."""
POINTS_PER_DETAILS = 3
POINTS_PER_WORKFLOWS = 2
REQUESTS_EACH = 2
"""REST calls for a repository that is fetched: its workflows, and either its classic protection or its code scanning."""
SECONDS_PER_QUERY = 2.0
SECONDS_PER_REQUEST = 0.3
SECONDS_PER_CLONE = 1.0
SECONDS_PER_MB = 0.02
"""Rough figures for a good connection, where none are known: a clone takes two round trips and, of what GitHub holds of it, the part that is read."""
_FASTEST, _SLOWEST = 1 / 50, 50.0
"""How far the last collection can have been from these figures before something else was the matter with it."""
_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left of one of GitHub's hourly limits, and in how many seconds it is full again."""

    left: int
    limit: int
    resets_in: float

    def waits(self, needed: int) -> float:
        """How long has to be waited to spend so much."""
        more = needed - self.left
        return 0.0 if more <= 0 else self.resets_in + (ceil(more / max(1, self.limit)) - 1) * _HOUR


@dataclass(frozen=True, slots=True)
class Spent:
    """What a collection took: seconds without those that it waited for a limit, and how much it asked and fetched."""

    seconds: float
    graphql_queries: int
    rest_calls: int
    clones: int

    @classmethod
    def of(cls, costs: Iterable[Mapping[str, Any]]) -> Spent | None:
        """What the receipts of a week come to; ``None`` where they do not tell."""
        told = [cost for cost in costs if cost.get("github") and cost.get("seconds")]
        total: Counter[str] = Counter()
        for cost in told:
            total.update(cost["github"])
        seconds = sum(float(cost["seconds"]) for cost in told) - total["waited"]
        return cls(seconds, total["graphql"], total["rest"], total["clones"]) if seconds > 0 and total["graphql"] else None


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
    """Without waiting for a limit."""
    rest: Budget | None
    """``None`` where this GitHub has no limit, or does not tell."""
    graphql: Budget | None
    now: float
    """Seconds since 1970."""
    spent_points: int
    """What making this plan has cost."""
    member: bool

    @property
    def waits(self) -> float:
        """How long the limits would make it wait in all."""
        needs = ((self.rest, self.rest_calls), (self.graphql, self.points))
        return max((budget.waits(needed) for budget, needed in needs if budget), default=0.0)

    @property
    def fits(self) -> bool:
        """Whether it can be done without waiting for a limit to be reset."""
        return not self.waits

    @property
    def done_at(self) -> datetime:
        """When it would be done, if it were started now."""
        return datetime.fromtimestamp(self.now + self.waits + self.seconds, UTC)

    def sentences(self) -> tuple[str, ...]:
        """The plan for people."""
        found = [
            f"{self.organisation} has {_counted(self.repositories, 'repository', 'repositories')} that this token sees; "
            f"{self.clones:,} of them have to be fetched.",
            f"That takes at most {self._cost()}.",
        ]
        if self.fits:
            found.append(f"Started now, it would be done by about {self._when()}.")
        else:
            found.append(
                f"That is more than is left: started with --wait, it would wait {duration(self.waits)} for GitHub's limits to be reset, "
                f"and be done by about {self._when()}."
            )
        if not self.member:
            found.append("The token is not a member's, so that private repositories and teams stay hidden.")
        found.append(f"This plan has cost {_counted(self.spent_points, 'GraphQL point', 'GraphQL points')}.")
        return tuple(found)

    def refusal(self) -> str:
        """Why it is not started, in a sentence."""
        return (
            f"The collection cannot finish within what GitHub leaves this token: it takes at most {self._cost()}. "
            f"With --wait it waits {duration(self.waits)} in all and is done by about {self._when()}; "
            "--plan says what it costs, and a GitHub App has higher limits."
        )

    def _cost(self) -> str:
        return (
            f"{_counted(self.rest_calls, 'REST call', 'REST calls')} ({_left(self.rest)}), {_counted(self.points, 'GraphQL point', 'GraphQL points')} in "
            f"{_counted(self.graphql_queries, 'query', 'queries')} ({_left(self.graphql)}) and about {duration(self.seconds)}"
        )

    def _when(self) -> str:
        same = self.done_at.date() == datetime.fromtimestamp(self.now, UTC).date()
        return f"{self.done_at:%H:%M} UTC" if same else f"{self.done_at:%Y-%m-%d %H:%M} UTC"


def plan(
    client: Client,
    organisation: Organisation,
    known_heads: Mapping[str, str],
    *,
    workers: int = 4,
    limits: Limits | None = None,
    requests_each: int = REQUESTS_EACH,
    workflows: int = 0,
    left: Mapping[str, Any] | None = None,
    last: Spent | None = None,
) -> Plan:
    """What :func:`~collectors.github.collecting.collect` would cost.

    Each repository that has to be fetched takes up to ``requests_each`` REST calls; ``workflows`` are known already. With ``known_heads`` the heads of
    all repositories are listed (a point for a hundred of them); without, all are taken for changed, and nothing but the limits is asked for, or
    not even those where ``left`` holds what :meth:`Client.greet` just said. How long it takes is told by what the ``last`` one took, or else by the size
    of the repositories. Raises :class:`~collectors.github.errors.GitHubError`.
    """
    limits = limits or Limits()
    count = changed = organisation.repositories
    if known_heads:
        try:
            count, changed = _heads(client, organisation, known_heads, limits)
        except Refused as refused:
            raise GitHubError(f"{client.server.host} refuses to list {organisation.login} ({refused}).") from None
        left = None
    left = client.greet() if left is None else left
    pages = ceil(count / queries.PAGE) or 1
    batches = ceil(changed / queries.DETAILS)
    # Known ones are asked about with their page of repositories, new ones with those that are fetched at the same time.
    known_flows = pages + workflows // queries.WORKFLOWS if workflows else 0
    new_flows = ceil(changed / workers)
    rest = ceil(count / 100) + changed * requests_each
    asked = pages + batches + known_flows + new_flows + 1
    now = client.governor.clock.now()
    return Plan(
        organisation=organisation.login,
        repositories=count,
        clones=changed,
        rest_calls=rest,
        graphql_queries=asked,
        points=pages * POINTS_PER_PAGE + batches * POINTS_PER_DETAILS + known_flows * POINTS_PER_WORKFLOWS + new_flows + 1,
        seconds=_seconds(asked, rest, changed, organisation, workers) * _pace(last, organisation, workers),
        rest=_budget(left, "core", now),
        graphql=_budget(left, "graphql", now),
        now=now,
        spent_points=client.governor.meter.points,
        member=organisation.member,
    )


def _seconds(graphql_queries: int, rest_calls: int, clones: int, organisation: Organisation, workers: int) -> float:
    """How long that takes by the rough figures; REST is asked while git fetches."""
    mb_each = organisation.disk_kb / 1_000 / max(1, organisation.repositories)
    each = SECONDS_PER_CLONE + SECONDS_PER_MB * mb_each
    return graphql_queries * SECONDS_PER_QUERY + (rest_calls * SECONDS_PER_REQUEST + clones * each) / workers


def _pace(last: Spent | None, organisation: Organisation, workers: int) -> float:
    """How many times as long as by the rough figures the last collection took."""
    if last is None:
        return 1.0
    roughly = _seconds(last.graphql_queries, last.rest_calls, last.clones, organisation, workers)
    return min(max(last.seconds / roughly, _FASTEST), _SLOWEST)


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


def _budget(left: Mapping[str, Any], resource: str, now: float) -> Budget | None:
    window = left.get(resource)
    if not isinstance(window, dict) or "remaining" not in window:
        return None
    remaining = int(window["remaining"])
    return Budget(remaining, int(window.get("limit", remaining)), max(0.0, float(window.get("reset", 0)) - now))


FEW = 3
"""Repositories after which it may be said how long the others will take."""


def progress(governor: Governor, done: int, of: int, seconds: float) -> str:
    """How far a collection is after some seconds, what it has cost, what is left, and how long it will go on, in one line."""
    meter = governor.meter
    parts = [
        f"{done:,} of {of:,} repositories",
        f"{_counted(meter.rest, 'REST call', 'REST calls')}{_still(governor, 'core')}",
        f"{_counted(meter.points, 'GraphQL point', 'GraphQL points')}{_still(governor, 'graphql')}",
    ]
    if FEW <= done < of:
        parts.append(f"about {duration(seconds / done * (of - done))} to go")
    return ", ".join(parts)


def _still(governor: Governor, resource: str) -> str:
    window = governor.windows.get(resource)
    return f" ({window.remaining:,} left)" if window else ""


def _left(budget: Budget | None) -> str:
    return "no limit known" if budget is None else f"{budget.left:,} left"


def duration(seconds: float) -> str:
    """Some seconds, roughly, for people."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:.1f} h"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
