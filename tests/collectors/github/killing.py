"""Collections in a process of their own, killed at a moment of one's choice."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.collectors.github.stand_in import Request, StandIn

# Two repositories at a time are stored, so that a collection of a few has many moments at which to be in the middle of it.
_PROGRAM = "import sys, rungwise.__main__ as m; m.BATCH = int(sys.argv[1]); sys.exit(m.main(sys.argv[2:]))"
LONGEST = 300
"""Seconds."""


@dataclass(frozen=True)
class Moment:
    """When to kill: ``seconds`` after the request of that number has come in."""

    request: int
    seconds: float


def moments(count: int, requests: int, seed: int) -> list[Moment]:
    """Random moments of a collection that takes so many requests. The last requests come often, since most is written after them."""
    chance = random.Random(seed)
    return [
        Moment(
            requests if chance.random() < 0.4 else chance.randint(1, requests),
            chance.choice((0, 0.05, 0.5, 1.5)) * chance.random(),
        )
        for _ in range(count)
    ]


def collect(
    github: StandIn, database: Path, *more: str, batch: int = 2, when: Moment | None = None, until: Path | None = None
) -> int:
    """Collect the organisation ``acme``, and kill it at a moment, or once a file is there, if one is given.

    Returns the exit status, which is -9 if that was in time.
    """
    command = [sys.executable, "-c", _PROGRAM, str(batch), "collect", "github", "acme", "--database", str(database), *more]
    # Not the whole of this environment: tests may have a home, proxies and tokens in it.
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[3]), **github.environment}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    faults = len(github.faults)
    if when:
        github.fail(_at(when, process.kill), lambda: None, times=1_000_000)
    if until:
        threading.Thread(target=_once, args=(until, process.kill), daemon=True).start()
    try:
        said, _ = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
        del github.faults[faults:]
    assert process.returncode in (0, -9), said.decode()
    return process.returncode


def _once(there: Path, kill: Callable[[], None]) -> None:
    until = time.monotonic() + LONGEST
    while not there.exists() and time.monotonic() < until:
        time.sleep(0.005)
    kill()


def _at(when: Moment, kill: Callable[[], None]) -> Callable[[Request], bool]:
    """Picks no request; kills after so many of them have come by."""
    seen = 0

    def pick(_: Request) -> bool:
        nonlocal seen
        seen += 1
        if seen == when.request:
            threading.Timer(when.seconds, kill).start()
        return False

    return pick
