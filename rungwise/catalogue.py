"""What a practice is, and how the catalogue is put together from the files under ``rungwise/practices``."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rungwise import practices as practices_package
from rungwise.clues import Clue, Look
from rungwise.model import Effort, Fact, Kind, Observable, Role, Signal, Stage, Status

SERVICES = (Kind.APP, Kind.SELF)
"""What serves requests."""
PRODUCTS = (Kind.APP, Kind.SPA, Kind.SELF, Kind.MOB)
"""What a person uses through a screen."""
CODE = (Kind.APP, Kind.SPA, Kind.SELF, Kind.LIB, Kind.CLI, Kind.MOB, Kind.DATA, Kind.INFRA)
"""All that is built from code."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a practice's own function says: a status, the signals that show it, and a sentence."""

    status: Status
    signals: tuple[Signal, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One habit of operationally mature teams, and the clues by which it shows itself.

    ``present`` and ``partial`` are tried in that order; ``judge``, where there is one, is asked first and may leave the answer to
    them with ``None``. ``uses`` names the clues that ``judge`` asks about. With none of the three a practice is not measured yet.

    ``requires`` are facts that all have to hold; a tuple among them is met by any of its members. ``needs`` are practices
    without which this one makes no sense. ``product`` shows that the practice's subject is what the product itself is made for:
    its code then says nothing about the team, and what was found is a question. ``near`` are clues that decide nothing: where the
    practice is not seen, the file that the first of them finds is named, followed by what it says (``is no CI system known here``).
    ``doubt`` are clues that hint at it and no more: where nothing else is seen, what the first of them finds makes a question of what
    would be a gap, and is named in the same way (``asks for features by name``).
    ``console`` names facts under which the practice can be had by clicking in a vendor's
    console, with the sentence that says so: nothing found is then a question and not a gap.
    """

    id: str
    stage: Stage
    title: str
    why: str
    advice: tuple[str, ...]
    looked_for: str
    role: Role
    effort: Effort
    impact: int
    observable: Observable
    applies: tuple[Kind, ...]
    guide: str
    question: str = ""
    not_for: str = ""
    after: tuple[str, ...] = ()
    requires: tuple[Fact | tuple[Fact, ...], ...] = ()
    needs: tuple[str, ...] = ()
    graduates_to: str = ""
    extension: bool = False
    console: tuple[tuple[Fact, str], ...] = ()
    present: tuple[Clue, ...] = ()
    partial: tuple[Clue, ...] = ()
    judge: Callable[[Look], Verdict | None] | None = None
    uses: tuple[Clue, ...] = ()
    product: tuple[Clue, ...] = ()
    near: tuple[tuple[Clue, str], ...] = ()
    doubt: tuple[tuple[Clue, str], ...] = ()

    @property
    def measured(self) -> bool:
        """Whether anything is looked for yet."""
        return bool(self.present or self.partial or self.judge)

    @property
    def weight(self) -> int:
        """What it weighs in its stage (catalogue, 3.1); an extension to the article is shown but moves no stage."""
        return 0 if self.extension else _WEIGHTS[self.role]

    def clues(self) -> Iterator[Clue]:
        """All clues that take part in the judgement, whatever they allow."""
        yield from (*self.present, *self.partial, *self.uses, *self.product, *(clue for clue, _ in self.doubt))


_WEIGHTS = {Role.ANCHOR: 3, Role.CORE: 2, Role.SUPPORTING: 1, Role.CORNER: 0}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One of our practices, as it ships, that people switched off (no ``stage``) or moved to another stage, and why they say so."""

    practice: Practice
    stage: Stage | None
    reason: str


@dataclass(frozen=True)
class Catalogue:
    """All practices, in the order of the ladder and then of their files.

    ``folder`` is that of people's own practices, where there is one; ``own`` are the ids of those that it adds, ``adjusted`` what it makes
    of ours.
    """

    practices: tuple[Practice, ...]
    hash: str
    folder: Path | None = None
    own: frozenset[str] = frozenset()
    adjusted: tuple[Adjustment, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Practice]:
        return {practice.id: practice for practice in self.practices}

    def __iter__(self) -> Iterator[Practice]:
        return iter(self.practices)

    def __getitem__(self, practice: str) -> Practice:
        return self.by_id[practice]

    def of(self, stage: Stage) -> tuple[Practice, ...]:
        """The practices of one stage."""
        return tuple(practice for practice in self.practices if practice.stage is stage)


@cache
def load() -> Catalogue:
    """The catalogue that ships with Rungwise. Every module two levels below ``rungwise/practices`` holds one ``PRACTICE``."""
    found: list[Practice] = []
    for folder in sorted(pkgutil.iter_modules(practices_package.__path__), key=lambda module: module.name):
        package = importlib.import_module(f"{practices_package.__name__}.{folder.name}")
        modules = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
        found += (importlib.import_module(f"{package.__name__}.{name}").PRACTICE for name in modules)
    return Catalogue(tuple(found), _hash_of_rules())


def _hash_of_rules() -> str:
    """A short hash of every file that takes part in a judgement, so that two answers can be told to come from the same rules."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    names = (
        "model.py",
        "clues.py",
        "catalogue.py",
        "facts.py",
        "kinds.py",
        "seen.py",
        "near.py",
        "components.py",
        "alive.py",
        "assess.py",
        "ladder.py",
    )
    rules = [root / name for name in names]
    for path in [*rules, *sorted(root.glob("practices/*/*.py"))]:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
