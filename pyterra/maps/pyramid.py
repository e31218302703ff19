"""A layer at all resolutions: tiles in the colours of a map, and values of single cells, read when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, coarsen
from pyterra.grid import Window
from pyterra.maps.cells import Look
from pyterra.maps.colors import Classes, Style, classes
from pyterra.raster.crop import cut
from pyterra.run import to_array

SIZE = 256
"""Rows and columns of a tile."""


@dataclass(frozen=True)
class Pyramid:
    """A layer, cut into tiles. Level 0 has its own cells, each further one a cell for two by two of the one before."""

    node: Node
    """Of one layer."""
    look: Look
    """The colours, as the preview of the map tells them."""
    style: Style
    factor: int
    """Rows and columns of cells for one of the preview."""

    @property
    def coarsest(self) -> int:
        """Levels that are finer than the preview."""
        return max(0, int(np.ceil(np.log2(self.factor))))

    def described(self) -> dict[str, Any]:
        """What a page must know to ask for tiles."""
        grid = self.node.grid
        return {
            "rows": grid.nrow,
            "cols": grid.ncol,
            "size": SIZE,
            "coarsest": self.coarsest,
            "corner": [grid.extent.xmin, grid.extent.ymax],
            "cell": [grid.xres, grid.yres],
        }

    def tile(self, level: int, row: int, col: int) -> Array:
        """The picture of a tile, bytes of shape (row, col, 4).

        Raises
        ------
        ArgumentError
            Where there is no such tile.
        """
        grid = self.node.grid
        cells = SIZE * 2**level
        if not (0 <= level < self.coarsest and 0 <= row * cells < grid.nrow and 0 <= col * cells < grid.ncol):
            raise ArgumentError(f"tile: there is none at level {level}, row {row}, column {col}")
        nrow, ncol = min(cells, grid.nrow - row * cells), min(cells, grid.ncol - col * cells)
        part = cut(self.node, Window(row * cells, col * cells, nrow, ncol))
        return self.painted(to_array(coarsen(part, 2**level))[0])

    def painted(self, values: Array) -> Array:
        """Values in the colours of the map."""
        values = values.astype(np.float64)
        if isinstance(self.look.entries, Classes):
            return self._classes(self.look.entries, values)
        entries = self.look.entries
        return Look(self.style.within(values), entries.cmap, entries.norm, entries).rgba()

    def _classes(self, known: Classes, values: Array) -> Array:
        """Classes that the preview has seen keep their colours; others have those of the layer."""
        from matplotlib.colors import to_rgba_array

        found = classes(self.node.layers[0], values, self.style)
        shades = to_rgba_array(list(found.colors))
        old = known.index(found.values)
        seen = np.isfinite(old)
        shades[seen] = to_rgba_array(list(known.colors))[old[seen].astype(np.intp)]
        table = np.vstack([(shades * 255).round().astype(np.uint8), np.zeros((1, 4), np.uint8)])
        place = found.index(values)
        return table[np.where(np.isfinite(place), place, len(shades)).astype(np.intp)]

    def value(self, x: float, y: float) -> float:
        """The value of the cell at a place; NaN outside and where it is missing."""
        grid = self.node.grid
        row, col = int(grid.row_from_y(y)), int(grid.col_from_x(x))
        if row < 0 or col < 0:
            return float("nan")
        return float(to_array(cut(self.node, Window(row, col, 1, 1)))[0, 0, 0])
