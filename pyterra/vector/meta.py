"""What a vector is: kind of geometry, extent, CRS, numbers of records and attributes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.grid.crs import is_lonlat as _is_lonlat
from pyterra.grid.crs import parse_crs, unit_in_metres
from pyterra.grid.extent import Extent
from pyterra.grid.grid import common_crs
from pyterra.packages import shapely
from pyterra.vector.build import GEOMETRY, Kind, Shapes, bounds_of, check_vector, kind_of, to_crs, vector

if TYPE_CHECKING:
    import numpy as np
    import pyproj
    from numpy.typing import NDArray

    from pyterra.handles.spatvector import SpatVector


def geoms(x: SpatVector) -> Shapes:
    """Array of shapely geometries, of shape (n,)."""
    return x._table.geometry.to_numpy()


def geomtype(x: SpatVector) -> Kind:
    """Kind of the geometries.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    str
        ``points``, ``lines`` or ``polygons``; ``none`` where there are no geometries.

    See Also
    --------
    is_points : Whether these are points.
    as_points : Another type.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POINT (1 2)").geomtype()
    'points'
    """
    return kind_of(geoms(x)[:1])


def is_points(x: SpatVector) -> bool:
    """Whether the geometries are points.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POINT (1 2)").is_points(), pt.vect("LINESTRING (0 0, 1 1)").is_points()
    (True, False)
    """
    return geomtype(x) == "points"


def is_lines(x: SpatVector) -> bool:
    """Whether the geometries are lines.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 1 1)").is_lines(), pt.vect("POINT (1 2)").is_lines()
    (True, False)
    """
    return geomtype(x) == "lines"


def is_polygons(x: SpatVector) -> bool:
    """Whether the geometries are polygons.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(pt.ext(0, 1, 0, 1)).is_polygons(), pt.vect("POINT (1 2)").is_polygons()
    (True, False)
    """
    return geomtype(x) == "polygons"


def is_empty(x: SpatVector) -> bool:
    """Whether there are no geometries.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[1, 2], [3, 4]], atts={"a": [5, 6]})
    >>> v.is_empty(), v.subset("a > 9").is_empty()
    (False, True)
    """
    return len(x) == 0


def nrow(x: SpatVector) -> int:
    """Number of geometries."""
    return len(x._table)


def ncol(x: SpatVector) -> int:
    """Number of attributes."""
    return x._table.shape[1] - 1


def shape(x: SpatVector) -> tuple[int, int]:
    """(geometries, attributes)."""
    return nrow(x), ncol(x)


def crs(x: SpatVector) -> pyproj.CRS | None:
    """Coordinate reference system."""
    return x._table.crs


def set_crs(x: SpatVector, value: Any) -> None:
    """Name the CRS; coordinates stay as they are."""
    x._table = x._table.set_crs(to_crs(value), allow_override=True)


def wkt(x: SpatVector) -> str:
    """WKT of the CRS, "" for none."""
    return parse_crs(x._table.crs)


def ext(x: SpatVector) -> Extent:
    """The smallest extent that holds all geometries; all 0 where there are none."""
    return bounds_of(geoms(x))


def names(x: SpatVector) -> list[str]:
    """Names of the attributes."""
    return [str(name) for name in x._table.columns if name != x._table.geometry.name]


def set_names(x: SpatVector, value: Sequence[str] | str) -> None:
    """Rename the attributes."""
    given = [value] if isinstance(value, str) else [str(v) for v in value]
    if len(given) != ncol(x):
        raise ArgumentError(f"names: must be one per attribute ({ncol(x)}), got {len(given)}")
    repeated = sorted({name for name in given if given.count(name) > 1})
    if repeated or GEOMETRY in given:
        raise ArgumentError(
            f"names: must be unique and none of them {GEOMETRY!r}, got {', '.join(repeated) or GEOMETRY}"
        )
    x._table = x._table.rename(columns=dict(zip(names(x), given, strict=True)))


def linear_units(x: SpatVector) -> float:
    """How many metres the unit of the coordinates is.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    float
        0 for longitude and latitude, NaN for a vector without CRS.

    See Also
    --------
    is_lonlat : Whether coordinates are longitude and latitude.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POINT (1 2)", crs="EPSG:32633").linear_units()
    1.0
    """
    return unit_in_metres(wkt(x))


def datatype(x: SpatVector) -> list[str]:
    """Types of the attributes.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    list of str
        ``double``, ``long`` (whole numbers), ``string``, ``bool``, ``time`` or ``factor`` for each attribute.

    See Also
    --------
    names : Names of the attributes.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("POINT (1 2)", atts={"n": [1], "what": ["a"], "part": [0.5]}).datatype()
    ['long', 'string', 'double']
    """
    table = x._table.drop(columns=GEOMETRY)
    return [_type_word(table.iloc[:, i].dtype) for i in range(table.shape[1])]


def _type_word(dtype: Any) -> str:
    words = {"b": "bool", "i": "long", "u": "long", "f": "double", "M": "time"}
    if str(dtype) == "category":
        return "factor"
    return words.get(getattr(dtype, "kind", "O"), "string")


def is_lonlat(x: SpatVector, *, perhaps: bool = False) -> bool:
    """Whether coordinates are longitude and latitude in degrees.

    Parameters
    ----------
    x : SpatVector
    perhaps : bool
        Where there is no CRS, take coordinates within 360 x 90 degrees for longitude and latitude.

    Returns
    -------
    bool
        False for a vector without CRS, unless `perhaps` says otherwise.

    See Also
    --------
    crs : The reference system.
    project : To another one.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[10, 50]])
    >>> v.is_lonlat(), v.is_lonlat(perhaps=True)
    (False, True)
    """
    known = wkt(x)
    if known or not perhaps:
        return _is_lonlat(known)
    e = ext(x)
    return e.xmin >= -360 and e.xmax <= 360 and e.ymin >= -90.1 and e.ymax <= 90.1


def is_na(x: SpatVector) -> NDArray[np.bool_]:
    """Whether each geometry is empty.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    ndarray of bool of shape (n,)

    See Also
    --------
    is_empty : Whether there are geometries at all.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(["POINT EMPTY", "POINT (1 2)"]).is_na().tolist()
    [True, False]
    """
    return shapely.is_empty(geoms(x))


def copy(x: SpatVector) -> SpatVector:
    """A copy with the same geometries and attributes. Changes of one do not affect the other.

    Returns
    -------
    SpatVector

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.vect([[1, 2]], atts={"n": [5]})
    >>> b = a.copy()
    >>> b["n"] = [6]
    >>> a["n"].tolist()
    [5]
    """
    return vector(x._table.copy(), *x.sources())


def sources(x: SpatVector) -> list[str]:
    """The file that the vector was read from.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    list of str
        One path; an empty list for a vector that was made in memory.

    See Also
    --------
    write_vector : Write a file.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 2]]).sources()
    []
    """
    return [x._source] if x._source else []


def compare_geom(x: SpatVector, y: SpatVector | None = None, *, tolerance: float = 0.0) -> NDArray[np.bool_]:
    """Which geometries of two vectors, or of one, are the same.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, optional
        Without it, geometries of `x` are compared with each other.
    tolerance : float
        How far apart coordinates may be, in units of the CRS.

    Returns
    -------
    ndarray of bool, of shape (geometries of x, geometries of y)
        Geometries are the same where they have the same vertices in the same order.

    Raises
    ------
    CRSMismatchError
        Where the reference systems differ.

    See Also
    --------
    relate : Relations between single geometries.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect(["POINT (0 0)", "POINT (1 0)"])
    >>> v.compare_geom(v.shift(1, 0)).tolist()
    [[False, False], [True, False]]
    """
    other = x if y is None else check_vector(y, "compare_geom")
    common_crs(wkt(x), wkt(other), "compare_geom")
    if not tolerance >= 0:
        raise ArgumentError(f"compare_geom: tolerance must be 0 or more, got {tolerance}")
    same: NDArray[np.bool_] = shapely.equals_exact(geoms(x)[:, None], geoms(other)[None, :], tolerance)
    return same
