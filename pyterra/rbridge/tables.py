"""Tables as a header and one matrix of doubles: texts and factors are codes from 0, missing is NaN."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, warn
from pyterra.packages import pandas
from pyterra.rbridge.blocks import quiet
from pyterra.rbridge.schema import SCHEMA, Header, checked

if TYPE_CHECKING:
    import pandas as pd

Doubles = NDArray[np.float64]

EXACT = 2**53
"""Whole numbers up to here are exact in doubles, which is all that R has for large ones."""
INTEGER = 2**31 - 1
"""The largest whole number of R's own type."""
MICROSECOND = 1_000_000


def parts_of(frame: pd.DataFrame) -> tuple[Header, Doubles]:
    """A table as a header and a matrix of doubles, in the layout of R.

    Parameters
    ----------
    frame : DataFrame
        Columns of numbers, booleans, text, categories, dates and times; its index is left out.

    Returns
    -------
    header : dict
    table : ndarray of shape (rows, columns), Fortran order
        Codes of texts and categories, days of dates and seconds of times since 1970, NaN for missing.

    Raises
    ------
    ArgumentError
        For columns of other things, and whole numbers that doubles do not hold.

    Notes
    -----
    Times without a zone are dates where all are midnight, else times in UTC.
    """
    table = np.empty((len(frame), frame.shape[1]), np.float64, order="F")
    columns = []
    for i, name in enumerate(frame.columns):
        kind, numbers = _column(str(name), frame.iloc[:, i])
        columns.append({"name": _label(name), **kind})
        table[:, i] = numbers
    return {"schema": SCHEMA, "rows": len(frame), "columns": columns}, table


def _label(name: Any) -> str:
    """A label of a column as R writes it: whole numbers have no fraction."""
    return f"{name:.15g}" if isinstance(name, float) else str(name)


def _column(name: str, column: pd.Series[Any]) -> tuple[Header, Any]:
    dtype = column.dtype
    if isinstance(dtype, pandas.CategoricalDtype):
        values = [str(value) for value in dtype.categories]
        return {"type": "factor", "values": values, "ordered": bool(dtype.ordered)}, _codes(column.cat.codes)
    if pandas.api.types.is_bool_dtype(dtype):
        return {"type": "logical"}, _floats(column)
    if pandas.api.types.is_integer_dtype(dtype):
        return _whole(name, column)
    if pandas.api.types.is_float_dtype(dtype):
        return {"type": "double"}, _floats(column)
    if pandas.api.types.is_datetime64_any_dtype(dtype):
        return _moments(column)
    return _texts(name, column)


def _floats(column: pd.Series[Any]) -> Doubles:
    found: Doubles = column.to_numpy(dtype=np.float64, na_value=np.nan)
    return found


def _codes(codes: Any) -> Doubles:
    numbers = np.asarray(codes, np.float64)
    return np.where(numbers < 0, np.nan, numbers)


def _whole(name: str, column: pd.Series[Any]) -> tuple[Header, Doubles]:
    known = column.dropna()
    largest = max(abs(int(known.max())), abs(int(known.min()))) if len(known) else 0
    if largest > EXACT:
        raise ArgumentError(
            f"to_r: whole numbers must lie within 2^53 for R, got {largest} in column {name!r}; make it text first"
        )
    return {"type": "integer" if largest <= INTEGER else "double"}, _floats(column)


def _moments(column: pd.Series[Any]) -> tuple[Header, Doubles]:
    zone = getattr(column.dt, "tz", None)
    plain = column if zone is None else column.dt.tz_convert("UTC").dt.tz_localize(None)
    stamps = plain.to_numpy().astype("datetime64[us]")
    missing = np.isnat(stamps)
    counts = np.where(missing, 0, stamps.astype(np.int64))
    if zone is None and not (counts % (86_400 * MICROSECOND)).any():
        return {"type": "date"}, np.where(missing, np.nan, counts // (86_400 * MICROSECOND))
    header = {"type": "time", "zone": "UTC" if zone is None else str(zone)}
    return header, np.where(missing, np.nan, counts / MICROSECOND)


def _as_text(value: object) -> str:
    """A value among texts, as R writes it there: numbers with 15 digits."""
    return value if isinstance(value, str) else format(float(cast("float", value)), ".15g")


def _texts(name: str, column: pd.Series[Any]) -> tuple[Header, Doubles]:
    known = column.dropna()
    if len(known) == 0:
        return {"type": "text", "values": []}, np.full(len(column), np.nan)
    kind = pandas.api.types.infer_dtype(known, skipna=True)
    if kind in ("string", "empty"):
        codes, values = pandas.factorize(column)
        return {"type": "text", "values": [str(v) for v in values]}, _codes(codes)
    if kind == "boolean":
        return _column(name, column.astype("boolean"))
    if kind in ("integer", "floating", "mixed-integer-float"):
        return _column(name, pandas.to_numeric(column))
    if kind in ("date", "datetime", "datetime64"):
        return _moments(pandas.to_datetime(column))
    if kind == "mixed-integer" or all(isinstance(v, str | bool | int | float | np.generic) for v in known):
        return _texts(name, column.map(_as_text, na_action="ignore"))
    raise ArgumentError(
        f"to_r: columns must hold numbers, booleans, text, categories, dates or times, got {kind} in column {name!r}"
    )


def frame_of(header: Mapping[str, Any], table: Doubles) -> pd.DataFrame:
    """The table that R describes.

    Parameters
    ----------
    header : mapping
    table : ndarray of shape (rows, columns), or all its values column by column

    Returns
    -------
    DataFrame
        Logicals and integers become ``boolean`` and ``Int64`` where some are missing, factors categories, dates
        datetimes without a zone, times datetimes with theirs.
    """
    rows, columns = int(checked(header)["rows"]), header["columns"]
    matrix = np.reshape(np.asarray(table, np.float64), (rows, len(columns)), order="F")
    found = {i: _restored(column, quiet(matrix[:, i])) for i, column in enumerate(columns)}
    frame = pandas.DataFrame(found, index=pandas.RangeIndex(rows), copy=False)
    frame.columns = pandas.Index(
        [column["name"] for column in columns], dtype=object if not columns else None
    )
    return frame


def _restored(column: Mapping[str, Any], numbers: Doubles) -> Any:
    kind = column["type"]
    missing = ~np.isfinite(numbers) if kind in ("date", "time") else np.isnan(numbers)  # R has endless times
    if kind == "double":
        return numbers
    whole = np.where(missing, 0, numbers).astype(np.int64)
    if kind in ("text", "factor"):
        codes = np.where(missing, -1, whole)
        if kind == "factor":
            dtype = pandas.CategoricalDtype(column["values"], ordered=bool(column["ordered"]))
            return pandas.Categorical.from_codes(codes, dtype=dtype)
        values = np.array([*column["values"], None], dtype=object)
        return pandas.Series(values[codes].tolist(), dtype="str").array
    if kind == "logical":
        return pandas.arrays.BooleanArray(whole == 1, missing) if missing.any() else whole == 1
    if kind == "integer":
        if missing.any():
            return pandas.arrays.IntegerArray(whole, missing)
        return whole
    if kind not in ("date", "time"):
        raise ArgumentError(f"from_r: columns of type {kind!r} are not known")
    counts = np.round(np.where(missing, 0, numbers) * MICROSECOND * (86_400 if kind == "date" else 1))
    stamps = counts.astype(np.int64).astype("datetime64[us]")
    stamps[missing] = np.datetime64("NaT", "us")
    if kind == "date":
        return stamps.astype("datetime64[s]")
    return pandas.DatetimeIndex(stamps).tz_localize("UTC").tz_convert(_zone(column["zone"], column["name"]))


def _zone(name: str, column: str) -> Any:
    """A zone by the name R has for it; UTC, where it is none, as R itself has it then."""
    if not name:
        return _local_zone()
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        warn(f"from_r: the time zone {name!r} of column {column!r} is not known; its times are given in UTC")
        return "UTC"


def _local_zone() -> Any:
    """The zone of this machine, which R means where it names none."""
    import datetime

    return datetime.datetime.now().astimezone().tzinfo
