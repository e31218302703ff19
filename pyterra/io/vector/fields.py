"""Attributes of vectors between tables and files: every type as far as the format has it, missing values as missing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import WriteError
from pyterra.frozen import dataclass

EXACT = 2**53
"""Whole numbers from here on do not pass through float64."""
_INTEGERS = {"int8": "int16", "uint8": "int16", "uint16": "int32", "uint32": "int64", "uint64": "int64"}
"""Types of whole numbers that files lack, and what holds them."""
_NULLABLE = {"OFTInteger": "Int32", "OFTInteger64": "Int64"}


@dataclass(frozen=True)
class Field:
    """A column as a file takes it."""

    name: str
    values: NDArray[Any]
    missing: NDArray[np.bool_] | None = None
    """Where values are missing, for types that cannot say so themselves."""
    offsets: NDArray[np.int32] | None = None
    """Hours ahead of UTC as GDAL counts them, for moments with a zone."""


def fields_of(table: Any, names: Sequence[str], path: Any, *, dates: bool) -> list[Field]:
    """The attributes of a table as fields; `dates` says that midnights are dates, where the format has no moments.

    Raises
    ------
    WriteError
        Where a column holds what no file can; says file and column, and the record where one is to blame.
    """
    made = []
    for name in names:
        try:
            made.append(_field(name, table[name], dates))
        except (TypeError, ValueError, OverflowError) as error:
            raise WriteError(f"write_vector: {path}: column {name!r} cannot be written: {error}") from error
    return made


def _field(name: str, column: Any, dates: bool) -> Field:
    import pandas as pd

    if isinstance(column.dtype, pd.SparseDtype):
        column = column.sparse.to_dense()
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = labels(column)
    missing = column.isna().to_numpy()
    kind = getattr(column.dtype, "kind", "O")
    if kind == "b":
        return Field(
            name,
            column.to_numpy(dtype=bool, na_value=False) if missing.any() else column.to_numpy(bool),
            missing,
        )
    if kind in "iu":
        return Field(name, _whole(column, missing), missing)
    if kind == "f":
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
        return Field(name, values.astype(np.float32) if str(column.dtype).lower() == "float32" else values)
    if kind == "M":
        return _moments(name, column, dates)
    if kind in "mcV" or type(column.dtype).__name__ in ("PeriodDtype", "IntervalDtype"):
        raise TypeError(f"{column.dtype} is no type of files; convert it to numbers, dates or text")
    return _objects(name, column, missing, dates)


def _whole(column: Any, missing: NDArray[np.bool_]) -> NDArray[Any]:
    name = str(column.dtype).lower()
    values = column.to_numpy(dtype=name, na_value=0) if missing.any() else column.to_numpy(name)
    if name == "uint64" and (values > np.iinfo(np.int64).max).any():
        i = int(np.argmax(values > np.iinfo(np.int64).max))
        raise OverflowError(f"record {i} has {values[i]}, and files hold whole numbers up to 2**63 - 1")
    found: NDArray[Any] = values.astype(_INTEGERS.get(name, name))
    return found


def _moments(name: str, column: Any, dates: bool) -> Field:
    zone = getattr(column.dtype, "tz", None)
    if zone is None:
        values = column.to_numpy().astype("datetime64[ms]")
        whole = values[~np.isnat(values)]
        only_dates = dates and bool((whole == whole.astype("datetime64[D]")).all())
        return Field(name, values.astype("datetime64[D]") if only_dates else values)
    local, utc = (
        moments.dt.tz_localize(None).to_numpy().astype("datetime64[ms]")
        for moments in (column, column.dt.tz_convert("UTC"))
    )
    ahead = (local - utc) / np.timedelta64(15, "m")
    ahead = np.where(ahead % 1 == 0, ahead, 0)  # files count quarters of an hour: else in UTC
    values = utc + (ahead * np.timedelta64(15, "m").astype("timedelta64[ms]").astype(float)).astype(
        "timedelta64[ms]"
    )
    return Field(name, values, offsets=(ahead + 100).astype(np.int32))


def _objects(name: str, column: Any, missing: NDArray[np.bool_], dates: bool) -> Field:
    import pandas as pd

    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "boolean":
        return Field(name, np.where(missing, False, column.to_numpy(object)).astype(bool), missing)
    if kind == "integer":
        return Field(name, _whole(whole_numbers(column), missing), missing)
    if kind in ("floating", "mixed-integer-float"):
        return Field(name, column.to_numpy(dtype=np.float64, na_value=np.nan))
    if kind in ("date", "datetime", "datetime64"):
        return _moments(name, pd.to_datetime(column), dates or kind == "date")
    if kind == "bytes" or (kind == "mixed" and any(isinstance(v, bytes) for v in column)):
        raise TypeError("bytes are no type of this format; write GeoParquet, or convert them to text")
    if kind == "string":
        texts: NDArray[Any] = np.array(column, dtype=object)
        texts[missing] = None
        return Field(name, texts)
    values = np.array([None if m else as_text(v) for v, m in zip(column, missing, strict=True)], object)
    return Field(name, values)


def labels(column: Any) -> Any:
    """Categories as the values that they stand for."""
    kind = getattr(column.cat.categories.dtype, "kind", "O")
    if kind in "iub" and column.isna().any():
        return column.astype(object).astype("boolean" if kind == "b" else "Int64")
    return column.astype(column.cat.categories.dtype)


def json_like(column: Any) -> bool:
    """Whether a column has lists or mappings."""
    return column.dtype == object and any(isinstance(value, list | tuple | dict) for value in column)


def parquet_types(table: Any, path: Any) -> Any:
    """The table as GeoParquet takes it: what Arrow has no type for as text, numbers of categories as such.

    Raises
    ------
    WriteError
        Where a column cannot be held.
    """
    changes: dict[str, Any] = {}
    for name in (name for name in table.columns if name != table.geometry.name):
        try:
            changes[name] = _for_arrow(table[name])
        except (TypeError, ValueError, OverflowError) as error:
            raise WriteError(f"write_vector: {path}: column {name!r} cannot be written: {error}") from error
    return table.assign(**changes)


def _for_arrow(column: Any) -> Any:
    import pandas as pd
    import pyarrow as pa

    if isinstance(column.dtype, pd.SparseDtype):
        return column.sparse.to_dense()
    if isinstance(column.dtype, pd.CategoricalDtype):
        texts = pd.api.types.is_string_dtype(column.cat.categories.dtype)
        return column if texts else labels(column)
    if column.dtype != object:
        return column
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if kind == "integer":
        return whole_numbers(column)
    if kind == "mixed-integer-float":
        return column.astype(float)
    try:
        if not any(isinstance(value, dict) for value in column):
            pa.array(column.dropna().tolist())
            return column
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        pass
    return column.map(as_text, na_action="ignore")


def whole_numbers(column: Any) -> Any:
    """Whole numbers that are kept as objects, as such."""
    for i, value in enumerate(column):
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise OverflowError(f"record {i} has {value}, and files hold whole numbers up to 2**63 - 1")
    return column.astype("Int64")


def as_text(value: Any) -> str:
    """A value that a format has no type for: lists and mappings as JSON."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=str, ensure_ascii=False)
    return str(value)


def as_they_were(table: Any, info: Any, exactly: Any) -> Any:
    """A table that was read, with whole and logical columns as such although values are missing.

    Parameters
    ----------
    table : GeoDataFrame
    info : mapping
        What `pyogrio.read_info` says of the layer.
    exactly : callable
        Gives a column as text, for whole numbers that float64 does not hold.
    """
    import pandas as pd

    changes: dict[str, Any] = {}
    for name, kind, sub in zip(info["fields"], info["ogr_types"], info["ogr_subtypes"], strict=True):
        if name not in table.columns:
            continue
        column = table[name]
        if kind in _NULLABLE and column.dtype == np.float64:
            changes[name] = _restored(column, kind, sub, lambda name=name: exactly(name))
        elif kind == "OFTString" and column.dtype == object and column.isna().all():
            changes[name] = column.astype(
                pd.Series(["text"]).dtype
            )  # without a text nothing says that it is text
        elif str(column.dtype).startswith("datetime64[ms"):
            changes[name] = column.dt.as_unit("us")  # pandas' own
    return table.assign(**changes) if changes else table


def _restored(column: Any, kind: str, sub: str, exactly: Any) -> Any:
    import pandas as pd

    if sub == "OFSTBoolean":
        return column.astype("boolean")
    if kind == "OFTInteger64" and (column.abs() >= EXACT).any():
        texts = exactly()
        return pd.array([None if pd.isna(text) else int(text) for text in texts], dtype="Int64")
    name = {"OFSTInt16": "Int16"}.get(sub, _NULLABLE[kind])
    return column.astype(name)
