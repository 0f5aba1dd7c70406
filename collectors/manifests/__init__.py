"""What dependency manifests say, as signals: one file at a time, then what only several files together can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import re2

from collectors.manifests import containers, dotnet, elixir, go, gradle, maven, npm, others, php, python, ruby, rust, terraform
from collectors.manifests.reading import Unreadable, check_brackets, check_size, check_whole, decode
from rungwise.clues import package_name
from rungwise.model import Place, Signal, SignalKind

__all__ = ["Unreadable", "ecosystems", "manifest_kind", "parse", "resolve"]

_PARSERS: dict[str, Callable[[str, bytes], list[Signal]]] = {
    "package.json": npm.package_json,
    "pnpm-workspace": npm.pnpm_workspace,
    "deno": npm.deno,
    "pyproject": python.pyproject,
    "pipfile": python.pipfile,
    "requirements": python.requirements,
    "setup.cfg": python.setup_cfg,
    "setup.py": python.setup_py,
    "conda": python.conda,
    "go.mod": go.go_mod,
    "pom": maven.pom,
    "gradle": gradle.build,
    "gradle-catalogue": gradle.catalogue,
    "gemfile": ruby.gemfile,
    "gemspec": ruby.gemspec,
    "composer": php.composer,
    "cargo": rust.cargo,
    "msbuild": dotnet.project,
    "packages.config": dotnet.packages_config,
    "mix": elixir.mix,
    "terraform": terraform.terraform,
    "compose": containers.compose,
    "dockerfile": containers.dockerfile,
    "action": others.action,
    "chart": others.chart,
}
_NAMES = {
    "package.json": "package.json",
    "pnpm-workspace.yaml": "pnpm-workspace",
    "deno.json": "deno",
    "deno.jsonc": "deno",
    "jsr.json": "deno",
    "jsr.jsonc": "deno",
    "pyproject.toml": "pyproject",
    "Pipfile": "pipfile",
    "setup.cfg": "setup.cfg",
    "setup.py": "setup.py",
    "environment.yml": "conda",
    "environment.yaml": "conda",
    "go.mod": "go.mod",
    "pom.xml": "pom",
    "Gemfile": "gemfile",
    "gems.rb": "gemfile",
    "composer.json": "composer",
    "Cargo.toml": "cargo",
    "Directory.Build.props": "msbuild",
    "Directory.Build.targets": "msbuild",
    "Directory.Packages.props": "msbuild",
    "packages.config": "packages.config",
    "mix.exs": "mix",
    "action.yml": "action",
    "action.yaml": "action",
    "Chart.yaml": "chart",
}
_ENDINGS = (
    (".gradle", "gradle"),
    (".gradle.kts", "gradle"),
    (".versions.toml", "gradle-catalogue"),
    (".gemspec", "gemspec"),
    (".csproj", "msbuild"),
    (".fsproj", "msbuild"),
    (".vbproj", "msbuild"),
    (".tf", "terraform"),
    (".tofu", "terraform"),
)
_PATTERNS = (
    (re2.compile(r"^(?:.*[-_.])?requirements(?:[-_.].*)?\.(?:txt|in)$"), "requirements"),
    (re2.compile(r"^(?:.*[-_.])?compose(?:[-_.].*)?\.ya?ml$"), "compose"),
    (re2.compile(r"^environment[-_.].*\.ya?ml$"), "conda"),
    (re2.compile(r"^(?:(?:.+\.)?[Dd]ockerfile|(?:Dockerfile|Containerfile)(?:\.[\w-]+)?)$"), "dockerfile"),
)
_IN_REQUIREMENTS = re2.compile(r"(?:^|/)requirements/[^/]+\.(?:txt|in)$")
_NO_DOCKERFILE = (".dockerignore", ".md", ".j2", ".erb", ".tmpl", ".template", ".tpl", ".mustache")
_OWN_NAMES = {
    "npm:name": "npm",
    "pypi:project-name": "pypi",
    "crates:name": "crates",
    "gem:name": "gem",
    "composer:name": "composer",
    "maven:name": "maven",
    "nuget:PackageId": "nuget",
    "hex:app": "hex",
}


def manifest_kind(path: str) -> str | None:
    """Which parser a path belongs to, by its name; ``None`` if it is no manifest."""
    name = path.rpartition("/")[2]
    if kind := _NAMES.get(name):
        return kind
    if not name.endswith((".txt", ".in", ".yml", ".yaml")) and "ockerfile" not in name and "ontainerfile" not in name:
        return next((kind for ending, kind in _ENDINGS if name.endswith(ending)), None)
    if name.endswith(_NO_DOCKERFILE):
        return None
    if _IN_REQUIREMENTS.search(path):
        return "requirements"
    return next((kind for pattern, kind in _PATTERNS if pattern.search(name)), None)


_READ_BY_LINE = ("requirements", "setup.cfg", "go.mod", "gradle", "gemfile", "gemspec", "mix", "terraform")
"""Read as far as they are understood, so that they hardly ever fail; nothing found in a broken one is no answer."""
_ECOSYSTEMS = {
    "package.json": "npm", "pnpm-workspace": "npm", "deno": "npm", "pyproject": "pypi", "pipfile": "pypi", "requirements": "pypi",
    "setup.cfg": "pypi", "setup.py": "pypi", "conda": "pypi", "go.mod": "go", "pom": "maven", "gradle": "maven gradle",
    "gradle-catalogue": "maven gradle", "gemfile": "gem", "gemspec": "gem", "composer": "composer", "cargo": "crates", "msbuild": "nuget",
    "packages.config": "nuget", "mix": "hex", "terraform": "terraform", "compose": "image compose", "dockerfile": "image",
    "action": "actions", "chart": "helm",
}  # fmt: skip


def ecosystems(path: str) -> tuple[str, ...]:
    """What the names of a manifest's signals begin with, e.g. ``npm`` for a package.json; none if the path is no manifest."""
    kind = manifest_kind(path)
    return tuple(_ECOSYSTEMS[kind].split()) if kind else ()


def parse(path: str, data: bytes, place: Place = Place.SOURCE) -> list[Signal]:
    """The signals of one manifest, in its order.

    They depend on nothing but the path, the content and the place, which they bear, so they may be kept for the blob. Some say
    something only together with other files: give all of a repository to :func:`resolve` before anybody reads them.
    Raises :class:`Unreadable` for a file that cannot be understood, ``ValueError`` for a path that is no manifest.
    """
    kind = manifest_kind(path)
    if kind is None:
        raise ValueError(f"{path} is no manifest")
    check_size(data)
    check_whole(data)
    try:
        found = _PARSERS[kind](path.rpartition("/")[2], data)
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    if kind in _READ_BY_LINE and not any(signal.kind is SignalKind.DEPENDENCY for signal in found):
        check_brackets(decode(data))
    return [Signal(one.kind, one.name, one.value, path, one.line, place, one.about) for one in found]


def resolve(signals: list[Signal]) -> list[Signal]:
    """The signals of a whole repository, with what only several of its manifests together tell, in their order.

    Gradle's catalogue aliases become dependencies; Maven's managed scopes and Cargo's workspace names reach the modules;
    a compiled requirements file gives way to its source; what the repository itself makes is marked ``source=local``.
    """
    for step in (gradle.resolve, maven.resolve, rust.resolve, python.resolve, dotnet.resolve, _mark_own):
        signals = step(signals)
    return signals


def _mark_own(signals: list[Signal]) -> list[Signal]:
    own = {
        package_name(_OWN_NAMES[signal.name], signal.value)
        for signal in signals
        if signal.kind is SignalKind.MANIFEST and signal.name in _OWN_NAMES
    }
    return [
        replace(signal, about=(*signal.about, ("source", "local")))
        if signal.kind is SignalKind.DEPENDENCY and signal.name in own and not signal.detail("source")
        else signal
        for signal in signals
    ]
