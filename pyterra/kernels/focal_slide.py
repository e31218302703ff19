"""Windows of ones by combination trees: sum, mean, product, extremes, any, all, standard deviation.

A window of ``n`` cells is combined as a binary tree whose shape depends on ``n`` alone (11 = 1 + 2 + 8, each
part made by doubling), first along rows, then down columns. That is about ``log2(n)`` vectorised passes, and,
unlike a running sum, a cell's bits depend on the cells of its window only, never on where its block begins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, fill_all, inner_jit, span, zeros

Array: TypeAlias = npt.NDArray[Any]
Pair: TypeAlias = Callable[[Any, Any], Any]
"""What is made of two numbers. Kernels are made for each, so that nobody waits for the loops of the others."""

MOST_COLS, LEAST_COLS = 2048, 256
"""Cells of a row at once."""
KEPT_VALUES = 1 << 16
"""Cells of all rows that are kept at once: they stay in the second cache."""


@inner_jit
def _sum(u: float, v: float) -> float:
    return u + v


@inner_jit
def _product(u: float, v: float) -> float:
    return u * v


@inner_jit
def _minimum(u: float, v: float) -> float:
    """NaN where one is."""
    return v if (v < u or v != v) else u


@inner_jit
def _maximum(u: float, v: float) -> float:
    return v if (v > u or v != v) else u


@inner_jit
def _minimum_valid(u: float, v: float) -> float:
    """NaN where both are."""
    return v if (v < u or u != u) else u


@inner_jit
def _maximum_valid(u: float, v: float) -> float:
    return v if (v > u or u != u) else u


@inner_jit
def _steps(h: int) -> tuple[Array, Array]:
    """Of each level of the tree down columns: the line in which its rows begin, and how many of them are needed again.

    Row ``i`` of level ``k`` combines ``2 ** k`` rows from ``i`` on; the last entry of the lines is their number. The
    highest level, of which each row is needed once, is not kept.
    """
    levels = 1
    while (4 << (levels - 1)) <= h:
        levels += 1
    first, depth = zeros(levels + 1, np.int64), np.ones(levels, np.int64)
    offset = 0
    for k in range(levels):
        size = 1 << k
        depth[k] = size + 1
        if h & size:
            depth[k] = max(depth[k], h - size - offset + 1)
            offset += size
        first[k + 1] = first[k] + depth[k]
    return first, depth


@inner_jit
def _count_along(columns: Array, spare: Array, w: int, out: Array) -> None:
    """Add ``w`` neighbours of the counts of columns; ``spare`` has two rows for what is between."""
    n, row, step, offset, turn = out.size, columns, 1, 1, 0
    copy(span(row, 0, n), out)
    while offset < w:
        one, other = span(row, 0, row.size - step), span(row, step, row.size - step)
        target = span(spare[turn], 0, one.size)
        for x in range(target.size):
            target[x] = one[x] + other[x]
        row, step, turn = target, 2 * step, 1 - turn
        if w & step:
            one = span(row, offset, n)
            for x in range(n):
                out[x] += one[x]
            offset += step


@inner_jit
def _count_row(row: Array, known: Array, columns: Array) -> None:
    """Let a row take the place of that which has left the window, in the counts of columns."""
    for x in range(row.size):
        columns[x] -= known[x]
    for x in range(row.size):
        known[x] = row[x] == row[x]
    for x in range(row.size):
        columns[x] += known[x]


@inner_jit
def _load(row: Array, fill: float, drop: bool, out: Array) -> bool:
    """Bring a row into the tree's dtype; ``drop`` replaces NaN by ``fill``. Return whether a NaN was met."""
    found = 0
    for x in range(row.size):
        v = row[x]
        found += v != v
        out[x] = fill if drop and v != v else v
    return drop and found > 0


@inner_jit
def _load_truth(row: Array, out: Array) -> None:
    """1 for what is not 0, NaN for NaN."""
    for x in range(row.size):
        v = row[x]
        out[x] = v if v != v else (0.0 if v == 0 else 1.0)


@inner_jit
def _settle(value: Array, count: Array, counted: bool, size: int, mean: bool, out: Array) -> None:
    """Turn sums into results: divide for the mean, and NaN where no cell was valid."""
    for x in range(out.size):
        n = count[x] if counted else size
        result = value[x] / n if mean else value[x]
        out[x] = result if n > 0 else np.nan


@inner_jit
def _wide(kept: int, cols: int) -> int:
    """Cells of a row at once where so many rows are kept."""
    return max(LEAST_COLS, min(MOST_COLS, min(KEPT_VALUES // kept, cols)))


def _tree(pair: Pair) -> tuple[Any, Any, Any, Any]:
    """The loops of a tree, compiled for what is made of two numbers."""

    @inner_jit
    def combine(a: Array, b: Array, out: Array) -> None:
        """Combine two rows cell by cell."""
        for x in range(out.size):
            out[x] = pair(a[x], b[x])

    @inner_jit
    def combine_with(a: Array, b: Array) -> None:
        """The same into the first row. Given one array twice, the loop above finds that it overlaps, and stays scalar."""
        for x in range(a.size):
            a[x] = pair(a[x], b[x])

    @inner_jit
    def combine_three(a: Array, b: Array, c: Array, out: Array) -> None:
        """Combine a row with what two others give: the last step of every tree."""
        for x in range(out.size):
            out[x] = pair(a[x], pair(b[x], c[x]))

    @inner_jit
    def slide_along(lines: Array, size: int, w: int, out: Array) -> None:
        """Combine ``w`` neighbours, odd, along the first ``size`` cells of the first line into ``size - w + 1``.

        The other three lines are room for what is between.
        """
        n = out.size
        row, own = span(lines[0], 0, size), span(lines[0], 0, n)
        if w == 1:
            copy(own, out)
            return
        step, offset, spare = 1, 1, 1
        while 4 * step <= w:
            longer = span(row, 0, row.size - step)
            target = span(lines[spare], 0, longer.size)
            combine(longer, span(row, step, longer.size), target)
            row, step, spare = target, 2 * step, 3 - spare
            if w & step:
                if offset == 1:
                    combine(own, span(row, offset, n), span(lines[3], 0, n))
                    own = span(lines[3], 0, n)
                else:
                    combine_with(own, span(row, offset, n))
                offset += step
        combine_three(own, span(row, offset, n), span(row, offset + step, n), out)

    @inner_jit
    def climb(lines: Array, first: Array, depth: Array, y: int, n: int) -> None:
        """Make the rows of all levels that end with row ``y``, which is there on the lowest."""
        for k in range(1, depth.size):
            half = 1 << (k - 1)
            i = y - 2 * half + 1
            if i >= 0:
                one = span(lines[first[k - 1] + i % depth[k - 1]], 0, n)
                other = span(lines[first[k - 1] + (i + half) % depth[k - 1]], 0, n)
                combine(one, other, span(lines[first[k] + i % depth[k]], 0, n))

    @inner_jit
    def parts(
        lines: Array, first: Array, depth: Array, top: int, h: int, spare: Array
    ) -> tuple[Array, Array, Array]:
        """Three rows that give, by the last step of the tree, the ``h`` rows, odd and 3 at least, from ``top`` on."""
        n = spare.size
        own = span(lines[top % depth[0]], 0, n)
        offset = 1
        for k in range(1, depth.size):
            if h & (1 << k):
                row = span(lines[first[k] + (top + offset) % depth[k]], 0, n)
                if offset == 1:
                    combine(own, row, spare)
                    own = spare
                else:
                    combine_with(own, row)
                offset += 1 << k
        k = depth.size - 1
        one = span(lines[first[k] + (top + offset) % depth[k]], 0, n)
        other = span(lines[first[k] + (top + offset + (1 << k)) % depth[k]], 0, n)
        return own, one, other

    return slide_along, climb, parts, combine_three


def _adding(pair: Pair, fill: float) -> Callable[..., None]:
    """A kernel that adds up every window, or multiplies. Cells are counted only near a NaN."""
    slide_along, climb, parts, combine_three = _tree(pair)

    @inner_jit
    def settle_three(
        a: Array, b: Array, c: Array, count: Array, counted: bool, size: int, mean: bool, out: Array
    ) -> None:
        """The last step of a tree, and the division, which takes as long as a step, at once."""
        if counted:
            for x in range(out.size):
                n = count[x]
                value = pair(a[x], pair(b[x], c[x]))
                result = value / n if mean else value
                out[x] = result if n > 0 else np.nan
        elif mean:
            for x in range(out.size):
                out[x] = pair(a[x], pair(b[x], c[x])) / size
        else:
            combine_three(a, b, c, out)

    @exact_jit
    def add(padded: Array, h: int, w: int, mean: bool, drop: bool, counts: Array, out: Array) -> None:
        """Combine every window of ``h`` by ``w`` cells into ``out``, in float64.

        Row after row comes in and is combined with those before it, of which only what is needed again is kept: that
        stays in the first caches.

        Parameters
        ----------
        padded : ndarray of shape (layer, row + h - 1, col + w - 1)
            The block with its halo.
        h, w : int
            Window height and width, in cells.
        mean : bool
            Divide by the number of cells.
        drop : bool
            Leave NaN cells out.
        counts : ndarray of shape (0,)
            Only its dtype matters: one that holds ``h * w``.
        out : ndarray of shape (layer, row, col)
        """
        nlyr, nrow, ncol = out.shape
        first, depth = _steps(h)
        wide = _wide(first[-1], ncol)
        lines = empty((first[-1], wide))
        line, value = empty((4, wide + w - 1)), empty(wide)
        there = empty((h + 3 if drop else 0, wide + w - 1), counts.dtype)
        valid = empty(wide, counts.dtype)
        for layer in range(nlyr):
            for x0 in range(0, ncol, wide):
                nx = min(wide, ncol - x0)
                n, last = span(valid, 0, nx), -h  # row of the last NaN
                for y in range(nrow + h - 1):
                    row = span(padded[layer, y], x0, nx + w - 1)
                    found = _load(row, fill, drop, span(line[0], 0, row.size))
                    slide_along(line, row.size, w, span(lines[y % depth[0]], 0, nx))
                    climb(lines, first, depth, y, nx)
                    if found:
                        if y - last >= h:
                            for i in range(h):
                                fill_all(there[i], 1)
                            fill_all(there[h], h)
                        last = y
                    counted = y - last < h
                    if counted:
                        _count_row(row, span(there[y % h], 0, row.size), span(there[h], 0, row.size))
                    if y < h - 1:
                        continue
                    target = span(out[layer, y - h + 1], x0, nx)
                    if counted:
                        _count_along(span(there[h], 0, row.size), there[h + 1 :], w, n)
                    if h == 1:
                        _settle(span(lines[y % depth[0]], 0, nx), n, counted, w, mean, target)
                        continue
                    own, one, other = parts(lines, first, depth, y - h + 1, h, span(value, 0, nx))
                    settle_three(own, one, other, n, counted, h * w, mean, target)

    return add


def _keeping(pair: Pair) -> Callable[..., None]:
    """A kernel that keeps the lowest or the highest value of every window."""
    slide_along, climb, parts, combine_three = _tree(pair)

    @exact_jit
    def keep(padded: Array, h: int, w: int, truth: bool, out: Array) -> None:
        """Fill ``out`` as `add` does, in the dtype of the block; ``truth`` asks of cells whether they are not 0."""
        nlyr, nrow, ncol = out.shape
        first, depth = _steps(h)
        wide = _wide(first[-1], ncol)
        lines = empty((first[-1], wide), padded.dtype)
        line, value = empty((4, wide + w - 1), padded.dtype), empty(wide, padded.dtype)
        for layer in range(nlyr):
            for x0 in range(0, ncol, wide):
                nx = min(wide, ncol - x0)
                for y in range(nrow + h - 1):
                    row = span(padded[layer, y], x0, nx + w - 1)
                    if truth:
                        _load_truth(row, span(line[0], 0, row.size))
                    else:
                        copy(row, span(line[0], 0, row.size))
                    slide_along(line, row.size, w, span(lines[y % depth[0]], 0, nx))
                    climb(lines, first, depth, y, nx)
                    if y < h - 1:
                        continue
                    target = span(out[layer, y - h + 1], x0, nx)
                    if h == 1:
                        copy(span(lines[y % depth[0]], 0, nx), target)
                        continue
                    own, one, other = parts(lines, first, depth, y - h + 1, h, span(value, 0, nx))
                    combine_three(own, one, other, target)

    return keep


total, product = _adding(_sum, 0.0), _adding(_product, 1.0)
minimum, maximum = _keeping(_minimum), _keeping(_maximum)
minimum_valid, maximum_valid = _keeping(_minimum_valid), _keeping(_maximum_valid)


@exact_jit
def spread(padded: Array, h: int, w: int, mean: Array, drop: bool, ddof: int, out: Array) -> None:
    """Standard deviation of every window about its known mean, so that no digits cancel.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
    h, w : int
    mean : float64 ndarray of shape (layer, row, col)
        Window means, NaN where the result is NaN.
    drop : bool
        Leave NaN cells out.
    ddof : int
        0 divides by n, 1 by n - 1; a window with no more than ``ddof`` valid cells gives NaN.
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    square = empty(MOST_COLS)
    count = empty(MOST_COLS)
    for layer in range(nlyr):
        for y in range(nrow):
            for x0 in range(0, ncol, MOST_COLS):
                nx = min(MOST_COLS, ncol - x0)
                centre = span(mean[layer, y], x0, nx)
                acc = span(square, 0, nx)
                n = span(count, 0, nx)
                fill_all(acc, 0.0)
                fill_all(n, 0.0 if drop else h * w)
                for i in range(h):
                    for j in range(w):
                        row = span(padded[layer, y + i], x0 + j, nx)
                        if drop:
                            for x in range(nx):
                                d = row[x] - centre[x]
                                ok = row[x] == row[x]
                                acc[x] += d * d if ok else 0.0
                                n[x] += 1.0 if ok else 0.0
                        else:
                            for x in range(nx):
                                d = row[x] - centre[x]
                                acc[x] += d * d
                target = span(out[layer, y], x0, nx)
                for x in range(nx):
                    target[x] = np.sqrt(acc[x] / (n[x] - ddof)) if n[x] > ddof else np.nan
