"""A GitHub App instead of a token: its tokens hold for an hour and are renewed before that, and where GitHub takes one back."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collectors.github import Client, GitHubError, Outcome, collect, find_organisation
from collectors.github.login import RENEWED_BEFORE
from collectors.github.queries import OWNER
from collectors.local import Collector
from tests.collectors.github.conftest import wanted
from tests.collectors.github.stand_in import App, FakeClock, Reply, Repo, StandIn
from tests.repositories import MakeRepository


@cache
def keys() -> tuple[str, bytes]:
    """A private key and its public half, as PEM."""
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public


@pytest.fixture
def environment(github: StandIn) -> dict[str, str]:
    private, public = keys()
    github.app = App("123456", "77", public)
    return {
        "GITHUB_API_URL": f"{github.origin}/api/v3",
        "GITHUB_APP_ID": "123456",
        "GITHUB_APP_PRIVATE_KEY": private,
        "GITHUB_APP_INSTALLATION_ID": "77",
    }


@pytest.fixture
def app(environment: dict[str, str], clock: FakeClock) -> Client:
    return Client.from_environment(environment, clock=clock)


def tokens(github: StandIn) -> list[str]:
    assert github.app is not None
    return list(github.app.tokens)


def test_an_app_gets_a_token_and_asks_with_it(github: StandIn, app: Client) -> None:
    app.greet()
    assert app.graphql(OWNER, {"login": "acme"}).data["repositoryOwner"]["login"] == "acme"
    assert tokens(github) == ["ghs_installation-1"]
    assert {request.authorization for request in github.requests[1:]} == {"token ghs_installation-1"}
    assert app.may("contents")
    assert not app.may("administration")


def test_the_app_wins_over_a_token(github: StandIn, environment: dict[str, str], clock: FakeClock) -> None:
    Client.from_environment({**environment, "GITHUB_TOKEN": "ghp_other"}, clock=clock).greet()
    assert len(tokens(github)) == 1


def test_a_token_is_renewed_before_its_hour_is_over(github: StandIn, app: Client, clock: FakeClock) -> None:
    app.greet()
    clock.time += 3600 - RENEWED_BEFORE - 1
    app.greet()
    assert len(tokens(github)) == 1
    clock.time += 1
    app.greet()
    assert len(tokens(github)) == 2
    assert app.governor.meter.retries == 0, "none was refused"


def test_a_clock_that_is_off_makes_no_difference(github: StandIn, environment: dict[str, str]) -> None:
    ours = FakeClock()
    ours.time += 86_400
    app = Client.from_environment(environment, clock=ours)
    app.greet()
    app.greet()
    assert len(tokens(github)) == 1


def test_a_token_that_is_taken_back_is_replaced_once(github: StandIn, app: Client) -> None:
    app.greet()
    assert github.app is not None
    github.app.tokens["ghs_installation-1"] = 0
    assert app.get("/orgs/acme/repos") == []
    assert len(tokens(github)) == 2
    github.fail(lambda request: "/orgs/" in request.text, Reply(401, {"message": "Bad credentials"}), times=100)
    with pytest.raises(GitHubError, match="stopped accepting"):
        app.get("/orgs/acme/repos")
    assert len(tokens(github)) == 3


def test_a_collection_outlives_its_tokens(
    github: StandIn, app: Client, clock: FakeClock, make_repository: MakeRepository, tmp_path: Path
) -> None:
    for name in ("one", "two", "three"):
        github.add(Repo(f"acme/{name}", make_repository({"main.py": "x = 1\n"}, name)))
    organisation = find_organisation(app, "acme")
    assert organisation.member, "an installed App sees what is private"
    found = []
    for one in collect(app, organisation, Collector(wanted()), {}, tmp_path, workers=1):
        found.append(one)
        assert github.app is not None
        # Taken back under the hands of git and of all threads.
        github.app.tokens = dict.fromkeys(github.app.tokens, 0.0)
    assert [one.outcome for one in found] == [Outcome.LOOKED] * 3
    assert len(tokens(github)) > 1
    assert not any("ghs_installation" in str(one) for one in found)


WRONG = [
    ({"GITHUB_APP_INSTALLATION_ID": ""}, "GITHUB_APP_INSTALLATION_ID is not set"),
    ({"GITHUB_APP_INSTALLATION_ID": "acme"}, "GITHUB_APP_INSTALLATION_ID is no number"),
    ({"GITHUB_APP_INSTALLATION_ID": "78"}, "no installation of that number"),
    ({"GITHUB_APP_PRIVATE_KEY": ""}, "there is no private key"),
    ({"GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": "/no/such/key.pem"}, "/no/such/key.pem, which cannot be read"),
    (
        {"GITHUB_APP_PRIVATE_KEY": "-----BEGIN RSA PRIVATE KEY-----\nno\n-----END RSA PRIVATE KEY-----"},
        "is none that can be read",
    ),
    ({"GITHUB_APP_ID": "654321"}, "does not accept what the App signed"),
]


@pytest.mark.parametrize(("changed", "says"), WRONG, ids=[says for _, says in WRONG])
def test_what_is_wrong_with_an_app_is_said(
    github: StandIn, environment: dict[str, str], clock: FakeClock, changed: dict[str, str], says: str
) -> None:
    with pytest.raises(GitHubError, match=says) as caught:
        Client.from_environment({**environment, **changed}, clock=clock).greet()
    assert "PRIVATE KEY-----" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_key_may_be_in_a_file_or_on_one_line(
    github: StandIn, environment: dict[str, str], clock: FakeClock, tmp_path: Path
) -> None:
    key = tmp_path / "key.pem"
    key.write_text(environment["GITHUB_APP_PRIVATE_KEY"])
    file = {**environment, "GITHUB_APP_PRIVATE_KEY": "", "GITHUB_APP_PRIVATE_KEY_FILE": str(key)}
    line = {**environment, "GITHUB_APP_PRIVATE_KEY": environment["GITHUB_APP_PRIVATE_KEY"].replace("\n", "\\n")}
    for given in (file, line):
        Client.from_environment(given, clock=clock).greet()
    assert len(tokens(github)) == 2


def test_a_refused_exchange_is_tried_again_where_that_helps(github: StandIn, app: Client, clock: FakeClock) -> None:
    github.fail(lambda request: request.text.startswith("/app/"), Reply(502, b"<html>", {"Content-Type": "text/html"}))
    app.greet()
    assert len(tokens(github)) == 1
    assert clock.slept
