"""Work that processes of their own do, several at a time, while whoever asks does something else.

They are none of multiprocessing's: those load the whole program once more, and stay behind where it is killed. These end with the pipe through
which they are asked, and nothing of the program's environment that could be a secret comes to them.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, BinaryIO

_ROOT = Path(__file__).parent.parent
_PASSED_ON = (
    "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG", "LC_ALL", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
)  # fmt: skip
_PATIENCE = 5.0
"""Seconds for a process to end by itself."""


class _BrokenDown(Exception):
    """A process ended before it answered; the message says how."""


class Processes:
    """Up to ``count`` processes; each starts when it is needed first, runs ``program`` (which calls :func:`serve`) and is told ``first`` once.

    ``failed`` makes an error of the sentence that says how one broke down.
    """

    def __init__(self, program: str, first: object, count: int, failed: Callable[[str], Exception]) -> None:
        self._program = program
        self._first = first
        self._failed = failed
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="process")
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        self._busy: set[_Process] = set()
        self._closed = Event()

    def ask(self, asked: object) -> Future[Any]:
        """What one of them answers, or the error that it hands over."""
        return self._pool.submit(self._ask, asked)

    def _ask(self, asked: object) -> Any:
        try:
            process = self._idle.get_nowait()
        except Empty:
            process = _Process(self._program, self._first)
        self._busy.add(process)
        try:
            answer = process.ask(asked)
        except _BrokenDown as broken:
            raise self._failed(f"It could not be looked at: {broken}.") from None
        finally:
            self._busy.discard(process)
        self._idle.put(process)
        if self._closed.is_set():
            self._end_idle()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _end_idle(self) -> None:
        while True:
            try:
                self._idle.get_nowait().end()
            except Empty:
                return

    def close(self) -> None:
        """End the processes; nobody waits for what they are still at."""
        self._closed.set()
        for process in tuple(self._busy):
            process.kill()
        self._end_idle()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._end_idle()


class _Process:
    def __init__(self, program: str, first: object) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            # Not from the folder where the program was started, and in a session of its own: an interruption is the program's to handle.
            [sys.executable, "-P", "-c", program],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._first: tuple[object, ...] = (first,)

    def ask(self, asked: object) -> Any:
        """Its answer. Raises :class:`_BrokenDown`."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        try:
            for each in (*self._first, asked):
                pickle.dump(each, given, pickle.HIGHEST_PROTOCOL)
            self._first = ()
            given.flush()
            return pickle.load(told)
        except (OSError, EOFError, pickle.UnpicklingError):
            # Not killed at once: it may have something to say about it.
            status = self.end()
            raise _BrokenDown(
                f"the process that did so was ended by signal {-status}" if status < 0 else "the process that did so broke down"
            ) from None

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> int:
        """Let it end, and see that it does; returns its status."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        try:
            return self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def serve(prepare: Callable[[Any], Callable[[Any], Any]], hands_over: type[Exception]) -> None:
    """In such a process: answer one question after the other, until nobody asks any more.

    ``prepare`` makes of what is told first what answers; an error of the kind that it ``hands_over`` is an answer.
    """
    # What is printed by mistake is no answer.
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _serve(prepare, hands_over, sys.stdin.buffer, told)


def _serve(prepare: Callable[[Any], Callable[[Any], Any]], hands_over: type[Exception], asked: BinaryIO, told: BinaryIO) -> None:
    try:
        answer = prepare(pickle.load(asked))
        while True:
            question = pickle.load(asked)
            found: Any
            try:
                found = answer(question)
            except hands_over as error:
                found = error
            pickle.dump(found, told, pickle.HIGHEST_PROTOCOL)
            told.flush()
    except (EOFError, BrokenPipeError):
        # Whoever asked is done, or is no more.
        return


def cores() -> int:
    """How many processes can work at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
