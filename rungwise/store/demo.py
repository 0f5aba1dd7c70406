"""The demo data: the same tables as files that need no database, so that they can be kept with the source."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import duckdb

from rungwise.store import generations, schema
from rungwise.store.errors import StoreError

FOLDER = Path(__file__).parents[2] / "data" / "demo"

_ABOUT = "about.json"
_GENERATION, _SCHEMA = "generation", "schema"
_TABLES = tuple(table for table in schema.TABLES if table not in (schema.SIGNAL.name, "about"))
"""Signals quote what files say; the demo keeps to names, places and statuses."""


def export_demo(database: Path, to: Path, about: Mapping[str, str]) -> None:
    """Writes the current generation of ``database`` as demo data into the folder ``to``.

    ``about`` is what the screen says of it: source, made_on, note. Raises :class:`StoreError` where there is no database, or the
    folder cannot be written.
    """
    path, connection = generations.open_current(database)
    try:
        to.mkdir(parents=True, exist_ok=True)
        for table in _TABLES:
            draft = to / f".{table}.parquet"
            connection.execute(f"copy {table} to {_literal(draft)} (format parquet, compression zstd)")
            draft.replace(to / f"{table}.parquet")
        written = {
            "source": about["source"],
            "made_on": about["made_on"],
            "note": about["note"],
            _GENERATION: path.stem,
            _SCHEMA: schema.VERSION,
        }
        (to / _ABOUT).write_text(json.dumps(written, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise StoreError(f"{to} cannot be written ({error.strerror}); check its permissions and the space left.") from error
    except duckdb.Error as error:
        raise generations.damaged(path, error) from error
    finally:
        connection.close()


def describe(folder: Path) -> tuple[str, dict[str, str]]:
    """The demo's generation, and what to say of it; :class:`StoreError` where there is none."""
    try:
        about = json.loads((folder / _ABOUT).read_text("utf-8"))
        about.pop(_SCHEMA, None)
        return about.pop(_GENERATION), about
    except FileNotFoundError as error:
        raise StoreError("There is neither a database nor demo data; collect something first.") from error
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{folder / _ABOUT} is damaged; restore the folder from the source.") from error


def load(folder: Path) -> duckdb.DuckDBPyConnection:
    """The demo data as a database in memory."""
    connection = duckdb.connect(":memory:", config=generations.SETTINGS)
    try:
        schema.create(connection)
        version = json.loads((folder / _ABOUT).read_text("utf-8")).get(_SCHEMA, 1)
        for table in _TABLES:
            if schema.SINCE.get(table, 1) > version:
                continue
            connection.execute(f"create or replace table {table} as from read_parquet({_literal(folder / f'{table}.parquet')})")
        if version < schema.VERSION:
            schema.migrate(connection, version)
    except (duckdb.Error, OSError, ValueError, AttributeError) as error:
        connection.close()
        raise StoreError(f"The demo data in {folder} is damaged; restore the folder from the source.") from error
    return connection


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
