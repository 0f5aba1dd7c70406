"""Finds what stands behind a command: npm scripts, make targets, shell scripts and their kin, up to three levels deep."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import islice

import re2

from collectors.ci.facts import CiFile, Command, Target, Targets
from collectors.ci.packages import Package, Packages
from collectors.ci.runners import HANDLERS, Called, join, values_given
from collectors.ci.shell import LENGTH_LIMIT, normal, words
from collectors.ci.unwrap import assigned, in_container, unwrapped, without_assignments

LEVELS = 3
FOUND_LIMIT = 300
"""Commands that are shown behind a single one."""
_TARGET_LIMIT = 200
_TAKEN_LIMIT = 50
"""Files that one justfile takes in."""

_SHELLS = frozenset(("sh", "bash", "zsh", "dash", "ash", "source", "."))


@dataclass(frozen=True, slots=True)
class Found:
    """A command behind another one; ``via`` is the file and line where it stands."""

    text: str
    soft: bool
    via: str


_Table = dict[str, tuple[str, Target]]


class Scripts:
    """All that commands of one repository can be found behind."""

    def __init__(self, files: Iterable[CiFile]) -> None:
        self._tables: dict[tuple[str, str], _Table] = defaultdict(dict)
        self._by_path: dict[str, Targets] = {}
        packages: list[Package] = []
        makefiles: list[str] = []
        taskfiles: list[str] = []
        justfiles: list[str] = []
        globs: list[str] = []
        for file in files:
            if not isinstance(file.content, Targets):
                continue
            folder, _, name = file.path.rpartition("/")
            self._by_path[file.path] = file.content
            globs += [posixpath.join(folder, glob) for glob in file.content.workspaces]
            if file.kind in ("package.json", "nx"):
                scripts = {target.name: target for target in file.content.targets if target.runner == "npm"}
                packages.append(Package(folder, file.content.name, file.path, scripts))
            if file.kind == "make":
                makefiles += [file.path] if name in ("Makefile", "makefile", "GNUmakefile") else []
            elif file.kind == "task":
                taskfiles.append(file.path)
            elif file.kind == "just" and not name.endswith(".just"):
                justfiles.append(file.path)
            elif file.kind in ("rake", "invoke") and folder:
                root = folder.split("/lib/", 1)[0].removesuffix("lib/tasks").rstrip("/")
                self._fill((file.kind, root), file.path, file.content.targets)
            elif file.kind == "mise-task":
                self._fill(("mise", ""), file.path, file.content.targets)
            elif file.kind == "cargo":
                self._fill(("cargo", posixpath.dirname(folder)), file.path, file.content.targets)
            elif file.kind == "rails-ci":
                self._fill(("rails-ci", posixpath.dirname(folder)), file.path, file.content.targets)
            elif file.kind != "shell":
                self._fill_by_runner(folder, file.path, file.content.targets)
        self._packages = Packages(packages, globs)
        for path in makefiles:
            self._fill_by_runner(posixpath.dirname(path), path, ())
            self._include(path, path, 0)
        for path in justfiles:
            self._take_in(path)
        for path in sorted(taskfiles, key=lambda path: posixpath.basename(path).count(".")):
            # The plain Taskfile before its .dist.
            self._tasks(path)

    def _fill(self, key: tuple[str, str], path: str, targets: Iterable[Target]) -> None:
        for target in targets:
            self._tables[key].setdefault(target.name, (path, target))

    def _fill_by_runner(self, folder: str, path: str, targets: Iterable[Target]) -> None:
        for target in targets:
            if target.runner != "npm":
                self._tables[target.runner, folder].setdefault(target.name, (path, target))

    def _include(self, main: str, path: str, depth: int) -> None:
        content = self._by_path.get(path)
        if content is None or depth > LEVELS:
            return
        self._fill(("make", posixpath.dirname(main)), path, content.targets)
        self._fill(("make", main), path, content.targets)
        for pattern in content.flags[:20]:
            wanted = join(posixpath.dirname(path), pattern.rsplit(")", 1)[-1].lstrip("/") if "$" in pattern else pattern)
            for other in [other for other in self._by_path if other != main and fnmatchcase(other, wanted)][:20]:
                self._include(main, other, depth + 1)

    def _take_in(self, main: str) -> None:
        """The recipes of a justfile and of those that it takes in; those of a module are called by its name too."""
        folder, waiting = posixpath.dirname(main), [(main, "")]
        for path, space in waiting:
            content = self._by_path[path]
            for target in content.targets:
                self._tables["just", folder].setdefault(f"{space}{target.name}", (path, target))
            for flag in content.flags:
                name, _, where = flag.partition("=")
                module = f"{space}{name}::" if name else space
                places = [where] if where else [f"{name}.just"]
                places += [f"{where or name}/mod.just", f"{where or name}/justfile"] if name else []
                found = [other for place in places if (other := join(posixpath.dirname(path), place)) in self._by_path][:1]
                if len(waiting) < _TAKEN_LIMIT:
                    waiting += [(other, module) for other in found if (other, module) not in waiting]

    def _tasks(self, path: str) -> None:
        folder, content = posixpath.dirname(path), self._by_path[path]
        self._fill(("task", folder), path, content.targets)
        for flag in content.flags[:50]:
            space, _, where = flag.partition("=")
            wanted = join(folder, where.removeprefix("./"))
            for other in (wanted, f"{wanted}/Taskfile.yml", f"{wanted}/Taskfile.yaml", f"{wanted}/taskfile.yml"):
                for target in self._by_path[other].targets if other in self._by_path else ():
                    self._tables["task", folder].setdefault(f"{space}:{target.name}", (other, target))

    def behind(self, text: str, folder: str, origin: str) -> list[Found]:
        """The commands behind one that runs in ``folder`` and stands at ``origin`` (``path:line``), in the order of calls."""
        found = list(islice(self._follow(words(text), folder, origin, False, 0, set()), FOUND_LIMIT))
        return list(dict.fromkeys(item for item in found if item.text != text))

    def _follow(
        self, parts: Sequence[str], folder: str, origin: str, soft: bool, level: int, seen: set[tuple[str, str, str, str]]
    ) -> Iterator[Found]:
        if level >= LEVELS:
            return
        inner = _in_container(parts)
        if inner and not inner[0].startswith(("-", ">")):
            yield Found(" ".join(inner), soft, origin)
        for called in islice(self.called(parts, folder, origin), _TARGET_LIMIT):
            yield from self._of_target(called, soft, level, seen)

    def _of_target(self, called: Called, soft: bool, level: int, seen: set[tuple[str, str, str, str]]) -> Iterator[Found]:
        target = called.target
        key = (called.path, target.runner, target.name, " ".join(called.arguments[: 1 if target.runner == "shell" else 20]))
        if key in seen or len(seen) > _TARGET_LIMIT:
            return
        seen.add(key)
        for name in target.after:
            for path, other in self._named(target.runner, called.path, called.folder, name):
                yield from self._of_target(Called(path, other, called.folder), soft, level, seen)
        found = list(_selected(target.commands, called.arguments)) if target.runner == "shell" else list(target.commands)
        if target.runner == "npm" and found and called.arguments:
            # A package manager puts what follows the name at the end of the script.
            found[-1] = replace(found[-1], text=" ".join((found[-1].text, *called.arguments))[:LENGTH_LIMIT])
        for command in found:
            via, doubtful = f"{called.path}:{command.line}", soft or command.soft
            yield Found(command.text, doubtful, via)
            yield from self._follow(words(command.text), join(called.folder, command.folder), via, doubtful, level + 1, seen)

    def _named(self, runner: str, path: str, folder: str, name: str) -> list[tuple[str, Target]]:
        """Targets of a name, first in the same file, then in the folder."""
        own = self._by_path.get(path)
        same = [(path, target) for target in own.targets if (target.runner, target.name) == (runner, name)] if own else []
        return same or self._look(runner, folder, name)

    def _look(self, runner: str, folder: str, name: str) -> list[tuple[str, Target]]:
        """The target of a name in a folder, or in the nearest one above it."""
        while True:
            table = self._tables.get((runner, folder))
            if table:
                if name in table:
                    return [table[name]]
                for pattern, found in table.items() if runner == "make" else ():
                    stem = _stem(pattern, name)
                    if stem is not None:
                        path, target = found
                        commands = tuple(_with_stem(command, stem, name) for command in target.commands)
                        return [(path, Target(target.runner, name, target.line, commands, target.after))]
            if not folder:
                return []
            folder = posixpath.dirname(folder)

    def table(self, runner: str, folder: str) -> _Table:
        """All targets of the nearest folder that has some."""
        while True:
            table = self._tables.get((runner, folder))
            if table or not folder:
                return table or {}
            folder = posixpath.dirname(folder)

    def refs(self, runner: str, folder: str, names: Iterable[str]) -> Iterator[Called]:
        for name in names:
            for path, target in self._look(runner, folder, name):
                yield Called(path, target, folder)

    def called(self, given: Sequence[str], folder: str, origin: str, depth: int = 0) -> Iterator[Called]:
        """The targets that a command runs by itself, whatever it is wrapped in."""
        parts = without_assignments(given)
        if not parts or depth > 8:
            return
        first = parts[0].rsplit("/", 1)[-1]
        handler = HANDLERS.get(first)
        found = False
        if handler is not None:
            for called in handler(self, parts, folder):
                found = True
                yield called
        if not found and first == "tox":
            for called in self._tox(parts, folder, assigned(given, "TOXENV")):
                found = True
                yield called
        if not found and (first in _SHELLS or "/" in parts[0]):
            for called in self._script(parts, folder, posixpath.dirname(origin)):
                found = True
                yield called
        if not found:
            inner = unwrapped(parts) or in_container(parts) or (parts[parts.index("--") + 1 :] if "--" in parts[1:] else [])
            if not inner and handler is None and len(parts) > 2 and (parts[1] in HANDLERS or unwrapped(parts[1:])):
                # A wrapper that is not known by name: ``sfw uv run pytest``.
                inner = parts[1:]
            yield from self.called(inner, folder, origin, depth + 1)

    def _script(self, parts: Sequence[str], folder: str, near: str) -> Iterator[Called]:
        rest = list(parts)
        if rest[0].rsplit("/", 1)[-1] in _SHELLS:
            rest = rest[1:]
            while rest and rest[0].startswith("-"):
                if rest[0].endswith("c"):
                    return
                rest = rest[2:] if rest[0] in ("-o", "-O") else rest[1:]
        if not rest:
            return
        name = rest[0]
        candidates = [join(folder, name), normal(name.lstrip("/")), join(near, name)]
        if name.startswith(("$", "`")) and "/" in name:
            # ``$ROOT/scripts/x.sh``: whatever the variable says, the rest is below the script's folder or the root.
            tail = name.split(")", 1)[-1] if name.startswith("$(") else name.split("/", 1)[1]
            candidates = [join(there, tail.lstrip("/")) for there in (near, folder, "")]
        for path in dict.fromkeys(candidates):
            content = self._by_path.get(path)
            if content is not None and content.targets and content.targets[0].runner == "shell":
                yield Called(path, content.targets[0], folder, tuple(rest[1:]))
                break
        if name.rsplit("/", 1)[-1] == "ci" and name.endswith("bin/ci"):
            yield from self.refs("rails-ci", folder, [""])

    def _tox(self, parts: Sequence[str], folder: str, env: str) -> Iterator[Called]:
        given = values_given(parts[1:], ("-e", "--env")) or [env]
        names = [name for value in given for name in value.split(",") if name]
        table = self.table("tox", folder)
        if not names and "*" in table:
            names = list(table["*"][1].after)
        wanted = [name if name in table else "" for name in names] or [name for name in table if name != "*"]
        yield from self.refs("tox", folder, dict.fromkeys(wanted))

    def package_calls(self, parts: Sequence[str], folder: str) -> Iterator[Called]:
        """What npm, pnpm, Yarn, Bun, Turborepo, Nx and Lerna run."""
        for package, target, arguments in self._packages.called(parts, folder):
            yield Called(package.path, target, package.folder, arguments)

    def behind_all(self, several: Iterable[str], folder: str) -> Iterator[Called]:
        """What each of several quoted commands runs."""
        for text in several:
            yield from self.called(words(text), folder, "", 1)


def _in_container(parts: Sequence[str]) -> list[str]:
    rest = without_assignments(parts)
    while rest:
        inner = in_container(rest)
        if inner:
            return inner
        rest = without_assignments(unwrapped(rest))
    return []


def _selected(commands: tuple[Command, ...], arguments: tuple[str, ...]) -> Iterator[Command]:
    """The commands of a script that run with these arguments: without functions that nothing calls, and arms that do not fit."""
    names = {command.within for command in commands if command.within}
    fitting = [command for command in commands if not command.arm or _fits(command.arm, arguments)]
    called: set[str] = set()
    waiting = [command for command in fitting if not command.within]
    if any(command.text.split(" ", 1)[0].strip("\"'") in ("$@", "$1", "${1}", "$*", "${@}") for command in fitting):
        called |= names & {argument.replace("-", "_") for argument in arguments[:1]} | names & set(arguments[:1])
        waiting += [command for command in fitting if command.within in called]
    while waiting:
        parts = set(_NAME.findall(waiting.pop().text))
        new = (names & parts) - called
        called |= new
        waiting += [command for command in fitting if command.within in new]
    for command in fitting:
        if (not command.within or command.within in called) and command.text.split(" ", 1)[0] not in names:
            yield command


_NAME = re2.compile(r"[\w.:-]+")


def _fits(arm: str, arguments: tuple[str, ...]) -> bool:
    patterns = [pattern.strip("() ") for pattern in arm.split("|")]
    if any(pattern.startswith("-") for pattern in patterns):
        return True
    first = arguments[0] if arguments else ""
    return first.startswith("$") or any(fnmatchcase(first, pattern) for pattern in patterns)


def _stem(pattern: str, name: str) -> str | None:
    start, percent, end = pattern.partition("%")
    if percent and (start or end) and name.startswith(start) and name.endswith(end) and len(name) > len(start) + len(end):
        return name[len(start) : len(name) - len(end)]
    return None


def _with_stem(command: Command, stem: str, name: str) -> Command:
    text = command.text.replace("$*", stem).replace("$@", name)
    return Command(text, command.line, command.soft, command.folder.replace("$*", stem))
