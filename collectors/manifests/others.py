"""Small manifests that only tell what kind of thing a folder is."""

from __future__ import annotations

from collectors.manifests import yaml_tree
from collectors.manifests.reading import Facts, decode
from rungwise.model import Signal


def action(_name: str, data: bytes) -> list[Signal]:
    """A GitHub action's name and what it runs on."""
    root, facts = yaml_tree.load(decode(data)), Facts()
    facts.field("actions:name", root.get("name").text, root.get("name").line)
    facts.field("actions:using", root.get("runs", "using").text, root.get("runs", "using").line)
    return facts.signals


def chart(_name: str, data: bytes) -> list[Signal]:
    """A Helm chart's name and type."""
    root, facts = yaml_tree.load(decode(data)), Facts()
    for field in ("name", "type"):
        facts.field(f"helm:{field}", root.get(field).text, root.get(field).line)
    return facts.signals
