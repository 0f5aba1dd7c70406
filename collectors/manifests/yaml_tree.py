"""YAML as a tree of texts with their lines.

The tree is built from the parser's events: nothing is constructed, an alias is the node that it names, merge keys are
followed only when they are asked for, and two equal keys are no error. So no document can grow while it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from collectors.manifests.reading import Unreadable

_MAX_DEPTH = 100
_MAX_ALIASES = 1_000
_LOADER: type[yaml.CSafeLoader] | type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True, eq=False)
class Node:
    """A text, a list or a mapping, and the line on which it starts, from 1."""

    value: str | list[Node] | dict[str, Node]
    line: int
    key_lines: dict[str, int] = field(default_factory=dict)
    """Of a mapping: where its keys stand."""

    @property
    def text(self) -> str:
        """The text; empty for a list, a mapping and nothing."""
        return self.value if isinstance(self.value, str) and self.value not in ("~", "null") else ""

    @property
    def items(self) -> list[Node]:
        """The elements of a list; none if it is no list."""
        return self.value if isinstance(self.value, list) else []

    @property
    def fields(self) -> dict[str, Node]:
        """A mapping's keys and values, merged ones included; none if it is no mapping."""
        merged: dict[str, Node] = {}
        seen: set[int] = set()
        waiting: list[Node] = [self]
        while waiting:
            node = waiting.pop(0)
            if id(node) in seen:
                continue
            seen.add(id(node))
            if isinstance(node.value, dict):
                for key, value in node.value.items():
                    if key != "<<":
                        merged.setdefault(key, value)
                    else:
                        waiting += value.items or [value]
        return merged

    def get(self, *path: str) -> Node:
        """What stands under these keys; an empty text where nothing does."""
        node = self
        for key in path:
            node = node.fields.get(key) or Node("", node.line)
        return node


def load(text: str) -> Node:
    """The first document of a YAML text."""
    try:
        return _tree(text)
    except yaml.YAMLError:
        raise Unreadable("not valid YAML") from None


def _tree(text: str) -> Node:
    root = Node("", 1)
    open_nodes: list[tuple[Node, list[Node]]] = []
    anchors: dict[str, Node] = {}
    aliases = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if isinstance(event, yaml.CollectionEndEvent):
            open_nodes.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            if aliases > _MAX_ALIASES:
                raise Unreadable("has too many aliases")
            node = anchors.get(event.anchor or "") or Node("", line)
        else:
            node = Node(_empty(event), line)
            if event.anchor:
                anchors[event.anchor] = node
        if open_nodes:
            _add(node, *open_nodes[-1])
        else:
            root = node
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((node, []))
            if len(open_nodes) > _MAX_DEPTH:
                raise Unreadable("nested too deeply")
    return root


def _empty(event: yaml.NodeEvent) -> str | list[Node] | dict[str, Node]:
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _add(node: Node, parent: Node, key: list[Node]) -> None:
    """Hang a node into its parent; ``key`` holds a mapping's key while its value is awaited."""
    if isinstance(parent.value, list):
        parent.value.append(node)
    elif isinstance(parent.value, dict):
        if key:
            name = key.pop()
            parent.value[name.text] = node
            parent.key_lines[name.text] = name.line
        else:
            key.append(node)
