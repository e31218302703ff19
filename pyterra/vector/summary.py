"""Numbers of the attributes in a few words: mean, sum, quantiles and so on, per column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.packages import pandas
from pyterra.vector._build import attributes_of, check_vector

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector


def numbers(x: SpatVector, verb: str) -> pd.DataFrame:
    """The attributes as float64.

    Raises
    ------
    ArgumentError
        Where one is no number.
    """
    table = attributes_of(check_vector(x, verb))
    words = [str(n) for n in table.columns if not pandas.api.types.is_numeric_dtype(table[n])]
    if words:
        raise ArgumentError(
            f"{verb}: attributes must be numbers, got text in {', '.join(words)}; select with v[names]"
        )
    return table.astype("Float64").astype("float64")


def _per_column(x: SpatVector, verb: str, na_rm: bool) -> pd.Series[Any]:
    found = numbers(x, verb).agg(verb, skipna=na_rm)
    return pandas.Series(found, dtype=float)


def mean(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Mean of each attribute, as a Series; missing where a value is, unless `na_rm`.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1]], atts={"n": [1, 2]}).mean().tolist()
    [1.5]
    """
    return _per_column(x, "mean", na_rm)


def median(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Median of each attribute, as a Series; missing where a value is, unless `na_rm`."""
    return _per_column(x, "median", na_rm)


def sum(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Sum of each attribute, as a Series; missing where a value is, unless `na_rm`."""
    return _per_column(x, "sum", na_rm)


def prod(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Product of each attribute, as a Series; missing where a value is, unless `na_rm`."""
    return _per_column(x, "prod", na_rm)


def min(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Least value of each attribute, as a Series; missing where a value is, unless `na_rm`."""
    return _per_column(x, "min", na_rm)


def max(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Greatest value of each attribute, as a Series; missing where a value is, unless `na_rm`."""
    return _per_column(x, "max", na_rm)


def range(x: SpatVector, *, na_rm: bool = False) -> pd.DataFrame:
    """Least and greatest value of each attribute, as a table with rows min and max."""
    return pandas.DataFrame({"min": min(x, na_rm=na_rm), "max": max(x, na_rm=na_rm)}).T


def quantile(
    x: SpatVector, probs: Sequence[float] = (0, 0.25, 0.5, 0.75, 1), *, na_rm: bool = False
) -> pd.DataFrame:
    """Quantiles of each attribute, as a table with a row per probability."""
    table = numbers(x, "quantile")
    found = table.quantile(list(probs))
    gaps = table.isna().any()
    if not na_rm and gaps.any():
        bad = ", ".join(gaps[gaps].index)
        raise ArgumentError(f"quantile: values must not be missing, got some in {bad}; use na_rm=True")
    return found


def summary(x: SpatVector) -> pd.DataFrame:
    """Count, mean, spread and quantiles of the attributes, as `DataFrame.describe` gives them."""
    table = attributes_of(check_vector(x, "summary"))
    return table.describe(include="all") if table.shape[1] else table.iloc[:0]


def all(x: SpatVector) -> pd.Series[Any]:
    """Whether every value of each attribute is true (not 0)."""
    return pandas.Series((numbers(x, "all") != 0).all(), dtype=bool)


def any(x: SpatVector) -> pd.Series[Any]:
    """Whether a value of each attribute is true (not 0)."""
    return pandas.Series((numbers(x, "any").fillna(0) != 0).any(), dtype=bool)
