"""How far it is to the nearest cell; buffer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, MemoryBudgetError
from pyterra.expr import Array, Cells, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.grid.geodesic import SLACK
from pyterra.plan import format_bytes, memory_budget
from pyterra.raster.build import FLOAT32, FLOAT64, exact_dtype, node_of, number, raster
from pyterra.run.driver import go_on

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
    strip_cells: ClassVar[int] = 512 * 1024

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
        return scaled(out, self.factor, self.maxdist)

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
    geodesic: bool = False
    """Whether lengths are those of the ellipsoid."""

    temporaries: float = 24.0
    strip_cells: ClassVar[int] = 512 * 1024

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
        measured = self._on_ellipsoid if self.geodesic else kernels.distance.spherical
        step = 1 if self.geodesic else ROWS_AT_ONCE
        for layer, runs, found in zip(role, state, out, strict=True):
            for row in range(0, window.nrow, step):
                go_on()
                rows = slice(row, row + step)
                found[rows] = measured(layer[rows], window.row + row, *runs, lat, xres)
        return scaled(out, self.factor, self.maxdist)

    def _on_ellipsoid(self, role: Array, row0: int, *runs_and_angles: Any) -> Array:
        """As `kernels.distance.spherical`, in lengths of geodesics."""
        grid = self.grid
        cell, row, col = kernels.distance.spherical_candidates(role, row0, *runs_and_angles, SLACK)
        out = np.where(role == kernels.distance.SOURCE, 0.0, np.nan)
        x, y = grid.x_from_col(np.arange(grid.ncol)), grid.y_from_row(np.arange(grid.nrow))
        here = x[cell % grid.ncol], y[row0 + cell // grid.ncol]
        out.reshape(-1)[np.unique(cell)] = shortest(cell, *here, x[col], y[row])
        return out


@dataclass(frozen=True)
class PlanarValues(PlanarDistance):
    """Values of the nearest sources on the plane; strips also tell the values of their outermost sources."""

    temporaries: float = 96.0

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """First and last row with a source, per layer and column, and the values there."""
        rows = kernels.distance.edge_sources(self._roles(block), window.row)
        within = np.clip(rows - window.row, 0, window.nrow - 1)
        return rows, np.stack([np.take_along_axis(block, side[:, None], 1)[:, 0] for side in within])

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Nearest rows above and below, and their values."""
        rows, _ = super().update(state, [(window, part[0]) for window, part in found])
        sides = []
        for side, order in ((1, found), (0, found[::-1])):
            value = np.full(found[0][1][1].shape[1:], np.nan)
            seen = {}
            for window, (known, there) in order:
                seen[window.row] = value
                value = np.where(np.abs(known[side]) < kernels.distance.FAR, there[side], value)
            sides.append(seen)
        return {row: (*rows[row], *(side[row] for side in sides)) for row in rows}, ()

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of the nearest source of the cells of one strip."""
        above, below, *beyond = state[window.row]
        down, right = kernels.distance.planar_steps(self._roles(block), window.row, above, below, *self.res)
        far = np.hypot(right * self.res[0], down * self.res[1]) * self.factor
        out = np.full(block.shape, np.nan)
        layer, row, col = np.nonzero(far <= self.maxdist)
        to_row = row + down[layer, row, col].astype(np.int64)
        to_col = col + right[layer, row, col].astype(np.int64)
        within = block[layer, np.clip(to_row, 0, window.nrow - 1), to_col]
        outside = [side[layer, to_col] for side in beyond]
        out[layer, row, col] = np.where(
            to_row < 0, outside[0], np.where(to_row < window.nrow, within, outside[1])
        )
        return out


@dataclass(frozen=True)
class SphereValues(SphereDistance):
    """Values of the nearest sources on the earth; strips also tell the values of all of them."""

    temporaries: float = 96.0

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """Runs of sources, layer by layer, and their values."""
        role = kernels.distance.roles(block, self.target, self.exclude)
        runs = super().survey(block, window, state)
        sources = role == kernels.distance.SOURCE
        return [(*run, values[here]) for run, values, here in zip(runs, block, sources, strict=True)]

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Runs of the whole raster and their values, per layer."""
        bare = [(window, [layer[:3] for layer in part]) for window, part in found]
        runs, _ = super().update(state, bare)
        size = sum(layer[3].nbytes for _, part in found for layer in part)
        if 2 * size > memory_budget():
            raise MemoryBudgetError(
                f"distance: the values of all sources need {format_bytes(2 * size)}, the memory budget is "
                f"{format_bytes(memory_budget())}; aggregate() first, or raise options(memory=...)"
            )
        values = [np.concatenate([part[k][3] for _, part in found]) for k in range(len(runs))]
        return [(run, value) for run, value in zip(runs, values, strict=True)], ()

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of the nearest source of the cells of one strip."""
        role = kernels.distance.roles(block, self.target, self.exclude)
        out = np.full(role.shape, np.nan)
        for layer, (runs, values), found in zip(role, state, out, strict=True):
            cells = np.r_[0, np.cumsum(runs[2].astype(np.int64) - runs[1] + 1)]
            for row in range(0, window.nrow, ROWS_AT_ONCE):
                go_on()
                rows = slice(row, row + ROWS_AT_ONCE)
                there, far = self._sources(layer[rows], window.row + row, runs)
                known = far * self.factor <= self.maxdist
                to_row, to_col = (side[known].astype(np.int64) for side in there)
                run = kernels.distance.run_of(to_row, to_col, *runs)
                found[rows][known] = values[cells[run] + to_col - runs[1][run]]
        return out

    def _sources(self, role: Array, row0: int, runs: Any) -> tuple[Array, Array]:
        """Row and column of the nearest source of the cells of some rows, and how far it is; NaN where none is."""
        grid = self.grid
        lat, xres = np.deg2rad(grid.y_from_row(np.arange(grid.nrow))), float(np.deg2rad(grid.xres))
        if not self.geodesic:
            there = kernels.distance.spherical_sources(role, row0, *runs, lat, xres)
            far = kernels.distance.spherical(role, row0, *runs, lat, xres)
            return there, np.where(np.isnan(there[0]), np.nan, far)
        there, far = np.full((2, *role.shape), np.nan), np.full(role.shape, np.nan)
        cell, row, col = kernels.distance.spherical_candidates(role, row0, *runs, lat, xres, SLACK)
        x, y = grid.x_from_col(np.arange(grid.ncol)), grid.y_from_row(np.arange(grid.nrow))
        length = geodesics(x[cell % grid.ncol], y[row0 + cell // grid.ncol], x[col], y[row])
        order = np.lexsort((length, cell))
        first = order[np.r_[True, np.diff(cell[order]) > 0][: len(order)]]
        there.reshape(2, -1)[:, cell[first]] = row[first], col[first]
        far.reshape(-1)[cell[first]] = length[first]
        return there, far


def geodesics(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Lengths of geodesics on WGS 84, in metres."""
    import pyproj

    return np.asarray(pyproj.Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[2])


def shortest(owner: Array, lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """The shortest geodesic of each owner, in metres; the owners are in order."""
    if not len(owner):
        return np.empty(0)
    far = geodesics(lon, lat, to_lon, to_lat)
    return np.minimum.reduceat(far, np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]))


def scaled(out: Array, factor: float, maxdist: float) -> Array:
    if factor != 1:
        out *= factor
    if maxdist < np.inf:
        out[out > maxdist] = np.nan
    return out


def factor_of(grid: Grid, unit: Unit) -> float:
    """From metres on the sphere, or units of the CRS, to the unit asked for."""
    metres = 1.0
    crs = to_pyproj(grid.crs) if grid.crs and not grid.is_lonlat else None
    if crs is not None and crs.axis_info:
        metres = float(crs.axis_info[0].unit_conversion_factor or 1.0)
    return metres / (1000.0 if unit == "km" else 1.0)


def to_cells(
    node: Node,
    target: float,
    exclude: float,
    factor: float,
    limit: float,
    *,
    geodesic: bool = False,
    values: bool = False,
) -> Sweep:
    """Distances to the nearest cell that is neither `target` nor `exclude`, metres or units of the CRS times `factor`.

    With `values` the values there instead.
    """
    grid = node.grid
    planar, sphere = (PlanarValues, SphereValues) if values else (PlanarDistance, SphereDistance)
    sweep: Any = (
        sphere(target, exclude, grid, factor, limit, geodesic)
        if grid.is_lonlat
        else planar(target, exclude, (grid.xres, grid.yres), factor, limit)
    )
    layers = tuple(layer.number() for layer in node.layers)
    dtype = node.dtype if values else FLOAT64
    return Sweep(grid=grid, layers=layers, dtype=dtype, argument=node, method=sweep)


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

    See Also
    --------
    distance : Gives the distance itself.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=8, ymin=0, ymax=2, crs="", vals=[1, np.nan, np.nan, np.nan])
    >>> r.buffer(3).values(drop=True)
    array([1., 1., 0., 0.])
    """
    if not number(width, "buffer: width") > 0:
        raise ArgumentError(f"buffer: width must be above 0, got {width}")
    node = node_of(x, "buffer")
    far = to_cells(node, NAN, NAN, 1.0, np.inf)
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
