"""SpatVector: the handle that users hold, and the index of its verbs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyterra.raster import rasterize as _rasterize
from pyterra.vector import attributes as _attributes
from pyterra.vector import convert as _convert
from pyterra.vector import join as _join
from pyterra.vector import meta as _meta
from pyterra.vector import relate as _relate
from pyterra.vector import show as _show

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj


class SpatVector:
    """Points, lines or polygons with attributes. Made by `pyterra.vect`.

    A vector is a sequence of records: ``len(v)``, ``v[0]``, ``v[2:5]``, ``v[test]``; ``v["a"]`` is a column,
    ``v[["a", "b"]]`` a vector with these columns, ``v[other]`` the records that touch another vector. ``v["a"] = ...``
    sets a column.

    Parameters
    ----------
    table : GeoDataFrame
        Geometries of one kind in the active column, and attributes, on a RangeIndex. It is never changed.
    source : str
        The file it was read from.
    """

    __slots__ = ("__weakref__", "_source", "_table")

    def __init__(self, table: gpd.GeoDataFrame, source: str = "") -> None:
        self._table = table
        self._source = source

    # What it is

    geoms = property(_meta.geoms, doc="Array of shapely geometries, of shape (n,).")
    nrow = property(_meta.nrow, doc="Number of geometries.")
    ncol = property(_meta.ncol, doc="Number of attributes.")
    shape = property(_meta.shape, doc="(geometries, attributes).")
    dim = property(_meta.shape, doc="(geometries, attributes).")
    ext = property(_meta.ext, doc="The smallest extent that holds all geometries.")
    xmin = property(lambda x: _meta.ext(x).xmin, doc="Least x.")
    xmax = property(lambda x: _meta.ext(x).xmax, doc="Greatest x.")
    ymin = property(lambda x: _meta.ext(x).ymin, doc="Least y.")
    ymax = property(lambda x: _meta.ext(x).ymax, doc="Greatest y.")
    wkt = property(_meta.wkt, doc='WKT of the coordinate reference system, "" for none.')
    names = property(_meta.names, _meta.set_names, doc="Names of the attributes.")

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system; setting it names the CRS and transforms nothing."""
        return _meta.crs(self)

    @crs.setter
    def crs(self, value: Any) -> None:
        _meta.set_crs(self, value)

    geomtype = _meta.geomtype
    is_points = _meta.is_points
    is_lines = _meta.is_lines
    is_polygons = _meta.is_polygons
    is_empty = _meta.is_empty
    is_lonlat = _meta.is_lonlat
    is_na = _meta.is_na
    sources = _meta.sources

    # Attributes and records

    values = _attributes.values
    set_values = _attributes.set_values
    as_data_frame = _attributes.as_data_frame
    head = _attributes.head
    tail = _attributes.tail
    subset = _attributes.subset
    sort = _attributes.sort
    unique = _attributes.unique
    na_omit = _attributes.na_omit

    rbind = _join.rbind
    cbind = _join.cbind
    merge = _join.merge

    def __len__(self) -> int:
        return len(self._table)

    def __iter__(self) -> Iterator[SpatVector]:
        return (_attributes.records(self, i) for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return _attributes.getitem(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _attributes.setitem(self, key, value)

    # How geometries lie to each other

    relate = _relate.relate
    is_related = _relate.is_related
    adjacent = _relate.adjacent

    # Onto rasters

    rasterize = _rasterize.rasterize

    # Other packages

    to_geopandas = _convert.to_geopandas

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return _convert.geo_interface(self)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return _convert.arrow_stream(self, requested_schema)

    # Showing

    show = _show.show

    def __repr__(self) -> str:
        return _show.text(self)

    def _repr_html_(self) -> str:
        return _show.html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return SpatVector, (self._table, self._source)
