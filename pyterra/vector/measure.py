"""Areas and lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import warn
from pyterra.grid.crs import way
from pyterra.packages import shapely
from pyterra.vector.build import check_vector
from pyterra.vector.geodesic import wgs84
from pyterra.vector.parts import curves

if TYPE_CHECKING:
    import pyproj

    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]
LENGTHS = {"m": 1.0, "km": 1e3}
AREAS = {"m": 1.0, "km": 1e6, "ha": 1e4}


def metres_per_unit(x: SpatVector) -> float:
    """Metres of a unit of the CRS; 1 where it is not known or in degrees."""
    found = x.linear_units()
    return found if found > 0 else 1.0


def check_known(x: SpatVector, verb: str) -> None:
    """Warn where there is no CRS."""
    if x.crs is None:
        warn(f"{verb}: the CRS is not known; coordinates are taken for planar, in metres")


def unit_of(unit: str, known: dict[str, float], verb: str) -> float:
    """Metres, or square metres, of a unit.

    Raises
    ------
    ArgumentError
        For another unit.
    """
    return known[choice(unit, tuple(known), f"{verb}: unit")]


def expanse(x: SpatVector, unit: Literal["m", "km", "ha"] = "m", *, transform: bool = True) -> Floats:
    """Areas of polygons, on the ellipsoid.

    Parameters
    ----------
    x : SpatVector
    unit : {"m", "km", "ha"}
        Square metres, square kilometres or hectares.
    transform : bool
        Transform vertices with planar coordinates to longitude and latitude first. If False, areas are planar.

    Returns
    -------
    ndarray of shape (n,)
        0 for points and lines.

    See Also
    --------
    perim : Lengths.
    SpatRaster.expanse : The verb for rasters.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(pt.ext(0, 1, 0, 1), crs="EPSG:4326").expanse("km").round(1).tolist()
    [12308.8]
    """
    check_vector(x, "expanse")
    size = unit_of(unit, AREAS, "expanse")
    if x.geomtype() != "polygons":
        return np.zeros(len(x))
    check_known(x, "expanse")
    if not x.is_lonlat():
        if not transform or x.crs is None or x.crs.geodetic_crs is None:
            return np.asarray(shapely.area(x.geoms)) * metres_per_unit(x) ** 2 / size
        return _areas(x.geoms, way(x.crs, None)) / size
    return _areas(x.geoms) / size


def _areas(shapes: Any, change: pyproj.Transformer | None = None) -> Floats:
    """Areas of polygons, whose coordinates are taken to degrees first where there is a way to go."""
    rings, part, owner = curves(shapes)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if change is not None:
        xy = np.column_stack(change.transform(xy[:, 0], xy[:, 1]))
    xy, ring = _in_steps(xy, ring)
    out = np.zeros(len(rings))
    if len(xy):
        azimuth, back, length = _edges(xy)
        kernels.geodesic.ring_areas(xy[:, 0].copy(), xy[:, 1].copy(), azimuth, back + 180, length, ring, out)
    hole = np.r_[False, part[1:] == part[:-1]] if len(part) else np.empty(0, dtype=bool)
    return np.asarray(np.bincount(owner[part], np.where(hole, -out, out), minlength=len(shapes)), dtype=float)


def _in_steps(xy: Any, ring: Any) -> tuple[Any, Any]:
    """Coordinates with steps of a degree along edges that go all around the earth, or along a pole."""
    turn = np.abs(np.diff(xy[:, 0]))
    polar = (np.abs(xy[1:, 1]) >= 90) & (xy[1:, 1] == xy[:-1, 1])
    far = (ring[1:] == ring[:-1]) & ((turn >= 360) | (polar & (turn >= 90)))
    if not far.any():
        return xy, ring
    count = np.r_[np.where(far, np.ceil(turn), 1).astype(int), 1]
    part = (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)) / np.repeat(count, count)
    step = np.r_[np.diff(xy, axis=0), np.zeros((1, 2))]
    return np.repeat(xy, count, axis=0) + np.repeat(step, count, axis=0) * part[:, None], np.repeat(
        ring, count
    )


def _edges(xy: Any) -> tuple[Any, Any, Any]:
    """Azimuths at both ends, and length, from each vertex to the next in the list."""
    found = wgs84().inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    azimuth, back, length = (np.asarray(v) for v in found)
    return azimuth, back, length


def perim(x: SpatVector) -> Floats:
    """Lengths of lines and of all rings of polygons, in metres. They are geodesic for longitude and latitude.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    ndarray of shape (n,)
        0 for points.

    See Also
    --------
    expanse : Areas.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0)", crs="EPSG:4326").perim().round().tolist()
    [111319.0]
    """
    check_vector(x, "perim")
    if x.geomtype() in ("points", "none"):
        return np.zeros(len(x))
    check_known(x, "perim")
    if not x.is_lonlat():
        return np.asarray(shapely.length(x.geoms)) * metres_per_unit(x)
    lines, part, owner = curves(x.geoms)
    xy, curve = shapely.get_coordinates(lines, return_index=True)
    if len(xy) < 2:
        return np.zeros(len(x))
    length = np.where(curve[1:] == curve[:-1], _edges(xy)[2], 0.0)
    return np.asarray(np.bincount(owner[part[curve[:-1]]], length, minlength=len(x)), dtype=float)
