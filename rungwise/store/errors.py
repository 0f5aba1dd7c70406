"""What can be wrong with a database, said to a person."""

from __future__ import annotations


class StoreError(Exception):
    """The database cannot be read or written; the message is one sentence that says what is wrong and what to do."""
