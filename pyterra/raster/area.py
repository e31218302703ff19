"""How much ground cells cover: cell_size and expanse."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import CRSMismatchError
from pyterra.expr import Array, Cells, Constant, Init, Layer, Node, Positional
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import areas_of_cells, areas_of_rows
from pyterra.raster.build import FLOAT64, geometry_of, node_of, raster, recycled

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Unit = Literal["m", "km", "ha"]
SQUARE_METRES = {"m": 1.0, "km": 1e6, "ha": 1e4}
AT_ONCE = 16384
"""Cells that are measured at once, so that what this needs in between is small."""
NODES = 200
"""Rows and columns beyond which areas of planar cells are interpolated between so many."""


@lru_cache(maxsize=256)
def _of_rows(grid: Grid, first: int, count: int) -> Array:
    return areas_of_rows(grid, first, count)


@dataclass(frozen=True)
class RowAreas(Positional):
    """Areas of the cells of a grid in degrees: one per row."""

    factor: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        rows = _of_rows(grid, window.row, window.nrow) / self.factor
        return np.broadcast_to(rows[:, None], (1, window.nrow, window.ncol)).copy()

    def coarser(self, grid: Grid, factor: int) -> Positional:
        return replace(self, factor=self.factor * factor**2)


@lru_cache(maxsize=8)
def _lattice(grid: Grid, spacing: int) -> Array:
    """Areas of every `spacing`-th cell, with the nodes around the grid that cubic interpolation needs."""
    axes = []
    for size in (grid.nrow, grid.ncol):
        first, count = kernels.lattice.node_range(0, size, spacing)
        axes.append((first + np.arange(count)) * spacing)
    return areas_of_cells(grid, *axes)


@dataclass(frozen=True)
class PlanarAreas(Positional):
    """Areas on the ellipsoid of the cells of a planar grid."""

    factor: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        spacing = -(-max(grid.nrow, grid.ncol) // NODES)
        nodes = _lattice(grid, spacing) if spacing > 1 else None
        interpolated = nodes is not None and bool(np.isfinite(nodes).all())
        out = np.empty((1, window.nrow, window.ncol))
        step = max(1, AT_ONCE // window.ncol)
        for top in range(0, window.nrow, step):
            count = min(step, window.nrow - top)
            part = Window(window.row + top, window.col, count, window.ncol)
            strip = out[:, top : top + count]
            if interpolated and nodes is not None:
                strip[:] = self._between(nodes, spacing, part)
            else:
                rows, cols = np.arange(part.row, part.row_stop), np.arange(part.col, part.col_stop)
                strip[0] = areas_of_cells(grid, rows, cols)
            strip /= self.factor
        return out

    def coarser(self, grid: Grid, factor: int) -> Positional:
        return replace(self, factor=self.factor * factor**2)

    @staticmethod
    def _between(nodes: Array, spacing: int, part: Window) -> Array:
        row, nrow = kernels.lattice.node_range(part.row, part.nrow, spacing)
        col, ncol = kernels.lattice.node_range(part.col, part.ncol, spacing)
        near = nodes[None, 1 + row : 1 + row + nrow, 1 + col : 1 + col + ncol]
        found: Array = kernels.lattice.interpolate(
            near, spacing, (part.row, part.col), (part.nrow, part.ncol)
        )
        return found


def area_node(grid: Grid, unit: str = "m", transform: bool = True) -> Node:
    """A layer of the areas of the cells.

    Raises
    ------
    CRSMismatchError
        Where `transform` needs a CRS and there is none.
    """
    factor, layers = SQUARE_METRES[unit], (Layer("area"),)
    if grid.is_lonlat:
        return Init(grid=grid, layers=layers, dtype=FLOAT64, kernel=RowAreas(factor))
    if not transform:
        metres = _metres(grid)
        number = grid.xres * grid.yres * metres**2 / factor
        return Constant(grid=grid, layers=layers, dtype=FLOAT64, numbers=(number,))
    if not grid.crs:
        raise CRSMismatchError(
            "cell_size: the CRS must be known to find areas on the ellipsoid; set .crs, or use transform=False"
        )
    return Init(grid=grid, layers=layers, dtype=FLOAT64, kernel=PlanarAreas(factor))


def _metres(grid: Grid) -> float:
    """Metres in a unit of the grid's CRS; 1 where it has none."""
    from pyterra.grid.crs import to_pyproj

    axes = to_pyproj(grid.crs).axis_info if grid.crs else []
    return float(axes[0].unit_conversion_factor) if axes else 1.0


@dataclass(frozen=True)
class WhereValid:
    """The first input where the second is not missing."""

    def __call__(self, areas: Array, block: Array) -> Array:
        return np.where(np.isnan(block), np.nan, areas)


def cell_size(
    x: SpatRaster,
    *,
    mask: bool = False,
    lyrs: bool = False,
    unit: Unit = "m",
    transform: bool = True,
) -> SpatRaster:
    """Area that each cell covers.

    Parameters
    ----------
    x : SpatRaster
        The grid whose cells are measured; its values are read only with `mask`.
    mask : bool
        Make cells missing where the first layer of `x` is missing.
    lyrs : bool
        Give a layer of areas for each layer of `x`, with `mask`.
    unit : {"m", "km", "ha"}
        Square metres, square kilometres or hectares.
    transform : bool
        Measure planar grids on the ellipsoid too. Otherwise all their cells have the area that they have in the
        plane.

    Returns
    -------
    SpatRaster
        A layer ``area``.

    Raises
    ------
    CRSMismatchError
        Where `x` has no CRS and `transform` is set.

    See Also
    --------
    expanse : Adds the areas up.

    Notes
    -----
    On lon/lat grids the edges of cells are geodesics. Planar grids of more than 200 rows or columns are measured at
    200 and interpolated between them.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2, extent=(0, 2, 0, 2), crs="EPSG:4326")
    >>> r.cell_size(unit="km").values(drop=True).round().tolist()
    [12305.0, 12305.0, 12309.0, 12309.0]
    """
    unit = choice(unit, tuple(SQUARE_METRES), "cell_size: unit")
    areas = area_node(geometry_of(x, "cell_size").grid, unit, transform)
    if not mask:
        return raster(areas)
    node = node_of(x, "cell_size")
    count = len(node.layers) if lyrs else 1
    layers = tuple(Layer("area" if count == 1 else f"area_{i + 1}") for i in range(count))
    inputs = (recycled(areas, count), node if lyrs else node_of(x[0], "cell_size"))
    return raster(
        Cells(
            grid=node.grid,
            layers=layers,
            dtype=FLOAT64,
            arguments=inputs,
            kernel=WhereValid(),
            temporaries=count,
            layerwise=True,
        )
    )
