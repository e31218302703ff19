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
        """A copy of a window."""
        rows = slice(window.row, window.row_stop)
        cols = slice(window.col, window.col_stop)
        if bands == tuple(range(bands[0], bands[0] + len(bands))):
            return self.array[bands[0] : bands[0] + len(bands), rows, cols].astype(dtype, order="C")
        return self.array[np.asarray(bands), rows, cols].astype(dtype, order="C", copy=False)
