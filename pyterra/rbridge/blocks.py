"""Values on their way: blocks of whole rows of doubles, (layer, row, col)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Read
from pyterra.grid import Window
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.formats.opening import open_node
from pyterra.io.raster.row_file import RowFile, remove
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.plan import memory_budget
from pyterra.raster.build import node_of, raster
from pyterra.raster.values import array_node
from pyterra.rbridge.schema import checked, grid_of, layers_of, remember
from pyterra.run.compute import blocks_of

BLOCK_VALUES = 2**20
"""Values of a block, 8 MB: larger ones are slower on both sides (page faults), smaller ones cost calls."""
STRIP_BLOCKS = 8
"""Blocks that are computed at once at most, for the sake of whole tiles."""


def rows_per_block(ncol: int, nlyr: int) -> int:
    """Rows of a block."""
    return max(1, BLOCK_VALUES // (ncol * nlyr))


class Rows:
    """A raster whose values arrive in blocks of rows, from the first to the last.

    Values that fit a third of the memory budget are held; others go to a temporary file that goes away with the raster.

    Parameters
    ----------
    header : mapping
        What `schema.describe` gives.
    """

    def __init__(self, header: Mapping[str, Any]) -> None:
        self.grid, self.layers = grid_of(checked(header)), layers_of(header)
        self._header = header
        self._next = 0
        self._file: RowFile | None = None
        size = 8 * len(self.layers) * self.grid.cells
        if size > memory_budget() // 3:
            self._file = RowFile(len(self.layers), self.grid.nrow, self.grid.ncol, current().temporary_folder)
        else:
            self._array: Array = np.empty((len(self.layers), self.grid.nrow, self.grid.ncol))

    def put(self, values: NDArray[np.float64], row: int, nrows: int) -> None:
        """Take rows `row` (from 0) to ``row + nrows``; values in the order (layer, row, col), of any shape."""
        if row != self._next or row + nrows > self.grid.nrow:
            raise ArgumentError(f"bridge: rows must come in order; row {self._next} is next, got {row}")
        block = np.reshape(values, (len(self.layers), nrows, self.grid.ncol))
        if self._file is None:
            quiet(block, self._array[:, row : row + nrows])
        else:
            self._file.put(quiet(block), row)
        self._next = row + nrows

    def raster(self) -> SpatRaster:
        """The raster, once all rows are there."""
        if self._next != self.grid.nrow:
            raise ArgumentError(f"bridge: {self._next} of {self.grid.nrow} rows came")
        if self._file is None:
            return remember(raster(array_node(self._array, self.grid, self.layers)), self._header)
        kept = replace(_kept(self._file), grid=self.grid, layers=self.layers)
        return remember(raster(kept), self._header)


def quiet(values: NDArray[np.float64], out: Any = None) -> NDArray[np.float64]:
    """A copy in which missing is a NaN that numpy computes with in silence. R's NA signals; it stays NA for R."""
    with np.errstate(invalid="ignore"):
        copied: NDArray[np.float64] = np.multiply(values, 1.0, out=out)
    return copied


def _kept(file: RowFile) -> Read:
    """A node over a finished file, which goes away with it."""
    path = file.close()
    node = open_node(path)
    assert isinstance(node, Read)
    when_gone(node.source, remove, path)
    return node


def rows_of(x: SpatRaster) -> Generator[tuple[int, int, NDArray[np.float64]], None, None]:
    """First row (from 0), number of rows and values (layer, row, col) of each block, in order."""
    node = node_of(x, "to_r")
    grid, nlyr = node.grid, len(node.layers)
    step = rows_per_block(grid.ncol, nlyr)
    strip = _strip(node, step)
    windows = [Window(row, 0, min(strip, grid.nrow - row), grid.ncol) for row in range(0, grid.nrow, strip)]
    for window, block in blocks_of(node, _doubles, label="to R", windows=windows):
        for row in range(0, window.nrow, step):
            part = block[:, row : row + step]
            yield window.row + row, part.shape[1], np.ascontiguousarray(part)


def _strip(node: Node, step: int) -> int:
    """Rows that are computed at once: a row of tiles, so that each is decoded once, while that is little memory."""
    tiling = node.tiling
    return step if tiling is None else max(step, min(tiling.nrow, STRIP_BLOCKS * step))


def _doubles(block: Array, window: Window) -> Array:
    return np.ascontiguousarray(block, dtype=np.float64)
