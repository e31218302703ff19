"""Raster files that are complete and verified, or not there.

A path that is written with `SafeRaster` holds what it held before or the whole new result; any other end is
an exception that names file, window and cause. GDAL alone does not give this: on a full disk it may report
success, and a writer that is killed leaves a file that opens and reads as zeros.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, SinkError
from pyterra.grid import Window
from pyterra.io.gathered import Gathered
from pyterra.io.raster.copied import Copied
from pyterra.io.raster.gdal import cache_bytes, gdal_threads
from pyterra.io.raster.gdal_log import gdal_errors
from pyterra.io.raster.wide_nodata import describe_with_nodata, take_wide_nodata
from pyterra.io.safe import swap, trial
from pyterra.io.safe.aside import giving_up
from pyterra.io.safe.parts import Output, check_free_space
from pyterra.io.safe.pieces import Parts, Piece, in_turn, read_back, tiles_of
from pyterra.io.safe.places import path_text
from pyterra.io.safe.verify import Digests
from pyterra.io.safe.watch import Watch
from pyterra.options import VerifyMode

FEW_TILES = 4096
"""Up to so many tiles, a sample is one of tiles; of a larger raster it is one of pieces as they came."""
_LOSSY = ("JPEG", "WEBP", "JXL", "LERC", "JPEG2000")


class SafeRaster:
    """A GeoTIFF being written; nothing is seen of it before `commit`.

    Leaving the ``with`` block without a commit discards everything. Methods may be called from any thread,
    one at a time.

    Parameters
    ----------
    path : str or path-like
        The file to write; it may be one of the inputs, which stays as it is until the commit.
    profile : mapping
        What `rasterio.open` takes: ``width height count dtype crs transform nodata`` and creation options.
        ``driver`` is GTiff, and ``bigtiff`` is IF_SAFER unless given.
    overwrite : bool
        Whether an existing file may be replaced.
    verify : {"full", "sample", "off"}
        How much is read back and compared with what was written. "sample" takes one tile in sixteen, at
        least four, the first and the last among them; of large rasters, one piece in sixteen. With lossy
        compression, reading without an error is all that can be asked.
    filled : int, optional
        How many cells will be written, of each band; by default all. A warning says where they may need more than the
        disk has free.

    Attributes
    ----------
    path : Path
        The file that is meant.
    tile : (int, int)
        Rows and columns of the tiles, or strips, of the file.
    interleaved : bool
        Whether a tile holds all bands.

    Raises
    ------
    OutputExistsError, OutputLockedError, SinkError
        At once, before anything is computed.

    Examples
    --------
    >>> profile = {"width": 4, "height": 2, "count": 1, "dtype": "uint8"}
    >>> with SafeRaster("result.tif", profile) as raster:  # doctest: +SKIP
    ...     raster.write((0, 0, 2, 4), np.ones((1, 2, 4), "uint8"))
    ...     raster.commit()
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        profile: Mapping[str, Any],
        *,
        overwrite: bool = False,
        verify: VerifyMode = "full",
        filled: int | None = None,
    ) -> None:
        if verify not in ("full", "sample", "off"):
            raise ArgumentError(f'write: verify must be "full", "sample" or "off", got {verify!r}')
        self._verify = verify
        self._profile = {"bigtiff": "IF_SAFER", **{key.lower(): value for key, value in profile.items()}}
        self._profile["driver"] = "GTiff"
        if "num_threads" in self._profile:
            self._profile["num_threads"] = gdal_threads(self._profile["num_threads"])
        self._dtype = np.dtype(self._profile["dtype"])
        self._count = int(self._profile["count"])
        self._shape = int(self._profile["height"]), int(self._profile["width"])
        self.interleaved = str(self._profile.get("interleave", "pixel")).lower() == "pixel"
        self._wide_nodata = take_wide_nodata(self._profile)
        self._digests: Digests[Piece] = Digests(verify)
        self._dataset: Any = None
        swap.look_after(Path(os.path.realpath(path_text(path, "write", SinkError))), "write")
        self._output = Output(path, overwrite=overwrite)
        self.path = self._output.path
        self._watch = Watch(self.path)
        swap.complete(self.path)
        self._part = self._output.part(".tif")
        try:
            cells = self._shape[0] * self._shape[1] if filled is None else filled
            check_free_space(self.path, self._count * cells * self._dtype.itemsize)
            self._open("w", **self._profile)
            with self.editing() as dataset:
                self.tile: tuple[int, int] = dataset.block_shapes[0]
            self._prepare()
        except BaseException:
            self.abort()
            raise
        self._gathered = Gathered(
            self._write_tiles,
            self._count,
            self._dtype,
            self._shape,
            self.tile,
            together=self.interleaved,
            memory=cache_bytes(),
        )

    def _prepare(self) -> None:
        """Do what else is to be done before the first tile comes."""

    @property
    def part(self) -> Path:
        """The part file; a side file such as ``.aux.xml`` put beside it is carried along by the commit."""
        return self._part

    def write(self, window: tuple[int, int, int, int], array: NDArray[Any]) -> None:
        """Write a rectangle of cells.

        Windows must not overlap. Parts of tiles are written when the tile is complete, at the latest by the commit; cells
        that never came are missing then, or 0.

        Parameters
        ----------
        window : tuple of int
            First row, first column, number of rows, number of columns.
        array : ndarray of shape (band, row, col)
            Stored values of all bands, of the file's datatype.
        """
        piece = Piece(*window, tuple(range(self._count)))
        expected = (self._count, piece.nrow, piece.ncol)
        if array.dtype != self._dtype or array.shape != expected:
            raise ArgumentError(
                f"write: {piece} takes {self._dtype} of shape {expected}, got {array.dtype} of {array.shape}"
            )
        self._gathered.put(Window(*window), array)

    def _write_tiles(self, window: Window, numbers: NDArray[Any], layers: range) -> None:
        """Write whole tiles."""
        piece = Piece(window.row, window.col, window.nrow, window.ncol, tuple(layers))
        numbers = np.ascontiguousarray(numbers)
        self._take(piece, numbers)
        for part, values in self._looked_at(piece, numbers):
            end = part.row + part.nrow, part.col + part.ncol
            self._digests.add(part, values, last=end == self._shape)

    def _take(self, piece: Piece, numbers: NDArray[Any]) -> None:
        with self._watch.gdal(str(piece)):
            for part, values in in_turn(piece, numbers, self.tile, together=self.interleaved):
                self._write_by_gdal(part, values)

    def _write_by_gdal(self, piece: Piece, values: NDArray[Any]) -> None:
        self._dataset.write(values, **piece.place)

    def _looked_at(self, piece: Piece, numbers: NDArray[Any]) -> Parts:
        """The parts of a piece that are read back or not: its tiles, or all of it where there are many pieces."""
        tiles = [-(-side // size) for side, size in zip(self._shape, self.tile, strict=True)]
        if self._verify == "full" or tiles[0] * tiles[1] > FEW_TILES:
            return iter([(piece, numbers)])
        return tiles_of(piece, numbers, self.tile)

    @contextmanager
    def editing(self) -> Iterator[Any]:
        """Give the open rasterio dataset for tags, names, colour tables, scales, units.

        What GDAL signals meanwhile as an error is raised as `WriteError`.
        """
        with self._watch.gdal("metadata"):
            yield self._dataset

    def set_nodata(self, code: float | int | None) -> None:
        """Give the file a code for missing that it did not have from the start."""
        settled = {"nodata": code, "dtype": self._dtype}
        self._wide_nodata = take_wide_nodata(settled)
        if "nodata" in settled:
            self._profile["nodata"] = code
            with self.editing() as dataset:
                dataset.nodata = code

    @property
    def _nodata(self) -> float | int | None:
        """The code for missing, by what is known now."""
        code: float | int | None = self._profile.get("nodata")
        return code if self._wide_nodata is None else self._wide_nodata

    def commit(self) -> None:
        """Verify the file, put it in place durably, and let the path go."""
        import rasterio.shutil

        self._finish()
        result = self._part
        if self._wide_nodata is not None:
            result = self._output.part(".tif")
            names = str(self._source()), str(result)
            copy = partial(rasterio.shutil.copy, *names, driver="GTiff", **_creation(self._profile))
            self._giving_up("nodata", copy, result)
        self._read_back(result)
        self._publish(result)

    def commit_as(self, kind: Copied) -> None:
        """Verify the file, copy it to another format, verify that too, and put it in place with what belongs to it."""
        self._finish()
        self._read_back(self._part)
        result = self._output.folder() / self.path.name
        self._giving_up(str(kind.record), partial(kind.make, self._source(), result), result)
        places = [Window(piece.row, piece.col, piece.nrow, piece.ncol) for piece in self._digests]
        trial.compared(kind, self._part, result, places, self._watch)
        with self._output.completing():
            swap.publish(self._output, result, kind.record.beside)
        self._output.close()

    def try_as(self, kind: Copied, describe: Callable[[Path, Any], None]) -> list[str]:
        """Copy a small raster like this one to another format; what is not kept, in words. As `trial.tried`."""
        return trial.tried(kind, describe, self._profile, self._output, self._watch)

    def abort(self) -> None:
        """Discard everything that was written; the path keeps what it held. Harmless after a commit."""
        try:
            if self._dataset is not None:
                dataset, self._dataset = self._dataset, None
                with suppress(OSError), gdal_errors():  # what can no longer be flushed is of no interest now
                    dataset.close()
        finally:
            self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

    def _open(self, mode: str, **profile: Any) -> None:
        import rasterio

        with self._watch.gdal("the header"):
            self._dataset = rasterio.open(self._part, mode, **profile)

    def _close(self) -> None:
        dataset, self._dataset = self._dataset, None
        with self._watch.gdal("closing"):
            dataset.close()

    def _finish(self) -> None:
        """Write what waits, and close the part file."""
        if self._dataset is None:
            raise ArgumentError(f"write: {self.path} was committed or aborted before")
        self._gathered.finish(0 if self._nodata is None else self._nodata)
        self._close()

    def _publish(self, result: Path) -> None:
        self._output.publish(result)
        self._output.close()

    def _giving_up(self, what: str, call: Callable[[], None], result: Path) -> None:
        """Make a long call of GDAL that reads the part file and makes `result`, which Ctrl-C ends."""

        def watched() -> None:
            with self._watch.gdal(what):
                call()

        def files() -> Iterator[Path]:
            yield self._part
            yield from result.parent.glob(f"{glob.escape(result.name)}*")

        giving_up(watched, files)

    def _read_back(self, part: Path, *, lossy: bool | None = None) -> None:
        """Compare a file with what was written."""
        lossy = is_lossy(self._profile) if lossy is None else lossy
        threads = {"num_threads": self._profile["num_threads"]} if "num_threads" in self._profile else {}
        read_back(part, self._digests, self._watch, lossy=lossy, **threads)

    def _source(self) -> Path:
        """The verified part file, or a virtual raster over it that carries a wide nodata value."""
        if self._wide_nodata is None:
            return self._part
        virtual = self._output.part(".vrt")
        with self._watch.gdal("nodata"):
            describe_with_nodata(self._part, self._wide_nodata, virtual)
        return virtual


def _creation(profile: Mapping[str, Any]) -> dict[str, str]:
    """The creation options among the entries of a profile."""
    return {key.upper(): str(value) for key, value in profile.items() if key not in trial.OF_THE_RASTER}


def is_lossy(options: Mapping[str, Any]) -> bool:
    """Whether values that are compressed by such options come back as others."""
    given = {key.lower(): str(value).upper() for key, value in options.items()}
    return given.get("compress", "").startswith(_LOSSY) or "discard_lsb" in given
