"""Real git repositories, made in the test that needs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from pathlib import Path

import pygit2
import pytest

from collectors.git import Repository
from collectors.local import Collector
from rungwise.assess import assess, everything_wanted
from rungwise.catalogue import load
from rungwise.model import Assessment, Snapshot
from tests.repositories import START, Files, MakeRepository, commit_files


@pytest.fixture
def make_repository(tmp_path: Path) -> MakeRepository:
    """A function that makes a bare repository with some files and, as a team's would have, a few weeks of history."""

    def make(files: Files, name: str = "acme+shop", *, commits: int = 12, authors: int = 2) -> Path:
        path = tmp_path / name
        git = pygit2.init_repository(str(path), bare=True, initial_head="main")
        for number in range(commits):
            last = number == commits - 1
            content = files if last else {"README.md": f"{number}"}
            commit_files(git, content, START + timedelta(days=number), f"Dev{number % authors}")
        return path

    return make


@cache
def collector() -> Collector:
    return Collector(everything_wanted(load()))


@pytest.fixture
def look(make_repository: MakeRepository) -> Callable[..., Snapshot]:
    """A function that makes a repository of some files and reports what collectors see in it."""

    def see(files: Files, name: str = "acme+shop", **made: int) -> Snapshot:
        repository = Repository(make_repository(files, name, **made))
        return collector().look(repository, name.replace("+", "/"), repository.commit(), host="github.com")

    return see


@pytest.fixture
def check(look: Callable[..., Snapshot]) -> Callable[..., Assessment]:
    """A function that makes a repository of some files and judges it."""

    def judge(files: Files, name: str = "acme+shop", **made: int) -> Assessment:
        return assess(look(files, name, **made), load())

    return judge
