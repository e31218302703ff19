"""Values in memory as a source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra.expr import Array
from pyterra.grid import Window


@dataclass(frozen=True, eq=False)
class ArraySource:
    """An array of shape (layer, row, col) of any real dtype; NaN is missing in floats, nothing is in integers."""

    array: Array
    """The values. They belong to the source: nobody writes into them."""

    tile: None = None
    """Any window is as good as another."""
    stored_bytes: int = 0
    """Reading needs no room beside the block."""

    def read(self, bands: tuple[int, ...], window: Window, dtype: np.dtype[Any]) -> Array:
        """A window, contiguous; not copied where it is stored like that, so nobody may write into it."""
        rows = slice(window.row, window.row_stop)
        cols = slice(window.col, window.col_stop)
        if bands == tuple(range(bands[0], bands[0] + len(bands))):
            return np.ascontiguousarray(self.array[bands[0] : bands[0] + len(bands), rows, cols], dtype)
        return self.array[np.asarray(bands), rows, cols].astype(dtype, order="C", copy=False)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Cells in the middle of equal parts of a window."""
        rows = window.row + (np.arange(shape[0]) * 2 + 1) * window.nrow // (2 * shape[0])
        cols = window.col + (np.arange(shape[1]) * 2 + 1) * window.ncol // (2 * shape[1])
        part = self.array[np.asarray(bands)[:, None, None], rows[None, :, None], cols[None, None, :]]
        return part.astype(dtype, order="C", copy=False)
