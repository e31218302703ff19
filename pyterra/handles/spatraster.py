"""SpatRaster: the handle that users hold, and the index of its verbs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pyterra import bridge as _bridge
from pyterra.between import best_match as _best_match
from pyterra.between import cells as _between_cells
from pyterra.between import centroids as _between_centroids
from pyterra.between import contour as _contour
from pyterra.between import crop as _between_crop
from pyterra.between import distance as _between_distance
from pyterra.between import divide as _divide
from pyterra.between import extract as _extract
from pyterra.between import extract_along as _extract_along
from pyterra.between import extract_range as _extract_range
from pyterra.between import freq as _freq
from pyterra.between import interpolated as _between_interpolated
from pyterra.between import mask as _between_mask
from pyterra.between import polygonize as _vectors
from pyterra.between import relate as _between_relate
from pyterra.between import sample as _between_sample
from pyterra.between import tiles as _tiles
from pyterra.between import watershed as _watershed
from pyterra.between import zonal as _between_zonal
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Read
from pyterra.handles.raster_properties import RasterProperties
from pyterra.maps import charts as _charts
from pyterra.maps import click as _click
from pyterra.maps import explain as _explain
from pyterra.maps import explore as _explore
from pyterra.maps import films as _films
from pyterra.maps import insets as _insets
from pyterra.maps import make_rgb as _make_rgb
from pyterra.maps import overlays as _overlays
from pyterra.maps import pages as _pages
from pyterra.maps import panels as _panels
from pyterra.maps import pictures as _pictures
from pyterra.maps import plet as _plet
from pyterra.maps import rasters as _plot
from pyterra.maps import sel as _sel
from pyterra.maps import surfaces as _surfaces
from pyterra.maps import zoom as _zoom
from pyterra.raster import aggregate as _aggregate
from pyterra.raster import along as _along
from pyterra.raster import app as _app
from pyterra.raster import area as _area
from pyterra.raster import arith as _arith
from pyterra.raster import autocor as _autocor
from pyterra.raster import categories as _categories
from pyterra.raster import cells as _cells
from pyterra.raster import class_tables as _class_tables
from pyterra.raster import classify as _classify
from pyterra.raster import colorize as _colorize
from pyterra.raster import components as _components
from pyterra.raster import convert as _convert
from pyterra.raster import cost as _cost
from pyterra.raster import cover as _cover
from pyterra.raster import crop as _crop
from pyterra.raster import direction as _direction
from pyterra.raster import distance as _distance
from pyterra.raster import equal as _equal
from pyterra.raster import flow as _flow
from pyterra.raster import flow_dir as _flow_dir
from pyterra.raster import focal as _focal
from pyterra.raster import focal3d as _focal3d
from pyterra.raster import focal_layers as _focal_layers
from pyterra.raster import frames as _frames
from pyterra.raster import geometry as _geometry
from pyterra.raster import highest as _highest
from pyterra.raster import holes as _holes
from pyterra.raster import indexing as _indexing
from pyterra.raster import init as _init
from pyterra.raster import layer_cor as _layer_cor
from pyterra.raster import levels as _levels
from pyterra.raster import math as _math
from pyterra.raster import model as _model
from pyterra.raster import mosaic as _mosaic
from pyterra.raster import naming as _naming
from pyterra.raster import patches as _patches
from pyterra.raster import pitfiller as _pitfiller
from pyterra.raster import reduce as _reduce
from pyterra.raster import regress as _regress
from pyterra.raster import relief as _relief
from pyterra.raster import reshape as _reshape
from pyterra.raster import rows as _rows
from pyterra.raster import sample as _sample
from pyterra.raster import scaling as _scaling
from pyterra.raster import segregate as _segregate
from pyterra.raster import show as _show
from pyterra.raster import sieve as _sieve
from pyterra.raster import sources as _sources
from pyterra.raster import summary as _summary
from pyterra.raster import sums as _sums
from pyterra.raster import tables as _tables
from pyterra.raster import terrain as _terrain
from pyterra.raster import thresh as _thresh
from pyterra.raster import tighten as _tighten
from pyterra.raster import time as _time
from pyterra.raster import truth as _truth
from pyterra.raster import ufuncs as _ufuncs
from pyterra.raster import update as _update
from pyterra.raster import values as _values
from pyterra.raster import viewshed as _viewshed
from pyterra.raster import warp as _warp
from pyterra.raster import where as _where
from pyterra.raster import windows as _windows
from pyterra.raster import write as _write
from pyterra.raster import write_cdf as _write_cdf
from pyterra.raster import zonal as _zonal
from pyterra.series import aggregate_time as _aggregate_time
from pyterra.series import approximate as _series
from pyterra.series import fdr as _fdr
from pyterra.series import fill as _fill
from pyterra.series import outliers as _outliers
from pyterra.series import phenology as _phenology
from pyterra.series import reconstruct as _reconstruct
from pyterra.series import seasonal as _seasonal
from pyterra.series import smooth as _smooth
from pyterra.series import tapp as _tapp
from pyterra.series import timeline as _timeline
from pyterra.series import trend as _trend

if TYPE_CHECKING:
    from pyterra.raster.blockwise import BlockWriter


class SpatRaster(RasterProperties):
    """Layers of cells on one grid. Made by `pyterra.rast`.

    A raster describes its values; they are read and computed when they are wanted: by `values`, `plot`, `global_`,
    `write_raster`. It is a sequence of layers: ``len(r)``, ``for layer in r``, ``r[0]``, ``r["red"]``. Two indices
    are rows and columns: ``r[5, 7]``, ``r[0:10, :]``.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[3, 6]]], names=["red", "nir"])
    >>> ((r["nir"] - r["red"]) / (r["nir"] + r["red"])).values(drop=True).tolist()
    [0.5, 0.5]
    """

    __slots__ = ("__weakref__", "_writer")
    _writer: BlockWriter | None
    """What `write_start` opened."""

    # Geometry and layers

    is_lonlat = _geometry.is_lonlat
    linear_units = _geometry.linear_units
    compare_geom = _geometry.compare_geom
    all_equal = _equal.all_equal
    identical = _equal.identical
    relate = _between_relate.relate
    is_related = _between_relate.is_related
    sources = _sources.sources
    nsrc = _sources.nsrc
    datatype = _sources.datatype
    file_blocksize = _sources.file_blocksize
    is_flipped = _sources.is_flipped
    has_geoloc = _sources.has_geoloc
    geoloc = _sources.geoloc
    copy = _sources.copy

    set_time = _time.set_time
    metags = _naming.metags
    set_metags = _naming.set_metags
    cats = _categories.cats

    is_factor = _categories.is_factor
    is_int = _categories.is_int
    is_bool = _categories.is_bool
    is_num = _categories.is_num
    as_factor = _categories.as_factor
    has_colors = _categories.has_colors
    has_rgb = _categories.has_rgb
    set_rgb = _categories.set_rgb
    colorize = _colorize.colorize
    make_rgb = _make_rgb.make_rgb
    droplevels = _levels.droplevels
    catalyze = _levels.catalyze
    concats = _levels.concats
    as_numeric = _levels.as_numeric
    categories = _class_tables.categories
    add_cats = _class_tables.add_cats
    combine_levels = _class_tables.combine_levels
    simplify_levels = _class_tables.simplify_levels
    has_time = _time.has_time
    time_info = _time.time_info
    subset = _indexing.subset
    split = _segregate.split

    def has_values(self) -> bool:
        """Whether there are cell values, or only a grid.

        Returns
        -------
        bool

        See Also
        --------
        in_memory : Whether the values are in memory.
        sources : Where values come from.

        Examples
        --------
        >>> import pyterra as pt
        >>> pt.rast([[1, 2]]).has_values()
        True
        >>> pt.rast(nrows=1, ncols=2).has_values()
        False
        """
        return self._node.has_values

    def in_memory(self) -> bool:
        """Whether the values are an array in memory.

        Returns
        -------
        bool
            False for values of a file, and for values still to be computed.

        See Also
        --------
        compute : Computes the values and holds them.

        Examples
        --------
        >>> import pyterra as pt
        >>> r = pt.rast([[1, 2]])
        >>> r.in_memory(), (r + 1).in_memory()
        (True, False)
        """
        return isinstance(self._node, Read) and self._node.source.held is not None

    def __len__(self) -> int:
        return len(self._node.layers)

    def __iter__(self) -> Iterator[SpatRaster]:
        return (_indexing.subset(self, i) for i in range(len(self)))

    def __getitem__(self, key: Any) -> Any:
        return _indexing.getitem(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        _indexing.setitem(self, key, value)

    def __delitem__(self, key: Any) -> None:
        _indexing.delitem(self, key)

    # Cells and coordinates

    cell_from_xy = _cells.cell_from_xy
    cell_from_row_col = _cells.cell_from_row_col
    cell_from_row_col_combine = _cells.cell_from_row_col_combine
    row_col_from_cell = _cells.row_col_from_cell
    xy_from_cell = _cells.xy_from_cell
    row_from_cell = _cells.row_from_cell
    col_from_cell = _cells.col_from_cell
    row_from_y = _cells.row_from_y
    col_from_x = _cells.col_from_x
    x_from_col = _cells.x_from_col
    y_from_row = _cells.y_from_row
    x_from_cell = _cells.x_from_cell
    y_from_cell = _cells.y_from_cell
    adjacent = _cells.adjacent
    row_col_combine = _cells.row_col_combine
    rcl = _cells.rcl
    cells = _between_cells.cells
    crds = _frames.crds

    cell_size = _area.cell_size

    # Values

    values = _values.values
    set_values = _values.set_values
    init = _init.init
    to_numpy = _values.to_numpy
    compute = _values.compute
    explain = _explain.explain
    to_memory = _values.to_memory
    to_xarray = _convert.to_xarray
    to_r = _bridge.to_r
    as_data_frame = _frames.as_data_frame
    as_matrix = _frames.as_matrix
    as_array = _frames.as_array
    head = _frames.head
    tail = _frames.tail
    write_raster = _write.write_raster
    tighten = _tighten.tighten
    update = _update.update
    write_cdf = _write_cdf.write_cdf

    # Block by block

    blocks = _rows.blocks
    read_start = _rows.read_start
    read_values = _rows.read_values
    write_start = _rows.write_start
    write_values = _rows.write_values
    write_stop = _rows.write_stop

    # Tiles

    get_tile_extents = _tiles.get_tile_extents
    make_tiles = _tiles.make_tiles
    vrt_tiles = _tiles.vrt_tiles

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return _values.implicit_array(self, dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        return _ufuncs.array_ufunc(ufunc, method, inputs, options)

    # Arithmetic, comparison, logic

    def __add__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "+")

    def __radd__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "+", reverse=True)

    def __sub__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "-")

    def __rsub__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "-", reverse=True)

    def __mul__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "*")

    def __rmul__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "*", reverse=True)

    def __truediv__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "/")

    def __rtruediv__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "/", reverse=True)

    def __floordiv__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "//")

    def __rfloordiv__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "//", reverse=True)

    def __mod__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "%")

    def __rmod__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "%", reverse=True)

    def __pow__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "^")

    def __rpow__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "^", reverse=True)

    def __eq__(self, other: Any) -> SpatRaster:  # type: ignore[override]
        return _arith.binary(self, other, "==")

    def __ne__(self, other: Any) -> SpatRaster:  # type: ignore[override]
        return _arith.binary(self, other, "!=")

    def __lt__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "<")

    def __le__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "<=")

    def __gt__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, ">")

    def __ge__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, ">=")

    def __and__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "&")

    def __rand__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "&", reverse=True)

    def __or__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "|")

    def __ror__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "|", reverse=True)

    def __xor__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "xor")

    def __rxor__(self, other: Any) -> SpatRaster:
        return _arith.binary(self, other, "xor", reverse=True)

    def __invert__(self) -> SpatRaster:
        return _math.logical_not(self)

    def __neg__(self) -> SpatRaster:
        return _math.math(self, "neg")

    def __pos__(self) -> SpatRaster:
        return self

    def __abs__(self) -> SpatRaster:
        return _math.math(self, "abs")

    def __round__(self, digits: int = 0) -> SpatRaster:
        return _math.round(self, digits)

    __hash__ = object.__hash__  # ``==`` gives a raster, so identity is what a raster is known by

    def __bool__(self) -> bool:
        raise ArgumentError(
            "a raster is neither true nor false; use any() or all() across layers, or global_('max') over cells"
        )

    compare = _truth.compare
    logic = _truth.logic

    # Math: one value

    math = _math.math
    abs = _math.abs
    sqrt = _math.sqrt
    ceiling = _math.ceiling
    floor = _math.floor
    trunc = _math.trunc
    sign = _math.sign
    exp = _math.exp
    expm1 = _math.expm1
    log = _math.log
    log2 = _math.log2
    log10 = _math.log10
    log1p = _math.log1p
    cos = _math.cos
    sin = _math.sin
    tan = _math.tan
    acos = _math.acos
    asin = _math.asin
    atan = _math.atan
    cosh = _math.cosh
    sinh = _math.sinh
    tanh = _math.tanh
    acosh = _math.acosh
    asinh = _math.asinh
    atanh = _math.atanh
    cospi = _math.cospi
    sinpi = _math.sinpi
    tanpi = _math.tanpi
    atan2 = _math.atan2
    cumsum = _math.cumsum
    cumprod = _math.cumprod
    cummin = _math.cummin
    cummax = _math.cummax
    round = _math.round
    signif = _math.signif
    is_na = _math.is_na
    not_na = _math.not_na
    is_finite = _math.is_finite
    is_infinite = _math.is_infinite
    as_int = _math.as_int
    as_bool = _math.as_bool

    # Summary: across layers

    sum = _summary.sum
    mean = _summary.mean
    min = _summary.min
    max = _summary.max
    range = _summary.range
    prod = _summary.prod
    any = _summary.any
    all = _summary.all
    nany = _summary.nany
    median = _summary.median
    modal = _summary.modal
    stdev = _summary.stdev
    which_min = _summary.which_min
    which_max = _summary.which_max
    which_lyr = _truth.which_lyr
    any_na = _truth.any_na
    all_na = _truth.all_na
    no_na = _truth.no_na
    count_na = _truth.count_na
    quantile = _summary.quantile
    weighted_mean = _summary.weighted_mean

    # Functions over the layers of a cell

    app = _app.app
    lapp = _app.lapp
    tapp = _tapp.tapp
    sapp = _app.sapp
    xapp = _app.xapp
    rapp = _along.rapp
    roll = _along.roll
    diff = _along.diff
    sort = _along.sort
    select_range = _along.select_range
    range_fill = _along.range_fill
    regress = _regress.regress
    best_match = _best_match.best_match
    approximate = _series.approximate
    clamp_ts = _timeline.clamp_ts
    fill_time = _timeline.fill_time

    # Layers as a series: gaps, smooth curves, trends

    fill = _fill.fill
    tune = _fill.tune
    reconstruct = _reconstruct.reconstruct
    swa = _reconstruct.swa
    whittaker = _smooth.whittaker
    savitzky_golay = _smooth.savitzky_golay
    mode_filter = _smooth.mode_filter
    harmonic = _seasonal.harmonic
    stl = _seasonal.stl
    season_median = _seasonal.season_median
    outliers = _outliers.outliers
    mask_by_bits = _outliers.mask_by_bits
    aggregate_time = _aggregate_time.aggregate_time
    anomaly = _aggregate_time.anomaly
    trend = _trend.trend
    breakpoints = _trend.breakpoints
    fdr = _fdr.fdr
    phenology = _phenology.phenology

    # Models

    predict = _model.predict
    prcomp = _components.prcomp
    princomp = _components.princomp
    k_means = _components.k_means
    interpolate = _model.interpolate
    interp_idw = _between_interpolated.interp_idw
    interp_near = _between_interpolated.interp_near

    # Values replaced by rule

    classify = _classify.classify
    subst = _classify.subst
    clamp = _cover.clamp
    cover = _cover.cover
    ifel = _cover.ifel
    is_in = _levels.is_in
    shade = _relief.shade
    match = _levels.match
    segregate = _segregate.segregate
    scale = _scaling.scale
    scale_linear = _scaling.scale_linear
    stretch = _scaling.stretch
    thresh = _thresh.thresh
    intersect = _cover.intersect
    mask = _between_mask.mask

    # Neighbourhoods

    focal = _focal.focal
    focal_mat = _windows.focal_mat
    focal_values = _windows.focal_values
    focal3d = _focal3d.focal3d
    focal_pairs = _focal_layers.focal_pairs
    focal_reg = _focal_layers.focal_reg
    terrain = _terrain.terrain
    boundaries = _terrain.boundaries
    nidp = _flow.nidp
    surf_area = _relief.surf_area

    # Other grids

    crop = _between_crop.crop
    extend = _between_crop.extend
    trim = _crop.trim
    shift = _crop.shift
    rescale = _crop.rescale
    flip = _crop.flip
    rev = _along.rev
    t = _reshape.t
    rotate = _reshape.rotate
    aggregate = _aggregate.aggregate
    disagg = _aggregate.disagg
    resample = _warp.resample
    project = _warp.project
    merge = _mosaic.merge
    mosaic = _mosaic.mosaic

    # The whole raster

    distance = _between_distance.distance
    direction = _direction.direction
    buffer = _distance.buffer
    patches = _patches.patches
    sieve = _sieve.sieve
    fill_holes = _holes.fill_holes
    cost_dist = _cost.cost_dist
    grid_dist = _cost.grid_dist
    flow_accumulation = _flow.flow_accumulation
    flow_dir = _flow_dir.flow_dir
    pitfinder = _flow.pitfinder
    pitfiller = _pitfiller.pitfiller
    watershed = _watershed.watershed
    viewshed = _viewshed.viewshed

    # Points, lines and polygons

    extract = _extract.extract
    extract_along = _extract_along.extract_along
    extract_range = _extract_range.extract_range
    as_contour = _contour.as_contour
    as_points = _vectors.as_points
    centroids = _between_centroids.centroids
    as_lines = _vectors.as_lines
    as_polygons = _vectors.as_polygons

    # Statistics over cells

    global_ = _reduce.global_
    minmax = _reduce.minmax
    has_minmax = _reduce.has_minmax
    set_minmax = _reduce.set_minmax
    where_min = _where.where_min
    where_max = _where.where_max
    select_highest = _highest.select_highest
    divide = _divide.divide
    row_sums = _sums.row_sums
    col_sums = _sums.col_sums
    row_means = _sums.row_means
    col_means = _sums.col_means
    layer_cor = _layer_cor.layer_cor
    autocor = _autocor.autocor
    freq = _freq.freq
    crosstab = _tables.crosstab
    unique = _tables.unique
    zonal = _between_zonal.zonal
    expanse = _zonal.expanse
    summary = _sample.summary
    spat_sample = _between_sample.spat_sample

    # Showing

    plot = _plot.plot
    plet = _plet.plet
    explore = _explore.explore
    inset = _insets.inset
    click = _click.click
    sel = _sel.sel
    zoom = _zoom.zoom
    plot_rgb = _pictures.plot_rgb
    animate = _films.animate
    image = _pictures.image
    panel = _panels.panel
    contour = _surfaces.contour
    persp = _surfaces.persp
    as_arrows = _surfaces.as_arrows
    hist = _charts.hist
    density = _charts.density
    barplot = _charts.barplot
    boxplot = _charts.boxplot
    pairs = _charts.pairs
    points = _overlays.points
    lines = _overlays.lines
    polys = _overlays.polys
    text = _overlays.text
    show = _show.show

    def __repr__(self) -> str:
        return _show.text(self)

    def _repr_html_(self) -> str:
        return _pages.html(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return SpatRaster, (self._node,)
