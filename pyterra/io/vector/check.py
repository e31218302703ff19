"""What came back from a vector file, compared value by value with what was written.

A difference is either lost data, which is an error, or what a format makes of values that it has no type for (a
text of a time, numbers of 15 digits), which is told.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import WriteError
from pyterra.frozen import dataclass
from pyterra.io.formats.record import VectorFormat
from pyterra.io.vector.fields import as_text, labels

_DIGITS, _ROUNDED, _LEAST = 1e-14, 1e-6, 1e-15
_SHORTEST_CUT = 200
"""Bytes that a text has at least where a format cuts it."""


@dataclass(frozen=True)
class Loss:
    """How a column comes back other than it was written."""

    column: str
    """Its name."""
    how: str
    """In words."""


def compared(given: Any, found: Any, record: VectorFormat, *, exactly: bool = True) -> list[Loss]:
    """What a format changed.

    Parameters
    ----------
    given, found : GeoDataFrame
        What was written, and what was read back.
    record : VectorFormat
    exactly : bool
        False where the user asked for fewer digits of coordinates.

    Raises
    ------
    WriteError
        Where something is lost; the text begins with its place.
    """
    if len(found) != len(given):
        raise WriteError(f"{len(given)} records were written and {len(found)} read back")
    if record.binary and given.crs is not None and found.crs is None:
        raise WriteError("the CRS was written and none read back")
    pairs, losses = _pairs(given, found, record)
    order = _order(given, found, pairs) if record.reordered else None
    if order is not None:
        given, found = given.iloc[order[0]], found.iloc[order[1]]
    numbers = np.arange(len(given)) if order is None else order[0]
    _compare_shapes(given.geometry.to_numpy(), found.geometry.to_numpy(), numbers, record, exactly)
    for name, other in pairs:
        how = _Column(name, numbers, record).compared(given[name], found[other])
        losses += [Loss(name, how)] if how else []
    return losses


def _pairs(given: Any, found: Any, record: VectorFormat) -> tuple[list[tuple[str, str]], list[Loss]]:
    """Names of columns before and after; what has no counterpart."""
    names, others = ([n for n in table.columns if n != table.geometry.name] for table in (given, found))
    if record.renames and len(names) == len(others):
        return list(zip(names, others, strict=True)), []  # the driver tells which names it cuts
    lower = {name.lower(): name for name in others}
    kept = {name: name if name in others else lower.get(name.lower()) for name in names}
    lost = [Loss(name, "is not kept") for name, other in kept.items() if other is None]
    if lost and record.binary:
        raise WriteError(f"column {lost[0].column!r} was written and not read back")
    return [(name, other) for name, other in kept.items() if other is not None], lost


def _order(given: Any, found: Any, pairs: Sequence[tuple[str, str]]) -> tuple[Any, Any]:
    """The records of both in one order: a spatial index changes it."""
    import pandas as pd

    n = len(given)
    shapes = _alike(given.geometry.to_numpy(), found.geometry.to_numpy())
    keys = [pd.factorize(pd.Series(_wkb(np.concatenate(shapes)), dtype=object))[0]]
    if np.unique(keys[0][:n]).size < n:  # equal geometries are told apart by their attributes
        for one, other in ((given[a], found[b]) for a, b in pairs):
            both = pd.concat([_comparable(one), _comparable(other)], ignore_index=True)
            keys.append(pd.factorize(both.map(as_text, na_action="ignore"))[0])
    return np.lexsort([key[:n] for key in keys[::-1]]), np.lexsort([key[n:] for key in keys[::-1]])


def _comparable(column: Any) -> Any:
    """A column as objects in which equal values have equal texts."""
    import pandas as pd

    column = _dense(column)
    kind = _kind(column)
    if kind == "moment":
        column = _utc(column).astype("datetime64[ms]")
    elif kind == "number":
        column = pd.Series(column.to_numpy(float, na_value=np.nan)) + 0.0
    return column.reset_index(drop=True).astype(object)


def _wkb(shapes: NDArray[Any]) -> Any:
    import shapely

    return np.where(shapely.is_missing(shapes), None, shapely.to_wkb(shapes))


def _alike(given: NDArray[Any], found: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Geometries of both as multiple ones, where some are so on one side only."""
    import shapely

    types = [set(np.unique(shapely.get_type_id(shapes)).tolist()) for shapes in (given, found)]
    return (
        (given, found)
        if types[0] == types[1] and len(types[0]) == 1
        else (_multiple(given), _multiple(found))
    )


def _multiple(shapes: NDArray[Any]) -> NDArray[Any]:
    """Geometries in which single ones are multiple, and empty ones missing."""
    import shapely

    out = shapes.copy()
    out[shapely.is_empty(out)] = None
    made = {0: shapely.multipoints, 1: shapely.multilinestrings, 3: shapely.multipolygons}
    types = shapely.get_type_id(out)
    for number, make in made.items():
        rows = np.flatnonzero(types == number)
        if rows.size:
            out[rows] = make(out[rows], indices=np.arange(rows.size))
    return out


def _compare_shapes(
    given: NDArray[Any], found: NDArray[Any], numbers: NDArray[Any], record: VectorFormat, exactly: bool
) -> None:
    import shapely

    given, found = _alike(given, found)
    if record.all_heights:
        found = _without_zeros(given, found)
    gone = shapely.is_missing(given) != shapely.is_missing(found)
    rows = np.flatnonzero(~gone & ~shapely.is_missing(given) & (_wkb(given) != _wkb(found)))
    bad = gone.copy()
    if rows.size:  # rings that begin or turn otherwise are the same
        one, other = shapely.normalize(given[rows]), shapely.normalize(found[rows])
        least = np.zeros(rows.size)
        if not record.exact:
            scale = np.abs(shapely.bounds(one)).max(axis=1)
            least = np.where(np.isfinite(scale), np.maximum(scale * _DIGITS * 10, _LEAST), 0)
            if record.rounding:
                ends = shapely.bounds(given)
                ends = ends[np.isfinite(ends).all(axis=1)]
                sides = ends[:, 2:].max(axis=0) - ends[:, :2].min(axis=0) if len(ends) else np.zeros(2)
                least += record.rounding * max(*sides, _LEAST)
        with np.errstate(invalid="ignore"):
            same = shapely.equals_exact(one, other, least)
        alike = np.flatnonzero(same)
        same[alike] = _same_heights(one[alike], other[alike], least[alike])
        for i in np.flatnonzero(~same).tolist():
            same[i] = _same_rings(given[rows[i]], found[rows[i]], least[i])
        bad[rows] = ~same & exactly
    if bad.any():
        i = int(np.argmax(bad))
        texts = [
            "none" if shape is None else f"{shapely.to_wkt(shape):.80}" for shape in (given[i], found[i])
        ]
        raise WriteError(f"record {numbers[i]}: the geometry {texts[0]} was written and {texts[1]} read back")


def _without_zeros(given: NDArray[Any], found: NDArray[Any]) -> NDArray[Any]:
    """Geometries that were flat, of which all heights are 0, as flat ones."""
    import shapely

    flat = np.flatnonzero(~shapely.has_z(given) & shapely.has_z(found))
    z, of = shapely.get_coordinates(found[flat], include_z=True, return_index=True)
    high = np.bincount(of, z[:, 2] != 0, minlength=flat.size) > 0
    out = found.copy()
    out[flat[~high]] = shapely.force_2d(found[flat[~high]])
    return out


def _same_heights(one: NDArray[Any], other: NDArray[Any], least: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether geometries with the same vertices have the same heights, or none."""
    import shapely

    (a, of), (b, _) = (
        shapely.get_coordinates(shapes, include_z=True, return_index=True) for shapes in (one, other)
    )
    away = np.abs(a[:, 2] - b[:, 2]) > np.maximum(least[of], np.abs(a[:, 2]) * _DIGITS * 10)
    differ = away | (np.isnan(a[:, 2]) != np.isnan(b[:, 2]))
    return np.bincount(of, differ, minlength=len(one)) == 0


def _same_rings(given: Any, found: Any, least: float) -> bool:
    """Whether polygons have the same rings, each in one direction or the other: for those that cross themselves."""
    import shapely

    if shapely.get_dimensions(given) != 2:
        return False
    ours, theirs = (
        [shapely.get_coordinates(r, include_z=True) for r in shapely.get_rings(shape)]
        for shape in (given, found)
    )
    return len(ours) == len(theirs) and all(
        a.shape == b.shape
        and any(np.allclose(a, c, rtol=0, atol=least, equal_nan=True) for c in (b, b[::-1]))
        for a, b in zip(ours, theirs, strict=True)
    )


def _dense(column: Any) -> Any:
    import pandas as pd

    if isinstance(column.dtype, pd.SparseDtype):
        return column.sparse.to_dense()
    return labels(column) if isinstance(column.dtype, pd.CategoricalDtype) else column


def _kind(column: Any) -> str:
    """logical, whole, number, moment, text, other; nothing where all is missing."""
    import pandas as pd

    if column.isna().all():
        return ""
    kind = getattr(column.dtype, "kind", "O")
    if kind == "O" or pd.api.types.is_string_dtype(column.dtype):
        inferred = pd.api.types.infer_dtype(column, skipna=True)
        return {
            "string": "text", "boolean": "logical", "integer": "whole", "floating": "number", "date": "moment",
            "datetime": "moment", "datetime64": "moment",
        }.get(inferred, "other")  # fmt: skip
    return {"b": "logical", "i": "whole", "u": "whole", "f": "number", "M": "moment"}.get(kind, "other")


def _utc(column: Any) -> Any:
    import pandas as pd

    column = pd.to_datetime(column)
    return column.dt.tz_convert("UTC").dt.tz_localize(None) if column.dt.tz is not None else column


@dataclass(frozen=True)
class _Column:
    """A column that is compared."""

    name: str
    numbers: NDArray[Any]
    """Which record a row is."""
    record: VectorFormat

    def compared(self, given: Any, found: Any) -> str:
        """What became of it; empty where it is as it was.

        Raises
        ------
        WriteError
            Where a value is lost.
        """
        given, found = (_dense(c).reset_index(drop=True) for c in (given, found))
        kinds = _kind(given), _kind(found)
        told = self.of_missing(given, found)
        there = (given.notna() & found.notna()).to_numpy()
        one, other = given[there], found[there]
        if not len(one):
            return told
        if set(kinds) <= {"logical", "whole", "number"}:
            told = self.of_numbers(one, other) or told
        elif kinds == ("moment", "moment"):
            told = self.of_moments(one, other) or told
        elif kinds == ("text", "text"):
            told = self.of_texts(one, other) or told
        else:
            told = self.of_others(one, other) or told
        names = [
            f"{c.dtype}" if k != "other" else type(c.iloc[0]).__name__
            for c, k in zip((one, other), kinds, strict=True)
        ]
        changed = (
            kinds[0] != kinds[1] and f"{names[0]} comes back as {'text' if kinds[1] == 'text' else names[1]}"
        )
        return told or (changed or "")

    def lost(self, i: int, given: Any, found: Any) -> WriteError:
        """The error of a record."""
        return WriteError(
            f"record {self.numbers[i]}, column {self.name!r}: {_shown(given)} was written and {_shown(found)} read back; "
            f"{self.record} cannot hold it, or it was lost on the way"
        )

    def first(self, wrong: Any, given: Any, found: Any, what: str) -> str:
        """What became of the first of some values, in words; `wrong` tells which."""
        i = int(np.argmax(np.asarray(wrong)))
        number = self.numbers[given.index[i]]
        return f"{what}: {_shown(given.iloc[i])} of record {number} comes back as {_shown(found.iloc[i])}"

    def of_missing(self, given: Any, found: Any) -> str:
        """Values that are there on one side only."""
        gone, come = (given.notna() & found.isna()).to_numpy(), (given.isna() & found.notna()).to_numpy()
        for i in np.flatnonzero(gone).tolist():
            if not _is_nothing(given[i]):
                raise self.lost(i, given[i], np.nan)
        for i in np.flatnonzero(come).tolist():
            if not _is_nothing(found[i]):
                raise self.lost(i, np.nan, found[i])
        if gone.any():
            return f"{_shown(given[int(np.argmax(gone))])} comes back as missing"
        return "missing comes back as ''" if come.any() else ""

    def of_numbers(self, given: Any, found: Any) -> str:
        """Whole numbers, numbers, logical ones."""
        one, other = given.to_numpy(), found.to_numpy()
        if one.dtype == other.dtype and np.array_equal(one, other):
            return ""
        differ = given.to_numpy(object) != found.to_numpy(object)
        if str(given.dtype).lower() == "float32":
            differ &= given.to_numpy(np.float32) != found.to_numpy(float).astype(np.float32)
        if not differ.any():
            return ""
        a, b = given.to_numpy(float), found.to_numpy(float)
        with np.errstate(invalid="ignore"):
            away = np.abs(a - b)
        wrong = ~(away <= np.maximum(np.abs(a) * _ROUNDED, _LEAST)) & differ
        if wrong.any():
            i = int(np.argmax(wrong))
            raise self.lost(given.index[i], given.iloc[i], found.iloc[i])
        told = differ & ((away > np.abs(a) * _DIGITS) | (_kind(given) == "whole") | self.record.exact)
        return self.first(told, given, found, "numbers are rounded") if told.any() else ""

    def of_moments(self, given: Any, found: Any) -> str:
        """Dates and times."""
        one, other = _utc(given), _utc(found).dt.as_unit("us")
        away = np.abs(one.dt.as_unit("us").to_numpy() - other.to_numpy())
        if (away >= np.timedelta64(1, "ms")).any():
            i = int(np.argmax(away))
            raise self.lost(given.index[i], given.iloc[i], found.iloc[i])
        rounded = one.to_numpy() != other.to_numpy()
        return self.first(rounded, given, found, "times are rounded") if rounded.any() else ""

    def of_texts(self, given: Any, found: Any) -> str:
        """Texts: formats may cut them, and drop white space around them."""
        differ = given.to_numpy(object) != found.to_numpy(object)
        for i in np.flatnonzero(differ):
            one, other = (" ".join(c.iloc[i].split()) for c in (given, found))
            cut = (
                given.iloc[i].strip().startswith(found.iloc[i].strip())
                and len(other.encode()) >= _SHORTEST_CUT
            )
            if one != other and not cut:
                raise self.lost(given.index[i], given.iloc[i], found.iloc[i])
        return self.first(differ, given, found, "texts are cut, or lose white space") if differ.any() else ""

    def of_others(self, given: Any, found: Any) -> str:
        """Values that come back as another type."""
        told = [_told(a, b) for a, b in zip(given, found, strict=True)]
        if None in told:
            i = told.index(None)
            raise self.lost(given.index[i], given.iloc[i], found.iloc[i])
        if any(told):
            i = told.index(next(filter(None, told)))
            return f"{type(given.iloc[i]).__name__} comes back as {type(found.iloc[i]).__name__}".replace(
                "back as str", "back as text"
            )
        return ""


def _is_nothing(value: Any) -> bool:
    """Whether formats may take a value for missing: text without a letter, infinity."""
    return not value.strip() if isinstance(value, str) else isinstance(value, float) and np.isinf(value)


def _shown(value: Any) -> str:
    import datetime

    if np.ndim(value) == 0 and value != value:
        return "missing"
    if isinstance(value, datetime.date):
        return str(value)
    return f"{value.item() if isinstance(value, np.generic) else value!r:.60}"


def _told(given: Any, found: Any) -> bool | None:
    """Whether a value is told in another way; None where it is another one."""
    for alike in (_equal, _as_text, _as_number, _as_json, _as_moment):
        try:
            if alike(given, found):
                return alike is not _equal
        except (TypeError, ValueError, ArithmeticError):
            continue
    return None


def _equal(given: Any, found: Any) -> bool:
    if isinstance(given, list | tuple | np.ndarray):
        return not isinstance(found, str) and list(given) == list(found)
    return type(given) is type(found) and bool(given == found)


def _as_text(given: Any, found: Any) -> bool:
    return isinstance(found, str) and found.strip() in (as_text(given).strip(), str(given).strip())


def _as_number(given: Any, found: Any) -> bool:
    return float(given) == float(found)


def _as_json(given: Any, found: Any) -> bool:
    one, other = (json.loads(v) if isinstance(v, str) else v for v in (given, found))
    return bool(one == other)


def _as_moment(given: Any, found: Any) -> bool:
    import pandas as pd

    one, other = (pd.Timestamp(v) for v in (given, found))
    return bool(abs(one - other) < pd.Timedelta(1, "ms"))
