"""Lines and borders with fewer vertices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, check_kind, check_vector, like, vertices
from pyterra.vector.parts import curves, of_curves

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

_FEW = 10_000
"""Vertices of which GEOS has all in a hundredth of a second."""
_MANY = 0.8
"""Share of the vertices that stay, above which it is not worth while to take out the others beforehand."""
_FAR = 1e150
"""A coordinate whose square is a number."""


def simplify_geom(x: SpatVector, tolerance: float = 0.1, *, preserve_topology: bool = True) -> SpatVector:
    """Geometries with fewer vertices.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.
    tolerance : float
        How far a line may move, in units of the CRS (degrees for longitude and latitude).
    preserve_topology : bool
        Keep each geometry valid. If False, geometries of which nothing is left are dropped. Borders that two polygons
        share are simplified for each polygon by itself.

    Returns
    -------
    SpatVector

    See Also
    --------
    densify : Adds vertices.

    References
    ----------
    Douglas, D. H. and Peucker, T. K. (1973). Algorithms for the reduction of the number of points required to represent a
    digitized line or its caricature. Cartographica 10, 112-122.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0.01, 2 0)").simplify_geom(0.1).crds().tolist()
    [[0.0, 0.0], [2.0, 0.0]]
    """
    check_vector(x, "simplify_geom")
    check_kind(x, ("lines", "polygons"), "simplify_geom")
    if tolerance < 0:
        raise ArgumentError(f"simplify_geom: tolerance must not be below 0, got {tolerance}")
    given = _lighter(x.geoms, float(tolerance)) if preserve_topology else x.geoms
    made = shapely.simplify(given, tolerance, preserve_topology=preserve_topology)
    rows = np.flatnonzero(~shapely.is_empty(made) | shapely.is_empty(x.geoms))
    return like(x, made[rows], rows)


def _lighter(shapes: Shapes, tolerance: float) -> Shapes:
    """Lines or polygons without vertices that a simplification takes out in any case; GEOS looks long for crossings."""
    lines, of, owner = curves(shapes)
    xyz, curve = vertices(lines)
    if len(xyz) < _FEW or not np.abs(xyz[:, :2]).max() < _FAR:
        return shapes
    start = np.flatnonzero(np.r_[True, curve[1:] != curve[:-1]])
    first = np.searchsorted(owner[of[curve[start]]], np.arange(len(shapes) + 1))
    xy = np.ascontiguousarray(xyz[:, :2])
    keep = kernels.simplify.kept(xy, np.r_[start, len(xy)], tolerance)
    if keep.sum() > _MANY * len(xy):
        return shapes
    sure = kernels.simplify.undisputed(xy, np.r_[start, len(xy)], first, keep)
    keep &= sure[owner[of[curve]]]
    kind = "polygons" if (shapely.get_dimensions(shapes) == 2).any() else "lines"
    made = of_curves(xyz[keep], curve[keep], of, owner, len(shapes), kind)
    alike = (shapely.get_type_id(made) == shapely.get_type_id(shapes)) & (
        shapely.has_z(made) == shapely.has_z(shapes)
    )
    return np.where(sure & alike & ~shapely.is_empty(made), made, shapes)
