"""Kinds, facts and statuses, on repositories of a few files each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from collectors.source import PROGRAM_LIMIT
from rungwise import kinds
from rungwise.assess import assess, judge_again, on_another_day
from rungwise.catalogue import Catalogue, load
from rungwise.clues import Clue, CodeClue, FileClue, dependency
from rungwise.facts import RULES, SERVER
from rungwise.model import Assessment, Fact, Finding, Flag, Kind, Role, Signal, SignalKind, Snapshot, Status
from rungwise.seen import Recall, Seen
from tests.repositories import Files

Check = Callable[..., Assessment]

DOCKER = {"Dockerfile": "FROM python:3.13\n"}
FASTAPI = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "sqlalchemy"]\n',
    "app/main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    **DOCKER,
}
RELEASE = {
    ".github/workflows/release.yml": "on: {push: {tags: ['v*']}}\njobs:\n  r:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: docker/build-push-action@v6\n"
}

DEPLOY = {
    ".github/workflows/deploy.yml": "on: {push: {branches: [main]}}\njobs:\n  d:\n    runs-on: ubuntu-latest\n    steps:\n      - run: flyctl deploy\n",
    "fly.toml": 'app = "shop"',
    "Procfile": "web: x",
}

KINDS: dict[str, tuple[Kind, Files]] = {
    "an empty one": (Kind.EMPTY, {"README.md": "# Soon"}),
    "pages of text": (Kind.DOCS, {f"guide/{number}.md": "text" for number in range(20)}),
    "terraform": (Kind.INFRA, {"main.tf": 'resource "aws_s3_bucket" "a" {}', "vars.tf": "", "README.md": "x"}),
    "notebooks": (Kind.DATA, {"a.ipynb": "{}", "b.ipynb": "{}", "requirements.txt": "torch==2\n", "train.py": "import torch\n"}),
    "an Expo app": (Kind.MOB, {"package.json": '{"private": true, "dependencies": {"expo": "53", "react-native": "0.80"}}', "App.tsx": "export default 1"}),
    "a gem": (Kind.LIB, {"thing.gemspec": "Gem::Specification.new { |s| s.name = 'thing' }", "lib/thing.rb": "module Thing; end"}),
    "an npm library": (Kind.LIB, {"package.json": '{"name": "thing", "main": "index.js", "exports": "./index.js"}', "index.js": "module.exports = 1"}),
    "a Vite site": (
        Kind.SPA,
        {"package.json": '{"private": true, "dependencies": {"react": "19"}, "devDependencies": {"vite": "7"}}', "index.html": "<p>", "src/a.tsx": "1"},
    ),
    "a FastAPI service": (Kind.APP, FASTAPI),
    "a Rails application": (
        Kind.APP,
        {"Gemfile": 'gem "rails"\ngem "pg"\n', "config/application.rb": "module Shop; class Application < Rails::Application; end; end", "Procfile": "web: x"},
    ),
    "a Convex app": (
        Kind.APP,
        {
            "package.json": '{"private": true, "dependencies": {"convex": "1", "react": "19"}}',
            "convex/messages.ts": "export const list = query({ args: {}, handler: async () => [] })",
            "src/app.tsx": "1",
        },
    ),
    "a Go service": (
        Kind.APP,
        {"go.mod": "module example.org/shop\n", "main.go": 'package main\nimport "net/http"\nfunc main() { http.ListenAndServe(":80", nil) }\n', **DOCKER},
    ),
    "a product that others host": (
        Kind.SELF,
        {**FASTAPI, **RELEASE, "README.md": "# Shop\n\nSelf-host it: `docker run -p 80:80 acme/shop`\n"},
    ),
    "a product whose README shows its image": (
        Kind.SELF,
        {**FASTAPI, "README.md": "# Shop\n\n[![Pulls](https://img.shields.io/x)](https://hub.docker.com/r/acme/shop)\n"},
    ),
    "a site in JavaScript that nobody packs": (
        Kind.APP,
        {
            "package.json": '{"private": true, "dependencies": {"next": "16", "react": "19"}}',
            "next.config.js": "module.exports = {}",
            "app/page.tsx": "export default 1",
            "README.md": "# Shop\n\nYou can self-host it.\n",
        },
    ),
    "terraform and a tool that listens": (
        Kind.INFRA,
        {f"modules/m{number}/main.tf": 'resource "aws_s3_bucket" "a" {}' for number in range(5)}
        | {
            "scripts/token/go.mod": "module example.org/token\n",
            "scripts/token/main.go": 'package main\nimport "net/http"\nfunc main() { http.ListenAndServe(":80", nil) }\n',
        },
    ),
    "a site that its component library is published from": (
        Kind.SPA,
        {
            "package.json": '{"private": true, "workspaces": ["packages/*", "app"]}',
            "packages/r/package.json": '{"name": "@acme/shop", "exports": "./index.js", "main": "index.js"}',
            "packages/r/index.js": "module.exports = 1",
            "app/package.json": '{"private": true, "dependencies": {"react": "19"}, "devDependencies": {"vite": "7"}}',
            "app/index.html": "<p>",
            "app/main.tsx": "export default 1",
            **DOCKER,
        },
    ),
    "a library and the site of its documentation": (
        Kind.LIB,
        {
            "package.json": '{"private": true, "workspaces": ["packages/*", "site"]}',
            "packages/r/package.json": '{"name": "@acme/shop", "exports": "./index.js", "main": "index.js"}',
            "packages/r/index.js": "module.exports = 1",
            "home/package.json": '{"private": true, "devDependencies": {"vite": "7"}}',
            "home/index.html": "<p>",
        },
    ),
    "one that others may host and the team runs": (
        Kind.APP,
        {**FASTAPI, **RELEASE, "README.md": "# Shop\n\nSelf-host it: `docker run -p 80:80 acme/shop`\n", **DEPLOY},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_kind(check: Check, name: str) -> None:
    kind, files = KINDS[name]
    found = check(files)
    assert found.kind is kind, found.kind_reason


@pytest.mark.parametrize(
    ("name", "readme", "expected"),
    [
        ("acme+shop", "# Shop", ()),
        ("acme+shop-template", "# Shop", (Flag.TPL,)),
        ("acme+contemplate", "# Shop", ()),
        ("acme+shop", "# Shop\n\nThis is a sample application that shows how it is done.", (Flag.TPL,)),
    ],
)
def test_template_is_a_flag_beside_the_kind(check: Check, name: str, readme: str, expected: tuple[Flag, ...]) -> None:
    found = check({**FASTAPI, "README.md": readme}, name)
    assert found.flags == expected
    assert found.kind is Kind.APP


@pytest.mark.parametrize(
    ("description", "expected"),
    [("The skeleton application for the framework.", (Flag.TPL,)), ("A template engine", ()), ("Sells things", ())],
)
def test_a_manifest_may_say_that_it_is_a_template(check: Check, description: str, expected: tuple[Flag, ...]) -> None:
    composer = f'{{"name": "acme/shop", "description": "{description}", "require": {{"laravel/framework": "^12"}}}}'
    assert check({"composer.json": composer, "artisan": "", "app/a.php": "<?php echo 1;"}).flags == expected


def test_archived_hangs_on_the_day_of_judgement(look: Callable[..., Snapshot]) -> None:
    snapshot = look(FASTAPI)
    assert assess(snapshot, load()).flags == ()
    assert assess(snapshot, load(), as_of=snapshot.committed_at + timedelta(days=731)).flags == (Flag.ARCH,)


@pytest.mark.parametrize(("setting", "flag"), [("archived", Flag.ARCH), ("fork", Flag.FORK), ("template", Flag.TPL)])
def test_what_github_says_of_a_repository_is_a_flag(look: Callable[..., Snapshot], setting: str, flag: Flag) -> None:
    snapshot = look(FASTAPI)
    told = replace(snapshot, signals=(*snapshot.signals, Signal(SignalKind.SETTING, setting, "true")))
    assert assess(told, load()).flags == (flag,)


def test_a_repository_that_was_not_looked_into_is_not_called_empty() -> None:
    snapshot = Snapshot("acme/huge", "", datetime(2026, 3, 2, tzinfo=UTC), (Signal(SignalKind.SETTING, "visibility", "public"),))
    found = assess(snapshot, load())
    assert (found.kind_reason, found.standing.of) == ("its contents were not looked at", 0)


def test_every_practice_is_judged_once_and_says_why(check: Check) -> None:
    found = check(FASTAPI)
    assert [finding.practice for finding in found.findings] == [practice.id for practice in load()]
    for finding in found.findings:
        assert finding.reason.endswith("."), finding
        # A corner is taken where something is missing, and what is missing has no line.
        if finding.status in (Status.PRESENT, Status.PARTIAL) and load()[finding.practice].role is not Role.CORNER:
            assert finding.evidence, f"{finding.practice}: no evidence, no status"


def test_a_library_is_not_asked_for_what_services_need(check: Check) -> None:
    found = {finding.practice: finding for finding in check(KINDS["a gem"][1]).findings}
    assert found["error-tracking"].status is Status.NOT_APPLICABLE
    assert "library" in found["error-tracking"].reason


def test_without_a_database_nothing_about_data_applies(check: Check) -> None:
    files = {**FASTAPI, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n'}
    found = check(files)
    assert found.facts[Fact.DATASTORE] is False
    assert {f.practice: f.status for f in found.findings}["migrations-in-code"] is Status.NOT_APPLICABLE


@pytest.mark.parametrize("place", ["tests/conftest.py", "examples/app.py", "vendor/x/app.py", "docs/app.py"])
def test_what_is_elsewhere_does_not_count_for_the_product(check: Check, place: str) -> None:
    sentry = "import sentry_sdk\nsentry_sdk.init(dsn=DSN)\n"
    files = {**FASTAPI, "pyproject.toml": FASTAPI["pyproject.toml"].replace('"fastapi"', '"fastapi", "sentry-sdk"')}
    elsewhere = check({**files, place: sentry}, "acme+elsewhere")
    inside = check({**files, "app/errors.py": sentry}, "acme+inside")
    assert {f.practice: f.status for f in elsewhere.findings}["error-tracking"] is Status.PARTIAL
    assert {f.practice: f.status for f in inside.findings}["error-tracking"] is Status.PRESENT


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ('[project]\nname = "s"\ndependencies = ["fastapi", "sentry-sdk"]\n', Status.PARTIAL),
        ('[project]\nname = "s"\ndependencies = ["fastapi"]\n[dependency-groups]\ndev = ["sentry-sdk"]\n', Status.ABSENT),
        ('[project]\nname = "s"\ndependencies = ["fastapi", "sentry-sdk-something-else"]\n', Status.ABSENT),
    ],
)
def test_only_what_runs_in_production_is_installed(check: Check, manifest: str, expected: Status) -> None:
    found = check({**FASTAPI, "pyproject.toml": manifest})
    assert {f.practice: f.status for f in found.findings}["error-tracking"] is expected


def test_what_could_not_be_read_is_unknown_and_never_absent(check: Check) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"
    found = check({**FASTAPI, "app/errors.py": pointer})
    finding = next(f for f in found.findings if f.practice == "error-tracking")
    assert finding.status is Status.UNKNOWN
    assert finding.reason == "One file could not be read: app/errors.py (kept in Git LFS)."


def test_a_file_too_large_to_be_read_leaves_open_only_what_occurs_in_it(check: Check) -> None:
    found = check({**FASTAPI, "app/data.py": "sentry_sdk.init(dsn)\n" * (PROGRAM_LIMIT // 20)})
    statuses = {f.practice: f.status for f in found.findings}
    assert statuses["error-tracking"] is Status.UNKNOWN
    assert statuses["request-tracing"] is Status.ABSENT


_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"


@pytest.mark.parametrize(
    ("practice", "seen"),
    [
        (
            "auth-deferred",
            {"app/users.py": "def login(request):\n    return authenticate(request)\n\n\ndef logout(current_user):\n    pass\n"},
        ),
        ("manual-migrations", {"app/migrations/versions/0001_orders.py": "def upgrade():\n    pass\n"}),
        ("admin-ui-deferred", {"app/admin/orders.py": "def orders():\n    return []\n"}),
    ],
)
def test_a_file_that_was_not_read_takes_no_corner_back_that_was_seen_to_be_left(check: Check, practice: str, seen: Files) -> None:
    def judged(files: Files) -> Finding:
        return next(f for f in check({**FASTAPI, **files}).findings if f.practice == practice)

    unread = {"app/places.py": _POINTER}
    left = judged({**seen, **unread})
    assert left.status is Status.ABSENT
    assert left.evidence[0].path in seen
    # Where nothing shows it, the file that was not read may.
    assert judged(unread).status is not Status.ABSENT


def test_on_convex_a_console_does_what_code_does_elsewhere(check: Check) -> None:
    found = check(KINDS["a Convex app"][1])
    finding = next(f for f in found.findings if f.practice == "error-tracking")
    assert finding.status is Status.NOT_SEEN
    assert "dashboard" in finding.reason


def test_a_hint_makes_a_question_of_what_would_be_a_gap(look: Callable[..., Snapshot]) -> None:
    doubted = replace(
        load()["error-tracking"], doubt=((dependency(pypi="shop-errors"), "lists a package of its own for errors"),)
    )
    catalogue = Catalogue((doubted,), "one")

    def judged(*needs: str) -> Finding:
        manifest = f'[project]\nname = "shop"\ndependencies = ["fastapi"{"".join(f", {need!r}" for need in needs)}]\n'
        [finding] = assess(look({**FASTAPI, "pyproject.toml": manifest}, f"acme+{len(needs)}"), catalogue).findings
        return finding

    assert judged().status is Status.ABSENT
    hinted = judged("shop-errors")
    assert hinted.status is Status.NOT_SEEN
    told = (
        "pyproject.toml lists a package of its own for errors; whether that is it, only people who know the repository can tell."
    )
    assert hinted.reason == told
    assert [evidence.path for evidence in hinted.evidence] == ["pyproject.toml"]
    assert judged("shop-errors", "sentry-sdk").status is Status.PARTIAL


@pytest.mark.parametrize("seed", range(3))
def test_what_is_recalled_from_the_week_before_changes_no_answer(look: Callable[..., Snapshot], seed: int) -> None:
    files = {path: text for _, each in KINDS.values() for path, text in each.items()}
    whole = look(
        {**files, **DEPLOY, "tests/test_app.py": "def test_a(): ...\n", "web/Dockerfile": "FROM x", "web/package.json": "{"}
    )
    archived = Signal(SignalKind.SETTING, "archived", "true")
    random, recall, catalogue = Random(seed), Recall(), load()
    for _ in range(12):
        gone = set(random.sample(range(len(whole.signals)), random.choice((1, 3, 40))))
        shown = [signal for number, signal in enumerate(whole.signals) if number not in gone]
        if random.random() < 0.2:
            shown.append(archived)
        snapshot = replace(whole, signals=tuple(shown))
        judged = assess(snapshot, catalogue, recall=recall)
        assert judged == assess(snapshot, catalogue)
        later = snapshot.committed_at + timedelta(days=random.choice((7, 1_000)))
        assert on_another_day(judged, snapshot, catalogue, later, recall) == assess(snapshot, catalogue, as_of=later)


def test_a_conclusion_is_recalled_only_while_what_it_asked_for_is_the_same() -> None:
    asked: list[int] = []

    def count(look: Seen) -> int:
        asked.append(len(look.named(SignalKind.FILE, "a")) + bool(look.fact(Fact.USERS)))
        return asked[-1]

    def conclude(names: list[str], users: bool | None) -> int:
        look = recall.look([Signal(SignalKind.FILE, name, path=name) for name in names])
        look.decide(Fact.USERS, users)
        recall.settled()
        return recall.of("count", look, count)

    recall = Recall()
    assert [conclude(["a", "b"], None), conclude(["a"], None), conclude(["a", "c"], None)] == [1, 1, 1]
    assert len(asked) == 1
    assert conclude(["c"], None) == 0
    assert conclude(["c"], True) == 1
    recall.look([])
    assert conclude(["c"], None) == 0


SERVES = frozenset(part.name for part in SERVER.parts() if isinstance(part, CodeClue))
"""What code that serves requests is told by."""


def test_what_it_is_for_is_in_doubt_where_not_all_that_tells_was_looked_for(look: Callable[..., Snapshot]) -> None:
    program = look({"main.py": "print(1)\n", "pyproject.toml": '[project]\nname = "shop"\n', **DOCKER})
    catalogue, now = load(), program.committed_at
    judged = assess(program, catalogue)
    again = {finding.practice: finding for finding in judge_again(program, catalogue, SERVES, now).findings}
    assert kinds.might_be(program.signals, "shop", (), SERVES) == {judged.kind, Kind.APP}
    before = {finding.practice: finding.status for finding in judged.findings}
    for practice in catalogue:
        if judged.kind not in practice.applies and Kind.APP not in practice.applies:
            assert again[practice.id].status is Status.NOT_APPLICABLE
    assert (before["alerting"], again["alerting"].status) == (Status.NOT_APPLICABLE, Status.UNKNOWN)
    assert before["unit-tests"] is again["unit-tests"].status is Status.ABSENT, "asked of both kinds"
    assert before["version-control"] is again["version-control"].status is Status.PRESENT


def test_what_is_asked_of_one_of_two_kinds_only_is_not_called_absent(look: Callable[..., Snapshot]) -> None:
    asked_of_tools = replace(load()["unit-tests"], applies=(Kind.CLI,), needs=())
    program = look({"main.py": "print(1)\n", **DOCKER})
    [finding] = assess(program, Catalogue((asked_of_tools,), "one")).findings
    assert finding.status is Status.ABSENT
    [again] = judge_again(program, Catalogue((asked_of_tools,), "one"), SERVES, program.committed_at).findings
    assert again.status is Status.UNKNOWN


def test_what_is_not_asked_of_a_template_is_in_doubt_where_nobody_looked_for_what_tells_one(
    look: Callable[..., Snapshot],
) -> None:
    service, catalogue = look(FASTAPI), load()
    unasked = frozenset({kinds.CALLS_ITSELF_TEMPLATE.name})
    before, again = (
        {finding.practice: finding.status for finding in judged.findings}
        for judged in (assess(service, catalogue), judge_again(service, catalogue, unasked, service.committed_at))
    )
    template = assess(replace(service, repository="acme/fastapi-template"), catalogue)
    assert template.flags == (Flag.TPL,)
    spared = {finding.practice for finding in template.findings if finding.status is Status.NOT_APPLICABLE}
    missing = {practice for practice, status in before.items() if status in (Status.ABSENT, Status.NOT_SEEN)}
    assert {practice for practice, status in again.items() if status is not before[practice]} == spared & missing != set()
    assert all(again[practice] is Status.UNKNOWN for practice in spared & missing)


def test_what_would_tell_nothing_new_puts_nothing_in_doubt(look: Callable[..., Snapshot]) -> None:
    service = look(FASTAPI)
    every = frozenset(part.name for clue in kinds.clues() for part in clue.parts() if isinstance(part, CodeClue))
    assert kinds.might_be(service.signals, "shop", (), SERVES) == {Kind.APP}
    assert len(kinds.might_be(service.signals, "shop", (), every)) > 1
    assert kinds.might_be(service.signals, "shop", (), frozenset({"never heard of"})) == {Kind.APP}


@pytest.mark.parametrize("clue", [*kinds.clues(), RULES[Fact.INFRA].clue])
def test_what_is_supposed_shows_each_clue(clue: Clue) -> None:
    for part in clue.parts():
        if isinstance(part, FileClue | CodeClue):
            supposed = list(part.supposed())
            assert {signal.name for signal in supposed} == (set(part.globs) if isinstance(part, FileClue) else {part.name})
            assert all(part.find(Seen([signal])) for signal in supposed)
