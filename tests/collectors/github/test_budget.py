"""What an organisation of a thousand repositories costs each week: next to nothing for what is unchanged, and little for the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from collectors.github import Client, Collected, Outcome, collect, find_organisation, queries
from collectors.github.collecting import SMALL_KB
from collectors.local import Collector
from tests.collectors.github.conftest import wanted
from tests.collectors.github.stand_in import Flow, Repo, Run, StandIn
from tests.repositories import MakeRepository

REPOSITORIES, CHANGED = 1_000, 50
PAGES = REPOSITORIES // queries.PAGE
WORKFLOW = ".github/workflows/ci.yml"
FILES = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5"}}',
    "server.js": "const app = require('express')()\napp.listen(3000)\n",
    "lib/a.js": "module.exports = 1\n",
    WORKFLOW: "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n",
    "CODEOWNERS": "* @acme/platform\n",
}


@pytest.fixture
def github(github: StandIn, make_repository: MakeRepository, tmp_path: Path) -> Iterator[StandIn]:
    """A thousand names for one repository, a workflow each, ten teams; a token that may see everything."""
    github.team_names = {f"team-{number}": f"Team {number}" for number in range(10)}
    shared = make_repository(FILES, "shared")
    for number in range(REPOSITORIES):
        served = github.served / "acme" / f"r{number:04}.git"
        served.parent.mkdir(parents=True, exist_ok=True)
        served.symlink_to(shared)
        repo = Repo(f"acme/r{number:04}", served, teams={f"team-{number % 10}": "ADMIN"}, environments={"production": ()})
        repo.workflows[WORKFLOW] = Flow([Run("2026-09-20T00:00:00Z")])
        github.add(repo)
    yield github


def week(github: StandIn, client: Client, workdir: Path, heads: Mapping[str, str]) -> list[Collected]:
    """Collect it, as a weekly run does that knows these heads and all workflows; afterwards ``github.requests`` are those of this week."""
    github.requests.clear()
    github.left = {"core": 5000, "graphql": 5000}
    workdir.mkdir()
    workflows = {repo.id: {f"W_{repo.id}:{WORKFLOW}": WORKFLOW} for repo in github.repos}
    return list(
        collect(client, find_organisation(client, "acme"), Collector(wanted()), heads, workdir, known_workflows=workflows)
    )


def asked(github: StandIn) -> Counter[str]:
    """How often each query was asked, REST, and the two steps of a fetch by git."""
    found: Counter[str] = Counter()
    for request in github.requests:
        fetched = "git fetch" if request.text.endswith("/git-upload-pack") else "git greeting"
        found[{"graphql": request.text, "rest": "REST", "git": fetched}[request.kind]] += 1
    return found


def test_the_budget_of_a_week(github: StandIn, client: Client, tmp_path: Path) -> None:
    head = github.repos[0].head or ""
    heads = {repo.id: head for repo in github.repos}

    found = week(github, client, tmp_path / "unchanged", heads)
    assert len(found) == REPOSITORIES
    assert {one.outcome for one in found} == {Outcome.UNCHANGED}
    unchanged = asked(github)
    assert unchanged["Repositories"] == PAGES, "one page for 25 of them, and no request of a repository's own"
    assert unchanged["Workflows"] == PAGES, "and one for all of their workflows"
    assert unchanged["git fetch"] == unchanged["git greeting"] == unchanged["Details"] == 0
    assert not any(request.text.startswith("/repos/") for request in github.requests)
    assert unchanged.total() <= 0.1 * REPOSITORIES
    points = sum(request.points for request in github.requests)
    assert points <= 0.3 * REPOSITORIES

    # Spread over all pages, as in life.
    for number, repo in enumerate(github.repos[:: REPOSITORIES // CHANGED]):
        heads[repo.id] = "0" * 40
        repo.disk_kb = (SMALL_KB, SMALL_KB + 1)[number % 2]
    found = week(github, client, tmp_path / "changed", heads)
    assert Counter(one.outcome for one in found) == {Outcome.UNCHANGED: REPOSITORIES - CHANGED, Outcome.LOOKED: CHANGED}
    changed = asked(github)
    # A commit with its folders, and then, unless it is so small that they came along, all of its files that are wanted, together.
    assert changed["git fetch"] == CHANGED + CHANGED // 2
    assert changed["Repositories"] == PAGES
    api = changed.total() - changed["git fetch"] - changed["git greeting"] - unchanged.total()
    assert 0 < api <= 2 * CHANGED
    assert sum(request.points for request in github.requests) - points <= 3 * CHANGED
