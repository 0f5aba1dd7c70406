"""Repositories that are looked at in processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors import looking
from collectors.git import GitError, Repository
from collectors.local import Collector
from collectors.looking import Lookers
from rungwise.model import Signal, SignalKind
from tests.collectors.github.conftest import wanted
from tests.repositories import MakeRepository

FILES = {
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    ".github/workflows/ci.yml": "on: push\njobs:\n  test:\n    steps:\n      - run: npm test\n",
    "CODEOWNERS": "* @acme/platform\n",
}
ACTIVITY = (Signal(SignalKind.ACTIVITY, "commits", "7"),)


@pytest.fixture
def lookers() -> Iterator[Lookers]:
    made = Lookers(wanted(), 2)
    yield made
    made.close()


def test_a_process_sees_what_is_seen_here(lookers: Lookers, make_repository: MakeRepository) -> None:
    paths = [make_repository({**FILES, "README.md": f"# {number}\n"}, f"r{number}") for number in range(5)]
    heads = [Repository(path).commit() for path in paths]
    asked = [
        lookers.look(path, "acme/shop", head, host="github.com", activity=ACTIVITY)
        for path, head in zip(paths, heads, strict=True)
    ]
    for path, head, there in zip(paths, heads, asked, strict=True):
        here = Collector(wanted()).look(Repository(path), "acme/shop", head, host="github.com", activity=ACTIVITY)
        assert there.result() == here
    assert any(found.kind is SignalKind.CODE for found in asked[0].result().signals), "or else this compares nothing"


def test_what_cannot_be_read_is_said_and_the_next_one_is_looked_at(
    lookers: Lookers, make_repository: MakeRepository, tmp_path: Path
) -> None:
    with pytest.raises(GitError, match="does not exist"):
        lookers.look(tmp_path / "nowhere", "acme/nowhere", "0" * 40, host=None, activity=None).result()
    path = make_repository(FILES)
    assert lookers.look(path, "acme/shop", Repository(path).commit(), host=None, activity=None).result().signals


def test_a_process_that_breaks_down_fails_one_repository_only(
    lookers: Lookers, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_repository(FILES)
    head = Repository(path).commit()
    with monkeypatch.context() as patch:
        patch.setattr(lookers._processes, "_program", "import os; os.kill(os.getpid(), 9)")
        with pytest.raises(GitError, match="could not be looked at: the process that did so was ended by signal 9"):
            lookers.look(path, "acme/shop", head, host=None, activity=None).result()
    assert lookers.look(path, "acme/shop", head, host=None, activity=None).result().signals


def test_a_process_knows_no_token(
    lookers: Lookers, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    monkeypatch.setattr(lookers._processes, "_program", "import os, sys; sys.stderr.write(repr(dict(os.environ)))")
    with pytest.raises(GitError, match="broke down"):
        lookers.look(tmp_path, "acme/shop", "0" * 40, host=None, activity=None).result()
    told = capfd.readouterr().err
    assert "'PATH'" in told
    assert "ghs_secret" not in told


def test_processes_end_with_the_one_that_started_them(make_repository: MakeRepository) -> None:
    path = make_repository(FILES)
    program = f"""
import sys, time
from pathlib import Path
from collectors.looking import Lookers
from tests.collectors.github.conftest import client, clock, collected, github, wanted  # noqa: F401 - fixtures
found = Lookers(wanted(), 1).look(Path({str(path)!r}), "acme/shop", {Repository(path).commit()!r}, host=None, activity=None)
print(len(found.result().signals), flush=True)
time.sleep(600)
"""
    root = Path(looking.__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, "-c", program], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert int(process.stdout.readline()) > 0
    finally:
        process.send_signal(signal.SIGKILL)
    # What it started holds the other end of its standard error, for as long as it lives.
    _, told = process.communicate(timeout=60)
    assert told == b""
