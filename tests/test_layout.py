"""The layout keeps its promises, and the contracts that say so can tell when it does not."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rungwise.catalogue import load
from rungwise.model import Stage

ROOT = Path(__file__).parents[1]
CONTRACTS = [
    contract["name"] for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]

BREACHES = {
    "Only the command line knows the collectors": ("rungwise/recommend.py", "import collectors.places"),
    "Collectors know only the words and the clues": ("collectors/places.py", "import rungwise.ladder"),
    "Only the store knows DuckDB": ("rungwise/ladder.py", "import duckdb"),
    "Only pages know Streamlit": ("rungwise/store/__init__.py", "import streamlit"),
    "Only pages and the export know Plotly": ("rungwise/store/__init__.py", "import plotly"),
    "Only collectors know git and GitHub": ("rungwise/store/__init__.py", "import pygit2"),
    "Judging and advising are pure": ("rungwise/facts.py", "def look():\n    import subprocess"),
    "A practice fetches nothing": ("rungwise/practices/stage2_observing/error_tracking.py", "from pathlib import Path"),
    "Nobody imports a page": ("rungwise/pages/elements/__init__.py", "import rungwise.pages.overview"),
    "What is shown rests on what is remembered, and that on what is judged": ("rungwise/clues.py", "import rungwise.assess"),
}
"""For each contract a line in a file that breaks it."""


def broken_contracts(root: Path) -> set[str]:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in result.stdout, result.stdout + result.stderr
    return {name for name in CONTRACTS if re.search(rf"^{re.escape(name)} BROKEN\b", unwrapped(result.stdout), re.MULTILINE)}


def unwrapped(report: str) -> str:
    """The report, with the names that were too long for a line put together again."""
    for name in CONTRACTS:
        report = re.sub(r"\s+".join(map(re.escape, name.split())), name, report)
    return report


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for folder in ("rungwise", "collectors"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_is_kept(copy: Path) -> None:
    assert broken_contracts(copy) == set()


def test_every_contract_can_be_broken(copy: Path) -> None:
    assert list(BREACHES) == CONTRACTS
    for path, line in BREACHES.values():
        file = copy / path
        file.write_text(f"{file.read_text()}\n{line}\n")
    assert broken_contracts(copy) == set(CONTRACTS)


def imported(path: Path) -> set[str]:
    """The modules that a file imports, as far as their names stand in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_the_frame_knows_only_what_pages_share() -> None:
    allowed = ("rungwise.pages.elements", "streamlit", "pathlib", "__future__")
    assert [name for name in imported(ROOT / "app.py") if not f"{name}.".startswith(tuple(f"{a}." for a in allowed))] in (
        [],
        ["rungwise.pages"],
    )


def test_the_frame_shows_every_page() -> None:
    scripts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "rungwise/pages").glob("*.py")} - {
        "rungwise/pages/__init__.py"
    }
    shown = {
        node.value
        for node in ast.walk(ast.parse((ROOT / "app.py").read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".py")
    }
    assert scripts == shown


def test_a_practice_lies_where_its_stage_and_id_say() -> None:
    expected = {
        f"stage{practice.stage.value}_{practice.stage.name.lower()}/{practice.id.replace('-', '_')}.py" for practice in load()
    }
    folder = ROOT / "rungwise/practices"
    assert {path.relative_to(folder).as_posix() for path in folder.glob("*/*.py") if path.name != "__init__.py"} == expected
    assert {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"} == {
        f"stage{stage.value}_{stage.name.lower()}" for stage in Stage
    }


def test_a_practice_neither_opens_nor_executes() -> None:
    forbidden = {"open", "eval", "exec", "compile", "__import__", "input", "print"}
    for path in sources("rungwise/practices"):
        calls = (node.func for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        called = {function.id for function in calls if isinstance(function, ast.Name)}
        assert not called & forbidden, path


def test_nothing_that_judges_opens_an_address() -> None:
    # The contracts see `urllib` as one; `urllib.parse`, which only takes strings apart, is welcome.
    for path in sources("rungwise"):
        assert not imported(path) & {"urllib.request", "urllib3", "http.client"}, path


def test_data_holds_no_python() -> None:
    assert list((ROOT / "data").rglob("*.py")) == []


def test_tests_lie_where_the_code_lies() -> None:
    for path in sources("tests/rungwise", "tests/collectors"):
        if path.name.startswith("test_"):
            place = path.relative_to(ROOT / "tests").parent
            assert (ROOT / place).is_dir(), f"{path} tests nothing that lies in {place}"


def test_names_say_what_a_file_is_about() -> None:
    vague = {"utils.py", "util.py", "helpers.py", "helper.py", "misc.py", "common.py"}
    assert [path for path in sources("rungwise", "collectors", "tests") if path.name in vague] == []
