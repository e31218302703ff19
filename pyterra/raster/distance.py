"""distance and buffer: how far it is to the nearest cell or geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.geoms import geoms_on
from pyterra.between.shapes import RULES, Shapes, shapes_of
from pyterra.errors import ArgumentError, MemoryBudgetError
from pyterra.expr import Array, Cells, Init, Layer, Node, Sweep
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.plan import format_bytes, memory_budget
from pyterra.raster._build import FLOAT32, FLOAT64, choice, exact_dtype, node_of, number, raster
from pyterra.run.home import go_on

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")
Unit = Literal["m", "km"]
ROWS_AT_ONCE = 8
"""Rows that are computed before Ctrl-C is looked for, where a strip may take many seconds."""


@dataclass(frozen=True)
class PlanarDistance:
    """Strips tell in which rows their outermost sources lie, column by column."""

    target: float
    exclude: float
    res: tuple[float, float]
    factor: float
    """What a distance is multiplied with."""
    maxdist: float

    temporaries: float = 24.0
    strip_cells: int = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """First row of a strip -> rows of the nearest sources above and below it, per layer and column."""
        return {}

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """First and last row with a source, per layer and column."""
        return kernels.distance.edge_sources(self._roles(block), window.row)

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Nearest rows above and below, from the outermost rows of all strips."""
        first, last = (np.stack([part[side] for _, part in found]) for side in (0, 1))
        far = np.full((1, *first.shape[1:]), kernels.distance.FAR, np.int32)
        above = np.maximum.accumulate(np.concatenate([-far, last[:-1]]), axis=0)
        below = np.minimum.accumulate(np.concatenate([first[1:], far])[::-1], axis=0)[::-1]
        return {window.row: (above[i], below[i]) for i, (window, _) in enumerate(found)}, ()

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Distances of one strip."""
        above, below = state[window.row]
        out = kernels.distance.planar(self._roles(block), window.row, above, below, *self.res)
        return _scaled(out, self.factor, self.maxdist)

    def _roles(self, block: Array) -> Any:
        return kernels.distance.roles(block, self.target, self.exclude)


@dataclass(frozen=True)
class SphereDistance:
    """Strips tell where their sources lie, as runs of columns."""

    target: float
    exclude: float
    grid: Grid
    factor: float
    maxdist: float

    temporaries: float = 24.0
    strip_cells: int = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Per layer: first run of each row, and the columns of runs."""
        return []

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """Runs of sources, layer by layer."""
        role = kernels.distance.roles(block, self.target, self.exclude)
        return [kernels.distance.source_runs(layer) for layer in role]

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Runs of the whole raster, per layer.

        Raises
        ------
        MemoryBudgetError
            Where they do not fit.
        """
        size = sum(run.nbytes for _, part in found for layer in part for run in layer)
        budget = memory_budget()
        if 2 * size > budget:
            raise MemoryBudgetError(
                f"distance: the places of all sources need {format_bytes(2 * size)}, the memory budget is "
                f"{format_bytes(budget)}; aggregate() first, or raise options(memory=...)"
            )
        layers = []
        for layer in zip(*(part for _, part in found), strict=True):
            counts, first, last = (np.concatenate(list(column)) for column in zip(*layer, strict=True))
            layers.append((np.concatenate([[0], np.cumsum(counts)]), first, last))
        return layers, ()

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Distances of one strip."""
        role = kernels.distance.roles(block, self.target, self.exclude)
        lat = np.deg2rad(self.grid.y_from_row(np.arange(self.grid.nrow)))
        xres = float(np.deg2rad(self.grid.xres))
        out = np.empty(role.shape)
        for layer, runs, found in zip(role, state, out, strict=True):
            for row in range(0, window.nrow, ROWS_AT_ONCE):
                go_on()
                rows = slice(row, row + ROWS_AT_ONCE)
                found[rows] = kernels.distance.spherical(layer[rows], window.row + row, *runs, lat, xres)
        return _scaled(out, self.factor, self.maxdist)


def _scaled(out: Array, factor: float, maxdist: float) -> Array:
    if factor != 1:
        out *= factor
    if maxdist < np.inf:
        out[out > maxdist] = np.nan
    return out


@dataclass(frozen=True, eq=False)
class PlanarGeometries:
    """Distance to the nearest of some geometries, by position."""

    geoms: NDArray[Any]
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        import shapely

        x = grid.x_from_col(np.arange(window.col, window.col_stop))
        y = grid.y_from_row(np.arange(window.row, window.row_stop))
        out = np.full((1, window.nrow, window.ncol), np.nan)
        if len(self.geoms) == 0:
            return out
        tree = shapely.STRtree(self.geoms)
        for row, level in zip(out[0], y, strict=True):
            go_on()
            centres = shapely.points(x, np.full(x.size, level))
            (cells, _), found = tree.query_nearest(centres, return_distance=True, all_matches=False)
            row[cells] = found
        return _scaled(out, self.factor, self.maxdist)


@dataclass(frozen=True, eq=False)
class SphereGeometries:
    """Great-circle distance to the nearest of some arcs, 0 inside polygons, by position."""

    ends: tuple[NDArray[np.float64], NDArray[np.float64]]
    """Unit vectors of the ends of each arc, shape (arc, 3)."""
    inside: Shapes | None
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        a, b = self.ends
        middle = a + b
        middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-300)
        reach = np.arcsin(np.minimum(1.0, np.linalg.norm(a - b, axis=1) / 2)) + 1e-12
        lon = np.deg2rad(grid.x_from_col(np.arange(window.col, window.col_stop)))
        lat = np.deg2rad(grid.y_from_row(np.arange(window.row, window.row_stop)))
        out = np.empty((window.nrow, window.ncol))
        for row in range(window.nrow):
            go_on()
            out[row] = kernels.distance.to_arcs(lon, lat[row : row + 1], a, b, middle, reach)[0]
        if len(a) == 0:
            out[:] = np.nan
        if self.inside is not None:
            rules = np.full(len(self.inside), RULES["centre"], np.uint8)
            out.reshape(-1)[self.inside.cells(grid, window, rules)[1]] = 0.0
        return _scaled(out[None], self.factor, self.maxdist)


def distance(
    x: SpatRaster,
    y: Any = None,
    *,
    target: float | None = None,
    exclude: float | None = None,
    unit: Unit = "m",
    method: Literal["haversine", "cosine"] = "haversine",
    maxdist: float | None = None,
) -> SpatRaster:
    """Distance to the nearest cell that has a value, or to the nearest geometry.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, anything that `vect` takes, or array of shape (n, 2), optional
        Geometries; the values of `x` do not matter then.
    target : float, optional
        Value of the cells that get a distance; missing by default. Cells of other values are what is looked for, and
        get 0; cells that are missing, if not the target, are left out.
    exclude : float, optional
        Value of cells that are neither looked for nor given a distance.
    unit : {"m", "km"}
        Unit of the result. Without a CRS, units of the coordinates count as metres.
    method : {"haversine", "cosine"}
        For lon/lat: both give the great-circle distance on a sphere of radius 6378137 m, by the haversine formula.
    maxdist : float, optional
        Greater distances become missing, in `unit`.

    Returns
    -------
    SpatRaster
        Between centres of cells; to geometries from the centre of the cell, 0 inside polygons.

    Notes
    -----
    Exact, and across the date line on the sphere. Two passes over strips of rows: the first keeps a few numbers per
    column (on lon/lat, the places of all cells that are looked for). Edges of lines and polygons on lon/lat are
    great circles; terra 1.7 looks at their vertices only.

    References
    ----------
    Felzenszwalb and Huttenlocher 2012, Distance transforms of sampled functions, Theory of Computing 8: 415-428.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=8, ymin=0, ymax=2, crs="", vals=[1, np.nan, np.nan, np.nan])
    >>> r.distance().values(drop=True)
    array([0., 2., 4., 6.])
    """
    choice(unit, ("m", "km"), "distance: unit")
    choice(method, ("haversine", "cosine"), "distance: method")
    limit = np.inf if maxdist is None else number(maxdist, "distance: maxdist")
    if not limit > 0:
        raise ArgumentError(f"distance: maxdist must be above 0, got {maxdist}")
    grid = x._node.grid
    factor = _factor(grid, unit)
    if y is not None:
        return raster(_to_geometries(y, grid, factor, limit))
    node = node_of(x, "distance")
    values = (
        NAN if target is None else number(target, "distance: target"),
        NAN if exclude is None else number(exclude, "distance: exclude"),
    )
    sweep: Any = (
        SphereDistance(*values, grid, factor, limit)
        if grid.is_lonlat
        else PlanarDistance(*values, (grid.xres, grid.yres), factor, limit)
    )
    layers = tuple(layer.number() for layer in node.layers)
    return raster(Sweep(grid=grid, layers=layers, dtype=FLOAT64, argument=node, method=sweep))


def _factor(grid: Grid, unit: Unit) -> float:
    """From metres on the sphere, or units of the CRS, to the unit asked for."""
    metres = 1.0
    crs = to_pyproj(grid.crs) if grid.crs and not grid.is_lonlat else None
    if crs is not None and crs.axis_info:
        metres = float(crs.axis_info[0].unit_conversion_factor or 1.0)
    return metres / (1000.0 if unit == "km" else 1.0)


def _to_geometries(y: Any, grid: Grid, factor: float, limit: float) -> Init:
    import shapely

    geoms, _, kind = geoms_on(y, grid, "distance")
    geoms = geoms[~shapely.is_empty(geoms)]
    if not grid.is_lonlat:
        kernel: Any = PlanarGeometries(geoms, factor, limit)
    else:
        inside = shapes_of(geoms, grid, polygon=True) if kind == "polygons" else None
        kernel = SphereGeometries(_arcs(geoms, kind), inside, factor, limit)
    return Init(grid=grid, layers=(Layer("layer"),), dtype=FLOAT64, kernel=kernel, temporaries=64.0)


def _arcs(geoms: NDArray[Any], kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of all edges as unit vectors; a point is an edge whose ends are one."""
    import shapely

    parts = shapely.get_parts(geoms)
    if kind == "polygons":
        parts = shapely.get_rings(parts)
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    lon, lat = np.deg2rad(xy).T
    ends = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    if kind == "points":
        return ends, ends
    joined = owner[1:] == owner[:-1]
    return np.ascontiguousarray(ends[:-1][joined]), np.ascontiguousarray(ends[1:][joined])


@dataclass(frozen=True)
class Within:
    """1 where a distance is at most a width."""

    width: float
    background: float

    def __call__(self, block: Array) -> Array:
        with np.errstate(invalid="ignore"):
            return np.where(block <= self.width, 1.0, self.background)


def buffer(x: SpatRaster, width: float, *, background: float = 0) -> SpatRaster:
    """Cells within a distance of cells that have a value.

    Parameters
    ----------
    x : SpatRaster
    width : float
        Metres for lon/lat, else units of the CRS; above 0.
    background : float
        Value of cells farther away.

    Returns
    -------
    SpatRaster
        1 within, `background` elsewhere; yes and no (bool) where the background is 0.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=8, ymin=0, ymax=2, crs="", vals=[1, np.nan, np.nan, np.nan])
    >>> r.buffer(3).values(drop=True)
    array([1., 1., 0., 0.])
    """
    if not number(width, "buffer: width") > 0:
        raise ArgumentError(f"buffer: width must be above 0, got {width}")
    node = node_of(x, "buffer")
    far = distance(x)._node
    if isinstance(far, Sweep) and isinstance(far.method, PlanarDistance):
        far = replace(far, method=replace(far.method, factor=1.0))
    kind = "bool" if background == 0 else "num"
    return raster(
        Cells(
            grid=node.grid,
            layers=tuple(layer.as_kind(kind) for layer in node.layers),  # type: ignore[arg-type]
            dtype=exact_dtype([float(background)], FLOAT32),
            arguments=(far,),
            kernel=Within(float(width), float(background)),
            temporaries=16.0 * len(node.layers),
        )
    )
