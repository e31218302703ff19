"""How far it is to the nearest cell; buffer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, MemoryBudgetError
from pyterra.expr import Array, Cells, Node, Sweep
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.plan import format_bytes, memory_budget
from pyterra.raster.build import FLOAT32, FLOAT64, exact_dtype, node_of, number, raster
from pyterra.run.driver import go_on

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")
Unit = Literal["m", "km"]
SLACK = 1.0102
"""How much farther on the sphere what is nearest on the ellipsoid can be: radii of curvature of WGS 84 go from 6335.4 to
6399.6 km, which is from 0.9932 to 1.0034 of the radius of the sphere; their quotient is the most."""
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


def shortest(owner: Array, lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """The shortest geodesic of each owner, in metres; the owners are in order."""
    import pyproj

    if not len(owner):
        return np.empty(0)
    far = np.asarray(pyproj.Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[2])
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
    node: Node, target: float, exclude: float, factor: float, limit: float, *, geodesic: bool = False
) -> Sweep:
    """Distances to the nearest cell that is neither `target` nor `exclude`, metres or units of the CRS times `factor`."""
    grid = node.grid
    sweep: Any = (
        SphereDistance(target, exclude, grid, factor, limit, geodesic)
        if grid.is_lonlat
        else PlanarDistance(target, exclude, (grid.xres, grid.yres), factor, limit)
    )
    layers = tuple(layer.number() for layer in node.layers)
    return Sweep(grid=grid, layers=layers, dtype=FLOAT64, argument=node, method=sweep)


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
