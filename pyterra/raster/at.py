"""Values at cells and at positions, wherever they lie: only blocks that hold one of them are computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.run import blocks_of


@dataclass(frozen=True, eq=False)
class PickCells:
    """Values of chosen cells of a block."""

    cells: NDArray[np.int64]
    """Cell numbers, ascending."""
    ncol: int

    def __call__(self, block: Array, window: Window) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        first, stop = np.searchsorted(self.cells, (window.row * self.ncol, window.row_stop * self.ncol))
        row, col = np.divmod(self.cells[first:stop], self.ncol)
        inside = (col >= window.col) & (col < window.col_stop)
        places = np.flatnonzero(inside)
        values = block[:, row[inside] - window.row, col[inside] - window.col]
        return first + places, values.T.astype(np.float64)


def values_at(node: Node, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values of cells by number, shape (n, nlyr); NaN for -1. Only blocks that hold one of them are computed."""
    out = np.full((len(cells), len(node.layers)), np.nan)
    wanted, back = np.unique(cells, return_inverse=True)
    skipped = int(np.searchsorted(wanted, 0))
    wanted = wanted[skipped:]
    if wanted.size == 0:
        return out
    row, col = np.divmod(wanted, node.grid.ncol)
    boxes = np.column_stack([row, row, col, col])
    found = np.full((len(wanted) + skipped, len(node.layers)), np.nan)
    for _, (places, values) in blocks_of(
        node, PickCells(wanted, node.grid.ncol), label="extract", boxes=boxes
    ):
        found[places + skipped] = values
    out[:] = found[back.reshape(-1)]
    return out


def shifted_inside(xy: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Coordinates; longitudes beyond the grid are moved by 360 degrees where they then lie inside."""
    if not grid.is_lonlat:
        return xy
    x, extent = xy[:, 0], grid.extent
    x = np.where((x > extent.xmax) & (x - 360 >= extent.xmin), x - 360, x)
    x = np.where((x < extent.xmin) & (x + 360 <= extent.xmax), x + 360, x)
    return np.column_stack([x, xy[:, 1]])


Corners = tuple[list[NDArray[np.int64]], tuple[NDArray[np.float64], NDArray[np.float64]]]
"""Numbers of the four nearest cells, from the upper left, row by row, and how far a point is from the first on its way
to the next column and row."""


def corners(grid: Grid, xy: NDArray[np.float64]) -> Corners:
    """The four cells whose centres are nearest to points; -1 outside, and for points outside."""
    inside = grid.cell_from_xy(xy) >= 0
    fx = (xy[:, 0] - grid.extent.xmin) / grid.xres - 0.5
    fy = (grid.extent.ymax - xy[:, 1]) / grid.yres - 0.5
    col, row = (np.floor(np.where(inside, f, 0.0)).astype(np.int64) for f in (fx, fy))
    found = []
    for down in (0, 1):
        for right in (0, 1):
            r, c = row + down, col + right
            if grid.is_global:
                c = c % grid.ncol
            known = inside & (r >= 0) & (r < grid.nrow) & (c >= 0) & (c < grid.ncol)
            found.append(np.where(known, r * grid.ncol + c, -1))
    return found, (fx - col, fy - row)


def bilinear_at(node: Node, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values between the centres of the four nearest cells, shape (n, nlyr).

    Missing neighbours are left out, along x first and then along y, as in terra.
    """
    found, (tx, ty) = corners(node.grid, xy)
    inside = node.grid.cell_from_xy(xy) >= 0
    values = values_at(node, np.concatenate(found)).reshape(4, len(xy), -1)
    upper, lower = (_between(values[2 * i], values[2 * i + 1], tx[:, None]) for i in (0, 1))
    return np.where(inside[:, None], _between(upper, lower, ty[:, None]), np.nan)


def _between(a: NDArray[np.float64], b: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
    out: NDArray[np.float64] = np.where(np.isnan(a), b, np.where(np.isnan(b), a, a + (b - a) * t))
    return out
