"""The command line as a person meets it: what it prints, and what it says when the input is bad."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygit2
import pytest

from rungwise.__main__ import BAD_INPUT, DONE, INCOMPLETE, main
from rungwise.assess import week_of
from rungwise.store import open_reader
from tests.repositories import START, MakeRepository, commit_files

SHOP = {
    ".gitignore": "node_modules\n",
    "package.json": '{"name": "shop", "private": true, "scripts": {"test": "vitest"}, "dependencies": {"express": "5", "pg": "8"}}',
    "server.js": "const app = require('express')()\napp.listen(3000)\n",
    "Dockerfile": "FROM node:22\nCMD node server.js\n",
}
FIELDS = {"repository", "commit", "week", "kind", "flags", "kind_reason", "components", "standing", "practices", "catalogue"}


def test_json_is_the_contract_and_the_same_every_time(
    make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    path = make_repository(SHOP)
    assert main(["check", str(path), "--json"]) == DONE
    first = capsys.readouterr().out
    found = json.loads(first)
    assert set(found) >= FIELDS
    assert found["repository"] == "acme/shop"
    assert found["kind"] == "APP"
    assert found["week"] == "2026-W11"
    assert len(found["practices"]) == 76
    assert {"id", "stage", "status", "component", "reason", "looked_for", "evidence"} <= set(found["practices"][0])
    assert [stage["stage"] for stage in found["standing"]["stages"]] == [1, 2, 3, 4, 5, 6]
    main(["check", str(path), "--json"])
    assert capsys.readouterr().out == first


def test_the_same_in_another_process(make_repository: MakeRepository) -> None:
    """Another process hashes strings differently; the answer must not hang on that."""
    path = make_repository(SHOP)

    def run(seed: str) -> bytes:
        command = [sys.executable, "-m", "rungwise", "check", str(path), "--json"]
        return subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout

    assert run("1") == run("2")


def test_report_names_evidence_and_next_steps(make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(make_repository(SHOP))]) == DONE
    printed = capsys.readouterr().out
    assert "acme/shop" in printed
    assert "Holds" in printed
    assert "\x1b" not in printed, "no colours where nobody sees them"


def test_several_and_a_folder_of_them(
    make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_repository(SHOP)
    make_repository({"README.md": "# Notes"}, "acme+notes")
    assert main(["check", str(tmp_path), "--json"]) == DONE
    assert [json.loads(line)["repository"] for line in capsys.readouterr().out.splitlines()] == ["acme/notes", "acme/shop"]


def test_an_empty_repository_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pygit2.init_repository(str(tmp_path / "new.git"), bare=True)
    assert main(["check", str(tmp_path / "new.git"), "--json"]) == DONE
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["standing"]["of"]) == ("EMPTY", 0)


def test_names(make_repository: MakeRepository, capsys: pytest.CaptureFixture[str]) -> None:
    path = make_repository(SHOP, "shop.git")
    main(["check", str(path), "--json", "--name", "acme/given"])
    assert json.loads(capsys.readouterr().out)["repository"] == "acme/given"
    pygit2.Repository(str(path)).remotes.create("origin", "git@github.com:acme/remote.git")
    main(["check", str(path), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert found["repository"] == "acme/remote"
    urls = [evidence["url"] for practice in found["practices"] for evidence in practice["evidence"] if evidence["path"]]
    assert urls
    assert all(url.startswith(f"https://github.com/acme/remote/blob/{found['commit']}/") for url in urls)


def test_an_earlier_commit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = pygit2.init_repository(str(tmp_path / "shop.git"), bare=True, initial_head="main")
    first = commit_files(git, {"README.md": "x"}, START)
    commit_files(git, SHOP, START)
    main(["check", str(tmp_path / "shop.git"), "--json", "--at", first])
    assert json.loads(capsys.readouterr().out)["commit"] == first


def test_a_dirty_work_tree_is_judged_at_head_and_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = pygit2.init_repository(str(tmp_path / "work"), initial_head="main")
    commit_files(git, {"a.py": "1"}, START)
    git.reset(git.head.target, pygit2.enums.ResetMode.HARD)
    (tmp_path / "work" / "a.py").write_text("2")
    main(["check", str(tmp_path / "work")])
    assert "uncommitted changes" in capsys.readouterr().out


def test_missing_blobs_are_named_and_the_rest_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git = pygit2.init_repository(str(tmp_path / "shop.git"), bare=True, initial_head="main")
    commit_files(git, SHOP, START)
    blob = str(pygit2.hash(SHOP["server.js"].encode()))
    (tmp_path / "shop.git" / "objects" / blob[:2] / blob[2:]).unlink()
    assert main(["check", str(tmp_path / "shop.git"), "--json"]) == INCOMPLETE
    printed = capsys.readouterr()
    assert "server.js" in printed.err
    statuses = {practice["id"]: practice["status"] for practice in json.loads(printed.out)["practices"]}
    assert statuses["error-tracking"] == "unknown", "what could not be read is never taken for absent"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["check", "{tmp}/nowhere"], "does not exist"),
        (["check", "{tmp}/folder"], "no git repository"),
        (["check", "{tmp}/file"], "no git repository"),
        (["check", "{tmp}/one/shop", "{tmp}/two/shop"], "both called shop"),
        (["check", "{tmp}/one/shop", "--at", "v9"], "no commit 'v9'"),
        (["check", "{tmp}/one", "{tmp}/two/shop", "--name", "x/y"], "--name goes with one"),
        (["collect", "local", "{tmp}/nowhere", "--database", "{tmp}/db"], "does not exist"),
        (["collect", "local", "{tmp}/one/shop", "--database", "{tmp}/db", "--teams", "{tmp}/nowhere.toml"], "nowhere.toml"),
        (["collect", "local", "{tmp}/one/shop", "--database", "{tmp}/db", "--teams", "{tmp}/teams.toml"], "tarjet"),
        (["collect", "local", "{tmp}/one/shop", "--database", "{tmp}/file"], "file"),
    ],
)
def test_bad_input_gets_one_sentence(arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in ("one/shop", "two/shop"):
        commit_files(pygit2.init_repository(str(tmp_path / path), bare=True, initial_head="main"), SHOP, START)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "teams.toml").write_text('[teams.A]\nrepositories = ["a/b"]\ntarjet = 3\n')
    assert main([argument.format(tmp=tmp_path) for argument in arguments]) == BAD_INPUT
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.err.startswith("rungwise: ")
    assert printed.err.count("\n") == 1, "one sentence, no traceback"
    assert not (tmp_path / "db").exists(), "nothing is left behind"


def test_collect_local_remembers(make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clones = tmp_path / "clones"
    make_repository(SHOP, "clones/acme+shop")
    make_repository({**SHOP, "CODEOWNERS": "* @acme/web\n"}, "clones/acme+site")
    teams = tmp_path / "teams.toml"
    teams.write_text('[teams.Payments]\nrepositories = ["acme/shop"]\ntarget = 4\nreason = "customer data"\n')
    arguments = ["collect", "local", str(clones), "--database", str(tmp_path / "db"), "--teams", str(teams)]
    assert main(arguments) == DONE
    assert "2 repositories looked at, 2 new or changed" in capsys.readouterr().out
    reader = open_reader(tmp_path / "db")
    rows = reader.repositories(reader.weeks()[0].id).set_index("repository")
    assert rows.loc["acme/shop", "team"] == "Payments"
    assert rows.loc["acme/shop", "target"] == 4
    assert rows.loc["acme/site", "team"] == "acme/web"
    assert main(arguments) == DONE
    assert "2 as they were" in capsys.readouterr().out
    assert open_reader(tmp_path / "db").generation == reader.generation


def test_a_corrupt_repository_among_others_is_named_and_left_out(
    make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_repository(SHOP, "clones/acme+shop")
    broken = make_repository(SHOP, "clones/acme+broken")
    head = str(pygit2.Repository(str(broken)).head.target)
    (broken / "objects" / head[:2] / head[2:]).chmod(0o600)
    (broken / "objects" / head[:2] / head[2:]).write_bytes(b"garbage")
    assert main(["collect", "local", str(tmp_path / "clones"), "--database", str(tmp_path / "db")]) == INCOMPLETE
    assert "acme/broken" in capsys.readouterr().err
    reader = open_reader(tmp_path / "db")
    assert list(reader.repositories(reader.weeks()[0].id)["repository"]) == ["acme/shop"]


def test_module_runs_as_a_program() -> None:
    done = subprocess.run([sys.executable, "-m", "rungwise", "--help"], capture_output=True, text=True, check=True)
    assert "check" in done.stdout
    assert "collect" in done.stdout


def test_a_look_that_went_well_leaves_nothing_on_stderr(make_repository: MakeRepository) -> None:
    command = [sys.executable, "-m", "rungwise", "check", str(make_repository(SHOP))]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stderr == ""


def test_a_history_of_weeks_and_why_it_moved(
    make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    clone = tmp_path / "acme" / "shop"
    git = pygit2.init_repository(str(clone), bare=True, initial_head="main")
    commit_files(git, SHOP, now - timedelta(weeks=6))
    workflow = "on: pull_request\njobs:\n  test:\n    steps:\n      - run: npm test\n"
    tested = {**SHOP, "server.test.js": "test('it', () => {})\n", ".github/workflows/ci.yml": workflow}
    added = commit_files(git, tested, now - timedelta(weeks=3), "Grace", "Test what is sold")
    database = tmp_path / "db"
    assert main(["collect", "local", str(clone), "--history", "10", "--database", str(database)]) == DONE
    assert "With 9 weeks before" in capsys.readouterr().out
    reader = open_reader(database)
    weeks = reader.weeks()
    assert len(weeks) == 7, "none before the first commit"
    assert weeks[0].id - weeks[-1].id == 6
    moved = reader.history("shop")
    [row] = moved[moved["practice"] == "unit-tests"].to_dict("records")
    assert (row["was"], row["now"], row["cause"], row["commit"]) == ("absent", "partial", "commit", added)
    assert (row["author"], row["subject"], row["how"]) == ("Grace", "Test what is sold", "added")
    # The next collection goes on from there, and knows who took it away again.
    removed = commit_files(git, {**SHOP, "a": "1"}, now - timedelta(hours=1), "Bob", "Enough of tests")
    assert main(["collect", "local", str(clone), "--database", str(database)]) == DONE
    [row] = [row for row in open_reader(database).history("shop").to_dict("records") if row["practice"] == "unit-tests"][:1]
    assert (row["was"], row["now"], row["commit"], row["how"]) == ("partial", "absent", removed, "removed")


def test_a_shallow_clone_says_from_when_on_it_knows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    git = pygit2.init_repository(str(tmp_path / "whole"), bare=True, initial_head="main")
    for weeks in (9, 5, 2):
        commit_files(git, {**SHOP, "weeks": str(weeks)}, now - timedelta(weeks=weeks))
    clone = tmp_path / "shop"
    command = ["git", "clone", "--quiet", "--bare", "--depth", "2", f"file://{git.path}", str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    arguments = ["collect", "local", str(clone), "--history", "12", "--database", str(tmp_path / "db")]
    assert main(arguments) == INCOMPLETE
    assert f"its history begins in {week_of(now - timedelta(weeks=5))}" in capsys.readouterr().err
    assert len(open_reader(tmp_path / "db").weeks()) == 6


def test_one_that_cannot_be_read_is_left_out_and_not_counted(
    make_repository: MakeRepository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, broken = make_repository(SHOP, "shop"), make_repository(SHOP, "cart")
    for folder in (broken / "objects").iterdir():
        shutil.rmtree(folder)
    given = ["collect", "local", str(whole), str(broken), "--database", str(tmp_path / "db")]
    assert main(given) == INCOMPLETE
    told = capsys.readouterr()
    assert "1 repository looked at, 1 new or changed, 0 as they were." in told.out
    assert "cart was left out: " in told.err
    assert main(given) == INCOMPLETE
    assert "1 repository looked at, 0 new or changed, 1 as it was." in capsys.readouterr().out


@pytest.mark.parametrize("weeks", ["0", "-1", "521", "a year", "1.5"])
def test_a_history_that_is_no_number_of_weeks(weeks: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["collect", "local", str(tmp_path), "--history", weeks])
    assert stopped.value.code == BAD_INPUT
    assert "no number of weeks" in capsys.readouterr().err


def test_a_move_that_no_file_shows_is_traced_to_its_commit(make_repository: MakeRepository, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    git = pygit2.init_repository(str(tmp_path / "shop"), bare=True, initial_head="main")
    commit_files(git, SHOP, now - timedelta(weeks=3))
    library = {"package.json": '{"name": "shop", "main": "index.js"}', "index.js": "module.exports = 1\n", ".gitignore": "x\n"}
    day = now - timedelta(weeks=1)
    commit_files(git, {**SHOP, "README.md": "1"}, day)
    turned = commit_files(git, {**library, "README.md": "1"}, day, "Ada", "Be a library")
    for number in range(2, 6):
        commit_files(git, {**library, "README.md": str(number)}, day, "Bob", "Tell more")
    database = tmp_path / "db"
    assert main(["collect", "local", str(tmp_path / "shop"), "--history", "5", "--database", str(database)]) == DONE
    history = open_reader(database).history("shop")
    gone = history[history["now"] == "not_applicable"]
    assert len(gone) > 5
    assert set(gone["commit"]) == {turned}
    assert set(gone["author"]) == {"Ada"}


@pytest.mark.parametrize("branch", ["main", "trunk"])
def test_a_branch_that_was_rewritten_or_renamed_goes_on(branch: str, tmp_path: Path) -> None:
    """The commit of the week before is in no history any more: what moved is known, who moved it is not."""
    now = datetime.now(UTC)
    clone, database = tmp_path / "shop", tmp_path / "db"
    git = pygit2.init_repository(str(clone), bare=True, initial_head="main")
    commit_files(git, SHOP, now - timedelta(weeks=2))
    assert main(["collect", "local", str(clone), "--history", "3", "--database", str(database)]) == DONE
    git.references.delete("refs/heads/main")
    rewritten = commit_files(git, {**SHOP, "server.test.js": "test('it', () => {})\n"}, now - timedelta(hours=1), "Grace")
    if branch != "main":
        git.branches.create(branch, git[rewritten].peel(pygit2.Commit))
        git.set_head(f"refs/heads/{branch}")
        git.references.delete("refs/heads/main")
    assert main(["collect", "local", str(clone), "--database", str(database)]) == DONE
    reader = open_reader(database)
    assert len(reader.weeks()) == 3
    [row] = reader.history("shop").query("practice == 'unit-tests'").to_dict("records")
    assert (row["was"], row["now"], row["cause"]) == ("absent", "partial", "commit")
    assert row["commit"] != row["commit"], "missing"


def test_a_day_in_the_past_can_be_taken_for_the_last_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What came after it is not looked at, and a repository that was not there yet is left out."""
    clone, database = tmp_path / "shop", tmp_path / "db"
    git = pygit2.init_repository(str(clone), bare=True, initial_head="main")
    commit_files(git, SHOP, datetime(2026, 8, 3, 12, tzinfo=UTC))
    then = commit_files(git, {**SHOP, "README.md": "# Shop\n"}, datetime(2026, 8, 21, 12, tzinfo=UTC))
    commit_files(git, {**SHOP, "server.test.js": "test('it', () => {})\n"}, datetime(2026, 9, 1, 12, tzinfo=UTC))
    young = pygit2.init_repository(str(tmp_path / "young"), bare=True, initial_head="main")
    commit_files(young, SHOP, datetime(2026, 9, 1, 12, tzinfo=UTC))
    given = ["--history", "3", "--as-of", "2026-08-21", "--database", str(database)]
    assert main(["collect", "local", str(clone), str(tmp_path / "young"), *given]) == DONE
    reader = open_reader(database)
    assert [week.label for week in reader.weeks()] == ["2026-W34", "2026-W33", "2026-W32"]
    assert list(reader.repositories(reader.weeks()[0].id)["commit"]) == [then]
    assert main(["collect", "local", str(clone), "--as-of", "2999-01-01", "--database", str(database)]) == BAD_INPUT
    assert "not here yet" in capsys.readouterr().err
