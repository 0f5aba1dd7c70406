"""composer.json."""

from __future__ import annotations

from collectors.manifests import json_text
from collectors.manifests.reading import DEVELOPMENT, RUNTIME, Facts, decode, mapping, strings
from rungwise.model import Signal


def composer(_name: str, data: bytes) -> list[Signal]:
    """Packages of ``require`` and ``require-dev``; what the platform brings (``php``, ``ext-*``) has no vendor and is none."""
    text = decode(data)
    content, lines, facts = json_text.load(text), json_text.key_lines(text), Facts()
    for field in ("name", "type", "bin"):
        facts.field(f"composer:{field}", content.get(field), lines.get((field,)))
    for name, commands in mapping(content.get("scripts")).items():
        for command in strings(commands):
            facts.field("composer:script", f"{name}={command}", lines.get(("scripts", name)))
    for section, scope in (("require", RUNTIME), ("require-dev", DEVELOPMENT)):
        for name in mapping(content.get(section)):
            if "/" in name:
                facts.dependency("composer", name, scope, lines.get((section, name)))
    return facts.signals
