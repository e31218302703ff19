"""Numbers of many layers on disk, uncompressed: for blocks that are smaller than the tiles of files."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import numpy as np

from pyterra.errors import WriteError
from pyterra.expr import Array, Fetched, PlainSource, Source, Tiling
from pyterra.forks import renewed
from pyterra.grid import Window
from pyterra.io.heap import give_back
from pyterra.options import current

SLAB = 64
"""Columns whose numbers lie together, row by row and in a row layer by layer."""
LEAST_SIDE = 64
"""Rows and columns of a box at least, whatever the tiles are."""
MOST_ACROSS = 64
"""Boxes side by side at most: each is an open file."""
FILL_BYTES = 16 * 2**20
"""Bytes that are decoded, or handed on, at once, if a tile of one layer is not larger."""
FILL_SHARE = 1 / 16
"""Of options(memory=...), where that is given and this is less."""
FREE_SHARE = 0.8
"""Share of what a disk has free that a shelf may fill."""


def fill_bytes() -> int:
    """Bytes that are decoded, or handed on, at once."""
    memory = current().memory
    return FILL_BYTES if memory is None else min(FILL_BYTES, int(memory * FILL_SHARE))


class Box:
    """Numbers of all layers of a window, in a file without a name, which goes away with this object.

    Parameters
    ----------
    window : Window
    count : int
        Layers.
    dtype : dtype
    """

    def __init__(self, window: Window, count: int, dtype: np.dtype[Any]) -> None:
        self.window, self._count, self._dtype = window, count, dtype
        with _of_the_disk():
            self._file: IO[bytes] = tempfile.TemporaryFile(  # noqa: SIM115 -- closed with this object
                prefix=f"pyterra-{os.getpid()}-", dir=current().temporary_folder, buffering=0
            )
        weakref.finalize(self, self._file.close)

    def put(self, window: Window, numbers: Array, first: int = 0) -> None:
        """Write the layers from `first` on of a part of the window."""
        numbers = np.ascontiguousarray(numbers, self._dtype)
        layers = slice(first, first + len(numbers))
        for row, slab, cols, inside in self._pieces(window):
            piece = numbers[:, row - window.row, cols]
            if piece.shape[1] < SLAB:
                whole = self._read(row, slab, layers)
                whole[:, inside] = piece
                piece = whole
            with _of_the_disk():
                os.pwrite(
                    self._file.fileno(), np.ascontiguousarray(piece).data, self._place(row, slab, first)
                )

    def get(self, window: Window, layers: slice) -> Array:
        """Numbers of a part of the window."""
        out = np.empty((layers.stop - layers.start, window.nrow, window.ncol), self._dtype)
        for row, slab, cols, inside in self._pieces(window):
            out[:, row - window.row, cols] = self._read(row, slab, layers)[:, inside]
        return out

    def _pieces(self, window: Window) -> Iterator[tuple[int, int, slice, slice]]:
        """Rows and slabs of a window: the row, the slab, its columns in the window, and in the slab."""
        start, stop = window.col - self.window.col, window.col_stop - self.window.col
        for slab in range(start // SLAB, (stop - 1) // SLAB + 1):
            left, right = max(start, slab * SLAB), min(stop, (slab + 1) * SLAB)
            cols, inside = slice(left - start, right - start), slice(left - slab * SLAB, right - slab * SLAB)
            for row in range(window.row, window.row_stop):
                yield row, slab, cols, inside

    def _place(self, row: int, slab: int, layer: int) -> int:
        line = slab * self.window.nrow + row - self.window.row
        return (line * self._count + layer) * SLAB * self._dtype.itemsize

    def _read(self, row: int, slab: int, layers: slice) -> Array:
        numbers = np.zeros((layers.stop - layers.start, SLAB), self._dtype)
        with _of_the_disk():
            os.preadv(self._file.fileno(), [numbers.data], self._place(row, slab, layers.start))
        return numbers


class Shelf(PlainSource):
    """A source of which each tile is decoded once, however small the windows are that are asked for.

    What is asked for in rows from the top is kept for two rows of tiles; other processes have shelves of their own.

    Parameters
    ----------
    source : Source
    bands : tuple of int
        The bands that will be asked for.
    dtype : dtype
        In which values are kept.
    shape : (int, int)
        Rows and columns of the source.
    tiling : Tiling
        Its tiles.
    """

    tile = None

    def __init__(
        self,
        source: Source,
        bands: tuple[int, ...],
        dtype: np.dtype[Any],
        shape: tuple[int, int],
        tiling: Tiling,
    ) -> None:
        self._made_of = source, bands, dtype, shape, tiling
        self._source, self._bands, self._dtype, self._tiling = source, bands, dtype, tiling
        self._position = {band: i for i, band in enumerate(bands)}
        self._token = f"{os.getpid()}-{next(_numbers)}"
        whole = Window(0, 0, *shape)
        self._whole, across = whole, -(-whole.ncol // (tiling.ncol * MOST_ACROSS))
        self._size = (
            _multiple(tiling.nrow, LEAST_SIDE),
            _multiple(tiling.ncol, max(LEAST_SIDE, across * tiling.ncol)),
        )
        self._kept = 2 * (-(-whole.ncol // self._size[1]) + 1)
        self._boxes: OrderedDict[tuple[int, int], _Filling] = OrderedDict()
        self._lock = renewed(threading.Lock())

    @property
    def nbytes(self) -> int:
        """Bytes on disk, at most."""
        rows = min(self._whole.nrow, 2 * self._size[0])
        return rows * (self._whole.ncol + self._size[1]) * len(self._bands) * self._dtype.itemsize

    @property
    def fits(self) -> bool:
        """Whether there is room on the disk."""
        return self.nbytes <= shutil.disk_usage(current().temporary_folder).free * FREE_SHARE

    @property
    def stored_bytes(self) -> int:
        """Bytes of a value."""
        return self._dtype.itemsize

    @property
    def name(self) -> str:
        """That of the source."""
        return self._source.name

    @property
    def where(self) -> str:
        """That of the source."""
        return self._source.where

    def is_unchanged(self) -> bool:
        """Whether the source is."""
        return self._source.is_unchanged()

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """As the source."""
        return self._source.read_reduced(bands, window, shape, dtype)

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """Values of a window."""
        chosen = [self._position[band] for band in bands]
        first, stop = min(chosen), max(chosen) + 1
        out = np.empty((stop - first, window.nrow, window.ncol), self._dtype)
        for box, part in self._boxes_of(window):
            rows, cols = part.slices_in(window)
            out[:, rows, cols] = box.get(part, slice(first, stop))
        if chosen != list(range(first, stop)):
            out = out[[i - first for i in chosen]]
        return Fetched(window, (out,), _as_they_are)

    def _boxes_of(self, window: Window) -> Iterator[tuple[Box, Window]]:
        nrow, ncol = self._size
        rows = range(
            (window.row - self._tiling.row) // nrow, (window.row_stop - 1 - self._tiling.row) // nrow + 1
        )
        cols = range(
            (window.col - self._tiling.col) // ncol, (window.col_stop - 1 - self._tiling.col) // ncol + 1
        )
        for row, col in itertools.product(rows, cols):
            whole = Window(self._tiling.row + row * nrow, self._tiling.col + col * ncol, nrow, ncol)
            box = self._box((row, col), whole.common(self._whole))
            yield box, window.common(box.window)

    def _box(self, key: tuple[int, int], window: Window) -> Box:
        with self._lock:
            filling = self._boxes.setdefault(key, _Filling())
            self._boxes.move_to_end(key)
            while len(self._boxes) > self._kept:
                self._boxes.popitem(last=False)  # who reads of it now has it until the end
        with filling.lock:
            if filling.box is None:
                filling.box = self._filled(window)
            return filling.box

    def _filled(self, window: Window) -> Box:
        box = Box(window, len(self._bands), self._dtype)
        for part in self._tiles(window):
            together = max(
                1, fill_bytes() // (part.cells * (self._dtype.itemsize + self._source.stored_bytes))
            )
            for first in range(0, len(self._bands), together):
                bands = self._bands[first : first + together]
                box.put(part, self._source.fetched(bands, part).values(part, self._dtype), first)
        give_back()
        return box

    def _tiles(self, window: Window) -> Iterator[Window]:
        for row in range(window.row, window.row_stop, self._tiling.nrow):
            for col in range(window.col, window.col_stop, self._tiling.ncol):
                yield Window(row, col, self._tiling.nrow, self._tiling.ncol).common(window)

    def __reduce__(self) -> tuple[Any, ...]:
        return _shelf_of, (self._token, *self._made_of)


class _Filling:
    """A box, or the place of one that is being filled."""

    def __init__(self) -> None:
        self.box: Box | None = None
        self.lock = renewed(threading.Lock())


_numbers = itertools.count()
_elsewhere: OrderedDict[str, Shelf] = OrderedDict()
"""Shelves of other processes, as they came here: a task may be unpickled for each of its blocks."""


def _shelf_of(token: str, *made_of: Any) -> Shelf:
    shelf = _elsewhere.get(token)
    if shelf is None:
        shelf = _elsewhere[token] = Shelf(*made_of)
        while len(_elsewhere) > 8:
            _elsewhere.popitem(last=False)
    return shelf


def _as_they_are(arrays: tuple[Array, ...], window: Window, dtype: np.dtype[Any]) -> Array:
    return arrays[0].astype(dtype, copy=False)


def _multiple(of: int, least: int) -> int:
    return of * -(-least // of)


@contextmanager
def _of_the_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"{current().temporary_folder}: numbers that are needed again could not be kept there: {error.strerror}; "
            "is the disk full? options(tempdir=) names another folder"
        ) from error
