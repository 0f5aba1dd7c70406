"""A GitHub of our own on the loopback, for tests: REST, GraphQL and git over HTTP, as GitHub Enterprise Server lays them out.

It cannot drift from GitHub unnoticed: GraphQL is executed on GitHub's own schema, and each REST answer is checked against GitHub's own
description before it is sent. Contents are real git repositories, served by git itself. Faults are injected by tests.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import subprocess
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jsonschema
import jwt
import pygit2
from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
    build_schema,
    graphql_sync,
    parse,
    validate,
)

from tests.collectors.github.schemas.make import GRAPHQL, REST

TOKEN = "ghs_a-token-that-nobody-may-see"
NOW = 1_790_000_000.0


class FakeClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.time = NOW
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@dataclass
class App:
    """A GitHub App, by the public half of its key (PEM), with the tokens that it was given and the moments at which they end."""

    id: str
    installation: str
    key: bytes
    tokens: dict[str, float] = field(default_factory=dict)
    permissions: dict[str, str] = field(default_factory=lambda: {"metadata": "read", "contents": "read"})


@dataclass
class Run:
    """One run of a workflow."""

    created: str
    conclusion: str | None = "SUCCESS"
    branch: str | None = "main"
    event: str = "push"


@dataclass
class Flow:
    """A workflow as GitHub knows it; its newest run comes first."""

    runs: list[Run] = field(default_factory=list)
    state: str = "ACTIVE"
    created: str = "2020-01-01T00:00:00Z"


@dataclass
class Repo:
    """One repository as GitHub knows it; ``git`` is the bare repository that holds its contents."""

    name: str
    git: Path | None
    admin: bool = True
    visibility: str = "PRIVATE"
    flags: frozenset[str] = frozenset()
    description: str | None = None
    topics: tuple[str, ...] = ()
    classic: dict[str, Any] | None = None
    rules: list[dict[str, Any]] = field(default_factory=list)
    environments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    deployments: dict[str, str] = field(default_factory=dict)
    """When each environment was deployed to last; those that are missing never were."""
    workflows: dict[str, Flow] = field(default_factory=dict)
    """By path."""
    alerts: bool = False
    security: dict[str, str] | None = None
    properties: dict[str, str] = field(default_factory=dict)
    pulls: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    codeowners_errors: list[str] | None = None
    teams: dict[str, str] = field(default_factory=dict)
    default_setup: str = "not-configured"
    disk_kb: int = 100
    moves: list[tuple[str, str, str]] | None = None
    """How the default branch was moved, newest first: when, from which commit and to which; ``None`` where nobody may see it."""
    id: str = ""
    moved_to: str | None = None
    """The name under which git and REST find it since it was listed."""
    deleted: bool = False

    def __post_init__(self) -> None:
        self.id = self.id or f"R_{self.name.replace('/', '_')}"

    @property
    def repository(self) -> pygit2.Repository:
        return pygit2.Repository(str(self.git))

    @property
    def head(self) -> str | None:
        if self.git is None or self.repository.head_is_unborn:
            return None
        return str(self.repository.head.target)


@dataclass(frozen=True)
class Request:
    """What was asked: ``rest``, ``graphql`` or ``git``; ``text`` is the path, or the name of the query."""

    kind: str
    text: str
    points: int = 0
    at: float = 0.0
    authorization: str = ""


@dataclass(frozen=True)
class Reply:
    """An answer as it goes out. ``cut``: bytes that are announced and never sent; ``stall``: seconds until the body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int = 0
    drip: float = 0.0

    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Fault:
    """``reply`` in place of the answer to the next ``times`` requests that ``of`` picks, after ``after`` of them went well."""

    of: Callable[[Request], bool]
    reply: Reply | Callable[[], Reply | None]
    times: int = 1
    after: int = 0


@cache
def schema() -> GraphQLSchema:
    return build_schema(GRAPHQL.read_text())


@cache
def rest_slice() -> Any:
    return json.loads(REST.read_text())


@cache
def rest_checker(path: str) -> Any:
    slice_ = rest_slice()
    return jsonschema.Draft7Validator({**slice_["paths"][path], "$defs": slice_["$defs"]})


class StandIn:
    """See the module. ``lacking`` are the permissions that the token was not given, by the names of fine-grained tokens."""

    def __init__(self, served: Path, clock: FakeClock) -> None:
        self.served, self.clock = served, clock
        self.organisation, self.people = "acme", {"ada"}
        self.repos: list[Repo] = []
        self.team_names = {"shop-team": "Shop team", "platform": "Platform"}
        self.member = True
        self.lacking: set[str] = set()
        self.requests: list[Request] = []
        self.faults: list[Fault] = []
        self.left = {"core": 5000, "graphql": 5000}
        self.resets = {"core": NOW + 3600, "graphql": NOW + 3600}
        self.lock = threading.RLock()
        self.origin = ""
        self.app: App | None = None

    @contextmanager
    def running(self) -> Iterator[StandIn]:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler_for(self))
        server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    @property
    def environment(self) -> dict[str, str]:
        return {"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": f"{self.origin}/api/v3"}

    def add(self, repo: Repo) -> Repo:
        """Serve a repository by git under its name."""
        if repo.git is not None:
            target = self.served / f"{repo.name}.git"
            target.parent.mkdir(parents=True, exist_ok=True)
            if repo.git.resolve() != target.resolve():
                shutil.copytree(repo.git, target)
                repo.git = target
            for key in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
                repo.repository.config[key] = "true"
        self.repos.append(repo)
        return repo

    def count(self, kind: str, text: str = "") -> int:
        return sum(1 for request in self.requests if request.kind == kind and text in request.text)

    def fail(
        self, of: Callable[[Request], bool], reply: Reply | Callable[[], Reply | None], *, times: int = 1, after: int = 0
    ) -> None:
        self.faults.append(Fault(of, reply, times, after))

    def faulty(self, request: Request) -> Reply | None:
        with self.lock:
            self.requests.append(request)
            for fault in self.faults:
                if fault.of(request) and fault.times > 0:
                    if fault.after > 0:
                        fault.after -= 1
                        continue
                    fault.times -= 1
                    return fault.reply() if callable(fault.reply) else fault.reply
        return None

    def find(self, name: str) -> Repo | None:
        return next((repo for repo in self.repos if repo.name.lower() == name.lower() and not repo.deleted), None)

    def takes(self, token: str) -> bool:
        """Whether a token holds."""
        return token == TOKEN or bool(self.app and self.clock.now() < self.app.tokens.get(token, 0))

    def trade(self, path: str, authorization: str) -> Reply:
        """A token of an installation for what its App signed."""
        match = re.fullmatch(r"/app/installations/([^/]+)/access_tokens", path)
        if match is None:
            return Reply(404, {"message": "Not Found"})
        try:
            assert self.app is not None
            claims = jwt.decode(authorization.removeprefix("Bearer "), self.app.key, ["RS256"], options={"verify_sub": False})
        except (jwt.PyJWTError, AssertionError):
            return Reply(401, {"message": "A JSON web token could not be decoded"})
        if claims["iss"] != self.app.id or claims["exp"] - claims["iat"] > 600:
            return Reply(401, {"message": "'Issuer' claim ('iss') must be an Integer"})
        if match[1] != self.app.installation:
            return Reply(404, {"message": "Not Found"})
        token = f"ghs_installation-{len(self.app.tokens) + 1}"
        self.app.tokens[token] = self.clock.now() + 3600
        body = {"token": token, "expires_at": moment(self.clock.now() + 3600), "permissions": self.app.permissions}
        return self._checked("/app/installations/{installation_id}/access_tokens", Reply(201, body))

    # REST

    def rest(self, path: str, query: Mapping[str, list[str]]) -> Reply:
        if path == "/rate_limit":
            window = {name: self._window(name) for name in ("core", "graphql")}
            resources = window | {"search": self._window("core")}
            return self._checked("/rate_limit", Reply(200, {"resources": resources, "rate": window["core"]}))
        if match := re.fullmatch(r"/orgs/([^/]+)/repos", path):
            return self._repos(match[1], query)
        if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/branches/([^/]+)", path):
            repo = self.find(match[1])
            if repo is None or "contents:read" in self.lacking:
                return Reply(404, {"message": "Not Found"})
            return self._checked("/repos/{owner}/{repo}/branches/{branch}", Reply(200, self._branch(repo, unquote(match[2]))))
        if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/activity", path):
            repo = self.find(match[1])
            if repo is None or repo.moves is None:
                return Reply(404, {"message": "Not Found"})
            return self._checked("/repos/{owner}/{repo}/activity", self._activity(repo, repo.moves, query))
        if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/actions/workflows", path):
            repo = self.find(match[1])
            if repo is None:
                return Reply(404, {"message": "Not Found"})
            if "actions:read" in self.lacking:
                return Reply(403, {"message": "Resource not accessible by personal access token"})
            return self._checked("/repos/{owner}/{repo}/actions/workflows", Reply(200, self._workflows(repo)))
        if match := re.fullmatch(r"/repos/([^/]+/[^/]+)/code-scanning/default-setup", path):
            repo = self.find(match[1])
            if repo is None:
                return Reply(404, {"message": "Not Found"})
            if not repo.admin or "administration:read" in self.lacking:
                return Reply(403, {"message": "Resource not accessible by personal access token"})
            return self._checked(
                "/repos/{owner}/{repo}/code-scanning/default-setup", Reply(200, {"state": repo.default_setup, "languages": []})
            )
        return Reply(404, {"message": "Not Found"})

    def _workflows(self, repo: Repo) -> dict[str, Any]:
        url = f"{self.origin}/api/v3/repos/{repo.name}/actions/workflows"
        listed = [
            {
                "id": number, "node_id": f"W_{repo.id}:{path}", "name": path, "path": path, "state": flow.state.lower(), "url": url, "html_url": url,
                "badge_url": url, "created_at": flow.created, "updated_at": flow.created,
            }
            for number, (path, flow) in enumerate(repo.workflows.items())
        ]  # fmt: skip
        return {"total_count": len(listed), "workflows": listed}

    def _window(self, name: str) -> dict[str, int]:
        return {"limit": 5000, "remaining": self.left[name], "reset": int(self.resets[name]), "used": 5000 - self.left[name]}

    def _repos(self, organisation: str, query: Mapping[str, list[str]]) -> Reply:
        size, page = int(query.get("per_page", ["30"])[0]), int(query.get("page", ["1"])[0])
        there = [repo for repo in self.repos if not repo.deleted]
        shown = there[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(there):
            headers["Link"] = f'<{self.origin}/api/v3/orgs/{organisation}/repos?per_page={size}&page={page + 1}>; rel="next"'
        return self._checked("/orgs/{org}/repos", Reply(200, [self._minimal(repo) for repo in shown], headers))

    def _minimal(self, repo: Repo) -> dict[str, Any]:
        url = f"{self.origin}/api/v3/repos/{repo.name}"
        required = rest_slice()["$defs"]["minimal-repository"]["required"]
        told: dict[str, Any] = {name: f"{url}/x" for name in required if name.endswith("url")}
        told |= {
            "id": abs(hash(repo.id)) % 10**8, "node_id": repo.id, "name": repo.name.split("/")[1], "full_name": repo.name,
            "owner": self._user(self.organisation), "private": repo.visibility != "PUBLIC", "description": repo.description,
            "fork": "FORK" in repo.flags, "custom_properties": repo.properties,
        }  # fmt: skip
        if repo.security is not None and repo.admin and "administration:read" not in self.lacking:
            told["security_and_analysis"] = {key: {"status": status} for key, status in repo.security.items()}
        return told

    def _user(self, login: str) -> dict[str, Any]:
        required = rest_slice()["$defs"]["simple-user"]["required"]
        told: dict[str, Any] = {name: f"{self.origin}/{login}" for name in required if name.endswith("url")}
        return told | {"login": login, "id": 1, "node_id": "O_1", "gravatar_id": "", "type": "Organization", "site_admin": False}

    def _branch(self, repo: Repo, branch: str) -> dict[str, Any]:
        assert repo.head
        url = f"{self.origin}/api/v3/repos/{repo.name}"
        person = {"name": "Ada", "email": "ada@example.org", "date": "2026-01-01T00:00:00Z"}
        commit = {
            "url": url, "sha": repo.head, "node_id": "C_1", "html_url": url, "comments_url": url,
            "commit": {"url": url, "author": person, "committer": person, "message": "x", "comment_count": 0, "tree": {"sha": repo.head, "url": url}},
            "author": None, "committer": None, "parents": [],
        }  # fmt: skip
        contexts = (repo.classic or {}).get("requiredStatusCheckContexts") or []
        checks = {"enforcement_level": "non_admins" if contexts else "off", "contexts": contexts, "checks": []}
        return {
            "name": branch, "commit": commit, "_links": {"html": url, "self": url}, "protected": repo.classic is not None or bool(repo.rules),
            "protection": {"enabled": repo.classic is not None, "required_status_checks": checks}, "protection_url": f"{url}/protection",
        }  # fmt: skip

    def _activity(self, repo: Repo, moves: Sequence[tuple[str, str, str]], query: Mapping[str, list[str]]) -> Reply:
        assert query["ref"] == ["refs/heads/main"]
        size, start = int(query["per_page"][0]), int(query.get("after", ["0"])[0])
        told = [
            {
                "id": number, "node_id": f"A_{number}", "before": before, "after": after, "ref": "refs/heads/main", "timestamp": when,
                "activity_type": "push", "actor": self._user("ada"),
            }
            for number, (when, before, after) in enumerate(moves)
        ]  # fmt: skip
        following = f"{self.origin}/api/v3/repos/{repo.name}/activity?ref=refs/heads/main&per_page={size}&after={start + size}"
        headers = {"Link": f'<{following}>; rel="next"'} if start + size < len(told) else {}
        return Reply(200, told[start : start + size], headers)

    def _checked(self, path: str, reply: Reply) -> Reply:
        rest_checker(path).validate(reply.body)
        return reply

    # GraphQL

    def graphql(self, query: str, variables: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        document = parse(query)
        if errors := validate(schema(), document):
            raise AssertionError(f"GitHub would refuse this query: {errors[0].message}")
        cost = points(document.definitions[0].selection_set, variables)  # type: ignore[attr-defined]
        result = graphql_sync(
            schema(),
            query,
            {"rateLimit": {"cost": cost, "remaining": self.left["graphql"]}, **self._root()},
            variable_values=dict(variables),
        )
        told: dict[str, Any] = {"data": result.data}
        if result.errors:
            told["errors"] = [
                {"type": (error.extensions or {}).get("type", "INTERNAL"), "path": error.path, "message": error.message}
                for error in result.errors
            ]
            unexpected = [
                error for error in result.errors if error.original_error and not isinstance(error.original_error, GraphQLError)
            ]
            assert not unexpected, unexpected
        return told, cost

    def _root(self) -> dict[str, Any]:
        return {
            "repositoryOwner": lambda info, login: self._owner(login),
            "organization": lambda info, login: self._organisation(login),
            "nodes": lambda info, ids: [self._node_or_error(one) for one in ids],
            "node": lambda info, id: self._node(id),
        }

    def _owner(self, login: str) -> dict[str, Any] | None:
        if login.lower() in self.people:
            return {"__typename": "User", "login": login}
        return self._organisation(login, quiet=True)

    def _organisation(self, login: str, *, quiet: bool = False) -> dict[str, Any] | None:
        if login.lower() != self.organisation:
            if quiet:
                return None
            raise GraphQLError(
                f"Could not resolve to an Organization with the login of '{login}'.", extensions={"type": "NOT_FOUND"}
            )
        return {
            "__typename": "Organization", "login": self.organisation, "viewerIsAMember": self.member,
            "repositories": self._listing, "teams": self._teams, "team": lambda info, slug: self._team(slug),
        }  # fmt: skip

    def _listing(self, info: Any, first: int, after: str | None = None, **_: Any) -> dict[str, Any]:
        there = sorted((repo for repo in self.repos if not repo.deleted), key=lambda repo: repo.name.lower())
        shown, page = window(there, first, after)
        return {
            "totalCount": len(there), "totalDiskUsage": sum(repo.disk_kb for repo in there), "pageInfo": page,
            "nodes": [self._repository(repo) for repo in shown],
        }  # fmt: skip

    def _workflow(self, id_: str) -> dict[str, Any] | None:
        of, _, path = id_.removeprefix("W_").partition(":")
        repo = next((repo for repo in self.repos if repo.id == of and not repo.deleted), None)
        flow = repo.workflows.get(path) if repo else None
        if flow is None:
            return None
        if "actions:read" in self.lacking:
            raise GraphQLError("Resource not accessible by personal access token", extensions={"type": "FORBIDDEN"})

        def suite(run: Run) -> dict[str, Any]:
            return {
                "status": "COMPLETED" if run.conclusion else "IN_PROGRESS", "conclusion": run.conclusion,
                "branch": {"name": run.branch} if run.branch else None,
            }  # fmt: skip

        def runs(info: Any, first: int, **_: Any) -> dict[str, Any]:
            found = [
                {"createdAt": run.created, "event": run.event, "checkSuite": self._needs("checks:read", suite(run))}
                for run in flow.runs
            ]
            return {"nodes": found[:first]}

        return {"__typename": "Workflow", "id": id_, "state": flow.state, "createdAt": flow.created, "runs": runs}

    def _node_or_error(self, id_: str) -> dict[str, Any] | GraphQLError | None:
        """One that is missing is an error of its own, beside those that are there."""
        try:
            return self._node(id_)
        except GraphQLError as error:
            return error

    def _node(self, id_: str) -> dict[str, Any] | None:
        if id_.startswith("W_") and (workflow := self._workflow(id_)):
            return workflow
        repo = next((repo for repo in self.repos if repo.id == id_ and not repo.deleted), None)
        if repo is None:
            raise GraphQLError(f"Could not resolve to a node with the global id of '{id_}'.", extensions={"type": "NOT_FOUND"})
        return self._repository(repo)

    def _needs(self, permission: str, value: Any) -> Callable[..., Any]:
        def resolve(info: Any, **arguments: Any) -> Any:
            if permission in self.lacking:
                raise GraphQLError("Resource not accessible by personal access token", extensions={"type": "FORBIDDEN"})
            return value(**arguments) if callable(value) else value

        return resolve

    def _repository(self, repo: Repo) -> dict[str, Any]:
        admin = repo.admin and "administration:read" not in self.lacking
        return {
            "__typename": "Repository", "id": repo.id, "nameWithOwner": repo.moved_to or repo.name, "description": repo.description,
            "visibility": repo.visibility, "diskUsage": repo.disk_kb, "createdAt": "2020-01-01T00:00:00Z", "pushedAt": "2026-05-01T00:00:00Z",
            "viewerCanAdminister": admin, "hasVulnerabilityAlertsEnabled": repo.alerts and admin,
            **{f"is{flag}": flag.upper() in repo.flags for flag in ("Archived", "Disabled", "Fork", "Locked", "Template")},
            "isEmpty": repo.head is None,
            "environments": self._needs("actions:read", lambda first: self._environments(repo, first)),
            "repositoryTopics": {"nodes": [{"topic": {"name": topic}} for topic in repo.topics]},
            "defaultBranchRef": self._branch_ref(repo, admin) if repo.head else None,
            "pullRequests": self._needs("pull_requests:read", lambda first, **_: {"nodes": self._pulls(repo)[:first]}),
            "codeowners": None if repo.codeowners_errors is None else {"errors": [{"kind": kind} for kind in repo.codeowners_errors]},
        }  # fmt: skip

    def _environments(self, repo: Repo, first: int) -> dict[str, Any]:
        found = [
            {
                "name": name, "protectionRules": {"nodes": [{"type": kind} for kind in kinds]},
                "latestCompletedDeployment": self._needs(
                    "deployments:read", {"createdAt": repo.deployments[name]} if name in repo.deployments else None
                ),
            }
            for name, kinds in repo.environments.items()
        ]  # fmt: skip
        return {"totalCount": len(found), "nodes": found[:first]}

    def _branch_ref(self, repo: Repo, admin: bool) -> dict[str, Any]:
        return {
            "name": "main", "target": self._commit(repo, repo.head or "") | {"checkSuites": self._needs("checks:read", {"nodes": self._suites(repo)})},
            "branchProtectionRule": self._needs("classic", repo.classic if admin else None), "refUpdateRule": None,
            "rules": self._needs("metadata:read", {"nodes": repo.rules}),
        }  # fmt: skip

    def _suites(self, repo: Repo) -> list[dict[str, Any]]:
        """What ran at the head: of each workflow the newest run that is not one of a pull request, and what is no workflow."""
        found: list[dict[str, Any]] = [{"status": "QUEUED", "conclusion": None, "workflowRun": None}]
        for path, flow in repo.workflows.items():
            if run := next((run for run in flow.runs if run.branch == "main" and not run.event.startswith("pull_request")), None):
                told = {"createdAt": run.created, "event": run.event, "workflow": {"id": f"W_{repo.id}:{path}"}}
                status = "COMPLETED" if run.conclusion else "IN_PROGRESS"
                found.append({"status": status, "conclusion": run.conclusion, "workflowRun": told})
        return found

    def _commit(self, repo: Repo, oid: str) -> dict[str, Any]:
        commit = repo.repository[oid]
        assert isinstance(commit, pygit2.Commit)
        return {
            "__typename": "Commit", "id": oid, "oid": oid, "committedDate": moment(commit.commit_time),
            "author": {"name": commit.author.name, "email": commit.author.email},
            "history": lambda info, first, after=None: self._history(repo, oid, first, after),
        }  # fmt: skip

    def _history(self, repo: Repo, oid: str, first: int, after: str | None) -> dict[str, Any]:
        walked = [str(commit.id) for commit in repo.repository.walk(oid, pygit2.enums.SortMode.TIME)]
        shown, page = window(walked, first, after)
        return {"totalCount": len(walked), "pageInfo": page, "nodes": [self._commit(repo, one) for one in shown]}

    def _pulls(self, repo: Repo) -> list[dict[str, Any]]:
        def actor(login: str) -> dict[str, Any]:
            return {"__typename": "Bot" if login.endswith("[bot]") else "User", "login": login}

        return [
            {
                "mergedAt": "2026-03-01T00:00:00Z", "author": actor(author),
                "reviews": lambda info, first, **_: {"nodes": [{"author": actor(login)} for login in approvers[:first]]},
            }
            for author, approvers in repo.pulls
        ]  # fmt: skip

    def _teams(self, info: Any, first: int, after: str | None = None) -> dict[str, Any]:
        if "members:read" in self.lacking:
            raise GraphQLError("Resource not accessible by personal access token", extensions={"type": "FORBIDDEN"})
        shown, page = window(sorted(self.team_names), first, after)
        return {"pageInfo": page, "nodes": [self._team(slug) for slug in shown]}

    def _team(self, slug: str) -> dict[str, Any]:
        def repositories(info: Any, first: int, after: str | None = None) -> dict[str, Any]:
            there = [repo for repo in self.repos if slug in repo.teams and not repo.deleted]
            shown, page = window(there, first, after)
            return {
                "pageInfo": page,
                "edges": [{"permission": repo.teams[slug], "node": self._repository(repo)} for repo in shown],
            }

        return {"slug": slug, "name": self.team_names[slug], "repositories": repositories}


def window(there: Sequence[Any], first: int, after: str | None) -> tuple[Sequence[Any], dict[str, Any]]:
    """A page of a connection, and what it says about itself."""
    assert 1 <= first <= 100, "GitHub refuses to give more than a hundred"
    start = int(after) if after else 0
    end = min(start + first, len(there))
    return there[start:end], {"hasNextPage": end < len(there), "endCursor": str(end)}


def moment(seconds: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def points(selections: SelectionSetNode, variables: Mapping[str, Any]) -> int:
    """What a query costs by GitHub's formula: the requests that it takes to fill each connection, divided by a hundred, at least one."""
    return max(1, round(_connections(selections, variables, 1) / 100))


def _connections(selections: SelectionSetNode, variables: Mapping[str, Any], parents: int) -> int:
    total = 0
    for one in selections.selections:
        assert not isinstance(one, FragmentSpreadNode)
        if one.selection_set is None:
            continue
        within = parents
        if isinstance(one, FieldNode):
            given = {argument.name.value: argument.value for argument in one.arguments or ()}
            if one.name.value == "nodes" and "ids" in given:
                within = len(variables["ids"])
            elif many := given.keys() & {"first", "last"}:
                total += parents
                [first] = (given[one] for one in many)
                assert isinstance(first, IntValueNode | VariableNode)
                within = parents * int(variables[first.name.value] if isinstance(first, VariableNode) else first.value)
        else:
            assert isinstance(one, InlineFragmentNode)
        total += _connections(one.selection_set, variables, within)
    return total


def handler_for(github: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate(github.clock.now(), usegmt=True)

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self._body())

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                chunks = []
                while size := int(self.rfile.readline().strip() or b"0", 16):
                    chunks.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                body = b"".join(chunks)
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            return gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body

        def _answer(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            authorization = self.headers.get("Authorization", "")
            if parts.path == "/api/graphql":
                asked = json.loads(body)
                name = re.search(r"query (\w+)", asked["query"])
                cost = points(parse(asked["query"]).definitions[0].selection_set, asked["variables"])  # type: ignore[attr-defined]
                request = Request("graphql", name[1] if name else "", cost, github.clock.now(), authorization)
                self._reply(request, "graphql", lambda: Reply(200, github.graphql(asked["query"], asked["variables"])[0]))
            elif parts.path.startswith("/api/v3/"):
                path = parts.path.removeprefix("/api/v3")
                request = Request("rest", path, 0, github.clock.now(), authorization)
                if path.startswith("/app/"):
                    self._send(github.faulty(request) or github.trade(path, authorization), {})
                    return
                self._reply(request, "core", lambda: github.rest(path, parse_qs(parts.query)))
            else:
                self._git(Request("git", self.path, 0, github.clock.now(), authorization), parts.path, parts.query, body)

        def _reply(self, request: Request, resource: str, answer: Callable[[], Reply]) -> None:
            reply = github.faulty(request)
            limited = {}
            if reply is None:
                if not github.takes(request.authorization.removeprefix("token ")):
                    reply = Reply(401, {"message": "Bad credentials"})
                else:
                    with github.lock:
                        if github.clock.now() >= github.resets[resource]:
                            github.left[resource], github.resets[resource] = 5000, github.clock.now() + 3600
                        free = request.text == "/rate_limit"
                        if github.left[resource] <= 0 and not free:
                            reply = Reply(403, {"message": "API rate limit exceeded for user ID 1."})
                        elif not free:
                            github.left[resource] -= request.points or 1
                        limited = {
                            "X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": str(max(0, github.left[resource])),
                            "X-RateLimit-Reset": str(int(github.resets[resource])), "X-RateLimit-Resource": resource,
                        }  # fmt: skip
                    reply = reply or answer()
            self._send(reply, limited)

        def _send(self, reply: Reply, headers: Mapping[str, str]) -> None:
            content = reply.content()
            self.send_response(reply.status)
            given = {"Content-Type": "application/json; charset=utf-8", **headers, **reply.headers}
            for name, value in given.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content) + reply.cut))
            self.end_headers()
            if reply.drip:
                for index in range(len(content)):
                    self.wfile.write(content[index : index + 1])
                    self.wfile.flush()
                    threading.Event().wait(reply.drip)
            else:
                self.wfile.write(content)
            if reply.cut:
                self.close_connection = True

        def _git(self, request: Request, path: str, query: str, body: bytes) -> None:
            reply = github.faulty(request)
            name = re.match(r"/([^/]+/[^/]+?)\.git/", path)
            if reply is None:
                repo = github.find(name[1]) if name else None
                moved = next((one for one in github.repos if name and one.moved_to and one.moved_to == name[1]), None)
                given = b64decode(request.authorization.removeprefix("Basic ")).decode()
                if not github.takes(given.partition(":")[2]):
                    reply = Reply(401, None, {"WWW-Authenticate": 'Basic realm="GitHub"'})
                elif repo and repo.moved_to:
                    reply = Reply(301, None, {"Location": self.path.replace(repo.name, repo.moved_to)})
                elif moved and moved.git:
                    path = path.replace(moved.moved_to or "", moved.name)
                elif repo is None or repo.git is None:
                    reply = Reply(404, b"Not Found", {"Content-Type": "text/plain"})
            if reply is not None:
                self._send(reply, {})
                return
            run = subprocess.run(
                ["git", "http-backend"],
                input=body,
                capture_output=True,
                check=False,
                env={
                    "PATH": "/usr/local/bin:/usr/bin:/bin", "GIT_PROJECT_ROOT": str(github.served), "GIT_HTTP_EXPORT_ALL": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
                    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
                    "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)), "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                },
            )  # fmt: skip
            # It ends with an error too where it has told the other side why.
            head, _, content = run.stdout.partition(b"\r\n\r\n")
            lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
            status = int(lines.pop("Status", "200").split()[0])
            self._send(Reply(status, content, lines), {})

    return Handler
