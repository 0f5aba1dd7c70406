"""Looks at repositories in processes of their own, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from collectors.git import GitError, Repository
from collectors.local import Collector
from collectors.processes import Processes, serve
from rungwise.clues import Wanted
from rungwise.model import Signal, Snapshot

_PROGRAM = "from collectors.looking import answer; answer()"


class Lookers:
    """Up to ``processes`` processes that look for what is ``wanted``; each starts when it is needed first."""

    def __init__(self, wanted: Wanted, processes: int) -> None:
        self._processes = Processes(_PROGRAM, wanted, processes, GitError)

    def look(
        self, path: Path, name: str, commit: str, *, host: str | None, activity: Sequence[Signal] | None
    ) -> Future[Snapshot]:
        """What :meth:`Collector.look` says of the repository at ``path``, or its :class:`GitError`, which tells of a process that broke down too."""
        return self._processes.ask((path, name, commit, host, activity))

    def close(self) -> None:
        """End the processes; nobody waits for what they are still looking at."""
        self._processes.close()


def answer() -> None:
    """In such a process: look at one repository after the other, until nobody asks any more."""
    serve(_looking_for, GitError)


def _looking_for(wanted: Wanted) -> Callable[[tuple[Any, ...]], Snapshot]:
    collector = Collector(wanted)

    def look(asked: tuple[Any, ...]) -> Snapshot:
        path, name, commit, host, activity = asked
        return collector.look(Repository(path), name, commit, host=host, activity=activity)

    return look
