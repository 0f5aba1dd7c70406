"""What a look at a repository reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pygit2
import pytest

from collectors.git import Repository
from collectors.globs import Globs
from collectors.local import Collector
from rungwise.clues import ANYWHERE, PYTHON, code, file, wanted
from rungwise.model import Place, Signal, SignalKind, Snapshot
from tests.repositories import START, Files, MakeRepository, commit_files

Look = Callable[..., Snapshot]


def signals(snapshot: Snapshot, kind: SignalKind, name: str = "") -> list[Signal]:
    return [signal for signal in snapshot.signals if signal.kind is kind and (not name or signal.name == name)]


def test_globs_match_many_paths_in_one_pass() -> None:
    globs = Globs(["*.py", "app/*.py", "**/models/*.py", "Dockerfile"])
    assert globs.of("app/models/user.py") == ("*.py", "**/models/*.py")
    assert globs.of("app/x.py") == ("*.py", "app/*.py")
    assert globs.of("deploy/Dockerfile") == ("Dockerfile",)
    assert globs.of("x.rb") == ()


def test_files_say_whether_they_are_new(tmp_path: Path) -> None:
    git = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    commit_files(git, {"old.py": "1"}, START - timedelta(days=400))
    commit_files(git, {"old.py": "1", "new.py": "1"}, START)
    repository = Repository(tmp_path / "r.git")
    snapshot = Collector(wanted([file("*.py")])).look(repository, "r", repository.commit())
    assert {signal.path: signal.value for signal in signals(snapshot, SignalKind.FILE)} == {"old.py": "old", "new.py": "new"}


@pytest.mark.parametrize(
    ("attributes", "path", "place"),
    [
        ("lib/** linguist-vendored\n", "lib/a.py", None),
        ("*.py linguist-vendored\n", "app/a.py", Place.SOURCE),
        ("lib/*.py linguist-vendored\n", "lib/a.py", None),
        ("*.py linguist-generated=true\n", "app/a.py", Place.GENERATED),
        ("/guide/** linguist-documentation\n", "guide/a.py", Place.DOCS),
        ("lib/** linguist-vendored=false\n", "lib/a.py", Place.SOURCE),
        (".github/** linguist-generated\n", ".github/a.py", Place.SOURCE),
    ],
)
def test_gitattributes_are_honoured(make_repository: MakeRepository, attributes: str, path: str, place: Place | None) -> None:
    seen = code(r"\bsentry_sdk\.init\(", PYTHON, example="sentry_sdk.init(dsn=D)", where=ANYWHERE)
    made = make_repository({".gitattributes": attributes, path: "import sentry_sdk\nsentry_sdk.init(dsn=D)\n", "x.py": "1"})
    snapshot = Collector(wanted([seen])).look(Repository(made), "r", Repository(made).commit())
    assert [(signal.path, signal.place) for signal in signals(snapshot, SignalKind.CODE)] == ([(path, place)] if place else [])


@pytest.mark.parametrize(
    ("beside", "read"),
    [
        ({}, True),
        ({"orders/migrations/0001_initial.py": "1"}, False),
        ({"manage.py": None}, False),
    ],
)
def test_the_app_of_a_project_may_be_called_after_samples(look: Look, beside: dict[str, str | None], read: bool) -> None:
    files = {
        "manage.py": "1",
        "site/settings.py": "1",
        "shop/urls.py": "1",
        "shop/wsgi.py": "1",
        "cookbook/migrations/0001_initial.py": "1",
        "cookbook/apps.py": "import sentry_sdk\nsentry_sdk.init()\n",
        **beside,
    }
    snapshot = look({path: content for path, content in files.items() if content is not None})
    places = {signal.path: signal.place for signal in signals(snapshot, SignalKind.CODE)}
    assert places == ({"cookbook/apps.py": Place.SOURCE} if read else {})


def test_in_a_collection_of_samples_the_samples_are_the_product(look: Look) -> None:
    files: Files = {f"examples/{number}/app.py": "import sentry_sdk\nsentry_sdk.init()\n" for number in range(6)}
    snapshot = look({**files, "run.py": "1"})
    assert {signal.place for signal in signals(snapshot, SignalKind.CODE)} == {Place.SOURCE}


def test_the_same_blob_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    for number in range(3):
        commit_files(git, {"a.py": "x = flag()\n", "b.py": f"{number} or flag()\n"}, START + timedelta(days=number))
    repository = Repository(tmp_path / "r.git")
    read: list[str] = []
    original = Repository.read
    monkeypatch.setattr(Repository, "read", lambda self, oid: (read.append(oid), original(self, oid))[1])
    collector = Collector(wanted([code(r"\bflag\(", PYTHON, example="flag()")]))
    for revision in ("main~2", "main~1", "main"):
        snapshot = collector.look(repository, "r", repository.commit(revision))
        assert [signal.path for signal in signals(snapshot, SignalKind.CODE)] == ["a.py", "b.py"]
    assert len(read) == len(set(read)) == 4


def test_the_next_look_tells_what_one_without_a_memory_tells(tmp_path: Path) -> None:
    """Whatever comes, goes, changes, grows old, moves to another place, or cannot be read and then can."""
    git = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    app, many = "import sentry_sdk\nsentry_sdk.init(dsn=D)\n", {f"app/{letter}.py": "x = 1\n" for letter in "abcde"}
    samples = {f"examples/{letter}/app.py": app for letter in "abcdefghijklmnopqrstuvwxyz"}
    steps: list[Files] = [
        {"app/main.py": app},
        {**many, "app/main.py": app, "lib/main.py": app, "pyproject.toml": '[project]\nname = "a"\ndependencies = ["flask"]\n'},
        {**many, "app/main.py": f"\n\n{app}", "lib/main.py": app, "pyproject.toml": "[broken"},
        {"app/main.py": app, "lib/main.py": app, ".gitattributes": "lib/** linguist-vendored\n", "CODEOWNERS": "* @ada\n"},
        {**samples, "lib/main.py": app, ".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{run: pytest}]}}\n"},
        {"lib/main.py": app, "app/huge.py": app + "x = 1\n" * 2_000_000, "app/a.py": app},
        {"lib/main.py": app, "app/main.py": app},
    ]
    commits = [commit_files(git, files, START + timedelta(days=150 * number)) for number, files in enumerate(steps)]
    asked = wanted(
        [file("*.py", "lib/*.py"), code(r"\bsentry_sdk\.init\(", PYTHON, example="sentry_sdk.init(dsn=D)", where=ANYWHERE)]
    )
    repository, collector = Repository(tmp_path / "r.git"), Collector(asked)
    for commit in (commits[-1], *commits, commits[2], commits[0]):
        afresh = Collector(asked).look(Repository(tmp_path / "r.git"), "r", commit)
        assert collector.look(repository, "r", commit) == afresh
        assert [*afresh.signals] == sorted(
            afresh.signals, key=lambda one: (one.kind, one.name, one.path or "", one.line or 0, one.value)
        )


def test_what_was_not_in_the_clone_is_read_when_it_came(tmp_path: Path) -> None:
    git = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    files = {"app.py": "flag()\n", ".gitattributes": "lib/** linguist-vendored\n", "lib/app.py": "flag()\n"}
    commit_files(git, files, START)
    collector = Collector(wanted([code(r"\bflag\(", PYTHON, example="flag()")]))
    away = {}
    for path in ("app.py", ".gitattributes"):
        stored = tmp_path / "r.git" / "objects" / str(git[git.head.target].tree[path].id)[:2]  # type: ignore[attr-defined]
        away[stored] = stored.rename(tmp_path / path)
    before = collector.look(Repository(tmp_path / "r.git"), "r", str(git.head.target))
    assert [one.path for one in signals(before, SignalKind.UNREADABLE)] == ["app.py", "lib/app.py"]
    for stored, kept in away.items():
        kept.rename(stored)
    after = collector.look(Repository(tmp_path / "r.git"), "r", str(git.head.target))
    assert [one.path for one in signals(after, SignalKind.CODE)] == ["app.py"]
    assert not signals(after, SignalKind.UNREADABLE)
    assert not after.incomplete


def test_what_cannot_be_read_is_a_signal(look: Look) -> None:
    snapshot = look({"package.json": "{broken", "a.py": "version https://git-lfs.github.com/spec/v1\noid x\n", "b.py": "1"})
    found = {signal.path: signal.name for signal in signals(snapshot, SignalKind.UNREADABLE)}
    assert set(found) == {"package.json", "a.py"}
    assert found["a.py"] == "kept in Git LFS"


def test_codeowners_are_brought_along_from_where_github_looks_first(look: Look) -> None:
    assert look({"CODEOWNERS": "* @a/root\n", ".github/CODEOWNERS": "* @a/dot\n"}).codeowners == "* @a/dot\n"
    assert look({"a.py": "1"}, "acme+other").codeowners is None


def test_signals_come_in_a_stable_order(look: Look) -> None:
    files = {"package.json": '{"dependencies": {"pg": "8", "express": "5"}}', "b.js": "1", "a.js": "1"}
    first, second = look(files, "acme+one"), look(files, "acme+two")
    assert first.signals == second.signals
    assert [signal.name for signal in signals(first, SignalKind.DEPENDENCY)] == ["npm:express", "npm:pg"]


def test_a_snapshot_of_a_hundred_thousand_lines_and_a_huge_file(look: Look) -> None:
    snapshot = look(
        {
            "big.py": "sentry_sdk.init()\n" * 100_000,
            "huge.bin": b"\0" * 30_000_000,
            "a.py": "import sentry_sdk\nsentry_sdk.init()\n",
        }
    )
    assert [signal.path for signal in signals(snapshot, SignalKind.UNREADABLE)] == ["big.py"]
    assert "a.py" in {signal.path for signal in signals(snapshot, SignalKind.CODE)}
