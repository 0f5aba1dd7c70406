"""Repositories as they lie about on real disks: broken, odd, hostile."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import pygit2
import pytest

from collectors.git import GitError, Missing, Repository, is_repository, parse_remote, repositories_in
from tests.repositories import START, MakeRepository, commit_files


def git(path: Path, *arguments: str, **environment: str) -> str:
    """The git that a person would use, with nothing of this machine's settings."""
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(path), "GIT_CONFIG_NOSYSTEM": "1", **environment}
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=path, env=env, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_tree_leaves_out_links_and_submodules(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "app.py").write_text("print(1)\n")
    (work / "link.py").symlink_to("app.py")
    git(work, "add", ".")
    git(work, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},lib/sub")
    git(work, "commit", "-qm", "one")
    repository = Repository(work)
    tree = repository.tree(repository.commit())
    assert [entry.path for entry in tree.entries] == ["app.py"]
    assert tree.links == ("link.py",)
    assert tree.submodules == ("lib/sub",)


def test_names_that_are_no_utf8_stay_apart(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    for number in (0xE9, 0xE8):
        blob = (
            subprocess.run(["git", "hash-object", "-w", "--stdin"], cwd=work, input=b"x", check=True, capture_output=True)
            .stdout.decode()
            .strip()
        )
        entry = b"100644 " + blob.encode() + b"\t" + b"caf" + bytes([number]) + b".py\0"
        subprocess.run(["git", "update-index", "-z", "--add", "--index-info"], cwd=work, input=entry, check=True)
    git(work, "commit", "-qm", "one")
    repository = Repository(work)
    paths = [entry.path for entry in repository.tree(repository.commit()).entries]
    assert paths == ["caf\\xe8.py", "caf\\xe9.py"]
    assert all(path.encode() for path in paths)


def test_tree_lists_what_git_lists_whatever_the_bytes_of_an_id_are(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    # Among so many ids there are some with a line break, a space, a digit and a zero byte in them.
    for number in range(600):
        (work / f"f{number % 7}").mkdir(exist_ok=True)
        (work / f"f{number % 7}" / f"{number} 100644 x.py").write_text(f"{number}\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    listed = [line.split(maxsplit=3) for line in git(work, "ls-tree", "-r", "HEAD").splitlines()]

    repository = Repository(work)
    tree = repository.tree(repository.commit())

    assert [(entry.path, entry.oid) for entry in tree.entries] == [(path, oid) for _, _, oid, path in listed]
    assert len(tree.entries) == 600


def test_a_folder_that_is_no_tree_or_is_damaged_is_missing(tmp_path: Path) -> None:
    repository = Repository(Path(pygit2.init_repository(str(tmp_path / "bare"), bare=True).path))
    blob = repository.git.create_blob(b"100644 a.py\0" + bytes(20))
    damaged = repository.git.odb.write(pygit2.enums.ObjectType.TREE, b"100644 a.py\0" + bytes(20) + b"100644 b.py\0" + bytes(5))
    good = b"100644 app.py\0" + blob.raw
    root = repository.git.odb.write(
        pygit2.enums.ObjectType.TREE, good + b"40000 damaged\0" + damaged.raw + b"40000 notree\0" + blob.raw
    )
    who = pygit2.Signature("Ada", "ada@example.org")
    commit = repository.git.create_commit("refs/heads/main", who, who, "one", root, [])

    tree = repository.tree(str(commit))

    assert [entry.path for entry in tree.entries] == ["app.py"]
    assert tree.missing == ("damaged/", "notree/")


@pytest.mark.parametrize("form", ["work", "dot-git", "bare"])
def test_every_form_of_a_repository_opens(tmp_path: Path, form: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a").write_text("1")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    head = git(work, "rev-parse", "HEAD")
    path = {"work": work, "dot-git": work / ".git", "bare": tmp_path / "bare.git"}[form]
    if form == "bare":
        git(tmp_path, "clone", "-q", "--bare", str(work), str(path))
    assert is_repository(path)
    assert Repository(path).commit() == head


def test_worktree_of_another_clone_opens(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a").write_text("1")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    git(work, "worktree", "add", "-q", "-b", "second", str(tmp_path / "second"))
    assert Repository(tmp_path / "second").commit() == git(work, "rev-parse", "HEAD")


def test_dirty_only_with_changes_to_tracked_files(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a").write_text("1")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    assert not Repository(work).dirty
    (work / "untracked").write_text("x")
    assert not Repository(work).dirty
    (work / "a").write_text("2")
    assert Repository(work).dirty


def test_nothing_of_the_repository_is_run(tmp_path: Path) -> None:
    """A clean filter, a file system monitor and a hook, each of which would leave a trace."""
    work, trace = tmp_path / "work", tmp_path / "trace"
    work.mkdir()
    git(work, "init", "-q")
    (work / "a.txt").write_text("1")
    (work / ".gitattributes").write_text("*.txt filter=evil diff=evil\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    for key in ("filter.evil.clean", "core.fsmonitor", "diff.evil.textconv", "core.sshCommand", "diff.external", "core.pager"):
        git(work, "config", key, f"touch {trace}")
    (work / "a.txt").write_text("2")
    repository = Repository(work)
    assert repository.dirty
    repository.tree(repository.commit())
    repository.activity(repository.commit(), repository.committed_at(repository.commit()))
    assert not trace.exists()


def test_partial_clone_reports_what_it_lacks(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    git(work, "init", "-q")
    git(work, "config", "uploadpack.allowFilter", "true")
    (work / "a.py").write_text("print(1)\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "one")
    git(tmp_path, "clone", "-q", "--bare", "--filter=blob:none", f"file://{work}", "partial.git")
    repository = Repository(tmp_path / "partial.git")
    (entry,) = repository.tree(repository.commit()).entries
    with pytest.raises(Missing):
        repository.read(entry.oid)


def test_empty_repository(tmp_path: Path) -> None:
    pygit2.init_repository(str(tmp_path / "empty.git"), bare=True)
    assert Repository(tmp_path / "empty.git").empty


@pytest.mark.parametrize("broken", ["nowhere", "a folder", "a file"])
def test_what_is_no_repository_is_said_in_a_sentence(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "x"
    if broken == "a folder":
        path.mkdir()
    elif broken == "a file":
        path.write_text("x")
    with pytest.raises(GitError, match=r"(does not exist|is no git repository).*Give "):
        Repository(path)


def test_damaged_repository_is_said_in_a_sentence(make_repository: MakeRepository) -> None:
    path = make_repository({"a.py": "1"})
    commit = Repository(path).commit()
    (path / "objects" / commit[:2] / commit[2:]).chmod(0o600)
    (path / "objects" / commit[:2] / commit[2:]).write_bytes(b"garbage")
    with pytest.raises(GitError, match=r"Clone it again|clone it again"):
        repository = Repository(path)
        repository.tree(repository.commit())


def test_unknown_revision_is_named(make_repository: MakeRepository) -> None:
    with pytest.raises(GitError, match=r"has no commit 'v9'"):
        Repository(make_repository({"a": "1"})).commit("v9")


def test_activity_counts_people_and_not_machines(tmp_path: Path) -> None:
    repository = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    for number, author in enumerate(["Ada", "Ada", "dependabot[bot]", "Bob"]):
        head = commit_files(repository, {"a": str(number)}, START + timedelta(days=number), author)
    opened = Repository(tmp_path / "r.git")
    found = {signal.name: signal.value for signal in opened.activity(head, opened.committed_at(head))}
    assert found == {
        "commits": "4", "commit-days": "4", "authors-90-days": "2", "first-commit": "2026-03-02", "last-commit": "2026-03-05",
    }  # fmt: skip


def test_activity_says_when_it_stopped_counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.git.MOST_COMMITS", 2)
    repository = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    for number in (0, 1, 200, 201, 202):
        head = commit_files(repository, {"a": str(number)}, START + timedelta(days=number), "Ada")
    opened = Repository(tmp_path / "r.git")
    found = {signal.name: signal.value for signal in opened.activity(head, opened.committed_at(head))}
    assert (found["commits"], found["more"]) == ("3", "true"), "the last 90 days are always counted"
    assert "first-commit" not in found


def test_a_year_before(tmp_path: Path) -> None:
    repository = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    commit_files(repository, {"old": "1"}, START - timedelta(days=500))
    head = commit_files(repository, {"old": "1", "new": "2"}, START)
    before = Repository(tmp_path / "r.git").paths_before(head, START - timedelta(days=365))
    assert before is not None
    assert "old" in before
    assert "new" not in before


def test_repositories_in_a_folder(tmp_path: Path) -> None:
    for path in ("a.git", "owner/b.git", "c+d/repo", "not-one/src"):
        if path.startswith("not"):
            (tmp_path / path).mkdir(parents=True)
        else:
            pygit2.init_repository(str(tmp_path / path), bare=True)
    found = [path.relative_to(tmp_path).as_posix() for path in repositories_in(tmp_path)]
    assert found == ["a.git", "c+d/repo", "owner/b.git"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/acme/shop.git", ("github.com", "acme/shop")),
        ("https://user:secret@github.com/acme/shop", ("github.com", "acme/shop")),
        ("git@github.com:acme/shop.git", ("github.com", "acme/shop")),
        ("ssh://git@ghe.example.org:2222/acme/shop.git", ("ghe.example.org", "acme/shop")),
        ("file:///srv/git/shop.git", None),
        ("/srv/git/shop.git", None),
        ("", None),
    ],
)
def test_parse_remote(url: str, expected: tuple[str, str] | None) -> None:
    assert parse_remote(url) == expected
