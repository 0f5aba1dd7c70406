"""What of ours can be tried against a GitHub that others wrote: the client, paging, refusals, the login, and the readers of REST.

It has neither GraphQL nor a list of an organisation's repositories, so that a whole collection cannot.
"""

from __future__ import annotations

import os
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pygit2
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collectors.git import Repository
from collectors.github import Client, GitHubError, find_organisation
from collectors.github.errors import Refused
from collectors.github.history import read_moves
from collectors.github.listing import Listed, look_around
from collectors.github.server import Server
from collectors.github.settings import NEEDS_ADMIN, about_security, protected, setting
from rungwise.model import SignalKind
from tests.collectors.github.emulator.running import TOKEN, Emulator, NotInstalled, emulating
from tests.repositories import START, commit_files

STRANGER, APP, INSTALLATION = "a-strangers-token", "12345", "100"


def pem(made: rsa.RSAPrivateKey) -> str:
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return made.private_bytes(*form).decode()


@cache
def key() -> str:
    return pem(rsa.generate_private_key(public_exponent=65537, key_size=2048))


SEED = {
    "tokens": {
        TOKEN: {"login": "ada", "scopes": ["repo", "user", "admin:org"]},
        STRANGER: {"login": "eve", "scopes": ["repo"]},
    },
    "github": {
        "users": [{"login": "ada", "name": "Ada", "email": "ada@example.org"}, {"login": "eve"}],
        "orgs": [{"login": "acme", "name": "Acme", "members": [{"login": "ada", "role": "admin"}]}],
        "repos": [
            {"owner": "acme", "name": "shop", "private": True, "auto_init": False},
            {"owner": "acme", "name": "open", "auto_init": False},
        ],
        "apps": [
            {
                "app_id": int(APP), "slug": "rungwise", "name": "Rungwise", "private_key": key(), "permissions": {"contents": "read"},
                "installations": [{"installation_id": int(INSTALLATION), "account": "acme", "repository_selection": "all"}],
            }
        ],
    },
}  # fmt: skip
FILES: list[dict[str, str | bytes]] = [
    {"README.md": "# Shop\n"},
    {"README.md": "# Shop\n", "src/app.js": "app.listen(3000)\n", "src/lib/a.js": "module.exports = 1\n"},
    {"README.md": "# Shop\n", "src/app.js": "app.listen(8080)\n", "logo.png": b"\x89PNG\r\n\x1a\n\0\xff"},
]


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> pygit2.Repository:
    made = pygit2.init_repository(str(tmp_path_factory.mktemp("shop")), bare=True, initial_head="main")
    for day, files in enumerate(FILES):
        commit_files(made, files, START + timedelta(days=day))
    return made


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory, git: pygit2.Repository) -> Iterator[Emulator]:
    """The emulator with a real repository in it. Where npm cannot bring it the tests are skipped, or fail if ``CI_BROWSER_REQUIRED`` is 1."""
    required = os.environ.get("CI_BROWSER_REQUIRED") == "1"
    try:
        with emulating(tmp_path_factory.mktemp("emulator"), SEED, required=required) as running:
            running.commits.update(running.load("acme/shop", git))
            yield running
    except NotInstalled as error:
        if required:
            pytest.fail(f"npm did not bring the emulator ({error}), and CI_BROWSER_REQUIRED=1 asks for it.")
        pytest.skip(f"npm did not bring the emulator ({error})")


def server(emulator: Emulator) -> Server:
    return Server(emulator.origin.partition("//")[2], emulator.origin, f"{emulator.origin}/graphql", emulator.origin)


@pytest.fixture
def client(emulator: Emulator) -> Client:
    return Client(TOKEN, server(emulator))


def listed(head: str) -> Listed:
    return Listed("R_1", "acme/shop", "main", head, START, START, 1, False, False, False, False, (), True)


def test_it_greets_and_reads_the_limits(client: Client) -> None:
    left = client.greet()
    assert {"core", "graphql"} <= left.keys()
    assert left["core"]["limit"] >= left["core"]["remaining"] > 0
    client.get("/repos/acme/shop")
    assert client.governor.windows["core"].limit == left["core"]["limit"]


def test_a_real_repository_is_there_as_git_has_it(client: Client, git: pygit2.Repository) -> None:
    repository = Repository(Path(git.path))
    there = {entry.path: entry.oid for entry in repository.tree(repository.commit()).entries}
    told = client.get("/repos/acme/shop/git/trees/main", recursive=1)
    assert {entry["path"]: entry["sha"] for entry in told["tree"] if entry["type"] == "blob"} == there
    for oid in there.values():
        assert b64decode(client.get(f"/repos/acme/shop/git/blobs/{oid}")["content"]) == repository.read(oid)


def test_pages_are_followed(emulator: Emulator, client: Client, git: pygit2.Repository) -> None:
    pages = list(client.pages("/repos/acme/shop/commits", per_page=2))
    assert [len(page) for page in pages] == [2, 1]
    walked = [emulator.commits[str(commit.id)] for commit in git.walk(git.head.target)]
    assert [commit["sha"] for page in pages for commit in page] == walked


def test_a_branch_says_whether_it_is_protected(emulator: Emulator, client: Client, git: pygit2.Repository) -> None:
    told = client.get("/repos/acme/shop/branches/main")
    assert told["commit"]["sha"] == emulator.commits[str(git.head.target)]
    assert protected(told) == setting("default-branch-protected", "false")
    rules = {
        "required_status_checks": {"strict": True, "contexts": ["build", "test"]}, "enforce_admins": True,
        "required_pull_request_reviews": None, "restrictions": None,
    }  # fmt: skip
    emulator.send("PUT", "/repos/acme/shop/branches/main/protection", rules)
    found = protected(client.get("/repos/acme/shop/branches/main"))
    assert (found.kind, found.name, found.value) == (SignalKind.SETTING, "default-branch-protected", "true")


def test_what_it_does_not_offer_is_unknown_and_not_absent(client: Client, git: pygit2.Repository) -> None:
    around = look_around(client, "acme")
    assert around.security_unread == NEEDS_ADMIN
    assert around.teams_unread
    told = around.of("R_1")
    assert {signal.kind for signal in told} == {SignalKind.UNREADABLE}
    assert [signal for signal in told if signal.value != "team"] == about_security(None, NEEDS_ADMIN)
    assert read_moves(client, listed(str(git.head.target)), "acme/shop", START) == ()
    with pytest.raises(Refused) as caught:
        client.get("/repos/acme/shop/code-scanning/default-setup")
    assert caught.value.status == 404


def test_an_address_without_graphql_is_said(client: Client) -> None:
    with pytest.raises(GitHubError, match="refuses to tell about acme"):
        find_organisation(client, "acme")


def test_what_may_not_be_seen_is_refused(emulator: Emulator) -> None:
    stranger = Client(STRANGER, server(emulator))
    assert stranger.get("/repos/acme/open")["full_name"] == "acme/open"
    # GitHub says 404 to both; this one owns up to what it hides.
    for name, statuses in {"acme/shop": (403, 404), "acme/nowhere": (404,)}.items():
        with pytest.raises(Refused) as caught:
            stranger.get(f"/repos/{name}")
        assert caught.value.status in statuses


def test_an_app_gets_a_token_and_reads_what_it_is_installed_on(emulator: Emulator, git: pygit2.Repository) -> None:
    client = Client((APP, key(), INSTALLATION), server(emulator))
    assert client.greet()["core"]["limit"]
    told = client.get("/repos/acme/shop/branches/main")
    assert told["commit"]["sha"] == emulator.commits[str(git.head.target)]
    assert client.may("contents")
    assert not client.may("administration")


def test_an_app_is_told_what_is_wrong_with_it(emulator: Emulator) -> None:
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for app in ((APP, pem(other), INSTALLATION), ("999", key(), INSTALLATION)):
        with pytest.raises(GitHubError, match="does not accept what the App signed"):
            Client(app, server(emulator)).greet()
    with pytest.raises(GitHubError, match="installation"):
        Client((APP, key(), "999"), server(emulator)).greet()
