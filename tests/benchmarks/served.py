"""A GitHub stand-in in a process of its own, for benchmarks: what it takes is not taken from whoever is measured."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import MappingProxyType

from tests.collectors.github.stand_in import TOKEN, FakeClock, Reply, Repo, Request, StandIn

ROOT = Path(__file__).parents[2]


@dataclass
class Served:
    """A running stand-in: where it is, and what was asked of it."""

    environment: dict[str, str]
    origin: str
    _pipe: Connection

    def counts(self) -> Counter[str]:
        """What was asked since the last time: ``rest``, ``graphql`` (and each query by its name), ``points``, and ``git``."""
        self._pipe.send("counts")
        found: Counter[str] = self._pipe.recv()
        return found


@contextmanager
def serving(
    folder: Path, names: Sequence[str], delay: float = 0.0, sizes: Mapping[str, int] = MappingProxyType({})
) -> Iterator[Served]:
    """Serve the bare repositories below a folder, which are called ``OWNER/NAME.git`` there; each answer comes ``delay`` seconds late.

    ``sizes`` are what they take on GitHub, in kB, by their names.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, folder, list(names), delay, dict(sizes)), daemon=True)
    process.start()
    try:
        origin = ours.recv()
        yield Served({"GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": f"{origin}/api/v3"}, origin, ours)
    finally:
        ours.send("stop")
        process.join(10)
        process.kill()


def _serve(pipe: Connection, folder: Path, names: Sequence[str], delay: float, sizes: Mapping[str, int]) -> None:
    github = StandIn(folder, FakeClock())
    answer = github.faulty

    def slow(request: Request) -> Reply | None:
        time.sleep(delay)
        return answer(request)

    github.faulty = slow  # type: ignore[method-assign]
    for number, name in enumerate(names):
        team = ("platform", "shop-team")[number % 2]
        github.add(Repo(name, folder / f"{name}.git", teams={team: "ADMIN"}, alerts=True, disk_kb=sizes.get(name, 100)))
    with github.running():
        pipe.send(github.origin)
        while pipe.recv() == "counts":
            found = Counter(request.kind for request in github.requests)
            found.update(request.text for request in github.requests if request.kind == "graphql")
            found["points"] = sum(request.points for request in github.requests)
            github.requests.clear()
            pipe.send(found)


@dataclass(frozen=True)
class Spent:
    """What a program took: seconds by the clock, seconds of the processor (with those of its own programs), and MB at most."""

    seconds: float
    processor: float
    megabytes: float
    said: str
    status: int


_MEASURE = """
import json, os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=sys.stderr, stderr=sys.stderr)
_, status, used = os.wait4(process.pid, 0)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, os.waitstatus_to_exitcode(status)]))
"""
"""Stands between us and what is measured: a new process is taken to need as much memory as the one that it comes from."""


def rungwise(*arguments: str, environment: dict[str, str]) -> Spent:
    """Run the command line in a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _MEASURE, sys.executable, "-m", "rungwise", *arguments]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, check=True)
    processor, megabytes, status = json.loads(done.stdout)
    return Spent(time.perf_counter() - start, processor, megabytes, done.stderr.strip(), status)


def git_environment() -> dict[str, str]:
    """What lets git itself in."""
    basic = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
    return {
        **os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.extraHeader", "GIT_CONFIG_VALUE_0": f"Authorization: Basic {basic}",
    }  # fmt: skip
