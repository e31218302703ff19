"""Where stored values come from, and what was read of it before it is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from pyterra.expr.node import Array
from pyterra.grid import Window


@dataclass(frozen=True, slots=True)
class Fetched:
    """Stored numbers of a window: read once, decoded part by part."""

    window: Window
    """Which cells."""
    arrays: tuple[Array, ...]
    """Stored numbers, each of shape (band, row, col)."""
    decode: Callable[[tuple[Array, ...], Window, np.dtype[Any]], Array]
    """(stored numbers of a part, the part, dtype) -> values, missing as NaN."""

    def values(self, window: Window, dtype: np.dtype[Any]) -> Array:
        """Values of a part of the window, or of all of it; shape (layer, row, col), contiguous."""
        if window == self.window:
            return self.decode(self.arrays, window, dtype)
        rows, cols = window.slices_in(self.window)
        parts = tuple(np.ascontiguousarray(array[:, rows, cols]) for array in self.arrays)
        return self.decode(parts, window, dtype)


class Source(Protocol):
    """Where stored values come from."""

    @property
    def tile(self) -> tuple[int, int] | None:
        """Rows and columns of a tile on disk, or None when any window is as good."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of one value as it is fetched."""

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """What is stored of a window; one layer per band."""

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window at reduced resolution: `shape` rows and columns, from overviews where there are any."""

    def is_unchanged(self) -> bool:
        """Whether it is known to give what it gave when the raster was defined."""
