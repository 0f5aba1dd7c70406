"""What a GitHub Actions expression can be worth, as far as that can be known without running it.

An expression has a *set* of possible values: ``github.ref == 'refs/heads/main' && 'production' || 'staging'`` is one of two names
on a push, and only the second one on a pull request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

import re2

LIMIT = 16
"""How many values of one expression, or texts of one template, are told apart."""
_LENGTH_LIMIT = 2_000
_DEPTH_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Unknown:
    """Any value at all; if it has a prefix or a suffix, a text that starts or ends so."""

    prefix: str = ""
    suffix: str = ""


Value = str | bool | Unknown
Values = frozenset[Value]
Lookup = Callable[[str], Values]
"""What a context such as ``github.event_name`` or ``inputs.environment`` can be worth."""

UNKNOWN: Values = frozenset((Unknown(),))
EITHER: Values = frozenset((True, False))
EMPTY: Values = frozenset(("",))

_TOKEN = re2.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?(?:0x)?\d[\w.]*)|(?P<name>[A-Za-z_*][\w*-]*)|(?P<op>&&|\|\||==|!=|<=|>=|[<>!().,\[\]])|(?P<bad>\S))"
)
_TEMPLATE = re2.compile(r"\$\{\{((?s:.*?))\}\}")


def values_of(expression: str, lookup: Lookup) -> Values:
    """All values that an expression (without its ``${{ }}``) can have."""
    if len(expression) > _LENGTH_LIMIT:
        return UNKNOWN
    try:
        parser = _Parser(_tokens(expression), lookup)
        found = parser.either()
        return found if parser.done else UNKNOWN
    except _Malformed:
        return UNKNOWN


@lru_cache(maxsize=4_096)
def _tokens(expression: str) -> tuple[tuple[str, str], ...]:
    return tuple((match.lastgroup or "", match.group(match.lastgroup or 0)) for match in _TOKEN.finditer(expression))


def can_hold(condition: str, lookup: Lookup) -> bool:
    """Whether an ``if:`` can be true; false only where it certainly is not. An empty one holds."""
    stripped = condition.strip()
    if not stripped:
        return True
    whole = _TEMPLATE.fullmatch(stripped)
    if whole is not None:
        stripped = whole.group(1)
    elif "${{" in stripped:
        # Text around an expression makes a text, and every text but the empty one is true.
        return True
    return any(_truth(value) is not False for value in values_of(stripped, lookup))


def texts(template: str, lookup: Lookup) -> tuple[str, ...]:
    """The texts that a template with ``${{ }}`` in it can become; what is not known stays as it is written."""
    if "${{" not in template:
        return (template,)
    found = list(dict.fromkeys(match.group() for match in _TEMPLATE.finditer(template)))
    choices = [_written(whole, lookup) for whole in found]
    out: dict[str, None] = {}
    for choice in islice(product(*choices), LIMIT):
        text = template
        for whole, value in zip(found, choice, strict=True):
            text = text.replace(whole, value)
        out[text] = None
    return tuple(out)


def worth(template: str, lookup: Lookup) -> Values:
    """All values that a template can have; one that is a single expression keeps the type of its values."""
    stripped = template.strip()
    if stripped.startswith("${{") and stripped.endswith("}}") and stripped.count("${{") == 1:
        return values_of(stripped[3:-2], lookup)
    return frozenset(Unknown() if "${{" in text else text for text in texts(template, lookup))


def _written(whole: str, lookup: Lookup) -> list[str]:
    values = values_of(whole[3:-2], lookup)
    out = {whole if isinstance(value, Unknown) else str(value).lower() if isinstance(value, bool) else value for value in values}
    return sorted(out)


class _Malformed(Exception):
    pass


class _Parser:
    def __init__(self, tokens: tuple[tuple[str, str], ...], lookup: Lookup) -> None:
        self._tokens, self._lookup, self._at, self._depth = tokens, lookup, 0, 0

    @property
    def done(self) -> bool:
        return self._at == len(self._tokens)

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _next(self) -> tuple[str, str]:
        if self.done:
            raise _Malformed
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, token: str) -> None:
        if self._next()[1] != token:
            raise _Malformed

    def either(self) -> Values:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            raise _Malformed
        found = self._all()
        while self._peek() == "||":
            self._next()
            found = _or(found, self._all())
        self._depth -= 1
        return found if len(found) <= LIMIT else UNKNOWN

    def _all(self) -> Values:
        found = self._compared()
        while self._peek() == "&&":
            self._next()
            found = _and(found, self._compared())
        return found

    def _compared(self) -> Values:
        left = self._negated()
        while self._peek() in ("==", "!=", "<", ">", "<=", ">="):
            op, right = self._next()[1], self._negated()
            equal = frozenset(truth for a, b in product(left, right) for truth in _equal(a, b))
            left = equal if op == "==" else frozenset(not truth for truth in equal) if op == "!=" else EITHER
        return left

    def _negated(self) -> Values:
        negated = False
        while self._peek() == "!":
            self._next()
            negated = not negated
        found = self._single()
        return _not(found) if negated else found

    def _single(self) -> Values:
        kind, token = self._next()
        if token == "(":
            found = self.either()
            self._expect(")")
            return found if self._peek() not in (".", "[") else self._rest(None)
        if kind == "text":
            return frozenset((token[1:-1].replace("''", "'"),))
        if kind == "number":
            return frozenset((token,))
        if kind != "name":
            raise _Malformed
        if token in ("true", "false"):
            return frozenset((token == "true",))
        if token == "null":
            return EMPTY
        if self._peek() == "(":
            self._next()
            arguments = []
            while self._peek() != ")":
                arguments.append(self.either())
                if self._peek() == ",":
                    self._next()
            self._expect(")")
            found = _called(token.lower(), arguments)
            return found if self._peek() not in (".", "[") else self._rest(None)
        return self._rest(token)

    def _rest(self, name: str | None) -> Values:
        """The rest of a dotted name; ``None`` if what it starts with is no context."""
        while self._peek() in (".", "["):
            if self._next()[1] == ".":
                part = self._next()[1]
            else:
                found = self.either()
                self._expect("]")
                only = next(iter(found)) if len(found) == 1 else None
                part = only if isinstance(only, str) else "*"
            name = f"{name}.{part}" if name is not None and part != "*" else None
        return self._lookup(name) if name is not None else UNKNOWN


def _truth(value: Value) -> bool | None:
    if isinstance(value, Unknown):
        return True if value.prefix or value.suffix else None
    return value if isinstance(value, bool) else value not in ("", "0")


def _or(left: Values, right: Values) -> Values:
    kept = {value for value in left if _truth(value) is not False}
    return frozenset(kept | set(right)) if any(_truth(value) is not True for value in left) else left


def _and(left: Values, right: Values) -> Values:
    out: set[Value] = {value for value in left if _truth(value) is False}
    if any(_truth(value) is None for value in left):
        out.add(False)
    if any(_truth(value) is not False for value in left):
        out |= right
    return frozenset(out)


def _not(values: Values) -> Values:
    return frozenset(truth for value in values for truth in ((True, False) if _truth(value) is None else (not _truth(value),)))


def _equal(left: Value, right: Value) -> tuple[bool, ...]:
    if isinstance(right, Unknown):
        left, right = right, left
    if isinstance(left, Unknown):
        if isinstance(right, str) and not (_starts(right, left.prefix) and right.lower().endswith(left.suffix.lower())):
            return (False,)
        return (True, False)
    if isinstance(left, bool) != isinstance(right, bool):
        # A flag and a text compare as numbers, and what a workflow means by it differs with where the flag came from.
        return (True, False)
    return (str(left).lower() == str(right).lower(),)


def _starts(text: str, prefix: str) -> bool:
    return text.lower().startswith(prefix.lower())


def _called(name: str, arguments: list[Values]) -> Values:
    if name in ("always", "success"):
        return frozenset((True,))
    if name == "startswith" and len(arguments) == 2:
        return frozenset(truth for a, b in product(*arguments) for truth in _starts_with(a, b))
    if name in ("contains", "endswith") and len(arguments) == 2:
        return frozenset(truth for a, b in product(*arguments) for truth in _holds(name, a, b))
    if name == "format" and arguments:
        return frozenset(islice(_formatted(arguments), LIMIT))
    if name in ("failure", "cancelled"):
        return EITHER
    return UNKNOWN


def _starts_with(text: Value, start: Value) -> tuple[bool, ...]:
    if not isinstance(start, str) or isinstance(text, bool):
        return (True, False)
    if isinstance(text, Unknown):
        return (True,) if _starts(text.prefix, start) else (True, False) if _starts(start, text.prefix) else (False,)
    return (_starts(text, start),)


def _holds(name: str, text: Value, part: Value) -> tuple[bool, ...]:
    if not isinstance(text, str) or not isinstance(part, str):
        return (True, False)
    return (part.lower() in text.lower() if name == "contains" else text.lower().endswith(part.lower()),)


def _formatted(arguments: list[Values]) -> Iterator[Value]:
    for form, *parts in product(*arguments):
        if not isinstance(form, str) or any(isinstance(part, Unknown) for part in parts):
            yield Unknown()
            continue
        text = form
        for index, part in enumerate(parts):
            text = text.replace(f"{{{index}}}", str(part))
        yield text


def known(values: Iterable[str]) -> Values:
    """A set of known texts; of too many, nothing is known."""
    found = frozenset(values)
    return found if len(found) <= LIMIT else UNKNOWN
