"""How long a look takes, beside what git needs to read the same blobs and beside a peer that reads names only.

    uv run python -m tests.benchmarks.speed CLONES [--peer path/to/stack-analyser]

One process, nothing remembered from one repository to the next, start-up left out. The peer is ``@specfy/stack-analyser`` (npm), run
on a work tree that is made for it. Prints ratios and asserts nothing: seconds are the machine's, ratios are ours.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from collectors.git import Missing, Repository
from collectors.local import Collector
from rungwise.__main__ import targets
from rungwise.assess import assess, everything_wanted
from rungwise.catalogue import load


def main() -> None:
    """Measure every clone and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--peer", type=Path, help="the stack-analyser program; left out where it is not installed")
    options = parser.parse_args()
    catalogue = load()
    wanted = everything_wanted(catalogue)
    rows = []
    for target in targets(options.paths):
        path = target.repository.path
        read: list[str] = []
        collector = Collector(wanted)
        collector.warm_up()
        ours = _timed(partial(_look, collector, target.repository, target.name, read))
        git = _timed(partial(_cat, path, read))
        peer = _timed_peer(options.peer, path) if options.peer else None
        rows.append((target.name, ours, git, peer))
        print(
            f"{target.name:45} {ours:7.2f} s  git {git:6.2f} s  x{ours / git:5.1f}"
            + (f"  peer {peer:6.2f} s  x{ours / peer:5.2f}" if peer else ""),
            flush=True,
        )
    ours, git = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"\n{len(rows)} repositories: {ours:.1f} s; {ours / git:.1f} times git cat-file over the same blobs (limit 12)")
    if options.peer:
        ratios = [row[1] / row[3] for row in rows if row[3]]
        peers = sum(row[3] or 0 for row in rows)
        print(
            f"{ours / peers:.2f} times the peer in all, {sum(ratio <= 0.5 for ratio in ratios)} of {len(ratios)} within half of it (limit 0.5)"
        )
    print(f"largest memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (limit 500)")


def _look(collector: Collector, repository: Repository, name: str, read: list[str]) -> None:
    original = repository.read

    def reading(oid: str) -> bytes:
        read.append(oid)
        return original(oid)

    repository.read = reading  # type: ignore[method-assign]
    assess(collector.look(repository, name, repository.commit()), load())
    repository.read = original  # type: ignore[method-assign]


def _cat(path: Path, oids: list[str]) -> None:
    command = ["git", "-C", str(path), "-c", "protocol.allow=never", "cat-file", "--batch"]
    subprocess.run(command, input="\n".join(oids).encode(), stdout=subprocess.PIPE, check=False)


def _timed_peer(peer: Path, path: Path) -> float:
    repository = Repository(path)
    with tempfile.TemporaryDirectory() as folder:
        for entry in repository.tree(repository.commit()).entries:
            to = Path(folder) / "work" / entry.path
            to.parent.mkdir(parents=True, exist_ok=True)
            try:
                to.write_bytes(repository.read(entry.oid))
            except Missing:
                continue
        command = [str(peer), str(Path(folder) / "work"), "--output", str(Path(folder) / "out.json")]
        return _timed(lambda: subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False))


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
