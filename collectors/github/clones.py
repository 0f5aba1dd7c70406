"""Fetches one commit of a repository: its tree at once, the files that are wanted in one batch, and nothing else.

What ``git clone --bare --depth 1 --filter=blob:none`` does, for the very commit that was listed. git runs as a process with no settings but
ours: no hook, no credential helper, no file of the user's. The token travels in git's environment, never in an address or an argument.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pygit2

from collectors.git import GitError, Repository
from collectors.github.errors import GitHubError
from collectors.github.login import Login, basic
from collectors.github.server import Server

_PASSED_ON = (
    "PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE", "GIT_EXEC_PATH",
)  # fmt: skip
_OLDEST_GIT = (2, 31)
_REFS = "refs/rungwise"
_ROUNDS = 4
ONE, ALL, REST = ("--depth=1",), (), ("--unshallow",)
"""How far back is fetched: one commit, everything, and what a clone that was cut off lacks."""
NO_BLOBS, SMALL_BLOBS = "blob:none", "blob:limit=64k"
"""Which blobs come with a commit; the other ones that are wanted take another run of git, and two more answers to wait for."""

Wanted = Callable[[Repository], Iterable[str]]
_NOT_TAKEN = re.compile(r"Authentication failed|could not read (?:Username|Password)|returned error: 401", re.IGNORECASE)
_WATCH = 0.2


def since(moment: datetime) -> tuple[str, ...]:
    """Reaches back to a moment: nothing older is fetched."""
    return (f"--shallow-since={moment:%Y-%m-%dT%H:%M:%SZ}",)


class CloneFailed(Exception):
    """One repository could not be fetched; the message is a short reason, without the token.

    ``gone``: it is not where it was listed. ``passing``: it may go well the next time.
    """

    def __init__(self, reason: str, *, gone: bool = False, passing: bool = False) -> None:
        super().__init__(reason)
        self.gone, self.passing = gone, passing


class TooLarge(CloneFailed):
    """It takes more room than it may."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for one run of git, bytes for what is fetched of one repository, and kB for what GitHub holds of it with its whole history."""

    seconds: float = 600
    bytes: int = 2_000_000_000
    listed_kb: int = 50_000_000


class Cloner:
    """Fetches repositories of one GitHub into folders below ``workdir``.

    Raises :class:`GitHubError` where there is no git, or one that is too old to be given a token safely.
    """

    def __init__(self, server: Server, login: Login, workdir: Path, limits: Limits | None = None) -> None:
        self._server = server
        self._login = login
        self.limits = limits or Limits()
        self._stopped = threading.Event()
        try:
            self._home = Path(tempfile.mkdtemp(prefix="git-", dir=workdir))
        except OSError as error:
            raise GitHubError(
                f"{workdir} cannot be written ({error.strerror}). Name another folder, or change its permissions."
            ) from None
        self._environment = _environment(server, self._home)
        self._check_git()

    def stop(self) -> None:
        """End what is running now; each of them fails."""
        self._stopped.set()

    def close(self) -> None:
        """Remove everything that was fetched."""
        shutil.rmtree(self._home, ignore_errors=True)

    def fetch(self, name: str, commit: str, wanted: Wanted, blobs: str = NO_BLOBS) -> Path:
        """Fetch a commit, and the blobs that ``wanted`` asks for and ``blobs`` left out (see :meth:`complete`). Raises :class:`CloneFailed`."""
        path = self.start(name, commit, blobs=blobs)
        with self.keeping(path):
            self.complete(path, wanted)
        return path

    def start(self, name: str, commit: str, reach: Sequence[str] = ONE, blobs: str = NO_BLOBS) -> Path:
        """Fetch a commit with no other of its blobs than ``blobs``, and as much of what came before it as ``reach`` says. Raises :class:`CloneFailed`."""
        path = Path(tempfile.mkdtemp(prefix="clone-", dir=self._home))
        with self.keeping(path):
            pygit2.init_repository(str(path), bare=True).config["remote.origin.url"] = f"{self._server.git}/{quote(name)}.git"
            self.add(path, commit, reach, blobs)
        return path

    def add(self, path: Path, commit: str, reach: Sequence[str], blobs: str = NO_BLOBS) -> None:
        """Fetch another commit, or more of what came before one. Raises :class:`CloneFailed`; what is there stays."""
        # A reference of its own for each: what nothing refers to may be taken for superfluous.
        reference = f"+{commit}:{_REFS}/{commit}"
        self._git(
            path, "fetch", "--quiet", *reach, f"--filter={blobs}", "--no-tags", "--no-write-fetch-head", "origin", reference
        )  # fmt: skip

    def complete(self, path: Path, wanted: Wanted) -> None:
        """Fetch the blobs that ``wanted`` asks for; it is asked again until nothing is missing. Raises :class:`CloneFailed`."""
        asked: set[str] = set()
        for _ in range(_ROUNDS):
            missing = sorted(set(wanted(Repository(path))) - asked)
            if not missing:
                break
            self._git(
                path, "fetch", "--quiet", "--filter=blob:none", "--no-tags", "--no-write-fetch-head", "--recurse-submodules=no",
                "--stdin", "origin", stdin="\n".join(missing) + "\n",
            )  # fmt: skip
            asked.update(missing)

    @contextmanager
    def keeping(self, path: Path) -> Iterator[None]:
        """Discards a clone where anything fails that is done to it. What cannot be read raises :class:`CloneFailed`."""
        try:
            yield
        except GitError as error:
            self.discard(path)
            raise CloneFailed(f"what was fetched cannot be read: {self._said(str(error))}") from None
        except BaseException:
            self.discard(path)
            raise

    def discard(self, path: Path) -> None:
        """Remove what :meth:`fetch` fetched."""
        shutil.rmtree(path, ignore_errors=True)

    def _git(self, path: Path, *arguments: str, stdin: str = "") -> None:
        token = self._login.token()
        with tempfile.TemporaryFile(dir=self._home) as errors, tempfile.TemporaryFile(dir=self._home) as given:
            given.write(stdin.encode())
            given.seek(0)
            process = subprocess.Popen(
                ["git", *arguments],
                cwd=path,
                env={**self._environment, "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic(token)}"},
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
            )
            try:
                self._watch(process, path)
            finally:
                _end(process)
            if process.returncode:
                errors.seek(0)
                failure = self._failure(errors.read(100_000).decode("utf-8", "replace"))
                if _NOT_TAKEN.search(str(failure)) and self._login.renew(token):
                    failure.passing = True
                raise failure

    def _watch(self, process: subprocess.Popen[bytes], path: Path) -> None:
        until = time.monotonic() + self.limits.seconds
        while True:
            try:
                process.wait(_WATCH)
                return
            except subprocess.TimeoutExpired:
                if time.monotonic() > until:
                    raise CloneFailed(f"git did not finish within {self.limits.seconds:.0f} s") from None
                if self._stopped.is_set():
                    raise CloneFailed("the collection was stopped") from None
                if size_of(path) > self.limits.bytes:
                    raise TooLarge(f"more than {self.limits.bytes / 1e6:.0f} MB would have to be fetched") from None

    def _failure(self, said: str) -> CloneFailed:
        lines = said.splitlines()
        fatal = next((line for line in lines if line.startswith(("fatal:", "error:"))), said.strip() or "git failed")
        # Addresses say nothing that the repository's name does not.
        reason = re.sub(r"'?https?://[^\s']*'?", "it", re.sub(r"^(?:fatal|error): ", "", fatal))
        told = " ".join(line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:"))
        reason += f" ({told[:200]})" if told else ""
        gone = bool(re.search(r"not found|unable to update url base|returned error: (?:30\d|404)|redirect", said, re.IGNORECASE))
        passing = bool(
            re.search(
                r"returned error: (?:5\d\d|429)|RPC failed|early EOF|disconnect|timed out|reset|could not resolve",
                said,
                re.IGNORECASE,
            )
        )
        return CloneFailed(self._said(reason), gone=gone, passing=passing)

    def _said(self, text: str) -> str:
        text = self._login.scrub(text).replace(str(self._home), "")
        return " ".join(text.split())[:300]

    def _check_git(self) -> None:
        try:
            told = subprocess.run(
                ["git", "--version"], env=self._environment, capture_output=True, text=True, check=True, timeout=30
            ).stdout
        except (OSError, subprocess.SubprocessError):
            raise GitHubError("There is no git that can be run. Install git 2.31 or newer.") from None
        found = re.search(r"(\d+)\.(\d+)", told)
        if not found or (int(found[1]), int(found[2])) < _OLDEST_GIT:
            raise GitHubError(f"This is {told.strip()}, and git 2.31 or newer is needed to hand it the token safely. Update git.")


def size_of(path: Path) -> int:
    """The bytes of all files below a folder."""
    size = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                size += os.lstat(os.path.join(folder, name)).st_size  # noqa: PTH118 - walked five times a second
            except OSError:
                continue
    return size


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop git and the helpers that it started."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, 9)
        except OSError:
            process.kill()
        process.wait()


def _environment(server: Server, home: Path) -> Mapping[str, str]:
    """The environment that git runs in: nothing of the user's but the way to the network. The token is set for each run."""
    config = {
        f"http.{server.git}/.extraHeader": "",
        # A redirect would carry the header to wherever it leads; a renamed repository is looked up by its id instead.
        "http.followRedirects": "false",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "60",
        "credential.helper": "",
        "core.askPass": "",
        "core.hooksPath": os.devnull,
        "core.fsmonitor": "false",
        "protocol.allow": "never",
        f"protocol.{server.git.split(':', 1)[0]}.allow": "always",
        "protocol.version": "2",
        "fetch.negotiationAlgorithm": "noop",
        "fetch.recurseSubmodules": "false",
        "fetch.unpackLimit": "1",
        "transfer.bundleURI": "false",
        "gc.auto": "0",
        "maintenance.auto": "false",
        "pack.threads": "1",
    }
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_CONFIG_COUNT": str(len(config)),
    }
    for number, (key, value) in enumerate(config.items()):
        environment |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return environment
