"""Compose files and Dockerfiles."""

from __future__ import annotations

from typing import Any

import re2

from collectors.manifests import yaml_tree
from collectors.manifests.reading import RUNTIME, Facts, Unreadable, decode
from rungwise.model import Signal

_VARIABLE = re2.compile(r"\$\{(\w+)(?::?[-?+]([^{}]*))?\}|\$(\w+)")
_FROM = re2.compile(r"(?i)^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?")
_ARGUMENT = re2.compile(r"""(?i)^ARG\s+(\w+)=["']?([^"'\s]*)""")
_DOCKER_HUB = ("docker.io/", "index.docker.io/", "registry-1.docker.io/")


def compose(_name: str, data: bytes) -> list[Signal]:
    """The image of each service, and the services' names as ``compose:service``."""
    root = yaml_tree.load(decode(data))
    services = root.get("services").fields
    if not root.fields:
        raise Unreadable("not a Compose file")
    facts = Facts()
    for name, service in services.items():
        facts.field("compose:service", name, root.get("services").key_lines.get(name, service.line))
        image = service.get("image")
        _image(facts, _filled(image.text, {}), image.line, service=name)
    return facts.signals


def dockerfile(_name: str, data: bytes) -> list[Signal]:
    """The images that a Dockerfile builds on; its own earlier stages and ``scratch`` are none."""
    facts = Facts()
    arguments: dict[str, str] = {}
    stages = {"scratch"}
    for number, line in enumerate(decode(data).split("\n"), start=1):
        stripped = line.strip()
        if argument := _ARGUMENT.search(stripped):
            arguments.setdefault(argument[1], argument[2])
        elif origin := _FROM.search(stripped):
            image = _filled(origin[1], arguments)
            if image.lower() not in stages:
                _image(facts, image, number, from_="dockerfile")
            if origin[2]:
                stages.add(origin[2].lower())
    return facts.signals


def _filled(text: str, known: dict[str, str]) -> str:
    """The text with its variables put in, or their defaults. An unknown one stays a ``$``, which no image's name can hold."""

    def value(variable: Any) -> str:
        given, default = known.get(variable[1] or variable[3]), variable[2]
        return given or ("$" if given is None and default is None else default or "")

    return str(_VARIABLE.sub(value, text)).strip()


def _image(facts: Facts, image: str, line: int, **about: str) -> None:
    """The image without registry, path and tag, and the whole name without its tag where that is another."""
    whole = image.partition("@")[0].strip("/")
    path, slash, last = whole.rpartition("/")
    last = last.partition(":")[0]
    whole = f"{path}{slash}{last}"
    for prefix in _DOCKER_HUB:
        whole = whole.removeprefix(prefix)
    whole = whole.removeprefix("library/")
    for name in dict.fromkeys((last, whole)):
        facts.dependency("image", name, RUNTIME, line, **about)
