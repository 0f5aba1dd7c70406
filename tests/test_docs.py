"""What the documentation says is so."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rungwise import docs, ladder
from rungwise.catalogue import load
from rungwise.model import Stage, State, Status
from rungwise.teams import ownership, read_teams

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for name in ("README.md", "docs/practices.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_generated_pages_are_up_to_date() -> None:
    assert docs.main(["--check"]) == 0


def test_a_stale_page_is_named_and_left_alone_by_the_check(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stale = README.replace("| not yet |", "| soon |", 1).replace("| yes |", "| maybe |", 1)
    assert stale != README
    (copy / "README.md").write_text(stale, encoding="utf-8")
    assert docs.main(["--check"], root=copy) == 1
    assert capsys.readouterr().err.startswith("README.md is out of date")
    assert (copy / "README.md").read_text(encoding="utf-8") == stale


def test_stale_and_missing_pages_are_written(copy: Path) -> None:
    (copy / "README.md").write_text(f"above\n{docs.BEGIN}\nold\n{docs.END}\nbelow\n", encoding="utf-8")
    (copy / "docs/practices.md").unlink()
    assert docs.main([], root=copy) == 0
    written = (copy / "README.md").read_text(encoding="utf-8")
    assert written == f"above\n{docs.BEGIN}\n{docs.readme_table(load())}\n{docs.END}\nbelow\n"
    assert docs.main(["--check"], root=copy) == 0


@pytest.mark.parametrize("readme", ["", docs.BEGIN, f"{docs.END} {docs.BEGIN}", f"{docs.BEGIN}{docs.END}{docs.BEGIN}{docs.END}"])
def test_a_readme_without_a_place_for_the_table_is_refused(readme: str) -> None:
    with pytest.raises(ValueError, match=re.escape("README.md needs one")):
        docs.with_table(readme, "table")


def test_every_practice_has_its_row_and_its_chapter() -> None:
    page = (ROOT / "docs/practices.md").read_text(encoding="utf-8")
    for practice in load():
        assert README.count(f"docs/practices.md#{practice.id})") == 1
        assert page.count(f'<a id="{practice.id}"></a>\n\n### {practice.title}\n') == 1
        assert practice.why in page
    assert re.findall(r"^## (.*)", page, re.MULTILINE) == [f"{stage.value}. {stage.title}" for stage in Stage]


def test_two_commands_set_everything_up_and_differ_only_in_what_they_run() -> None:
    commands = re.findall(r"^python3 .*$", README, re.MULTILINE)
    setups = {command.partition(" run ")[0] for command in commands}
    assert [command.partition(" run ")[2] for command in commands] == ["streamlit run app.py", "pytest"]
    assert len(setups) == 1


def test_every_command_and_option_of_the_readme_exists_and_none_is_kept_quiet() -> None:
    rows = re.findall(r"^\| `uv run python -m rungwise ([a-z ]+)[^|]*\|(.*)\|$", README, re.MULTILINE)
    assert rows
    for command, about in rows:
        help_text = usage(*command.split())
        documented = set(re.findall(r"--[a-z-]+", about))
        assert documented <= options(help_text), command
        assert options(help_text) - documented <= {"--help"}, command
    listed = re.findall(r"^    ?([a-z]+)(?:  |$)", usage().partition("COMMAND\n")[2], re.MULTILINE)
    assert listed
    assert {command.split()[0] for command, _ in rows} == set(listed)


def usage(*command: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "rungwise", *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return run.stdout


def options(help_text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z-]+", help_text))


def test_the_teams_file_of_the_readme_is_one(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    file = tmp_path / "teams.toml"
    file.write_text(example, encoding="utf-8")
    owners = ownership({"acme/checkout": None, "acme/ledger": None}, read_teams(file))
    assert {name: (owner.team, owners.targets[name].stage) for name, owner in owners.owners.items()} == {
        "acme/checkout": ("Payments", Stage.PROTECTING),
        "acme/ledger": ("Payments", Stage.HARDENING),
    }


def test_the_teams_of_the_demo_data_can_be_read() -> None:
    teams = read_teams(ROOT / "data/demo/teams.toml")
    assert len(teams.names) >= 5
    assert len(teams.exact) >= 40
    assert not teams.team_targets
    assert not teams.repository_targets


def test_the_readme_explains_every_status_and_state() -> None:
    for word in [status.value for status in Status]:
        assert f"\n| {word.replace('_', ' ')} | " in README
    for word in [state.value for state in State]:
        assert f"*{word.replace('_', ' ')}*" in README


def test_the_readme_gives_the_thresholds_that_are_used() -> None:
    prose = " ".join(README.split())
    assert f"{ladder.COVERAGE * 100:.0f} percent of the known weight is there" in prose
    assert f"{ladder.CONFIDENCE * 100:.0f} percent of the weight is known" in prose


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_project_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        assert linked.exists(), target
        if anchor:
            assert f'<a id="{anchor}"></a>' in linked.read_text(encoding="utf-8"), target


def test_the_changelog_has_a_place_for_what_comes_next() -> None:
    assert re.search(r"^## \[Unreleased\]$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
