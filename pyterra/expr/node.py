"""Node: an immutable description of values on a grid, and the questions an engine may ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray

from pyterra.expr.layers import Layers
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window

Array = NDArray[Any]
"""A block: shape (layer, row, col), C order, float32 or float64, NaN = missing."""


Runs = Literal["threads", "processes", "here"]
"""Where a kernel computes: on threads; on processes, as it runs Python code for long and threads would wait for each
other; or on the thread that asked for the values."""


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
    runs: Runs = "threads"
    """Where a block is computed."""
    verb: str = ""
    """Name of the verb when computing a block calls a user's function, for the error."""

    keeps_cells: ClassVar[bool] = False
    """Whether a cell of the result lies where the same cell of every input lies."""

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes this one reads from."""
        return ()

    @property
    def has_values(self) -> bool:
        """Whether there are values, and not only a grid."""
        return True

    @property
    def moves(self) -> bool:
        """Whether the values are those of the inputs, chosen and put elsewhere, and no others."""
        return False

    @property
    def layer_by_layer(self) -> bool:
        """Whether layer i follows from layer i of every input alone, by one rule for all layers."""
        return False

    @property
    def takes_parts(self) -> bool:
        """Whether inputs may be parts of larger arrays, which do not lie together in memory; it copies none of them."""
        return False

    @property
    def parts(self) -> list[tuple[Node, int]]:
        """(node, layer of that node) for each layer."""
        return [(self, i) for i in range(len(self.layers))]

    def with_inputs(self, inputs: tuple[Node, ...]) -> Node:
        """The same over other inputs."""
        return self

    def picked(self, index: Sequence[int]) -> Self:
        """The layers `index`, where `layer_by_layer`, as far as this node knows of them itself."""
        return replace(self, layers=tuple(self.layers[i] for i in index))

    def input_factors(self, factor: int) -> tuple[int, ...] | None:
        """How much coarser each input may be for a preview `factor` times coarser.

        None where that does not do, so that cells are picked from the whole result.
        """
        return (factor,) * len(self.inputs)

    def coarser(self, factor: int, inputs: tuple[Node, ...]) -> Node:
        """A preview of `factor` x `factor` cells in one, over the inputs coarser by `input_factors`."""
        return replace(self.with_inputs(inputs), grid=self.grid.thinned(factor))

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


@dataclass(frozen=True, eq=False, kw_only=True)
class OverOne(Node):
    """A node with one input."""

    argument: Node
    """The input."""

    @property
    def inputs(self) -> tuple[Node, ...]:
        return (self.argument,)

    def with_inputs(self, inputs: tuple[Node, ...]) -> Node:
        return self if inputs[0] is self.argument else replace(self, argument=inputs[0])


@dataclass(frozen=True, eq=False, kw_only=True)
class OverMany(Node):
    """A node with any number of inputs."""

    arguments: tuple[Node, ...]
    """The inputs."""

    @property
    def inputs(self) -> tuple[Node, ...]:
        return self.arguments

    def with_inputs(self, inputs: tuple[Node, ...]) -> Node:
        same = all(a is b for a, b in zip(self.arguments, inputs, strict=True))
        return self if same else replace(self, arguments=inputs)
