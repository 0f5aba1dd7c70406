"""TOML with the lines on which its keys stand."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import re2

from collectors.manifests.reading import Unreadable

_MAX_DOTS = 500
_MAX_PARTS = 8
_MAX_SCAN = 200
_HEADER = re2.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?")
_BARE_KEY = re.compile(r"[ \t]*([A-Za-z0-9_-]+)[ \t]*=")
"""Most keys, which are found several times as fast by this; what follows a run of characters is none of them, so that it takes linear time too."""
_KEY = re2.compile(r"""^\s*((?:"[^"\n]*"|'[^'\n]*'|[\w-]+)(?:\s*\.\s*(?:"[^"\n]*"|'[^'\n]*'|[\w-]+))*)\s*=""")
_PART = re2.compile(r"""("[^"]*"|'[^']*'|[^.\s"']+)""")


def load(text: str) -> dict[str, Any]:
    """A TOML document."""
    # The standard parser needs time and memory squared for one key of very many dotted parts.
    if any(line.count(".") > _MAX_DOTS for line in text.split("\n")):
        raise Unreadable("has an endless dotted key")
    try:
        return tomllib.loads(text)
    except ValueError:
        raise Unreadable("not valid TOML") from None


class TomlLines:
    """Where keys and list items of a TOML document stand, found in its text, since the parser does not say."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._keys: dict[tuple[str, ...], int] = {}
        self._around: dict[tuple[str, ...], int] = {}
        table: tuple[str, ...] = ()
        for number, line in enumerate(self._lines, start=1):
            if bare := _BARE_KEY.match(line):
                self._remember((*table, bare[1]), number)
            elif "[" in line and (header := _HEADER.search(line)):
                table = _parts(header[1])
                self._remember(table, number)
            elif "=" in line and (key := _KEY.search(line)):
                self._remember(table + _parts(key[1]), number)

    def _remember(self, path: tuple[str, ...], number: int) -> None:
        self._keys.setdefault(path[:_MAX_PARTS], number)
        for end in range(1, min(len(path), _MAX_PARTS)):
            self._around.setdefault(path[:end], number)

    def key(self, *path: str) -> int | None:
        """The line of a key, of its first part where only parts have lines, or else of the nearest table around it."""
        known = (lines.get(path[:end]) for end in range(len(path), 0, -1) for lines in (self._keys, self._around))
        return next((line for line in known if line is not None), None)

    def items(self, path: tuple[str, ...], items: list[str]) -> list[tuple[str, int | None]]:
        """Each string of the list at that key with its line; the key's own line where it is not found near by."""
        start = self.key(*path)
        if start is None:
            return [(item, None) for item in items]
        found: list[tuple[str, int | None]] = []
        at = start
        for item in items:
            quoted = (f'"{item}"', f"'{item}'")
            here = range(at, min(at + _MAX_SCAN, len(self._lines) + 1))
            line = next((number for number in here if any(text in self._lines[number - 1] for text in quoted)), None)
            at = line or at
            found.append((item, line or start))
        return found


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))
