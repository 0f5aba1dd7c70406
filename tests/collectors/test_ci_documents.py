"""Files that are hostile, broken or odd: read as far as they go, or refused in one sentence; and kept as JSON."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors import ci
from collectors.ci.documents import Lines, json_document, yaml_document, yaml_documents

WORKFLOW = ".github/workflows/ci.yml"


def refused(path: str, data: bytes) -> str:
    with pytest.raises(ci.Unreadable) as caught:
        ci.read(path, data)
    return str(caught.value)


def test_what_cannot_be_read_says_why() -> None:
    assert refused(WORKFLOW, b"a: [").startswith("not YAML")
    assert refused(WORKFLOW, b"\xff\0\0\0") == "binary"
    assert refused(WORKFLOW, b"#" * 1_000_001) == "larger than 1 MB"
    assert refused("package.json", b"{").startswith("not JSON")
    assert refused("mise.toml", b"[").startswith("not TOML")
    assert refused("tox.ini", b"no section").startswith("not INI")
    assert refused("noxfile.py", b"def").startswith("not Python")
    assert refused("README.md", b"") == "not a CI file"


@pytest.mark.parametrize(
    "text",
    ["[" * 400_000, "a: {" * 100_000, "- " * 400_000, "? " * 300_000, "&a " * 300_000, "a: " + "[" * 70 + "]" * 70],
)
def test_depth_ends_a_file_and_not_the_process(text: str) -> None:
    assert refused(WORKFLOW, text.encode())


def test_alias_bombs_are_refused() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert refused(WORKFLOW, "\n".join(rows).encode()) == "too many aliases or items"


def test_an_alias_to_what_holds_it_stands_for_nothing() -> None:
    root = yaml_document("a: &a {b: *a, c: 1}")
    assert root["a"]["c"].text == "1"
    assert not root["a"]["b"]


@pytest.mark.parametrize(
    ("path", "link", "head"),
    [
        (".gitlab-ci.yml", "j{n}: {{extends: [j{m}], script: [!reference [j{m}, script]]}}\n", "j0: {script: [x]}\n"),
        (WORKFLOW, "  j{n}: {{needs: [j{m}], steps: [{{run: x}}]}}\n", "on: push\njobs:\n  j0: {steps: [{run: x}]}\n"),
        ("Makefile", "j{n}: j{m}\n\tx\n", "j0:\n\tx\n"),
    ],
)
def test_long_chains_end(path: str, link: str, head: str) -> None:
    backwards = "".join(link.format(n=n, m=n - 1) for n in range(3_000, 0, -1))
    for content in (head + backwards, head + "".join(link.format(n=n, m=n - 1) for n in range(1, 3_000))):
        files = {path: ci.read(path, content.encode())}
        if path == "Makefile":
            files[WORKFLOW] = ci.read(WORKFLOW, b"on: push\njobs: {a: {steps: [{run: make j2999}]}}")
        assert ci.steps(files)


def test_binaries_where_scripts_may_be_are_no_scripts() -> None:
    for path in ("bin/tool", "scripts/x", ".husky/pre-commit"):
        assert ci.steps({path: ci.read(path, b"\x7fELF\0\0")}) == []


def test_odd_encodings() -> None:
    text = "on: push\r\njobs: {a: {steps: [{run: 'é'}]}}\r\n"
    for data in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16"), text.encode("latin-1")):
        (signal,) = ci.steps({WORKFLOW: ci.read(WORKFLOW, data)})
        assert signal.value in ("é", "�")


def test_nodes() -> None:
    root = yaml_document("a: 1\nb: |\n  x\n  y\nc: >\n  z\nd: ~\ne: 'null'\nf: yes\ng: 'yes'\nh: !!str yes\ni: [1, [2, [3]]]\n")
    assert (root["b"].line, root["b"].first_line, root["b"].exact) == (2, 3, True)
    assert (root["c"].line, root["c"].exact) == (5, False)
    assert (root["d"].text, root["e"].text) == ("", "null")
    assert (root["f"].true, root["g"].true, root["h"].true) == (True, False, False)
    assert [node.text for node in root["i"].flat()] == ["1", "2", "3"]
    assert root["missing"]["deep"].texts() == ()
    assert "a" in root
    assert "z" not in root


def test_own_keys_win_over_merged_ones() -> None:
    root = yaml_document("x: &x {a: 1, b: 1}\ny: &y {a: 2}\nz: {c: 3, <<: [*x, *y], b: 4}")
    assert {key: node.text for key, node in root["z"].mapping().items()} == {"a": "1", "b": "4", "c": "3"}


def test_many_documents() -> None:
    assert [root["a"].text for root in yaml_documents("a: 1\n---\na: 2\n")] == ["1", "2"]
    assert yaml_documents("") == []


def test_json_with_comments_and_trailing_commas() -> None:
    assert json_document('{"a": "http://x", // y\n "b": [1, /* z */ 2,],}') == {"a": "http://x", "b": [1, 2]}


def test_lines_of_keys() -> None:
    lines = Lines('{\n  "name": "test",\n  "scripts": {\n    "lint": "x",\n    "test": "y"\n  }\n}\n[tool.poe.tasks]\ntest = 1\n')
    assert lines.of("scripts", "test") == 5
    assert lines.of("tool.poe.tasks", "test") == 9
    assert lines.of("missing") == 1


_KEYS = st.sampled_from(
    (
        "on true jobs a b steps run uses with if needs environment name strategy matrix include services image env"
        " defaults push branches tags types pull_request workflow_call workflow_dispatch inputs default options"
        " continue-on-error script before_script extends rules when only except trigger stages local variables parallel"
        " workflow orbs commands executors workflows docker executor parameters filters requires unless condition type"
        " language deploy provider stage template task displayName deployment runOnce pool resources containers"
        " container plugins command label group block pipelines step pipe definitions custom settings event kind"
        " entrypoint args blocks prologue promotions pipeline_file test_script repos repo hooks id entry ci pre-commit"
        " tasks cmds deps includes <<"
    ).split()
)
_TEXTS = st.one_of(
    st.sampled_from(
        [
            "push",
            "a",
            "b",
            "npm test",
            "./.github/actions/x",
            "./.github/workflows/ci.yml",
            "${{ matrix.a }}",
            "${{ inputs.a || 'b' }}",
            "<< parameters.a >>",
            "false",
            "true",
            "",
            "main",
            "a || true",
            "ci/x.yml",
            "$CI_COMMIT_TAG",
            "make x",
            "pipeline",
            "- if",
            "x/y@1",
            "bash -c 'a; b'",
        ]
    ),
    st.text(max_size=8),
)
_TREES = st.recursive(
    st.one_of(_TEXTS, st.booleans(), st.none(), st.integers(0, 3)),
    lambda children: st.one_of(st.lists(children, max_size=4), st.dictionaries(_KEYS, children, max_size=6)),
    max_leaves=30,
)
_YAML_PATHS = (
    WORKFLOW,
    ".github/actions/x/action.yml",
    ".gitlab-ci.yml",
    ".circleci/config.yml",
    ".travis.yml",
    "azure-pipelines.yml",
    ".buildkite/pipeline.yml",
    "bitbucket-pipelines.yml",
    ".drone.yml",
    "cloudbuild.yaml",
    ".semaphore/semaphore.yml",
    "appveyor.yml",
    "codefresh.yml",
    ".pre-commit-config.yaml",
    "lefthook.yml",
    ".lintstagedrc.yml",
    "pnpm-workspace.yaml",
    "Taskfile.yml",
)
_OTHER_PATHS = (
    "package.json",
    "project.json",
    "composer.json",
    "deno.json",
    "Makefile",
    "justfile",
    "mise.toml",
    "pyproject.toml",
    "tox.ini",
    "tox.toml",
    "noxfile.py",
    "tasks.py",
    "Rakefile",
    "mix.exs",
    "Earthfile",
    "Jenkinsfile",
    ".husky/pre-commit",
    "bin/x",
    ".cargo/config.toml",
    "config/ci.rb",
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(_KEYS, _TREES, max_size=8), st.lists(st.sampled_from(_YAML_PATHS), min_size=1, max_size=3, unique=True))
def test_any_shape_is_read(tree: object, paths: list[str]) -> None:
    read = {path: ci.read(path, yaml.safe_dump(tree).encode()) for path in paths}
    for signal in ci.steps({**read, "Makefile": ci.read("Makefile", b"x: x\n\tmake x\n")}):
        assert signal.value
        assert (signal.line or 0) >= 1


@settings(max_examples=80, deadline=None)
@given(_TREES)
def test_any_json_is_read(tree: object) -> None:
    for path in ("package.json", "project.json", "composer.json", "deno.json", "lerna.json", ".lintstagedrc.json"):
        ci.steps({path: ci.read(path, json.dumps(tree).encode())})


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab:=-\n\t\"'[]{}()$%#\\/ .@!<>|&", max_size=120), st.sampled_from(_YAML_PATHS + _OTHER_PATHS))
def test_any_text_is_read_or_refused(text: str, path: str) -> None:
    try:
        file = ci.read(path, text.encode())
    except ci.Unreadable as error:
        assert str(error)
    else:
        ci.steps({path: file})
        assert ci.CiFile.from_json(json.loads(json.dumps(file.to_json()))) == file


def test_what_is_no_file_of_ours_cannot_be_unpacked() -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        ci.CiFile.from_json(["a", "b", ["os.system", "x"]])
    with pytest.raises(TypeError):
        ci.CiFile.from_json(["a", "b", ["Command", "x", 1, False, "", "", ""]])
