"""rasterize_geom: how many geometries lie in each cell, and how much of them."""

from __future__ import annotations

import math
from dataclasses import field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.between.burned import BurnPoints, BurnShapes
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import RULES, Shapes, shapes_of, wrapped
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Init, Layer, Positional
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import areas_of_rows, distance, rows_by_area
from pyterra.raster.build import FLOAT64, geometry_of, is_raster, raster
from pyterra.raster.distance import factor_of
from pyterra.statistics import TABLE

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

What = Literal["count", "area", "length", "crosses"]
ALLOWED: dict[str, tuple[What, ...]] = {
    "points": ("count",),
    "lines": ("count", "length", "crosses"),
    "polygons": ("count", "area"),
}


STEP = 0.125
"""Degrees of latitude that edges of polygons are cut to; a triangle in rows of 1 degree: 4e-3 off uncut, 6e-5 so."""


@dataclass(frozen=True, eq=False)
class AreasOf(Positional):
    """Areas of polygons in each cell, added up."""

    shapes: Shapes
    factor: float
    """From units of the plane, or metres on the ellipsoid, to those asked for."""
    _known: dict[Grid, Shapes] = field(default_factory=dict, repr=False)
    """The polygons as they are measured on the grid that was asked for last."""

    def __reduce__(self) -> tuple[Any, ...]:
        return AreasOf, (self.shapes, self.factor)

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.zeros(window.cells)
        shapes = self._on(grid)
        rules = np.full(len(shapes), RULES["cover"], np.uint8)
        for strip in shapes.strips(grid, window):
            _, place, share = shapes.cells(grid, strip, rules)
            first = (strip.row - window.row) * window.ncol
            out[first : first + strip.cells] = np.bincount(place, share, minlength=strip.cells)
        if grid.is_lonlat:
            areas = areas_of_rows(grid, window.row, window.nrow)[:, None]
        else:
            areas = np.full((window.nrow, 1), grid.xres * grid.yres)
        return (out.reshape(window.nrow, window.ncol) * areas * self.factor**2)[None]

    def _on(self, grid: Grid) -> Shapes:
        if not grid.is_lonlat:
            return self.shapes
        if grid not in self._known:
            self._known.clear()
            self._known[grid] = by_area(self.shapes, grid)
        return self._known[grid]


@dataclass(frozen=True, eq=False)
class LengthsOf(Positional):
    """Lengths of lines in each cell, added up; or how many of them lead in or out."""

    shapes: Shapes
    factor: float
    """As for areas."""
    crossing: bool

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.zeros(window.cells)
        for strip in self.shapes.strips(grid, window):
            first = (strip.row - window.row) * window.ncol
            owner, place, ends = pieces(self.shapes, grid, strip)
            if self.crossing:
                found = self._crossed(grid, strip, owner, place, ends)
                out[first : first + strip.cells] = np.bincount(found, minlength=strip.cells)
            else:
                lengths = _lengths(grid, ends) * self.factor
                out[first : first + strip.cells] = np.bincount(place, lengths, minlength=strip.cells)
        return out.reshape(1, window.nrow, window.ncol)

    def _crossed(
        self, grid: Grid, window: Window, owner: NDArray[np.int64], place: NDArray[np.int64], ends: Array
    ) -> NDArray[np.int64]:
        """Cells with a line that lies in their inside and outside of them, once for each such line."""
        x1, y1, x2, y2 = ends.T
        along = ((x1 == x2) & (x1 == np.floor(x1))) | ((y1 == y2) & (y1 == np.floor(y1)))
        pairs = np.unique(np.column_stack([owner[~along], place[~along]]), axis=0)
        left, top, right, bottom = self.shapes.on(grid).boxes[pairs[:, 0]].T
        row, col = pairs[:, 1] // window.ncol + window.row, pairs[:, 1] % window.ncol + window.col
        within = (left >= col) & (right <= col + 1) & (top >= row) & (bottom <= row + 1)
        return np.asarray(pairs[~within, 1])


def _lengths(grid: Grid, ends: Array) -> Array:
    """Lengths of pieces of lines, whose ends are given in cells."""
    x1, y1, x2, y2 = ends.T
    if not grid.is_lonlat:
        return np.hypot((x2 - x1) * grid.xres, (y2 - y1) * grid.yres)
    left, top = grid.extent.xmin, grid.extent.ymax
    lon1, lon2 = left + x1 * grid.xres, left + x2 * grid.xres
    lat1, lat2 = top - y1 * grid.yres, top - y2 * grid.yres
    return np.asarray(distance(grid.crs, lon1, lat1, lon2, lat2))


def pieces(
    shapes: Shapes, grid: Grid, window: Window
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Lines cut at the edges of cells: geometry, cell (row-major within the window), ends (x1, y1, x2, y2) in cells."""
    here = shapes.on(grid)
    part = np.repeat(np.arange(shapes.parts.size - 1), np.diff(shapes.parts))
    start = np.flatnonzero(part[1:] == part[:-1])
    owner = np.searchsorted(shapes.first, part[start], side="right") - 1
    line = np.column_stack([here.x[start], here.y[start], here.x[start + 1], here.y[start + 1]])
    low, high = np.minimum(line[:, :2], line[:, 2:]), np.maximum(line[:, :2], line[:, 2:])
    begin, stop = np.array([window.col, window.row]), np.array([window.col_stop, window.row_stop])
    meets = ((high >= begin) & (low <= stop)).all(axis=1)
    owner, line, low, high = owner[meets], line[meets], low[meets], high[meets]
    count = len(line)
    edge, share = [np.arange(count)] * 2, [np.zeros(count), np.ones(count)]
    for axis in (0, 1):
        first = np.maximum(np.floor(low[:, axis]) + 1, begin[axis]).astype(np.int64)
        last = np.minimum(np.ceil(high[:, axis]) - 1, stop[axis]).astype(np.int64)
        some, at = spread(first, last)
        edge.append(some)
        share.append((at - line[some, axis]) / (line[some, axis + 2] - line[some, axis]))
    edges, shares = np.concatenate(edge), np.concatenate(share)
    order = np.lexsort((shares, edges))
    edges, shares = edges[order], shares[order]
    whole = np.flatnonzero((edges[1:] == edges[:-1]) & (shares[1:] > shares[:-1]))
    a, d = line[edges, :2], line[edges, 2:] - line[edges, :2]
    places = a + d * shares[:, None]
    places = np.where(shares[:, None] == 1, line[edges, 2:], places)
    ends = np.column_stack([places[whole], places[whole + 1]])
    middle = (ends[:, :2] + ends[:, 2:]) / 2
    cell = np.floor(np.where(middle == [grid.ncol, grid.nrow], middle - 0.5, middle)).astype(np.int64)
    inside = ((cell >= begin) & (cell < stop)).all(axis=1)
    place = (cell[inside, 1] - window.row) * window.ncol + cell[inside, 0] - window.col
    return owner[edges[whole[inside]]], place, ends[inside]


def spread(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All whole numbers from `first` to `last` of each pair, and the pair of each."""
    counts = np.maximum(last - first + 1, 0)
    pair = np.repeat(np.arange(first.size), counts)
    return pair, first[pair] + np.arange(pair.size) - np.repeat(np.cumsum(counts) - counts, counts)


def by_area(shapes: Shapes, grid: Grid) -> Shapes:
    """Polygons over a grid in degrees, moved within its rows so that parts of cells are parts of their area."""
    x, y = shapes.xy[:, 0], (grid.extent.ymax - shapes.xy[:, 1]) / grid.yres
    part = np.repeat(np.arange(shapes.parts.size - 1), np.diff(shapes.parts))
    start = np.flatnonzero(part[1:] == part[:-1])
    steps = math.ceil(grid.yres / STEP)
    low, high = (steps * join(y[start], y[start + 1]) for join in (np.minimum, np.maximum))
    first, last = np.maximum(np.floor(low) + 1, 0), np.minimum(np.ceil(high) - 1, steps * grid.nrow)
    edge, at = spread(first.astype(np.int64), last.astype(np.int64))
    a, b = start[edge], start[edge] + 1
    level = at / steps
    share = (level - y[a]) / (y[b] - y[a])
    order = np.lexsort((np.r_[np.zeros(x.size), share], np.r_[np.arange(x.size), a]))
    columns = np.r_[x, x[a] + (x[b] - x[a]) * share][order]
    rows = rows_by_area(grid, np.r_[y, level][order])
    owner = np.r_[part, part[a]][order]
    xy = np.column_stack([columns, grid.extent.ymax - rows * grid.yres])
    parts = np.searchsorted(owner, np.arange(shapes.parts.size))
    return Shapes(shapes.polygon, xy, parts, shapes.holes, shapes.first)


def rasterize_geom(x: Any, y: SpatRaster, fun: What = "count", unit: Literal["m", "km"] = "m") -> SpatRaster:
    """How many geometries lie in each cell of a raster, or how much of them.

    Parameters
    ----------
    x : SpatVector, anything that `vect` takes, or array of shape (n, 2)
        Geometries, or coordinates of points.
    y : SpatRaster
        The grid.
    fun : {"count", "area", "length", "crosses"}
        Points in a cell, or lines or polygons that touch it; the area of polygons in it, added up; the length of lines in
        it; or the number of lines that lie in its inside and outside of it.
    unit : {"m", "km"}
        Of lengths; areas are in its square.

    Returns
    -------
    SpatRaster
        A layer named after `fun`; 0 where nothing lies.

    Raises
    ------
    ArgumentError
        Where `fun` does not fit the type of the geometries.
    CRSMismatchError
        Where the two have different reference systems.

    See Also
    --------
    rasterize : Values of geometries; with ``cover=True``, the fraction of each cell that polygons cover.
    expanse, perim : Areas and lengths of whole geometries.

    Notes
    -----
    On lon/lat, areas and lengths are those on the ellipsoid, of edges that are straight in degrees. A line along the edge
    of cells counts in the cell below or to the right. Without a CRS, units of the coordinates count as metres.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2, xmin=0, xmax=2, ymin=0, ymax=2, crs="")
    >>> line = pt.vect("LINESTRING (0.5 0.5, 1.5 0.5)")
    >>> line.rasterize_geom(r, "length").to_numpy()[0].tolist()
    [[0.0, 0.0], [0.5, 0.5]]
    >>> pt.rasterize_geom([[0.2, 0.2], [0.4, 0.4]], r).to_numpy()[0].tolist()
    [[0.0, 0.0], [2.0, 0.0]]
    """
    if not is_raster(y):
        raise ArgumentError(
            f"rasterize_geom: y must be a SpatRaster, got {type(y).__name__}; make one with rast()"
        )
    fun = choice(fun, ("count", "area", "length", "crosses"), "rasterize_geom: fun")
    unit = choice(unit, ("m", "km"), "rasterize_geom: unit")
    grid = geometry_of(y, "rasterize_geom").grid
    geoms, _, kind = geoms_on(x, grid, "rasterize_geom")
    if fun not in ALLOWED.get(kind, ("count",)):
        raise ArgumentError(
            f"rasterize_geom: fun must be one of {', '.join(ALLOWED.get(kind, ('count',)))} for {kind}, got {fun!r}"
        )
    kernel = _kernel(geoms, kind, grid, fun, factor_of(grid, unit))
    node = Init(grid=grid, layers=(Layer(fun),), dtype=FLOAT64, kernel=kernel, temporaries=160.0)
    return raster(node)


def _kernel(geoms: NDArray[Any], kind: str, grid: Grid, fun: What, factor: float) -> Positional:
    import shapely

    if kind == "points":
        xy = shapely.get_coordinates(wrapped(geoms, grid) if grid.is_lonlat else geoms)
        return BurnPoints((xy,), (np.ones(len(xy)),), TABLE["count"], 0.0)
    shapes = shapes_of(geoms, grid, polygon=kind == "polygons")
    if fun == "area":
        return AreasOf(shapes, factor)
    if fun != "count":
        return LengthsOf(shapes, factor, fun == "crosses")
    count = len(shapes)
    rules = np.full(count, RULES["touch"], np.uint8)
    return BurnShapes(shapes, rules, np.ones(count), np.zeros(count, np.int64), 1, TABLE["count"], 0.0)
