"""A variable as a source of values: windows of rows and columns out of an array of any order of dimensions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from pyterra.errors import PyterraError, ReadError
from pyterra.expr import Array, Fetched, PlainSource
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.wide_integers import check_exact, is_wide
from pyterra.io.store.cf import Packing
from pyterra.io.store.cf_grid import Placed

Key = tuple[Any, ...]

CHUNKS_PER_CELL = 2000
"""Chunks that are looked through for a cell of a preview: HDF5 does 2 * 10**7 in a second, empty ones too."""
FEW_CHUNKS = 10**7
"""Chunks that are looked through whatever it is for."""


@dataclass(frozen=True)
class Arrangement:
    """How layers, rows and columns lie in an array."""

    shape: tuple[int, int]
    """Rows and columns."""
    others: tuple[int, ...]
    """Lengths of the other dimensions, in the order of the array; their positions are the layers."""
    axes: tuple[int, int]
    """Which dimensions are rows and columns."""
    upside_down: bool
    """Whether the first row is the southernmost."""
    mirrored: bool
    """Whether the first column is the easternmost."""

    def read(self, take: Callable[[Key], Array], bands: tuple[int, ...], window: Window, out: Array) -> None:
        """Fill `out` of shape (layer, row, col), north up, with every so many rows and columns of a window."""
        step = [
            (size - 1) // (count - 1) if count > 1 else 1
            for size, count in zip((window.nrow, window.ncol), out.shape[1:], strict=True)
        ]
        rows = _slice(window.row, window.nrow, step[0], self.shape[0], self.upside_down)
        cols = _slice(window.col, window.ncol, step[1], self.shape[1], self.mirrored)
        turn = -1 if self.upside_down else 1, -1 if self.mirrored else 1
        for first, count in _runs(bands, self.others):
            key, deep = self._key(bands[first], count, rows, cols)
            part = self._upright(take(key), deep)
            out[first : first + count] = part[..., :: turn[0], :: turn[1]]

    def _key(self, band: int, count: int, rows: slice, cols: slice) -> tuple[Key, bool]:
        """The part of the array that holds some layers, and whether it has a dimension for them."""
        key: list[Any] = [int(p) for p in np.unravel_index(band, self.others)] if self.others else []
        deep = bool(key)
        if deep:
            key[-1] = slice(key[-1], key[-1] + count)
        for axis, part in sorted(zip(self.axes, (rows, cols), strict=True)):
            key.insert(axis, part)
        return tuple(key), deep

    def _upright(self, part: Array, deep: bool) -> Array:
        """A part of the array as (layer, row, col)."""
        if not deep:
            return part if self.axes[0] < self.axes[1] else part.T
        last = max(axis for axis in range(len(self.others) + 2) if axis not in self.axes)
        kept = [axis for axis in range(len(self.others) + 2) if axis in self.axes or axis == last]
        return part.transpose([kept.index(a) for a in (last, *self.axes)])


def arrangement(place: Placed) -> Arrangement:
    """How a variable on a grid lies in its array."""
    return Arrangement(
        (place.axes[place.y].size, place.axes[place.x].size),
        tuple(axis.size for axis in place.others),
        (place.y, place.x),
        place.upside_down,
        place.mirrored,
    )


@dataclass(frozen=True, kw_only=True)
class CfSource(PlainSource, ABC):
    """One variable, wherever it lies; `taking` is what the kinds of it differ in."""

    arrangement: Arrangement
    packing: Packing
    tile: tuple[int, int] | None
    """Rows and columns that are read best at once."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is, for people."""

    @abstractmethod
    def taking(self) -> AbstractContextManager[Callable[[Key], Array]]:
        """What gives stored numbers of a part of the array, usable inside the block."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value, and of a copy in the order of a block."""
        return 2 * np.dtype(self.packing.stored).itemsize

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """What is stored of a window.

        Raises
        ------
        SourceChangedError
            Where the source is not the one that was described.
        ReadError
            Where the window cannot be read; says source, layers and window.
        """
        return Fetched(window, (self._stored(bands, window, (window.nrow, window.ncol)),), self._decoded)

    def _decoded(self, arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]) -> Array:
        return self._values(arrays[0], window, dtype)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window at reduced resolution: cells in the middle of equal parts.

        Raises
        ------
        ReadError
            Where there are too many chunks to look through.
        """
        high, wide = self.tile or (window.nrow, window.ncol)
        chunks = len(bands) * -(-window.nrow // high) * -(-window.ncol // wide)
        if chunks > max(FEW_CHUNKS, CHUNKS_PER_CELL * len(bands) * shape[0] * shape[1]):
            raise ReadError(
                f"read: {self.name}: {chunks} chunks of {high} x {wide} cells lie under {window}, too many to look "
                "through for a preview; crop it first, or write it again with larger chunks"
            )
        rows = (np.arange(shape[0]) * 2 + 1) * window.nrow // (2 * shape[0])
        cols = (np.arange(shape[1]) * 2 + 1) * window.ncol // (2 * shape[1])
        if window.nrow % shape[0] or window.ncol % shape[1]:
            whole = self._stored(bands, window, (window.nrow, window.ncol))
            return self._values(whole[:, rows[:, None], cols], window, dtype)
        step = window.nrow // shape[0], window.ncol // shape[1]
        start = Window(
            window.row + int(rows[0]),
            window.col + int(cols[0]),
            (shape[0] - 1) * step[0] + 1,
            (shape[1] - 1) * step[1] + 1,
        )
        return self._values(self._stored(bands, start, shape), window, dtype)

    def _values(self, stored: Array, window: Window, dtype: np.dtype[Any]) -> Array:
        """Numbers behind stored ones; whole numbers that float64 would round are refused."""
        out = self.packing.values(stored, dtype)
        if is_wide(stored.dtype) and self.packing.scale == 1 and self.packing.offset == 0:
            check_exact(stored[~np.isnan(out)], None, f"{self.name}, layers of {window}")
        return out

    def _stored(self, bands: tuple[int, ...], window: Window, shape: tuple[int, int]) -> Array:
        try:
            with self.taking() as take:
                out = np.empty((len(bands), *shape), np.dtype(self.packing.stored))
                self.arrangement.read(take, bands, window, out)
        except PyterraError:
            raise
        except (RuntimeError, ValueError, KeyError, IndexError, MemoryError, OSError) as error:
            raise ReadError(
                f"read: {self.name}, layers {bands[:8]}, {window} cannot be read: {error}"
            ) from error
        return out


def _slice(start: int, count: int, step: int, size: int, backward: bool) -> slice:
    """Cells of an axis as they lie in the array, in its order."""
    if not backward:
        return slice(start, start + count, step)
    last = start + (count - 1) // step * step
    return slice(size - 1 - last, size - start, step)


def _runs(bands: tuple[int, ...], others: tuple[int, ...]) -> list[tuple[int, int]]:
    """Start and length of runs of layers that follow each other along the last of the other dimensions."""
    runs: list[tuple[int, int]] = []
    for i, band in enumerate(bands):
        follows = runs and others and band == bands[i - 1] + 1 and band % others[-1] != 0
        if follows:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((i, 1))
    return runs
