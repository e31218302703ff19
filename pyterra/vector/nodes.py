"""Nodes taken away, added at the ends, and moved: by chance, or onto other geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.vector import geometry as _geometry
from pyterra.vector.build import (
    Shapes,
    attributes_of,
    build,
    check_kind,
    check_vector,
    joint_crs,
    like,
    placed,
    transformed,
    vertices,
)
from pyterra.vector.distance import nearest_pairs
from pyterra.vector.geodesic import beyond, wgs84
from pyterra.vector.measure import LENGTHS, metres_per_unit, unit_of
from pyterra.vector.parts import curves, of_curves, only, points_at

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def _above_0(value: Any, verb: str, name: str) -> float:
    if not value > 0:
        raise ArgumentError(f"{verb}: {name} must be above 0, got {value!r}")
    return float(value)


def thin_nodes(
    x: SpatVector, d: float = 1e-6, unit: Literal["m", "km"] = "m", *, make_valid: bool = True
) -> SpatVector:
    """Geometries without the nodes that are near others of the same line or ring.

    Parameters
    ----------
    x : SpatVector
        Lines or polygons.
    d : float
        A node stays where it is farther than this from the one before that stays, and from the last, which stays.
    unit : {"m", "km"}
    make_valid : bool
        Make polygons valid that cross themselves then.

    Returns
    -------
    SpatVector
        With the attributes of `x`. Rings of which fewer than three places are left stay as they are.

    Raises
    ------
    ArgumentError
        For points, a distance that is not above 0, or another unit.

    See Also
    --------
    simplify_geom : Leaves out nodes that change little.
    densify : Adds nodes.
    thin : Geometries that keep a distance from each other.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0, 4 0, 5 0)", crs="EPSG:3035").thin_nodes(2).geoms[0].wkt
    'LINESTRING (0 0, 5 0)'
    """
    check_kind(check_vector(x, "thin_nodes"), ("lines", "polygons"), "thin_nodes")
    reach = _above_0(d, "thin_nodes", "d") * unit_of(unit, LENGTHS, "thin_nodes")
    lines, of, owner = curves(x.geoms)
    xyz, curve = vertices(lines)
    xy = np.ascontiguousarray(xyz[:, :2])
    keep = np.zeros(len(xy), dtype=bool)
    start = np.flatnonzero(np.r_[True, curve[1:] != curve[:-1]][: len(xy)])
    places = xy
    if x.is_lonlat():
        places = kernels.geodesic.unit_vectors(*xy.T)
        reach = 2 * np.sin(min(reach / kernels.geodesic.RADIUS, np.pi) / 2)
    else:
        reach /= metres_per_unit(x)
    kernels.nodes.thinned(places, np.r_[start, len(xy)], reach, keep)
    if x.geomtype() == "polygons":
        keep |= (np.bincount(curve[keep], minlength=len(lines)) < 4)[curve]
    made = like(x, of_curves(xyz[keep], curve[keep], of, owner, len(x), str(x.geomtype())))
    return _valid(made) if make_valid and x.geomtype() == "polygons" else made


def _valid(x: SpatVector) -> SpatVector:
    return like(x, only(_geometry.make_valid(x).geoms, "polygons"))


def elongate(x: SpatVector, length: float = 1, *, flat: bool = False) -> SpatVector:
    """Lines that go on straight at both ends.

    Parameters
    ----------
    x : SpatVector
        Lines.
    length : float
        How far at each end, in metres for longitude and latitude (unless `flat`), otherwise in units of the CRS.
    flat : bool
        Treat longitude and latitude as planar coordinates.

    Returns
    -------
    SpatVector
        With the attributes of `x`. Each part of a line is elongated; on longitude and latitude along the geodesic.

    Raises
    ------
    ArgumentError
        For points or polygons, or a length that is not above 0.

    See Also
    --------
    densify : Adds nodes between.
    buffer : What is near.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 0)").elongate(2).geoms[0].wkt
    'LINESTRING (-2 0, 3 0)'
    """
    check_kind(check_vector(x, "elongate"), "lines", "elongate")
    by = _above_0(length, "elongate", "length")
    lonlat = bool(x.is_lonlat()) and not flat
    lines, of, owner = curves(x.geoms)
    xyz, curve = vertices(lines)
    if not len(xyz):
        return x.copy()
    ends = np.flatnonzero(np.r_[curve[1:] != curve[:-1], True])
    begins = np.r_[0, ends[:-1] + 1]
    xy = xyz[:, :2]
    second, before = xy[_differing(xy, begins, ends)], xy[_differing(xy, ends, begins)]
    xy[begins], xy[ends] = beyond(second, xy[begins], by, lonlat), beyond(before, xy[ends], by, lonlat)
    return like(x, of_curves(xyz, curve, of, owner, len(x), "lines"))


def _differing(xy: Any, start: Any, stop: Any) -> Any:
    """The first node on the way from one to another that lies elsewhere than it; the other where none does."""
    at, step = start.copy(), np.sign(stop - start)
    while True:
        here = (xy[at] == xy[start]).all(axis=1) & (at != stop)
        if not here.any():
            return at
        at[here] += step[here]


def agitate(x: SpatVector, maxdist: float, *, seed: int | np.random.Generator | None = None) -> SpatVector:
    """Points moved by chance, not farther than a distance.

    Parameters
    ----------
    x : SpatVector
        Points.
    maxdist : float
        Greatest distance, in metres for longitude and latitude, otherwise in units of the CRS.
    seed : int or numpy.random.Generator, optional

    Returns
    -------
    SpatVector
        With the attributes of `x`. All places within the distance are equally likely.

    Raises
    ------
    ArgumentError
        For lines or polygons, or a distance below 0.

    See Also
    --------
    shift : Moves all by the same.
    spat_sample : Points by chance.

    Examples
    --------
    >>> import pyterra as pt
    >>> x = pt.vect([[0, 0], [9, 9]], crs="EPSG:3035")
    >>> bool((x.distance(x.agitate(2, seed=1), pairwise=True) <= 2).all())
    True
    """
    check_kind(check_vector(x, "agitate"), "points", "agitate")
    if not maxdist >= 0:
        raise ArgumentError(f"agitate: maxdist must be 0 or more, got {maxdist!r}")
    rng = np.random.default_rng(seed)
    lonlat = bool(x.is_lonlat())

    def moved(xy: Any) -> Any:
        far, azimuth = maxdist * np.sqrt(rng.random(len(xy))), 360 * rng.random(len(xy))
        if lonlat:
            return np.column_stack(wgs84().fwd(xy[:, 0], xy[:, 1], azimuth, far)[:2])
        angle = np.radians(azimuth)
        return xy + far[:, None] * np.column_stack([np.sin(angle), np.cos(angle)])

    return like(x, transformed(x.geoms, moved))


def snap_to(x: SpatVector, y: SpatVector, *, paired: bool = True) -> SpatVector:
    """Points moved to the nearest place on lines or polygons.

    Parameters
    ----------
    x : SpatVector
        Points.
    y : SpatVector
        Lines or polygons.
    paired : bool
        The first point is moved to the first geometry, the second to the second, and so on; `y` may have a single
        one. If False, each is moved to the nearest geometry.

    Returns
    -------
    SpatVector
        With the attributes of `x`. Points that lie on a line or in a polygon stay. On longitude and latitude the
        nearest place is that on great circles.

    Raises
    ------
    ArgumentError
        Where `x` are no points, `y` are points, or with `paired` the numbers differ.
    CRSMismatchError
        Where the two have different CRS.

    See Also
    --------
    nearest : The nearest places as points or lines of their own.
    snap : Moves the nodes of lines and polygons.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2]]).snap_to(pt.vect("LINESTRING (0 0, 4 0)")).crds().tolist()
    [[1.0, 0.0]]
    """
    check_kind(check_vector(x, "snap_to"), "points", "snap_to")
    check_kind(check_vector(y, "snap_to: y"), ("lines", "polygons"), "snap_to: y")
    crs = joint_crs(x, y, "snap_to")
    if paired and len(y) not in (1, len(x)):
        raise ArgumentError(
            f"snap_to: with paired=True, y must have one geometry or as many as x, got {len(y)} for {len(x)}"
        )
    lonlat = bool((y if x.crs is None else x).is_lonlat())
    xy, record = shapely.get_coordinates(x.geoms, return_index=True)
    points = points_at(xy)
    if paired:
        i, j = np.arange(len(points)), record if len(y) > 1 else np.zeros(len(record), np.int64)
    else:
        i, j = nearest_pairs(points, y.geoms, lonlat, False)
    moves = ~shapely.is_empty(y.geoms)[j] & ~shapely.intersects(points[i], y.geoms[j])
    i, j = i[moves], j[moves]
    if lonlat:
        xy[i] = _on_circles(xy[i], y.geoms, j)
    else:
        xy[i] = shapely.get_coordinates(shapely.shortest_line(points[i], y.geoms[j]))[1::2]
    return build(placed(x.geoms, xy), attributes_of(x), crs)


def _on_circles(xy: Any, shapes: Shapes, which: Any) -> Any:
    """The places on great circles, along the edges of the geometry of each place, that are the nearest."""
    places = np.empty_like(xy)
    for k in np.unique(which):
        mine = which == k
        ends, curve = shapely.get_coordinates(curves(shapes[[k]])[0], return_index=True)
        v = kernels.geodesic.unit_vectors(*ends.T)
        edge = curve[1:] == curve[:-1]
        found = np.array(
            [_nearest_on(p, v[:-1][edge], v[1:][edge]) for p in kernels.geodesic.unit_vectors(*xy[mine].T)]
        )
        lon, lat = np.degrees(np.arctan2(found[:, 1], found[:, 0])), np.degrees(np.arcsin(found[:, 2]))
        turn = 360 * np.round((ends[:, 0].mean() - lon) / 360)
        places[mine] = np.column_stack([lon + turn, lat])
    return places


def _nearest_on(p: Any, a: Any, b: Any) -> Any:
    """The nearest place to `p` on the arcs from `a` to `b`: where it falls on their circles, or an end."""
    across = np.cross(a, b)
    size = np.linalg.norm(across, axis=1, keepdims=True)
    across = np.divide(across, size, out=np.zeros_like(across), where=size > 0)
    foot = p - (across @ p)[:, None] * across
    foot /= np.maximum(np.linalg.norm(foot, axis=1, keepdims=True), 1e-300)
    on = (np.cross(a, foot) * across).sum(axis=1) >= 0
    on &= (np.cross(foot, b) * across).sum(axis=1) >= 0
    on &= size[:, 0] > 0
    nearest = np.concatenate([foot[on], a, b])
    return nearest[((nearest - p) ** 2).sum(axis=1).argmin()]
