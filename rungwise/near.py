"""Where a practice was looked for, and what came closest to it: said of each practice that was not seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rungwise.catalogue import Practice, Verdict
from rungwise.clues import (
    CHANGE,
    CONFIG,
    RUNTIME,
    CodeClue,
    DependencyClue,
    FileClue,
    Language,
    ManifestClue,
    SettingClue,
    StepClue,
)
from rungwise.model import Fact, Place, Role, Signal, SignalKind, Status
from rungwise.seen import Recall, Seen

_NO_PROGRAM = frozenset((*CONFIG, Language.MARKDOWN, Language.DOCKERFILE, Language.MAKEFILE, Language.HCL))
_WHAT_COUNTS_NOT = {
    Place.TESTS: "a test",
    Place.SAMPLES: "a sample",
    Place.DOCS: "documentation",
    Place.FIXTURES: "a fixture",
    Place.GENERATED: "generated",
}
_SCOPES = {
    "development": "lists {} for development only",
    "optional": "lists {} as optional",
    "indirect": "lists {}, which only another package needs",
}
_CHANGED_BRANCH = ("on", " ".join(CHANGE))


def where(practice: Practice) -> str:
    """The sorts of things in which the practice's clues look, e.g. ``dependencies, code and CI jobs``."""
    sorts = dict.fromkeys(_sort(part) for clue in practice.clues() for part in clue.parts())
    *first, last = [sort for sort in sorts if sort] or ["files"]
    return f"{', '.join(first)} and {last}" if first else last


def _sort(part: object) -> str:
    match part:
        case DependencyClue():
            return "dependencies"
        case ManifestClue():
            return "manifests"
        case StepClue():
            return "CI jobs"
        case FileClue():
            return "file names"
        case SettingClue():
            return "GitHub's settings"
        case CodeClue():
            tests_only = Place.TESTS in part.where and Place.SOURCE not in part.where
            return "tests" if tests_only else "configuration" if _NO_PROGRAM.issuperset(part.languages) else "code"
    return ""


class Near:
    """Finds what nearly shows a practice in what was seen; ``judge`` says what is seen of a practice."""

    def __init__(self, look: Seen, judge: Callable[[Seen, Practice], Verdict | None]) -> None:
        self._look = look
        self._lenient = _Lenient(look)
        self._judge = judge

    def where(self, practice: Practice, recall: Recall) -> str:
        """As :func:`where`, of which the answer never changes."""
        return recall.of(("where", practice.id), self._look, lambda look: where(practice))

    def miss(self, practice: Practice, recall: Recall) -> str:
        """A sentence on what came closest; empty where nothing did."""
        if practice.role is Role.CORNER:
            return ""
        # The lenient look answers by nothing but what the other one answers to the same question.
        told = recall.of(("elsewhere", practice.id), self._lenient, lambda look: self._elsewhere(look, practice)) or recall.of(
            ("alike", practice.id), self._look, lambda look: _alike(look, practice)
        )
        return f"Near miss: {told}." if told else ""

    def _elsewhere(self, lenient: Seen, practice: Practice) -> str:
        """The very thing that is looked for, where or how it does not count."""
        found = self._judge(lenient, practice)
        if found is None or found.status not in (Status.PRESENT, Status.PARTIAL):
            return ""
        told = ((signal, _difference(self._lenient.original(signal), signal)) for signal in found.signals)
        return next((f"{signal.path} {difference}" for signal, difference in told if difference and signal.path), "")


def _alike(look: Seen, practice: Practice) -> str:
    """Something that the practice itself names for being like it."""
    told = ((signal, why) for clue, why in practice.near for signal in clue.find(look))
    return next((f"{signal.path} {why}" for signal, why in told if signal.path), "")


class _Lenient(Seen):
    """The same signals as if all of them counted: of the product itself, needed at run time, run on each change."""

    def __init__(self, look: Seen) -> None:
        super().__init__(())
        self._look = look
        self._originals: dict[Signal, Signal] = {}
        self._known: dict[tuple[SignalKind, str | None], Sequence[Signal]] = {}

    def named(self, kind: SignalKind, name: str) -> Sequence[Signal]:
        if (kind, name) not in self._known:
            self._known[kind, name] = tuple(self._counted(self._look.named(kind, name)))
        return self._known[kind, name]

    def of(self, kind: SignalKind) -> Sequence[Signal]:
        if (kind, None) not in self._known:
            self._known[kind, None] = tuple(self._counted(self._look.of(kind)))
        return self._known[kind, None]

    def fact(self, fact: Fact) -> bool | None:
        return self._look.fact(fact)

    def original(self, signal: Signal) -> Signal:
        """The signal as it was seen."""
        return self._originals.get(signal, signal)

    def _counted(self, signals: Sequence[Signal]) -> Iterator[Signal]:
        for signal in signals:
            counted = _as_if_it_counted(signal)
            if counted != signal:
                self._originals.setdefault(counted, signal)
            yield counted


def _as_if_it_counted(signal: Signal) -> Signal:
    if signal.kind is SignalKind.DEPENDENCY:
        return replace(signal, value=RUNTIME[0], place=Place.SOURCE)
    if signal.kind is SignalKind.STEP and not _on_change(signal):
        about = tuple(pair for pair in signal.about if pair[0] not in ("on", "soft"))
        return replace(signal, about=(*about, _CHANGED_BRANCH))
    if signal.kind in (SignalKind.FILE, SignalKind.CODE) and signal.place is not Place.SOURCE:
        return replace(signal, place=Place.SOURCE)
    return signal


def _on_change(step: Signal) -> bool:
    return step.detail("soft") != "true" and not set(CHANGE).isdisjoint(step.detail("on").split())


def _difference(original: Signal, counted: Signal) -> str:
    """Why the original did not count; empty where it did."""
    if original == counted:
        return ""
    if original.kind is SignalKind.STEP:
        return "runs it and lets a failure pass" if original.detail("soft") == "true" else "runs it, but not on each change"
    if original.kind is SignalKind.DEPENDENCY and original.place is Place.SOURCE:
        return _SCOPES.get(original.value, "lists {}").format(original.name.partition(":")[2])
    what = f"lists {original.name.partition(':')[2]}" if original.kind is SignalKind.DEPENDENCY else "has it"
    return f"{what}, and it is {_WHAT_COUNTS_NOT.get(original.place, 'not the product')}"
