"""Verbs of extents that give vectors, or points."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid.crs import way
from pyterra.grid.extent import Extent
from pyterra.vector.build import to_crs
from pyterra.vector.make import vect

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import CRSLike

Rectangle = TypeVar("Rectangle", bound=Extent)


def as_points(x: Extent, crs: CRSLike = "") -> SpatVector:
    """The four corners as points, clockwise from the lower left.

    Parameters
    ----------
    x : SpatExtent
    crs : str, int or CRS, optional
        The coordinate reference system of the points.

    Returns
    -------
    SpatVector

    See Also
    --------
    as_polygons : The rectangle.
    as_lines : Its outline.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 1).as_points().crds().tolist()
    [[0.0, 0.0], [0.0, 1.0], [2.0, 1.0], [2.0, 0.0]]
    """
    return vect(_corners(x), crs=crs)


def as_lines(x: Extent, crs: CRSLike = "") -> SpatVector:
    """The outline as a line.

    Parameters
    ----------
    x : SpatExtent
    crs : str, int or CRS, optional
        The coordinate reference system of the line.

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 1).as_lines(crs="EPSG:3035").perim().tolist()
    [6.0]
    """
    return _ring(x, "LINESTRING ({})", crs)


def as_polygons(x: Extent, crs: CRSLike = "") -> SpatVector:
    """The rectangle as a polygon.

    Parameters
    ----------
    x : SpatExtent
    crs : str, int or CRS, optional
        The coordinate reference system of the polygon.

    Returns
    -------
    SpatVector

    See Also
    --------
    as_points : The corners.
    as_lines : The outline.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 1).as_polygons().geom(wkt=True)
    ['POLYGON ((0 0, 0 1, 2 1, 2 0, 0 0))']
    """
    return _ring(x, "POLYGON (({}))", crs)


def spat_sample(
    x: Extent,
    size: int,
    method: Literal["random", "regular"] = "random",
    *,
    lonlat: bool = False,
    as_points: bool = False,
    seed: int | np.random.Generator | None = None,
) -> NDArray[np.float64] | SpatVector:
    """Points in a rectangle.

    Parameters
    ----------
    x : SpatExtent
    size : int
        Number of points. For ``regular`` it is approximate.
    method : {"random", "regular"}
        Random places, or places at equal distances.
    lonlat : bool
        Whether the bounds are degrees, so that equal areas of the earth get equally many points.
    as_points : bool
        Return a SpatVector.
    seed : int or numpy.random.Generator, optional
        The same seed gives the same points.

    Returns
    -------
    ndarray of shape (n, 2), or SpatVector

    See Also
    --------
    as_points : The corners.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 2).spat_sample(4, "regular").tolist()
    [[0.5, 1.5], [1.5, 1.5], [0.5, 0.5], [1.5, 0.5]]
    """
    if size < 1:
        raise ArgumentError(f"spat_sample: size must be above 0, got {size}")
    method = choice(method, ("random", "regular"), "spat_sample: method")
    points = _by_chance(x, size, lonlat, seed) if method == "random" else _regular(x, size, lonlat)
    return vect(points, crs="EPSG:4326" if lonlat else "") if as_points else points


def _by_chance(e: Extent, size: int, lonlat: bool, seed: Any) -> NDArray[np.float64]:
    rng = np.random.default_rng(seed)
    x = rng.uniform(e.xmin, e.xmax, size)
    if not lonlat:
        return np.column_stack([x, rng.uniform(e.ymin, e.ymax, size)])
    low, high = np.sin(np.radians(np.clip([e.ymin, e.ymax], -90, 90)))
    return np.column_stack([x, np.degrees(np.arcsin(rng.uniform(low, high, size)))])


def _regular(e: Extent, size: int, lonlat: bool) -> NDArray[np.float64]:
    """Rows and columns of about square cells; in degrees each row has as many as it is long."""
    shrink = math.cos(math.radians(e.mean()[1])) if lonlat else 1.0
    ratio = max(e.width * shrink, 1e-300) / max(e.height, 1e-300)
    rows = max(1, round(math.sqrt(size / ratio)))
    cols = max(1, round(size / rows))
    y = e.ymax - (np.arange(rows) + 0.5) * e.height / rows
    wide = np.cos(np.radians(np.clip(y, -90, 90))) if lonlat else np.ones(rows)
    counts = np.maximum(1, np.rint(cols * wide / max(float(wide.mean()), 1e-12))).astype(int)
    parts = [
        np.column_stack([e.xmin + (np.arange(n) + 0.5) * e.width / n, np.full(n, at)])
        for n, at in zip(counts, y, strict=True)
    ]
    return np.concatenate(parts)


def _corners(e: Extent) -> NDArray[np.float64]:
    return np.array([[e.xmin, e.ymin], [e.xmin, e.ymax], [e.xmax, e.ymax], [e.xmax, e.ymin]])


def _ring(e: Extent, shape: str, crs: Any) -> SpatVector:
    corners = _corners(e)
    text = ", ".join(f"{x!r} {y!r}" for x, y in [*corners.tolist(), corners[0].tolist()])
    return vect(shape.format(text), crs=crs)


def project(x: Rectangle, from_: CRSLike, to: CRSLike, *, densify: int = 21) -> Rectangle:
    """The extent of the rectangle in another coordinate reference system.

    Parameters
    ----------
    x : SpatExtent
    from_, to : str, int or CRS
        The system of the coordinates, and the system of the result.
    densify : int
        Number of points that are transformed along each edge, because straight edges may become curves.

    Returns
    -------
    SpatExtent

    Raises
    ------
    ArgumentError
        Where one of the two systems is missing, or the rectangle cannot be transformed.

    See Also
    --------
    SpatVector.project : The verb for points, lines and polygons.
    SpatRaster.project : The verb for rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 1, 0, 1).project("EPSG:4326", "EPSG:3857").round()
    SpatExtent : 0, 111319, 0, 111325 (xmin, xmax, ymin, ymax)
    """
    source, target = to_crs(from_), to_crs(to)
    if source is None or target is None:
        raise ArgumentError("project: an extent needs the CRS it is in and the one it goes to, got none")
    change = way(source, target)
    xmin, ymin, xmax, ymax = change.transform_bounds(*x.bounds, densify_pts=densify)
    if not np.isfinite([xmin, ymin, xmax, ymax]).all():
        raise ArgumentError(f"project: {x} cannot be transformed; crop it to where the target CRS is defined")
    return type(x)(xmin, xmax, ymin, ymax)
