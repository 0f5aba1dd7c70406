"""Pictures of stages as small pieces of HTML: a bar says what is there, missing and unknown, a dot says how the stage stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from rungwise.model import Stage, State
from rungwise.pages.elements import words


@dataclass(frozen=True)
class Mark:
    """One stage of one repository; ``coverage`` and ``confidence`` are shares from 0 to 1."""

    stage: Stage
    state: State
    coverage: float
    confidence: float

    @property
    def sentence(self) -> str:
        """The mark for somebody who cannot see it, and for everybody's mouse."""
        if self.state is State.NOT_APPLICABLE:
            return f"{self.stage.short}: does not apply"
        there = self.coverage * self.confidence
        return (
            f"{self.stage.short}: {words.STATES[self.state]}; "
            f"{there:.0%} there, {self.confidence - there:.0%} missing, {1 - self.confidence:.0%} open"
        )


def bar(mark: Mark) -> str:
    """What applies in a stage, as one bar: what is there, what is open (hatched), and what is missing (empty)."""
    if mark.state is State.NOT_APPLICABLE:
        return '<div class="rw-none"></div>'
    there = mark.coverage * mark.confidence
    return _segments((("rw-there", there), ("rw-open", 1 - mark.confidence)))


def dot(state: State, stage: Stage | None = None) -> str:
    """A dot that is full, has a core, is half full, empty, or only a dash."""
    return f'<i class="rw-dot {state} {f"rw-s{int(stage)}" if stage else "rw-plain"}"></i>'


def six_bars(marks: Sequence[Mark], target: Stage | None) -> str:
    """A repository's stages in a row, underlined as far as its target reaches."""
    cells = "".join(
        f'<div class="rw-cell rw-s{int(mark.stage)}" title="{escape(mark.sentence)}">'
        f'<span class="rw-small rw-soft">{dot(mark.state, mark.stage)}{_word(mark.state)}</span>{bar(mark)}</div>'
        for mark in marks
    )
    need = f'<div class="rw-need" style="grid-column: 1 / span {int(target)}"></div>' if target else ""
    label = escape("; ".join(mark.sentence for mark in marks) + (f"; target: stage {int(target)}" if target else ""))
    return f'<div class="rw-six" role="img" aria-label="{label}">{cells}{need}</div>'


def _word(state: State) -> str:
    """The state in a word, where the dot says the rest."""
    return {State.SURE: "held", State.NOT_APPLICABLE: ""}.get(state, words.STATES[state])


def six_heads() -> str:
    """The stages' names over :func:`six_bars`."""
    heads = "".join(f'<div class="rw-small"><b>{stage.short}</b></div>' for stage in Stage)
    return f'<div class="rw-six" aria-hidden="true">{heads}</div>'


def six_cards(marks: Sequence[Mark], upcoming: Stage | None, target: Stage | None, counts: Mapping[Stage, str]) -> str:
    """A repository's stages as six cards; the next rung stands out."""
    cards = []
    for mark in marks:
        notes = " · ".join(name for name, which in (("next rung", upcoming), ("target", target)) if mark.stage is which)
        style = f"rw-card rw-s{int(mark.stage)}" + (" next" if mark.stage is upcoming else "")
        cards.append(
            f'<div class="{style}" title="{escape(mark.sentence)}">'
            f'<span class="rw-head"><b>{int(mark.stage)} {mark.stage.short}</b><span class="rw-small">{notes}</span></span>'
            f"<span>{dot(mark.state, mark.stage)}&nbsp;{words.STATES[mark.state]}</span>"
            f'{bar(mark)}<span class="rw-small rw-soft">{escape(counts[mark.stage])}</span></div>'
        )
    return f'<div class="rw-cards">{"".join(cards)}</div>'


def fleet_rows(counts: Mapping[Stage, Mapping[State, int]]) -> str:
    """For each stage, how many repositories hold it surely, hold it, leave it open or do not hold it."""
    rows = []
    for stage, states in counts.items():
        of = sum(number for state, number in states.items() if state is not State.NOT_APPLICABLE)
        held = states.get(State.SURE, 0) + states.get(State.HELD, 0)
        if not of:
            continue
        parts = (("rw-there", State.SURE), ("rw-likely", State.HELD), ("rw-open", State.OPEN))
        picture = _segments(tuple((style, states.get(state, 0) / of) for style, state in parts))
        undecided = f" · {states[State.OPEN]} open" if states.get(State.OPEN) else ""
        title = "; ".join(f"{states.get(state, 0)} {words.STATES[state]}" for _, state in parts)
        title += f"; {states.get(State.NOT_HELD, 0)} {words.STATES[State.NOT_HELD]}"
        rows.append(
            f"<div>{stage.short}</div>"
            f'<div class="rw-s{int(stage)}" role="img" aria-label="{title}" title="{title}">{picture}</div>'
            f'<div class="rw-small">{held} of {of}<span class="rw-soft">{undecided}</span></div>'
        )
    return f'<div class="rw-rows">{"".join(rows)}</div>'


NEED = '<span class="rw-need" style="width:1.5rem;margin:0"></span>'
"""How far a target reaches, for a legend."""


def legend(*entries: tuple[str, str]) -> str:
    """Pictures with what they mean."""
    drawn = "".join(f"<span>{mark} {text}</span>" for mark, text in entries)
    return f'<div class="rw-legend rw-small rw-soft">{drawn}</div>'


def shade(depth: float) -> str:
    """How strongly an area of a picture is coloured, for a legend."""
    return f'<span class="rw-shade" style="--rw-depth:{depth:.0%}"></span>'


def stroke(kind: str) -> str:
    """One sort of line of a picture, for a legend: ``solid``, ``dashed``, ``upright`` (dotted), ``up`` (solid) or ``ring``."""
    return f'<span class="rw-stroke {kind}"></span>'


def segment(style: str) -> str:
    """One piece of a bar, for a legend."""
    return f'<span class="rw-plain" style="display:inline-block">{_segments(((style, 1.0),))}</span>'


def _segments(parts: Sequence[tuple[str, float]]) -> str:
    drawn = "".join(f'<i class="{style}" style="width:{share:.2%}"></i>' for style, share in parts if share > 0)
    return f'<div class="rw-bar">{drawn}</div>'
