"""Statistics over the footprint of each destination cell, for grids whose axes differ.

A footprint is the quadrilateral of a destination cell's corners in source cells, or several where one does not do: a
cell at the edge of a map, or one that is torn apart.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, inner_jit, zeros
from pyterra.kernels.area import (
    AVERAGE,
    MAX,
    MIN,
    MODE,
    RMS,
    SLIVER,
    SUM,
    AreaFun,
    code_of,
    first_to_lead,
    rank,
)
from pyterra.kernels.footprint_cover import FAR, area, box, in_block, outlines, quad, set_slopes, share_row
from pyterra.kernels.outlines import Pieces, Sphere, no_pieces

Array: TypeAlias = npt.NDArray[Any]


@inner_jit
def _rank_of(values: Array, ordered: Array, count: Array, what: int) -> Any:
    copy(values, ordered)
    ordered.sort()
    return first_to_lead(values, ordered, count) if what == MODE else ordered[rank(what, values.size)]


@exact_jit
def _weighted(
    block: Array,
    rows: Array,
    cols: Array,
    of: Array,
    first: Array,
    start: Array,
    piece_rows: Array,
    piece_cols: Array,
    row0: int,
    col0: int,
    ncol: int,
    period: float,
    closed: bool,
    north: float,
    south: float,
    what: int,
    most: int,
    corners: int,
    wide: int,
    out: Array,
) -> None:
    """Average, sum, root mean square or extreme of every footprint.

    A footprint has at most ``most`` outlines and ``corners`` corners, and reaches over at most ``wide`` columns.
    """
    nlyr, nrow, width = block.shape
    ys, xs, slopes, ends = (
        empty(corners),
        empty(corners),
        empty(corners),
        zeros(most + 1, np.int64),
    )
    cover, share = zeros(wide + 2), empty(wide + 1)
    total, mass, base = empty(nlyr), empty(nlyr), empty(nlyr)
    turn = int(period) if closed else 0
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            m, ends[1] = 1, 4
            if of[y, x] >= 0:
                m = 0
                for piece in range(first[of[y, x]], first[of[y, x] + 1]):
                    a, b = start[piece], start[piece + 1]
                    m = outlines(
                        piece_rows[a:b], piece_cols[a:b], ncol, period, closed, north, south, m, ys, xs, ends
                    )
            else:
                m = quad(y, x, rows, cols, period / 2, north, south, ys, xs)
                if m == 2:
                    m = outlines(
                        ys[:4].copy(), xs[:4].copy(), ncol, period, closed, north, south, 0, ys, xs, ends
                    )
            top, bottom, left, right, within = box(m, ys, xs, ends, row0, nrow, col0, width, closed)
            whole = 0.0
            for p in range(m):
                whole += area(ys, xs, ends[p], ends[p + 1])
                set_slopes(ys, xs, slopes, ends[p], ends[p + 1])
            least = SLIVER * min(whole, 1.0)
            for layer in range(nlyr):
                total[layer], mass[layer], base[layer] = 0.0, 0.0, np.nan
            for i in range(top, bottom):
                if within:
                    share[0] = whole
                else:
                    share_row(ys, xs, slopes, ends, m, i, left, right, cover, share)
                for layer in range(nlyr):
                    kept, added, weight = base[layer], 0.0, 0.0
                    for j in range(right - left):
                        w = share[j]
                        at = in_block(left + j, ncol, col0, width, turn) if closed else left + j - col0
                        if w <= least or at < 0:
                            continue
                        v = float(block[layer, i - row0, at])
                        if v != v:
                            continue
                        if kept != kept or (what == MIN and v < kept) or (what == MAX and v > kept):
                            kept = v
                        # Averages from the first value on, so that constants stay what they are.
                        added += w * (v - kept if what == AVERAGE else v * v if what == RMS else v)
                        weight += w
                    base[layer] = kept
                    total[layer] += added
                    mass[layer] += weight
            for layer in range(nlyr):
                if what == AVERAGE:
                    out[layer, y, x] = base[layer] + total[layer] / mass[layer]
                elif what == RMS:
                    out[layer, y, x] = np.sqrt(total[layer] / mass[layer])
                elif what == SUM:
                    out[layer, y, x] = total[layer] if mass[layer] > 0 else np.nan
                else:
                    out[layer, y, x] = base[layer]


@inner_jit
def _longer(values: Array) -> Array:
    layers, size = values.shape
    out = empty((layers, 2 * size), values.dtype)
    for layer in range(layers):
        copy(values[layer], out[layer, :size])
    return out


@exact_jit
def _ranked(
    block: Array,
    rows: Array,
    cols: Array,
    of: Array,
    first: Array,
    start: Array,
    piece_rows: Array,
    piece_cols: Array,
    row0: int,
    col0: int,
    ncol: int,
    period: float,
    closed: bool,
    north: float,
    south: float,
    what: int,
    most: int,
    corners: int,
    wide: int,
    out: Array,
) -> None:
    """Mode, or an order statistic, of the cells under every footprint, however little is covered."""
    nlyr, nrow, width = block.shape
    ys, xs, slopes, ends = (
        empty(corners),
        empty(corners),
        empty(corners),
        zeros(most + 1, np.int64),
    )
    cover, share = zeros(wide + 2), empty(wide + 1)
    values, kept = empty((nlyr, 64), block.dtype), zeros(nlyr, np.int64)
    ordered, count = empty(64, block.dtype), empty(64, np.int64)
    turn = int(period) if closed else 0
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            m, ends[1] = 1, 4
            if of[y, x] >= 0:
                m = 0
                for piece in range(first[of[y, x]], first[of[y, x] + 1]):
                    a, b = start[piece], start[piece + 1]
                    m = outlines(
                        piece_rows[a:b], piece_cols[a:b], ncol, period, closed, north, south, m, ys, xs, ends
                    )
            else:
                m = quad(y, x, rows, cols, period / 2, north, south, ys, xs)
                if m == 2:
                    m = outlines(
                        ys[:4].copy(), xs[:4].copy(), ncol, period, closed, north, south, 0, ys, xs, ends
                    )
            top, bottom, left, right, within = box(m, ys, xs, ends, row0, nrow, col0, width, closed)
            whole = 0.0
            for p in range(m):
                whole += area(ys, xs, ends[p], ends[p + 1])
                set_slopes(ys, xs, slopes, ends[p], ends[p + 1])
            least = SLIVER * min(whole, 1.0)
            kept[:] = 0
            for i in range(top, bottom):
                if within:
                    share[0] = whole
                else:
                    share_row(ys, xs, slopes, ends, m, i, left, right, cover, share)
                for j in range(right - left):
                    at = in_block(left + j, ncol, col0, width, turn) if closed else left + j - col0
                    if share[j] <= least or at < 0:
                        continue
                    for layer in range(nlyr):
                        v = block[layer, i - row0, at]
                        if v == v:
                            if kept[layer] == values.shape[1]:
                                values = _longer(values)
                                ordered = empty(values.shape[1], block.dtype)
                                count = empty(values.shape[1], np.int64)
                            values[layer, kept[layer]] = v
                            kept[layer] += 1
            for layer in range(nlyr):
                k = kept[layer]
                out[layer, y, x] = _rank_of(values[layer, :k], ordered[:k], count[:k], what) if k else np.nan


def footprint_stat(
    block: Array,
    rows: Array,
    cols: Array,
    fun: AreaFun = "average",
    *,
    origin: tuple[int, int] = (0, 0),
    sphere: Sphere | None = None,
    pieces: Pieces | None = None,
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """One statistic of the source cells under each destination cell.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
        Window of the source.
    rows, cols : float64 ndarray of shape (m + 1, n + 1)
        Positions of the destination cells' corners, in cells of the whole source. A NaN corner gives NaN.
    fun : str
        As for ``area.area_stat``.
    origin : tuple of int
        Row and column of the block's first cell in the whole source. Columns beyond the block are looked for one
        turn to the left.
    sphere : Sphere, optional
        How the source goes around the earth; not at all by default.
    pieces : Pieces, optional
        Footprints of cells that are not the quadrilateral of their corners.
    out_dtype : dtype
        Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer, m, n)
        NaN where no valid cell lies under.
    """
    rows, cols = np.ascontiguousarray(rows, np.float64), np.ascontiguousarray(cols, np.float64)
    out = np.empty((block.shape[0], rows.shape[0] - 1, rows.shape[1] - 1))
    around = sphere or Sphere(origin[1] + block.shape[2])
    parts = pieces or no_pieces(out.shape[1:])
    polygons = max(1, int(np.diff(parts.first).max(initial=1)))
    corners = int(np.diff(parts.start[parts.first]).max(initial=4))
    code = code_of(fun)
    kernel = _weighted if code in (AVERAGE, SUM, RMS, MIN, MAX) else _ranked
    kernel(
        block.astype(np.float64, copy=False),
        rows,
        cols,
        parts.of,
        parts.first,
        parts.start,
        parts.rows,
        parts.cols,
        origin[0],
        origin[1],
        around.ncol,
        around.period,
        around.closed,
        max(around.north, -FAR),
        min(around.south, FAR),
        code,
        3 * polygons + 1,
        3 * (2 * corners + 4 * polygons + 4),
        2 * int(around.period) + 4 if around.closed else block.shape[2],
        out,
    )
    return out.astype(out_dtype, copy=False)
