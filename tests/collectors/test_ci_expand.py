"""What stands behind the commands that CI runs."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from rungwise.model import Signal
from tests.collectors.ci_samples import one, runs, signals


def ci(*commands: str, **files: str) -> list[Signal]:
    """The signals of a workflow that runs some commands, beside other files."""
    steps = "".join(f"      - run: {json.dumps(command)}\n" for command in commands)
    return signals({".github/workflows/ci.yml": f"on: push\njobs:\n  a:\n    steps:\n{steps}", **files})


def package(name: str = "", workspaces: tuple[str, ...] = (), **scripts: str) -> str:
    return json.dumps({"name": name, "scripts": scripts, "workspaces": list(workspaces)}, indent=2)


@pytest.mark.parametrize(
    "command",
    [
        "npm test",
        "npm t",
        "npm run test",
        "npm --silent run test",
        "pnpm test",
        "pnpm run test",
        "yarn test",
        "yarn run test",
        "bun run test",
        "node --run test",
        "CI=1 npm test",
        "sudo -E npm test",
        "timeout 60 npm test",
        "xvfb-run -a npm test",
        "npx dotenv -e .env -- npm run test",
        "unknown-wrapper npm run test",
        "docker compose run --rm -e A=b web npm test",
    ],
)
def test_scripts_of_a_package(command: str) -> None:
    found = ci(command, **{"package.json": package(pretest="tsc", test="vitest run", other="never")})
    commands = [run for run in runs(found) if run != command]
    assert commands[-2:] == ["tsc", "vitest run"]
    step = one(found, "vitest run")
    assert (step.path, step.line, step.detail("via"), step.detail("on")) == (
        ".github/workflows/ci.yml",
        5,
        "package.json:5",
        "push tag",
    )


def test_what_follows_the_name_is_put_at_the_end() -> None:
    files = {"package.json": package(test="npm run with-env -- vitest", **{"with-env": "dotenv -e .env --"})}
    assert runs(ci("npm test -- --run", **files)) == [
        "npm test -- --run",
        "npm run with-env -- vitest --run",
        "dotenv -e .env -- vitest --run",
    ]


def test_commands_that_are_no_scripts_stay_alone() -> None:
    files = {"package.json": package(install="never", test="never", ci="never")}
    for command in (
        "npm ci",
        "npm install",
        "yarn install",
        "pnpm add x",
        "bun test",
        "npm run missing",
        "npx test",
        "echo npm test",
    ):
        assert "never" not in runs(ci(command, **files))


def test_what_is_a_command_of_one_tool_is_a_script_of_another() -> None:
    scripts = package(deploy="prisma migrate deploy", setup="make db")
    assert {"prisma migrate deploy", "make db"} <= set(runs(ci("yarn deploy", "npm run setup", **{"package.json": scripts})))
    assert "prisma migrate deploy" not in runs(ci("pnpm deploy", **{"package.json": scripts}))


def test_the_nearest_package_counts() -> None:
    files = {"package.json": package(test="root", lint="root-lint"), "web/package.json": package(test="web")}
    assert runs(ci("cd web && npm test", **files))[1:] == ["web"]
    assert runs(ci("npm --prefix web run test", **files))[1:] == ["web"]
    assert runs(ci("cd web && npm run lint", **files))[1:] == ["root-lint"]
    found = signals(
        {
            ".github/workflows/ci.yml": """
                on: push
                defaults: {run: {working-directory: ./web}}
                jobs: {a: {steps: [{run: npm test}]}}
            """,
            **files,
        }
    )
    assert runs(found) == ["npm test", "web"]


_WORKSPACE = {
    "package.json": package("root", ("apps/*", "packages/*"), test="turbo run test", lint="eslint ."),
    "apps/web/package.json": package("@acme/web", test="vitest web"),
    "apps/api/package.json": package("@acme/api", test="vitest api"),
    "packages/db/package.json": package("@acme/db", test="vitest db", build="tsc"),
    "scratch/package.json": package("scratch", test="never"),
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("npm test", {"turbo run test", "vitest web", "vitest api", "vitest db"}),
        ("turbo run test --filter=@acme/web", {"vitest web"}),
        ("npx turbo test build --concurrency 2", {"vitest web", "vitest api", "vitest db", "tsc", "turbo run test"}),
        ("turbo run test --filter='...[origin/main]'", {"vitest web", "vitest api", "vitest db", "turbo run test"}),
        ("turbo run @acme/api#test", {"vitest api"}),
        ("pnpm -r test", {"vitest web", "vitest api", "vitest db", "turbo run test"}),
        ("pnpm --filter web test", {"vitest web"}),
        ("pnpm --filter './apps/*' run test", {"vitest web", "vitest api"}),
        ("pnpm -C apps/api test", {"vitest api"}),
        ("npm run test --workspaces", {"vitest web", "vitest api", "vitest db", "turbo run test"}),
        ("npm test -w @acme/db", {"vitest db"}),
        ("yarn workspace @acme/db test", {"vitest db"}),
        ("yarn workspaces foreach -A run test", {"vitest web", "vitest api", "vitest db", "turbo run test"}),
        ("lerna run test --scope @acme/api", {"vitest api"}),
        ("nx run-many -t test build", {"vitest web", "vitest api", "vitest db", "tsc", "turbo run test"}),
        ("nx affected --target=build", {"tsc"}),
        ("nx test web", {"vitest web"}),
        ("npx nx run db:build", {"tsc"}),
    ],
)
def test_scripts_of_many_packages(command: str, expected: set[str]) -> None:
    assert set(runs(ci(command, **_WORKSPACE))) - {command} == expected


def test_several_scripts_at_once() -> None:
    files = {"package.json": package(**{"test:a": "a", "test:b": "b", "lint": "l"})}
    assert set(runs(ci("run-p test:*", **files))) == {"run-p test:*", "a", "b"}
    assert set(runs(ci("npx concurrently 'npm:lint' \"npm run test:a\"", **files))) >= {"l", "a"}
    assert set(runs(ci("npx start-server-and-test lint http://x test:b", **files))) >= {"l", "b"}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("pnpm run '/^test:/'", {"a", "b"}),
        ('pnpm run --parallel "/(lint|:a)$/"', {"a", "l"}),
        ("pnpm '/^test:/'", {"a", "b"}),
        ("pnpm run '/(/'", set()),
        ("pnpm run '/^e2e/'", set()),
    ],
)
def test_pnpm_selects_scripts_by_a_pattern(command: str, expected: set[str]) -> None:
    files = {"package.json": package(**{"test:a": "a", "test:b": "b", "lint": "l"})}
    assert set(runs(ci(command, **files))) - {command} == expected


MAKE = """
PY ?= python3
RUN := $(PY) -m
include mk/*.mk
.PHONY: all test
all: lint test
test: build ## help
\t@$(RUN) pytest -q \\
\t  tests
\t-$(MAKE) -C web check
t-%:
\tgo test ./$*
build lint:
\tcd src && ruff check
"""


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("make test", ["ruff check", "python3 -m pytest -q tests", "make -C web check", "eslint ."]),
        ("make -j4 VAR=x lint", ["ruff check"]),
        ("make t-api", ["go test ./api"]),
        ("make -C web check", ["eslint ."]),
        ("make -f web/Makefile check", ["eslint ."]),
        ("make docs", ["sphinx-build"]),
        ("make missing", []),
        ("make", ["ruff check", "python3 -m pytest -q tests", "make -C web check", "eslint ."]),
    ],
)
def test_make(command: str, expected: list[str]) -> None:
    files = {"Makefile": MAKE, "mk/docs.mk": "docs:\n\tsphinx-build\n", "web/Makefile": "check:\n\teslint .\n"}
    found = ci(command, **files)
    assert [run for run in runs(found) if run != command] == [run for run in expected if run != command]
    if command == "make test":
        assert one(found, "python3 -m pytest -q tests").detail("via") == "Makefile:7"
        assert {s.value for s in found if s.detail("soft")} == {"make -C web check", "eslint ."}


RUNNERS: list[tuple[str, str, list[str]]] = [
    (
        "just test",
        """
        == justfile
        py := 'python'
        test *args: lint
          {{py}} -m pytest
        lint:
          -@ruff check
        """,
        ["ruff check", "python -m pytest"],
    ),
    (
        "just t",
        """
        == justfile
        alias t := test
        test:
            #!/usr/bin/env bash
            set -e
            pytest
        """,
        ["pytest"],
    ),
    (
        "just test",
        """
        == justfile
        import 'just/tests.just'
        import? "mine.just"  # not in git
        build:
          make
        == just/tests.just
        import 'more.just'
        test: build lint
          pytest
        == just/more.just
        lint:
          ruff check
        == other/lint.just
        lint:
          black .
        """,
        ["make", "ruff check", "pytest"],
    ),
    (
        "just db migrate",
        """
        == Justfile
        mod db 'tools/database.just'
        mod web
        migrate:
          true
        == tools/database.just
        migrate: wait
          alembic upgrade head
        wait:
          pg_isready
        == web/mod.just
        build:
          make web
        """,
        ["pg_isready", "alembic upgrade head"],
    ),
    (
        "just web::build",
        """
        == Justfile
        mod db 'tools/database.just'
        mod web
        == web/mod.just
        build:
          make web
        """,
        ["make web"],
    ),
    (
        "task test",
        """
        == Taskfile.yml
        tasks:
          test:
            deps: [lint]
            cmds: [go test ./..., {task: x}]
          lint: golangci-lint run
          x: {cmd: y}
        """,
        ["golangci-lint run", "y", "go test ./..."],
    ),
    (
        "task api:test",
        """
        == Taskfile.yml
        includes: {api: ./api}
        == api/Taskfile.yml
        tasks: {test: go test}
        """,
        ["go test"],
    ),
    (
        "mise run test",
        """
        == mise.toml
        [tasks.test]
        depends = ['lint']
        run = ['pytest', 'x']
        [tasks]
        lint = 'ruff check'
        """,
        ["ruff check", "pytest", "x"],
    ),
    ("mise x -- make t", "== Makefile\nt:; pytest", ["pytest"]),
    (
        "composer test",
        """
        == composer.json
        {"scripts": {"test": ["@lint", "@php artisan test", "Acme\\\\Hook::run"], "lint": "phpcs"}}
        """,
        ["composer lint", "phpcs", "php artisan test"],
    ),
    ("composer run-script lint", '== composer.json\n{"scripts": {"lint": "phpcs"}}', ["phpcs"]),
    (
        "bundle exec rake",
        """
        == Rakefile
        task default: %i[spec lint]
        RSpec::Core::RakeTask.new(:spec)
        task :lint do
          sh 'rubocop'
        end
        """,
        ["rspec", "rubocop"],
    ),
    (
        "bin/rake db:load",
        """
        == lib/tasks/db.rake
        namespace :db do
          task load: :environment do
            sh "psql", "x"
          end
        end
        """,
        ["psql x"],
    ),
    (
        "bin/ci",
        """
        == bin/ci
        #!/usr/bin/env ruby
        require "x"
        == config/ci.rb
        CI.run do
          step "Tests: all", "bin/rails test"
        end
        """,
        ["bin/rails test"],
    ),
    (
        "tox",
        """
        == tox.ini
        [tox]
        envlist = py{39,310}, lint
        [testenv]
        commands = pytest {posargs:tests}
        [testenv:lint]
        commands =
            ruff check
        [testenv:docs]
        commands = sphinx-build
        """,
        ["pytest tests", "ruff check"],
    ),
    (
        "uvx tox run -e docs",
        """
        == tox.ini
        [testenv]
        commands = pytest
        [testenv:docs]
        commands = sphinx-build
        """,
        ["sphinx-build"],
    ),
    (
        "python -m tox -e py39",
        """
        == pyproject.toml
        [tool.tox.env_run_base]
        commands = [["pytest", "-q", {replace = "posargs", default = ["t"]}]]
        """,
        ["pytest -q t"],
    ),
    (
        "nox -s tests lint",
        """
        == noxfile.py
        import nox
        @nox.session(name="tests")
        def t(session):
            session.run("pytest", "-q")
        @nox.session
        def lint(session):
            session.run("ruff")
        @nox.session
        def docs(session):
            session.run("sphinx-build")
        """,
        ["pytest -q", "ruff"],
    ),
    (
        "inv check-all",
        """
        == tasks.py
        from invoke import task
        @task
        def check_all(c):
            c.run("pytest && ruff")
        """,
        ["pytest", "ruff"],
    ),
    (
        "poetry run poe test",
        """
        == pyproject.toml
        [tool.poe.tasks]
        test = ["lint", {cmd = "pytest"}]
        lint.shell = "ruff check"
        """,
        ["ruff check", "pytest"],
    ),
    (
        "pdm run all",
        """
        == pyproject.toml
        [tool.pdm.scripts]
        all = {composite = ["lint", "pytest -q"]}
        lint = {cmd = ["ruff", "check"]}
        """,
        ["ruff check", "pytest -q"],
    ),
    (
        "hatch run lint:all",
        """
        == pyproject.toml
        [tool.hatch.envs.lint.scripts]
        all = ["style", "mypy ."]
        style = "ruff check"
        """,
        ["hatch run lint:style", "ruff check", "mypy ."],
    ),
    (
        "pixi run test",
        """
        == pixi.toml
        [tasks]
        test = {cmd = "pytest", depends-on = ["build"]}
        build = "make"
        """,
        ["make", "pytest"],
    ),
    ("poetry run task test", "== pyproject.toml\n[tool.taskipy.tasks]\ntest = 'pytest'", ["pytest"]),
    (
        "mix ci",
        """
        == mix.exs
        defmodule X do
          defp aliases do
            [
              ci: ["format --check", "cmd npm test"],
              "a.b": ["never"]
            ]
          end
        end
        """,
        ["mix format --check", "npm test"],
    ),
    (
        "deno task test",
        """
        == deno.json
        {"tasks": {"test": {"command": "deno test", "dependencies": ["lint"]}, "lint": "deno lint"}, // with a comment
        }
        """,
        ["deno lint", "deno test"],
    ),
    ("cargo ci", "== .cargo/config.toml\n[alias]\nci = 'nextest run'", ["cargo nextest run"]),
    (
        "earthly --ci +test",
        """
        == Earthfile
        VERSION 0.8
        build:
          RUN make
        test:
          FROM +build
          RUN --mount=x go test ./...
        """,
        ["make", "go test ./..."],
    ),
    (
        "./scripts/test.sh",
        """
        == scripts/test.sh
        #!/bin/bash
        cd web
        npm test
        == web/package.json
        {"scripts": {"test": "jest"}}
        """,
        ["npm test", "jest"],
    ),
    (
        "bash -e ci/run a",
        """
        == ci/run
        #!/bin/sh
        $HERE/sub.sh
        == ci/sub.sh
        pytest
        """,
        ["$HERE/sub.sh", "pytest"],
    ),
    (
        "bin/go deploy",
        """
        == bin/go
        #!/bin/sh
        case "$1" in
          test) pytest ;;
          deploy) kubectl apply -f x ;;
        esac
        """,
        ["kubectl apply -f x"],
    ),
    (
        "bin/go",
        """
        == bin/go
        #!/bin/sh
        run() { pytest; }
        unused() { never; }
        log() { echo "$1"; }
        log make x
        out=$(run)
        """,
        ["pytest", "out=$(run)"],
    ),
    ("bin/tool", "== bin/tool\n#!/usr/bin/env python3\nimport pytest", []),
    ("docker compose run --rm -e A=b web make t", "== Makefile\nt:; pytest", ["make t", "pytest"]),
    (
        "nx test api",
        """
        == libs/api/project.json
        {"name": "api", "targets": {"test": {"executor": "@nx/jest:jest"}}}
        """,
        ["@nx/jest:jest"],
    ),
]


def tree(text: str) -> dict[str, str]:
    """Files by path, from a text in which ``== path`` starts each of them."""
    parts = ("\n" + dedent(text).strip()).split("\n== ")[1:]
    return {part.partition("\n")[0]: part.partition("\n")[2] + "\n" for part in parts}


@pytest.mark.parametrize(("command", "files", "expected"), RUNNERS)
def test_runners(command: str, files: str, expected: list[str]) -> None:
    assert runs(ci(command, **tree(files))) == [command, *expected]


def test_three_levels_and_no_loops() -> None:
    files = {
        "package.json": package(
            a="npm run b", b="npm run c", c="npm run d", d="npm run e", e="never", loop="npm run loop2", loop2="npm run loop"
        ),
        "Makefile": "x: y\n\tmake y\ny: x\n\tmake x\n",
    }
    assert runs(ci("npm run a", **files)) == ["npm run a", "npm run b", "npm run c", "npm run d"]
    assert set(runs(ci("npm run loop", **files))) == {"npm run loop", "npm run loop2"}
    assert set(runs(ci("make x", **files))) == {"make x", "make y"}


def test_a_flood_is_cut() -> None:
    many = {f"s{n}": " && ".join(f"x{n}-{m}" for m in range(100)) for n in range(50)}
    found = ci("run-s s*", **{"package.json": package(**many)})
    assert 100 < len(found) <= 301
