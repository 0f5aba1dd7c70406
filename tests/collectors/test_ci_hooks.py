"""Git hooks: pre-commit, lefthook, husky, lint-staged."""

from __future__ import annotations

from tests.collectors.ci_samples import events, lines_of, one, runs, signals

CONFIG = """
    repos:
      - repo: https://github.com/astral-sh/ruff-pre-commit
        rev: v0.1
        hooks:
          - id: ruff
            args: [--fix]
          - id: ruff-format
            stages: [manual]
      - repo: local
        hooks:
          - id: types
            entry: sh -c "mypy . && make check"
            language: system
"""


def test_pre_commit() -> None:
    found = signals({".pre-commit-config.yaml": CONFIG, "Makefile": "check:\n\tpyright\n"})
    ruff, types, entry = lines_of(CONFIG, "id: ruff", "id: types", "entry:")
    assert [(s.value, s.line, s.detail("system"), s.detail("on"), s.detail("job")) for s in found] == [
        ("pre-commit https://github.com/astral-sh/ruff-pre-commit ruff", ruff, "pre-commit", "pre-commit", "ruff"),
        ("pre-commit local types", types, "pre-commit", "pre-commit", "types"),
        ("mypy .", entry, "pre-commit", "pre-commit", "types"),
        ("make check", entry, "pre-commit", "pre-commit", "types"),
        ("pyright", entry, "pre-commit", "pre-commit", "types"),
    ]


def test_pre_commit_in_ci() -> None:
    ruff = "pre-commit https://github.com/astral-sh/ruff-pre-commit ruff"
    for step in ("run: uv run pre-commit run --all-files", "run: prek", "uses: pre-commit/action@v3", "run: pre-commit run ruff"):
        found = signals(
            {
                ".pre-commit-config.yaml": CONFIG,
                ".github/workflows/ci.yml": f"on: pull_request\njobs: {{a: {{steps: [{{{step}}}]}}}}",
            }
        )
        assert events(found)[ruff] == {"pull_request", "pre-commit"}, step
        assert events(found)["mypy ."] == ({"pre-commit"} if step.endswith("ruff") else {"pull_request", "pre-commit"}), step
        in_ci = next(s for s in found if s.value == ruff and s.detail("on") == "pull_request")
        assert in_ci.path == ".github/workflows/ci.yml"
        assert in_ci.detail("via") == ".pre-commit-config.yaml:5"


def test_commands_about_pre_commit_do_not_run_it() -> None:
    for command in ("pip install pre-commit", "pre-commit autoupdate", "pre-commit install"):
        found = signals(
            {
                ".pre-commit-config.yaml": CONFIG,
                ".github/workflows/ci.yml": f"on: push\njobs: {{a: {{steps: [{{run: {command}}}]}}}}",
            }
        )
        assert events(found)["mypy ."] == {"pre-commit"}


def test_pre_commit_ci() -> None:
    found = signals({".pre-commit-config.yaml": "ci: {skip: [types]}" + CONFIG.replace("\n    ", "\n")})
    on = events(found)
    assert on["pre-commit https://github.com/astral-sh/ruff-pre-commit ruff"] == {"pre-commit", "pull_request", "push"}
    assert on["pre-commit local types"] == {"pre-commit"}


def test_husky_and_lint_staged() -> None:
    found = signals(
        {
            ".husky/pre-commit": "#!/bin/sh\nnpx lint-staged\nnpm test || true\n",
            ".husky/post-merge": "npm ci\n",
            "package.json": '{"scripts": {"test": "jest"},\n "lint-staged": {"*.ts": ["eslint --fix", "prettier"]}}',
        }
    )
    assert [(s.value, s.line, s.detail("soft"), s.detail("via")) for s in found] == [
        ("npx lint-staged", 2, "", ""),
        ("eslint --fix", 2, "", "package.json:2"),
        ("prettier", 2, "", "package.json:2"),
        ("npm test", 3, "true", ""),
        ("jest", 3, "true", "package.json:1"),
    ]
    assert {s.detail("system") for s in found} == {"git-hook"}
    assert {s.detail("on") for s in found} == {"pre-commit"}


def test_hooks_in_a_package() -> None:
    found = signals(
        {"package.json": '{"simple-git-hooks": {"pre-push": "npm test"}, "husky": {"hooks": {"pre-commit": "eslint ."}}}'}
    )
    assert runs(found) == ["eslint .", "npm test"]


def test_lint_staged_programs() -> None:
    found = signals(
        {
            ".husky/pre-commit": "yarn lint-staged\n",
            "lint-staged.config.mjs": "export default {\n  '*.ts': (files) => ['eslint --fix', `tsc -p x`],\n}\n",
        }
    )
    assert runs(found) == ["yarn lint-staged", "eslint --fix", "tsc -p x"]


def test_lint_staged_configurations() -> None:
    for path, content in (
        (".lintstagedrc", "'*.ts': eslint --fix\n'*.md': [prettier, vale]\n"),
        (".lintstagedrc.yml", "'*.ts': eslint --fix\n'*.md': [prettier, vale]\n"),
        (".lintstagedrc.json", '{"*.ts": "eslint --fix", "*.md": ["prettier", "vale"]}'),
    ):
        found = signals({".husky/pre-commit": "npx lint-staged\n", path: content})
        assert runs(found) == ["npx lint-staged", "eslint --fix", "prettier", "vale"], path


def test_lefthook() -> None:
    found = signals(
        {
            "lefthook.yml": """
                pre-commit:
                  commands:
                    lint: {run: ruff check}
                    off: {run: never, skip: true}
                  jobs:
                    - run: mypy .
                    - group: {jobs: [{run: pytest}]}
                post-checkout: {commands: {x: {run: never}}}
            """,
            ".github/workflows/ci.yml": "on: push\njobs: {a: {steps: [{run: npx lefthook run pre-commit}]}}",
        }
    )
    assert events(found)["ruff check"] == {"push", "tag", "pre-commit"}
    assert set(runs(found)) == {"npx lefthook run pre-commit", "ruff check", "mypy .", "pytest"}
    assert one([s for s in found if s.detail("system") == "git-hook"], "mypy .").path == "lefthook.yml"
