"""Node: an immutable description of values on a grid, and the questions an engine may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pyterra.expr.layers import Layers
from pyterra.grid import Grid, Window

Array = NDArray[Any]
"""A block: shape (layer, row, col), C order, float32 or float64, NaN = missing."""


@dataclass(frozen=True, slots=True)
class Tiling:
    """How a source is cut on disk, in cells of a node's grid."""

    nrow: int
    """Rows of a tile."""
    ncol: int
    """Columns of a tile."""
    row: int = 0
    """A row at which a tile begins."""
    col: int = 0
    """A column at which a tile begins."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Node:
    """What the values are, not how they are computed: grid, layers and dtype are known from the start.

    Two nodes are equal only when they are the same object.
    """

    grid: Grid
    """Where the cells are."""
    layers: Layers
    """Names, kinds and the rest, one per layer."""
    dtype: np.dtype[Any]
    """dtype of the blocks: float32 or float64."""

    keeps_cells: ClassVar[bool] = False
    """Whether a cell of the result lies where the same cell of every input lies."""

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes this one reads from."""
        return ()

    @property
    def holds_gil(self) -> bool:
        """Whether computing a block runs Python code for long, so that threads would wait for each other."""
        return False

    @property
    def at_home(self) -> bool:
        """Whether a block must be computed by the thread that asked for the values."""
        return False

    @property
    def grain(self) -> int:
        """Rows that are computed whole, however few of them are wanted: windows had better begin and end at them."""
        return 1

    @property
    def own_tiling(self) -> Tiling | None:
        """How this node's values are cut on disk, where it knows that itself."""
        return None

    @property
    def tiling(self) -> Tiling | None:
        """The tiling of the first source below whose cells are the cells of this grid."""
        stack: list[Node] = [self]
        seen: set[Node] = set()
        while stack:
            node = stack.pop()
            if node.own_tiling is not None:
                return node.own_tiling
            if node.keeps_cells and node not in seen:
                seen.add(node)
                stack.extend(reversed(node.inputs))
        return None

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        """The window of each input that `window` needs; None for nothing. Always inside the input's grid."""
        return ()

    def scratch(self, window: Window) -> int:
        """Bytes needed for a block beside its inputs and its result."""
        return 0

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        """Values of a window, from the inputs' values at `footprint(window)`."""
        raise TypeError(f"{type(self).__name__} does not compute")

    def nbytes(self, window: Window) -> int:
        """Bytes of a block."""
        return len(self.layers) * window.cells * self.dtype.itemsize
