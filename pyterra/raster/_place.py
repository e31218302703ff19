"""Cells put somewhere else without being changed: what crop, extend, shift, merge and new coordinates share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pyterra.expr import Array, Constant, Node, Regrid, Tiling
from pyterra.grid import Grid, Window
from pyterra.raster._build import exact_dtype


@dataclass(frozen=True)
class Place:
    """One input laid into the output grid, cell on cell; what it does not cover gets a value."""

    row: int
    """Row of the output at which the first row of the input lies (may be negative)."""
    col: int
    """Column of the output at which the first column of the input lies."""
    size: tuple[int, int]
    """Rows and columns of the input."""
    fill: float = float("nan")
    """Value where there is no input."""

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        return (window.shifted(-self.row, -self.col).intersection(Window(0, 0, *self.size)),)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        array, covered = arrays[0], windows[0]
        if array is not None and covered is not None and covered.cells == window.cells:
            return array
        out = np.full((nlyr, window.nrow, window.ncol), self.fill, dtype)
        if array is not None and covered is not None:
            rows, cols = covered.shifted(self.row, self.col).slices_in(window)
            out[:, rows, cols] = array
        return out

    def scratch(self, window: Window, nlyr: int) -> int:
        return 0

    def between(self, source: Grid, target: Grid) -> object:
        """The same placing for a coarser source and target."""
        from pyterra.raster._resample import Resample

        return Resample(source, target, "near", around=False)


def place(node: Node, grid: Grid, row: int, col: int, fill: float = float("nan")) -> Node:
    """A node laid into a grid with its first cell at (row, col)."""
    if isinstance(node, Constant) and node.skeleton:
        return replace(node, grid=grid)
    tile = node.tiling
    if tile is not None:
        tile = Tiling(tile.nrow, tile.ncol, (tile.row + row) % tile.nrow, (tile.col + col) % tile.ncol)
    return Regrid(
        grid=grid,
        layers=node.layers,
        dtype=exact_dtype([fill], node.dtype),
        arguments=(node,),
        method=Place(row, col, (node.grid.nrow, node.grid.ncol), fill),
        tile=tile,
    )


def relocate(node: Node, grid: Grid) -> Node:
    """The same rows and columns under other coordinates or another CRS."""
    return replace(node, grid=grid) if not node.inputs else place(node, grid, 0, 0)
