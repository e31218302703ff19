"""A source at reduced resolution: what previews read, from overviews where there are any."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from pyterra.expr.node import Array
from pyterra.expr.source import Fetched, PlainSource, Source
from pyterra.frozen import dataclass
from pyterra.grid import Window


@dataclass(frozen=True, eq=False)
class Reduced(PlainSource):
    """A source at reduced resolution."""

    source: Source
    factor: int
    size: tuple[int, int]
    """Rows and columns at full resolution."""

    tile: None = None

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value."""
        return self.source.stored_bytes

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """Values of a window of the coarse grid.

        The last row and column may stand for fewer cells: they are read by themselves, so that what is picked
        elsewhere does not depend on the window.
        """
        return Fetched(window, (), partial(self._values, bands))

    def _values(
        self, bands: tuple[int, ...], arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]
    ) -> Array:
        out = np.empty((len(bands), window.nrow, window.ncol), dtype)
        for part in self._parts(window):
            rows, cols = part.slices_in(window)
            out[:, rows, cols] = self.read_reduced(bands, part, (part.nrow, part.ncol), dtype)
        return out

    def _parts(self, window: Window) -> list[Window]:
        full = Window(0, 0, self.size[0] // self.factor, self.size[1] // self.factor)
        rows = _cut(window.row, window.row_stop, full.nrow)
        cols = _cut(window.col, window.col_stop, full.ncol)
        return [Window(row, col, nrow, ncol) for row, nrow in rows for col, ncol in cols]

    def is_unchanged(self) -> bool:
        """Whether the fine one is."""
        return self.source.is_unchanged()

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window of the coarse grid at a further reduced resolution."""
        f = self.factor
        fine = Window(window.row * f, window.col * f, window.nrow * f, window.ncol * f)
        return self.source.read_reduced(bands, fine.common(Window(0, 0, *self.size)), shape, dtype)


def _cut(start: int, stop: int, at: int) -> list[tuple[int, int]]:
    """Start and length of what lies before and after a cut."""
    parts = [(start, min(stop, at) - start), (max(start, at), stop - max(start, at))]
    return [(first, length) for first, length in parts if length > 0]
