"""Answers as data frames. Loads pandas, which takes longer than all else that the store loads, and not every command asks for a frame."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pyarrow as pa

_TEXT = {pa.string(): pd.StringDtype(na_value=math.nan)}
_WITH_GAPS = _TEXT | {
    pa.bool_(): pd.BooleanDtype(),
    pa.uint8(): pd.UInt8Dtype(),
    pa.int16(): pd.Int16Dtype(),
    pa.int32(): pd.Int32Dtype(),
    pa.int64(): pd.Int64Dtype(),
}


def framed(table: pa.Table) -> pd.DataFrame:
    """The table with the types that DuckDB's own frames have; but texts stay as Arrow has them, of which those would make an object each.

    A column of integers or truths is of a pandas type that can hold gaps where it has any, a date is a moment in microseconds, texts are
    ``str`` even where none is there.
    """
    return pd.DataFrame({name: _series(column) for name, column in zip(table.column_names, table.columns, strict=True)})


def _series(column: pa.ChunkedArray) -> pd.Series[Any]:
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("us"))
    series: pd.Series[Any] = column.to_pandas(types_mapper=(_WITH_GAPS if column.null_count else _TEXT).get)
    return series
