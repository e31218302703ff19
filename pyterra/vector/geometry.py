"""One geometry made of one geometry, or of a group: centroids, hulls, valid forms, parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.packages import pandas, shapely
from pyterra.vector.build import (
    Shapes,
    attributes_of,
    build,
    check_kind,
    check_vector,
    column,
    joint_crs,
    like,
    vertices,
)
from pyterra.vector.parts import grouped, joined, made_of, only, parts_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from pyterra.handles.spatvector import SpatVector


def centroids(x: SpatVector, inside: bool = False, *, correct: bool = False) -> SpatVector:
    """Centroids of the geometries, with their attributes.

    Parameters
    ----------
    x : SpatVector
    inside : bool
        Return a point that is certain to lie on the geometry instead.
    correct : bool
        Change only centroids that do not lie on their geometries: to the nearest place on it, or with `inside` to a point
        that is certain to lie on it.

    Returns
    -------
    SpatVector
        Points. Centroids are planar, for longitude and latitude too, as in terra.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))").centroids().crds().tolist()
    [[1.0, 1.0]]
    """
    check_vector(x, "centroids")
    middle = shapely.centroid(x.geoms)
    if not inside and not correct:
        return like(x, middle)
    if inside:
        certain = shapely.point_on_surface(x.geoms)
    else:
        certain = shapely.get_point(shapely.shortest_line(x.geoms, middle), 0)
    outside = ~shapely.intersects(x.geoms, middle) & ~shapely.is_empty(x.geoms) if correct else np.bool_(True)
    return like(x, np.array(np.where(outside, certain, middle), dtype=object))


def hull(
    x: SpatVector,
    type: Literal["convex", "rectangle", "circle", "concave"] = "convex",
    by: str = "",
    *,
    param: float = 1.0,
    allow_holes: bool = True,
) -> SpatVector:
    """The smallest figure around all geometries, or around those of each group.

    Parameters
    ----------
    x : SpatVector
    type : {"convex", "rectangle", "circle", "concave_ratio"}
        The convex hull, the smallest rectangle (at any angle), the smallest circle, or a concave hull (``concave`` is
        another name of it).
    by : str
        Attribute that makes groups, whose values the result keeps; ``""`` takes all geometries together.
    param : float
        For concave hulls, a number from 0 (as concave as possible) to 1 (convex).
    allow_holes : bool
        Whether concave hulls may have holes.

    Returns
    -------
    SpatVector
        Polygons. The hull of all geometries is a point or a line where they lie on one; those of such groups are
        empty.

    Examples
    --------
    >>> import pyterra as pt
    >>> len(pt.vect([[0, 0], [2, 0], [0, 2], [0.5, 0.5]]).hull().as_points())
    3
    """
    check_vector(x, "hull")
    if by:
        codes, table = groups(x, [column(x, by, "hull")])
        collected = grouped(x.geoms, codes, len(table))
    else:
        table = None
        collected = grouped(x.geoms, np.zeros(len(x), dtype=int), 1) if len(x) else x.geoms
    makers: dict[str, Any] = {
        "convex": shapely.convex_hull,
        "rectangle": shapely.oriented_envelope,
        "circle": shapely.minimum_bounding_circle,
        "concave_ratio": lambda g: shapely.concave_hull(g, ratio=param, allow_holes=allow_holes),
    }
    meant = "concave_ratio" if type == "concave" else type
    maker = makers[choice(meant, tuple(makers), "hull: type")]
    shapes: Shapes = np.array(maker(collected), dtype=object)
    flat = ~np.isin(shapely.get_type_id(shapes), (3, 6))
    if not by and flat.all():
        return build(shapes, table, x.crs)
    shapes[flat] = shapely.from_wkt("POLYGON EMPTY")
    return build(shapes, table, x.crs)


def groups(x: SpatVector, names: list[str]) -> tuple[Any, Any]:
    """Number of the group of each record, and a table of the groups, in order of their values; missing ones last."""
    found = attributes_of(x).groupby(names, sort=True, dropna=False, observed=True)
    codes = found.ngroup().to_numpy()
    first = np.unique(codes, return_index=True)[1]
    return codes, attributes_of(x)[names].iloc[first].reset_index(drop=True)


def make_valid(x: SpatVector) -> SpatVector:
    """The geometries made valid. Pieces of a lower dimension that result are dropped.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    SpatVector
        Attributes of `x`.

    See Also
    --------
    is_valid : Tells which geometries are valid.

    Examples
    --------
    >>> import pyterra as pt
    >>> bow = pt.vect("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))")
    >>> bow.is_valid().tolist(), bow.make_valid().is_valid().tolist()
    ([False], [True])
    """
    check_vector(x, "make_valid")
    return like(x, only(shapely.make_valid(x.geoms), x.geomtype()))


def is_valid(x: SpatVector, *, messages: bool = False) -> NDArray[np.bool_] | pd.DataFrame:
    """Whether each geometry is valid.

    Parameters
    ----------
    x : SpatVector
    messages : bool
        Return a table that gives the reason where a geometry is not valid.

    Returns
    -------
    ndarray of bool of shape (n,), or DataFrame with columns valid and reason

    See Also
    --------
    make_valid : Makes geometries valid.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POLYGON ((0 0, 2 2, 2 0, 0 2, 0 0))").is_valid(messages=True)
       valid                  reason
    0  False  Self-intersection[1 1]
    """
    check_vector(x, "is_valid")
    valid = shapely.is_valid(x.geoms)
    if not messages:
        return valid
    reason = np.where(valid, "", shapely.is_valid_reason(x.geoms))
    return pandas.DataFrame({"valid": valid, "reason": reason})


def fill_holes(x: SpatVector, *, inverse: bool = False) -> SpatVector:
    """Polygons without their holes, or the holes as polygons.

    Parameters
    ----------
    x : SpatVector
    inverse : bool
        Return the holes instead, one polygon for each record that has any.

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> ring = pt.vect("POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))")
    >>> len(ring.fill_holes(inverse=True))
    1
    """
    check_vector(x, "fill_holes")
    check_kind(x, "polygons", "fill_holes")
    parts, owner = parts_of(x.geoms)
    if not inverse:
        return like(x, joined(shapely.polygons(shapely.get_exterior_ring(parts)), owner, len(x), "polygons"))
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    hole = np.r_[False, ring_of[1:] == ring_of[:-1]] if len(rings) else np.empty(0, dtype=bool)
    shapes = joined(shapely.polygons(rings[hole]), owner[ring_of[hole]], len(x), "polygons")
    rows = np.flatnonzero(~shapely.is_empty(shapes))
    return like(x, shapes[rows], rows)


def disagg(x: SpatVector, *, segments: bool = False) -> SpatVector:
    """Each part as a geometry of its own.

    Parameters
    ----------
    x : SpatVector
    segments : bool
        Take lines and outer rings of polygons apart into lines of two points.

    Returns
    -------
    SpatVector
        Attributes are repeated.

    See Also
    --------
    aggregate : Joins geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> len(pt.vect("MULTIPOINT ((0 0), (1 1))").disagg())
    2
    """
    check_vector(x, "disagg")
    parts, owner = parts_of(x.geoms)
    if not segments:
        return like(x, parts, owner)
    check_kind(x, ("lines", "polygons"), "disagg with segments")
    rings = shapely.get_exterior_ring(parts) if x.geomtype() == "polygons" else parts
    points, of = vertices(rings)
    start = np.flatnonzero(of[1:] == of[:-1])
    ends = np.stack([points[start], points[start + 1]], axis=1)
    lines = made_of(
        shapely.linestrings, ends.reshape(-1, points.shape[1]), np.repeat(np.arange(len(start)), 2)
    )
    return like(x, lines, owner[of[start]])


def split(
    x: SpatVector, f: str | SpatVector, *, min_node_dist: float = 10_000
) -> list[SpatVector] | SpatVector:
    """A vector for each value of an attribute; or the geometries cut along those of another vector.

    Parameters
    ----------
    x : SpatVector
    f : str or SpatVector
        Name of the attribute; records where it is missing come last. Or lines or polygons, along which the lines or
        polygons of `x` are cut.
    min_node_dist : float
        For longitude and latitude: how far, in metres, vertices of what is cut, and of what cuts, may be apart; others
        are put between, on the shortest way.

    Returns
    -------
    list of SpatVector, or SpatVector
        In the order of the values; or the parts, in the order of the records and with their attributes.

    Raises
    ------
    ArgumentError
        Where points cut, or are to be cut.
    CRSMismatchError
        Where the two vectors have different reference systems.

    See Also
    --------
    divide : Cuts polygons into parts of equal area.
    erase : Takes away what others cover.

    Examples
    --------
    >>> import pyterra as pt
    >>> [len(v) for v in pt.vect([[0, 0], [1, 1], [2, 2]], atts={"g": ["b", "a", "b"]}).split("g")]
    [1, 2]
    >>> field = pt.vect("POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))")
    >>> [g.area for g in field.split(pt.vect("LINESTRING (1 0, 1 2)")).geoms]
    [2.0, 6.0]
    """
    from pyterra.vector.attributes import records

    check_vector(x, "split")
    if not isinstance(f, str):
        return _cut_along(x, f, min_node_dist)
    codes, table = groups(x, [column(x, f, "split")])
    return [records(x, codes == k) for k in range(len(table))]


def _cut_along(x: SpatVector, f: SpatVector, apart: float) -> SpatVector:
    """The parts into which lines or polygons are cut."""
    from pyterra.vector.coordinates import densify

    check_kind(x, ("lines", "polygons"), "split")
    check_kind(check_vector(f, "split: f"), ("lines", "polygons"), "split: f")
    joint_crs(x, f, "split")
    if x.is_lonlat() and x.crs is not None:
        x, f = densify(x, apart), densify(f, apart)
    blades = shapely.union_all(shapely.boundary(f.geoms) if f.geomtype() == "polygons" else f.geoms)
    pieces: list[Any] = []
    rows: list[int] = []
    for row, shape in enumerate(x.geoms):
        found = _parts_of(shape, blades) if shapely.intersects(shape, blades) else [shape]
        pieces += found
        rows += [row] * len(found)
    shapes: Shapes = np.array(pieces, dtype=object)
    return like(x, shapes, rows)


def _parts_of(shape: Any, blades: Any) -> list[Any]:
    if shape.geom_type in ("LineString", "MultiLineString"):
        return list(shapely.get_parts(shapely.difference(shape, blades)))
    # What lies within the shape alone would end a rounding error away from the boundary, and close no ring.
    lines = shapely.union_all([shapely.boundary(shape), blades])
    cells = shapely.get_parts(shapely.polygonize([lines]))
    inside = cells[shapely.contains_xy(shape, *shapely.get_coordinates(shapely.point_on_surface(cells)).T)]
    return list(inside) if len(inside) > len(shapely.get_parts(shape)) else [shape]
