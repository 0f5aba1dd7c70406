"""What something cost: on the clock, and in processor seconds, which stay the same when others use the machine too."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of all processors together, of this process and its finished children, and seconds on the clock."""

    processor: float = 0.0
    clock: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.processor + other.processor, self.clock + other.clock)

    def beside(self, other: Spent) -> str:
        """How many times as much as the other, as text."""
        return f"x{self.processor / max(other.processor, 1e-3):.2f} (x{self.clock / max(other.clock, 1e-3):.2f})"

    def __str__(self) -> str:
        return f"{self.processor:.2f} s ({self.clock:.2f} s)"


def timed(run: Callable[[], object]) -> Spent:
    """What a call cost."""
    before = _now()
    run()
    after = _now()
    return Spent(after.processor - before.processor, after.clock - before.clock)


def _now() -> Spent:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return Spent(sum(each.ru_utime + each.ru_stime for each in used), time.perf_counter())
