"""Lists an organisation: its repositories with their settings, its teams, and what changed since the last time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote

from collectors.github import queries, settings
from collectors.github.asking import Node, Parts, Told, ask
from collectors.github.client import Client, GraphQLAnswer
from collectors.github.errors import GitHubError, Refused, TooMuch
from rungwise.model import Signal

_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that this token may look at."""

    login: str
    repositories: int
    """How many of them this token sees."""
    disk_kb: int
    member: bool
    """Whether the token is a member's or an installed App's; everybody else sees public repositories only."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository as the listing tells it. ``id`` stays through renames and transfers; sizes in kB."""

    id: str
    name: str
    branch: str | None
    head: str | None
    committed_at: datetime | None
    seen_at: datetime
    """The last push, else when it was made: a date for a repository without a commit."""
    disk_kb: int
    admin: bool
    archived: bool
    disabled: bool
    empty: bool
    signals: tuple[Signal, ...]
    classic_unseen: bool
    """Whether this token cannot see if the default branch has a classic rule."""
    runs: Mapping[str, Sequence[Node]] = field(default_factory=dict)
    """Those of workflows at the head, by the ids of the workflows."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A repository of which nothing came back, or nothing that can be used; the reason is a sentence."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Detail:
    """What only changes with the code."""

    activity: tuple[Signal, ...] | None
    """``None`` where GitHub did not tell."""
    signals: tuple[Signal, ...]

    @classmethod
    def unanswered(cls) -> Detail:
        """Nothing at all."""
        return cls(
            None,
            tuple(
                settings.unread(name, settings.NO_ANSWER) for name in (settings.ACTIVITY, settings.REVIEWS, "codeowners-errors")
            ),
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is asked once for all repositories: who may do what, security settings, by repository id; and what could not be asked."""

    teams: Mapping[str, Sequence[settings.Access]] = field(default_factory=dict)
    teams_unread: str = ""
    security: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    security_unread: str = ""

    def of(self, repository: str) -> list[Signal]:
        """The signals of one repository."""
        told = settings.about_security(self.security.get(repository), self.security_unread) + settings.about_teams(
            self.teams.get(repository, ())
        )
        return [*told, settings.unread("team", self.teams_unread)] if self.teams_unread else told


def find_organisation(client: Client, login: str) -> Organisation:
    """Look the organisation up. Raises :class:`GitHubError` where there is none of that name, or where it is a person."""
    if not _LOGIN.fullmatch(login):
        raise GitHubError(
            f"{login[:100]!r} is no name of an organisation. Give it as it stands in the address: {client.server.git}/NAME."
        )
    try:
        answer = client.graphql(queries.OWNER, {"login": login})
    except Refused as refused:
        raise GitHubError(f"{client.server.host} refuses to tell about {login} ({refused}).") from None
    owner = answer.data.get("repositoryOwner")
    if not owner:
        forbidden = next(
            (str(error.get("message")) for error in answer.errors if error.get("type") not in (None, "NOT_FOUND")), ""
        )
        if forbidden:
            raise GitHubError(f"The token may not look at {login}: {client.scrub(' '.join(forbidden.split())[:300])}")
        raise GitHubError(
            f"There is no organisation called {login} on {client.server.host}, or this token may not know of it. Check the spelling."
        )
    if owner["__typename"] != "Organization":
        raise GitHubError(f"{owner['login']} is a person's account and no organisation. Give the name of an organisation.")
    repositories = owner.get("repositories") or {}
    return Organisation(
        str(owner["login"]),
        int(repositories.get("totalCount") or 0),
        int(repositories.get("totalDiskUsage") or 0),
        bool(owner.get("viewerIsAMember")) or client.login.app,
    )


def list_repositories(client: Client, organisation: str) -> Iterator[list[Listed | Lost]]:
    """All repositories, a page at a time, each one once. Raises :class:`GitHubError` where a page cannot be had."""
    parts = Parts(queries.LISTING)
    size, after, seen = queries.PAGE, None, set[str]()
    while True:
        variables = {"organization": organisation, "first": size, "after": after}
        try:
            batch = ask(client, queries.listing, parts, variables, lambda data: _repositories(data).get("nodes"))
        except TooMuch as error:
            if size == 1:
                raise GitHubError(
                    f"{client.server.host} cannot list {organisation}, not even one repository at a time ({error}). Try again later."
                ) from None
            size //= 2
            continue
        except Refused as refused:
            raise GitHubError(f"{client.server.host} refuses to list {organisation} ({refused}).") from None
        if batch.told is None:
            said = next((str(error.get("message")) for error in batch.answer.errors), "no data")
            raise GitHubError(f"{client.server.host} does not list {organisation}: {client.scrub(' '.join(said.split())[:300])}")
        now = datetime.fromtimestamp(client.governor.clock.now(), UTC)
        page: list[Listed | Lost] = [_listed(told, now) for told in batch.told if told.node["id"] not in seen]
        seen |= {told.node["id"] for told in batch.told}
        page += [Lost(f"a repository of {organisation}", "GitHub listed it without telling anything about it.")] * batch.lost
        yield page
        pages = _repositories(batch.answer.data)["pageInfo"]
        if not pages["hasNextPage"] or pages["endCursor"] == after:
            return
        after = pages["endCursor"]
        size = min(queries.PAGE, size * 2)


def list_heads(client: Client, organisation: str) -> Iterator[Node]:
    """The bare minimum for a plan: id, name, size and head of every repository, a hundred at a time."""
    after = None
    while True:
        answer = client.graphql(queries.HEADS, {"organization": organisation, "first": 100, "after": after})
        told = _repositories(answer.data)
        yield from settings.nodes(told)
        pages = told.get("pageInfo") or {}
        if not pages.get("hasNextPage") or pages["endCursor"] == after:
            return
        after = pages["endCursor"]


def _repositories(data: Mapping[str, Any]) -> Mapping[str, Any]:
    return (data.get("organization") or {}).get("repositories") or {}


def _listed(told: Told, now: datetime) -> Listed | Lost:
    node, lacking = told.node, told.lacking
    name = str(node["nameWithOwner"])
    if not _NAME.fullmatch(name):
        return Lost(repr(name[:200]), "Its name is none that a repository can have.")
    branch = node.get("defaultBranchRef") or {}
    target = branch.get("target") or {}
    head = target.get("oid")
    if head is not None and not COMMIT.fullmatch(str(head)):
        return Lost(name, "Its head is no commit id.")
    committed = target.get("committedDate")
    signals = settings.about_repository(node, lacking, now)
    classic = settings.classic_in(node, lacking)
    if branch:
        signals += settings.about_branch(str(branch["name"]), settings.rulesets_in(node, lacking), classic)
    return Listed(
        id=str(node["id"]),
        name=name,
        branch=branch.get("name"),
        head=head,
        committed_at=_moment(committed) if committed else None,
        seen_at=_moment(node.get("pushedAt") or node["createdAt"]),
        disk_kb=int(node.get("diskUsage") or 0),
        admin=bool(node.get("viewerCanAdminister")),
        archived=bool(node.get("isArchived")),
        disabled=bool(node.get("isDisabled") or node.get("isLocked")),
        empty=bool(node.get("isEmpty")) or head is None,
        signals=tuple(signals),
        classic_unseen=isinstance(classic, str),
        runs=settings.runs_at_head(node),
    )


def look_around(client: Client, organisation: str, *, sample: bool = False) -> Surroundings:
    """Ask what is told for all repositories at once, or (``sample``) for the first hundred. What may not be seen is left out, and said."""
    security: dict[str, Mapping[str, Any]] = {}
    security_unread = ""
    try:
        sort = {"sort": "full_name"} if sample else {}
        for page in islice(client.pages(f"/orgs/{quote(organisation)}/repos", type="all", **sort), 1 if sample else None):
            security |= {entry["node_id"]: entry for entry in page if isinstance(entry, dict) and "node_id" in entry}
    except Refused as refused:
        # The pages before stand; the repositories of the others say for themselves that nothing was to be seen.
        security_unread = settings.NEEDS_ADMIN if refused.status in (403, 404) else settings.NO_ANSWER
    teams, unread = _teams(client, organisation, sample=sample)
    return Surroundings(teams, unread, security, security_unread)


def _teams(client: Client, organisation: str, *, sample: bool) -> tuple[dict[str, list[settings.Access]], str]:
    found: dict[str, list[settings.Access]] = defaultdict(list)
    after = None
    try:
        while True:
            answer = client.graphql(queries.ALL_TEAMS, {"organization": organisation, "after": after})
            teams = (answer.data.get("organization") or {}).get("teams")
            if teams is None:
                return {}, _why_no_teams(answer)
            for team in () if sample else settings.nodes(teams):
                _add_accesses(client, organisation, team, found)
            if sample or not teams["pageInfo"]["hasNextPage"]:
                return dict(found), ""
            after = teams["pageInfo"]["endCursor"]
    except Refused as refused:
        return {}, "needs members:read" if refused.status in (403, 404) else settings.NO_ANSWER


def _why_no_teams(answer: GraphQLAnswer) -> str:
    refused = any(
        error.get("type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES") or "not accessible" in str(error) for error in answer.errors
    )
    return "needs members:read" if refused or not answer.errors else settings.NO_ANSWER


def _add_accesses(client: Client, organisation: str, team: Node, found: dict[str, list[settings.Access]]) -> None:
    connection = team["repositories"]
    while connection:
        for edge in connection["edges"] or ():
            if edge and edge.get("node"):
                found[edge["node"]["id"]].append(settings.Access(team["slug"], team["name"], str(edge["permission"]).lower()))
        if not connection["pageInfo"]["hasNextPage"]:
            return
        variables = {"organization": organisation, "team": team["slug"], "after": connection["pageInfo"]["endCursor"]}
        told = client.graphql(queries.ONE_TEAM, variables).data
        connection = ((told.get("organization") or {}).get("team") or {}).get("repositories")


def ask_details(client: Client, repositories: Sequence[Listed]) -> dict[str, Detail]:
    """What only changes with the code, by repository id. What GitHub does not tell is missing, or said to be."""
    found: dict[str, Detail] = {}
    parts = Parts(queries.DETAIL)
    todo = [repositories[start : start + queries.DETAILS] for start in range(0, len(repositories), queries.DETAILS)]
    while todo:
        batch = todo.pop(0)
        try:
            told = ask(client, queries.details, parts, {"ids": [one.id for one in batch]}, lambda data: data.get("nodes"))
        except TooMuch:
            if len(batch) > 1:
                middle = len(batch) // 2
                todo[:0] = [batch[:middle], batch[middle:]]
            continue
        except Refused:
            continue
        for one in told.told or ():
            found[one.node["id"]] = _detail(client, one)
    return found


def _detail(client: Client, told: Told) -> Detail:
    node, lacking = told.node, told.lacking
    signals = [] if "codeowners" in lacking else settings.about_codeowners(node.get("codeowners"))
    signals += [settings.unread("codeowners-errors", lacking["codeowners"])] if "codeowners" in lacking else []
    if "reviews" in lacking:
        signals.append(settings.unread(settings.REVIEWS, lacking["reviews"]))
    else:
        signals += settings.about_reviews(settings.nodes(node.get("pullRequests")))
    history = ((node.get("defaultBranchRef") or {}).get("target") or {}).get("history")
    if history is None:
        return Detail(None, (*signals, settings.unread(settings.ACTIVITY, lacking.get("activity", settings.NO_ANSWER))))
    return Detail(tuple(_activity(client, str(node["id"]), history)), tuple(signals))


_PAGES_OF_COMMITS = 10


def _activity(client: Client, repository: str, history: Node) -> list[Signal]:
    """The activity, from further pages too as long as they could change what follows from it: two authors, three days."""
    commits, total = settings.nodes(history), int(history["totalCount"])
    for _ in range(_PAGES_OF_COMMITS):
        found = settings.about_activity(commits, total)
        told = {signal.name: signal.value for signal in found}
        pages = history["pageInfo"]
        if not found or not pages["hasNextPage"] or not _open(told, commits):
            return found
        try:
            answer = client.graphql(queries.EARLIER_COMMITS, {"id": repository, "after": pages["endCursor"]})
        except Refused:
            return found
        target = ((answer.data.get("node") or {}).get("defaultBranchRef") or {}).get("target") or {}
        if not (more := target.get("history")):
            return found
        history, commits = more, commits + settings.nodes(more)
    return settings.about_activity(commits, total)


def _open(told: Mapping[str, str], commits: Sequence[Node]) -> bool:
    covered = (_moment(commits[0]["committedDate"]) - _moment(commits[-1]["committedDate"])).days >= 90
    return int(told["commit-days"]) < 3 or (int(told["authors-90-days"]) < 2 and not covered)


def ask_rest(client: Client, listed: Listed) -> Iterator[Signal]:
    """What only REST tells about one repository."""
    if listed.classic_unseen and listed.branch:
        with suppress(Refused):
            told = client.get(f"/repos/{quote(listed.name)}/branches/{quote(listed.branch, safe='')}")
            yield settings.protected(told if isinstance(told, dict) else {"protected": True})
    if not listed.admin and not client.may("administration"):
        yield settings.unread(settings.CODE_SCANNING, settings.NEEDS_ADMIN)
        return
    try:
        told = client.get(f"/repos/{quote(listed.name)}/code-scanning/default-setup")
        state = told.get("state") if isinstance(told, dict) else None
        if state in ("configured", "not-configured"):
            yield settings.setting(settings.CODE_SCANNING, state)
        else:
            yield settings.unread(settings.CODE_SCANNING, settings.NO_ANSWER)
    except Refused as refused:
        if refused.status == 403 and "must be enabled" in str(refused).lower():
            yield settings.setting(settings.CODE_SCANNING, "not-configured")
        else:
            yield settings.unread(
                settings.CODE_SCANNING, settings.NEEDS_ADMIN if refused.status in (403, 404) else settings.NO_ANSWER
            )


def where_now(client: Client, repository: Listed) -> str | None:
    """The name that a repository goes by now; ``None`` where it is gone, or hidden from this token."""
    try:
        node = client.graphql(queries.STILL_THERE, {"id": repository.id}).data.get("node")
    except Refused:
        return None
    name = str((node or {}).get("nameWithOwner") or "")
    return name if _NAME.fullmatch(name) else None


def whereabouts(client: Client, ids: Sequence[str]) -> dict[str, str | None]:
    """The names that repositories go by now, by id; ``None`` where one is gone or hidden from this token. What GitHub did not tell is missing."""
    found: dict[str, str | None] = {}
    for start in range(0, len(ids), 100):
        asked = list(ids[start : start + 100])
        with suppress(Refused):
            answer = client.graphql(queries.NAMES, {"ids": asked})
            missing = {step for error in answer.errors if error.get("type") == "NOT_FOUND" for step in error.get("path") or ()}
            for index, (one, node) in enumerate(zip(asked, answer.data.get("nodes") or (), strict=False)):
                name = str((node or {}).get("nameWithOwner") or "")
                if _NAME.fullmatch(name) or index in missing:
                    found[one] = name or None
    return found


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
