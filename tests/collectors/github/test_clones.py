"""Fetching by git: just what is wanted, with nothing of the user's, and the token nowhere."""

from __future__ import annotations

import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.git import Missing, Repository
from collectors.github import Client, GitHubError
from collectors.github.clones import SMALL_BLOBS, CloneFailed, Cloner, Limits, TooLarge, size_of
from collectors.github.login import TokenLogin, basic
from tests.collectors.github.stand_in import TOKEN, FakeClock, Reply, Repo, Request, StandIn
from tests.repositories import MakeRepository

FILES = {"a.txt": "one\n", "folder/b.txt": "two\n", "c.bin": "three\n"}


@pytest.fixture
def shop(github: StandIn, make_repository: MakeRepository) -> Repo:
    return github.add(Repo("acme/shop", make_repository(FILES)))


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


@pytest.fixture
def cloner(client: Client, workdir: Path) -> Iterator[Cloner]:
    made = Cloner(client.server, client.login, workdir)
    yield made
    made.close()
    assert list(workdir.iterdir()) == []


def blobs(repository: Repository, commit: str) -> dict[str, str]:
    return {entry.path: entry.oid for entry in repository.tree(commit).entries}


def git_requests(github: StandIn) -> int:
    return github.count("git")


def test_only_what_is_wanted_is_fetched_and_in_one_go(github: StandIn, cloner: Cloner, shop: Repo) -> None:
    head = shop.head or ""

    def wanted(repository: Repository) -> list[str]:
        there = blobs(repository, head)
        return [there[path] for path in ("a.txt", "folder/b.txt") if not repository.holds(there[path])]

    repository = Repository(cloner.fetch("acme/shop", head, wanted))
    there = blobs(repository, head)
    assert repository.read(there["a.txt"]) == b"one\n"
    assert repository.read(there["folder/b.txt"]) == b"two\n"
    with pytest.raises(Missing):
        repository.read(there["c.bin"])
    assert repository.shallow
    assert git_requests(github) == 4, "two for the commit, two for all of the files"


def test_what_turns_out_to_be_wanted_later_is_fetched_too(cloner: Cloner, shop: Repo) -> None:
    head = shop.head or ""

    def wanted(repository: Repository) -> list[str]:
        there = blobs(repository, head)
        return [there["c.bin"]] if repository.holds(there["a.txt"]) else [there["a.txt"]]

    repository = Repository(cloner.fetch("acme/shop", head, wanted))
    assert repository.read(blobs(repository, head)["c.bin"]) == b"three\n"


def test_small_files_come_with_the_commit(github: StandIn, cloner: Cloner, make_repository: MakeRepository) -> None:
    repo = github.add(Repo("acme/mixed", make_repository({"small.py": "print(1)\n", "large.py": "x = 1\n" * 20_000})))
    head, asked = repo.head or "", git_requests(github)
    repository = Repository(cloner.fetch("acme/mixed", head, lambda found: [], SMALL_BLOBS))
    assert git_requests(github) == asked + 2
    held = blobs(repository, head)
    assert repository.read(held["small.py"]) == b"print(1)\n"
    with pytest.raises(Missing):
        repository.read(held["large.py"])


def test_nothing_wanted_is_nothing_fetched(github: StandIn, cloner: Cloner, shop: Repo) -> None:
    cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    assert git_requests(github) == 2


def test_the_listed_commit_is_fetched_though_the_branch_moved_on(cloner: Cloner, shop: Repo) -> None:
    listed = str(shop.repository.revparse_single("HEAD~1").id)
    repository = Repository(cloner.fetch("acme/shop", listed, lambda repository: []))
    assert [entry.path for entry in repository.tree(listed).entries] == ["README.md"]


def test_the_token_is_in_no_file_no_argument_and_no_address(
    github: StandIn, client: Client, workdir: Path, shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "arguments"
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(f'#!/bin/sh\necho "$@" >> {seen}\nexec {real} "$@"\n')
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    cloner = Cloner(client.server, client.login, workdir)
    path = cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    written = [file.read_bytes() for file in path.rglob("*") if file.is_file()]
    assert "fetch" in seen.read_text()
    for secret in (client.login.token(), basic(client.login.token())):
        assert all(secret.encode() not in text for text in [*written, seen.read_bytes()])
        assert all(secret not in request.text for request in github.requests)
    assert any(request.authorization == f"Basic {basic(client.login.token())}" for request in github.requests)
    cloner.close()


def test_nothing_of_the_users_settings_is_used(
    cloner: Cloner, shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ran = tmp_path / "ran"
    (home / ".gitconfig").write_text(
        f'[core]\n\thooksPath = {home}\n[credential]\n\thelper = "!touch {ran}"\n[url "file:///nowhere"]\n\tinsteadOf = http\n'
    )
    for variable, value in {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_ASKPASS": f"touch {ran}",
        "GIT_TRACE": "1",
    }.items():
        monkeypatch.setenv(variable, value)
    cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    assert not ran.exists()


def picks_git(request: Request) -> bool:
    return request.kind == "git"


@pytest.mark.parametrize(
    ("reply", "says", "gone", "passing"),
    [
        (Reply(404, b"Not Found", {"Content-Type": "text/plain"}), "not found", True, False),
        (Reply(301, None, {"Location": "/acme/new.git/info/refs?service=git-upload-pack"}), "301", True, False),
        (Reply(403, b"forbidden", {"Content-Type": "text/plain"}), "403", False, False),
        (Reply(503, b"busy", {"Content-Type": "text/plain"}), "503", False, True),
        (Reply(200, b"<html>Log in</html>", {"Content-Type": "text/html"}), "dumb http", False, False),
    ],
)
def test_a_failure_says_why(
    github: StandIn, cloner: Cloner, shop: Repo, reply: Reply, says: str, gone: bool, passing: bool
) -> None:
    github.fail(picks_git, reply, times=10)
    with pytest.raises(CloneFailed, match=says) as caught:
        cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    assert (caught.value.gone, caught.value.passing) == (gone, passing)


def test_a_refused_token_asks_nobody(github: StandIn, client: Client, workdir: Path, shop: Repo) -> None:
    cloner = Cloner(client.server, TokenLogin("not-right"), workdir)
    with pytest.raises(CloneFailed, match=r"could not read Username|Authentication failed|terminal prompts disabled") as caught:
        cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    assert "bm90OnJpZ2h0" not in str(caught.value)
    cloner.close()


def test_a_commit_that_is_not_there_is_said(cloner: Cloner, shop: Repo) -> None:
    with pytest.raises(CloneFailed, match="not our ref"):
        cloner.fetch("acme/shop", "0" * 39 + "1", lambda repository: [])


def test_too_much_is_stopped(github: StandIn, client: Client, workdir: Path, make_repository: MakeRepository) -> None:
    large = github.add(Repo("acme/large", make_repository({"big.txt": os.urandom(3_000_000).hex()}, "large")))
    # The answer trickles in, so that there is something to watch.
    cloner = Cloner(client.server, client.login, workdir, Limits(bytes=1_000))
    original = github.faulty

    def slow(request: Request) -> Reply | None:
        reply = original(request)
        if request.kind == "git" and "upload-pack" in request.text and "info/refs" not in request.text:
            import threading

            threading.Event().wait(0.5)
        return reply

    github.faulty = slow  # type: ignore[method-assign]
    with pytest.raises(TooLarge, match="more than 0 MB"):
        cloner.fetch("acme/large", large.head or "", lambda repository: list(blobs(repository, large.head or "").values()))
    cloner.close()


def test_what_takes_too_long_is_stopped(github: StandIn, client: Client, workdir: Path, shop: Repo) -> None:
    github.fail(picks_git, Reply(200, b"x" * 1000, {"Content-Type": "application/x-git-upload-pack-advertisement"}, drip=0.1))
    cloner = Cloner(client.server, client.login, workdir, Limits(seconds=0.5))
    with pytest.raises(CloneFailed, match="did not finish within"):
        cloner.fetch("acme/shop", shop.head or "", lambda repository: [])
    cloner.close()
    assert list(workdir.iterdir()) == []


def test_what_runs_can_be_stopped(github: StandIn, cloner: Cloner, shop: Repo) -> None:
    github.fail(picks_git, Reply(200, b"x" * 1000, {"Content-Type": "application/x-git-upload-pack-advertisement"}, drip=0.1))
    cloner.stop()
    with pytest.raises(CloneFailed, match="stopped"):
        cloner.fetch("acme/shop", shop.head or "", lambda repository: [])


def test_a_folder_that_cannot_be_written_is_said(client: Client, tmp_path: Path) -> None:
    with pytest.raises(GitHubError, match="cannot be written"):
        Cloner(client.server, client.login, tmp_path / "nowhere")


@pytest.mark.parametrize(("says", "expected"), [("git version 2.30.1", "2.31 or newer is needed"), (None, "There is no git")])
def test_a_git_that_cannot_be_used_is_said(
    client: Client, workdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str | None, expected: str
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    if says:
        (folder / "git").write_text(f"#!/bin/sh\necho {says}\n")
        (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(GitHubError, match=expected):
        Cloner(client.server, client.login, workdir)


def test_the_size_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"12345")
    (tmp_path / "c").write_bytes(b"12")
    assert size_of(tmp_path) == 7


def test_the_stand_in_asks_for_the_token(github: StandIn, shop: Repo, clock: FakeClock) -> None:
    """Or the tests above would show nothing."""
    done = subprocess.run(
        ["git", "ls-remote", f"{github.origin}/acme/shop.git"],
        env={"PATH": os.environ["PATH"], "GIT_TERMINAL_PROMPT": "0", "HOME": "/nonexistent"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode
    assert TOKEN not in done.stderr
