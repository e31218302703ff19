"""Parts of tiles put together before they are written, so that each tile of a file is compressed once, and whole.

GDAL would put them together in its cache of blocks. But whichever thread needs room there writes out blocks of any file,
and a part that comes at that moment is put to what the file held before: the parts between are lost, and nobody is told.
"""

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
    """What stands before a file whose tiles come in parts.

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
    memory : int
        Bytes: parts of tiles are kept on disk where two rows of tiles are more.
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
        memory: int = 0,
    ) -> None:
        self._put, self._count, self._dtype, self._tile, self._together = put, count, dtype, tile, together
        self._whole = Window(0, 0, *shape)
        row_of_tiles = min(tile[0], shape[0]) * shape[1] * count * dtype.itemsize
        self._box = _InMemory if 2 * row_of_tiles <= memory else Box
        self._tiles: dict[tuple[int, int], _Tile] = {}

    def put(self, window: Window, numbers: Array) -> None:
        """Take a block: whole tiles are written at once, others when the last part of them has come.

        Every cell comes once.
        """
        tiles = self._tiles_of(window)
        if all(window.contains(whole) for whole in tiles.values()):
            self._put(window, numbers, range(self._count))
            return
        for key, whole in tiles.items():
            part = window.common(whole)
            rows, cols = part.slices_in(window)
            tile = self._tiles.pop(key, None) or _Tile(self._box(whole, self._count, self._dtype))
            tile.put(part, numbers[:, rows, cols])
            if tile.is_whole:
                self._hand_on(tile, self._dtype.type(0))
            else:
                self._tiles[key] = tile

    def finish(self, fill: Any) -> None:
        """Write the tiles of which parts never came, with `fill` for those."""
        while self._tiles:
            self._hand_on(self._tiles.popitem()[1], fill)

    def _hand_on(self, tile: _Tile, fill: Any) -> None:
        window = tile.box.window
        some = max(1, fill_bytes() // (window.cells * self._dtype.itemsize))
        together = self._count if self._together else some
        for first in range(0, self._count, together):
            layers = slice(first, min(first + together, self._count))
            self._put(window, tile.get(layers, fill), range(layers.start, layers.stop))
        give_back()

    def _tiles_of(self, window: Window) -> dict[tuple[int, int], Window]:
        nrow, ncol = self._tile
        return {
            (row, col): Window(row * nrow, col * ncol, nrow, ncol).common(self._whole)
            for row in range(window.row // nrow, (window.row_stop - 1) // nrow + 1)
            for col in range(window.col // ncol, (window.col_stop - 1) // ncol + 1)
        }


class _InMemory:
    """What a `Box` is, in memory."""

    def __init__(self, window: Window, count: int, dtype: np.dtype[Any]) -> None:
        self.window = window
        self._numbers = np.zeros((count, window.nrow, window.ncol), dtype)

    def put(self, window: Window, numbers: Array) -> None:
        """Take numbers of a part of the window."""
        rows, cols = window.slices_in(self.window)
        self._numbers[:, rows, cols] = numbers

    def get(self, window: Window, layers: slice) -> Array:
        """Numbers of a part of the window."""
        rows, cols = window.slices_in(self.window)
        return self._numbers[layers, rows, cols]


class _Tile:
    """A tile and the parts of it that have come."""

    def __init__(self, box: Box | _InMemory) -> None:
        self.box = box
        self._parts: list[Window] = []
        self._cells = 0

    def put(self, window: Window, numbers: Array) -> None:
        """Take a part."""
        self.box.put(window, numbers)
        self._parts.append(window)
        self._cells += window.cells

    @property
    def is_whole(self) -> bool:
        """Whether all parts have come."""
        return self._cells == self.box.window.cells

    def get(self, layers: slice, fill: Any) -> Array:
        """Numbers of some layers, with `fill` where none came."""
        numbers = self.box.get(self.box.window, layers)
        if self.is_whole:
            return numbers
        out = np.full_like(numbers, fill)
        for part in self._parts:
            rows, cols = part.slices_in(self.box.window)
            out[:, rows, cols] = numbers[:, rows, cols]
        return out
