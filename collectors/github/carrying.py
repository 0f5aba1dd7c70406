"""What GitHub said the last time stands in for what it did not say this time, with its age.

Otherwise a standing would fall since GitHub was silent, or since a new token may see less. Where the token is to blame, that is said besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from collectors.github import settings
from rungwise.model import Signal, SignalKind

AS_OF, NEEDS = "as-of", "needs"
"""What ``about`` says of a signal that is carried over: the week in which GitHub told it, and the permission that is missing, if one is."""
MOST = timedelta(weeks=26)
"""How old an answer may become in this way."""

_BRANCH = "default-branch-"
_SOURCES = {settings.RULESETS: "ruleset", settings.CLASSIC: "classic"}
_ALL_OF_IT = {
    "environments": {"environments", "environment"},
    settings.REVIEWS: {"merged-changes", settings.REVIEWS},
    settings.ACTIVITY: {"commits", "commit-days", "authors-90-days", "last-commit", "first-commit", "shallow", "more"},
    settings.WORKFLOWS: {settings.WORKFLOWS, settings.WORKFLOW_ID},
}
"""The signals of what could not be looked at, where they go by other names."""


def names_of(what: Iterable[str]) -> set[str]:
    """Settings by the names under which they are said to be unseen, and by those of the signals that tell them."""
    return {name for setting in what for name in (setting, *_ALL_OF_IT.get(setting, ()))}


def shown_as(signal: Signal) -> set[str]:
    """The settings that a signal tells about, by the names under which they are said to be unseen."""
    if _unread(signal):
        return {signal.value}
    if not _told(signal):
        return set()
    if signal.name.startswith(_BRANCH):
        return set(_SOURCES)
    whole = {what for what, names in _ALL_OF_IT.items() if signal.name in names}
    return whole or {signal.name}


def carried(now: Sequence[Signal], last: Sequence[Signal], week: str) -> tuple[Signal, ...]:
    """The signals of now, with those of the last look, which was in ``week``, where GitHub did not tell any."""
    unseen = {signal.value: signal.name for signal in now if _unread(signal)}
    answered = {(signal.kind, signal.name) for signal in now if _told(signal)}
    kept: dict[Signal, None] = {}
    replaced: set[Signal] = set()
    for what, why in sorted(unseen.items()):
        if why != settings.NO_ANSWER and not why.startswith("needs "):
            continue
        if what in _SOURCES:
            found = [signal for signal in last if _by(signal, _SOURCES[what]) and (signal.kind, signal.name) not in answered]
        else:
            found = [signal for signal in last if _told(signal) and signal.name in names_of([what])]
        found = [signal for signal in found if not _too_old(signal, week)]
        kept |= dict.fromkeys(_dated(signal, week, why) for signal in found)
        if why != settings.NO_ANSWER:
            continue
        untold = [signal for signal in last if _unread(signal) and signal.value == what and signal.name != settings.NO_ANSWER]
        kept |= dict.fromkeys(untold)
        if found or untold:
            replaced |= {signal for signal in now if _unread(signal) and signal.value == what}
        if found and what == settings.ACTIVITY:
            # What a clone of one commit shows is no history.
            replaced |= {signal for signal in now if signal.kind is SignalKind.ACTIVITY and signal.name in names_of([what])}
    return (*(signal for signal in now if signal not in replaced), *kept)


def noted(signals: Iterable[Signal]) -> tuple[str, ...]:
    """A sentence for each week from which something is carried over, and for each permission that is missing."""
    old: dict[tuple[str, str], set[str]] = {}
    for signal in signals:
        if week := signal.detail(AS_OF):
            old.setdefault((week, signal.detail(NEEDS)), set()).add(signal.name.replace("-", " "))
    return tuple(
        f"{f'{_LOST} {needs} to tell about' if needs else _SILENT} {', '.join(sorted(names))}: what it said in {week} stands."
        for (week, needs), names in sorted(old.items())
    )


def is_note(sentence: str) -> bool:
    """Whether :func:`noted` said it."""
    return sentence.startswith((_SILENT, _LOST))


_SILENT = "GitHub did not answer about"
_LOST = "GitHub asks for"


def _unread(signal: Signal) -> bool:
    return signal.kind is SignalKind.UNREADABLE and signal.path is None


def _told(signal: Signal) -> bool:
    return signal.kind in (SignalKind.SETTING, SignalKind.ACTIVITY)


def _by(signal: Signal, source: str) -> bool:
    """Whether a rule of the default branch came from a source; that nothing is asked takes both of them."""
    if signal.kind is not SignalKind.SETTING or not signal.name.startswith(_BRANCH):
        return False
    return source in signal.detail("by").split() or not signal.detail("by")


def _too_old(signal: Signal, week: str) -> bool:
    told = signal.detail(AS_OF)
    return bool(told) and _monday(week) - _monday(told) > MOST


def _monday(week: str) -> date:
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def _dated(signal: Signal, week: str, why: str) -> Signal:
    about = tuple(pair for pair in signal.about if pair[0] not in (AS_OF, NEEDS))
    needs = ((NEEDS, why.removeprefix("needs ")),) if why.startswith("needs ") else ()
    return replace(signal, about=(*about, (AS_OF, signal.detail(AS_OF) or week), *needs))
