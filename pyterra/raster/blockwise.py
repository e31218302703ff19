"""Blocks of whole rows on their way: read one after the other, and written as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node
from pyterra.grid import Window
from pyterra.io.raster.sink import RasterSink
from pyterra.io.safe.temporary import when_gone
from pyterra.plan import memory_budget
from pyterra.raster.build import FLOAT64, raster
from pyterra.raster.values import as_layers
from pyterra.run import blocks_of

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Doubles = NDArray[np.float64]
MOST_BYTES = 128 * 2**20
"""Bytes of the values of a block at most: larger ones are not faster."""


class RowBlock(NamedTuple):
    """Whole rows of a raster."""

    row: int
    """The first row, from 0."""
    nrows: int
    """How many rows."""


def row_blocks(node: Node, n: Any, tile: tuple[int, int] | None = None) -> list[RowBlock]:
    """Rows cut into blocks, `n` of which fit half of the memory budget; of whole tiles where that is possible."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        raise ArgumentError(f"blocks: n must be a whole number of copies above 0, got {n!r}; use 4")
    nrow = node.grid.nrow
    row_bytes = FLOAT64.itemsize * node.grid.ncol * len(node.layers)
    rows = max(1, min(memory_budget() // (2 * int(n)), MOST_BYTES) // row_bytes)
    own = node.tiling
    high = tile[0] if tile else 1 if own is None else own.nrow
    rows = rows // high * high or rows
    return [RowBlock(row, min(rows, nrow - row)) for row in range(0, nrow, rows)]


def window_of(node: Node, block: Sequence[int]) -> Window:
    """The window of a block."""
    return Window(block[0], 0, block[1], node.grid.ncol)


def doubles(block: Array, window: Window) -> Doubles:
    """The values of a block as float64."""
    return np.ascontiguousarray(block, dtype=np.float64)


def _nothing() -> Node:
    raise AssertionError("unreachable")


class BlockReader:
    """Rows of a raster, one block after the other, computed ahead of whoever asks.

    Iterating gives blocks, each a pair of first row and number of rows, with their values of shape (layer, row, col).
    """

    def __init__(self, node: Node, n: int) -> None:
        self._node = node
        self.blocks = row_blocks(node, n)
        """First row and number of rows of each block."""

    def __iter__(self) -> Generator[tuple[RowBlock, Doubles], None, None]:
        windows = [window_of(self._node, block) for block in self.blocks]
        for window, block in blocks_of(self._node, doubles, label="read", windows=windows):
            yield RowBlock(window.row, window.nrow), block

    def __len__(self) -> int:
        return len(self.blocks)

    def __enter__(self) -> BlockReader:
        return self

    def __exit__(self, *exc: object) -> None: ...


class BlockWriter:
    """A raster that is written block by block. Nothing stands under its path until `write_stop`.

    Iterating gives the blocks to write, each a pair of first row and number of rows. Left by an error, a ``with`` block
    discards what was written; else it ends with `write_stop`.
    """

    def __init__(self, node: Node, sink: RasterSink, n: int, done: Callable[[], Node]) -> None:
        self._node, self._sink, self._done = node, sink, done
        self._encoder = sink.encoder()
        self._written = np.zeros(node.grid.nrow, bool)
        self._raster: SpatRaster | None = None
        self._drop = when_gone(self, sink.raster.abort)
        self.blocks = row_blocks(node, n, sink.tile)
        """First row and number of rows of each block."""

    def write_values(self, v: Any, start: int, nrows: int) -> None:
        """Write whole rows.

        Parameters
        ----------
        v : array-like
            Values of shape (layer, row, col) or (cell, layer); or a row of numbers, layer by layer.
        start : int
            First row, from 0.
        nrows : int
            Number of rows.

        Raises
        ------
        ArgumentError
            Where there are not as many values as cells, or rows that were written before.
        ValueRangeError
            Where the datatype cannot hold a value.
        """
        self._check_open("write_values")
        nrow, ncol = self._node.grid.nrow, self._node.grid.ncol
        if start < 0 or nrows < 1 or start + nrows > nrow:
            raise ArgumentError(
                f"write_values: rows are numbered 0 to {nrow - 1}, got {start} to {start + nrows - 1}; take those of "
                ".blocks"
            )
        if self._written[start : start + nrows].any():
            raise ArgumentError(
                f"write_values: rows {start} to {start + nrows - 1} must not be written yet, got some that are; write "
                "each once"
            )
        window = Window(start, 0, nrows, ncol)
        block = doubles(self._block(v, window), window)
        self._sink.put(window, self._encoder(block, window))
        self._written[start : start + nrows] = True

    def _block(self, v: Any, window: Window) -> Array:
        count = len(self._node.layers)
        if np.size(v) != count * window.cells:
            raise ArgumentError(
                f"write_values: {window.nrow} rows of {window.ncol} cells and {count} layers must have "
                f"{count * window.cells} values, got {np.size(v)}"
            )
        shape = count, window.nrow, window.ncol
        if type(v) is np.ndarray and v.dtype.kind in "biuf" and (v.ndim == 1 or v.shape == shape):
            return v.reshape(shape)  # of what is not kept no copy is needed
        block = as_layers(v, self._node.grid.subgrid(window), count)
        filled: Array = np.ma.filled(block.astype(np.float64), np.nan)
        return filled.reshape(shape)

    def write_stop(self) -> SpatRaster:
        """Put the file in place.

        Returns
        -------
        SpatRaster
            The raster over the new file.

        Raises
        ------
        ArgumentError
            Where rows are missing; what was written is discarded then.
        """
        self._check_open("write_stop")
        missing = np.flatnonzero(~self._written)
        if missing.size:
            self.abort()
            raise ArgumentError(
                f"write_stop: all rows must be written, got none for {missing.size}, row {missing[0]} first; write them "
                "with write_values()"
            )
        self._sink.finish()
        found = self._raster = raster(self._done())
        self.abort()
        return found

    def abort(self) -> None:
        """End without a file: the path holds what it held before."""
        self._drop()
        self._done = _nothing

    @property
    def raster(self) -> SpatRaster:
        """The raster over the new file, once it is in place."""
        if self._raster is None:
            raise ArgumentError("write_stop: the raster must be complete, got one that is being written")
        return self._raster

    @property
    def is_open(self) -> bool:
        """Whether it was neither put in place nor dropped."""
        return self._drop.alive

    def _check_open(self, verb: str) -> None:
        if not self._drop.alive:
            raise ArgumentError(
                f"{verb}: the raster must be open for writing, got one that is not; use write_start()"
            )

    def __iter__(self) -> Iterator[RowBlock]:
        return iter(self.blocks)

    def __len__(self) -> int:
        return len(self.blocks)

    def __enter__(self) -> BlockWriter:
        return self

    def __exit__(self, kind: object, *exc: object) -> None:
        if kind is not None:
            self.abort()
        elif self._drop.alive:
            self.write_stop()
