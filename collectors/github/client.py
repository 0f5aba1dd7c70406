"""Asks GitHub: github3.py's session, with the patience that github3.py leaves to its users.

github3.py does the login and keeps the connection; what it has no call for (GraphQL, rules, security settings) goes through its session. It
never retries, so that is done here, under one governor for all threads.
"""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from github3 import GitHub
from github3.session import GitHubSession, TokenAuth
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, ReadTimeoutError

from collectors.github.errors import GitHubError, Refused, TooMuch
from collectors.github.governor import Clock, Governor, SystemClock
from collectors.github.login import AppLogin, Login, TokenLogin, app_in, token_in
from collectors.github.server import Server, server_from

API_VERSION = "2022-11-28"
ATTEMPTS = 5
"""How often a request is sent before a fault that should pass is taken for one that does not."""
LIMITED_AT_MOST = 12
"""How often in a row one request is held back by a limit before that counts as an answer."""
SILENT_AT_MOST = 3
"""How many requests in a row may stay without any answer before that is taken for the end of the collection."""
MOST_BYTES = 50_000_000
REDIRECTS = 3

_TOKEN = re.compile(r"[!-~]{1,1000}")
_FIXABLE = "Check the token in GITHUB_TOKEN: expired, revoked and mistyped ones look the same from here."


class _Token(TokenAuth):  # type: ignore[misc]
    """A token that does not show itself; github3.py's shows its beginning."""

    def __repr__(self) -> str:
        return "<token>"


class _Signed(_Token):
    """What an App signed with its key, good for nothing but getting a token."""

    header_format_str = "Bearer {}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers (names in lower case), and the body as JSON, or ``None`` where it holds none."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def message(self) -> str:
        """GitHub's own words on what is wrong, in one line."""
        text = self.body.get("message") if isinstance(self.body, dict) else None
        return " ".join(str(text or f"status {self.status}").split())[:300]


@dataclass(frozen=True, slots=True)
class GraphQLAnswer:
    """What a query brought, which may be a part of what was asked for, and the errors that say why."""

    data: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]


class Client:
    """Talks to one GitHub with one token, or as an App, from as many threads as like.

    ``clock`` and ``random`` are there to be replaced in tests. Timeouts are in seconds: ``connect`` and ``read`` for each step, ``body`` for an
    answer as a whole. Every method raises :class:`GitHubError` where nothing further can be asked, e.g. since the token is no longer accepted.
    """

    def __init__(
        self,
        token: str | tuple[str, str, str],
        server: Server,
        *,
        clock: Clock | None = None,
        concurrency: int = 8,
        deadline: float | None = None,
        notice: Callable[[str], None] = lambda sentence: None,
        connect: float = 10,
        read: float = 30,
        body: float = 90,
    ) -> None:
        if isinstance(token, str) and not _TOKEN.fullmatch(token):
            raise GitHubError("The token in GITHUB_TOKEN holds blanks or line breaks, as no token does. Copy it again.")
        self.server = server
        self.governor = Governor(clock or SystemClock(), concurrency=concurrency, deadline=deadline, notice=notice)
        self.login: Login = (
            TokenLogin(token) if isinstance(token, str) else AppLogin(*token, self._installation_token, self.governor.clock.now)
        )
        self._timeouts = (connect, read)
        self._body_seconds = body
        self._local = threading.local()
        self._answered = False
        self._unanswered = 0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], **options: Any) -> Client:
        """A client for the GitHub that ``GITHUB_API_URL`` or ``GH_HOST`` name, if any.

        It goes by the App of ``GITHUB_APP_ID`` if one is named, else by the token of ``GITHUB_TOKEN`` or ``GH_TOKEN``.
        """
        login = app_in(environment) or token_in(environment)
        if not login:
            raise GitHubError(
                "There is no token: set GITHUB_TOKEN (or GH_TOKEN) to one that may read the organisation's repositories; "
                "metadata and contents are enough to start with."
            )
        return cls(login, server_from(environment), **options)

    def __repr__(self) -> str:
        return f"<Client of {self.server.host}>"

    @property
    def github(self) -> GitHub:
        """github3.py's own entry point, on this thread's connection. It goes by no token of its own: each request is given the one of now."""
        found: GitHub | None = getattr(self._local, "github", None)
        if found is None:
            session = GitHubSession(*self._timeouts)
            session.base_url = self.server.rest
            session.headers.update(
                {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION, "User-Agent": "rungwise"}
            )
            # Retries are ours: urllib3's would each wait on their own, while the other threads go on asking.
            for prefix in ("https://", "http://"):
                session.mount(prefix, HTTPAdapter(max_retries=0))
            found = self._local.github = GitHub(session=session)
        return found

    def scrub(self, text: str) -> str:
        """The text without the token."""
        return self.login.scrub(text)

    def may(self, permission: str) -> bool:
        """Whether this is an App that was given a permission, such as ``administration``; of a token that is not told."""
        return permission in self.login.permissions

    def _installation_token(self, signed: str, path: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """Trades what the App signed for a token of its installation."""
        answer = self._send("POST", f"{self.server.rest}{path}", "core", "", signed=signed)
        if answer.status == 401:
            raise GitHubError(
                f"{self.server.host} does not accept what the App signed (401). Check that GITHUB_APP_ID and the private key belong "
                "together, that the key was not deleted, and that this machine's clock is right."
            )
        if answer.status == 404:
            raise GitHubError(
                f"The App has no installation of that number on {self.server.host} (404). Check GITHUB_APP_INSTALLATION_ID, and that the App is installed."
            )
        if answer.status != 201 or not isinstance(answer.body, dict):
            raise GitHubError(f"{self.server.host} gives the App no token: {self.scrub(answer.message)} ({answer.status}).")
        return answer.body, answer.headers

    def greet(self) -> Mapping[str, Any]:
        """See that there is a GitHub that takes the token. Returns what is left of the limits (``resources`` by name); costs nothing."""
        answer = self._send("GET", f"{self.server.rest}/rate_limit", "core", None)
        if answer.status == 404 and "rate limiting is not enabled" in answer.message.lower():
            return {}
        if answer.status != 200 or not isinstance(answer.body, dict) or "resources" not in answer.body:
            raise self._no_github(f"its /rate_limit answers {answer.status}")
        return dict(answer.body["resources"])

    def get(self, path: str, **query: str | int) -> Any:
        """What GitHub says at a path such as ``/orgs/acme``, as JSON. Raises :class:`Refused` for any answer that is none."""
        return self._ok(self._send("GET", self._url(path, query), "core", None)).body

    def pages(self, path: str, **query: str | int) -> Iterator[list[Any]]:
        """All pages of a list, a hundred entries at a time. Raises :class:`Refused`."""
        url: str | None = self._url(path, {"per_page": 100, **query})
        while url:
            answer = self._ok(self._send("GET", url, "core", None))
            if not isinstance(answer.body, list):
                raise Refused(answer.status, f"{path} answers with something that is no list")
            yield answer.body
            url = self._next(url, answer)

    def graphql(self, query: str, variables: Mapping[str, Any], *, divisible: bool = False) -> GraphQLAnswer:
        """Ask one GraphQL query.

        Raises :class:`TooMuch` where GitHub gives up on it and it is ``divisible``, and :class:`Refused` where there is no data at all.
        """
        payload = json.dumps({"query": query, "variables": dict(variables)})
        given_up = 0
        for _ in range(LIMITED_AT_MOST):
            answer = self._send("POST", self.server.graphql, "graphql", payload, few=divisible)
            if answer.status >= 500 and divisible:
                raise TooMuch(answer.message)
            body = self._ok(answer).body
            if not isinstance(body, dict):
                raise self._no_github("its GraphQL answer is no object")
            errors = tuple(error for error in body.get("errors") or () if isinstance(error, dict))
            if any(error.get("type") == "RATE_LIMITED" for error in errors):
                self.governor.exhausted("graphql")
                continue
            self._check_sign_on(answer, errors)
            data = body.get("data")
            if any(error.get("type") in ("RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED") for error in errors) or (
                not data and any(_gave_up(error) for error in errors)
            ):
                if divisible:
                    raise TooMuch(_first_message(errors))
                given_up += 1
                if given_up >= ATTEMPTS:
                    raise Refused(200, self.scrub(_first_message(errors)))
                self.governor.count(retries=1)
                self.governor.sleep(2**given_up, f"{self.server.host} gave up on a query")
                continue
            if isinstance(data, dict):
                limit = data.get("rateLimit")
                self.governor.count(
                    points=int(limit["cost"]) if isinstance(limit, dict) and isinstance(limit.get("cost"), int) else 1
                )
                return GraphQLAnswer(data, errors)
            return GraphQLAnswer({}, errors or ({"message": "no data"},))
        raise Refused(200, "GitHub's limit for GraphQL stays used up")

    def _url(self, path: str, query: Mapping[str, str | int]) -> str:
        return f"{self.server.rest}{path}" + (f"?{urlencode(query)}" if query else "")

    def _next(self, url: str, answer: Answer) -> str | None:
        found = re.search(r'<([^<>]+)>;\s*rel="next"', answer.headers.get("link", ""))
        if found is None:
            return None
        after: str = urljoin(url, found[1])
        if urlsplit(after)[:2] != urlsplit(self.server.rest)[:2]:
            raise Refused(answer.status, "the next page lies on another server")
        return after

    def _ok(self, answer: Answer) -> Answer:
        if not 200 <= answer.status < 300:
            raise Refused(answer.status, self.scrub(answer.message))
        return answer

    def _send(self, method: str, url: str, resource: str, payload: str | None, *, few: bool = False, signed: str = "") -> Answer:
        """Send a request until there is an answer worth having.

        ``few``: a server's fault is worth one more try only. ``signed``: what an App signed, in place of a token.
        """
        failed = limited = redirected = renewed = 0
        while True:
            token = signed or self.login.token()
            with self.governor.turn(resource):
                self.governor.count(**{"graphql" if resource == "graphql" else "rest": 1})
                try:
                    answer, trouble = self._once(method, url, payload, _Signed(token) if signed else _Token(token)), ""
                except _Passing as passing:
                    answer, trouble = None, str(passing)
            if answer is not None:
                self._unanswered = 0
                if signed and answer.status in (201, 401, 404):
                    return answer
                self.governor.saw(resource, answer.headers)
                if answer.status == 401 and not renewed and self.login.renew(token):
                    renewed = 1
                    self.governor.count(retries=1)
                    continue
                if self._held_back(answer, resource) and (limited := limited + 1) < LIMITED_AT_MOST:
                    self.governor.count(retries=1)
                    continue
                if target := self._redirect(method, url, answer):
                    url, redirected = target, redirected + 1
                    if redirected <= REDIRECTS:
                        continue
                    raise Refused(answer.status, "it is sent from one address to the next without end")
                if answer.status < 500:
                    self._check(answer)
                    self._answered = True
                    self.governor.went_well()
                    return answer
            failed += 1
            if failed >= (2 if few and answer is not None else ATTEMPTS):
                if answer is not None and self._answered:
                    return answer
                self._unanswered += 1
                if self._answered and self._unanswered < SILENT_AT_MOST:
                    raise Refused(0, trouble)
                raise self._unreachable(trouble or f"it answers {answer.status if answer else 'nothing'}")
            self.governor.count(retries=1)
            self.governor.sleep(2 ** (failed - 1) * (0.5 + random.random()), f"{self.server.host} did not answer")

    def _once(self, method: str, url: str, payload: str | None, auth: TokenAuth) -> Answer:
        session = self.github.session
        until = time.monotonic() + self._body_seconds
        try:
            with session.request(method, url, data=payload, auth=auth, stream=True, allow_redirects=False) as response:
                headers = {name.lower(): value for name, value in response.headers.items()}
                chunks, size = [], 0
                # What has come so far, and not until so much has come: otherwise a body that drips would hold us without end.
                while chunk := response.raw.read1(65_536, decode_content=True):
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > MOST_BYTES:
                        raise Refused(response.status_code, "the answer is larger than any that GitHub gives")
                    if time.monotonic() > until:
                        raise _Passing("its answers trickle in too slowly")
                return Answer(response.status_code, headers, _json(b"".join(chunks), response.status_code, headers))
        except requests.exceptions.SSLError as error:
            raise GitHubError(
                f"The certificate of {self.server.host} cannot be verified ({self._said(error)}). "
                "Behind a proxy that opens TLS, set REQUESTS_CA_BUNDLE to its certificate."
            ) from None
        except (requests.exceptions.Timeout, ReadTimeoutError):
            raise _Passing("it did not answer in time") from None
        except (requests.exceptions.ConnectionError, HTTPError) as error:
            raise _Passing(self._said(error)) from None
        except requests.exceptions.RequestException as error:
            raise GitHubError(
                f"{self.server.rest} cannot be asked ({self._said(error)}). Check GITHUB_API_URL or GH_HOST."
            ) from None

    def _held_back(self, answer: Answer, resource: str) -> bool:
        """Whether a limit holds; the governor knows then how long to wait."""
        if answer.status not in (403, 429):
            return False
        if (after := _seconds(answer.headers.get("retry-after"))) is not None:
            self.governor.pause(after)
        elif answer.headers.get("x-ratelimit-remaining") == "0":
            self.governor.exhausted(resource)
        elif answer.status == 429 or re.search(r"secondary rate limit|abuse detection", answer.message, re.IGNORECASE):
            self.governor.pause(None)
        else:
            return False
        return True

    def _redirect(self, method: str, url: str, answer: Answer) -> str | None:
        """Where a renamed repository or organisation is now. The token never follows to another server."""
        if answer.status not in (301, 302, 307, 308) or method != "GET" or "location" not in answer.headers:
            return None
        target = urljoin(url, answer.headers["location"])
        if urlsplit(target)[:2] != urlsplit(url)[:2]:
            raise Refused(answer.status, "it is sent on to another server, where the token does not go")
        return target

    def _check(self, answer: Answer) -> None:
        """Turn what no further request can mend into a sentence."""
        if answer.status == 401:
            if self._answered:
                raise GitHubError(
                    f"{self.server.host} stopped accepting the token during the collection (401). What was collected is kept. {_FIXABLE}"
                )
            raise GitHubError(f"{self.server.host} does not accept the token (401). {_FIXABLE}")
        self._check_sign_on(answer, ())

    def _check_sign_on(self, answer: Answer, errors: tuple[Mapping[str, Any], ...]) -> None:
        told = answer.headers.get("x-github-sso", "")
        saml = any("SAML enforcement" in str(error.get("message")) for error in errors)
        if (answer.status == 403 and told.startswith("required")) or saml:
            raise GitHubError(
                "The organisation uses single sign-on and the token is not authorised for it. "
                "Authorise it on GitHub under Settings, Developer settings, the token, Configure SSO."
            )
        if answer.status == 403 and "ip allow list" in answer.message.lower():
            raise GitHubError(
                "The organisation takes requests from certain addresses only, and this machine's is not among them. Run it from one that is."
            )

    def _unreachable(self, why: str) -> GitHubError:
        if self._answered:
            return GitHubError(
                f"{self.server.host} stopped answering ({self.scrub(why)}). What was collected is kept; run it again later."
            )
        return GitHubError(
            f"{self.server.rest} cannot be reached ({self.scrub(why)}). Check the network, and GITHUB_API_URL or GH_HOST if set."
        )

    def _no_github(self, why: str) -> GitHubError:
        return GitHubError(f"{self.server.rest} does not answer as a GitHub does ({why}). Check GITHUB_API_URL or GH_HOST.")

    def _said(self, error: Exception) -> str:
        """An error of the network in a few words, without the objects and addresses that urllib3 puts into it."""
        text = str(error)
        for known, words in _NETWORK_WORDS.items():
            if known in text:
                return words
        return "the connection failed"


_NETWORK_WORDS = {
    "NameResolutionError": "there is no such host",
    "Connection refused": "the connection was refused",
    "Network is unreachable": "the network is unreachable",
    "ProxyError": "the proxy does not let it through",
    "CERTIFICATE_VERIFY_FAILED": "certificate verify failed",
    "Read timed out": "it did not answer in time",
    "IncompleteRead": "an answer broke off",
    "Connection aborted": "the connection was cut",
    "Connection reset": "the connection was cut",
}


class _Passing(Exception):
    """A fault that may be gone the next time."""


def _json(content: bytes, status: int, headers: Mapping[str, str]) -> Any:
    """The body as JSON; ``None`` for an empty one and for pages of people's making, which proxies and gateways answer with."""
    if not content or "json" not in headers.get("content-type", "json"):
        return None
    try:
        return json.loads(content)
    except ValueError:
        if 200 <= status < 300:
            raise _Passing("an answer broke off") from None
        return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isdecimal() else None


def _gave_up(error: Mapping[str, Any]) -> bool:
    return bool(re.search(r"something went wrong|timeout|timed out|took too long", str(error.get("message", "")), re.IGNORECASE))


def _first_message(errors: tuple[Mapping[str, Any], ...]) -> str:
    return " ".join(str(errors[0].get("message", "")).split())[:300] if errors else "no data"
