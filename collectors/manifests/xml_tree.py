"""XML as a tree of elements with their lines, read without document types and so without entities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from collectors.manifests.reading import Unreadable

_MAX_DEPTH = 100
_MAX_TEXT = 4_000


@dataclass(slots=True, eq=False)
class Element:
    """An element: its name without prefix, attributes, own text, children, and the line on which it starts, from 1."""

    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def all(self, *path: str) -> Iterator[Element]:
        """The descendants that are reached by these names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.name == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> Element | None:
        """The first of them."""
        return next(self.all(*path), None)

    def value(self, *path: str) -> str:
        """The first one's text, trimmed; empty where there is none."""
        found = self.first(*path)
        return found.text.strip() if found else ""


def load(data: bytes) -> Element:
    """The root element. A document type is refused: no manifest needs one, and it is where entities are declared."""
    root = Element("", 1)
    open_elements = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        element = Element(name.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        open_elements[-1].children.append(element)
        open_elements.append(element)
        if len(open_elements) > _MAX_DEPTH:
            raise Unreadable("nested too deeply")

    def end(_name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        if len(open_elements[-1].text) < _MAX_TEXT:
            open_elements[-1].text += data

    def document_type(*_declared: object) -> None:
        raise Unreadable("declares a document type")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = document_type
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("not valid XML") from None
    return root.children[0]
