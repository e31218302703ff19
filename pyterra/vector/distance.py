"""Distances between geometries, and the nearest ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid.geodesic import SLACK
from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, build, check_vector, joint_crs, kind_of
from pyterra.vector.geodesic import MORE, in_pieces, to_edges, wgs84
from pyterra.vector.measure import LENGTHS, check_known, metres_per_unit, unit_of
from pyterra.vector.parts import parts_of
from pyterra.vector.relate import related_pairs

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]
Measure = Callable[[Any, Any], Floats]
Method = Literal["haversine", "cosine", "geo"]
METHODS = ("haversine", "cosine", "geo")
CHUNK = 1_000_000
"""Pairs that are measured at once."""


def distance(
    x: SpatVector,
    y: SpatVector | None = None,
    *,
    pairwise: bool = False,
    sequential: bool = False,
    unit: Literal["m", "km"] = "m",
    method: Method = "haversine",
    use_nodes: bool = False,
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
        With longitude and latitude: geo is the length of the shortest geodesic on the ellipsoid (WGS 84), where edges are
        geodesics as well; the other two are along great circles of a sphere of radius 6378137 m, as are edges then.
    use_nodes : bool
        With longitude and latitude, measure lines and polygons from their vertices alone.

    Returns
    -------
    ndarray of shape (len(x), len(y)), or (n,)
        Without longitude and latitude they are planar. They are 0 where two geometries have a common point, and NaN for
        empty geometries.

    See Also
    --------
    nearest : The nearest geometry of another vector.
    nearby : Pairs within a distance.
    SpatRaster.distance : The verb for rasters.

    Notes
    -----
    On the sphere, the distance is measured from every vertex of one geometry to every segment of the other; of these
    the ones that may be the nearest on the ellipsoid are measured there.

    References
    ----------
    Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68, 159.
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

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
    measure = _measure(method, lonlat)
    if sequential:
        if y is not None or pairwise:
            raise ArgumentError("distance: sequential is for one vector, without y and pairwise")
        n = np.arange(max(len(x) - 1, 0))
        steps = _of_pairs(a, a, n, n + 1, lonlat, measure, nodes=use_nodes) * factor / size
        return np.r_[np.zeros(min(len(x), 1)), steps]
    if pairwise:
        if len(a) != len(b) and 1 not in (len(a), len(b)):
            raise ArgumentError(
                f"distance: pairwise needs as many geometries in both, or one, got {len(a)} and {len(b)}"
            )
        n = np.arange(max(len(a), len(b)) if len(a) and len(b) else 0)
        i, j = n % max(len(a), 1), n % max(len(b), 1)
        return _of_pairs(a, b, i, j, lonlat, measure, nodes=use_nodes) * factor / size
    return _matrix(a, b, lonlat, measure, nodes=use_nodes) * factor / size


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


def _measure(method: str, lonlat: bool, verb: str = "distance") -> Measure:
    """How places of lon/lat are measured."""
    chosen = choice(method, METHODS, f"{verb}: method")
    return geodesic if chosen == "geo" and lonlat else haversine


def _matrix(
    a: Shapes, b: Shapes, lonlat: bool, measure: Measure = haversine, *, nodes: bool = False
) -> Floats:
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
            found = _of_pairs(a, b, rows, np.tile(columns, stop - start), True, measure, nodes=nodes)
            out[start:stop] = found.reshape(stop - start, len(b))
        else:
            out[start:stop] = shapely.distance(a[start:stop, None], b[None])
    return out


def _all_single_points(shapes: Shapes) -> bool:
    return bool(np.all((shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)))


def _of_pairs(
    a: Shapes, b: Shapes, i: Any, j: Any, lonlat: bool, measure: Measure = haversine, *, nodes: bool = False
) -> Floats:
    """Distances of some pairs; in the plane in units of it."""
    if not lonlat:
        return np.asarray(shapely.distance(a[i], b[j]), dtype=float)
    if _all_single_points(a) and _all_single_points(b):
        return measure(shapely.get_coordinates(a)[i], shapely.get_coordinates(b)[j])
    if measure is geodesic:
        found = _on_ellipsoid(_vertices(a, nodes, True), _vertices(b, nodes, True), i, j)[0]
    else:
        out = np.empty(len(i))
        sides = (side for shapes in (a, b) for side in _vertices(shapes, nodes)[1:])
        kernels.geodesic.chords_of_pairs(*sides, i.astype(np.int64), j.astype(np.int64), out)
        found = np.asarray(kernels.geodesic.metres(out))
    found[_met(a, b, i, j)] = 0.0
    return found


def _met(a: Shapes, b: Shapes, i: Any, j: Any) -> Any:
    """Which of some pairs have a common point, also where one goes on beyond the date line and the other does not."""
    met = _in_common(a, b, i, j)
    if not len(i):
        return met
    (low, _, high, _), (other_low, _, other_high, _) = (shapely.total_bounds(shapes) for shapes in (a, b))
    for turn in (-360.0, 360.0):
        if other_low + turn <= high and other_high + turn >= low:
            met |= _in_common(a, shapely.transform(b, lambda xy, by=turn: xy + np.array([by, 0.0])), i, j)
    return met


def _in_common(a: Shapes, b: Shapes, i: Any, j: Any) -> Any:
    """Which of some pairs have a common point in degrees."""
    if len(a) * len(b) > 10 * CHUNK:
        return shapely.intersects(a[i], b[j])
    met = np.zeros((len(a), len(b)), dtype=bool)
    met[related_pairs(a, b, "intersects")] = True
    return met[i, j]


def _vertices(shapes: Shapes, nodes: bool = False, pieces: bool = False) -> tuple[Floats, Floats, Any, Any]:
    """Vertices in degrees and on the sphere, whether an edge leads on from each, and the first of each geometry.

    `nodes` leaves the edges out, `pieces` cuts them so short that the sphere tells which may be the nearest.
    """
    parts, owner = parts_of(shapes)
    of: Any = np.arange(len(parts))
    if len(parts) and (shapely.get_type_id(parts) == 3).all():
        parts, of = shapely.get_rings(parts, return_index=True)
    xy, curve = shapely.get_coordinates(parts, return_index=True)
    link = np.r_[curve[1:] == curve[:-1], False] if len(curve) else np.empty(0, dtype=bool)
    owner = owner[of[curve]]
    if nodes:
        link[:] = False
    elif pieces and link.any():
        xy, link, vertex = in_pieces(xy, link)
        owner = owner[vertex]
    counts = np.bincount(owner, minlength=len(shapes))
    return xy, kernels.geodesic.unit_vectors(xy[:, 0], xy[:, 1]), link, np.r_[0, np.cumsum(counts)]


def _on_ellipsoid(a: Any, b: Any, i: Any, j: Any) -> tuple[Floats, Floats]:
    """Lengths of the shortest geodesics of some pairs, and the places where they begin and end, shape (n, 2, 2).

    Places are NaN where edges cross, and for geometries without vertices.
    """
    counts = [np.diff(side[3])[pair] for side, pair in ((a, i), (b, j))]
    far = np.where((counts[0] > 0) & (counts[1] > 0), 0.0, np.nan)
    places = np.full((len(i), 2, 2), np.nan)
    pair, side, vertex, edge = kernels.geodesic.candidates_of_pairs(
        *a[1:], *b[1:], i.astype(np.int64), j.astype(np.int64), SLACK, MORE / kernels.geodesic.RADIUS
    )
    if not len(pair):
        return far, places
    of, on = (np.empty((len(pair), 2)) for _ in range(2))
    ahead = np.empty_like(on)
    for k, (from_, to) in enumerate(((a, b), (b, a))):
        here = side == k
        of[here], on[here] = from_[0][vertex[here]], to[0][edge[here]]
        ahead[here] = to[0][edge[here] + to[2][edge[here]]]
    found, there = to_edges(of, on, ahead)
    order = np.lexsort((found, pair))
    first = order[np.r_[True, np.diff(pair[order]) > 0]]
    far[pair[first]] = found[first]
    ends = np.stack([of[first], there[first]], axis=1)
    places[pair[first]] = np.where((side[first] == 1)[:, None, None], ends[:, ::-1], ends)
    return far, places


def nearest(
    x: SpatVector,
    y: SpatVector | None = None,
    *,
    pairs: bool = False,
    centroids: bool = True,
    lines: bool = False,
    method: Method = "geo",
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
    method : {"geo", "haversine", "cosine"}
        With longitude and latitude, how distances are measured, as for `distance`.

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
    measure = _measure(method, lonlat, "nearest")
    a = _reduced(x.geoms, centroids)
    b = a if y is None else _reduced(y.geoms, centroids)
    if pairs:
        if len(a) != len(b):
            raise ArgumentError(f"nearest: pairs needs as many geometries in both, got {len(a)} and {len(b)}")
        i = j = np.arange(len(a))
    else:
        i, j = nearest_pairs(a, b, lonlat, y is None, measure)
    ends = _ends(a, b, i, j, lonlat)
    joins = np.asarray(shapely.linestrings(ends), dtype=object)
    length = _of_pairs(a, b, i, j, lonlat, measure) * factor
    columns = {"from_id": i, "from_x": ends[:, 0, 0], "from_y": ends[:, 0, 1], "to_id": j}
    columns |= {"to_x": ends[:, 1, 0], "to_y": ends[:, 1, 1], "distance": length}
    shapes = joins if lines else shapely.points(ends[:, 1])
    crs = x.crs if y is None or x.crs is not None else y.crs
    return build(np.asarray(shapes, dtype=object), pandas.DataFrame(columns), crs)


def _ends(a: Shapes, b: Shapes, i: Any, j: Any, lonlat: bool) -> Floats:
    """Where the shortest way between geometries of some pairs begins and ends, shape (n, 2, 2)."""
    if not len(i):
        return np.empty((0, 2, 2))
    ends = np.full((len(i), 2, 2), np.nan)
    joins = shapely.shortest_line(a[i], b[j])
    known = ~shapely.is_missing(joins) & ~shapely.is_empty(joins)
    ends[known] = shapely.get_coordinates(joins[known]).reshape(-1, 2, 2)
    if lonlat and not (_all_single_points(a) and _all_single_points(b)):
        found = _on_ellipsoid(_vertices(a, pieces=True), _vertices(b, pieces=True), i, j)[1]
        apart = ~np.isnan(found[:, 0, 0]) & ~_met(a, b, i, j)
        ends[apart] = found[apart]
    return ends


def _reduced(shapes: Shapes, centroids: bool) -> Shapes:
    polygons = len(shapes) > 0 and kind_of(shapes[:1]) == "polygons"
    return np.asarray(shapely.centroid(shapes), dtype=object) if centroids and polygons else shapes


def nearest_pairs(
    a: Shapes, b: Shapes, lonlat: bool, exclusive: bool, measure: Measure = haversine
) -> tuple[Any, Any]:
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
    if _all_single_points(a) and _all_single_points(b) and measure is haversine:
        u, v = (kernels.geodesic.unit_vectors(*shapely.get_coordinates(s).T) for s in (a, b))
        index, chords = np.empty(len(a), dtype=np.int64), np.empty(len(a))
        order = np.argsort(v[:, 2], kind="stable")
        kernels.geodesic.nearest_points(u, v[order], order, exclusive, index, chords)
        return np.arange(len(a)), index
    if _all_single_points(a) and _all_single_points(b):
        return np.arange(len(a)), _nearest_on_ellipsoid(a, b, exclusive)
    return _nearest_on_earth(a, b, exclusive, measure)


def _nearest_on_ellipsoid(a: Shapes, b: Shapes, exclusive: bool) -> Any:
    """Number of the nearest of the points `b` for each of `a`, of those that may be by the sphere."""
    u, v = (shapely.get_coordinates(s) for s in (a, b))
    lon, lat = np.radians(u).T
    point, other = kernels.distance.point_candidates(
        lon, lat, kernels.geodesic.unit_vectors(*v.T), SLACK, exclusive
    )
    far = geodesic(u[point], v[other])
    order = np.lexsort((other, far, point))
    return other[order[np.r_[True, np.diff(point[order]) > 0]]]


def _nearest_on_earth(a: Shapes, b: Shapes, exclusive: bool, measure: Measure) -> tuple[Any, Any]:
    index = np.full(len(a), -1, dtype=np.int64)
    step = max(1, CHUNK // len(b))
    for start in range(0, len(a), step):
        stop = min(start + step, len(a))
        found = _matrix(a[start:stop], b, True, measure)
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
    method: Method = "geo",
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
    method : {"geo", "haversine", "cosine"}
        With longitude and latitude, how distances are measured, as for `distance`.

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
    measure = _measure(method, lonlat, "nearby")
    a = _reduced(x.geoms, centroids)
    b = a if y is None else _reduced(y.geoms, centroids)
    if distance > 0:
        i, j = _within(a, b, distance / factor, lonlat, measure)
        if y is None:
            keep = i < j if symmetrical else i != j
            i, j = i[keep], j[keep]
        return pandas.DataFrame({"from": i, "to": j})
    if k < 1:
        raise ArgumentError(f"nearby: k must be at least 1, or distance above 0, got k={k}")
    matrix = _matrix(a, b, lonlat, measure)
    if y is None:
        np.fill_diagonal(matrix, np.inf)
    count = min(k, matrix.shape[1] - (y is None))
    order = np.argsort(matrix, axis=1, kind="stable")[:, :count]
    table = pandas.DataFrame(order, columns=[f"k{n + 1}" for n in range(count)])
    table.insert(0, "id", np.arange(len(a)))
    return table


def _within(a: Shapes, b: Shapes, reach: float, lonlat: bool, measure: Measure) -> tuple[Any, Any]:
    if not lonlat:
        found = shapely.STRtree(b).query(a, predicate="dwithin", distance=reach)
        order = np.lexsort((found[1], found[0]))
        return found[0][order], found[1][order]
    pairs = np.argwhere(_matrix(a, b, True, measure) <= reach)
    return pairs[:, 0], pairs[:, 1]
