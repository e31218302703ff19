"""Tables and vectors joined: rbind, cbind, merge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, ColumnError, near_names
from pyterra.packages import pandas
from pyterra.vector.attributes import as_attributes
from pyterra.vector.build import attributes_of, build, check_vector, column, is_vector, joint_crs

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Attributes


def rbind(x: SpatVector, *others: SpatVector) -> SpatVector:
    """The records of several vectors, one after the other.

    Parameters
    ----------
    x, *others : SpatVector
        Vectors of one kind of geometry. An attribute that a vector does not have is missing in its records.

    Returns
    -------
    SpatVector

    Raises
    ------
    ArgumentError
        Where kinds of geometry differ.
    CRSMismatchError
        Where CRS differ.

    See Also
    --------
    cbind : Adds columns.
    merge : Adds columns by matching values.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = (pt.vect([[i, i]], atts={"n": [i]}) for i in (1, 2))
    >>> a.rbind(b)["n"].tolist()
    [1, 2]
    """
    vectors = [check_vector(v, "rbind") for v in (x, *others)]
    kinds = sorted({v.geomtype() for v in vectors} - {"none"})
    if len(kinds) > 1:
        raise ArgumentError(f"rbind: all must have one kind of geometry, got {' and '.join(kinds)}")
    crs = vectors[0].crs
    first = vectors[0]
    for v in vectors[1:]:
        if len(v) == 0 and v.crs is None:
            continue
        if len(first) == 0 and first.crs is None:
            first, crs = v, v.crs
            continue
        crs = joint_crs(first, v, "rbind")
        first = first if first.crs is not None else v
    shapes = np.concatenate([v.geoms for v in vectors])
    return build(shapes, stacked([attributes_of(v) for v in vectors]), crs)


def stacked(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Tables below each other; columns that one does not have are missing there.

    Whole numbers stay whole (``Int64``), and a column that is text in one table is text in all.
    """
    names = list(dict.fromkeys(name for table in tables for name in table.columns))
    filled = [table for table in tables if len(table)] or list(tables[:1])
    lacking = [n for n in names if any(n not in table.columns for table in filled)]
    kinds = {n: {_is_text(table[n]) for table in filled if n in table.columns} for n in names}
    mixed = [n for n in names if len(kinds[n]) > 1]
    parts = []
    for table in _of_same_categories(filled):
        part = table.astype({n: "str" for n in mixed if n in table.columns and not _is_text(table[n])})
        parts.append(part.assign(**{n: nullable(part[n]) for n in lacking if n in part.columns}))
    return pandas.concat(parts, ignore_index=True).reindex(columns=names)


def _of_same_categories(tables: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Tables whose columns of categories have those of all of them, in the order of their first table."""
    joined = {}
    for name in dict.fromkeys(name for table in tables for name in table.columns):
        columns = [table[name] for table in tables if name in table.columns]
        if len(columns) > 1 and all(isinstance(one.dtype, pandas.CategoricalDtype) for one in columns):
            joined[name] = list(dict.fromkeys(label for one in columns for label in one.cat.categories))
    return [
        table.assign(**{n: table[n].cat.set_categories(c) for n, c in joined.items() if n in table.columns})
        for table in tables
    ]


def nullable(values: pd.Series[Any]) -> pd.Series[Any]:
    """A column that can have missing values without changing the others: integers and tests get pandas' own types."""
    if pandas.api.types.is_bool_dtype(values):
        return values.astype("boolean")
    return values.astype("Int64") if pandas.api.types.is_integer_dtype(values) else values


def _is_text(values: pd.Series[Any]) -> bool:
    return bool(pandas.api.types.is_string_dtype(values.dtype))


def cbind(x: SpatVector, y: Attributes | pd.Series[Any] | SpatVector) -> SpatVector:
    """The geometries of `x` with further attributes.

    Parameters
    ----------
    x : SpatVector
    y : DataFrame, Series, mapping or SpatVector
        One row per geometry. Of a vector, the attributes are taken.

    Returns
    -------
    SpatVector

    See Also
    --------
    rbind : Adds records.
    merge : Adds columns by matching values.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 1]], atts={"n": [1]}).cbind({"m": [2]}).names
    ['n', 'm']
    """
    table = as_attributes(attributes_of(y) if is_vector(y) else y, len(x), "cbind")
    repeated = [name for name in table.columns if name in x.names]
    if repeated:
        raise ArgumentError(f"cbind: names must be new, got {', '.join(repeated)} again; rename them first")
    return build(x.geoms, pandas.concat([attributes_of(x), table], axis=1), x.crs)


def merge(
    x: SpatVector,
    y: Attributes | SpatVector,
    by: str | Sequence[str] | None = None,
    *,
    by_x: str | Sequence[str] | None = None,
    by_y: str | Sequence[str] | None = None,
    all_x: bool = False,
    suffixes: tuple[str, str] = (".x", ".y"),
) -> SpatVector:
    """The geometries joined with the rows of a table.

    Parameters
    ----------
    x : SpatVector
    y : DataFrame, mapping or SpatVector
        A geometry is repeated for every row that matches it. Of a vector, the attributes are taken.
    by : str or sequence of str, optional
        Columns to match on; by default all names that both have.
    by_x, by_y : str or sequence of str, optional
        Columns of `x` and of `y` to match on, where their names differ.
    all_x : bool
        Keep geometries without a match, with missing values.
    suffixes : (str, str)
        Endings for other names that both have.

    Returns
    -------
    SpatVector
        The columns that were matched come first. Records keep their order.

    Raises
    ------
    ColumnError
        Where there is no column of a name.

    See Also
    --------
    cbind : Adds columns row by row.
    rbind : Adds records.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[1, 1], [2, 2]], atts={"k": ["a", "b"]})
    >>> v.merge({"k": ["b"], "m": [2]})["m"].tolist()
    [2]
    """
    check_vector(x, "merge")
    if is_vector(y):
        y = attributes_of(y)
    if not isinstance(y, pandas.DataFrame | Mapping):
        raise ArgumentError(f"merge: y must be a table, got {type(y).__name__}")
    other = pandas.DataFrame(y if isinstance(y, pandas.DataFrame) else dict(y))
    left, right = _match_columns(x, other, by, by_x, by_y)
    own = attributes_of(x).assign(**{_ROW: np.arange(len(x))})
    clash = [n for n in own.columns if n in other.columns and n not in (*left, *right)]
    own = own.rename(columns={n: f"{n}{suffixes[0]}" for n in clash})
    other = other.rename(columns={n: f"{n}{suffixes[1]}" for n in clash})
    if all_x:
        other = other.assign(**{n: nullable(other[n]) for n in other.columns if n not in right})
    other = other.rename(columns=dict(zip(right, left, strict=True)))
    for name in left:
        if isinstance(own[name].dtype, pandas.CategoricalDtype):
            other = other[other[name].isna() | other[name].isin(own[name].cat.categories)]
            other = other.assign(**{name: other[name].astype(object).astype(own[name].dtype)})
    found = own.merge(other, how="left" if all_x else "inner", on=left).sort_values(_ROW, kind="stable")
    rows = found.pop(_ROW).to_numpy()
    order = [*left, *(n for n in found.columns if n not in left)]
    return build(x.geoms[rows], found[order], x.crs)


_ROW = "pyterra row"


def _match_columns(
    x: SpatVector, other: pd.DataFrame, by: Any, by_x: Any, by_y: Any
) -> tuple[list[str], list[str]]:
    """Names to match on, in both."""

    def listed(value: Any) -> list[str]:
        return [value] if isinstance(value, str) else list(value)

    if by is None and by_x is None and by_y is None:
        by = [name for name in x.names if name in other.columns]
        if not by:
            raise ArgumentError(
                f"merge: there must be a name that both have, got {', '.join(x.names)} and "
                f"{', '.join(map(str, other.columns))}; give by_x and by_y"
            )
    left, right = listed(by_x if by is None else by), listed(by_y if by is None else by)
    if not left:
        raise ArgumentError("merge: by must name columns, got none")
    if len(left) != len(right):
        raise ArgumentError(f"merge: by_x and by_y must be as many, got {left} and {right}")
    for name in left:
        column(x, name, "merge")
    for name in right:
        if name not in other.columns:
            raise ColumnError(f"merge: y has no column {name!r}{near_names(name, other.columns)}")
    return left, right
