"""Cells put somewhere else without being changed: what crop, extend, shift, merge and new coordinates share."""

from __future__ import annotations

from dataclasses import replace

from pyterra.expr import Moved, Node, Place, Regrid, Tiling
from pyterra.grid import Grid
from pyterra.raster.build import exact_dtype


def place(node: Node, grid: Grid, row: int, col: int, fill: float = float("nan")) -> Node:
    """A node laid into a grid with its first cell at (row, col)."""
    if not node.has_values:
        return replace(node, grid=grid)
    tile = node.tiling
    if tile is not None:
        tile = Tiling(tile.nrow, tile.ncol, (tile.row + row) % tile.nrow, (tile.col + col) % tile.ncol)
    return Regrid(
        grid=grid,
        layers=node.layers,
        dtype=exact_dtype([fill], node.dtype),
        arguments=(node,),
        method=Moved((Place.at(row, col, (node.grid.nrow, node.grid.ncol)),), fill),
        tile=tile,
    )


def relocate(node: Node, grid: Grid) -> Node:
    """The same rows and columns under other coordinates or another CRS."""
    return replace(node, grid=grid) if not node.inputs else place(node, grid, 0, 0)
