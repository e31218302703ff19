"""How narrow geometries are, how far they reach, and what they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, build, check_kind, check_vector, joint_crs
from pyterra.vector.distance import distance
from pyterra.vector.geodesic import centres, in_planes, on_earth
from pyterra.vector.measure import LENGTHS, unit_of
from pyterra.vector.parts import empties, parts_of, points_at

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]


def width(x: SpatVector, *, as_lines: bool = False) -> Floats | SpatVector:
    """Width of the narrowest strip that each geometry fits into, at any angle.

    Parameters
    ----------
    x : SpatVector
    as_lines : bool
        Give lines across these strips.

    Returns
    -------
    ndarray of float, or SpatVector
        In units of the CRS; of longitude and latitude in metres, of the nodes in a plane of true distances from the
        middle of the geometry. NaN (an empty line) for empty geometries, 0 for single points.

    See Also
    --------
    clearance : How far a node may be moved.
    hull : The smallest figures around geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POLYGON ((0 0, 3 0, 3 1, 0 1, 0 0))").width().tolist()
    [1.0]
    """
    shapes, centre = _measured(check_vector(x, "width"))
    hulls = shapely.convex_hull(shapes)
    xy, of = shapely.get_coordinates(hulls, return_index=True)
    first = np.searchsorted(of, np.arange(len(hulls) + 1))
    ends = kernels.widths.across(xy, first, shapely.get_dimensions(hulls) == 2)
    if not as_lines:
        return np.asarray(np.hypot(*(ends[:, 1] - ends[:, 0]).T))
    lines = empties("lines", len(x))
    full = ~np.isnan(ends[:, 0, 0])
    lines[full] = shapely.linestrings(ends[full])
    return build(_placed(lines, centre), None, x.crs)


def clearance(x: SpatVector, *, as_lines: bool = False) -> Floats | SpatVector:
    """The smallest distance by which a node may be moved to make the geometry invalid.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.
    as_lines : bool
        Give the lines along which it is measured.

    Returns
    -------
    ndarray of float, or SpatVector
        In units of the CRS; of longitude and latitude in metres, as by `width`. NaN (an empty line) where no node can do
        that, as for a line of two nodes.

    Raises
    ------
    ArgumentError
        For points.

    See Also
    --------
    width : The narrowest strip around the geometry.
    is_valid : Whether geometries are valid.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POLYGON ((0 0, 3 0, 3 1, 0 1, 0 0))").clearance().tolist()
    [1.0]
    """
    check_kind(check_vector(x, "clearance"), ("lines", "polygons"), "clearance")
    shapes, centre = _measured(x)
    if as_lines:
        lines: Shapes = np.array(shapely.minimum_clearance_line(shapes), dtype=object)
        return build(_placed(lines, centre), None, x.crs)
    found = np.asarray(shapely.minimum_clearance(shapes), np.float64)
    return np.where(np.isfinite(found), found, np.nan)


def _measured(x: SpatVector) -> tuple[Shapes, Floats | None]:
    """Geometries whose units are true lengths, and the centres of the planes where they were put into some."""
    if not x.is_lonlat():
        return x.geoms, None
    centre, _ = centres(x.geoms)
    return in_planes(x.geoms, centre), centre


def _placed(lines: Shapes, centre: Floats | None) -> Shapes:
    """Lines of planes where they lie on the earth."""
    if centre is None:
        return lines
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    return np.asarray(shapely.set_coordinates(lines.copy(), on_earth(xy, centre[owner])), dtype=object)


def nseg(x: SpatVector) -> NDArray[np.int64]:
    """Number of segments of each geometry.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.

    Returns
    -------
    ndarray of int

    Raises
    ------
    ArgumentError
        For points.

    See Also
    --------
    disagg : Takes lines apart into segments.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(["LINESTRING (0 0, 1 1, 2 0)", "LINESTRING (0 0, 1 1)"]).nseg().tolist()
    [2, 1]
    """
    check_kind(check_vector(x, "nseg"), ("lines", "polygons"), "nseg")
    parts, record = parts_of(x.geoms)
    rings, part = shapely.get_rings(parts, return_index=True)
    polygons = shapely.get_dimensions(parts) == 2
    segments = np.where(polygons, 0, shapely.get_num_points(parts) - 1)
    np.add.at(segments, part, shapely.get_num_points(rings) - 1)
    return np.bincount(record, np.maximum(segments, 0), len(x)).astype(np.int64)


def has_z(x: SpatVector) -> bool:
    """Whether a geometry has heights.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POINT (1 2)").has_z()
    False
    """
    check_vector(x, "has_z")
    return bool(np.asarray(shapely.has_z(x.geoms)).any())


def furdist(
    x: SpatVector, y: SpatVector, *, pairwise: bool = False, unit: Literal["m", "km"] = "m"
) -> Floats:
    """Distances from points to the places of geometries that are the farthest away.

    Parameters
    ----------
    x : SpatVector
        Points.
    y : SpatVector
        Points, lines or polygons.
    pairwise : bool
        Only those of the first point to the first geometry, the second to the second, and so on. One of the two may
        have a single one.
    unit : {"m", "km"}

    Returns
    -------
    ndarray of shape (len(x), len(y)), or (n,)
        NaN for empty geometries. The farthest place of a geometry is one of its nodes, on the plane; on longitude and
        latitude the nodes are measured as well, along geodesics of the ellipsoid.

    Raises
    ------
    ArgumentError
        Where `x` are no points, or with `pairwise` the numbers differ.
    CRSMismatchError
        Where the two have different CRS.

    See Also
    --------
    distance : Distances to the nearest places.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0]], crs="EPSG:3035").furdist(pt.vect("LINESTRING (0 1, 3 4)", crs="EPSG:3035")).tolist()
    [[5.0]]
    """
    check_kind(check_vector(x, "furdist"), "points", "furdist")
    joint_crs(x, check_vector(y, "furdist: y"), "furdist")
    unit_of(unit, LENGTHS, "furdist")
    if pairwise and len(x) != len(y) and 1 not in (len(x), len(y)):
        raise ArgumentError(
            f"furdist: with pairwise=True both must have as many geometries, got {len(x)} and {len(y)}"
        )
    xy, record = shapely.get_coordinates(y.geoms, return_index=True)
    found = np.full((len(x), len(y)), np.nan)
    if len(xy) and len(x):
        nodes = np.asarray(distance(x, build(points_at(xy), None, y.crs), unit=unit, method="geo"))
        start = np.flatnonzero(np.r_[True, record[1:] != record[:-1]])
        found[:, record[start]] = np.maximum.reduceat(nodes, start, axis=1)
    if not pairwise:
        return found
    n = max(len(x), len(y))
    place = np.arange(n)
    return found[place if len(x) > 1 else np.zeros(n, int), place if len(y) > 1 else np.zeros(n, int)]
