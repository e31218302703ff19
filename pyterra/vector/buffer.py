"""Buffers: planar ones by GEOS, geodesic ones in planes that lie close to the ground."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, attributes_of, check_vector, column, like
from pyterra.vector.coordinates import count_in_runs
from pyterra.vector.geodesic import HALF, centres, in_planes, lengths, on_earth
from pyterra.vector.measure import metres_per_unit
from pyterra.vector.parts import only, parts_of, united
from pyterra.vector.place import normalized

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]
NEAR = 100_000.0
"""Metres within which a plane of true distances from its centre is taken for the ground.

At its rim lengths across are 4e-5 too long. Larger geometries are taken apart into pieces of this length.
"""
EDGE = 5_000.0
"""Metres between vertices of lines before they are brought into a plane: they are straight in degrees, not there."""
WIDE = 5_000_000.0
"""Metres of a buffer beyond which its edges are too long to be straight on the earth as well."""
RIM = 100_000.0
"""Metres between vertices of a buffer in its plane: its edges are straight there, not on the earth."""
FINEST = 24
"""Times that an edge is halved where it comes close to a pole."""
_CAPS = {"round": "round", "flat": "flat", "square": "square"}
_JOINS = {"round": "round", "mitre": "mitre", "miter": "mitre", "bevel": "bevel"}


def buffer(
    x: SpatVector,
    width: float | Sequence[float] | str,
    quadsegs: int = 10,
    *,
    capstyle: Literal["round", "flat", "square"] = "round",
    joinstyle: Literal["round", "mitre", "bevel"] = "round",
    mitrelimit: float = 5.0,
) -> SpatVector:
    """Polygons that hold all that lies within a distance of the geometries.

    Parameters
    ----------
    x : SpatVector
    width : float, sequence of float (repeated to one per geometry) or str
        Distance in metres for longitude and latitude, otherwise in units of the CRS. Text is the name of an attribute
        with the distances. Negative distances shrink polygons.
    quadsegs : int
        Line segments to a quarter of a circle.
    capstyle : {"round", "flat", "square"}
        Ends of lines.
    joinstyle : {"round", "mitre", "bevel"}
        Corners.
    mitrelimit : float
        How far a mitred corner may reach, in widths.

    Returns
    -------
    SpatVector
        Polygons with the attributes of `x`. On longitude and latitude they are cut at 180 degrees, and they reach
        around a pole.

    See Also
    --------
    hull : The smallest figure around geometries.
    nearby : Pairs of geometries within a distance.
    SpatRaster.buffer : The verb for rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> circle = pt.vect([[180, 0]], crs="EPSG:4326").buffer(10_000)
    >>> [round(v, 2) for v in circle.ext]
    [-180.0, 180.0, -0.09, 0.09]
    """
    check_vector(x, "buffer")
    x = like(x, shapely.force_2d(x.geoms))  # heights around a line would be no heights of anything
    widths = widths_of(x, width)
    if quadsegs < 1:
        raise ArgumentError(f"buffer: quadsegs must be at least 1, got {quadsegs}")
    capstyle = choice(capstyle, tuple(_CAPS), "buffer: capstyle")
    joinstyle = choice(joinstyle, tuple(_JOINS), "buffer: joinstyle")
    style = {
        "quad_segs": quadsegs,
        "cap_style": _CAPS[capstyle],
        "join_style": _JOINS[joinstyle],
        "mitre_limit": mitrelimit,
    }
    if not x.is_lonlat():
        made = shapely.buffer(x.geoms, widths, **style)
    else:
        made = _geodesic(x, widths * metres_per_unit(x), style)
    return like(x, only(np.asarray(made, dtype=object), "polygons"))


def widths_of(x: SpatVector, width: Any) -> Floats:
    """A width for each geometry.

    Raises
    ------
    ArgumentError
        Where they are no numbers.
    """
    if isinstance(width, str):
        width = attributes_of(x)[column(x, width, "buffer")].to_numpy(dtype=float, na_value=np.nan)
    try:
        given = np.atleast_1d(np.asarray(width, dtype=float)).ravel()
    except (TypeError, ValueError):
        raise ArgumentError(f"buffer: width must be a number, numbers or a name, got {width!r:.60}") from None
    if not np.isfinite(given).all() or given.size == 0:
        raise ArgumentError("buffer: widths must be finite numbers, got missing ones")
    if given.size > max(len(x), 1):
        raise ArgumentError(
            f"buffer: width must be one, or at most one per geometry ({len(x)}), got {given.size}"
        )
    return np.resize(given, len(x))


# Geodesic


def _geodesic(x: SpatVector, widths: Floats, style: dict[str, Any]) -> Shapes:
    """Buffers in metres: small geometries as they are, large ones as the union of their pieces."""
    kind = str(x.geomtype())
    shapes = _fine(x.geoms, kind)
    centre, radius = centres(shapes)
    small = radius <= NEAR
    if kind == "points":
        small &= shapely.get_num_geometries(shapes) == 1
    out: Shapes = np.array(shapes, dtype=object)
    if small.any():
        out[small] = _in_plane(shapes[small], centre[small], widths[small], style)
    if (~small).any():
        out[~small] = _by_pieces(shapes[~small], widths[~small], style, kind)
    inside = shapely.bounds(x.geoms)
    with np.errstate(invalid="ignore"):
        usual = not (np.nanmax(inside[:, 2], initial=0) > 180 or np.nanmin(inside[:, 0], initial=0) < -180)
    return normalized(out, "polygons") if usual and len(out) else out


def _fine(shapes: Shapes, kind: str) -> Shapes:
    """Vertices close enough that lines which are straight in degrees are so in a plane as well."""
    if kind == "points":
        return shapes
    return np.asarray(shapely.segmentize(shapes, EDGE / 111_320), dtype=object)


def _in_plane(shapes: Shapes, centre: Floats, widths: Floats, style: dict[str, Any]) -> Shapes:
    """Buffers in planes about the centres in which distances and directions from the centre are true."""
    made = np.asarray(shapely.buffer(in_planes(shapes, centre), widths, **style), dtype=object)
    made = np.asarray(shapely.segmentize(made, np.where(widths > WIDE, RIM, np.inf)), dtype=object)
    xy, owner = shapely.get_coordinates(made, return_index=True)
    if len(xy) == 0:
        return made
    reach = np.zeros(len(made))
    np.maximum.at(reach, owner, np.hypot(xy[:, 0], xy[:, 1]))
    north, south = (
        lengths(centre, np.column_stack([centre[:, 0], np.full(len(centre), lat)]), True)
        for lat in (90.0, -90.0)
    )
    lonlat = on_earth(xy, centre[owner])
    out = np.asarray(shapely.set_coordinates(made.copy(), lonlat), dtype=object)
    for k in np.flatnonzero(reach + RIM > np.minimum(north, south)):  # one shape or two, where there is any
        out[k] = _around_poles(made[k], centre[k], (north[k], -south[k]))
    return out


def _around_poles(flat: Any, centre: Floats, poles: tuple[float, float]) -> Any:
    """What a polygon in a plane covers of the earth, where it comes near a pole, or reaches far around."""
    parts = []
    for part in shapely.get_parts(flat):
        covered = _covered(shapely.get_exterior_ring(part), centre, poles)
        holes = [_covered(hole, centre, poles) for hole in part.interiors]
        parts.append(shapely.difference(covered, shapely.union_all(holes)) if holes else covered)
    return shapely.union_all(parts)


def _covered(ring: Any, centre: Floats, poles: tuple[float, float]) -> Any:
    """What lies inside a ring in the plane about a centre, on whose vertical axis the poles lie."""
    inner, outer = shapely.distance(ring, shapely.points(0, 0)), np.abs(shapely.get_coordinates(ring)).max()
    if inner >= HALF and outer >= HALF:
        return shapely.box(-180, -90, 180, 90)
    xy = shapely.get_coordinates(ring)
    for _ in range(FINEST):
        lonlat = on_earth(xy, np.broadcast_to(centre, xy.shape))
        steps = (np.diff(lonlat[:, 0]) + 180) % 360 - 180
        wide = np.flatnonzero(np.abs(steps) > 30)
        if len(wide) == 0:
            break
        xy = np.insert(xy, wide + 1, (xy[wide] + xy[wide + 1]) / 2, axis=0)
    lon = np.r_[lonlat[0, 0], lonlat[0, 0] + np.cumsum(steps)]
    # How deep each pole lies inside. Whether the ring goes around one of them decides, where one lies on the ring.
    places, inside = shapely.points([0, 0], poles), shapely.contains_xy(shapely.polygons(ring), [0, 0], poles)
    depth = shapely.distance(ring, places) * np.where(inside, 1, -1)
    rim = np.column_stack([lon, lonlat[:, 1]])
    if abs(lon[-1] - lon[0]) > 180:
        pole = 90.0 if depth[0] > depth[1] else -90.0
        rim = np.r_[rim, [[lon[-1], pole], [lon[0], pole]], rim[:1]]
        return _clean(rim)
    rim[-1] = rim[0]
    if depth[np.argmax(np.abs(depth))] < 0:
        return _clean(rim)
    return shapely.difference(
        shapely.box(-180, -90, 180, 90), _clean(rim)
    )  # both poles: all but the other side


def _clean(rim: Floats) -> Any:
    """The polygon of a ring that may touch itself, between 180 degrees west and east."""
    shape = shapely.polygons(rim)
    shape = shape if shapely.is_valid(shape) else shapely.make_valid(shape)
    return normalized(only(np.array([shape], dtype=object), "polygons"), "polygons")[0]


def _by_pieces(shapes: Shapes, widths: Floats, style: dict[str, Any], kind: str) -> Shapes:
    """Buffers of large geometries: of pieces of their lines, joined with (or taken from) what they enclose."""
    pieces, owner = _pieces(shapes, kind)
    centre, _ = centres(pieces)
    rims = _in_plane(pieces, centre, np.abs(widths)[owner], {**style, "cap_style": "round"})
    rim = united(normalized(rims, "polygons"), owner, len(shapes))
    if kind != "polygons":
        return np.where(widths > 0, rim, shapely.from_wkt("POLYGON EMPTY"))
    grown = shapely.union(shapes, rim)
    return np.where(widths >= 0, grown, shapely.difference(shapes, rim))


def _pieces(shapes: Shapes, kind: str) -> tuple[Shapes, Any]:
    """Points, or stretches of lines and rings of some length, and whose they are."""
    parts, owner = parts_of(shapes)
    if kind == "points":
        return parts, owner
    if kind == "polygons":
        rings, of = shapely.get_rings(parts, return_index=True)
        parts, owner = rings, owner[of]
    xy, curve = shapely.get_coordinates(parts, return_index=True)
    start = np.flatnonzero(curve[1:] == curve[:-1])
    length = lengths(xy[start], xy[start + 1], True)
    along = np.cumsum(length) - length
    first = np.flatnonzero(np.r_[True, curve[start][1:] != curve[start][:-1]])
    along = along - np.repeat(along[first], np.diff(np.r_[first, len(start)]))
    stretch = np.cumsum(np.r_[True, (np.diff(curve[start]) != 0) | (np.diff(along // NEAR) != 0)]) - 1
    # Every segment gives its beginning; the last of a stretch its end too.
    last = np.r_[np.diff(stretch) != 0, True]
    index = np.repeat(np.arange(len(start)), np.where(last, 2, 1))
    points = xy[start[index] + count_in_runs(index)]
    lines = shapely.linestrings(points, indices=stretch[index])
    return np.asarray(lines, dtype=object), owner[curve[start][last]]
