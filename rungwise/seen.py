"""The signals of one repository or component, ready to be asked for by clues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain, groupby
from operator import attrgetter
from typing import TypeVar, cast

from rungwise.model import Fact, Signal, SignalKind

T = TypeVar("T")

Question = tuple[SignalKind, str | None] | Fact
"""What can be asked of a look: for the signals of a kind and a name, or of a kind (``None``), or for a fact."""


class Seen:
    """What one component shows: its signals by kind and name, and the facts about it."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._signals: dict[SignalKind, dict[str, list[Signal]]] = defaultdict(dict)
        self._sorted: dict[tuple[SignalKind, str | None], list[Signal]] = {}
        self._facts: dict[Fact, bool | None] = {}
        # Collectors hand them over by kind and name, so that few groups have to be put together.
        for (kind, name), alike in groupby(signals, attrgetter("kind", "name")):
            self._signals[kind].setdefault(name, []).extend(alike)

    def without(self, hidden: Callable[[Signal], bool]) -> Seen:
        """The same, facts included, as if some of its signals were not there."""
        shown = Seen(())
        shown._signals = {
            kind: {name: [one for one in signals if not hidden(one)] for name, signals in named.items()}
            for kind, named in self._signals.items()
        }
        shown._facts = self._facts
        return shown

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        return self._in_order((kind, name))

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        return self._in_order((kind, None))

    def _in_order(self, key: tuple[SignalKind, str | None]) -> Sequence[Signal]:
        """The same signals give the same answer in whatever order they come."""
        found = self._sorted.get(key)
        if found is None:
            kind, name = key
            named = self._signals.get(kind, {})
            # Few kinds are asked for as a whole.
            signals = [*chain.from_iterable(named.values())] if name is None else named.get(name)
            if signals is None:
                return ()
            found = self._sorted[key] = sorted(signals, key=_order)
        return found

    def fact(self, fact: Fact) -> bool | None:
        return self._facts.get(fact)

    def decide(self, fact: Fact, holds: bool | None) -> None:
        """Settle a fact, once the signals that it hangs on are all in."""
        self._facts[fact] = holds

    @property
    def facts(self) -> Mapping[Fact, bool | None]:
        """All facts settled so far."""
        return dict(self._facts)

    def since(self, before: Seen) -> set[Question]:
        """The questions about signals that an earlier look answers otherwise; what both have in common is sorted once."""
        changed: set[Question] = set()
        for kind in before._signals.keys() | self._signals.keys():
            old, new = before._signals.get(kind, {}), self._signals.get(kind, {})
            if old != new:
                changed.add((kind, None))
                changed |= {(kind, name) for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        self._sorted |= {key: found for key, found in before._sorted.items() if key not in changed}
        return changed


def _order(signal: Signal) -> tuple[object, ...]:
    return (signal.path or "", signal.line or 0, signal.kind, signal.name, signal.value, signal.about)


class Watched(Seen):
    """What another look answers, with a note of what it was asked."""

    def __init__(self, look: Seen) -> None:
        super().__init__(())
        self._look = look
        self.asked: set[Question] = set()

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        self.asked.add((kind, name))
        return self._look.named(kind, name)

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        self.asked.add((kind, None))
        return self._look.of(kind)

    def fact(self, fact: Fact) -> bool | None:
        self.asked.add(fact)
        return self._look.fact(fact)


class Recall:
    """What was concluded from one look, for the next one to take over where all that it was concluded from is still the same.

    Two looks at one repository a week apart differ in little. A conclusion that hangs on nothing but the answers that it asked for stays as it
    is while they do: that is exact, whatever is concluded.
    """

    def __init__(self) -> None:
        self._look: Seen | None = None
        self._facts: Mapping[Fact, bool | None] = {}
        self._settled = False
        self._known: dict[Hashable, tuple[object, frozenset[Question]]] = {}

    def look(self, signals: Iterable[Signal]) -> Seen:
        """The next look; no fact of it is settled yet."""
        look = Seen(signals)
        if self._look is not None:
            self._forget(look.since(self._look))
        self._look, self._settled = look, False
        return look

    def settled(self) -> None:
        """All facts of the look are settled."""
        facts = self._look.facts if self._look else {}
        self._forget({fact for fact in Fact if facts.get(fact) is not self._facts.get(fact)})
        self._facts, self._settled = facts, True

    def of(self, what: Hashable, look: Seen, conclude: Callable[[Seen], T]) -> T:
        """What is concluded from the look, or one made of it: ``what`` names it, with all that it hangs on beside the look."""
        known = self._known.get(what)
        if known is not None:
            return cast("T", known[0])
        watched = Watched(look)
        found = conclude(watched)
        # A fact that is not settled yet is no answer to go by.
        if self._settled or not any(isinstance(asked, Fact) for asked in watched.asked):
            self._known[what] = (found, frozenset(watched.asked))
        return found

    def _forget(self, changed: set[Question]) -> None:
        if changed:
            self._known = {what: known for what, known in self._known.items() if known[1].isdisjoint(changed)}


class Afresh(Recall):
    """Recalls nothing: everything is concluded from each look anew."""

    def look(self, signals: Iterable[Signal]) -> Seen:
        return Seen(signals)

    def settled(self) -> None:
        pass

    def of(self, what: Hashable, look: Seen, conclude: Callable[[Seen], T]) -> T:
        return conclude(look)
