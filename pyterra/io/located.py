"""Arrays of coordinates that place cells, read when they are wanted."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import field

import numpy as np

from pyterra.expr import Array, Read
from pyterra.frozen import dataclass


@dataclass(frozen=True)
class ReadArrays:
    """x and y of cells as two rasters of one layer."""

    token: Hashable
    """What tells these arrays from others, also in another process."""
    x: Read = field(compare=False)
    y: Read = field(compare=False)

    @property
    def names(self) -> tuple[str, str]:
        """The variables or files."""
        return self.x.source.name or self.x.layers[0].name, self.y.source.name or self.y.layers[0].name

    @property
    def size(self) -> int:
        """Values of one of them."""
        return self.x.grid.cells

    def values(self) -> tuple[Array, Array]:
        """Both in float64, missing as NaN."""
        x, y = (
            node.source.fetched(node.bands, node.grid.window).values(node.grid.window, np.dtype(np.float64))[
                0
            ]
            for node in (self.x, self.y)
        )
        return x, y
