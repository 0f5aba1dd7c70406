"""One governor for all threads: GitHub's limits hold for the token, whoever uses it.

GitHub has a primary limit (so many requests an hour for REST, so many points an hour for GraphQL), told in the headers of every answer, and
secondary limits (concurrency, bursts), told by a refusal with ``Retry-After`` or without. While either holds, nobody asks anything.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Protocol

from collectors.github.errors import GitHubError

SECONDARY_PAUSE = 60.0
"""Seconds; what GitHub asks for where a refusal names no time. Doubled each time it happens again."""
LONGEST_WAIT = 3_700.0
"""Seconds; GitHub's windows are an hour long, so whoever asks for more is not waited for."""


class Clock(Protocol):
    """Time as the governor knows it."""

    def now(self) -> float:
        """Seconds since 1970."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Meter:
    """What a collection has cost so far. Times in seconds."""

    rest: int = 0
    graphql: int = 0
    points: int = 0
    retries: int = 0
    waited: float = 0.0
    clones: int = 0
    cloned_bytes: int = 0

    def as_dict(self) -> dict[str, int | float]:
        """The figures by name, for a receipt."""
        return {name: round(value, 1) if isinstance(value, float) else value for name, value in vars(self).items()}


@dataclass(frozen=True, slots=True)
class Window:
    """What is left of a primary limit, and when it is full again (seconds since 1970, by our clock)."""

    limit: int
    remaining: int
    resets: float


class Governor:
    """Lets requests through, a few at a time, and holds all of them back while GitHub asks for it.

    ``deadline`` is a moment (seconds since 1970) after which nothing is waited for. ``notice`` gets a sentence whenever there is a wait of
    more than a few seconds.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        concurrency: int = 8,
        deadline: float | None = None,
        notice: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self.clock = clock
        self.meter = Meter()
        self.windows: dict[str, Window] = {}
        self._deadline = deadline
        self._notice = notice
        self._lock = threading.Lock()
        self._slots = threading.BoundedSemaphore(concurrency)
        self._paused_until = 0.0
        self._secondary_in_a_row = 0

    @contextmanager
    def turn(self, resource: str) -> Iterator[None]:
        """A turn to ask something of ``core`` (REST) or ``graphql``; waits until there is one. Raises :class:`GitHubError` past the deadline."""
        with self._slots:
            self._wait(resource)
            yield

    def count(self, **figures: float) -> None:
        """Add to the meter."""
        with self._lock:
            for name, value in figures.items():
                setattr(self.meter, name, getattr(self.meter, name) + value)

    def saw(self, resource: str, headers: Mapping[str, str]) -> None:
        """Take note of what an answer's headers say about the primary limit."""
        try:
            limit, remaining = int(headers["x-ratelimit-limit"]), int(headers["x-ratelimit-remaining"])
            reset = float(headers["x-ratelimit-reset"])
        except (KeyError, ValueError):
            return
        # The reset is told by GitHub's clock, and ours may be off by minutes.
        theirs = _date(headers.get("date", ""))
        resets = self.clock.now() + (reset - theirs) if theirs else reset
        with self._lock:
            self.windows[headers.get("x-ratelimit-resource", resource)] = Window(limit, remaining, resets)

    def went_well(self) -> None:
        """GitHub answered, so that the next secondary limit is a first one again."""
        self._secondary_in_a_row = 0

    def exhausted(self, resource: str) -> None:
        """The primary limit is used up; without a time in the headers, the usual pause has to do."""
        with self._lock:
            window = self.windows.get(resource)
            now = self.clock.now()
            resets = window.resets if window and window.resets > now else now + SECONDARY_PAUSE
            self.windows[resource] = Window(window.limit if window else 0, 0, resets)

    def pause(self, seconds: float | None) -> None:
        """Hold everybody back: for ``seconds``, or (``None``) for as long as GitHub asks for where it names no time."""
        with self._lock:
            now = self.clock.now()
            if seconds is None:
                if self._paused_until > now:
                    # Another thread's refusal, of the same burst.
                    return
                seconds = SECONDARY_PAUSE * 2**self._secondary_in_a_row
                self._secondary_in_a_row += 1
            self._paused_until = max(self._paused_until, now + seconds)

    def sleep(self, seconds: float, reason: str = "") -> None:
        """Wait, unless that were past the deadline or longer than any window of GitHub's: then :class:`GitHubError`."""
        now = self.clock.now()
        if self._deadline is not None and now + seconds > self._deadline:
            why = f" ({reason})" if reason else ""
            raise GitHubError(
                f"The time given to this collection is over{why}. What was collected is kept; run it again to go on."
            )
        if seconds > LONGEST_WAIT:
            raise GitHubError(
                f"GitHub asks to wait {seconds / 60:.0f} minutes ({reason}). What was collected is kept; run it again later."
            )
        if seconds > 5 and reason:
            self._notice(f"Waiting {seconds:.0f} s: {reason}.")
        if seconds > 0:
            self.count(waited=seconds)
            self.clock.sleep(seconds)

    def _wait(self, resource: str) -> None:
        self.sleep(0)
        while True:
            with self._lock:
                now = self.clock.now()
                window = self.windows.get(resource)
                if self._paused_until > now:
                    until, reason = self._paused_until, "GitHub asked for a pause"
                elif window and window.remaining <= 0 and window.resets > now:
                    until, reason = window.resets + 1, f"GitHub's hourly limit of {window.limit} for {resource} is used up"
                else:
                    return
            self.sleep(until - now, reason)


def _date(text: str) -> float | None:
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
