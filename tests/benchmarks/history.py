"""What two years of history cost, beside one week and beside git reading the same trees and blobs.

    uv run python -m tests.benchmarks.history CLONES... [--weeks 104] [--times 5]

For each clone: how many of the weeks have a commit of their own, how many times as many bytes they hold as the newest week alone, how
long judging one week and all weeks takes (start-up left out, nothing stored), and how long ``git cat-file --batch`` takes to read every
tree and blob that was read. Each is measured in turn with the others, each time in a new process, and the shortest counts: a process that
has looked at something finds patterns faster than one that has just begun. Prints ratios beside their limits and asserts nothing.
"""

from __future__ import annotations

import argparse
import multiprocessing
import subprocess
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pygit2

from collectors.git import Repository
from rungwise.__main__ import targets
from rungwise.catalogue import load
from rungwise.clones import Target, collector_for, timeline_of
from rungwise.history import looks_over_time, weeks_until
from tests.benchmarks.timing import Spent, timed

LIMIT_GROWTH, LIMIT_GIT = 1.2, 12


def main() -> None:
    """Measure every clone and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--times", type=int, default=5, help="how often each is measured")
    options = parser.parse_args()
    ours, git, worst = Spent(), Spent(), 0.0
    print("processor seconds (seconds on the clock)")
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as afresh:
        for target in targets(options.paths):
            path, rounds = target.repository.path, list[tuple[Spent, Spent, Spent]]()
            for _ in range(options.times):
                once, read_by_one, _ = afresh.submit(_look, path, 1).result()
                weekly, read_by_all, commits = afresh.submit(_look, path, options.weeks).result()
                rounds.append((once, weekly, afresh.submit(_cat, path, commits, read_by_all).result()))
            one, all_, plain = (min(each, key=lambda spent: spent.processor) for each in zip(*rounds, strict=True))
            growth = _bytes(target, read_by_all) / max(1, _bytes(target, read_by_one))
            ours, git = ours + all_, git + plain
            beside_one = all_.processor / one.processor / growth
            worst = max(worst, beside_one)
            print(
                f"{target.name:40} {len(commits):3} commits  one week {one}  {options.weeks} weeks {all_} {all_.beside(one)} for x{growth:.1f} of the "
                f"bytes: {beside_one:.2f}  git {plain} {all_.beside(plain)}",
                flush=True,
            )
    ratio = ours.processor / git.processor
    print(f"beside one week, by the bytes: {worst:.2f} at worst (limit {LIMIT_GROWTH})")
    print(
        f"{ours.beside(git)} beside git cat-file, in all: {'within the limit' if ratio <= LIMIT_GIT else f'{ratio / LIMIT_GIT:.1f} times the limit'} of {LIMIT_GIT}"
    )


def _look(path: Path, weeks: int) -> tuple[Spent, set[str], list[str]]:
    """What it cost, the blobs that were read, and the commits that were judged."""
    catalogue = load()
    collector = collector_for(catalogue, over_time=weeks > 1)
    collector.warm_up()
    (target,) = targets([path])
    repository, read, commits = target.repository, set[str](), dict[str, None]()
    original = repository.read

    def reading(oid: str) -> bytes:
        read.add(oid)
        return original(oid)

    repository.read = reading  # type: ignore[method-assign]
    now = datetime.now(UTC)

    def judge() -> None:
        for look in looks_over_time(timeline_of(collector, target, now), weeks_until(now, weeks), catalogue):
            commits[look.snapshot.commit] = None

    return timed(judge), read, list(commits)


def _bytes(target: Target, blobs: set[str]) -> int:
    database = target.repository.git.odb
    return sum(int(database.read_header(pygit2.Oid(hex=oid))[1]) for oid in blobs if pygit2.Oid(hex=oid) in database)


def _cat(path: Path, commits: list[str], blobs: set[str]) -> Spent:
    repository, trees = Repository(path), set[str]()
    for commit in commits:
        todo = [repository.git[commit].peel(pygit2.Commit).tree_id]
        while todo:
            tree = str(todo.pop())
            if tree not in trees:
                trees.add(tree)
                listed = repository.git[tree].peel(pygit2.Tree)
                todo += [entry.id for entry in listed if entry.filemode == pygit2.enums.FileMode.TREE]
    command = ["git", "-C", str(path), "-c", "protocol.allow=never", "cat-file", "--batch"]
    return timed(lambda: subprocess.run(command, input="\n".join([*trees, *blobs]).encode(), stdout=subprocess.PIPE, check=False))


if __name__ == "__main__":
    main()
