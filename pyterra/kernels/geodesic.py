"""Areas on the ellipsoid, and distances on the sphere.

The area between a geodesic and the equator is ``c^2 (alpha2 - alpha1)`` plus an integral along the geodesic that has a
closed integrand (C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87, 2013, eqs 59 to 63); it is smooth, so a few
points of Gauss and Legendre give it to the last digits.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import doubled, empty, exact_jit, inner_jit, zeros

Floats = npt.NDArray[np.float64]

RADIUS = 6378137.0
"""Radius of the sphere of haversine distances, as in terra."""
FLATTENING = 1 / 298.257223563
E2 = FLATTENING * (2 - FLATTENING)
EP2 = E2 / (1 - E2)
AUTHALIC2 = RADIUS**2 / 2 * (1 + (1 - E2) * math.atanh(math.sqrt(E2)) / math.sqrt(E2))
"""Square of the radius of the sphere with the area of the ellipsoid."""
NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
NODES_SHORT, WEIGHTS_SHORT = np.polynomial.legendre.leggauss(4)
SHORT = 0.05
"""Arc, in radians, up to which four points are enough."""
NODES_SHORTEST, WEIGHTS_SHORTEST = np.polynomial.legendre.leggauss(2)
SHORTEST = 0.001
"""Arc, six kilometres, up to which two are: what they leave out is below the last digit."""
T_EP2 = EP2 + math.sqrt(1 / EP2 + 1) * math.asinh(math.sqrt(EP2))
"""`_t` of `EP2`."""


@inner_jit
def _wrapped(angle: float) -> float:
    return angle - 2 * math.pi * math.floor(angle / (2 * math.pi) + 0.5)


@inner_jit
def _t(x: float) -> float:
    return x + math.sqrt(1 / x + 1) * math.asinh(math.sqrt(x)) if x > 0 else 1.0


@inner_jit
def _integrand(k2: float, sin_sigma: float) -> float:
    x = k2 * sin_sigma * sin_sigma
    gap = EP2 - x
    if gap < 1e-9 * EP2:
        step = 1e-6 * EP2  # the quotient tends to the derivative of t
        return -(T_EP2 - _t(EP2 - step)) / step * sin_sigma / 2
    return -(T_EP2 - _t(x)) / gap * sin_sigma / 2


@inner_jit
def _area_under(lat1: float, azi1: float, lat2: float, azi2: float, dlon: float, length: float) -> float:
    """Signed area between a geodesic and the equator; angles in radians."""
    f = FLATTENING
    if (
        min(abs(lat1), abs(lat2)) > math.pi / 2 - 1e-12
    ):  # along a pole: of a place without length, all below it
        return math.copysign(AUTHALIC2 * dlon, lat1 * dlon)
    beta1, beta2 = math.atan((1 - f) * math.tan(lat1)), math.atan((1 - f) * math.tan(lat2))
    sin_a0 = math.sin(azi1) * math.cos(beta1)
    cos_a0 = math.sqrt(max(0.0, 1 - sin_a0 * sin_a0))
    if cos_a0 < 1e-15 or length == 0:
        return 0.0
    sigma = math.atan2(math.sin(beta1), math.cos(azi1) * math.cos(beta1))
    arc = length / (
        RADIUS * (1 - f)
    )  # on the sphere of the polar radius; what is left is the mean of the scale
    nodes, weights = (NODES_SHORT, WEIGHTS_SHORT) if arc < SHORT else (NODES, WEIGHTS)
    if arc < SHORTEST:
        nodes, weights = NODES_SHORTEST, WEIGHTS_SHORTEST
    k2 = EP2 * cos_a0 * cos_a0
    whole = arc
    for _ in range(6):
        scale = 0.0
        for n in range(nodes.size):
            sine = math.sin(sigma + whole * (nodes[n] + 1) / 2)
            scale += weights[n] / 2 * math.sqrt(1 + k2 * sine * sine)
        before, whole = whole, arc / scale
        if whole == before:
            break
    bulge = stretch = 0.0
    for n in range(nodes.size):
        sine = math.sin(sigma + whole * (nodes[n] + 1) / 2)
        bulge += weights[n] / 2 * _integrand(k2, sine)
        stretch += weights[n] / 2 * (2 - f) / (1 + (1 - f) * math.sqrt(1 + k2 * sine * sine))
    omega = dlon + f * sin_a0 * stretch * whole
    if abs(omega) < 2.5:  # the angle without a difference of large numbers
        t1, t2 = math.tan(beta1 / 2), math.tan(beta2 / 2)
        turn = 2 * math.atan2(math.tan(omega / 2) * (t1 + t2), 1 + t1 * t2)
    else:
        turn = _wrapped(azi2 - azi1)
    return AUTHALIC2 * turn + E2 * RADIUS * RADIUS * cos_a0 * sin_a0 * bulge * whole


@exact_jit
def ring_areas(
    lon: Floats, lat: Floats, azi1: Floats, azi2: Floats, length: Floats, ring: Any, out: Floats
) -> None:
    """Areas of rings whose edges are geodesics, in square metres, without a sign.

    Parameters
    ----------
    lon, lat : ndarray of shape (n,)
        Vertices in degrees, closed: the last of a ring repeats the first.
    azi1, azi2, length : ndarray of shape (n - 1,)
        Azimuths at both ends, in the direction of the edge, in degrees, and length in metres, of the edge from each
        vertex to the next.
    ring : ndarray of int of shape (n,)
        Number of the ring of each vertex, ascending from 0.
    out : ndarray of shape (rings,)
    """
    turned, lost = zeros(out.size), zeros(out.size)
    out[:] = 0.0
    for i in range(lon.size - 1):
        if ring[i] == ring[i + 1]:
            k = ring[i]
            dlon = math.radians(lon[i + 1] - lon[i])
            dlon = _wrapped(dlon)
            turned[k] += dlon
            area = _area_under(
                math.radians(lat[i]),
                math.radians(azi1[i]),
                math.radians(lat[i + 1]),
                math.radians(azi2[i]),
                dlon,
                length[i],
            )
            # What rounding takes from large terms that cancel is kept, so that a ring may begin at any vertex.
            total = out[k] + area
            part = total - out[k]
            lost[k] += (out[k] - (total - part)) + (area - part)
            out[k] = total
    for k in range(out.size):
        out[k] = abs(out[k] + lost[k])
        if abs(turned[k]) > math.pi:  # around a pole
            out[k] = 2 * math.pi * AUTHALIC2 - out[k]


# Distances on the sphere: points are unit vectors, what is compared is the square of the chord


def unit_vectors(lon: Floats, lat: Floats) -> Floats:
    """Points of the unit sphere, of shape (n, 3)."""
    a, b = np.radians(lon), np.radians(lat)
    return np.column_stack([np.cos(b) * np.cos(a), np.cos(b) * np.sin(a), np.sin(b)])


def metres(chord2: Any) -> Any:
    """Distances along the sphere of squares of chords."""
    return 2 * RADIUS * np.arcsin(np.minimum(np.sqrt(chord2) / 2, 1.0))


@inner_jit
def _chord2(a: Floats, b: Floats) -> float:
    x, y, z = a[0] - b[0], a[1] - b[1], a[2] - b[2]
    return x * x + y * y + z * z


@inner_jit
def _to_segment(p: Floats, a: Floats, b: Floats) -> float:
    """Square of the chord from a point to an arc of a great circle."""
    least = min(_chord2(p, a), _chord2(p, b))
    nx, ny, nz = a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]
    norm = math.sqrt(nx * nx + ny * ny + nz * nz)
    if norm < 1e-15:
        return least
    nx, ny, nz = nx / norm, ny / norm, nz / norm
    s = p[0] * nx + p[1] * ny + p[2] * nz
    qx, qy, qz = p[0] - s * nx, p[1] - s * ny, p[2] - s * nz
    after = (a[1] * qz - a[2] * qy) * nx + (a[2] * qx - a[0] * qz) * ny + (a[0] * qy - a[1] * qx) * nz
    before = (qy * b[2] - qz * b[1]) * nx + (qz * b[0] - qx * b[2]) * ny + (qx * b[1] - qy * b[0]) * nz
    if after >= 0 and before >= 0:
        return min(least, 2 * s * s / (1 + math.sqrt(max(0.0, 1 - s * s))))
    return least


@inner_jit
def _side(a: Floats, b: Floats, p: Floats) -> float:
    """On which side of the great circle through `a` and `b` a point lies."""
    return (
        (a[1] * b[2] - a[2] * b[1]) * p[0]
        + (a[2] * b[0] - a[0] * b[2]) * p[1]
        + (a[0] * b[1] - a[1] * b[0]) * p[2]
    )


@inner_jit
def _cross(a: Floats, b: Floats, c: Floats, d: Floats) -> bool:
    """Whether two arcs pass through each other."""
    first, second, third, fourth = _side(a, b, c), _side(a, b, d), _side(c, d, a), _side(c, d, b)
    # The last of these tells the place where they cross from its antipode.
    return first * second < 0 and third * fourth < 0 and first * fourth > 0


@exact_jit
def _between(a: Floats, link_a: Any, i0: int, i1: int, b: Floats, link_b: Any, j0: int, j1: int) -> float:
    """Square of the least chord between two geometries."""
    least = 5.0
    for i in range(i0, i1):
        for j in range(j0, j1):
            if link_b[j]:
                found = _to_segment(a[i], b[j], b[j + 1])
            else:
                found = _chord2(a[i], b[j])
            least = min(least, found)
            if link_a[i]:
                least = min(least, _to_segment(b[j], a[i], a[i + 1]))
                if link_b[j] and _cross(a[i], a[i + 1], b[j], b[j + 1]):
                    return 0.0
    return least


@exact_jit
def chords_of_pairs(
    a: Floats, link_a: Any, start_a: Any, b: Floats, link_b: Any, start_b: Any, i: Any, j: Any, out: Floats
) -> None:
    """Squares of the least chords between pairs of geometries.

    Parameters
    ----------
    a, b : ndarray of shape (vertices, 3)
    link_a, link_b : ndarray of bool
        Whether a line leads from a vertex to the next.
    start_a, start_b : ndarray of int of shape (geometries + 1,)
        First vertex of each geometry.
    i, j : ndarray of int of shape (pairs,)
        Numbers of the geometries.
    out : ndarray of shape (pairs,)
        NaN for geometries without vertices.
    """
    for k in range(i.size):
        i0, i1, j0, j1 = start_a[i[k]], start_a[i[k] + 1], start_b[j[k]], start_b[j[k] + 1]
        out[k] = _between(a, link_a, i0, i1, b, link_b, j0, j1) if i1 > i0 and j1 > j0 else np.nan


@inner_jit
def _widened(chord2: float, slack: float, more: float) -> float:
    """Square of the chord of an arc that is `slack` times as long and `more` radians, at most half a round."""
    angle = 2 * math.asin(min(math.sqrt(chord2) / 2, 1.0)) * slack + more
    return 4 * math.sin(min(angle, math.pi) / 2) ** 2 + 1e-15


@exact_jit
def candidates_of_pairs(
    a: Floats,
    link_a: Any,
    start_a: Any,
    b: Floats,
    link_b: Any,
    start_b: Any,
    i: Any,
    j: Any,
    slack: float,
    more: float,
) -> Any:
    """Vertices and edges of pairs of geometries that may be the nearest on the ellipsoid.

    Parameters
    ----------
    a, link_a, start_a, b, link_b, start_b, i, j
        As for `chords_of_pairs`.
    slack : float
        How many times as far as the nearest on the sphere they may be.
    more : float
        What that may be more, in radians.

    Returns
    -------
    int64 array of shape (4, n)
        Number of the pair, in order; 0 for a vertex of `a` and an edge of `b`, 1 for the opposite; the vertex; the
        vertex where the edge begins. Pairs that cross, or have no vertices, have none.
    """
    found, count = empty((4, 64), np.int64), 0
    for k in range(i.size):
        i0, i1, j0, j1 = start_a[i[k]], start_a[i[k] + 1], start_b[j[k]], start_b[j[k] + 1]
        if i1 == i0 or j1 == j0:
            continue
        least = _between(a, link_a, i0, i1, b, link_b, j0, j1)
        if least == 0:
            continue
        limit = _widened(least, slack, more)
        for m in range(i0, i1):
            for n in range(j0, j1):
                for side in range(2):
                    if side == 1 and not link_a[m]:
                        continue
                    if side == 1:
                        chord2 = _to_segment(b[n], a[m], a[m + 1])
                    elif link_b[n]:
                        chord2 = _to_segment(a[m], b[n], b[n + 1])
                    else:
                        chord2 = _chord2(a[m], b[n])
                    if chord2 > limit:
                        continue
                    if count == found.shape[1]:
                        found = doubled(found)
                    found[0, count], found[1, count] = k, side
                    found[2, count], found[3, count] = (m, n) if side == 0 else (n, m)
                    count += 1
    return found[:, :count]


@exact_jit
def nearest_points(a: Floats, b: Floats, number: Any, exclusive: bool, index: Any, out: Floats) -> None:
    """The nearest of the points `b` to each of `a`, the first of equals.

    Points are looked through from the same latitude away, until latitude alone is farther than the best found.

    Parameters
    ----------
    a, b : ndarray of shape (n, 3), (m, 3)
        `b` is sorted by the third coordinate.
    number : ndarray of int of shape (m,)
        What the points of `b` are known by.
    exclusive : bool
        Leave out the point of the same number.
    index : ndarray of int of shape (n,)
        -1 where there is none.
    out : ndarray of shape (n,)
        Squares of chords.
    """
    z = b[:, 2].copy()
    for i in range(a.shape[0]):
        best, which = np.inf, -1
        middle = np.searchsorted(z, a[i, 2])
        for side in range(2):
            k = middle if side == 0 else middle - 1
            while 0 <= k < z.size:
                gap = z[k] - a[i, 2]
                if gap * gap > best:
                    break
                j = number[k]
                if not (exclusive and j == i):
                    found = _chord2(a[i], b[k])
                    if found < best or (found == best and j < which):
                        best, which = found, j
                k += 1 if side == 0 else -1
        index[i], out[i] = which, best
