"""Keeps a repository's history together when its name changes.

A collector that knows a name of its own for a repository, one that stays through renames and transfers, says it as a setting called ``id``.
Rows are kept by number, so that following a repository takes no more than writing its new name beside the number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from rungwise.model import Signal, SignalKind
from rungwise.store import schema

if TYPE_CHECKING:
    import duckdb

IDENTITY = "id"
"""The setting that holds it."""


def identity_of(signals: Iterable[Signal]) -> str | None:
    """What a repository is called for good, where that is known."""
    return next((signal.value for signal in signals if signal.kind is SignalKind.SETTING and signal.name == IDENTITY), None)


def follow(connection: duckdb.DuckDBPyConnection, identities: Mapping[str, str]) -> None:
    """Gives stored repositories the names that they go by now, in the transaction that is open; ``identities`` are those of today, by name.

    Who held such a name before and is another repository keeps its history under the name with its identity behind it.
    """
    if not identities:
        return
    rows = connection.execute(
        f"""
        select r.repository_id, r.name, i.value from repository r left join (
            select repository_id, max(value) as value from signal
            where path = '' and kind = 'setting' and name = '{IDENTITY}' and to_week = {schema.OPEN} group by repository_id
        ) i using (repository_id)
        """
    ).fetchall()
    stored = {identity: (number, name) for number, name, identity in rows if identity}
    holders = {name: (number, identity) for number, name, identity in rows}
    for name, identity in identities.items():
        number, _ = stored.get(identity, (None, name))
        holder, other = holders.get(name, (None, None))
        # A name without an identity is from before identities were kept, or from a clone: it is taken for the same repository, unless
        # that is known under another name.
        if holder is not None and holder != number and (other or number is not None):
            _rename(connection, holder, f"{name} ({other or 'before'})")
    # Only now, for two repositories may have swapped their names.
    for name, identity in identities.items():
        number, before = stored.get(identity, (None, name))
        if number is not None and before != name:
            _rename(connection, number, name)


def _rename(connection: duckdb.DuckDBPyConnection, number: int, name: str) -> None:
    connection.execute("update repository set name = $name where repository_id = $number", {"name": name, "number": number})
