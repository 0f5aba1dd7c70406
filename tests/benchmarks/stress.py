"""Readers and a writer at the same time: no error, no refusal, and no week that is half one run and half the next.

    uv run python -m tests.benchmarks.stress [--seconds 60] [--readers 4]

One process writes the same week over and over, each time as another run; the others, processes of their own as several dashboards would
be, open the database afresh and check that everything they read is from one and the same run. Prints how often each did so.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from queue import Queue

from rungwise.store import Week, open_reader
from tests.rungwise.store.test_generations import assert_whole
from tests.rungwise.store.writing import WEEK, write


def main() -> None:
    """Run all of them for a while and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--readers", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder)
        write(database, WEEK, 0)
        context = multiprocessing.get_context("spawn")
        done, said = context.Event(), context.Queue()
        names = ["writer", *(f"reader {number}" for number in range(1, options.readers + 1))]
        processes = [
            context.Process(target=_write if name == "writer" else _read, args=(name, database, done, said)) for name in names
        ]
        for process in processes:
            process.start()
        time.sleep(options.seconds)
        done.set()
        for name, times, generations, problem in sorted(said.get() for _ in processes):
            what = "written" if name == "writer" else f"read, of {generations} runs"
            print(f"{name:10} {times:6} times {what}{f'; ended by {problem}' if problem else ', no error'}")
        for process in processes:
            process.join()


def _write(name: str, database: Path, done: Event, said: Queue[tuple[str, int, int, str]]) -> None:
    times, problem = 0, ""
    try:
        for times in count(1):
            if done.is_set():
                break
            write(database, WEEK, times)
    except Exception as error:
        problem = repr(error)
    said.put((name, times, times, problem))


def _read(name: str, database: Path, done: Event, said: Queue[tuple[str, int, int, str]]) -> None:
    week, times, problem, seen = Week.parse(WEEK).id, 0, "", set[str]()
    try:
        while not done.is_set():
            reader = open_reader(database)
            assert_whole(reader, week, int(reader.repositories(week)["commit"].iloc[0], 16))
            seen.add(reader.generation)
            times += 1
    except Exception as error:
        problem = repr(error)
    said.put((name, times, len(seen), problem))


if __name__ == "__main__":
    main()
