"""Making vectors: `vect`, from files, text, coordinates, tables and geometries."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from pyterra import errors
from pyterra.arguments import checked, choice
from pyterra.errors import ArgumentError, ColumnError, SourceError, near_names
from pyterra.grid.extent import Extent
from pyterra.packages import geopandas, pandas, shapely
from pyterra.vector.attributes import as_attributes
from pyterra.vector.build import Shapes, build, is_vector, kind_of, proxied, vector, vertices, without_missing
from pyterra.vector.parts import joined, made_of, points_at, polygons_of_rings

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.spatvectorproxy import SpatVectorProxy
    from pyterra.types import Attributes, CRSLike, ExtentLike

WKT_STARTS = ("POINT", "LINESTRING", "LINEARRING", "POLYGON", "MULTI", "GEOMETRYCOLLECTION")


@overload
def vect(
    x: str | os.PathLike[str], layer: str | int | None = None, *, proxy: Literal[True]
) -> SpatVectorProxy: ...
@overload
def vect(
    x: Any = None,
    layer: str | int | None = None,
    *,
    query: str | None = None,
    extent: ExtentLike | None = None,
    filter: SpatVector | None = None,
    crs: CRSLike = None,
    geom: str | Sequence[str] | None = None,
    type: Literal["points", "lines", "polygons"] = "points",
    atts: Attributes | None = None,
    proxy: Literal[False] = False,
) -> SpatVector: ...
@checked
def vect(
    x: Any = None,
    layer: str | int | None = None,
    *,
    query: str | None = None,
    extent: ExtentLike | None = None,
    filter: SpatVector | None = None,
    crs: CRSLike = None,
    geom: str | Sequence[str] | None = None,
    type: Literal["points", "lines", "polygons"] = "points",
    atts: Attributes | None = None,
    proxy: bool = False,
) -> SpatVector | SpatVectorProxy:
    """Make a SpatVector.

    Parameters
    ----------
    x : path, WKT, geometries, coordinates, table, SpatExtent or SpatVector, optional
        A file, URL or ``/vsi...`` path of any format that OGR reads, or GeoParquet; well-known text or a list of
        it; a shapely geometry or a sequence of them; an array of coordinates of shape (n, 2), or of rows (geometry,
        part, x, y, hole) as `geom` gives them; a DataFrame with `geom`; a GeoDataFrame or GeoSeries; an extent; any
        object with ``__geo_interface__`` or ``__arrow_c_stream__``; a list of SpatVectors. Without `x`, the vector has
        no geometries.
    layer : str or int, optional
        Layer of the file, by name or number (from 0); the first by default.
    query : str, optional
        SQL (OGR's dialect) that selects records of the file.
    extent : SpatExtent or object with an extent, optional
        Take only the records of the file whose bounding boxes meet this.
    filter : SpatVector, optional
        Take only the records of the file that intersect these geometries.
    crs : str, int or CRS, optional
        Coordinate reference system. By default that of `x`, where it has one.
    geom : str or (str, str), optional
        For a DataFrame, the column of WKT, or the columns of x and y.
    type : {"points", "lines", "polygons"}
        For coordinates, the kind of geometry that they make.
    atts : DataFrame or mapping, optional
        Attributes for geometries that have none.
    proxy : bool
        Read nothing but what the file says of itself; `SpatVectorProxy.query` reads records.

    Returns
    -------
    SpatVector or SpatVectorProxy

    Raises
    ------
    SourceError
        Where a file or layer does not exist or cannot be read.
    ArgumentError
        Where geometries are of several kinds, or of a kind that cannot be used.

    Notes
    -----
    Heights (Z) are kept; M coordinates are dropped, with a warning.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect(["POINT (1 2)", "POINT (3 4)"], crs="EPSG:4326").ext
    SpatExtent : 1, 3, 2, 4 (xmin, xmax, ymin, ymax)
    >>> import pandas as pd
    >>> pt.vect(pd.DataFrame({"lon": [5.0], "lat": [50.0], "n": [7]}), geom=("lon", "lat"))["n"].tolist()
    [7]
    """
    from_path = isinstance(x, os.PathLike) or (isinstance(x, str) and not _is_wkt(x))
    if proxy:
        if not from_path or any(v is not None for v in (query, extent, filter, crs, geom, atts)):
            raise ArgumentError("vect: a proxy is of a file and its layer alone; give the rest to query()")
        return of_layer(os.fspath(x), layer)
    if from_path:
        made = from_file(os.fspath(x), layer, query, extent, filter)
    else:
        if any(v is not None for v in (layer, query, extent, filter)):
            raise ArgumentError(
                "vect: layer, query, extent and filter are for files; use subset(), crop() or v[w]"
            )
        made = _from_object(x, geom, type)
    if atts is not None:
        made = build(made.geoms, as_attributes(atts, len(made), "vect"), made.crs)
    if crs is not None:
        made.crs = crs
    return made


def _is_wkt(text: str) -> bool:
    return text.lstrip().upper().startswith(WKT_STARTS) and ("(" in text or "EMPTY" in text.upper())


def of_layer(path: str, layer: str | int | None) -> SpatVectorProxy:
    """What a file says of a layer."""
    from pyterra.io.vector.read import described

    return proxied(described(path, layer))


def from_file(path: str, layer: Any, query: str | None, extent: Any, filter: Any, **part: Any) -> SpatVector:
    """The records of a file; `part` says which of them, as `read_table` takes it."""
    from pyterra.io.vector.read import read_table

    bounds = None if extent is None else _extent_of(extent).bounds
    mask = None if filter is None else shapely.union_all(_vector_of(filter, "filter").geoms)
    table, source = read_table(path, layer=layer, query=query, bounds=bounds, mask=mask, **part)
    try:
        made = from_table(table)
    except ArgumentError as error:
        raise SourceError(f"{error} (in {source})") from None
    return vector(made._table, source)


def _vector_of(value: Any, what: str) -> SpatVector:
    return value if is_vector(value) else vect(value)


def _extent_of(value: Any) -> Extent:
    if isinstance(value, Extent):
        return value
    return value.ext if hasattr(value, "ext") else Extent(*value)


def _from_object(x: Any, geom: Any, type: str) -> SpatVector:
    if is_vector(x):
        return build(x.geoms, x.values(), x.crs)
    if x is None:
        return build(np.empty(0, dtype=object))
    if isinstance(x, Extent):
        return build(np.array([shapely.box(*x.bounds)], dtype=object))
    if isinstance(x, str):
        return build(usable(from_wkt([x])))
    if isinstance(x, geopandas.GeoDataFrame):
        return from_table(x)
    if isinstance(x, geopandas.GeoSeries):
        return build(usable(x.to_numpy()), crs=x.crs)
    if isinstance(x, shapely.Geometry):
        return build(usable([x]))
    if isinstance(x, pandas.DataFrame):
        return from_frame(x, geom)
    if hasattr(x, "__arrow_c_stream__"):
        return from_table(geopandas.GeoDataFrame.from_arrow(x))
    if hasattr(x, "__geo_interface__") or (isinstance(x, Mapping) and "type" in x):
        return _from_features(x if isinstance(x, Mapping) else x.__geo_interface__)
    if isinstance(x, Sequence | np.ndarray | pandas.Series) and len(x) == 0:
        return build(np.empty(0, dtype=object))
    return _from_sequence(x, type)


def _from_sequence(x: Any, type: str) -> SpatVector:
    first = next(iter(x), None) if hasattr(x, "__iter__") else None
    if is_vector(first):
        from pyterra.vector.join import rbind

        return rbind(*x)
    if isinstance(first, str):
        return build(usable(from_wkt(list(x))))
    if isinstance(first, shapely.Geometry):
        return build(usable(list(x)))
    if first is not None and hasattr(first, "__geo_interface__"):
        return _from_features({"type": "FeatureCollection", "features": [v.__geo_interface__ for v in x]})
    array = np.asarray(x)
    if array.dtype.kind in "iuf" and array.ndim == 1 and array.size == 2:
        array = array[None]
    if array.dtype.kind in "iuf" and array.ndim == 2 and array.shape[1] >= 2:
        return from_coordinates(array.astype(float), type)
    raise ArgumentError(
        f"vect: cannot make geometries of {x.__class__.__name__}; give a path, WKT, an array of coordinates of shape "
        "(n, 2), a DataFrame with geom=, a GeoDataFrame or shapely geometries"
    )


def usable(shapes: Any, *, warn: bool = True) -> Shapes:
    """Geometries as they are kept: of one kind, none missing, with x and y, and heights where they have them.

    Raises
    ------
    ArgumentError
        Where they are of several kinds, or collections.
    """
    out = without_missing(shapes)
    kind_of(out)
    measured = shapely.has_m(out)
    if measured.any():
        out = out.copy()
        out[measured] = [_without_m(shape) for shape in out[measured]]
        if warn:
            errors.warn("vect: M coordinates are dropped")
    rings = shapely.get_type_id(out) == shapely.GeometryType.LINEARRING
    if rings.any():
        points, index = vertices(out[rings])
        out[rings] = shapely.linestrings(points, indices=index)
    return out


def _without_m(shape: Any) -> Any:
    if not shapely.has_z(shape):
        return shapely.force_2d(shape)
    return shapely.from_wkb(shapely.to_wkb(shape, output_dimension=3))


def from_wkt(texts: Sequence[str]) -> Shapes:
    """Geometries of well-known text.

    Raises
    ------
    ArgumentError
        Where a text cannot be read.
    """
    shapes = shapely.from_wkt(np.array(texts, dtype=object), on_invalid="ignore")
    bad = shapely.is_missing(shapes) & np.array([text is not None for text in texts])
    if bad.any():
        i = int(np.argmax(bad))
        raise ArgumentError(f"vect: geometry {i} must be well-known text, got {str(texts[i])[:60]!r}")
    return shapes


def from_table(table: Any) -> SpatVector:
    """A vector of a GeoDataFrame; geometry columns beside the active one are left out."""
    others = [n for n, t in table.dtypes.items() if str(t) == "geometry"]
    if not others:
        raise ArgumentError(
            "vect: the table must have a column of geometries, got none; give geom= for a DataFrame"
        )
    attributes = pandas.DataFrame(table.drop(columns=others))
    if not isinstance(table.columns, pandas.Index) or attributes.index.name is not None:
        attributes = attributes.reset_index()  # a named index is an attribute
    return build(usable(table.geometry.to_numpy()), as_attributes(attributes, len(table), "vect"), table.crs)


def from_frame(table: Any, geom: Any) -> SpatVector:
    """Points or WKT geometries of a DataFrame.

    Raises
    ------
    ColumnError
        Where it has no column of that name.
    """
    if geom is None:
        if not {"lon", "lat"} <= set(table.columns):
            raise ArgumentError(
                "vect: a DataFrame needs geom=('x', 'y'), the names of its columns of coordinates"
            )
        geom = ("lon", "lat")
    columns = [geom] if isinstance(geom, str) else list(geom)
    for name in columns:
        if name not in table.columns:
            raise ColumnError(f"vect: no column {name!r}{near_names(name, table.columns)}")
    if len(columns) == 1:
        shapes = from_wkt(list(table[columns[0]]))
    elif len(columns) in (2, 3):
        shapes = points_of(table[columns].to_numpy(dtype=float))
    else:
        raise ArgumentError(
            f"vect: geom must name one column of WKT, two of x and y, or three of x, y and z, got {columns}"
        )
    kept = table.drop(columns=columns)
    return build(usable(shapes), as_attributes(kept, len(table), "vect"))


def points_of(xy: Any) -> Shapes:
    """Points of coordinates of shape (n, 2) or (n, 3); empty ones where x or y is missing."""
    shapes = points_at(xy)
    lost = ~np.isfinite(xy[:, :2]).all(axis=1)
    if lost.any():
        shapes[lost] = shapely.from_wkt("POINT EMPTY")
    return shapes


def from_coordinates(array: Any, type: str) -> SpatVector:
    """Geometries of coordinates (x, y) or (x, y, z), or of rows (geometry, part, x, y, hole, z).

    Rows of one geometry, and of one part of it, follow each other.
    """
    type = choice(type, ("points", "lines", "polygons"), "vect: type")
    if array.shape[1] < 4:
        if type == "points":
            return build(points_of(array))
        array = np.column_stack([np.zeros((len(array), 2)), array[:, :2], np.zeros(len(array)), array[:, 2:]])
    numbers, part = array[:, 0], array[:, 1]
    hole = array[:, 4] if array.shape[1] > 4 else np.zeros(len(array))
    starts = np.r_[True, (np.diff(numbers) != 0) | (np.diff(part) != 0) | (np.diff(hole) != 0)]
    piece = np.cumsum(starts) - 1
    geometry = np.unique(numbers[starts], return_inverse=True)[1]
    xyz = np.column_stack([array[:, 2:4], array[:, 5:6]])
    try:
        return build(_assembled(type, xyz, piece, geometry, part[starts], hole[starts] > 0))
    except shapely.errors.GEOSException as error:
        raise ArgumentError(f"vect: the coordinates make no {type}: {error}") from None


def _assembled(type: str, xy: Any, piece: Any, geometry: Any, part: Any, hole: Any) -> Shapes:
    """Geometries of pieces: `piece` is the piece of each coordinate, the others are per piece."""
    if type == "points":
        owner = geometry[piece]
        return joined(points_at(xy), owner, None, "points")
    if type == "lines":
        return joined(made_of(shapely.linestrings, xy, piece), geometry, None, "lines")
    rings = made_of(shapely.linearrings, xy, piece)
    shells = np.flatnonzero(~hole)
    if shells.size == 0 or shells[0] != 0:
        raise ArgumentError("vect: a part of a polygon must begin with its outer ring, got a hole")
    single = polygons_of_rings(rings, hole)
    return joined(single, geometry[~hole], None, "polygons")


def _from_features(data: Mapping[str, Any]) -> SpatVector:
    """A vector of a GeoJSON-like mapping."""
    kind = data.get("type")
    if kind not in ("FeatureCollection", "Feature"):
        return build(usable([shapely.geometry.shape(data)]))
    features = data["features"] if kind == "FeatureCollection" else [data]
    if not features:
        return build(np.empty(0, dtype=object))
    table = geopandas.GeoDataFrame.from_features(features)
    return from_table(table)
