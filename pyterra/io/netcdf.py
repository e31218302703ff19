"""NetCDF files: variables of both formats behind one face, and one variable as a source of values."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import warnings
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ReadError, SourceChangedError, SourceError
from pyterra.expr import Array
from pyterra.grid import Window
from pyterra.io.fingerprint import Fingerprint, fingerprint

ENDINGS = (".nc", ".nc4", ".cdf", ".netcdf")
OPEN_FILES = 16
"""Files kept open by this process."""


def is_netcdf(path: str) -> bool:
    """Whether a path names a NetCDF file of this machine."""
    return path.lower().endswith(ENDINGS) and "://" not in path and not path.startswith("/vsi")


# Opening

_lock = threading.RLock()
_open: OrderedDict[tuple[str, Fingerprint | None], Any] = OrderedDict()


def handle(path: str, state: Fingerprint | None) -> Any:
    """The open file; a few are kept open, and reopened where they were replaced."""
    key = (path, state)
    with _lock:
        if key not in _open:
            for other in [k for k in _open if k[0] == path]:
                _close(_open.pop(other))
            _open[key] = _opened(path)
            while len(_open) > OPEN_FILES:
                _close(_open.popitem(last=False)[1])
        _open.move_to_end(key)
        return _open[key]


def forget(path: str) -> None:
    """Close a file, where it is open."""
    with _lock:
        for key in [k for k in _open if k[0] == path]:
            _close(_open.pop(key))


def _close_all() -> None:
    """Close what is open while its libraries are still there."""
    with _lock:
        while _open:
            _close(_open.popitem()[1])


atexit.register(_close_all)


def _close(file: Any) -> None:
    with contextlib.suppress(Exception), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # mapped arrays that somebody still holds stay valid
        file.close()


def _opened(path: str) -> Any:
    try:
        with open(path, "rb") as file:
            start = file.read(8)
    except OSError as error:
        raise SourceError(f"rast: {path} cannot be opened: {error.strerror or error}") from error
    try:
        if start[:4] in (b"CDF\x01", b"CDF\x02"):
            from scipy.io import netcdf_file

            return netcdf_file(path, "r", mmap=True, maskandscale=False)
        if start[:4] == b"\x89HDF":
            import h5netcdf
            import h5py

            with h5py.File(path, "r") as file:  # h5netcdf's own object cannot be thrown away when this fails
                file.attrs.get("_nc3_strict")
            return h5netcdf.File(path, "r", decode_vlen_strings=True, phony_dims="access")
    except ImportError as error:
        raise ImportError(
            f"rast: NetCDF needs {error.name}; install it with: pip install 'pyterra-geo[netcdf]'"
        ) from None
    except Exception as error:
        raise SourceError(f"rast: {path} cannot be opened as NetCDF: {error}") from error
    what = "CDF-5, which is not supported" if start[:3] == b"CDF" else "no NetCDF file"
    raise SourceError(f"rast: {path} is {what}")


def attributes(thing: Any) -> dict[str, Any]:
    """Attributes of a file or variable as text and numbers."""
    inner = getattr(thing, "attrs", None)
    if inner is None:
        inner = getattr(thing, "_attributes", {})
    return {str(name): _plain(value) for name, value in dict(inner).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, np.ndarray):
        if value.dtype.kind in "OSU":
            return [_plain(v) for v in value.tolist()]
        return value.item() if value.size == 1 else value
    return value.item() if isinstance(value, np.generic) else value


# Values


@dataclass(frozen=True)
class NetcdfSource:
    """One variable: its layers are the positions along the dimensions that are neither rows nor columns."""

    path: str
    variable: str
    shape: tuple[int, int]
    """Rows and columns."""
    others: tuple[int, ...]
    """Lengths of the other dimensions, in the order of the file."""
    axes: tuple[int, int]
    """Which dimensions of the variable are rows and columns."""
    upside_down: bool
    """Whether the first row of the file is the southernmost."""
    mirrored: bool
    """Whether the first column of the file is the easternmost."""
    dtype: str
    """numpy dtype name of the stored numbers."""
    nodata: tuple[float, ...]
    """Codes for missing."""
    scale: float
    offset: float
    """value = stored * scale + offset."""
    tile: tuple[int, int] | None
    """Rows and columns of a chunk."""
    state: Fingerprint | None
    """What tells whether the file is still the one that was described."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of one stored value, and of a copy in the order of a block."""
        return 2 * np.dtype(self.dtype).itemsize

    @property
    def name(self) -> str:
        """File and variable as shown to people."""
        return f"{self.path}:{self.variable}"

    def is_unchanged(self) -> bool:
        """Whether the file is the one that was described."""
        return self.state is not None and fingerprint(self.path) == self.state

    def read(self, bands: tuple[int, ...], window: Window, dtype: np.dtype[Any]) -> Array:
        """Values of a window, missing as NaN.

        Raises
        ------
        SourceChangedError
            Where the file is not the one that was described.
        ReadError
            Where the window cannot be read; says file, layers and window.
        """
        return self._decoded(self._stored(bands, window, 1, 1), dtype)

    def read_reduced(
        self, bands: tuple[int, ...], window: Window, shape: tuple[int, int], dtype: np.dtype[Any]
    ) -> Array:
        """Values of a window at reduced resolution: cells in the middle of equal parts."""
        rows = (np.arange(shape[0]) * 2 + 1) * window.nrow // (2 * shape[0])
        cols = (np.arange(shape[1]) * 2 + 1) * window.ncol // (2 * shape[1])
        if window.nrow % shape[0] or window.ncol % shape[1]:
            return self._decoded(self._stored(bands, window, 1, 1)[:, rows[:, None], cols], dtype)
        step = window.nrow // shape[0], window.ncol // shape[1]
        start = Window(
            window.row + int(rows[0]),
            window.col + int(cols[0]),
            (shape[0] - 1) * step[0] + 1,
            (shape[1] - 1) * step[1] + 1,
        )
        return self._decoded(self._stored(bands, start, *step), dtype)

    def _decoded(self, stored: Array, dtype: np.dtype[Any]) -> Array:
        plain = self.scale == 1 and self.offset == 0
        if plain and stored.dtype == dtype and all(np.isnan(code) for code in self.nodata):
            return np.ascontiguousarray(stored)
        out = np.empty(stored.shape, dtype)
        code = self.nodata[0] if self.nodata else None
        for i, layer in enumerate(stored):
            out[i] = kernels.convert.decode(np.ascontiguousarray(layer), code, self.scale, self.offset, dtype)
            for other in self.nodata[1:]:
                out[i][layer == other] = np.nan
        return out

    def _stored(self, bands: tuple[int, ...], window: Window, row_step: int, col_step: int) -> Array:
        """Stored numbers as (layer, row, col), north up, every so many rows and columns."""
        if self.state is not None and fingerprint(self.path) != self.state:
            raise SourceChangedError(
                f"read: {self.path} has changed since the raster was defined; make the raster again with rast()"
            )
        rows = _slice(window.row, window.nrow, row_step, self.shape[0], self.upside_down)
        cols = _slice(window.col, window.ncol, col_step, self.shape[1], self.mirrored)
        shape = (len(range(*rows.indices(self.shape[0]))), len(range(*cols.indices(self.shape[1]))))
        out = np.empty((len(bands), *shape), np.dtype(self.dtype))
        turn = -1 if self.upside_down else 1, -1 if self.mirrored else 1
        try:
            with _lock:
                variable = handle(self.path, self.state).variables[self.variable]
                for first, count in _runs(bands, self.others):
                    key, depth = self._key(bands[first], count, rows, cols)
                    part = np.asarray(variable[key])
                    out[first : first + count] = self._upright(part, depth)[..., :: turn[0], :: turn[1]]
        except (OSError, RuntimeError, ValueError, KeyError, IndexError, MemoryError) as error:
            forget(self.path)
            raise ReadError(
                f"read: {self.name}, layers {bands[:8]}, {window} cannot be read: {error}"
            ) from error
        return out

    def _key(self, band: int, count: int, rows: slice, cols: slice) -> tuple[tuple[Any, ...], bool]:
        """The part of the variable that holds some layers, and whether it has a dimension for them."""
        position = list(np.unravel_index(band, self.others)) if self.others else []
        key: list[Any] = [int(p) for p in position]
        deep = bool(key)
        if deep:
            key[-1] = slice(key[-1], key[-1] + count)
        for axis, part in sorted(zip(self.axes, (rows, cols), strict=True)):
            key.insert(axis, part)
        return tuple(key), deep

    def _upright(self, part: Array, deep: bool) -> Array:
        """A part of the variable as (layer, row, col)."""
        if not deep:
            return part if self.axes[0] < self.axes[1] else part.T
        kept = [axis for axis in range(len(self.others) + 2) if axis in self.axes or axis == self._last_other]
        return part.transpose([kept.index(a) for a in (self._last_other, *self.axes)])

    @property
    def _last_other(self) -> int:
        return max(axis for axis in range(len(self.others) + 2) if axis not in self.axes)


def _slice(start: int, count: int, step: int, size: int, backward: bool) -> slice:
    """Cells of an axis as they lie in the file, in the order of the file."""
    if not backward:
        return slice(start, start + count, step)
    last = start + (count - 1) // step * step
    return slice(size - 1 - last, size - start, step)


def _runs(bands: tuple[int, ...], others: tuple[int, ...]) -> list[tuple[int, int]]:
    """Start and length of runs of layers that follow each other along the last of the other dimensions."""
    runs: list[tuple[int, int]] = []
    for i, band in enumerate(bands):
        follows = runs and others and band == bands[i - 1] + 1 and band % others[-1] != 0
        if follows:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((i, 1))
    return runs


def tile_of(variable: Any, axes: tuple[int, int], shape: tuple[int, int]) -> tuple[int, int]:
    """Rows and columns that are read best at once."""
    chunks = getattr(variable, "chunks", None)
    return (int(chunks[axes[0]]), int(chunks[axes[1]])) if chunks else (min(shape[0], 256), shape[1])


def dtype_of(variable: Any) -> np.dtype[Any]:
    """Type of the stored numbers, in the order of bytes of the file."""
    return np.dtype(variable.dtype if hasattr(variable, "dtype") else variable.data.dtype)


def file_variables(file: Any) -> Mapping[str, Any]:
    """Variables by name."""
    found: Mapping[str, Any] = file.variables
    return found


def absolute_path(path: str) -> str:
    """The path as a source keeps it."""
    return os.path.abspath(os.path.expanduser(path))
