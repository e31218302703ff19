"""Numbers of the attributes in a few words: mean, sum, quantiles and so on, per column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.packages import pandas
from pyterra.vector.build import attributes_of, check_vector

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
    """Mean of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    median : The middle value.
    aggregate : Statistics of groups.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 3]})
    >>> v.mean().to_dict()
    {'n': 2.0}
    """
    return _per_column(x, "mean", na_rm)


def median(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Median of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    quantile : Other quantiles.
    mean : The average.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]})
    >>> v.median().to_dict()
    {'n': 2.0}
    """
    return _per_column(x, "median", na_rm)


def sum(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Sum of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    mean : The average.
    aggregate : Statistics of groups.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]})
    >>> v.sum().to_dict()
    {'n': 7.0}
    """
    return _per_column(x, "sum", na_rm)


def prod(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Product of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    sum : The sum.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]})
    >>> v.prod().to_dict()
    {'n': 8.0}
    """
    return _per_column(x, "prod", na_rm)


def min(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Least value of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    range : Smallest and largest.
    max : The largest.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]})
    >>> v.min().to_dict()
    {'n': 1.0}
    """
    return _per_column(x, "min", na_rm)


def max(x: SpatVector, *, na_rm: bool = False) -> pd.Series[Any]:
    """Greatest value of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    Series
        One number for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    range : Smallest and largest.
    min : The smallest.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]})
    >>> v.max().to_dict()
    {'n': 4.0}
    """
    return _per_column(x, "max", na_rm)


def range(x: SpatVector, *, na_rm: bool = False) -> pd.DataFrame:
    """Least and greatest value of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    na_rm : bool
        Leave out missing values. Without it, an attribute with a missing value gets NaN.

    Returns
    -------
    DataFrame
        Rows min and max, and a column for each attribute.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    min : The smallest.
    max : The largest.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [2, 1, 4]}).range()
           n
    min  1.0
    max  4.0
    """
    return pandas.DataFrame({"min": min(x, na_rm=na_rm), "max": max(x, na_rm=na_rm)}).T


def quantile(
    x: SpatVector, probs: Sequence[float] = (0, 0.25, 0.5, 0.75, 1), *, na_rm: bool = False
) -> pd.DataFrame:
    """Quantiles of each attribute.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers.
    probs : sequence of float
        Probabilities, from 0 to 1.
    na_rm : bool
        Leave out missing values.

    Returns
    -------
    DataFrame
        A row for each probability, and a column for each attribute.

    Raises
    ------
    ArgumentError
        Where an attribute is text, or has missing values and `na_rm` is False.

    See Also
    --------
    median : The middle value.
    summary : Several figures at once.

    Notes
    -----
    Quantiles are interpolated linearly between the ordered values (type 7 of Hyndman and Fan).

    References
    ----------
    Hyndman, R. J. and Fan, Y. (1996). Sample quantiles in statistical packages. The American Statistician 50, 361-365.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 4]}).quantile([0, 0.5, 0.75])
            n
    0.00  1.0
    0.50  2.0
    0.75  3.0
    """
    table = numbers(x, "quantile")
    found = table.quantile(list(probs))
    gaps = table.isna().any()
    if not na_rm and gaps.any():
        bad = ", ".join(gaps[gaps].index)
        raise ArgumentError(f"quantile: values must not be missing, got some in {bad}; use na_rm=True")
    return found


def summary(x: SpatVector) -> pd.DataFrame:
    """Count, mean, spread and quantiles of the attributes.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    DataFrame
        What `DataFrame.describe` gives for all columns.

    See Also
    --------
    quantile : Chosen quantiles.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 2]], atts={"n": [1, 2, 3]}).summary()
             n
    count  3.0
    mean   2.0
    std    1.0
    min    1.0
    25%    1.5
    50%    2.0
    75%    2.5
    max    3.0
    """
    table = attributes_of(check_vector(x, "summary"))
    return table.describe(include="all") if table.shape[1] else table.iloc[:0]


def all(x: SpatVector) -> pd.Series[Any]:
    """Whether every value of each attribute is true, which means not 0.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers or bool. Missing values count as true.

    Returns
    -------
    Series
        One bool for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    any : Whether any value is true.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1]], atts={"a": [1, 0], "b": [1, 5]}).all().to_dict()
    {'a': False, 'b': True}
    """
    return pandas.Series((numbers(x, "all") != 0).all(), dtype=bool)


def any(x: SpatVector) -> pd.Series[Any]:
    """Whether at least one value of each attribute is true, which means not 0.

    Parameters
    ----------
    x : SpatVector
        Its attributes are numbers or bool. Missing values count as false.

    Returns
    -------
    Series
        One bool for each attribute, under its name.

    Raises
    ------
    ArgumentError
        Where an attribute is text.

    See Also
    --------
    all : Whether all values are true.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1]], atts={"a": [1, 0], "b": [0, 0]}).any().to_dict()
    {'a': True, 'b': False}
    """
    return pandas.Series((numbers(x, "any").fillna(0) != 0).any(), dtype=bool)
