"""Windows cell by cell: weighted sums and means, and compiled functions of the user.

A weight of NaN leaves its cell out; any other weight multiplies the value, so a weight of 0 still contributes
a 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, fill_all, inner_jit, span

Array: TypeAlias = npt.NDArray[Any]

TILE_COLS = 1024  # a weighted sum of 5 x 5, ns a cell: 512 9.1, 1024 7.4


@inner_jit
def _add_taps(row: Array, k: Array, n: int, acc: Array) -> None:
    """Add ``n`` (1 to 5) weights times neighbouring cells to ``acc``, always in the order of the cells."""
    if n == 5:
        k0, k1, k2, k3, k4 = k[0], k[1], k[2], k[3], k[4]
        for x in range(acc.size):
            acc[x] = (
                acc[x] + k0 * row[x] + k1 * row[x + 1] + k2 * row[x + 2] + k3 * row[x + 3] + k4 * row[x + 4]
            )
    elif n == 4:
        k0, k1, k2, k3 = k[0], k[1], k[2], k[3]
        for x in range(acc.size):
            acc[x] = acc[x] + k0 * row[x] + k1 * row[x + 1] + k2 * row[x + 2] + k3 * row[x + 3]
    elif n == 3:
        k0, k1, k2 = k[0], k[1], k[2]
        for x in range(acc.size):
            acc[x] = acc[x] + k0 * row[x] + k1 * row[x + 1] + k2 * row[x + 2]
    elif n == 2:
        k0, k1 = k[0], k[1]
        for x in range(acc.size):
            acc[x] = acc[x] + k0 * row[x] + k1 * row[x + 1]
    else:
        k0 = k[0]
        for x in range(acc.size):
            acc[x] = acc[x] + k0 * row[x]


@inner_jit
def _add_row(row: Array, weights: Array, acc: Array) -> None:
    """Add a row of weights times the row's cells to ``acc``; cells whose weight is NaN are passed over."""
    w = weights.size
    j = 0
    while j < w:
        run = 0
        while run < 5 and j + run < w and weights[j + run] == weights[j + run]:
            run += 1
        if run == 0:
            j += 1
            continue
        _add_taps(span(row, j, acc.size + run - 1), span(weights, j, run), run, acc)
        j += run


@inner_jit
def _zero_missing(row: Array, value: Array) -> bool:
    """Bring a row into float64, with 0 for NaN. Return whether a NaN was met."""
    found = 0
    for x in range(row.size):
        v = row[x]
        found += v != v
        value[x] = v if v == v else 0.0
    return found > 0


@inner_jit
def _count_valid(there: Array, column: Array, count: Array) -> None:
    """Count what is valid (1 or 0) in windows of all rows of ``there``: down columns first, then along the row."""
    copy(span(there[0], 0, column.size), column)
    for i in range(1, there.shape[0]):
        row = span(there[i], 0, column.size)
        for x in range(column.size):
            column[x] += row[x]
    copy(span(column, 0, count.size), count)
    for j in range(1, column.size - count.size + 1):
        row = span(column, j, count.size)
        for x in range(count.size):
            count[x] += row[x]


@inner_jit
def _used(weights: Array) -> tuple[Array, bool]:
    """1 for every weight that is not NaN, and whether all of them are such."""
    ones, used = empty(weights.shape), True
    for i in range(weights.shape[0]):
        for j in range(weights.shape[1]):
            there = weights[i, j] == weights[i, j]
            ones[i, j] = 1.0 if there else np.nan
            used &= there
    return ones, used


@exact_jit
def weighted(padded: Array, weights: Array, mean: bool, drop: bool, counts: Array, out: Array) -> None:
    """Weighted sum, or weighted mean, of every window.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
        The block with its halo.
    weights : float64 ndarray of shape (h, w)
        NaN where a cell is not used.
    mean : bool
        Divide by the sum of the weights of the cells that were added; NaN where that is 0.
    drop : bool
        Leave NaN cells out; otherwise one NaN makes the result NaN.
    counts : ndarray of shape (0,)
        Only its dtype matters: one that holds ``h * w``.
    out : ndarray of shape (layer, row, col)
    """
    nlyr, nrow, ncol = out.shape
    h, w = weights.shape
    ones, used = _used(weights)
    value = empty((h, TILE_COLS + w - 1))
    valid = empty((h if drop and (mean or not used) else 0, TILE_COLS + w - 1))
    there = empty((h if drop and used else 0, TILE_COLS + w - 1), counts.dtype)
    sums = empty((3, TILE_COLS))
    column, along = empty(TILE_COLS + w - 1, counts.dtype), empty(TILE_COLS, counts.dtype)
    for layer in range(nlyr):
        for x0 in range(0, ncol, TILE_COLS):
            nx = min(TILE_COLS, ncol - x0)
            m = nx + w - 1
            acc, mass, count = span(sums[0], 0, nx), span(sums[1], 0, nx), span(sums[2], 0, nx)
            n = span(along, 0, nx)
            last_nan = -1
            for y in range(-h + 1, nrow):
                slot = (y + h - 1) % h
                row = span(padded[layer, y + h - 1], x0, m)
                if drop:
                    if _zero_missing(row, span(value[slot], 0, m)):
                        last_nan = y + h - 1
                    if len(valid) > 0:
                        for x in range(m):
                            valid[slot, x] = 1.0 if row[x] == row[x] else 0.0
                    if len(there) > 0:
                        here = span(there[slot], 0, m)
                        for x in range(m):
                            here[x] = row[x] == row[x]
                else:
                    copy(row, span(value[slot], 0, m))
                if y < 0:
                    continue
                fill_all(acc, 0.0)
                for i in range(h):
                    _add_row(span(value[(y + i) % h], 0, m), weights[i], acc)
                counted = drop and last_nan >= y
                if counted:
                    fill_all(mass, 0.0)
                    if used:
                        _count_valid(there, span(column, 0, m), n)
                    else:
                        fill_all(count, 0.0)
                    for i in range(h):
                        if not used:
                            _add_row(span(valid[(y + i) % h], 0, m), ones[i], count)
                        if mean:
                            _add_row(span(valid[(y + i) % h], 0, m), weights[i], mass)
                elif mean:
                    fill_all(mass, _total(weights))
                target = span(out[layer, y], x0, nx)
                if mean:
                    for x in range(nx):
                        acc[x] = acc[x] / mass[x] if mass[x] != 0 else np.nan
                if not counted:
                    copy(acc, target)
                elif used:
                    for x in range(nx):
                        target[x] = acc[x] if n[x] > 0 else np.nan
                else:
                    for x in range(nx):
                        target[x] = acc[x] if count[x] > 0 else np.nan


@inner_jit
def _total(weights: Array) -> float:
    """Sum of the weights that are not NaN, in row-major order."""
    total = 0.0
    for k in weights.flat:
        if k == k:
            total += k
    return total


def _per_cell(padded: Any, offsets: Any, factors: Any, fun: Any, out: Any) -> None:
    nlyr, nrow, ncol = out.shape
    values = np.empty(factors.size)
    for layer in range(nlyr):
        for y in range(nrow):
            for x in range(ncol):
                for k in range(factors.size):
                    values[k] = factors[k] * padded[layer, y + offsets[k, 0], x + offsets[k, 1]]
                out[layer, y, x] = fun(values)


def _per_cell_many(padded: Any, offsets: Any, factors: Any, fun: Any, out: Any) -> None:
    nlyr, nrow, ncol = padded.shape[0], out.shape[1], out.shape[2]
    values = np.empty(factors.size)
    count = out.shape[0] // nlyr
    for layer in range(nlyr):
        for y in range(nrow):
            for x in range(ncol):
                for k in range(factors.size):
                    values[k] = factors[k] * padded[layer, y + offsets[k, 0], x + offsets[k, 1]]
                results = fun(values)
                for k in range(count):
                    out[layer * count + k, y, x] = results[k]


# Compiled with the user's function inside, so once per function and not cached on disk.
_compiled_per_cell = numba.njit(nogil=True)(_per_cell)
_compiled_per_cell_many = numba.njit(nogil=True)(_per_cell_many)


def focal_user(
    padded: Array, weights: Array, fun: Callable[..., Any], k: int = 1, out_dtype: Any = np.float64
) -> Array:
    """Call a compiled function for every window.

    Parameters
    ----------
    padded : ndarray of shape (layer, row + h - 1, col + w - 1)
        The block with its halo.
    weights : ndarray of shape (h, w)
        Multiplies the values; NaN where a cell is not used.
    fun : numba function
        ``fun(values)``: the window's used values in row-major order, NaN included, as a float64 vector that
        is overwritten between calls. Returns a number or, if ``k > 1``, an indexable of ``k`` numbers.
    k : int
        Results per cell.
    out_dtype : dtype

    Returns
    -------
    ndarray of shape (layer * k, row, col)
        The ``k`` results of the first layer first.
    """
    weights = np.asarray(weights, np.float64)
    offsets = np.argwhere(~np.isnan(weights))
    factors = weights[~np.isnan(weights)]
    h, w = weights.shape
    nlyr, nrow, ncol = padded.shape
    out = np.empty((nlyr * k, nrow - h + 1, ncol - w + 1), out_dtype)
    call = _compiled_per_cell if k == 1 else _compiled_per_cell_many
    call(padded, offsets, factors, fun, out)
    return out
