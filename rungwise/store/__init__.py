"""The memory: the only place that knows DuckDB. ``record`` writes a run, ``open_reader`` answers questions about all of them."""

from rungwise.store.demo import export_demo
from rungwise.store.errors import StoreError
from rungwise.store.generations import exists as database_exists
from rungwise.store.reader import UNOWNED, Reader, open_reader
from rungwise.store.thinning import superfluous, thin
from rungwise.store.weeks import Week
from rungwise.store.writer import Looks, Outcome, RunReceipt, record, record_receipt, record_rule_change, record_weeks

__all__ = [
    "UNOWNED",
    "Looks",
    "Outcome",
    "Reader",
    "RunReceipt",
    "StoreError",
    "Week",
    "database_exists",
    "export_demo",
    "open_reader",
    "record",
    "record_receipt",
    "record_rule_change",
    "record_weeks",
    "superfluous",
    "thin",
]
