"""Cloud-Optimized GeoTIFFs that are complete and verified, or not there: as `safe_write`, with overviews."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, WriteError
from pyterra.grid import Window
from pyterra.io.raster import cog
from pyterra.io.raster.cog import Layout, own_layout
from pyterra.io.raster.cog_join import Piece as Joined
from pyterra.io.raster.cog_layout import Chunk, Level, changed_chunks
from pyterra.io.raster.deflated import DeflatedTiles, Inflated
from pyterra.io.raster.gdal import cache_bytes
from pyterra.io.raster.overviews import Blank, Making, Passed, overview_count
from pyterra.io.raster.wide_nodata import take_wide_nodata
from pyterra.io.safe.pieces import Piece, in_turn
from pyterra.io.safe.safe_write import SafeRaster, is_lossy
from pyterra.io.safe.trial import OF_THE_RASTER
from pyterra.io.safe.verify import to_verify
from pyterra.options import VerifyMode

_KEPT = {*OF_THE_RASTER, "photometric", "num_threads", "gcps", "rpcs"}
"""Entries of a profile that creation options of a COG leave as they are."""


class SafeCog(SafeRaster):
    """A COG being written; nothing is seen of it before `commit`.

    Parameters
    ----------
    path, profile, overwrite, verify, filled
        As of `SafeRaster`.
    cog : mapping
        Creation options of GDAL's COG driver (``compress level predictor blocksize`` ...), which take the place of those
        of the profile.
    overviews : str
        "average" for measured values, "mode" or "nearest" for classes, or another way of GDAL's.

    Examples
    --------
    >>> profile = {"width": 4, "height": 2, "count": 1, "dtype": "uint8"}
    >>> with SafeCog("result.tif", profile, cog={"compress": "deflate"}) as raster:  # doctest: +SKIP
    ...     raster.write((0, 0, 2, 4), np.ones((1, 2, 4), "uint8"))
    ...     raster.commit()
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        profile: Mapping[str, Any],
        *,
        cog: Mapping[str, Any],
        overviews: str = "average",
        overwrite: bool = False,
        verify: VerifyMode = "full",
        filled: int | None = None,
    ) -> None:
        self._cog, self._overviews = cog, overviews
        self._deflated: DeflatedTiles | None = None
        self._passed: Passed | None = None
        given = {key.lower(): value for key, value in profile.items()}
        self._layout = own_layout(cog, given["dtype"], int(given["count"]))
        if self._layout is not None:
            kept = {key: value for key, value in given.items() if key in _KEPT}
            given = {**kept, **self._layout.creation}
            if take_wide_nodata(dict(given)) is not None:
                given["sparse_ok"] = False  # what is not stored would be 0 and become missing with the code
        super().__init__(path, given, overwrite=overwrite, verify=verify, filled=filled)

    def _prepare(self) -> None:
        if self._layout is None:
            return
        if self._layout.deflates:
            self._deflated = DeflatedTiles(
                self._output.part(".tiles"),
                (self._count, *self._shape),
                self.tile,
                int(self._profile.get("nodata") or 0),
                int(self._profile.get("num_threads", 1)),
            )
        if self._overviews in cog.OVERVIEWS and overview_count(self._shape, self.tile, self._layout.most):
            self._passed = Passed(
                self._count,
                self._shape,
                self.tile,
                self._dtype,
                self._making(),
                together=self.interleaved,
                memory=cache_bytes(),
            )

    @property
    def layout(self) -> Layout | None:
        """How the COG is written; None where GDAL's driver does that."""
        return self._layout

    def _making(self) -> Making:
        """How overviews are made, by what is known now."""
        assert self._layout is not None
        return self._layout.making(
            self._overviews, self._nodata, lambda: self._output.part(".tif"), self._verify
        )

    def _take(self, piece: Piece, numbers: NDArray[Any]) -> None:
        # An environment of GDAL takes a millisecond, which is long for a tile that is compressed here.
        watched = self._watch.gdal if self._deflated is None else self._watch.disk
        with watched(str(piece)):
            for part, values in in_turn(piece, numbers, self.tile, together=self.interleaved):
                if self._deflated is None:
                    self._write_by_gdal(part, values)
                else:
                    self._deflated.put(part.row, part.col, values, part.bands)
            if self._passed is not None and len(piece.bands) == self._count:
                self._passed.take(Window(piece.row, piece.col, piece.nrow, piece.ncol), numbers)
            else:  # of some bands at a time the first overview is made of the finished file
                self._drop_passed()

    def _drop_passed(self) -> None:
        if self._passed is not None:
            self._passed.close()
            self._passed = None

    def set_nodata(self, code: float | int | None) -> None:
        """Give the file a code for missing that it did not have from the start."""
        self._drop_passed()
        super().set_nodata(code)

    def commit(self, *, blank: Blank | None = None, pieces: Sequence[Joined] = ()) -> None:
        """Make the overviews of the file, lay it out as a COG, verify that, and put it in place.

        Tiles are copied as they are compressed. What only GDAL does (lossy compression, its tiling schemes, averages
        of colours) is left to its driver.

        Parameters
        ----------
        blank : Blank, optional
            Tiles that were not written and hold one number: they are compressed once.
        pieces : sequence of cog_join.Piece
            Files whose tiles are copied; nothing else is written then.
        """
        self._finish()
        result = self._output.part(".tif")
        with self._watch.gdal("the COG"):
            own = self._layout is not None and not cog.needs_gdal(self._part, self._overviews)
        if (blank is not None or pieces) and not own:
            raise ArgumentError(f"write: {self.path}: GDAL's driver makes this COG, and it copies no tiles")
        chunks = self._lay_out(result, blank, pieces) if own else self._copy_to_cog(result)
        with self._watch.gdal("the COG"):
            self._copy_side_file(result)
            problems = cog.cog_problems(result)
        if self._layout is not None and self._layout.most == 0:
            problems = [problem for problem in problems if problem != cog.NO_OVERVIEWS]  # as was asked for
        if problems:
            raise WriteError(f"write: {self.path} would not be a valid COG: {'; '.join(problems)}")
        self._read_back(result, lossy=is_lossy(self._cog))
        with self._watch.gdal("reading back"):
            for chunk in changed_chunks(result, to_verify(chunks, self._verify)):
                raise WriteError(f"write: {self.path}, bytes from {chunk.offset}: what was read back differs")
        if pieces:
            self._read_some(result)
        self._publish(result)

    def _read_some(self, result: Path) -> None:
        """Read tiles that were copied and never seen: as many as `verify` asks for."""
        import rasterio

        level = Level.of(result)
        (height, width), (tall, wide) = level.directory.shape, level.directory.tile
        with (
            self._watch.gdal("reading back"),
            rasterio.open(result, driver="GTiff", sharing=False) as raster,
        ):
            for row, col in to_verify(np.argwhere(level.stored).tolist(), self._verify):
                size = min(tall, height - row * tall), min(wide, width - col * wide)
                piece = Piece(row * tall, col * wide, *size, tuple(range(raster.count)))
                with self._watch.calls(f"{piece}, reading back"):
                    raster.read(**piece.place)

    def _lay_out(self, result: Path, blank: Blank | None, pieces: Sequence[Joined]) -> list[Chunk]:
        """Make a COG of the part file; checksums of what was written."""
        assert self._layout is not None
        nodata = None if self._wide_nodata is None else str(self._wide_nodata)
        written = (None, None) if pieces else (self._deflated, self._passed)
        with self._watch.gdal("the COG"):
            return self._layout.write(self._part, result, self._making(), nodata, blank, pieces, *written)

    def _copy_to_cog(self, result: Path) -> list[Chunk]:
        """Let GDAL make a COG of the part file, once that is known to be whole."""
        if self._deflated is not None:
            self._hand_to_gdal(self._deflated.level(Level.of(self._part).directory))
        self._read_back(self._part)
        copy = partial(cog.copy_to_cog, self._source(), result, self._cog, self._overviews)
        self._giving_up("the COG", copy, result)
        return []

    def _hand_to_gdal(self, level: Level) -> None:
        """Give the part file tiles that were compressed beside it."""
        self._open("r+")
        (tall, wide), (height, width) = self.tile, level.directory.shape
        tiles = Inflated(level, 0)
        try:
            with self._watch.gdal("the COG"):
                for band, row, col in np.argwhere(level.counts.reshape(level.directory.tiles)).tolist():
                    size = min(tall, height - row * tall), min(wide, width - col * wide)
                    piece = Piece(row * tall, col * wide, *size, (band,))
                    self._write_by_gdal(piece, tiles.read(row, col, piece.bands, size))
        finally:
            tiles.close()
            self._close()

    def _copy_side_file(self, result: Path) -> None:
        """Give a copy the side file of the part: which tables GDAL copies by itself depends on its version."""
        side = Path(f"{self._part}.aux.xml")
        if side.exists():
            shutil.copyfile(side, f"{result}.aux.xml")

    def abort(self) -> None:
        """Discard everything that was written; the path keeps what it held. Harmless after a commit."""
        try:
            with suppress(OSError):  # as there, what can no longer be flushed is of no interest
                if self._deflated is not None:
                    self._deflated.close()
                self._drop_passed()
        finally:
            super().abort()
