"""Lengths on the ellipsoid (or the plane), many at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.packages import pyproj

Points = NDArray[np.float64]
"""Coordinates of shape (n, 2)."""


def wgs84() -> Any:
    """The ellipsoid that lengths and areas are measured on, as in terra."""
    return pyproj.Geod(ellps="WGS84")


def lengths(a: Points, b: Points, lonlat: bool) -> NDArray[np.float64]:
    """Distances of points of `a` to those of `b`: metres on the ellipsoid, or units of the plane."""
    if not lonlat:
        return np.hypot(*(b - a).T)
    return np.asarray(wgs84().inv(a[:, 0], a[:, 1], b[:, 0], b[:, 1])[2])


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
