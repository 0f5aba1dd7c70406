"""The signals of one repository or component, ready to be asked for by clues."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from rungwise.model import Fact, Signal, SignalKind


class Seen:
    """What one component shows: its signals by kind and name, and the facts about it."""

    def __init__(self, signals: Iterable[Signal]) -> None:
        self._named: dict[tuple[SignalKind, str], list[Signal]] = defaultdict(list)
        self._of: dict[SignalKind, list[Signal]] = defaultdict(list)
        self._facts: dict[Fact, bool | None] = {}
        # The same signals give the same answer in whatever order they come.
        for signal in sorted(
            signals,
            key=lambda signal: (signal.path or "", signal.line or 0, signal.kind, signal.name, signal.value, signal.about),
        ):
            self._named[signal.kind, signal.name].append(signal)
            self._of[signal.kind].append(signal)

    def without(self, hidden: Callable[[Signal], bool]) -> Seen:
        """The same, facts included, as if some of its signals were not there."""
        shown = Seen(())
        shown._named = {key: [one for one in signals if not hidden(one)] for key, signals in self._named.items()}
        shown._of = {kind: [one for one in signals if not hidden(one)] for kind, signals in self._of.items()}
        shown._facts = self._facts
        return shown

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        return self._named.get((kind, name), ())

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        return self._of.get(kind, ())

    def fact(self, fact: Fact) -> bool | None:
        return self._facts.get(fact)

    def decide(self, fact: Fact, holds: bool | None) -> None:
        """Settle a fact, once the signals that it hangs on are all in."""
        self._facts[fact] = holds

    @property
    def facts(self) -> Mapping[Fact, bool | None]:
        """All facts settled so far."""
        return dict(self._facts)
