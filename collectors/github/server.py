"""Where a GitHub is: github.com, a company's own server, or a tenant of ghe.com."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from collectors.github.errors import GitHubError

_HOST = re.compile(r"(?=.{1,253}(?::|$))[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:]+\](?::\d{1,5})?", re.IGNORECASE)
_LOOPBACK = re.compile(r"(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Server:
    """The addresses of one GitHub, without a slash at their ends."""

    host: str
    """What repositories go by, e.g. ``github.com``."""
    rest: str
    graphql: str
    git: str


GITHUB_COM = Server("github.com", "https://api.github.com", "https://api.github.com/graphql", "https://github.com")


def server_from(environment: Mapping[str, str]) -> Server:
    """The GitHub that ``GITHUB_API_URL`` or ``GH_HOST`` name; github.com where neither is set.

    Raises :class:`GitHubError` for what is no address, and for one that would send the token over the network in the clear.
    """
    if address := environment.get("GITHUB_API_URL", "").strip():
        return _by_api(address)
    if host := environment.get("GH_HOST", "").strip().lower():
        return _by_host(host)
    return GITHUB_COM


def _by_host(host: str) -> Server:
    if not _HOST.fullmatch(host):
        raise GitHubError(
            f"GH_HOST is {_shown(host)}, which is no host name. Give one such as github.example.com, without https:// and slashes."
        )
    if host in ("github.com", "api.github.com"):
        return GITHUB_COM
    scheme = "http" if _LOOPBACK.fullmatch(host) else "https"
    if host.endswith(".ghe.com"):
        tenant = host.removeprefix("api.")
        return Server(tenant, f"https://api.{tenant}", f"https://api.{tenant}/graphql", f"https://{tenant}")
    origin = f"{scheme}://{host}"
    return Server(host, f"{origin}/api/v3", f"{origin}/api/graphql", origin)


def _by_api(address: str) -> Server:
    try:
        parts = urlsplit(address.rstrip("/"))
        host = parts.netloc.lower()
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("https", "http") or parts.query or parts.fragment or not _HOST.fullmatch(host):
        raise GitHubError(
            f"GITHUB_API_URL is {_shown(address)}, which is no address of an API. "
            "Give https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise Server."
        )
    if parts.scheme == "http" and not _LOOPBACK.fullmatch(host):
        raise GitHubError(
            f"GITHUB_API_URL is {_shown(address)}, which would send the token in the clear. Give an address with https://."
        )
    if host == "api.github.com" and parts.path == "":
        return GITHUB_COM
    if host.startswith("api.") and host.endswith(".ghe.com") and parts.path == "":
        return _by_host(host)
    if parts.path == "/api/v3":
        origin = f"{parts.scheme}://{host}"
        return Server(host, f"{origin}/api/v3", f"{origin}/api/graphql", origin)
    raise GitHubError(
        f"GITHUB_API_URL is {_shown(address)}, which is not where a GitHub keeps its API. "
        "Give https://api.github.com, https://api.TENANT.ghe.com, or https://HOST/api/v3 for GitHub Enterprise Server."
    )


def _shown(address: str) -> str:
    """An address as it may be printed: without a name and password in it."""
    return repr(re.sub(r"//[^/@]*@", "//***@", address)[:200])
