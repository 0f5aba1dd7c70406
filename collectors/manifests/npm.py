"""package.json, pnpm-workspace.yaml, and Deno's deno.json and jsr.json."""

from __future__ import annotations

import re2

from collectors.manifests import json_text, yaml_tree
from collectors.manifests.reading import DEVELOPMENT, OPTIONAL, RUNTIME, Facts, decode, mapping, strings
from rungwise.model import Signal

_SECTIONS = (
    ("dependencies", RUNTIME, ""),
    ("optionalDependencies", RUNTIME, ""),
    ("devDependencies", DEVELOPMENT, ""),
    ("peerDependencies", OPTIONAL, "peer"),
)
_FIELDS = ("name", "private", "type", "bin", "main", "module", "exports", "files", "publishConfig")
_TOOLS = (
    "ava", "babel", "browserslist", "commitlint", "eslintConfig", "husky", "jest", "lint-staged", "mocha", "nyc", "oxlint",
    "prettier", "release", "simple-git-hooks", "size-limit", "stylelint", "xo",
)  # fmt: skip
"""Tools whose settings may stand in package.json under their own key."""
_LOCAL = ("workspace:", "file:", "link:", "portal:")
_ALIAS = re2.compile(r"^npm:((?:@[^@/]+/)?[^@/]+)")
_SPECIFIER = re2.compile(r"^(npm|jsr):/?((?:@[^@/]+/)?[^@/]+)")
_CDN = re2.compile(r"^https?://(?:esm\.sh|cdn\.skypack\.dev|esm\.run|deno\.land/x)/((?:@[^@/]+/)?[^@/?]+)")


def package_json(_name: str, data: bytes) -> list[Signal]:
    """Dependencies, scripts and the fields that tell what a package is for."""
    text = decode(data)
    content, lines, facts = json_text.load_tolerant(text), json_text.key_lines(text), Facts()
    for field in _FIELDS:
        facts.field(f"npm:{field}", content.get(field), lines.get((field,)))
    workspaces = content.get("workspaces")
    facts.field(
        "npm:workspaces",
        strings(mapping(workspaces).get("packages")) if isinstance(workspaces, dict) else workspaces,
        lines.get(("workspaces",)),
    )
    for tool in _TOOLS:
        if tool in content:
            facts.field("npm:tool", tool, lines.get((tool,)))
    for name, command in mapping(content.get("scripts")).items():
        if isinstance(command, str):
            facts.field("npm:script", f"{name}={command}", lines.get(("scripts", name)))
    facts.field("npm:prisma.seed", mapping(content.get("prisma")).get("seed"), lines.get(("prisma", "seed")))
    for section, scope, kind in _SECTIONS:
        for name, wanted in mapping(content.get(section)).items():
            version = wanted if isinstance(wanted, str) else ""
            line = lines.get((section, name))
            source = "local" if version.startswith(_LOCAL) else ""
            facts.dependency("npm", name, scope, line, kind=kind, source=source)
            if (alias := _ALIAS.search(version)) and alias[1] != name:
                facts.dependency("npm", alias[1], scope, line, kind=kind, alias=name)
    return facts.signals


def pnpm_workspace(_name: str, data: bytes) -> list[Signal]:
    """Which folders hold the packages of a pnpm workspace."""
    facts = Facts()
    packages = yaml_tree.load(decode(data)).get("packages")
    facts.field("npm:workspaces", [node.text for node in packages.items], packages.line)
    return facts.signals


def deno(_name: str, data: bytes) -> list[Signal]:
    """Imports from npm, JSR and the usual script hosts, and tasks. A JSR package is given by its name there, as if from npm."""
    text = decode(data)
    content, lines, facts = json_text.load_tolerant(text), json_text.key_lines(text), Facts()
    for field in ("name", "exports"):
        facts.field(f"npm:{field}", content.get(field), lines.get((field,)))
    facts.field("npm:workspaces", content.get("workspace"), lines.get(("workspace",)))
    for name, task in mapping(content.get("tasks")).items():
        command = task if isinstance(task, str) else mapping(task).get("command")
        if isinstance(command, str):
            facts.field("npm:script", f"{name}={command}", lines.get(("tasks", name)))
    for name, target in mapping(content.get("imports")).items():
        if not isinstance(target, str):
            continue
        line = lines.get(("imports", name))
        if found := _SPECIFIER.search(target):
            facts.dependency("npm", found[2], RUNTIME, line, source="jsr" if found[1] == "jsr" else "")
        elif found := _CDN.search(target):
            facts.dependency("npm", found[1], RUNTIME, line, source="url")
    return facts.signals
