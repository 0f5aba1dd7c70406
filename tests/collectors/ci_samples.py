"""How the tests of the CI parsers look at signals."""

from __future__ import annotations

from textwrap import dedent

from collectors import ci
from rungwise.model import Signal, SignalKind


def signals(files: dict[str, str]) -> list[Signal]:
    """The STEP signals of a repository that holds these files; each text is dedented and loses its first newline."""
    read = {path: ci.read(path, dedent(content).removeprefix("\n").encode()) for path, content in files.items()}
    found = ci.steps(read)
    assert all(signal.kind is SignalKind.STEP for signal in found)
    return found


def workflow(content: str, **files: str) -> list[Signal]:
    """The signals of one GitHub workflow, ``ci.yml``."""
    return signals({".github/workflows/ci.yml": content, **files})


def runs(found: list[Signal]) -> list[str]:
    """The commands, in their order."""
    return [signal.value for signal in found if signal.name == "run"]


def uses(found: list[Signal]) -> list[str]:
    """What is used ready-made, in its order."""
    return [signal.value for signal in found if signal.name == "uses"]


def one(found: list[Signal], value: str) -> Signal:
    """The only signal of a value."""
    matching = [signal for signal in found if signal.value == value]
    assert len(matching) == 1, [signal.value for signal in found]
    return matching[0]


def events(found: list[Signal]) -> dict[str, set[str]]:
    """On which events each value runs."""
    out: dict[str, set[str]] = {}
    for signal in found:
        out.setdefault(signal.value, set()).update(signal.detail("on").split())
    return out


def places(found: list[Signal]) -> list[tuple[str, str | None, int | None, str]]:
    """Value, path, line and what it was found through."""
    return [(signal.value, signal.path, signal.line, signal.detail("via")) for signal in found]


def lines_of(content: str, *texts: str) -> list[int]:
    """The lines on which some texts stand first, once a sample is dedented."""
    rows = dedent(content).removeprefix("\n").split("\n")
    return [next(number for number, row in enumerate(rows, 1) if text in row) for text in texts]
