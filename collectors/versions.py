"""What need not be searched again in a file of which an earlier version was searched, as most of its lines are the same.

A pattern that was not in the earlier version can be in the next one only where they differ: in the lines that changed, and in those around
them that it reaches over.

>>> changed(b"import os\\nrun()\\nstop()\\n", b"import os\\nrun(1)\\nstop()\\n", lines=0)
b'run(1)\\n'
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from collectors.literals import TOKEN
from rungwise.model import Place

REACH = 4
"""Lines on either side of those that changed; a pattern that may take in more, empty ones left out, is searched for in the whole text."""
_MOST_BYTES = 64 << 20
"""Bytes of the versions that are kept at a time."""


@dataclass(frozen=True, slots=True)
class Version:
    """A text that was searched, what it has (at the most) of that which patterns need (:meth:`~collectors.literals.Filter.met`), and the
    numbers of the patterns that might occur in it: none of the others does.
    """

    text: bytes
    met: int
    possible: frozenset[int]


class Versions:
    """The last version of each file that was searched, by the path and the place it was searched as; the oldest are let go."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Place | None], Version] = {}
        self._bytes = 0

    def last(self, path: str, place: Place | None) -> Version | None:
        """The version of a file that is kept, if one is."""
        return self._kept.get((path, place))

    def keep(self, path: str, place: Place | None, version: Version) -> None:
        """Keep this version of a file instead of the one before."""
        before = self._kept.pop((path, place), None)
        self._kept[path, place] = version
        self._bytes += len(version.text) - (len(before.text) if before else 0)
        while self._bytes > _MOST_BYTES:
            oldest = self._kept.pop(next(iter(self._kept)))
            self._bytes -= len(oldest.text)


def changed(before: bytes, now: bytes, lines: int = REACH) -> bytes:
    """The lines of ``now`` from the first to the last that differs, and so many more on both sides, empty ones not counted."""
    shorter = min(len(before), len(now))
    start = _most(shorter, lambda known, count: before[known:count] == now[known:count])
    old, new = len(before), len(now)
    end = new - _most(shorter - start, lambda known, count: before[old - count : old - known] == now[new - count : new - known])
    start = now.rfind(b"\n", 0, start) + 1
    end = now.find(b"\n", end) + 1 or len(now)
    left = lines
    while left and start:
        line = now.rfind(b"\n", 0, start - 1) + 1
        left -= not now[line:start].isspace()
        start = line
    left = lines
    while left and end < len(now):
        line = now.find(b"\n", end) + 1 or len(now)
        left -= not now[end:line].isspace()
        end = line
    return now[start:end]


def _most(limit: int, alike: Callable[[int, int], bool]) -> int:
    """The largest number up to ``limit`` of bytes that two texts have in common; ``alike`` compares those from one number up to another."""
    known = 0
    while known < limit:
        count = (known + limit + 1) // 2
        if alike(known, count):
            known = count
        else:
            limit = count - 1
    return known


_WHITE = re.compile(r"\[(?:\\[snrtfv]|[ ])+\]")
_MIGHT_BREAK = re.compile(r"\\[snWDSvfr]|\[:\^?\w+:\]|\\[ta]-|\n|^\[\^")
_NEVER_BREAKS = re.compile(r"^\[\^.*(?:\\[sn]|\n)", re.DOTALL)


@lru_cache(maxsize=4096)
def reach(pattern: str) -> int | None:
    """How many lines, empty ones not counted, an occurrence of a pattern (RE2 syntax, ``^`` and ``$`` at lines) takes in beyond its first.

    It is that many at the most; ``None`` where there may be any number.
    """
    count, at, last = 0, 0, 0
    groups = list[int]()
    while at < len(pattern):
        found = TOKEN.match(pattern, at)
        if found is None:
            return None
        at, sort, text = found.end(), found.lastgroup, found[0]
        breaks = sort != "repeat" and _breaks(sort or "", text)
        if breaks is None:
            return None
        if sort == "open":
            groups.append(count)
        elif sort == "close" and groups:
            last = count - groups.pop()
        elif sort == "repeat":
            # Blank space again is still blank space; what stands between is another line each time.
            if last and not text.startswith("?"):
                return None
        else:
            count += breaks
            last = 0
    return count


def _breaks(sort: str, text: str) -> bool | None:
    """Whether a part of a pattern takes in line breaks, and then nothing but blank space; ``None`` where it may take in more."""
    if sort in ("flags", "open"):
        return None if re.match(r"\(\?\w*s|\(\?\w*-", text) else False
    if sort == "edge":
        return None if text in (r"\A", r"\z") else False
    if sort == "any":
        return None if text in (r"\W", r"\D", r"\C") else text == r"\s"
    if sort == "class":
        if _WHITE.fullmatch(text):
            return True
        return None if _MIGHT_BREAK.search(text) and not _NEVER_BREAKS.search(text) else False
    return text in ("\n", r"\n", r"\v", r"\f", r"\r")
