"""Tells code from comments and strings by parsing (tree-sitter grammars from ``ast-grep-py``): sure, and a hundred times slower than reading tokens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ast_grep_py import SgRoot

from collectors.lexing import Span, Spans
from rungwise.clues import Language


@dataclass(frozen=True, slots=True)
class _Grammar:
    """How tree-sitter calls what is not code in one language."""

    name: str
    comments: tuple[str, ...]
    strings: tuple[str, ...] = ()
    """The contents of strings, as far as they are no escapes."""
    escaped_in: tuple[str, ...] = ()
    """What escapes stand in where they are no part of those."""
    docstrings: bool = False

    @property
    def comment_rule(self) -> dict[str, object]:
        """What is no code, for ast-grep; in Python a string that is a statement is a comment as well."""
        docstring = {"kind": "string", "inside": {"kind": "expression_statement"}}
        return {"rule": {"any": [*({"kind": kind} for kind in self.comments), *([docstring] if self.docstrings else [])]}}

    @property
    def string_rule(self) -> dict[str, object]:
        """The contents of strings, for ast-grep."""
        escape = {"kind": "escape_sequence", "inside": {"any": [{"kind": kind} for kind in self.escaped_in]}}
        return {"rule": {"any": [*({"kind": kind} for kind in self.strings), *([escape] if self.escaped_in else [])]}}


_GRAMMARS = {
    Language.PYTHON: _Grammar("python", ("comment",), ("string_content",), docstrings=True),
    Language.JAVASCRIPT: _Grammar("tsx", ("comment",), ("string_fragment",), ("string", "template_string")),
    Language.GO: _Grammar(
        "go", ("comment",), ("interpreted_string_literal_content", "raw_string_literal_content"), ("interpreted_string_literal",)
    ),
    Language.JAVA: _Grammar(
        "java", ("line_comment", "block_comment"), ("string_fragment", "multiline_string_fragment"), ("string_literal",)
    ),
    Language.KOTLIN: _Grammar("kotlin", ("line_comment", "multiline_comment"), ("string_content",)),
    Language.RUBY: _Grammar(
        "ruby",
        ("comment",),
        ("string_content", "heredoc_content"),
        ("string", "heredoc_body", "regex", "subshell", "delimited_symbol", "bare_string", "bare_symbol"),
    ),
    Language.PHP: _Grammar(
        "php", ("comment",), ("string_content", "nowdoc_string"), ("string", "encapsed_string", "heredoc_body")
    ),
    Language.RUST: _Grammar("rust", ("line_comment", "block_comment"), ("string_content",), ("string_literal",)),
    Language.CSHARP: _Grammar(
        "csharp",
        ("comment",),
        ("string_literal_content", "verbatim_string_literal", "string_content", "raw_string_content"),
        ("string_literal", "interpolated_string_expression"),
    ),
    Language.ELIXIR: _Grammar(
        "elixir", ("comment",), ("quoted_content",), ("string", "charlist", "sigil", "quoted_atom", "quoted_keyword")
    ),
    Language.SCALA: _Grammar("scala", ("comment", "block_comment"), ("string",)),
    Language.SWIFT: _Grammar("swift", ("comment", "multiline_comment"), ("line_str_text",)),
    Language.HCL: _Grammar("hcl", ("comment",)),
    Language.SHELL: _Grammar("bash", ("comment", "heredoc_body")),
}
PARSED = frozenset(_GRAMMARS)
"""The languages that there is a grammar for."""
WITH_STRINGS = frozenset(language for language, grammar in _GRAMMARS.items() if grammar.strings)
"""Those of them of whose strings the contents are no code."""


def spans(text: str, language: Language, path: str) -> Spans:
    """Where the comments and the contents of strings are, in characters."""
    grammar = _GRAMMARS[language]
    root = SgRoot(text, "typescript" if path.endswith((".ts", ".mts", ".cts")) else grammar.name).root()
    strings = list(_found(root, grammar.string_rule)) if grammar.strings else []
    return Spans(list(_found(root, grammar.comment_rule)), strings)


def _found(root: object, rule: dict[str, object]) -> Iterator[Span]:
    for node in root.find_all(rule):  # type: ignore[attr-defined]
        # An edit knows its positions at once; `node.range()` counts columns too, which on one line of a megabyte takes minutes.
        edit = node.replace("")
        yield edit.start_pos, edit.end_pos
