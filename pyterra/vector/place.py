"""Coordinates changed by a rule: moved, mirrored, turned, scaled, rounded; longitudes brought into range."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, check_vector, like, transformed
from pyterra.vector.geodesic import turned
from pyterra.vector.parts import only, united

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def _moved(x: SpatVector, change: Callable[[Any], Any]) -> SpatVector:
    return like(x, transformed(x.geoms, change))


def shift(x: SpatVector, dx: float = 0, dy: float = 0) -> SpatVector:
    """Geometries moved by `dx` and `dy`.

    Parameters
    ----------
    x : SpatVector
    dx, dy : float
        Distances along x and y, in units of the CRS; negative numbers move left and down.

    Returns
    -------
    SpatVector

    See Also
    --------
    rescale : Larger or smaller.
    spin : Turned.
    rotate : Across the antimeridian.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2]]).shift(10, 20).crds().tolist()
    [[11.0, 22.0]]
    """
    check_vector(x, "shift")
    return _moved(x, lambda xy: xy + np.array([dx, dy]))


def flip(x: SpatVector, direction: Literal["vertical", "horizontal"] = "vertical") -> SpatVector:
    """Geometries mirrored at the lower (or left) edge of their extent.

    Parameters
    ----------
    x : SpatVector
    direction : {"vertical", "horizontal"}
        ``vertical`` changes y, ``horizontal`` changes x.

    Returns
    -------
    SpatVector

    See Also
    --------
    t : Exchanges x and y.
    spin : Turns geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 1, 0 3)").flip().crds()[:, 1].tolist()
    [1.0, -1.0]
    """
    check_vector(x, "flip")
    direction = choice(direction, ("vertical", "horizontal"), "flip: direction")
    edge = x.ext
    if direction == "vertical":
        return _moved(x, lambda xy: np.column_stack([xy[:, 0], 2 * edge.ymin - xy[:, 1]]))
    return _moved(x, lambda xy: np.column_stack([2 * edge.xmin - xy[:, 0], xy[:, 1]]))


def t(x: SpatVector) -> SpatVector:
    """Geometries with x and y exchanged.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    SpatVector

    See Also
    --------
    flip : Mirror.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[10, 50]]).t().crds().tolist()
    [[50.0, 10.0]]
    """
    check_vector(x, "t")
    return _moved(x, lambda xy: xy[:, ::-1])


def _about(x: SpatVector, x0: float | None, y0: float | None) -> tuple[float, float]:
    """A point to turn about or scale from; by default the middle of the extent."""
    e = x.ext
    return (
        (e.xmin + e.xmax) / 2 if x0 is None else float(x0),
        (e.ymin + e.ymax) / 2 if y0 is None else float(y0),
    )


def rescale(
    x: SpatVector,
    fx: float = 0.5,
    fy: float | None = None,
    x0: float | None = None,
    y0: float | None = None,
) -> SpatVector:
    """Geometries scaled from a point.

    Parameters
    ----------
    x : SpatVector
    fx, fy : float
        Factors along x and y; `fy` is `fx` unless given.
    x0, y0 : float, optional
        The point that stays in place; by default the middle of the extent.

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 4 2)").rescale(0.5, x0=0, y0=0).crds().tolist()
    [[0.0, 0.0], [2.0, 1.0]]
    """
    check_vector(x, "rescale")
    at = np.array(_about(x, x0, y0))
    return _moved(x, lambda xy: at + (xy - at) * [fx, fx if fy is None else fy])


def spin(x: SpatVector, angle: float, x0: float | None = None, y0: float | None = None) -> SpatVector:
    """Geometries turned clockwise about a point.

    Parameters
    ----------
    x : SpatVector
    angle : float
        In degrees.
    x0, y0 : float, optional
        The point that stays in place; by default the middle of the extent.

    Returns
    -------
    SpatVector
        On longitude and latitude, vertices keep their distance from the point, measured on the ellipsoid.

    See Also
    --------
    flip : Mirrors geometries.
    rescale : Scales geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 1]]).spin(90, 0, 0).round(6).crds().tolist()
    [[1.0, 0.0]]
    """
    check_vector(x, "spin")
    at = np.array(_about(x, x0, y0))
    return _moved(x, lambda xy: turned(at, xy, angle, bool(x.is_lonlat())))


def round(x: SpatVector, digits: int = 4) -> SpatVector:
    """Geometries with rounded coordinates.

    Parameters
    ----------
    x : SpatVector
    digits : int
        Number of decimals. Halves are rounded away from zero.

    Returns
    -------
    SpatVector
        Vertices that become equal are all kept.

    See Also
    --------
    spin : Turn geometries.
    simplify_geom : Fewer vertices.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1.25, 2.71828]]).round(1).crds().tolist()
    [[1.3, 2.7]]
    """
    check_vector(x, "round")
    factor = 10.0**digits

    def rounded(xy: Any) -> Any:
        return np.trunc(xy * factor + np.copysign(0.5, xy)) / factor

    return _moved(x, rounded)


def rotate(
    x: SpatVector, longitude: float = 0, *, split: bool = True, left: bool = True, normalize: bool = False
) -> SpatVector:
    """Longitudes moved by 360 degrees to the other side of a meridian.

    Parameters
    ----------
    x : SpatVector
        With longitude and latitude.
    longitude : float
        The meridian.
    split : bool
        Cut geometries that cross the meridian, so that neighbouring vertices stay together. If False, each vertex is
        moved by itself.
    left : bool
        Move what lies right of the meridian to the left, by -360 degrees. If False, what lies left of it is moved to
        the right.
    normalize : bool
        Bring the result into -180 to 180, cutting at the date line.

    Returns
    -------
    SpatVector

    See Also
    --------
    normalize_longitude : Brings longitudes into -180 to 180.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[190, 5]], crs="EPSG:4326").rotate(180).crds().tolist()
    [[-170.0, 5.0]]
    """
    check_vector(x, "rotate")
    if split:
        made = like(x, _swung(x.geoms, str(x.geomtype()), longitude, left))
    elif left:
        made = _moved(x, lambda xy: xy - np.where(xy[:, :1] > longitude, [360.0, 0.0], 0.0))
    else:
        made = _moved(x, lambda xy: xy + np.where(xy[:, :1] < longitude, [360.0, 0.0], 0.0))
    return normalize_longitude(made) if normalize else made


def _swung(geoms: Shapes, kind: str, longitude: float, left: bool) -> Shapes:
    """What lies beyond a meridian moved around the earth; what crosses it is cut there."""
    shapes: Shapes = np.array(geoms, dtype=object)
    west, _, east, _ = shapely.bounds(shapes).T
    crosses = (west < longitude) & (east > longitude)
    beyond = ~crosses & (east > longitude if left else west < longitude)
    turn = [-360.0 if left else 360.0, 0.0]
    here = shapely.box(-1e6, -1e6, longitude, 1e6) if left else shapely.box(longitude, -1e6, 1e6, 1e6)
    kept = only(shapely.intersection(shapes[crosses], here), kind)
    cut = transformed(only(shapely.difference(shapes[crosses], here), kind), lambda xy: xy + turn)
    shapes[beyond] = transformed(shapes[beyond], lambda xy: xy + turn)
    shapes[crosses] = pieced(np.stack([kept, cut], axis=1), kind)
    return shapes


def pieced(pieces: Any, kind: str) -> Shapes:
    """Pieces of shape (geometry, piece) of which each row is one geometry."""
    count, columns = pieces.shape
    shapes: Shapes = np.asarray(pieces, dtype=object).ravel()
    owner = np.repeat(np.arange(count), columns)
    keep = ~shapely.is_empty(shapes)
    return only(united(shapes[keep], owner[keep], count), kind) if count else np.empty(0, dtype=object)


def normalize_longitude(x: SpatVector) -> SpatVector:
    """Geometries with longitudes from -180 to 180; those that cross 180 degrees are cut there.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    SpatVector
        Attributes of `x`.

    See Also
    --------
    rotate : Moves longitudes to the other side of a meridian.

    Examples
    --------
    >>> import pyterra as pt
    >>> across = pt.vect("POLYGON ((170 0, 190 0, 190 5, 170 5, 170 0))", crs="EPSG:4326")
    >>> list(across.normalize_longitude().ext)
    [-180.0, 180.0, 0.0, 5.0]
    """
    check_vector(x, "normalize_longitude")
    return like(x, normalized(x.geoms, str(x.geomtype())))


def _turned_back(turn: float, xy: Any) -> Any:
    return xy - [360 * turn, 0]


def normalized(shapes: Shapes, kind: str) -> Shapes:
    """Geometries cut at 180 degrees and brought into -180 to 180; the others are left as they are."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    with np.errstate(invalid="ignore"):
        beyond = (bounds[:, 0] < -180) | (bounds[:, 2] > 180)
    if not beyond.any():
        return shapes
    turns = np.arange(
        np.floor((np.nanmin(bounds[:, 0]) + 180) / 360), np.ceil((np.nanmax(bounds[:, 2]) + 180) / 360)
    )
    pieces = []
    for turn in turns:  # one or two, seldom more: how often the geometries go around the earth
        west = -180 + 360 * turn
        inside = shapely.intersection(shapes[beyond], shapely.box(west, -1e6, west + 360, 1e6))
        pieces.append(transformed(only(inside, kind), partial(_turned_back, turn)))
    out: Shapes = np.array(shapes, dtype=object)
    out[beyond] = pieced(np.stack(pieces, axis=1), kind)
    return out
