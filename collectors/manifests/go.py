"""go.mod."""

from __future__ import annotations

import re2

from collectors.manifests.reading import DEVELOPMENT, INDIRECT, RUNTIME, Facts, Unreadable, decode
from rungwise.model import Signal

_DIRECTIVE = re2.compile(r"^(\w+)\s*\($")


def go_mod(_name: str, data: bytes) -> list[Signal]:
    """Required modules. A module that holds one of the ``tool`` directives' packages is for development."""
    facts = Facts()
    required: list[tuple[str, bool, int]] = []
    tools: list[tuple[str, int]] = []
    block = ""
    for number, raw in enumerate(decode(data).split("\n"), start=1):
        code, _, comment = raw.partition("//")
        words = code.split()
        if opened := _DIRECTIVE.search(code.strip()):
            block = opened[1]
            continue
        if words == [")"]:
            block = ""
            continue
        directive, arguments = (block, words) if block else (words[0] if words else "", words[1:])
        if not arguments:
            continue
        name = arguments[0].strip('"`')
        if directive == "module":
            facts.field("go:module", name, number)
        elif directive == "require":
            required.append((name, comment.split(";")[0].strip() == "indirect", number))
        elif directive == "tool":
            tools.append((name, number))
    if not any(signal.name == "go:module" for signal in facts.signals):
        raise Unreadable("names no module")
    wanted_by_tools = {prefix for tool, _ in tools for prefix in _prefixes(tool)}
    for name, indirect, number in required:
        scope = DEVELOPMENT if name in wanted_by_tools else INDIRECT if indirect else RUNTIME
        facts.dependency("go", name, scope, number)
    modules = {name for name, _, _ in required}
    for tool, number in tools:
        if not modules & set(_prefixes(tool)):
            facts.dependency("go", tool, DEVELOPMENT, number)
    return facts.signals


def _prefixes(path: str) -> list[str]:
    """The paths of all modules that could hold a package."""
    parts = path.split("/")[:16]
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
