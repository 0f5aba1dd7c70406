"""Finds code idioms in files: which patterns occur, how often, and where first.

A file is gone through only to tell code from comments and strings; the patterns run on what remains, on a linear-time engine, and only
those whose own literal parts occur in the file at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from types import MappingProxyType
from typing import Any

import re2

from collectors import lexing, literals, parsing
from collectors.globs import Globs
from collectors.versions import REACH, Version, Versions, changed, reach
from rungwise.clues import CodeClue, Language
from rungwise.model import Place

VERSION = 7
"""Raised whenever the same blob and patterns would give other facts than before."""

PROGRAM_LIMIT = 1_500_000
"""Bytes; a larger source file is nobody's handiwork and is not parsed. Where a pattern occurs in it, it is reported as not read."""
MOST_COUNTED = 50
"""More occurrences of a pattern in one file are not counted."""
TEXT_LIMIT = 400_000
"""Bytes; the same for configuration, markup and data."""


class Unreadable(Exception):
    """The file cannot be read as text in its language; the message is a short reason.

    ``names`` are the signals that it might hold, where that is known: those of patterns that occur in it, comments and all.
    """

    def __init__(self, reason: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.names = names


_EXTENSIONS = {
    Language.PYTHON: "py pyi",
    Language.JAVASCRIPT: "js mjs cjs jsx ts mts cts tsx vue svelte astro gs",
    Language.GO: "go",
    Language.JAVA: "java groovy gradle",
    Language.KOTLIN: "kt kts",
    Language.RUBY: "rb rake gemspec ru jbuilder builder",
    Language.PHP: "php",
    Language.RUST: "rs",
    Language.CSHARP: "cs",
    Language.ELIXIR: "ex exs",
    Language.SCALA: "scala",
    Language.SWIFT: "swift",
    Language.HCL: "tf hcl tfvars tofu",
    Language.SHELL: "sh bash zsh",
    Language.SQL: "sql",
    Language.HTML: "html htm erb haml slim twig j2 jinja jinja2 heex leex eex cshtml razor hbs ejs liquid mustache njk pug ftl jsp tmpl gohtml",
    Language.YAML: "yml yaml",
    Language.JSON: "json jsonc json5",
    Language.TOML: "toml",
    Language.XML: "xml csproj fsproj vbproj props targets config plist",
    Language.PROPERTIES: "properties ini cfg conf env example sample",
    Language.MARKDOWN: "md mdx rst adoc",
    Language.PRISMA: "prisma",
    Language.PROTO: "proto",
    Language.GRAPHQL: "graphql gql",
}
_BY_EXTENSION = {extension: language for language, names in _EXTENSIONS.items() for extension in names.split()}
_BY_NAME = {
    "Dockerfile": Language.DOCKERFILE, "Containerfile": Language.DOCKERFILE, "Makefile": Language.MAKEFILE, "GNUmakefile": Language.MAKEFILE,
    "justfile": Language.MAKEFILE, "Justfile": Language.MAKEFILE, "Gemfile": Language.RUBY, "Rakefile": Language.RUBY, "Guardfile": Language.RUBY,
    "Capfile": Language.RUBY, "Procfile": Language.PROPERTIES, "Procfile.dev": Language.PROPERTIES, "CODEOWNERS": Language.PROPERTIES,
    "artisan": Language.PHP,
}  # fmt: skip
_SCRIPTS = frozenset("entrypoint run start startup release deploy migrate".split())
"""Names of scripts that need no extension, for it is a container or a host that calls them."""
_LOCKS = frozenset(
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock bun.lockb poetry.lock uv.lock Pipfile.lock go.sum Cargo.lock"
    " Gemfile.lock composer.lock packages.lock.json gradle.lockfile mix.lock deno.lock".split()
)
PROGRAMS = frozenset(
    (
        Language.PYTHON, Language.JAVASCRIPT, Language.GO, Language.JAVA, Language.KOTLIN, Language.RUBY, Language.PHP, Language.RUST, Language.CSHARP,
        Language.ELIXIR, Language.SCALA, Language.SWIFT,
    )
)  # fmt: skip
"""Languages that a product is written in, as opposed to configured or described in."""


@lru_cache(maxsize=200_000)
def language_of(path: str) -> Language | None:
    """The language of a path by its name; ``None`` for lock files and for what no pattern is written for."""
    name = path.rsplit("/", 1)[-1]
    if name in _LOCKS:
        return None
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.startswith(("Dockerfile.", "Dockerfile-")) or name.endswith((".dockerfile", ".Dockerfile")):
        return Language.DOCKERFILE
    if name == ".env" or name.startswith(".env."):
        return Language.PROPERTIES
    if name.endswith(".blade.php"):
        return Language.HTML
    before, _, extension = name.rpartition(".")
    if not before and (path.startswith(("bin/", "script/", "scripts/")) or name in _SCRIPTS or name.endswith("-entrypoint")):
        return Language.SHELL
    return _BY_EXTENSION.get(extension.lower()) if before else None


_MARKED_GENERATED = re2.compile(
    r"@generated\b|Code generated .{0,80}DO NOT EDIT|<auto-generated"
    # Those that write clients; what writes migrations says the same of what people then change.
    r"|(?i:\bauto[- ]?generated by (?:the )?\W?(?:open-?api|swagger|@hey-api|orval|fern\b|kiota|speakeasy))"
)
_MIGHT_BE_GENERATED = (
    b"@generated",
    b"Code generated",
    b"<auto-generated",
    b"uto generated by",
    b"uto-generated by",
    b"utogenerated by",
)


def decode(data: bytes) -> str:
    """The text of a file. Raises :class:`Unreadable` for LFS pointers and for what is no text."""
    if data.startswith(b"version https://git-lfs.github.com/spec/"):
        raise Unreadable("kept in Git LFS")
    if data == b"\0":
        # What a repository gives for a blob that is too large to be held in memory.
        raise Unreadable("too large")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:8000]:
        raise Unreadable("no text")
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


_SPACES = bytes(byte if byte == 10 else 32 for byte in range(256))
"""Turns everything but line breaks into spaces."""


def _blank(text: bytes, spans: Iterable[lexing.Span]) -> bytes:
    """The text with spaces in some places; line breaks stay."""
    out = bytearray(text)
    for start, end in spans:
        out[start:end] = text[start:end].translate(_SPACES)
    return bytes(out)


def _ascii(text: str) -> bytes:
    """The text with one byte for each character. No pattern tells one letter of another alphabet from the next."""
    return text.encode("ascii", "replace")


def _plain(data: bytes) -> bytes:
    """The text of a file with one byte for each character. Raises :class:`Unreadable` as :func:`decode` does."""
    if data.isascii() and b"\0" not in data and not data.startswith(b"version"):
        return data.replace(b"\r\n", b"\n") if b"\r" in data else data
    return _ascii(decode(data))


def _without_comments(data: bytes, plain: bytes, language: Language, path: str, strings: bool) -> tuple[bytes, bytes]:
    """The text without comments, and that without the contents of strings as well (if ``strings``; else the same again)."""
    told = lexing.spans(plain, language, path) or parsing.spans(decode(data), language, path)
    with_strings = _blank(plain, told.comments) if told.comments else plain
    if not strings or language not in parsing.WITH_STRINGS:
        return with_strings, with_strings
    return with_strings, _blank(with_strings, told.strings)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern seen in a file: the signal's name, the first line, and, where that is asked, in how many places (else 0)."""

    name: str
    line: int
    count: int

    @property
    def value(self) -> str:
        """The value of its signal."""
        return str(self.count) if self.count else ""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clue and, where it tells nothing by itself, the groups of clues in which it does; clues by their numbers."""

    clue: CodeClue
    number: int
    only_with: tuple[frozenset[int], ...]
    files: frozenset[str]
    """The globs of the paths it counts in; none if it counts in all."""
    but_not: frozenset[str]

    def at(self, fits: frozenset[str]) -> bool:
        """Whether it counts at a path that matches these globs."""
        return (not self.files or not fits.isdisjoint(self.files)) and fits.isdisjoint(self.but_not)

    def told(self, there: set[int]) -> bool:
        """Whether it tells something beside these clues."""
        return not self.only_with or any(group <= there for group in self.only_with)


class _Tried:
    """The patterns that count in files of one language at one place, and what tells which of them might occur in a text."""

    def __init__(self, asked: Iterable[tuple[_Asked, ...]]) -> None:
        self.asked = tuple(asked)
        self.counted = tuple(any(each.clue.counted for each in group) for group in self.asked)
        # Most patterns count at any path and wait for no other: for those there is nothing to find out.
        self._anywhere = tuple(any(not each.files and not each.but_not for each in group) for group in self.asked)
        self._waiting = frozenset(
            index
            for index, group in enumerate(self.asked)
            if all(each.files or each.but_not or each.only_with for each in group) and any(each.only_with for each in group)
        )
        awaited = frozenset().union(*(each for group in self.asked for asked in group for each in asked.only_with))
        self._awaited = frozenset(
            index for index, group in enumerate(self.asked) if any(each.number in awaited for each in group)
        )

    def counting(self, candidates: list[int], fits: frozenset[str] | None) -> list[int]:
        """Those patterns of which any clue counts at a path that matches these globs, and is not waiting for another that is not there.

        Where ``fits`` is ``None``, all patterns count.
        """
        if fits is None:
            return candidates
        here = [index for index in candidates if self._anywhere[index] or any(each.at(fits) for each in self.asked[index])]
        if self._waiting.isdisjoint(here):
            return here
        there = {each.number for index in here if index in self._awaited for each in self.asked[index] if each.at(fits)}
        return [
            index
            for index in here
            if index not in self._waiting or any(each.at(fits) and each.told(there) for each in self.asked[index])
        ]

    def occurring(
        self, text: bytes, path: str, place: Place | None, fits: Callable[[], frozenset[str] | None], versions: Versions | None
    ) -> list[int]:
        """The patterns that occur in a text and count at its path, in order.

        Those that were not in the version of it that is kept are looked for only where it has changed.
        """
        filter_, patterns = self.compiled
        before = versions.last(path, place) if versions else None
        changes = text if before is None else changed(before.text, text)
        met = filter_.met(changes)
        anywhere, possible = frozenset[int](), filter_.possible(met)
        if before is not None:
            met |= before.met
            anywhere = before.possible.union(self.far.intersection(filter_.possible(met)))
            possible = sorted(anywhere.union(possible))
        # Most files hold nothing that is looked for, and which globs their paths match takes longer to tell.
        globs = fits() if possible else None
        counting = self.counting(possible, globs)
        found = [index for index in counting if patterns[index].search(text if index in anywhere else changes)]
        if versions:
            versions.keep(path, place, Version(text, met, frozenset(possible).difference(counting).union(found)))
        return self.counting(found, globs)

    @cached_property
    def far(self) -> frozenset[int]:
        """The patterns that may take in more lines than :data:`REACH`."""
        return frozenset(
            number for number, asked in enumerate(self.asked) if reach(asked[0].clue.pattern) not in range(REACH + 1)
        )

    @cached_property
    def compiled(self) -> tuple[literals.Filter, tuple[Any, ...]]:
        """The filter, and the patterns by its numbers."""
        return _compiled(tuple(asked[0].clue.pattern for asked in self.asked))


@lru_cache(maxsize=1024)
def _compiled(patterns: tuple[str, ...]) -> tuple[literals.Filter, tuple[Any, ...]]:
    """Remembered, for several languages and places have the same patterns."""
    return literals.Filter(patterns), tuple(map(_pattern, patterns))


@lru_cache(maxsize=65_536)
def _pattern(pattern: str) -> Any:
    """A pattern ready to search; once for all languages, since what it has worked out about texts takes memory."""
    whole_only = re2.Options()
    # Where a group of a pattern matched is of no interest, and finding out takes the slower of the engines.
    whole_only.never_capture = True
    return re2.compile("(?m)" + pattern, whole_only)


class Patterns:
    """All wanted patterns, ready to be tried on files of any language.

    With ``versions``, less of a file is searched that was searched before; what is found is the same.
    """

    def __init__(
        self,
        clues: Iterable[CodeClue],
        only_with: Mapping[CodeClue, tuple[frozenset[CodeClue], ...]] = MappingProxyType({}),
        versions: Versions | None = None,
    ) -> None:
        self._versions = versions
        clues = tuple(dict.fromkeys(clues))
        self._globs = Globs(glob for clue in clues for glob in (*clue.files, *clue.but_not))
        numbers = {clue: number for number, clue in enumerate(clues)}
        by_language: dict[Language, dict[str, list[_Asked]]] = {}
        for clue in clues:
            waits = tuple(frozenset(numbers[each] for each in group) for group in only_with.get(clue, ()))
            files, but_not = frozenset(clue.files), frozenset(clue.but_not)
            for language in clue.languages:
                named = by_language.setdefault(language, {}).setdefault(clue.name, [])
                named.append(_Asked(clue, numbers[clue], waits, files, but_not))
        self._tried: dict[tuple[Language, Place | None], _Tried] = {}
        for language, groups in by_language.items():
            self._tried[language, None] = _Tried(map(tuple, groups.values()))
            for place in Place:
                # Most patterns count in source only: in tests, a tenth of them has to be looked for.
                at_place = [tuple(each for each in group if place in each.clue.where) for group in groups.values()]
                if any(at_place):
                    self._tried[language, place] = _Tried(filter(None, at_place))

    def wanted(self, language: Language, place: Place) -> bool:
        """Whether any pattern counts in files of a language at a place."""
        return (language, place) in self._tried

    def _fits(self, path: str, place: Place | None) -> frozenset[str] | None:
        """The globs that a path matches; ``None`` where everything counts at it."""
        return frozenset(self._globs.of(path)) if place is not None else None

    def compile(self) -> None:
        """Compile the patterns of all languages and places."""
        for (_, place), tried in self._tried.items():
            if place is not None:
                _ = tried.compiled
                if self._versions:
                    _ = tried.far

    def find(self, path: str, language: Language, data: bytes, place: Place | None = None) -> tuple[Match, ...]:
        """What occurs in one file, of what any clue would count there; without a place, of everything. Depends on the arguments alone.

        Raises :class:`Unreadable` when the file cannot be read.
        """
        tried = self._tried.get((language, place))
        if tried is None:
            return ()
        plain = _plain(data)
        head = plain[:2000]
        if b"enerated" in head and any(mark in head for mark in _MIGHT_BE_GENERATED) and _MARKED_GENERATED.search(head):
            return ()
        # Most files hold none of it even with their comments, and need not be gone through.
        candidates = tried.occurring(plain, path, place, partial(self._fits, path, place), self._versions)
        if not candidates:
            return ()
        if len(data) > (PROGRAM_LIMIT if language in PROGRAMS else TEXT_LIMIT):
            raise Unreadable(
                "too large", tuple(dict.fromkeys(each.clue.name for index in candidates for each in tried.asked[index]))
            )
        patterns = tried.compiled[1]
        clues = [(index, tried.asked[index][0].clue) for index in candidates]
        with_strings, without = _without_comments(data, plain, language, path, not all(clue.strings for _, clue in clues))
        matches = []
        for index, clue in clues:
            searched = with_strings if clue.strings else without
            first = patterns[index].search(searched)
            if first:
                # A pattern may begin with the blank lines before what it is about.
                start = first.end() - len(first[0].lstrip())
                count = sum(1 for _ in islice(patterns[index].finditer(searched), MOST_COUNTED)) if tried.counted[index] else 0
                matches.append(Match(clue.name, searched.count(b"\n", 0, start) + 1, count))
        return tuple(matches)
