"""An organisation from GitHub into the database, against a stand-in on the loopback that is held to GitHub's own schemas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rungwise.__main__ import BAD_INPUT, DONE, INCOMPLETE, main
from rungwise.store import open_reader
from tests.collectors.github.stand_in import TOKEN, FakeClock, Reply, Repo, StandIn
from tests.repositories import MakeRepository

SHOP = {
    ".gitignore": "node_modules\n",
    "package.json": '{"name": "shop", "private": true, "dependencies": {"express": "5", "pg": "8", "@sentry/node": "10"}}',
    "server.js": "const app = require('express')()\nSentry.init({})\napp.listen(3000)\n",
    "Dockerfile": "FROM node:22\n",
}


@pytest.fixture
def github(tmp_path: Path, make_repository: MakeRepository, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    with StandIn(tmp_path / "served", FakeClock()).running() as stand_in:
        stand_in.add(Repo("acme/shop", make_repository(SHOP, "shop"), teams={"shop-team": "ADMIN"}))
        stand_in.add(Repo("acme/site", make_repository({**SHOP, "CODEOWNERS": "* @acme/web\n"}, "site")))
        stand_in.add(Repo("acme/old", make_repository(SHOP, "old"), flags=frozenset({"ARCHIVED"})))
        for name, value in stand_in.environment.items():
            monkeypatch.setenv(name, value)
        yield stand_in


def collect(tmp_path: Path, *more: str) -> int:
    return main(["collect", "github", "acme", "--database", str(tmp_path / "db"), *more])


def test_an_organisation_is_collected_and_an_unchanged_one_is_not_fetched_again(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect(tmp_path) == DONE
    assert "3 repositories of acme, 3 new or changed" in capsys.readouterr().out
    reader = open_reader(tmp_path / "db")
    week = reader.weeks()[0].id
    rows = reader.repositories(week).set_index("repository")
    assert (rows.loc["acme/shop", "team"], rows.loc["acme/shop", "owner_source"]) == ("Shop team", "teams on GitHub")
    assert (rows.loc["acme/site", "team"], rows.loc["acme/site", "owner_source"]) == ("acme/web", "CODEOWNERS")
    assert list(rows.loc["acme/old", "flags"]) == ["ARCH"]
    findings = reader.findings(week, "acme/shop").set_index("practice")["status"]
    assert findings["error-tracking"] == "present"
    assert findings["branch-protection"] in ("absent", "unknown"), "asked, and so no longer a mere question"
    fetched = github.count("git")
    assert collect(tmp_path) == DONE
    assert github.count("git") == fetched
    assert "3 as they were" in capsys.readouterr().out


def test_the_same_commits_give_the_same_findings_as_local_clones(github: StandIn, tmp_path: Path) -> None:
    collect(tmp_path)
    served = tmp_path / "served" / "acme" / "shop.git"
    assert main(["collect", "local", str(served), "--database", str(tmp_path / "local")]) == DONE
    remote, local = open_reader(tmp_path / "db"), open_reader(tmp_path / "local")
    name = local.repositories(local.weeks()[0].id)["repository"][0]
    there = remote.findings(remote.weeks()[0].id, "acme/shop").set_index("practice")["status"]
    here = local.findings(local.weeks()[0].id, name).set_index("practice")["status"]
    by_github = {"branch-protection", "required-review", "secret-scanning", "vulnerability-alerts", "environment-isolation"}
    differing = {practice for practice in here.index if here[practice] != there[practice]}
    assert differing <= by_github


def test_a_plan_collects_nothing(github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert collect(tmp_path, "--plan") == DONE
    assert "acme has 3 repositories" in capsys.readouterr().out
    assert github.count("git") == 0
    assert not (tmp_path / "db").exists()


def test_the_token_appears_nowhere(github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    github.fail(lambda request: request.kind == "git" and "site" in request.text, Reply(500, b"no"), times=50)
    assert collect(tmp_path) == INCOMPLETE
    printed = capsys.readouterr()
    assert "acme/site was left out" in printed.err
    assert TOKEN not in printed.out + printed.err
    assert all(TOKEN.encode() not in path.read_bytes() for path in (tmp_path / "db").rglob("*") if path.is_file())


@pytest.mark.parametrize(("organisation", "says"), [("nobody", "nobody"), ("ada", "ada")])
def test_what_is_no_organisation_is_said(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], organisation: str, says: str
) -> None:
    assert main(["collect", "github", organisation, "--database", str(tmp_path / "db")]) == BAD_INPUT
    printed = capsys.readouterr().err
    assert says in printed
    assert printed.count("\n") == 1
    assert not (tmp_path / "db").exists()


def test_without_a_token_it_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert collect(tmp_path) == BAD_INPUT
    assert "There is no token" in capsys.readouterr().err
