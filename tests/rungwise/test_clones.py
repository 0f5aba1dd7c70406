"""Clones that are judged over time, here and in processes of their own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2
import pytest

from collectors.git import GitError, Repository
from rungwise import clones, own_practices
from rungwise.causes import Judged
from rungwise.clones import Span, Target, Told, judge_all
from rungwise.history import weeks_until
from rungwise.model import Status
from tests.repositories import commit_files

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SHOP = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5"}}',
    "server.js": "require('express')()\n",
}


@pytest.fixture
def found(tmp_path: Path) -> list[Target]:
    """Six services, in each of which tests came in another week."""
    made = []
    for number in range(6):
        path = tmp_path / f"shop-{number}"
        git = pygit2.init_repository(str(path), bare=True, initial_head="main")
        commit_files(git, SHOP, NOW - timedelta(weeks=9))
        commit_files(git, {**SHOP, "server.test.js": "test('it', () => {})\n"}, NOW - timedelta(weeks=number + 1), "Grace")
        made.append(Target(Repository(path), f"acme/shop-{number}", None))
    return made


def nothing(names: Sequence[str]) -> Mapping[str, Judged]:
    return {}


def span(weeks: int) -> Span:
    return Span(weeks_until(NOW, weeks), as_of=True)


def with_processes(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(clones, "cores", lambda: count)


@pytest.mark.parametrize("weeks", [1, 8])
def test_processes_tell_what_is_told_here(found: list[Target], weeks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = own_practices.load(None)
    with_processes(monkeypatch, 1)
    here = list(judge_all(found, span(weeks), catalogue, nothing))
    with_processes(monkeypatch, 2)
    monkeypatch.setattr(clones, "FEW", 2)
    there = list(judge_all(found, span(weeks), catalogue, nothing))
    assert there == here
    assert [target for target, _ in here] == found
    moved = [told for _, told in here if isinstance(told, Told) and any(look.changes for look in told.looks)]
    assert len(moved) == (6 if weeks > 1 else 0)


def test_one_that_cannot_be_read_is_left_out(found: list[Target], monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (found[2].repository.path / "objects").iterdir():
        shutil.rmtree(folder)
    catalogue = own_practices.load(None)
    told = {}
    for count in (1, 2):
        with_processes(monkeypatch, count)
        told[count] = [answer for _, answer in judge_all(found, span(8), catalogue, nothing)]
    for answers in told.values():
        assert [number for number, answer in enumerate(answers) if isinstance(answer, GitError)] == [2]
    assert str(told[1][2]) == str(told[2][2])


def test_processes_know_the_practices_of_people_and_how_it_was_judged_before(
    found: list[Target], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "practices"
    folder.mkdir()
    (folder / "unit-tests.toml").write_text('off = true\nreason = "They are somewhere else."\n')
    catalogue = own_practices.load(folder)
    [(_, told)] = judge_all(found[5:], span(1), catalogue, nothing)
    assert isinstance(told, Told)
    judged = Judged.of(told.looks[0].assessment)
    otherwise = replace(judged, findings=tuple(replace(finding, status=Status.UNKNOWN) for finding in judged.findings))
    asked: list[str] = []

    def before(names: Sequence[str]) -> Mapping[str, Judged]:
        asked.extend(names)
        return {"acme/shop-5": otherwise}

    with_processes(monkeypatch, 2)
    first = [answer.looks[0] for _, answer in judge_all(found, span(8), catalogue, before) if isinstance(answer, Told)]
    assert asked == [target.name for target in found]
    assert [bool(look.changes) for look in first] == [False] * 5 + [True]
    assert {look.assessment.catalogue for look in first} == {catalogue.hash} != {own_practices.load(None).hash}
