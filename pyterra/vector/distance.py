"""Distances between geometries, and the nearest ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, build, check_vector, joint_crs, kind_of
from pyterra.vector.geodesic import wgs84
from pyterra.vector.measure import LENGTHS, check_known, metres_per_unit, unit_of
from pyterra.vector.relate import related_pairs

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]
Measure = Callable[[Any, Any], Floats]
CHUNK = 1_000_000
"""Pairs that are measured at once."""


def distance(
    x: SpatVector,
    y: SpatVector | None = None,
    *,
    pairwise: bool = False,
    sequential: bool = False,
    unit: Literal["m", "km"] = "m",
    method: Literal["haversine", "cosine", "geo"] = "haversine",
) -> Floats:
    """Shortest distances between geometries.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        By default `x` itself.
    pairwise : bool
        Only the distances of the first geometry to the first, the second to the second, and so on. One of the two
        vectors may have a single geometry.
    sequential : bool
        Without `y`, only the distance of each geometry to the one before it; the first is 0.
    unit : {"m", "km"}
    method : {"haversine", "cosine", "geo"}
        With longitude and latitude: geo is the length of the geodesic on the ellipsoid (WGS 84), for points alone.

    Returns
    -------
    ndarray of shape (len(x), len(y)), or (n,)
        With longitude and latitude, other distances are along great circles of a sphere of radius 6378137 m, as in terra;
        otherwise they are planar. They are 0 where two geometries have a common point, and NaN for empty geometries.

    See Also
    --------
    nearest : The nearest geometry of another vector.
    nearby : Pairs within a distance.
    SpatRaster.distance : The verb for rasters.

    Notes
    -----
    On the sphere, the distance is measured from every vertex of one geometry to every segment of the other.

    References
    ----------
    Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68, 159.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [3, 4]], crs="EPSG:3035").distance().tolist()
    [[0.0, 5.0], [5.0, 0.0]]
    """
    check_vector(x, "distance")
    size = unit_of(unit, LENGTHS, "distance")
    lonlat, factor = _ground(x, y, "distance")
    a = x.geoms
    b = a if y is None else y.geoms
    measure = _measure(method, lonlat, a, b)
    if sequential:
        if y is not None or pairwise:
            raise ArgumentError("distance: sequential is for one vector, without y and pairwise")
        n = np.arange(max(len(x) - 1, 0))
        return np.r_[np.zeros(min(len(x), 1)), _of_pairs(a, a, n, n + 1, lonlat, measure) * factor / size]
    if pairwise:
        if len(a) != len(b) and 1 not in (len(a), len(b)):
            raise ArgumentError(
                f"distance: pairwise needs as many geometries in both, or one, got {len(a)} and {len(b)}"
            )
        n = np.arange(max(len(a), len(b)) if len(a) and len(b) else 0)
        return _of_pairs(a, b, n % max(len(a), 1), n % max(len(b), 1), lonlat, measure) * factor / size
    return _matrix(a, b, lonlat, measure) * factor / size


def _ground(x: SpatVector, y: Any, verb: str) -> tuple[bool, float]:
    """Whether coordinates are longitude and latitude, and metres of a unit."""
    known = x
    if y is not None:
        joint_crs(x, check_vector(y, verb), verb)
        known = y if x.crs is None else x
    check_known(known, verb)
    return known.is_lonlat(), metres_per_unit(known)


def haversine(a: Any, b: Any) -> Floats:
    """Distances on the sphere between points of shape (..., 2), in degrees (broadcast)."""
    a, b = np.radians(a), np.radians(b)
    h = np.sin((b[..., 1] - a[..., 1]) / 2) ** 2
    h = h + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin((b[..., 0] - a[..., 0]) / 2) ** 2
    return 2 * kernels.geodesic.RADIUS * np.arcsin(np.minimum(np.sqrt(h), 1.0))


def geodesic(a: Any, b: Any) -> Floats:
    """Lengths of geodesics between points of shape (..., 2), in degrees (broadcast)."""
    a, b = np.broadcast_arrays(a, b)
    sides = (np.ascontiguousarray(side[..., k]) for side in (a, b) for k in (0, 1))
    return np.asarray(wgs84().inv(*sides)[2])


def _measure(method: str, lonlat: bool, a: Shapes, b: Shapes) -> Measure:
    """How points of lon/lat are measured.

    Raises
    ------
    ArgumentError
        Where geodesics are asked for to lines or polygons.
    """
    if choice(method, ("haversine", "cosine", "geo"), "distance: method") != "geo" or not lonlat:
        return haversine
    for shapes in (a, b):
        if not _all_single_points(shapes):
            raise ArgumentError(
                'distance: method "geo" is for single points, got other geometries, or empty ones; use "haversine"'
            )
    return geodesic


def _matrix(a: Shapes, b: Shapes, lonlat: bool, measure: Measure = haversine) -> Floats:
    out = np.empty((len(a), len(b)))
    step = max(1, CHUNK // max(len(b), 1))
    points = lonlat and _all_single_points(a) and _all_single_points(b)
    columns = np.arange(len(b))
    for start in range(0, len(a), step):
        stop = min(start + step, len(a))
        if points:
            u, v = (shapely.get_coordinates(s) for s in (a[start:stop], b))
            out[start:stop] = measure(u[:, None], v[None])
        elif lonlat:
            rows = np.repeat(np.arange(start, stop), len(b))
            found = _of_pairs(a, b, rows, np.tile(columns, stop - start), True)
            out[start:stop] = found.reshape(stop - start, len(b))
        else:
            out[start:stop] = shapely.distance(a[start:stop, None], b[None])
    return out


def _all_single_points(shapes: Shapes) -> bool:
    return bool(np.all((shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)))


def _of_pairs(a: Shapes, b: Shapes, i: Any, j: Any, lonlat: bool, measure: Measure = haversine) -> Floats:
    """Distances of some pairs; in the plane in units of it."""
    if not lonlat:
        return np.asarray(shapely.distance(a[i], b[j]), dtype=float)
    if _all_single_points(a) and _all_single_points(b):
        return measure(shapely.get_coordinates(a)[i], shapely.get_coordinates(b)[j])
    out = np.empty(len(i))
    kernels.geodesic.chords_of_pairs(
        *_vertices(a), *_vertices(b), i.astype(np.int64), j.astype(np.int64), out
    )
    found = np.asarray(kernels.geodesic.metres(out))
    met = np.zeros((len(a), len(b)), dtype=bool) if len(a) * len(b) <= 10 * CHUNK else None
    if met is not None:
        met[related_pairs(a, b, "intersects")] = True
        found[met[i, j]] = 0.0
    else:
        found[shapely.intersects(a[i], b[j])] = 0.0
    return found


def _vertices(shapes: Shapes) -> tuple[Floats, Any, Any]:
    """Vertices on the sphere, whether a line leads on from each, and the first of each geometry."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    of: Any = np.arange(len(parts))
    if len(parts) and (shapely.get_type_id(parts) == 3).all():
        parts, of = shapely.get_rings(parts, return_index=True)
    xy, curve = shapely.get_coordinates(parts, return_index=True)
    link = np.r_[curve[1:] == curve[:-1], False] if len(curve) else np.empty(0, dtype=bool)
    counts = np.bincount(owner[of[curve]], minlength=len(shapes))
    return kernels.geodesic.unit_vectors(xy[:, 0], xy[:, 1]), link, np.r_[0, np.cumsum(counts)]


def nearest(
    x: SpatVector,
    y: SpatVector | None = None,
    *,
    pairs: bool = False,
    centroids: bool = True,
    lines: bool = False,
) -> SpatVector:
    """The nearest geometry of `y` for each of `x`.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        By default the other geometries of `x`.
    pairs : bool
        Do not search: take the first geometry with the first, the second with the second, and so on.
    centroids : bool
        Measure polygons from their centroids. If False, they are measured from their nearest points, as lines are.
    lines : bool
        Return lines from each geometry to the nearest one, instead of points.

    Returns
    -------
    SpatVector
        Points of `y`, with from_id, from_x, from_y, to_id, to_x, to_y (numbers from 0) and distance in metres. Of
        several that are equally near, the first is taken.

    See Also
    --------
    distance : All distances.
    nearby : Pairs within a distance.

    Examples
    --------
    >>> import pyterra as pt
    >>> found = pt.vect([[0, 0]], crs="EPSG:3035").nearest(pt.vect([[9, 0], [0, 2]], crs="EPSG:3035"))
    >>> found["to_id"].tolist(), found["distance"].tolist()
    ([1], [2.0])
    """
    check_vector(x, "nearest")
    lonlat, factor = _ground(x, y, "nearest")
    a = _reduced(x.geoms, centroids)
    b = a if y is None else _reduced(y.geoms, centroids)
    if pairs:
        if len(a) != len(b):
            raise ArgumentError(f"nearest: pairs needs as many geometries in both, got {len(a)} and {len(b)}")
        i = j = np.arange(len(a))
    else:
        i, j = nearest_pairs(a, b, lonlat, y is None)
    joins = shapely.shortest_line(a[i], b[j])
    ends = np.full((len(i), 2, 2), np.nan)
    if len(i):
        ends = shapely.get_coordinates(joins).reshape(-1, 2, 2)
    length = _of_pairs(a, b, i, j, lonlat) * factor
    columns = {"from_id": i, "from_x": ends[:, 0, 0], "from_y": ends[:, 0, 1], "to_id": j}
    columns |= {"to_x": ends[:, 1, 0], "to_y": ends[:, 1, 1], "distance": length}
    shapes = joins if lines else shapely.points(ends[:, 1])
    crs = x.crs if y is None or x.crs is not None else y.crs
    return build(np.asarray(shapes, dtype=object), pandas.DataFrame(columns), crs)


def _reduced(shapes: Shapes, centroids: bool) -> Shapes:
    polygons = len(shapes) > 0 and kind_of(shapes[:1]) == "polygons"
    return np.asarray(shapely.centroid(shapes), dtype=object) if centroids and polygons else shapes


def nearest_pairs(a: Shapes, b: Shapes, lonlat: bool, exclusive: bool) -> tuple[Any, Any]:
    """Each of `a` that has a nearest one, and that of `b`."""
    none = np.empty(0, dtype=np.int64)
    if len(a) == 0 or len(b) == 0 or (exclusive and len(a) < 2):
        return none, none
    if not lonlat:
        found = shapely.STRtree(b).query_nearest(a, exclusive=exclusive)
        if exclusive:  # equal geometries are near each other all the same
            i, j = related_pairs(a, b, "equals")
            found = np.concatenate([np.stack([i[i != j], j[i != j]]), found], axis=1)
            order = np.lexsort((found[1], np.arange(found.shape[1]) >= (i != j).sum(), found[0]))
        else:
            order = np.lexsort((found[1], found[0]))
        i, first = np.unique(found[0][order], return_index=True)
        return i, found[1][order][first]
    if _all_single_points(a) and _all_single_points(b):
        u, v = (kernels.geodesic.unit_vectors(*shapely.get_coordinates(s).T) for s in (a, b))
        index, chords = np.empty(len(a), dtype=np.int64), np.empty(len(a))
        order = np.argsort(v[:, 2], kind="stable")
        kernels.geodesic.nearest_points(u, v[order], order, exclusive, index, chords)
        return np.arange(len(a)), index
    return _nearest_on_sphere(a, b, exclusive)


def _nearest_on_sphere(a: Shapes, b: Shapes, exclusive: bool) -> tuple[Any, Any]:
    index = np.full(len(a), -1, dtype=np.int64)
    step = max(1, CHUNK // len(b))
    for start in range(0, len(a), step):
        stop = min(start + step, len(a))
        found = _matrix(a[start:stop], b, True)
        if exclusive:
            found[np.arange(stop - start), np.arange(start, stop)] = np.inf
        index[start:stop] = np.where(np.isnan(found), np.inf, found).argmin(axis=1)
    usable = ~shapely.is_empty(a)
    return np.flatnonzero(usable), index[usable]


def nearby(
    x: SpatVector,
    y: SpatVector | None = None,
    distance: float = 0,
    k: int = 1,
    *,
    centroids: bool = True,
    symmetrical: bool = True,
) -> pd.DataFrame:
    """Pairs of geometries within a distance, or the nearest few of each.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        By default `x` itself.
    distance : float
        Distance in metres. If it is 0, the `k` nearest geometries are found instead.
    k : int
        Number of nearest geometries.
    centroids : bool
        Measure polygons from their centroids.
    symmetrical : bool
        Without `y`, give each pair once, with the lower number first.

    Returns
    -------
    DataFrame
        Columns from and to, or id, k1, k2 and so on. Geometries are numbered from 0.

    See Also
    --------
    distance : All distances.
    nearest : The nearest geometry, as points or lines.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [3, 4], [9, 9]], crs="EPSG:3035")
    >>> v.nearby(distance=5).values.tolist()
    [[0, 1]]
    """
    check_vector(x, "nearby")
    lonlat, factor = _ground(x, y, "nearby")
    a = _reduced(x.geoms, centroids)
    b = a if y is None else _reduced(y.geoms, centroids)
    if distance > 0:
        i, j = _within(a, b, distance / factor, lonlat)
        if y is None:
            keep = i < j if symmetrical else i != j
            i, j = i[keep], j[keep]
        return pandas.DataFrame({"from": i, "to": j})
    if k < 1:
        raise ArgumentError(f"nearby: k must be at least 1, or distance above 0, got k={k}")
    matrix = _matrix(a, b, lonlat)
    if y is None:
        np.fill_diagonal(matrix, np.inf)
    count = min(k, matrix.shape[1] - (y is None))
    order = np.argsort(matrix, axis=1, kind="stable")[:, :count]
    table = pandas.DataFrame(order, columns=[f"k{n + 1}" for n in range(count)])
    table.insert(0, "id", np.arange(len(a)))
    return table


def _within(a: Shapes, b: Shapes, reach: float, lonlat: bool) -> tuple[Any, Any]:
    if not lonlat:
        found = shapely.STRtree(b).query(a, predicate="dwithin", distance=reach)
        order = np.lexsort((found[1], found[0]))
        return found[0][order], found[1][order]
    pairs = np.argwhere(_matrix(a, b, True) <= reach)
    return pairs[:, 0], pairs[:, 1]
