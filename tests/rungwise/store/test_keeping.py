"""What docs/database.md says of backing up, restoring and going back."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from rungwise.store import open_reader
from rungwise.store.generations import POINTER
from tests.rungwise.store.sample import look, save
from tests.rungwise.store.test_history import dump

DOCUMENT = Path(__file__).parents[3] / "docs" / "database.md"


def commands() -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```", DOCUMENT.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_a_copy_made_as_documented_can_be_restored(tmp_path: Path) -> None:
    database, backups = tmp_path / "data" / "rungwise", tmp_path / "backups"
    backups.mkdir()
    save(database, "2026-W46", [look(number=1)])
    save(database, "2026-W47", [look(number=2)])
    [back_up] = [command for command in commands() if command.startswith("cp ")]
    subprocess.run(["sh", "-c", back_up.replace("/backups/", f"{backups}/")], cwd=tmp_path, check=True)
    expected = dump(database)
    shutil.rmtree(database)
    [copy] = backups.iterdir()
    restore = next(command for command in commands() if "data/restored" in command).splitlines()[0]
    restore = re.sub(r"/backups/\S+", str(copy), restore)
    subprocess.run(["sh", "-c", restore], cwd=tmp_path, check=True)
    restored = tmp_path / "data" / "restored"
    assert dump(restored) == expected
    save(restored, "2026-W48", [look(number=3)])
    assert [week.label for week in open_reader(restored).weeks()] == ["2026-W48", "2026-W47", "2026-W46"]


def test_going_back_to_an_earlier_state(tmp_path: Path) -> None:
    save(tmp_path, "2026-W46", [look(number=1)])
    earlier, expected = (tmp_path / POINTER).read_text(), dump(tmp_path)
    save(tmp_path, "2026-W47", [look(number=2)])
    (tmp_path / POINTER).write_text(earlier)
    assert dump(tmp_path) == expected
    save(tmp_path, "2026-W48", [look(number=3)])
    assert [week.label for week in open_reader(tmp_path).weeks()] == ["2026-W48", "2026-W46"]
