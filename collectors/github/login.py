"""How a client proves who it is: by a token, or as a GitHub App whose tokens hold for an hour and are renewed before that."""

from __future__ import annotations

import threading
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Protocol

from github3.apps import create_token
from jwt.exceptions import PyJWTError

from collectors.github.errors import GitHubError, scrub

TOKEN_VARIABLES = ("GITHUB_TOKEN", "GH_TOKEN")
APP, KEY, KEY_FILE, INSTALLATION = (
    "GITHUB_APP_ID",
    "GITHUB_APP_PRIVATE_KEY",
    "GITHUB_APP_PRIVATE_KEY_FILE",
    "GITHUB_APP_INSTALLATION_ID",
)
RENEWED_BEFORE = 900.0
"""Seconds before a token of an App ends at which the next one is fetched: more than one run of git may take."""
_KEY_HOLDS = 300
"""Seconds for which what the App signs itself is good; GitHub allows 600 by its own clock."""

Exchange = Callable[[str, str], tuple[Mapping[str, Any], Mapping[str, str]]]
"""Trades what an App signed, at a path of the API, for the body and the headers of GitHub's answer."""


class Login(Protocol):
    """Who a client is. Safe to be used by several threads."""

    app: bool
    """Whether it is a GitHub App."""

    def token(self) -> str:
        """The token of now. Raises :class:`GitHubError` where an App is given none."""

    def renew(self, refused: str) -> bool:
        """Get another token, since GitHub refused that one; false where there is no other."""

    def scrub(self, text: str) -> str:
        """The text without anything secret."""

    @property
    def permissions(self) -> Mapping[str, str]:
        """What an App may do, ``read`` or ``write`` by the name of the permission; empty where that is not told."""


def basic(token: str) -> str:
    """A token as git sends it."""
    return b64encode(f"x-access-token:{token}".encode()).decode()


class TokenLogin:
    """One token, for as long as it holds."""

    app = False
    permissions: Mapping[str, str] = {}

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> bool:
        return False

    def scrub(self, text: str) -> str:
        return scrub(text, self._token, basic(self._token))


class AppLogin:
    """An installation of a GitHub App, by its private key (PEM). ``now`` tells the time in seconds."""

    app = True

    def __init__(self, app: str, key: str, installation: str, exchange: Exchange, now: Callable[[], float]) -> None:
        self._app, self._key, self._installation = app, key, installation
        self._exchange, self._now = exchange, now
        self._lock = threading.RLock()
        self._tokens: list[str] = []
        self._renewed_at = 0.0
        self.permissions: Mapping[str, str] = {}

    def token(self) -> str:
        with self._lock:
            if not self._tokens or self._now() >= self._renewed_at:
                self._fetch()
            return self._tokens[-1]

    def renew(self, refused: str) -> bool:
        with self._lock:
            # Another thread may have been refused with the same one, and have fetched the next already.
            if self._tokens and self._tokens[-1] == refused:
                self._fetch()
            return True

    def scrub(self, text: str) -> str:
        with self._lock:
            return scrub(text, *self._tokens, *map(basic, self._tokens), self._key)

    def _fetch(self) -> None:
        body, headers = self._exchange(self._signed(), f"/app/installations/{self._installation}/access_tokens")
        token, ends = body.get("token"), body.get("expires_at")
        if not isinstance(token, str) or not isinstance(ends, str):
            raise GitHubError(
                f"GitHub gave the App {self._app} no token for the installation {self._installation}. Try again later."
            )
        # The end is told by GitHub's clock, and ours may be off.
        theirs = parsedate_to_datetime(headers["date"]).timestamp() if headers.get("date") else self._now()
        self._renewed_at = self._now() + datetime.fromisoformat(ends).timestamp() - theirs - RENEWED_BEFORE
        self.permissions = dict(body.get("permissions") or {})
        self._tokens.append(token)

    def _signed(self) -> str:
        try:
            # A number as the App's name would be refused by the library that signs.
            return str(create_token(self._key.encode(), str(self._app), _KEY_HOLDS))
        except (PyJWTError, ValueError, TypeError):
            raise GitHubError(
                f"The private key of the App {self._app} is none that can be read: it has to be the PEM file that GitHub gave out, "
                f"in {KEY}, or its path in {KEY_FILE}."
            ) from None


def app_in(environment: Mapping[str, str]) -> tuple[str, str, str] | None:
    """An App's id, private key and installation; ``None`` where none is named. Raises :class:`GitHubError` where a part is missing."""
    app = environment.get(APP, "").strip()
    if not app:
        return None
    installation = environment.get(INSTALLATION, "").strip()
    if not installation.isdecimal():
        raise GitHubError(
            f"{INSTALLATION} {'is not set' if not installation else 'is no number'}: give the number at the end of the address of the App's "
            "installation, under the organisation's Settings, GitHub Apps, Configure."
        )
    key = environment.get(KEY, "").strip().replace("\\n", "\n")
    if not key and (path := environment.get(KEY_FILE, "").strip()):
        try:
            key = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise GitHubError(
                f"{KEY_FILE} names {path}, which cannot be read ({why}). Check the path and its permissions."
            ) from None
    if not key:
        raise GitHubError(f"{APP} is set, but there is no private key: put it in {KEY}, or its path in {KEY_FILE}.")
    return app, key, installation


def token_in(environment: Mapping[str, str]) -> str:
    """The token of the environment; empty where there is none."""
    return next((value for name in TOKEN_VARIABLES if (value := environment.get(name, "").strip())), "")
