"""Looks at one repository at one commit and reports every signal that is wanted."""

from __future__ import annotations

import posixpath
import re
from bisect import insort
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from typing import Generic, TypeVar

from collectors import ci, manifests
from collectors.ci import Kept
from collectors.git import Entry, Missing, Repository, Tree
from collectors.globs import Globs
from collectors.places import place_of
from collectors.source import PROGRAMS, Match, Patterns, Unreadable, decode, language_of
from collectors.unread import might_tell
from collectors.versions import Versions
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

    def of(self, entries: Iterable[Entry], places: _Places) -> list[tuple[Entry, File]]:
        """Some files of a tree with what their paths say. Several threads may ask at once."""
        told = self._told
        if told.rules != places.rules or len(told.paths) > _MOST_PATHS:
            # Another one, since another thread may be at the old one still, by the old rules.
            told = self._told = _Told(places.rules)
        paths = told.paths
        return [(entry, paths.get(entry.path) or self._read(entry.path, places, told)) for entry in entries]

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
    last: dict[str, tuple[object, list[Signal]]] = field(default_factory=dict)
    """What the last manifests and the last CI files said one by one, and when taken together."""
    steps: Kept = field(default_factory=Kept)
    contents: tuple[str, Contents] | None = None
    """The repository that was looked at last, and its files."""

    def together(self, what: str, said: object, read: Callable[[], list[Signal]]) -> list[Signal]:
        """What some files say together, in order, from memory where each says what it said last time: most changes are of versions."""
        last = self.last.get(what)
        if last is None or last[0] != said:
            last = self.last[what] = (said, sorted(read(), key=_order))
        return last[1]


class Sorted:
    """The signals of files one by one, kept in order as files come and go."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []
        self._of: dict[Entry, list[Signal]] = {}

    def update(self, gone: Iterable[Entry], come: Mapping[Entry, list[Signal]]) -> None:
        """Take some files out, and others in with what was found in them."""
        old = {id(signal) for entry in gone for signal in self._of.pop(entry, ())}
        if old:
            self.signals = [signal for signal in self.signals if id(signal) not in old]
        self._of |= come
        new = [*chain.from_iterable(come.values())]
        if len(new) > len(self.signals) // 8:
            self.signals = sorted([*self.signals, *new], key=_order)
        else:
            for signal in new:
                insort(self.signals, signal, key=_order)


class Contents:
    """The files of one repository as they were when it was looked at last, by what they are read for.

    From week to week few files change, so a look takes out those that went, takes in those that came, and passes over all others: what
    was found in these stays as it is, and in order.
    """

    def __init__(self, places: _Places) -> None:
        self.places = places
        self.entries: frozenset[Entry] = frozenset()
        self.count = 0
        self.counts = Counter[str]()
        self.manifests: dict[Entry, File] = {}
        self.ci: dict[Entry, File] = {}
        self.unread: dict[Entry, File] = {}
        """Those in which code has still to be looked for: new ones, and what could not be read before."""
        self.code = Sorted()
        self.named = Sorted()
        self.globs: dict[Entry, File] = {}
        self.before: frozenset[str] | None = None
        """The paths that are old by now; ``None`` where that is not known."""

    def become(self, tree: Tree, now: frozenset[Entry], files: Files, before: frozenset[str] | None) -> None:
        """Take in how the files stand in a tree, of which ``before`` were there a year ago."""
        gone, come = self.entries - now, files.of(now - self.entries, self.places)
        for entry, file in files.of(gone, self.places):
            self.counts[file.counted_as] -= 1
            for group in (self.manifests, self.ci, self.unread, self.globs):
                group.pop(entry, None)
        for entry, file in come:
            self.counts[file.counted_as] += 1
            if file.place in _UNREAD:
                continue
            for group, read in (
                (self.manifests, file.manifest),
                (self.ci, file.ci),
                (self.unread, file.code),
                (self.globs, bool(file.globs)),
            ):
                if read:
                    group[entry] = file
        self.code.update(gone, {})
        self._name(gone, [entry for entry, _ in come], before)
        self.entries, self.count, self.before = now, len(tree.entries), before

    def _name(self, gone: Iterable[Entry], come: Iterable[Entry], before: frozenset[str] | None) -> None:
        """Say of the named files whether they are new; those that grew old since the last look say another thing now."""
        last, aged = self.before, list[Entry]()
        if last is None or before is None:
            aged = [entry for entry in self.globs if last is not before]
        elif turned := last ^ before:
            aged = [entry for entry in self.globs if entry.path in turned]
        found = {
            entry: [Signal(SignalKind.FILE, glob, _age(entry, before), entry.path, None, file.place) for glob in file.globs]
            for entry in dict.fromkeys([*aged, *come])
            if (file := self.globs.get(entry))
        }
        self.named.update([*gone, *aged], found)

    def counted(self) -> list[Signal]:
        """How many files there are of each language at each place."""
        found = [Signal(SignalKind.TREE, name, str(count)) for name, count in self.counts.items() if count]
        return [*found, Signal(SignalKind.TREE, "files", str(self.count))]


def _age(entry: Entry, before: frozenset[str] | None) -> str:
    return "" if before is None else "old" if entry.path in before else "new"


class Collector:
    """Looks at repositories for what is wanted; remembers blobs from one look to the next.

    ``over_time`` is for looks at many commits of a repository: more is remembered of its files then, some 64 MB at the most.
    """

    def __init__(self, wanted: Wanted, *, over_time: bool = False) -> None:
        self.wanted = wanted
        self._patterns = Patterns(wanted.code, wanted.only_with, Versions() if over_time else None)
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
            for entry, file in self._files.of(tree.entries, _Places(repository, tree))
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
        committed_at = repository.committed_at(commit)
        tree = repository.tree(commit)
        before = repository.paths_before(commit, committed_at - timedelta(days=365))
        contents = self._contents(repository, name, tree, before)
        look = _Look(repository, tree)
        told = repository.activity(commit, committed_at) if activity is None else activity
        sorts = [
            contents.named.signals,
            self._manifests(contents, look),
            self._ci(contents, look),
            self._code(contents, look),
            sorted([*told, *contents.counted(), *look.unreadable()], key=_order),
        ]
        return Snapshot(
            repository=name,
            commit=commit,
            committed_at=committed_at,
            signals=_in_order(sorts),
            host=host,
            notes=_notes(repository, tree, shallow=repository.shallow and activity is None),
            incomplete=look.incomplete(),
            codeowners=look.text(*CODEOWNERS),
        )

    def _contents(self, repository: Repository, name: str, tree: Tree, before: frozenset[str] | None) -> Contents:
        """The files of a tree, those that the last look at the same repository went through taken over from there."""
        now = frozenset(tree.entries)
        last, contents = self._memory.contents or ("", None)
        if contents is None or last != name:
            contents = Contents(_Places(repository, tree))
        elif contents.places.might_differ(contents.entries - now, now - contents.entries):
            places = _Places(repository, tree)
            if places.rules != contents.places.rules:
                contents = Contents(places)
            contents.places = places
        # Half done, it is no good for another look.
        self._memory.contents = None
        contents.become(tree, now, self._files, before)
        self._memory.contents = (name, contents)
        return contents

    def _manifests(self, contents: Contents, look: _Look) -> list[Signal]:
        said: list[list[Signal]] = []
        for entry, file in sorted(contents.manifests.items(), key=itemgetter(0)):
            read = partial(manifests.parse, entry.path, place=file.place)
            signals = look.facts(self._memory.manifests, entry, file, f"{file.place}:{entry.path}", read)
            if signals:
                said.append(signals)
        return self._memory.together("manifests", said, lambda: manifests.resolve([*chain.from_iterable(said)]))

    def _ci(self, contents: Contents, look: _Look) -> list[Signal]:
        files: dict[str, ci.CiFile] = {}
        for entry, file in sorted(contents.ci.items(), key=itemgetter(0)):
            known = look.facts(self._memory.ci, entry, file, entry.path, partial(ci.read, entry.path))
            if known is not None:
                files[entry.path] = known
        return self._memory.together("ci", files, lambda: ci.steps(files, self._memory.steps))

    def _code(self, contents: Contents, look: _Look) -> list[Signal]:
        found: dict[Entry, list[Signal]] = {}
        for entry, file in sorted(contents.unread.items(), key=itemgetter(0)):
            signals = self._code_of(look, entry, file)
            if signals is not None:
                found[entry] = signals
                del contents.unread[entry]
        contents.code.update((), found)
        return contents.code.signals

    def _code_of(self, look: _Look, entry: Entry, file: File) -> list[Signal] | None:
        language = file.language
        if language is None:
            return []
        read_as = f"{file.place}:{entry.path}"
        known = look.facts(
            self._memory.matches, entry, file, read_as, partial(self._patterns.find, entry.path, language, place=file.place)
        )
        if known is None:
            return None
        about = (("language", language.value),)
        return [Signal(SignalKind.CODE, match.name, match.value, entry.path, match.line, file.place, about) for match in known]


class _Places:
    """The place of each path of one tree: by its name, by .gitattributes, and by what the repository as a whole is."""

    def __init__(self, repository: Repository, tree: Tree) -> None:
        marked = _linguist(repository, tree)
        self._known = marked is not None
        self._marked = marked or {}
        programs = [entry.path for entry in tree.entries if language_of(entry.path) in PROGRAMS]
        self._apps = _apps_called_after_samples(programs)
        counts = Counter(map(self._by_name, programs))
        # In a collection of samples, the samples are the product (catalogue, 1.3).
        self._samples_are_source = counts[Place.SAMPLES] > 4 * counts[Place.SOURCE]
        self.rules = (tuple(self._marked.items()), self._apps, self._samples_are_source)
        """What it hangs on beside the path itself."""

    def might_differ(self, gone: Iterable[Entry], come: Iterable[Entry]) -> bool:
        """Whether a tree that lacks some of the files and has others may have other rules."""
        old, new = ({entry.path for entry in entries} for entries in (gone, come))
        return (
            not self._known
            or ".gitattributes" in old | new
            # What they hold makes no difference, only that they are there.
            or any(language_of(path) in PROGRAMS for path in old ^ new)
        )

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


def _linguist(repository: Repository, tree: Tree) -> Mapping[Place, tuple[str, ...]] | None:
    """The globs that .gitattributes gives a place; ``None`` where it is not in this clone."""
    found: dict[Place, list[str]] = {}
    for entry in tree.entries:
        if entry.path != ".gitattributes":
            continue
        try:
            text = repository.read(entry.oid)[:100_000].decode("utf-8", "replace")
        except Missing:
            return None
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

    def __init__(self, repository: Repository, tree: Tree) -> None:
        self._repository = repository
        self._tree = tree
        self._unreadable: dict[str, tuple[File, str, tuple[str, ...]]] = {}
        self._missing: dict[str, None] = {}

    def facts(
        self, memory: dict[tuple[str, str], Known[T]], entry: Entry, file: File, read_as: str, read: Callable[[bytes], T]
    ) -> T | None:
        """What a file says, from memory where its blob was read before; ``None`` where it could not be read."""
        key = (entry.oid, read_as)
        known = memory.get(key)
        if known is None:
            try:
                known = Known(read(self._repository.read(entry.oid)))
            except Missing:
                self._missing[entry.path] = None
                self._unreadable[entry.path] = (file, "not in this clone", ())
                return None
            except Unreadable as error:
                known = Known(None, str(error), error.names)
            except (manifests.Unreadable, ci.Unreadable) as error:
                known = Known(None, str(error))
            memory[key] = known
        if known.facts is None and known.reason != "no text":
            self._unreadable[entry.path] = (file, known.reason, known.names)
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
                reason,
                file.language.value if file.language else "",
                path,
                None,
                file.place,
                might_tell(path, names),
            )
            for path, (file, reason, names) in self._unreadable.items()
        ]
        return found + [Signal(SignalKind.UNREADABLE, "folder not in this clone", "", path) for path in self._tree.missing]

    def incomplete(self) -> tuple[str, ...]:
        """What this clone does not hold, as sentences."""
        names = [*self._missing, *self._tree.missing]
        if not names:
            return ()
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return (f"{len(names)} {'file is' if len(names) == 1 else 'files are'} not in this clone: {shown}.",)


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


def _in_order(sorts: Iterable[list[Signal]]) -> tuple[Signal, ...]:
    """All of some signals in order, where no two of the lists hold signals of one kind, and each is in order."""
    by_kind: list[list[Signal]] = []
    for signals in filter(None, sorts):
        one = signals[0].kind is signals[-1].kind
        by_kind += [signals] if one else ([*alike] for _, alike in groupby(signals, attrgetter("kind")))
    by_kind.sort(key=lambda alike: alike[0].kind)
    return tuple(chain.from_iterable(by_kind))
