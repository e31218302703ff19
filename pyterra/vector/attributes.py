"""Attributes: read, replaced, chosen, joined; records by number, by test, by place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.brackets import counted
from pyterra.errors import ArgumentError, ColumnError
from pyterra.grid.extent import Extent
from pyterra.packages import pandas, shapely
from pyterra.vector.build import GEOMETRY, attributes_of, build, column, is_vector, vector
from pyterra.vector.expression import holding

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Attributes, Columns, Layers


def values(x: SpatVector) -> pd.DataFrame:
    """The attributes as a DataFrame, one row per geometry.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    pandas.DataFrame

    See Also
    --------
    set_values : Replaces the attributes.
    as_data_frame : The table with the geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2], [3, 4]], atts={"a": [5, 6]}).values()
       a
    0  5
    1  6
    """
    return attributes_of(x).copy()


def set_values(x: SpatVector, values: Attributes | None) -> SpatVector:
    """The same geometries with other attributes.

    Parameters
    ----------
    x : SpatVector
    values : DataFrame, mapping of names to columns, or None
        One row per geometry; a single row is repeated. None removes all attributes.

    Returns
    -------
    SpatVector

    See Also
    --------
    values : The attributes.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2], [3, 4]]).set_values({"a": [5, 6]})["a"].tolist()
    [5, 6]
    """
    return build(x.geoms, as_attributes(values, len(x), "set_values"), x.crs)


def as_attributes(values: Any, count: int, verb: str) -> pd.DataFrame:
    """A table of attributes with one row for each of `count` geometries.

    Raises
    ------
    ArgumentError
        Where it has another number of rows.
    """
    if values is None:
        return pandas.DataFrame(index=pandas.RangeIndex(count))
    if isinstance(values, pandas.Series):
        values = values.to_frame()
    if not isinstance(values, pandas.DataFrame):
        columns = {str(k): v if np.ndim(v) else [v] for k, v in dict(values).items()}
        sizes = {len(v) for v in columns.values()}
        if len(sizes) > 1:
            raise ArgumentError(f"{verb}: columns must have one length, got {sorted(sizes)}")
        values = pandas.DataFrame(columns)
    if len(values) == 1 and count > 1:
        values = values.iloc[np.zeros(count, dtype=int)]
    if len(values) != count:
        raise ArgumentError(f"{verb}: there must be one row per geometry ({count}), got {len(values)}")
    table = pandas.DataFrame(values).reset_index(drop=True)
    table.columns = [str(name) for name in table.columns]
    for name in [name for name, kind in table.dtypes.items() if kind.kind == "O"]:
        if pandas.api.types.infer_dtype(table[name], skipna=True) == "date":
            table[name] = pandas.to_datetime(table[name]).dt.as_unit("us")
    repeated = sorted(set(table.columns[table.columns.duplicated()]))
    if repeated or GEOMETRY in table.columns:
        raise ArgumentError(
            f"{verb}: names of attributes must be unique and none of them {GEOMETRY!r}, "
            f"got {', '.join(repeated) or GEOMETRY}"
        )
    return table


def as_data_frame(x: SpatVector, geom: Literal["wkt", "hex", "xy"] | None = None) -> pd.DataFrame:
    """The attributes as a DataFrame, on request with the geometries as text or coordinates.

    Parameters
    ----------
    x : SpatVector
    geom : {"wkt", "hex", "xy"}, optional
        Add a column ``geometry`` of WKT or of hexadecimal WKB; or, for points, columns ``x`` and ``y``.

    Returns
    -------
    DataFrame

    See Also
    --------
    values : The table of attributes.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2], [3, 4]]).as_data_frame(geom="xy")
         x    y
    0  1.0  2.0
    1  3.0  4.0
    """
    table = values(x)
    if geom is None:
        return table
    kind = str(geom).lower()
    if kind == "xy":
        if x.geomtype() not in ("points", "none") or (shapely.get_num_geometries(x.geoms) > 1).any():
            raise ArgumentError(
                f"as_data_frame: geom='xy' is for points of one part, got {x.geomtype()}; use centroids() or disagg()"
            )
        table["x"], table["y"] = shapely.get_x(x.geoms), shapely.get_y(x.geoms)
        if shapely.has_z(x.geoms).any():
            table["z"] = shapely.get_z(x.geoms)
    elif kind in ("wkt", "hex"):
        text = (
            shapely.to_wkt(x.geoms, rounding_precision=-1)
            if kind == "wkt"
            else shapely.to_wkb(x.geoms, hex=True)
        )
        table["geometry"] = text
    else:
        raise ArgumentError(f"as_data_frame: geom must be 'wkt', 'hex', 'xy' or None, got {geom!r}")
    return table


def getitem(x: SpatVector, key: Any) -> Any:
    """A column by name, columns by names, records by number or test, both as ``v[rows, columns]``, or by place."""
    if isinstance(key, str):
        return x._table[column(x, key, "vector")].copy()
    if isinstance(key, tuple):
        if len(key) != 2:
            raise ArgumentError(f"vector: takes [records], or [records, attributes], got {len(key)} indices")
        chosen = x if _is_all(key[0]) else getitem(x, key[0])
        return chosen if _is_all(key[1]) else select_columns(chosen, counted(key[1], len(x.names)))
    if is_vector(key) or isinstance(key, Extent):
        return related_rows(x, key)
    if _are_names(key):
        return select_columns(x, key)
    return records(x, counted(key, len(x)))


def related_rows(x: SpatVector, y: Any) -> SpatVector:
    """The records of `x` that have a point in common with a geometry of `y`."""
    from pyterra.vector.relate import is_related

    return records(x, is_related(x, y, "intersects"))


def _is_all(key: Any) -> bool:
    return isinstance(key, slice) and key == slice(None)


def _are_names(key: Any) -> bool:
    items = key.tolist() if isinstance(key, np.ndarray) else key
    return isinstance(items, list | tuple) and len(items) > 0 and all(isinstance(v, str) for v in items)


def select_columns(x: SpatVector, key: Any) -> SpatVector:
    """The geometries with some of the attributes, by name or number.

    Raises
    ------
    ColumnError
        Where there is none of that name or number.
    """
    names = x.names
    if isinstance(key, slice):
        chosen = names[key]
    else:
        chosen = []
        for item in [key] if isinstance(key, str | int | np.integer) else list(key):
            if isinstance(item, str):
                chosen.append(column(x, item, "vector"))
            elif 0 <= int(item) < len(names):
                chosen.append(names[int(item)])
            else:
                raise ColumnError(f"vector: attributes are numbered 0 to {len(names) - 1}, got {item}")
    return build(x.geoms, attributes_of(x)[list(dict.fromkeys(chosen))], x.crs)


def records(x: SpatVector, key: Any) -> SpatVector:
    """Some of the records: by number, slice, or a test for each.

    Raises
    ------
    ArgumentError
        For numbers outside, and for tests of another length.
    """
    return vector(x._table.iloc[row_numbers(key, len(x))].reset_index(drop=True))


def row_numbers(key: Any, count: int) -> Any:
    """Positions of records, from what stands in brackets."""
    if isinstance(key, slice):
        return np.arange(count)[key]
    found = np.atleast_1d(np.asarray(key))
    if found.size == 0:
        return np.empty(0, dtype=int)
    if found.dtype == object and pandas.api.types.is_bool_dtype(
        key
    ):  # with missing tests, which are not true
        found = np.asarray(pandas.array(key, dtype="boolean").fillna(False), dtype=bool)
    if found.ndim != 1 or found.dtype.kind not in "biu":
        raise ArgumentError(
            f"vector: records are chosen by whole numbers, a slice or a test, got {key!r:.80}"
        )
    if found.dtype.kind == "b":
        if found.size != count:
            raise ArgumentError(f"vector: a test must be one per geometry ({count}), got {found.size}")
        return np.flatnonzero(found)
    if found.min() < 0 or found.max() >= count:
        bad = found[(found < 0) | (found >= count)][0]
        raise ArgumentError(f"vector: records are numbered 0 to {count - 1}, got {bad}")
    return found


def setitem(x: SpatVector, key: Any, value: Any) -> None:
    """``v["a"] = values`` sets or adds a column, None removes it; ``v[rows, "a"] = values`` sets some of its values."""
    if isinstance(key, str):
        _set_column(x, key, value)
    elif isinstance(key, list) and _are_names(key):
        table = as_attributes(value, len(x), "vector")
        for name, source in zip(key, table.columns, strict=True):
            _set_column(x, name, table[source])
    elif isinstance(key, tuple) and len(key) == 2 and isinstance(key[1], str):
        table = attributes_of(x).copy()
        rows = row_numbers(counted(key[0], len(x)), len(x))
        table.loc[rows, key[1]] = value
        x._table = build(x.geoms, table, x.crs)._table
    else:
        raise ArgumentError(
            "vector: only attributes can be set, as in v['a'] = values or v[rows, 'a'] = value; "
            "make geometries anew with vect()"
        )


def _set_column(x: SpatVector, name: str, value: Any) -> None:
    if name == GEOMETRY:
        raise ArgumentError(f"vector: an attribute cannot be named {GEOMETRY!r}; take another name")
    if value is None:
        x._table = x._table.drop(columns=column(x, name, "vector"))
        return
    if np.ndim(value):
        value = value.array if isinstance(value, pandas.Series) else value
        if len(value) != len(x):
            raise ArgumentError(
                f"vector: {name} must have one value per geometry ({len(x)}), got {len(value)}"
            )
    x._table = build(x.geoms, attributes_of(x).assign(**{name: value}), x.crs)._table


def head(x: SpatVector, n: int = 6) -> pd.DataFrame:
    """The attributes of the first records.

    Parameters
    ----------
    x : SpatVector
    n : int
        Number of records.

    Returns
    -------
    DataFrame

    See Also
    --------
    tail : The attributes of the last records.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 2]], atts={"a": [5, 6, 7]}).head(2)
       a
    0  5
    1  6
    """
    return values(x).head(n)


def tail(x: SpatVector, n: int = 6) -> pd.DataFrame:
    """The attributes of the last records.

    Parameters
    ----------
    x : SpatVector
    n : int
        Number of records.

    Returns
    -------
    DataFrame

    See Also
    --------
    head : The attributes of the first records.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 2]], atts={"a": [5, 6, 7]}).tail(2)
       a
    1  6
    2  7
    """
    return values(x).tail(n)


def subset(
    x: SpatVector,
    subset: Layers | Callable[..., Any] | None = None,
    select: Columns | None = None,
    *,
    negate: bool = False,
) -> SpatVector:
    """Some of the records, and some of the attributes.

    Parameters
    ----------
    x : SpatVector
    subset : array of bool, int, slice, str or callable, optional
        Records: a test, numbers, an expression of the names (see the notes), or a function of the table of
        attributes.
    select : str, int or sequence of them, optional
        Attributes to keep.
    negate : bool
        Take the other records.

    Returns
    -------
    SpatVector

    Raises
    ------
    ArgumentError, ColumnError
        Where an expression cannot be read, or has in it what is not allowed; they say where.

    See Also
    --------
    sort : Orders the records.
    na_omit : Leaves out records with missing values.
    mask : Chooses records by place.

    Notes
    -----
    An expression has names (in backticks where they are no names of Python), numbers, texts, ``+ - * / // % **``,
    comparisons (``0 < a <= 5``), ``in [..]`` and ``not in``, ``is None`` and ``is not None``, ``and or not & | ~``,
    functions of numbers such as ``sqrt(a)``, ``a.isna() a.notna() a.isin([..]) a.between(1, 2)``, ``a > a.mean()`` (also
    ``min max median sum std``), ``a.str.contains("text")`` (also ``startswith endswith lower upper strip len``) and
    ``a.dt.year`` and its kin. It is read by pyterra alone and runs no other code. ``&`` and ``|`` bind as ``and`` and
    ``or``, as in pandas; a missing value makes a comparison false.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[1, 2], [3, 4]], atts={"a": [5, 6]})
    >>> v.subset("a > 5")["a"].tolist()
    [6]
    """
    rows: Any = np.arange(len(x))
    if callable(subset):
        subset = subset(values(x))
    if isinstance(subset, str):
        subset = holding(attributes_of(x), subset, "subset")
    if subset is not None:
        rows = row_numbers(subset, len(x))
    if negate:
        rows = np.setdiff1d(np.arange(len(x)), rows)
    chosen = records(x, rows)
    return chosen if select is None else select_columns(chosen, select)


def sort(x: SpatVector, v: str | Sequence[str], decreasing: bool | Sequence[bool] = False) -> SpatVector:
    """The records ordered by attributes.

    Parameters
    ----------
    x : SpatVector
    v : str or sequence of str
        Names of attributes; later ones decide between equals. Missing values come last.
    decreasing : bool or sequence of bool

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2], [3, 4]], atts={"a": [6, 5]}).sort("a")["a"].tolist()
    [5, 6]
    """
    by = [column(x, name, "sort") for name in ([v] if isinstance(v, str) else list(v))]
    ascending = (
        [not decreasing] * len(by) if isinstance(decreasing, bool | np.bool_) else [not d for d in decreasing]
    )
    if len(ascending) != len(by):
        raise ArgumentError(
            f"sort: decreasing must be one, or one per attribute ({len(by)}), got {len(ascending)}"
        )
    order = attributes_of(x).sort_values(by, ascending=ascending, kind="stable").index
    return records(x, order.to_numpy())


def unique(x: SpatVector) -> SpatVector:
    """The records without those that repeat an earlier one in both geometry and attributes.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    SpatVector

    See Also
    --------
    sort : In order.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [0, 0], [0, 0]], atts={"a": [5, 5, 6]})
    >>> v.unique()["a"].tolist()
    [5, 6]
    """
    table = attributes_of(x).assign(**{GEOMETRY: shapely.to_wkb(x.geoms)})
    return records(x, ~table.duplicated().to_numpy())


def na_omit(x: SpatVector, field: str | Sequence[str] | None = "", *, geom: bool = False) -> SpatVector:
    """The records without missing values.

    Parameters
    ----------
    x : SpatVector
    field : str or sequence of str, optional
        Attributes to look at. ``""`` stands for all of them, and None for none.
    geom : bool
        Drop empty geometries too.

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1]], atts={"a": [5, None], "b": [7, 8]})
    >>> v.na_omit()["b"].tolist(), v.na_omit("b")["b"].tolist()
    ([7], [7, 8])
    """
    keep = np.ones(len(x), dtype=bool)
    if field is not None:
        names = x.names if field == "" else [field] if isinstance(field, str) else list(field)
        looked_at = [column(x, name, "na_omit") for name in names]
        keep &= attributes_of(x)[looked_at].notna().all(axis=1).to_numpy()
    if geom:
        keep &= ~shapely.is_empty(x.geoms)
    return records(x, keep)
