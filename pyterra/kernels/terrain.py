"""Shape of the land around each cell: slope, aspect, position, ruggedness, roughness, direction of flow.

Every row is worked on in several short loops over arrays that stay in the first cache, each of few arrays, so that
all of them vectorise; there is no vector form of atan without SVML, so angles come from a polynomial.

References
----------
Horn, Proceedings of the IEEE 69 (1981), and Fleming and Hoffer, LARS Technical Report 062879 (1979), for slope and
aspect; Riley, DeGloria and Elliot, Intermountain Journal of Sciences 5 (1999), for TRIriley; Wilson et al., Marine
Geodesy 30 (2007), for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels import destination
from pyterra.kernels._jit import empty, exact_jit, fill_all, inner_jit, span

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Doubles: TypeAlias = npt.NDArray[np.float64]

NAMES = ("slope", "aspect", "TPI", "TRI", "TRIriley", "TRIrmsd", "roughness", "flowdir")
SLOPE, ASPECT, TPI, TRI, RILEY, RMSD, ROUGHNESS, FLOWDIR = range(len(NAMES))
FLAT_ASPECT = 0.5 * np.pi
TAN_EIGHTH = float(np.tan(np.pi / 8))
STEPS = np.array([(0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1)])
"""Row and column steps to the neighbours, clockwise from the east: the directions 1, 2, 4 ... 128."""


@inner_jit
def _small_atan(t: float) -> float:
    """atan for -tan(pi / 8) <= t <= tan(pi / 8), to 2e-16 of itself (Chebyshev interpolation of atan(t) / t)."""
    u = t * t
    p = 0.021135623358630434
    p = p * u - 0.04348074098391681
    p = p * u + 0.05688357325806734
    p = p * u - 0.06640235582663472
    p = p * u + 0.07689953699287137
    p = p * u - 0.09090773090241389
    p = p * u + 0.1111110618117658
    p = p * u - 0.14285714180996298
    p = p * u + 0.19999999998855397
    p = p * u - 0.3333333333332844
    return t + t * (p * u)


@inner_jit
def _angle(low: float, high: float) -> float:
    """atan(low / high) for 0 <= low <= high, with one division."""
    large = low > TAN_EIGHTH * high
    above = low - high if large else low
    below = low + high if large else high
    return _small_atan(np.divide(above, below)) + (0.25 * np.pi if large else 0.0)


@inner_jit
def _slopes(gx: Doubles, gy: Doubles, factor: float, out: Floats) -> None:
    for x in range(out.size):
        rise = np.sqrt(gx[x] * gx[x] + gy[x] * gy[x])
        steep = rise > 1.0
        angle = _angle(1.0 if steep else rise, rise if steep else 1.0)
        out[x] = factor * (0.5 * np.pi - angle if steep else angle)


@inner_jit
def _aspects(gx: Doubles, gy: Doubles, factor: float, out: Floats) -> None:
    """Where the ground falls, clockwise from north."""
    for x in range(out.size):
        east, north = -gx[x], -gy[x]
        a, b = abs(east), abs(north)
        steep = a > b
        angle = _angle(b if steep else a, a if steep else b)
        angle = 0.5 * np.pi - angle if steep else angle
        angle = angle if north >= 0 else np.pi - angle
        angle = angle if east >= 0 else 2 * np.pi - angle
        flat = (a == 0.0) & (b == 0.0)
        angle = FLAT_ASPECT if flat else angle
        out[x] = factor * (angle if a + b == a + b else np.nan)


@inner_jit
def _gradient(
    rows: Floats, kx: float, ky: float, queen: bool, work: Doubles, gx: Doubles, gy: Doubles
) -> None:
    """Rise towards east and north, from three rows of heights."""
    above, here, below = rows[0], rows[1], rows[2]
    n = gx.size
    if not queen:
        left, right = span(here, 0, n), span(here, 2, n)
        for x in range(n):
            gx[x] = (np.float64(right[x]) - np.float64(left[x])) * (4 * kx)
        upper, lower = span(above, 1, n), span(below, 1, n)
        for x in range(n):
            gy[x] = (np.float64(upper[x]) - np.float64(lower[x])) * (4 * ky)
        return
    along, across = work[0], work[1]
    for x in range(along.size):
        along[x] = np.float64(above[x]) + 2 * np.float64(here[x]) + np.float64(below[x])
    for x in range(across.size):
        across[x] = np.float64(above[x]) - np.float64(below[x])
    left, right = span(along, 0, n), span(along, 2, n)
    for x in range(n):
        gx[x] = (right[x] - left[x]) * kx
    first, second, third = span(across, 0, n), span(across, 1, n), span(across, 2, n)
    for x in range(n):
        gy[x] = (first[x] + 2 * second[x] + third[x]) * ky


@inner_jit
def _position(rows: Floats, work: Doubles, out: Floats) -> None:
    above, here, below, column = rows[0], rows[1], rows[2], work[0]
    for x in range(column.size):
        column[x] = np.float64(above[x]) + np.float64(here[x]) + np.float64(below[x])
    n = out.size
    left, middle, right, centre = span(column, 0, n), span(column, 1, n), span(column, 2, n), span(here, 1, n)
    for x in range(n):
        value = np.float64(centre[x])
        out[x] = value - (left[x] + middle[x] + right[x] - value) / 8.0


@inner_jit
def _ruggedness(rows: Floats, code: int, work: Doubles, out: Floats) -> None:
    n = out.size
    total, centre = span(work[0], 0, n), span(rows[1], 1, n)
    fill_all(total, 0.0)
    for k in range(STEPS.shape[0]):
        start = 1 + STEPS[k, 1]
        other = span(rows[1 + STEPS[k, 0]], start, n)
        if code == TRI:
            for x in range(n):
                total[x] += abs(np.float64(other[x]) - np.float64(centre[x]))
        else:
            for x in range(n):
                difference = np.float64(other[x]) - np.float64(centre[x])
                total[x] += difference * difference
    if code == TRI:
        for x in range(n):
            out[x] = total[x] / 8.0
    else:
        share = 1.0 if code == RILEY else 0.125
        for x in range(n):
            out[x] = np.sqrt(total[x] * share)


@inner_jit
def _roughness(rows: Floats, work: Doubles, out: Floats) -> None:
    above, here, below = rows[0], rows[1], rows[2]
    low, high = work[0], work[1]
    for x in range(low.size):
        a, b, c = np.float64(above[x]), np.float64(here[x]), np.float64(below[x])
        least = b if b < a else a
        least = c if c < least else least
        low[x] = least if a + b + c == a + b + c else np.nan
    for x in range(high.size):
        a, b, c = np.float64(above[x]), np.float64(here[x]), np.float64(below[x])
        most = b if b > a else a
        high[x] = c if c > most else most
    n = out.size
    first, second, third = span(low, 0, n), span(low, 1, n), span(low, 2, n)
    least_of = span(work[2], 0, n)
    for x in range(n):
        least = second[x] if second[x] < first[x] else first[x]
        least = third[x] if third[x] < least else least
        whole = first[x] + second[x] + third[x]
        least_of[x] = least if whole == whole else np.nan
    first, second, third = span(high, 0, n), span(high, 1, n), span(high, 2, n)
    for x in range(n):
        most = second[x] if second[x] > first[x] else first[x]
        most = third[x] if third[x] > most else most
        out[x] = most - least_of[x]


@inner_jit
def _steeper(
    centre: Floats, other: Floats, near: float, code: float, best: Doubles, direction: Doubles
) -> None:
    for x in range(best.size):
        fall = (np.float64(centre[x]) - np.float64(other[x])) * near
        steeper = fall > best[x]
        best[x] = fall if steeper else best[x]
        direction[x] = code if steeper else direction[x]


@exact_jit
def _flow(heights: Floats, widths: Doubles, height: float, out: Floats) -> None:
    """Direction of the steepest fall to a neighbour with a value, 0 where none is lower; of equals the first, clockwise
    from the east.
    """
    n = out.shape[1]
    best, direction = empty(n), empty(n)
    for y in range(out.shape[0]):
        centre, target = span(heights[y + 1], 1, n), out[y]
        fill_all(best, 0.0)
        fill_all(direction, 0.0)
        for k in range(STEPS.shape[0]):
            down, right = STEPS[k, 0], STEPS[k, 1]
            other = span(heights[y + 1 + down], 1 + right, n)
            near = 1.0 / np.sqrt((right * widths[y]) ** 2 + (down * height) ** 2)
            _steeper(centre, other, near, 2.0**k, best, direction)
        for x in range(n):
            target[x] = direction[x] if centre[x] == centre[x] else np.nan


@exact_jit
def _terrain(
    heights: Floats, widths: Doubles, height: float, codes: Any, queen: bool, factor: float, out: Floats
) -> None:
    nrow, ncol = out.shape[1], out.shape[2]
    work = empty((3, ncol + 2))
    gx, gy = empty(ncol), empty(ncol)
    for y in range(nrow):
        rows = heights[y : y + 3]
        ready = False
        for k in range(codes.size):
            code, target = codes[k], out[k, y]
            if code <= ASPECT:
                if not ready:
                    _gradient(rows, 0.125 / widths[y], 0.125 / height, queen, work, gx, gy)
                    ready = True
                if code == SLOPE:
                    _slopes(gx, gy, factor, target)
                else:
                    _aspects(gx, gy, factor, target)
            elif code == TPI:
                _position(rows, work, target)
            elif code == ROUGHNESS:
                _roughness(rows, work, target)
            elif code != FLOWDIR:
                _ruggedness(rows, code, work, target)


def terrain(
    heights: Floats,
    names: Sequence[str],
    widths: npt.ArrayLike,
    height: float,
    *,
    neighbors: int = 8,
    degrees: bool = True,
    out_dtype: npt.DTypeLike = np.float64,
) -> Floats:
    """Return terrain indices of the cells inside a border of one cell.

    Parameters
    ----------
    heights : ndarray of shape (row + 2, col + 2), float32 or float64
        Missing, and what lies outside the raster, is NaN.
    names : sequence of str
        Of `NAMES`; one layer of the result each.
    widths : float or array of shape (row,)
        Distance between the centres of two cells in a row, in the unit of the heights.
    height : float
        Distance between the centres of two rows.
    neighbors : {8, 4}
        Slope and aspect after Horn, or after Fleming and Hoffer.
    degrees : bool
        Angles in degrees, else in radians.
    out_dtype : dtype
        Whatever it is, all is computed in float64.

    Returns
    -------
    ndarray of shape (len(names), row, col)
        A neighbour that is missing makes the result missing, except in ``flowdir``, where it is no neighbour.
    """
    nrow, ncol = heights.shape[0] - 2, heights.shape[1] - 2
    codes = np.array([NAMES.index(name) for name in names])
    out = destination.empty((codes.size, nrow, ncol), np.float64)
    wide = np.broadcast_to(np.asarray(widths, np.float64), nrow).copy()
    factor = 180 / np.pi if degrees else 1.0
    heights = np.ascontiguousarray(heights, np.float64)
    _terrain(heights, wide, float(height), codes, neighbors == 8, factor, out)
    for layer in np.flatnonzero(
        codes == FLOWDIR
    ):  # apart: within the other loops it did not vectorise, 4 times slower
        _flow(heights, wide, float(height), out[layer])
    return out.astype(out_dtype, copy=False)


@inner_jit
def _is_edge(a: float, b: float, classes: bool, inner: bool, values_only: bool) -> bool:
    """Whether a cell with value ``a`` lies at an edge because of a neighbour with value ``b``."""
    here, there = a == a, b == b
    if here and there:
        return classes and a != b
    if here == there or values_only:
        return False
    return here if inner else there or classes


@exact_jit
def _boundaries(
    block: Floats, classes: bool, queen: bool, inner: bool, values_only: bool, falseval: float, out: Floats
) -> None:
    for layer in range(out.shape[0]):
        for y in range(out.shape[1]):
            target, here = out[layer, y], block[layer, y + 1]
            n = target.size
            fill_all(target, 0.0)
            centre = span(here, 1, n)
            for k in range(0, STEPS.shape[0], 1 if queen else 2):
                start = 1 + STEPS[k, 1]
                other = span(block[layer, y + 1 + STEPS[k, 0]], start, n)
                for x in range(n):
                    edge = _is_edge(centre[x], other[x], classes, inner, values_only)
                    target[x] = 1.0 if edge else target[x]
            for x in range(n):
                plain = falseval if centre[x] == centre[x] else np.nan
                target[x] = 1.0 if target[x] == 1.0 else plain


def boundaries(
    block: Floats,
    *,
    classes: bool,
    inner: bool,
    directions: int,
    falseval: float,
    ignore_na: bool = False,
    out_dtype: npt.DTypeLike = np.float32,
) -> Floats:
    """Return 1 where a cell lies at an edge, `falseval` elsewhere, NaN for missing cells off the edges.

    Parameters
    ----------
    block : ndarray of shape (layer, row + 2, col + 2)
        A border of one cell around; outside the raster, copies of the cells at its edge.
    classes : bool
        Edges between different values, else between values and missing.
    inner : bool
        The edge is made of cells with values; else of missing cells, with `classes` of both.
    directions : {8, 4}
        Neighbours that count.
    falseval : float
        Value away from edges.
    ignore_na : bool
        With `classes`: edges between values alone.
    out_dtype : dtype
    """
    out = destination.empty((len(block), block.shape[1] - 2, block.shape[2] - 2), out_dtype)
    values_only = classes and ignore_na
    _boundaries(
        np.ascontiguousarray(block), classes, directions == 8, inner, values_only, float(falseval), out
    )
    return out


@exact_jit
def _surface_area(padded: Floats, width: float, height: float, out: Doubles) -> None:
    """See `surface_area`."""
    a, b = height * height, width * width
    plane = a * b
    around = empty(9)  # the first neighbour again at the end
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            middle = np.float64(padded[i + 1, j + 1])
            for k in range(9):
                other = np.float64(padded[i + 1 + STEPS[k % 8, 0], j + 1 + STEPS[k % 8, 1]])
                around[k] = other - middle if other == other else 0.0
            area = 0.0
            for k in range(8):
                straight, slant = (around[k], around[k + 1]) if k % 2 == 0 else (around[k + 1], around[k])
                turned = straight - slant
                if k in (0, 3, 4, 7):  # beside a neighbour in the same row
                    area += np.sqrt(a * straight * straight + b * turned * turned + plane)
                else:
                    area += np.sqrt(b * straight * straight + a * turned * turned + plane)
            out[i, j] = area / 8.0 if middle == middle else np.nan


def surface_area(padded: Floats, width: float, height: float) -> Doubles:
    """Area of the ground within cells: a quarter each of the eight triangles between a cell and its neighbours.

    Parameters
    ----------
    padded : array (row + 2, col + 2); heights, with a ring around
    width, height : of a cell

    Returns
    -------
    float64 array (row, col); NaN where the height is NaN

    References
    ----------
    Jenness, Wildlife Society Bulletin 32 (2004).
    """
    out = np.empty((padded.shape[0] - 2, padded.shape[1] - 2))
    _surface_area(padded, float(width), float(height), out)
    return out
