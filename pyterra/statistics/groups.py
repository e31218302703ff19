"""Statistics of values that lie group after group: of zones, of geometries, of the points in a cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import UDFError
from pyterra.statistics.table import Statistic

Floats = NDArray[np.floating[Any]]
Doubles = NDArray[np.float64]

LONG = 512
"""Values of a group from which on they are counted rather than sorted with those of others."""
TOGETHER = 1 << 14
"""Values that are laid out as layers at a time; sd of 300 groups of 3,600 x 3, ms: 2^14 14, 2^16 46, 2^18 101."""


def of_groups(values: Floats, starts: NDArray[Any], statistic: Statistic, na_rm: bool) -> Doubles:
    """A statistic of each group and column.

    Parameters
    ----------
    values : ndarray of shape (value, column)
        Group after group, in the order that `first` and positions mean.
    starts : ndarray of shape (group,)
        Where each group begins, ascending; a group may be empty.
    statistic : Statistic
    na_rm : bool

    Returns
    -------
    ndarray of shape (group, column, number)
    """
    if values.dtype.kind != "f":  # kernels know missing ones as NaN
        values = values.astype(np.float64)
    starts = np.asarray(starts, np.int64)
    sizes = np.diff(np.append(starts, len(values)))
    out = np.full((len(starts), values.shape[1], statistic.width), statistic.nothing)
    for size in np.unique(sizes[sizes > 0]):
        alike = np.flatnonzero(sizes == size)
        if statistic.counted and size > LONG:
            for group in alike:
                part = values[starts[group] : starts[group] + size]
                out[group, :, 0] = [_of_counts(column, statistic, na_rm) for column in part.T]
            continue
        step = max(1, TOGETHER // (int(size) * values.shape[1]))
        for first in range(0, alike.size, step):
            some = alike[first : first + step]
            rows = values[starts[some[0]] :][:size, None]
            if some.size > 1:
                rows = values[starts[some] + np.arange(size)[:, None]]
            found = kernels.stats.layer_stat(
                rows.reshape(int(size), -1), statistic.name, na_rm, out_dtype=np.float64
            )
            out[some] = found.reshape(-1, some.size, values.shape[1]).transpose(1, 2, 0)
    return out


def _of_counts(values: Floats, statistic: Statistic, na_rm: bool) -> float:
    return kernels.finish.finish_counts(kernels.reduce.value_counts(values), statistic.name, na_rm)


class Answers(NamedTuple):
    """What a function of a user's gives for groups and columns."""

    numbers: Doubles
    """Shape (group, column, number)."""
    names: tuple[str, ...]
    """What the function calls its numbers, where it gives a mapping or a named tuple; else empty."""


def by_function(
    values: Floats,
    starts: NDArray[Any],
    function: Callable[..., Any],
    na_rm: bool,
    verb: str,
    *,
    columns: Sequence[str] = (),
    arguments: dict[str, Any] | None = None,
) -> Answers:
    """The numbers that a user's function gives for each group and column; shapes as for `of_groups`.

    `columns` says what each column is, for messages. A group without values is missing; the function is not asked.

    Raises
    ------
    UDFError
        Where it fails, gives something else than numbers, or more of them for one group than for another.
    """
    stops = np.append(starts, len(values))[1:]
    found: list[Any] = []
    names: tuple[str, ...] = ()
    for group, (start, stop) in enumerate(zip(starts, stops, strict=True)):
        for column in range(values.shape[1]):
            given = values[start:stop, column]
            given = given[~np.isnan(given)] if na_rm else given
            if given.size == 0:
                found.append(None)
                continue
            where = f"{f' for {columns[column]}' if columns else ''} [group {group}, {given.size} values]"
            try:
                answer = function(given, **(arguments or {}))
            except Exception as error:
                raise UDFError(
                    f"{verb}: the function raised {type(error).__name__}: {error}{where}"
                ) from error
            names = names or _names(answer)
            plain = list(answer.values()) if isinstance(answer, Mapping) else answer
            try:
                found.append(np.asarray(plain, np.float64).ravel())
            except (TypeError, ValueError) as error:
                raise UDFError(
                    f"{verb}: the function must give numbers, got {answer!r:.60}{where}"
                ) from error
    widths = sorted({row.size for row in found if row is not None})
    if len(widths) > 1:
        raise UDFError(f"{verb}: the function must give as many numbers for every group, got {widths}")
    width = widths[0] if widths else 1
    rows = [np.full(width, np.nan) if row is None else row for row in found]
    return Answers(np.array(rows, np.float64).reshape(len(starts), values.shape[1], width), names)


def _names(answer: Any) -> tuple[str, ...]:
    """Names that an answer tells of its numbers."""
    told = answer.keys() if isinstance(answer, Mapping) else getattr(answer, "_fields", ())
    return tuple(str(name) for name in told)


def of_one_width(found: Sequence[Doubles], verb: str) -> Doubles:
    """Numbers of layers, each (group, number), side by side; where a layer has nothing, as wide as the others.

    Raises
    ------
    UDFError
        Where a function gave more numbers for one layer than for another.
    """
    width = max(numbers.shape[1] for numbers in found)
    wide = []
    for numbers in found:
        if numbers.shape[1] == 1 < width and np.isnan(numbers).all():
            numbers = np.full((len(numbers), width), np.nan)
        if numbers.shape[1] != width:
            raise UDFError(f"{verb}: the function must give as many values for every layer")
        wide.append(numbers)
    return np.stack(wide)
