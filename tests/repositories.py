"""Commits of files that a test names, in real git repositories."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pygit2

START = datetime(2026, 3, 2, 12, tzinfo=UTC)

Files = Mapping[str, str | bytes]


class Link(str):
    """A file's content that makes it a symbolic link to that path."""


class Submodule(str):
    """A file's content that makes it a submodule at that commit's id."""


def _entry(git: pygit2.Repository, path: str, content: str | bytes) -> pygit2.IndexEntry:
    if isinstance(content, Submodule):
        return pygit2.IndexEntry(path, pygit2.Oid(hex=content), pygit2.enums.FileMode.COMMIT)
    data = content.encode() if isinstance(content, str) else content
    mode = pygit2.enums.FileMode.LINK if isinstance(content, Link) else pygit2.enums.FileMode.BLOB
    return pygit2.IndexEntry(path, git.create_blob(data), mode)


def commit_files(git: pygit2.Repository, files: Files, when: datetime, author: str = "Ada", message: str = "Change") -> str:
    """Commit exactly these files (and no others) on the default branch; returns the commit's id."""
    index = pygit2.Index()
    for path, content in files.items():
        index.add(_entry(git, path, content))
    tree = index.write_tree(git)
    who = pygit2.Signature(author, f"{author.lower()}@example.org", int(when.timestamp()), 0)
    parents = [] if git.head_is_unborn else [git.head.target]
    return str(git.create_commit("refs/heads/main", who, who, message, tree, parents))


MakeRepository = Callable[..., Path]
"""Makes a bare repository of some files; see the fixture of that name."""
