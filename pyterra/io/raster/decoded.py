"""Tiles that were decoded by one thread, for the others.

GDAL keeps tiles for each open file, and each thread opens files for itself. Where windows overlap, as with a halo, every
tile was decoded once per thread: a chain with a focal mean spent 1.0 s on it with two threads, 0.52 s with one.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator

import numpy as np

from pyterra.expr import Array
from pyterra.forks import renewed
from pyterra.grid import Window

LEAST_CELLS = 1 << 16
"""Cells of a tile for which it is worth being looked up."""


class _Tile:
    """A tile that one thread decodes and others wait for."""

    __slots__ = ("ready", "values")

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.values: Array | None = None
        """The values; None until they are ready, and for good where that failed."""


_tiles: OrderedDict[tuple[str, Hashable, int, int], _Tile] = OrderedDict()
_lock = renewed(threading.RLock())


def is_whole(window: Window, tile: tuple[int, int], shape: tuple[int, int]) -> bool:
    """Whether a window holds whole tiles, so that nobody else wants a part of one."""
    return (
        window.row % tile[0] == 0
        and window.col % tile[1] == 0
        and (window.row_stop % tile[0] == 0 or window.row_stop == shape[0])
        and (window.col_stop % tile[1] == 0 or window.col_stop == shape[1])
    )


def is_worth_it(window: Window, tile: tuple[int, int], shape: tuple[int, int], room: float) -> bool:
    """Whether the tiles of a window are large enough to be looked up, and fit the room (in cells)."""
    cells = tile[0] * tile[1]
    return cells >= LEAST_CELLS and sum(1 for _ in _places(window, tile, shape)) * cells <= room


def read(
    path: str,
    what: Hashable,
    window: Window,
    tile: tuple[int, int],
    shape: tuple[int, int],
    decode: Callable[[Window], Array],
    room: int,
) -> Array:
    """Stored numbers of a window, of which each tile is decoded once however many threads want it.

    Parameters
    ----------
    path : str
        The file; `forget` drops its tiles.
    what : hashable
        Its state and the bands.
    window : Window
    tile, shape : (int, int)
        Rows and columns of a tile, and of the file.
    decode : callable
        Reads a window of the file, shape (band, row, col).
    room : int
        Bytes of tiles that are kept.
    """
    wanted: list[tuple[_Tile, Window]] = []
    own: list[tuple[_Tile, Window]] = []
    with _lock:
        for row, col, place in _places(window, tile, shape):
            key = (path, what, row, col)
            if key not in _tiles:
                _tiles[key] = _Tile()
                own.append((_tiles[key], place))
            _tiles.move_to_end(key)
            wanted.append((_tiles[key], place))
    try:
        for mine, place in own:
            mine.values = decode(place)
            mine.ready.set()
    finally:
        for mine, _ in own:
            mine.ready.set()
        _make_room(room)
    out: Array | None = None
    for found, place in wanted:  # what this thread had to decode is ready, so that no two wait for each other
        found.ready.wait()
        values = decode(place) if found.values is None else found.values
        if out is None:
            out = np.empty((len(values), window.nrow, window.ncol), values.dtype)
        common = place.common(window)
        rows, cols = common.slices_in(window)
        from_rows, from_cols = common.slices_in(place)
        out[:, rows, cols] = values[:, from_rows, from_cols]
    assert out is not None
    return out


def forget(path: str) -> None:
    """Drop the tiles of a file."""
    with _lock:
        for key in [key for key in _tiles if key[0] == path]:
            del _tiles[key]


def _places(
    window: Window, tile: tuple[int, int], shape: tuple[int, int]
) -> Iterator[tuple[int, int, Window]]:
    """Numbers and windows of the tiles that hold cells of a window."""
    whole = Window(0, 0, *shape)
    for row in range(window.row // tile[0], -(-window.row_stop // tile[0])):
        for col in range(window.col // tile[1], -(-window.col_stop // tile[1])):
            yield row, col, Window(row * tile[0], col * tile[1], *tile).common(whole)


def _make_room(room: int) -> None:
    """Drop tiles that failed, and those that were wanted longest ago, until the others fit."""
    with _lock:
        ready = [(key, tile.values) for key, tile in _tiles.items() if tile.ready.is_set()]
        kept = sum(values.nbytes for _, values in ready if values is not None)
        for key, values in ready:
            if values is None or kept > room:
                del _tiles[key]
                kept -= 0 if values is None else values.nbytes


os.register_at_fork(after_in_child=_tiles.clear)  # nobody goes on decoding there
