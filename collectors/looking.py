"""Looks at repositories in processes of their own, several at a time, while whoever asks does something else.

They are none of multiprocessing's: those load the whole program once more, and stay behind where it is killed. These end with the pipe through
which they are asked, and nothing of the program's environment that could be a secret comes to them.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import Any, BinaryIO

from collectors.git import GitError, Repository
from collectors.local import Collector
from rungwise.clues import Wanted
from rungwise.model import Signal, Snapshot

_ROOT = Path(__file__).parent.parent
_PASSED_ON = (
    "PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG", "LC_ALL", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
)  # fmt: skip
_PROGRAM = "from collectors.looking import answer; answer()"
_PATIENCE = 5.0
"""Seconds for a process to end by itself."""


class Lookers:
    """Up to ``processes`` processes that look for what is ``wanted``; each starts when it is needed first."""

    def __init__(self, wanted: Wanted, processes: int) -> None:
        self._wanted = wanted
        self._pool = ThreadPoolExecutor(processes, thread_name_prefix="look")
        self._idle: SimpleQueue[_Looker] = SimpleQueue()
        self._closed = Event()

    def look(
        self, path: Path, name: str, commit: str, *, host: str | None, activity: Sequence[Signal] | None
    ) -> Future[Snapshot]:
        """What :meth:`Collector.look` says of the repository at ``path``, or its :class:`GitError`, which tells of a process that broke down too."""
        return self._pool.submit(self._look, (path, name, commit, host, activity))

    def _look(self, asked: tuple[Any, ...]) -> Snapshot:
        try:
            looker = self._idle.get_nowait()
        except Empty:
            looker = _Looker(self._wanted)
        try:
            found: Snapshot = looker.ask(asked)
        except _BrokenDown as broken:
            looker.end()
            raise GitError(f"It could not be looked at: {broken}.") from None
        except GitError:
            self._back(looker)
            raise
        self._back(looker)
        return found

    def _back(self, looker: _Looker) -> None:
        self._idle.put(looker)
        if self._closed.is_set():
            self._end_idle()

    def _end_idle(self) -> None:
        while True:
            try:
                self._idle.get_nowait().end()
            except Empty:
                return

    def close(self) -> None:
        """End the processes, once they are done with what they are looking at."""
        self._closed.set()
        self._end_idle()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._end_idle()


class _BrokenDown(Exception):
    """A process ended before it answered; the message says how."""


class _Looker:
    """One process."""

    def __init__(self, wanted: Wanted) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            # Not from the folder where the program was started, and in a session of its own: an interruption is the program's to handle.
            [sys.executable, "-P", "-c", _PROGRAM],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._wanted: Wanted | None = wanted

    def ask(self, asked: tuple[Any, ...]) -> Any:
        """Its answer. Raises :class:`GitError` where that is one, and :class:`_BrokenDown`."""
        given, told = self._process.stdin, self._process.stdout
        assert given is not None
        assert told is not None
        try:
            if self._wanted is not None:
                pickle.dump(self._wanted, given, pickle.HIGHEST_PROTOCOL)
                self._wanted = None
            pickle.dump(asked, given, pickle.HIGHEST_PROTOCOL)
            given.flush()
            answer = pickle.load(told)
        except (OSError, EOFError, pickle.UnpicklingError):
            self._process.kill()
            status = self._process.wait()
            raise _BrokenDown(
                f"the process that did so was ended by signal {-status}" if status < 0 else "the process that did so broke down"
            ) from None
        if isinstance(answer, GitError):
            raise answer
        return answer

    def end(self) -> None:
        """Let it end, and see that it does."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:
                    continue
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def answer() -> None:
    """In such a process: look at one repository after the other, until nobody asks any more."""
    # What is printed by mistake is no answer.
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _answer(sys.stdin.buffer, told)


def _answer(asked: BinaryIO, told: BinaryIO) -> None:
    try:
        collector = Collector(pickle.load(asked))
        while True:
            path, name, commit, host, activity = pickle.load(asked)
            found: Snapshot | GitError
            try:
                found = collector.look(Repository(path), name, commit, host=host, activity=activity)
            except GitError as error:
                found = error
            pickle.dump(found, told, pickle.HIGHEST_PROTOCOL)
            told.flush()
    except (EOFError, BrokenPipeError):
        # Whoever asked is done, or is no more.
        return


def cores() -> int:
    """How many processes can work at once here."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
