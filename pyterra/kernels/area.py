"""Resampling by area: every destination cell is a statistic of the source cells that it overlaps.

Both grids have the same axes, so overlaps separate: a share along rows times a share along columns. Shares
come from absolute cell edges, so a destination cell has the same weights, bit for bit, in whatever block it
is computed.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import copy, empty, exact_jit, fill_all, inner_jit, span

Array: TypeAlias = npt.NDArray[Any]
AreaFun = Literal["average", "sum", "rms", "min", "max", "mode", "med", "q1", "q3"]

SLIVER = 1e-6  # cells; edges closer than this are taken as one: rounding of coordinates is no overlap

AVERAGE, SUM, RMS, MIN, MAX, MODE, MED, Q1, Q3 = range(9)
_CODES = {name: code for code, name in enumerate(get_args(AreaFun))}


def code_of(fun: AreaFun) -> int:
    """Number by which kernels know a statistic."""
    return _CODES[fun]


@dataclass(frozen=True, slots=True)
class AxisShares:
    """Which source cells each destination cell of an axis overlaps, and by how much."""

    at: npt.NDArray[np.int64]
    """Shape (destination, largest size): source cells in the numbering of the whole axis."""
    size: npt.NDArray[np.int64]
    """How many of them count; 0 outside the source."""
    share: npt.NDArray[np.float64]
    """Shape as ``at``: the part of each source cell that is covered; 0 beyond ``size``."""

    @property
    def window(self) -> tuple[int, int]:
        """First source cell and one past the last that any destination needs; (0, 0) for none."""
        used = np.arange(self.at.shape[1]) < self.size[:, None]
        return (int(self.at[used].min()), int(self.at[used].max()) + 1) if used.any() else (0, 0)


def edges_of(
    src_start: float, src_res: float, dst_start: float, dst_res: float, n_dst: int, *, begin: int = 0
) -> Array:
    """Edges of destination cells ``begin`` to ``begin + n_dst`` of an axis, in source cells: ``n_dst + 1`` numbers.

    Parameters
    ----------
    src_start, dst_start : float
        Coordinate of the outer edge of the first cell of the **whole** axis, in the same unit.
    src_res, dst_res : float
        Cell sizes, signed: negative where coordinates fall, as y does down the rows.
    n_dst, begin : int
        How many destination cells, and the first of them, counted along the whole axis.
    """
    cells = np.arange(begin, begin + n_dst + 1, dtype=np.float64)
    edges = (dst_start - src_start) / src_res + cells * (dst_res / src_res)
    near = np.rint(edges)
    return np.asarray(np.where(np.abs(edges - near) < SLIVER, near, edges))


def area_weights(
    src_start: float,
    src_res: float,
    n_src: int,
    dst_start: float,
    dst_res: float,
    n_dst: int,
    *,
    begin: int = 0,
) -> AxisShares:
    """Shares of the ``n_src`` source cells of an axis in destination cells, told as for `edges_of`."""
    edges = edges_of(src_start, src_res, dst_start, dst_res, n_dst, begin=begin)
    return shares_of_edges(edges[:-1], edges[1:], n_src)


def shares_of_edges(low: Array, high: Array, n_src: int) -> AxisShares:
    """Shares of source cells ``i`` to ``i + 1`` between ``low`` and ``high``, in source cells."""
    low = np.clip(low, 0, n_src)
    high = np.clip(high, 0, n_src)
    first = np.floor(low).astype(np.int64)
    size = np.where(high > low, np.ceil(high).astype(np.int64) - first, 0)
    at = first[:, None] + np.arange(max(int(size.max(initial=0)), 1))
    share = np.minimum(high[:, None], at + 1) - np.maximum(low[:, None], at)
    return AxisShares(at, size, np.where(at < (first + size)[:, None], np.maximum(share, 0.0), 0.0))


def shares_around(low: Array, high: Array, n_src: int, period: float) -> AxisShares:
    """As `shares_of_edges`, for an axis that comes back to the same place after ``period`` cells.

    What lies beyond one edge is looked for at the other, where the axis has it.
    """
    high = np.minimum(high, low + period)
    parts = [shares_of_edges(low, high, n_src)]
    left, right = (low < 0) & (high < n_src), (high > n_src) & (low > 0)
    for beyond, begin, end in ((left, low + period, high + period), (right, low - period, high - period)):
        if beyond.any():
            if period <= n_src:  # the axis has every place: only what lies beyond comes back
                begin, end = np.maximum(begin, n_src - period), np.minimum(end, period)
            parts.append(shares_of_edges(np.where(beyond, begin, 0), np.where(beyond, end, 0), n_src))
    if len(parts) == 1:
        return parts[0]
    at, share = (np.concatenate([getattr(p, name) for p in parts], axis=1) for name in ("at", "share"))
    used = np.concatenate([np.arange(p.at.shape[1]) < p.size[:, None] for p in parts], axis=1)
    order = np.argsort(~used, axis=1, kind="stable")
    at, share, used = (np.take_along_axis(v, order, axis=1) for v in (at, share, used))
    most = max(int(used.sum(axis=1).max(initial=0)), 1)
    return AxisShares(
        np.ascontiguousarray(at[:, :most]), used.sum(axis=1), np.ascontiguousarray(share[:, :most])
    )


@inner_jit
def add_share(row: Array, share: float, square: bool, value: Array, weight: Array) -> bool:
    """Add a row times its share to column sums; return whether it had a NaN."""
    found = 0
    for x in range(row.size):
        found += row[x] != row[x]
    if found:
        for x in range(row.size):
            v = np.float64(row[x])
            value[x] += share * (v * v if square else v) if v == v else 0.0
        for x in range(row.size):
            weight[x] += share if row[x] == row[x] else 0.0
        return True
    if square:
        for x in range(row.size):
            v = np.float64(row[x])
            value[x] += share * (v * v)
    else:
        for x in range(row.size):
            value[x] += share * row[x]
    for x in range(row.size):
        weight[x] += share
    return False


@exact_jit
def _weighted(
    block: Array,
    row_at: Array,
    row_size: Array,
    row_share: Array,
    col_at: Array,
    col_size: Array,
    col_share: Array,
    what: int,
    out: Array,
) -> None:
    """Average, sum or root mean square: rows are added with their shares, then columns with theirs."""
    nlyr, nrow, ncol = out.shape
    value = empty(block.shape[2])
    weight = empty(block.shape[2])
    for layer in range(nlyr):
        for y in range(nrow):
            fill_all(value, 0.0)
            fill_all(weight, 0.0)
            for i in range(row_size[y]):
                add_share(block[layer, row_at[y, i]], row_share[y, i], what == RMS, value, weight)
            target = out[layer, y]
            for x in range(ncol):
                total = mass = 0.0
                for j in range(col_size[x]):
                    total += col_share[x, j] * value[col_at[x, j]]
                    mass += col_share[x, j] * weight[col_at[x, j]]
                if mass > 0:
                    result = total if what == SUM else total / mass
                    target[x] = np.sqrt(result) if what == RMS else result
                else:
                    target[x] = np.nan


@exact_jit
def _extreme(
    block: Array, row_at: Array, row_size: Array, col_at: Array, col_size: Array, sign: int, out: Array
) -> None:
    """Lowest (``sign`` 1) or highest (-1) of the overlapped cells, however little is overlapped."""
    nlyr, nrow, ncol = out.shape
    best = empty(block.shape[2], block.dtype)
    for layer in range(nlyr):
        for y in range(nrow):
            fill_all(best, np.nan)
            for i in range(row_size[y]):
                row = block[layer, row_at[y, i]]
                if sign > 0:
                    for x in range(row.size):
                        best[x] = row[x] if (row[x] < best[x] or best[x] != best[x]) else best[x]
                else:
                    for x in range(row.size):
                        best[x] = row[x] if (row[x] > best[x] or best[x] != best[x]) else best[x]
            for x in range(ncol):
                result = np.nan
                for j in range(col_size[x]):
                    v = best[col_at[x, j]]
                    if result != result or (v < result if sign > 0 else v > result):
                        result = v
                out[layer, y, x] = result


@inner_jit
def first_to_lead(v: Array, ordered: Array, count: Array) -> Any:
    """Commonest of ``v``; of equals the one whose last cell comes first.

    ``ordered`` holds the same values sorted.
    """
    n = v.size
    most = run = 1
    for i in range(1, n):
        run = run + 1 if ordered[i] == ordered[i - 1] else 1
        most = max(most, run)
    fill_all(span(count, 0, n), 0)
    for i in range(n):
        at = np.searchsorted(ordered, v[i])
        count[at] += 1
        if count[at] == most:
            return v[i]
    return np.nan


@exact_jit
def rank(what: int, n: int) -> int:
    """Place of the median or a quartile among ``n`` sorted values."""
    part = 0.25 if what == Q1 else (0.75 if what == Q3 else 0.5)
    return max(0, int(np.ceil(part * n - 1)))


@exact_jit
def _ranked(
    block: Array, row_at: Array, row_size: Array, col_at: Array, col_size: Array, what: int, out: Array
) -> None:
    """Mode, or an order statistic, of the overlapped cells, however little is overlapped."""
    nlyr, nrow, ncol = out.shape
    most = row_size.max() * col_size.max()
    values = empty(most, block.dtype)
    ordered = empty(most, block.dtype)
    count = empty(most, np.int64)
    for layer in range(nlyr):
        for y in range(nrow):
            for x in range(ncol):
                n = 0
                for i in range(row_size[y]):
                    for j in range(col_size[x]):
                        v = block[layer, row_at[y, i], col_at[x, j]]
                        if v == v:
                            values[n] = v
                            n += 1
                if n == 0:
                    out[layer, y, x] = np.nan
                    continue
                copy(values, span(ordered, 0, n))
                span(ordered, 0, n).sort()
                if what == MODE:
                    out[layer, y, x] = first_to_lead(span(values, 0, n), span(ordered, 0, n), count)
                else:
                    out[layer, y, x] = ordered[rank(what, n)]


def area_stat(
    block: Array,
    rows: AxisShares,
    cols: AxisShares,
    fun: AreaFun = "average",
    *,
    origin: tuple[int, int] = (0, 0),
    turn: int = 0,
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """One statistic of the source cells that each destination cell overlaps.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
        The window of the source that ``rows.window`` and ``cols.window`` tell, or more.
    rows, cols : AxisShares
        Of ``area_weights``.
    fun : str
        ``average``, ``sum`` and ``rms`` weigh every cell by the share that is covered; ``min``, ``max``,
        ``mode``, ``med``, ``q1`` and ``q3`` take every overlapped cell whole, as GDAL does.
    origin : tuple of int
        Row and column of the block's first cell in the whole source.
    turn : int
        As for ``sample.sample``.
    out_dtype : dtype
        Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer, len(rows.first), len(cols.first))
        NaN where no valid cell is overlapped.

    Notes
    -----
    Missing cells drop out: the average is that of the valid area, and the part of a destination cell that
    lies outside the source counts as missing. (GDAL gives the outermost source cells the weight of what lies
    beyond them, so terra's average differs along an edge that the destination overhangs.) ``med``, ``q1`` and
    ``q3`` are values that occur, the one at ``ceil(p * n)``: for the median the lower of the two middle ones.
    Ties of ``mode`` go to the value whose last cell comes first in row-major order.
    """
    block = block.astype(np.float64, copy=False)
    out = np.empty((block.shape[0], rows.size.size, cols.size.size))
    row_at, col_at = rows.at - origin[0], cols.at - origin[1]
    if turn:
        col_at = np.where(col_at >= block.shape[2], col_at - turn, col_at)
    code = code_of(fun)
    if code in (AVERAGE, SUM, RMS):
        _weighted(block, row_at, rows.size, rows.share, col_at, cols.size, cols.share, code, out)
    elif code in (MIN, MAX):
        _extreme(block, row_at, rows.size, col_at, cols.size, 1 if code == MIN else -1, out)
    else:
        _ranked(block, row_at, rows.size, col_at, cols.size, code, out)
    return out.astype(out_dtype, copy=False)
