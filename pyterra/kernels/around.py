"""Points in a window around each cell: all of them, or the nearest."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, inner_jit

Array = npt.NDArray[Any]

ELLIPSE, RECTANGLE, BUFFER = 0.0, 1.0, 2.0
"""Kinds of windows: the last is what lies within a distance of the cell itself rather than of its centre."""


@inner_jit
def _square(dx: float, dy: float, shape: Array) -> float:
    """Square of the distance to the centre, or -1 outside the window."""
    kind, a, b, cos, sin = shape[0], shape[1], shape[2], shape[3], shape[4]
    if kind == BUFFER:
        u, v = max(abs(dx) - shape[5], 0.0), max(abs(dy) - shape[6], 0.0)
        inside = u * u + v * v <= a * a
    else:
        u, v = dx * cos + dy * sin, dy * cos - dx * sin
        if kind == RECTANGLE:
            inside = abs(u) <= a and abs(v) <= b
        else:
            inside = (u * b) * (u * b) + (v * a) * (v * a) <= (a * b) * (a * b)
    return dx * dx + dy * dy if inside else -1.0


@inner_jit
def _span(middle: float, reach: float, size: int) -> Any:
    """Cells of an axis, first and stop, whose centres may lie within `reach` of a place, in cells."""
    first = min(max(middle - reach - 1.0, 0.0), float(size))
    stop = min(max(middle + reach + 2.0, 0.0), float(size))
    return int(first), int(stop)


@exact_jit
def list_points(
    x: Array,
    y: Array,
    xs: Array,
    ys: Array,
    res: Array,
    shape: Array,
    reach: Array,
    start: int,
    stop: int,
    ends: Array,
    point: Array,
    square: Array,
) -> None:
    """Points in the window around each cell, in their order.

    Parameters
    ----------
    x, y : ndarray of shape (point,)
    xs, ys : ndarray
        Centres of columns and rows.
    res : ndarray of shape (2,)
        Width and height of a cell.
    shape : ndarray
        Kind of window, its half axes, cosine and sine of its turn, and half the width and height of a cell.
    reach : ndarray of shape (2,)
        How far a window reaches to the sides, and up and down.
    start, stop : int
        Cells that are asked for, row-major.
    ends : ndarray of int of shape (stop - start,)
        Where `point` is empty, it grows by the number of points of each cell. Else it says where the points of each cell
        begin, and then where they end.
    point : ndarray of int
        Numbers of points, cell after cell.
    square : ndarray of shape of `point`
        Squares of their distances to the centre.
    """
    counting = point.size == 0
    for k in range(x.size):
        left, right = _span((x[k] - xs[0]) / res[0], reach[0] / res[0], xs.size)
        top, bottom = _span((ys[0] - y[k]) / res[1], reach[1] / res[1], ys.size)
        for row in range(max(top, start // xs.size), min(bottom, (stop - 1) // xs.size + 1)):
            for col in range(left, right):
                cell = row * xs.size + col - start
                if cell < 0 or cell >= ends.size:
                    continue
                found = _square(x[k] - xs[col], y[k] - ys[row], shape)
                if found >= 0.0:
                    if not counting:
                        point[ends[cell]], square[ends[cell]] = k, found
                    ends[cell] += 1


@inner_jit
def _add(k: int, found: float, most: int, n: int, point: Array, square: Array) -> int:
    """Put a point among the nearest, of equals the last first; return how many there are."""
    if n == most and (found > square[n - 1] or (found == square[n - 1] and k < point[n - 1])):
        return n
    n = min(n + 1, most)
    at = n - 1
    while at > 0 and (square[at - 1] > found or (square[at - 1] == found and point[at - 1] < k)):
        point[at], square[at] = point[at - 1], square[at - 1]
        at -= 1
    point[at], square[at] = k, found
    return n


@exact_jit
def nearest_points(
    x: Array,
    y: Array,
    number: Array,
    begin: Array,
    corner: Array,
    side: float,
    xs: Array,
    ys: Array,
    shape: Array,
    reach: float,
    point: Array,
    square: Array,
    count: Array,
) -> None:
    """The nearest points in the window around each cell, of equals the last first.

    Parameters
    ----------
    x, y, number : ndarray of shape (point,)
        Points bucket after bucket, and what they are called.
    begin : ndarray of int of shape (rows * columns + 1,)
        Where each bucket begins, row by row from below; shape (rows, columns) follows from `corner`.
    corner : ndarray of shape (4,)
        Lower left corner of the buckets, and how many columns and rows of them there are.
    side : float
        Width of a bucket.
    xs, ys, shape : as for `list_points`
    reach : float
        How far any point of a window lies from its centre.
    point, square : ndarray of shape (cell, most)
        Filled in for each cell, row-major.
    count : ndarray of int of shape (cell,)
        How many were found; -1 at first for cells that are not asked for.
    """
    wide, high = int(corner[2]), int(corner[3])
    for cell in range(count.size):
        if count[cell] < 0:
            continue
        cx, cy = xs[cell % xs.size], ys[cell // xs.size]
        bx, by = math.floor((cx - corner[0]) / side), math.floor((cy - corner[1]) / side)
        margin_x, margin_y = cx - corner[0] - bx * side, cy - corner[1] - by * side
        margin = min(min(margin_x, side - margin_x), min(margin_y, side - margin_y))
        ring = max(max(0, max(-bx, bx - wide + 1)), max(-by, by - high + 1))
        last = max(max(bx, wide - 1 - bx), max(by, high - 1 - by))
        n = 0
        while ring <= last:
            seen = (margin + (ring - 1) * side) * (1 - 1e-9)  # whatever is nearer has been looked at
            if ring > 0 and (
                seen > reach or (n == point.shape[1] and seen > 0.0 and square[cell, n - 1] < seen * seen)
            ):
                break
            for row in range(max(by - ring, 0), min(by + ring, high - 1) + 1):
                step = 1 if abs(row - by) == ring or ring == 0 else 2 * ring
                for col in range(bx - ring, bx + ring + 1, step):
                    if col < 0 or col >= wide:
                        continue
                    for k in range(begin[row * wide + col], begin[row * wide + col + 1]):
                        found = _square(x[k] - cx, y[k] - cy, shape)
                        if found >= 0.0:
                            n = _add(number[k], found, point.shape[1], n, point[cell], square[cell])
            ring += 1
        count[cell] = n


@exact_jit
def planes(corners: Array, heights: Array, xs: Array, ys: Array, res: Array, out: Array, done: Array) -> None:
    """Set cells whose centres lie in triangles, edges counted, to what is linear between the corners.

    Parameters
    ----------
    corners : ndarray of shape (triangle, 6)
        x and y of the three corners.
    heights : ndarray of shape (triangle, 3)
        Values at the corners.
    xs, ys, res : as for `list_points`
    out : ndarray of shape (cell,)
        Row-major.
    done : ndarray of bool of shape (cell,)
        Set where a cell lies in a triangle.
    """
    for k in range(len(corners)):
        x0, y0, x1, y1, x2, y2 = corners[k]
        whole = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if whole == 0.0:
            continue
        low, top = min(x0, min(x1, x2)), max(y0, max(y1, y2))
        left = _span((low - xs[0]) / res[0], 0.0, xs.size)[0]
        right = _span((max(x0, max(x1, x2)) - xs[0]) / res[0], 0.0, xs.size)[1]
        first = _span((ys[0] - top) / res[1], 0.0, ys.size)[0]
        stop = _span((ys[0] - min(y0, min(y1, y2))) / res[1], 0.0, ys.size)[1]
        for row in range(first, stop):
            for col in range(left, right):
                dx, dy = xs[col] - x0, ys[row] - y0
                b = (dx * (y2 - y0) - (x2 - x0) * dy) / whole
                c = ((x1 - x0) * dy - dx * (y1 - y0)) / whole
                if b >= -1e-12 and c >= -1e-12 and b + c <= 1.0 + 1e-12:
                    cell = row * xs.size + col
                    done[cell] = True
                    out[cell] = heights[k, 0] * (1.0 - b - c) + heights[k, 1] * b + heights[k, 2] * c


def buckets(x: Array, y: Array) -> tuple[Array, Array, Array, float]:
    """Points in squares of about two each: their order, where each square begins, corner and counts, width."""
    left, below = x.min(), y.min()
    width, height = x.max() - left, y.max() - below
    side = max(math.sqrt(width * height * 2 / x.size), max(width, height) / min(x.size, 4096))
    side = side if side > 0 else 1.0
    wide, high = int(width / side) + 1, int(height / side) + 1
    col = np.minimum(((x - left) / side).astype(np.int64), wide - 1)
    row = np.minimum(((y - below) / side).astype(np.int64), high - 1)
    place = row * wide + col
    order = np.argsort(place, kind="stable")
    begin = np.searchsorted(place[order], np.arange(wide * high + 1))
    return order, begin, np.array([left, below, wide, high], np.float64), float(side)
