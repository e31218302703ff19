"""Rectangles of some bands of a raster file: what is written at once, and what is read back at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray

from pyterra.errors import WriteError
from pyterra.grid import Window
from pyterra.io.raster.lzw_tiles import tiles_of as lzw_tiles_of
from pyterra.io.safe.aside import begun
from pyterra.io.safe.fingerprint import fingerprint
from pyterra.io.safe.parts import flush_to_disk
from pyterra.io.safe.verify import Digests
from pyterra.io.safe.watch import Watch

AT_ONCE_BYTES = 4 * 2**20
"""Bytes that GDAL gets at once, if tiles are not larger: what compresses most does some 5 MB in a second."""


class Piece(NamedTuple):
    """A rectangle of some bands: tiles that were written at once."""

    row: int
    col: int
    nrow: int
    ncol: int
    bands: tuple[int, ...]

    def __str__(self) -> str:
        return f"rows {self.row}..{self.row + self.nrow - 1}, columns {self.col}..{self.col + self.ncol - 1}"

    @property
    def place(self) -> dict[str, Any]:
        """Where it lies, as rasterio's `read` and `write` take it."""
        from rasterio.windows import Window

        window = Window(self.col, self.row, self.ncol, self.nrow)
        return {"indexes": [band + 1 for band in self.bands], "window": window}


Parts = Iterator[tuple[Piece, NDArray[Any]]]
"""Pieces, and the numbers that stand in them."""


def reader_of(path: Path, dataset: Any) -> Callable[[Piece], NDArray[Any]]:
    """What reads pieces of a file that nobody writes: the decoder of the house where it can, else the open dataset."""
    name, layout = str(path), (dataset.shape, dataset.block_shapes[0], dataset.count, dataset.dtypes[0])
    own = lzw_tiles_of(name, fingerprint(name), *layout) if dataset.driver == "GTiff" else None

    def read(piece: Piece) -> NDArray[Any]:
        window = Window(piece.row, piece.col, piece.nrow, piece.ncol)
        found = None if own is None else own.read(piece.bands, window)
        return dataset.read(**piece.place) if found is None else found

    return read


def tiles_of(piece: Piece, numbers: NDArray[Any], tile: tuple[int, int]) -> Parts:
    """The tiles of a piece, each with all of its bands."""
    (tall, wide), bottom, right = tile, piece.row + piece.nrow, piece.col + piece.ncol
    for row in range(piece.row // tall * tall, bottom, tall):
        for col in range(piece.col // wide * wide, right, wide):
            top, left = max(row, piece.row), max(col, piece.col)
            part = Piece(top, left, min(row + tall, bottom) - top, min(col + wide, right) - left, piece.bands)
            y, x = top - piece.row, left - piece.col
            yield part, numbers[:, y : y + part.nrow, x : x + part.ncol]


def in_turn(piece: Piece, numbers: NDArray[Any], tile: tuple[int, int], *, together: bool) -> Parts:
    """The parts of a piece that GDAL gets one after the other: Ctrl-C waits while one is compressed.

    Parameters
    ----------
    piece : Piece
    numbers : ndarray of shape (band, row, col)
    tile : (int, int)
        Rows and columns of the tiles of the file.
    together : bool
        Whether a tile holds all bands.
    """
    count = len(piece.bands) if together else 1
    height, row_bytes = tile[0], count * piece.ncol * numbers.dtype.itemsize
    rows = max(1, AT_ONCE_BYTES // (row_bytes * height)) * height
    cuts = [piece.row, *range((piece.row // rows + 1) * rows, piece.row + piece.nrow, rows)]
    for first in range(0, len(piece.bands), count):
        for row, stop in zip(cuts, [*cuts[1:], piece.row + piece.nrow], strict=True):
            bands = slice(first, first + count)
            part = Piece(row, piece.col, stop - row, piece.ncol, piece.bands[bands])
            yield part, numbers[bands, row - piece.row : stop - piece.row]


def read_back(
    path: Path, digests: Digests[Piece], watch: Watch, *, lossy: bool, driver: str = "GTiff", **options: Any
) -> None:
    """Flush a file to the disk; meanwhile read it with a fresh handle, and compare what was written.

    Parameters
    ----------
    path : Path
    digests : Digests
        Of the pieces that are looked at.
    watch : Watch
    lossy : bool
        Whether reading without an error is all that can be asked.
    driver : str
        GDAL's name of the format.
    **options
        For `rasterio.open`.

    Raises
    ------
    WriteError
        Names the file and the first piece that differs.
    """
    import rasterio

    with watch.gdal("reading back"):
        flushed = begun(flush_to_disk, path)
        with rasterio.open(path, driver=driver, sharing=False, **options) as raster:
            read = reader_of(path, raster)
            for piece in digests:
                with watch.calls(f"{piece}, reading back"):
                    found = read(piece)
                if not lossy and digests.differ(piece, found):
                    raise WriteError(f"write: {watch.path}, {piece}: what was read back differs")
        flushed.wait()
