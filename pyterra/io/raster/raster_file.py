"""A raster file as a source of values."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ReadError, SourceChangedError, SourceError
from pyterra.expr import Array, Fetched, FileBand, PlainSource, Source
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster import decoded, virtual
from pyterra.io.raster.gdal import (
    absolute,
    borrowed,
    cache_bytes,
    failures,
    forget,
    is_plain_file,
    is_remote,
    open_dataset,
    pauses,
    transform_of,
)
from pyterra.io.raster.guard import check_tile
from pyterra.io.raster.lzw_tiles import LzwTiles, tiles_of
from pyterra.io.raster.wide_integers import Bits, check_exact, is_wide
from pyterra.io.raster.wide_nodata import exact_nodata, is_uncertain
from pyterra.io.safe import swap
from pyterra.io.safe.fingerprint import Fingerprint, change, fingerprint
from pyterra.io.table import table_of_values
from pyterra.options import current
from pyterra.redact import redact

TURNED = 1e-3
"""Share of a cell by which rows and columns may be off at the far end; more is a rotated raster."""


class NoBandsError(SourceError):
    """A file that holds data sets, and no layers of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """How a band stores its values."""

    dtype: str
    """numpy dtype name."""
    nodata: float | int | None
    """Code for missing."""
    scale: float = 1.0
    """value = stored * scale + offset."""
    offset: float = 0.0
    """value = stored * scale + offset."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Band) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[Any, ...]:
        """What makes two bands alike, NaN by name: one NaN does not equal another."""
        return self.dtype, "nan" if self.nodata != self.nodata else self.nodata, self.scale, self.offset

    @property
    def plain(self) -> bool:
        """Whether stored numbers are the values."""
        return self.scale == 1.0 and self.offset == 0.0


@dataclass(frozen=True)
class FileSource(PlainSource):
    """Bands of a file that GDAL reads. Small: it pickles as path and description, never as pixels."""

    path: str
    """Path, URL or /vsi path."""
    bands: tuple[Band, ...]
    """All bands of the file."""
    shape: tuple[int, int]
    """Rows and columns."""
    tile: tuple[int, int] | None
    """Rows and columns of a tile."""
    state: Fingerprint | None
    """What tells whether the file is still the one that was described; None for what is not on this machine."""
    south_up: bool = False
    """Whether the first row on disk is the southernmost."""
    masked: bool = False
    """Whether cells that the file's mask or alpha band hides are missing."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value, and of what tells whether it is hidden."""
        return max(np.dtype(band.dtype).itemsize for band in self.bands) + self.masked

    @property
    def name(self) -> str:
        """Path as shown to people."""
        return redact(self.path)

    @property
    def where(self) -> str:
        """Path, URL or /vsi path."""
        return self.path

    def file_band(self, band: int) -> FileBand:
        """A band as it is stored."""
        own = self.bands[band]
        place = self.path, band, own.dtype, own.nodata, own.scale, own.offset
        return FileBand(*place, self.shape, self.tile, self.masked, self.south_up)

    def rescaled(self, band: int, scale: float, offset: float) -> Source:
        """The same with another scale and offset of a band."""
        bands = list(self.bands)
        bands[band] = replace(bands[band], scale=scale, offset=offset)
        return replace(self, bands=tuple(bands))

    def bits(self, bands: tuple[int, ...], dtype: np.dtype[Any], code: float | int | None) -> Source | None:
        """The bits, where bands of that type are not masked."""
        if self.masked or any(self.stored_dtype(band) != dtype for band in bands):
            return None
        return Bits(self, None if code is None else int(code))

    def by_byte(self, bands: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[Any, Array]:
        """The file, and what its bytes stand for."""
        return self, table_of_values(self, bands, dtype)

    def fetched(self, bands: tuple[int, ...], window: Window) -> Fetched:
        """What is stored of a window.

        Raises
        ------
        SourceChangedError
            Where the file is not the one that was described.
        ReadError
            Where the window cannot be read; says file, layers and window.
        """
        return self._fetched(bands, window, None)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window at reduced resolution, nearest cells, from overviews where there are any."""
        found = self._fetched(bands, window, shape)
        return found.decode(found.arrays, window, dtype)

    def _fetched(self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None) -> Fetched:
        # GDAL reads bands of one type at once.
        types = dict.fromkeys(self.bands[band].dtype for band in bands)
        groups = tuple(
            tuple(i for i, band in enumerate(bands) if self.bands[band].dtype == name) for name in types
        )
        arrays = [self.read_stored(tuple(bands[i] for i in places), window, shape) for places in groups]
        if self.masked:
            arrays.append(self._read_window(bands, window, shape, masks=True))
        return Fetched(window, tuple(arrays), partial(self._values, bands, groups))

    def _values(
        self,
        bands: tuple[int, ...],
        groups: tuple[tuple[int, ...], ...],
        arrays: tuple[Array, ...],
        window: Window,
        dtype: np.dtype[Any],
    ) -> Array:
        decoded = []
        for places, stored in zip(groups, arrays, strict=False):
            some = tuple(bands[i] for i in places)
            self._check_exact(stored, some, window)
            decoded.append(self.decoded(stored, some, dtype))
        out = decoded[0]
        if len(groups) > 1:
            out = np.empty((len(bands), *out.shape[1:]), dtype)
            for places, values in zip(groups, decoded, strict=True):
                out[list(places)] = values
        if self.masked:
            out[arrays[-1] == 0] = np.nan
        return out

    def _check_exact(self, stored: Array, bands: tuple[int, ...], window: Window) -> None:
        if not is_wide(stored.dtype):
            return
        for layer, band in zip(stored, bands, strict=True):
            if self.bands[band].plain:
                check_exact(layer, self.bands[band].nodata, f"{self.name}, layer {band}, {window}")

    def is_bytes(self, bands: tuple[int, ...]) -> bool:
        """Whether all values of some bands follow from one stored byte each, of one type."""
        types = {self.bands[band].dtype for band in bands}
        return not self.masked and len(types) == 1 and np.dtype(types.pop()).itemsize == 1

    def stored_dtype(self, band: int) -> np.dtype[Any]:
        """dtype of the stored numbers of a band."""
        return np.dtype(self.bands[band].dtype)

    def decoded(self, stored: Array, bands: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
        """Values of stored numbers, missing as NaN; the same array where nothing has to change."""
        out: Array | None = None
        for i, number in enumerate(bands):
            band = self.bands[number]
            if band.plain and stored.dtype == dtype and (band.nodata is None or np.isnan(band.nodata)):
                if out is None:
                    out = stored
                continue
            if out is None:
                out = np.empty(stored.shape, dtype) if stored.dtype != dtype else stored
            out[i] = kernels.convert.decode(stored[i], band.nodata, band.scale, band.offset, dtype)
        assert out is not None
        return out

    def read_stored(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None = None
    ) -> Array:
        """Stored numbers of a window, as they are on disk, or nearest ones at a reduced resolution."""
        return self._read_window(bands, window, shape, masks=False)

    def _read_window(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None, *, masks: bool
    ) -> Array:
        row = self.shape[0] - window.row_stop if self.south_up else window.row
        place = Window(row, window.col, window.nrow, window.ncol)
        self._check_unchanged(place)
        for attempt, pause in enumerate(pauses(self.path)):
            try:
                self._ask_elsewhere(attempt % 3)
                stored = self._read_shared(bands, place, shape, masks)
                return np.ascontiguousarray(stored[:, ::-1]) if self.south_up else stored
            except (ReadError, SourceError):
                forget(self.path)
                if pause is None:
                    raise
                time.sleep(pause)
        raise AssertionError("unreachable")

    def _ask_elsewhere(self, times: int) -> None:
        """Read single cells of other tiles, for what they may cost, before a window is tried again.

        A server, or what stands before it, that fails with every so many answers would otherwise meet each try, which
        asks the same questions in the same order, at the same one.
        """
        from rasterio.windows import Window as RasterioWindow

        for corner in range(times):
            with suppress(SourceError, *failures(OSError)), borrowed(self.path, self.state) as dataset:
                row, col = (self.shape[0] - 1, 0) if corner else (0, self.shape[1] - 1)
                dataset.read(1, window=RasterioWindow(col, row, 1, 1))

    def _read_shared(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None, masks: bool
    ) -> Array:
        """The same as `_read_once`; tiles that other threads want too are decoded by one of them."""
        tile, room = self.tile, cache_bytes() // 2
        if tile is None or self.state is None or shape is not None or masks:
            return self._read_once(bands, window, shape, masks)
        try:
            own = tiles_of(self.path, self.state, self.shape, tile, len(self.bands), self.bands[0].dtype)
        except OSError as error:
            raise self._not_read(bands, window, error) from error
        if decoded.is_whole(window, tile, self.shape) or (own is None and current().worker_count == 1):
            return self._decoded(own, bands, window)
        if not decoded.is_worth_it(window, tile, self.shape, room / 2 / (len(bands) * self.stored_bytes)):
            return self._read_once(bands, window, shape, masks)
        read = partial(self._decoded, own, bands)
        try:
            return decoded.read(self.path, (self.state, bands), window, tile, self.shape, read, room)
        except (ReadError, SourceError):  # of a tile: what is raised shall tell of the window
            return self._read_once(bands, window, shape, masks)

    def _decoded(self, own: LzwTiles | None, bands: tuple[int, ...], window: Window) -> Array:
        """Stored numbers of whole tiles."""
        try:
            found = None if own is None else own.read(bands, window)
        except OSError as error:
            raise self._not_read(bands, window, error) from error
        return self._read_once(bands, window, None, False) if found is None else found

    def _read_once(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int] | None, masks: bool
    ) -> Array:
        from rasterio.windows import Window as RasterioWindow

        place = RasterioWindow(window.col, window.row, window.ncol, window.nrow)
        with borrowed(self.path, self.state) as dataset:
            self._check_layout(dataset)
            try:
                read = dataset.read_masks if masks else dataset.read
                stored: Array = read(
                    indexes=[b + 1 for b in bands],
                    window=place,
                    out_shape=None if shape is None else (len(bands), *shape),
                )
            except failures(OSError, MemoryError) as error:
                raise self._not_read(bands, window, error) from error
        return stored

    def _not_read(self, bands: tuple[int, ...], window: Window, error: Exception) -> ReadError:
        layers = ", ".join(str(b) for b in bands[:8]) + (" ..." if len(bands) > 8 else "")
        cause = redact(str(error.__cause__ or error))
        return ReadError(f"read: {self.name}, layer {layers}, {window} cannot be read: {cause}")

    def is_unchanged(self) -> bool:
        """Whether the file is known to be the one that was described."""
        return is_remote(self.path) if self.state is None else change(self.path, self.state) is None

    def _check_unchanged(self, window: Window) -> None:
        """Raise SourceChangedError unless what lies in a window of the file is what was described."""
        what = None if self.state is None else change(self.path, self.state, window)
        if what is not None:
            raise SourceChangedError(
                f"read: {redact(what)} since the raster was defined; make the raster again with rast()"
            )

    def _check_layout(self, dataset: Any) -> None:
        """The same for what is opened anew, as far as it can be seen."""
        if self.state is None and (
            dataset.shape != self.shape or dataset.dtypes != tuple(band.dtype for band in self.bands)
        ):
            raise SourceChangedError(
                f"read: {self.name} has changed since the raster was defined; make the raster again with rast()"
            )


def open_source(path: str | os.PathLike[str]) -> tuple[FileSource, Any]:
    """The source behind a path, and the open dataset for whoever describes its layers.

    Raises
    ------
    SourceError
        Where it cannot be opened, is rotated, has only ground control points, holds complex numbers, or declares
        tiles that no machine could read.
    """
    name = absolute(path)
    if is_plain_file(name) and ":" not in name:
        swap.look_after(Path(os.path.realpath(name)), "rast")
    virtual.check(name)
    state = fingerprint(name)  # before it is opened: a change in between is noticed at the first read
    dataset = open_dataset(name, checked=True)
    return source_of(name, dataset, state), dataset


def source_of(name: str, dataset: Any, state: Fingerprint | None) -> FileSource:
    """The source that an open dataset of a file describes; as `open_source`."""
    shown = redact(name)
    if dataset.count == 0:
        inside = ", ".join(dataset.subdatasets[:5])
        raise (NoBandsError if inside else SourceError)(
            f"rast: {shown} has no bands of its own; sprc() opens its data sets, and rast() one of them: {inside}"
        )
    transform = transform_of(dataset)
    turned = abs(transform.b) * dataset.height, abs(transform.d) * dataset.width
    if turned[0] > TURNED * abs(transform.a) or turned[1] > TURNED * abs(transform.e):
        raise SourceError(f"rast: {shown} is rotated; open it with rectify()")
    if dataset.gcps[0] and transform.is_identity:
        raise SourceError(f"rast: {shown} is placed by ground control points; open it with rectify()")
    tile_rows, tile_cols = dataset.block_shapes[0]
    size = max(np.dtype(_numpy_name(d, shown)).itemsize for d in dataset.dtypes)
    together = dataset.count if dataset.tags(ns="IMAGE_STRUCTURE").get("INTERLEAVE") == "PIXEL" else 1
    check_tile(shown, (tile_rows, tile_cols), size, together)
    bands = tuple(
        Band(_numpy_name(dtype, shown), stored_nodata(nodata, dtype), float(scale), float(offset))
        for dtype, nodata, scale, offset in zip(
            dataset.dtypes, _nodata_values(dataset), dataset.scales, dataset.offsets, strict=True
        )
    )
    return FileSource(
        name,
        bands,
        (dataset.height, dataset.width),
        (tile_rows, tile_cols),
        state,
        bool(transform.e > 0 and not transform.is_identity),
    )


def hidden_by(dataset: Any) -> str:
    """What hides cells of an open dataset beside codes for missing: "mask", "alpha band", or nothing."""
    flags = [{flag.name for flag in band} for band in dataset.mask_flag_enums]
    if any("alpha" in band for band in flags):
        return "alpha band"
    return "mask" if any("per_dataset" in band for band in flags) else ""


def _nodata_values(dataset: Any) -> Sequence[float | int | None]:
    values: Sequence[float | int | None] = dataset.nodatavals
    uncertain = all(is_uncertain(value, dtype) for value, dtype in zip(values, dataset.dtypes, strict=True))
    return exact_nodata(dataset) if uncertain else values


def _numpy_name(dtype: str, shown: str) -> str:
    if dtype.startswith("complex"):
        raise SourceError(
            f"rast: {shown} holds complex numbers, which are not supported; write its parts first"
        )
    return dtype


def stored_nodata(value: float | None, dtype: str) -> float | int | None:
    """The code for missing among numbers of a type; None where it is none of them."""
    if value is None:
        return None
    if np.issubdtype(np.dtype(dtype), np.integer):
        if not np.isfinite(value) or value != int(value):
            return None  # cannot occur among integers
        limits = np.iinfo(dtype)
        return int(value) if limits.min <= int(value) <= limits.max else None
    # GDAL tells -3.4e38 in more digits than a float32 has: what counts is the stored number.
    return float(np.dtype(dtype).type(value)) if dtype == "float32" else float(value)
