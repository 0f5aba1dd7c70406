"""Reads git objects, and nothing else: no hook, filter, setting or command of a repository is ever run.

libgit2 reads the object store in process. It knows no clean or smudge filters but its own, takes no ``core.fsmonitor`` and never fetches,
so a repository from anywhere can be opened; what a partial clone left out is reported as missing.
"""

from __future__ import annotations

import heapq
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pygit2

from rungwise.model import Signal, SignalKind

MOST_COMMITS = 1_000
"""How many commits are walked for the activity signals, unless the last 90 days hold more; beyond that only "at least" is known."""
MOST_BYTES = 20_000_000
"""No larger blob is read into memory, whatever its name says."""


class GitError(Exception):
    """The path cannot be judged; the message is one sentence that says what is wrong and what to do."""


class Missing(Exception):
    """An object that a partial or trimmed clone does not hold."""


class Entry(NamedTuple):
    """A file of a tree. Links and submodules are no content and are left out."""

    path: str
    oid: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The files of a commit in the order of their paths, and the folders that could not be read."""

    entries: tuple[Entry, ...]
    missing: tuple[str, ...]
    links: tuple[str, ...]
    submodules: tuple[str, ...]


@dataclass(slots=True)
class _Folder:
    """What lies in one folder itself: the folders in it, each with its path and tree, and the paths of what is no content."""

    entries: tuple[Entry, ...]
    folders: tuple[tuple[str, str], ...]
    links: tuple[str, ...]
    submodules: tuple[str, ...]
    below: list[_Folder] | None = None
    """The folders in it themselves, once they are known and all there."""


@dataclass(frozen=True, slots=True)
class _Made:
    """When a commit was made and after which others, and the address or name of its author; ``None`` for a bot."""

    when: int
    parents: tuple[str, ...]
    author: str | None
    dated: float
    """The same as ``when``, within the calendar."""


# libgit2 refuses repositories of other users because git would run what their settings name; nothing is run here.
pygit2.option(pygit2.enums.Option.SET_OWNER_VALIDATION, False)
# Neither does git compute the hash of every object again that it reads from a pack, which takes as long as unpacking it; a damaged one does
# not unpack.
pygit2.option(pygit2.enums.Option.ENABLE_STRICT_HASH_VERIFICATION, False)
for _level in (pygit2.enums.ConfigLevel.GLOBAL, pygit2.enums.ConfigLevel.SYSTEM, pygit2.enums.ConfigLevel.XDG):
    pygit2.option(pygit2.enums.Option.SET_SEARCH_PATH, _level, "")


_LISTED = re.compile(rb"([0-7]+) ([^\0]+)\0(.{20})", re.DOTALL)
"""One line of a tree: mode, name and the id in bytes."""


def _text(raw: bytes) -> str:
    """A name as text. Bytes that are no UTF-8 are spelled out, so that no two names become one."""
    return raw.decode("utf-8", "backslashreplace")


class Repository:
    """A work tree, a ``.git`` folder or a bare repository, opened for reading.

    Raises :class:`GitError` where there is none or where it is damaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._folders: dict[tuple[str, str], _Folder] = {}
        self._made_commits: dict[str, _Made] = {}
        try:
            if not path.exists():
                raise GitError(f"{path} does not exist. Give the path of a repository or of a folder of repositories.")
            self._git = pygit2.Repository(str(path), pygit2.enums.RepositoryOpenFlag.NO_SEARCH)
        except PermissionError as error:
            raise GitError(
                f"{path} cannot be read: permission denied. Change its permissions, or run this as its owner."
            ) from error
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise GitError(
                f"{path} is no git repository that can be read ({_reason(error)}). Give a work tree, a .git folder or a bare clone."
            ) from error

    @property
    def git(self) -> pygit2.Repository:
        """The repository as libgit2 has it, for the other modules of this package."""
        return self._git

    @property
    def empty(self) -> bool:
        """Whether there is no commit at all."""
        try:
            return self._git.head_is_unborn and not list(self._git.references)
        except pygit2.GitError as error:
            raise GitError(f"{self.path} is damaged ({_reason(error)}). Clone it again.") from error

    @property
    def shallow(self) -> bool:
        """Whether older commits were left out by ``clone --depth``."""
        return bool(self._git.is_shallow)

    @property
    def dirty(self) -> bool:
        """Whether the work tree holds changes to tracked files that no commit has yet."""
        # A git directory of another name than .git stands alone, though without a configuration libgit2 takes the folder above for its work tree.
        if self._git.is_bare or not self._git.workdir or not (Path(self._git.workdir) / ".git").exists():
            return False
        with suppress(pygit2.GitError, KeyError, OSError):
            clean = pygit2.enums.FileStatus.CURRENT | pygit2.enums.FileStatus.IGNORED
            found = self._git.status(untracked_files="no", ignored=False)
            return any(status & ~clean for status in found.values())
        return False

    def remote(self) -> tuple[str, str] | None:
        """Host and ``owner/name`` of ``origin``, or of the first remote that has a host."""
        with suppress(pygit2.GitError, KeyError, ValueError):
            remotes = sorted(self._git.remotes, key=lambda remote: (remote.name != "origin", remote.name or ""))
            for remote in remotes:
                if found := parse_remote(remote.url or ""):
                    return found
        return None

    def commit(self, revision: str | None = None) -> str:
        """The id of a commit: HEAD, or whatever ``revision`` names."""
        try:
            if revision is None:
                return str(self._git.head.peel(pygit2.Commit).id)
            return str(self._git.revparse_single(revision).peel(pygit2.Commit).id)
        except (pygit2.GitError, KeyError, ValueError) as error:
            if revision is None:
                raise GitError(
                    f"{self.path}: HEAD points to no commit ({_reason(error)}). Check out a branch, or clone it again."
                ) from error
            raise GitError(
                f"{self.path} has no commit {revision!r}. Give a branch, a tag or a commit id that it holds."
            ) from error

    def _commit(self, oid: str) -> pygit2.Commit:
        try:
            found = self._git[oid]
        except (KeyError, pygit2.GitError, ValueError) as error:
            raise GitError(f"{self.path}: commit {oid[:12]} cannot be read ({_reason(error)}). Clone it again.") from error
        if not isinstance(found, pygit2.Commit):
            raise GitError(f"{self.path}: {oid[:12]} is no commit. Clone it again.")
        return found

    def committed_at(self, oid: str) -> datetime:
        """When the commit was made (committer date), in UTC."""
        return _date(self._commit(oid).commit_time)

    def tree(self, oid: str) -> Tree:
        """All files of a commit."""
        folders, missing = self._all_folders(oid)
        entries = [*chain.from_iterable(folder.entries for folder in folders)]
        links = chain.from_iterable(folder.links for folder in folders)
        submodules = chain.from_iterable(folder.submodules for folder in folders)
        entries.sort()
        return Tree(tuple(entries), tuple(sorted(missing)), tuple(sorted(links)), tuple(sorted(submodules)))

    def _all_folders(self, oid: str) -> tuple[list[_Folder], list[str]]:
        """All folders of a commit, and the paths of those that are not there."""
        root = self._folder("", str(self._commit(oid).tree_id))
        found, missing = [root] if root else [], [] if root else ["."]
        for folder in found:
            below = folder.below
            if below is None:
                known = [(path, self._folder(path, tree_id)) for path, tree_id in folder.folders]
                missing += [path for path, one in known if one is None]
                below = [one for _, one in known if one]
                if len(below) == len(known):
                    folder.below = below
            found += below
        return found, missing

    def _folder(self, prefix: str, tree_id: str) -> _Folder | None:
        """What lies in one folder, remembered because most stay the same from week to week; ``None`` if it is not there."""
        known = self._folders.get((prefix, tree_id))
        if known is not None:
            return known
        entries: list[Entry] = []
        folders: list[tuple[str, str]] = []
        links: list[str] = []
        submodules: list[str] = []
        try:
            kind, listed = self._objects.read(pygit2.Oid(hex=tree_id))
        except (KeyError, pygit2.GitError, ValueError):
            return None
        # Read as it is stored: an object of libgit2 for each file takes several times as long.
        lines = _LISTED.findall(listed)
        if kind != pygit2.enums.ObjectType.TREE or sum(map(len, chain.from_iterable(lines))) + 2 * len(lines) != len(listed):
            return None
        for written, name, oid in lines:
            path, mode, id_ = prefix + _text(name), int(written, 8), oid.hex()
            if stat.S_ISDIR(mode):
                folders.append((f"{path}/", id_))
            elif stat.S_ISLNK(mode):
                links.append(path)
            elif mode == pygit2.enums.FileMode.COMMIT:
                submodules.append(path)
            else:
                entries.append(Entry(path, id_))
        found = self._folders[prefix, tree_id] = _Folder(tuple(entries), tuple(folders), tuple(links), tuple(submodules))
        return found

    def forget(self) -> None:
        """Lets go of the folders and commits that were remembered and of the packs that are mapped into memory; both come again when they are needed."""
        self._folders.clear()
        self._made_commits.clear()
        self.__dict__.pop("_objects", None)
        self._git.free()

    def holds(self, oid: str) -> bool:
        """Whether an object is in this clone."""
        return oid in self._git

    def read(self, oid: str) -> bytes:
        """The contents of a blob. Raises :class:`Missing` where this clone does not hold it."""
        try:
            # Not by the repository's own index operator, which searches for the object again and keeps all it has read in memory.
            found = pygit2.Oid(hex=oid)
            if self._objects.read_header(found)[1] > MOST_BYTES:
                return b"\0"
            return self._objects.read(found)[1]
        except (KeyError, pygit2.GitError, ValueError) as error:
            raise Missing(oid) from error

    @cached_property
    def _objects(self) -> pygit2.Odb:
        return self._git.odb

    def activity(self, oid: str, as_of: datetime) -> tuple[Signal, ...]:
        """How often, by how many and since when the repository has been worked on, as seen from a commit.

        Names: ``commits``, ``commit-days``, ``authors-90-days``, ``first-commit``, ``last-commit`` (dates as ``2026-11-22``), ``shallow``,
        and ``more`` where older commits were not counted (the first one is then not known).
        """
        since = (as_of - timedelta(days=90)).timestamp()
        commits, days, authors, more = 0, set[int](), set[str](), False
        last = self.committed_at(oid)
        first = last.timestamp()
        with suppress(KeyError, pygit2.GitError, ValueError):
            # A shallow clone's oldest commits name parents that are not there: the walk ends with a KeyError.
            for commit in self._walk(oid):
                when = commit.when
                more = commits >= MOST_COMMITS and when < since
                if more:
                    break
                commits += 1
                days.add(when // _DAY)
                first = min(first, when)
                if when >= since and commit.author is not None:
                    authors.add(commit.author)
        found = {
            "commits": str(commits),
            "commit-days": str(len(days)),
            "authors-90-days": str(len(authors)),
            "last-commit": f"{last:%Y-%m-%d}",
        }
        if more:
            found["more"] = "true"
        else:
            found["first-commit"] = f"{_date(first):%Y-%m-%d}"
        if self.shallow:
            found["shallow"] = "true"
        return tuple(Signal(SignalKind.ACTIVITY, name, value) for name, value in found.items())

    def _walk(self, oid: str) -> Iterator[_Made]:
        """A commit and all before it, newest first as git log has it; sorting strictly by time would read the whole history first."""
        found, waiting, number = {oid}, [(0, 0, self._made(oid))], 0
        while waiting:
            made = heapq.heappop(waiting)[2]
            for parent in made.parents:
                # Of one that is not there nobody knows when it was made, and so neither what comes next.
                before = self._made(parent)
                if parent not in found:
                    found.add(parent)
                    number += 1
                    heapq.heappush(waiting, (-before.when, number, before))
            yield made

    def _made(self, oid: str) -> _Made:
        """One commit, remembered because most are looked at again for the weeks after. Raises ``KeyError`` where it is not there."""
        known = self._made_commits.get(oid)
        if known is None:
            commit = self._git[oid].peel(pygit2.Commit)
            by = commit.author
            author = None if _bot(by) else (by.raw_email or by.raw_name).decode("utf-8", "replace").lower()
            known = self._made_commits[oid] = _Made(
                commit.commit_time, tuple(map(str, commit.parent_ids)), author, _in_calendar(commit.commit_time)
            )
        return known

    def paths_before(self, oid: str, when: datetime) -> frozenset[str] | None:
        """The files as they stood at a date, along first parents; ``None`` where the history known here does not reach back so far."""
        self._commit(oid)
        with suppress(KeyError, pygit2.GitError, ValueError):
            moment, made = when.timestamp(), self._made(oid)
            while made.dated > moment:
                if not made.parents:
                    return frozenset() if not self.shallow else None
                oid = made.parents[0]
                # Years are walked for each week, nearly always over commits that are remembered.
                made = self._made_commits.get(oid) or self._made(oid)
            return frozenset(entry.path for folder in self._all_folders(oid)[0] for entry in folder.entries)
        return None


def repositories_in(folder: Path) -> Iterator[Path]:
    """The repositories directly below a folder, or one level deeper (``owner/name``), in the order of their names.

    A child that only holds a bare ``repo`` or ``.git`` folder stands for that.
    """
    for child in _folders(folder):
        if found := _repository_at(child):
            yield found
        else:
            yield from filter(None, map(_repository_at, _folders(child)))


def _folders(folder: Path) -> list[Path]:
    try:
        return sorted(child for child in folder.iterdir() if child.is_dir() and not child.is_symlink())
    except PermissionError as error:
        raise GitError(
            f"{folder} cannot be read: permission denied. Change its permissions, or run this as its owner."
        ) from error


def _repository_at(folder: Path) -> Path | None:
    for candidate in (folder, folder / ".git", folder / "repo"):
        if is_repository(candidate):
            return folder if candidate == folder / ".git" else candidate
    return None


def is_repository(path: Path) -> bool:
    """Whether a path looks like a work tree, a ``.git`` folder or a bare repository; it may still be damaged."""
    if (path / ".git").exists():
        return True
    return (
        (path / "HEAD").is_file()
        and (path / "objects").is_dir()
        and ((path / "refs").is_dir() or (path / "packed-refs").is_file())
    )


_REMOTE = re.compile(r"(?:[a-z+]+://(?:[^@/]*@)?(?P<host>[\w.-]+)(?::\d+)?/|(?:[\w.-]+@)(?P<scp>[\w.-]+):)(?P<path>[^?#]+)$")


def parse_remote(url: str) -> tuple[str, str] | None:
    """Host and ``owner/name`` of a remote's address; ``None`` for a path on this machine. A password in it is dropped."""
    if url.startswith("file:"):
        return None
    found = _REMOTE.match(url.strip())
    if found is None:
        return None
    name = found["path"].strip("/").removesuffix(".git")
    return (found["host"] or found["scp"], name) if "/" in name else None


_DAY = 86_400


def _date(seconds: float) -> datetime:
    """Seconds since 1970 as a date; one that no calendar holds becomes the nearest that does."""
    return datetime.fromtimestamp(_in_calendar(seconds), UTC)


def _in_calendar(seconds: float) -> float:
    return min(max(seconds, 0), 253_402_300_799)


def _bot(author: pygit2.Signature) -> bool:
    name = author.raw_name.lower()
    return b"[bot]" in name or name.startswith((b"dependabot", b"renovate")) or name.endswith(b"-bot")


def _reason(error: BaseException) -> str:
    return " ".join(str(error).strip("'\"").split()) or type(error).__name__
