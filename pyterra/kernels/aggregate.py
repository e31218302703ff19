"""Whole cells into larger ones, and back: aggregate by a factor, disaggregate by repetition.

A block begins on a multiple of the factor. Cells of a group that lie beyond the block's last row or column
(the ragged edge of a raster) count as missing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numba
import numpy as np
import numpy.typing as npt

from pyterra.kernels import destination, stats
from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit

Array: TypeAlias = npt.NDArray[Any]

SUM, MEAN, MIN, MAX = range(4)
DIRECT = {"sum": SUM, "mean": MEAN, "min": MIN, "max": MAX}
"""Statistics that are added up as cells pass; the cells of a group are laid out for the others."""
_STACK_CELLS = 1 << 20  # source cells that are laid out as layers at a time


@inner_jit
def _add_rows(a: Array, b: Array, c: Array, d: Array, total: Array, count: Array) -> None:
    """Add the valid cells of four rows to column totals and counts, one row after the other."""
    for x in range(a.size):
        sum2 = total[x] + (a[x] if a[x] == a[x] else 0.0) + (b[x] if b[x] == b[x] else 0.0)
        total[x] = sum2 + (c[x] if c[x] == c[x] else 0.0) + (d[x] if d[x] == d[x] else 0.0)
        count[x] += (
            np.int32(a[x] == a[x]) + np.int32(b[x] == b[x]) + np.int32(c[x] == c[x]) + np.int32(d[x] == d[x])
        )


@inner_jit
def _extreme_row(row: Array, lowest: bool, total: Array, count: Array) -> None:
    """Keep the lowest or the highest of the valid cells of every column: no comparison with NaN holds."""
    if lowest:
        for x in range(row.size):
            total[x] = row[x] if row[x] < total[x] else total[x]
    else:
        for x in range(row.size):
            total[x] = row[x] if row[x] > total[x] else total[x]
    for x in range(row.size):
        count[x] += np.int32(row[x] == row[x])


@exact_jit
def _direct(block: Array, fy: int, fx: int, what: int, na_rm: bool, out: Array) -> None:
    """Sum, mean or extreme of every group: down the columns first, then across each group."""
    nlyr, nrow, ncol = block.shape
    total = empty(ncol)
    count = empty(ncol, np.int32)
    none = np.full(ncol, np.nan, block.dtype)  # where a group has no fourth row
    adds, lowest = what in (SUM, MEAN), what == MIN
    start = 0.0 if adds else np.inf if lowest else -np.inf
    for layer in range(nlyr):
        rows = block[layer]
        for y in range(out.shape[1]):
            fill_all(total, start)
            fill_all(count, 0)
            stop = min(y * fy + fy, nrow)
            if adds:
                for i in range(y * fy, stop, 4):
                    second = rows[i + 1] if i + 1 < stop else none
                    third = rows[i + 2] if i + 2 < stop else none
                    fourth = rows[i + 3] if i + 3 < stop else none
                    _add_rows(rows[i], second, third, fourth, total, count)
            else:
                for i in range(y * fy, stop):
                    _extreme_row(rows[i], lowest, total, count)
            target = out[layer, y]
            for x in range(out.shape[2]):
                left, right = x * fx, min(x * fx + fx, ncol)
                result, n = total[left], count[left]
                if adds:
                    for k in range(left + 1, right):
                        result += total[k]
                        n += count[k]
                else:
                    for k in range(left + 1, right):
                        n += count[k]
                        result = min(result, total[k]) if lowest else max(result, total[k])
                if n == 0 or (n < fy * fx and not na_rm):
                    target[x] = np.nan
                else:
                    target[x] = result / n if what == MEAN else result


def aggregate(
    block: Array,
    fact: tuple[int, int],
    fun: str = "mean",
    *,
    na_rm: bool = False,
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """One statistic of every group of ``fy`` by ``fx`` cells.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
    fact : tuple of int
        Rows and columns of a group.
    fun : str
        A statistic of ``stats.layer_stat``, with the cells of the group as layers.
    na_rm : bool
        Leave missing cells, and those beyond the edge, out.
    out_dtype : dtype
        Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer * k, ceil(row / fy), ceil(col / fx))
        The ``k`` numbers (two for ``range``) of the first layer first.
    """
    fy, fx = fact
    nlyr, nrow, ncol = block.shape
    shape = nlyr * stats.width(fun), -(-nrow // fy), -(-ncol // fx)
    out = destination.empty(shape, out_dtype).reshape(nlyr, -1, *shape[1:])
    if fun in DIRECT:
        _direct(block, fy, fx, DIRECT[fun], na_rm, out[:, 0])
    else:
        for layer, rows, cells in _stacks(block, fy, fx, out.shape[2]):
            result = stats.layer_stat(cells, fun, na_rm, out_dtype=out_dtype)
            out[layer, :, rows] = result.reshape(len(result), -1, out.shape[3])
    return out.reshape(-1, *out.shape[2:])


def aggregate_user(
    block: Array,
    fact: tuple[int, int],
    fun: Callable[..., Any],
    k: int = 1,
    *,
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """Call a compiled function for every group of ``fy`` by ``fx`` cells.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
    fact : tuple of int
        Rows and columns of a group.
    fun : numba function
        ``fun(values)``: the ``fy * fx`` values of a group in row-major order as a float64 vector that is
        overwritten between calls, NaN where missing or beyond the edge. Returns a number or, if ``k > 1``, an
        indexable of ``k`` numbers.
    k : int
        Results per group.
    out_dtype : dtype

    Returns
    -------
    ndarray of shape (layer * k, ceil(row / fy), ceil(col / fx))
        The ``k`` results of the first layer first.
    """
    fy, fx = fact
    nlyr, nrow, ncol = block.shape
    out = np.empty((nlyr * k, -(-nrow // fy), -(-ncol // fx)), out_dtype)
    flat = out.reshape(nlyr, k, out.shape[1], out.shape[2])
    call = _compiled_per_group if k == 1 else _compiled_per_group_many
    for layer, rows, cells in _stacks(block, fy, fx, out.shape[1]):
        results = np.empty((k, cells.shape[1]), out_dtype)
        call(cells, fun, results)
        flat[layer, :, rows] = results.reshape(k, -1, out.shape[2])
    return out


def _stacks(block: Array, fy: int, fx: int, nrow_out: int) -> Any:
    """Strips of groups, bounded in size: layer, slice of output rows, array (cell of the group, group)."""
    nlyr, nrow, ncol = block.shape
    wide = -(-ncol // fx) * fx
    step = max(1, _STACK_CELLS // (wide * fy))
    for layer in range(nlyr):
        for y in range(0, nrow_out, step):
            ny = min(step, nrow_out - y)
            strip = block[layer, y * fy : min((y + ny) * fy, nrow)]
            if strip.shape != (ny * fy, wide):
                strip = np.pad(
                    strip, ((0, ny * fy - strip.shape[0]), (0, wide - ncol)), constant_values=np.nan
                )
            cells = strip.reshape(ny, fy, wide // fx, fx).transpose(1, 3, 0, 2)
            yield layer, slice(y, y + ny), cells.reshape(fy * fx, -1)


def _per_group(cells: Array, fun: Any, out: Array) -> None:
    values = np.empty(cells.shape[0])
    for i in range(cells.shape[1]):
        for j in range(values.size):
            values[j] = cells[j, i]
        out[0, i] = fun(values)


def _per_group_many(cells: Array, fun: Any, out: Array) -> None:
    values = np.empty(cells.shape[0])
    for i in range(cells.shape[1]):
        for j in range(values.size):
            values[j] = cells[j, i]
        results = fun(values)
        for j in range(out.shape[0]):
            out[j, i] = results[j]


# Compiled with the user's function inside, so once per function and not cached on disk.
_compiled_per_group = numba.njit(nogil=True)(_per_group)
_compiled_per_group_many = numba.njit(nogil=True)(_per_group_many)


def disagg_near(block: Array, fy: int, fx: int) -> Array:
    """Repeat every cell ``fy`` times down and ``fx`` times across.

    Parameters
    ----------
    block : ndarray of shape (layer, row, col)
    fy, fx : int

    Returns
    -------
    ndarray of shape (layer, row * fy, col * fx)
    """
    nlyr, nrow, ncol = block.shape
    out = np.empty((nlyr, nrow, fy, ncol, fx), block.dtype)
    out[:] = block[:, :, None, :, None]
    return out.reshape(nlyr, nrow * fy, ncol * fx)
