"""Where stored values come from, and what was read of it before it is decoded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np

from pyterra.expr.node import Array
from pyterra.frozen import dataclass
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
    takes_apart: bool = False
    """Whether `decode` takes parts of larger arrays as they lie."""

    def values(self, window: Window, dtype: np.dtype[Any]) -> Array:
        """Values of a part of the window, or of all of it; shape (layer, row, col).

        They lie together in memory unless they are a part of values in memory.
        """
        if window == self.window:
            return self.decode(self.arrays, window, dtype)
        rows, cols = window.slices_in(self.window)
        parts = tuple(array[:, rows, cols] for array in self.arrays)
        if not self.takes_apart:
            parts = tuple(np.ascontiguousarray(part) for part in parts)
        return self.decode(parts, window, dtype)


@dataclass(frozen=True, slots=True)
class FileBand:
    """A band of a file, as GDAL reads it."""

    path: str
    """Path, URL or /vsi path."""
    band: int
    """Which band, from 0."""
    dtype: str
    """numpy dtype name of the stored numbers."""
    nodata: float | int | None
    """Code for missing."""
    scale: float
    """value = stored * scale + offset."""
    offset: float
    """value = stored * scale + offset."""
    shape: tuple[int, int]
    """Rows and columns of the file."""
    tile: tuple[int, int] | None
    """Rows and columns of a tile."""
    masked: bool = False
    """Whether a mask or an alpha band hides cells."""
    flipped: bool = False
    """Whether the first row of the file is the southernmost."""

    @property
    def as_stored(self) -> bool:
        """Whether rows are in the order of the file, and nothing but the code hides cells."""
        return not (self.masked or self.flipped)


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

    @property
    def name(self) -> str:
        """What it is, for people."""

    @property
    def where(self) -> str:
        """The file or the address in which the values lie; ``""`` for memory."""

    @property
    def held(self) -> Array | None:
        """What is stored, of shape (layer, row, col), where it is in memory."""

    def lends(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> bool:
        """Whether values of some bands in a dtype are parts of an array in memory, so that none are made."""

    def limits(self, band: int) -> tuple[float, float] | None:
        """Lowest and highest value of a band, where they are in memory."""

    def file_band(self, band: int) -> FileBand | None:
        """The band of a file that a band is, where GDAL reads it."""

    def rescaled(self, band: int, scale: float, offset: float) -> Source | None:
        """The same with another scale and offset of a band of a file."""

    def bits(self, bands: tuple[int, ...], dtype: np.dtype[Any], code: float | int | None) -> Source | None:
        """A source of the bits of 64-bit integers, where the stored numbers of some bands are such."""

    def is_bytes(self, bands: tuple[int, ...]) -> bool:
        """Whether all values of some bands follow from one stored byte each."""

    def by_byte(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[Any, Array]:
        """Where those bytes come from, and the values of all 256, of shape (band, 256)."""


class PlainSource:
    """What a source answers that knows no better."""

    @property
    def name(self) -> str:
        """Nothing."""
        return ""

    @property
    def where(self) -> str:
        """In memory."""
        return ""

    @property
    def held(self) -> Array | None:
        """None."""
        return None

    def lends(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> bool:
        """No."""
        return False

    def limits(self, band: int) -> tuple[float, float] | None:
        """None."""
        return None

    def file_band(self, band: int) -> FileBand | None:
        """None."""
        return None

    def rescaled(self, band: int, scale: float, offset: float) -> Source | None:
        """None."""
        return None

    def bits(self, bands: tuple[int, ...], dtype: np.dtype[Any], code: float | int | None) -> Source | None:
        """None."""
        return None

    def is_bytes(self, bands: tuple[int, ...]) -> bool:
        """Not that it knows."""
        return False

    def by_byte(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[Any, Array]:
        """Not asked for where `is_bytes` says no."""
        raise TypeError(f"{type(self).__name__} holds no bytes")
