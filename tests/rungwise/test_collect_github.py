"""An organisation from GitHub into the database, against a stand-in on the loopback that is held to GitHub's own schemas."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import pandas as pd
import pygit2
import pytest

from collectors.github.governor import SystemClock
from rungwise.__main__ import BAD_INPUT, DONE, INCOMPLETE, main
from rungwise.owners import Owner, named_besides
from rungwise.store import Reader, open_reader
from tests.collectors.github.databases import same
from tests.collectors.github.stand_in import TOKEN, FakeClock, Flow, Reply, Repo, Run, StandIn
from tests.repositories import MakeRepository, commit_files

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


def ago(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_workflow_that_fails_for_a_week_is_noticed_without_a_change_of_the_code(
    github: StandIn, tmp_path: Path, make_repository: MakeRepository
) -> None:
    ci = ".github/workflows/ci.yml"
    steps = "on: push\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: npm test\n"
    tested = {**SHOP, ci: steps, "tests/a.test.js": "test('a', () => {})\n"}
    tested["package.json"] = tested["package.json"].replace("{", '{"scripts": {"test": "jest"}, ', 1)
    repo = github.add(Repo("acme/tested", make_repository(tested, "tested"), workflows={ci: Flow([Run(ago(1))])}))

    def status() -> tuple[str, str]:
        reader = open_reader(tmp_path / "db")
        found = reader.findings(reader.weeks()[0].id, "acme/tested").set_index("practice").loc["ci-tests"]
        return found["status"], found["reason"]

    collect(tmp_path)
    assert status()[0] == "present"
    fetched = github.count("git"), github.count("rest", "/actions/workflows")
    repo.workflows[ci] = Flow([Run(ago(2), "FAILURE"), Run(ago(9), "FAILURE")])
    collect(tmp_path)
    assert status() == (
        "partial",
        f"Seen in {ci}, but the workflow ci.yml has been failing on the default branch since {ago(9)[:10]}.",
    )
    assert (github.count("git"), github.count("rest", "/actions/workflows")) == fetched
    repo.workflows[ci] = Flow([Run(ago(1))])
    collect(tmp_path)
    assert status()[0] == "present"


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


def spend(github: StandIn, left: int) -> None:
    """Leave so many REST calls for the next hour."""
    github.left["core"], github.resets["core"] = left, datetime.now(UTC).timestamp() + 3_000


def test_what_cannot_finish_is_not_started_unless_told_to(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spend(github, 5)
    assert collect(tmp_path) == BAD_INPUT
    printed = capsys.readouterr()
    assert "cannot finish within what GitHub leaves this token: it takes at most 7 REST calls (5 left)" in printed.err
    assert printed.err.count("\n") == 1
    assert github.count("git") == 0
    assert not (tmp_path / "db").exists()
    assert collect(tmp_path, "--plan") == DONE
    assert "started with --wait" in capsys.readouterr().out
    # It is what would be needed at most; as it turns out there is enough.
    assert collect(tmp_path, "--wait") == DONE


def diagnosed(tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    capsys.readouterr()
    main(["doctor", "--database", str(tmp_path / "db"), *more])
    return capsys.readouterr().out


def test_the_doctor_asks_github_what_the_token_may_see(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = diagnosed(tmp_path, capsys, "--organisation", "acme")
    assert "acme, by its first 3 repositories; asking took" in printed
    assert "ok   which workflows there are" in printed
    assert "whether workflows fail" not in printed, "there is none, so that nothing was asked"
    assert github.count("git") == 0
    github.repos[2].workflows = {".github/workflows/ci.yml": Flow([Run(ago(1))])}
    assert "ok   whether workflows fail on the default branch" in diagnosed(tmp_path, capsys, "--organisation", "acme")
    github.lacking = {"actions:read", "administration:read", "members:read"}
    printed = diagnosed(tmp_path, capsys, "--organisation", "acme")
    assert "not seen on 3 of 3 repositories, needs administration:read: acme/old, acme/shop, acme/site" in printed
    assert "not seen on 1 of 1 repositories, needs actions:read" in printed
    assert "The token needs members:read on these repositories." in printed
    assert "would tell about: " in printed
    assert TOKEN not in printed


def test_the_doctor_knows_the_organisation_that_was_collected(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "by its first" not in diagnosed(tmp_path, capsys)
    assert collect(tmp_path) == DONE
    assert "acme, by its first 3 repositories" in diagnosed(tmp_path, capsys)


def test_the_least_token_is_enough(github: StandIn, tmp_path: Path) -> None:
    github.lacking = {
        "actions:read", "administration:read", "checks:read", "classic", "deployments:read", "members:read", "pull_requests:read"
    }  # fmt: skip
    github.member = False
    github.repos[0].classic = {"requiredStatusCheckContexts": []}
    assert collect(tmp_path) == DONE
    reader = open_reader(tmp_path / "db")
    week = reader.weeks()[0].id
    assert len(reader.repositories(week)) == 3
    findings = reader.findings(week, "acme/shop").set_index("practice")["status"]
    assert findings["error-tracking"] == "present"
    assert findings["branch-protection"] in ("partial", "unknown"), "protected it is; how, this token may not see"
    reasons = set(reader.unread_settings(week)["reason"])
    assert {"needs administration:read", "needs members:read", "needs pull_requests:read"} <= reasons


def owner(tmp_path: Path, name: str) -> tuple[object, object]:
    reader = open_reader(tmp_path / "db")
    row = reader.repositories(reader.weeks()[0].id).set_index("repository").loc[name]
    return row["team"], row["owner_source"]


def test_an_unchanged_repository_keeps_its_owner_by_codeowners_and_a_changed_one_loses_it_with_the_file(
    github: StandIn, tmp_path: Path
) -> None:
    site = next(repo for repo in github.repos if repo.name == "acme/site")
    site.teams = {"platform": "ADMIN"}
    for _ in range(2):
        assert collect(tmp_path) == DONE
        assert owner(tmp_path, "acme/site") == ("acme/web", "CODEOWNERS")
    commit_files(site.repository, {"README.md": "x"}, datetime.now(UTC), "Ada")
    assert collect(tmp_path) == DONE
    assert owner(tmp_path, "acme/site") == ("Platform", "teams on GitHub")


def test_codeowners_is_remembered_while_another_source_wins(github: StandIn, tmp_path: Path) -> None:
    site = next(repo for repo in github.repos if repo.name == "acme/site")
    site.properties = {"team": "Shop"}
    for _ in range(2):
        collect(tmp_path)
        assert owner(tmp_path, "acme/site") == ("Shop", "custom property team")
        reader = open_reader(tmp_path / "db")
        signals = reader.signals(reader.weeks()[0].id, "acme/site")
        assert named_besides(signals, "Shop", "custom property team") == (Owner("acme/web", "CODEOWNERS"),)
    site.properties = {}
    github.requests.clear()
    collect(tmp_path)
    assert owner(tmp_path, "acme/site") == ("acme/web", "CODEOWNERS")
    assert github.count("git") == 0, "nothing was read again"
    commit_files(site.repository, {"README.md": "x"}, datetime.now(UTC), "Ada")
    collect(tmp_path)
    assert pd.isna(owner(tmp_path, "acme/site")[0])


def test_a_custom_property_goes_before_codeowners_unless_the_teams_file_says_otherwise(github: StandIn, tmp_path: Path) -> None:
    site = next(repo for repo in github.repos if repo.name == "acme/site")
    site.properties = {"team": "Shop", "squad": "Web shop"}
    assert collect(tmp_path) == DONE
    assert owner(tmp_path, "acme/site") == ("Shop", "custom property team")
    file = tmp_path / "teams.toml"
    for text, expected in (
        ('property = "squad"', ("Web shop", "custom property squad")),
        ('order = ["codeowners"]', ("acme/web", "CODEOWNERS")),
    ):
        file.write_text(f"[ownership]\n{text}\n")
        shutil.rmtree(tmp_path / "db")
        assert collect(tmp_path, "--teams", str(file)) == DONE
        assert owner(tmp_path, "acme/site") == expected


def test_what_is_unchanged_does_not_count_against_the_limit(github: StandIn, tmp_path: Path) -> None:
    assert collect(tmp_path) == DONE
    spend(github, 5)
    assert collect(tmp_path) == DONE


def test_far_from_a_terminal_a_line_now_and_then_says_how_far_it_is(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert collect(tmp_path) == DONE
    assert capsys.readouterr().err == "", "a short one says nothing"
    monkeypatch.setattr("rungwise.__main__.LINE_SECONDS", 0)
    assert collect(tmp_path) == DONE
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == [f"{done} of 3 repositories" for done in (1, 2, 3)]
    assert all("REST calls (" in line and "GraphQL points (" in line for line in lines)


def test_the_receipt_says_what_was_skipped_and_why(github: StandIn, tmp_path: Path) -> None:
    github.add(Repo("acme/empty", None))
    collect(tmp_path)
    reader = open_reader(tmp_path / "db")
    run = reader.run(reader.weeks()[0].id)
    assert run is not None
    [costs] = run["costs"]
    assert costs["outcomes"] == {"looked": 3, "shown": 1}
    assert costs["skipped"] == {"acme/empty": "There is no commit yet."}
    assert costs["github"]["clones"] == 3


def test_a_collection_that_finds_nothing_new_has_a_receipt_too(github: StandIn, tmp_path: Path) -> None:
    collect(tmp_path)
    reader = open_reader(tmp_path / "db")
    [week] = reader.weeks()
    first = reader.run(week.id)
    frames = [reader.repositories(week.id), reader.findings(week.id)]
    github.requests.clear()
    collect(tmp_path)
    reader = open_reader(tmp_path / "db")
    run = reader.run(week.id)
    assert first is not None
    assert run is not None
    [costs] = run["costs"]
    assert costs["outcomes"] == {"unchanged": 3}
    assert costs["github"]["clones"] == 0
    assert costs["github"]["graphql"] == github.count("graphql")
    assert 0 < costs["seconds"] <= (run["finished"] - run["started"]).total_seconds() + 0.1
    assert run["started"] > first["started"]
    assert (run["repositories"], run["catalogue"]) == (3, first["catalogue"])
    for before, now in zip(frames, [reader.repositories(week.id), reader.findings(week.id)], strict=True):
        assert now.equals(before)
    assert reader.flaws() == []


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


SSO = {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso?authorization_request=x"}
HIDDEN = {"type": "FORBIDDEN", "path": ["repositoryOwner"], "message": "Resource not accessible by personal access token"}
WRONG: list[tuple[str, Reply, str]] = [
    (
        "/rate_limit",
        Reply(401, {"message": "Bad credentials"}),
        "does not accept the token (401). Check the token in GITHUB_TOKEN",
    ),
    ("Owner", Reply(200, {"data": {"repositoryOwner": None}, "errors": [HIDDEN]}), "The token may not look at acme"),
    ("Owner", Reply(403, {"message": "Resource protected by organization SAML enforcement."}, SSO), "Configure SSO"),
    ("Owner", Reply(200, {"data": {"repositoryOwner": None}}), "There is no organisation called acme"),
    ("/rate_limit", Reply(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}), "does not answer as a GitHub does"),
    ("/rate_limit", Reply(200, {"hello": "world"}), "does not answer as a GitHub does"),
]


@pytest.mark.parametrize(("asked", "reply", "says"), WRONG, ids=[f"{says} {number}" for number, (_, _, says) in enumerate(WRONG)])
def test_bad_input_is_one_sentence_and_stores_nothing(
    github: StandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: str, reply: Reply, says: str
) -> None:
    github.fail(lambda request: request.text == asked, reply, times=100)
    for more in ([], ["--plan"]):
        assert collect(tmp_path, *more) == BAD_INPUT
        printed = capsys.readouterr()
        assert says in printed.err
        assert printed.err.count("\n") == 1
        assert printed.out == ""
        assert TOKEN not in printed.err
    assert not (tmp_path / "db").exists()


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("GITHUB_API_URL", "https://www.example.org", "is not where a GitHub keeps its API"),
        ("GITHUB_API_URL", "http://github.example.com/api/v3", "would send the token in the clear"),
        ("GITHUB_API_URL", "http://127.0.0.1:9/api/v3", "cannot be reached (the connection was refused)"),
        ("GITHUB_TOKEN", "ghp_half of it", "holds blanks or line breaks"),
        ("GITHUB_APP_ID", "1", "GITHUB_APP_INSTALLATION_ID is not set"),
    ],
)
def test_a_wrong_environment_is_one_sentence(
    github: StandIn,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    says: str,
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr(SystemClock, "sleep", lambda self, seconds: None)
    assert collect(tmp_path) == BAD_INPUT
    # A server that does not answer is waited for, and that is said.
    [printed] = [line for line in capsys.readouterr().err.splitlines() if "Waiting" not in line]
    assert says in printed


def test_without_a_token_it_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GITHUB_TOKEN", "GH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert collect(tmp_path) == BAD_INPUT
    assert "There is no token" in capsys.readouterr().err


BY_GITHUB = {"branch-protection", "required-review", "secret-scanning", "vulnerability-alerts", "environment-isolation"}
"""The practices that GitHub's settings tell about; git cannot."""
WORKFLOW = "on: pull_request\njobs:\n  test:\n    steps:\n      - run: npm test\n"


@pytest.fixture
def years(github: StandIn, tmp_path: Path) -> datetime:
    """Repositories with a past: one that grew tests and lost its tracking, one that is quiet, one that is young; returns now."""
    now = datetime.now(UTC)
    tested = {**SHOP, "server.test.js": "test('it', () => {})\n", ".github/workflows/ci.yml": WORKFLOW}
    untracked = {**tested, "server.js": SHOP["server.js"].replace("Sentry.init({})\n", "")}
    library = {"package.json": '{"name": "lib", "main": "index.js"}', "index.js": "module.exports = 1\n", ".gitignore": "x\n"}
    pasts: dict[str, list[tuple[float, dict[str, str]]]] = {
        "grown": [(200, SHOP), *((60 - number / 3, {**SHOP, "a": str(number)}) for number in range(150)), (6, tested), (3, untracked), (1, library)],
        "quiet": [(150 - number, SHOP) for number in range(12)],
        "young": [(2.5, SHOP), (2.4, tested), (0.2, {**tested, "a": "1"})],
    }  # fmt: skip
    for name, past in pasts.items():
        git = pygit2.init_repository(str(tmp_path / name), bare=True, initial_head="main")
        for number, (weeks, files) in enumerate(past):
            commit_files(git, files, now - timedelta(weeks=weeks), f"Dev{number % 3}", f"Change {number}")
        github.add(Repo(f"acme/{name}", Path(git.path), alerts=True, security={"secret_scanning_push_protection": "enabled"}))
    return now


def statuses(reader: Reader, week: int, name: str) -> dict[str, str]:
    found = reader.findings(week, name)
    return dict(zip(found["practice"], found["status"], strict=True))


def test_past_weeks_are_what_local_clones_say(
    github: StandIn, years: datetime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ("grown", "quiet", "young")
    assert collect(tmp_path, "--history", "12") == DONE
    assert "With 11 weeks before" in capsys.readouterr().out
    clones = [str(tmp_path / "served" / "acme" / f"{name}.git") for name in names]
    assert main(["collect", "local", *clones, "--history", "12", "--database", str(tmp_path / "local")]) == DONE
    remote, local = open_reader(tmp_path / "db"), open_reader(tmp_path / "local")
    assert [week.label for week in remote.weeks()] == [week.label for week in local.weeks()]
    assert len(remote.weeks()) == 12
    for week in remote.weeks():
        assert set(remote.repositories(week.id)["repository"]) >= {
            f"acme/{name}" for name in local.repositories(week.id)["repository"]
        }
        for name in local.repositories(week.id)["repository"]:
            there, here = statuses(remote, week.id, f"acme/{name}"), statuses(local, week.id, name)
            assert {practice for practice in here if here[practice] != there[practice]} <= BY_GITHUB, (week.label, name)
    # And why it moved.
    of_git = ["week", "practice", "was", "now", "cause", "commit", "author", "subject", "path", "how"]
    for name in names:
        there, here = (
            reader.history(full)[lambda f: ~f["practice"].isin(BY_GITHUB)]
            for reader, full in ((remote, f"acme/{name}"), (local, name))
        )
        columns = [column for column in of_git if column in here.columns]
        assert {"practice", "was", "now", "commit"} <= set(columns)
        pd.testing.assert_frame_equal(there[columns].reset_index(drop=True), here[columns].reset_index(drop=True))
    assert len(remote.history("acme/grown")) > 5


def test_todays_settings_are_not_those_of_the_past(github: StandIn, years: datetime, tmp_path: Path) -> None:
    collect(tmp_path, "--history", "8")
    reader = open_reader(tmp_path / "db")
    now, *past = (statuses(reader, week.id, "acme/quiet") for week in reader.weeks())
    assert now["secret-scanning"] == "present"
    assert len(past) == 7
    for then in past:
        assert {then[practice] for practice in ("branch-protection", "secret-scanning")} == {"unknown"}


def test_weeks_that_are_stored_stay_and_are_not_fetched_again(
    github: StandIn, years: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Earlier(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return years - timedelta(weeks=3)

    with monkeypatch.context() as patch:
        patch.setattr("rungwise.__main__.datetime", Earlier)
        collect(tmp_path)
    then = open_reader(tmp_path / "db")
    [week] = then.weeks()
    seen = statuses(then, week.id, "acme/quiet")
    assert seen["secret-scanning"] == "present"
    assert collect(tmp_path, "--history", "8") == DONE
    reader = open_reader(tmp_path / "db")
    assert len(reader.weeks()) == 8
    shutil.copytree(tmp_path / "db", tmp_path / "once")
    assert statuses(reader, week.id, "acme/quiet") == seen, "what was seen at the time is better than what is known afterwards"
    fetched = github.count("git")
    assert collect(tmp_path, "--history", "8") == DONE
    assert github.count("git") == fetched, "nothing is missing"
    same(tmp_path / "db", tmp_path / "once")
    assert collect(tmp_path, "--history", "10") == DONE
    assert len(open_reader(tmp_path / "db").weeks()) == 10


def test_a_second_collection_in_a_week_keeps_who_moved_it(github: StandIn, years: datetime, tmp_path: Path) -> None:
    """The first one had the history to tell; the second one fetches what changed since, and stores both together."""
    grown, quiet = github.find("acme/grown"), github.find("acme/quiet")
    assert grown and quiet
    tested = {**SHOP, "server.test.js": "test('it', () => {})\n"}
    turned = commit_files(grown.repository, tested, years - timedelta(minutes=1), "Grace", "Be a shop again")
    assert collect(tmp_path, "--history", "3") == DONE
    before = open_reader(tmp_path / "db").history("acme/grown")
    assert turned in set(before["commit"])
    commit_files(quiet.repository, tested, years - timedelta(seconds=30))
    assert collect(tmp_path) == DONE
    reader = open_reader(tmp_path / "db")
    assert statuses(reader, reader.weeks()[0].id, "acme/quiet")["unit-tests"] == "partial"
    pd.testing.assert_frame_equal(reader.history("acme/grown"), before)
