"""What can go wrong with GitHub, sorted by what is to be done about it."""

from __future__ import annotations


class GitHubError(Exception):
    """The collection cannot go on; the message is one sentence that says which trouble it is and what helps. Holds no token."""


class Refused(Exception):
    """GitHub answered one request with a refusal that waiting does not change, or (status 0) not at all; everything else can go on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class TooMuch(Exception):
    """GitHub gave up on a query; fewer repositories at a time may do."""


def scrub(text: str, *secrets: str) -> str:
    """The text without the secrets, wherever they occur in it."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***")
    return text
