"""The same cells in other places: t and rotate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Axis, ManyInputs, Moved, OneInput, Place, Regrid, Thinned
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.raster._place import relocate
from pyterra.raster.build import geometry_of, raster, skeleton

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


SLACK = 1e-4
"""Degrees by which columns may miss the whole circle."""


@dataclass(frozen=True)
class Transpose(OneInput):
    """Rows become columns."""

    @property
    def moves(self) -> bool:
        return True

    def behind(self, window: Window) -> Window | None:
        return Window(window.col, window.row, window.ncol, window.nrow)

    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        return np.ascontiguousarray(array.transpose(0, 2, 1))

    def input_factor(self, factor: int) -> int | None:
        return factor

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        return self


def t(x: SpatRaster) -> SpatRaster:
    """The raster with rows and columns swapped, and x and y with them.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster

    See Also
    --------
    flip : Reverses rows or columns.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3]]).t().to_numpy()[0].tolist()
    [[1.0], [2.0], [3.0]]
    """
    node = geometry_of(x, "t")
    e = node.grid.extent
    grid = Grid(Extent(e.ymin, e.ymax, e.xmin, e.xmax), node.grid.ncol, node.grid.nrow, node.grid.crs)
    if not x.has_values():
        return raster(skeleton(grid, node.layers))
    return raster(
        Regrid(
            grid=grid,
            layers=tuple(layer.unflagged() for layer in node.layers),
            dtype=node.dtype,
            arguments=(node,),
            method=Transpose(),
        )
    )


def rotate(x: SpatRaster, *, left: bool = True) -> SpatRaster:
    """Longitudes from 0 to 360 become those from -180 to 180, or the other way round.

    Parameters
    ----------
    x : SpatRaster
    left : bool
        Columns east of 180 move by 360 degrees to the left; otherwise those west of 0 move to the right.

    Returns
    -------
    SpatRaster
        No cell is resampled. Where `x` does not go around the earth, the gap between its parts is missing.

    See Also
    --------
    shift : Moves the raster as it is.

    Notes
    -----
    A column belongs where its middle lies. A raster with no such column is given back as it is.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=360, vals=[1, 2, 3, 4])
    >>> r.rotate().values(drop=True).tolist()
    [3.0, 4.0, 1.0, 2.0]
    """
    node = geometry_of(x, "rotate")
    grid, e = node.grid, node.grid.extent
    if grid.crs and not grid.is_lonlat:
        raise ArgumentError("rotate: x must have longitudes; project() it to lon/lat first")
    split = _split(grid, 180.0 if left else 0.0)
    back = 360.0 if left else 0.0
    if split == (grid.ncol if left else 0):
        return x
    if split in (0, grid.ncol):  # all columns move together
        moved = e.shift(-back or 360.0)
        return raster(relocate(node, Grid(moved, grid.nrow, grid.ncol, grid.crs)))
    around = round(360 / grid.xres)
    if abs(around * grid.xres - 360) > SLACK or grid.ncol > around:
        raise ArgumentError(
            f"rotate: columns must go into 360 degrees, and no further, got {grid.ncol} of {grid.xres:.10g}"
        )
    start = e.xmin + split * grid.xres - back
    target = Grid(Extent(start, start + 360, e.ymin, e.ymax), grid.nrow, around, grid.crs)
    if not x.has_values():
        return raster(skeleton(target, node.layers))
    rows = Axis(grid.nrow)
    east, west = Axis(grid.ncol, split, first=split), Axis(split, split - around)
    return raster(
        Regrid(
            grid=target,
            layers=tuple(layer.unflagged() for layer in node.layers),
            dtype=node.dtype,
            arguments=(node, node),
            method=Moved((Place(rows, east), Place(rows, west))),
        )
    )


def _split(grid: Grid, at: float) -> int:
    """First column whose middle lies at or beyond a longitude."""
    position = (at - grid.extent.xmin) / grid.xres - 0.5
    return int(np.clip(np.ceil(position - 1e-9), 0, grid.ncol))
