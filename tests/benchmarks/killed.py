"""A collection from GitHub, killed at many random moments, each time resumed and compared with one that was not killed.

    uv run python -m tests.benchmarks.killed [--kills 50] [--seed 1]

Prints how often the kill was in time, how much was stored by then, and how many of the databases end with something else.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from rungwise.store import open_reader
from tests.collectors.github.databases import same
from tests.collectors.github.killing import Moment, collect, moments, prepare
from tests.collectors.github.stand_in import FakeClock, StandIn

HISTORY = ("--history", "4")


def main() -> None:
    """Kill, resume, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rungwise-benchmark-") as temporary:
        folder = Path(temporary)
        with StandIn(folder / "served", FakeClock()).running() as github:
            prepare(github, folder)
            shutil.copytree(folder / "before", folder / "undisturbed")
            github.requests.clear()
            collect(github, folder / "undisturbed", *HISTORY)
            once, start = len(github.requests), time.monotonic()
            found: Counter[str] = Counter()
            for when in moments(options.kills, once, options.seed):
                found.update(_kill(github, folder, when))
            print(
                f"{options.kills} kills within {once} requests, {found['killed']} in time, "
                f"{found['half done']} with something stored and something not; {found['different']} databases end differently "
                f"({time.monotonic() - start:.0f} s)"
            )


def _kill(github: StandIn, folder: Path, when: Moment) -> list[str]:
    database = folder / "killed"
    shutil.rmtree(database, ignore_errors=True)
    shutil.copytree(folder / "before", database)
    found = ["killed"] if collect(github, database, *HISTORY, when=when) == -9 else []
    looks, all_looks = (sum(map(len, open_reader(one).collected_in().values())) for one in (database, folder / "undisturbed"))
    before = sum(map(len, open_reader(folder / "before").collected_in().values()))
    found += ["half done"] if before < looks < all_looks else []
    collect(github, database, *HISTORY)
    try:
        same(database, folder / "undisturbed")
    except AssertionError as error:
        print(f"{when}: {str(error).splitlines()[0]}", flush=True)
        found.append("different")
    return found


if __name__ == "__main__":
    main()
