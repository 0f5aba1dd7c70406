"""Whether an organisation on GitHub is judged as local clones of the same repositories are, for all that git can tell.

    uv run python -m tests.benchmarks.same CLONES... [--history 1]

The clones are served by git itself over HTTP by a stand-in for GitHub, collected from there, and collected once more as local clones. Prints
every status that differs though GitHub's settings say nothing about it, and what both ways took.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from pathlib import Path

import pygit2

from rungwise.__main__ import targets
from rungwise.store import Reader, open_reader
from tests.benchmarks.served import Spent, rungwise, serving
from tests.rungwise.test_collect_github import BY_GITHUB


def main() -> None:
    """Collect both ways, compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--history", type=int, default=1, help="weeks")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rungwise-benchmark-") as temporary:
        folder = Path(temporary)
        names = {}
        (folder / "served" / "acme").mkdir(parents=True)
        (folder / "clones").mkdir()
        for target in targets(options.paths):
            # What a repository is for may hang on its own name, as that of a package does.
            name = f"acme/{target.name.rsplit('/', 1)[-1]}"
            name = name if name not in names else f"acme/{target.name.replace('/', '-')}"
            names[name] = target.name
            _borrow(target.repository.git.path, folder / "served" / f"{name}.git")
        history = ("--history", str(options.history))
        with serving(folder / "served", list(names)) as served:
            there = rungwise(
                "collect", "github", "acme", *history, "--database", str(folder / "github"), environment=served.environment
            )
            asked = served.counts()
        _told("GitHub", there)
        print(
            f"  {asked['rest']} REST and {asked['graphql']} GraphQL requests ({asked['points']} points), {asked['git']} git requests "
            f"for {len(names)} repositories"
        )
        here = rungwise(
            "collect", "local", *map(str, options.paths), *history, "--database", str(folder / "local"), environment={}
        )
        _told("local", here)
        _compare(open_reader(folder / "github"), open_reader(folder / "local"), names)


def _borrow(path: str, served: Path) -> None:
    """A bare repository of its own settings, with the other one's objects and branches."""
    source = pygit2.Repository(path)
    head = source.head.target
    pygit2.init_repository(str(served), bare=True, initial_head="main")
    (served / "objects" / "info" / "alternates").write_text(f"{Path(source.path).resolve()}/objects\n")
    pygit2.Repository(str(served)).references.create("refs/heads/main", head)


def _told(what: str, spent: Spent) -> None:
    print(
        f"{what}: {spent.seconds:.1f} s, {spent.processor:.1f} s of the processor, {spent.megabytes:.0f} MB, exit {spent.status}"
    )
    print("  " + "\n  ".join(spent.said.splitlines()[:8]), flush=True)


def _compare(there: Reader, here: Reader, names: dict[str, str]) -> None:
    compared: Counter[str] = Counter()
    for week in here.weeks():
        one = there.findings(week.id).set_index(["repository", "practice"])["status"]
        other = here.findings(week.id).set_index(["repository", "practice"])["status"]
        for (repository, practice), status in one.items():
            if practice in BY_GITHUB or (names[repository], practice) not in other.index:
                continue
            locally = other[names[repository], practice]
            compared["the same" if status == locally else "different"] += 1
            if status != locally:
                print(f"{week.label} {names[repository]} {practice}: {status} from GitHub, {locally} locally")
    print(f"{sum(compared.values())} statuses compared, {compared['different']} differ; {len(here.weeks())} weeks.")


if __name__ == "__main__":
    main()
