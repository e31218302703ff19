"""What space belongs to: Voronoi diagrams, Delaunay triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, attributes_of, build, check_kind, check_vector, joint_crs, vertices

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def _nodes(x: SpatVector, verb: str) -> Any:
    """All coordinates as one geometry.

    Raises
    ------
    ArgumentError
        Where there are none.
    """
    xy, _ = vertices(x.geoms)
    if not len(xy):
        raise ArgumentError(f"{verb}: there must be at least one geometry with coordinates, got none")
    return shapely.multipoints(xy)


def _parts(collection: Any) -> Shapes:
    parts: Shapes = np.array(shapely.get_parts(collection), dtype=object)
    return parts


def _tolerance(value: float, verb: str) -> float:
    if not value >= 0:
        raise ArgumentError(f"{verb}: tolerance must be 0 or more, got {value!r}")
    return float(value)


def voronoi(
    x: SpatVector, bnd: SpatVector | Extent | None = None, tolerance: float = 0, *, as_lines: bool = False
) -> SpatVector:
    """The Voronoi diagram: for each point the places that are nearer to it than to any other.

    Parameters
    ----------
    x : SpatVector
        Points; or lines or polygons, whose nodes are the points.
    bnd : SpatVector or SpatExtent, optional
        Outer boundary. By default the diagram reaches beyond the points on each side, by the larger side of their
        rectangle.
    tolerance : float
        Points nearer to each other than this, in units of the CRS, count as one.
    as_lines : bool
        Give the lines between the polygons, without the outer boundary.

    Returns
    -------
    SpatVector
        Polygons, of points (or nodes) in their order and with their attributes; points at the same place have one
        polygon, with the attributes of the first. Nearness is planar, for longitude and latitude too, as in terra.

    Raises
    ------
    ArgumentError
        Without coordinates, or for a tolerance below 0.
    CRSMismatchError
        Where `bnd` has another CRS.

    See Also
    --------
    delaunay : The triangles between the points.
    nearest : The nearest geometry of another vector.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [4, 0]]).voronoi(pt.vect("POLYGON ((0 0, 4 0, 4 1, 0 1, 0 0))"))
    >>> [g.area for g in v.geoms]
    [2.0, 2.0]
    """
    check_vector(x, "voronoi")
    crs = x.crs
    if isinstance(bnd, Extent):
        bnd = build(np.array([shapely.box(*bnd.bounds)], dtype=object), None, crs)
    if bnd is not None:
        crs = joint_crs(x, check_vector(bnd, "voronoi: bnd"), "voronoi")
    points = _nodes(x, "voronoi")
    limit = _tolerance(tolerance, "voronoi")
    around = None if bnd is None else shapely.union_all(bnd.geoms)
    found = _parts(shapely.voronoi_polygons(points, tolerance=limit, extend_to=around, only_edges=as_lines))
    if around is not None:
        found = np.array(shapely.intersection(found, around), dtype=object)
        found = _parts(found) if as_lines else found[~shapely.is_empty(found)]
    if as_lines:
        return build(found, None, crs)
    owner = _owners(x, found)
    order = np.argsort(owner, kind="stable")
    return build(found[order], attributes_of(x).iloc[owner[order]], crs)


def _owners(x: SpatVector, polygons: Shapes) -> Any:
    """The first record of `x` with a point in each polygon."""
    xy, record = shapely.get_coordinates(x.geoms, return_index=True)
    polygon, point = shapely.STRtree(shapely.points(xy)).query(polygons, predicate="intersects")
    owner = np.full(len(polygons), len(x), np.int64)
    np.minimum.at(owner, polygon, record[point])
    return np.minimum(owner, len(x) - 1)


def delaunay(
    x: SpatVector, tolerance: float = 0, *, as_lines: bool = False, constrained: bool = False
) -> SpatVector:
    """Delaunay triangles: no point lies within the circle around a triangle.

    Parameters
    ----------
    x : SpatVector
        Points; or lines or polygons, whose nodes are the points.
    tolerance : float
        Points nearer to each other than this, in units of the CRS, count as one.
    as_lines : bool
        Give the sides of the triangles, each once.
    constrained : bool
        Of polygons: triangles that fill each of them, and do not cross its edges.

    Returns
    -------
    SpatVector
        Polygons or lines, without attributes.

    Raises
    ------
    ArgumentError
        Without coordinates, for a tolerance below 0, or where `constrained` is asked of points or lines.

    See Also
    --------
    voronoi : What is nearest to each point.

    Examples
    --------
    >>> import pyterra as pt
    >>> len(pt.vect([[0, 0], [4, 0], [4, 3], [0, 3]]).delaunay())
    2
    """
    check_vector(x, "delaunay")
    points = _nodes(x, "delaunay")
    limit = _tolerance(tolerance, "delaunay")
    if constrained:
        check_kind(x, "polygons", "delaunay: with constrained=True")
        triangles = _parts(shapely.constrained_delaunay_triangles(x.geoms))
        return build(_edges(triangles) if as_lines else triangles, None, x.crs)
    return build(_parts(shapely.delaunay_triangles(points, limit, only_edges=as_lines)), None, x.crs)


def _edges(triangles: Shapes) -> Shapes:
    """Sides of triangles, each once."""
    xy = shapely.get_coordinates(triangles).reshape(-1, 4, 2)
    sides = np.concatenate([xy[:, i : i + 2] for i in range(3)])
    turned = (sides[:, 0, 0] > sides[:, 1, 0]) | (
        (sides[:, 0, 0] == sides[:, 1, 0]) & (sides[:, 0, 1] > sides[:, 1, 1])
    )
    sides[turned] = sides[turned, ::-1]
    once = np.unique(sides.reshape(-1, 4), axis=0).reshape(-1, 2, 2)
    return np.array(shapely.linestrings(once), dtype=object)
