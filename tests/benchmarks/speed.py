"""How long a look takes, beside what git needs to read the same blobs and beside a peer that reads names only.

    uv run python -m tests.benchmarks.speed CLONES [--peer path/to/stack-analyser]

One process that goes from one repository to the next, as ``check`` does; start-up, in which all patterns are compiled, is left out. The peer is ``@specfy/stack-analyser`` (npm), run
on a work tree that is made for it; its own start-up is measured on an empty folder and said. Prints ratios, of processor seconds and of
seconds on the clock, beside their limits and asserts nothing: seconds are the machine's, ratios are ours.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from collectors.git import Missing, Repository
from collectors.local import Collector
from rungwise.__main__ import targets
from rungwise.assess import assess
from rungwise.catalogue import load
from rungwise.clones import collector_for
from tests.benchmarks.timing import Spent, timed

LIMIT_GIT, LIMIT_PEER, LIMIT_MEMORY = 12, 0.5, 500


def main() -> None:
    """Measure every clone and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--peer", type=Path, help="the stack-analyser program; left out where it is not installed")
    options = parser.parse_args()
    catalogue = load()
    collector = collector_for(catalogue)
    collector.warm_up()
    ours, gits, peers = list[Spent](), list[Spent](), list[Spent]()
    print("processor seconds (seconds on the clock)")
    for target in targets(options.paths):
        read: list[str] = []
        ours.append(timed(partial(_look, collector, target.repository, target.name, read)))
        target.repository.forget()
        gits.append(timed(partial(_cat, target.repository.path, read)))
        line = f"{target.name:42} {ours[-1]}  git {gits[-1]} {ours[-1].beside(gits[-1])}"
        if options.peer:
            peers.append(_timed_peer(options.peer, target.repository.path))
            line += f"  peer {peers[-1]} {ours[-1].beside(peers[-1])}"
        print(line, flush=True)
    print(f"\n{len(ours)} repositories: {sum(ours, Spent())}")
    _say("git cat-file over the same blobs", sum(ours, Spent()), sum(gits, Spent()), LIMIT_GIT)
    if peers:
        _say("the peer, summed", sum(ours, Spent()), sum(peers, Spent()), LIMIT_PEER)
        within = sum(one.processor <= LIMIT_PEER * peer.processor for one, peer in zip(ours, peers, strict=True))
        worst = max(one.processor / peer.processor for one, peer in zip(ours, peers, strict=True))
        print(f"{within} of {len(peers)} within {LIMIT_PEER} of the peer, the worst at {worst:.2f}")
        with tempfile.TemporaryDirectory() as empty:
            print(f"of which the peer's own start-up, each time: {timed(partial(_run_peer, options.peer, empty, empty))}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory: {memory:.0f} MB ({'within' if memory <= LIMIT_MEMORY else 'OVER'} the limit of {LIMIT_MEMORY})")


def _say(beside: str, ours: Spent, theirs: Spent, limit: float) -> None:
    ratio = ours.processor / theirs.processor
    short = "within the limit" if ratio <= limit else f"{ratio / limit:.1f} times the limit"
    print(f"{ours.beside(theirs)} beside {beside}: {short} of {limit}")


def _look(collector: Collector, repository: Repository, name: str, read: list[str]) -> None:
    original = repository.read

    def reading(oid: str) -> bytes:
        read.append(oid)
        return original(oid)

    repository.read = reading  # type: ignore[method-assign]
    assess(collector.look(repository, name, repository.commit()), load())
    repository.read = original  # type: ignore[method-assign]


def _cat(path: Path, oids: Sequence[str]) -> None:
    command = ["git", "-C", str(path), "-c", "protocol.allow=never", "cat-file", "--batch"]
    subprocess.run(command, input="\n".join(oids).encode(), stdout=subprocess.PIPE, check=False)


def _timed_peer(peer: Path, path: Path) -> Spent:
    repository = Repository(path)
    with tempfile.TemporaryDirectory() as folder:
        for entry in repository.tree(repository.commit()).entries:
            to = Path(folder) / "work" / entry.path
            to.parent.mkdir(parents=True, exist_ok=True)
            try:
                to.write_bytes(repository.read(entry.oid))
            except Missing:
                continue
        return timed(partial(_run_peer, peer, str(Path(folder) / "work"), folder))


def _run_peer(peer: Path, work: str, folder: str) -> None:
    command = [str(peer), work, "--output", str(Path(folder) / "out.json")]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    main()
