"""JSON with the lines on which its keys stand."""

from __future__ import annotations

import json
import re
from typing import Any

import re2

from collectors.manifests.reading import Unreadable

_MAX_DEPTH = 4
# An unclosed string or comment reaches to the end of the file, so that each character is looked at once. There are too many tokens to ask RE2 for each.
_TOKEN = re.compile(r'"[^"\\]*(?:\\(?s:.)[^"\\]*)*"?|//[^\n]*|(?s:/\*.*?(?:\*/|\Z))|[{}\[\],:\n]')
_TRAILING_COMMA = re2.compile(r'"(?:[^"\\]|\\(?s:.))*"?|,(\s*[}\]])')

Path = tuple[str, ...]


def load(text: str) -> dict[str, Any]:
    """A JSON object. Of two equal keys the last one counts."""
    try:
        value = json.loads(text)
    except ValueError:
        raise Unreadable("not valid JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("not a JSON object")
    return value


def load_tolerant(text: str) -> dict[str, Any]:
    """A JSON object that may hold comments and commas before a closing bracket."""
    try:
        return load(text)
    except Unreadable:
        pass
    without_comments = _TOKEN.sub(lambda token: " " if token[0].startswith("/") else token[0], text)
    return load(_TRAILING_COMMA.sub(lambda token: token[0] if token[1] is None else token[1], without_comments))


def key_lines(text: str) -> dict[Path, int]:
    """The line of each key, by its path from the root, four levels deep. Elements of lists have no path."""
    lines: dict[Path, int] = {}
    line, path, depth, last = 1, [""], 0, ""
    for token in _TOKEN.finditer(text):
        part = token[0]
        if part == "\n":
            line += 1
        elif part in "{[":
            depth += 1
            if depth <= _MAX_DEPTH:
                path = [*path[:depth], "[" if part == "[" else ""]
        elif part in "}]":
            depth = max(depth - 1, 0)
        elif part == ":" and 0 < depth <= _MAX_DEPTH:
            path[depth:] = [last]
            lines[tuple(path[1 : depth + 1])] = line
        elif part.startswith('"'):
            last = _unquoted(part)
        else:
            line += part.count("\n")
    return lines


def _unquoted(part: str) -> str:
    if "\\" not in part:
        return part.strip('"')
    try:
        return str(json.loads(part))
    except ValueError:
        return part
