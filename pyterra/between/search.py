"""The nearest cell that has a value, for points in cells that have none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.expr import Node
from pyterra.grid import Grid
from pyterra.raster.at import values_at

Doubles = NDArray[np.float64]
Cells = NDArray[np.int64]


def nearest_known(node: Node, cells: Cells, values: Doubles, radius: float) -> tuple[Doubles, Doubles, Cells]:
    """Values of one layer, where missing those of the nearest cells within a radius; how far these are, and which.

    Cells are looked for in squares that become larger, so that little is read where values are near. Of cells equally
    near the first counts. Distances are those between centres, in units of the CRS, or metres for lon/lat.

    Parameters
    ----------
    node : Node
        One layer.
    cells : int64 array (n,)
        The cells of points, -1 for those beyond the raster.
    values : float64 array (n,)
    radius : float

    Returns
    -------
    (float64 array (n,), float64 array (n,), int64 array (n,))
    """
    found, far, where = values.copy(), np.zeros(len(cells)), cells.copy()
    left = np.flatnonzero(np.isnan(values) & (cells >= 0))
    reach = 1
    while left.size:
        spans, complete = _spans(node.grid, cells[left], radius, reach)
        settled = np.zeros(left.size, np.bool_)
        for k, (own, (rows, cols)) in enumerate(zip(left, spans, strict=True)):
            around = (rows[:, None] * node.grid.ncol + cols[None, :]).ravel()
            apart = distances(node.grid, cells[own], around)
            near = np.flatnonzero(apart <= radius)
            seen = values_at(node, around[near])[:, 0]
            known = near[~np.isnan(seen)]
            if known.size:
                best = known[np.lexsort((around[known], apart[known]))[0]]
                # a cell outside of the square may be nearer than one in its corner
                if complete[k] or apart[best] <= _sure(node.grid, cells[own], reach):
                    found[own], far[own], where[own] = (
                        seen[~np.isnan(seen)][known == best][0],
                        apart[best],
                        around[best],
                    )
                    settled[k] = True
            settled[k] |= complete[k]
        left = left[~settled]
        reach *= 2
    return found, far, where


def distances(grid: Grid, cell: int, others: Cells) -> Doubles:
    """How far the centres of cells are from that of one."""
    here, there = grid.xy_from_cell(np.array([cell])), grid.xy_from_cell(others)
    if not grid.is_lonlat:
        return np.asarray(np.hypot(*(there - here).T))
    (lon, lat), (x, y) = np.deg2rad(here[0]), np.deg2rad(there.T)
    half = np.sin((y - lat) / 2) ** 2 + np.cos(lat) * np.cos(y) * np.sin((x - lon) / 2) ** 2
    return np.asarray(2 * kernels.distance.RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def _sizes(grid: Grid, cell: int) -> tuple[float, float]:
    """Width and height of cells, the width at the far side of what is looked at."""
    if not grid.is_lonlat:
        return grid.xres, grid.yres
    metre = np.deg2rad(1.0) * kernels.distance.RADIUS
    lat = abs(float(grid.xy_from_cell(np.array([cell]))[0, 1]))
    return float(np.cos(np.deg2rad(min(lat, 90.0)))) * grid.xres * metre, grid.yres * metre


def _sure(grid: Grid, cell: int, reach: int) -> float:
    """How far all cells are within the square of so many cells to each side."""
    width, height = _sizes(grid, cell)
    if grid.is_lonlat:  # meridians come nearer to each other towards the pole
        lat = abs(float(grid.xy_from_cell(np.array([cell]))[0, 1])) + reach * grid.yres
        turn = min(np.deg2rad(reach * grid.xres), np.pi / 2)
        width = (
            kernels.distance.RADIUS
            * float(np.arcsin(max(np.cos(np.deg2rad(min(lat, 90.0))), 0.0) * np.sin(turn)))
            / reach
        )
    return reach * min(width, height)


def _spans(
    grid: Grid, cells: Cells, radius: float, reach: int
) -> tuple[list[tuple[Cells, Cells]], NDArray[np.bool_]]:
    """Rows and columns around cells, and whether all within the radius, or of the raster, are among them."""
    spans, complete = [], np.zeros(len(cells), np.bool_)
    for k, cell in enumerate(cells):
        row, col = divmod(int(cell), grid.ncol)
        rows = np.arange(max(row - reach, 0), min(row + reach + 1, grid.nrow))
        if grid.is_global and 2 * reach + 1 < grid.ncol:
            cols = np.arange(col - reach, col + reach + 1) % grid.ncol
        elif grid.is_global:
            cols = np.arange(grid.ncol)
        else:
            cols = np.arange(max(col - reach, 0), min(col + reach + 1, grid.ncol))
        spans.append((rows, cols))
        complete[k] = _sure(grid, int(cell), reach) >= radius or len(rows) * len(cols) == grid.cells
    return spans, complete
