"""64-bit integers beyond 2^53: copied bit by bit where an expression only moves cells, refused where one computes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ValueRangeError
from pyterra.expr import Array, Fetched, PlainSource
from pyterra.frozen import dataclass
from pyterra.grid import Window

EXACT = 2**53
"""Whole numbers up to here are exact in float64."""

_MISSING = np.array(np.nan).view(np.uint64)[()]
"""Bits that stand for missing among bits of integers; the number that has them, 9221120237041090560, is refused."""


def is_wide(dtype: np.dtype[Any]) -> bool:
    """Whether a dtype holds whole numbers that float64 does not."""
    return dtype.kind in "iu" and dtype.itemsize == 8


def check_exact(stored: NDArray[Any], nodata: float | int | None, where: str) -> None:
    """See to it that stored numbers are exact in float64.

    Raises
    ------
    ValueRangeError
        Otherwise.
    """
    if not is_wide(stored.dtype) or stored.size == 0:
        return
    if stored.max() <= EXACT and (stored.dtype.kind == "u" or stored.min() >= -EXACT):
        return
    beyond = stored > EXACT
    if stored.dtype.kind == "i":
        beyond |= stored < -EXACT
    if nodata is not None and np.isfinite(nodata):
        beyond &= stored != int(nodata)
    if beyond.any():
        raise ValueRangeError(
            f"read: whole numbers beyond 2^53 cannot be computed with exactly, got {stored[beyond][0]} "
            f"({int(beyond.sum())} cells) in {where}; write_raster() copies them, also of chosen layers and parts"
        )


@dataclass(frozen=True, eq=False)
class Bits(PlainSource):
    """A source of 64-bit integers whose values are handed on as the bits of float64, for cells that are only moved."""

    source: Any
    """A source with stored numbers of one 64-bit type."""
    nodata: int | None
    """The number that means missing."""

    @property
    def tile(self) -> tuple[int, int] | None:
        """Tiles on disk."""
        tile: tuple[int, int] | None = self.source.tile
        return tile

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value."""
        return 8

    def is_unchanged(self) -> bool:
        """Whether the source is the one that was described."""
        return bool(self.source.is_unchanged())

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """The integers of a window."""
        return Fetched(window, (self.source.read_stored(bands, window),), self._bits)

    def _bits(self, arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]) -> Array:
        """Bits of a window; those of NaN are missing."""
        stored = np.array(arrays[0], order="C")
        bits = stored.view(np.uint64)
        clash = bits == _MISSING
        missing = np.zeros(stored.shape, bool) if self.nodata is None else stored == self.nodata
        if (clash & ~missing).any():
            raise ValueRangeError(f"read: {window} holds {int(_MISSING)}, which cannot be copied")
        bits[missing] = _MISSING
        return bits.view(np.float64)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Bits of a window at reduced resolution, nearest cells."""
        return self._bits((self.source.read_stored(bands, window, shape),), window, dtype)


def are_missing(block: Array) -> NDArray[np.bool_]:
    """Which cells are missing, where a block holds the bits of integers."""
    found: NDArray[np.bool_] = np.ascontiguousarray(block).view(np.uint64) == _MISSING
    return found


def integers(
    block: Array, dtype: np.dtype[Any], nodata: int | None
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The integers whose bits a block holds, missing as `nodata`; and which cells are missing."""
    missing = are_missing(block)
    numbers = np.ascontiguousarray(block).view(dtype).copy()
    if nodata is not None:
        numbers[missing] = nodata
    return numbers, missing
