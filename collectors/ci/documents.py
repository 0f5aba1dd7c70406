"""Reads YAML, JSON and TOML that others wrote: with line numbers, without surprises.

YAML comes as a tree of :class:`Node`, made from the parser's events instead of PyYAML's own nodes: those are built recursively in
C, and a file of nothing but brackets ends the process. Aliases are followed only as long as the document stays small.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import re2
import yaml

from collectors.ci.facts import Unreadable

SIZE_LIMIT = 1_000_000
"""Bytes; nobody writes a longer CI file by hand."""
DEPTH_LIMIT = 60
NODE_LIMIT = 200_000
"""Nodes of one document, each alias counted with all that it stands for."""


def text_of(data: bytes) -> str:
    """The text of a file, whatever its encoding; raises :class:`Unreadable` if it is too large or no text."""
    if len(data) > SIZE_LIMIT:
        raise Unreadable("larger than 1 MB")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data:
        raise Unreadable("binary")
    return data.decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


@dataclass(slots=True, eq=False)
class Node:
    """A piece of a YAML document. Asking for what is not there gives an empty node, so that a wrong shape reads as nothing."""

    line: int = 0
    scalar: str | None = None
    style: str | None = None
    tag: str | None = None
    pairs: list[tuple[Node, Node]] | None = None
    children: list[Node] | None = None
    size: int = 1

    def __getitem__(self, key: str) -> Node:
        found = _NOTHING
        for name, value in self.items():
            if name == key:
                found = value
        return found

    def __bool__(self) -> bool:
        return bool(self.pairs or self.children or self.text)

    def items(self) -> Iterator[tuple[str, Node]]:
        """Keys and values of a mapping, merged ones first so that the mapping's own win where the last one is taken."""
        for key, value in self.pairs or ():
            if key.scalar == "<<" and key.style is None:
                for merged in reversed(value.children if value.children is not None else [value]):
                    yield from merged.items()
        for key, value in self.pairs or ():
            if key.scalar is not None and not (key.scalar == "<<" and key.style is None):
                yield key.scalar, value

    def mapping(self) -> dict[str, Node]:
        """A mapping's items; the last one of a name counts."""
        return dict(self.items())

    def __contains__(self, key: str) -> bool:
        return any(name == key for name, _ in self.items())

    def key_lines(self) -> dict[str, int]:
        """A mapping's own keys and their lines."""
        return {key.scalar: key.line for key, _ in self.pairs or () if key.scalar is not None}

    def each(self) -> list[Node]:
        """The items of a list; a single scalar or mapping stands for a list of one."""
        if self.children is not None:
            return self.children
        return [self] if self else []

    def flat(self) -> list[Node]:
        """Like :meth:`each`, lists within lists flattened."""
        return [leaf for item in self.each() for leaf in (item.flat() if item.children is not None else [item])]

    @property
    def text(self) -> str:
        """A scalar's text; empty for everything else, and for null."""
        if self.scalar is None or (self.style is None and self.scalar in ("~", "null", "Null", "NULL")):
            return ""
        return self.scalar

    @property
    def true(self) -> bool:
        return self.style is None and self.text.lower() in ("true", "yes", "on")

    @property
    def false(self) -> bool:
        return self.style is None and self.text.lower() in ("false", "no", "off")

    @property
    def is_map(self) -> bool:
        return self.pairs is not None

    @property
    def is_list(self) -> bool:
        return self.children is not None

    @property
    def first_line(self) -> int:
        """The line on which the text of a scalar starts: the one after the bar of a block scalar."""
        return self.line + 1 if self.style in ("|", ">") else self.line

    @property
    def exact(self) -> bool:
        """Whether each line of the text is a line of the file."""
        return self.style == "|"

    def texts(self) -> tuple[str, ...]:
        """The scalars of a list, or the one scalar that stands for it."""
        return tuple(item.text for item in self.each() if item.text)


_NOTHING = Node()


def yaml_documents(text: str) -> list[Node]:
    """All documents of a YAML file; raises :class:`Unreadable` if it is none, or is made to cost."""
    try:
        return list(_documents(text))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Unreadable(f"not YAML: {_short(error)}") from error


def yaml_document(text: str) -> Node:
    """The first document of a YAML file."""
    return next(iter(yaml_documents(text)), _NOTHING)


def _documents(text: str) -> Iterator[Node]:
    anchors: dict[str, Node] = {}
    open_nodes: list[tuple[Node, str | None]] = []
    keys: list[Node | None] = []
    nodes = 0

    def put(node: Node) -> None:
        if not open_nodes:
            return
        parent = open_nodes[-1][0]
        parent.size += node.size
        if parent.children is not None:
            parent.children.append(node)
        elif keys[-1] is None:
            keys[-1] = node
        else:
            (parent.pairs if parent.pairs is not None else []).append((keys[-1], node))
            keys[-1] = None

    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        closed: Node | None = None
        if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            if len(open_nodes) >= DEPTH_LIMIT:
                raise Unreadable("nested too deeply")
            node = Node(_line(event), tag=event.tag)
            if isinstance(event, yaml.MappingStartEvent):
                node.pairs = []
            else:
                node.children = []
            open_nodes.append((node, event.anchor))
            keys.append(None)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            keys.pop()
            closed, anchor = open_nodes.pop()
            if anchor:
                anchors[anchor] = closed
        elif isinstance(event, yaml.ScalarEvent):
            # A block or quoted scalar has a style of its own; an explicit !!str reads like a quoted one.
            style = event.style or ('"' if event.tag == "tag:yaml.org,2002:str" else None)
            closed = Node(_line(event), event.value, style, event.tag)
            if event.anchor:
                anchors[event.anchor] = closed
        elif isinstance(event, yaml.AliasEvent):
            # An alias to what is still open would be a loop, and stands for nothing.
            closed = anchors.get(event.anchor or "", _NOTHING)
        elif isinstance(event, yaml.DocumentStartEvent):
            anchors.clear()
            nodes = 0
        if closed is not None:
            nodes += closed.size if isinstance(event, yaml.AliasEvent) else 1
            if nodes > NODE_LIMIT or closed.size > NODE_LIMIT:
                raise Unreadable("too many aliases or items")
            put(closed)
            if not open_nodes:
                yield closed


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def json_document(text: str) -> Any:
    """A JSON file; comments and trailing commas are put up with. Raises :class:`Unreadable`."""
    try:
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return json.loads(_TRAILING_COMMA.sub(r"\1", _JSON_COMMENT.sub(r"\1", text)))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {_short(error)}") from error


_JSON_COMMENT = re2.compile(r'("(?:[^"\\]|\\.)*")|//[^\n]*|/\*(?s:.*?)\*/')
_TRAILING_COMMA = re2.compile(r",(\s*[}\]])")


def toml_document(text: str) -> dict[str, Any]:
    """A TOML file; raises :class:`Unreadable`."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not TOML: {_short(error)}") from error


def dig(value: Any, *keys: str) -> Any:
    """What lies at a path of keys in parsed JSON or TOML; ``None`` where there is nothing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def strings(value: Any) -> list[str]:
    """The strings of a list, or the one string that stands for it."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


class Lines:
    """Finds on which line a key of a JSON or TOML file stands; those parsers do not say."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")

    def of(self, *keys: str) -> int:
        """The line of a key below others: each is looked for from the one before it on, and passed over if it is not found."""
        at = 0
        for key in keys:
            at = next((i for i in range(at, len(self._lines)) if _has_key(self._lines[i], key)), at)
        return at + 1


def _has_key(line: str, key: str) -> bool:
    stripped = line.strip()
    if stripped.startswith("[") and stripped.endswith("]"):
        header = stripped.strip("[] ").replace('"', "")
        return header == key or header.endswith(f".{key}")
    for quoted in (f'"{key}"', f"'{key}'"):
        if quoted in line and line.split(quoted, 1)[1].lstrip()[:1] in (":", "="):
            return True
    return stripped.startswith(key) and stripped[len(key) :].lstrip()[:1] == "="


def _short(error: Exception) -> str:
    return str(getattr(error, "problem", None) or error).split("\n", 1)[0][:120]
