"""A database that is killed, damaged, foreign or read while it is written."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from rungwise.store import Reader, StoreError, Week, generations, open_reader
from rungwise.store.generations import KEPT, POINTER
from tests.rungwise.store.sample import commit, look, save
from tests.rungwise.store.writing import REPOSITORIES, WEEK, week_of, write

ROOT = Path(__file__).parents[3]


class Processes:
    """Writers in processes of their own, one at a time; see ``writing.py``."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.rungwise.store.writing"]
        self._parent = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._child = 0

    def start(self, command: str, database: Path, *numbers: int) -> None:
        assert self._parent.stdin
        print(command, database, *numbers, sep="\t", file=self._parent.stdin, flush=True)
        self._child = int(self.line())

    def line(self) -> str:
        assert self._parent.stdout
        return self._parent.stdout.readline().strip()

    def kill(self) -> list[int]:
        """Ends the writer and returns the weeks that it stored and nobody asked for yet."""
        os.kill(self._child, signal.SIGKILL)
        lines, end = self._lines()
        assert end == -signal.SIGKILL
        return lines

    def end(self) -> int:
        """How the writer ended by itself."""
        return self._lines()[1]

    def _lines(self) -> tuple[list[int], int]:
        lines = []
        while not (line := self.line()).startswith("end "):
            lines.append(int(line))
        return lines, int(line.removeprefix("end "))

    def close(self) -> None:
        self._parent.kill()
        self._parent.communicate()


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    processes = Processes()
    yield processes
    processes.close()


def assert_whole(reader: Reader, week: int, number: int) -> None:
    """All rows of a week show its number."""
    repositories = reader.repositories(week)
    assert repositories["repository"].tolist() == REPOSITORIES
    assert set(repositories["commit"]) == {commit(number)}
    findings = reader.findings(week)
    assert set(findings["reason"].str.removeprefix("metrics").str.removeprefix("unit-tests")) == {
        (" is present.", " is partial.", " is absent.")[number % 3]
    }
    assert {place["line"] for places in findings["evidence"] for place in places} <= {number + 1}
    assert reader.team_stages(week)["repositories"].max() == len(REPOSITORIES)


def files(database: Path) -> set[str]:
    return {path.name for path in database.iterdir()}


def test_a_killed_writer_loses_no_finished_week(tmp_path: Path, processes: Processes) -> None:
    database, finished = tmp_path / "db", -1
    for _ in range(8):
        processes.start("weeks", database, finished + 1)
        finished = int(processes.line())
        time.sleep(random.uniform(0, 0.2))
        finished = max([finished, *processes.kill()])
        reader = open_reader(database)
        newest = Week.parse(week_of(finished)).id
        # The last week may have been announced a moment before the writer could say so.
        assert [week.id for week in reversed(reader.weeks())][: finished + 1] == list(range(newest - finished, newest + 1))
        for week in reader.weeks()[:3]:
            assert_whole(reader, week.id, week.id - Week.parse(WEEK).id)
        finished = reader.weeks()[0].id - Week.parse(WEEK).id
    write(database, week_of(finished + 1), finished + 1)
    assert len(files(database) - {POINTER, ".lock"}) <= KEPT


@pytest.mark.parametrize("step", range(4))
def test_dying_at_any_step_of_a_publication_leaves_a_sound_database(tmp_path: Path, processes: Processes, step: int) -> None:
    write(tmp_path, week_of(0), 0)
    processes.start("dies", tmp_path, 1, step)
    assert processes.end() == 9
    announced = step == 3
    reader = open_reader(tmp_path)
    assert [week.label for week in reader.weeks()] == [week_of(number) for number in range(announced, -1, -1)]
    write(tmp_path, week_of(1), 1)
    reader = open_reader(tmp_path)
    for number in (0, 1):
        assert_whole(reader, Week.parse(week_of(number)).id, number)
    assert len(files(tmp_path)) == 2 + 2


@pytest.mark.parametrize("step", range(3))
def test_dying_in_the_very_first_publication_is_no_obstacle(tmp_path: Path, processes: Processes, step: int) -> None:
    processes.start("dies", tmp_path, 0, step)
    assert processes.end() == 9
    write(tmp_path, week_of(1), 1)
    assert_whole(open_reader(tmp_path), Week.parse(week_of(1)).id, 1)


def test_a_lost_pointer_is_found_again(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path, week_of(number), number)
    (tmp_path / POINTER).unlink()
    assert len(open_reader(tmp_path).weeks()) == 2
    write(tmp_path, week_of(2), 2)
    assert len(open_reader(tmp_path).weeks()) == 3


def test_readers_see_whole_weeks_while_a_writer_publishes(tmp_path: Path, processes: Processes) -> None:
    week = Week.parse(WEEK).id
    problems: list[BaseException] = []
    seen: list[set[str]] = [set() for _ in range(3)]

    def read(mine: set[str]) -> None:
        try:
            while not done.is_set():
                reader = open_reader(tmp_path)
                number = int(reader.repositories(week)["commit"].iloc[0], 16)
                assert_whole(reader, week, number)
                mine.add(reader.generation)
        except BaseException as problem:
            problems.append(problem)

    processes.start("again", tmp_path)
    processes.line()
    done = threading.Event()
    threads = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    for thread in threads:
        thread.start()
    for _ in range(12):
        processes.line()
    done.set()
    for thread in threads:
        thread.join()
    processes.kill()
    assert not problems
    assert all(len(mine) > 1 for mine in seen)


def test_a_reader_keeps_its_generation_when_it_is_gone_from_the_disk(tmp_path: Path) -> None:
    write(tmp_path, WEEK, 1)
    before = open_reader(tmp_path)
    for number in range(2, 2 + KEPT):
        write(tmp_path, WEEK, number)
    assert f"{before.generation}.duckdb" not in files(tmp_path)
    assert_whole(before, Week.parse(WEEK).id, 1)
    assert_whole(open_reader(tmp_path), Week.parse(WEEK).id, 1 + KEPT)


def test_a_reader_that_finds_its_generation_pruned_takes_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, WEEK, 1)
    late = generations.current(tmp_path)
    for number in range(2, 2 + KEPT):
        write(tmp_path, WEEK, number)
    pointers = iter([late, late])
    look_up = generations.current
    monkeypatch.setattr(generations, "current", lambda root: next(pointers, None) or look_up(root))
    assert_whole(open_reader(tmp_path), Week.parse(WEEK).id, 1 + KEPT)


def test_one_writer_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generations, "PATIENCE", 0.05)
    inside, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with generations.only_writer(tmp_path):
            inside.set()
            leave.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    inside.wait(30)
    try:
        with pytest.raises(StoreError, match="Another collection"):
            write(tmp_path, WEEK, 1)
    finally:
        leave.set()
        holder.join()
    write(tmp_path, WEEK, 1)


def both_refuse(database: Path, saying: str) -> None:
    """Reading and writing fail with one sentence, and change nothing."""
    before = {path: path.read_bytes() for path in database.iterdir() if path.is_file()} if database.is_dir() else {}
    with pytest.raises(StoreError, match=saying) as reading:
        reader = open_reader(database)
        for week in reader.weeks():
            reader.findings(week.id)
    with pytest.raises(StoreError, match=saying):
        save(database, WEEK, [look()])
    assert "\n" not in str(reading.value)
    assert str(reading.value).endswith(".")
    assert {path: path.read_bytes() for path in before} == before


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    database = tmp_path / "app.duckdb"
    duckdb.connect(str(database)).close()
    both_refuse(database, "is a file, but a database is a directory")


def test_a_foreign_database_in_our_place_is_refused(tmp_path: Path) -> None:
    write(tmp_path, WEEK, 1)
    current = generations.current(tmp_path)
    current.unlink()
    with duckdb.connect(str(current)) as connection:
        connection.execute("create table about (something integer)")
    both_refuse(tmp_path, "not one of Rungwise")


def test_somebody_elses_pointer_is_refused(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_text("../MANIFEST-000001\n")
    both_refuse(tmp_path, "names no generation")


def test_a_pointer_to_nothing_says_how_to_go_back(tmp_path: Path) -> None:
    for number in range(2):
        write(tmp_path, week_of(number), number)
    generations.current(tmp_path).unlink()
    both_refuse(tmp_path, "which is not there; to go back to an older generation, write 00000001-")


@pytest.mark.parametrize("damage", ["emptied", "cut", "header", "rows"])
def test_a_damaged_database_is_told_and_an_older_generation_still_works(tmp_path: Path, damage: str) -> None:
    for number in range(2):
        write(tmp_path, week_of(number), number)
    older, current = sorted(tmp_path.glob("*.duckdb"))
    content = current.read_bytes()
    header = 3 * 4096
    current.write_bytes(
        {
            "emptied": b"",
            "cut": content[: len(content) // 2],
            "header": b"\xff" * header + content[header:],
            "rows": content[:header] + b"\xff" * (len(content) - header),
        }[damage]
    )
    both_refuse(tmp_path, f"damaged .*to go back to an older generation, write {older.name}")
    (tmp_path / POINTER).write_text(older.name)
    assert_whole(open_reader(tmp_path), Week.parse(week_of(0)).id, 0)
    write(tmp_path, week_of(1), 1)
    assert len(open_reader(tmp_path).weeks()) == 2


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    write(tmp_path, WEEK, 1)
    with duckdb.connect(str(generations.current(tmp_path))) as connection:
        connection.execute("update about set value = '99' where key = 'schema'")
    both_refuse(tmp_path, r"newer Rungwise \(its tables are version 99, this one knows \d+\); update Rungwise")


def test_a_file_of_a_newer_duckdb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, WEEK, 1)

    def refuse(*arguments: object, **settings: object) -> None:
        raise duckdb.IOException(
            "IO Error: Trying to read a database file with version number 999, but we can only read ...\nMore."
        )

    # What DuckDB 1.5.5 says of a file that 2.0.0 made.
    monkeypatch.setattr(duckdb, "connect", refuse)
    both_refuse(tmp_path, "newer DuckDB; update Rungwise")


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be written .*nothing was changed"):
        save(tmp_path / "file" / "db", WEEK, [look()])
    (tmp_path / "db" / ".lock").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be written"):
        save(tmp_path / "db", WEEK, [look()])


def test_a_full_disk_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, WEEK, 1)
    before = files(tmp_path)

    def full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:1000])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StoreError, match="No space left on device"):
        write(tmp_path, WEEK, 2)
    assert files(tmp_path) == before
    assert_whole(open_reader(tmp_path), Week.parse(WEEK).id, 1)
