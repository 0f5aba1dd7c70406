"""pom.xml."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace

import re2

from collectors.manifests import xml_tree
from collectors.manifests.reading import DEVELOPMENT, OPTIONAL, RUNTIME, Facts, Unreadable, replaced
from collectors.manifests.xml_tree import Element
from rungwise.model import Signal, SignalKind

_PROPERTY = re2.compile(r"\$\{([\w.-]+)\}")
_MANAGED = "maven:managed"
"""A scope that a pom sets for its modules' dependencies; spent by :func:`resolve`."""


def pom(_name: str, data: bytes) -> list[Signal]:
    """Dependencies and plugins of the project and its profiles. What is only managed is no dependency."""
    project = xml_tree.load(data)
    if project.name != "project":
        raise Unreadable("not a Maven project")
    properties = _properties(project)
    facts = Facts()

    def field(name: str, *path: str) -> None:
        if found := project.first(*path):
            facts.field(f"maven:{name}", _filled(found.text, properties), found.line)

    field("packaging", "packaging")
    field("artifactId", "artifactId")
    facts.field("maven:modules", [module.text.strip() for module in project.all("modules", "module")], project.line)
    if parent := project.first("parent"):
        facts.field("maven:parent", _coordinates(parent, properties), parent.line)
    if artifact := project.value("artifactId"):
        facts.field("maven:name", f"{properties['project.groupId']}:{artifact}", _line(project))
    for around in [project, *project.all("profiles", "profile")]:
        for plugin in around.all("build", "plugins", "plugin"):
            facts.field("maven:plugin", _coordinates(plugin, properties, "org.apache.maven.plugins"), _line(plugin))
        for managed in around.all("dependencyManagement", "dependencies", "dependency"):
            if (scope := managed.value("scope")) not in ("", "import"):
                facts.field(_MANAGED, _coordinates(managed, properties), _line(managed), scope=scope)
        for dependency in around.all("dependencies", "dependency"):
            declared = _filled(dependency.value("scope"), properties)
            scope = OPTIONAL if dependency.value("optional") == "true" else _scope(declared)
            facts.dependency("maven", _coordinates(dependency, properties), scope, _line(dependency), declared=declared)
    return facts.signals


def _scope(declared: str) -> str:
    return DEVELOPMENT if declared in ("test", "provided", "system") else RUNTIME


def _line(element: Element) -> int:
    return (element.first("artifactId") or element).line


def _properties(project: Element) -> dict[str, str]:
    group = project.value("groupId") or project.value("parent", "groupId")
    named = {element.name: element.text.strip() for table in project.all("properties") for element in table.children}
    return {
        **named,
        "project.groupId": group,
        "pom.groupId": group,
        "groupId": group,
        "project.artifactId": project.value("artifactId"),
    }


def _filled(text: str, properties: dict[str, str]) -> str:
    """The text with its properties put in, once: a property made of properties stays unknown."""
    return str(_PROPERTY.sub(lambda found: properties.get(found[1], found[0]), text.strip()))


def _coordinates(element: Element, properties: dict[str, str], group: str = "") -> str:
    return f"{_filled(element.value('groupId') or group, properties)}:{_filled(element.value('artifactId'), properties)}"


def resolve(signals: list[Signal]) -> list[Signal]:
    """Dependencies without a scope of their own take the one that a pom further up manages for them."""
    managed: dict[tuple[str, str], str] = {}
    for signal in signals:
        if signal.kind is SignalKind.MANIFEST and signal.name == _MANAGED:
            managed[posixpath.dirname(signal.path or ""), signal.value] = signal.detail("scope")
    new: dict[int, list[Signal]] = {}
    for index, signal in enumerate(signals):
        if signal.name == _MANAGED:
            new[index] = []
        elif managed and _may_be_managed(signal):
            package = signal.name.removeprefix("maven:")
            scopes = (managed.get((folder, package)) for folder in _folders_up(signal.path or ""))
            if found := next((scope for scope in scopes if scope), None):
                new[index] = [replace(signal, value=_scope(found))]
    return replaced(signals, new)


def _may_be_managed(signal: Signal) -> bool:
    is_pom = signal.kind is SignalKind.DEPENDENCY and signal.name.startswith("maven:") and (signal.path or "").endswith(".xml")
    return is_pom and signal.value == RUNTIME and not signal.detail("declared")


def _folders_up(path: str) -> Iterator[str]:
    while path:
        path = posixpath.dirname(path)
        yield path
