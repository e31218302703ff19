"""Overviews of a finished GeoTIFF, tile by tile, each level a file of its own with tiles of the same make.

A tile needs four tiles of the level above it and no others, so that memory does not grow with the raster; where those
four are not stored, neither is it, and nothing is read. The bytes do not depend on the blocks in which the raster came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import WriteError
from pyterra.io.raster import tiff
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.deflated import DeflatedTiles, Inflated
from pyterra.io.raster.tiff import Directory
from pyterra.io.safe.verify import digest
from pyterra.io.shelf import fill_bytes

LEAST = 512
"""Rasters of more rows or columns than this, or than a tile, have an overview."""


@dataclass(frozen=True)
class Blank:
    """Tiles that hold one number in every band, and were not written."""

    values: NDArray[Any]
    """The number of each band."""
    where: NDArray[np.bool_]
    """Which tiles these are, of shape (row, col)."""

    def halved(self) -> Blank:
        """The same of the level below: tiles all of whose tiles above are such."""
        rows, cols = self.where.shape
        padded = np.pad(self.where, ((0, rows % 2), (0, cols % 2)), constant_values=True)
        four = padded.reshape(-(-rows // 2), 2, -(-cols // 2), 2)
        return Blank(self.values, np.asarray(four.all(axis=(1, 3))))

    def below(self) -> NDArray[np.bool_]:
        """Tiles of the level below of which some, but not all of those above, are such."""
        rows, cols = self.where.shape
        padded = np.pad(self.where, ((0, rows % 2), (0, cols % 2)))
        some = padded.reshape(-(-rows // 2), 2, -(-cols // 2), 2).any(axis=(1, 3))
        return np.asarray(some & ~self.halved().where)


At = tuple[int, int, range]
"""Row and column of a tile, and bands of it."""
Digests = dict[At, int]


@dataclass(frozen=True)
class Making:
    """How overviews are made."""

    how: str
    """"average", "mode" or "nearest"."""
    code: float | int | None
    """The code for missing."""
    creation: Mapping[str, Any]
    """Creation options of GDAL, those of the full resolution."""
    new_file: Callable[[], Path]
    """A name for a level."""
    deflates: bool = False
    """Whether tiles are bytes that are compressed here, see `DeflatedTiles`."""


def make_overviews(
    full: Level, making: Making, most: int | None = None, blank: Blank | None = None
) -> list[Level]:
    """Make the overviews of a raster, from the largest to the smallest.

    Parameters
    ----------
    full : Level
        The full resolution, in a file of its own.
    making : Making
    most : int, optional
        The number of overviews; by default as many as it takes until one is no larger than a tile.
    blank : Blank, optional
        Tiles that hold one number and are not stored.
    """
    levels, known = [full], Digests()
    for _ in range(overview_count(full.directory, most)):
        level, known = _make_one(levels[-1], known, making, blank)
        levels.append(level)
        blank = None if blank is None else blank.halved()
    if len(levels) > 1:
        _look_again(levels[-1], known, making)
    return levels[1:]


def overview_count(directory: Directory, most: int | None = None) -> int:
    """How many overviews a raster gets: until one is no larger than a tile, or as many as are asked for."""
    (height, width), tile = directory.shape, directory.tile
    tall, wide = (1, 1) if most is not None else (min(side, LEAST) for side in tile)
    count = 0
    while (height > tall or width > wide) and (most is None or count < most):
        height, width, count = -(-height // 2), -(-width // 2), count + 1
    return count


def _make_one(level: Level, known: Digests, making: Making, blank: Blank | None) -> tuple[Level, Digests]:
    """The level below one, and digests of its tiles."""
    made, target = Digests(), _Target(level.directory, making)
    with _opened(level, making) as source, target:
        for row, col in _wanted(level, blank):
            for bands in _together(level.directory):
                at = row, col, bands
                values = _tile(source, level, at, known, making, blank)
                target.put(at, values)
                made[at] = digest(values)
    return target.level(), made


Source = Callable[[At, tuple[int, int]], NDArray[Any]]
"""Reads some bands of a tile, of some rows and columns."""


@contextmanager
def _opened(level: Level, making: Making) -> Iterator[Source]:
    """What reads tiles of a level."""
    import rasterio

    if making.deflates:
        tiles = Inflated(level, int(making.code or 0))
        try:
            yield lambda at, size: tiles.read(*at, size)
        finally:
            tiles.close()
        return
    with rasterio.open(level.files[0], driver="GTiff", sharing=False, **_threads(making)) as source:
        yield lambda at, size: source.read(_numbers(at[2]), window=_window(at, level.directory.tile, size))


class _Target:
    """The level below one, while it is made."""

    def __init__(self, above: Directory, making: Making) -> None:
        import rasterio

        self._path, self._tile, count = making.new_file(), above.tile, above.number(tiff.SAMPLES, 1)
        height, width = (-(-side // 2) for side in above.shape)
        self._directory = above.resized(height, width)
        self._deflated: DeflatedTiles | None = None
        self._file: Any = None
        if making.deflates:
            threads = int(making.creation.get("num_threads", 1))
            self._deflated = DeflatedTiles(
                self._path, (count, height, width), above.tile, int(making.code or 0), threads
            )
            return
        profile = {"driver": "GTiff", "count": count, "dtype": above.dtype, "nodata": making.code}
        place = rasterio.Affine(1, 0, 1, 0, -1, 0)  # any: without one rasterio warns
        size = {"height": height, "width": width, "transform": place}
        self._file = rasterio.open(self._path, "w", **profile, **size, **making.creation)

    def put(self, at: At, values: NDArray[Any]) -> None:
        """Take some bands of a tile."""
        if self._deflated is not None:
            self._deflated.put(at[0] * self._tile[0], at[1] * self._tile[1], values, at[2])
        else:
            self._file.write(values, _numbers(at[2]), window=_window(at, self._tile, values.shape[1:]))

    def level(self) -> Level:
        """All of it, once it is closed."""
        return Level.of(self._path) if self._deflated is None else self._deflated.level(self._directory)

    def __enter__(self) -> _Target:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self._file if self._deflated is None else self._deflated).close()


def _together(directory: Directory) -> list[range]:
    """Bands that are made at once: all where a tile holds all, else some, as a tile of a deep stack is large."""
    count = directory.number(tiff.SAMPLES, 1)
    tile_bytes = directory.tile[0] * directory.tile[1] * directory.dtype.itemsize
    step = count if directory.planes == 1 else max(1, fill_bytes() // tile_bytes)
    return [range(first, min(first + step, count)) for first in range(0, count, step)]


def _numbers(bands: range) -> list[int]:
    """What GDAL calls them."""
    return [band + 1 for band in bands]


def _wanted(level: Level, blank: Blank | None) -> list[tuple[int, int]]:
    """Rows and columns of the tiles of the level below that are made."""
    wanted = np.argwhere(level.stored) // 2
    if blank is not None:
        wanted = np.concatenate([wanted, np.argwhere(blank.below())])
    return [(row, col) for row, col in np.unique(wanted, axis=0).tolist()]


def _tile(
    source: Source, level: Level, at: At, known: Digests, making: Making, blank: Blank | None
) -> NDArray[Any]:
    """A tile of the level below, from the four above it."""
    (height, width), (tall, wide) = level.directory.shape, level.directory.tile
    rows = min(tall, -(-height // 2) - at[0] * tall)
    cols = min(wide, -(-width // 2) - at[1] * wide)
    missing = 0 if making.code is None else making.code
    values = np.full((len(at[2]), rows, cols), missing, level.directory.dtype)
    stored = level.stored
    for row in range(2 * at[0], min(2 * at[0] + 2, stored.shape[0])):
        for col in range(2 * at[1], min(2 * at[1] + 2, stored.shape[1])):
            top, left = row % 2 * tall // 2, col % 2 * wide // 2
            place = values[:, top : top + tall // 2, left : left + wide // 2]
            if blank is not None and blank.where[row, col]:
                place[:] = blank.values[at[2].start : at[2].stop, None, None]
            elif stored[row, col]:
                place[:] = kernels.overview.halved(
                    _read(source, level, (row, col, at[2]), known), making.how, making.code
                )
    return values


def _read(source: Source, level: Level, at: At, known: Digests) -> NDArray[Any]:
    """Some bands of a tile; of an overview it must be what was written."""
    (height, width), (tall, wide) = level.directory.shape, level.directory.tile
    size = min(tall, height - at[0] * tall), min(wide, width - at[1] * wide)
    values = source(at, size)
    if known and digest(values) != known[at]:
        raise WriteError(f"write: tile {at[:2]} of an overview: what was read back differs")
    return values


def _look_again(level: Level, known: Digests, making: Making) -> None:
    """Compare the tiles of the last level with what was written."""
    with _opened(level, making) as source:
        for at in known:
            _read(source, level, at, known)


def _window(at: At, tile: tuple[int, int], size: tuple[int, ...]) -> Any:
    from rasterio.windows import Window

    return Window(at[1] * tile[1], at[0] * tile[0], size[1], size[0])


def _threads(making: Making) -> dict[str, Any]:
    threads = making.creation.get("num_threads")
    return {} if threads is None else {"num_threads": threads}
