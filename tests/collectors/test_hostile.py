"""Files that nobody meant well, in real repositories: what needed them is unknown with the reason, and everything else is judged.

Nothing here asserts how long anything takes: a reader that runs away shows by never coming back.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pygit2
import pytest

from collectors.git import Repository
from collectors.local import Collector
from collectors.source import Patterns, Unreadable, language_of
from rungwise import report
from rungwise.assess import assess, everything_wanted
from rungwise.catalogue import load
from rungwise.clues import PROGRAM, SQL, Language, code
from rungwise.model import Assessment, Evidence, Finding, SignalKind, Snapshot, Status
from tests.repositories import START, Files, Link, Submodule, commit_files

Check = Callable[..., Assessment]
Look = Callable[..., Snapshot]

APP = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi", "httpx", "sqlalchemy", "structlog"]\n',
    "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\nlog = structlog.get_logger()\nlog.info('up', port=80)\n",
    "app/settings.py": "class Settings(BaseSettings):\n    url: str\n",
    "tests/test_main.py": "def test_up():\n    assert client.get('/').status_code == 200\n",
    ".github/workflows/ci.yml": "on: [push, pull_request]\njobs:\n  t:\n    runs-on: ubuntu-latest\n    steps:\n      - run: pytest\n",
    ".gitignore": ".env\n",
    "Dockerfile": "FROM python:3.13\n",
}
DEEP = 10_000


def findings(assessment: Assessment) -> dict[str, Finding]:
    return {finding.practice: finding for finding in assessment.findings}


def only_questions_are_added(before: Assessment, after: Assessment, path: str) -> dict[str, Finding]:
    """What became unknown; asserts that nothing else changed, and that each says which file could not be read."""
    was, now = findings(before), findings(after)
    changed = {practice: found for practice, found in now.items() if found.status is not was[practice].status}
    for found in changed.values():
        assert found.status is Status.UNKNOWN, (found, was[found.practice].status)
        assert path in found.reason, found.reason
    return changed


# Manifests: one of each ecosystem, whole and broken.

MANIFESTS: dict[str, tuple[str, Files, str, str]] = {
    # ecosystem: the manifest's path, what stands around it, its text with a tracker (%s), a broken text
    "npm": (
        "package.json",
        {"src/server.js": "http.createServer(app).listen(80);\n", "Procfile": "web: node src/server.js\n"},
        '{"private": true, "dependencies": {"a": "1", %s}}',
        '{"private": true, "dependencies": {"a": ',
    ),
    "pypi": ("pyproject.toml", {**APP}, '[project]\nname = "shop"\ndependencies = ["fastapi", %s]\n', '[project\nname = "shop"\n'),
    "pypi-requirements": (
        "requirements.txt",
        {path: text for path, text in APP.items() if path != "pyproject.toml"},
        "fastapi\n%s\n",
        "<<<<<<< HEAD\nfastapi\n=======\ndjango\n>>>>>>> next\n",
    ),
    "crates": (
        "Cargo.toml",
        {"src/main.rs": "fn main() { axum::serve(listener, app); }\n", "Dockerfile": "FROM scratch\n"},
        '[package]\nname = "shop"\n[dependencies]\naxum = "1"\n%s\n',
        '[package\nname = "shop"\n',
    ),
    "go": (
        "go.mod",
        {"main.go": "package main\n\nfunc main() { http.ListenAndServe(addr, mux) }\n", "Dockerfile": "FROM scratch\n"},
        "module example.com/shop\n\nrequire (\n\tgithub.com/a/b v1.0.0\n\t%s\n)\n",
        "<html><body>404 page not found</body></html>\n",
    ),
    "maven": (
        "pom.xml",
        {"src/main/java/App.java": "@SpringBootApplication\nclass App {}\n", "Dockerfile": "FROM scratch\n"},
        "<project><dependencies>%s</dependencies></project>",
        "<project><dependencies><dependency></project>",
    ),
    "gradle": (
        "build.gradle",
        {"src/main/java/App.java": "@SpringBootApplication\nclass App {}\n", "Dockerfile": "FROM scratch\n"},
        "dependencies {\n  implementation 'a:b:1'\n  %s\n}\n",
        "dependencies {\n  implementation(\n",
    ),
    "gem": (
        "Gemfile",
        {"config/application.rb": "class Application < Rails::Application; end\n", "config.ru": "run Shop\n", "Procfile": "web: x\n"},
        'gem "rails"\n%s\n',
        'source("https://rubygems.org"\n',
    ),
    "composer": (
        "composer.json",
        {"artisan": "<?php\n", "routes/web.php": "<?php\nRoute::get('/', Home::class);\n"},
        '{"require": {"laravel/framework": "^12", %s}}',
        '{"require": {"laravel/framework" "^12"}}',
    ),
    "hex": (
        "mix.exs",
        {"lib/shop/application.ex": "defmodule Shop.Application do\nend\n", "Procfile": "web: mix\n", "manage.py": "import shop\n"},
        "defp deps do\n  [{:phoenix, \"~> 1.8\"}, %s]\nend\n",
        "defp deps do\n  [{:phoenix\nend\n",
    ),
    "nuget": (
        "Shop.csproj",
        {"Program.cs": "var builder = WebApplication.CreateBuilder(args);\n", "Dockerfile": "FROM scratch\n"},
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup>%s</ItemGroup></Project>',
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup></Project>',
    ),
}  # fmt: skip
TRACKERS = {
    "npm": '"@sentry/node": "9"',
    "pypi": '"sentry-sdk"',
    "pypi-requirements": "sentry-sdk",
    "crates": 'sentry = "0.4"',
    "go": "github.com/getsentry/sentry-go v0.4.0",
    "maven": "<dependency><groupId>io.sentry</groupId><artifactId>sentry-spring-boot-starter-jakarta</artifactId></dependency>",
    "gradle": "implementation 'io.sentry:sentry-spring-boot-starter-jakarta:8'",
    "gem": 'gem "sentry-ruby"',
    "composer": '"sentry/sentry-laravel": "4"',
    "hex": "{:sentry, \"~> 11.0\"}",
    "nuget": '<PackageReference Include="Sentry.AspNetCore" />',
}  # fmt: skip
OTHERS = {
    "npm": '"b": "9"', "pypi": '"httpx"', "pypi-requirements": "httpx", "crates": 'tower = "1"', "go": "github.com/c/d v1.0.0", "maven": "",
    "gradle": "", "gem": 'gem "pg"', "composer": '"a/b": "4"', "hex": "{:jason, \"~> 1.0\"}", "nuget": "",
}  # fmt: skip


EMPTY = {
    "package.json": "{}",
    "composer.json": "{}",
    "go.mod": "module x\n",
    "pom.xml": "<project/>",
    "Shop.csproj": "<Project/>",
    "Directory.Packages.props": "<Project/>",
    "packages.config": "<packages/>",
    "docker-compose.yml": "services: {}\n",
    "renovate.json": "{}",
    **dict.fromkeys(("pyproject.toml", "requirements.txt", "Cargo.toml", "build.gradle", "Gemfile", "mix.exs"), "\n"),
}
"""The least that each of these files may say."""


@pytest.mark.parametrize("ecosystem", MANIFESTS)
def test_a_manifest_that_does_not_parse_leaves_what_it_may_list_open(check: Check, ecosystem: str) -> None:
    path, around, text, broken = MANIFESTS[ecosystem]

    def tracked(content: str, name: str) -> Finding:
        return findings(check({**around, path: content}, name))["error-tracking"]

    assert tracked(text % TRACKERS[ecosystem], "acme+with").status in (Status.PRESENT, Status.PARTIAL)
    assert tracked(text % OTHERS[ecosystem], "acme+without").status is Status.ABSENT
    unread = tracked(broken, "acme+broken")
    assert unread.status is Status.UNKNOWN
    assert path in unread.reason and "could not be read" in unread.reason


@pytest.mark.parametrize("ecosystem", MANIFESTS)
def test_a_broken_manifest_of_a_part_changes_no_answer_that_others_give(check: Check, ecosystem: str) -> None:
    path, _, _, broken = MANIFESTS[ecosystem]
    part = f"tools/x/{path}"
    before, after = (check({**APP, part: content}, f"acme+{len(content)}") for content in (EMPTY[path], broken))
    assert after.kind is before.kind
    only_questions_are_added(before, after, part)
    assert findings(after)["ci-tests"].status is Status.PRESENT


def test_a_broken_lock_file_is_still_a_lock_file(check: Check) -> None:
    before, after = (
        check({**APP, "uv.lock": text}, f"acme+{name}") for name, text in (("whole", "version = 1\n"), ("broken", "<<<<"))
    )
    assert {finding.status for finding in after.findings} >= {Status.PRESENT, Status.ABSENT}
    assert [f.status for f in before.findings] == [f.status for f in after.findings]


# YAML, JSON and XML that are made to hurt.

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefghijklmnop", "bcdefghijklmnopq", strict=True)
)
UNREAD_YAML = {
    "aliases": BOMB,
    "tabs": "on: push\njobs:\n\tt:\n\t\tsteps: []\n",
    "depth": "on: push\njobs: " + "[" * DEEP + "]" * DEEP,
    "open": "on: push\njobs: {t: [\n",
    "nul": "on: push\njobs: \0\n",
}
WITHOUT_CI = {path: text for path, text in APP.items() if path != ".github/workflows/ci.yml"}


@pytest.mark.parametrize("what", UNREAD_YAML)
def test_a_workflow_that_cannot_be_read_leaves_ci_open(check: Check, what: str) -> None:
    path = ".github/workflows/ci.yml"
    found = findings(check({**WITHOUT_CI, path: UNREAD_YAML[what]}))
    assert found["ci-tests"].status is Status.UNKNOWN
    assert path in found["ci-tests"].reason
    assert findings(check(WITHOUT_CI, "acme+none"))["ci-tests"].status is Status.ABSENT
    assert found["structured-logging"].status is Status.PRESENT


@pytest.mark.parametrize("what", UNREAD_YAML)
def test_beside_a_workflow_that_can_be_read_it_costs_nothing(check: Check, what: str) -> None:
    path = ".github/workflows/broken.yml"
    before, after = check(APP, "acme+before"), check({**APP, path: UNREAD_YAML[what]}, "acme+after")
    only_questions_are_added(before, after, path)
    assert findings(after)["ci-tests"].status is Status.PRESENT


@pytest.mark.parametrize(
    "name", ["docker-compose.yml", "action.yml", "Chart.yaml", "pnpm-workspace.yaml", ".gitlab-ci.yml", "k8s/web.yaml"]
)
@pytest.mark.parametrize("what", ["aliases", "depth", "open"])
def test_yaml_of_any_kind_may_be_hostile(check: Check, name: str, what: str) -> None:
    text = UNREAD_YAML[what]
    before, after = check({**APP, name: EMPTY.get(name, "\n")}, "acme+before"), check({**APP, name: text}, "acme+after")
    only_questions_are_added(before, after, name)


def test_of_two_equal_keys_the_last_one_counts_and_nothing_breaks(check: Check) -> None:
    twice = {
        ".github/workflows/ci.yml": "on: push\non: [push, pull_request]\njobs:\n  t:\n    runs-on: x\n    runs-on: y\n    steps:\n      - run: make\n"
        "  t:\n    runs-on: x\n    steps:\n      - run: pytest\n",
        "package.json": '{"name": "a", "name": "b", "dependencies": {"x": "1"}, "dependencies": {"@sentry/node": "9"}}',
    }
    found = findings(check({**APP, **twice}))
    assert found["ci-tests"].status is Status.PRESENT
    assert found["error-tracking"].status is Status.PARTIAL


def test_json_with_comments_is_read(check: Check) -> None:
    files = {
        "package.json": '{\n  // ours\n  "private": true,\n  "dependencies": {"convex": "1", /* soon */ "@sentry/node": "9",},\n}\n',
        "tsconfig.json": '{ // why\n "compilerOptions": { "strict": true, }, }\n',
        "convex.json": "{ // nothing\n}\n",
        "convex/users.ts": "export const list = query({ args: {}, handler: async () => [] });\n",
        "deno.jsonc": '{ "tasks": { "test": "deno test" }, // t\n}\n',
    }
    snapshot_found = findings(check(files))
    assert snapshot_found["error-tracking"].status is Status.PARTIAL
    assert snapshot_found["input-validation"].status is Status.PRESENT


@pytest.mark.parametrize(
    "name", ["package.json", "composer.json", "deno.json", "tsconfig.json", "renovate.json", "src/data.json"]
)
def test_json_may_be_endlessly_deep(check: Check, name: str) -> None:
    for number, text in enumerate(("[" * DEEP + "]" * DEEP, '{"a":' * DEEP + "1" + "}" * DEEP)):
        before, after = (check({**APP, name: content}, f"acme+{number}-{len(content)}") for content in ("{}", text))
        only_questions_are_added(before, after, name)


ENTITIES = (
    '<?xml version="1.0"?>\n<!DOCTYPE project [\n <!ENTITY a "ha">\n'
    + "".join(f' <!ENTITY {name} "{f"&{before};" * 10}">\n' for before, name in zip("abcdefghi", "bcdefghij", strict=True))
    + ' <!ENTITY file SYSTEM "file:///etc/passwd">\n]>\n<project><artifactId>&j;&file;</artifactId></project>\n'
)


@pytest.mark.parametrize("name", ["pom.xml", "Shop.csproj", "Directory.Packages.props", "packages.config"])
def test_entities_are_never_expanded_nor_fetched(look: Look, check: Check, name: str) -> None:
    snapshot = look({**APP, name: ENTITIES})
    reasons = {signal.path: signal.name for signal in snapshot.signals if signal.kind is SignalKind.UNREADABLE}
    assert reasons[name] == "declares a document type"
    assert not any("root:" in signal.value or "haha" in signal.value for signal in snapshot.signals)
    before, after = (check({**APP, name: content}, f"acme+{len(content)}") for content in (EMPTY[name], ENTITIES))
    only_questions_are_added(before, after, name)


# Text that is no plain text.


@pytest.mark.parametrize(
    ("mark", "encoding"), [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF8, "utf-8")]
)
def test_text_with_a_byte_order_mark_is_text(check: Check, mark: bytes, encoding: str) -> None:
    def marked(text: str) -> bytes:
        return mark + text.encode(encoding)

    marked_up = {path: marked(text) for path, text in APP.items() if path not in (".gitignore", "Dockerfile")}
    before, after = check(APP, "acme+before"), check({**APP, **marked_up}, "acme+after")
    assert [(f.practice, f.status) for f in after.findings] == [(f.practice, f.status) for f in before.findings]


@pytest.mark.parametrize("path", ["pyproject.toml", ".github/workflows/ci.yml"])
def test_text_in_sixteen_bits_without_a_mark_is_said_to_be_unreadable(look: Look, path: str) -> None:
    snapshot = look({**APP, path: APP[path].encode("utf-16-le")})
    assert [signal.path for signal in snapshot.signals if signal.kind is SignalKind.UNREADABLE] == [path]


def test_files_of_a_million_lines_and_lines_of_ten_megabytes(look: Look, check: Check) -> None:
    large: Files = {
        "app/lines.py": "sentry_sdk.init(dsn=DSN)\n" * 1_000_000,
        "app/line.py": "x = [" + "sentry_sdk.init(), " * 600_000 + "]\n",
        "app/plain.py": "x = 1\n" * 1_000_000,
        "src/line.min.js": "Sentry.init();" * 700_000,
        "src/one.js": "Sentry.init();" * 700_000,
        "data/rows.json": '{"a": "b"}\n' * 900_000,
        ".github/workflows/long.yml": "on: push\n" + "# more\n" * 1_000_000,
        "package.json": '{"name": "' + "a" * 10_000_000 + '"}',
    }
    snapshot = look({**APP, **large})
    unread = {signal.path for signal in snapshot.signals if signal.kind is SignalKind.UNREADABLE}
    assert unread >= {"app/lines.py", "app/line.py", "src/one.js", ".github/workflows/long.yml", "package.json"}
    # It holds nothing that was looked for, and so nothing was missed in it.
    assert not unread & {"app/plain.py", "src/line.min.js"}
    after = findings(assess(snapshot, load()))
    assert after["error-tracking"].status is Status.UNKNOWN
    assert after["ci-tests"].status is after["structured-logging"].status is Status.PRESENT


NEEDLE = Patterns(
    [
        code(
            r"\bneedle\(",
            (*PROGRAM, *SQL, Language.SCALA, Language.HCL, Language.SHELL, Language.HTML),
            example="needle()",
        )
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "(" * DEEP + ")" * DEEP,
        "[" * DEEP,
        "{" * DEEP + "}" * DEEP,
        "a(" * DEEP,
        "if x:\n" + "".join(" " * (n % 900) + "if x:\n" for n in range(2_000)),
        "`${" * DEEP,
        '"' * DEEP,
        "/*" * DEEP,
        "<" * DEEP,
        "<div>" * DEEP,
        "'''" * DEEP,
        "#{" * DEEP + '"#{' * DEEP,
    ],
)
@pytest.mark.parametrize(
    "suffix",
    ["py", "ts", "tsx", "go", "java", "kt", "rb", "php", "rs", "cs", "ex", "scala", "swift", "tf", "sh", "sql", "html", "vue"],
)
def test_source_may_be_endlessly_deep_or_broken(suffix: str, text: str) -> None:
    language = language_of(f"x.{suffix}")
    assert language is not None
    try:
        found = NEEDLE.find(f"x.{suffix}", language, f"needle()\n{text}\n".encode())
    except Unreadable as refusal:
        assert str(refusal) == "too large"
    else:
        assert len(found) <= 1


EVIL = (
    "a" * 30_000 + "!",
    "x" * 200_000,
    " " * 200_000 + "x",
    "=\"'" * 60_000,
    "Retry(" * 40_000,
    "create table " * 20_000,
    "const a" * 30_000,
)


@pytest.mark.parametrize("text", EVIL, ids=range(len(EVIL)))
def test_text_made_for_slow_patterns_is_read_in_one_pass(check: Check, text: str) -> None:
    """Each kind of file that patterns, parsers of manifests or the shell reader look into."""
    files: Files = {
        **{
            f"evil/x.{suffix}": f"import x\n{text}\n"
            for suffix in ("py", "ts", "rb", "sql", "yml", "md", "html", "go", "php", "tf")
        },
        ".gitattributes": f"{text} linguist-vendored\n" * 2,
        "requirements.txt": f"{text}\n# via {text}\n",
        "Gemfile": f"gem '{text}'\n",
        "Makefile": f"test: {text}\n\t{text}\n",
        ".github/workflows/evil.yml": "on: push\njobs:\n  t:\n    steps:\n      - run: |\n          " + text + "\n",
        "scripts/evil.sh": f"{text}\n",
        "Dockerfile": f"FROM {text}\n",
        "tox.ini": f"[testenv]\ncommands = {text}\n",
        "Jenkinsfile": f"pipeline {{ stages {{ stage('{text}') {{ steps {{ sh '{text}' }} }} }} }}\n",
    }
    found = findings(check({**APP, **files}))
    assert found["ci-tests"].status is Status.PRESENT
    assert len(found) == len(load().practices)


BAD_GLOBS = (
    "{a",
    "a}",
    "[z-a]",
    "[",
    "[]",
    "[^]",
    "[[:x:]]",
    "{a,{b}",
    "\\",
    "(?",
    "a{99999}",
    "?" * 99_000,
    "*a" * 40_000,
    "a" * 90_000,
)


@pytest.mark.parametrize("glob", BAD_GLOBS, ids=range(len(BAD_GLOBS)))
def test_attributes_and_workspaces_may_name_anything(check: Check, glob: str) -> None:
    before = check(APP, "acme+before")
    after = check(
        {**APP, ".gitattributes": f"{glob} linguist-vendored\n", "pnpm-workspace.yaml": f"packages: ['{glob}']\n"}, "acme+after"
    )
    assert [f.status for f in after.findings] == [f.status for f in before.findings]


def test_very_many_attributes_cost_little_and_the_first_ones_count(check: Check) -> None:
    many = "app/main.py linguist-vendored\n" + "".join(f"**/a*b{number}*c* linguist-generated\n" for number in range(4_000))
    files = {f"lib/{'a' * 60}{number}/{'b' * 60}.txt": "" for number in range(300)}
    assert findings(check({**APP, **files}, "acme+plain"))["structured-logging"].status is Status.PRESENT
    found = findings(check({**APP, **files, ".gitattributes": many}, "acme+many"))
    assert found["structured-logging"].status is not Status.PRESENT


# Names, links and submodules.

FLAGS = (
    "--upload-pack=touch pwned",
    "-rf",
    "--",
    "-",
    "--output=pwned",
    "$(touch pwned).py",
    "`touch pwned`.sh",
    ";touch pwned;.yml",
    "|touch pwned",
)


def test_names_that_look_like_commands_are_names(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files: Files = dict.fromkeys(FLAGS, "touch pwned\n") | {
        f".github/workflows/{name}.yml": APP[".github/workflows/ci.yml"] for name in FLAGS if "/" not in name
    }
    before, after = check(APP, "acme+before"), check({**APP, **files}, "acme+after")
    assert findings(after)["ci-tests"].status is Status.PRESENT
    assert {f.practice for f in before.findings} == {f.practice for f in after.findings}
    assert not list(tmp_path.rglob("pwned"))


STRANGE = (
    "new\nline.py",
    "quo\"te's.py",
    "tab\t.py",
    "back\\slash.py",
    "\x1b[31mred.py",
    "\u202eyp.exe.py",
    "ü/ñ.py",
    " lead.py",
    "trail .py",
    "a" * 250 + ".py",
    "%2e%2e.py",
    "<script>.py",
)


TRACKED = {**APP, "pyproject.toml": APP["pyproject.toml"].replace('"httpx"', '"sentry-sdk"')}
STARTED = "import sentry_sdk\nsentry_sdk.init(dsn=DSN)\n"


@pytest.mark.parametrize("name", STRANGE, ids=range(len(STRANGE)))
def test_a_strange_name_is_evidence_like_any_other(look: Look, name: str) -> None:
    snapshot = look({**TRACKED, f"app/{name}": STARTED})
    assessment = assess(snapshot, load())
    tracked = findings(assessment)["error-tracking"]
    assert tracked.status is Status.PRESENT
    link = next(evidence.url for evidence in tracked.evidence if evidence.path == f"app/{name}")
    assert link is not None
    assert not set(link) & set("\n\t\"'<> \\\x1b\u202e")
    assert json.loads(report.to_json(assessment, snapshot))["repository"] == "acme/shop"


def test_a_name_that_is_no_utf8_is_spelled_out(tmp_path: Path) -> None:
    git = pygit2.init_repository(str(tmp_path / "r.git"), bare=True, initial_head="main")
    commit_files(git, TRACKED, START)
    started = git.create_blob(STARTED.encode())
    folder = git.write(pygit2.enums.ObjectType.TREE, b"100644 caf\xe9.py\0" + started.raw)
    root = git.TreeBuilder(git.head.peel(pygit2.Commit).tree)
    root.insert("odd", folder, pygit2.enums.FileMode.TREE)
    who = pygit2.Signature("Ada", "ada@example.org", int(START.timestamp()), 0)
    git.create_commit("refs/heads/main", who, who, "Odd", root.write(), [git.head.target])
    repository = Repository(tmp_path / "r.git")
    snapshot = Collector(everything_wanted(load())).look(repository, "acme/odd", repository.commit(), host="github.com")
    assessment = assess(snapshot, load())
    assert "odd/caf\\xe9.py" in {evidence.path for evidence in findings(assessment)["error-tracking"].evidence}
    assert json.loads(report.to_json(assessment, snapshot))["repository"] == "acme/odd"


def test_links_are_not_followed(check: Check, look: Look, tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("import sentry_sdk\nsentry_sdk.init(dsn=DSN)\n")
    links: Files = {
        "app/loop": Link("loop"),
        "app/up": Link("../.."),
        "app/outside.py": Link(str(secret)),
        "app/passwd.py": Link("/etc/passwd"),
        ".env": Link("../../../../etc/shadow"),
        "package.json": Link("/dev/zero"),
        ".github/workflows/link.yml": Link("../../../evil.yml"),
        ".github/CODEOWNERS": Link("/etc/passwd"),
    }
    before, after = check(APP, "acme+before"), check({**APP, **links}, "acme+after")
    assert [f.status for f in before.findings] == [f.status for f in after.findings]
    snapshot = look({**APP, **links}, "acme+again")
    assert snapshot.codeowners is None
    assert not {signal.path for signal in snapshot.signals} & set(links)


def test_submodules_are_not_followed_and_said(look: Look) -> None:
    snapshot = look(
        {
            **APP,
            "lib/other": Submodule("1" * 40),
            ".gitmodules": '[submodule "o"]\n\tpath = lib/other\n\turl = --upload-pack=touch pwned\n',
        }
    )
    assert any("lib/other" in note for note in snapshot.notes)
    assert findings(assess(snapshot, load()))["ci-tests"].status is Status.PRESENT


def test_a_kind_that_hangs_on_a_broken_manifest_is_not_made_up(check: Check) -> None:
    site: Mapping[str, str] = {"src/app.js": "run();\n", "src/more.js": "run();\n", "README.md": "# Shop\n"}
    whole = check({**site, "package.json": '{"name": "shop", "bin": {"shop": "src/app.js"}}'}, "acme+whole")
    assert findings(whole)["error-tracking"].status is Status.NOT_APPLICABLE
    broken = findings(check({**site, "package.json": '{"name": "shop", "bin": {'}, "acme+broken"))["error-tracking"]
    assert broken.status is Status.UNKNOWN
    assert broken.reason.startswith("What this repository is for cannot be told")
    assert "package.json" in broken.reason


def test_a_fact_that_hangs_on_a_broken_manifest_is_not_made_up(check: Check) -> None:
    """Whether it has a store stands in the file that could not be read, so nothing about stores is said not to apply."""
    files = {**APP, "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["fastapi"]\n'}
    assert findings(check(files, "acme+whole"))["indexed-queries"].status is Status.NOT_APPLICABLE
    broken = findings(check({**files, "pyproject.toml": "[project\n"}, "acme+broken"))["indexed-queries"]
    assert broken.status is Status.UNKNOWN
    assert "pyproject.toml" in broken.reason


def test_evidence_never_names_what_could_not_be_read(check: Check) -> None:
    found = check({**WITHOUT_CI, ".github/workflows/ci.yml": UNREAD_YAML["open"]})
    seen = {evidence.path for finding in found.findings for evidence in finding.evidence if isinstance(evidence, Evidence)}
    assert "pyproject.toml" in seen
    unknown = [finding for finding in found.findings if finding.status is Status.UNKNOWN]
    assert unknown and all(not finding.evidence for finding in unknown)
