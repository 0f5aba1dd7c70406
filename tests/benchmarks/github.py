"""What an organisation on GitHub takes the first time and a week later, beside bare git fetching the same.

    uv run python -m tests.benchmarks.github CLONES... [--repositories 1000] [--delay 0.1]

The repositories are slices of real clones, from a folder of three files to whole products, served by git itself over HTTP by a stand-in that
answers each request with a delay. A week later one in twenty has changed. Prints requests, points, seconds and memory, and ratios beside
their goals; asserts nothing.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2

from rungwise.__main__ import targets
from tests.benchmarks.served import Served, Spent, git_environment, rungwise, serving

GOAL_FIRST, GOAL_AGAIN, GOAL_REQUESTS = 2.0, 60.0, 0.1
CONCURRENCY = 4
"""As many as `collect github` fetches at a time."""
SIZES = ((3, 30, 0.35), (30, 150, 0.40), (150, 1_000, 0.20), (1_000, 5_000, 0.05))
"""From and below so many files, and which share of the repositories has as many."""
DEPTH = 3
"""How deep folders are looked for that can stand for a repository."""
BACK = (60, 30, 0)
"""Each slice's commits are those of the clone so many first parents ago."""


@dataclass(frozen=True)
class Slice:
    """A folder of a clone."""

    clone: Path
    path: str
    files: int


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--repositories", type=int, default=1_000)
    parser.add_argument("--delay", type=float, default=0.1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rungwise-benchmark-") as temporary:
        folder = Path(temporary)
        chosen = choose(slices(options.paths), options.repositories)
        names = [f"acme/r{number:04}" for number in range(len(chosen))]
        for name, one in zip(names, chosen, strict=True):
            make(folder / "served" / f"{name}.git", one)
        files = [one.files for one in chosen]
        print(
            f"{len(chosen)} repositories, {sum(files)} files, the median {sorted(files)[len(files) // 2]}, the largest {max(files)}"
        )
        sizes = {name: size_kb(one) for name, one in zip(names, chosen, strict=True)}
        with serving(folder / "served", names, options.delay, sizes) as served:
            measure(folder, names, served)


def measure(folder: Path, names: list[str], served: Served) -> None:
    """The first time, then a week later, each beside git."""
    command = ("collect", "github", "acme", "--database", str(folder / "db"))
    first = rungwise(*command, environment=served.environment)
    told("first", first, served, len(names))
    git_first, processor = by_git(
        lambda name: ("clone", "--quiet", "--bare", f"{served.origin}/{name}.git", str(folder / "clones" / name)), names
    )
    served.counts()
    print(
        f"git clone  {git_first:7.1f} s, {processor:.1f} s of the processor; the first collection took {first.seconds / git_first:.2f} times that (goal {GOAL_FIRST})",
        flush=True,
    )
    for name in names[::20]:
        change(folder / "served" / f"{name}.git")
    again = rungwise(*command, environment=served.environment)
    asked = told("again", again, served, len(names))
    changed = len(names[::20])
    # Of each that changed one thing is asked by itself, and the rest of several at once.
    own = asked["rest"] + asked["graphql"] - changed - asked["Details"]
    print(
        f"           {own / (len(names) - changed):.3f} requests an unchanged repository (goal {GOAL_REQUESTS}), "
        f"{(changed + asked['Details']) / changed:.1f} a changed one, {again.seconds:.0f} s (goal {GOAL_AGAIN:.0f})"
    )
    git_again, processor = by_git(
        lambda name: ("-C", str(folder / "clones" / name), "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*"), names
    )
    print(
        f"git fetch  {git_again:7.1f} s, {processor:.1f} s of the processor; collecting again took {again.seconds / git_again:.2f} times that",
        flush=True,
    )


def told(what: str, spent: Spent, served: Served, count: int) -> Counter[str]:
    """Print what a collection took; returns what it asked."""
    asked = served.counts()
    api = asked["rest"] + asked["graphql"]
    print(
        f"{what:10} {spent.seconds:7.1f} s, {spent.processor:.1f} s of the processor, {spent.megabytes:.0f} MB, exit {spent.status}: "
        f"{asked['rest']} REST, {asked['graphql']} GraphQL ({asked['points']} points), {asked['git']} git requests, "
        f"{api / count:.3f} API requests a repository"
    )
    missed = [line for line in spent.said.splitlines() if line.startswith("rungwise: ")]
    for line in missed[:3]:
        print(f"           {line}")
    if missed:
        print(f"           so {len(missed)} things could not be collected")
    print(
        "           " + next((line for line in spent.said.splitlines() if "new or changed" in line), spent.said[-300:]),
        flush=True,
    )
    return asked


def by_git(command: Callable[[str], tuple[str, ...]], names: Iterable[str]) -> tuple[float, float]:
    """Seconds, and seconds of the processor, for one git command for each repository, as many at a time as we fetch."""
    environment = git_environment()

    def run(name: str) -> None:
        subprocess.run(["git", *command(name)], env=environment, check=True, capture_output=True)

    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with ThreadPoolExecutor(CONCURRENCY) as pool:
        list(pool.map(run, names))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter() - start, used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime


def slices(paths: list[Path]) -> Iterator[Slice]:
    """The folders of the clones that are there with all of their files."""
    for target in targets(paths):
        git = target.repository.git
        counts: dict[str, int] = {}

        def count(tree: pygit2.Tree, git: pygit2.Repository = git, counts: dict[str, int] = counts) -> int:
            """Files below a folder; a great negative number where one of them is missing."""
            if str(tree.id) not in counts:
                counts[str(tree.id)] = sum(
                    count(git[entry.id].peel(pygit2.Tree)) if entry.filemode == pygit2.enums.FileMode.TREE
                    else 1 if entry.id in git else -1_000_000
                    for entry in tree
                    if entry.filemode != pygit2.enums.FileMode.COMMIT
                )  # fmt: skip
            return counts[str(tree.id)]

        def below(
            tree: pygit2.Tree, path: str, depth: int, git: pygit2.Repository = git, clone: Path = target.repository.path
        ) -> Iterator[Slice]:
            yield Slice(clone, path, count(tree))
            for entry in tree if depth < DEPTH else ():
                if entry.filemode == pygit2.enums.FileMode.TREE:
                    yield from below(git[entry.id].peel(pygit2.Tree), f"{path}/{entry.name}".lstrip("/"), depth + 1)

        yield from below(git.head.peel(pygit2.Commit).tree, "", 0)


def choose(found: Iterable[Slice], count: int) -> list[Slice]:
    """So many of them, of mixed sizes, the same each time; fewer where there are not as many."""
    everything = sorted(found, key=lambda one: (str(one.clone), one.path))
    chance, chosen = random.Random(1), list[Slice]()
    for least, below, share in SIZES:
        fitting = [one for one in everything if least <= one.files < below]
        chosen += chance.sample(fitting, min(len(fitting), round(count * share)))
    chance.shuffle(chosen)
    return chosen


def size_kb(one: Slice) -> int:
    """What the files of a slice take uncompressed: about what GitHub would hold of them compressed, with their history."""
    git = pygit2.Repository(str(one.clone))

    def below(tree: pygit2.Tree) -> int:
        return sum(
            below(git[entry.id].peel(pygit2.Tree))
            if entry.filemode == pygit2.enums.FileMode.TREE
            else git[entry.id].peel(pygit2.Blob).size
            for entry in tree
            if entry.filemode != pygit2.enums.FileMode.COMMIT
        )

    return below(git.revparse_single(f"HEAD:{one.path}").peel(pygit2.Tree)) // 1_000


def make(path: Path, one: Slice) -> None:
    """A bare repository of a folder's last states, with the clone's own objects."""
    git = pygit2.init_repository(str(path), bare=True, initial_head="main")
    clone = pygit2.Repository(str(one.clone))
    (path / "objects" / "info" / "alternates").write_text(f"{Path(clone.path).resolve()}/objects\n")
    git = pygit2.Repository(str(path))
    now = datetime.now(UTC)
    for number in BACK:
        try:
            tree = clone.revparse_single(f"HEAD~{number}:{one.path}")
        except KeyError:
            continue
        commit(git, tree.id, now - timedelta(days=number + 1))


def commit(git: pygit2.Repository, tree: pygit2.Oid, when: datetime) -> None:
    """Another commit on the default branch."""
    who = pygit2.Signature("Ada", "ada@example.org", int(when.timestamp()), 0)
    parents = [] if git.head_is_unborn else [git.head.target]
    git.create_commit("refs/heads/main", who, who, "Change", tree, parents)


def change(path: Path) -> None:
    """One file more."""
    git = pygit2.Repository(str(path))
    builder = git.TreeBuilder(git.head.peel(pygit2.Commit).tree)
    builder.insert("changed.py", git.create_blob(b"import logging\n\nlogging.info('changed')\n"), pygit2.enums.FileMode.BLOB)
    commit(git, builder.write(), datetime.now(UTC))


if __name__ == "__main__":
    main()
