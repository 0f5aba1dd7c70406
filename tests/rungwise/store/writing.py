"""Processes that write until they are killed: ``python -m tests.rungwise.store.writing``.

Starting Python and its libraries takes longer than writing a week, so this process starts once and forks for each line that it reads
(a command and its arguments). It says the child's number, then the number of each week that is stored, then ``end`` and how it ended.
"""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path

import pandas  # noqa: F401  (writing loads it late, and then each child would)

from rungwise.model import Status
from rungwise.store import Week, generations
from tests.rungwise.store.sample import look, save

REPOSITORIES = [f"acme/app-{number}" for number in range(6)]
WEEK = "2026-W01"


def week_of(number: int) -> str:
    """The week that holds this number's rows."""
    return Week.of_id(Week.parse(WEEK).id + number).label


def write(database: Path, week: str, number: int) -> None:
    """Stores a week in which everything shows the same number."""
    status = (Status.PRESENT, Status.PARTIAL, Status.ABSENT)[number % 3]
    looks = [look(name, number, {"unit-tests": status, "metrics": status}, line=number + 1) for name in REPOSITORIES]
    save(database, week, looks)


def weeks(database: Path, first: int) -> None:
    """One new week after the other."""
    for number in count(first):
        write(database, week_of(number), number)
        print(number, flush=True)


def again(database: Path) -> None:
    """The same week, always different."""
    for number in count(1):
        write(database, WEEK, number)
        print(number, flush=True)


def dies(database: Path, number: int, step: int) -> None:
    """One week, in a process that is gone as soon as it has told the disk to keep this many things."""
    sync, left = generations._sync, iter(range(step))

    def sync_or_die(path: Path) -> None:
        if next(left, None) is None:
            os._exit(9)
        sync(path)

    generations._sync = sync_or_die
    write(database, week_of(number), number)


def serve() -> None:
    """Forks for each line until there is none."""
    commands = {"weeks": weeks, "again": again, "dies": dies}
    for line in sys.stdin:
        command, root, *numbers = line.rstrip("\n").split("\t")
        child = os.fork()
        if not child:
            print(os.getpid(), flush=True)
            commands[command](Path(root), *map(int, numbers))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print("end", os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
