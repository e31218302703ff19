"""Cells that lie where two arrays say: the swath of a satellite, the curvilinear grid of a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass
from pyterra.grid.extent import Extent
from pyterra.grid.window import Window

SENSOR = (
    'ENGCRS["Rows and columns of a sensor",EDATUM["The first row and column of the sensor"],CS[Cartesian,2],'
    'AXIS["column (x)",east,ORDER[1],SCALEUNIT["cell",1]],AXIS["row, upwards (y)",north,ORDER[2],SCALEUNIT["cell",1]]]'
)
"""The CRS of rasters whose coordinates count cells, so that they are not taken for places on the earth."""

SAME = 0.1
"""Cells by which the places of two rasters may differ, as extents may."""


class Arrays(Protocol):
    """Where the coordinates lie. Hashable, picklable."""

    @property
    def names(self) -> tuple[str, str]:
        """What the arrays of x and of y are, for people."""

    @property
    def size(self) -> int:
        """Values of one of them."""

    def values(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """x and y in float64, each of shape (row, col), missing as NaN."""


@dataclass(frozen=True, slots=True)
class Geolocation:
    """Coordinates of cells in two arrays, which may have a value for every cell or for some of them."""

    arrays: Arrays
    crs: str
    """WKT of the coordinates."""
    extent: Extent
    """The extent of the grid that they place, in cells."""
    shape: tuple[int, int]
    """Its rows and columns."""
    first: tuple[float, float] = (0.5, 0.5)
    """Row and column, in cells of the grid, of the first value of the arrays."""
    step: tuple[float, float] = (1.0, 1.0)
    """Rows and columns from one value to the next."""

    def part(self, window: Window, extent: Extent) -> Geolocation:
        """That of the cells of a window."""
        first = self.first[0] - window.row, self.first[1] - window.col
        return replace(self, extent=extent, shape=(window.nrow, window.ncol), first=first)

    def agrees(self, other: Geolocation) -> bool:
        """Whether another counts the cells of the same arrays, from the same place and in steps of the same size.

        The arrays are read where only their values can tell.
        """
        if self.crs != other.crs or not np.allclose(self.step, other.step, rtol=1e-9, atol=0):
            return False
        if np.abs(np.subtract(self._begin, other._begin)).max() > SAME:
            return False
        return self.arrays == other.arrays or all(
            np.array_equal(a, b, equal_nan=True)
            for a, b in zip(self.arrays.values(), other.arrays.values(), strict=True)
        )

    @property
    def _begin(self) -> tuple[float, float]:
        """Row and column of the first value in cells of the sensor, from the origin of all extents."""
        rows = (self.extent.ymax - self.extent.ymin) / self.shape[0]
        cols = (self.extent.xmax - self.extent.xmin) / self.shape[1]
        return self.first[0] * rows - self.extent.ymax, self.extent.xmin + self.first[1] * cols

    def thinned(self, by: Sequence[int], extent: Extent, shape: tuple[int, int]) -> Geolocation:
        """That of fewer cells, each for so many rows and columns."""
        first, step = ((pair[0] / by[0], pair[1] / by[1]) for pair in (self.first, self.step))
        return replace(self, extent=extent, shape=shape, first=first, step=step)
