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
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch

import pygit2

from rungwise.__main__ import DONE, main
from tests.collectors.github.stand_in import Repo, Request, StandIn
from tests.repositories import commit_files

SHOP = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    ".gitignore": "node_modules\n",
}
TEST = "test('it', () => {})\n"

# Two repositories at a time are stored, so that a collection of a few has many moments at which to be in the middle of it.
_PROGRAM = "import sys, rungwise.__main__ as m; m.BATCH = int(sys.argv[1]); sys.exit(m.main(sys.argv[2:]))"
LONGEST = 300
"""Seconds."""


def prepare(github: StandIn, folder: Path) -> None:
    """Five repositories, collected a week ago into ``before`` in the folder; since then two have changed and one is new."""
    now = datetime.now(UTC)

    class LastWeek(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return now - timedelta(weeks=1)

    for number in range(5):
        git = pygit2.init_repository(str(folder / f"r{number}"), bare=True, initial_head="main")
        for weeks in (9, 5, 3):
            commit_files(git, {**SHOP, "README.md": f"{number} {weeks}"}, now - timedelta(weeks=weeks))
        github.add(Repo(f"acme/r{number}", Path(git.path), teams={"platform": "ADMIN"}))
    with patch("rungwise.__main__.datetime", LastWeek), patch.dict(os.environ, github.environment):
        assert main(["collect", "github", "acme", "--database", str(folder / "before")]) == DONE
    for repo in github.repos[1:3]:
        commit_files(repo.repository, {**SHOP, "server.test.js": TEST}, now - timedelta(minutes=1), "Grace", "Test it")
    git = pygit2.init_repository(str(folder / "young"), bare=True, initial_head="main")
    commit_files(git, SHOP, now - timedelta(days=16))
    github.add(Repo("acme/young", Path(git.path)))


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
            chance.choice((0, 0.1, 1, 3)) * chance.random(),
        )
        for _ in range(count)
    ]


def collect(github: StandIn, database: Path, *more: str, when: Moment | None = None, until: Path | None = None) -> int:
    """Collect the organisation ``acme``, and kill it at a moment, or once a file is there, if one is given.

    Returns the exit status, which is -9 if that was in time.
    """
    # With a history a tenth as many are stored at a time.
    batch = "20" if "--history" in more else "2"
    command = [sys.executable, "-c", _PROGRAM, batch, "collect", "github", "acme", "--database", str(database), *more]
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
