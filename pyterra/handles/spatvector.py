"""SpatVector: the handle that users hold, and the index of its verbs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pyterra import bridge as _bridge
from pyterra.between import rasterize as _rasterize
from pyterra.between import rasterize_geom as _rasterize_geom
from pyterra.between import rasterize_win as _rasterize_win
from pyterra.handles.spatextent import SpatExtent
from pyterra.maps import click as _click
from pyterra.maps import dots as _dots
from pyterra.maps import explore as _explore
from pyterra.maps import films as _films
from pyterra.maps import insets as _insets
from pyterra.maps import overlays as _overlays
from pyterra.maps import pages as _pages
from pyterra.maps import plet as _plet
from pyterra.maps import sel as _sel
from pyterra.maps import vectors as _plot
from pyterra.maps import zoom as _zoom
from pyterra.vector import aggregate as _aggregate
from pyterra.vector import attributes as _attributes
from pyterra.vector import buffer as _buffer
from pyterra.vector import cartogram as _cartogram
from pyterra.vector import combine as _combine
from pyterra.vector import convert as _convert
from pyterra.vector import coordinates as _coordinates
from pyterra.vector import diagrams as _diagrams
from pyterra.vector import distance as _distance
from pyterra.vector import divide as _divide
from pyterra.vector import equal as _equal
from pyterra.vector import geometry as _geometry
from pyterra.vector import join as _join
from pyterra.vector import measure as _measure
from pyterra.vector import meta as _meta
from pyterra.vector import nodes as _nodes
from pyterra.vector import overlay as _overlay
from pyterra.vector import place as _place
from pyterra.vector import project as _project
from pyterra.vector import query as _query
from pyterra.vector import relate as _relate
from pyterra.vector import show as _show
from pyterra.vector import simplify as _simplify
from pyterra.vector import summary as _summary
from pyterra.vector import topology as _topology
from pyterra.vector import widths as _widths
from pyterra.vector import write as _write
from pyterra.vector.build import Shapes, Tabled

if TYPE_CHECKING:
    import pyproj


class SpatVector(Tabled):
    """Points, lines or polygons with attributes. Made by `pyterra.vect`.

    A vector is a sequence of records, with ``len(v)``, ``v[0]``, ``v[2:5]`` and ``v[test]``. ``v["a"]`` is a column,
    ``v[["a", "b"]]`` is a vector with these columns, and ``v[other]`` has the records that touch another vector.
    ``v["a"] = ...`` sets a column.

    Parameters
    ----------
    table : GeoDataFrame
        Geometries of one kind in the active column, and attributes, on a RangeIndex. It is never changed.
    source : str
        The file it was read from.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"a": [5, 6, 7]})
    >>> len(v), v["a"].tolist(), v[v["a"] > 5].crds().tolist()
    (3, [5, 6, 7], [[1.0, 1.0], [2.0, 2.0]])
    """

    __slots__ = ("__weakref__",)

    # What it is

    @property
    def geoms(self) -> Shapes:
        """Array of shapely geometries, of shape (n,)."""
        return _meta.geoms(self)

    @property
    def nrow(self) -> int:
        """Number of geometries."""
        return _meta.nrow(self)

    @property
    def ncol(self) -> int:
        """Number of attributes."""
        return _meta.ncol(self)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of geometries and attributes."""
        return _meta.shape(self)

    @property
    def dim(self) -> tuple[int, int]:
        """Numbers of geometries and attributes."""
        return _meta.shape(self)

    @property
    def ext(self) -> SpatExtent:
        """The smallest extent that holds all geometries. Its bounds are 0 where there are none."""
        return SpatExtent(*_meta.ext(self))

    @property
    def xmin(self) -> float:
        """Least x."""
        return _meta.ext(self).xmin

    @property
    def xmax(self) -> float:
        """Greatest x."""
        return _meta.ext(self).xmax

    @property
    def ymin(self) -> float:
        """Least y."""
        return _meta.ext(self).ymin

    @property
    def ymax(self) -> float:
        """Greatest y."""
        return _meta.ext(self).ymax

    @property
    def wkt(self) -> str:
        """WKT of the coordinate reference system; ``""`` where there is none."""
        return _meta.wkt(self)

    @property
    def names(self) -> list[str]:
        """Names of the attributes."""
        return _meta.names(self)

    @names.setter
    def names(self, value: Sequence[str] | str) -> None:
        _meta.set_names(self, value)

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system, or None. Setting it declares the CRS and does not transform coordinates."""
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
    linear_units = _meta.linear_units
    datatype = _meta.datatype
    is_na = _meta.is_na
    compare_geom = _meta.compare_geom
    all_equal = _equal.all_equal
    identical = _equal.identical
    sources = _meta.sources
    copy = _meta.copy

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

    # Numbers of the attributes

    mean = _summary.mean
    median = _summary.median
    sum = _summary.sum
    prod = _summary.prod
    min = _summary.min
    max = _summary.max
    range = _summary.range
    quantile = _summary.quantile
    summary = _summary.summary
    any = _summary.any
    all = _summary.all

    # Geometries: parts, forms, coordinates

    aggregate = _aggregate.aggregate
    disagg = _geometry.disagg
    split = _geometry.split
    divide = _divide.divide
    buffer = _buffer.buffer
    centroids = _geometry.centroids
    hull = _geometry.hull
    simplify_geom = _simplify.simplify_geom
    make_valid = _geometry.make_valid
    is_valid = _geometry.is_valid
    fill_holes = _geometry.fill_holes
    voronoi = _diagrams.voronoi
    delaunay = _diagrams.delaunay
    snap = _topology.snap
    shared_paths = _topology.shared_paths
    gaps = _topology.gaps
    merge_lines = _topology.merge_lines
    make_nodes = _topology.make_nodes
    remove_dup_nodes = _topology.remove_dup_nodes
    force_ccw = _topology.force_ccw
    empty_geoms = _topology.empty_geoms
    thin = _topology.thin
    thin_nodes = _nodes.thin_nodes
    elongate = _nodes.elongate
    agitate = _nodes.agitate
    snap_to = _nodes.snap_to
    combine_geoms = _combine.combine_geoms
    width = _widths.width
    clearance = _widths.clearance
    nseg = _widths.nseg
    has_z = _widths.has_z
    furdist = _widths.furdist
    crds = _coordinates.crds
    geom = _coordinates.geom
    as_points = _coordinates.as_points
    as_lines = _coordinates.as_lines
    as_polygons = _coordinates.as_polygons
    densify = _coordinates.densify
    project = _project.project
    shift = _place.shift
    flip = _place.flip
    t = _place.t
    rescale = _place.rescale
    cartogram = _cartogram.cartogram
    spin = _place.spin
    round = _place.round
    rotate = _place.rotate
    normalize_longitude = _place.normalize_longitude

    def __round__(self, digits: int = 4) -> SpatVector:
        return _place.round(self, digits)

    # Overlay

    intersect = _overlay.intersect
    union = _overlay.union
    erase = _overlay.erase
    symdif = _overlay.symdif
    cover = _overlay.cover
    crop = _overlay.crop
    mask = _overlay.mask

    def __add__(self, other: Any) -> SpatVector:
        return _overlay.operator(self, other, "+")

    def __sub__(self, other: Any) -> SpatVector:
        return _overlay.operator(self, other, "-")

    def __mul__(self, other: Any) -> SpatVector:
        return _overlay.operator(self, other, "*")

    # How geometries lie to each other

    relate = _relate.relate
    is_related = _relate.is_related
    adjacent = _relate.adjacent

    # Asked by place

    extract = _query.extract
    zonal = _query.zonal
    spat_sample = _query.spat_sample

    # Measures

    expanse = _measure.expanse
    perim = _measure.perim
    distance = _distance.distance
    nearest = _distance.nearest
    nearby = _distance.nearby

    # Onto rasters

    rasterize = _rasterize.rasterize
    rasterize_geom = _rasterize_geom.rasterize_geom
    rasterize_win = _rasterize_win.rasterize_win

    # Other packages

    to_geopandas = _convert.to_geopandas
    to_r = _bridge.to_r
    write_vector = _write.write_vector

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        return _convert.geo_interface(self)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return _convert.arrow_stream(self, requested_schema)

    # Showing

    plot = _plot.plot
    plet = _plet.plet_vector
    explore = _explore.explore_vector
    inset = _insets.inset_vector
    inext = _insets.inext
    click = _click.click_vector
    sel = _sel.sel_vector
    zoom = _zoom.zoom_vector
    animate = _films.animate_vector
    dots = _dots.dots
    points = _overlays.points
    lines = _overlays.lines
    polys = _overlays.polys
    text = _overlays.text
    show = _show.show

    def __repr__(self) -> str:
        return _show.text(self)

    def _repr_html_(self) -> str:
        return _pages.html_vector(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return SpatVector, (self._table, self._source)
