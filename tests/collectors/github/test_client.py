"""Every fault that a request can meet, and how it ends."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from collectors.github import Client, GitHubError
from collectors.github.client import ATTEMPTS, SILENT_AT_MOST
from collectors.github.errors import Refused, TooMuch
from collectors.github.queries import OWNER
from tests.collectors.github.stand_in import NOW, TOKEN, FakeClock, Reply, Request, StandIn

ORGANISATION = {"login": "acme"}


def rest(request: Request) -> bool:
    return request.kind == "rest" and request.text != "/rate_limit"


def query(request: Request) -> bool:
    return request.kind == "graphql"


@pytest.fixture
def greeted(client: Client) -> Client:
    client.greet()
    return client


def ask(client: Client) -> Any:
    return client.get("/orgs/acme/repos")


def test_it_greets_and_asks(github: StandIn, greeted: Client) -> None:
    assert ask(greeted) == []
    assert greeted.graphql(OWNER, ORGANISATION).data["repositoryOwner"]["login"] == "acme"
    assert (greeted.governor.meter.rest, greeted.governor.meter.graphql, greeted.governor.meter.points) == (2, 1, 1)


def test_pages_are_followed(github: StandIn, greeted: Client) -> None:
    from tests.collectors.github.stand_in import Repo

    for number in range(5):
        github.add(Repo(f"acme/r{number}", None))
    pages = list(greeted.pages("/orgs/acme/repos", per_page=2))
    assert [len(page) for page in pages] == [2, 2, 1]


# What passes


def passing() -> list[tuple[str, Reply, float]]:
    """A fault that is over the next time, with the least that has to be waited for it."""
    return [
        (
            "secondary limit with Retry-After",
            Reply(403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "17"}),
            17,
        ),
        ("429 with Retry-After", Reply(429, {"message": "Too many requests"}, {"Retry-After": "3"}), 3),
        ("secondary limit without", Reply(403, {"message": "You have exceeded a secondary rate limit. Please wait."}), 60),
        ("429 without", Reply(429, {"message": "Too many requests"}), 60),
        (
            "primary limit",
            Reply(
                403,
                {"message": "API rate limit exceeded"},
                {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW + 300))},
            ),
            300,
        ),
        ("bad gateway in HTML", Reply(502, b"<html>Unicorn!</html>", {"Content-Type": "text/html"}), 0.1),
        ("server error", Reply(500, {"message": "Server Error"}), 0.1),
        ("cut JSON", Reply(200, b'[{"id": 1', {}), 0.1),
        ("cut connection", Reply(200, b'[{"id": 1}', cut=100), 0.1),
    ]


@pytest.mark.parametrize(("reply", "waited"), [case[1:] for case in passing()], ids=[case[0] for case in passing()])
def test_what_passes_is_waited_for(github: StandIn, greeted: Client, clock: FakeClock, reply: Reply, waited: float) -> None:
    github.fail(rest, reply)
    assert ask(greeted) == []
    assert sum(clock.slept) >= waited
    assert sum(clock.slept) < waited * 1.1 + 2
    assert greeted.governor.meter.retries == 1


def test_a_slow_answer_is_asked_for_again(github: StandIn, clock: FakeClock) -> None:
    client = Client.from_environment(github.environment, clock=clock, read=0.2, body=0.4)
    client.greet()
    github.fail(rest, Reply(200, b"[" + b" " * 100 + b"]", drip=0.02))
    assert ask(client) == []
    assert client.governor.meter.retries == 1


def test_a_silent_server_is_given_up_after_some_attempts(github: StandIn, clock: FakeClock) -> None:
    client = Client.from_environment(github.environment, clock=clock, read=0.1)
    client.greet()
    github.fail(rest, Reply(200, b"[]", drip=0.5, cut=100), times=100)
    for _ in range(SILENT_AT_MOST - 1):
        with pytest.raises(Refused, match="it did not answer in time"):
            ask(client)
    with pytest.raises(GitHubError, match=r"stopped answering \(it did not answer in time\)"):
        ask(client)
    assert github.count("rest", "/orgs") == SILENT_AT_MOST * ATTEMPTS


def test_graphql_is_rate_limited_with_status_200(github: StandIn, greeted: Client, clock: FakeClock) -> None:
    github.left["graphql"] = 0
    limited = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}
    told = {"X-RateLimit-Limit": "5000", "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW + 120))}
    github.fail(query, Reply(200, limited, told))
    github.left["graphql"] = 5000
    assert greeted.graphql(OWNER, ORGANISATION).data["repositoryOwner"]
    assert sum(clock.slept) == pytest.approx(121)


def test_the_hourly_limit_is_waited_out_whoever_uses_it_up(github: StandIn, greeted: Client, clock: FakeClock) -> None:
    github.left["core"] = 3
    for _ in range(5):
        ask(greeted)
    assert github.count("rest", "/orgs") == 5, "no request was sent in vain"
    assert sum(clock.slept) == pytest.approx(3601)


# What is too much


def given_up() -> list[tuple[str, Reply]]:
    return [
        ("502", Reply(502, b"<html></html>", {"Content-Type": "text/html"})),
        ("504", Reply(504, {"message": "We couldn't respond to your request in time."})),
        (
            "limits",
            Reply(
                200, {"data": {"organization": None}, "errors": [{"type": "RESOURCE_LIMITS_EXCEEDED", "message": "Too much."}]}
            ),
        ),
        ("in words", Reply(200, {"errors": [{"message": "Something went wrong while executing your query."}]})),
    ]


@pytest.mark.parametrize("reply", [case[1] for case in given_up()], ids=[case[0] for case in given_up()])
def test_a_query_that_is_too_much_can_be_divided(github: StandIn, greeted: Client, reply: Reply) -> None:
    # A gateway's answer may be chance, so that it is worth a second try; GitHub's own word is not.
    github.fail(query, reply, times=2 if reply.status >= 500 else 1)
    with pytest.raises(TooMuch):
        greeted.graphql(OWNER, ORGANISATION, divisible=True)
    github.fail(query, reply)
    assert greeted.graphql(OWNER, ORGANISATION).data["repositoryOwner"], "what cannot be divided is asked again as it is"


# What does not pass


def test_a_refusal_is_not_asked_again(github: StandIn, greeted: Client, clock: FakeClock) -> None:
    github.fail(rest, Reply(403, {"message": "Resource not accessible by personal access token"}), times=100)
    with pytest.raises(Refused, match="not accessible") as caught:
        ask(greeted)
    assert caught.value.status == 403
    assert clock.slept == []
    assert github.count("rest", "/orgs") == 1


def test_a_moved_thing_is_found_and_the_token_goes_nowhere_else(github: StandIn, greeted: Client) -> None:
    github.fail(
        rest, Reply(301, {"message": "Moved Permanently"}, {"Location": f"{github.origin}/api/v3/orgs/acme/repos?page=1"})
    )
    assert ask(greeted) == []
    seen: list[Request] = []
    github.fail(lambda request: request.kind == "git" and not seen.append(request), Reply(200, []), times=5)
    elsewhere = github.origin.replace("127.0.0.1", "localhost")
    github.fail(rest, Reply(302, None, {"Location": f"{elsewhere}/somewhere"}))
    with pytest.raises(Refused, match="another server"):
        ask(greeted)
    assert seen == []
    github.fail(rest, Reply(200, [], {"Link": f'<{elsewhere}/somewhere>; rel="next"'}))
    with pytest.raises(Refused, match="another server"):
        list(greeted.pages("/orgs/acme/repos"))
    assert seen == []


def test_redirects_come_to_an_end(github: StandIn, greeted: Client) -> None:
    github.fail(rest, Reply(301, None, {"Location": f"{github.origin}/api/v3/orgs/acme/repos"}), times=100)
    with pytest.raises(Refused, match="without end"):
        ask(greeted)


def ending() -> list[tuple[str, Reply, str]]:
    return [
        ("revoked", Reply(401, {"message": "Bad credentials"}), "stopped accepting the token"),
        (
            "single sign-on",
            Reply(403, {"message": "Resource protected by organization SAML enforcement."}, {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso"}),
            "single sign-on",
        ),
        ("addresses", Reply(403, {"message": "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled"}), "addresses"),
    ]  # fmt: skip


@pytest.mark.parametrize(("reply", "says"), [case[1:] for case in ending()], ids=[case[0] for case in ending()])
def test_what_ends_it_is_said_once(github: StandIn, greeted: Client, clock: FakeClock, reply: Reply, says: str) -> None:
    github.fail(rest, reply, times=100)
    with pytest.raises(GitHubError, match=says):
        ask(greeted)
    assert github.count("rest", "/orgs") == 1
    assert clock.slept == []


def test_single_sign_on_is_told_by_graphql_too(github: StandIn, greeted: Client) -> None:
    error = {
        "type": "FORBIDDEN",
        "message": "Resource protected by organization SAML enforcement. You must grant your token access.",
        "path": ["organization"],
    }
    github.fail(query, Reply(200, {"data": {"repositoryOwner": None}, "errors": [error]}))
    with pytest.raises(GitHubError, match="single sign-on"):
        greeted.graphql(OWNER, ORGANISATION)


def test_a_wrong_token_is_said(github: StandIn, clock: FakeClock) -> None:
    client = Client.from_environment({**github.environment, "GITHUB_TOKEN": "ghp_wrong"}, clock=clock)
    with pytest.raises(GitHubError, match=r"does not accept the token \(401\)"):
        client.greet()


@pytest.mark.parametrize("environment", [{}, {"GITHUB_TOKEN": ""}, {"GITHUB_TOKEN": "  "}])
def test_no_token_is_said(environment: dict[str, str]) -> None:
    with pytest.raises(GitHubError, match="There is no token: set GITHUB_TOKEN"):
        Client.from_environment(environment)


def test_the_other_variable_does_too(github: StandIn) -> None:
    client = Client.from_environment({"GITHUB_TOKEN": "", "GH_TOKEN": TOKEN, "GITHUB_API_URL": f"{github.origin}/api/v3"})
    assert "core" in client.greet()


def test_a_token_with_a_line_break_is_none() -> None:
    with pytest.raises(GitHubError, match="blanks or line breaks") as caught:
        Client.from_environment({"GITHUB_TOKEN": "ghp_secret\nX-Header: x"})
    assert "ghp_secret" not in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}),
        Reply(200, {"hello": "world"}),
        Reply(404, b"<html>404</html>", {"Content-Type": "text/html"}),
        Reply(200, []),
    ],
)
def test_what_is_no_github_is_said(github: StandIn, client: Client, reply: Reply) -> None:
    github.fail(lambda request: True, reply, times=100)
    with pytest.raises(GitHubError, match="does not answer as a GitHub does"):
        client.greet()


def test_nobody_there_is_said(clock: FakeClock) -> None:
    client = Client.from_environment({"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": "http://127.0.0.1:1/api/v3"}, clock=clock)
    with pytest.raises(GitHubError, match=r"cannot be reached \(the connection was refused\)"):
        client.greet()


def test_a_server_without_limits_has_none_left(github: StandIn, client: Client) -> None:
    github.fail(lambda request: True, Reply(404, {"message": "Rate limiting is not enabled."}))
    assert client.greet() == {}


# The token


def faults_that_speak() -> list[Callable[[StandIn], None]]:
    def echo(github: StandIn) -> None:
        github.fail(rest, Reply(403, {"message": f"The token {TOKEN} may not do that"}))

    def revoke(github: StandIn) -> None:
        github.fail(rest, Reply(401, {"message": f"{TOKEN} is unknown"}))

    def break_off(github: StandIn) -> None:
        github.fail(rest, Reply(200, TOKEN.encode(), cut=50), times=100)

    return [echo, revoke, break_off]


@pytest.mark.parametrize("fault", faults_that_speak(), ids=lambda fault: fault.__name__)
def test_the_token_is_in_no_error_and_no_log(
    github: StandIn, greeted: Client, caplog: pytest.LogCaptureFixture, fault: Callable[[StandIn], None]
) -> None:
    caplog.set_level(logging.DEBUG)
    fault(github)
    with pytest.raises((GitHubError, Refused)) as caught:
        ask(greeted)
    text = (
        "".join(traceback.format_exception(caught.value))
        + caplog.text
        + repr(greeted)
        + repr(greeted.github)
        + repr(greeted.github.session.auth)
    )
    assert caplog.records, "urllib3 logs at this level, so that this test can fail"
    assert TOKEN not in text
    assert TOKEN[:4] not in text


def test_the_token_is_in_no_address(github: StandIn, greeted: Client) -> None:
    ask(greeted)
    assert all(TOKEN not in request.text for request in github.requests)
    assert {request.authorization for request in github.requests} == {f"token {TOKEN}"}
