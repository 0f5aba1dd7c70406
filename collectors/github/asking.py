"""Asks about many repositories at once and makes the best of what comes back.

Where a token lacks a permission, GraphQL answers with nothing for that field. If the field may not be empty, the whole repository
comes back as nothing; so what is missing is asked again without the part that is to blame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from collectors.github.client import Client, GraphQLAnswer
from collectors.github.queries import Part, part_of
from collectors.github.settings import NO_ANSWER

Document = Callable[[Iterable[Part]], str]
Node = Mapping[str, Any]


@dataclass
class Parts:
    """The parts of a query that are still worth asking for, and why the others are not."""

    all: Mapping[str, Part]
    dropped: dict[str, str] = field(default_factory=dict)

    def usable(self) -> dict[str, Part]:
        return {name: part for name, part in self.all.items() if name not in self.dropped}


@dataclass(frozen=True, slots=True)
class Told:
    """What GitHub told about one repository; ``lacking`` says for each part that it did not tell why not."""

    node: Node
    lacking: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Batch:
    """``told`` is ``None`` where there was no list of repositories at all; the last answer's errors then say why."""

    answer: GraphQLAnswer
    told: tuple[Told, ...] | None
    lost: int
    """Repositories that came back as nothing, whatever was left out of the question."""


def ask(
    client: Client,
    document: Document,
    parts: Parts,
    variables: Mapping[str, Any],
    nodes_of: Callable[[Mapping[str, Any]], Sequence[Node | None] | None],
) -> Batch:
    """Ask with every usable part, and again without those that stood in the way. Raises :class:`TooMuch` and :class:`Refused`."""
    use = parts.usable()
    lacking = dict(parts.dropped)
    best: dict[str, Told] = {}
    while True:
        answer = client.graphql(document(use.values()), variables, divisible=True)
        nodes = nodes_of(answer.data)
        faults = [(_index(error), part_of(error, use), error) for error in answer.errors]
        if nodes is None:
            blamed = {part.name: _why(error, part) for _, part, error in faults if part}
            if not blamed:
                return Batch(answer, None, 0)
            parts.dropped.update(blamed)
        else:
            for index, node in enumerate(nodes):
                if node and node.get("id") not in best:
                    own = {part.name: _why(error, part) for at, part, error in faults if part and at == index}
                    best[node["id"]] = Told(node, {**lacking, **own})
            empty = {index for index, node in enumerate(nodes) if not node}
            blamed = {part.name: _why(error, part) for at, part, error in faults if part and at in empty}
            if not blamed:
                return Batch(answer, tuple(best.values()), len(empty))
            if len(empty) == len(nodes):
                parts.dropped.update(blamed)
        lacking.update(blamed)
        use = {name: part for name, part in use.items() if name not in blamed}


def _index(error: Mapping[str, Any]) -> int | None:
    return next((step for step in error.get("path") or () if isinstance(step, int)), None)


def _why(error: Mapping[str, Any], part: Part) -> str:
    extensions = error.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    if code == "undefinedField":
        return "not offered by this GitHub"
    message = str(error.get("message", "")).lower()
    if error.get("type") in ("FORBIDDEN", "INSUFFICIENT_SCOPES") or "not accessible" in message:
        return f"needs {part.needs}"
    return NO_ANSWER
