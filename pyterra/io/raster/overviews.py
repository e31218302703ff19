"""Overviews of a GeoTIFF, tile by tile, each level a file of its own with tiles of the same make.

The first is made while the raster is written where that can be, each other one of the finished level above it. A tile
needs four tiles of that level and no others, so that memory does not grow with the raster; where those four are not
stored, neither is it, and nothing is read. The bytes do not depend on the blocks in which the raster came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import WriteError
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.gathered import Gathered
from pyterra.io.raster import tiff
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.deflated import DeflatedTiles, Inflated
from pyterra.io.raster.tiff import Directory
from pyterra.io.raster.wide_nodata import take_wide_nodata
from pyterra.io.safe.verify import Digests
from pyterra.io.shelf import fill_bytes
from pyterra.options import VerifyMode

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
OfTiles = Digests[tuple[int, int, int]]
"""Those of tiles by row, column and band."""


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
    verify: VerifyMode
    """How many tiles are compared with what was written, when they are read again."""
    deflates: bool = False
    """Whether tiles are bytes that are compressed here, see `DeflatedTiles`."""


def make_overviews(
    full: Level,
    making: Making,
    most: int | None = None,
    blank: Blank | None = None,
    passed: Passed | None = None,
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
    passed : Passed, optional
        What has become of the tiles when they were written: the first overview, for which none is read then.
    """
    levels, known = [full], OfTiles(making.verify)
    for _ in range(overview_count(full.directory.shape, full.directory.tile, most)):
        if passed is not None and len(levels) == 1:
            level, known = passed.finish(full, blank)
        else:
            level, known = _make_one(levels[-1], known, making, blank)
        levels.append(level)
        blank = None if blank is None else blank.halved()
    if len(levels) > 1:
        _look_again(levels[-1], known, making)
    return levels[1:]


def overview_count(shape: tuple[int, int], tile: tuple[int, int], most: int | None = None) -> int:
    """How many overviews a raster gets: until one is no larger than a tile, or as many as are asked for."""
    height, width = shape
    tall, wide = (1, 1) if most is not None else (min(side, LEAST) for side in tile)
    count = 0
    while (height > tall or width > wide) and (most is None or count < most):
        height, width, count = -(-height // 2), -(-width // 2), count + 1
    return count


def _make_one(level: Level, known: OfTiles, making: Making, blank: Blank | None) -> tuple[Level, OfTiles]:
    """The level below one, and digests of its tiles."""
    directory = level.directory
    target = _Target(
        directory.number(tiff.SAMPLES, 1), directory.shape, directory.tile, directory.dtype, making
    )
    with _opened(level, making) as source, target:
        for row, col in _wanted(level, blank):
            for bands in _together(directory):
                at = row, col, bands
                target.put(at, _tile(source, level, at, known, making, blank))
    return target.level(directory), target.known


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

    def __init__(
        self, count: int, above: tuple[int, int], tile: tuple[int, int], dtype: np.dtype[Any], making: Making
    ) -> None:
        import rasterio

        self.known = OfTiles(making.verify)
        self._end = count - 1, -(-above[0] // 2), -(-above[1] // 2)
        self._path, self._tile = making.new_file(), tile
        self._shape = height, width = -(-above[0] // 2), -(-above[1] // 2)
        self._deflated: DeflatedTiles | None = None
        self._file: Any = None
        if making.deflates:
            threads = int(making.creation.get("num_threads", 1))
            self._deflated = DeflatedTiles(
                self._path, (count, height, width), tile, int(making.code or 0), threads
            )
            return
        profile = {"driver": "GTiff", "count": count, "dtype": dtype, "nodata": making.code}
        take_wide_nodata(profile)
        place = rasterio.Affine(1, 0, 1, 0, -1, 0)  # any: without one rasterio warns
        size = {"height": height, "width": width, "transform": place}
        self._file = rasterio.open(self._path, "w", **profile, **size, **making.creation)

    def put(self, at: At, values: NDArray[Any]) -> None:
        """Take some bands of a tile."""
        if self._deflated is not None:
            self._deflated.put(at[0] * self._tile[0], at[1] * self._tile[1], values, at[2])
        else:
            self._file.write(values, _numbers(at[2]), window=_window(at, self._tile, values.shape[1:]))
        corner = at[0] * self._tile[0] + values.shape[1], at[1] * self._tile[1] + values.shape[2]
        for band, numbers in zip(at[2], values, strict=True):
            self.known.add((at[0], at[1], band), numbers, last=(band, *corner) == self._end)

    def level(self, above: Directory) -> Level:
        """All of it, once it is closed."""
        if self._deflated is None:
            return Level.of(self._path)
        return self._deflated.level(above.resized(*self._shape))

    def close(self) -> None:
        """Write what waits."""
        (self._file if self._deflated is None else self._deflated).close()

    def __enter__(self) -> _Target:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Passed:
    """The first overview of a raster, made of its tiles as they pass on their way into the file.

    It is that of `make_overviews`, byte for byte, which reads the finished file for it: where tiles pass with some of the
    bands, where the code for missing is known late, and where tiles of other files are copied.

    Parameters
    ----------
    count : int
        Bands.
    shape, tile : (int, int)
        Rows and columns of the raster and of its tiles.
    dtype : dtype
    making : Making
    together : bool
        Whether a tile holds all bands.
    memory : int
        Bytes: parts of tiles are kept on disk where two rows of tiles are more.
    """

    def __init__(
        self,
        count: int,
        shape: tuple[int, int],
        tile: tuple[int, int],
        dtype: np.dtype[Any],
        making: Making,
        *,
        together: bool,
        memory: int,
    ) -> None:
        self._count, self._shape, self._tile, self._dtype, self._making = count, shape, tile, dtype, making
        half = -(-shape[0] // 2), -(-shape[1] // 2)
        self._gathered = Gathered(self._put, count, dtype, half, tile, together=together, memory=memory)
        self._target: _Target | None = None

    def take(self, window: Window, values: NDArray[Any]) -> None:
        """Take whole tiles of all bands."""
        halved = kernels.overview.halved(values, self._making.how, self._making.code)
        place = Window(window.row // 2, window.col // 2, *halved.shape[1:])
        self._gathered.put(place, halved)

    def finish(self, full: Level, blank: Blank | None) -> tuple[Level, OfTiles]:
        """The overview, and digests of its tiles."""
        if blank is not None:
            self._take_blank(blank)
        self._gathered.finish(0 if self._making.code is None else self._making.code)
        target = self._open()
        target.close()
        self._target = None
        return target.level(full.directory), target.known

    def close(self) -> None:
        """Let the file go."""
        if self._target is not None:
            self._target.close()

    def _take_blank(self, blank: Blank) -> None:
        """Blank tiles beside others: of four blank ones the overview is blank, too."""
        partly = blank.below()
        (tall, wide), (height, width) = self._tile, self._shape
        for row, col in np.argwhere(blank.where).tolist():
            if partly[row // 2, col // 2]:
                rows, cols = min(tall, height - row * tall), min(wide, width - col * wide)
                place = Window(row * tall // 2, col * wide // 2, -(-rows // 2), -(-cols // 2))
                numbers = blank.values[:, None, None].astype(self._dtype)
                self._gathered.put(place, np.broadcast_to(numbers, (self._count, place.nrow, place.ncol)))

    def _open(self) -> _Target:
        if self._target is None:
            self._target = _Target(self._count, self._shape, self._tile, self._dtype, self._making)
        return self._target

    def _put(self, window: Window, numbers: NDArray[Any], bands: range) -> None:
        target, (tall, wide) = self._open(), self._tile
        for top in range(0, window.nrow, tall):
            for left in range(0, window.ncol, wide):
                at = (window.row + top) // tall, (window.col + left) // wide, bands
                target.put(at, np.ascontiguousarray(numbers[:, top : top + tall, left : left + wide]))


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
    source: Source, level: Level, at: At, known: OfTiles, making: Making, blank: Blank | None
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


def _read(source: Source, level: Level, at: At, known: OfTiles) -> NDArray[Any]:
    """Some bands of a tile; of an overview it must be what was written."""
    (height, width), (tall, wide) = level.directory.shape, level.directory.tile
    size = min(tall, height - at[0] * tall), min(wide, width - at[1] * wide)
    values = source(at, size)
    if any(known.differ((at[0], at[1], band), numbers) for band, numbers in zip(at[2], values, strict=True)):
        raise WriteError(f"write: tile {at[:2]} of an overview: what was read back differs")
    return values


def _look_again(level: Level, known: OfTiles, making: Making) -> None:
    """Compare tiles of the last level with what was written."""
    with _opened(level, making) as source:
        for row, col, band in known:
            _read(source, level, (row, col, range(band, band + 1)), known)


def _window(at: At, tile: tuple[int, int], size: tuple[int, ...]) -> Any:
    from rasterio import windows

    return windows.Window(at[1] * tile[1], at[0] * tile[0], size[1], size[0])


def _threads(making: Making) -> dict[str, Any]:
    threads = making.creation.get("num_threads")
    return {} if threads is None else {"num_threads": threads}
