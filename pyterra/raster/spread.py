"""Samples that are spread over the ground: the middles of clusters, one cell under each of a coarser raster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.expr import Array, AtCells, Init, Layer, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT32, cells_raster, raster
from pyterra.raster.sample import Cells, drawn
from pyterra.raster.values import array_node, matrix_of_cells

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

PLACES_EACH, PLACES_LEAST = 400, 2000
"""Cells that are put together to a cluster, and in all."""
ROUNDS, STARTS = 100, 3
"""How often clusters are moved at most, and how often begun."""


def spread(node: Node, window: Window, size: int, rng: np.random.Generator) -> Cells:
    """As many cells without missing values, each in the middle of a compact part of all of them."""
    from pyterra.models.components import clusters_of

    places = max(PLACES_EACH * size, PLACES_LEAST)
    cells = np.sort(drawn(node, window, places, rng, "valid", None, True))
    if cells.size <= size:
        return cells
    xy = node.grid.xy_from_cell(cells)
    if node.grid.is_lonlat:  # places of neighbours, so that one factor is enough
        xy[:, 0] *= np.cos(np.deg2rad(np.clip(xy[:, 1].mean(), -89, 89)))
    seed = int(rng.integers(2**31))
    centres = clusters_of(xy, np.array(["x", "y"]), size, iter_max=ROUNDS, nstart=STARTS, seed=seed).centers
    chosen: list[int] = []
    for centre in centres:
        apart = ((xy - centre) ** 2).sum(axis=1)
        apart[chosen] = np.inf
        chosen.append(int(apart.argmin()))
    return cells[np.sort(chosen)]


def exactly(grid: Grid, window: Window, size: int) -> Cells:
    """As many cells as asked for in rows of about equally many."""
    size = min(size, window.cells)
    rows = int(
        min(max(np.rint(np.sqrt(size * window.nrow / window.ncol)), np.ceil(size / window.ncol)), window.nrow)
    )
    rows = min(rows, size)
    ends = np.arange(rows + 1) * size // rows
    found = []
    for i, count in enumerate(np.diff(ends).tolist()):
        row = window.row + int((i + 0.5) * window.nrow / rows)
        cols = window.col + ((np.arange(count) + 0.5) * (window.ncol / count)).astype(np.int64)
        found.append(row * np.int64(grid.ncol) + cols)
    return np.concatenate(found)


def scattered(node: Node, window: Window, sides: tuple[int, int], rng: np.random.Generator) -> SpatRaster:
    """A raster of fewer cells, each with the values of a cell by chance of those under it."""
    rows = (np.arange(sides[0])[:, None] + rng.random(sides)) * (window.nrow / sides[0])
    cols = (np.arange(sides[1])[None, :] + rng.random(sides)) * (window.ncol / sides[1])
    cells = (
        (rows.astype(np.int64) + window.row) * np.int64(node.grid.ncol) + cols.astype(np.int64) + window.col
    )
    values = matrix_of_cells(node, cells.ravel()).T.reshape(-1, *sides).astype(node.dtype)
    extent = node.grid.extent_of(window)
    return raster(array_node(values, Grid(extent, *sides, node.grid.crs), node.layers))


@dataclass(frozen=True, eq=False)
class Chosen(AtCells):
    """1 in some cells, missing elsewhere."""

    cells: Array
    """Their numbers, in order."""

    def at(self, grid: Grid, rows: Array, cols: Array) -> Array:
        numbers = rows[:, None] * np.int64(grid.ncol) + cols
        return np.where(np.isin(numbers, self.cells), np.float32(1), np.float32(np.nan))[None]


@dataclass(frozen=True)
class Kept:
    """Values where something was chosen."""

    def __call__(self, block: Array, chosen: Array) -> Array:
        return np.where(np.isnan(chosen), np.nan, block).astype(block.dtype)


def kept(node: Node, cells: Cells) -> SpatRaster:
    """A raster, missing but in some cells."""
    chosen = Init(grid=node.grid, layers=(Layer("chosen"),), dtype=FLOAT32, kernel=Chosen(np.unique(cells)))
    return cells_raster([node, chosen], node.layers, node.dtype, Kept(), layerwise=False)
