"""Practices of the people who use Rungwise: a folder of theirs that adds to the catalogue, switches ours off or moves them.

A file there is TOML and not Python, since a folder that a whole organisation shares should not be able to run anything on the machines
that read it. It has the same words as a unit of ours: the fields of :class:`~rungwise.catalogue.Practice` and the functions of
:mod:`rungwise.clues` with their arguments, from whose signatures they are read here. What it cannot have is a function of its own.
"""

from __future__ import annotations

import hashlib
import inspect
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import re2

from rungwise import catalogue as shipped
from rungwise import clues
from rungwise.catalogue import Adjustment, Catalogue, Practice
from rungwise.clues import Clue, CodeClue, DependencyClue, Language, ManifestClue, StepClue
from rungwise.model import Effort, Fact, Kind, Observable, Place, Role, Stage
from rungwise.settings import SettingsError, as_table, known_keys, meant, parse, said

VARIABLE = "RUNGWISE_PRACTICES"
"""Names the folder, for every command and for the dashboard."""
DEFAULT = Path(__file__).parent.parent / "data" / "practices"
"""The folder that counts where none is named, if it is there."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_EXAMPLE = 'A practice begins with title = "..." and stage = "testing".'
_LANGUAGES = "PYTHON JAVASCRIPT GO JVM RUBY PHP RUST CSHARP ELIXIR HCL SQL HTML YAML JSON SHELL CONFIG PROGRAM".split()
_PLACES = "SOURCE TESTS SOURCE_AND_TESTS ANYWHERE".split()
_SCOPES = "RUNTIME DIRECT".split()
_KINDS = "SERVICES PRODUCTS CODE".split()

_ADJUSTMENT = frozenset(("off", "stage", "reason"))


@dataclass(frozen=True)
class Own:
    """What a folder says. ``overlaps`` names for a practice the others whose examples it may see too."""

    folder: Path
    practices: tuple[Practice, ...] = ()
    overlaps: Mapping[str, frozenset[str]] = field(default_factory=dict)
    adjustments: tuple[Adjustment, ...] = ()


def folder_named(option: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The folder that counts: the one of the option, else the variable's, else :data:`DEFAULT` if it is there, else none."""
    if named := option or environment.get(VARIABLE):
        return Path(named)
    return DEFAULT if DEFAULT.is_dir() else None


def load(folder: Path | None) -> Catalogue:
    """Our catalogue with what the folder says, read anew when a file of it has changed; ours alone where there is no folder.

    Raises :class:`~rungwise.settings.SettingsError` where the folder or a file cannot be used.
    """
    if folder is None:
        return shipped.load()
    files = _files(folder)
    if not files:
        return replace(shipped.load(), folder=folder)
    return _load(folder, _hash(folder, files))


def summary(catalogue: Catalogue) -> str:
    """How many practices there are, and what a folder of people's own makes of them."""
    if catalogue.folder is None:
        return f"{len(catalogue.practices)} of ours"
    off = sum(adjustment.stage is None for adjustment in catalogue.adjusted)
    ours = len(catalogue.practices) - len(catalogue.own)
    return (
        f"{ours} of ours and {len(catalogue.own)} of your own; {off} of ours switched off, {len(catalogue.adjusted) - off} moved to another "
        f"stage by {catalogue.folder}"
    )


def read(folder: Path) -> Own:
    """What a folder says; raises :class:`~rungwise.settings.SettingsError` where it cannot be used."""
    ours = shipped.load()
    own: dict[str, _File] = {}
    for path in _files(folder):
        file = _File(path.name, parse(path, "practice", _EXAMPLE))
        if not _NAME.fullmatch(path.stem):
            raise SettingsError(
                f"{path.name}: a file is named after its practice, in small letters, digits and hyphens; rename it, for instance "
                "to service-catalogue.toml."
            )
        if path.stem in own:
            raise SettingsError(f"{path.name} is there twice, in different folders; keep one of them.")
        own[path.stem] = file
    for name, file in own.items():
        if name not in ours.by_id and "reason" in file.data and not set(file.data) - _ADJUSTMENT:
            raise SettingsError(f"{file.name}: none of our practices is called {name}.{meant(name, ours.by_id)}")
    ids = [*ours.by_id, *own]
    adjustments = tuple(file.adjustment(ours[name]) for name, file in own.items() if name in ours.by_id)
    off = {adjustment.practice.id for adjustment in adjustments if adjustment.stage is None}
    added = {name: file for name, file in own.items() if name not in ours.by_id}
    practices = tuple(file.practice(name, [each for each in ids if each not in off]) for name, file in added.items())
    overlaps = {name: frozenset(file.ids("overlaps", ids)) for name, file in added.items()}
    found = Own(folder, practices, overlaps, adjustments)
    _refuse_circles(_together(ours, found, ours.hash), own)
    return found


@lru_cache(maxsize=8)
def _load(folder: Path, hash_: str) -> Catalogue:
    return _together(shipped.load(), read(folder), hash_)


def _files(folder: Path) -> list[Path]:
    try:
        if not folder.is_dir():
            what = "is a file" if folder.exists() else "is not there"
            raise SettingsError(
                f"The folder of practices {folder} {what}; name another one with --practices or {VARIABLE}, or leave both out."
            )
        return sorted(
            path
            for path in folder.rglob("*.toml")
            if not any(part.startswith(".") for part in path.relative_to(folder).parts) and path.is_file()
        )
    except OSError as error:
        raise SettingsError(
            f"The folder of practices {folder} cannot be read ({error.strerror}); check its permissions."
        ) from error


def _hash(folder: Path, files: Sequence[Path]) -> str:
    digest = hashlib.sha256(shipped.load().hash.encode())
    for path in [Path(__file__), *files]:
        name = path.relative_to(folder).as_posix() if path in files else path.name
        try:
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        except OSError as error:
            raise SettingsError(f"The practice {path} cannot be read ({error.strerror}); check its permissions.") from error
    return digest.hexdigest()[:12]


def _together(ours: Catalogue, own: Own, hash_: str) -> Catalogue:
    """The catalogue of both, in the order of the ladder, without references to what is switched off."""
    off = {adjustment.practice.id for adjustment in own.adjustments if adjustment.stage is None}
    moved = {adjustment.practice.id: adjustment.stage for adjustment in own.adjustments if adjustment.stage}
    kept = [
        replace(
            practice,
            stage=moved.get(practice.id, practice.stage),
            after=tuple(each for each in practice.after if each not in off),
            needs=tuple(each for each in practice.needs if each not in off),
            graduates_to="" if practice.graduates_to in off else practice.graduates_to,
        )
        for practice in (*ours, *own.practices)
        if practice.id not in off
    ]
    ladder = sorted(kept, key=lambda practice: practice.stage)
    return Catalogue(tuple(ladder), hash_, own.folder, frozenset(practice.id for practice in own.practices), own.adjustments)


def _refuse_circles(catalogue: Catalogue, own: Iterable[str]) -> None:
    def reached(name: str, seen: set[str]) -> set[str]:
        for other in (*catalogue[name].after, *catalogue[name].needs):
            if other not in seen:
                seen.add(other)
                reached(other, seen)
        return seen

    for name in own:
        if name in catalogue.by_id and name in reached(name, set()):
            raise SettingsError(f"{name}.toml: it comes after itself, by way of after and needs; take one of them out.")


_Word = TypeVar("_Word", bound=Enum)


@dataclass(frozen=True)
class _File:
    """One file, read key by key. All methods raise :class:`SettingsError` with the file, the key and what to do."""

    name: str
    data: Mapping[str, object]

    def adjustment(self, practice: Practice) -> Adjustment:
        """What the file makes of one of our practices."""
        if set(self.data) - _ADJUSTMENT:
            self._fail(
                f"{practice.id} is one of ours; a file of that name takes off or stage, and reason. Give a practice of your own another name"
            )
        reason = self._text("reason", self.data.get("reason"), "say why in a few words")
        if "stage" in self.data:
            if "off" in self.data:
                self._fail("it has off and stage; keep one of them")
            return Adjustment(practice, self._one(Stage, "stage", self.data["stage"]), reason)
        if self.data.get("off") is not True:
            self._fail("off has to be true, or take the file away")
        return Adjustment(practice, None, reason)

    def practice(self, id_: str, known: Sequence[str]) -> Practice:
        """The file as a practice; ``known`` are the ids that it may refer to."""
        known_keys(self.name, "the file", self.data, _FIELDS)
        for key in ("title", "stage", "why", "advice", "looked_for"):
            if key not in self.data:
                self._fail(f"{key} is missing; {_FIELDS[key]}")
        get = self.data.get
        impact = get("impact", 3)
        if type(impact) is not int or not 1 <= impact <= 5:
            self._fail(f"impact is {said(impact)} but has to be a whole number from 1 to 5")
        extension = get("extension", False)
        if not isinstance(extension, bool):
            self._fail(f"extension is {said(extension)} but has to be true or false")
        role = self._one(Role, "role", get("role", "supporting"), ("anchor", "core", "supporting"))
        return Practice(
            id=id_,
            stage=self._one(Stage, "stage", self.data["stage"]),
            title=self._text("title", get("title"), _FIELDS["title"]).rstrip("."),
            why=self._text("why", get("why"), _FIELDS["why"]),
            advice=tuple(self._texts("advice", get("advice"))),
            looked_for=self._text("looked_for", get("looked_for"), _FIELDS["looked_for"]).rstrip("."),
            role=role,
            effort=self._one(Effort, "effort", get("effort", "medium")),
            impact=impact,
            observable=self._one(Observable, "observable", get("observable", "partly")),
            applies=tuple(self._several(Kind, "applies", get("applies", "CODE"), shipped, _KINDS)),
            guide=self._link("guide", get("guide", "")),
            question=self._text("question", get("question", "-"), _FIELDS["question"]) if "question" in self.data else "",
            not_for=self._text("not_for", get("not_for", "-"), _FIELDS["not_for"]) if "not_for" in self.data else "",
            after=self.ids("after", [each for each in known if each != id_]),
            needs=self.ids("needs", [each for each in known if each != id_]),
            requires=tuple(self._requirements("requires", get("requires", []))),
            extension=extension,
            console=tuple(self._console("console", get("console", {}))),
            present=self._clues("present", get("present", [])),
            partial=self._clues("partial", get("partial", [])),
            product=self._clues("product", get("product", [])),
            near=tuple(self._told("near", get("near", []))),
            doubt=tuple(self._told("doubt", get("doubt", []))),
        )

    def ids(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """The practices that the file names under a key."""
        found = tuple(self._texts(key, self.data[key])) if key in self.data else ()
        for name in found:
            if name not in known:
                self._fail(f"{key} names {name!r}, and there is no other practice of that name.{meant(name, known)}")
        return found

    def _fail(self, what: str) -> NoReturn:
        raise SettingsError(f"{self.name}: {what}{'' if what.endswith(('.', '?')) else '.'}")

    def _text(self, where: str, value: object, otherwise: str) -> str:
        if not isinstance(value, str) or not value.strip():
            self._fail(f"{where} is {said(value) if value else 'missing'} but has to be a text; {otherwise}")
        return value.strip()

    def _texts(self, where: str, value: object) -> list[str]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not given or not all(isinstance(each, str) and each.strip() for each in given):
            self._fail(f"{where} is {said(value)} but has to be a text, or a list of texts")
        return [each.strip() for each in given]

    def _link(self, where: str, value: object) -> str:
        if not isinstance(value, str) or (value and not value.startswith("https://")):
            self._fail(f"{where} is {said(value)} but has to be an address that begins with https://")
        return value

    def _one(self, words: type[_Word], where: str, value: object, only: Sequence[str] = ()) -> _Word:
        """One member of an enumeration: by its name in small letters where its values are numbers or single letters."""
        by_word = {_spelled(member): member for member in words if not only or _spelled(member) in only}
        if words is Stage and type(value) is int and 1 <= value <= len(Stage):
            return words(value)
        if not isinstance(value, str) or value not in by_word:
            choice = f"it is one of {', '.join(by_word)}.{meant(str(value), by_word)}"
            self._fail(f"{where} is {said(value)}, which it cannot be; {choice}")
        return by_word[value]

    def _several(self, words: type[_Word], where: str, value: object, groups: object, names: Sequence[str]) -> list[_Word]:
        """Members of an enumeration, of which some together have a name in capital letters."""
        found: list[_Word] = []
        by_word = {_spelled(member): member for member in words}
        for word in self._texts(where, value):
            if word in names:
                found += getattr(groups, word)
            elif word in by_word:
                found.append(by_word[word])
            else:
                known = [*by_word, *names]
                self._fail(f"{where} has {word!r}, which it cannot have; it takes {', '.join(known)}.{meant(word, known)}")
        return list(dict.fromkeys(found))

    def _requirements(self, where: str, value: object) -> Iterator[Fact | tuple[Fact, ...]]:
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, list):
                yield tuple(self._one(Fact, where, fact) for fact in each)
            else:
                yield self._one(Fact, where, each)

    def _console(self, where: str, value: object) -> Iterator[tuple[Fact, str]]:
        for fact, sentence in as_table(self.name, where, value).items():
            yield self._one(Fact, where, fact), self._text(f"{where}.{fact}", sentence, "say where it may be had").rstrip(".")

    def _told(self, where: str, value: object) -> Iterator[tuple[Clue, str]]:
        for number, each in enumerate(self._tables(where, value), 1):
            known_keys(self.name, f"{where} {number}", each, ("clue", "says"))
            says = self._text(f"{where} {number}, says", each.get("says"), 'for instance "is no catalogue known here"')
            yield self._clue(f"{where} {number}", each.get("clue")), says

    def _clues(self, where: str, value: object) -> tuple[Clue, ...]:
        return tuple(self._clue(f"{where} {number}", each) for number, each in enumerate(self._tables(where, value), 1))

    def _tables(self, where: str, value: object) -> list[dict[str, object]]:
        given = value if isinstance(value, list) else [value]
        return [as_table(self.name, f"{where} {number}", each) for number, each in enumerate(given, 1)]

    def _clue(self, where: str, value: object) -> Clue:
        """One clue: a table whose only key is the word for it."""
        given = as_table(self.name, where, value)
        if len(given) != 1:
            self._fail(f"{where} has {len(given)} keys; a clue has one, which is one of {', '.join(VOCABULARY)}")
        [(word, content)] = given.items()
        known_keys(self.name, where, given, VOCABULARY)
        where = f"{where}, {word}"
        function = VOCABULARY[word]
        parameters = parameters_of(function)
        first = next(iter(parameters.values()))
        # What a clue is mostly about may stand by itself: file = "a.toml", both = [...].
        if not isinstance(content, dict) and first.kind is first.VAR_POSITIONAL:
            content = {first.name: content}
        arguments = as_table(self.name, where, content)
        known_keys(self.name, where, arguments, parameters)
        for name, parameter in parameters.items():
            if name not in arguments and (parameter.kind is parameter.VAR_POSITIONAL or parameter.default is parameter.empty):
                self._fail(f"{where} has no {name}, and needs one")
        values = {
            name: self._argument(f"{where}, {name}", parameters[name], given_value) for name, given_value in arguments.items()
        }
        several = next((name for name, each in parameters.items() if each.kind is each.VAR_POSITIONAL), None)
        before = list(parameters)[: list(parameters).index(several)] if several else []
        positional = [*(values.pop(name) for name in before), *(values.pop(several) if several else ())]
        found = function(*positional, **values)
        self._try_patterns(where, found)
        return found

    def _argument(self, where: str, parameter: inspect.Parameter, value: object) -> Any:
        match parameter.name:
            case "languages":
                return tuple(self._several(Language, where, value, clues, _LANGUAGES))
            case "where":
                return tuple(self._several(Place, where, value, clues, _PLACES))
            case "scope":
                scopes = [getattr(clues, word) if word in _SCOPES else (word,) for word in self._texts(where, value)]
                return tuple(dict.fromkeys(scope for group in scopes for scope in group))
            case "fact":
                return self._one(Fact, where, value)
        match str(parameter.annotation):
            case "Clue" if parameter.kind is parameter.VAR_POSITIONAL:
                return [self._clue(f"{where} {number}", each) for number, each in enumerate(self._tables(where, value), 1)]
            case "Clue":
                return self._clue(where, value)
            case "bool" if isinstance(value, bool):
                return value
            case "bool":
                self._fail(f"{where} is {said(value)} but has to be true or false")
            case "int" if type(value) is int and value > 0:
                return value
            case "int":
                self._fail(f"{where} is {said(value)} but has to be a whole number above 0")
            case "str" | "str | None" if parameter.kind is not parameter.VAR_POSITIONAL:
                return self._text(where, value, "write it between single quotes, so that no backslash is lost")
        several = tuple(self._texts(where, value))
        return several[0] if isinstance(value, str) and str(parameter.annotation).startswith("str |") else several

    def _try_patterns(self, where: str, clue: Clue) -> None:
        """Every pattern is one for the linear-time engine, and occurs in its own example."""
        match clue:
            case DependencyClue(names=()):
                self._fail(f'{where} names no package; write for instance npm = "express"')
            case CodeClue():
                patterns = [clue.pattern]
            case StepClue():
                patterns = [pattern for pattern in (clue.run, clue.uses) if pattern]
                if not patterns:
                    self._fail(f"{where} has neither run nor uses, and needs one of them")
            case ManifestClue():
                patterns = [clue.value]
            case _:
                return
        services = [clue.services] if isinstance(clue, StepClue) and clue.services else []
        quiet = re2.Options()
        quiet.log_errors = False
        compiled = []
        for pattern in (*patterns, *services):
            try:
                compiled.append(re2.compile(f"(?m){pattern}", quiet))
            except re2.error as error:
                why = error.args[0].decode() if error.args and isinstance(error.args[0], bytes) else str(error)
                self._fail(
                    f"{where} has the pattern {pattern!r}, which is none ({why}); patterns are RE2's: no look-around, no back-references"
                )
        if isinstance(clue, CodeClue | StepClue) and not any(each.search(clue.example) for each in compiled[: len(patterns)]):
            self._fail(f"{where} does not see its own example {clue.example!r}; change the pattern or the example")


def _spelled(member: Enum) -> str:
    by_name = isinstance(member, Stage | Effort)
    return member.name.lower() if by_name else str(member.value)


VOCABULARY: dict[str, Callable[..., Clue]] = {
    function.__name__: function
    for function in (
        clues.file, clues.dependency, clues.code, clues.step, clues.setting, clues.manifest,
        clues.both, clues.either, clues.beside, clues.at_least, clues.given,
    )
}  # fmt: skip
"""The words for clues, each with the function that makes one."""


def parameters_of(function: Callable[..., Clue]) -> dict[str, inspect.Parameter]:
    """What may be said of a clue: all but what only judgements written in Python read."""
    return {name: each for name, each in inspect.signature(function).parameters.items() if name != "counted"}


_FIELDS = {
    "title": "say in one line what a team does that has the practice",
    "stage": f"name one of {', '.join(stage.name.lower() for stage in Stage)}",
    "why": "say in a sentence or two why it matters",
    "advice": "list one or two first steps",
    "looked_for": "say what is looked for, to follow the words 'We looked for'",
    "role": "anchor, core or supporting",
    "effort": "small, medium or large",
    "impact": "1 to 5",
    "observable": "yes, partly or no",
    "applies": "kinds of repositories",
    "guide": "an address to read more at",
    "question": "what to ask where a repository does not show it",
    "not_for": "why it does not apply to other kinds of repositories",
    "after": "practices that come first",
    "needs": "practices without which it makes no sense",
    "requires": "facts that have to hold",
    "extension": "true where it is shown and never counted",
    "console": "facts under which it may be had elsewhere",
    "present": "clues",
    "partial": "clues",
    "product": "clues",
    "near": "clues that decide nothing",
    "doubt": "clues that make a question of what would be a gap",
    "overlaps": "practices whose examples it may see too",
}
"""What a file may say, each with what to write."""
