"""GitHub Actions: which steps run, on what, where to."""

from __future__ import annotations

import json

from collectors import ci
from tests.collectors.ci_samples import events, lines_of, one, places, runs, signals, uses, workflow


def test_steps_with_their_lines() -> None:
    content = """
        name: CI
        on: [push, pull_request]
        jobs:
          test:
            name: Unit tests
            runs-on: ubuntu-latest
            steps:
              - uses: actions/checkout@v4
                with:
                  fetch-depth: 0
                  ref: main
              - name: Test
                run: npm test
              - run: |
                  # pytest in a comment
                  npm run lint &&
                    npm run build
              - run: >
                  one
                  two
    """
    found = workflow(content)
    checkout, test, lint, build, folded = lines_of(content, "actions/checkout", "npm test", "npm run lint", "npm run build", ">")
    path = ".github/workflows/ci.yml"
    assert places(found) == [
        ("actions/checkout", path, checkout, ""),
        ("npm test", path, test, ""),
        ("npm run lint", path, lint, ""),
        ("npm run build", path, build, ""),
        ("one two", path, folded, ""),
    ]
    about = dict(one(found, "actions/checkout").about)
    assert about == {
        "on": "push tag pull_request",
        "workflow": path,
        "job": "test",
        "job_name": "Unit tests",
        "system": "github-actions",
        "with": "fetch-depth=0\nref=main",
        "ref": "v4",
    }


def test_steps_that_run_side_by_side_are_steps() -> None:
    found = workflow("""
        on: push
        jobs:
          test:
            steps:
              - run: npm ci
              - parallel:
                  - working-directory: api
                    run: npm test
                  - uses: acme/scan@v1
              - run: npm run report
    """)
    assert [signal.value for signal in found] == ["npm ci", "npm test", "acme/scan", "npm run report"]


def test_the_name_of_the_key_on_is_read_either_way() -> None:
    for key in ("on", "'on'", "true", "True"):
        found = workflow(f"{key}: pull_request\njobs: {{a: {{steps: [{{run: x}}]}}}}")
        assert one(found, "x").detail("on") == "pull_request"


def test_events_of_a_push_are_branches_and_tags_apart() -> None:
    def on(push: str) -> tuple[str, str]:
        step = one(workflow(f"on: {{push: {push}}}\njobs: {{a: {{steps: [{{run: x}}]}}}}"), "x")
        return step.detail("on"), step.detail("branches")

    assert on("") == ("push tag", "")
    assert on("{paths: [a]}") == ("push tag", "")
    assert on("{branches: [main, 'release/*']}") == ("push", "main release/*")
    assert on("{branches: ['**']}") == ("push", "")
    assert on("{tags: ['v*']}") == ("tag", "")
    assert on("{branches: [main], tags: ['v*']}") == ("push tag", "main")
    assert on("{branches-ignore: [l10n]}") == ("push", "")
    assert on("{branches-ignore: ['**'], tags: ['*']}") == ("tag", "")


def test_a_pull_request_that_is_over_is_no_change() -> None:
    def on(types: str) -> str:
        return one(workflow(f"on: {{pull_request: {{types: {types}}}}}\njobs: {{a: {{steps: [{{run: x}}]}}}}"), "x").detail("on")

    assert on("[opened, closed]") == "pull_request"
    assert on("[closed]") == "pull_request_closed"
    assert on("[closed, unlabeled]") == "pull_request_closed"


def test_conditions_decide_on_which_events_a_step_runs() -> None:
    found = workflow("""
        on:
          push: {branches: [main, production], tags: ['v*']}
          pull_request:
          workflow_dispatch:
        jobs:
          test:
            steps:
              - run: always
              - {run: never, if: false}
              - {run: never, if: "${{ false }}"}
              - {run: on-main, if: github.ref == 'refs/heads/main'}
              - {run: on-tag, if: "startsWith(github.ref, 'refs/tags/')"}
              - {run: on-review, if: "github.event_name == 'pull_request'"}
              - {run: not-review, if: "${{ github.event_name != 'pull_request' && vars.X }}"}
              - {run: by-name, if: github.ref_name == 'production'}
              - {run: unknown, if: vars.X == 'y'}
    """)
    assert events(found) == {
        "always": {"push", "tag", "pull_request", "workflow_dispatch"},
        "on-main": {"push", "workflow_dispatch"},
        "on-tag": {"tag", "workflow_dispatch"},
        "on-review": {"pull_request"},
        "not-review": {"push", "tag", "workflow_dispatch"},
        "by-name": {"push", "workflow_dispatch"},
        "unknown": {"push", "tag", "pull_request", "workflow_dispatch"},
    }
    assert one(found, "on-main").detail("branches") == "main"
    assert one(found, "by-name").detail("branches") == "production"
    assert one(found, "always").detail("branches") == "main production"
    assert one(found, "unknown").detail("if") == "vars.X == 'y'"


def test_jobs_that_cannot_run_are_left_out_with_those_that_need_them() -> None:
    found = workflow("""
        on: [push, pull_request]
        jobs:
          off: {if: false, steps: [{run: off}]}
          after-off: {needs: off, steps: [{run: after-off}]}
          whatever: {needs: [off], if: always(), steps: [{run: whatever}]}
          pushed: {if: "github.event_name == 'push'", steps: [{run: pushed}]}
          after-pushed: {needs: pushed, steps: [{run: after-pushed}]}
          circle: {needs: [circle], steps: [{run: circle}]}
    """)
    assert events(found) == {
        "whatever": {"push", "tag", "pull_request"},
        "pushed": {"push", "tag"},
        "after-pushed": {"push", "tag"},
        "circle": {"push", "tag", "pull_request"},
    }


def test_soft_steps() -> None:
    found = workflow("""
        on: push
        jobs:
          a:
            steps:
              - {run: hard}
              - {run: soft-step, continue-on-error: true}
              - {run: soft-command || true}
              - {run: perhaps, continue-on-error: "${{ matrix.experimental }}"}
              - {uses: a/b@v1, continue-on-error: true}
          b:
            continue-on-error: true
            steps: [{run: soft-job}]
    """)
    assert {signal.value for signal in found if signal.detail("soft") == "true"} == {
        "soft-step",
        "soft-command",
        "a/b",
        "soft-job",
    }


def test_environments_are_those_of_jobs() -> None:
    found = workflow("""
        on:
          push: {branches: [main, develop]}
          workflow_dispatch:
            inputs:
              environment: {type: choice, options: [staging, production]}
              region: {default: eu}
              other: {type: string}
        jobs:
          plain: {environment: production, steps: [{run: plain}]}
          named: {environment: {name: staging, url: x}, steps: [{run: named}]}
          text:
            steps: [{run: text, env: {environment: production}}, {uses: a/b@v1, with: {environment: production}}]
          matrix:
            strategy: {matrix: {env: [a, b], include: [{env: c}]}}
            environment: ${{ matrix.env }}
            steps: [{run: matrix}]
          branch:
            environment: ${{ github.ref == 'refs/heads/main' && 'live' || 'preview' }}
            steps: [{run: branch}]
          chosen:
            if: github.event_name == 'workflow_dispatch'
            environment: ${{ inputs.environment }}-${{ github.event.inputs.region }}
            steps: [{run: chosen}]
          unknown:
            if: github.event_name == 'workflow_dispatch'
            environment: ${{ inputs.other }}
            steps: [{run: unknown}]
          listed:
            strategy:
              matrix:
                env: ${{ fromJSON(github.ref == 'refs/heads/main' && '["one", "two"]' || '["three"]') }}
            if: github.event_name == 'push'
            environment: ${{ matrix.env }}
            steps: [{run: listed}]
    """)

    def environments(value: str) -> set[tuple[str, str]]:
        return {(s.detail("environment"), s.detail("branches")) for s in found if s.value == value}

    assert environments("plain") == {("production", "main develop")}
    assert environments("named") == {("staging", "main develop")}
    assert environments("text") == environments("a/b") == {("", "main develop")}
    assert {name for name, _ in environments("matrix")} == {"a", "b", "c"}
    assert {(name, to) for name, to in environments("branch") if to} == {("live", "main"), ("preview", "develop")}
    assert {name for name, _ in environments("chosen")} == {"staging-eu", "production-eu"}
    assert {name for name, _ in environments("unknown")} == {"${{ inputs.other }}"}
    assert environments("listed") == {("one", "main"), ("two", "main"), ("three", "develop")}


def test_services_are_images() -> None:
    found = workflow("""
        on: push
        jobs:
          a:
            strategy: {matrix: {db: ['15', '16']}}
            services:
              db: {image: "postgres:${{ matrix.db }}"}
              cache: redis:7
              none: {image: "${{ matrix.none }}"}
            steps: [{run: x}]
    """)
    assert one(found, "x").detail("services") == "postgres:15 postgres:16 redis:7"


def test_matrix_values_become_commands() -> None:
    found = workflow("""
        on: push
        jobs:
          a:
            strategy:
              matrix:
                include:
                  - {command: npm test}
                  - {command: "npm run lint && npm run build"}
            steps:
              - run: ${{ matrix.command }}
              - run: zip -r ${{ matrix.command }}.zip .
              - run: tox -e ${{ env.ENV }}
            env: {ENV: unit}
    """)
    zipped, tox = "zip -r ${{ matrix.command }}.zip .", "tox -e unit"
    assert runs(found) == ["npm run lint", "npm run build", "npm test", zipped, tox]


def test_local_reusable_workflows_are_part_of_their_caller() -> None:
    callee = """
        on:
          workflow_call:
            inputs:
              environment: {type: string}
              deploy: {type: boolean, default: false}
        jobs:
          test: {steps: [{run: pytest}]}
          ship:
            if: inputs.deploy
            environment: ${{ inputs.environment }}
            steps: [{run: make ship}]
    """
    found = signals(
        {
            ".github/workflows/review.yml": """
                on: pull_request
                jobs:
                  check: {uses: ./.github/workflows/shared.yml}
            """,
            ".github/workflows/main.yml": """
                on: {push: {branches: [main]}}
                jobs:
                  go:
                    uses: ./.github/workflows/shared.yml
                    strategy: {matrix: {env: [staging, production]}}
                    with: {environment: "${{ matrix.env }}", deploy: true}
            """,
            ".github/workflows/shared.yml": callee,
        }
    )
    (pytest_line,) = lines_of(callee, "pytest")
    assert {(s.value, s.detail("on"), s.detail("workflow"), s.detail("job"), s.detail("environment")) for s in found} == {
        ("pytest", "pull_request", ".github/workflows/review.yml", "check / test", ""),
        ("pytest", "push", ".github/workflows/main.yml", "go / test", ""),
        ("make ship", "push", ".github/workflows/main.yml", "go / ship", "staging"),
        ("make ship", "push", ".github/workflows/main.yml", "go / ship", "production"),
    }
    assert {(s.path, s.line) for s in found if s.value == "pytest"} == {(".github/workflows/shared.yml", pytest_line)}


def test_reusable_workflows_that_nothing_here_calls_say_so() -> None:
    found = workflow("""
        on: {workflow_call: {inputs: {ref: {type: string}}}}
        jobs: {a: {if: "inputs.ref == 'x'", steps: [{run: x}]}}
    """)
    assert one(found, "x").detail("on") == "workflow_call"


def test_workflows_that_call_each_other_end() -> None:
    found = signals(
        {
            ".github/workflows/a.yml": """
                on: [push, workflow_call]
                jobs:
                  own: {steps: [{run: a}]}
                  other: {uses: ./.github/workflows/b.yml}
            """,
            ".github/workflows/b.yml": """
                on: workflow_call
                jobs:
                  own: {steps: [{run: b}]}
                  other: {uses: ./.github/workflows/a.yml}
            """,
        }
    )
    assert runs(found) == ["a", "b"]


def test_external_workflows_and_actions_are_named() -> None:
    found = workflow("""
        on: push
        jobs:
          shared:
            uses: acme/ci/.github/workflows/test.yml@main
            with: {node: 20}
          steps:
            steps:
              - uses: docker://alpine:3
              - uses: ./.github/actions/missing
    """)
    assert uses(found) == ["acme/ci/.github/workflows/test.yml", "docker://alpine:3", "./.github/actions/missing"]
    called = one(found, "acme/ci/.github/workflows/test.yml")
    assert (called.detail("ref"), called.detail("with"), called.detail("job")) == ("main", "node=20", "shared")


def test_local_composite_actions_are_put_in_place() -> None:
    action = """
        inputs:
          install: {default: 'true'}
          db: {default: none}
        runs:
          using: composite
          steps:
            - {uses: actions/setup-node@v4}
            - run: npm ci
              shell: bash
              if: inputs.install == 'true'
            - {run: createdb, shell: bash, if: "inputs.db == 'postgres'"}
    """
    content = """
        on: push
        jobs:
          a:
            steps:
              - uses: ./.github/actions/setup
                with: {install: 'false'}
              - uses: ./.github/actions/outer
                continue-on-error: true
    """
    found = workflow(
        content,
        **{
            ".github/actions/setup/action.yml": action,
            ".github/actions/outer/action.yaml": """
                runs:
                  using: composite
                  steps: [{uses: ./.github/actions/setup, with: {db: postgres}}]
            """,
            ".github/actions/node/action.yml": "runs: {using: node20, main: x.js}",
        },
    )
    first, second = lines_of(content, "actions/setup", "actions/outer")
    node, install, create = lines_of(action, "setup-node", "npm ci", "createdb")
    path, via = ".github/workflows/ci.yml", ".github/actions/setup/action.yml"
    assert places(found) == [
        ("actions/setup-node", path, first, f"{via}:{node}"),
        ("actions/setup-node", path, second, f"{via}:{node}"),
        ("npm ci", path, second, f"{via}:{install}"),
        ("createdb", path, second, f"{via}:{create}"),
    ]
    assert [signal.detail("soft") for signal in found] == ["", "true", "true", "true"]


def test_commands_handed_to_actions() -> None:
    found = workflow("""
        on: push
        jobs:
          a:
            steps:
              - uses: nick-fields/retry@v3
                with:
                  command: |
                    npm ci
                    npm test
              - {uses: cloudflare/wrangler-action@v3, with: {command: deploy}}
              - {uses: superfly/flyctl-actions@1.3, with: {args: deploy --remote-only}}
              - {uses: actions/github-script@v7, with: {script: console.log(1)}}
    """)
    assert runs(found) == ["npm ci", "npm test", "wrangler deploy", "flyctl deploy --remote-only"]


def test_programs_in_other_languages_are_no_commands() -> None:
    found = workflow("""
        on: push
        defaults: {run: {shell: bash}}
        jobs:
          a: {steps: [{run: import pytest, shell: python}, {run: ls -l && make, shell: sh}]}
          b: {defaults: {run: {shell: 'node {0}'}}, steps: [{run: x.test()}]}
    """)
    assert runs(found) == ["make"]


def test_only_workflows_at_the_root_run() -> None:
    assert ci.ci_kind("examples/x/.github/workflows/ci.yml") is None
    assert ci.ci_kind(".github/workflow-templates/ci.yml") is None
    assert ci.ci_kind(".github/workflows/ci.yml.template") is None
    assert ci.ci_kind(".github/workflows/ci.yml") == "github-actions"


def test_wrong_shapes_read_as_nothing() -> None:
    for content in (
        "",
        "on: push",
        "jobs: [1, 2]",
        "on: push\njobs: {a: 1, b: {steps: 3}, c: {steps: [1, [2], {run: [x]}]}}",
        "- 1",
        "text",
    ):
        assert workflow(content) == []


def test_the_last_of_two_equal_keys_counts() -> None:
    found = workflow("on: push\njobs:\n  a: {steps: [{run: x}]}\n  a: {steps: [{run: y}]}\n")
    assert runs(found) == ["y"]


def test_anchors_and_merge_keys() -> None:
    found = workflow("""
        on: push
        x-base: &base
          services: {db: {image: postgres}}
          steps: &steps [{run: one}]
        jobs:
          a: {<<: *base}
          b: {<<: [*base], steps: [{run: two}]}
          c: {steps: *steps}
    """)
    assert [(s.value, s.detail("job"), s.detail("services")) for s in found] == [
        ("one", "a", "postgres"),
        ("two", "b", "postgres"),
        ("one", "c", ""),
    ]


def test_what_is_kept_of_other_files_changes_nothing() -> None:
    """Whatever changes: a workflow, the one that it calls, an action or a script that it uses, or that it calls one at all."""
    own, called = ".github/workflows/ci.yml", ".github/workflows/called.yml"
    calls = {own: "on: push\njobs: {a: {uses: ./.github/workflows/called.yml}}\n"}
    runs = {own: "on: push\njobs: {a: {steps: [{run: npm test}, {uses: ./.github/actions/do}]}}\n"}
    release = {".github/workflows/release.yml": "on: release\njobs: {a: {steps: [{run: npm publish}]}}\n"}
    both = {called: "on: [push, workflow_call]\njobs: {b: {steps: [{run: pytest}]}}\n"}
    action = {".github/actions/do/action.yml": "runs: {using: composite, steps: [{run: ./do.sh}]}\n"}
    other_action = {".github/actions/do/action.yml": "runs: {using: composite, steps: [{run: make}]}\n"}
    script, other_script = ({"package.json": json.dumps({"scripts": {"test": test}})} for test in ("jest", "vitest"))
    gitlab = {".gitlab-ci.yml": "a: {script: [cargo test]}\n"}
    kept, told = ci.Kept(), set()
    for files in (
        runs | script, runs | script, runs | other_script, runs | other_script | action | release, runs | script | other_action | release,
        calls | both | release, calls | release, runs | both, calls | both | gitlab, gitlab, release | gitlab,
    ):  # fmt: skip
        read = {path: ci.read(path, text.encode()) for path, text in files.items()}
        found = ci.steps(read, kept)
        assert found == ci.steps(read)
        told.add(tuple(found))
    assert len(told) == 10
