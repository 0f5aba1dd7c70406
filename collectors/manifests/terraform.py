"""Terraform's and OpenTofu's ``*.tf``."""

from __future__ import annotations

import re

import re2

from collectors.manifests import blocks
from collectors.manifests.reading import RUNTIME, Facts, decode
from rungwise.model import Signal

# What is not closed reaches to the end of its line or of the file, so that each character is looked at once.
# None of these, once begun, can fail or go back, so Python's own engine is linear here too, and a file has very many of them.
_TOKEN = re.compile(r'#[^\n]*+|//[^\n]*+|(?s:/\*.*?(?:\*/|\Z))|"(?:[^"\\\n]|\\.)*+"?+|[A-Za-z_][\w.-]*+|[{}()\[\],=\n]', re.ASCII)
_HEREDOC = re2.compile(r'<<[-~]?\s*"?([A-Za-z_]\w*)"?\s*$')


def terraform(_name: str, data: bytes) -> list[Signal]:
    """Providers as dependencies, once a file; the backend, modules and the distinct types of resources as fields."""
    facts = Facts()
    providers: dict[str, int] = {}
    required: dict[str, tuple[str, int]] = {}
    types: dict[str, int] = {}
    for around, statement in blocks.statements(blocks.tokens(_without_heredocs(decode(data)), _TOKEN)):
        if not statement:
            continue
        head, label = statement[0], statement[1].text if len(statement) > 1 and statement[1].quoted else ""
        inside = [block[0].text if block else "" for block in around]
        if not around and head.text in ("resource", "data") and label:
            providers.setdefault(label.partition("_")[0], head.line)
            if head.text == "resource":
                types.setdefault(label, head.line)
        elif not around and head.text == "provider" and label:
            providers.setdefault(label, head.line)
        elif inside == ["terraform"] and head.text in ("backend", "cloud"):
            facts.field("terraform:backend", label or head.text, head.line)
        elif inside == ["terraform", "required_providers"]:
            required.setdefault(head.text, (head.text, head.line))
        elif inside[:2] == ["terraform", "required_providers"] and len(around) == 3 and head.text == "source":
            required[around[2][0].text] = (statement[-1].text.rpartition("/")[2], around[2][0].line)
        elif len(around) == 1 and inside == ["module"] and head.text == "source":
            facts.field("terraform:module", statement[-1].text, head.line)
    sources = {local: name for local, (name, _) in required.items()}
    lines = dict(required.values())
    for provider, line in providers.items():
        lines.setdefault(sources.get(provider, provider), line)
    for name, line in sorted(lines.items(), key=lambda item: item[1]):
        facts.dependency("terraform", name.lower(), RUNTIME, line)
    for name, line in types.items():
        facts.field("terraform:resource", name, line)
    return facts.signals


def _without_heredocs(text: str) -> str:
    """The text with the contents of heredocs left empty, line by line: they hold other languages."""
    lines, marker = [], ""
    for line in text.split("\n"):
        if marker:
            marker = "" if line.strip() == marker else marker
            lines.append("")
            continue
        if found := _HEREDOC.search(line):
            marker = found[1]
        lines.append(line)
    return "\n".join(lines)
