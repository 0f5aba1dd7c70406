"""Finds code idioms in files: which patterns occur, how often, and where first.

A file is parsed only to tell code from comments and strings (tree-sitter grammars from ``ast-grep-py``); the patterns run on what
remains, on a linear-time engine, and only those whose own literal parts occur in the file at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import re2
from ast_grep_py import SgRoot

from rungwise.clues import CodeClue, Language

VERSION = 1
"""Raised whenever the same blob and patterns would give other facts than before."""

PROGRAM_LIMIT = 1_500_000
"""Bytes; a larger source file is nobody's handiwork and is not parsed. Where a pattern occurs in it, it is reported as not read."""
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
    suffix = PurePosixPath(name).suffix
    if not suffix and path.startswith(("bin/", "script/", "scripts/")):
        return Language.SHELL
    return _BY_EXTENSION.get(suffix[1:].lower())


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How tree-sitter calls what is not code in one language."""

    name: str
    comments: tuple[str, ...]
    strings: tuple[str, ...] = ()
    docstrings: bool = False


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
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if b"\0" in data[:8000]:
        raise Unreadable("no text")
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n")


_NOT_NEWLINE = re.compile(r"[^\n]+")


def _blank(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """The text with some ranges (start, end; in characters) turned into spaces, line breaks kept."""
    out, at = [], 0
    for start, end in sorted(ranges):
        if end <= at:
            continue
        start = max(start, at)
        out += [text[at:start], _NOT_NEWLINE.sub(lambda match: " " * len(match[0]), text[start:end])]
        at = end
    return "".join([*out, text[at:]])


def _kinds(kinds: tuple[str, ...]) -> dict[str, object]:
    return {"rule": {"any": [{"kind": kind} for kind in kinds]}}


def _ranges(root: object, rule: dict[str, object]) -> Iterator[tuple[int, int]]:
    for node in root.find_all(rule):  # type: ignore[attr-defined]
        # An edit knows its positions at once; `node.range()` counts columns too, which on one line of a megabyte takes minutes.
        edit = node.replace("")
        yield edit.start_pos, edit.end_pos


def _without_comments(text: str, language: Language, path: str) -> tuple[str, str]:
    """The text without comments, and that without the contents of strings as well."""
    grammar = _GRAMMARS.get(language)
    if grammar is None or path.endswith((".vue", ".svelte", ".astro", ".gradle", ".groovy")):
        pattern = re2.compile(_TEXT_COMMENTS.get(language if grammar is None else Language.JAVASCRIPT, r"\A\z"))
        plain = _blank(text, (match.span() for match in pattern.finditer(text)))
        return plain, plain
    root = SgRoot(text, "typescript" if path.endswith((".ts", ".mts", ".cts")) else grammar.name).root()
    comments = list(_ranges(root, _kinds(grammar.comments)))
    if grammar.docstrings:
        comments += _ranges(root, {"rule": {"kind": "string", "inside": {"kind": "expression_statement"}}})
    plain = _blank(text, comments)
    return plain, _blank(plain, _ranges(root, _kinds(grammar.strings))) if grammar.strings else plain


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern seen in a file: the signal's name, the first line, and in how many places."""

    name: str
    line: int
    count: int


class Patterns:
    """All wanted patterns, ready to be tried on files of any language."""

    def __init__(self, clues: Iterable[CodeClue]) -> None:
        by_language: dict[Language, dict[str, CodeClue]] = {}
        for clue in clues:
            for language in clue.languages:
                by_language.setdefault(language, {})[clue.name] = clue
        self._clues = {language: tuple(named.values()) for language, named in by_language.items()}
        self._filters: dict[Language, re2.Filter] = {}

    @property
    def languages(self) -> frozenset[Language]:
        """The languages that any pattern is written for."""
        return frozenset(self._clues)

    def compile(self) -> None:
        """Compile the patterns of all languages."""
        for language in self._clues:
            self._filter(language)

    def _filter(self, language: Language) -> re2.Filter:
        if language not in self._filters:
            made = re2.Filter()
            for clue in self._clues[language]:
                made.Add("(?m)" + clue.pattern)
            made.Compile()
            self._filters[language] = made
        return self._filters[language]

    def find(self, path: str, language: Language, data: bytes) -> tuple[Match, ...]:
        """What occurs in one file. Depends on the file's extension, language and contents alone.

        Raises :class:`Unreadable` when the file cannot be read.
        """
        if language not in self._clues:
            return ()
        text = decode(data)
        if _MARKED_GENERATED.search(text[:2000]):
            return ()
        filter_ = self._filter(language)
        # Most files hold none of it even with their comments, and need not be parsed.
        candidates = filter_.Match(text)
        if not candidates:
            return ()
        if len(data) > (PROGRAM_LIMIT if language in PROGRAMS else TEXT_LIMIT):
            raise Unreadable("too large")
        with_strings, without = _without_comments(text, language, path)
        found = []
        for index in candidates:
            clue = self._clues[language][index]
            matches = list(filter_.re(index).finditer(with_strings if clue.strings else without))
            if matches:
                # A pattern may begin with the blank lines before what it is about.
                first = matches[0].group()
                at = matches[0].start() + len(first) - len(first.lstrip())
                found.append(Match(clue.name, text.count("\n", 0, at) + 1, len(matches)))
        return tuple(found)
