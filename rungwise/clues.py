"""The vocabulary for spotting a practice.

A clue is a typed literal that says what to look for. Collectors read what is *wanted* (globs and code patterns) and report
signals; the assessment asks each clue which signals it *finds*. A pattern cannot be declared without an example, and the
examples are test data.

>>> clue = both(dependency(npm="@sentry/node"), code(r"\\bSentry\\.init\\(", JAVASCRIPT, example="Sentry.init({ dsn })"))
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import Any, Protocol

import re2

from rungwise.model import Fact, Place, Signal, SignalKind


class Language(StrEnum):
    """What a file is written in. Comments are taken out of all of them before a pattern is tried."""

    PYTHON = "python"
    JAVASCRIPT = "javascript"
    GO = "go"
    JAVA = "java"
    KOTLIN = "kotlin"
    RUBY = "ruby"
    PHP = "php"
    RUST = "rust"
    CSHARP = "csharp"
    ELIXIR = "elixir"
    SCALA = "scala"
    SWIFT = "swift"
    HCL = "hcl"
    SHELL = "shell"
    SQL = "sql"
    HTML = "html"
    """Pages and templates: html, erb, blade, twig, jinja, heex, cshtml, haml, slim."""
    YAML = "yaml"
    JSON = "json"
    TOML = "toml"
    XML = "xml"
    PROPERTIES = "properties"
    """ini, cfg, conf and .env.example files too."""
    DOCKERFILE = "dockerfile"
    MAKEFILE = "makefile"
    MARKDOWN = "markdown"
    PRISMA = "prisma"
    PROTO = "proto"
    GRAPHQL = "graphql"


PYTHON = (Language.PYTHON,)
JAVASCRIPT = (Language.JAVASCRIPT,)
"""JavaScript, TypeScript, JSX, TSX, Vue, Svelte and Astro."""
GO = (Language.GO,)
JVM = (Language.JAVA, Language.KOTLIN, Language.SCALA)
RUBY = (Language.RUBY,)
PHP = (Language.PHP,)
RUST = (Language.RUST,)
CSHARP = (Language.CSHARP,)
ELIXIR = (Language.ELIXIR,)
HCL = (Language.HCL,)
SQL = (Language.SQL,)
HTML = (Language.HTML,)
YAML = (Language.YAML,)
JSON = (Language.JSON,)
SHELL = (Language.SHELL, Language.MAKEFILE, Language.DOCKERFILE)
CONFIG = (Language.YAML, Language.JSON, Language.TOML, Language.XML, Language.PROPERTIES)
PROGRAM = (*PYTHON, *JAVASCRIPT, *GO, *JVM, *RUBY, *PHP, *RUST, *CSHARP, *ELIXIR, Language.SWIFT)

SOURCE = (Place.SOURCE,)
TESTS = (Place.TESTS,)
SOURCE_AND_TESTS = (Place.SOURCE, Place.TESTS)
ANYWHERE = (Place.SOURCE, Place.TESTS, Place.SAMPLES, Place.DOCS, Place.FIXTURES, Place.GENERATED)
"""Everywhere but in vendored and built files, which nobody in this repository wrote."""

RUNTIME = ("runtime",)
DIRECT = ("runtime", "development")

ECOSYSTEMS = ("npm", "pypi", "go", "maven", "gem", "composer", "crates", "nuget", "hex", "terraform", "image")


class Look(Protocol):
    """What a clue may ask about one component."""

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        """The signals of that kind and name, in the order of their paths and lines."""

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        """All signals of that kind."""

    def fact(self, fact: Fact) -> bool | None:
        """Whether the fact holds; ``None`` where that cannot be told."""


class Clue(Protocol):
    """One way in which a practice shows itself."""

    def find(self, look: Look) -> tuple[Signal, ...]:
        """The signals that show it; none if it was not seen."""

    def parts(self) -> Iterator[Clue]:
        """This clue and all that it is made of."""


def _words(names: str | Iterable[str]) -> tuple[str, ...]:
    return tuple(names.split()) if isinstance(names, str) else tuple(names)


@cache
def glob_regex(glob: str) -> str:
    """The regular expression (for a full match of a path) that a glob stands for.

    ``*`` and ``?`` stay within a folder, ``**`` does not, ``{a,b}`` is either. A glob without a slash matches a file of that
    name in any folder; one with a slash matches from the root unless it starts with ``**/``. Case matters. A bracket that nothing
    closes stands for itself.
    """
    pattern = glob if "/" in glob else f"**/{glob}"
    out, index, depth = "", 0, 0
    while index < len(pattern):
        char = pattern[index]
        if pattern.startswith("**/", index):
            out, index = out + "(?:.*/)?", index + 3
            continue
        if pattern.startswith("**", index):
            out, index = out + ".*", index + 2
            continue
        if char == "*":
            out += "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "[" and (one_of := _one_of(pattern[index + 1 :].partition("]"))):
            out, index = out + one_of, pattern.index("]", index)
        elif char == "{" and pattern.count("}", index) > depth:
            out, depth = out + "(?:", depth + 1
        elif char == "}" and depth:
            out, depth = out + ")", depth - 1
        elif char == "," and depth:
            out += "|"
        else:
            out += re.escape(char)
        index += 1
    return out


def _one_of(bracketed: tuple[str, str, str]) -> str:
    """A class of characters for what stands before the closing bracket; empty where there is none, or nothing in it."""
    listed, closing, _ = bracketed
    chars = listed.removeprefix("!").removeprefix("^")
    ranges = re.findall(r"(?s)(.)-(.)|(.)", chars)
    parts = [
        re.escape(one) if one else f"{re.escape(first)}-{re.escape(last)}" for first, last, one in ranges if one or first <= last
    ]
    return f"[{'^' if chars != listed else ''}{''.join(parts)}]" if closing and parts else ""


def _path_like(glob: str) -> str:
    """A path that a glob matches: the first of alternatives, and an x for what may be anything."""
    plain = re.sub(r"\{([^,{}]*)[^{}]*\}", r"\1", glob)
    plain = re.sub(r"\[!?([^\]])[^\]]*\]", lambda found: "x" if "!" in found[0] else found[1], plain)
    return re.sub(r"\*+|\?", "x", plain.replace("**/", ""))


@cache
def _globs(globs: tuple[str, ...]) -> Any:
    # Globs may come from a repository: what they are turned into can be refused for its size, and nobody wants to hear of it.
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        return re2.compile("|".join(f"(?:{glob_regex(glob)})" for glob in globs), quiet)
    except re2.error:
        return re2.compile(r"[^\s\S]", quiet)


@lru_cache(maxsize=200_000)
def matches(path: str, globs: tuple[str, ...]) -> bool:
    """Whether a path matches one of the globs; linear in the path's length, since globs may come from a repository.

    Remembered, for the same paths come again in every week.
    """
    return bool(globs) and _globs(globs).fullmatch(path) is not None


@dataclass(frozen=True, slots=True)
class FileClue:
    """A file whose path matches one of ``globs`` and none of ``but_not``."""

    globs: tuple[str, ...]
    where: tuple[Place, ...]
    but_not: tuple[str, ...] = ()

    def find(self, look: Look) -> tuple[Signal, ...]:
        found: dict[str | None, Signal] = {}
        for glob in self.globs:
            for signal in look.named(SignalKind.FILE, glob):
                if signal.place in self.where and not (signal.path and matches(signal.path, self.but_not)):
                    found.setdefault(signal.path, signal)
        return tuple(found.values())

    def supposed(self) -> Iterator[Signal]:
        """Signals that would show it, some for each glob: at the root and in folders."""
        for glob in self.globs:
            paths = (f"{folder}{_path_like(glob)}" for folder in ("", "x/", "y/"))
            for path in paths:
                if matches(path, (glob,)) and not matches(path, self.but_not):
                    yield Signal(SignalKind.FILE, glob, "", path, None, self.where[0])

    def parts(self) -> Iterator[Clue]:
        yield self


def file(*globs: str, where: tuple[Place, ...] = SOURCE, but_not: tuple[str, ...] = ()) -> FileClue:
    """A file at one of these globs (see :func:`glob_regex`); ``file("vite.config.*")`` finds it in any folder."""
    return FileClue(globs, where, but_not)


@dataclass(frozen=True)
class DependencyClue:
    """A dependency on one of ``names`` (``ecosystem:package``; a trailing ``*`` is a prefix) in one of ``scopes``."""

    names: tuple[str, ...]
    scopes: tuple[str, ...]
    where: tuple[Place, ...]

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        return tuple(name[:-1] for name in self.names if name.endswith("*"))

    def find(self, look: Look) -> tuple[Signal, ...]:
        found = [signal for name in self.names for signal in look.named(SignalKind.DEPENDENCY, name)]
        if self._prefixes:
            found += [signal for signal in look.of(SignalKind.DEPENDENCY) if signal.name.startswith(self._prefixes)]
        return tuple(signal for signal in found if signal.value in self.scopes and signal.place in self.where)

    def might_be_in(self, unread: Signal) -> bool:
        """Whether a file that could not be read (an UNREADABLE signal) lists packages of one of the ecosystems asked for."""
        return unread.place in self.where and any(_lists(unread, name) for name in self.names)

    def parts(self) -> Iterator[Clue]:
        yield self


def _lists(unread: Signal, name: str) -> bool:
    return name.partition(":")[0] in unread.detail("ecosystems").split()


def package_name(ecosystem: str, name: str) -> str:
    """``ecosystem:name`` in the one spelling under which a package is known here.

    PyPI names follow PEP 503; NuGet, Composer and crates do not mind case; a Go module loses its ``/v2`` suffix, since the
    major version is part of its path and a practice does not hang on it.
    """
    if ecosystem == "pypi":
        name = re.sub(r"[-_.]+", "-", name).lower()
    elif ecosystem in ("nuget", "composer", "image"):
        name = name.lower()
    elif ecosystem == "crates":
        name = name.lower().replace("_", "-")
    elif ecosystem == "go":
        name = re.sub(r"/v\d+$", "", name)
    return f"{ecosystem}:{name}"


def dependency(
    *,
    scope: tuple[str, ...] = RUNTIME,
    where: tuple[Place, ...] = SOURCE,
    npm: str | Iterable[str] = (),
    pypi: str | Iterable[str] = (),
    go: str | Iterable[str] = (),
    maven: str | Iterable[str] = (),
    gem: str | Iterable[str] = (),
    composer: str | Iterable[str] = (),
    crates: str | Iterable[str] = (),
    nuget: str | Iterable[str] = (),
    hex: str | Iterable[str] = (),  # noqa: A002  the ecosystem's name
    terraform: str | Iterable[str] = (),
    image: str | Iterable[str] = (),
) -> DependencyClue:
    """A direct dependency; names may be given as one string with spaces. Whole names are compared, never parts of them."""
    given = {
        "npm": npm, "pypi": pypi, "go": go, "maven": maven, "gem": gem, "composer": composer, "crates": crates,
        "nuget": nuget, "hex": hex, "terraform": terraform, "image": image,
    }  # fmt: skip
    names = tuple(package_name(ecosystem, name) for ecosystem, packages in given.items() for name in _words(packages))
    return DependencyClue(names, scope, where)


@dataclass(frozen=True, slots=True)
class CodeClue:
    """A pattern in the text of files of some languages, comments taken out, and strings too unless ``strings``."""

    pattern: str
    languages: tuple[Language, ...]
    example: str
    strings: bool
    where: tuple[Place, ...]
    files: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    counted: bool = False
    """Whether it matters in how many places of a file it occurs: then the value of its signals is their number, else nothing."""

    @property
    def name(self) -> str:
        """The name of the signals that show it."""
        return f"{self.pattern}  (in strings too)" if self.strings else self.pattern

    def find(self, look: Look) -> tuple[Signal, ...]:
        languages = {language.value for language in self.languages}
        return tuple(
            signal
            for signal in look.named(SignalKind.CODE, self.name)
            if signal.detail("language") in languages and self.counts_in(signal.path or "", signal.place)
        )

    def might_be_in(self, unread: Signal) -> bool:
        """Whether a file that could not be read (an UNREADABLE signal) is one that the pattern might have been seen in."""
        if (names := unread.detail("names")) and self.name not in names.split("\n"):
            return False
        return any(language.value == unread.value for language in self.languages) and self.counts_in(
            unread.path or "", unread.place
        )

    def counts_in(self, path: str, place: Place | None) -> bool:
        """Whether the pattern would count if it were seen in that file."""
        if place not in self.where or (self.files and not matches(path, self.files)):
            return False
        return not (self.but_not and matches(path, self.but_not))

    def supposed(self) -> Iterator[Signal]:
        """Signals that would show it: at the root and in folders."""
        for folder in ("", "x/", "y/"):
            path = f"{folder}{_path_like(self.files[0]) if self.files else 'x'}"
            if self.counts_in(path, self.where[0]):
                yield Signal(SignalKind.CODE, self.name, "", path, 1, self.where[0], (("language", self.languages[0].value),))

    def parts(self) -> Iterator[Clue]:
        yield self


def code(
    pattern: str,
    languages: tuple[Language, ...],
    *,
    example: str,
    strings: bool = False,
    where: tuple[Place, ...] = SOURCE,
    files: str | tuple[str, ...] = (),
    but_not: str | tuple[str, ...] = (),
    counted: bool = False,
) -> CodeClue:
    """An idiom: a linear-time regular expression (RE2 syntax: no look-around, no back-references).

    Comments never match. What stands inside string literals matches only with ``strings=True``. ``^`` and ``$`` are line ends.
    ``files`` are globs that narrow the paths. Configuration files (YAML, JSON, XML, HTML ...) are all strings, so they
    are read whole but for comments. Only with ``counted`` do its signals tell, as their value, in how many places of the file it stands.
    """
    return CodeClue(pattern, languages, example, strings, where, _words(files), _words(but_not), counted)


CHANGE = ("pull_request", "pull_request_target", "push", "merge_group", "merge_request")
"""Runs because the code changed. A reusable workflow counts by what calls it."""


@dataclass(frozen=True, slots=True)
class StepClue:
    """A command or an action that a CI job runs."""

    run: str | None
    uses: str | None
    example: str
    on: tuple[str, ...]
    soft: bool
    services: str | None

    def find(self, look: Look) -> tuple[Signal, ...]:
        # What only asks for commands does not hang on the actions that are used, and is not asked again when they change.
        if self.uses is None:
            steps = look.named(SignalKind.STEP, "run")
        else:
            steps = look.named(SignalKind.STEP, "uses") if self.run is None else look.of(SignalKind.STEP)
        # Of a sort that is not asked for there are none. All others are asked for all that steps may show, and few show any of it.
        run, uses = _occurrences(self.run or ""), _occurrences(self.uses or "")
        return tuple([one for one in steps if (run if one.name == "run" else uses)[one.value] and self._counts(one)])

    def _counts(self, signal: Signal) -> bool:
        if self.on and not set(self.on) & set(signal.detail("on").split()):
            return False
        if self.services and not occurs(self.services, signal.detail("services")):
            return False
        return self.soft or signal.detail("soft") != "true"

    def might_be_in(self, unread: Signal) -> bool:
        """Whether a file that could not be read is CI configuration, or what its commands may be found behind."""
        return bool(unread.detail("ci"))

    def parts(self) -> Iterator[Clue]:
        yield self


@cache
def _compiled(pattern: str) -> Any:
    """The pattern, ready to search text that others wrote: RE2 takes linear time whatever the text is."""
    return re2.compile(pattern)


class _Occurrences(dict[str, bool]):
    """Whether a pattern is found in a text. Remembered, for the same ones come again in every week and in many repositories."""

    def __init__(self, pattern: str) -> None:
        super().__init__()
        self._pattern = _compiled(pattern)

    def __missing__(self, text: str) -> bool:
        if len(self) == _MOST_TEXTS:
            self.clear()
        # As bytes, since the engine would count the characters of a text before and after each search.
        found = self[text] = bool(self._pattern.search(text.encode()))
        return found


_MOST_TEXTS = 1_000
_occurrences = cache(_Occurrences)


def occurs(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a command or a name."""
    return _occurrences(pattern)[text]


def step(
    run: str | None = None,
    uses: str | None = None,
    *,
    example: str,
    on: tuple[str, ...] = CHANGE,
    soft: bool = False,
    services: str | None = None,
) -> StepClue:
    """A step of a CI job (GitHub Actions, GitLab, CircleCI, Jenkins and so on).

    ``run`` is searched in each single command, also in those behind ``npm run x``, ``make x`` or a local script; ``uses`` in
    the name of an action without its version. ``on`` are the events of which one must trigger the workflow (none given: any).
    A step that may fail without failing its job counts only with ``soft``. ``services`` is searched in the images of the
    job's service containers.
    """
    return StepClue(run, uses, example, on, soft, services)


@dataclass(frozen=True, slots=True)
class SettingClue:
    """A GitHub setting whose value is one of ``values``."""

    name: str
    values: tuple[str, ...]

    def find(self, look: Look) -> tuple[Signal, ...]:
        return tuple(signal for signal in look.named(SignalKind.SETTING, self.name) if signal.value in self.values)

    def parts(self) -> Iterator[Clue]:
        yield self


def setting(name: str, *values: str) -> SettingClue:
    """A setting on GitHub, e.g. ``setting("secret-scanning-push-protection", "enabled")``."""
    return SettingClue(name, values)


@dataclass(frozen=True, slots=True)
class ManifestClue:
    """A field of a manifest, e.g. ``npm:private``, whose value matches ``value``."""

    name: str
    value: str
    where: tuple[Place, ...]

    def find(self, look: Look) -> tuple[Signal, ...]:
        return tuple(
            signal
            for signal in look.named(SignalKind.MANIFEST, self.name)
            if signal.place in self.where and _compiled(self.value).search(signal.value)
        )

    def might_be_in(self, unread: Signal) -> bool:
        """Whether a file that could not be read is a manifest of the kind asked for."""
        return unread.place in self.where and _lists(unread, self.name)

    def parts(self) -> Iterator[Clue]:
        yield self


def manifest(name: str, value: str = "", where: tuple[Place, ...] = SOURCE) -> ManifestClue:
    """A field of a manifest; ``value`` is a regular expression searched in what it says."""
    return ManifestClue(name, value, where)


@dataclass(frozen=True, slots=True)
class Both:
    """All of several clues, each seen somewhere."""

    clues: tuple[Clue, ...]

    def find(self, look: Look) -> tuple[Signal, ...]:
        found = [clue.find(look) for clue in self.clues]
        return _first_of_each(found) if all(found) else ()

    def parts(self) -> Iterator[Clue]:
        yield self
        for clue in self.clues:
            yield from clue.parts()


def both(*clues: Clue) -> Both:
    """Every one of these clues; the last one is the strongest evidence and is shown first."""
    return Both(clues)


def _first_of_each(found: Sequence[tuple[Signal, ...]]) -> tuple[Signal, ...]:
    strongest_first = list(reversed(found))
    return tuple(dict.fromkeys([signals[0] for signals in strongest_first] + [s for signals in strongest_first for s in signals]))


@dataclass(frozen=True, slots=True)
class Either:
    """Any of several clues."""

    clues: tuple[Clue, ...]

    def find(self, look: Look) -> tuple[Signal, ...]:
        return tuple(dict.fromkeys(signal for clue in self.clues for signal in clue.find(look)))

    def parts(self) -> Iterator[Clue]:
        yield self
        for clue in self.clues:
            yield from clue.parts()


def either(*clues: Clue) -> Either:
    """At least one of these clues."""
    return Either(clues)


@dataclass(frozen=True, slots=True)
class Beside:
    """All of several clues, seen in one and the same file."""

    clues: tuple[Clue, ...]

    def find(self, look: Look) -> tuple[Signal, ...]:
        found = [clue.find(look) for clue in self.clues]
        shared = set.intersection(*({signal.path for signal in signals} for signals in found))
        return tuple(signal for signal in found[-1] if signal.path in shared)

    def parts(self) -> Iterator[Clue]:
        yield self
        for clue in self.clues:
            yield from clue.parts()


def beside(*clues: Clue) -> Beside:
    """Every one of these clues within one file; the last one is the evidence."""
    return Beside(clues)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A clue seen in at least ``files`` different files."""

    files: int
    clue: Clue

    def find(self, look: Look) -> tuple[Signal, ...]:
        signals = self.clue.find(look)
        return signals if len({signal.path for signal in signals}) >= self.files else ()

    def parts(self) -> Iterator[Clue]:
        yield self
        yield from self.clue.parts()


def at_least(files: int, clue: Clue) -> AtLeast:
    """The clue in at least so many files."""
    return AtLeast(files, clue)


@dataclass(frozen=True, slots=True)
class Given:
    """A clue that counts only where a fact holds (or, with ``not_``, does not)."""

    fact: Fact
    clue: Clue
    expected: bool

    def find(self, look: Look) -> tuple[Signal, ...]:
        return self.clue.find(look) if bool(look.fact(self.fact)) is self.expected else ()

    def parts(self) -> Iterator[Clue]:
        yield self
        yield from self.clue.parts()


def given(fact: Fact, clue: Clue, *, expected: bool = True) -> Given:
    """The clue, where the fact holds."""
    return Given(fact, clue, expected)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What collectors are asked to look for, beyond dependencies, manifests, CI steps and activity, which they always report."""

    globs: tuple[str, ...]
    code: tuple[CodeClue, ...]
    only_with: Mapping[CodeClue, tuple[frozenset[CodeClue], ...]] = field(default_factory=dict)
    """Those of ``code`` that tell nothing by themselves, and the clues of which one whole set must be seen in the same file."""

    @property
    def names(self) -> frozenset[str]:
        """The names under which signals of it are reported."""
        return frozenset(self.globs) | {clue.name for clue in self.code}


def wanted(clues: Iterable[Clue]) -> Wanted:
    """Everything that some clues need to be looked for, each thing once, in a stable order."""
    globs: dict[str, None] = {}
    patterns: dict[CodeClue, None] = {}
    alone: set[CodeClue] = set()
    groups: dict[CodeClue, dict[frozenset[CodeClue], None]] = {}
    for clue in clues:
        for part in clue.parts():
            if isinstance(part, FileClue):
                globs.update(dict.fromkeys(part.globs))
            elif isinstance(part, CodeClue):
                patterns[part] = None
        for part in _apart(clue):
            if isinstance(part, CodeClue):
                alone.add(part)
            elif isinstance(part, Beside):
                group = frozenset(inner for inner in part.clues if isinstance(inner, CodeClue))
                for inner in group:
                    groups.setdefault(inner, {})[group] = None
    return Wanted(tuple(globs), tuple(patterns), {clue: tuple(found) for clue, found in groups.items() if clue not in alone})


@lru_cache(maxsize=4096)
def names(clues: tuple[Clue, ...]) -> frozenset[str]:
    """The names of the globs and patterns that some clues need to be looked for, as signals carry them."""
    return wanted(clues).names


def _apart(clue: Clue) -> Iterator[Clue]:
    """The parts of a clue; of clues that count within one file only, that they do, unless other than code is among them."""
    if isinstance(clue, Beside) and all(isinstance(inner, CodeClue) for inner in clue.clues):
        yield clue
    elif isinstance(clue, Both | Either | Beside):
        for inner in clue.clues:
            yield from _apart(inner)
    elif isinstance(clue, AtLeast | Given):
        yield from _apart(clue.clue)
    else:
        yield clue
