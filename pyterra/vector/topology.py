"""How geometries fit together: snapped, shared and missing edges, nodes that are too many or too few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, build, check_kind, check_vector, joint_crs, like, transformed
from pyterra.vector.distance import distance
from pyterra.vector.measure import LENGTHS, unit_of
from pyterra.vector.parts import joined

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def empty_geoms(x: SpatVector) -> NDArray[np.int64]:
    """Positions of the geometries that are empty.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    ndarray of int

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(["POINT (1 2)", "POINT EMPTY"]).empty_geoms().tolist()
    [1]
    """
    check_vector(x, "empty_geoms")
    return np.flatnonzero(shapely.is_empty(x.geoms))


def merge_lines(x: SpatVector) -> SpatVector:
    """Lines of several parts whose ends meet as lines of one part.

    Parameters
    ----------
    x : SpatVector
        Lines.

    Returns
    -------
    SpatVector
        With the attributes of `x`.

    Raises
    ------
    ArgumentError
        For points or polygons.

    See Also
    --------
    aggregate : Puts the lines of several records together first.
    as_polygons : Makes polygons of closed lines.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("MULTILINESTRING ((0 0, 1 1), (1 1, 2 0))").merge_lines().geoms[0].wkt
    'LINESTRING (0 0, 1 1, 2 0)'
    """
    check_kind(check_vector(x, "merge_lines"), "lines", "merge_lines")
    return like(x, shapely.line_merge(x.geoms))


def make_nodes(x: SpatVector) -> SpatVector:
    """Lines with a node wherever they cross themselves.

    Parameters
    ----------
    x : SpatVector
        Lines, or polygons, of which the outlines are taken.

    Returns
    -------
    SpatVector
        Lines with the attributes of `x`, in parts that meet at the nodes alone.

    Raises
    ------
    ArgumentError
        For points.

    Examples
    --------
    >>> import pyterra as pt
    >>> len(pt.vect("LINESTRING (0 0, 2 2, 2 0, 0 2)").make_nodes().disagg())
    3
    """
    check_kind(check_vector(x, "make_nodes"), ("lines", "polygons"), "make_nodes")
    lines = shapely.boundary(x.geoms) if x.geomtype() == "polygons" else x.geoms
    return like(x, shapely.node(lines))


def remove_dup_nodes(x: SpatVector, digits: int = -1) -> SpatVector:
    """Geometries without nodes that repeat the one before.

    Parameters
    ----------
    x : SpatVector
    digits : int
        Round coordinates to so many digits first; not below 0.

    Returns
    -------
    SpatVector
        With the attributes of `x`.

    See Also
    --------
    simplify_geom : Leaves out nodes that change little.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0, 1 0, 1.04 1)").remove_dup_nodes(1).geoms[0].wkt
    'LINESTRING (0 0, 1 0, 1 1)'
    """
    check_vector(x, "remove_dup_nodes")
    shapes = x.geoms
    if digits >= 0:
        shapes = transformed(shapes, lambda xy: np.round(xy, digits))
    return like(x, shapely.remove_repeated_points(shapes))


def force_ccw(x: SpatVector) -> SpatVector:
    """Polygons whose outlines run counterclockwise, and their holes clockwise.

    Parameters
    ----------
    x : SpatVector
        Points and lines stay as they are.

    Returns
    -------
    SpatVector
        With the attributes of `x`.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POLYGON ((0 0, 0 1, 1 0, 0 0))").force_ccw().geoms[0].wkt
    'POLYGON ((0 0, 1 0, 0 1, 0 0))'
    """
    return like(check_vector(x, "force_ccw"), shapely.orient_polygons(x.geoms, exterior_cw=False))


def snap(x: SpatVector, y: SpatVector | None = None, *, tolerance: float) -> SpatVector:
    """Geometries with their nodes moved to those of others that are near.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        What to snap to; by default the other geometries of `x`, one after the other.
    tolerance : float
        How far a node may be moved, in units of the CRS.

    Returns
    -------
    SpatVector
        With the attributes of `x`.

    Raises
    ------
    ArgumentError
        For a tolerance that is not above 0.
    CRSMismatchError
        Where `y` has another CRS.

    See Also
    --------
    shared_paths : The edges that geometries have in common then.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1.05 0, 2 0, 2 1, 1.05 1, 1.05 0))"])
    >>> v.snap(tolerance=0.1).geoms[0].wkt
    'POLYGON ((0 0, 1.05 0, 1.05 1, 0 1, 0 0))'
    """
    check_vector(x, "snap")
    if not tolerance > 0:
        raise ArgumentError(f"snap: tolerance must be above 0, got {tolerance!r}")
    if y is not None:
        joint_crs(x, check_vector(y, "snap: y"), "snap")
        return like(x, shapely.snap(x.geoms, shapely.geometrycollections(y.geoms), tolerance))
    shapes = x.geoms.copy()
    tree = shapely.STRtree(shapes)
    for i in range(len(shapes)):
        near = tree.query(shapes[i], predicate="dwithin", distance=tolerance)
        others = shapes[near[near != i]]
        if len(others):
            shapes[i] = shapely.snap(shapes[i], shapely.geometrycollections(others), tolerance)
    return like(x, shapes)


def shared_paths(x: SpatVector, y: SpatVector | None = None) -> SpatVector:
    """The edges that geometries have in common.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.
    y : SpatVector, optional
        Lines or polygons; by default `x` itself, each pair once.

    Returns
    -------
    SpatVector
        Lines, with the positions of both geometries: ``id1`` and ``id2``.

    Raises
    ------
    ArgumentError
        For points.
    CRSMismatchError
        Where the two have different CRS.

    See Also
    --------
    snap : Makes edges that nearly coincide the same.
    adjacent : Which polygons share an edge.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1 0, 2 0, 2 1, 1 1, 1 0))"])
    >>> v.shared_paths().geoms[0].wkt
    'LINESTRING (1 0, 1 1)'
    """
    check_kind(check_vector(x, "shared_paths"), ("lines", "polygons"), "shared_paths")
    crs, a = x.crs, _outlines(x)
    b = a
    if y is not None:
        crs = joint_crs(x, check_vector(y, "shared_paths: y"), "shared_paths")
        check_kind(y, ("lines", "polygons"), "shared_paths: y")
        b = _outlines(y)
    i, j = shapely.STRtree(b).query(a, predicate="intersects")
    if y is None:
        i, j = i[i < j], j[i < j]
    order = np.lexsort((j, i))
    i, j = i[order], j[order]
    common = shapely.line_merge(shapely.intersection(a[i], b[j]))
    parts, pair = shapely.get_parts(common, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    shared = joined(parts[lines], pair[lines], None, "lines")
    pairs = np.unique(pair[lines])
    return build(shared, pandas.DataFrame({"id1": i[pairs], "id2": j[pairs]}), crs)


def _outlines(x: SpatVector) -> Shapes:
    shapes: Shapes = (
        np.array(shapely.boundary(x.geoms), dtype=object) if x.geomtype() == "polygons" else x.geoms
    )
    return shapes


def gaps(x: SpatVector) -> SpatVector:
    """Gaps that polygons leave between them.

    Parameters
    ----------
    x : SpatVector
        Polygons.

    Returns
    -------
    SpatVector
        Polygons, without attributes: what is surrounded by polygons, and belongs to none. Holes of single polygons are
        gaps, too.

    Raises
    ------
    ArgumentError
        For points or lines.

    See Also
    --------
    fill_holes : Fills the holes of polygons.
    snap : Closes gaps that are narrow.

    Examples
    --------
    >>> import pyterra as pt
    >>> ring = pt.vect("POLYGON ((0 0, 3 0, 3 3, 0 3, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))")
    >>> ring.gaps().geoms[0].area
    1.0
    """
    check_kind(check_vector(x, "gaps"), "polygons", "gaps")
    whole = shapely.get_parts(shapely.union_all(x.geoms))
    rings = [ring for part in whole for ring in part.interiors]
    holes: Shapes = np.array([shapely.Polygon(ring) for ring in rings], dtype=object)
    return build(np.array(shapely.normalize(holes), dtype=object) if len(holes) else holes, None, x.crs)


def thin(x: SpatVector, d: float, unit: Literal["m", "km"] = "m") -> SpatVector:
    """Geometries that keep a distance from each other.

    Parameters
    ----------
    x : SpatVector
    d : float
        Least distance between geometries that stay.
    unit : {"m", "km"}

    Returns
    -------
    SpatVector
        The first geometry, and of those that follow each that is at least `d` from all that stay before it.

    Raises
    ------
    ArgumentError
        For a distance that is not above 0, or another unit.

    See Also
    --------
    nearby : Pairs within a distance.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 0], [5, 0]], crs="EPSG:3035").thin(2).crds()[:, 0].tolist()
    [0.0, 5.0]
    """
    check_vector(x, "thin")
    size = _above_0(d, "thin") * unit_of(unit, LENGTHS, "thin")
    kept: list[int] = []
    left = np.arange(len(x))
    while left.size:
        first = int(left[0])
        kept.append(first)
        left = left[1:]
        if left.size:
            left = left[~(np.asarray(distance(x[[first]], x[left.tolist()]))[0] < size)]
    return x[kept]


def _above_0(value: Any, verb: str) -> float:
    if not value > 0:
        raise ArgumentError(f"{verb}: d must be above 0, got {value!r}")
    return float(value)
