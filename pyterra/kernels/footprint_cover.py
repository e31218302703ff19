"""Footprints as polygons of source cells: their outlines, and how much they cover of each cell of a row.

A footprint is the quadrilateral of a destination cell's corners, or several polygons where one does not do. What it
covers is exact.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, inlined, inner_jit

Array: TypeAlias = npt.NDArray[Any]

AT_POLE = 1e-5  # rows; a corner so near a pole has no longitude of its own
FAR = 1e9  # rows; where poles lie that are no point of the destination


@inner_jit
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


@exact_jit
def outlines(
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
def quad(
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
def box(
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
def share_row(
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


@inlined
def area(ys: Array, xs: Array, a: int, b: int) -> float:
    total = 0.0
    for k in range(a + 1, b - 1):
        total += (xs[k] - xs[a]) * (ys[k + 1] - ys[a]) - (xs[k + 1] - xs[a]) * (ys[k] - ys[a])
    return abs(total) / 2.0


@inlined
def set_slopes(ys: Array, xs: Array, slopes: Array, a: int, b: int) -> None:
    for k in range(a, b):
        after = k + 1 if k + 1 < b else a
        high = ys[after] - ys[k]
        slopes[k] = (xs[after] - xs[k]) / high if high != 0.0 else 0.0


@inner_jit
def in_block(col: int, ncol: int, col0: int, width: int, turn: int) -> int:
    """Where a column that may lie beyond an edge stands in a block of a source that goes around; -1 for nowhere."""
    if col < 0 or col >= ncol:
        col -= turn * int(np.floor(col / turn))
    col -= col0
    if col >= width:
        col -= turn
    return col if 0 <= col < width else -1
