"""Files that are made of statements and of blocks in braces, such as Gradle's and Terraform's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_MAX_DEPTH = 100
_MAX_LABEL = 12
_OPENING, _CLOSING = "([", ")]"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a string (``quoted``, without its quotes) or a punctuation mark, and its line from 1."""

    text: str
    line: int
    quoted: bool = False


Blocks = tuple[tuple[Token, ...], ...]
"""The heads of the blocks around a statement, outermost first."""


def tokens(text: str, pattern: Any) -> Iterator[Token]:
    """The tokens that a pattern finds, comments left out.

    A comment starts with ``#``, ``//`` or ``/*``, a string with a quote; both may be unclosed.
    """
    line = 1
    for match in pattern.finditer(text):
        part: str = match[0]
        if part[0] in "\"'":
            quote = part[:3] if part.startswith(('"""', "'''")) else part[0]
            yield Token(part.removeprefix(quote).removesuffix(quote), line, quoted=True)
        elif part[0] != "#" and part[:2] not in ("//", "/*"):
            yield Token(part, line)
        line += part.count("\n")


def statements(of: Iterator[Token]) -> Iterator[tuple[Blocks, list[Token]]]:
    """Each statement with the blocks around it; a block's head is a statement too.

    A statement ends with its line or a semicolon, unless a bracket is open or the line ends with a comma.
    """
    blocks: list[tuple[Token, ...]] = []
    open_brackets = [0]
    statement: list[Token] = []
    for token in of:
        if token.quoted or token.text not in "{}()[];\n":
            statement.append(token)
        elif token.text == "{":
            yield tuple(blocks), statement
            if len(blocks) < _MAX_DEPTH:
                blocks.append(tuple(statement[:_MAX_LABEL]))
                open_brackets.append(0)
            statement = []
        elif token.text == "}":
            yield tuple(blocks), statement
            if blocks:
                blocks.pop()
                open_brackets.pop()
            statement = []
        elif token.text in _OPENING or token.text in _CLOSING:
            open_brackets[-1] = max(open_brackets[-1] + (1 if token.text in _OPENING else -1), 0)
            statement.append(token)
        elif not open_brackets[-1] and not (statement and statement[-1].text == "," and not statement[-1].quoted):
            yield tuple(blocks), statement
            statement = []
    yield tuple(blocks), statement
