"""The tools that run named targets: what their command lines ask for."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from collectors.ci.facts import Target
from collectors.ci.shell import normal


@dataclass(frozen=True, slots=True)
class Called:
    """A target that is run: where it stands, in which folder it runs, and what it is given."""

    path: str
    target: Target
    folder: str
    arguments: tuple[str, ...] = ()


class Index(Protocol):
    """Where targets of one repository are looked up."""

    def refs(self, runner: str, folder: str, names: Iterable[str]) -> Iterator[Called]:
        """The targets of some names, as seen from a folder."""

    def table(self, runner: str, folder: str) -> Mapping[str, tuple[str, Target]]:
        """All targets of a runner, as seen from a folder."""

    def package_calls(self, parts: Sequence[str], folder: str) -> Iterator[Called]:
        """What a package manager's command line runs."""

    def behind_all(self, several: Iterable[str], folder: str) -> Iterator[Called]:
        """What each of several command lines runs."""


def join(folder: str, there: str) -> str:
    """The folder that ``there`` means in ``folder``; with a leading slash it means the root's."""
    return normal(there) if there.startswith("/") else normal(posixpath.join(folder, there))


def values_given(parts: Sequence[str], flags: tuple[str, ...]) -> list[str]:
    """The values that some flags are given, as ``-e x``, ``-e=x`` or ``-ex``."""
    out = []
    for index, part in enumerate(parts):
        name, equals, value = part.partition("=")
        if name in flags:
            out += [value] if equals else list(parts[index + 1 : index + 2])
        elif not part.startswith("--") and len(part) > 2 and part[:2] in flags:
            out.append(part[2:])
    return out


def _names(parts: Sequence[str], with_value: Iterable[str] = ()) -> list[str]:
    """The words that are neither flags nor their values nor assignments."""
    out, index, valued = [], 0, set(with_value)
    while index < len(parts):
        part = parts[index]
        if part == "--":
            break
        if part.startswith("-"):
            index += 2 if part in valued else 1
            continue
        if "=" not in part and part not in (">", "2>&1", "|", "<"):
            out.append(part)
        index += 1
    return out


Handler = Callable[[Index, Sequence[str], str], Iterator[Called]]


def _make(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    for there in values_given(parts[1:], ("-C", "--directory")):
        folder = join(folder, there)
    files = values_given(parts[1:], ("-f", "--file", "--makefile"))
    key = join(folder, files[0]) if files else folder
    names = _names(parts[1:], ("-C", "-f", "-j", "-l", "-o", "-W", "--directory", "--file"))
    names = [name for name in names if not name.isdigit()]
    if not names:
        names = [name for name in scripts.table("make", key) if not name.startswith(".") and "%" not in name][:1]
    yield from scripts.refs("make", key, names)


def _just(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    for there in values_given(parts[1:], ("-d", "--working-directory")):
        folder = join(folder, there)
    for file in values_given(parts[1:], ("-f", "--justfile")):
        folder = join(folder, posixpath.dirname(file))
    names = _names(parts[1:], ("-d", "-f", "--justfile", "--working-directory", "--set"))
    table = scripts.table("just", folder)
    if "::".join(names[:2]) in table:
        # ``just deploy web``: a recipe of a module.
        names = ["::".join(names[:2]), *names[2:]]
    yield from scripts.refs("just", folder, names or list(table)[:1])


def _task(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    for there in values_given(parts[1:], ("-d", "--dir")):
        folder = join(folder, there)
    names = _names(parts[1:], ("-d", "--dir", "-t", "--taskfile", "-C", "--concurrency", "-o", "--output")) or ["default"]
    yield from scripts.refs("task", folder, names)


def _second(runner: str, *subcommands: str, bare: bool = True, valued: tuple[str, ...] = ()) -> Handler:
    """A runner whose targets are named after a subcommand, or right away."""

    def handle(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
        for there in values_given(
            parts[1:], ("-d", "--working-dir", "--cwd", "--directory") if runner == "composer" else ("--cwd",)
        ):
            folder = join(folder, there)
        names = _names(parts[1:], valued)
        if names and names[0] in subcommands:
            yield from scripts.refs(runner, folder, names[1:2])
        elif bare:
            yield from scripts.refs(runner, folder, names[:1])

    return handle


def _mise(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    names = _names(parts[1:], ("-C", "--cd", "-j", "-E"))
    while names and names[0] in ("run", "r", "tasks", "task", "watch"):
        names = names[1:]
    wanted = names[:1] + [after for sign, after in pairwise(names) if sign == ":::"]
    yield from scripts.refs("mise", folder, wanted)


def _rake(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    names = [name.partition("[")[0] for name in _names(parts[1:], ("-f", "-I", "-r", "-R"))]
    yield from scripts.refs("rake", folder, names or ["default"])


def _nox(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    names: list[str] = []
    taking = False
    for part in parts[1:]:
        if part == "--":
            break
        if part.startswith("-"):
            flag, _, value = part.partition("=")
            taking = flag in ("-s", "--session", "--sessions", "-e")
            names += [value] if taking and value else []
        elif taking:
            names.append(part)
    table = scripts.table("nox", folder)
    wanted = [name if name in table else name.partition("-")[0] for name in names]
    yield from scripts.refs("nox", folder, wanted or list(table))


def _hatch(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    names = _names(parts[1:], ("-e", "--env"))
    if names[:1] == ["run"] or names[:2] == ["env", "run"]:
        env = next(iter(values_given(parts[1:], ("-e", "--env"))), "")
        name = next((name for name in names[1:] if name != "run" and not name.startswith("+")), "")
        wanted = f"{env}:{name}" if env and ":" not in name else name.removeprefix("default:")
        yield from scripts.refs("hatch", folder, [wanted])


def _mix(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    if parts[1:2] != ["do"]:
        yield from scripts.refs("mix", folder, parts[1:2])
        return
    start = True
    for part in parts[2:]:
        if start:
            yield from scripts.refs("mix", folder, [part.rstrip(",")])
        start = part.endswith(",") or part == "+"


def _cargo(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    yield from scripts.refs("cargo", folder, [part for part in parts[1:] if not part.startswith(("+", "-"))][:1])


def _earthly(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    for part in parts[1:]:
        where, plus, name = part.partition("+")
        if plus and not part.startswith("-"):
            yield from scripts.refs("earthly", join(folder, where.removeprefix("./")), [name])


def _pre_commit(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    if parts[0].rsplit("/", 1)[-1] == "pre-commit" and "run" not in parts[1:]:
        return
    if any(word in parts for word in ("install", "autoupdate", "install-hooks", "gc", "clean", "auto-update", "uninstall")):
        return
    valued = ("-c", "--config", "--hook-stage", "--from-ref", "--to-ref", "-s", "-o", "--files")
    names = [name for name in _names(parts[1:], valued) if name != "run"]
    table = scripts.table("pre-commit", "")
    yield from scripts.refs("pre-commit", "", names[:1] if names[:1] and names[0] in table else list(table))


def _all_of(runner: str, *subcommands: str) -> Handler:
    def handle(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
        if subcommands and parts[1:2] != list(subcommands[:1]):
            return
        names = _names(parts[2:]) if subcommands else [""]
        yield from scripts.refs(runner, folder, names[:1])

    return handle


def _packages(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    yield from scripts.package_calls(parts, folder)


def _several(scripts: Index, parts: Sequence[str], folder: str) -> Iterator[Called]:
    """``concurrently "npm:test" "make lint"`` and start-server-and-test."""
    valued = ("-n", "--names", "-c", "--prefix-colors", "-p", "--prefix", "-m", "--max-processes", "-s", "--success")
    texts = []
    for text in _names(parts[1:], valued):
        for tool in ("npm:", "pnpm:", "yarn:", "bun:", "node:"):
            if text.startswith(tool):
                text = f"run-p {text.removeprefix(tool)}"
        texts.append(text if " " in text else f"run-p {text}")
    yield from scripts.behind_all(texts, folder)


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("make", "gmake", "remake"), _make),
    **dict.fromkeys("npm pnpm yarn bun turbo nx lerna run-s run-p npm-run-all npm-run-all2 node".split(), _packages),
    **dict.fromkeys(("task", "go-task"), _task),
    **dict.fromkeys(("invoke", "inv"), _second("invoke")),
    **dict.fromkeys(("pre-commit", "prek", "pre_commit"), _pre_commit),
    **dict.fromkeys(("concurrently", "start-server-and-test", "start-test"), _several),
    "just": _just,
    "mise": _mise,
    "composer": _second("composer", "run", "run-script", "exec"),
    "rake": _rake,
    "nox": _nox,
    "poe": _second("poe"),
    "poetry": _second("poe", "poe", bare=False),
    "pdm": _second("pdm", "run"),
    "rye": _second("rye", "run", bare=False),
    "pixi": _second("pixi", "run", bare=False, valued=("-e", "--environment", "--manifest-path")),
    "hatch": _hatch,
    "mix": _mix,
    "cargo": _cargo,
    "earthly": _earthly,
    "deno": _second("deno", "task", bare=False),
    "lefthook": _all_of("lefthook", "run"),
    "lint-staged": _all_of("lint-staged"),
}
