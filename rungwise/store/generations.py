"""A directory of finished database files, and the pointer that says which one is current.

DuckDB lets either one process write a file or many read it, and a process that has a file open keeps reading the old one when it
is replaced under its own name. So a file is never written once it is announced: a writer builds the next one beside it and swaps
the pointer. Whatever a killed writer leaves behind is nobody's: it has no final name, or the pointer does not name it.
"""

from __future__ import annotations

import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from rungwise.store import schema
from rungwise.store.errors import StoreError

POINTER = "CURRENT"
KEPT = 3
"""How many generations stay: a reader that read the pointer a moment ago still finds its file."""
PATIENCE = 120.0
"""How long a writer waits for another one, in seconds."""

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "2GB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""How DuckDB is opened. Nothing is ever fetched: an extension that is not built in is an error, not a download."""

_NAME = re.compile(r"(\d{8})-[0-9a-f]{8}\.duckdb")
_UNFINISHED = "unfinished-"
_LOCK = ".lock"
_ATTEMPTS = 10


def exists(root: Path) -> bool:
    """Whether there is a database in this directory, sound or not; :class:`StoreError` where that cannot be told."""
    try:
        if root.is_file():
            raise StoreError(f"{root} is a file, but a database is a directory; name another path.")
        return (root / POINTER).exists() or bool(_generations(root))
    except OSError as error:
        raise StoreError(
            f"{root} cannot be read ({error.strerror}); check its permissions, or name another directory."
        ) from error


def current(root: Path) -> Path:
    """The current generation's file; :class:`StoreError` where the pointer is unusable."""
    try:
        name = (root / POINTER).read_text("utf-8", "replace").strip()
    except FileNotFoundError:
        # A generation has its final name only when it is complete, so the newest one is sound even if nobody announced it.
        generations = _generations(root)
        if generations:
            return generations[-1]
        raise StoreError(f"There is no database in {root}; collect something first.") from None
    except OSError as error:
        raise StoreError(f"{root / POINTER} cannot be read ({error.strerror}); check its permissions.") from error
    path = root / name
    if not _NAME.fullmatch(name):
        raise StoreError(f"{root / POINTER} names no generation of a database of Rungwise; {_way_back(root)}.")
    return path


def open_for_reading(path: Path) -> duckdb.DuckDBPyConnection:
    """Opens a finished generation; any number of processes may. ``FileNotFoundError`` where it is gone by now."""
    if not path.exists():
        raise FileNotFoundError(path)
    try:
        connection = duckdb.connect(str(path), read_only=True, config=SETTINGS)
    except duckdb.Error as error:
        if not path.exists():
            raise FileNotFoundError(path) from error
        if "version number" in str(error):
            raise StoreError(f"{path} was written by a newer DuckDB; update Rungwise, or name another directory.") from error
        raise StoreError(f"{path} is damaged or no database ({_first_line(error)}); {_way_back(path.parent)}.") from error
    try:
        _version(path, connection)
    except StoreError:
        connection.close()
        raise
    return connection


def open_current(root: Path) -> tuple[Path, duckdb.DuckDBPyConnection]:
    """Opens whatever is current, even while a writer publishes and prunes."""
    path = current(root)
    for _ in range(_ATTEMPTS):
        try:
            connection = open_for_reading(path)
        except FileNotFoundError:
            path = current(root)
            continue
        if _version(path, connection) == schema.VERSION:
            return path, connection
        connection.close()
        _migrate(root)
        path = current(root)
    raise StoreError(f"{root / POINTER} names {path.name}, which is not there; {_way_back(root)}.")


def damaged(path: Path, error: Exception) -> StoreError:
    """What to say where a file that could be opened cannot be read."""
    return StoreError(f"{path} cannot be read and may be damaged ({_first_line(error)}); {_way_back(path.parent)}.")


def bring_forward(root: Path) -> None:
    """Migrates an older database, if there is one here; needs the lock, and so must not be called by who holds it."""
    if exists(root):
        open_current(root)[1].close()


def _migrate(root: Path) -> None:
    """Brings an older database forward, and keeps it as it was under a name that is never cleared up."""
    with only_writer(root):
        before = current(root)
        with open_for_reading(before) as connection:
            version = _version(before, connection)
        if version == schema.VERSION:
            return
        copy = root / f"before-version-{schema.VERSION}.duckdb"
        try:
            if not copy.exists():
                draft = root / f"{_UNFINISHED}{copy.name}"
                shutil.copyfile(before, draft)
                draft.replace(copy)
        except OSError as error:
            raise _unwritable(root, error) from error
        with next_generation(root):
            pass


@contextmanager
def only_writer(root: Path) -> Iterator[None]:
    """Holds the lock of a database, which dies with its process, and clears up after a writer that was killed."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        # A soft lock, which filelock falls back to where the file system has no real ones, would outlive a killed process.
        lock = FileLock(root / _LOCK, timeout=PATIENCE, fallback_to_soft=False)
        lock.acquire()
    except Timeout as error:
        raise StoreError(
            f"Another collection has been writing to {root} for {PATIENCE:.0f} seconds; try again when it is done."
        ) from error
    except FileExistsError as error:
        raise StoreError(f"{root} is a file, but a database is a directory; name another path.") from error
    except (OSError, NotImplementedError) as error:
        raise _unwritable(root, error) from error
    try:
        _clear_leftovers(root)
        yield
    finally:
        lock.release()


@contextmanager
def next_generation(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to a copy of the current generation, which becomes current when the block ends well. Needs the lock.

    Where there is no database yet the copy is an empty one with all tables. When anything fails the current generation stays.
    """
    before = current(root) if exists(root) else None
    number = int(before.name[:8]) + 1 if before else 1
    draft = root / f"{_UNFINISHED}{uuid.uuid4().hex[:8]}.duckdb"
    try:
        if before:
            shutil.copyfile(before, draft)
        connection = duckdb.connect(str(draft), config=SETTINGS | {"storage_compatibility_version": schema.STORAGE})
        try:
            if not before:
                schema.create(connection)
            connection.execute("begin")
            version = _version(draft, connection)
            if version < schema.VERSION:
                schema.migrate(connection, version)
            yield connection
            connection.execute("commit")
            connection.execute("checkpoint")
        finally:
            connection.close()
        _announce(draft, root / f"{number:08}-{uuid.uuid4().hex[:8]}.duckdb")
    except OSError as error:
        raise _unwritable(root, error) from error
    except duckdb.Error as error:
        raise StoreError(
            f"{root} could not be written ({_first_line(error)}); nothing was changed; {_way_back(root)}."
        ) from error
    finally:
        with suppress(OSError):
            _clear_leftovers(root)


def _announce(draft: Path, path: Path) -> None:
    _sync(draft)
    draft.replace(path)
    _sync(path.parent)
    pointer = path.parent / f"{_UNFINISHED}{POINTER}"
    pointer.write_text(f"{path.name}\n", "utf-8")
    _sync(pointer)
    pointer.replace(path.parent / POINTER)
    _sync(path.parent)


def _sync(path: Path) -> None:
    if path.is_dir() and os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_leftovers(root: Path) -> None:
    """Removes drafts, generations that were never announced, and all but the newest few; what cannot go stays for next time."""
    for path in root.glob(f"{_UNFINISHED}*"):
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    if not (root / POINTER).exists():
        return
    now = current(root).name
    announced = [path for path in _generations(root) if path.name <= now]
    for path in _generations(root):
        if path not in announced[-KEPT:]:
            with suppress(OSError):
                path.unlink()


def _generations(root: Path) -> list[Path]:
    """Finished generations, oldest first."""
    try:
        return sorted(path for path in root.iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return []


def _version(path: Path, connection: duckdb.DuckDBPyConnection) -> int:
    """Which version of the tables a file holds; :class:`StoreError` where they are not ours, or newer than this program."""
    try:
        with connection.cursor() as cursor:
            found = cursor.execute("select value from about where key = 'schema'").fetchall()
    except duckdb.ProgrammingError:
        found = []
    except duckdb.Error as error:
        raise damaged(path, error) from error
    if not found or not str(found[0][0]).isdecimal():
        raise StoreError(f"{path} is a database, but not one of Rungwise; name another directory.")
    version = int(found[0][0])
    if version > schema.VERSION:
        raise StoreError(
            f"{path} was written by a newer Rungwise (its tables are version {version}, this one knows {schema.VERSION}); "
            "update Rungwise, or name another directory."
        )
    return version


def _way_back(root: Path) -> str:
    try:
        now = (root / POINTER).read_text("utf-8", "replace").strip()
    except OSError:
        now = ""
    older = [path.name for path in _generations(root) if path.name != now]
    if older:
        return f"to go back to an older generation, write {older[-1]} into {root / POINTER}"
    return "restore the directory from a backup, or move it away and collect again"


def _unwritable(root: Path, error: Exception) -> StoreError:
    what = error.strerror if isinstance(error, OSError) and error.strerror else _first_line(error)
    return StoreError(f"{root} cannot be written ({what}); nothing was changed; check permissions and the space left.")


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
