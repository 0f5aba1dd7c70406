"""A pattern's example as a file that somebody might have written, for trying patterns out on it."""

from __future__ import annotations

from collections.abc import Sequence

from collectors.source import Patterns
from rungwise.clues import CodeClue, Language
from rungwise.model import Signal, SignalKind

_ENDINGS = {
    Language.PYTHON: "py", Language.JAVASCRIPT: "ts", Language.GO: "go", Language.JAVA: "java", Language.KOTLIN: "kt", Language.RUBY: "rb", Language.PHP: "php",
    Language.RUST: "rs", Language.CSHARP: "cs", Language.ELIXIR: "ex", Language.SCALA: "scala", Language.SWIFT: "swift", Language.HCL: "tf", Language.SHELL: "sh",
    Language.SQL: "sql", Language.HTML: "html", Language.YAML: "yml", Language.JSON: "json", Language.TOML: "toml", Language.XML: "xml",
    Language.PROPERTIES: "properties", Language.MARKDOWN: "md", Language.PRISMA: "prisma", Language.PROTO: "proto", Language.GRAPHQL: "graphql",
}  # fmt: skip
_NAMES = {Language.DOCKERFILE: "Dockerfile", Language.MAKEFILE: "Makefile"}


def path_in(language: Language) -> str:
    """A path at which a file is taken for one of that language."""
    return _NAMES.get(language) or f"x.{_ENDINGS[language]}"


def file_of(example: str, language: Language) -> bytes:
    """The example as the content of such a file."""
    begins = "<?php\n" if language is Language.PHP and "<?php" not in example else ""
    return f"{begins}{example}\n".encode()


class Trial:
    """Some patterns, to be tried on the examples of others or on their own."""

    def __init__(self, clues: Sequence[CodeClue]) -> None:
        self._patterns = Patterns(clues)

    def seen(self, example: CodeClue) -> tuple[Signal, ...]:
        """What the patterns see in a clue's example, as signals, in whichever of that clue's languages."""
        return tuple(
            Signal(
                SignalKind.CODE,
                match.name,
                match.value,
                path_in(language),
                match.line,
                example.where[0],
                (("language", language.value),),
            )
            for language in example.languages
            for match in self._patterns.find(path_in(language), language, file_of(example.example, language))
        )
