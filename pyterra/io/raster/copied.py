"""Formats that are made by a copy of a complete GeoTIFF: how the copy is made, and how it is compared with it.

Both are read as `rast` reads them. What the format itself does not keep of names, units, times, classes, place and CRS
goes into the side file that GDAL reads with it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, PyterraWarning, WriteError
from pyterra.expr import Array, Layer, Node, Read
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.grid.crs import describe_crs, same_crs
from pyterra.io.formats.opening import open_node
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.gdal import forget
from pyterra.io.raster.side_file import describe_beside

AT_ONCE = 2**20
"""Values that are compared at once."""
_PLACE = 1e-6
"""Share of a cell by which text may move the edges."""
_KEPT: Mapping[str, Callable[[Layer], Any]] = {
    "names": lambda layer: layer.name,
    "times": lambda layer: layer.step and (layer.time, layer.step, layer.zone),
    "units": lambda layer: layer.unit,
    "classes": lambda layer: layer.categories and layer.categories.rows,
}
"""What layers have that a format may lose."""


@dataclass(frozen=True)
class Copied:
    """A copy in a format."""

    record: RasterFormat
    options: Mapping[str, str]
    """Options of creation, in capitals."""

    @property
    def exact(self) -> bool:
        """Whether stored numbers must come back as they are."""
        return self.record.lossless(self.options)

    def check_driver(self, target: str) -> None:
        """Raise where GDAL cannot make it here.

        Raises
        ------
        ArgumentError
        """
        import rasterio

        with rasterio.Env() as env:
            there = self.record.save is not None or self.record.name in env.drivers()
        if not there:
            raise ArgumentError(
                f"write_raster: {target}: GDAL {rasterio.__gdal_version__} here has no driver {self.record}; write .tif"
            )

    def make(self, source: Path, result: Path) -> None:
        """Copy a GeoTIFF. GDAL may make of what the format lacks what it can: a comparison follows."""
        if self.record.save is not None:
            self.record.save(source, result, self.options)
            return
        import rasterio.shutil

        try:
            rasterio.shutil.copy(
                str(source), str(result), strict=False, driver=self.record.name, **self.options
            )
        except SystemError as error:  # of GDAL, which gave no reason
            raise WriteError(f"write: {result.name}, {self.record}: GDAL cannot make it") from error
        if self.record.load is None:
            describe_beside(source, result, values=self.exact)

    def compared(self, source: Path, result: Path, places: Sequence[Window]) -> list[str]:
        """What is not kept of the layers and the CRS, in words; values of some windows, and the place, must be.

        Raises
        ------
        WriteError
            Where they are not.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PyterraWarning)
                given, found = (open_node(str(path), mask=False) for path in (source, result))
            self._compare_shape(given, found)
            for window in places:
                for strip in _strips(window, len(given.layers)):
                    self._compare_values(given, found, strip)
            return _lost(given, found)
        finally:
            for path in (source, result):
                forget(str(path))

    def _compare_shape(self, given: Node, found: Node) -> None:
        if len(given.layers) != len(found.layers):
            raise WriteError(f"{len(given.layers)} layers were written and {len(found.layers)} read back")
        if not found.grid.same_cells(given.grid, _PLACE):
            raise WriteError(f"{given.grid} was written and {found.grid} read back")

    def _compare_values(self, given: Node, found: Node, window: Window) -> None:
        one, other = _values(given, window), _values(found, window)
        if self.exact and not np.array_equal(one, other, equal_nan=True):
            layer, row, col = np.argwhere(~((one == other) | (np.isnan(one) & np.isnan(other))))[0]
            raise WriteError(
                f"layer {layer}, row {window.row + row}, column {window.col + col}: {one[layer, row, col]!r} was "
                f"written and {other[layer, row, col]!r} read back"
            )


def _strips(window: Window, count: int) -> Iterator[Window]:
    """Rows of a window that are compared at once, all layers of them."""
    rows = max(1, AT_ONCE // (count * window.ncol))
    for row in range(window.row, window.row_stop, rows):
        yield Window(row, window.col, min(rows, window.row_stop - row), window.ncol)


def _values(node: Node, window: Window) -> Array:
    assert isinstance(node, Read)
    return node.source.fetched(node.bands, window).values(window, np.dtype(np.float64))


def _lost(given: Node, found: Node) -> list[str]:
    lost = [
        what
        for what, of in _KEPT.items()
        if any(of(a) and of(a) != of(b) for a, b in zip(given.layers, found.layers, strict=True))
    ]
    if not same_crs(given.grid.crs, found.grid.crs):
        became = describe_crs(found.grid.crs) or "none"
        lost.append(f"the CRS {describe_crs(given.grid.crs) or 'none'}, which comes back as {became}")
    return lost
