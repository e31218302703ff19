"""Which cells a line or polygon covers: by centre, by touch, by render path, or by the covered fraction.

Coordinates are in cells, x to the right and y down from the upper left corner of the grid, so the centre of the first
cell is (0.5, 0.5). Rules for ties are GDAL's: a centre on the left edge of a polygon is outside; one on the right, the
lower or the upper edge is inside. What a row of cells gets never depends on the window, so blocks of any shape agree
bit for bit.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, empty, exact_jit, inner_jit, span, zeros

Array: TypeAlias = npt.NDArray[Any]

CENTRE, TOUCH, COVER, PATH = 0, 1, 2, 3
"""Rules: the centre lies inside; any touch; the covered fraction; the render path of a line (Bresenham's)."""
LAST, FIRST, MINIMUM, MAXIMUM, SUM, MEAN = range(6)
JOINS = {"last": LAST, "first": FIRST, "min": MINIMUM, "max": MAXIMUM, "sum": SUM, "mean": MEAN}
"""Statistics that `paint` makes on the way."""
"""What a cell gets that several geometries cover."""
NOISE = 1e-9
"""Fractions this near to 0 or 1 are rounding."""


@inner_jit
def _fill(x: Array, y: Array, start: int, stop: int, row0: int, col0: int, out: Array) -> None:
    """Turn over, row by row, the cells right of each crossing of a ring (even-odd rule)."""
    nrow, ncol = out.shape
    for i in range(start, stop - 1):
        x1, y1, x2, y2 = x[i], y[i], x[i + 1], y[i + 1]
        if y1 == y2:
            continue
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        first = max(math.ceil(y1 - 0.5), row0)
        last = min(math.ceil(y2 - 0.5) - 1, row0 + nrow - 1)
        for row in range(first, last + 1):
            crossing = (row + 0.5 - y1) * (x2 - x1) / (y2 - y1) + x1
            col = math.floor(crossing + 0.5) - col0
            if col < ncol:
                k = max(col, 0)
                out[row - row0, k] = 1.0 - out[row - row0, k]


@inner_jit
def _spread(out: Array) -> None:
    """From turning points to cells inside."""
    for r in range(out.shape[0]):
        inside = 0.0
        for c in range(out.shape[1]):
            if out[r, c] != 0.0:
                inside = 1.0 - inside
            out[r, c] = inside


@inner_jit
def _level(x: Array, y: Array, start: int, stop: int, turn: float, row0: int, col0: int, out: Array) -> None:
    """Add the cells whose centres lie on a level edge at the bottom of a ring."""
    nrow, ncol = out.shape
    for i in range(start, stop - 1):
        row = math.floor(y[i]) - row0
        if y[i] != y[i + 1] or y[i] != row0 + row + 0.5 or row < 0 or row >= nrow:
            continue
        if (x[i + 1] - x[i]) * turn <= 0.0:
            continue
        left, right = min(x[i], x[i + 1]), max(x[i], x[i + 1])
        for col in range(max(math.floor(left + 0.5) - col0, 0), min(math.floor(right + 0.5) - col0, ncol)):
            out[row, col] = 1.0


@inner_jit
def _touch(
    x: Array, y: Array, start: int, stop: int, polygon: bool, row0: int, col0: int, out: Array
) -> None:
    """All cells whose inside a line passes through; the boundary of a polygon on the edge of cells touches none."""
    nrow, ncol = out.shape
    for i in range(start, stop - 1):
        x1, y1, x2, y2 = x[i], y[i], x[i + 1], y[i + 1]
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
        if polygon and ((x1 == x2 and x1 == math.floor(x1)) or (y1 == y2 and y1 == math.floor(y1))):
            continue
        first = max(math.floor(y1), row0)
        last = min(_last(y1, y2), row0 + nrow - 1)
        for row in range(first, last + 1):
            a, b = x1, x2
            if y2 > y1:
                slope = (x2 - x1) / (y2 - y1)
                if y1 < row:
                    a = x1 + (row - y1) * slope
                if y2 > row + 1:
                    b = x1 + (row + 1 - y1) * slope
            if a > b:
                a, b = b, a
            left = max(math.floor(a) - col0, 0)
            right = min(_last(a, b) - col0, ncol - 1)
            for col in range(left, right + 1):
                out[row - row0, col] = 1.0


@inner_jit
def _last(a: float, b: float) -> Any:
    """The last cell inside of which there is some of a .. b."""
    return math.ceil(b) - 1 if b > a else math.floor(b)


@inner_jit
def _path(x: Array, y: Array, start: int, stop: int, row0: int, col0: int, out: Array) -> None:
    """Cells on the render path of a line: Bresenham's steps between the cells of its vertices."""
    nrow, ncol = out.shape
    for i in range(start, stop - 1):
        col, row = math.floor(x[i]), math.floor(y[i])
        to_col, to_row = math.floor(x[i + 1]), math.floor(y[i + 1])
        wide, high = abs(to_col - col), abs(to_row - row)
        right, down = (1 if to_col > col else -1), (1 if to_row > row else -1)
        error = (max(wide, high) + 1) >> 1
        for _ in range(max(wide, high) + 1):
            r, c = row - row0, col - col0
            if 0 <= r < nrow and 0 <= c < ncol:
                out[r, c] = 1.0
            if wide >= high:
                col += right
                error -= high
                if error <= 0:
                    row += down
                    error += wide
            else:
                row += down
                error -= wide
                if error <= 0:
                    col += right
                    error += high


@inner_jit
def _cover(x: Array, y: Array, start: int, stop: int, sign: float, row0: int, col0: int, out: Array) -> None:
    """Add up, row by row, the signed areas right of each edge of a ring, as differences along the row.

    The covered fraction of a cell is the sum of what stands in its row up to it: the coverage accumulation of font
    renderers, exact but for rounding.
    """
    nrow = out.shape[0]
    for i in range(start, stop - 1):
        x1, y1, x2, y2 = x[i], y[i], x[i + 1], y[i + 1]
        if y1 == y2:
            continue
        direction = sign
        if y1 > y2:
            x1, y1, x2, y2 = x2, y2, x1, y1
            direction = -sign
        slope = (x2 - x1) / (y2 - y1)
        first = max(math.floor(y1), row0)
        last = min(math.ceil(y2) - 1, row0 + nrow - 1)
        for row in range(first, last + 1):
            top, bottom = max(y1, float(row)), min(y2, float(row + 1))
            a = x1 + (top - y1) * slope - col0
            b = x2 - col0 if bottom == y2 else x1 + (bottom - y1) * slope - col0
            height = (bottom - top) * direction
            _cover_row(min(a, b), max(a, b), height, out[row - row0])


@inner_jit
def _cover_row(a: float, b: float, height: float, row: Array) -> None:
    """One edge between the upper and lower side of a row of cells, from x = a to x = b."""
    ncol = row.size
    if a >= ncol:
        return
    if b <= 0.0:
        row[0] += height
        return
    per_x = height / (b - a) if b > a else 0.0
    if a < 0.0:
        outside = -a * per_x
        row[0] += outside
        height -= outside
        a = 0.0
    col = math.floor(a)
    if col >= math.floor(b):  # within one cell
        middle = (a + b) / 2 - col
        row[col] += height * (1.0 - middle)
        if col + 1 < ncol:
            row[col + 1] += height * middle
        return
    while a < b and col < ncol:
        stop = min(b, float(col + 1))
        part = (stop - a) * per_x
        middle = (a + stop) / 2 - col
        row[col] += part * (1.0 - middle)
        if col + 1 < ncol:
            row[col + 1] += part * middle
        a, col = stop, col + 1


@inner_jit
def _sum_up(out: Array) -> None:
    """From differences along the rows to fractions."""
    for r in range(out.shape[0]):
        total = 0.0
        for c in range(out.shape[1]):
            total += out[r, c]
            if total < NOISE:
                out[r, c] = 0.0
            elif total > 1.0 - NOISE:
                out[r, c] = 1.0
            else:
                out[r, c] = total


@inner_jit
def mark(
    x: Array,
    y: Array,
    parts: Array,
    turns: Array,
    holes: Array,
    first: int,
    last: int,
    polygon: bool,
    rule: Any,
    row0: int,
    col0: int,
    out: Array,
) -> None:
    """Weights of the cells of a window that one geometry (its parts `first` to `last` - 1) covers; `out` is zero."""
    if rule == COVER:
        for part in range(first, last):
            sign = -turns[part] if holes[part] else turns[part]
            _cover(x, y, parts[part], parts[part + 1], sign, row0, col0, out)
        _sum_up(out)
        return
    if polygon:
        for part in range(first, last):
            _fill(x, y, parts[part], parts[part + 1], row0, col0, out)
        _spread(out)
        for part in range(first, last):
            _level(x, y, parts[part], parts[part + 1], turns[part], row0, col0, out)
    if rule == TOUCH:
        for part in range(first, last):
            _touch(x, y, parts[part], parts[part + 1], polygon, row0, col0, out)
    elif rule == PATH:
        for part in range(first, last):
            _path(x, y, parts[part], parts[part + 1], row0, col0, out)


@inner_jit
def reach(box: Array, row: int, col: int, nrow: int, ncol: int, gridcols: int) -> Any:
    """First row, rows, first column and columns that a geometry may cover in a window; rows = 0 where none.

    Columns begin at the geometry's own first, not at the window's: sums along a row must not depend on the window.
    """
    top = max(math.floor(box[1]), row)
    bottom = min(math.floor(box[3]), row + nrow - 1)
    left = max(math.floor(box[0]), 0)
    right = min(math.floor(box[2]), gridcols - 1, col + ncol - 1)
    if bottom < top or right < max(left, col):
        return 0, 0, 0, 0
    return top, bottom - top + 1, left, right - left + 1


@exact_jit
def list_cells(
    x: Array,
    y: Array,
    parts: Array,
    turns: Array,
    holes: Array,
    first: Array,
    boxes: Array,
    chosen: Array,
    rules: Array,
    polygon: bool,
    row: int,
    col: int,
    nrow: int,
    ncol: int,
    gridcols: int,
) -> Any:
    """Cells of a window that each geometry covers.

    Parameters
    ----------
    x, y : float64 arrays, in cells
    parts : int64 array; start of each ring or line in x and y, and the end
    turns : float64 array; 1 or -1 per ring, by the direction in which it runs
    holes : bool array; whether a ring is a hole
    first : int64 array; first part of each geometry, and the end
    boxes : float64 array (geometry, 4): xmin, ymin, xmax, ymax in cells
    chosen : int64 array; geometries to look at
    rules : uint8 array; rule of each geometry
    polygon : bool
    row, col, nrow, ncol : the window
    gridcols : columns of the grid

    Returns
    -------
    geometry, cell (row-major within the window), weight : arrays of one length, in the order of `chosen`
    """
    size = 1024
    geometry, cell = empty(size, np.int64), empty(size, np.int64)
    weight = empty(size, np.float64)
    n = 0
    for g in chosen:
        top, height, left, width = reach(boxes[g], row, col, nrow, ncol, gridcols)
        if height == 0:
            continue
        out = zeros((height, width))
        mark(x, y, parts, turns, holes, first[g], first[g + 1], polygon, np.int64(rules[g]), top, left, out)
        skip = max(col - left, 0)
        if n + height * (width - skip) > size:
            size = max(2 * size, n + height * (width - skip))
            geometry, cell, weight = _grown(geometry, n, size), _grown(cell, n, size), _grown(weight, n, size)
        for r in range(height):
            at = (top + r - row) * ncol + left - col
            for c in range(skip, width):
                if out[r, c] != 0.0:
                    geometry[n], cell[n], weight[n] = g, at + c, out[r, c]
                    n += 1
    return span(geometry, 0, n), span(cell, 0, n), span(weight, 0, n)


@inner_jit
def _grown(array: Array, n: int, size: int) -> Any:
    out = empty(size, array.dtype)
    copy(array, span(out, 0, n))
    return out


@exact_jit
def covers_a_cell(
    x: Array,
    y: Array,
    parts: Array,
    turns: Array,
    holes: Array,
    first: Array,
    boxes: Array,
    polygon: bool,
    gridrows: int,
    gridcols: int,
) -> Any:
    """Per geometry: whether the centre of any cell of the grid lies inside."""
    found = zeros(first.size - 1, np.bool_)
    for g in range(found.size):
        row = 0
        while row < gridrows and not found[g]:
            top, height, left, width = reach(boxes[g], row, 0, gridrows - row, gridcols, gridcols)
            if height == 0:
                break
            height = min(height, 1 + 4096 // width)
            out = zeros((height, width))
            mark(x, y, parts, turns, holes, first[g], first[g + 1], polygon, CENTRE, top, left, out)
            for cell in out.flat:
                found[g] |= cell != 0.0
            row = top + height
    return found


@exact_jit
def paint(
    x: Array,
    y: Array,
    parts: Array,
    turns: Array,
    holes: Array,
    first: Array,
    boxes: Array,
    chosen: Array,
    rules: Array,
    polygon: bool,
    row: int,
    col: int,
    gridcols: int,
    values: Array,
    layers: Array,
    rule: int,
    out: Array,
    count: Array,
) -> None:
    """Burn the values of geometries into a block.

    Parameters
    ----------
    x ... gridcols : as for `list_cells`
    values : float64 array; value of each geometry
    layers : int64 array; layer of the block that each geometry goes to
    rule : what a cell gets that several geometries cover: `LAST`, `FIRST`, ... `MEAN`; one missing value
        makes the last four missing
    out : float64 array (layer, row, col), the background
    count : int32 array of the same shape, zero; left with the number of values in each cell
    """
    nrow, ncol = out.shape[1], out.shape[2]
    for g in chosen:
        top, height, left, width = reach(boxes[g], row, col, nrow, ncol, gridcols)
        if height == 0:
            continue
        weights = zeros((height, width))
        mark(
            x, y, parts, turns, holes, first[g], first[g + 1], polygon, np.int64(rules[g]), top, left, weights
        )
        value = values[g]
        block, counts = out[layers[g]], count[layers[g]]
        for r in range(height):
            for c in range(max(col - left, 0), width):
                if weights[r, c] != 0.0:
                    i, j = top + r - row, left + c - col
                    given = weights[r, c] * value if rules[g] == COVER else value
                    block[i, j] = _joined(block[i, j], given, counts[i, j], rule)
                    counts[i, j] += 1
    if rule == MEAN:
        for k in range(out.shape[0]):
            for i in range(nrow):
                for j in range(ncol):
                    if count[k, i, j] > 0:
                        out[k, i, j] /= count[k, i, j]


@inner_jit
def _joined(old: float, new: float, count: int, rule: int) -> Any:
    if count == 0 or rule == LAST:
        return new
    if rule == FIRST:
        return old
    if rule == MINIMUM:
        return old if old < new or old != old else new
    if rule == MAXIMUM:
        return old if old > new or old != old else new
    return old + new


@exact_jit
def ring_turns(x: Array, y: Array, parts: Array) -> Any:
    """1 for rings that run against the clock on the screen (y down), -1 for the others."""
    turns = empty(parts.size - 1)
    for part in range(turns.size):
        area = 0.0
        for i in range(parts[part], parts[part + 1] - 1):
            area += (x[i + 1] - x[i]) * (y[i] + y[i + 1])
        turns[part] = 1.0 if area > 0 else -1.0
    return turns
