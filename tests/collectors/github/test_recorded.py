"""Answers that GitHub really gave, over fourteen years, through our client and our readers.

They are those that PyGithub's tests were recorded with; see ``recorded.txt``. To have them here too:

    .uv/bin/pip download --no-deps --no-binary :all: --dest .uv/recorded --requirement tests/collectors/github/recorded.txt
"""

from __future__ import annotations

import ast
import json
import os
import re
import tarfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from collectors.github import Client, GitHubError
from collectors.github.errors import Refused
from collectors.github.settings import NO_ANSWER, about_security, protected
from rungwise.model import SignalKind
from tests.collectors.github.stand_in import FakeClock, Reply, StandIn

ROOT = Path(__file__).parents[3]
PINNED = Path(__file__).with_name("recorded.txt")
FOLDER = ROOT / ".uv" / "recorded"
_KEPT = re.compile(r"content-type|link|location|date|retry-after|x-(ratelimit|github).*", re.IGNORECASE)
"""The headers that say something; the others are about how the answer was sent."""


@dataclass(frozen=True)
class Exchange:
    """One recorded request with its answer."""

    file: str
    verb: str
    host: str
    path: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def reply(self, origin: str) -> Reply:
        """The same answer, from a server on the loopback."""
        headers = {name: self._here(value, origin) for name, value in self.headers if _KEPT.fullmatch(name)}
        return Reply(self.status, self._here(self.body, origin).encode(), headers)

    @staticmethod
    def _here(text: str, origin: str) -> str:
        return text.replace("https://api.github.com", f"{origin}/api/v3")

    @cached_property
    def json(self) -> Any:
        """The body; ``None`` where it is no JSON, or is not said to be."""
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "json")
        try:
            return json.loads(self.body) if "json" in kind else None
        except ValueError:
            return None


def read(text: str, file: str) -> Iterator[Exchange]:
    """The exchanges of one file: eleven lines each. One whose body has other lines ends it."""
    lines = text.split("\n")
    for start in range(0, len(lines) - 9, 11):
        scheme, verb, host, _, path, _, _, status, headers, body = lines[start : start + 10]
        if scheme not in ("http", "https") or not status.isdecimal():
            return
        yield Exchange(file, verb, host, path, int(status), tuple(ast.literal_eval(headers)), body)


@pytest.fixture(scope="module")
def recorded() -> list[Exchange]:
    """All exchanges with api.github.com. Skipped where nobody fetched them; then ``CI_BROWSER_REQUIRED=1`` makes that a failure."""
    [pinned] = [line for line in PINNED.read_text().splitlines() if line and not line.startswith("#")]
    archive = FOLDER / f"{pinned.replace('==', '-')}.tar.gz"
    if not archive.exists():
        if os.environ.get("CI_BROWSER_REQUIRED") == "1":
            pytest.fail(f"There is no {archive}, and CI_BROWSER_REQUIRED=1 asks for it.")
        pytest.skip(f"{pinned} was not fetched into .uv/recorded")
    found: list[Exchange] = []
    with tarfile.open(archive) as opened:
        for member in opened:
            if "/ReplayData/" in member.name and member.isfile():
                content = opened.extractfile(member)
                assert content
                found += read(content.read().decode(), Path(member.name).stem)
    return [one for one in found if one.host == "api.github.com"]


Play = Callable[..., Client]


@pytest.fixture
def play(github: StandIn, clock: FakeClock) -> Play:
    """A function that makes the stand-in give some recorded answers, one after the other and the last one again; returns a fresh client."""

    def start(*exchanges: Exchange, as_app: bool = False) -> Client:
        left = list(exchanges)

        def reply() -> Reply:
            one = left.pop(0) if len(left) > 1 else left[0]
            return one.reply(github.origin)

        github.faults.clear()
        github.fail(lambda request: True, reply, times=10_000)
        environment = dict(github.environment)
        if as_app:
            environment |= {"GITHUB_APP_ID": "1", "GITHUB_APP_INSTALLATION_ID": "2", "GITHUB_APP_PRIVATE_KEY": _key()}
        return Client.from_environment(environment, clock=clock)

    return start


def _key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    return made.private_bytes(*form).decode()


def of(recorded: Sequence[Exchange], file: str) -> list[Exchange]:
    found = [one for one in recorded if one.file == file]
    assert found, file
    return found


def test_every_answer_is_read_as_it_is_or_refused_in_a_sentence(recorded: list[Exchange], play: Play) -> None:
    outcomes: Counter[str] = Counter()
    asked = [one for one in recorded if one.verb == "GET"]
    assert len(asked) > 1_500
    for one in asked:
        client = play(one)
        try:
            found = client.get(one.path)
        except Refused as refused:
            assert refused.status in (one.status, 200), one
            assert not 200 <= one.status < 300 or one.json is None, one
            outcomes["refused"] += 1
        except GitHubError as error:
            said = str(error)
            assert said.endswith(".")
            assert "\n" not in said
            assert one.status in (401, 403, 429) or one.status >= 500 or one.json is None, (one, said)
            outcomes["ended"] += 1
        else:
            assert 200 <= one.status < 300, one
            # Addresses in it are those of the loopback by now.
            assert json.dumps(found).replace(f"{client.server.rest}", "https://api.github.com") == json.dumps(one.json), one.file
            outcomes["read"] += 1
    assert outcomes["read"] > 1_400
    assert outcomes["refused"] > 40
    assert outcomes["ended"] > 3


def test_every_graphql_answer_is_read(recorded: list[Exchange], play: Play) -> None:
    asked = [one for one in recorded if one.path == "/graphql"]
    assert len(asked) > 30
    for one in asked:
        found = play(one).graphql("query Anything { viewer { login } }", {})
        assert dict(found.data) == json.loads(Exchange._here(json.dumps(one.json.get("data") or {}), _origin(found, one)))
        assert bool(found.errors) == bool(one.json.get("errors") or not one.json.get("data")), one.file


def _origin(found: object, one: Exchange) -> str:
    told = re.search(r"http://127\.0\.0\.1:\d+", json.dumps(getattr(found, "data", {})))
    return told[0] if told else ""


def test_limits_are_read_from_headers_and_body(recorded: list[Exchange], play: Play) -> None:
    limits = [one for one in recorded if one.path == "/rate_limit" and one.status == 200]
    assert limits
    for one in limits:
        left = play(one).greet()
        assert left["core"]["limit"] == one.json["resources"]["core"]["limit"]
    [newest] = of(recorded, "RateLimiting.testGetRateLimit")[:1]
    assert play(newest).greet()["graphql"]["remaining"] == newest.json["resources"]["graphql"]["remaining"]


def test_a_limit_that_is_used_up_is_waited_out(recorded: list[Exchange], play: Play, clock: FakeClock) -> None:
    for file in ("SpecificExceptions.testRateLimitExceeded", "SpecificExceptions.testAuthenticatedRateLimitExceeded"):
        refusals = [one for one in of(recorded, file) if one.status == 403]
        went_well = next(one for one in recorded if one.path.startswith("/users/") and one.status == 200)
        client = play(refusals[0], went_well)
        before = clock.time
        assert client.get(refusals[0].path)["login"]
        assert clock.time > before, "its time was recorded long ago, so that it is the usual pause or more"


def test_a_renamed_repository_is_found(recorded: list[Exchange], play: Play) -> None:
    moved, found = of(recorded, "Repository.testGetRepositoryWith301Redirect")[:2]
    assert moved.status == 301
    client = play(moved, found)
    assert client.get(moved.path)["full_name"] == found.json["full_name"]
    assert client.governor.meter.rest == 2


def test_a_gateways_faults_are_tried_again(recorded: list[Exchange], play: Play) -> None:
    faults = [one for one in recorded if one.status >= 500]
    assert {one.status for one in faults} >= {502}
    well = next(one for one in recorded if one.status == 200 and one.verb == "GET" and isinstance(one.json, dict))
    for one in faults:
        client = play(one, one, well)
        assert client.get(well.path)
        assert client.governor.meter.retries == 2


def test_pages_are_followed_where_they_lead(recorded: list[Exchange], play: Play) -> None:
    lists = [one for one in recorded if one.status == 200 and isinstance(one.json, list)]
    linked = [one for one in lists if any(name.lower() == "link" and 'rel="next"' in value for name, value in one.headers)]
    last = next(one for one in lists if one.json and not any(name.lower() == "link" for name, _ in one.headers))
    assert len(linked) > 20
    for one in linked:
        pages = list(play(one, last).pages(one.path))
        assert [len(page) for page in pages] == [len(one.json), len(last.json)], one.file


def test_branches_say_that_they_are_protected_or_that_it_is_not_known(recorded: list[Exchange], play: Play) -> None:
    asked = [one for one in recorded if re.fullmatch(r"/repos/[^/]+/[^/]+/branches/[^/?]+", one.path) and one.status == 200]
    seen: Counter[str] = Counter()
    for one in asked:
        if not isinstance(one.json, dict) or "commit" not in one.json:
            continue
        found = protected(play(one).get(one.path))
        if "protected" not in one.json:
            assert (found.kind, found.name) == (SignalKind.UNREADABLE, NO_ANSWER), one.file
            seen["unknown"] += 1
            continue
        assert (found.kind, found.value) == (SignalKind.SETTING, str(one.json["protected"]).lower()), one.file
        contexts = one.json.get("protection", {}).get("required_status_checks", {}).get("contexts", [])
        if found.detail("checks"):
            assert found.detail("checks").split(", ") == sorted(contexts)
            seen["checks"] += 1
        seen[found.value] += 1
    assert seen["unknown"] and seen["true"] and seen["false"], seen


def test_security_settings_are_those_that_were_told(recorded: list[Exchange]) -> None:
    def repositories(body: Any) -> Iterator[Any]:
        for one in body if isinstance(body, list) else [body]:
            if isinstance(one, dict) and "full_name" in one and "default_branch" in one:
                yield one

    seen: Counter[str] = Counter()
    for one in recorded:
        for told in repositories(one.json):
            block = told.get("security_and_analysis") or {}
            signals = {
                signal.name if signal.kind is SignalKind.SETTING else signal.value: signal for signal in about_security(told)
            }
            for key in ("secret_scanning", "secret_scanning_push_protection", "dependabot_security_updates"):
                found = signals[key.replace("_", "-")]
                if key in block:
                    assert (found.kind, found.value) == (SignalKind.SETTING, block[key]["status"]), one.file
                    seen[found.value] += 1
                else:
                    assert found.kind is SignalKind.UNREADABLE, one.file
                    seen["unknown"] += 1
    assert seen["enabled"] and seen["disabled"] and seen["unknown"] > 100, seen


def test_tokens_of_apps_are_read(recorded: list[Exchange], play: Play) -> None:
    given = [one for one in recorded if one.path.endswith("/access_tokens") and one.status == 201]
    assert given
    for one in given:
        login = play(one, as_app=True).login
        assert login.token() == one.json["token"]
        assert dict(login.permissions) == one.json["permissions"]


@pytest.mark.parametrize("status", [401, 404])
def test_an_app_that_gets_no_token_is_told_why(recorded: list[Exchange], play: Play, status: int) -> None:
    refused = [one for one in recorded if one.path.endswith("/access_tokens") and one.status == status]
    assert refused
    for one in refused:
        with pytest.raises(GitHubError, match=r"App|installation"):
            play(one, as_app=True).get("/user")
