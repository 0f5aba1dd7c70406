"""Reads where Python projects name their commands: tox, nox, Invoke and the tables of pyproject.toml."""

from __future__ import annotations

import ast
import configparser
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

import re2

from collectors.ci.documents import Lines, dig, strings, toml_document
from collectors.ci.facts import Command, Target, Targets, Unreadable
from collectors.ci.shell import Script, commands, script_lines
from collectors.ci.targets import entries


def read_pyproject(text: str, name: str) -> Targets:
    """A pyproject.toml, hatch.toml or pixi.toml: scripts of Poe, taskipy, Hatch, PDM, Pixi, Rye and tox."""
    document, lines = toml_document(text), Lines(text)
    tool = dig(document, "tool")
    hatch = document if name == "hatch.toml" else dig(tool, "hatch")
    pixi = document if name == "pixi.toml" else dig(tool, "pixi")
    legacy = dig(tool, "tox", "legacy_tox_ini")
    targets = [
        *_table("poe", dig(tool, "poe", "tasks"), lines, "tool.poe.tasks"),
        *_table("task", dig(tool, "taskipy", "tasks"), lines, "tool.taskipy.tasks"),
        *_table("pdm", dig(tool, "pdm", "scripts"), lines, "tool.pdm.scripts"),
        *_table("rye", dig(tool, "rye", "scripts"), lines, "tool.rye.scripts"),
        *_table("pixi", dig(pixi, "tasks"), lines, "tasks"),
        *_hatch(hatch, lines),
        *_tox_table(dig(tool, "tox"), lines, "tool.tox."),
    ]
    for feature, table in entries(dig(pixi, "feature")):
        targets += _table("pixi", dig(table, "tasks"), lines, f"feature.{feature}.tasks")
    if isinstance(legacy, str):
        targets += read_tox(legacy).targets
    return Targets(tuple(targets))


def _table(runner: str, table: Any, lines: Lines, header: str) -> Iterator[Target]:
    for name, task in entries(table):
        line = lines.of(f"{header}.{name}") if isinstance(task, dict) else 1
        if line == 1:
            line = lines.of(header, name)
        after = [
            *strings(dig(task, "depends-on")),
            *strings(dig(task, "depends_on")),
            *strings(dig(task, "deps")),
            *strings(dig(task, "uses")),
        ]
        scripts: list[str] = []
        for item in _parts(runner, task, after):
            scripts += item
        yield Target(runner, name, line, script_lines(scripts, line), tuple(word.split()[0] for word in after if word.strip()))


def _parts(runner: str, task: Any, after: list[str]) -> Iterator[list[str]]:
    """The commands of one task; names of other tasks in it are added to ``after``."""
    if isinstance(task, str):
        yield [task]
    elif isinstance(task, list):
        if runner != "poe":
            # The words of one command.
            yield [" ".join(strings(task))]
            return
        after += strings(task)
        for item in task:
            if isinstance(item, dict):
                yield from _parts(runner, item, after)
    elif isinstance(task, dict):
        for key in ("cmd", "shell", "script", "chain", "composite", "sequence", "parallel", "ref"):
            value = task.get(key)
            if key in ("chain", "composite", "sequence", "parallel"):
                after += [item.removeprefix("$") for item in strings(value) if " " not in item]
                yield [item for item in strings(value) if " " in item]
                for item in value if isinstance(value, list) else ():
                    if isinstance(item, dict):
                        yield from _parts(runner, item, after)
            elif key == "ref" and isinstance(value, str):
                after.append(value)
            elif key == "cmd" and isinstance(value, list):
                yield [" ".join(strings(value))]
            elif isinstance(value, str):
                yield [value]


def _hatch(hatch: Any, lines: Lines) -> Iterator[Target]:
    for env, table in entries(dig(hatch, "envs")):
        scripts = dict(entries(dig(table, "scripts")))
        for name, script in scripts.items():
            line = lines.of(f"envs.{env}.scripts", name)
            found = [_hatch_command(env, scripts, text) for text in strings(script)]
            yield Target("hatch", name if env == "default" else f"{env}:{name}", line, script_lines(found, line))


def _hatch_command(env: str, scripts: dict[str, Any], text: str) -> str:
    text = text.lstrip("- ")
    return f"hatch run {env}:{text}" if text.split(" ", 1)[0] in scripts else text


def read_tox_toml(text: str) -> Targets:
    """A tox.toml."""
    return Targets(tuple(_tox_table(toml_document(text), Lines(text), "")))


def _tox_table(tox: Any, lines: Lines, prefix: str) -> Iterator[Target]:
    named = strings(dig(tox, "env_list")) or [item for item in dig(tox, "env_list") or () if isinstance(item, str)]
    tables = [
        ("", dig(tox, "env_run_base"), f"{prefix}env_run_base"),
        *((n, t, f"{prefix}env.{n}") for n, t in entries(dig(tox, "env"))),
    ]
    for name, table, header in tables:
        found = dig(table, "commands")
        if isinstance(found, list):
            line = lines.of(header, "commands")
            yield Target("tox", name, line, script_lines((_tox_words(item) for item in found if isinstance(item, list)), line))
    if named:
        yield Target("tox", "*", 1, (), tuple(named))


def _tox_words(parts: list[Any]) -> str:
    out: list[str] = []
    for part in parts:
        if isinstance(part, str):
            out.append(part)
        elif isinstance(part, dict):
            out += strings(part.get("default"))
    return " ".join(out)


def read_tox(text: str) -> Targets:
    """A tox.ini; the name of a target is its environment's, empty for ``[testenv]``, ``*`` for the list of them."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True, comment_prefixes=("#",), delimiters=("=",))
    try:
        parser.read_string(text)
    except (configparser.Error, ValueError) as error:
        raise Unreadable(f"not INI: {str(error).splitlines()[0][:100]}") from error
    lines = Lines(text)
    targets = []
    for section in parser.sections():
        if section == "tox":
            listed = parser.get("tox", "envlist", fallback="") or parser.get("tox", "env_list", fallback="") or ""
            targets.append(Target("tox", "*", 1, (), tuple(_braces(listed))))
        elif section == "testenv" or section.startswith("testenv:"):
            line = lines.of(section, "commands")
            raw = (parser.get(section, "commands", fallback="") or "").replace("\\\n", " ").split("\n")
            found = tuple(command for text_ in raw if text_.strip() for command in _tox_line(text_.strip(), line, parser))
            names = _braces(section.removeprefix("testenv").removeprefix(":")) or [""]
            targets += [Target("tox", name, line, found) for name in names]
    return Targets(tuple(targets))


_TOX_FACTOR = re2.compile(r"^!?[\w.{},-]+:\s+")
_TOX_POSARGS = re2.compile(r"\{posargs:?([^{}]*)\}")
_TOX_USE = re2.compile(r"^\{\[([^\]{}]+)\](\w+)\}$")


def _tox_line(line: str, number: int, parser: configparser.RawConfigParser) -> tuple[Command, ...]:
    line = _TOX_FACTOR.sub("", line)
    used = _TOX_USE.match(line)
    if used is not None:
        section, key = used.groups()
        raw = parser.get(section, key, fallback="") or ""
        return script_lines((item for item in raw.split("\n") if item.strip() and "{[" not in item), number)
    soft = line.startswith("-")
    line = _TOX_POSARGS.sub(r"\1", line.lstrip("-! "))
    line = line.replace("{toxinidir}", ".").replace("{envpython}", "python")
    return tuple(Command(c.text, c.line, c.soft or soft, c.folder) for c in script_lines([line], number))


def _braces(text: str) -> list[str]:
    """Names with ``{a,b}`` in them written out, at most a hundred."""
    names = [name for name in _split(text.replace("\n", ","), ",") if name]
    out: list[str] = []
    while names and len(out) < 100:
        name = names.pop(0)
        start, end = name.find("{"), name.find("}")
        if 0 <= start < end and len(names) < 200:
            names = [name[:start] + choice.strip() + name[end + 1 :] for choice in name[start + 1 : end].split(",")] + names
        else:
            out.append(name)
    return out


def _split(text: str, sign: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == sign and depth <= 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()


def read_nox(text: str) -> Targets:
    """A noxfile.py: its sessions, from its syntax tree."""
    return Targets(tuple(_functions(text, "nox", "session", ("run", "run_always", "run_install"))))


def read_invoke(text: str) -> Targets:
    """A tasks.py of Invoke; nothing where it is some other tasks.py."""
    return Targets(tuple(_functions(text, "invoke", "task", ("run", "sudo"))) if "invoke" in text else ())


def _functions(text: str, runner: str, decorator: str, runs: Iterable[str]) -> Iterator[Target]:
    try:
        with warnings.catch_warnings():
            # The parser remarks on odd escapes in what it reads; that is none of our business.
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable("not Python") from error
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        marks = [item for item in function.decorator_list if _last_name(item) == decorator]
        if not marks:
            continue
        found: list[Command] = []
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in runs:
                words = [_constant(argument) for argument in node.args]
                if words and words[0]:
                    found += commands(Script(" ".join(word for word in words if word), node.lineno, exact=False))
        name = _session_name(marks[0], function.name)
        for spelling in dict.fromkeys((name, name.replace("_", "-"))):
            yield Target(runner, spelling, function.lineno, tuple(found), tuple(_pre_tasks(marks[0])))


def _last_name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _constant(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "$x" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _session_name(mark: ast.expr, name: str) -> str:
    for keyword in mark.keywords if isinstance(mark, ast.Call) else ():
        if keyword.arg == "name" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str):
            return keyword.value.value
    return name


def _pre_tasks(mark: ast.expr) -> list[str]:
    if not isinstance(mark, ast.Call):
        return []
    listed = [keyword.value for keyword in mark.keywords if keyword.arg in ("pre", "requires")]
    names = [item for value in listed if isinstance(value, ast.List) for item in value.elts]
    return [name for item in (*mark.args, *names) if (name := _constant(item) or _last_name(item))]
