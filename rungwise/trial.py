"""Tries people's own practices: each pattern sees its own example as code, and none claims what is the example of another practice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rungwise.catalogue import Catalogue, Practice
from rungwise.clues import CHANGE, CodeClue, StepClue
from rungwise.model import Signal, SignalKind
from rungwise.own_practices import Own
from rungwise.seen import Seen

Try = Callable[[Sequence[CodeClue]], Callable[[CodeClue], tuple[Signal, ...]]]
"""Takes some patterns, and gives a function that says what they see in the example of a clue."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came out of it for one practice: how many examples were tried, and a sentence for each that is not as it should be."""

    practice: str
    own: int
    others: int
    problems: tuple[str, ...]


def tried(own: Own, catalogue: Catalogue, look_for: Try) -> Iterator[Tried]:
    """Each practice of one's own on its own examples, and on those of all others but the ones that it says to overlap."""
    examples = {practice.id: _examples(practice) for practice in catalogue}
    for practice in own.practices:
        mine = examples[practice.id]
        patterns = [clue for clue in mine if isinstance(clue, CodeClue)]
        blind = [_blind(clue) for clue in patterns if not look_for([clue])(clue)]
        see = look_for(patterns)
        allowed = own.overlaps.get(practice.id, frozenset())
        others = [(name, clue) for name, clues in examples.items() if name not in (practice.id, *allowed) for clue in clues]
        claimed = [_claimed(name, clue) for name, clue in others if _claims(practice, clue, see)]
        yield Tried(practice.id, len(mine), len(others), (*blind, *dict.fromkeys(claimed)))


def _examples(practice: Practice) -> list[CodeClue | StepClue]:
    """The clues that carry an example."""
    return [part for clue in practice.clues() for part in clue.parts() if isinstance(part, CodeClue | StepClue)]


def _claims(practice: Practice, example: CodeClue | StepClue, see: Callable[[CodeClue], tuple[Signal, ...]]) -> bool:
    """Whether the practice would be there, or partly, for somebody else's example alone."""
    look = Seen(see(example) if isinstance(example, CodeClue) else _steps(example))
    return any(clue.find(look) for clue in (*practice.present, *practice.partial))


def _steps(example: StepClue) -> tuple[Signal, ...]:
    about = (("on", " ".join(example.on or CHANGE)), ("services", example.services or ""))
    named = (("run", example.run), ("uses", example.uses))
    return tuple(Signal(SignalKind.STEP, name, example.example, about=about) for name, pattern in named if pattern)


def _blind(clue: CodeClue) -> str:
    return (
        f"the pattern {clue.pattern!r} does not see its example {clue.example!r} in a file, since comments do not count"
        f"{'' if clue.strings else ', nor what stands in strings unless strings = true'}."
    )


def _claimed(name: str, clue: CodeClue | StepClue) -> str:
    return f"it claims {clue.example!r}, an example of {name}. Narrow the pattern, or write overlaps = [{name!r}] where both are meant."
