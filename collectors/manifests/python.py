"""pyproject.toml, Pipfile, setup.cfg, setup.py, requirement files and conda environments."""

from __future__ import annotations

import ast
import posixpath
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import re2

from collectors.manifests import toml_text, yaml_tree
from collectors.manifests.reading import (
    DEVELOPMENT,
    INDIRECT,
    OPTIONAL,
    RUNTIME,
    Facts,
    Unreadable,
    decode,
    is_development,
    mapping,
    replaced,
    strings,
)
from rungwise.model import Signal, SignalKind

_REQUIREMENT = re2.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:$|[\[<>=!~;@ ,(#])")
_EGG = re2.compile(r"[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_PRODUCT_GROUPS = frozenset(("main", "default", "prod", "production", "app", "server", "runtime"))
_INI_SECTION = re2.compile(r"^\[([^\]]+)\]")
_INI_OPTION = re2.compile(r"^([\w.:-]+)\s*[=:]\s*(.*)$")
_COMMENT = re2.compile(r"(?:^|\s)#.*$")


def _add(facts: Facts, requirement: str, scope: str, line: int | None, **about: str) -> None:
    """A dependency from a requirement such as ``celery[redis]>=5 ; sys_platform != "win32"``."""
    if found := _EGG.search(requirement) if "://" in requirement.split("@")[0] else _REQUIREMENT.search(requirement):
        facts.dependency("pypi", found[1], scope, line, **about)


def _scope_of_extra(name: str) -> str:
    return DEVELOPMENT if is_development(name) else OPTIONAL


# --- pyproject.toml and Pipfile ---------------------------------------------------------------------------------------------


def pyproject(_name: str, data: bytes) -> list[Signal]:
    """PEP 621 and 735, and what Poetry, PDM, uv and Hatch keep under their own tables."""
    text = decode(data)
    content, lines, facts = toml_text.load(text), toml_text.TomlLines(text), Facts()
    project, tool = mapping(content.get("project")), mapping(content.get("tool"))
    poetry, pdm, uv = (mapping(tool.get(name)) for name in ("poetry", "pdm", "uv"))

    def listed(table: Any, scope: str, *path: str) -> None:
        for requirement, line in lines.items(path, strings(table)):
            _add(facts, requirement, scope, line)

    def groups(table: Any, *path: str) -> None:
        for group, requirements in mapping(table).items():
            listed(requirements, DEVELOPMENT, *path, group)

    listed(project.get("dependencies"), RUNTIME, "project", "dependencies")
    for extra, requirements in mapping(project.get("optional-dependencies")).items():
        listed(requirements, _scope_of_extra(extra), "project", "optional-dependencies", extra)
    for group, requirements in mapping(content.get("dependency-groups")).items():
        # An application may list what it needs in a group too, where it is no package.
        needed = group.lower() in _PRODUCT_GROUPS and not project.get("dependencies")
        listed(requirements, RUNTIME if needed else DEVELOPMENT, "dependency-groups", group)
    groups(pdm.get("dev-dependencies"), "tool", "pdm", "dev-dependencies")
    listed(uv.get("dev-dependencies"), DEVELOPMENT, "tool", "uv", "dev-dependencies")
    environments = mapping(mapping(tool.get("hatch")).get("envs"))
    for name, environment in environments.items():
        for key in ("dependencies", "extra-dependencies"):
            listed(mapping(environment).get(key), DEVELOPMENT, "tool", "hatch", "envs", name, key)
    _named(facts, lines, poetry.get("dependencies"), RUNTIME, "tool", "poetry", "dependencies")
    _named(facts, lines, poetry.get("dev-dependencies"), DEVELOPMENT, "tool", "poetry", "dev-dependencies")
    for group, table in mapping(poetry.get("group")).items():
        scope = RUNTIME if group == "main" else DEVELOPMENT
        _named(facts, lines, mapping(table).get("dependencies"), scope, "tool", "poetry", "group", group, "dependencies")

    facts.field("pypi:project-name", project.get("name"), lines.key("project", "name"))
    if "name" not in project:
        facts.field("pypi:project-name", poetry.get("name"), lines.key("tool", "poetry", "name"))
    backend = mapping(content.get("build-system")).get("build-backend")
    facts.field("pypi:build-system", backend, lines.key("build-system", "build-backend"))
    if uv.get("package") is False:
        facts.field("pypi:package", False, lines.key("tool", "uv", "package"))
    if poetry.get("package-mode") is False:
        facts.field("pypi:package", False, lines.key("tool", "poetry", "package-mode"))
    for path, scripts in (
        (("project", "scripts"), project.get("scripts")),
        (("project", "gui-scripts"), project.get("gui-scripts")),
        (("tool", "poetry", "scripts"), poetry.get("scripts")),
    ):
        for name, target in mapping(scripts).items():
            facts.field("pypi:scripts", f"{name}={target if isinstance(target, str) else ''}", lines.key(*path, name))
    for name in tool:
        facts.field("pypi:tool", name, lines.key("tool", name))
    _tasks(facts, lines, tool, environments)
    return facts.signals


def _named(facts: Facts, lines: toml_text.TomlLines, table: Any, scope: str, *path: str) -> None:
    """Poetry's and Pipenv's ``name = version`` tables."""
    for name, wanted in mapping(table).items():
        if name.lower() != "python":
            optional = mapping(wanted).get("optional") is True
            source = "local" if "path" in mapping(wanted) else ""
            facts.dependency("pypi", name, OPTIONAL if optional else scope, lines.key(*path, name), source=source)


def _tasks(facts: Facts, lines: toml_text.TomlLines, tool: dict[str, Any], environments: dict[str, Any]) -> None:
    """Commands with names, as the common task runners keep them."""
    tables: list[tuple[tuple[str, ...], dict[str, Any]]] = [
        (("tool", "poe", "tasks"), mapping(mapping(tool.get("poe")).get("tasks"))),
        (("tool", "pdm", "scripts"), mapping(mapping(tool.get("pdm")).get("scripts"))),
        (("tool", "taskipy", "tasks"), mapping(mapping(tool.get("taskipy")).get("tasks"))),
    ]
    tables += [
        (("tool", "hatch", "envs", name, "scripts"), mapping(mapping(environment).get("scripts")))
        for name, environment in environments.items()
    ]
    for path, table in tables:
        for name, task in table.items():
            body = mapping(task).get("cmd") or mapping(task).get("shell") or mapping(task).get("composite") or task
            for command in strings(body):
                facts.field("pypi:task", f"{name}={command}", lines.key(*path, name))


def pipfile(_name: str, data: bytes) -> list[Signal]:
    """Pipenv's two tables and its scripts."""
    text = decode(data)
    content, lines, facts = toml_text.load(text), toml_text.TomlLines(text), Facts()
    _named(facts, lines, content.get("packages"), RUNTIME, "packages")
    _named(facts, lines, content.get("dev-packages"), DEVELOPMENT, "dev-packages")
    for name, command in mapping(content.get("scripts")).items():
        if isinstance(command, str):
            facts.field("pypi:task", f"{name}={command}", lines.key("scripts", name))
    return facts.signals


# --- requirement files ------------------------------------------------------------------------------------------------------


def requirements(name: str, data: bytes) -> list[Signal]:
    """Named requirements; options and files that are included by ``-r`` are left out, since those files speak for themselves.

    In a compiled file, what is there only because of another listed package is indirect.
    """
    lines = decode(data).split("\n")
    entries = list(_requirement_lines(lines))
    listed = {_normal(found[1]) for text, _, _ in entries if (found := _REQUIREMENT.search(text))}
    scope = DEVELOPMENT if is_development(name.rpartition(".")[0]) else RUNTIME
    facts = Facts()
    for text, number, via in entries:
        only_via_others = bool(via) and all(reason.startswith("-c ") or _normal(reason) in listed for reason in via)
        _add(facts, text, INDIRECT if only_via_others else scope, number)
    if not facts.signals and any("/" not in text for text, _, _ in entries):
        raise Unreadable("names no packages")
    return facts.signals


def _normal(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace(".", "-")


def _requirement_lines(lines: list[str]) -> Iterator[tuple[str, int, list[str]]]:
    """Requirement, line and the reasons that the compiler noted under ``# via``."""
    text, number = "", 0
    via: list[str] = []
    in_via = continued = False
    for index, raw in enumerate(lines, start=1):
        line = raw.strip()
        if line.startswith("#"):
            comment = line.lstrip("#").strip()
            if comment == "via" or comment.startswith("via "):
                in_via, comment = True, comment[3:].strip()
            if in_via and comment:
                via.append(comment)
            continue
        if not line:
            in_via = False
        elif not continued:
            if text:
                yield text, number, via
            text, number, via, in_via = _COMMENT.sub("", line.rstrip("\\")).strip(), index, [], False
            if text.startswith(("-e ", "--editable")):
                text = text.partition(" ")[2].strip()
            elif text.startswith("-"):
                text = ""
        if found := re2.search(r"#\s*via\s+(.+)$", line):
            via += [reason.strip() for reason in found[1].split(",")]
        continued = line.endswith("\\")
    if text:
        yield text, number, via


def resolve(signals: list[Signal]) -> list[Signal]:
    """Where ``x.in`` lies beside ``x.txt``, the former says what is wanted and the rest of the latter is indirect.

    Requirement files in a folder that is called ``docs``, ``tests`` and the like are for development.
    """
    wanted: dict[str, set[str]] = {}
    for signal in signals:
        if signal.kind is SignalKind.DEPENDENCY and signal.path and signal.path.endswith(".in"):
            wanted.setdefault(signal.path.removesuffix(".in"), set()).add(signal.name)
    new: dict[int, list[Signal]] = {}
    for index, signal in enumerate(signals):
        path = signal.path or ""
        if signal.kind is not SignalKind.DEPENDENCY or not path.endswith((".txt", ".in")):
            continue
        names = wanted.get(path.removesuffix(".txt"), ())
        if signal.name in names:
            new[index] = []
        elif names:
            new[index] = [replace(signal, value=INDIRECT)]
        elif signal.value == RUNTIME and is_development(posixpath.basename(posixpath.dirname(path))):
            new[index] = [replace(signal, value=DEVELOPMENT)]
    return replaced(signals, new)


# --- setup.cfg and setup.py -------------------------------------------------------------------------------------------------


def setup_cfg(_name: str, data: bytes) -> list[Signal]:
    """Setuptools' declarative form; the other sections are settings of tools."""
    facts = Facts()
    tools: dict[str, int] = {}
    for section, option, text, number in _ini(decode(data)):
        if section == "metadata" and option == "name":
            facts.field("pypi:project-name", text, number)
        elif section == "options" and option == "install_requires":
            _add(facts, text, RUNTIME, number)
        elif section == "options" and option in ("tests_require", "setup_requires"):
            _add(facts, text, DEVELOPMENT, number)
        elif section == "options.extras_require":
            _add(facts, text, _scope_of_extra(option), number)
        elif section == "options.entry_points" and option in ("console_scripts", "gui_scripts"):
            facts.field("pypi:scripts", _without_spaces_around_equals(text), number)
        elif not option and section != "metadata" and not section.startswith("options"):
            tools.setdefault(section.removeprefix("tool:").partition(":")[0].partition("-")[0], number)
    for tool, number in tools.items():
        facts.field("pypi:tool", tool, number)
    return facts.signals


def _ini(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Section, option, one line of its value, and where that stands. A section's head has no option."""
    section = option = ""
    for number, line in enumerate(text.split("\n"), start=1):
        stripped = line.strip()
        if not stripped or stripped[0] in "#;":
            continue
        if line[0].isspace():
            if option:
                yield section, option, _COMMENT.sub("", stripped), number
        elif found := _INI_SECTION.search(line):
            section, option = found[1].strip(), ""
            yield section, "", "", number
        elif found := _INI_OPTION.search(line):
            option = found[1].lower().replace("-", "_") if section == "options" else found[1]
            if value := found[2].strip():
                yield section, option, value, number


def _without_spaces_around_equals(text: str) -> str:
    return "=".join(part.strip() for part in text.split("=", 1))


def setup_py(_name: str, data: bytes) -> list[Signal]:
    """What the call of ``setup`` is given as literals, or as names and sums of literals. Nothing is executed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(decode(data))
    except (SyntaxError, ValueError, MemoryError):
        raise Unreadable("not valid Python") from None
    known = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    facts = Facts()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node.func) == "setup":
            for keyword in node.keywords:
                _setup_argument(facts, keyword.arg, keyword.value, known)
    return facts.signals


def _called(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""


def _setup_argument(facts: Facts, name: str | None, value: ast.expr, known: dict[str, ast.expr]) -> None:
    if name == "name":
        for text, line in _literals(value, known):
            facts.field("pypi:project-name", text, line)
    elif name in ("install_requires", "tests_require"):
        for text, line in _literals(value, known):
            _add(facts, text, RUNTIME if name == "install_requires" else DEVELOPMENT, line)
    elif name == "extras_require":
        for extra, requirements in _entries(value, known):
            for text, line in _literals(requirements, known):
                _add(facts, text, _scope_of_extra(extra), line)
    elif name == "entry_points":
        for group, scripts in _entries(value, known):
            if group in ("console_scripts", "gui_scripts"):
                for text, line in _literals(scripts, known):
                    facts.field("pypi:scripts", _without_spaces_around_equals(text), line)


def _literals(expression: ast.expr, known: dict[str, ast.expr]) -> Iterator[tuple[str, int]]:
    """The strings that an expression holds, with their lines; several to a string where it has several lines.

    Each name is followed once, so that names made of one another cannot blow up.
    """
    waiting: list[ast.expr] = [expression]
    followed: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for offset, text in enumerate(node.value.split("\n")):
                if text.strip():
                    yield text.strip(), node.lineno + offset
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            waiting += reversed(node.elts)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            waiting += (node.right, node.left)
        elif isinstance(node, ast.Name) and node.id in known and node.id not in followed:
            followed.add(node.id)
            waiting.append(known[node.id])


def _entries(node: ast.expr, known: dict[str, ast.expr]) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Name):
        node = known.get(node.id, node)
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value


# --- conda ------------------------------------------------------------------------------------------------------------------


def conda(name: str, data: bytes) -> list[Signal]:
    """Packages of a conda environment, and those that it leaves to pip; known by their PyPI names, which are mostly the same."""
    facts = Facts()
    scope = DEVELOPMENT if is_development(posixpath.splitext(name)[0]) else RUNTIME
    for node in yaml_tree.load(decode(data)).get("dependencies").items:
        if node.text:
            package = node.text.rpartition("::")[2]
            if package.partition("=")[0].strip() not in ("python", "pip"):
                _add(facts, package, scope, node.line, source="conda")
        for requirement in node.get("pip").items:
            if not requirement.text.startswith("-"):
                _add(facts, requirement.text, scope, requirement.line)
    return facts.signals
