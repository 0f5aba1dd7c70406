"""Shell scripts taken apart into single commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ci.shell import Script, commands, folder_from, words


def texts(script: str) -> list[str]:
    return [command.text for command in commands(Script(script))]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("npm ci && npm test; make lint | tee log\nx", ["npm ci", "npm test", "make lint", "x"]),
        ("pytest \\\n  -q \\\n  tests", ["pytest -q tests"]),
        ("# pytest\nmake # pytest", ["make"]),
        ("echo run pytest\nprintf 'npm test'\n>&2 echo go test", []),
        ('echo "$(npm test)" && pytest', ["pytest"]),
        ("cat <<EOF > f\nnpm test\nEOF\npytest", ["pytest"]),
        ("cat <<-'END'\n\tnpm test\n\tEND\npytest", ["pytest"]),
        ("if ! make check; then\n  exit 1\nelse npm test; fi", ["make check", "npm test"]),
        ("for i in 1 2; do\n go test ./$i &\ndone", ["go test ./$i"]),
        ("while read x; do lint $x; done < files", ["lint $x"]),
        ("pytest \"a && b; c\" -k 'x | y'", ["pytest \"a && b; c\" -k 'x | y'"]),
        ("run ${{ a && b || c }} x", ["run ${{ a && b || c }} x"]),
        ("A=1 B='two words'\nLIST=(a b)\nN=$((N + 1))\nA=1 npm test", ["A=1 npm test"]),
        ("export A=1", ["export A=1"]),
        ("OUT=$(terraform plan | cat)", ["OUT=$(terraform plan | cat)"]),
        ("[[ a && b ]] && deploy", ["deploy"]),
        ("(cd web && yarn build)", ["yarn build"]),
        ("case $X in\n a|b) one ;;\n *) two ;;\nesac\nthree", ["one", "two", "three"]),
        ("diff <(a) <(b)", ["diff <(a) <(b)"]),
        ("a 2>&1 | tee log\nb &> log", ["a 2>&1", "b &> log"]),
        ("bash -ec 'pip install x && pytest'", ["pip install x", "pytest"]),
        ('docker run img sh -c "npm ci; npm test"', ["docker run img sh -c", "npm ci", "npm test"]),
        ("git commit -m 'run pytest'", ['git commit -m ""']),
        ("grep -q 'prisma migrate' log", []),
        ('x="$(cd "$(dirname "$0")" && pwd)" && y', ['x="$(cd "$(dirname "$0")" && pwd)"', "y"]),
        ("it's a lone quote\n", ["it's a lone quote"]),
        ("", []),
    ],
)
def test_each_command_is_seen_once(script: str, expected: list[str]) -> None:
    assert texts(script) == expected


@pytest.mark.parametrize(
    ("script", "soft"),
    [
        ("npm test || true", {"npm test": True}),
        ("npm test || :", {"npm test": True}),
        ("npm test || exit 0", {"npm test": True}),
        ("npm test || echo failed", {"npm test": True}),
        ("a && b || true\nc", {"a": True, "b": True, "c": False}),
        ("{ a; b; } || true", {"a": True, "b": True}),
        ("(a; b) || true", {"a": True, "b": True}),
        ("a || { echo failed; exit 1; }", {"a": False}),
        ("a || exit 1", {"a": False}),
        ("a || echo failed && exit 1", {"a": False}),
        ("a ||\n  true", {"a": True}),
        ("npm test --passWithNoTests", {"npm test --passWithNoTests": False}),
    ],
)
def test_what_may_fail_is_soft(script: str, soft: dict[str, bool]) -> None:
    assert {command.text: command.soft for command in commands(Script(script))} == soft


def test_lines_and_folders() -> None:
    found = commands(Script("a\n\ncd web\nb \\\n  c\n(cd x && d)\ne\ncd ../api; f", line=10))
    assert [(command.text, command.line, command.folder) for command in found] == [
        ("a", 10, ""),
        ("b c", 13, "web"),
        ("d", 15, "web/x"),
        ("e", 16, "web"),
        ("f", 17, "api"),
    ]


def test_functions_and_arms_are_known() -> None:
    script = """
say() { echo "$1"; }
run_tests() {
  pytest
}
function deploy { kubectl apply -f x; }
case "$1" in
  test|check) run_tests ;;
  deploy) deploy ;;
esac
say pytest
"""
    found = [(command.text, command.within, command.arm) for command in commands(Script(script))]
    assert found == [
        ("pytest", "run_tests", ""),
        ("kubectl apply -f x", "deploy", ""),
        ("run_tests", "", "test|check"),
        ("deploy", "", "deploy"),
    ]


def test_folders() -> None:
    assert folder_from("a", "b/c") == "a/b/c"
    assert folder_from("a", "..") == ""
    assert folder_from("", "../x") == "../x"
    assert folder_from("a", "$GITHUB_WORKSPACE/web") == "/web"
    assert folder_from("a", "$OTHER") == "a"


def test_words_that_are_remembered_are_not_changed_by_whoever_asked_before() -> None:
    words("make 'all of it'").append("clean")

    assert words("make 'all of it'") == ["make", "all of it"]
    assert words("make 'all of  it'") == ["make", "all of  it"]


def test_words_keep_substitutions_together() -> None:
    assert words('a "b c" x:$(d "e" f) ${{ g && h }}') == ["a", "b c", "x:$(d  e  f)", "${{ g && h }}"]
    assert words("it's") == ["it", "s"]


@given(st.text(alphabet="ab \n\t'\"`\\$(){}[]|&;<>#=!/-0", max_size=200))
def test_any_text_is_read(script: str) -> None:
    height = script.count("\n") + 1
    for command in commands(Script(script)):
        assert command.text.strip() == command.text != ""
        assert 1 <= command.line <= height
