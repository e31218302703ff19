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
from pyterra.kernels._jit import exact_jit, fill_all, inner_jit

Array: TypeAlias = npt.NDArray[Any]

SUM, MEAN, MIN, MAX = range(4)
DIRECT = {"sum": SUM, "mean": MEAN, "min": MIN, "max": MAX}
"""Statistics that are added up as cells pass; the cells of a group are laid out for the others."""
_STACK_CELLS = 1 << 20  # source cells that are laid out as layers at a time


@inner_jit
def _add_row(row: Array, total: Array, count: Array) -> None:
    """Add the valid cells of a row to column totals and counts."""
    for x in range(row.size):
        total[x] += row[x] if row[x] == row[x] else 0.0
    for x in range(row.size):
        count[x] += np.int32(row[x] == row[x])


@inner_jit
def _add_rows(a: Array, b: Array, c: Array, d: Array, total: Array, count: Array) -> None:
    """The same of four rows, one after the other: totals and counts are fetched and stored once."""
    for x in range(a.size):
        sum2 = total[x] + (a[x] if a[x] == a[x] else 0.0) + (b[x] if b[x] == b[x] else 0.0)
        total[x] = sum2 + (c[x] if c[x] == c[x] else 0.0) + (d[x] if d[x] == d[x] else 0.0)
    for x in range(a.size):
        count[x] += (
            np.int32(a[x] == a[x]) + np.int32(b[x] == b[x]) + np.int32(c[x] == c[x]) + np.int32(d[x] == d[x])
        )


@inner_jit
def _extreme_row(row: Array, sign: int, total: Array, count: Array) -> None:
    """Keep the lowest (``sign`` 1) or the highest (-1) of the valid cells of every column."""
    if sign > 0:
        for x in range(row.size):
            total[x] = row[x] if (row[x] < total[x] or total[x] != total[x]) else total[x]
    else:
        for x in range(row.size):
            total[x] = row[x] if (row[x] > total[x] or total[x] != total[x]) else total[x]
    for x in range(row.size):
        count[x] += np.int32(row[x] == row[x])


@exact_jit
def _direct(block: Array, fy: int, fx: int, what: int, na_rm: bool, out: Array) -> None:
    """Sum, mean or extreme of every group: down the columns first, then across each group."""
    nlyr, nrow, ncol = block.shape
    total = np.empty(ncol)
    count = np.empty(ncol, np.int32)
    adds = what in (SUM, MEAN)
    sign = 1 if what == MIN else -1
    for layer in range(nlyr):
        for y in range(out.shape[1]):
            fill_all(total, 0.0 if adds else np.nan)
            fill_all(count, 0)
            first, stop = y * fy, min(y * fy + fy, nrow)
            while adds and first + 4 <= stop:
                rows = block[layer]
                _add_rows(rows[first], rows[first + 1], rows[first + 2], rows[first + 3], total, count)
                first += 4
            for i in range(first, stop):
                if adds:
                    _add_row(block[layer, i], total, count)
                else:
                    _extreme_row(block[layer, i], sign, total, count)
            target = out[layer, y]
            for x in range(out.shape[2]):
                result = total[x * fx]
                n = count[x * fx]
                for k in range(x * fx + 1, min(x * fx + fx, ncol)):
                    v = total[k]
                    n += count[k]
                    if adds:
                        result += v
                    elif result != result or (v - result) * sign < 0:
                        result = v
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
