"""Tiles of bytes that are compressed here rather than by GDAL, in a file of their own until a COG is laid out of them."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.tiff import Directory

Bytes = NDArray[np.uint8]

CAN = sys.byteorder == "little"
"""Whether it is possible here: bytes are compared eight at a time, the first of them lowest."""


class DeflatedTiles:
    """A file of compressed tiles, in the order in which they came.

    Parameters
    ----------
    path : Path
        The file to create.
    shape : (int, int, int)
        Bands, rows and columns of the raster.
    tile : (int, int)
        Rows and columns of a tile.
    nothing : int
        What a tile holds throughout that is not stored.
    threads : int
        In which tiles are compressed that come together.
    """

    def __init__(
        self,
        path: Path,
        shape: tuple[int, int, int],
        tile: tuple[int, int],
        nothing: int,
        threads: int = 1,
    ) -> None:
        self._path, self._tile, self._nothing = path, tile, nothing
        self._grid = shape[0], -(-shape[1] // tile[0]), -(-shape[2] // tile[1])
        self._offsets, self._counts = np.zeros(self._grid, np.int64), np.zeros(self._grid, np.int64)
        self._size = 0
        self._file: BinaryIO = open(path, "wb")  # noqa: SIM115
        self._threads = ThreadPoolExecutor(threads) if threads > 1 else None

    def put(self, row: int, col: int, values: Bytes, bands: Sequence[int]) -> None:
        """Take whole tiles, those at the edges as far as the raster goes.

        Parameters
        ----------
        row, col : int
            First row and column.
        values : ndarray of shape (band, row, col)
        bands : sequence of int
            Which these are, from 0.
        """
        tiles = list(self._cut(row, col, values, bands))
        parts = [tile for _, tile in tiles]
        compressed = (
            map(self._compress, parts) if self._threads is None else self._threads.map(self._compress, parts)
        )
        for (place, _), data in zip(tiles, compressed, strict=True):
            if data:
                self._offsets[place], self._counts[place] = self._size, len(data)
                self._file.write(data)
                self._size += len(data)

    def _cut(
        self, row: int, col: int, values: Bytes, bands: Sequence[int]
    ) -> Iterator[tuple[tuple[int, int, int], Bytes]]:
        tall, wide = self._tile
        for k, band in enumerate(bands):
            for top in range(0, values.shape[1], tall):
                for left in range(0, values.shape[2], wide):
                    place = band, (row + top) // tall, (col + left) // wide
                    yield place, values[k, top : top + tall, left : left + wide]

    def _compress(self, values: Bytes) -> bytes:
        if values[0, 0] == self._nothing and kernels.deflate.is_one_number(values):
            return b""
        missing = [(0, whole - here) for whole, here in zip(self._tile, values.shape, strict=True)]
        return kernels.deflate.compress(np.pad(values, missing, "edge") if np.any(missing) else values)

    def level(self, directory: Directory) -> Level:
        """All tiles, once the last has come; what is said of them stands elsewhere."""
        self.close()
        return Level(directory, (self._path,), self._offsets.ravel(), self._counts.ravel())

    def close(self) -> None:
        """Write what waits, and let the file go."""
        self._file.close()
        if self._threads is not None:
            self._threads.shutdown()


class Inflated:
    """Tiles of bytes of a level, read without GDAL.

    Parameters
    ----------
    level : Level
        All in one file, compressed by DEFLATE without a predictor.
    nothing : int
        What a tile holds throughout that is not stored.
    """

    def __init__(self, level: Level, nothing: int) -> None:
        self._nothing, self._tile = nothing, level.directory.tile
        tiles = level.directory.tiles
        self._offsets, self._counts = level.offsets.reshape(tiles), level.counts.reshape(tiles)
        self._file: BinaryIO = open(level.files[0], "rb", buffering=0)  # noqa: SIM115

    def read(self, row: int, col: int, bands: Sequence[int], size: tuple[int, int]) -> Bytes:
        """A tile of some bands, as far as the raster goes."""
        found = np.full((len(bands), *size), self._nothing, np.uint8)
        for k, band in enumerate(bands):
            if count := int(self._counts[band, row, col]):
                self._file.seek(int(self._offsets[band, row, col]))
                try:
                    found[k] = kernels.deflate.decompress(self._file.read(count), self._tile)[
                        : size[0], : size[1]
                    ]
                except (zlib.error, ValueError) as error:
                    raise OSError(
                        f"tile {row, col} of band {band + 1} does not come back: {error}"
                    ) from error
        return found

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
