"""How a raster is cut on disk: tiles that one block of all layers can fill at once."""

from __future__ import annotations

from math import lcm

from pyterra.expr import Tiling

SIDE = 512
"""Rows and columns of a tile, unless there is a reason for less."""
LEAST_SIDE = 64
"""The least rows and columns of a tile for the sake of many layers."""
LEAST_ROWS = 16
"""The least rows of a tile, and what rows and columns are multiples of: TIFF's rule."""
DEEP_BYTES = 32 * 2**20
"""The tiles of all layers over one place take no more than this."""
WIDE_BYTES = 64 * 2**20
"""Nor does a row of tiles, where the source lies in strips of whole rows."""


def file_tile(cell_bytes: int, shape: tuple[int, int], source: Tiling | None) -> tuple[int, int]:
    """Rows and columns of the tiles of a file.

    They are no larger than the raster, and smaller the more layers there are: a block holds whole tiles of all layers, so
    that each is compressed once.

    Parameters
    ----------
    cell_bytes : int
        Stored bytes of a cell, of all layers.
    shape : (int, int)
        Rows and columns of the raster.
    source : Tiling, optional
        How the source lies on disk.

    Examples
    --------
    >>> file_tile(1, (9000, 9000), None), file_tile(126 * 4, (500, 500), None), file_tile(4, (20, 20), None)
    ((512, 512), (256, 256), (32, 32))
    """
    rows, cols = (min(SIDE, -(-size // LEAST_ROWS) * LEAST_ROWS) for size in shape)
    while cell_bytes * rows * cols > DEEP_BYTES and max(rows, cols) > LEAST_SIDE:
        rows, cols = (_half(rows), cols) if rows >= cols else (rows, _half(cols))
    if source is not None and source.ncol >= shape[1]:
        while cell_bytes * shape[1] * lcm(rows, source.nrow) > WIDE_BYTES and rows > LEAST_ROWS:
            rows = _half(rows)
    return rows, cols


def _half(size: int) -> int:
    return max(LEAST_ROWS, size // 2 // LEAST_ROWS * LEAST_ROWS)
