"""Lengths on the ellipsoid (or the plane), many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.packages import pyproj, shapely

if TYPE_CHECKING:
    from pyterra.vector.build import Shapes

Points = NDArray[np.float64]
"""Coordinates of shape (n, 2)."""
HALF = 20_003_931.0
"""Metres to the other side of the earth."""


def wgs84() -> Any:
    """The ellipsoid that lengths and areas are measured on, as in terra."""
    return pyproj.Geod(ellps="WGS84")


def lengths(a: Points, b: Points, lonlat: bool) -> NDArray[np.float64]:
    """Distances of points of `a` to those of `b`: metres on the ellipsoid, or units of the plane."""
    if not lonlat:
        return np.hypot(*(b - a).T)
    return np.asarray(wgs84().inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])


def centres(shapes: Shapes) -> tuple[Points, NDArray[np.float64]]:
    """Middle of each bounding box, and the distance of the farthest vertex from it."""
    bounds = shapely.bounds(shapes)
    centre = np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    radius = np.zeros(len(shapes))
    if len(xy):
        np.maximum.at(radius, owner, lengths(centre[owner], xy, True))
    return centre, radius


def in_planes(shapes: Shapes, centre: Points) -> Shapes:
    """Shapes of longitude and latitude in planes about the centres: distances and directions from these are true."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    azimuth, _, far = wgs84().inv(centre[owner, 0], centre[owner, 1], xy[:, 0], xy[:, 1])
    angle = np.radians(azimuth)
    flat = np.column_stack([far * np.sin(angle), far * np.cos(angle)])
    return np.asarray(shapely.set_coordinates(shapes.copy(), flat), dtype=object)


def on_earth(xy: Points, centre: Points) -> Points:
    """Longitude and latitude, without a jump seen from the centres, of places in planes of true distances."""
    azimuth, far = np.degrees(np.arctan2(xy[:, 0], xy[:, 1])), np.hypot(xy[:, 0], xy[:, 1])
    lon, lat, _ = wgs84().fwd(centre[:, 0], centre[:, 1], azimuth, np.minimum(far, HALF))
    return np.column_stack([centre[:, 0] + (np.asarray(lon) - centre[:, 0] + 180) % 360 - 180, lat])


def points_along(a: Points, b: Points, share: NDArray[np.float64], count: NDArray[np.int64]) -> Points:
    """Points at shares of the geodesics from `a` to `b`: as many as `count` says of each, one way after another."""
    geod = wgs84()
    azimuth, _, distance = geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    west, south, azimuth, distance = (
        np.repeat(np.asarray(value), count) for value in (a[:, 0], a[:, 1], azimuth, distance)
    )
    lon, lat, _ = geod.fwd(west, south, azimuth, distance * share)
    # On the same turn around the earth as the line's beginning.
    lon = west + (np.asarray(lon) - west + 180) % 360 - 180
    return np.column_stack([lon, lat])


def turned(at: Points, points: Points, angle: float, lonlat: bool) -> Points:
    """Points turned clockwise by an angle in degrees about one point, of shape (2,), at their distance from it."""
    if not lonlat:
        cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        return at + (points - at) @ np.array([[cos, -sin], [sin, cos]])
    geod = wgs84()
    lon, lat = (np.full(len(points), value) for value in at)
    azimuth, _, distance = geod.inv(lon, lat, points[:, 0], points[:, 1])
    return np.column_stack(geod.fwd(lon, lat, np.asarray(azimuth) + angle, distance)[:2])


def beyond(a: Points, b: Points, length: float, lonlat: bool) -> Points:
    """Places at a distance behind `b` on the way from `a`; `b` itself where the two are the same place."""
    if not lonlat:
        step = b - a
        far = np.hypot(*step.T)[:, None]
        return b + np.divide(step, far, out=np.zeros_like(step), where=far > 0) * length
    geod = wgs84()
    _, back, far = geod.inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    lon, lat, _ = geod.fwd(b[:, 0], b[:, 1], np.asarray(back) + 180, np.where(np.asarray(far) > 0, length, 0))
    lon = b[:, 0] + (np.asarray(lon) - b[:, 0] + 180) % 360 - 180
    return np.column_stack([lon, lat])


PIECE = 100_000.0
"""Metres of edge within which a geodesic and the great circle between its ends are at most 2 m apart."""
MORE = 20.0
"""How many metres farther on the sphere, beside what `SLACK` says, the piece of an edge may be that is nearest on the
ellipsoid: the sphere knows it as a great circle."""


def in_pieces(points: Points, link: NDArray[np.bool_]) -> tuple[Points, NDArray[np.bool_], NDArray[np.int64]]:
    """Vertices with others between them, so that no geodesic edge is longer than `PIECE`.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
    link : ndarray of bool of shape (n,)
        Whether an edge leads from a vertex to the next.

    Returns
    -------
    tuple
        Vertices, whether an edge leads on from each, and the vertex in whose edge each lies.
    """
    start = np.flatnonzero(link)
    edges = np.zeros(len(points), dtype=np.int64)
    edges[start] = np.ceil(lengths(points[start], points[start + 1], True) / PIECE) - 1
    added = np.maximum(edges, 0)
    owner = np.repeat(np.arange(len(points)), 1 + added)
    first = np.r_[0, np.cumsum(1 + added)[:-1]].astype(np.int64)
    step = np.arange(len(owner)) - first[owner]
    out = points[owner]
    more = added[start]
    out[step > 0] = points_along(
        points[start], points[start + 1], (step / (1 + added[owner]))[step > 0], more
    )
    return out, link[owner], owner


def to_edges(points: Points, a: Points, b: Points) -> tuple[NDArray[np.float64], Points]:
    """Length of the shortest geodesic from each point to an edge, and the place where it ends.

    The place on the edge is moved by what the sphere tells of the angle between both geodesics, until it stands; that
    takes a few steps, because the earth is almost a sphere.

    Parameters
    ----------
    points, a, b : ndarray of shape (n, 2)
        Points, and the ends of the edges, whose length is `PIECE` at most; one place twice for a point.

    References
    ----------
    Baselga, S. and Martinez-Llario, J. C. (2018). Intersection and point-to-line solutions for geodesics on the
    ellipsoid. Studia Geophysica et Geodaetica 62, 353-363.
    """
    geod, radius = wgs84(), kernels.geodesic.RADIUS
    azimuth, _, length = (np.asarray(v) for v in geod.inv(*a.T, *b.T))
    there, far = a.copy(), np.asarray(geod.inv(*points.T, *a.T)[2])
    end = np.asarray(geod.inv(*points.T, *b.T)[2])
    there[end < far], far = b[end < far], np.minimum(end, far)
    live = np.flatnonzero(length > 0)
    at = length[live] / 2
    for _ in range(30):
        lon, lat, back = (np.asarray(v) for v in geod.fwd(*a[live].T, azimuth[live], at))
        towards, _, d = (np.asarray(v) for v in geod.inv(lon, lat, *points[live].T))
        nearer = d < far[live]
        there[live[nearer]], far[live[nearer]] = np.column_stack([lon, lat])[nearer], d[nearer]
        angle = np.radians(towards - back - 180)
        moved = at + radius * np.arctan2(np.sin(d / radius) * np.cos(angle), np.cos(d / radius))
        moved = np.clip(moved, 0, length[live])
        moving = np.abs(moved - at) > 1e-7
        live, at = live[moving], moved[moving]
        if not live.size:
            break
    return far, there
