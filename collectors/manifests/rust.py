"""Cargo.toml."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from collectors.manifests import toml_text
from collectors.manifests.reading import DEVELOPMENT, OPTIONAL, RUNTIME, Facts, decode, mapping, replaced, strings, tables
from rungwise.clues import package_name
from rungwise.model import Signal, SignalKind

_SECTIONS = (("dependencies", RUNTIME), ("dev-dependencies", DEVELOPMENT), ("build-dependencies", DEVELOPMENT))
_RENAMED = "crates:renamed"
_ASKED = "crates:asked"
"""A workspace's name for a crate that is called otherwise, and a feature that is wanted of another crate: both are spent by
:func:`resolve`."""
_MAX_FEATURES = 300


def cargo(_name: str, data: bytes) -> list[Signal]:
    """Dependencies, also those of single targets. What a workspace only offers to its members is none."""
    text = decode(data)
    content, lines, facts = toml_text.load(text), toml_text.TomlLines(text), Facts()
    package, workspace = mapping(content.get("package")), mapping(content.get("workspace"))
    facts.field("crates:name", package.get("name"), lines.key("package", "name"))
    if package.get("publish") is False or package.get("publish") == []:
        facts.field("crates:publish", False, lines.key("package", "publish"))
    if "lib" in content:
        facts.field("crates:lib", mapping(content["lib"]).get("name") or "true", lines.key("lib"))
    binaries = [str(binary.get("name", "")) for binary in tables(content.get("bin"))]
    for binary, line in lines.items(("bin",), binaries):
        facts.field("crates:bin", binary, line)
    if workspace:
        facts.field("crates:workspace", strings(workspace.get("members")) or "true", lines.key("workspace"))
    facts.field("crates:lints", content.get("lints"), lines.key("lints"))
    facts.field("crates:lints", workspace.get("lints"), lines.key("workspace", "lints"))
    for name, wanted in mapping(workspace.get("dependencies")).items():
        if isinstance(real := mapping(wanted).get("package"), str):
            facts.field(_RENAMED, real, lines.key("workspace", "dependencies", name), alias=name)

    features = mapping(content.get("features"))
    brought = {feature: _brought(features, feature) for feature in list(features)[:_MAX_FEATURES]}
    for path, table in _around(content):
        for section, scope in _SECTIONS:
            for name, wanted in mapping(table.get(section)).items():
                options = mapping(wanted)
                optional = scope == RUNTIME and options.get("optional") is True and name not in brought.get("default", ())
                real = options.get("package")
                facts.dependency(
                    "crates",
                    real if isinstance(real, str) else name,
                    OPTIONAL if optional else scope,
                    lines.key(*path, section, name),
                    source="local" if "path" in options else "",
                    workspace=name if options.get("workspace") is True else "",
                    features=" ".join([name, *(feature for feature in brought if name in brought[feature])]) if optional else "",
                )
    for asked in _asked(content, workspace, features):
        facts.field(_ASKED, asked)
    return facts.signals


def _around(content: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    yield (), content
    for target, table in mapping(content.get("target")).items():
        yield ("target", target), mapping(table)


def _brought(features: dict[str, Any], feature: str) -> set[str]:
    """The features and optional dependencies that a feature switches on."""
    on: set[str] = set()
    waiting = [feature]
    while waiting:
        name = waiting.pop().removeprefix("dep:").partition("/")[0]
        # ``name?/feature`` asks for a feature only where something else brings the dependency.
        if name not in on and not name.endswith("?"):
            on.add(name)
            waiting += strings(features.get(name))
    return on


def _asked(content: dict[str, Any], workspace: dict[str, Any], features: dict[str, Any]) -> list[str]:
    """``crate/feature`` for each feature that is wanted of another crate, but for tests."""
    tables = [table.get("dependencies") for _, table in _around(content)] + [workspace.get("dependencies")]
    asked = [
        f"{name}/{feature}"
        for table in tables
        for name, wanted in mapping(table).items()
        for feature in strings(mapping(wanted).get("features"))
    ]
    asked += [entry.replace("?/", "/") for entries in features.values() for entry in strings(entries) if "/" in entry]
    return list(dict.fromkeys(asked))


def resolve(signals: list[Signal]) -> list[Signal]:
    """A member's dependency takes the real name that its workspace gives to it, and is no option if another crate asks for it."""
    renamed: dict[str, list[tuple[str, str]]] = {}
    asked: set[str] = set()
    crates: dict[str | None, str] = {}
    for signal in signals:
        if signal.kind is SignalKind.MANIFEST and signal.name == _RENAMED:
            renamed.setdefault(signal.detail("alias"), []).append((posixpath.dirname(signal.path or ""), signal.value))
        elif signal.kind is SignalKind.MANIFEST and signal.name == _ASKED:
            asked.add(_same(signal.value))
        elif signal.kind is SignalKind.MANIFEST and signal.name == "crates:name":
            crates[signal.path] = signal.value
    new: dict[int, list[Signal]] = {}
    for index, signal in enumerate(signals):
        if signal.name in (_RENAMED, _ASKED):
            new[index] = []
        elif signal.kind is SignalKind.DEPENDENCY and (signal.detail("workspace") or signal.detail("features")):
            known = renamed.get(signal.detail("workspace"), ())
            name = next((package_name("crates", real) for folder, real in known if _is_below(signal, folder)), signal.name)
            crate = crates.get(signal.path, "")
            wanted = any(_same(f"{crate}/{feature}") in asked for feature in signal.detail("features").split())
            about = tuple(pair for pair in signal.about if pair[0] not in ("workspace", "features"))
            new[index] = [replace(signal, name=name, value=RUNTIME if wanted else signal.value, about=about)]
    return replaced(signals, new)


def _same(name: str) -> str:
    """Cargo takes ``-`` and ``_`` for the same."""
    return name.replace("_", "-").lower()


def _is_below(signal: Signal, folder: str) -> bool:
    return not folder or (signal.path or "").startswith(f"{folder}/")
