"""Raster files that are complete and verified, or not there.

A path that is written with `SafeRaster` holds what it held before or the whole new result; any other end is
an exception that names file, window and cause. GDAL alone does not give this: on a full disk it may report
success, and a writer that is killed leaves a file that opens and reads as zeros.
"""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, SinkError, WriteError
from pyterra.grid import Window
from pyterra.io.gathered import Gathered
from pyterra.io.raster import cog
from pyterra.io.raster.cog import own_layout
from pyterra.io.raster.cog_join import Piece
from pyterra.io.raster.cog_layout import Chunk, Level, changed_chunks
from pyterra.io.raster.copied import Copied
from pyterra.io.raster.deflated import DeflatedTiles, Inflated
from pyterra.io.raster.gdal import cache_bytes, environment, failures, gdal_threads
from pyterra.io.raster.gdal_log import gdal_errors
from pyterra.io.raster.overviews import Blank, Making, Passed, overview_count
from pyterra.io.raster.wide_nodata import describe_with_nodata, take_wide_nodata
from pyterra.io.safe import swap
from pyterra.io.safe.aside import giving_up
from pyterra.io.safe.parts import Output, check_free_space, flush_to_disk
from pyterra.io.safe.places import path_text
from pyterra.io.safe.verify import Digests, to_verify
from pyterra.options import VerifyMode

AT_ONCE_BYTES = 4 * 2**20
"""Bytes that GDAL gets at once, if tiles are not larger: what compresses most does some 5 MB in a second."""
FEW_TILES = 4096
"""Up to so many tiles, a sample is one of tiles; of a larger raster it is one of pieces as they came."""
_LOSSY = ("JPEG", "WEBP", "JXL", "LERC", "JPEG2000")


class _Piece(NamedTuple):
    """A rectangle of some bands: tiles that were written at once."""

    row: int
    col: int
    nrow: int
    ncol: int
    bands: tuple[int, ...]

    def __str__(self) -> str:
        return f"rows {self.row}..{self.row + self.nrow - 1}, columns {self.col}..{self.col + self.ncol - 1}"


class SafeRaster:
    """A GeoTIFF or COG being written; nothing is seen of it before `commit` or `commit_cog`.

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
    cog : mapping, optional
        For a COG, see `commit_cog`: creation options of GDAL's COG driver (``compress level predictor blocksize`` ...),
        which take the place of those of the profile.
    overviews : str
        Of a COG: "average" for measured values, "mode" or "nearest" for classes, or another way of GDAL's.
    filled : int, optional
        How many cells will be written, of each band; by default all. A warning says where they may need more than the
        disk has free.

    Attributes
    ----------
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
        cog: Mapping[str, Any] | None = None,
        overviews: str = "average",
        filled: int | None = None,
    ) -> None:
        if verify not in ("full", "sample", "off"):
            raise ArgumentError(f'write: verify must be "full", "sample" or "off", got {verify!r}')
        self._verify, self._overviews = verify, overviews
        self._profile = {"bigtiff": "IF_SAFER", **{key.lower(): value for key, value in profile.items()}}
        self._profile["driver"] = "GTiff"
        if "num_threads" in self._profile:
            self._profile["num_threads"] = gdal_threads(self._profile["num_threads"])
        self._dtype = np.dtype(self._profile["dtype"])
        self._count = int(self._profile["count"])
        self._cog = cog
        self._layout = None if cog is None else own_layout(cog, self._profile["dtype"], self._count)
        if self._layout is not None:
            kept = {key: value for key, value in self._profile.items() if key in _KEPT_IN_COG}
            self._profile = {**kept, **self._layout.creation}
        self.interleaved = str(self._profile.get("interleave", "pixel")).lower() == "pixel"
        self._wide_nodata = take_wide_nodata(self._profile)
        if self._layout is not None and self._wide_nodata is not None:
            self._profile["sparse_ok"] = (
                False  # what is not stored would be 0 and become missing with the code
            )
        self._digests: Digests[_Piece] = Digests(verify)
        self._dataset: Any = None
        self._deflated: DeflatedTiles | None = None
        self._passed: Passed | None = None
        swap.look_after(Path(os.path.realpath(path_text(path, "write", SinkError))), "write")
        self._output = Output(path, overwrite=overwrite)
        self.path = self._output.path
        swap.complete(self.path)
        self._part = self._output.part(".tif")
        height, width = int(self._profile["height"]), int(self._profile["width"])
        try:
            cells = height * width if filled is None else filled
            check_free_space(self.path, self._count * cells * self._dtype.itemsize)
            self._open("w", **self._profile)
            with self.editing() as dataset:
                self.tile: tuple[int, int] = dataset.block_shapes[0]
            if self._layout is not None and self._layout.deflates:
                self._deflated = DeflatedTiles(
                    self._output.part(".tiles"),
                    (self._count, height, width),
                    self.tile,
                    int(self._profile.get("nodata") or 0),
                    int(self._profile.get("num_threads", 1)),
                )
        except BaseException:
            self.abort()
            raise
        self._gathered = Gathered(
            self._write_tiles,
            self._count,
            self._dtype,
            (height, width),
            self.tile,
            together=self.interleaved,
            memory=cache_bytes(),
        )
        if self._has_overviews:
            self._passed = Passed(
                self._count,
                (height, width),
                self.tile,
                self._dtype,
                self._making(),
                together=self.interleaved,
                memory=cache_bytes(),
            )

    @property
    def _has_overviews(self) -> bool:
        """Whether overviews are made here."""
        if self._layout is None or self._overviews not in cog.OVERVIEWS:
            return False
        shape = int(self._profile["height"]), int(self._profile["width"])
        return overview_count(shape, self.tile, self._layout.most) > 0

    def _making(self) -> Making:
        """How overviews are made, by what is known now."""
        assert self._layout is not None
        code = self._profile.get("nodata") if self._wide_nodata is None else self._wide_nodata
        return self._layout.making(self._overviews, code, lambda: self._output.part(".tif"), self._verify)

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
        piece = _Piece(*window, tuple(range(self._count)))
        expected = (self._count, piece.nrow, piece.ncol)
        if array.dtype != self._dtype or array.shape != expected:
            raise ArgumentError(
                f"write: {piece} takes {self._dtype} of shape {expected}, got {array.dtype} of {array.shape}"
            )
        self._gathered.put(Window(*window), array)

    def _write_tiles(self, window: Window, numbers: NDArray[Any], layers: range) -> None:
        """Write whole tiles."""
        piece = _Piece(window.row, window.col, window.nrow, window.ncol, tuple(layers))
        numbers = np.ascontiguousarray(numbers)
        # An environment of GDAL takes a millisecond, which is long for a tile that is compressed here.
        with self._watched(str(piece)) if self._deflated is None else self._told(str(piece)):
            for part, values in self._in_turn(piece, numbers):
                if self._deflated is not None:
                    self._deflated.put(part.row, part.col, values, part.bands)
                else:
                    self._write_by_gdal(part, values)
            if self._passed is not None and len(layers) == self._count:
                self._passed.take(window, numbers)
            else:  # of some bands at a time the first overview is made of the finished file
                self._drop_passed()
        end = int(self._profile["height"]), int(self._profile["width"])
        for part, values in self._looked_at(piece, numbers):
            self._digests.add(part, values, last=(part.row + part.nrow, part.col + part.ncol) == end)

    def _drop_passed(self) -> None:
        if self._passed is not None:
            self._passed.close()
            self._passed = None

    def _write_by_gdal(self, piece: _Piece, values: NDArray[Any]) -> None:
        self._dataset.write(values, indexes=[b + 1 for b in piece.bands], window=_rasterio_window(piece))

    def _looked_at(self, piece: _Piece, array: NDArray[Any]) -> Iterator[tuple[_Piece, NDArray[Any]]]:
        """The parts of a piece that are read back or not: its tiles, or all of it where there are many pieces."""
        (tall, wide), bottom, right = self.tile, piece.row + piece.nrow, piece.col + piece.ncol
        height, width = (
            -(-int(self._profile[side]) // size)
            for side, size in zip(("height", "width"), self.tile, strict=True)
        )
        if self._verify == "full" or height * width > FEW_TILES:
            yield piece, array
            return
        for row in range(piece.row // tall * tall, bottom, tall):
            for col in range(piece.col // wide * wide, right, wide):
                top, left = max(row, piece.row), max(col, piece.col)
                part = _Piece(
                    top, left, min(row + tall, bottom) - top, min(col + wide, right) - left, piece.bands
                )
                y, x = top - piece.row, left - piece.col
                yield part, array[:, y : y + part.nrow, x : x + part.ncol]

    def _in_turn(self, piece: _Piece, array: NDArray[Any]) -> Iterator[tuple[_Piece, NDArray[Any]]]:
        """The parts of a piece that GDAL gets one after the other: Ctrl-C waits while one is compressed."""
        together = len(piece.bands) if self.interleaved else 1
        height, row_bytes = self.tile[0], together * piece.ncol * array.dtype.itemsize
        rows = max(1, AT_ONCE_BYTES // (row_bytes * height)) * height
        cuts = [piece.row, *range((piece.row // rows + 1) * rows, piece.row + piece.nrow, rows)]
        for first in range(0, len(piece.bands), together):
            for row, stop in zip(cuts, [*cuts[1:], piece.row + piece.nrow], strict=True):
                bands = slice(first, first + together)
                part = _Piece(row, piece.col, stop - row, piece.ncol, piece.bands[bands])
                yield part, array[bands, row - piece.row : stop - piece.row]

    @contextmanager
    def editing(self) -> Iterator[Any]:
        """Give the open rasterio dataset for tags, names, colour tables, scales, units.

        What GDAL signals meanwhile as an error is raised as `WriteError`.
        """
        with self._watched("metadata"):
            yield self._dataset

    def set_nodata(self, code: float | int | None) -> None:
        """Give the file a code for missing that it did not have from the start."""
        self._drop_passed()
        settled = {"nodata": code, "dtype": self._dtype}
        self._wide_nodata = take_wide_nodata(settled)
        if "nodata" in settled:
            self._profile["nodata"] = code
            with self.editing() as dataset:
                dataset.nodata = code

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
        self._output.publish(result)
        self._output.close()

    @property
    def layout(self) -> cog.Layout | None:
        """How the COG is written; None where GDAL's driver does that."""
        return self._layout

    def commit_cog(self, *, blank: Blank | None = None, pieces: Sequence[Piece] = ()) -> None:
        """Make the overviews of the file, lay it out as a COG, verify that, and put it in place.

        Tiles are copied as they are compressed. What only GDAL does (lossy compression, its tiling schemes, averages
        of colours) is left to its driver.

        Parameters
        ----------
        blank : Blank, optional
            Tiles that were not written and hold one number: they are compressed once.
        pieces : sequence of Piece
            Files whose tiles are copied; nothing else is written then.
        """
        self._finish()
        result = self._output.part(".tif")
        with self._watched("the COG"):
            own = self._layout is not None and not cog.needs_gdal(self._part, self._overviews)
        if (blank is not None or pieces) and not own:
            raise ArgumentError(f"write: {self.path}: GDAL's driver makes this COG, and it copies no tiles")
        chunks = self._lay_out(result, blank, pieces) if own else self._copy_to_cog(result)
        with self._watched("the COG"):
            self._copy_side_file(result)
            problems = cog.cog_problems(result)
        if self._layout is not None and self._layout.most == 0:
            problems = [problem for problem in problems if problem != cog.NO_OVERVIEWS]  # as was asked for
        if problems:
            raise WriteError(f"write: {self.path} would not be a valid COG: {'; '.join(problems)}")
        self._read_back(result, lossy=_is_lossy(self._cog or {}))
        with self._watched("reading back"):
            for chunk in changed_chunks(result, to_verify(chunks, self._verify)):
                raise WriteError(f"write: {self.path}, bytes from {chunk.offset}: what was read back differs")
        if pieces:
            self._read_some(result)
        self._output.publish(result)
        self._output.close()

    def _read_some(self, result: Path) -> None:
        """Read tiles that were copied and never seen: as many as `verify` asks for."""
        import rasterio

        level = Level.of(result)
        (height, width), (tall, wide) = level.directory.shape, level.directory.tile
        with self._watched("reading back"), rasterio.open(result, driver="GTiff", sharing=False) as raster:
            for row, col in to_verify(np.argwhere(level.stored).tolist(), self._verify):
                size = min(tall, height - row * tall), min(wide, width - col * wide)
                piece = _Piece(row * tall, col * wide, *size, (0,))
                with self._no_failures(f"{piece}, reading back"):
                    raster.read(window=_rasterio_window(piece))

    def _lay_out(self, result: Path, blank: Blank | None, pieces: Sequence[Piece]) -> list[Chunk]:
        """Make a COG of the part file; checksums of what was written."""
        assert self._layout is not None
        nodata = None if self._wide_nodata is None else str(self._wide_nodata)
        written = (None, None) if pieces else (self._deflated, self._passed)
        with self._watched("the COG"):
            return self._layout.write(self._part, result, self._making(), nodata, blank, pieces, *written)

    def _copy_to_cog(self, result: Path) -> list[Chunk]:
        """Let GDAL make a COG of the part file, once that is known to be whole."""
        if self._deflated is not None:
            self._hand_to_gdal(self._deflated.level(Level.of(self._part).directory))
        self._read_back(self._part)
        copy = partial(cog.copy_to_cog, self._source(), result, self._cog or {}, self._overviews)
        self._giving_up("the COG", copy, result)
        return []

    def _hand_to_gdal(self, level: Level) -> None:
        """Give the part file tiles that were compressed beside it."""
        self._open("r+")
        (tall, wide), (height, width) = self.tile, level.directory.shape
        tiles = Inflated(level, 0)
        try:
            with self._watched("the COG"):
                for band, row, col in np.argwhere(level.counts.reshape(level.directory.tiles)).tolist():
                    size = min(tall, height - row * tall), min(wide, width - col * wide)
                    piece = _Piece(row * tall, col * wide, *size, (band,))
                    self._write_by_gdal(piece, tiles.read(row, col, piece.bands, size))
        finally:
            tiles.close()
            self._close()

    def commit_as(self, kind: Copied) -> None:
        """Verify the file, copy it to another format, verify that too, and put it in place with what belongs to it."""
        self._finish()
        self._read_back(self._part)
        result = self._output.folder() / self.path.name
        self._giving_up(str(kind.record), partial(kind.make, self._source(), result), result)
        self._compared(kind, self._part, result, [Window(*piece[:4]) for piece in self._digests])
        with self._output.completing():
            swap.publish(self._output, result, kind.record.beside)
        self._output.close()

    def try_as(self, kind: Copied, describe: Callable[[Path, Any], None]) -> list[str]:
        """Copy a small raster like this one to another format; what of its layers and CRS is not kept, in words.

        Parameters
        ----------
        kind : Copied
        describe : callable
            Says of an open dataset, and of its file, what is to be said of the layers.

        Raises
        ------
        WriteError
            Where the format cannot hold such a raster.
        OutputExistsError
            Where files that belong to others would be replaced.
        """
        import rasterio

        folder = self._output.folder()
        small, result = folder / "small.tif", folder / self.path.name
        window, values = self._few_values()
        with self._watched(str(kind.record)):
            with rasterio.open(small, "w", **_small(self._profile, window)) as dataset:
                describe(small, dataset)
                dataset.write(values)
            kind.make(small, result)
        lost = self._compared(kind, small, result, [window])
        with self._output.completing():
            made = {path.name for path in folder.iterdir()}
            shutil.rmtree(folder)
        self._output.check_beside(name for name in made if not name.startswith(("small.", self.path.name)))
        return lost

    def _compared(self, kind: Copied, source: Path, result: Path, places: Sequence[Window]) -> list[str]:
        try:
            with environment():
                return kind.compared(source, result, places)
        except (SinkError, OSError) as error:
            text = str(error).replace(str(result), "the file").replace(str(source), "the file")
            raise WriteError(f"write: {self.path}, {kind.record}: {text.removeprefix('rast: ')}") from error

    def _few_values(self) -> tuple[Window, NDArray[Any]]:
        """A corner of the raster, and numbers for it: fractions where there are any, and missing cells."""
        rows, cols = (min(int(self._profile[side]), 16) for side in ("height", "width"))
        values = np.arange(rows * cols).reshape(1, rows, cols) % 100
        scaled = values / 3 if self._dtype.kind == "f" else values
        numbers = np.repeat(scaled.astype(self._dtype), self._count, axis=0)
        if self._profile.get("nodata") is not None:
            numbers[:, -1, -1] = self._profile["nodata"]
        return Window(0, 0, rows, cols), numbers

    def _copy_side_file(self, result: Path) -> None:
        """Give a copy the side file of the part: which tables GDAL copies by itself depends on its version."""
        side = Path(f"{self._part}.aux.xml")
        if side.exists():
            shutil.copyfile(side, f"{result}.aux.xml")

    def abort(self) -> None:
        """Discard everything that was written; the path keeps what it held. Harmless after a commit."""
        try:
            if self._dataset is not None:
                dataset, self._dataset = self._dataset, None
                with gdal_errors():  # blocks that can no longer be flushed are of no interest now
                    dataset.close()
            if self._deflated is not None:
                self._deflated.close()
            self._drop_passed()
        finally:
            self._output.close()

    def __enter__(self) -> SafeRaster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

    def _open(self, mode: str, **profile: Any) -> None:
        import rasterio

        with self._watched("the header"):
            self._dataset = rasterio.open(self._part, mode, **profile)

    def _close(self) -> None:
        dataset, self._dataset = self._dataset, None
        with self._watched("closing"):
            dataset.close()

    def _finish(self) -> None:
        if self._dataset is None:
            raise ArgumentError(f"write: {self.path} was committed or aborted before")
        code = self._profile.get("nodata") if self._wide_nodata is None else self._wide_nodata
        self._gathered.finish(0 if code is None else code)
        self._close()

    def _giving_up(self, what: str, call: Callable[[], None], result: Path) -> None:
        """Make a long call of GDAL that reads the part file and makes `result`, which Ctrl-C ends."""

        def watched() -> None:
            with self._watched(what):
                call()

        def files() -> Iterator[Path]:
            yield self._part
            yield from result.parent.glob(f"{glob.escape(result.name)}*")

        giving_up(watched, files)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Give an environment of GDAL in which its failures become `WriteError`."""
        from rasterio.errors import EnvError

        settings = environment()
        settings.__enter__()
        try:
            with self._no_failures(what):
                yield
        finally:
            # An interrupt that falls into rasterio's own bookkeeping must come out as an interrupt.
            with suppress(EnvError):
                settings.__exit__()

    @contextmanager
    def _no_failures(self, what: str) -> Iterator[None]:
        """Turn errors of rasterio, and those that GDAL only logs, into `WriteError`."""
        with gdal_errors() as lost, self._told(what, lost):
            yield
        if lost:
            raise WriteError(f"write: {self.path}, {what}: {lost[0]}")

    @contextmanager
    def _told(self, what: str, lost: Sequence[str] = ()) -> Iterator[None]:
        """Turn errors of rasterio and of the disk into `WriteError`, with the first of GDAL's words if there are any."""
        try:
            yield
        except SinkError:
            raise
        except failures(OSError) as error:
            cause = lost[0] if lost else error.__cause__ or error
            raise WriteError(f"write: {self.path}, {what}: {cause}") from error

    def _read_back(self, part: Path, *, lossy: bool | None = None) -> None:
        """Flush a file to the disk, read it with a fresh handle, and compare digests."""
        import rasterio

        lossy = _is_lossy(self._profile) if lossy is None else lossy
        threads = {"num_threads": self._profile["num_threads"]} if "num_threads" in self._profile else {}
        with self._watched("reading back"):
            flush_to_disk(part)
            with rasterio.open(part, driver="GTiff", sharing=False, **threads) as raster:
                for piece in self._digests:
                    with self._no_failures(f"{piece}, reading back"):
                        found = raster.read([b + 1 for b in piece.bands], window=_rasterio_window(piece))
                    if not lossy and self._digests.differ(piece, found):
                        raise WriteError(f"write: {self.path}, {piece}: what was read back differs")

    def _source(self) -> Path:
        """The verified part file, or a virtual raster over it that carries a wide nodata value."""
        if self._wide_nodata is None:
            return self._part
        virtual = self._output.part(".vrt")
        with self._watched("nodata"):
            describe_with_nodata(self._part, self._wide_nodata, virtual)
        return virtual


_NOT_CREATION = {"driver", "width", "height", "count", "dtype", "crs", "transform", "nodata"}
_KEPT_IN_COG = {*_NOT_CREATION, "photometric", "num_threads", "gcps", "rpcs"}
"""Entries of a profile that creation options of a COG leave as they are."""


def _creation(profile: Mapping[str, Any]) -> dict[str, str]:
    """The creation options among the entries of a profile."""
    return {key.upper(): str(value) for key, value in profile.items() if key not in _NOT_CREATION}


def _small(profile: Mapping[str, Any], window: Window) -> dict[str, Any]:
    """The profile of a small raster of the same kind."""
    kept = {key: value for key, value in profile.items() if key in _NOT_CREATION}
    return {**kept, "height": window.nrow, "width": window.ncol}


def _is_lossy(options: Mapping[str, Any]) -> bool:
    given = {key.lower(): str(value).upper() for key, value in options.items()}
    return given.get("compress", "").startswith(_LOSSY) or "discard_lsb" in given


def _rasterio_window(piece: _Piece) -> Any:
    from rasterio.windows import Window

    return Window(piece.col, piece.row, piece.ncol, piece.nrow)
