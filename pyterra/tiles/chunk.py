"""chunk: a function of rasters on one tile after the other, in the calling thread."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from typing import Any

from pyterra.between.tiles import pair, tiles_of_cells
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.temporary import when_gone
from pyterra.raster.build import node_of
from pyterra.tiles.grid import Tile
from pyterra.tiles.pieces import SIDE, Pieces, function_of, goes_with, temporary_folder


def chunk(
    x: SpatRaster,
    fun: Callable[..., SpatRaster],
    *args: Any,
    n: int | Sequence[int] | None = None,
    buffer: int | Sequence[int] = 0,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function of a raster to one tile after the other, and join the results.

    Parameters
    ----------
    x : SpatRaster
    fun : callable
        ``fun(tile)``, which takes a SpatRaster of one tile and returns a SpatRaster that covers it, of as many layers for
        each tile. It may look at all cells of its tile at once; what must see all cells of the raster goes wrong.
    *args
        Further arguments for `fun`, by position.
    n : int or (int, int), optional
        Rows and columns of a tile, counted from the top left; 2048 by default. With cells that the function joins, a
        multiple of how many.
    buffer : int or (int, int)
        Rows and columns around a tile that the function sees too, where the raster has them. Its results there are cut
        off.
    **arguments
        Further arguments for `fun`, by name.

    Returns
    -------
    SpatRaster
        A raster that reads the tiles, from temporary files that go away with it.

    Raises
    ------
    UDFError
        Where the function gives anything but a raster, one that does not cover its tile, or tiles that do not fit
        together: of other cells, another CRS, more or fewer layers, or other classes for a value.
    SinkError
        Where no temporary folder can be made.

    See Also
    --------
    tile_apply : Does the same with several workers, in a folder that can be kept, and goes on where it stood.

    Notes
    -----
    The verbs work block by block by themselves. This is for functions that hold all values of their raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=4, ncols=6, vals=range(24))
    >>> pt.chunk(r, lambda tile, more: tile.sum() + more, 100, n=3).values(drop=True)[:4]
    array([100., 101., 102., 103.])
    """
    function, chunks = function_of(fun, arguments, "chunk"), Chunks(x, n, buffer)
    for i in range(len(chunks)):
        chunks.take(i, function(chunks.seen(i), *args), function.name)
    return chunks.joined()


class Chunks:
    """The tiles of a raster, for a function one after the other; what it gave goes away with this, or with the result."""

    def __init__(self, x: SpatRaster, n: int | Sequence[int] | None, buffer: int | Sequence[int]) -> None:
        grid, size = node_of(x, "chunk").grid, pair(SIDE if n is None else n, "chunk: n", 1)
        margins = pair(buffer, "chunk: buffer", 0)
        extents = tiles_of_cells(grid, *size)
        self._tiles = [Tile(f"c{i}", (e.xmin, e.xmax, e.ymin, e.ymax)) for i, e in enumerate(extents)]
        folder = temporary_folder("chunk")
        self._unfinished = when_gone(self, shutil.rmtree, str(folder), True)
        self._pieces = Pieces(x, margins, str(folder), "chunk")

    def __len__(self) -> int:
        return len(self._tiles)

    def seen(self, number: int) -> SpatRaster:
        """A tile with its margins."""
        return self._pieces.seen(self._tiles[number])

    def take(self, number: int, result: Any, function: str) -> None:
        """What a function gave of a tile."""
        self._pieces.take(self._tiles[number], result, function)

    def joined(self) -> SpatRaster:
        """The raster of all of them."""
        made = goes_with(self._pieces.joined(self._tiles), self._pieces.folder)
        self._unfinished.detach()
        return made
