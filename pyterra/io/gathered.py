"""Parts of tiles put together on disk, so that each tile of a file is compressed once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from pyterra.expr import Array
from pyterra.grid import Window
from pyterra.io.heap import give_back
from pyterra.io.shelf import Box, fill_bytes

Put = Callable[[Window, Array, range], None]
"""Writes the numbers of some layers of a window."""


class Gathered:
    """What stands before a file of many layers whose tiles come in parts.

    Parameters
    ----------
    put : callable
        Writes a window of the file.
    count : int
        Layers.
    dtype : dtype
    shape, tile : (int, int)
        Rows and columns of the file, and of its tiles.
    together : bool
        Whether a tile of the file holds all layers.
    cache : int
        Bytes of the tiles that whoever writes keeps to put parts together himself.
    """

    def __init__(
        self,
        put: Put,
        count: int,
        dtype: np.dtype[Any],
        shape: tuple[int, int],
        tile: tuple[int, int],
        *,
        together: bool = False,
        cache: int = 0,
    ) -> None:
        self._put, self._count, self._dtype, self._tile, self._together = put, count, dtype, tile, together
        self._whole = Window(0, 0, *shape)
        row_of_tiles = min(tile[0], shape[0]) * shape[1] * count * dtype.itemsize
        self._in_cache = 2 * row_of_tiles <= cache
        self._boxes: dict[tuple[int, int], tuple[Box, int]] = {}

    def put(self, window: Window, numbers: Array) -> None:
        """Take a block: whole tiles are written at once, others when the last part of them has come."""
        tiles = self._tiles(window)
        if self._in_cache or all(window.contains(tile) for tile in tiles.values()):
            self._put(window, numbers, range(self._count))
            return
        for key, tile in tiles.items():
            part = window.common(tile)
            rows, cols = part.slices_in(window)
            if key not in self._boxes:
                self._boxes[key] = Box(tile, self._count, self._dtype), tile.cells
            box, missing = self._boxes.pop(key)
            box.put(part, numbers[:, rows, cols])
            if missing == part.cells:
                self._hand_on(box)
            else:
                self._boxes[key] = box, missing - part.cells

    def _hand_on(self, box: Box) -> None:
        some = max(1, fill_bytes() // (box.window.cells * self._dtype.itemsize))
        together = self._count if self._together else some
        for first in range(0, self._count, together):
            layers = range(first, min(first + together, self._count))
            self._put(box.window, box.get(box.window, slice(layers.start, layers.stop)), layers)
        give_back()

    def _tiles(self, window: Window) -> dict[tuple[int, int], Window]:
        nrow, ncol = self._tile
        return {
            (row, col): Window(row * nrow, col * ncol, nrow, ncol).common(self._whole)
            for row in range(window.row // nrow, (window.row_stop - 1) // nrow + 1)
            for col in range(window.col // ncol, (window.col_stop - 1) // ncol + 1)
        }
