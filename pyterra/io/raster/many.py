"""One band of each of many files, read into one array: each file is opened once, for that alone."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, GridMismatchError, LayerError, ReadError, SourceError
from pyterra.expr import Array
from pyterra.expr.layers import block_dtype
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.gdal import absolute, failures, forget, is_plain_file, is_remote, open_dataset
from pyterra.io.raster.lzw_tiles import LzwTiles, tiles_of
from pyterra.io.raster.plain_tiff import PlainTiff, plain_tiff
from pyterra.io.raster.raster_file import FileSource, source_of
from pyterra.io.safe import swap
from pyterra.io.safe.fingerprint import fingerprint
from pyterra.redact import redact

_GONE = re.compile(r"HTTP response code: ?(404|410)|does not exist")


@dataclass(frozen=True)
class Reading:
    """What is read of every file."""

    band: int
    """Which band, from 0."""
    size: tuple[int, int]
    """Rows and columns of all files."""
    window: Window
    """Which cells of them."""
    dtype: np.dtype[Any]
    """In which type."""
    chosen: bool
    """Whether somebody asked for the type, so that reals may be rounded to it."""


def looked_at(path: str, band: int) -> tuple[tuple[int, int], np.dtype[Any]] | None:
    """Rows and columns of a file, and the type that holds the values of a band exactly; None where there is no file."""
    name = _existing(path)
    with_file = None if name is None else _opened(name)
    if with_file is None:
        return None
    source, dataset = with_file
    with dataset:
        own = source.bands[_known(band, source)]
        return source.shape, block_dtype([own.dtype if own.plain else "float64"])


def read_into(path: str, what: Reading, out: Array) -> bool:
    """Read a file into an array (row, col); whether there is such a file.

    Raises
    ------
    GridMismatchError
        Where the file has other rows and columns.
    LayerError
        Where it lacks the band.
    ArgumentError
        Where the type cannot hold what is stored.
    ReadError
        Where it cannot be read.
    """
    name = _existing(path)
    if name is None:
        return False
    plain = _plain(name)
    if plain is not None:
        _check(plain.source, what)
        if _read_here(plain.source, what, out, _decoder(lambda: plain.tiles, what.band)):
            return True
    with_file = _opened(name)
    if with_file is None:
        return False
    source, dataset = with_file
    with dataset:
        _check(source, what)
        if is_remote(source.path):
            _read_there(source, what, out)
            return True
        if not _read_here(source, what, out, _decoder(lambda: _tiles(source), what.band)):
            _read_here(source, what, out, _reader(dataset, what.band))
    return True


def _check(source: FileSource, what: Reading) -> None:
    if source.shape != what.size:
        raise GridMismatchError(
            f"read_rasters: all files must have as many rows and columns as the first, {_by(what.size)}, got "
            f"{_by(source.shape)} in {source.name}; resample() it first"
        )
    _check_type(source, _known(what.band, source), what)


def _existing(path: str) -> str | None:
    """The path of a file, absolute; None where there is none. What a server has is seen when it is opened."""
    name = absolute(path, "read_rasters")
    if is_plain_file(name) and ":" not in name:
        swap.look_after(Path(os.path.realpath(name)), "read_rasters")
        if not os.path.exists(name):
            return None
    return name


def _plain(name: str) -> PlainTiff | None:
    try:
        return plain_tiff(name, fingerprint(name))
    except OSError as error:
        raise ReadError(f"read_rasters: {redact(name)} cannot be read: {error.strerror}") from error


def _opened(name: str) -> tuple[FileSource, Any] | None:
    """A file, described and open; None where a server has none."""
    try:
        dataset = open_dataset(name)
    except SourceError as error:
        if is_remote(name) and _GONE.search(str(error)):
            return None
        raise
    try:
        return source_of(name, dataset, None), dataset
    except BaseException:
        dataset.close()
        raise


Reader = Callable[[Window, Array | None], Array | None]
"""Reads a window, as it lies on disk, into an array if one is given; None where somebody else has to."""


def _decoder(find: Callable[[], LzwTiles | None], band: int) -> Reader:
    def read(window: Window, target: Array | None) -> Array | None:
        tiles = find()
        found = (
            None if tiles is None else tiles.read([band], window, None if target is None else target[None])
        )
        return None if found is None else found[0]

    return read


def _tiles(source: FileSource) -> LzwTiles | None:
    state = fingerprint(source.path)
    return tiles_of(source.path, state, source.shape, source.tile, len(source.bands), source.bands[0].dtype)


def _reader(dataset: Any, band: int) -> Reader:
    from rasterio.windows import Window as RasterioWindow

    def read(window: Window, target: Array | None) -> Array | None:
        place = RasterioWindow(window.col, window.row, window.ncol, window.nrow)
        found: Array = dataset.read(band + 1, window=place, out=target)
        return found

    return read


def _read_here(source: FileSource, what: Reading, out: Array, read: Reader) -> bool:
    """Read a file of this machine, straight into the array where it holds what is stored; whether that was done."""
    band, window = source.bands[what.band], what.window
    row = source.shape[0] - window.row_stop if source.south_up else window.row
    coded = band.nodata is not None and not np.isnan(band.nodata) and what.dtype.kind == "f"
    as_it_is = band.dtype == what.dtype.name and band.plain and not coded
    straight = as_it_is and out.flags.c_contiguous and not source.south_up
    try:
        found = read(Window(row, window.col, window.nrow, window.ncol), out if straight else None)
    except failures(OSError, MemoryError) as error:
        cause = redact(str(error.__cause__ or error))
        raise ReadError(f"read_rasters: {source.name}, {window} cannot be read: {cause}") from error
    if found is None:
        return False
    if not straight:
        found = found[::-1] if source.south_up else found
        out[...] = found if what.dtype.kind != "f" else _values(source, found, what)
    return True


def _read_there(source: FileSource, what: Reading, out: Array) -> None:
    """Read from a server, which is asked again where it fails."""
    stored = source.read_stored((what.band,), what.window)[0]
    forget(source.path)
    out[...] = stored if what.dtype.kind != "f" else _values(source, stored, what)


def _values(source: FileSource, stored: Array, what: Reading) -> Array:
    kind = block_dtype([source.bands[what.band].dtype])
    kind = np.dtype(np.float64) if not source.bands[what.band].plain else kind
    return source.decoded(np.ascontiguousarray(stored)[None], (what.band,), max(kind, what.dtype))[0]


def _known(band: int, source: FileSource) -> int:
    if not 0 <= band < len(source.bands):
        raise LayerError(
            f"read_rasters: lyr must be a layer of each file, got {band}; {source.name} has {len(source.bands)}"
        )
    return band


def _check_type(source: FileSource, band: int, what: Reading) -> None:
    """See to it that the array holds what the file has; reals are rounded where somebody asked for it."""
    own = source.bands[band]
    if what.dtype.kind == "f":
        holds = what.chosen or np.can_cast(block_dtype([own.dtype if own.plain else "float64"]), what.dtype)
    else:
        holds = own.plain and np.can_cast(np.dtype(own.dtype), what.dtype)
    if not holds:
        scaled = "" if own.plain else " with a scale"
        wider = "float64" if what.dtype.kind == "f" or not own.plain else own.dtype
        raise ArgumentError(
            f"read_rasters: dtype must hold the values of all files, got {what.dtype} for {source.name}, which stores "
            f"{own.dtype}{scaled}; use dtype={wider!r}"
        )


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def within(size: tuple[int, int], window: Window | None) -> Window:
    """The window that is meant, which must lie inside so many rows and columns."""
    whole = Window(0, 0, *size)
    if window is None:
        return whole
    if window.cells < 1 or not whole.contains(window):
        raise ArgumentError(f"read_rasters: window must lie within {_by(size)} cells, got {window}")
    return window
