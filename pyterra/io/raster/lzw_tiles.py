"""Tiles and strips of GeoTIFFs under LZW, decoded without GDAL, which takes up to three times as long for it.

Whatever is not as expected, in the file or in a tile, is left to GDAL: it reads that, or says what is wrong.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ReadError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster import tiff
from pyterra.io.raster.gdal import is_plain_file
from pyterra.io.safe.fingerprint import Fingerprint

_LZW, _DIFFERENCES = 5, 2
"""TIFF's numbers of the codec, and of the predictor by which whole numbers are stored as differences along a row."""
_MOST_TILES, _MOST_BYTES = 2**20, 2**24
"""Of a file, and of a tile: of more GDAL reads what is wanted alone."""
_SLACK = 1024
"""Bytes that a stream may have beside one and a half times those that it stands for: codes have up to 12 bits."""


@dataclass(frozen=True)
class LzwTiles:
    """Where the tiles of a file lie."""

    path: str
    """The file."""
    state: Fingerprint
    """Its state in which they lie there."""
    shape: tuple[int, int]
    """Rows and columns of the file."""
    tile: tuple[int, int]
    """Rows and columns of a tile; a strip is as wide as the file."""
    strips: bool
    """Whether there are strips: the last one has the rows that are left."""
    dtype: np.dtype[np.generic]
    """Of the stored numbers."""
    samples: int
    """Bands in a tile."""
    differences: bool
    """Whether differences are stored."""
    offsets: NDArray[np.int64]
    """First byte of each tile, of shape (plane, row, col)."""
    counts: NDArray[np.int64]
    """Bytes of each tile; 0 for one that is not stored."""

    def read(self, bands: Sequence[int], window: Window, out: Array | None = None) -> Array | None:
        """Stored numbers of a window.

        Parameters
        ----------
        bands : sequence of int
            From 0.
        window : Window
        out : ndarray of shape (band, row, col), optional
            Of the dtype of what is stored; it may be filled in part where the answer is None.

        Returns
        -------
        ndarray of shape (band, row, col), or None where GDAL has to look at it

        Raises
        ------
        OSError
            Where the disk fails.
        """
        if out is None:
            out = np.empty((len(bands), window.nrow, window.ncol), self.dtype)
        try:
            file = open(self.path, "rb", buffering=0)  # noqa: SIM115
        except FileNotFoundError:
            return None
        with file:
            same = self.state.same_file(Fingerprint.of(os.fstat(file.fileno())))
            return out if same and self._fill(file.fileno(), bands, window, out) else None

    def _fill(self, file: int, bands: Sequence[int], window: Window, out: Array) -> bool:
        planes = bands if self.samples == 1 else [0]
        whole, (tall, wide) = Window(0, 0, *self.shape), self.tile
        for row in range(window.row // tall, -(-window.row_stop // tall)):
            for col in range(window.col // wide, -(-window.col_stop // wide)):
                place = Window(row * tall, col * wide, tall, wide).common(whole)
                common = place.common(window)
                rows, cols = common.slices_in(window)
                from_rows, from_cols = common.slices_in(place)
                for k, plane in enumerate(planes):
                    found = self._tile(file, (plane, row, col), place.nrow)
                    if found is None:
                        return False
                    part = found[from_rows, from_cols]
                    if self.samples == 1:
                        out[k, rows, cols] = part[:, :, 0]
                    else:
                        out[:, rows, cols] = np.moveaxis(part[:, :, list(bands)], 2, 0)
        return True

    def _tile(self, file: int, which: tuple[int, int, int], rows: int) -> Array | None:
        """The numbers of a tile, of shape (row, col, sample), in memory that the next one uses; None where they fail."""
        tall = rows if self.strips else self.tile[0]
        count, room = int(self.counts[which]), tall * self.tile[1] * self.samples * self.dtype.itemsize
        if not 0 < count <= room + room // 2 + _SLACK:
            return None
        data = os.pread(file, count + kernels.lzw.AHEAD, int(self.offsets[which]))
        decoded = None if len(data) < count else kernels.lzw.decode(data, count, room)
        if decoded is None:
            return None
        numbers: Array = decoded.view(self.dtype).reshape(tall, self.tile[1], self.samples)
        if self.differences:
            whole = numbers.view(f"u{self.dtype.itemsize}")
            numbers = np.cumsum(whole, axis=1, dtype=whole.dtype).view(self.dtype)
        return numbers


@lru_cache(maxsize=64)
def tiles_of(
    path: str,
    state: Fingerprint | None,
    shape: tuple[int, int],
    tile: tuple[int, int] | None,
    bands: int,
    dtype: str,
) -> LzwTiles | None:
    """The tiles of a file that is as it was described; None where GDAL reads it.

    Parameters
    ----------
    path : str
    state : Fingerprint or None
        The state of the file in which it was described.
    shape, tile : (int, int)
        Rows and columns of the file and of its tiles, as GDAL tells them.
    bands : int
        How many there are.
    dtype : str
        Of the first one.

    Raises
    ------
    OSError
        Where the disk fails.
    """
    if state is None:
        return None
    directory = directory_of(path, state)
    found = None if directory is None else tiles_in(directory, path, state)
    if found is None:
        return None
    told = found.shape, found.tile, found.samples * found.offsets.shape[0], str(found.dtype)
    return found if told == (shape, tile, bands, dtype) else None


def directory_of(path: str, state: Fingerprint) -> tiff.Directory | None:
    """The first directory of a file of this machine; None where it is no TIFF, damaged, or in another state.

    Raises
    ------
    OSError
        Where the disk fails.
    """
    if state.members or not is_plain_file(path):
        return None
    try:
        with open(path, "rb") as file:
            start, now = file.read(4), Fingerprint.of(os.fstat(file.fileno()))
        if start not in (b"II*\0", b"II+\0") or sys.byteorder != "little" or not state.same_file(now):
            return None
        return tiff.first_directory(path, 8 * _MOST_TILES)
    except FileNotFoundError:
        return None
    except ReadError as error:
        if isinstance(error.__cause__, OSError):
            raise error.__cause__ from None
        return None


def tiles_in(directory: tiff.Directory, path: str, state: Fingerprint) -> LzwTiles | None:
    """Where the tiles of a file lie by its first directory; None where it is not as expected."""
    try:
        return _tiles_in(directory, path, state)
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _tiles_in(directory: tiff.Directory, path: str, state: Fingerprint) -> LzwTiles | None:
    bits, kinds = directory.numbers(tiff.BITS), directory.numbers(tiff.SAMPLE_FORMAT)
    plain = (
        directory.number(tiff.COMPRESSION) == _LZW
        and directory.number(tiff.FILL_ORDER, 1) == 1
        and directory.number(tiff.PHOTOMETRIC) in (1, 2, 3)
        and directory.number(tiff.PREDICTOR, 1) in (1, _DIFFERENCES)
        and np.unique(bits).tolist() in ([8], [16], [32], [64])
        and len(np.unique(kinds)) <= 1
    )
    if not plain:
        return None
    tile, dtype = directory.tile, directory.dtype
    together = directory.number(tiff.SAMPLES, 1) if directory.planes == 1 else 1
    if min(*tile, together) < 1 or tile[0] * tile[1] * together * dtype.itemsize > _MOST_BYTES:
        return None
    if math.prod(directory.tiles) > _MOST_TILES:
        return None
    differences = directory.number(tiff.PREDICTOR, 1) == _DIFFERENCES
    told = directory.shape, tile, directory.strips, dtype, together, differences
    return LzwTiles(path, state, *told, *(part.reshape(directory.tiles) for part in directory.places()))
