"""Distances to the nearest source: on the plane by lower envelopes, on the sphere by rows of nearest candidates."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import copy, doubled, empty, exact_jit, inner_jit, span, zeros
from pyterra.kernels.geodesic import RADIUS

Array: TypeAlias = npt.NDArray[Any]

IGNORED, SOURCE, TARGET = 0, 1, 2
"""Roles of a cell."""
FAR = 1 << 30
"""A row where no source is."""


@exact_jit
def roles(block: Array, target: float, exclude: float) -> Array:
    """Role of each cell of a block (layer, row, col): sources, targets (of the value `target`, NaN = missing), others."""
    out = empty(block.shape, np.uint8)
    missing = target != target
    for k in range(block.shape[0]):
        for i in range(block.shape[1]):
            for j in range(block.shape[2]):
                value = float(block[k, i, j])
                if value != value:
                    out[k, i, j] = TARGET if missing else IGNORED
                elif value == exclude:
                    out[k, i, j] = IGNORED
                else:
                    out[k, i, j] = TARGET if value == target else SOURCE
    return out


@exact_jit
def edge_sources(role: Array, row0: int) -> Array:
    """First and last row of a source in each column, shape (2, layer, col); `FAR` and -`FAR` where there is none."""
    nlyr, nrow, ncol = role.shape
    out = empty((2, nlyr, ncol), np.int32)
    out[0], out[1] = FAR, -FAR
    for k in range(nlyr):
        for i in range(nrow):
            for j in range(ncol):
                if role[k, i, j] == SOURCE:
                    out[0, k, j] = min(out[0, k, j], row0 + i)
                    out[1, k, j] = row0 + i
    return out


@exact_jit
def planar(role: Array, row0: int, above: Array, below: Array, xres: float, yres: float) -> Array:
    """Distance of every target of a strip to the nearest source of the raster, 0 at sources, NaN elsewhere.

    Parameters
    ----------
    role : uint8 array (layer, row, col)
    row0 : first row of the strip
    above, below : int32 arrays (layer, col); row of the nearest source in each column above and below the strip
    xres, yres : size of a cell

    References
    ----------
    Felzenszwalb and Huttenlocher 2012, Distance transforms of sampled functions, Theory of Computing 8: 415-428.
    """
    nlyr, nrow, ncol = role.shape
    out = empty((nlyr, nrow, ncol))
    down, right = empty(ncol, np.int64), empty(ncol, np.int64)
    for k in range(nlyr):
        rows = _nearest_rows(role[k], row0, above[k], below[k])
        for i in range(nrow):
            some = _nearest_in_plane(rows[i], xres, yres, down, right)
            for j in range(ncol):
                if role[k, i, j] == SOURCE:
                    out[k, i, j] = 0.0
                elif role[k, i, j] == IGNORED or not some:
                    out[k, i, j] = np.nan
                else:
                    out[k, i, j] = math.sqrt((right[j] * xres) ** 2 + (down[j] * yres) ** 2)
    return out


@exact_jit
def planar_steps(role: Array, row0: int, above: Array, below: Array, xres: float, yres: float) -> Array:
    """Rows down and columns to the right from every target of a strip to the nearest source, NaN elsewhere.

    Parameters
    ----------
    role, row0, above, below, xres, yres
        As for `planar`.

    Returns
    -------
    float64 array (2, layer, row, col)
    """
    nlyr, nrow, ncol = role.shape
    out = np.full((2, nlyr, nrow, ncol), np.nan)
    down, right = empty(ncol, np.int64), empty(ncol, np.int64)
    for k in range(nlyr):
        rows = _nearest_rows(role[k], row0, above[k], below[k])
        for i in range(nrow):
            if _nearest_in_plane(rows[i], xres, yres, down, right):
                for j in range(ncol):
                    if role[k, i, j] == TARGET:
                        out[0, k, i, j], out[1, k, i, j] = down[j], right[j]
    return out


@inner_jit
def _nearest_in_plane(rows: Array, xres: float, yres: float, down: Array, right: Array) -> bool:
    """Fill in the steps from each cell of a row to the nearest source; False where there is none.

    `rows` are the steps down to the nearest source of each column.
    """
    ncol = rows.size
    height, site, start = empty(ncol), empty(ncol, np.int64), empty(ncol + 1)
    for j in range(ncol):
        height[j] = (rows[j] * yres) ** 2 if abs(rows[j]) < FAR // 2 else np.inf
    n = _envelope(height, xres, site, start)
    at = 0
    for j in range(ncol if n > 0 else 0):
        while at < n - 1 and start[at + 1] < j:
            at += 1
        down[j], right[j] = rows[site[at]], site[at] - j
    return n > 0


@inner_jit
def _nearest_rows(role: Array, row0: int, above: Array, below: Array) -> Array:
    """Steps down from each cell to the nearest source of its column, below 0 for one above it."""
    nrow, ncol = role.shape
    rows = empty((nrow, ncol), np.int64)
    last = above.astype(np.int64)
    for i in range(nrow):
        for j in range(ncol):
            if role[i, j] == SOURCE:
                last[j] = row0 + i
            rows[i, j] = last[j] - row0 - i
    copy(below, last)
    for i in range(nrow - 1, -1, -1):
        for j in range(ncol):
            if role[i, j] == SOURCE:
                last[j] = row0 + i
            if last[j] - row0 - i < -rows[i, j]:
                rows[i, j] = last[j] - row0 - i
    return rows


@inner_jit
def _envelope(height: Array, xres: float, site: Array, start: Array) -> int:
    """Lower envelope of parabolas over the columns: whose turn it is, and from where; the number of turns."""
    n = 0
    for j in range(height.size):
        if height[j] == np.inf:
            continue
        while n > 0:
            s = site[n - 1]
            cross = (height[j] - height[s]) / (2.0 * xres * xres * (j - s)) + (j + s) / 2.0
            if n > 1 and cross <= start[n - 1]:
                n -= 1
                continue
            start[n] = cross
            break
        if n == 0:
            start[0] = -np.inf
        site[n] = j
        n += 1
    return n


# The sphere


@exact_jit
def source_runs(role: Array) -> Any:
    """Runs of sources in one layer of a strip: number of runs of each row, first and last column of each."""
    nrow, ncol = role.shape
    counts = zeros(nrow, np.int64)
    for i in range(nrow):
        for j in range(ncol):
            if role[i, j] == SOURCE and (j == 0 or role[i, j - 1] != SOURCE):
                counts[i] += 1
    first, last = empty(counts.sum(), np.int32), empty(counts.sum(), np.int32)
    n = 0
    for i in range(nrow):
        for j in range(ncol):
            if role[i, j] == SOURCE:
                if j == 0 or role[i, j - 1] != SOURCE:
                    first[n] = j
                if j == ncol - 1 or role[i, j + 1] != SOURCE:
                    last[n] = j
                    n += 1
    return counts, first, last


@exact_jit
def spherical(
    role: Array, row0: int, start: Array, first: Array, last: Array, lat: Array, xres: float
) -> Array:
    """Great-circle distance (metres) of every target of a strip to the nearest source, 0 at sources, NaN elsewhere.

    For each target, rows are visited outward until they lie farther away than the best source so far. In a row the
    nearest source is next to the column of the target, or, more than half a round away, at an end of the row.

    Parameters
    ----------
    role : uint8 array (row, col) of one layer
    row0 : first row of the strip
    start : int64 array; first run of each row of the raster, and the end
    first, last : int32 arrays; first and last column of each run
    lat : float64 array; latitude of each row of the raster, in radians
    xres : width of a cell, in radians
    """
    nrow, ncol = role.shape
    out = empty((nrow, ncol))
    cosine, across = np.cos(lat), _across(ncol, xres)
    for i in range(nrow):
        for j in range(ncol):
            if role[i, j] != TARGET:
                out[i, j] = 0.0 if role[i, j] == SOURCE else np.nan
                continue
            best, _, _ = _nearest_on_sphere(row0 + i, j, start, first, last, lat, cosine, across)
            out[i, j] = 2.0 * RADIUS * math.asin(math.sqrt(min(1.0, best))) if best < np.inf else np.nan
    return out


@exact_jit
def spherical_sources(
    role: Array, row0: int, start: Array, first: Array, last: Array, lat: Array, xres: float
) -> Array:
    """Row and column of the source that is nearest to every target of a strip, NaN elsewhere.

    Parameters
    ----------
    role, row0, start, first, last, lat, xres
        As for `spherical`.

    Returns
    -------
    float64 array (2, row, col)
    """
    nrow, ncol = role.shape
    out = np.full((2, nrow, ncol), np.nan)
    cosine, across = np.cos(lat), _across(ncol, xres)
    for i in range(nrow):
        for j in range(ncol):
            if role[i, j] == TARGET:
                best, r, c = _nearest_on_sphere(row0 + i, j, start, first, last, lat, cosine, across)
                if best < np.inf:
                    out[0, i, j], out[1, i, j] = r, c
    return out


@exact_jit
def run_of(row: Array, col: Array, start: Array, first: Array, last: Array) -> Array:
    """Number of the run in which each source lies.

    Parameters
    ----------
    row, col : int64 arrays (n,)
    start, first, last
        As for `spherical`.

    Returns
    -------
    int64 array (n,)
    """
    out = empty(row.size, np.int64)
    for k in range(row.size):
        low, high = start[row[k]], start[row[k] + 1]
        while low < high:  # the first run that ends at or after the column
            middle = (low + high) // 2
            if last[middle] < col[k]:
                low = middle + 1
            else:
                high = middle
        out[k] = low
    return out


@exact_jit
def spherical_candidates(
    role: Array, row0: int, start: Array, first: Array, last: Array, lat: Array, xres: float, slack: float
) -> Any:
    """Sources that may be the nearest on the ellipsoid: one of each row, not much farther on the sphere than the nearest.

    Parameters
    ----------
    role, row0, start, first, last, lat, xres
        As for `spherical`.
    slack : float
        How many times as far as the nearest a source may be.

    Returns
    -------
    int64 arrays (n,)
        Number of the target in the strip, in order; row and column of a source.
    """
    nrow, ncol = role.shape
    cosine, across = np.cos(lat), _across(ncol, xres)
    limit = np.full(nrow * ncol, -1.0)
    count = 0
    cells, rows, cols = empty(0, np.int64), empty(0, np.int64), empty(0, np.int64)
    for fill in (False, True):
        if fill:
            cells, rows, cols = (
                empty(count, np.int64),
                empty(count, np.int64),
                empty(count, np.int64),
            )
        count = 0
        for cell in range(nrow * ncol):
            row, col = row0 + cell // ncol, cell % ncol
            if not fill and role[cell // ncol, col] == TARGET:
                best, _, _ = _nearest_on_sphere(row, col, start, first, last, lat, cosine, across)
                if best < np.inf:
                    limit[cell] = widened(best, slack)
            for direction in (-1, 1):
                s = row if direction == -1 else row + 1
                while 0 <= s < lat.size:
                    apart = math.sin((lat[row] - lat[s]) / 2.0) ** 2
                    if apart > limit[cell]:
                        break
                    if start[s] < start[s + 1]:
                        near = _nearest_in_row(col, start[s], start[s + 1], first, last, across)
                        if apart + cosine[row] * cosine[s] * across[abs(col - near)] <= limit[cell]:
                            if fill:
                                cells[count], rows[count], cols[count] = cell, s, near
                            count += 1
                    s += direction
    return cells, rows, cols


@inner_jit
def widened(half: float, slack: float) -> float:
    """Squared half-chord of an arc that is `slack` times as long, at most half a round; a little more for rounding."""
    angle = 2.0 * math.asin(math.sqrt(min(1.0, half))) * slack
    return math.sin(min(angle, math.pi) / 2.0) ** 2 + 1e-15


@exact_jit
def point_candidates(lon: Array, lat: Array, points: Array, slack: float, exclusive: bool) -> Any:
    """Points that may be the nearest on the ellipsoid: those not much farther on the sphere than the nearest.

    Parameters
    ----------
    lon, lat : float64 arrays (n,)
        Positions, in radians.
    points : float64 array (m, 3)
        Unit vectors.
    slack : float
        How many times as far as the nearest a point may be.
    exclusive : bool
        Leave out the point of the number of the position.

    Returns
    -------
    int64 arrays (k,)
        Number of the position, in order, and of a point.
    """
    half = empty(points.shape[0])
    found, count = empty((2, 4 * lon.size), np.int64), 0
    for i in range(lon.size):
        x, y, z = math.cos(lat[i]) * math.cos(lon[i]), math.cos(lat[i]) * math.sin(lon[i]), math.sin(lat[i])
        best = np.inf
        for k in range(half.size):
            half[k] = ((x - points[k, 0]) ** 2 + (y - points[k, 1]) ** 2 + (z - points[k, 2]) ** 2) / 4.0
            if exclusive and k == i:
                half[k] = np.inf
            best = min(best, half[k])
        limit = widened(best, slack)
        for k in range(half.size):
            if half[k] <= limit:
                if count == found.shape[1]:
                    found = doubled(found)
                found[0, count], found[1, count] = i, k
                count += 1
    return span(found[0], 0, count), span(found[1], 0, count)


@exact_jit
def arc_candidates(
    lon: Array, lat: float, a: Array, b: Array, middle: Array, reach: Array, slack: float, more: float
) -> Any:
    """Arcs that may be the nearest on the ellipsoid: those not much farther on the sphere than the nearest.

    Parameters
    ----------
    lon : float64 array (n,)
    lat : float
        Positions of one latitude, in radians.
    a, b, middle, reach
        As for `to_arcs`.
    slack, more : float
        How many times as far as the nearest an arc may be, and how many radians more.

    Returns
    -------
    int64 arrays (k,)
        Number of the position, in order, and of an arc.
    """
    found, count = empty((2, 4 * lon.size), np.int64), 0
    z, c = math.sin(lat), math.cos(lat)
    last = 0
    for j in range(lon.size):
        x, y = c * math.cos(lon[j]), c * math.sin(lon[j])
        limit = _to_arc(x, y, z, a[last], b[last]) * slack + more
        mark = count
        for k in range(a.shape[0]):
            bound = limit + reach[k]
            if bound < math.pi:
                near = x * middle[k, 0] + y * middle[k, 1] + z * middle[k, 2]
                if near < math.cos(bound):
                    continue
            d = _to_arc(x, y, z, a[k], b[k])
            if d > limit:
                continue
            if d * slack + more < limit:
                limit, last = d * slack + more, k
            if count == found.shape[1]:
                found = doubled(found)
            found[0, count], found[1, count] = j, k
            count += 1
        kept = mark  # what came before the limit was as low as it became
        for n in range(mark, count):
            k = found[1, n]
            if _to_arc(x, y, z, a[k], b[k]) <= limit:
                found[0, kept], found[1, kept] = j, k
                kept += 1
        count = kept
    return span(found[0], 0, count), span(found[1], 0, count)


@inner_jit
def _across(ncol: int, xres: float) -> Array:
    """Squared half-chords on the equator by columns apart."""
    across = empty(ncol)
    for j in range(ncol):
        across[j] = math.sin(j * xres / 2.0) ** 2
    return across


@inner_jit
def _nearest_on_sphere(
    row: int, col: int, start: Array, first: Array, last: Array, lat: Array, cosine: Array, across: Array
) -> tuple[float, int, np.int64]:
    """Squared half-chord to the nearest source of the raster, and its row and column; infinite where there is none."""
    best, at_row, at_col = np.inf, -1, np.int64(-1)
    for direction in (-1, 1):
        s = row if direction == -1 else row + 1
        while 0 <= s < lat.size:
            apart = math.sin((lat[row] - lat[s]) / 2.0) ** 2
            if apart >= best:
                break
            if start[s] < start[s + 1]:
                near = _nearest_in_row(col, start[s], start[s + 1], first, last, across)
                found = apart + cosine[row] * cosine[s] * across[abs(col - near)]
                if found < best:
                    best, at_row, at_col = found, s, near
            s += direction
    return best, at_row, at_col


@inner_jit
def _nearest_in_row(col: int, start: int, stop: int, first: Array, last: Array, across: Array) -> np.int64:
    """Column of the source of a row with the least of `across`."""
    low, high = start, stop
    while low < high:  # the first run that ends at or after the column
        middle = (low + high) // 2
        if last[middle] < col:
            low = middle + 1
        else:
            high = middle
    best = np.int64(first[start])
    if across[abs(col - last[stop - 1])] < across[abs(col - best)]:
        best = np.int64(last[stop - 1])
    if low < stop:
        inner = max(np.int64(col), np.int64(first[low]))
        if across[inner - col] < across[abs(col - best)]:
            best = inner
    if low > start and across[col - last[low - 1]] < across[abs(col - best)]:
        best = np.int64(last[low - 1])
    return best


@exact_jit
def to_arcs(lon: Array, lat: Array, a: Array, b: Array, middle: Array, reach: Array) -> Array:
    """Great-circle distance (metres) of positions to the nearest of some arcs.

    Parameters
    ----------
    lon, lat : float64 arrays (col,) and (row,), in radians
    a, b : float64 arrays (arc, 3); unit vectors of the ends of each arc, equal for a point
    middle : float64 array (arc, 3); unit vector halfway
    reach : float64 array; half the length of each arc, in radians

    Returns
    -------
    float64 array (row, col)
    """
    out = np.full((lat.size, lon.size), np.inf)
    for i in range(lat.size):
        z, c = math.sin(lat[i]), math.cos(lat[i])
        last = 0  # the arc that was nearest to the cell before is a good first guess
        for j in range(lon.size):
            x, y = c * math.cos(lon[j]), c * math.sin(lon[j])
            if a.shape[0] == 0:
                continue
            best = _to_arc(x, y, z, a[last], b[last])
            for k in range(a.shape[0]):
                # Half the squared chord to the middle bounds the distance from below.
                bound = best + reach[k]
                if bound < math.pi:
                    near = x * middle[k, 0] + y * middle[k, 1] + z * middle[k, 2]
                    if near < math.cos(bound):
                        continue
                d = _to_arc(x, y, z, a[k], b[k])
                if d < best:
                    best, last = d, k
            out[i, j] = best * RADIUS
    return out


@inner_jit
def _to_arc(x: float, y: float, z: float, a: Array, b: Array) -> float:
    """Angle between a unit vector and the nearest point of an arc."""
    nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    size = math.sqrt(nx * nx + ny * ny + nz * nz)
    if size > 1e-15:
        height = (x * nx + y * ny + z * nz) / size
        # The foot of the perpendicular lies on the arc when it is on the inner side of both ends.
        fx, fy, fz = x - height * nx / size, y - height * ny / size, z - height * nz / size
        after = (a[1] * fz - a[2] * fy) * nx + (a[2] * fx - a[0] * fz) * ny + (a[0] * fy - a[1] * fx) * nz
        before = (fy * b[2] - fz * b[1]) * nx + (fz * b[0] - fx * b[2]) * ny + (fx * b[1] - fy * b[0]) * nz
        if after >= 0.0 and before >= 0.0:
            return abs(math.asin(max(-1.0, min(1.0, height))))
    return min(_angle(x, y, z, a), _angle(x, y, z, b))


@inner_jit
def _angle(x: float, y: float, z: float, a: Array) -> float:
    chord = (x - a[0]) ** 2 + (y - a[1]) ** 2 + (z - a[2]) ** 2
    return 2.0 * math.asin(min(1.0, math.sqrt(chord) / 2.0))
