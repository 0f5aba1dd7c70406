"""Finds code idioms in files: which patterns occur, how often, and where first.

A file is parsed only to tell code from comments and strings (tree-sitter grammars from ``ast-grep-py``); the patterns run on what
remains, on a linear-time engine, and only those whose own literal parts occur in the file at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from types import MappingProxyType

import re2
from ast_grep_py import SgRoot

from rungwise.clues import CodeClue, Language
from rungwise.model import Place

VERSION = 3
"""Raised whenever the same blob and patterns would give other facts than before."""

PROGRAM_LIMIT = 1_500_000
"""Bytes; a larger source file is nobody's handiwork and is not parsed. Where a pattern occurs in it, it is reported as not read."""
MOST_COUNTED = 50
"""More occurrences of a pattern in one file are not counted."""
TEXT_LIMIT = 400_000
"""Bytes; the same for configuration, markup and data."""


class Unreadable(Exception):
    """The file cannot be read as text in its language; the message is a short reason."""


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
    "Capfile": Language.RUBY, "Procfile": Language.PROPERTIES, "Procfile.dev": Language.PROPERTIES, "artisan": Language.PHP,
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


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How tree-sitter calls what is not code in one language."""

    name: str
    comments: tuple[str, ...]
    strings: tuple[str, ...] = ()
    docstrings: bool = False

    @property
    def comment_rule(self) -> dict[str, object]:
        """What is no code, for ast-grep; in Python a string that is a statement is a comment as well."""
        docstring = {"kind": "string", "inside": {"kind": "expression_statement"}}
        return {"rule": {"any": [*({"kind": kind} for kind in self.comments), *([docstring] if self.docstrings else [])]}}

    @property
    def string_rule(self) -> dict[str, object]:
        """The contents of strings, for ast-grep."""
        return {"rule": {"any": [{"kind": kind} for kind in self.strings]}}


_GRAMMARS = {
    Language.PYTHON: _Grammar("python", ("comment",), ("string_content",), docstrings=True),
    Language.JAVASCRIPT: _Grammar("tsx", ("comment",), ("string_fragment",)),
    Language.GO: _Grammar("go", ("comment",), ("interpreted_string_literal_content", "raw_string_literal_content")),
    Language.JAVA: _Grammar("java", ("line_comment", "block_comment"), ("string_fragment", "multiline_string_fragment")),
    Language.KOTLIN: _Grammar("kotlin", ("line_comment", "multiline_comment"), ("string_content",)),
    Language.RUBY: _Grammar("ruby", ("comment",), ("string_content", "heredoc_content")),
    Language.PHP: _Grammar("php", ("comment",), ("string_content", "nowdoc_string")),
    Language.RUST: _Grammar("rust", ("line_comment", "block_comment"), ("string_content",)),
    Language.CSHARP: _Grammar(
        "csharp", ("comment",), ("string_literal_content", "verbatim_string_literal", "string_content", "raw_string_content")
    ),
    Language.ELIXIR: _Grammar("elixir", ("comment",), ("quoted_content",)),
    Language.SCALA: _Grammar("scala", ("comment", "block_comment"), ("string",)),
    Language.SWIFT: _Grammar("swift", ("comment", "multiline_comment"), ("line_str_text",)),
    Language.HCL: _Grammar("hcl", ("comment",)),
    Language.SHELL: _Grammar("bash", ("comment", "heredoc_body")),
}
_HASH = r"(?m)(?:^|\s)#.*$"
_SLASHES = r"(?m)(?:^|\s)//.*$|/\*[\s\S]*?\*/"
_TEXT_COMMENTS = {
    Language.SQL: r"(?m)--.*$|/\*[\s\S]*?\*/",
    Language.HTML: r"<!--[\s\S]*?-->|<%#[\s\S]*?%>|<%--[\s\S]*?--%>|\{#[\s\S]*?#\}|\{\{!--[\s\S]*?--\}\}|\{\{--[\s\S]*?--\}\}|@\*[\s\S]*?\*@",
    Language.YAML: _HASH,
    Language.JSON: r"(?m)^\s*//.*$",
    Language.TOML: _HASH,
    Language.XML: r"<!--[\s\S]*?-->",
    Language.PROPERTIES: r"(?m)^\s*[#;!].*$|\s#\s.*$",
    Language.DOCKERFILE: r"(?m)^\s*#.*$",
    Language.MAKEFILE: r"(?m)^\s*@?#.*$",
    Language.MARKDOWN: r"<!--[\s\S]*?-->",
    Language.PRISMA: r"(?m)//.*$",
    Language.PROTO: _SLASHES,
    Language.GRAPHQL: r"(?m)#.*$",
    Language.JAVASCRIPT: r"(?m)<!--[\s\S]*?-->|/\*[\s\S]*?\*/|(?:^|\s)//.*$",
}
"""Comments where no grammar is at hand; JavaScript's stands for single-file components, which are markup around a script."""

_MARKED_GENERATED = re2.compile(r"@generated\b|Code generated .{0,80}DO NOT EDIT|<auto-generated", re2.Options())


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


def _blank(text: bytearray, start: int, end: int) -> None:
    text[start:end] = text[start:end].translate(_SPACES)


def _ascii(text: str) -> bytes:
    """The text with one byte for each character. No pattern tells one letter of another alphabet from the next."""
    return text.encode("ascii", "replace")


def _ranges(root: object, rule: dict[str, object]) -> Iterator[tuple[int, int]]:
    for node in root.find_all(rule):  # type: ignore[attr-defined]
        # An edit knows its positions at once; `node.range()` counts columns too, which on one line of a megabyte takes minutes.
        edit = node.replace("")
        yield edit.start_pos, edit.end_pos


def _without_comments(text: str, language: Language, path: str, strings: bool) -> tuple[bytes, bytes]:
    """The text, in ASCII, without comments, and that without the contents of strings as well (if ``strings``; else the same again)."""
    grammar = _GRAMMARS.get(language)
    bare = bytearray(_ascii(text))
    if grammar is None or path.endswith((".vue", ".svelte", ".astro", ".gradle", ".groovy")):
        pattern = re2.compile(_TEXT_COMMENTS.get(language if grammar is None else Language.JAVASCRIPT, r"\A\z"))
        for match in pattern.finditer(bytes(bare)):
            _blank(bare, *match.span())
        plain = bytes(bare)
        return plain, plain
    root = SgRoot(text, "typescript" if path.endswith((".ts", ".mts", ".cts")) else grammar.name).root()
    for start, end in _ranges(root, grammar.comment_rule):
        _blank(bare, start, end)
    plain = bytes(bare)
    if not (strings and grammar.strings):
        return plain, plain
    for start, end in _ranges(root, grammar.string_rule):
        _blank(bare, start, end)
    return plain, bytes(bare)


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern seen in a file: the signal's name, the first line, and in how many places."""

    name: str
    line: int
    count: int


class Patterns:
    """All wanted patterns, ready to be tried on files of any language."""

    def __init__(
        self, clues: Iterable[CodeClue], only_with: Mapping[CodeClue, tuple[frozenset[CodeClue], ...]] = MappingProxyType({})
    ) -> None:
        by_language: dict[Language, dict[str, list[_Asked]]] = {}
        for clue in clues:
            for language in clue.languages:
                by_language.setdefault(language, {}).setdefault(clue.name, []).append(_Asked(clue, only_with.get(clue, ())))
        self._asked = {language: tuple(map(tuple, named.values())) for language, named in by_language.items()}
        self._filters: dict[Language, re2.Filter] = {}

    @property
    def languages(self) -> frozenset[Language]:
        """The languages that any pattern is written for."""
        return frozenset(self._asked)

    def compile(self) -> None:
        """Compile the patterns of all languages."""
        for language in self._asked:
            self._filter(language)

    def _filter(self, language: Language) -> re2.Filter:
        if language not in self._filters:
            made = re2.Filter()
            for asked in self._asked[language]:
                made.Add("(?m)" + asked[0].clue.pattern)
            made.Compile()
            self._filters[language] = made
        return self._filters[language]

    def find(self, path: str, language: Language, data: bytes, place: Place | None = None) -> tuple[Match, ...]:
        """What occurs in one file, of what any clue would count there; without a place, of everything. Depends on the arguments alone.

        Raises :class:`Unreadable` when the file cannot be read.
        """
        if language not in self._asked:
            return ()
        text = decode(data)
        if _MARKED_GENERATED.search(text[:2000]):
            return ()
        filter_ = self._filter(language)
        raw = _ascii(text)
        # Most files hold none of it even with their comments, and need not be parsed.
        possible = self._counting(language, path, place, filter_.Match(raw, potential=True) or ())
        candidates = self._counting(language, path, place, [index for index in possible if filter_.re(index).search(raw)])
        if not candidates:
            return ()
        if len(data) > (PROGRAM_LIMIT if language in PROGRAMS else TEXT_LIMIT):
            raise Unreadable("too large")
        clues = [(index, self._asked[language][index][0].clue) for index in candidates]
        with_strings, without = _without_comments(text, language, path, not all(clue.strings for _, clue in clues))
        found = []
        for index, clue in clues:
            searched = with_strings if clue.strings else without
            matches = [match.span() for match in islice(filter_.re(index).finditer(searched), MOST_COUNTED)]
            if matches:
                # A pattern may begin with the blank lines before what it is about.
                start, end = matches[0]
                start += end - start - len(searched[start:end].lstrip())
                found.append(Match(clue.name, searched.count(b"\n", 0, start) + 1, len(matches)))
        return tuple(found)

    def _counting(self, language: Language, path: str, place: Place | None, candidates: Iterable[int]) -> list[int]:
        """Those patterns of which any clue counts in such a file, and is not waiting for another that is not there."""
        if place is None:
            return list(candidates)
        asked = [
            (index, asked) for index in candidates for asked in self._asked[language][index] if asked.clue.counts_in(path, place)
        ]
        there = {each.clue for _, each in asked}
        return list(
            dict.fromkeys(index for index, each in asked if not each.only_with or any(group <= there for group in each.only_with))
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A clue and, where it tells nothing by itself, the groups of clues in which it does."""

    clue: CodeClue
    only_with: tuple[frozenset[CodeClue], ...]
