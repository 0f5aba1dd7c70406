"""Gemfile and gemspecs. They are programs; only their usual forms are read, line by line."""

from __future__ import annotations

from collections.abc import Iterator

import re2

from collectors.manifests.reading import DEVELOPMENT, OPTIONAL, RUNTIME, Facts, decode, is_development
from rungwise.model import Signal

_GEM = re2.compile(r"""^\s*gem[\s(]+["']([^"'#]+)["'](.*)$""")
_GROUP_BLOCK = re2.compile(r"^\s*group[\s(]+(.*?)\)?\s*do\b")
_GROUP_OPTION = re2.compile(r"""(?:\bgroups?:|:groups?\s*=>)\s*(\[[^\]]*\]|[:"'][\w"']+)""")
_WORDS = re2.compile(r"[a-z_]\w*")
_OPENS = re2.compile(r"^\s*(?:if|unless|case|begin|def|class|module|while|until)\b|\bdo\s*(?:\|[^|]*\|)?\s*$")
_ONLY_IF_ASKED = re2.compile(r"^\s*(?:if|unless)\b.*\bENV\b")
_OTHERWISE = re2.compile(r"^\s*els(?:e|if)\b")
_CLOSES = re2.compile(r"^\s*end\b")
_LOCAL = re2.compile(r"(?:\bpath:|:path\s*=>)")
_MAX_JOINED = 30

_ADDED = re2.compile(r"""\.add_((?:runtime_|development_)?)dependency[\s(]+["']([^"'#]+)["']""")
_SPEC_FIELD = re2.compile(r"""^\s*\w+\.(name|executables|bindir)\s*=\s*(.+)$""")
_QUOTED = re2.compile(r"""["']([^"'#]+)["']""")
_WORD_LIST = re2.compile(r"%w[\[({]([^\])}]*)")


def gemfile(_name: str, data: bytes) -> list[Signal]:
    """Gems; those of groups that are named after development and tests are for development.

    Optional are those of optional groups, and those that somebody has to ask for by an environment variable.
    """
    facts = Facts()
    scopes: list[str | None] = []
    for line, number in _statements(decode(data)):
        if _CLOSES.search(line):
            if scopes:
                scopes.pop()
        elif block := _GROUP_BLOCK.search(line):
            scopes.append(_scope(block[1]))
        elif gem := _GEM.search(line):
            option = _GROUP_OPTION.search(gem[2])
            scope = _scope(option[1]) if option else next((scope for scope in reversed(scopes) if scope), RUNTIME)
            facts.dependency("gem", gem[1], scope, number, source="local" if _LOCAL.search(gem[2]) else "")
        elif _OPENS.search(line):
            scopes.append(OPTIONAL if _ONLY_IF_ASKED.search(line) else None)
        elif _OTHERWISE.search(line) and scopes:
            scopes[-1] = None
    return facts.signals


def _scope(groups: str) -> str:
    names = _WORDS.findall(groups.partition("optional")[0])
    if "optional: true" in groups or ":optional => true" in groups:
        return OPTIONAL
    return DEVELOPMENT if names and all(is_development(name) for name in names) else RUNTIME


def _statements(text: str) -> Iterator[tuple[str, int]]:
    """Lines without comments, joined where one ends with a comma, with the number of the first."""
    joined, start, count = "", 0, 0
    for number, raw in enumerate(text.split("\n"), start=1):
        line = _without_comment(raw)
        if not line.strip():
            continue
        joined, start = (f"{joined} {line.strip()}", start) if joined else (line.rstrip(), number)
        count += 1
        if not joined.endswith(",") or count > _MAX_JOINED:
            yield joined, start
            joined, count = "", 0
    if joined:
        yield joined, start


def _without_comment(line: str) -> str:
    quote = ""
    for index, char in enumerate(line):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "#":
            return line[:index]
    return line


def gemspec(_name: str, data: bytes) -> list[Signal]:
    """What a gem is called, brings and needs."""
    facts = Facts()
    for line, number in _statements(decode(data)):
        if added := _ADDED.search(line):
            facts.dependency("gem", added[2], DEVELOPMENT if added[1] == "development_" else RUNTIME, number)
        elif field := _SPEC_FIELD.search(line):
            listed = _WORD_LIST.search(field[2])
            facts.field(f"gem:{field[1]}", listed[1].split() if listed else _QUOTED.findall(field[2]), number)
    return facts.signals
