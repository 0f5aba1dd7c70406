"""Tells code from comments and strings in one pass, far faster than a parser can, and says so where only a parser could be sure.

A language is described as a few *modes* (code, a template string, the text between two tags), each with the tokens at which it may change.
Each token begins with one of a few characters, so that what lies between is skipped at the speed of a search for those; and each, once
begun, matches something without going back (possessive repetition; one that nothing closes gives up), so the time is linear in the size
of the file whatever it holds.

Whatever is unclosed, unbalanced or open to two readings gives up: the caller then asks a parser (``collectors/parsing.py``).
``tests/benchmarks/lexing.py`` compares both on real files.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from rungwise.clues import Language

Span = tuple[int, int]
"""Offsets of the first byte and of the one after the last."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Where comments are, and what is inside strings."""

    comments: list[Span]
    strings: list[Span]


class _Unsure(Exception):
    """Only a parser can tell."""


@dataclass(slots=True)
class _Mode:
    """The tokens that matter in one kind of text.

    The groups of ``tokens`` are named after what is done when they matched last: ``c`` (the match is a comment), ``s`` (the group is the inside of
    a string), ``u`` (give up), ``into_NAME``, ``to_NAME``, ``out`` (the mode within, instead of or around this one goes on), ``gap`` (code
    within a string) and ``ask_NAME`` (a function decides); digits at the end make a name unique. Without a group nothing is done.
    """

    tokens: re.Pattern[bytes]
    string: bool = False
    """Whether all but the tokens is the inside of a string."""
    acts: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.acts = [("", "")] * (self.tokens.groups + 1)
        for name, index in self.tokens.groupindex.items():
            act, _, what = name.rstrip("0123456789").partition("_")
            self.acts[index] = (act, what)


class _Scan:
    """One file being read."""

    def __init__(self, text: bytes, modes: Mapping[str, _Mode], first: str) -> None:
        self.text = text
        self.comments: list[Span] = []
        self.strings: list[Span] = []
        self.checked = self.depth = 0
        self.stack: list[str] = []
        self.pending: list[tuple[int, bytes, bool]] = []
        self.unclosed: set[bytes] = set()
        self.resume = -1
        self._before = (-1, -1)
        self._modes = modes
        self._first = first

    def run(self, start: int, end: int) -> Spans:
        """Read a part. Raises :class:`_Unsure`."""
        text, modes, stack, comments, strings = self.text, self._modes, self.stack, self.comments, self.strings
        name = self._first
        mode = modes[name]
        search, acts, string = mode.tokens.search, mode.acts, mode.string
        since, at = start, start
        while match := search(text, at, end):
            index = match.lastindex
            at = match.end()
            if index is None:
                continue
            act, what = acts[index]
            if act == "s":
                strings.append(match.span(index))
                continue
            if act == "c":
                comments.append((match.start(), at))
                continue
            if act == "ask":
                decided = _ASKED[what](self, match)
                if isinstance(decided, int):
                    at = decided
                    continue
                act, what = decided
                if self.resume >= 0:
                    at, self.resume = self.resume, -1
            if act == "u":
                raise _Unsure
            if string:
                strings.append((since, match.start()))
            if act == "into":
                if len(stack) > 100:
                    raise _Unsure
                stack.append(name)
                name = what
            elif act == "to":
                name = what
            elif act == "out":
                if not stack:
                    raise _Unsure
                name = stack.pop()
            since = at
            mode = modes[name]
            search, acts, string = mode.tokens.search, mode.acts, mode.string
        if stack:
            raise _Unsure
        if string:
            strings.append((since, end))
        return Spans(comments, strings)

    def before(self, at: int) -> int:
        """The offset of the last byte before ``at`` that is neither white space nor in a comment; -1 where there is none."""
        number, asked, known = len(self.comments) - 1, *self._before
        self._before = at, at
        at -= 1
        while at >= 0:
            if at < asked:
                # Between the two there is nothing; without this, very many comments in a row would be gone through again and again.
                at = known
                break
            if self.text[at] in b" \t\n\r\f":
                at -= 1
            elif number >= 0 and self.comments[number][0] <= at < self.comments[number][1]:
                at = self.comments[number][0] - 1
                number -= 1
            else:
                break
        self._before = self._before[0], at
        return at

    def word(self, end: int) -> bytes:
        """The word whose last byte is at ``end``; of one longer than any keyword its end."""
        found = _WORD.search(self.text, max(0, end - 12), end + 1)
        return found[0] if found else b""

    def brackets(self, at: int) -> int:
        """How many brackets are open at ``at``, which may only grow from one call to the next."""
        piece = bytearray(self.text[self.checked : at])
        for spans in (self.comments, self.strings):
            for start, end in spans[bisect_left(spans, (self.checked, 0)) :]:
                piece[start - self.checked : end - self.checked] = bytes(end - start)
        self.depth += sum(map(piece.count, b"([{")) - sum(map(piece.count, b")]}"))
        self.checked = at
        return self.depth


_WORD = re.compile(rb"[\w$]+\Z")


def _mode(tokens: str, *, string: bool = False) -> _Mode:
    """A mode; ``tokens`` is written with white space, after the set of bytes that all of them begin with."""
    return _Mode(re.compile(tokens.encode(), re.VERBOSE | re.MULTILINE), string)


# --- Tokens that many languages share; each begins after its first byte, which the set before it has taken.

_LINE = r"(?<=/)/(?P<c1>[^\n]*+)"
_BLOCK = r"(?<=/)\*(?P<c2>(?:[^*]++|\*(?!/))*+)(?:\*/|(?P<u2>))"
_NESTED = r"(?<=/)\*(?P<c2>(?:[^*/]++|\*(?!/)|/(?!\*))*+)(?:\*/|(?P<u2>))"
_DOUBLE = r'(?<=")(?P<s3>(?:[^"\\\n]++|\\[\s\S])*+)(?:"|(?P<u3>))'
_SINGLE = r"(?<=')(?P<s4>(?:[^'\\\n]++|\\[\s\S])*+)(?:'|(?P<u4>))"
_CHAR = r"(?<=')(?:[^'\\\n]|\\[^\n])(?:[^'\\\n]|\\[^\n]){0,12}+(?:'|(?P<u4>))"

# --- JavaScript and TypeScript: a regular expression looks like a division, and between tags everything is text.

_JS = rf"{_LINE} | {_BLOCK} | {_DOUBLE} | {_SINGLE} | (?<=`)(?P<into_TEMPLATE>) | (?<=/)(?P<ask_slash>)"
_JSX = r"| (?<=<)(?=[A-Za-z_$>])(?P<ask_tag>)"
_BRACES = r"| (?<=\{)(?P<into_IN>) | (?<=\})(?P<out>)"
_JAVASCRIPT = {
    "CODE": _mode(rf"""["'`/<](?:{_JS}{_JSX})"""),
    "IN": _mode(rf"""["'`/<{{}}](?:{_JS}{_JSX}{_BRACES})"""),
    "TEMPLATE": _mode(r"[\\`$](?:(?<=\\)[\s\S] | (?<=`)(?P<out>) | (?<=\$)\{(?P<into_IN>))", string=True),
    "TAG": _mode(
        rf"""["'/{{><](?: (?<=")(?P<s1>[^"]*+)(?:"|(?P<u5>)) | (?<=')(?P<s2>[^']*+)(?:'|(?P<u6>)) | (?<=/)>(?P<out>) | {_LINE} | {_BLOCK.replace("2>", "7>")}
        | (?<=\{{)(?P<into_IN>) | (?<=>)(?P<to_TEXT>) | (?P<u8>))"""
    ),
    "TEXT": _mode(
        r"[{<](?: (?<=\{)(?P<into_IN>) | /[^<>{}'\"`]*+(?:>(?P<out>)|(?P<u1>)) | >(?P<into_TEXT>) | (?=[A-Za-z_$])(?P<into_TAG>) | (?P<u2>))"
    ),
}
_TYPESCRIPT = {**_JAVASCRIPT, "CODE": _mode(rf"""["'`/](?:{_JS})"""), "IN": _mode(rf"""["'`/{{}}](?:{_JS}{_BRACES})""")}
_REGEX = re.compile(rb"(?:[^/\\\[\n]++|\\[^\n]|\[(?:[^\]\\\n]++|\\[^\n])*+\])++/")
_HARMLESS = re.compile(rb"[^\"'`{}<>*/\\]*+/(?![/*])")
_BEFORE_EXPRESSION = frozenset(
    b"return typeof case in of delete void throw new instanceof yield await do else default extends".split()
)


def _slash(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    """Whether a slash begins a regular expression, which is skipped, or divides."""
    text, start, end = scan.text, match.start(), match.end()
    at = scan.before(start)
    last = text[at : at + 1] if at >= 0 else b";"
    if last in b"])}\"'`" or last == b">" or text[max(0, at - 1) : at + 1] in (b"++", b"--"):
        # What stands before may be a value or the end of a statement; if the line reads the same both ways, it does not matter.
        if last in b"]\"'`" or b"/" not in (rest := _rest_of_line(text, end)):
            return end
        if (harmless := _HARMLESS.match(text, end)) and harmless.end() <= end + len(rest):
            return harmless.end()
        return ("u", "")
    if (last.isalnum() or last in b"_$" or last >= b"\x80") and scan.word(at) not in _BEFORE_EXPRESSION:
        return end
    regex = _REGEX.match(text, end)
    return regex.end() if regex else ("u", "")


def _rest_of_line(text: bytes, at: int) -> bytes:
    end = text.find(b"\n", at, at + 1_000)
    return text[at : end if end >= 0 else at + 1_000]


_GENERIC = re.compile(rb"[\w$]+\s*+(?:,|extends\b|=)")


def _tag(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    """Whether ``<`` begins an element, or compares or holds types."""
    text, end = scan.text, match.end()
    at = scan.before(match.start())
    last = text[at : at + 1] if at >= 0 else b";"
    if last in b")]\"'`." or ((last.isalnum() or last in b"_$?") and scan.word(at) not in _BEFORE_EXPRESSION and last != b"?"):
        return end
    if last == b"}" or _GENERIC.match(text, end):
        return ("u", "")
    return ("into", "TAG")


# --- Python: a string that is a statement is a comment, and what stands in braces within an f-string is code.

_PY_PLAIN = " | ".join(
    # What follows one of these is an argument, an item or a value, and has no prefix.
    rf"(?:(?<=[(\[{{,=]{quote})|(?<=[,=+]\ {quote})|(?<=[\"']:\ {quote}))(?!{quote}{quote})(?P<s{number}>(?:[^{quote}\\\n]++|\\[\s\S])*+){quote}"
    for number, quote in enumerate("\"'")
)
_PY_STRINGS = rf"""{_PY_PLAIN} | (?<=["'])(?P<ask_string>)"""
_PYTHON = {
    "CODE": _mode(rf"""["'\#](?:(?<=\#)(?P<c1>[^\n]*+) | {_PY_STRINGS})"""),
    "IN": _mode(rf"""["'\#{{}}](?:(?<=\#)(?P<u1>) | {_PY_STRINGS} {_BRACES})"""),
}
_PY_BODIES = {}
for _quote in ('"', "'", '"""', "'''"):
    _others = rf"[^{_quote[0]}\\\n]++" if len(_quote) == 1 else rf"[^{_quote[0]}\\]++ | {_quote[0]}(?!{_quote[1:]})"
    _PY_BODIES[_quote.encode()] = re.compile(rf"(?:{_others} | \\[\s\S])*+(?P<end>{_quote})?".encode(), re.VERBOSE)
    _PYTHON[f"F{_quote}"] = _mode(
        rf"[\\{{}}{_quote[0]}\n](?: (?<=\\)[\s\S] | (?<=\{{)\{{ | (?<=\}})\}} | (?<=\{{)(?P<into_IN>) | (?<={_quote[0]}){_quote[1:]}(?P<out>)"
        + (r"| (?<=\n)(?P<u1>)" if len(_quote) == 1 else "")
        + "| )",
        string=True,
    )
_PREFIX = re.compile(rb"(?<![\w])[rRbBuUfFtT]{1,2}\Z")
_AFTER = re.compile(rb"[ \t]*+(?:\\\n|[^\n])?")


def _python_string(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    text, start, end = scan.text, match.start(), match.end()
    quote = text[start:end]
    if text.startswith(quote + quote, end):
        quote, end = quote * 3, end + 2
    prefix = b""
    if start and text[start - 1] in b"rRbBuUfFtT" and (found := _PREFIX.search(text, max(0, start - 3), start)):
        prefix = found[0].lower()
    closed = _PY_BODIES[quote].match(text, end)
    if closed is None or closed["end"] is None:
        raise _Unsure
    whole = (start - len(prefix), closed.end())
    if not scan.stack and _statement(scan, *whole):
        scan.comments.append(whole)
    elif (b"f" in prefix or b"t" in prefix) and text.find(b"{", end, closed.end()) >= 0:
        return _format_string(scan, quote, end, closed.end())
    else:
        scan.strings.append((end, closed.start("end")))
    return closed.end()


_HOLES = re.compile(rb"(?:[^{}\\]++ | \\[^\n] | \{\{ | \}\} | \\\n)*+ (?P<hole>\{[^{}\"'\#\\]*+\})?", re.VERBOSE)


def _format_string(scan: _Scan, quote: bytes, start: int, end: int) -> int | tuple[str, str]:
    """Where a format string that ends at ``end`` by its quotes holds simple expressions only, its insides; else it is read by its tokens."""
    inside, at, found = end - len(quote), start, list[Span]()
    while hole := _HOLES.match(scan.text, at, inside):
        if hole["hole"] is None:
            found.append((at, hole.end()))
            break
        found.append((at, hole.start("hole")))
        at = hole.end()
    if not found or found[-1][1] != inside:
        scan.resume = start
        return ("into", f"F{quote.decode()}")
    scan.strings += found
    return end


def _statement(scan: _Scan, start: int, end: int) -> bool:
    """Whether a string is a statement of its own."""
    text = scan.text
    if start and text[start - 1] not in b" \t\n;:":
        return False
    follows = _AFTER.match(text, end)
    if follows and follows[0].strip() not in (b"", b";", b"#"):
        return False
    at = scan.before(start)
    if at < 0:
        return True
    if text.find(b"\n", at, start) < 0:
        if text[at] in b";" or (text[at] in b":" and _ONE_LINER.search(text, max(0, at - 200), at) and scan.brackets(start) == 0):
            raise _Unsure
        return False
    if text[at] in b"([{,=+-*/%|&^~<>@!.\\":
        return False
    if text[at] not in b":\"')]}" and scan.word(at) in _PY_OPERATORS:
        return False
    return scan.brackets(start) == 0


_PY_OPERATORS = frozenset(b"and or not in is if else lambda return yield await from import assert raise del".split())
_ONE_LINER = re.compile(
    rb"^[ \t]*+(?:class|def|async|if|elif|else|for|while|try|except|finally|with|case|match)\b[^\n]*+\Z", re.MULTILINE
)

# --- Languages whose strings hold no code.

_GO = {"CODE": _mode(rf"""["'`/](?:{_LINE} | {_BLOCK} | {_DOUBLE} | {_CHAR} | (?<=`)(?P<s5>[^`]*+)(?:`|(?P<u5>)) | )""")}
_JAVA = {
    "CODE": _mode(
        rf"""["'/](?:{_LINE} | {_BLOCK} | (?<=")""(?P<s5>(?:[^"\\]++|\\[\s\S]|"(?!""))*+)(?:"{{3}}|(?P<u5>)) | {_DOUBLE} | {_CHAR} | (?<='))"""
    )
}
_RUST = {
    "CODE": _mode(
        rf"""["'/\#](?:{_LINE} | {_NESTED} | (?<=r")(?P<s5>[^"]*+)(?:"|(?P<u5>)) | (?<=")(?P<s6>(?:[^"\\]++|\\[\s\S])*+)(?:"|(?P<u6>))
        | (?<=r\#)(?P<hashes>\#*+)"(?P<s7>(?:[^"]++|"(?!\#(?P=hashes)))*+)(?:"\#(?P=hashes)|(?P<u7>))
        | (?<=')(?:[^'\\\n]|\\(?:u\{{[^}}\n]*+\}}|x[0-9a-fA-F]{{2}}|[^\n]))' | )"""
    )
}

_CSHARP_HASH = r"(?<=\#)(?:(?:region|endregion|error|warning)\b[^\n]*+ | (?:pragma|line)\b[^\n/]*+)"
_CSHARP_CODE = rf"""{_LINE} | {_BLOCK} | {_CSHARP_HASH} | (?<=\$)(?:@"(?P<into_VERBATIM1>) | "(?!"")(?P<into_FORMAT>) | "(?P<u5>) | \$(?P<u6>))
    | (?<=@)(?:\$"(?P<into_VERBATIM2>) | (?P<ask_verbatim>(?="))) | (?<=")""(?P<ask_raw>) | {_DOUBLE} | {_CHAR}"""
_CSHARP = {
    "CODE": _mode(rf"""["'/@$\#](?:{_CSHARP_CODE} | )"""),
    "IN": _mode(rf"""["'/@$\#{{}}](?:{_CSHARP_CODE} {_BRACES} | )"""),
    "FORMAT": _mode(
        r"""[\\{}"\n](?:(?<=\\)[\s\S] | (?<=\{)\{ | (?<=\})\} | (?<=\{)(?P<into_IN>) | (?<=")(?P<out>) | (?<=\n)(?P<u1>) | )""",
        string=True,
    ),
    "VERBATIM": _mode(r"""[{}"](?:(?<=\{)\{ | (?<=\})\} | (?<=")" | (?<=\{)(?P<into_IN>) | (?<=")(?P<out>) | )""", string=True),
}
_VERBATIM = re.compile(rb'"(?:[^"]++|"")*+"')


def _verbatim(scan: _Scan, match: re.Match[bytes]) -> int:
    """A string in which backslashes mean nothing; the grammar has no word for its inside."""
    found = _VERBATIM.match(scan.text, match.end())
    if found is None:
        raise _Unsure
    scan.strings.append((match.start(), found.end()))
    return found.end()


def _raw(scan: _Scan, match: re.Match[bytes]) -> int:
    """A string within three quotes or more, up to as many again."""
    text, end = scan.text, match.end()
    while text[end : end + 1] == b'"':
        end += 1
    quotes = text[match.start() : end]
    close = text.find(quotes, end)
    if close < 0:
        raise _Unsure
    scan.strings.append((end, close))
    return close + len(quotes)


_KOTLIN_CODE = rf"""{_LINE} | {_NESTED} | (?<=")""(?P<into_RAW>) | (?<=")(?P<into_FORMAT>) | {_CHAR}"""
_DOLLAR = r"(?<=\$)(?:\{(?P<into_IN>) | [A-Za-z_]\w*+(?P<gap>))"
_KOTLIN = {
    "CODE": _mode(rf"""["'/](?:{_KOTLIN_CODE} | )"""),
    "IN": _mode(rf"""["'/{{}}](?:{_KOTLIN_CODE} {_BRACES} | )"""),
    "FORMAT": _mode(rf"""[\\$"\n](?:(?<=\\)[^\n] | {_DOLLAR} | (?<=")(?P<out>) | (?<=\n)(?P<u1>) | )""", string=True),
    "RAW": _mode(rf"""[$"](?:{_DOLLAR} | (?<=")""(?!")(?P<out>) | )""", string=True),
}

# --- PHP: a page with code between its marks.

_PHP_CODE = r"""(?:(?<=/)/|(?<=\#)(?!\[))(?P<c1>(?:[^\n?]++|\?(?!>))*+) | {block} | (?<=')(?P<s3>(?:[^'\\]++|\\[\s\S])*+)(?:'|(?P<u3>))
    | (?<=")(?P<into_FORMAT>) | (?<=`)(?P<u4>) | (?<=<)<<(?P<ask_heredoc>)""".replace("{block}", _BLOCK)
_PHP_HOLES = r"""(?<=\\)[\s\S] | (?<=\{)(?=\$)(?P<into_IN>) | (?<=\$)\{(?P<into_IN2>)
    | (?<=\$)[A-Za-z_]\w*+(?:\[[^\]\n"']*+\]|->[A-Za-z_]\w*+)?(?P<gap>)"""
_PHP = {
    "PAGE": _mode(r"<(?:\?(?:php\b|=)?(?P<to_CODE>) | )"),
    "CODE": _mode(rf"""["'/\#`<?](?:(?<=\?)>(?P<to_PAGE>) | {_PHP_CODE} | )"""),
    "IN": _mode(rf"""["'/\#`<{{}}](?:{_PHP_CODE} {_BRACES} | )"""),
    "FORMAT": _mode(rf"""[\\$"{{](?:{_PHP_HOLES} | (?<=")(?P<out>) | )""", string=True),
}
_PHP_HEREDOC = re.compile(rb"""[ \t]*+(['"]?)([A-Za-z_]\w*+)\1\r?\n""")
_PHP_HEREDOC_HOLES = re.compile(
    rb"""[\\${](?:(?<=\\)[\s\S] | (?P<hole>(?<=\{)\$[^{}"'`\#/]*+\} | (?<=\$)\{\w++\} | (?<=\$)[A-Za-z_]\w*+(?:\[[^\]\n"']*+\]|->[A-Za-z_]\w*+)?)
    | (?P<odd>(?<=\{)(?=\$)|(?<=\$)(?=\{)) | )""",
    re.VERBOSE,
)


def _heredoc(scan: _Scan, match: re.Match[bytes]) -> int:
    """A text up to a line that begins with the word that began it."""
    opened = _PHP_HEREDOC.match(scan.text, match.end())
    if opened is None:
        return match.end()
    closed = re.compile(rb"^[ \t]*+" + opened[2] + rb"\b", re.MULTILINE).search(scan.text, opened.end())
    if closed is None:
        raise _Unsure
    since, until = opened.end(), max(opened.end(), closed.start() - 1)
    if opened[1] != b"'":
        for found in _PHP_HEREDOC_HOLES.finditer(scan.text, since, until):
            if found["odd"] is not None:
                raise _Unsure
            if found["hole"] is not None:
                scan.strings.append((since, found.start()))
                since = found.end()
    scan.strings.append((since, until))
    return closed.end()


# --- Elixir: sigils have their own brackets.

_ELIXIR_CODE = r"""(?<=\#)(?P<c1>[^\n]*+) | (?<=\?)(?:\\[^\n]|["'\#~\\]) | (?<=")""(?P<into_HEREDOC>) | (?<=")(?P<into_DOUBLE>) | (?<=')''(?P<into_QUOTED>)
    | (?<=')(?P<into_SINGLE>) | (?<=~)[a-z](?:"(?:""(?P<into_HEREDOC2>)|(?P<into_DOUBLE2>)) | '(?:''(?P<into_QUOTED2>)|(?P<into_SINGLE2>)))
    | (?<=~)(?=[A-Za-z])(?P<ask_sigil>)"""
_HASH_IN = r"(?<=\\)[\s\S] | (?<=\#)\{(?P<into_IN>)"
_ELIXIR = {
    "CODE": _mode(rf"""["'\#~?](?:{_ELIXIR_CODE} | )"""),
    "IN": _mode(rf"""["'\#~?{{}}](?:{_ELIXIR_CODE} {_BRACES} | )"""),
    "DOUBLE": _mode(rf"""[\\\#"](?:{_HASH_IN} | (?<=")(?P<out>) | )""", string=True),
    "SINGLE": _mode(rf"""[\\\#'](?:{_HASH_IN} | (?<=')(?P<out>) | )""", string=True),
    "HEREDOC": _mode(rf"""[\\\#"](?:{_HASH_IN} | (?<=")""(?P<out>) | )""", string=True),
    "QUOTED": _mode(rf"""[\\\#'](?:{_HASH_IN} | (?<=')''(?P<out>) | )""", string=True),
}
_SIGIL = re.compile(rb"([a-z]|[A-Z][A-Z0-9]*+)(\"\"\"|'''|[/|\"'(\[{<])")
_CLOSING = {b"(": b")", b"[": b"]", b"{": b"}", b"<": b">"}


def _sigil(scan: _Scan, match: re.Match[bytes]) -> int:
    opened = _SIGIL.match(scan.text, match.end())
    if opened is None:
        return match.end()
    close = _CLOSING.get(opened[2], opened[2])
    until = _closed(scan.text, opened.end(), close)
    if opened[1].islower() and scan.text.find(b"#{", opened.end(), until) >= 0:
        raise _Unsure
    scan.strings.append((opened.end(), until))
    return until + len(close)


def _closed(text: bytes, at: int, close: bytes) -> int:
    """Where a closing mark stands that no backslash precedes."""
    while (found := text.find(close, at)) >= 0:
        slashes = found
        while slashes > at and text[slashes - 1] == 92:
            slashes -= 1
        if (found - slashes) % 2 == 0:
            return found
        at = found + 1
    raise _Unsure


# --- Ruby: what a slash or a percent sign is hangs on what stands before, and a heredoc begins in the line after its word.

_RUBY_CODE = r"""(?<=\#)(?P<c1>[^\n]*+) | (?<=")(?P<into_DOUBLE>) | (?<=')(?P<s3>(?:[^'\\]++|\\[\s\S])*+)(?:'|(?P<u3>)) | (?<=`)(?P<into_BACK>)
    | (?<=/)(?P<ask_slash>) | (?<=%)(?P<ask_percent>) | (?<=<)<(?P<ask_here>[~-]?["'`]?[A-Za-z_]) | (?<=\$)["'`/$] | (?<=\?)["'`\#/%](?P<u4>)"""
_RUBY = {
    "CODE": _mode(rf"""["'`\#/%<$?](?:{_RUBY_CODE.replace("ask_slash", "ask_ruby_slash")} | )"""),
    "LINE": _mode(rf"""["'`\#/%<$?\n](?:{_RUBY_CODE.replace("ask_slash", "ask_ruby_slash")} | (?<=\n)(?P<ask_bodies>) | )"""),
    "IN": _mode(rf"""["'`\#/%<$?{{}}](?:{_RUBY_CODE.replace("ask_slash", "ask_ruby_slash")} {_BRACES} | )"""),
    "DOUBLE": _mode(rf"""[\\\#"](?:{_HASH_IN} | (?<=")(?P<out>) | )""", string=True),
    "BACK": _mode(rf"""[\\\#`](?:{_HASH_IN} | (?<=`)(?P<out>) | )""", string=True),
    "REGEX": _mode(rf"""[\\\#/](?:{_HASH_IN} | (?<=/)(?P<out>) | )""", string=True),
    "BODY": _mode(rf"""[\\\#](?:{_HASH_IN} | )""", string=True),
}
_RUBY_BEFORE_VALUE = frozenset(b"if unless when and or not return then elsif while until in do else puts raise yield".split())


def _ruby_slash(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    text, start, end = scan.text, match.start(), match.end()
    at = scan.before(start)
    if at < 0 or text.find(b"\n", at, start) >= 0:
        return ("into", "REGEX")
    last = text[at : at + 1]
    if last in b")]}\"'`":
        return end
    if _ends_a_name(text, at):
        if scan.word(at) in _RUBY_BEFORE_VALUE and last not in b"?!":
            return ("into", "REGEX")
        if at == start - 1 or text[end : end + 1] in b" =" or b"/" not in _rest_of_line(text, end):
            return end
        return ("u", "")
    if last in b".:" and at == start - 1:
        return ("u", "")
    return ("into", "REGEX")


def _ends_a_name(text: bytes, at: int) -> bool:
    """Whether the byte at ``at`` is part of a name or a number; in Ruby a name may end in a question or exclamation mark."""
    return text[at : at + 1].isalnum() or text[at] in b"_" or (text[at] in b"?!" and at > 0 and text[at - 1 : at].isalnum())


_PERCENT = re.compile(rb"([wWiIqQrsx]?)([\[({<|!/])")


def _percent(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    text, start, end = scan.text, match.start(), match.end()
    opened = _PERCENT.match(text, end)
    if opened is None:
        return end
    at = scan.before(start)
    last = text[at : at + 1] if at >= 0 and text.find(b"\n", at, start) < 0 else b";"
    if last in b")]}\"'" or (last != b";" and _ends_a_name(text, at)):
        if at == start - 1 or (not opened[1] and scan.word(at) not in _RUBY_BEFORE_VALUE):
            return end if at == start - 1 or last in b")]}\"'" or last.isdigit() else ("u", "")
    elif last in b".:" and at == start - 1:
        return ("u", "")
    until = _balanced(text, opened.end(), opened[2])
    if opened[1] not in (b"w", b"i", b"q", b"s") and text.find(b"#{", opened.end(), until) >= 0:
        return ("u", "")
    scan.strings.append((opened.end(), until))
    return until + 1


def _balanced(text: bytes, at: int, opening: bytes) -> int:
    """Where the bracket closes that was opened before ``at``."""
    close = _CLOSING.get(opening, opening)
    if close == opening:
        return _closed(text, at, close)
    depth = 1
    for found in re.compile(rb"\\[\s\S]|[" + re.escape(opening + close) + rb"]").finditer(text, at):
        if found[0] == opening:
            depth += 1
        elif found[0] == close:
            depth -= 1
            if not depth:
                return found.start()
    raise _Unsure


_HERE = re.compile(rb"([~-]?)([\"'`]?)([A-Za-z_]\w*+)\2")


def _here(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    text = scan.text
    start = match.start() + 2
    opened = _HERE.match(text, start)
    if opened is None:
        return start
    if not opened[1]:
        at = match.start() - 1
        if not opened[3][:1].isupper() or (at >= 0 and text[at] not in b" (,="):
            return start
        raise _Unsure
    line_end = text.find(b"\n", start)
    if line_end < 0:
        raise _Unsure
    scan.pending.append((line_end, opened[3], opened[2] != b"'"))
    if len(scan.pending) > 1:
        return opened.end()
    scan.resume = opened.end()
    return ("into", "LINE")


def _bodies(scan: _Scan, match: re.Match[bytes]) -> int | tuple[str, str]:
    """The heredocs that began in the line that ends here."""
    at = match.end()
    for line_end, word, code in scan.pending:
        if line_end != match.start():
            raise _Unsure
        closed = re.compile(rb"^[ \t]*+" + word + rb"$", re.MULTILINE).search(scan.text, at)
        if closed is None:
            raise _Unsure
        until = max(at, closed.start() - 1)
        if code and scan.text.find(b"#{", at, until) >= 0:
            inside = _Scan(scan.text, _RUBY, "BODY").run(at, until)
            scan.strings += inside.strings
            scan.comments += inside.comments
        else:
            scan.strings.append((at, until))
        at = closed.end()
    scan.pending.clear()
    scan.resume = at
    return ("out", "")


# --- HCL: only that a comment is no part of a string matters.

_HCL_CODE = (
    rf"""(?<=\#)(?P<c1>[^\n]*+) | {_LINE.replace("c1", "c5")} | {_BLOCK} | (?<=")(?P<into_FORMAT>) | (?<=<)<-?(?P<ask_hcl>)"""
)
_HCL = {
    "CODE": _mode(rf"""["/\#<](?:{_HCL_CODE} | )"""),
    "IN": _mode(rf"""["/\#<{{}}](?:{_HCL_CODE} {_BRACES} | )"""),
    "FORMAT": _mode(
        r"""[\\$%"\n](?:(?<=\\)[^\n] | (?<=[$%])[$%]\{ | (?<=[$%])\{(?P<into_IN>) | (?<=")(?P<out>) | (?<=\n)(?P<u1>) | )""",
        string=True,
    ),
}
_HCL_HEREDOC = re.compile(rb"([A-Za-z_][\w-]*+)[ \t]*+\n")


def _hcl_heredoc(scan: _Scan, match: re.Match[bytes]) -> int:
    opened = _HCL_HEREDOC.match(scan.text, match.end())
    if opened is None:
        return match.end()
    closed = re.compile(rb"^[ \t]*+" + re.escape(opened[1]) + rb"[ \t]*+$", re.MULTILINE).search(scan.text, opened.end())
    if closed is None:
        raise _Unsure
    inside = scan.text[opened.end() : closed.start()]
    if (b"${" in inside or b"%{" in inside) and (b"#" in inside or b"//" in inside or b"/*" in inside):
        raise _Unsure
    return closed.end()


# --- Configuration, markup and data are read whole but for their comments; what nothing closes is no comment there.

_UNTIL = {
    b"/*": b"*/",
    b"<!--": b"-->",
    b"<%#": b"%>",
    b"<%--": b"--%>",
    b"{#": b"#}",
    b"{{!--": b"--}}",
    b"{{--": b"--}}",
    b"@*": b"*@",
}


def _until(scan: _Scan, match: re.Match[bytes]) -> int:
    opening, end = match[0], match.end()
    if opening in scan.unclosed:
        return end
    close = scan.text.find(_UNTIL[opening], end)
    if close < 0:
        scan.unclosed.add(opening)
        return end
    close += len(_UNTIL[opening])
    scan.comments.append((match.start(), close))
    return close


def _text(tokens: str) -> dict[str, _Mode]:
    return {"CODE": _mode(tokens)}


_HASH = _text(r"\#(?:(?<!\S\#)(?P<c1>[^\n]*+) | )")
_XML = _text(r"<(?:!--(?P<ask_until>) | )")
_MARKUP = _text(
    r"[<{@](?:(?<=<)(?:!--|%\#|%--)(?P<ask_until1>) | (?<=\{)(?:\#|\{!--|\{--)(?P<ask_until2>) | (?<=@)\*(?P<ask_until3>) | )"
)
_SPACED_SLASHES = r"(?<=/)/(?<!\S//)(?P<c1>[^\n]*+) | (?<=/)\*(?P<ask_until1>)"
_COMPONENT = _text(rf"[</](?:{_SPACED_SLASHES} | (?<=<)!--(?P<ask_until2>) | )")
"""A page around a script; Groovy's comments are the same."""


_ASKED: dict[str, Callable[[_Scan, re.Match[bytes]], int | tuple[str, str]]] = {
    "slash": _slash,
    "tag": _tag,
    "string": _python_string,
    "verbatim": _verbatim,
    "raw": _raw,
    "heredoc": _heredoc,
    "sigil": _sigil,
    "ruby_slash": _ruby_slash,
    "percent": _percent,
    "here": _here,
    "bodies": _bodies,
    "hcl": _hcl_heredoc,
    "until": _until,
}

_LANGUAGES: dict[Language, tuple[dict[str, _Mode], str]] = {
    Language.PYTHON: (_PYTHON, "CODE"),
    Language.JAVASCRIPT: (_JAVASCRIPT, "CODE"),
    Language.GO: (_GO, "CODE"),
    Language.JAVA: (_JAVA, "CODE"),
    Language.RUST: (_RUST, "CODE"),
    Language.CSHARP: (_CSHARP, "CODE"),
    Language.KOTLIN: (_KOTLIN, "CODE"),
    Language.RUBY: (_RUBY, "CODE"),
    Language.PHP: (_PHP, "PAGE"),
    Language.ELIXIR: (_ELIXIR, "CODE"),
    Language.HCL: (_HCL, "CODE"),
    Language.SQL: (_text(r"[-/](?:(?<=-)-(?P<c1>[^\n]*+) | (?<=/)\*(?P<ask_until>) | )"), "CODE"),
    Language.HTML: (_MARKUP, "CODE"),
    Language.YAML: (_HASH, "CODE"),
    Language.JSON: (_text(r"^[ \t]*+//(?P<c1>[^\n]*+)"), "CODE"),
    Language.TOML: (_HASH, "CODE"),
    Language.XML: (_XML, "CODE"),
    Language.PROPERTIES: (_text(r"^[ \t]*+[\#;!](?P<c1>[^\n]*+) | (?<=\s)\#(?=\s)(?P<c2>[^\n]*+)"), "CODE"),
    Language.DOCKERFILE: (_text(r"^[ \t]*+\#(?P<c1>[^\n]*+)"), "CODE"),
    Language.MAKEFILE: (_text(r"^[ \t]*+@?\#(?P<c1>[^\n]*+)"), "CODE"),
    Language.MARKDOWN: (_XML, "CODE"),
    Language.PRISMA: (_text(r"//(?P<c1>[^\n]*+)"), "CODE"),
    Language.PROTO: (_text(rf"/(?:{_SPACED_SLASHES} | )"), "CODE"),
    Language.GRAPHQL: (_text(r"\#(?P<c1>[^\n]*+)"), "CODE"),
}
_ODD_RUBY = re.compile(rb"^(?:=begin|__END__)\b", re.MULTILINE)
_SHEBANG = re.compile(rb"#![ \t]*/[^\n]*")


def spans(text: bytes, language: Language, path: str) -> Spans | None:
    """Where the comments and the insides of strings are; ``None`` where only a parser can tell.

    ``text`` has one byte for each character. Of what is no program, strings are not told apart.
    """
    if path.endswith((".vue", ".svelte", ".astro", ".gradle", ".groovy")):
        modes, first = _COMPONENT, "CODE"
    elif language in _LANGUAGES:
        modes, first = _LANGUAGES[language]
    else:
        return None
    if modes is _JAVASCRIPT and path.endswith((".ts", ".mts", ".cts")):
        modes = _TYPESCRIPT
    if modes is _RUBY and _ODD_RUBY.search(text):
        return None
    scan, start = _Scan(text, modes, first), 0
    if text.startswith(b"#!") and (shebang := _SHEBANG.match(text)):
        start = shebang.end()
        if modes is not _JAVASCRIPT and modes is not _TYPESCRIPT:
            scan.comments.append((0, start))
    try:
        return scan.run(start, len(text))
    except _Unsure:
        return None
