"""Small steps that every family of verbs takes: checking inputs, telling geometries apart, wrapping tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import Verbs
from pyterra.errors import ArgumentError, ColumnError, near_names
from pyterra.grid.crs import parse_crs, to_pyproj
from pyterra.grid.extent import Extent
from pyterra.grid.grid import common_crs
from pyterra.packages import geopandas, pandas, shapely

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.spatvectorproxy import SpatVectorProxy
    from pyterra.io.vector.read import FileLayer

Shapes = NDArray[np.object_]
"""Array of shapely geometries, none of them missing (but some may be empty)."""
Kind = Literal["points", "lines", "polygons", "none"]

GEOMETRY = "geometry"
"""Name of the geometry column; no attribute may have it."""
_KINDS = np.array(["points", "lines", "lines", "polygons", "points", "lines", "polygons"])
_EMPTY = {"points": "POINT EMPTY", "lines": "LINESTRING EMPTY", "polygons": "POLYGON EMPTY"}


class Tabled(Verbs):
    """Anything that is a table of geometries and attributes, as a `SpatVector` is."""

    __slots__ = ("_source", "_table")

    def __init__(self, table: gpd.GeoDataFrame, source: str = "") -> None:
        self._table = table
        self._source = source


def vector(table: gpd.GeoDataFrame, source: str = "") -> SpatVector:
    """A handle on a table that was read from a file, or made."""
    from pyterra.handles.spatvector import SpatVector

    return SpatVector(table, source)


def proxied(layer: FileLayer) -> SpatVectorProxy:
    """A handle on what a file says of a layer."""
    from pyterra.handles.spatvectorproxy import SpatVectorProxy

    return SpatVectorProxy(layer)


def is_vector(value: object) -> TypeGuard[SpatVector]:
    """Whether a value is a SpatVector."""
    return isinstance(value, Tabled)


def check_vector(x: Any, verb: str) -> SpatVector:
    """A SpatVector, or a clear error.

    Raises
    ------
    ArgumentError
        For anything else.
    """
    if not is_vector(x):
        raise ArgumentError(f"{verb}: must be a SpatVector, got {type(x).__name__}; make one with vect()")
    return x


def kinds_of(shapes: Shapes) -> NDArray[np.str_]:
    """points, lines or polygons for each geometry.

    Raises
    ------
    ArgumentError
        For collections and curves.
    """
    ids = shapely.get_type_id(shapes)
    bad = (ids < 0) | (ids >= _KINDS.size)
    if bad.any():
        i = int(np.argmax(bad))
        found = "nothing" if shapes[i] is None else shapes[i].geom_type
        raise ArgumentError(
            f"vect: geometries must be points, lines or polygons, got {found} at {i}; "
            "take collections apart with geopandas' explode() first"
        )
    return _KINDS[ids]


def kind_of(shapes: Shapes) -> Kind:
    """The one kind that all geometries have; none where there are no geometries.

    Raises
    ------
    ArgumentError
        Where there are several.
    """
    if len(shapes) == 0:
        return "none"
    counts = np.bincount(shapely.get_type_id(shapes) + 1)
    ids = np.flatnonzero(counts) - 1
    if ids[0] < 0 or ids[-1] >= _KINDS.size:
        kinds_of(shapes)  # says which and where
    number: Counter[Kind] = Counter()
    for kind, i in zip(_KINDS[ids].tolist(), ids, strict=True):
        number[kind] += counts[i + 1]
    if len(number) > 1:
        listed = ", ".join(f"{n} {kind}" for kind, n in sorted(number.items()))
        raise ArgumentError(
            f"vect: all geometries must be of one kind, got {listed}; select one kind first, "
            "such as gdf[gdf.geom_type.isin(['Polygon', 'MultiPolygon'])]"
        )
    return next(iter(number))


def check_kind(x: SpatVector, kinds: str | tuple[str, ...], verb: str) -> None:
    """Raise unless the geometries are of one of the kinds (no geometries are of any)."""
    wanted = (kinds,) if isinstance(kinds, str) else kinds
    found = x.geomtype()
    if found not in (*wanted, "none"):
        hint = {"polygons": "; see as_polygons() or buffer()", "points": "; see as_points() or centroids()"}
        raise ArgumentError(
            f"{verb}: geometries must be {' or '.join(wanted)}, got {found}{hint.get(wanted[0], '')}"
        )


def without_missing(shapes: Any, kind: str | None = None) -> Shapes:
    """Geometries as an array of objects in which missing ones are empty ones of the same kind."""
    out: Shapes = np.array(shapes, dtype=object)
    missing = shapely.is_missing(out)
    if missing.any():
        if kind is None:
            kind = kind_of(out[~missing])
        out[missing] = shapely.from_wkt(_EMPTY.get(kind, "POINT EMPTY"))
    return out


def build(shapes: Shapes, attributes: pd.DataFrame | None = None, crs: Any = None) -> SpatVector:
    """A vector of geometries of one kind, with attributes in the same order.

    Parameters
    ----------
    shapes : ndarray of shapely geometries
    attributes : DataFrame, optional
        One row per geometry; its index does not count.
    crs : pyproj.CRS or WKT, optional
    """
    table = pandas.DataFrame(index=pandas.RangeIndex(len(shapes))) if attributes is None else attributes
    table = table.reset_index(drop=True)
    # As a column that is there already: handed over as a series, it takes geopandas longer than many a verb.
    table[GEOMETRY] = geopandas.array.from_shapely(shapes, crs=to_crs(crs))
    return vector(geopandas.GeoDataFrame(table, geometry=GEOMETRY, copy=False))


def to_crs(crs: Any) -> Any:
    """pyproj CRS of anything that names one; None for none."""
    wkt = parse_crs(crs)
    return to_pyproj(wkt) if wkt else None


def like(x: SpatVector, shapes: Shapes, rows: Any = None) -> SpatVector:
    """Other geometries with the attributes and CRS of `x`; `rows` tells which record each geometry is of."""
    table = attributes_of(x)
    return build(shapes, table if rows is None else table.iloc[rows], x.crs)


def attributes_of(x: SpatVector) -> pd.DataFrame:
    """The attributes without the geometries, not copied."""
    table = pandas.DataFrame(x._table).copy(deep=False)
    del table[GEOMETRY]
    return table


def joint_crs(x: SpatVector, y: Any, verb: str) -> Any:
    """The CRS of two inputs as pyproj gives it.

    Raises
    ------
    CRSMismatchError
        Where the two differ in meaning.
    """
    if isinstance(y, Extent):
        return x.crs
    wkt = common_crs(x.wkt, y.wkt, verb)
    return to_crs(wkt)


def column(x: SpatVector, name: str, verb: str) -> str:
    """The name of a column that exists.

    Raises
    ------
    ColumnError
        Where there is none of that name, with near matches.
    """
    if name not in x.names:
        raise ColumnError(f"{verb}: no attribute {name!r}{near_names(name, x.names)}")
    return name


def transformed(shapes: Shapes, change: Callable[[Any], Any]) -> Shapes:
    """Geometries whose x and y are changed together, shape (vertices, 2); heights stay."""
    if not shapely.has_z(shapes).any():
        return np.asarray(shapely.transform(shapes, change), dtype=object)
    xyz = shapely.get_coordinates(shapes, include_z=True)
    return placed(shapes, np.column_stack([change(xyz[:, :2]), xyz[:, 2]]))


def placed(shapes: Shapes, xy: Any) -> Shapes:
    """Geometries with other coordinates, one row per vertex; heights stay where there are only x and y."""
    if xy.shape[1] == 2 and shapely.has_z(shapes).any():
        xy = np.column_stack([xy, shapely.get_coordinates(shapes, include_z=True)[:, 2]])
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy), dtype=object)


def vertices(shapes: Any) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Coordinates of shape (vertices, 2), or (vertices, 3) where there are heights, and whose each is."""
    has_z = bool(np.any(shapely.has_z(shapes)))
    xy, of = shapely.get_coordinates(shapes, include_z=has_z, return_index=True)
    return xy, of


def bounds_of(shapes: Shapes) -> Extent:
    """The extent of geometries; all 0 where there is none, as in terra."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    bounds = bounds[~np.isnan(bounds[:, 0])]
    if len(bounds) == 0:
        return Extent(0, 0, 0, 0)
    (xmin, ymin), (xmax, ymax) = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    return Extent(xmin, xmax, ymin, ymax)
