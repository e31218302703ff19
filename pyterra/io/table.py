"""Bytes as a source of values looked up in a table, so that no function is computed cell by cell."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

import numpy as np

from pyterra import kernels
from pyterra.expr import Array, Fetched, PlainSource
from pyterra.frozen import dataclass
from pyterra.grid import Window

CODES = np.arange(256, dtype=np.uint8)
"""Every byte."""


class Stored(Protocol):
    """A source that can give its stored numbers."""

    @property
    def tile(self) -> tuple[int, int] | None:
        """Rows and columns of a tile on disk."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value."""

    def is_unchanged(self) -> bool:
        """Whether it is known to give what it gave."""

    def stored_dtype(self, band: int) -> np.dtype[Any]:
        """dtype of the stored numbers of a band."""

    def decoded(self, stored: Array, bands: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Values of stored numbers, missing as NaN."""

    def read_stored(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None = None
    ) -> Array:
        """Stored numbers of a window, or nearest ones at a reduced resolution."""


@dataclass(frozen=True, eq=False)
class TableSource(PlainSource):
    """A function of the values of bands that are stored in bytes, told by its 256 results."""

    source: Stored
    """Where the bytes come from."""
    table: Array
    """Results of shape (band, 256), for the bytes taken as unsigned; NaN = missing."""

    @property
    def tile(self) -> tuple[int, int] | None:
        """Tiles of the bytes."""
        return self.source.tile

    @property
    def stored_bytes(self) -> int:
        """Room for the bytes beside the block."""
        return self.source.stored_bytes

    def is_bytes(self, bands: tuple[int, ...]) -> bool:
        """Always."""
        return True

    def by_byte(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[Any, Array]:
        """The bytes and the table."""
        return self.source, self.table

    def is_unchanged(self) -> bool:
        """Whether the bytes are."""
        return self.source.is_unchanged()

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """The bytes of a window."""
        return Fetched(window, (self.source.read_stored(bands, window),), partial(self._values, bands))

    def _values(
        self, bands: tuple[int, ...], arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]
    ) -> Array:
        return self._looked_up(arrays[0], bands, dtype)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Results for a window at reduced resolution."""
        return self._looked_up(self.source.read_stored(bands, window, shape), bands, dtype)

    def _looked_up(self, stored: Array, bands: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        out = kernels.destination.empty(stored.shape, dtype)
        for i, band in enumerate(bands):
            kernels.convert.look_up(stored[i].view(np.uint8), self.table[band].astype(dtype), out[i])
        return out


def table_of_values(source: Stored, bands: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    """The values that the 256 bytes stand for, of shape (band, 256); rows of other bands are NaN."""
    table = np.full((max(bands) + 1, CODES.size), np.nan, dtype)
    for band in set(bands):
        stored = CODES.view(source.stored_dtype(band))
        table[band] = source.decoded(stored.reshape(1, 1, -1), (band,), dtype)[0, 0]
    return table
