"""A collection whose repositories are looked at in processes of their own while others are fetched."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from collectors import looking
from collectors.github import Collected, Outcome
from collectors.github.collecting import SMALL_KB
from tests.collectors.github.stand_in import Repo, StandIn
from tests.repositories import MakeRepository

FILES = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n",
    "CODEOWNERS": "* @acme/platform\n",
}


def test_a_collection_is_the_same_with_processes_and_without(
    github: StandIn, make_repository: MakeRepository, collected: Callable[..., dict[str, Collected]]
) -> None:
    for number in range(6):
        # A large file is fetched by itself, if it is wanted.
        files = {**FILES, "README.md": f"# {number}\n", "lib/large.js": f"// {number}\n" + "call('a')\n" * 10_000}
        github.add(Repo(f"acme/r{number}", make_repository(files, f"r{number}")))
    without, within = collected(processes=0), collected(processes=2)
    assert {one.outcome for one in without.values()} == {Outcome.LOOKED}
    assert within == without


def test_a_repository_that_breaks_a_process_is_named_and_the_rest_goes_on(
    github: StandIn,
    make_repository: MakeRepository,
    collected: Callable[..., dict[str, Collected]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    github.add(Repo("acme/shop", make_repository(FILES)))
    monkeypatch.setattr(looking, "_PROGRAM", "import os; os.kill(os.getpid(), 9)")
    found = collected(processes=1)["acme/shop"]
    assert found.outcome is Outcome.FAILED
    assert "ended by signal 9" in found.reason


@pytest.mark.parametrize("processes", [0, 1])
def test_what_several_have_in_common_is_fetched_for_each(
    github: StandIn,
    make_repository: MakeRepository,
    collected: Callable[..., dict[str, Collected]],
    monkeypatch: pytest.MonkeyPatch,
    processes: int,
) -> None:
    """What was read of one repository may be forgotten by the time that the next one is looked at, and a process never knew of it."""
    monkeypatch.setattr("collectors.local._MOST_BLOBS", 0)
    monkeypatch.setattr("collectors.github.collecting.FEW", 2)
    monkeypatch.setattr("collectors.github.collecting.cores", lambda: 1 + processes)
    for number in range(6):
        path = make_repository({**FILES, "README.md": f"# {number}\n"}, f"r{number}")
        github.add(Repo(f"acme/r{number}", path, disk_kb=SMALL_KB + 1))
    found = collected(workers=1)
    assert {one.outcome for one in found.values()} == {Outcome.LOOKED}
    assert {one.snapshot.incomplete for one in found.values() if one.snapshot} == {()}
