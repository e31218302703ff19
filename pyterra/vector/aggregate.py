"""Records joined by the values of attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, ColumnError, UDFError, near_names
from pyterra.functions.foreign import callable_of
from pyterra.packages import pandas, shapely
from pyterra.vector._build import attributes_of, build, check_vector, column
from pyterra.vector._parts import grouped, joined, only, single_parts, united
from pyterra.vector.geometry import groups

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector

FUNCTIONS = (
    "mean",
    "sum",
    "min",
    "max",
    "median",
    "std",
    "sd",
    "var",
    "prod",
    "count",
    "nunique",
    "first",
    "last",
)


def aggregate(
    x: SpatVector,
    by: str | int | Sequence[str] | None = None,
    *,
    dissolve: bool = True,
    fun: str | Callable[[Any], Any] = "mean",
    count: bool = True,
    na_rm: bool = False,
) -> SpatVector:
    """One record for each group of records.

    Parameters
    ----------
    x : SpatVector
    by : str, int or sequence of str, optional
        Attributes whose values make groups; without it, all records become one, without attributes.
    dissolve : bool
        Remove borders (of lines: cut them where they cross) within a group; else parts are only collected.
    fun : {"mean", "sum", "min", "max", "median", "sd", "var", "prod", "count", "nunique", "first", "last"} or callable
        How numbers are summarised, into columns named after it (``mean_a``, or ``agg_a`` for a function of yours).
        ``sd`` (or ``std``) is that of a sample.
    count : bool
        Add the number of records as ``agg_n``.
    na_rm : bool
        Leave out missing numbers; else one makes the summary missing.

    Returns
    -------
    SpatVector
        In order of the values of `by`, missing ones last. Attributes that are no numbers stay where a group has a
        single value, else they are missing.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"g": ["a", "b", "b"], "n": [1, 2, 4]})
    >>> v.aggregate("g").values()
       g  mean_n  agg_n
    0  a     1.0      1
    1  b     3.0      2
    """
    check_vector(x, "aggregate")
    if by is None:
        codes, table = np.zeros(len(x), dtype=int), None
        size = min(len(x), 1)
    else:
        names = _names(x, by)
        codes, keys = groups(x, names)
        table = _summary(x, names, codes, keys, fun, count, na_rm)
        size = len(keys)
    kind = str(x.geomtype())
    if dissolve:
        shapes = only(united(x.geoms, codes, size), kind)
    else:
        parts, owner = single_parts(grouped(x.geoms, codes, size))
        keep = ~shapely.is_empty(parts)
        shapes = joined(parts[keep], owner[keep], size, kind)
    return build(shapes, table, x.crs)


def _names(x: SpatVector, by: Any) -> list[str]:
    if isinstance(by, str):
        return [column(x, by, "aggregate")]
    chosen = []
    for item in [by] if isinstance(by, int | np.integer) else list(by):
        if isinstance(item, str):
            chosen.append(column(x, item, "aggregate"))
        elif 0 <= int(item) < len(x.names):
            chosen.append(x.names[int(item)])
        else:
            raise ColumnError(f"aggregate: attributes are numbered 0 to {len(x.names) - 1}, got {item}")
    if not chosen:
        raise ArgumentError("aggregate: by must name attributes, got none; leave it out to join all records")
    return chosen


def _summary(
    x: SpatVector, names: list[str], codes: Any, keys: pd.DataFrame, fun: Any, count: bool, na_rm: bool
) -> pd.DataFrame:
    label, function = _function(fun)
    rest = attributes_of(x).drop(columns=names)
    numeric = [n for n in rest.columns if _is_number(rest[n])]
    found = rest.groupby(codes, sort=True)
    columns = {f"{label}_{n}": _summarised(found[n], function, na_rm) for n in numeric}
    columns |= {n: _single(found[n]) for n in rest.columns if n not in numeric}
    clash = [n for n in columns if n in keys.columns or (count and n == "agg_n")]
    if clash:
        raise ArgumentError(
            f"aggregate: names must stay unique, got {', '.join(clash)} twice; rename them first"
        )
    table = keys.assign(**{n: values.reset_index(drop=True) for n, values in columns.items()})
    return table.assign(agg_n=np.bincount(codes, minlength=len(keys))) if count else table


def _is_number(values: pd.Series[Any]) -> bool:
    kinds = pandas.api.types
    return bool(kinds.is_numeric_dtype(values) and not kinds.is_bool_dtype(values))


def _function(fun: Any) -> tuple[str, Any]:
    """The name that stands before columns, and what pandas takes."""
    if callable(fun):
        return "agg", callable_of(fun)
    if fun not in FUNCTIONS:
        raise ArgumentError(
            f"aggregate: fun must be a function or one of {', '.join(FUNCTIONS)}; got {fun!r}{near_names(fun, FUNCTIONS)}"
        )
    return str(fun), {"sd": "std"}.get(fun, fun)


def _summarised(found: Any, function: Any, na_rm: bool) -> pd.Series[Any]:
    if callable(function):
        return found.apply(lambda v: _one_value(function, v.dropna() if na_rm else v, str(found.obj.name)))
    values = found.agg(function)
    if na_rm:
        return values.where(found.count() > 0) if function in ("sum", "prod") else values
    return values.where(found.count() == found.size()) if function != "count" else values


def _one_value(function: Any, values: pd.Series[Any], name: str) -> Any:
    try:
        answer = function(values)
    except Exception as error:
        raise UDFError(
            f"aggregate: the function raised {type(error).__name__}: {error} for column {name!r} ({len(values)} values)"
        ) from error
    given = np.asarray(answer)
    if given.size != 1:
        raise UDFError(
            f"aggregate: the function must give one value per group, got {given.size} for column {name!r}"
        )
    return answer if given.ndim == 0 else given.ravel()[0]


def _single(found: Any) -> pd.Series[Any]:
    """The one value of each group, missing where there are several."""
    return found.first().where(found.nunique(dropna=False) == 1)
