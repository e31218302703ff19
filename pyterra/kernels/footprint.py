"""Statistics over the footprint of each destination cell, for grids whose axes differ.

A footprint is the quadrilateral of a destination cell's corners in source cells, or several where one does not do: a
cell at the edge of a map, or one that is torn apart. What a footprint covers of every source cell is exact.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, exact_jit, inlined
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
from pyterra.kernels.outlines import Pieces, Sphere, no_pieces

Array: TypeAlias = npt.NDArray[Any]

AT_POLE = 1e-5  # rows; a corner so near a pole has no longitude of its own
FAR = 1e9  # rows; where poles lie that are no point of the destination


@exact_jit
def _outline(
    rows: Array, cols: Array, period: float, north: float, south: float, ys: Array, xs: Array
) -> int:
    """Corners of a polygon without a jump of a turn and closed along a pole that it goes around; their number.

    A corner at a pole becomes two, at the longitudes of its neighbours.
    """
    size = rows.size
    if not np.isfinite(period):
        for k in range(size):
            ys[k], xs[k] = rows[k], cols[k]
        return size
    n, start = 0, -1
    for k in range(size):
        if min(abs(rows[k] - north), abs(rows[k] - south)) > AT_POLE:
            start = k
            break
    if start < 0:
        return 0
    lon = cols[start]
    tip, waiting = 0.0, False
    for step in range(size + 1):
        k = (start + step) % size
        if min(abs(rows[k] - north), abs(rows[k] - south)) <= AT_POLE:
            tip, waiting = rows[k], True
            continue
        near = cols[k] - period * np.rint((cols[k] - lon) / period)
        if (
            not waiting and abs(abs(near - lon) - period / 2) < period * AT_POLE
        ):  # an edge that runs over the pole
            tip, waiting = north if rows[k] - north < south - rows[k] else south, True
        if waiting:
            ys[n], xs[n] = tip, lon
            ys[n + 1], xs[n + 1] = tip, near
            n += 2
            waiting = False
        lon = near
        if step < size:
            ys[n], xs[n] = rows[k], lon
            n += 1
    if abs(lon - xs[0]) > period / 2:
        middle = ys[:n].mean()
        pole = north if middle - north < south - middle else south
        if abs(pole) >= FAR:  # around no pole: it was torn apart
            return 0
        ys[n], xs[n] = ys[0], lon
        ys[n + 1], xs[n + 1] = pole, lon
        ys[n + 2], xs[n + 2] = pole, xs[0]
        n += 3
    return n


@inlined
def _cover_row(
    ys: Array, xs: Array, slopes: Array, a: int, b: int, row: int, left: int, right: int, cover: Array
) -> None:
    """What a polygon covers of the cells of a row, as differences from cell to cell, signed by its direction."""
    for k in range(a, b):
        after = k + 1 if k + 1 < b else a
        y0, x0, y1, x1, sign = ys[k], xs[k], ys[after], xs[after], 1.0
        if y0 > y1:
            y0, x0, y1, x1, sign = y1, x1, y0, x0, -1.0
        if y0 == y1 or y1 <= row or y0 >= row + 1:
            continue
        if y0 < row:
            x0 += (row - y0) * slopes[k]
            y0 = float(row)
        if y1 > row + 1:
            x1 = x0 + (row + 1 - y0) * slopes[k]
            y1 = row + 1.0
        high = sign * (y1 - y0)
        low, end = (x0, x1) if x0 < x1 else (x1, x0)
        if low >= right:
            continue
        if end <= left:
            cover[0] += high
            continue
        j = int(np.floor(low))
        if j >= left and end <= j + 1:
            part = high * ((low + end) / 2.0 - j)
            cover[j - left] += high - part
            cover[j - left + 1] += part
            continue
        rise = high / (end - low)
        if low < left:
            cover[0] += rise * (left - low)
            low, j = float(left), left
        while j < right and low < end:
            stop = min(end, j + 1.0)
            high = rise * (stop - low)
            part = high * ((low + stop) / 2.0 - j)
            cover[j - left] += high - part
            cover[j - left + 1] += part
            low = stop
            j += 1


@inlined
def _area(ys: Array, xs: Array, a: int, b: int) -> float:
    total = 0.0
    for k in range(a + 1, b - 1):
        total += (xs[k] - xs[a]) * (ys[k + 1] - ys[a]) - (xs[k + 1] - xs[a]) * (ys[k] - ys[a])
    return abs(total) / 2.0


@inlined
def _set_slopes(ys: Array, xs: Array, slopes: Array, a: int, b: int) -> None:
    for k in range(a, b):
        after = k + 1 if k + 1 < b else a
        high = ys[after] - ys[k]
        slopes[k] = (xs[after] - xs[k]) / high if high != 0.0 else 0.0


@exact_jit
def _rank_of(values: Array, ordered: Array, count: Array, what: int) -> Any:
    copy(values, ordered)
    ordered.sort()
    return first_to_lead(values, ordered, count) if what == MODE else ordered[rank(what, values.size)]


@inlined
def _share_row(
    ys: Array,
    xs: Array,
    slopes: Array,
    ends: Array,
    m: int,
    row: int,
    left: int,
    right: int,
    cover: Array,
    share: Array,
) -> None:
    """What ``m`` polygons cover of each cell of a row."""
    for j in range(right - left):
        share[j] = 0.0
    for p in range(m):
        _cover_row(ys, xs, slopes, ends[p], ends[p + 1], row, left, right, cover)
        run = 0.0
        for j in range(right - left):
            run += cover[j]
            cover[j] = 0.0
            share[j] += abs(run)
        cover[right - left] = 0.0


@exact_jit
def _outlines(
    rows: Array,
    cols: Array,
    ncol: int,
    period: float,
    closed: bool,
    north: float,
    south: float,
    m: int,
    ys: Array,
    xs: Array,
    ends: Array,
) -> int:
    """Add the outline of a polygon to ``m`` others, at every turn at which it meets the source; their number."""
    a = ends[m]
    corners = _outline(rows, cols, period, north, south, ys[a:], xs[a:])
    if corners == 0:
        return m
    if closed or not np.isfinite(period):
        ends[m + 1] = a + corners
        return m + 1
    low = high = xs[a]
    for k in range(a, a + corners):
        low, high = min(low, xs[k]), max(high, xs[k])
    found = 0
    for turn in range(1, -2, -1):  # from the right, so that the last takes the place of what is copied from
        if high + turn * period > 0 and low + turn * period < ncol:
            found += 1
    if found == 0:
        return m
    place = found
    for turn in range(1, -2, -1):
        if high + turn * period > 0 and low + turn * period < ncol:
            place -= 1
            for k in range(corners):
                ys[a + place * corners + k] = ys[a + k]
                xs[a + place * corners + k] = xs[a + k] + turn * period
    for place in range(found):
        ends[m + 1 + place] = a + (place + 1) * corners
    return m + found


@inlined
def _quad(
    y: int, x: int, rows: Array, cols: Array, limit: float, north: float, south: float, ys: Array, xs: Array
) -> int:
    """The corners of a cell; 0 where one is missing, 2 where they must be looked at on the sphere, else 1."""
    ys[0], ys[1], ys[2], ys[3] = rows[y, x], rows[y, x + 1], rows[y + 1, x + 1], rows[y + 1, x]
    xs[0], xs[1], xs[2], xs[3] = cols[y, x], cols[y, x + 1], cols[y + 1, x + 1], cols[y + 1, x]
    if not np.isfinite(ys[0] + ys[1] + ys[2] + ys[3]):
        return 0
    if max(xs[0], xs[1], xs[2], xs[3]) - min(xs[0], xs[1], xs[2], xs[3]) > limit:
        return 2
    far = (
        min(ys[0], ys[1], ys[2], ys[3]) > north + AT_POLE
        and max(ys[0], ys[1], ys[2], ys[3]) < south - AT_POLE
    )
    return 1 if far else 2


@inlined
def _box(
    m: int, ys: Array, xs: Array, ends: Array, row0: int, nrow: int, col0: int, width: int, closed: bool
) -> tuple[int, int, int, int, bool]:
    """Rows and columns of the block under polygons, and whether they lie in one cell."""
    top, bottom, low, high = np.inf, -np.inf, np.inf, -np.inf
    for k in range(ends[m] if m else 0):
        top, bottom = min(top, ys[k]), max(bottom, ys[k])
        low, high = min(low, xs[k]), max(high, xs[k])
    cut = top < row0 or bottom > row0 + nrow or (not closed and (low < col0 or high > col0 + width))
    top, bottom = max(top, float(row0)), min(bottom, float(row0 + nrow))
    if not closed:
        low, high = max(low, float(col0)), min(high, float(col0 + width))
    if not (bottom > top and high > low):
        return 0, 0, 0, 0, False
    first, last, left, right = (
        int(np.floor(top)),
        int(np.ceil(bottom)),
        int(np.floor(low)),
        int(np.ceil(high)),
    )
    return first, last, left, right, m == 1 and not cut and last - first == 1 and right - left == 1


@exact_jit
def _in_block(col: int, ncol: int, col0: int, width: int, turn: int) -> int:
    """Where a column that may lie beyond an edge stands in a block of a source that goes around; -1 for nowhere."""
    if col < 0 or col >= ncol:
        col -= turn * int(np.floor(col / turn))
    col -= col0
    if col >= width:
        col -= turn
    return col if 0 <= col < width else -1


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
        np.empty(corners),
        np.empty(corners),
        np.empty(corners),
        np.zeros(most + 1, np.int64),
    )
    cover, share = np.zeros(wide + 2), np.empty(wide + 1)
    total, mass, base = np.empty(nlyr), np.empty(nlyr), np.empty(nlyr)
    turn = int(period) if closed else 0
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            m, ends[1] = 1, 4
            if of[y, x] >= 0:
                m = 0
                for piece in range(first[of[y, x]], first[of[y, x] + 1]):
                    a, b = start[piece], start[piece + 1]
                    m = _outlines(
                        piece_rows[a:b], piece_cols[a:b], ncol, period, closed, north, south, m, ys, xs, ends
                    )
            else:
                m = _quad(y, x, rows, cols, period / 2, north, south, ys, xs)
                if m == 2:
                    m = _outlines(
                        ys[:4].copy(), xs[:4].copy(), ncol, period, closed, north, south, 0, ys, xs, ends
                    )
            top, bottom, left, right, within = _box(m, ys, xs, ends, row0, nrow, col0, width, closed)
            whole = 0.0
            for p in range(m):
                whole += _area(ys, xs, ends[p], ends[p + 1])
                _set_slopes(ys, xs, slopes, ends[p], ends[p + 1])
            least = SLIVER * min(whole, 1.0)
            for layer in range(nlyr):
                total[layer], mass[layer], base[layer] = 0.0, 0.0, np.nan
            for i in range(top, bottom):
                if within:
                    share[0] = whole
                else:
                    _share_row(ys, xs, slopes, ends, m, i, left, right, cover, share)
                for layer in range(nlyr):
                    kept, added, weight = base[layer], 0.0, 0.0
                    for j in range(right - left):
                        w = share[j]
                        at = _in_block(left + j, ncol, col0, width, turn) if closed else left + j - col0
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


@exact_jit
def _longer(values: Array) -> Array:
    layers, size = values.shape
    out = np.empty((layers, 2 * size), values.dtype)
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
        np.empty(corners),
        np.empty(corners),
        np.empty(corners),
        np.zeros(most + 1, np.int64),
    )
    cover, share = np.zeros(wide + 2), np.empty(wide + 1)
    values, kept = np.empty((nlyr, 64), block.dtype), np.zeros(nlyr, np.int64)
    ordered, count = np.empty(64, block.dtype), np.empty(64, np.int64)
    turn = int(period) if closed else 0
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            m, ends[1] = 1, 4
            if of[y, x] >= 0:
                m = 0
                for piece in range(first[of[y, x]], first[of[y, x] + 1]):
                    a, b = start[piece], start[piece + 1]
                    m = _outlines(
                        piece_rows[a:b], piece_cols[a:b], ncol, period, closed, north, south, m, ys, xs, ends
                    )
            else:
                m = _quad(y, x, rows, cols, period / 2, north, south, ys, xs)
                if m == 2:
                    m = _outlines(
                        ys[:4].copy(), xs[:4].copy(), ncol, period, closed, north, south, 0, ys, xs, ends
                    )
            top, bottom, left, right, within = _box(m, ys, xs, ends, row0, nrow, col0, width, closed)
            whole = 0.0
            for p in range(m):
                whole += _area(ys, xs, ends[p], ends[p + 1])
                _set_slopes(ys, xs, slopes, ends[p], ends[p + 1])
            least = SLIVER * min(whole, 1.0)
            kept[:] = 0
            for i in range(top, bottom):
                if within:
                    share[0] = whole
                else:
                    _share_row(ys, xs, slopes, ends, m, i, left, right, cover, share)
                for j in range(right - left):
                    at = _in_block(left + j, ncol, col0, width, turn) if closed else left + j - col0
                    if share[j] <= least or at < 0:
                        continue
                    for layer in range(nlyr):
                        v = block[layer, i - row0, at]
                        if v == v:
                            if kept[layer] == values.shape[1]:
                                values = _longer(values)
                                ordered = np.empty(values.shape[1], block.dtype)
                                count = np.empty(values.shape[1], np.int64)
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
    out = np.empty((block.shape[0], rows.shape[0] - 1, rows.shape[1] - 1), out_dtype)
    around = sphere or Sphere(origin[1] + block.shape[2])
    parts = pieces or no_pieces(out.shape[1:])
    polygons = max(1, int(np.diff(parts.first).max(initial=1)))
    corners = int(np.diff(parts.start[parts.first]).max(initial=4))
    code = code_of(fun)
    kernel = _weighted if code in (AVERAGE, SUM, RMS, MIN, MAX) else _ranked
    kernel(
        block,
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
    return out
