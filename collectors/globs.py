"""Many globs, matched against one path after another."""

from __future__ import annotations

from collections.abc import Iterable

import re2

from rungwise.clues import glob_regex


class Globs:
    """Many globs, matched against many paths: first by the words that they hold, then those that are left one by one."""

    def __init__(self, globs: Iterable[str]) -> None:
        self._globs = tuple(dict.fromkeys(globs))
        self._filter = re2.Filter()
        whole_only = re2.Options()
        whole_only.never_capture = True
        for glob in self._globs:
            self._filter.Add(rf"\A(?:{glob_regex(glob)})\z", whole_only)
        if self._globs:
            self._filter.Compile()

    def of(self, path: str) -> tuple[str, ...]:
        """The globs that a path matches."""
        numbers = self._filter.Match(path.encode()) if self._globs else None
        return tuple(self._globs[number] for number in sorted(numbers)) if numbers else ()
