"""Coordinates of vertices; points, lines and polygons made into one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.packages import pandas, shapely
from pyterra.vector.build import build, check_kind, check_vector, like, vertices
from pyterra.vector.parts import curves, joined, made_of, of_runs, only, parts_of, points_at

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector


def crds(x: SpatVector, *, df: bool = False) -> NDArray[np.float64] | pd.DataFrame:
    """Coordinates of all vertices.

    Parameters
    ----------
    x : SpatVector
    df : bool
        Return a DataFrame.

    Returns
    -------
    ndarray of shape (vertices, 2), or DataFrame with columns x and y
        With heights, `z` is a third column, missing where a geometry has none.

    See Also
    --------
    geom : Coordinates with the numbers of geometries and parts, or text.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 1, 2 3)").crds().tolist()
    [[0.0, 1.0], [2.0, 3.0]]
    """
    check_vector(x, "crds")
    xy, _ = vertices(x.geoms)
    return pandas.DataFrame(xy, columns=["x", "y", "z"][: xy.shape[1]]) if df else xy


def geom(
    x: SpatVector, *, wkt: bool = False, hex: bool = False, wkb: bool = False, df: bool = False
) -> NDArray[Any] | pd.DataFrame | list[str] | list[Any]:
    """The geometries as numbers or text.

    Parameters
    ----------
    x : SpatVector
    wkt, hex, wkb : bool
        Return well-known text, hexadecimal or binary WKB, one per geometry.
    df : bool
        Return a DataFrame instead of an array.

    Returns
    -------
    ndarray of shape (vertices, 5), DataFrame, or list
        Columns geom, part (numbers from 0), x, y and hole (0 for the outer ring; holes of a part are numbered from
        1), and z where there are heights. `vect` takes the same columns. Text and WKB have the heights, too.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[5, 6]]).geom().tolist()
    [[0.0, 0.0, 5.0, 6.0, 0.0]]
    """
    check_vector(x, "geom")
    if wkt:
        return list(shapely.to_wkt(x.geoms, rounding_precision=-1))
    if hex or wkb:
        return list(shapely.to_wkb(x.geoms, hex=hex))
    parts, owner = parts_of(x.geoms)
    hole_of_ring: Any = np.zeros(len(parts))
    rings = parts
    part_of_ring: Any = np.arange(len(parts))
    if x.geomtype() == "polygons":
        rings, part_of_ring = shapely.get_rings(parts, return_index=True)
        hole_of_ring = count_in_runs(part_of_ring)
    xyz, ring = vertices(rings)
    part = part_of_ring[ring]
    table = np.column_stack(
        [owner[part], count_in_runs(owner)[part], xyz[:, :2], hole_of_ring[ring], xyz[:, 2:]]
    )
    columns = ["geom", "part", "x", "y", "hole", "z"][: table.shape[1]]
    return pandas.DataFrame(table, columns=columns) if df else table


def count_in_runs(values: NDArray[Any]) -> NDArray[np.int64]:
    """0, 1, 2 ... within each run of equal values."""
    n = len(values)
    if n == 0:
        return np.empty(0, np.int64)
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    return np.arange(n) - np.repeat(starts, np.diff(np.r_[starts, n]))


def as_points(x: SpatVector, *, multi: bool = False, skiplast: bool = True) -> SpatVector:
    """The vertices as points.

    Parameters
    ----------
    x : SpatVector
    multi : bool
        Return one geometry of many points for each record.
    skiplast : bool
        Leave out the last vertex of rings, which repeats the first.

    Returns
    -------
    SpatVector
        Attributes are repeated.

    See Also
    --------
    as_lines : Outlines.
    crds : Coordinates as an array.

    Examples
    --------
    >>> import pyterra as pt
    >>> len(pt.vect("POLYGON ((0 0, 1 0, 1 1, 0 0))").as_points())
    3
    """
    check_vector(x, "as_points")
    rings, of, owner = curves(x.geoms)
    owner = owner[of]
    xy, ring = vertices(rings)
    if x.geomtype() == "polygons" and skiplast:
        keep = np.r_[ring[1:] == ring[:-1], False] if len(ring) else np.empty(0, dtype=bool)
        xy, ring = xy[keep], ring[keep]
    points = points_at(xy)
    if multi:
        return like(x, joined(points, owner[ring], len(x), "points"))
    return like(x, points, owner[ring])


def as_lines(x: SpatVector, y: SpatVector | None = None) -> SpatVector:
    """Rings of polygons as lines, or points joined to a line.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        Points. With `y`, the result is a line from each point of `x` to the one of `y` with the same number.

    Returns
    -------
    SpatVector
        Polygons keep their attributes; points become one line, in their order, without attributes.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 0]]).as_lines().geom(wkt=True)
    ['LINESTRING (0 0, 1 1, 2 0)']
    """
    check_vector(x, "as_lines")
    kind = x.geomtype()
    if y is not None:
        check_kind(x, "points", "as_lines")
        check_kind(check_vector(y, "as_lines"), "points", "as_lines")
        a, b = vertices(x.geoms)[0], vertices(y.geoms)[0]
        columns = min(a.shape[1], b.shape[1])
        a, b = a[:, :columns], b[:, :columns]
        if len(a) != len(b) and 1 not in (len(a), len(b)):
            raise ArgumentError(f"as_lines: x and y must have as many points, got {len(a)} and {len(b)}")
        ends = np.stack(np.broadcast_arrays(a, b), axis=1)
        return build(shapely.linestrings(ends), None, x.crs)
    if kind == "points":
        xy, _ = vertices(x.geoms)
        if len(xy) < 2:
            raise ArgumentError(f"as_lines: a line needs at least 2 points, got {len(xy)}")
        return build(np.array([shapely.linestrings(xy)], dtype=object), None, x.crs)
    if kind == "lines":
        return like(x, x.geoms)
    rings, of, owner = curves(x.geoms)
    owner = owner[of]
    xy, ring = vertices(rings)
    lines = made_of(shapely.linestrings, xy, ring) if len(ring) else np.empty(0, dtype=object)
    return like(x, joined(lines, owner, len(x), "lines"))


def as_polygons(x: SpatVector) -> SpatVector:
    """Lines as polygons. Open lines are closed by a straight line.

    Parameters
    ----------
    x : SpatVector
        Lines, or points that are joined in their order.

    Returns
    -------
    SpatVector
        Polygons with the attributes of the lines. A ring inside another one of the same record is a hole.

    Raises
    ------
    ArgumentError
        Where a line has fewer than three different points.

    See Also
    --------
    as_lines : The way back.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0, 1 1)").as_polygons().geom(wkt=True)
    ['POLYGON ((0 0, 1 0, 1 1, 0 0))']
    """
    check_vector(x, "as_polygons")
    kind = x.geomtype()
    if kind in ("polygons", "none"):
        return like(x, x.geoms)
    lines = as_lines(x) if kind == "points" else x
    parts, owner = parts_of(lines.geoms)
    xy, index = vertices(parts)
    try:
        single = shapely.polygons(made_of(shapely.linearrings, xy, index))
    except (shapely.errors.GEOSException, ValueError):
        raise ArgumentError("as_polygons: every line must have at least three different points") from None
    # Symmetric difference of a record's rings: one inside another becomes a hole.
    collected = joined(single, owner, len(lines), "polygons")
    return like(lines, only(np.asarray(shapely.make_valid(collected), dtype=object), "polygons"))


def densify(x: SpatVector, interval: float, *, equalize: bool = True, flat: bool = False) -> SpatVector:
    """Lines with more vertices, so that new ones are an interval apart, or somewhat more.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.
    interval : float
        Smallest distance between new vertices, in metres for longitude and latitude (unless `flat`), otherwise in units
        of the CRS.
    equalize : bool
        Cut each segment into equal lengths. If False, pieces have the length of the interval, and the last is longer.
    flat : bool
        Treat longitude and latitude as planar coordinates.

    Returns
    -------
    SpatVector
        New vertices on longitude and latitude lie on the geodesic. Heights are interpolated.

    See Also
    --------
    simplify_geom : Removes vertices.
    project : Needs dense vertices where lines are long.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 5 0)").densify(2.5).crds()[:, 0].tolist()
    [0.0, 2.5, 5.0]
    """
    from pyterra.kernels.nodes import divided
    from pyterra.vector.geodesic import lengths, points_along

    check_vector(x, "densify")
    check_kind(x, ("lines", "polygons"), "densify")
    if not interval > 0:
        raise ArgumentError(f"densify: interval must be above 0, got {interval}")
    lonlat = x.is_lonlat() and not flat
    rings, of, owner = curves(x.geoms)
    xyz, ring = vertices(rings)
    if len(xyz) == 0:
        return like(x, x.geoms)
    last = np.r_[ring[1:] != ring[:-1], True]
    a, b = xyz[:, :2], np.r_[xyz[1:, :2], xyz[:1, :2]]
    length = np.where(last, 0.0, lengths(a, b, lonlat))
    pieces = np.where(last, 1, np.maximum(np.floor(length / interval + 1e-9), 1)).astype(int)
    steps = pieces.astype(float) if equalize else np.maximum(length / interval, 1e-300)
    ends = np.cumsum(pieces)
    dense = np.empty((ends[-1], xyz.shape[1]))
    share = np.empty(len(dense) if lonlat else 0)
    divided(xyz, pieces, steps, dense, share)
    if lonlat:
        new = share > 0
        dense[new, :2] = points_along(a, b, share[new], pieces - 1)
    first = np.flatnonzero(np.r_[True, last[:-1]])
    return like(x, of_runs(dense, (ends - pieces)[first], of[ring[first]], owner, len(x), str(x.geomtype())))
