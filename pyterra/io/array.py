"""Values in memory as a source."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.expr import Array, Fetched, PlainSource, Source
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.wide_integers import Bits, check_exact
from pyterra.io.table import table_of_values


@dataclass(frozen=True, eq=False)
class ArraySource(PlainSource):
    """An array of shape (layer, row, col) of any real dtype; NaN is missing in floats, and in bytes a code, if any."""

    array: Array
    """The values. They belong to the source: nobody writes into them."""
    code: int | None = None
    """What stands for missing in an array of bytes."""

    tile: None = None
    """Any window is as good as another."""
    stored_bytes: int = 0
    """Reading needs no room beside the block."""

    def is_unchanged(self) -> bool:
        """Always: the values belong to the source."""
        return True

    @property
    def held(self) -> Array:
        """The array, with the code for missing where it has one."""
        return self.array

    def lends(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> bool:
        """Whether the array is of that type, holds no code, and has the bands one after the other."""
        return self.code is None and self.array.dtype == dtype and _in_a_row(bands)

    def bits(self, bands: tuple[int, ...], dtype: np.dtype[Any], code: float | int | None) -> Source | None:
        """The bits, where the array is of that type."""
        return Bits(self, None if code is None else int(code)) if self.array.dtype == dtype else None

    def by_byte(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[Any, Array]:
        """The array, and what its bytes stand for."""
        return self, table_of_values(self, bands, dtype)

    def is_bytes(self, bands: tuple[int, ...]) -> bool:
        """Whether the values are bytes."""
        return self.array.dtype.itemsize == 1

    def stored_dtype(self, band: int) -> np.dtype[Any]:
        """dtype of the array."""
        return self.array.dtype

    def decoded(self, stored: Array, bands: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """The same numbers in another dtype, missing as NaN."""
        if self.code is None:
            return stored.astype(dtype, copy=False)
        found: Array = kernels.convert.decode(np.ascontiguousarray(stored), self.code, out_dtype=dtype)
        return found

    def limits(self, band: int) -> tuple[float, float]:
        """Lowest and highest value of a layer."""
        layer = self.array[band]
        if self.code is not None:
            layer = layer[layer != self.code] if (layer != self.code).any() else np.full(1, np.nan)
        return float(np.fmin.reduce(layer, axis=None)), float(np.fmax.reduce(layer, axis=None))

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """A window; not copied where it is stored like that, so nobody may write into it."""
        stored = self.read_stored(bands, window)
        return Fetched(window, (stored,), partial(self._values, bands), takes_apart=True)

    def _values(
        self, bands: tuple[int, ...], arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]
    ) -> Array:
        check_exact(arrays[0], None, f"an array, layers {', '.join(map(str, bands[:8]))}, {window}")
        return self.decoded(arrays[0], bands, dtype)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Cells in the middle of equal parts of a window."""
        return self._values(bands, (self.read_stored(bands, window, shape),), window, dtype)

    def read_stored(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None = None
    ) -> Array:
        """A part of the array as it is, or cells in the middle of equal parts of a window."""
        if shape is not None:
            rows = window.row + (np.arange(shape[0]) * 2 + 1) * window.nrow // (2 * shape[0])
            cols = window.col + (np.arange(shape[1]) * 2 + 1) * window.ncol // (2 * shape[1])
            reduced: Array = self.array[
                np.asarray(bands)[:, None, None], rows[None, :, None], cols[None, None, :]
            ]
            return reduced
        inside = slice(window.row, window.row_stop), slice(window.col, window.col_stop)
        if _in_a_row(bands):
            return self.array[bands[0] : bands[0] + len(bands), *inside]
        chosen: Array = self.array[np.asarray(bands), *inside]
        return chosen


def _in_a_row(bands: tuple[int, ...]) -> bool:
    return bands == tuple(range(bands[0], bands[0] + len(bands)))
