"""A stand-in for GitHub, and a client of it, for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from collectors.github import Client, Collected, collect, find_organisation
from collectors.local import Collector
from rungwise.assess import everything_wanted
from rungwise.catalogue import load
from tests.collectors.github.stand_in import FakeClock, StandIn


@cache
def wanted() -> Any:
    return everything_wanted(load())


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def github(tmp_path: Path, clock: FakeClock) -> Iterator[StandIn]:
    with StandIn(tmp_path / "served", clock).running() as stand_in:
        yield stand_in


@pytest.fixture
def client(github: StandIn, clock: FakeClock) -> Client:
    return Client.from_environment(github.environment, clock=clock)


@pytest.fixture
def collected(client: Client, tmp_path: Path) -> Callable[..., dict[str, Collected]]:
    """A function that collects the organisation once; what it found, by name."""
    workdir = tmp_path / "work"
    workdir.mkdir()

    def run(known: dict[str, str] | None = None, **options: Any) -> dict[str, Collected]:
        organisation = find_organisation(client, "acme")
        found = list(collect(client, organisation, Collector(wanted()), known or {}, workdir, **options))
        assert list(workdir.iterdir()) == [], "nothing of what was fetched may stay"
        assert len(found) == len({one.name for one in found})
        return {one.name: one for one in found}

    return run
