"""Where a branch stood in the past, and which commit did it."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2
import pytest

from collectors.git import Repository
from collectors.past import Past
from tests.repositories import START, commit_files

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def git(tmp_path: Path) -> pygit2.Repository:
    return pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")


def past(git: pygit2.Repository) -> Past:
    repository = Repository(Path(git.path))
    return Past(repository, repository.commit(), NOW)


def weeks_later(count: int) -> datetime:
    return START + timedelta(weeks=count)


def test_the_branch_stood_at_its_newest_commit_before_a_moment(git: pygit2.Repository) -> None:
    first, second, third = (commit_files(git, {"a": str(week)}, weeks_later(week)) for week in (0, 2, 3))
    known = past(git)
    assert known.complete
    assert known.since == START
    moments = [START - timedelta(days=1), START + timedelta(hours=1), weeks_later(1), weeks_later(2) + timedelta(days=1), NOW]
    assert [known.at(moment) for moment in moments] == [None, first, first, second, third]
    # Just before: what is committed at midnight belongs to the week that begins then.
    assert known.at(weeks_later(2)) == first


def test_dates_that_cannot_be_do_not_count(git: pygit2.Repository) -> None:
    first = commit_files(git, {"a": "1"}, START)
    ancient = commit_files(git, {"a": "2"}, datetime(1970, 1, 1, tzinfo=UTC))
    future = commit_files(git, {"a": "3"}, datetime(2030, 1, 1, tzinfo=UTC))
    last = commit_files(git, {"a": "4"}, weeks_later(2))
    known = past(git)
    assert known.since == START
    assert known.at(START) is None
    assert known.at(weeks_later(1)) == future, "after what was made before it, whatever its date says"
    assert known.at(weeks_later(3)) == last
    touched = known.touched(first, ancient, ["a"])
    assert touched
    assert touched.committed_at == START


def test_a_first_commit_of_1970_was_made_before_the_next(git: pygit2.Repository) -> None:
    first = commit_files(git, {"a": "1"}, datetime(1970, 1, 1, tzinfo=UTC))
    commit_files(git, {"a": "2"}, weeks_later(2))
    known = past(git)
    assert known.since == weeks_later(2)
    assert known.at(weeks_later(1)) is None
    assert known.at(weeks_later(3)) not in (None, first)


def test_side_branches_are_not_the_branch(git: pygit2.Repository) -> None:
    first = commit_files(git, {"a": "1"}, START)
    main = git.head.target
    side = commit_files(git, {"a": "1", "b": "1"}, weeks_later(1))
    git.references["refs/heads/main"].set_target(main)
    tree = git[side].peel(pygit2.Commit).tree_id
    who = pygit2.Signature("Bob", "bob@example.org", int(weeks_later(2).timestamp()), 0)
    merge = str(git.create_commit("refs/heads/main", who, who, "Merge b\n\nLong story.", tree, [main, pygit2.Oid(hex=side)]))
    known = past(git)
    assert known.at(weeks_later(1) + timedelta(days=1)) == first
    touched = known.touched(first, merge, ["b"])
    assert touched
    assert (touched.commit, touched.author, touched.subject, touched.path, touched.how) == (merge, "Bob", "Merge b", "b", "added")


def test_what_was_done_to_a_file(git: pygit2.Repository) -> None:
    states = ({"a": "1"}, {"a": "1", "b": "1"}, {"a": "2", "b": "2"}, {"a": "2"}, {"a": "2", "c": "1"})
    commits = [commit_files(git, files, weeks_later(week)) for week, files in enumerate(states)]
    known = past(git)

    def what(after: int, until: int, *paths: str) -> tuple[str, str, str] | None:
        found = known.touched(commits[after], commits[until], paths)
        return (found.path, found.how, found.commit) if found else None

    assert what(0, 2, "b") == ("b", "added", commits[1])
    assert what(1, 4, "b") == ("b", "removed", commits[3])
    assert what(1, 2, "b") == ("b", "changed", commits[2])
    assert what(0, 4, "b", "c") == ("b", "removed", commits[3]), "there and gone again in between"
    assert what(2, 4, "a", "c") == ("c", "added", commits[4]), "the first path that anything happened to"
    assert what(3, 4, "a") is None
    assert what(4, 0, "c") is None
    assert known.touched("0" * 40, commits[1], ["b"]) is None


def test_a_shallow_clone_says_since_when_it_knows(git: pygit2.Repository, tmp_path: Path) -> None:
    for week in range(4):
        commit_files(git, {"a": str(week)}, weeks_later(week))
    shallow = tmp_path / "shallow"
    command = ["git", "clone", "--quiet", "--bare", "--depth", "2", f"file://{git.path}", str(shallow)]
    subprocess.run(command, check=True, capture_output=True)
    repository = Repository(shallow)
    known = Past(repository, repository.commit(), NOW)
    assert not known.complete
    assert known.since == weeks_later(2)
    assert known.at(weeks_later(1)) is None


def test_a_history_with_a_hole_is_not_complete(git: pygit2.Repository, tmp_path: Path) -> None:
    first = commit_files(git, {"a": "1"}, START)
    commit_files(git, {"a": "2"}, weeks_later(1))
    (Path(git.path) / "objects" / first[:2] / first[2:]).unlink()
    copy = tmp_path / "copy.git"
    shutil.copytree(git.path, copy)
    repository = Repository(copy)
    known = Past(repository, repository.commit(), NOW)
    assert not known.complete
    assert known.since == weeks_later(1)
