"""How the tests of the manifest parsers look at signals."""

from __future__ import annotations

from textwrap import dedent

from collectors.manifests import parse, resolve
from rungwise.model import Signal, SignalKind


def signals(path: str, content: str) -> list[Signal]:
    return parse(path, dedent(content).lstrip("\n").encode())


def dependencies(found: list[Signal]) -> list[tuple[str, str, int | None]]:
    """Name, scope and line of each dependency."""
    return [(signal.name, signal.value, signal.line) for signal in found if signal.kind is SignalKind.DEPENDENCY]


def scopes(found: list[Signal]) -> dict[str, str]:
    """The scope of each dependency."""
    return {signal.name: signal.value for signal in found if signal.kind is SignalKind.DEPENDENCY}


def fields(found: list[Signal]) -> list[tuple[str, str, int | None]]:
    """Name, value and line of each field."""
    return [(signal.name, signal.value, signal.line) for signal in found if signal.kind is SignalKind.MANIFEST]


def resolved(files: dict[str, str]) -> list[Signal]:
    """What several files of one repository say together."""
    return resolve([signal for path, content in files.items() for signal in signals(path, content)])
