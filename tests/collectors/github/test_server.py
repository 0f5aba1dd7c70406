"""Which GitHub is meant, and what is no GitHub's address."""

from __future__ import annotations

import pytest

from collectors.github.errors import GitHubError
from collectors.github.server import GITHUB_COM, Server, server_from

OWN = Server(
    "git.example.com", "https://git.example.com/api/v3", "https://git.example.com/api/graphql", "https://git.example.com"
)
TENANT = Server("octo.ghe.com", "https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql", "https://octo.ghe.com")


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("OTHER", "x", GITHUB_COM),
        ("GITHUB_API_URL", "", GITHUB_COM),
        ("GITHUB_API_URL", "https://api.github.com", GITHUB_COM),
        ("GITHUB_API_URL", "https://api.github.com/", GITHUB_COM),
        ("GITHUB_API_URL", "https://git.example.com/api/v3", OWN),
        ("GITHUB_API_URL", "https://GIT.example.com/api/v3/", OWN),
        ("GITHUB_API_URL", "https://api.octo.ghe.com", TENANT),
        ("GH_HOST", "github.com", GITHUB_COM),
        ("GH_HOST", "git.example.com", OWN),
        ("GH_HOST", "octo.ghe.com", TENANT),
        ("GH_HOST", "api.octo.ghe.com", TENANT),
        (
            "GITHUB_API_URL",
            "http://127.0.0.1:8080/api/v3",
            Server(
                "127.0.0.1:8080", "http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/api/graphql", "http://127.0.0.1:8080"
            ),
        ),
    ],
)
def test_addresses(variable: str, value: str, expected: Server) -> None:
    assert server_from({variable: value}) == expected


def test_the_api_goes_before_the_host() -> None:
    assert server_from({"GITHUB_API_URL": "https://git.example.com/api/v3", "GH_HOST": "github.com"}) == OWN


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("GITHUB_API_URL", "github", "no address"),
        ("GITHUB_API_URL", "ftp://git.example.com/api/v3", "no address"),
        ("GITHUB_API_URL", "https://[git/api/v3", "no address"),
        ("GITHUB_API_URL", "https://git.example.com/api/v3?x=1", "no address"),
        ("GITHUB_API_URL", "https://git.example.com", "not where a GitHub keeps"),
        ("GITHUB_API_URL", "https://github.com", "not where a GitHub keeps"),
        ("GITHUB_API_URL", "http://git.example.com/api/v3", "in the clear"),
        ("GH_HOST", "https://git.example.com", "no host name"),
        ("GH_HOST", "git.example.com/x", "no host name"),
        ("GH_HOST", "a b", "no host name"),
    ],
)
def test_what_is_no_address_is_said(variable: str, value: str, says: str) -> None:
    with pytest.raises(GitHubError, match=says) as caught:
        server_from({variable: value})
    assert variable in str(caught.value)


def test_a_password_in_an_address_is_not_repeated() -> None:
    with pytest.raises(GitHubError) as caught:
        server_from({"GITHUB_API_URL": "https://me:secret@git.example.com/api/v3"})
    assert "secret" not in str(caught.value)
