"""Work that processes of their own do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.processes import Processes

PROGRAM = """
import os, time
from pathlib import Path
from collectors.processes import serve

def prepare(first):
    def answer(asked):
        if asked < 0:
            raise ArithmeticError(f"{asked} is less than nothing")
        if asked > 100:
            Path(first, str(os.getpid())).touch()
            time.sleep(asked)
        print("this is no answer")
        return first, os.getpid(), asked * 2
    return answer

serve(prepare, ArithmeticError)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(PROGRAM, str(tmp_path), 2, RuntimeError)
    yield made
    made.close()


def test_each_answers_by_what_it_was_told_first(processes: Processes, tmp_path: Path) -> None:
    asked = [processes.ask(number) for number in range(20)]
    answers = [each.result() for each in asked]
    assert [(first, answer) for first, _, answer in answers] == [(str(tmp_path), 2 * number) for number in range(20)]
    assert len({process for _, process, _ in answers}) <= 2
    assert os.getpid() not in {process for _, process, _ in answers}


def test_an_error_is_an_answer_and_the_next_is_answered(processes: Processes) -> None:
    with pytest.raises(ArithmeticError, match="-1 is less than nothing"):
        processes.ask(-1).result()
    assert processes.ask(1).result()[2] == 2


def test_what_nobody_foresaw_breaks_one_process_down(processes: Processes, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match=r"^It could not be looked at: the process that did so broke down\.$"):
        processes.ask("text").result()
    assert "TypeError" in capfd.readouterr().err, "and says why"
    assert processes.ask(1).result()[2] == 2


def test_nobody_waits_for_what_they_are_at(processes: Processes, tmp_path: Path) -> None:
    asked = processes.ask(600)
    while not (at := list(tmp_path.iterdir())):
        time.sleep(0.01)
    start = time.monotonic()
    processes.close()
    assert time.monotonic() - start < 60
    with pytest.raises(RuntimeError):
        asked.result()
    with pytest.raises(ProcessLookupError):
        os.kill(int(at[0].name), 0)
