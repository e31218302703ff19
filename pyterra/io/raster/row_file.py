"""A temporary raster file that is written row by row, exact and uncompressed."""

from __future__ import annotations

import os
import tempfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import WriteError
from pyterra.expr import Array
from pyterra.io.raster.gdal import told
from pyterra.io.safe.temporary import when_gone


class RowFile:
    """A GeoTIFF of doubles in a folder for temporary files. It goes away with this object unless `close` is called.

    A row is a strip, so that GDAL, whose cache of blocks any thread may empty, never puts parts of strips together.
    It writes late, and where that fails it says so to nobody: what was written is read back before it is handed on.

    Parameters
    ----------
    nlyr, nrow, ncol : int
    folder : Path
    """

    def __init__(self, nlyr: int, nrow: int, ncol: int, folder: Path) -> None:
        import rasterio
        from affine import Affine

        handle, self._path = tempfile.mkstemp(prefix=f"pyterra-{os.getpid()}-", suffix=".tif", dir=folder)
        os.close(handle)
        self._finalizer = when_gone(self, remove, self._path)
        self._written: dict[Any, int] = {}
        with told(WriteError, f"{self._path}: the temporary raster could not be made"):
            self._dataset = rasterio.open(
                self._path, "w", driver="GTiff", height=nrow, width=ncol, count=nlyr, dtype="float64", nodata=np.nan,
                blockysize=1, interleave="band", bigtiff="IF_SAFER", transform=Affine(1, 0, 0, 0, -1, nrow),
            )  # fmt: skip

    def put(self, block: Array, row: int) -> None:
        """Write rows from `row` (from 0) on, shape (layer, row, col)."""
        from rasterio.windows import Window

        window = Window(0, row, block.shape[2], block.shape[1])
        self._written[window] = _digest(block)
        with told(WriteError, f"{self._path}: rows {row} to {row + block.shape[1]} could not be written"):
            self._dataset.write(block, window=window)

    def close(self) -> str:
        """Finish the file and give its path; from now on it is the caller's to `remove`."""
        with told(WriteError, f"{self._path}: the temporary raster could not be finished"):
            self._dataset.close()
            self._read_back()
        self._finalizer.detach()
        return self._path

    def _read_back(self) -> None:
        import rasterio

        with rasterio.open(self._path) as dataset:
            for window, digest in self._written.items():
                if _digest(dataset.read(window=window)) != digest:
                    last = window.row_off + window.height
                    text = f"rows {window.row_off} to {last} were lost; is the disk full?"
                    raise WriteError(f"{self._path}: {text} options(tempdir=) names another folder")


def _digest(block: Array) -> int:
    return zlib.crc32(np.ascontiguousarray(block, np.float64).data)


def remove(path: str) -> None:
    """Delete a temporary raster and what stands beside it."""
    for name in (path, f"{path}.aux.xml"):
        Path(name).unlink(missing_ok=True)
