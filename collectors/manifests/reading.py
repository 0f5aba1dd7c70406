"""What every parser of a manifest needs: decoding, the shapes of signals, and words that tell development from production."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2

from rungwise.clues import package_name
from rungwise.model import Signal, SignalKind

MAX_BYTES = 1_000_000
"""No manifest that people write is larger."""

RUNTIME = "runtime"
DEVELOPMENT = "development"
INDIRECT = "indirect"
OPTIONAL = "optional"

_MAX_NAME = 300
_MAX_VALUE = 4_000
_NAME = re2.compile(r"[^\s\x00-\x1f\x7f\"'`<>{}()\[\]$\\,;]+")
_LFS_POINTER = b"version https://git-lfs."
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_DEVELOPMENT_WORDS = {
    "bench", "benchmark", "benchmarks", "build", "check", "checks", "ci", "cov", "coverage", "debug", "dev", "develop",
    "development", "devel", "doc", "docs", "documentation", "e2e", "example", "examples", "format", "formatting", "lint",
    "linter", "linters", "linting", "local", "mypy", "notebook", "notebooks", "precommit", "profiling", "qa", "quality",
    "release", "rubocop", "style", "test", "testing", "tests", "tool", "tooling", "tools", "type", "typecheck", "types",
    "typing",
}  # fmt: skip


class Unreadable(Exception):
    """A file is no manifest that could be understood; ``reason`` is a short phrase, e.g. ``not valid JSON``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_size(data: bytes) -> None:
    """Raise :class:`Unreadable` for what is too large, or only points at content that is kept elsewhere."""
    if len(data) > MAX_BYTES:
        raise Unreadable(f"larger than {MAX_BYTES // 1_000_000} MB")
    if data.startswith(_LFS_POINTER):
        raise Unreadable("kept in Git LFS")


_CONFLICT = re2.compile(rb"(?m)^<<<<<<< [^\n]*\n[\s\S]*^>>>>>>> ")
_PAGE = re2.compile(rb"(?i)\A\s*(?:<!doctype html|<html[\s>])")
_NO_BRACKETS = re2.compile(r"""(?m)"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:#|//).*$|/\*(?s:.*?)\*/""")


def check_whole(data: bytes) -> None:
    """Raise :class:`Unreadable` for what was never meant to be read: a merge that was not finished, a page that was saved instead."""
    if _CONFLICT.search(data):
        raise Unreadable("holds an unfinished merge")
    if _PAGE.search(data):
        raise Unreadable("is a web page")


def check_brackets(text: str) -> None:
    """Raise :class:`Unreadable` where brackets stay open, in a file of which nothing was understood."""
    bare = _NO_BRACKETS.sub("", text)
    if any(bare.count(opening) != bare.count(closing) for opening, closing in ("()", "[]", "{}")):
        raise Unreadable("its brackets do not match")


def decode(data: bytes) -> str:
    """The text of a file: UTF-8, or UTF-16 and UTF-32 with a byte order mark. Lines end with ``\\n``.

    Bytes that are no UTF-8 are replaced, since names of packages are ASCII and an old comment must not hide them.
    """
    encoding = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    text = data.decode(encoding, errors="replace")
    if "\0" in text:
        raise Unreadable("not a text file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def is_development(name: str) -> bool:
    """Whether the name of a group, an extra or a file says that it is not for production: ``dev``, ``test-utils`` ..."""
    return any(word in _DEVELOPMENT_WORDS for word in re2.findall(r"[a-z0-9]+", name.lower()))


class Facts:
    """What one manifest says, gathered in its order. Names that no package can have are left out."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    def dependency(self, ecosystem: str, name: str, scope: str, line: int | None, **about: str) -> None:
        """One direct dependency, under the one spelling of its name."""
        if known := _known_as(ecosystem, name):
            self.signals.append(Signal(SignalKind.DEPENDENCY, known, scope, line=line, about=_pairs(about)))

    def field(self, name: str, value: object, line: int | None = None, **about: str) -> None:
        """One field; nothing for an empty value. Lists are joined by spaces, truth values read ``true`` and ``false``."""
        if text := _text(value):
            self.signals.append(Signal(SignalKind.MANIFEST, name, text, line=line, about=_pairs(about)))


@lru_cache(maxsize=65_536)
def _known_as(ecosystem: str, name: str) -> str | None:
    """The one spelling of a package's name; ``None`` where no package can have it. Remembered, for most files list the same ones again."""
    return package_name(ecosystem, _storable(name)) if len(name) <= _MAX_NAME and _NAME.fullmatch(name) else None


def _pairs(about: dict[str, str]) -> tuple[tuple[str, str], ...]:
    # A trailing underscore is how Python spells a keyword such as ``from``.
    return tuple((key.rstrip("_"), _storable(value)) for key, value in about.items() if value)


def _storable(text: str) -> str:
    """Without lone surrogates and zero characters, which no database takes, and not endless."""
    return text[:_MAX_VALUE].replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return _storable(str(value)).strip()
    if isinstance(value, dict):
        value = list(value)
    if isinstance(value, list):
        return _storable(" ".join(item for item in value if isinstance(item, str)))
    return ""


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is a mapping, else an empty one: manifests of strangers hold anything anywhere."""
    return value if isinstance(value, dict) else {}


def strings(value: Any) -> list[str]:
    """The strings of a list, or the string alone."""
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def tables(value: Any) -> list[dict[str, Any]]:
    """The mappings of a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def replaced(signals: Iterable[Signal], new: dict[int, list[Signal]]) -> list[Signal]:
    """The signals, those at the given positions replaced by others (none: left out)."""
    return [signal for index, old in enumerate(signals) for signal in new.get(index, (old,))]
