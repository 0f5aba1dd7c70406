"""What a text has to hold, at the least, for a pattern to occur in it: words that can be looked for all at once.

Most patterns occur in few files, and running each on every file is most of the time that reading code takes. RE2 has a filter of its own, which
looks for the words of a pattern one by one; ``create_?(user|account)`` then might occur wherever "create" and "user" do. Here neighbouring
words are joined ("create_user", "createaccount"), which leaves a third of the patterns to be run.

>>> needed(r"(?i)\\bcreate_?(user|account)\\w*")
((frozenset({'createaccount', 'createuser', 'create_account', 'create_user'}),),)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import re2

Words = frozenset[str]
"""In lower case; one of them has to be there, whatever its case."""

_MOST = 64
"""Words in a set; what would be more is cut at its joint."""
_LETTERS = 10
"""A class of more characters than these may as well be any."""
_MOST_BY_CHANCE = 2
"""A set that says less, such as two words of two letters or one of one, is as good as none."""
_MOST_SETS = 3
"""For each alternative of a pattern; with a fourth one hardly fewer patterns are left to be run."""
_MEMORY = 16 << 20
"""Bytes for what a filter has worked out of its words; with RE2's usual half of it, that of the largest is thrown away and worked out again and again."""
_NOTHING = frozenset(("",))


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of the texts that a part of a pattern matches.

    ``whole`` are all of them, where they are few. Each begins with one of ``first``, ends with one of ``last``, and holds, for each set of
    ``needed``, one of its words.
    """

    whole: Words | None
    first: Words
    last: Words
    needed: tuple[Words, ...] = ()


_ANYTHING = _Part(None, _NOTHING, _NOTHING)


def _exactly(words: Iterable[str]) -> _Part:
    known = frozenset(words)
    if len(known) > _MOST:
        return _Part(None, _begin(known), _end(known), _best([known]))
    return _Part(known, known, known)


class Filter:
    """Tells which of some patterns might occur in a text, by what it has of that which they need: found in one pass over it."""

    def __init__(self, patterns: Sequence[str]) -> None:
        rows = [(number, sets) for number, pattern in enumerate(patterns) for sets in needed(pattern)]
        self._patterns = tuple(number for number, _ in rows)
        """For each alternative, of which pattern it is."""
        self._met = 0
        """For each set and alternative a bit: whether no word has to be found for it."""
        tells: defaultdict[str, int] = defaultdict(int)
        for row, (_, sets) in enumerate(rows):
            for place in range(_MOST_SETS):
                bit = 1 << (place * len(rows) + row)
                if place >= len(sets):
                    self._met |= bit
                else:
                    for word in sets[place]:
                        tells[word] |= bit
        self._tells = tuple(tells.values())
        """The bits that each word stands for."""
        options = re2.Options()
        options.literal = True
        options.case_sensitive = False
        options.max_mem = _MEMORY
        self._words = re2.Set.SearchSet(options)
        for word in tells:
            self._words.Add(word)
        if tells:
            self._words.Compile()

    def met(self, text: bytes) -> int:
        """What a text has of that which patterns need, as bits. It has no other than ASCII characters."""
        met = self._met
        for word in (self._tells and self._words.Match(text)) or ():
            met |= self._tells[word]
        return met

    def possible(self, met: int) -> list[int]:
        """The numbers of the patterns that might occur where that much is met, in order. What several texts meet may be put together."""
        left = (1 << len(self._patterns)) - 1
        for place in range(_MOST_SETS):
            left &= met >> (place * len(self._patterns))
        found = list[int]()
        while left:
            lowest = left & -left
            number = self._patterns[lowest.bit_length() - 1]
            if not found or found[-1] != number:
                found.append(number)
            left ^= lowest
        return found


class _Odd(Exception):
    """Syntax that is not read here; the pattern has to be tried on everything."""


@lru_cache(maxsize=4096)
def needed(pattern: str) -> tuple[tuple[Words, ...], ...]:
    """What an ASCII text holds in which a pattern (RE2 syntax) occurs: for one of these alternatives, a word of each of its sets.

    An alternative without a set may be anywhere; so may a pattern of which nothing is known.
    """
    try:
        choices = _Reading(pattern).choices()
    except _Odd:
        return ((),)
    alternatives = [choice.needed if choice.whole is None else _best([choice.whole]) for choice in choices]
    if not all(alternatives):
        return ((),)
    # Those with a single set tell no more apart than together.
    single = frozenset(chain.from_iterable(sets[0] for sets in alternatives if len(sets) == 1))
    several = dict.fromkeys(sets for sets in alternatives if len(sets) > 1)
    return (*(((single,),) if single else ()), *several)


TOKEN = re.compile(
    r"""(?P<flags>\(\?[imsU-]+\))|(?P<open>\((?:\?(?:P?<\w+>|[imsU-]*:)|(?!\?)))|(?P<close>\))|(?P<bar>\|)
    |(?P<repeat>[*+?]|\{\d+(?:,\d*)?\})\??|(?P<class>\[\^?\]?(?:\\[^QEpPx\d]|\[:\^?\w+:\]|[^\]\\])*\])|(?P<edge>\\[bBAz]|[\^$])
    |(?P<any>\.|\\[wWdDsSC])|\\(?P<control>[nrtfva])|\\(?P<mark>[^\w\s])|(?P<char>[^\\()|*+?\[])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_CONTROL = dict(zip("nrtfva", "\n\r\t\f\v\a", strict=True))


class _Reading:
    """A pattern being read from left to right. Raises :class:`_Odd`."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def choices(self) -> list[_Part]:
        """What is known of each of its alternatives."""
        found = self._either()
        if self._at != len(self._pattern):
            raise _Odd
        return found

    def _token(self) -> tuple[str, str]:
        if self._at == len(self._pattern):
            return "end", ""
        found = TOKEN.match(self._pattern, self._at)
        if found is None or found.lastgroup is None:
            raise _Odd
        self._at = found.end()
        return found.lastgroup, found[found.lastgroup]

    def _either(self) -> list[_Part]:
        """Alternatives, up to the bracket that closes them."""
        choices: list[_Part] = []
        parts: list[_Part] = []
        while True:
            start = self._at
            sort, text = self._token()
            if sort in ("bar", "close", "end"):
                choices.append(_in_a_row(parts))
                parts = []
                if sort != "bar":
                    self._at = start
                    return choices
            elif sort == "repeat":
                if not parts:
                    raise _Odd
                parts[-1] = _repeated(parts[-1], text)
            else:
                parts.append(self._part(sort, text))

    def _part(self, sort: str, text: str) -> _Part:
        if sort == "open":
            found = _one_of(self._either())
            if self._token()[0] != "close":
                raise _Odd
            return found
        if sort in ("edge", "flags"):
            return _exactly(_NOTHING)
        if sort == "any":
            return _ANYTHING
        if sort == "class":
            return _one_character(text)
        char = _CONTROL[text] if sort == "control" else text
        return _exactly((char.lower(),)) if char.isascii() else _ANYTHING


_IN_CLASS = re.compile(r"\\(?P<control>[nrtfva])|\\(?P<mark>[^\w\s])|(?P<char>[^\\])", re.DOTALL | re.ASCII)


def _one_character(text: str) -> _Part:
    """A class of characters, as far as it lists a few."""
    inside = text[1:-1]
    if inside.startswith("^") or "[:" in inside:
        return _ANYTHING
    chars: list[str] = []
    at = 0
    while at < len(inside):
        found = _IN_CLASS.match(inside, at)
        if found is None or (found["char"] == "-" and 0 < at < len(inside) - 1):
            # A range, or a class within the class.
            return _ANYTHING
        chars.append(_CONTROL[found["control"]] if found["control"] else found["mark"] or found["char"])
        at = found.end()
    known = {char.lower() for char in chars}
    return _exactly(known) if len(known) <= _LETTERS and all(map(str.isascii, known)) else _ANYTHING


def _repeated(part: _Part, times: str) -> _Part:
    if times == "?":
        return _exactly(part.whole | _NOTHING) if part.whole is not None else _ANYTHING
    if times == "*" or times.startswith("{0"):
        return _ANYTHING
    return _Part(None, part.first, part.last, part.needed)


def _one_of(choices: Sequence[_Part]) -> _Part:
    """Any of some alternatives: one of the words that the one or the other needs."""
    if len(choices) == 1:
        return choices[0]
    wholes = [choice.whole for choice in choices if choice.whole is not None]
    if len(wholes) == len(choices):
        return _exactly(chain.from_iterable(wholes))
    sets: list[Words] = []
    needed = [choice.needed if choice.whole is None else (choice.whole,) for choice in choices]
    if all(needed):
        # The best of each, then the second best of those that have one.
        sets = [frozenset().union(*(each[min(rank, len(each) - 1)] for each in needed)) for rank in range(max(map(len, needed)))]
    first = frozenset().union(*(choice.first for choice in choices))
    last = frozenset().union(*(choice.last for choice in choices))
    return _Part(None, first if len(first) <= _MOST else _begin(first), last if len(last) <= _MOST else _end(last), _best(sets))


def _in_a_row(parts: Sequence[_Part]) -> _Part:
    """One part after the other. What ends one is joined to what begins the next."""
    sets: list[Words] = []
    first: Words | None = None
    run, whole = _NOTHING, True
    for part in parts:
        joined = _joined(run, part.first)
        if joined is None:
            # Too many: what is known of the one side stands alone, and only the end of it is joined to the other.
            sets.append(run)
            first = run if first is None else first
            whole = False
            joined = next(filter(None, (_joined(_end(run, left), part.first) for left in (3, 2, 1))), part.first)
        if part.whole is None:
            sets += (joined, *part.needed)
            first = joined if first is None else first
            whole = False
            run = part.last
        else:
            run = joined
    if whole:
        return _exactly(run)
    return _Part(None, run if first is None else first, run, _best([*sets, run]))


def _joined(one: Words, other: Words) -> Words | None:
    return frozenset(a + b for a in one for b in other) if len(one) * len(other) <= _MOST else None


def _begin(words: Words) -> Words:
    return frozenset(word[:3] for word in words)


def _end(words: Words, count: int = 3) -> Words:
    return frozenset(word[-count:] for word in words)


def _best(sets: Iterable[Words]) -> tuple[Words, ...]:
    """Those that say most, without what another one says already."""
    best: list[Words] = []
    for words in sorted(dict.fromkeys(sets), key=_by_chance):
        if len(best) == _MOST_SETS or _by_chance(words) > _MOST_BY_CHANCE:
            break
        words = _shortest(words)
        if not any(all(any(word in longer for word in words) for longer in better) for better in best):
            best.append(words)
    return tuple(best)


def _shortest(words: Words) -> Words:
    """Without the words that hold another one of them."""
    return frozenset(word for word in words if not any(other != word and other in word for other in words))


def _by_chance(words: Words) -> float:
    """How often a text holds one of them anyway: rarely, the longer they are and the fewer."""
    return sum(20.0 ** (2 - min(len(word), 8)) for word in words)
