"""Pieces of Markdown that hold whatever comes from elsewhere."""

from __future__ import annotations

import re

_SPACE = re.compile(r"\s+")
_NOT_IN_ADDRESS = re.compile(r"[<>\\\s]")


def code(text: object) -> str:
    """A path or a commit as inline code, whatever it contains."""
    flat = _SPACE.sub(" ", str(text))
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", flat)), default=0))
    return f"{fence} {flat} {fence}" if "`" in flat else f"`{flat}`"


def link(label: str, url: object) -> str:
    """A Markdown link; ``label`` is Markdown already. An address that is not https stays text."""
    if not isinstance(url, str) or not url.startswith("https://"):
        return label
    encoded = _NOT_IN_ADDRESS.sub(lambda found: f"%{ord(found.group()):02X}", url)
    return f"[{label}](<{encoded}>)"
