"""Records joined by the values of attributes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, ColumnError, UDFError
from pyterra.functions.foreign import callable_of
from pyterra.packages import pandas, shapely
from pyterra.statistics import Statistic, named
from pyterra.statistics.groups import of_groups
from pyterra.vector.build import attributes_of, build, check_vector, column
from pyterra.vector.geometry import groups
from pyterra.vector.parts import grouped, joined, only, single_parts, united

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector


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
        Attributes whose values make groups. Without `by`, all records become one record without attributes.
    dissolve : bool
        Remove the borders within a group, and cut lines where they cross. If False, parts are only collected.
    fun : str or callable
        How numbers are summarised: a statistic, as for `app` (positions are counted in the order of the records of a
        group), or a function of a Series. Columns are named after it: ``mean_a``, or ``agg_a`` for a function.
    count : bool
        Add the number of records as ``agg_n``; where a column has that name, it becomes ``agg_n.x``, and the
        number ``agg_n.y``.
    na_rm : bool
        Leave out missing numbers. If False, a missing number makes the summary missing.

    Returns
    -------
    SpatVector
        Records are in the order of the values of `by`, with missing values last. An attribute that is not a number is
        kept where a group has a single value of it; otherwise it is missing.

    See Also
    --------
    disagg : Takes geometries of several parts apart.
    union : Cuts polygons where their borders cross.
    zonal : Statistics of attributes in polygons.

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
    known, function = meant(fun, "aggregate")
    rest = attributes_of(x).drop(columns=names)
    found = rest.groupby(codes, sort=True)
    columns: dict[str, Any] = {}
    numeric = [n for n in rest.columns if is_number(rest[n])]
    for n in numeric:
        labels = [f"{label}_{n}" for label in (known.labels if known else ("agg",))]
        columns |= dict(zip(labels, summarised(rest[n], codes, known or function, na_rm), strict=True))
    single = {n: _single(found[n]) for n in rest.columns if n not in numeric}
    clash = [n for n in columns if n in single or n in keys.columns]
    told = [*columns, *single]
    numbered = ["agg_n.x", "agg_n.y"] if count and "agg_n" in told else ["agg_n"] if count else []
    clash += [n for n in numbered if n in keys.columns or (n in told and n != "agg_n")]
    if clash:
        raise ArgumentError(
            f"aggregate: names must stay unique, got {', '.join(clash)} twice; rename them first"
        )
    columns |= single
    if count:
        columns = {numbered[0] if n == "agg_n" else n: values for n, values in columns.items()}
    table = keys.assign(**{n: values.reset_index(drop=True) for n, values in columns.items()})
    return table.assign(**{numbered[-1]: np.bincount(codes, minlength=len(keys))}) if count else table


def is_number(values: pd.Series[Any]) -> bool:
    kinds = pandas.api.types
    return bool(kinds.is_numeric_dtype(values) and not kinds.is_bool_dtype(values))


def meant(fun: Any, verb: str) -> tuple[Statistic | None, Any]:
    """The statistic, and else the function."""
    fun = callable_of(fun)
    return named(fun, verb), fun


def summarised(values: pd.Series[Any], codes: Any, fun: Any, na_rm: bool) -> list[pd.Series[Any]]:
    """What a statistic or function gives for the numbers of each group, by code: a series per number."""
    if not isinstance(fun, Statistic):
        told = str(values.name)
        groups_of = values.groupby(codes, sort=True)
        answers = groups_of.apply(lambda v: _one_value(fun, v.dropna() if na_rm else v, told))
        truths = pandas.api.types.infer_dtype(answers, skipna=True) == "boolean"
        return [answers.astype("boolean") if truths and answers.isna().any() else answers]
    order = np.argsort(codes, kind="stable")
    groups, starts = np.unique(np.asarray(codes)[order], return_index=True)
    missing = values.isna().to_numpy()
    given = values[~missing].to_numpy()
    numbers, levels = np.full(len(values), np.nan), None
    if fun.real or fun.truth:
        numbers[~missing] = given.astype(np.float64)
    else:  # by rank, so that no digit of large whole numbers is lost
        levels, numbers[~missing] = np.unique(given, return_inverse=True)
    found = of_groups(numbers[order][:, None], starts, fun, na_rm)[:, 0]
    return [_typed(column, groups, fun, levels, values.dtype) for column in found.T]


def _typed(found: Any, groups: Any, fun: Statistic, levels: Any, like: Any) -> pd.Series[Any]:
    """Answers as they were asked for: ranks as the values behind them, counts and places as whole numbers."""
    known = ~np.isnan(found)
    if fun.chooses:
        chosen = pandas.Series(levels[found[known].astype(int)], index=groups[known])
        return chosen.astype(like) if known.all() else _of_kind(chosen.reindex(groups), like)
    if known.all() and not fun.real:
        found = found.astype(np.int64)
    return pandas.Series(found, index=groups)


def _of_kind(values: pd.Series[Any], like: Any) -> pd.Series[Any]:
    """Values with missing ones among them, as whole numbers where their kind has room for that."""
    return values.astype(like) if pandas.api.types.is_extension_array_dtype(like) else values


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
