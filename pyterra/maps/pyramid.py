"""A layer at all resolutions: tiles in the colours of a map, and values of single cells, read when they are asked for."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer, Node, coarsen
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.maps.cells import Look
from pyterra.maps.colors import Classes, Style, classes
from pyterra.maps.rgb import Stretch, picture
from pyterra.raster.crop import cut
from pyterra.run import to_array

SIZE = 256
"""Rows and columns of a tile."""


class Painter(Protocol):
    """Colours, bytes of shape (row, col, 4), for values of shape (layer, row, col)."""

    def __call__(self, values: Array) -> Array: ...


@dataclass(frozen=True)
class Scaled:
    """The colours of a layer."""

    layer: Layer
    look: Look
    """The colours that the preview has."""
    style: Style

    def __call__(self, values: Array) -> Array:
        band = values[0].astype(np.float64)
        entries = self.look.entries
        if isinstance(entries, Classes):
            return self._classes(entries, band)
        return Look(self.style.within(band), entries.cmap, entries.norm, entries).rgba()

    def _classes(self, known: Classes, values: Array) -> Array:
        """Classes that the preview has seen keep their colours; others have those of the layer."""
        from matplotlib.colors import to_rgba_array

        found = classes(self.layer, values, self.style)
        shades = to_rgba_array(list(found.colors))
        old = known.index(found.values)
        seen = np.isfinite(old)
        shades[seen] = to_rgba_array(list(known.colors))[old[seen].astype(np.intp)]
        table = np.vstack([(shades * 255).round().astype(np.uint8), np.zeros((1, 4), np.uint8)])
        place = found.index(values)
        return table[np.where(np.isfinite(place), place, len(shades)).astype(np.intp)]


@dataclass(frozen=True)
class Colored:
    """Layers that are red, green and blue."""

    stretch: Stretch

    def __call__(self, values: Array) -> Array:
        image = picture(self.stretch(values), None, None, 0.0)
        return (image * 255).round().astype(np.uint8)


@dataclass(frozen=True)
class Pyramid:
    """A layer, cut into tiles. Level 0 has its own cells, each further one a cell for two by two of the one before."""

    node: Node
    """Of one layer, or of those that make a picture."""
    paint: Painter
    """Turns values into colours as the preview of the map tells them."""
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
        return self.paint(to_array(coarsen(part, 2**level)))

    def value(self, x: float, y: float) -> list[float]:
        """The values of the cell at a place, one for each layer; NaN outside and where they are missing."""
        grid = self.node.grid
        row, col = int(grid.row_from_y(y)), int(grid.col_from_x(x))
        if row < 0 or col < 0:
            return [float("nan")] * len(self.node.layers)
        found: list[float] = to_array(cut(self.node, Window(row, col, 1, 1)))[:, 0, 0].astype(float).tolist()
        return found
