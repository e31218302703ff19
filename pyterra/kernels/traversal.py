"""Cells that lines pass through, one after the other."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Doubles: TypeAlias = npt.NDArray[np.float64]


def traversed(start: Doubles, end: Doubles, nrow: int, ncol: int) -> tuple[Array, Array, Array]:
    """The cells of a grid that segments pass through, in the order in which they do.

    A cell has its left and its upper edge, and at the end of the grid the others too. Cells that are met in a single
    point are left out, unless the segment is one.

    Parameters
    ----------
    start, end : float64 arrays (segment, 2)
        Columns and rows, in cells: 0.0 is the left or upper edge of the first.
    nrow, ncol : int

    Returns
    -------
    (segment, row, col), int64 arrays
    """
    first, last = _inside(start, end, (ncol, nrow))
    some = np.flatnonzero(first <= last)
    begin, step = start[some], (end - start)[some]
    ends = [begin + step * share[some, None] for share in (first, last)]
    numbers, shares = [some, some], [first[some], last[some]]
    for axis in (0, 1):
        low = np.floor(np.minimum(ends[0][:, axis], ends[1][:, axis])).astype(np.int64) + 1
        high = np.ceil(np.maximum(ends[0][:, axis], ends[1][:, axis])).astype(np.int64) - 1
        counts = np.maximum(high - low + 1, 0)
        own = np.repeat(np.arange(some.size), counts)
        lines = np.arange(own.size) - np.repeat(np.cumsum(counts) - counts, counts) + low[own]
        numbers.append(some[own])
        shares.append((lines - begin[own, axis]) / step[own, axis])
    number, share = np.concatenate(numbers), np.concatenate(shares)
    order = np.lexsort((share, number))
    number, share = number[order], share[order]
    pairs = np.flatnonzero(number[1:] == number[:-1])
    single = (start[number[pairs]] == end[number[pairs]]).all(axis=1)
    kept = pairs[(share[pairs + 1] > share[pairs]) | single]
    segment = number[kept]
    middle = (share[kept] + share[kept + 1]) / 2
    place = start[segment] + (end - start)[segment] * middle[:, None]
    col, row = (
        np.clip(np.floor(place[:, axis]).astype(np.int64), 0, size - 1)
        for axis, size in enumerate((ncol, nrow))
    )
    new = np.ones(segment.size, np.bool_)
    new[1:] = (np.diff(segment) != 0) | (np.diff(row) != 0) | (np.diff(col) != 0)
    return segment[new], row[new], col[new]


def _inside(start: Doubles, end: Doubles, size: tuple[int, int]) -> tuple[Doubles, Doubles]:
    """The shares of segments between which they lie within a grid; the first above the last where they do not."""
    first, last = np.zeros(len(start)), np.ones(len(start))
    for axis in (0, 1):
        begin, step = start[:, axis], end[:, axis] - start[:, axis]
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = np.sort(np.stack([-begin / step, (size[axis] - begin) / step]), axis=0)
        still = step == 0
        out = still & ((begin < 0) | (begin > size[axis]))
        first = np.where(out, 2.0, np.where(still, first, np.maximum(first, low)))
        last = np.where(still, last, np.minimum(last, high))
    known = ~(np.isnan(start) | np.isnan(end)).any(axis=1)
    return np.where(known, first, 2.0), last
