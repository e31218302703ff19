"""Where points lie among cells that two arrays of coordinates place.

The values of the arrays are the corners of quadrilaterals. A point lies in one of those around the value nearest to it,
at the place that bilinear interpolation of its corners takes there: found exactly, by Newton's method, where others
tabulate it. Longitude and latitude are seen from the point, on the plane that touches the sphere there, so that no
meridian and no pole is an edge.
"""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, zeros

Array: TypeAlias = npt.NDArray[Any]

NODES = 256
"""Values all over the arrays, about, that are looked at to begin with."""
ROUNDS = 12
"""Steps of Newton's method; four are enough where corners make no odd shape."""
CLOSE = 1e-9
"""Share of a cell by which a point may lie beside a quadrilateral that it is taken for one of."""
BEYOND = 1.0
"""Cells by which the outermost quadrilaterals reach outward: values stand for the middle of a cell, or for its corner."""
HALF = 0.5
"""Cells by which those beside missing values do."""
FAR = 9.0
"""Squared times the distance between neighbours beyond which a point lies in no cell."""
HORIZON = 2.0
"""Squared distance, on a sphere of radius 1, beyond which nothing is seen of it."""


@inner_jit
def _look_at(x: float, y: float, sphere: bool, frame: Array) -> None:
    """What is looked from: the point, and the directions east and north of it."""
    if not sphere:
        fill_all(frame, 0.0)
        frame[0], frame[1], frame[3], frame[7] = x, y, 1.0, 1.0
        return
    lon, lat = math.radians(x), math.radians(y)
    frame[0] = math.cos(lat) * math.cos(lon)
    frame[1] = math.cos(lat) * math.sin(lon)
    frame[2] = math.sin(lat)
    frame[3], frame[4], frame[5] = -math.sin(lon), math.cos(lon), 0.0
    frame[6] = -math.sin(lat) * math.cos(lon)
    frame[7] = -math.sin(lat) * math.sin(lon)
    frame[8] = math.cos(lat)


@inner_jit
def _distance(places: Array, row: int, col: int, frame: Array) -> float:
    """The squared distance of a value from the point; NaN for a missing one."""
    a, b, c = places[row, col, 0] - frame[0], places[row, col, 1] - frame[1], places[row, col, 2] - frame[2]
    return a * a + b * b + c * c


@inner_jit
def _nearest(places: Array, frame: Array, stride: int, place: Array) -> float:
    """Put the row and column of the value nearest to the point in `place`; its distance, infinite if all are missing.

    The nearest of a few, then whichever of eight neighbours is nearer, at shorter and shorter strides.
    """
    nrow, ncol = places.shape[:2]
    best = np.inf
    for row in range(min(stride // 2, nrow - 1), nrow, stride):
        for col in range(min(stride // 2, ncol - 1), ncol, stride):
            far = _distance(places, row, col, frame)
            if far < best:
                best, place[0], place[1] = far, row, col
    while best < np.inf:
        row, col = place[0], place[1]
        for k in range(9):
            r, c = row + (k // 3 - 1) * stride, col + (k % 3 - 1) * stride
            if 0 <= r < nrow and 0 <= c < ncol:
                far = _distance(places, r, c, frame)
                if far < best:
                    best, place[0], place[1] = far, r, c
        if place[0] == row and place[1] == col:
            if stride == 1:
                break
            stride = (stride + 1) // 2
    return best


@inner_jit
def _look_around(places: Array, row: int, col: int, frame: Array, horizon: float, seen: Array) -> float:
    """Put offsets of the 5 x 5 values around one in `seen`, missing as NaN; the greatest distance between neighbours."""
    nrow, ncol = places.shape[:2]
    for k in range(25):
        r, c, i, j = row - 2 + k // 5, col - 2 + k % 5, k // 5, k % 5
        seen[i, j, 0] = seen[i, j, 1] = np.nan
        if 0 <= r < nrow and 0 <= c < ncol and _distance(places, r, c, frame) <= horizon:
            for axis in range(2):
                seen[i, j, axis] = 0.0
                for m in range(3):
                    seen[i, j, axis] += (places[r, c, m] - frame[m]) * frame[3 + 3 * axis + m]
    widest = 0.0
    for k in range(9):
        right = seen[k // 3 + 1, k % 3 + 1, 0] - seen[2, 2, 0]
        up = seen[k // 3 + 1, k % 3 + 1, 1] - seen[2, 2, 1]
        far = right * right + up * up
        if far > widest:
            widest = far
    return widest


@inner_jit
def _inside(seen: Array, row: int, col: int) -> tuple[float, float]:
    """Shares down and to the right at which the point lies between four corners, seen from it; NaN for none."""
    ax, ay = seen[row, col, 0], seen[row, col, 1]
    bx, by = seen[row, col + 1, 0] - ax, seen[row, col + 1, 1] - ay
    cx, cy = seen[row + 1, col, 0] - ax, seen[row + 1, col, 1] - ay
    dx, dy = seen[row + 1, col + 1, 0] - ax - bx - cx, seen[row + 1, col + 1, 1] - ay - by - cy
    down, right = 0.5, 0.5
    for _ in range(ROUNDS):
        by_down_x, by_down_y = cx + right * dx, cy + right * dy
        by_right_x, by_right_y = bx + down * dx, by + down * dy
        x, y = ax + right * bx + down * by_down_x, ay + right * by + down * by_down_y
        area = by_down_x * by_right_y - by_down_y * by_right_x
        if area == 0.0 or not math.isfinite(area):
            return np.nan, np.nan
        to_down, to_right = (x * by_right_y - y * by_right_x) / area, (y * by_down_x - x * by_down_y) / area
        down, right = down - to_down, right - to_right
        if max(abs(to_down), abs(to_right)) < CLOSE / 10:
            return down, right
    return np.nan, np.nan


@inner_jit
def _rim(places: Array, row: int, last_row: int, col: int, last_col: int) -> float:
    """How far a quadrilateral reaches towards two values: not at all where both are there."""
    nrow, ncol = places.shape[:2]
    if row < 0 or last_row >= nrow or col < 0 or last_col >= ncol:
        return BEYOND
    missing = math.isnan(places[row, col, 0]) or math.isnan(places[last_row, last_col, 0])
    return HALF if missing else CLOSE


@inner_jit
def _between(
    places: Array, row: int, col: int, seen: Array, down: int, right: int, rim: bool
) -> tuple[float, float]:
    """Row and column of the point in a quadrilateral, with `rim` beside one at an edge too; NaN if it lies elsewhere.

    Its first corner is `seen` at (`down`, `right`), and value (`row`, `col`) of the arrays.
    """
    share_down, share_right = _inside(seen, down, right)
    above = below = left = beside = CLOSE
    if rim:
        above = _rim(places, row - 1, row - 1, col, col + 1)
        below = _rim(places, row + 2, row + 2, col, col + 1)
        left = _rim(places, row, row + 1, col - 1, col - 1)
        beside = _rim(places, row, row + 1, col + 2, col + 2)
    if -above <= share_down <= 1 + below and -left <= share_right <= 1 + beside:
        return row + share_down, col + share_right
    return np.nan, np.nan


@exact_jit
def _locate(places: Array, sphere: bool, px: Array, py: Array, out: Array) -> None:
    """Row and column of each point."""
    nrow, ncol = places.shape[:2]
    frame, seen, place = empty(9), empty((5, 5, 2)), zeros(2, np.int64)
    stride, horizon = max(int(math.sqrt(nrow * ncol / NODES)), 1), HORIZON if sphere else np.inf
    for k in range(px.size):
        out[0, k], out[1, k] = np.nan, np.nan
        if not (math.isfinite(px[k]) and math.isfinite(py[k])):
            continue
        _look_at(px[k], py[k], sphere, frame)
        far = _nearest(places, frame, stride, place)
        row, col = place[0], place[1]
        if far == np.inf or far > FAR * _look_around(places, row, col, frame, horizon, seen):
            continue
        for turn in range(3):
            reach = 1 if turn == 0 else 2
            for r in range(max(row - reach, 0), min(row + reach, nrow - 1)):
                for c in range(max(col - reach, 0), min(col + reach, ncol - 1)):
                    if math.isnan(out[0, k]):
                        down, right = r - row + 2, c - col + 2
                        out[0, k], out[1, k] = _between(places, r, c, seen, down, right, turn == 2)


def places_of(x: Array, y: Array, *, sphere: bool) -> Array:
    """Coordinates as `locate` takes them: points of a plane, or of a sphere of radius 1.

    Parameters
    ----------
    x, y : ndarray of shape (row, col), float64
        Coordinates, missing as NaN; two rows and two columns at least.
    sphere : bool
        Whether they are longitude and latitude in degrees.

    Returns
    -------
    ndarray of shape (row, col, 3)
    """
    out = np.zeros((*x.shape, 3))
    if sphere:
        lon, lat = np.radians(x), np.radians(y)
        out[..., 2], across = np.sin(lat), np.cos(lat)
        out[..., 0], out[..., 1] = across * np.cos(lon), across * np.sin(lon)
    else:
        out[..., 0], out[..., 1] = x, y
    return out


def coordinates_of(places: Array, *, sphere: bool) -> tuple[Array, Array]:
    """The coordinates behind what `places_of` gave, longitudes from -180 to 180; missing as NaN."""
    if not sphere:
        return places[..., 0], places[..., 1]
    across = np.hypot(places[..., 0], places[..., 1])
    lon, lat = np.arctan2(places[..., 1], places[..., 0]), np.arctan2(places[..., 2], across)
    return np.degrees(lon), np.degrees(lat)


def locate(places: Array, px: Array, py: Array, *, sphere: bool) -> Array:
    """Fractional rows and columns of points among places in rows and columns; NaN for points outside.

    Parameters
    ----------
    places : ndarray of shape (row, col, 3)
        From `places_of`.
    px, py : ndarray of shape (n,)
        Points in the same coordinates.
    sphere : bool
        Whether they are longitude and latitude in degrees.

    Returns
    -------
    ndarray of shape (2, n)
        Row and column, 0.0 the first value. Up to a cell outside at the edges, and half a cell beside missing
        values.

    Examples
    --------
    >>> places = places_of(*np.meshgrid([10.0, 11.0, 12.0], [50.0, 49.0]), sphere=False)
    >>> locate(places, np.array([11.5, 20.0]), np.array([49.5, 49.5]), sphere=False).tolist()
    [[0.5, nan], [1.5, nan]]
    """
    out = np.empty((2, np.size(px)))
    _locate(places, sphere, np.ascontiguousarray(px, np.float64), np.ascontiguousarray(py, np.float64), out)
    return out
