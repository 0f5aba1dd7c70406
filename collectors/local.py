"""Looks at one repository at one commit and reports every signal that is wanted."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Generic, TypeVar

from collectors import ci, manifests
from collectors.git import Entry, Missing, Repository, Tree
from collectors.globs import Globs
from collectors.places import place_of
from collectors.source import PROGRAMS, Match, Patterns, Unreadable, decode, language_of
from collectors.unread import might_tell
from rungwise.clues import Language, Wanted, matches
from rungwise.model import Place, Signal, SignalKind, Snapshot

_UNREAD = (Place.VENDORED, Place.BUILT)
"""Nobody in the repository wrote these, so they are not read at all."""

CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
"""Where GitHub looks for it, in this order."""
_READ_FOR_THEMSELVES = (".gitattributes", *CODEOWNERS)

_MOST_PATHS = 200_000
"""How many paths are remembered; what is remembered of one repository helps with its other weeks, and seldom with another one."""

_MOST_BLOBS = 100_000
"""How many blobs' facts are remembered before they are let go; few repositories have as many in all their weeks."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class File:
    """What the path of a file says of it: the globs that it matches, and as what it is read."""

    place: Place
    language: Language | None
    counted_as: str
    globs: tuple[str, ...] = ()
    manifest: bool = False
    ci: bool = False
    code: bool = False


class Files:
    """What the paths of a tree say, remembered because most are the same from week to week."""

    def __init__(self, globs: Globs, patterns: Patterns) -> None:
        self._globs = globs
        self._patterns = patterns
        self._told = _Told(None)

    def of(self, tree: Tree, places: _Places) -> list[tuple[Entry, File]]:
        """Every file of a tree with what its path says. Several threads may ask at once."""
        told = self._told
        if told.rules != places.rules or len(told.paths) > _MOST_PATHS:
            # Another one, since another thread may be at the old one still, by the old rules.
            told = self._told = _Told(places.rules)
        paths = told.paths
        return [(entry, paths.get(entry.path) or self._read(entry.path, places, told)) for entry in tree.entries]

    def _read(self, path: str, places: _Places, told: _Told) -> File:
        place, language = places.of(path), language_of(path)
        kind = language.value if language else "notebook" if path.endswith(".ipynb") else "other"
        counted_as = f"files:{kind}:{place}"
        if place in _UNREAD:
            found = File(place, language, counted_as)
        else:
            found = File(
                place,
                language,
                counted_as,
                self._globs.of(path),
                manifest=manifests.manifest_kind(path) is not None,
                ci=place not in (Place.SAMPLES, Place.DOCS, Place.FIXTURES) and ci.ci_kind(path) is not None,
                code=language is not None and place is not Place.FIXTURES and self._patterns.wanted(language, place),
            )
        found = told.paths[path] = told.alike.setdefault(found, found)
        return found


@dataclass
class _Told:
    """What paths say by some rules."""

    rules: object
    paths: dict[str, File] = field(default_factory=dict)
    alike: dict[File, File] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known(Generic[T]):
    """What was found in a blob, or why it could not be read."""

    facts: T | None
    reason: str = ""
    names: tuple[str, ...] = ()
    """The signals that it might hold although it could not be read; none where that may be any."""


@dataclass
class Memory:
    """Facts about blobs, which never change: kept by blob id and by what the file is read as."""

    matches: dict[tuple[str, str], Known[tuple[Match, ...]]] = field(default_factory=dict)
    manifests: dict[tuple[str, str], Known[list[Signal]]] = field(default_factory=dict)
    ci: dict[tuple[str, str], Known[ci.CiFile]] = field(default_factory=dict)
    repository: str = ""
    """The one that was looked at last, of which this is kept too:"""
    named: dict[tuple[str, str, Place], list[Signal]] = field(default_factory=dict)
    """What its paths say, by their age and place."""
    code: dict[tuple[str, Place], tuple[str, list[Signal]]] = field(default_factory=dict)
    """What was found in its files, and in which blob."""
    together: dict[str, tuple[object, list[Signal]]] = field(default_factory=dict)
    """What the last manifests and the last CI files said when taken together, by which files they were: from week to week few change."""

    def only(self, repository: str) -> None:
        """Let go of what only helps with other weeks of another repository."""
        if self.repository != repository:
            self.repository = repository
            self.named.clear()
            self.code.clear()

    def of_all(self, what: str, files: object, read: Callable[[], list[Signal]]) -> list[Signal]:
        """What some files say together, from memory where they are those of last time."""
        last = self.together.get(what)
        if last is None or last[0] != files:
            last = self.together[what] = (files, read())
        return last[1]


class Collector:
    """Looks at repositories for what is wanted; remembers blobs from one look to the next."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self._patterns = Patterns(wanted.code, wanted.only_with)
        self._files = Files(Globs(wanted.globs), self._patterns)
        self._memory = Memory()

    def warm_up(self) -> None:
        """Compile every pattern now instead of when the first file of a language comes along."""
        self._patterns.compile()

    def wanted_blobs(self, repository: Repository, commit: str) -> list[str]:
        """The ids of the blobs that :meth:`look` would read and that are not held here.

        Those of a partial clone can then be fetched in one go. Ask again afterwards: which files count may hang on what came. What is remembered
        is wanted too: by the time of the look it may be forgotten, and another process never knew it.
        """
        tree = repository.tree(commit)
        wanted = {
            entry.oid: None
            for entry, file in self._files.of(tree, _Places(repository, tree))
            if (file.place not in _UNREAD and (file.manifest or file.ci or file.code)) or entry.path in _READ_FOR_THEMSELVES
        }
        return [oid for oid in wanted if not repository.holds(oid)]

    def look(
        self, repository: Repository, name: str, commit: str, *, host: str | None = None, activity: Sequence[Signal] | None = None
    ) -> Snapshot:
        """Everything that is wanted of one repository at one commit.

        ``name`` is ``owner/name`` where there is an owner. ``activity`` stands in for the history where that was not cloned.
        Never raises for what a file holds: that is reported.
        """
        if len(self._memory.matches) > _MOST_BLOBS:
            self._memory = Memory()
        self._memory.only(name)
        committed_at = repository.committed_at(commit)
        tree = repository.tree(commit)
        files = self._files.of(tree, _Places(repository, tree))
        look = _Look(repository, tree, files)
        signals = [
            *(repository.activity(commit, committed_at) if activity is None else activity),
            *_count_files(files),
            *self._named(look, repository.paths_before(commit, committed_at - timedelta(days=365))),
            *self._manifests(look),
            *self._ci(look),
            *self._code(look),
            *look.unreadable(),
        ]
        signals.sort(key=_order)
        return Snapshot(
            repository=name,
            commit=commit,
            committed_at=committed_at,
            signals=tuple(signals),
            host=host,
            notes=_notes(repository, tree, shallow=repository.shallow and activity is None),
            incomplete=look.incomplete(),
            codeowners=look.text(*CODEOWNERS),
        )

    def _named(self, look: _Look, before: frozenset[str] | None) -> list[Signal]:
        found: list[Signal] = []
        known = self._memory.named
        for entry, file in look.readable():
            if not file.globs:
                continue
            age = "" if before is None else "old" if entry.path in before else "new"
            key = (entry.path, age, file.place)
            signals = known.get(key)
            if signals is None:
                signals = [Signal(SignalKind.FILE, glob, age, entry.path, None, file.place) for glob in file.globs]
                known[key] = signals
            found += signals
        return found

    def _manifests(self, look: _Look) -> list[Signal]:
        files: list[tuple[Entry, Place]] = []
        said: list[list[Signal]] = []
        for entry, file in look.readable():
            if not file.manifest:
                continue
            read = partial(manifests.parse, entry.path, place=file.place)
            signals = look.facts(self._memory.manifests, entry, f"{file.place}:{entry.path}", read)
            if signals is not None:
                files.append((entry, file.place))
                said.append(signals)
        return self._memory.of_all("manifests", files, lambda: manifests.resolve([*chain.from_iterable(said)]))

    def _ci(self, look: _Look) -> list[Signal]:
        files: dict[str, ci.CiFile] = {}
        which: list[Entry] = []
        for entry, file in look.readable():
            if not file.ci:
                continue
            known = look.facts(self._memory.ci, entry, entry.path, partial(ci.read, entry.path))
            if known is not None:
                files[entry.path] = known
                which.append(entry)
        return self._memory.of_all("ci", which, lambda: ci.steps(files))

    def _code(self, look: _Look) -> list[Signal]:
        found: list[Signal] = []
        known = self._memory.code
        for entry, file in look.readable():
            if not file.code:
                continue
            last = known.get((entry.path, file.place))
            if last is not None and last[0] == entry.oid:
                found += last[1]
            elif (signals := self._code_of(look, entry, file)) is not None:
                known[entry.path, file.place] = (entry.oid, signals)
                found += signals
        return found

    def _code_of(self, look: _Look, entry: Entry, file: File) -> list[Signal] | None:
        language = file.language
        if language is None:
            return []
        read_as = f"{file.place}:{entry.path}"
        known = look.facts(
            self._memory.matches, entry, read_as, partial(self._patterns.find, entry.path, language, place=file.place)
        )
        if known is None:
            return None
        about = (("language", language.value),)
        return [Signal(SignalKind.CODE, match.name, match.value, entry.path, match.line, file.place, about) for match in known]


class _Places:
    """The place of each path of one tree: by its name, by .gitattributes, and by what the repository as a whole is."""

    def __init__(self, repository: Repository, tree: Tree) -> None:
        self._marked = _linguist(repository, tree)
        programs = [entry.path for entry in tree.entries if language_of(entry.path) in PROGRAMS]
        self._apps = _apps_called_after_samples(programs)
        counts = Counter(map(self._by_name, programs))
        # In a collection of samples, the samples are the product (catalogue, 1.3).
        self._samples_are_source = counts[Place.SAMPLES] > 4 * counts[Place.SOURCE]
        self.rules = (tuple(self._marked.items()), self._apps, self._samples_are_source)
        """What it hangs on beside the path itself."""

    def of(self, path: str) -> Place:
        for place, globs in self._marked.items():
            if matches(path, globs):
                return place
        place = self._by_name(path)
        return Place.SOURCE if place is Place.SAMPLES and self._samples_are_source else place

    def _by_name(self, path: str) -> Place:
        for app in self._apps:
            if path.startswith(f"{app}/"):
                return place_of(posixpath.join(posixpath.dirname(app), "app", path[len(app) + 1 :]))
        return place_of(path)


def _apps_called_after_samples(programs: Iterable[str]) -> tuple[str, ...]:
    """The apps of a Django project that are called after samples (a cookbook, say) though no other app of it has migrations.

    Where another one has, the product is there, and what is called a demo is one.
    """
    projects: list[str] = []
    apps: dict[str, None] = {}
    for path in programs:
        folder, _, name = path.rpartition("/")
        if name == "manage.py" and place_of(path) is Place.SOURCE:
            projects.append(folder)
        elif name.startswith("0001_") and name.endswith(".py") and folder.endswith("/migrations"):
            apps[folder.removesuffix("/migrations")] = None
    places = {app: place_of(f"{app}/models.py") for app in apps}
    called = tuple(app for app, place in places.items() if place is Place.SAMPLES and posixpath.dirname(app) in projects)
    return () if Place.SOURCE in places.values() else called


_LINGUIST = re.compile(r"^(\S+)\s.*?\blinguist-(vendored|generated|documentation)\b(?!=false)", re.MULTILINE)
_MOST_GLOB, _MOST_STARS = 300, 1_000
"""Characters of one glob, and stars of all, that are tried on every path: nobody writes more, and many more take long."""
_A_LANGUAGE = re.compile(r"(\*\*/)?\*\.\w+")
"""Skeletons of projects call all their scripts and styles vendored (``*.js linguist-vendored``), so that another language leads the statistics."""
_LINGUIST_PLACES = {"vendored": Place.VENDORED, "generated": Place.GENERATED, "documentation": Place.DOCS}


def _linguist(repository: Repository, tree: Tree) -> Mapping[Place, tuple[str, ...]]:
    found: dict[Place, list[str]] = {}
    for entry in tree.entries:
        if entry.path != ".gitattributes":
            continue
        try:
            text = repository.read(entry.oid)[:100_000].decode("utf-8", "replace")
        except Missing:
            break
        stars = 0
        for pattern, mark in _LINGUIST.findall(text):
            stars += pattern.count("*")
            if len(pattern) > _MOST_GLOB or stars > _MOST_STARS or (mark == "vendored" and _A_LANGUAGE.fullmatch(pattern)):
                continue
            glob = pattern.lstrip("/")
            if "/" not in glob.rstrip("/") and not pattern.startswith("/"):
                glob = f"**/{glob}"
            if glob.endswith("/"):
                glob += "**"
            # Lock files and GitHub's own folder carry evidence whatever a diff view is told about them.
            if not glob.startswith(".github"):
                found.setdefault(_LINGUIST_PLACES[mark], []).append(glob)
    return {place: tuple(globs) for place, globs in found.items()}


class _Look:
    """One tree being read; keeps account of what could not be."""

    def __init__(self, repository: Repository, tree: Tree, files: Sequence[tuple[Entry, File]]) -> None:
        self._repository = repository
        self._tree = tree
        self._unreadable: dict[str, tuple[str, tuple[str, ...]]] = {}
        self._missing: dict[str, None] = {}
        self._readable = [each for each in files if each[1].place not in _UNREAD]

    def readable(self) -> list[tuple[Entry, File]]:
        """All files but those that nobody in the repository wrote."""
        return self._readable

    def facts(self, memory: dict[tuple[str, str], Known[T]], entry: Entry, read_as: str, read: Callable[[bytes], T]) -> T | None:
        """What a file says, from memory where its blob was read before; ``None`` where it could not be read."""
        key = (entry.oid, read_as)
        known = memory.get(key)
        if known is None:
            try:
                known = Known(read(self._repository.read(entry.oid)))
            except Missing:
                self._missing[entry.path] = None
                self._unreadable[entry.path] = ("not in this clone", ())
                return None
            except Unreadable as error:
                known = Known(None, str(error), error.names)
            except (manifests.Unreadable, ci.Unreadable) as error:
                known = Known(None, str(error))
            memory[key] = known
        if known.facts is None and known.reason != "no text":
            self._unreadable[entry.path] = (known.reason, known.names)
        return known.facts

    def text(self, *paths: str) -> str | None:
        """The text of the first of some paths that is there and can be read."""
        entries = {entry.path: entry for entry in self._tree.entries if entry.path in paths}
        for path in paths:
            with suppress(Missing, Unreadable):
                if path in entries:
                    return decode(self._repository.read(entries[path].oid))
        return None

    def unreadable(self) -> list[Signal]:
        """A signal for each file that was wanted and could not be read."""
        found = [
            Signal(
                SignalKind.UNREADABLE,
                self._unreadable[entry.path][0],
                file.language.value if file.language else "",
                entry.path,
                None,
                file.place,
                might_tell(entry.path, self._unreadable[entry.path][1]),
            )
            for entry, file in (self._readable if self._unreadable else ())
            if entry.path in self._unreadable
        ]
        return found + [Signal(SignalKind.UNREADABLE, "folder not in this clone", "", path) for path in self._tree.missing]

    def incomplete(self) -> tuple[str, ...]:
        """What this clone does not hold, as sentences."""
        names = [*self._missing, *self._tree.missing]
        if not names:
            return ()
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return (f"{len(names)} {'file is' if len(names) == 1 else 'files are'} not in this clone: {shown}.",)


def _count_files(files: Sequence[tuple[Entry, File]]) -> list[Signal]:
    counts = Counter(file.counted_as for _, file in files)
    found = [Signal(SignalKind.TREE, name, str(count)) for name, count in counts.items()]
    return [*found, Signal(SignalKind.TREE, "files", str(len(files)))]


def _notes(repository: Repository, tree: Tree, *, shallow: bool) -> tuple[str, ...]:
    notes = []
    if repository.dirty:
        notes.append("The work tree has uncommitted changes; it was judged at HEAD, without them.")
    if shallow:
        notes.append("This is a shallow clone: older history was left out.")
    if tree.submodules:
        count = len(tree.submodules)
        notes.append(
            f"{count} {'submodule was' if count == 1 else 'submodules were'} not followed: {', '.join(tree.submodules[:3])}."
        )
    return tuple(notes)


def _order(signal: Signal) -> tuple[str, str, str, int, str]:
    return (signal.kind, signal.name, signal.path or "", signal.line or 0, signal.value)
