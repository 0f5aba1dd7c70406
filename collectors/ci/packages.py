"""Finds the npm scripts that npm, pnpm, Yarn, Bun, Turborepo, Nx, Lerna and npm-run-all run, in one package or in many."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

import re2

from collectors.ci.facts import Target
from collectors.ci.shell import normal
from rungwise.clues import matches

PACKAGE_LIMIT = 80
"""Packages of a workspace in which one script is looked for."""

_FOLDER_FLAGS = frozenset(("--prefix", "-C", "--dir", "--cwd"))
_FILTER_FLAGS = frozenset(
    ("--filter", "-F", "--filter-prod", "--workspace", "--scope", "--include", "--from", "--projects", "-p", "--project")
)
_ALL_FLAGS = frozenset(("-r", "--recursive", "--workspaces", "-ws"))
_VALUE_FLAGS = frozenset(
    "--concurrency --workspace-concurrency --reporter --loglevel --exclude -j --jobs --cache-dir --env-mode --log-order"
    " --output-logs --parallelism --base --head --configuration -c --since --ignore --max-parallel --verbosity --log-prefix"
    " --runner --targets --target -t".split()
)
_NOT_SCRIPTS = frozenset(
    "install add i ci exec dlx x create publish pack audit outdated update up upgrade remove rm why link unlink config cache"
    " version set dedupe store fetch deploy import init info login logout node global bin list ls prune rebuild root setup"
    " env plugin plugins patch patch-commit licenses self-update approve-builds constraints npm stage unplug search view"
    " whoami pm".split()
)
_OF_PNPM = frozenset("deploy env fetch licenses rebuild setup".split())
"""Those that are commands of pnpm alone, and that other tools take for scripts."""


def _is_built_in(tool: str, name: str) -> bool:
    if tool == "bun" and name in ("test", "build"):
        return True
    return name in _NOT_SCRIPTS and (tool == "pnpm" or name not in _OF_PNPM)


@dataclass(frozen=True)
class Package:
    """A package.json or project.json: its folder, its name and its scripts."""

    folder: str
    name: str
    path: str
    scripts: Mapping[str, Target]


_Run = tuple[Package, Target, tuple[str, ...]]
"""A script, and the arguments that it is given."""


@dataclass(slots=True)
class _Line:
    """What a command line of a package manager says."""

    folder: str
    filters: list[str]
    every: bool
    names: list[str]
    targets: list[str]
    arguments: tuple[str, ...] = ()


class Packages:
    """All packages of a repository. ``globs`` are those that its workspaces name; without any, every package belongs."""

    def __init__(self, packages: Iterable[Package], globs: Sequence[str]) -> None:
        self._packages = sorted(packages, key=lambda package: package.path)
        self._having: dict[str, dict[str, Package]] = {}
        wanted = tuple(glob.strip("/").removeprefix("./") for glob in globs if not glob.startswith("!"))
        member = [
            package
            for package in self._packages
            if not wanted or not package.folder or matches(f"/{package.folder}", _rooted(wanted))
        ]
        self._members = member

    def called(self, words: Sequence[str], folder: str) -> Iterator[_Run]:
        """The scripts that a command line runs; none where it is no such line."""
        tool = words[0].rsplit("/", 1)[-1]
        if tool == "node":
            names = [
                word.partition("=")[2] or words[index + 1] for index, word in enumerate(words[:-1]) if word.startswith("--run")
            ]
            yield from self._scripts(_Line(folder, [], False, [], []), names[:1])
            return
        line = _parsed(words[1:], folder, tool)
        if tool in ("run-s", "run-p", "npm-run-all", "npm-run-all2"):
            yield from self._scripts(line, line.names)
        elif tool in ("turbo", "nx", "lerna"):
            yield from self._orchestrated(tool, line)
        else:
            yield from self._managed(tool, line)

    def _managed(self, tool: str, line: _Line) -> Iterator[_Run]:
        names = line.names
        if tool == "yarn" and names[:1] == ["workspaces"]:
            line.every = True
            names = names[2:]
        elif tool == "yarn" and names[:1] == ["workspace"]:
            line.filters += names[1:2]
            names = names[2:]
        elif names[:1] in (["recursive"], ["multi"], ["m"]) and tool == "pnpm":
            line.every = True
            names = names[1:]
        if names[:1] in (["run"], ["run-script"], ["rum"], ["urn"]):
            names = names[1:]
        elif tool == "npm":
            if names[:1] not in (["test"], ["t"], ["tst"], ["start"], ["stop"], ["restart"]):
                return
            names = ["test"] if names[0] in ("t", "tst") else names
        elif names[:1] and _is_built_in(tool, names[0]):
            return
        elif names[:1] == ["t"] and tool == "pnpm":
            names = ["test"]
        yield from self._scripts(line, names[:1])

    def _orchestrated(self, tool: str, line: _Line) -> Iterator[_Run]:
        names = line.names
        line.every = True
        if tool == "nx":
            if names[:1] == ["run"] and len(names) > 1:
                project, _, target = names[1].partition(":")
                line.filters, names = [project], [target.partition(":")[0]]
            elif names[:1] and names[0].startswith("affected:"):
                names = [names[0].partition(":")[2]]
            elif names[:1] in (["run-many"], ["affected"]):
                names = line.targets
            elif len(names) > 1:
                line.filters, names = names[1:2], names[:1]
        elif names[:1] == ["run"]:
            names = names[1:]
        for name in [part for several in names for part in several.split(",") if part]:
            package, hash_sign, task = name.partition("#")
            own = _Line(line.folder, [package] if hash_sign else line.filters, True, [], [], line.arguments)
            yield from self._scripts(own, [task if hash_sign else name])

    def _scripts(self, line: _Line, names: Iterable[str]) -> Iterator[_Run]:
        for name in names:
            if line.filters:
                packages = self._filtered(line)
            elif line.every:
                packages = self._members[:PACKAGE_LIMIT]
            else:
                packages = self._nearest(line.folder, name)
            for package in packages:
                for script in _matching(package.scripts, name):
                    yield package, package.scripts[script], line.arguments if script == name else ()

    def _filtered(self, line: _Line) -> list[Package]:
        wanted = [text for text in line.filters if not text.startswith("!")]
        if any("[" in text or "$" in text for text in wanted) or not wanted:
            # What has changed since some commit: may be any of them.
            return self._members[:PACKAGE_LIMIT]
        chosen = [package for package in self._packages if any(_is_meant(package, text, line.folder) for text in wanted)]
        return chosen[:PACKAGE_LIMIT]

    def _nearest(self, folder: str, name: str) -> list[Package]:
        by_folder = self._having.get(name)
        if by_folder is None:
            by_folder = {package.folder: package for package in self._packages if _matching(package.scripts, name)}
            self._having[name] = by_folder
        while folder and folder not in by_folder:
            folder = posixpath.dirname(folder)
        return [by_folder[folder]] if folder in by_folder else []


def _rooted(globs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"/{glob}" for glob in globs)


def _is_meant(package: Package, text: str, folder: str) -> bool:
    text = text.strip("{}").removeprefix("...").removeprefix("^").removesuffix("...").removesuffix("^")
    if text.startswith((".", "/")) or ("/" in text and not text.startswith("@")):
        where = normal(posixpath.join(folder, text.lstrip("/")) if text.startswith(".") else text)
        return package.folder == where or fnmatchcase(package.folder, where)
    return (
        fnmatchcase(package.name, text)
        or fnmatchcase(package.name.rpartition("/")[2], text)
        or package.folder.rpartition("/")[2] == text
    )


@lru_cache(maxsize=4_096)
def _selector(pattern: str) -> Any:
    """The pattern of some scripts' names, which comes from a repository; ``None`` where it is none."""
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        return re2.compile(pattern, quiet)
    except re2.error:
        return None


def _matching(scripts: Mapping[str, Target], name: str) -> list[str]:
    """The scripts of a name (which may end in ``:*``, or with pnpm be a ``/pattern/``), each between those that npm runs before and after it."""
    if len(name) > 2 and name[0] == name[-1] == "/":
        pattern = _selector(name[1:-1])
        return [script for script in scripts if pattern is not None and pattern.search(script)]
    if "*" in name:
        return [script for script in scripts if fnmatchcase(script, name)]
    return [script for script in (f"pre{name}", name, f"post{name}") if script in scripts] if name in scripts else []


def _parsed(words: Sequence[str], folder: str, tool: str) -> _Line:
    line = _Line(folder, [], False, [], [])
    index = 0
    while index < len(words):
        word = words[index]
        flag, equals, value = word.partition("=")
        index += 1
        if word == "--":
            line.arguments = tuple(words[index:])
            break
        if not word.startswith("-"):
            line.names.append(word)
            continue
        if word == "-w" and tool == "pnpm":
            line.folder = ""
        elif flag in _FOLDER_FLAGS or flag in _FILTER_FLAGS or flag in _VALUE_FLAGS or (flag == "-w" and tool == "npm"):
            if (flag == "-p" and tool not in ("nx",)) or (flag == "-c" and tool == "yarn"):
                continue
            if not equals:
                value = words[index] if index < len(words) else ""
                index += 1
            if flag in _FOLDER_FLAGS:
                line.folder = normal(posixpath.join(folder, value))
            elif flag in ("--target", "--targets", "-t"):
                line.targets.append(value)
                while index < len(words) and not words[index].startswith("-"):
                    line.targets.append(words[index])
                    index += 1
            elif flag not in _VALUE_FLAGS:
                line.filters += [part for part in value.split(",") if part]
        elif word in _ALL_FLAGS:
            line.every = True
    return line
