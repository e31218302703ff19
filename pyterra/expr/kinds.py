"""The kinds of nodes. A verb picks one and brings a kernel; it never brings a kind of its own."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Literal, Self

import numpy as np

from pyterra.errors import PyterraError, RError, UDFError
from pyterra.expr.method import ManyInputs, Neighbourhood, Positional, Thinned
from pyterra.expr.node import Array, Node, OverMany, OverOne, Tiling
from pyterra.expr.reduced import Reduced
from pyterra.expr.source import Source
from pyterra.frozen import dataclass
from pyterra.grid import Window


@dataclass(frozen=True, eq=False, kw_only=True)
class Read(Node):
    """Bands of a source."""

    source: Source
    """A file, an array, a store."""
    bands: tuple[int, ...]
    """Bands of the source, from 0, one per layer."""

    @property
    def own_tiling(self) -> Tiling | None:
        tile = self.source.tile
        return None if tile is None else Tiling(*tile)

    @property
    def layer_by_layer(self) -> bool:
        return True

    def picked(self, index: Sequence[int]) -> Self:
        return replace(super().picked(index), bands=tuple(self.bands[i] for i in index))

    def coarser(self, factor: int, inputs: tuple[Node, ...]) -> Node:
        source = Reduced(self.source, factor, (self.grid.nrow, self.grid.ncol))
        return replace(self, grid=self.grid.thinned(factor), source=source)

    @property
    def lends(self) -> bool:
        """Whether values are parts of an array in memory, so that none are made."""
        return self.source.lends(self.bands, self.dtype)

    def scratch(self, window: Window) -> int:
        if self.lends:
            return 0
        # The stored numbers, and one layer of them decoded.
        return window.cells * (len(self.bands) * self.source.stored_bytes + self.dtype.itemsize)

    def values(self, window: Window) -> Array:
        """Values of a window; they may be a part of a larger array."""
        return self.source.fetched(self.bands, window).values(window, self.dtype)

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        return np.ascontiguousarray(self.values(window))


@dataclass(frozen=True, eq=False, kw_only=True)
class Constant(Node):
    """One number per layer."""

    numbers: tuple[float, ...]
    """The value of each layer."""
    skeleton: bool = False
    """Whether the numbers stand for nothing: a raster that has a grid but no values yet."""

    @property
    def has_values(self) -> bool:
        return not self.skeleton

    @property
    def layer_by_layer(self) -> bool:
        return True

    def picked(self, index: Sequence[int]) -> Self:
        return replace(super().picked(index), numbers=tuple(self.numbers[i] for i in index))

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        out = np.empty((len(self.numbers), window.nrow, window.ncol), self.dtype)
        out[:] = np.asarray(self.numbers, self.dtype)[:, None, None]
        return out


@dataclass(frozen=True, eq=False, kw_only=True)
class Init(Node):
    """Values that follow from the position of a cell alone: its numbers, its area, the shapes that lie over it."""

    kernel: Positional
    """(grid, window) -> block."""
    temporaries: float = 0.0
    """Bytes the kernel needs beside its result, per cell."""

    def coarser(self, factor: int, inputs: tuple[Node, ...]) -> Node:
        kernel = self.kernel.coarser(self.grid, factor)
        return replace(self, grid=self.grid.thinned(factor), kernel=kernel)

    def scratch(self, window: Window) -> int:
        return int(self.temporaries * window.cells)

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        return self.kernel(self.grid, window).astype(self.dtype, copy=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Cells(OverMany):
    """Any function of the layers at a cell; all inputs are on this grid."""

    keeps_cells: ClassVar[bool] = True

    kernel: Callable[..., Array]
    """One block per input -> block; pure, without regard to where the block lies."""
    temporaries: float = 0.0
    """Bytes the kernel needs beside inputs and result, per cell."""
    at_most: float = math.inf
    """Bytes of these at most, of a kernel that goes through a block in tiles."""
    layerwise: bool = False
    """Whether layer i of the result depends on layer i of the inputs alone, by one rule for all layers."""
    takes_layers_apart: bool = False
    """Whether the kernel takes blocks that are parts of larger arrays, and so do not lie together in memory."""

    @property
    def layer_by_layer(self) -> bool:
        return self.layerwise and _same_depth(self)

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        return (window,) * len(self.arguments)

    def scratch(self, window: Window) -> int:
        # A kernel may hand back another dtype: room for the result before the cast.
        own = min(self.temporaries * window.cells, self.at_most)
        return int(own) + self.nbytes(window) * (8 // self.dtype.itemsize)

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        out = _guarded(self, arrays, window, lambda: self.kernel(*arrays))
        expected = (len(self.layers), window.nrow, window.ncol)
        if out.shape != expected:
            text = f"{self.verb or 'kernel'}: must give values of shape (layer, row, col) = {expected}, got {out.shape}"
            raise UDFError(_at(self, arrays, window, text))
        return out.astype(self.dtype, copy=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Halo(OverOne):
    """A function of a cell and its neighbours; the input is on this grid."""

    keeps_cells: ClassVar[bool] = True

    rows: int
    """Neighbours needed above and below."""
    cols: int
    """Neighbours needed left and right."""
    kernel: Neighbourhood
    """Block with the halo around it -> block without."""
    fill: float | Literal["edge"] = np.nan
    """Value outside the raster, or ``"edge"`` to repeat the border cells."""
    wrap: bool = False
    """Whether the last column is a neighbour of the first (around the earth)."""
    temporaries: float = 0.0
    """Bytes the kernel needs beside input and result, per cell."""
    layerwise: bool = True
    """Whether layer i of the result depends on layer i of the input alone, by one rule for all layers."""

    @property
    def layer_by_layer(self) -> bool:
        return self.layerwise

    def input_factors(self, factor: int) -> tuple[int, ...] | None:
        grid = self.grid.thinned(factor)
        return (factor,) if self.rows * 2 <= grid.nrow and self.cols * 2 <= grid.ncol else None

    def coarser(self, factor: int, inputs: tuple[Node, ...]) -> Node:
        grid = self.grid.thinned(factor)
        return replace(self, grid=grid, argument=inputs[0], kernel=self.kernel.on(grid))

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        return (self._covered(window),)

    def _covered(self, window: Window) -> Window:
        """The window of the input behind a window."""
        wide = window.widened(self.rows, self.cols)
        if self.wrap and (wide.col < 0 or wide.col_stop > self.grid.ncol):
            wide = Window(wide.row, 0, wide.nrow, self.grid.ncol)
        return wide.common(self.grid.window)

    def scratch(self, window: Window) -> int:
        wide = window.widened(self.rows, self.cols)
        laid_out = self._laid_out(self.argument.dtype)
        copied = laid_out != self.argument.dtype or not self.grid.window.contains(wide)
        padded = len(self.argument.layers) * wide.cells * laid_out.itemsize if copied else 0
        padded *= 2 if self.wrap else 1
        return padded + int(self.temporaries * wide.cells) + self.nbytes(window) * (8 // self.dtype.itemsize)

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        (array,) = present(arrays)
        padded = self._pad(array, self._covered(window), window.widened(self.rows, self.cols))
        out = _guarded(self, arrays, window, lambda: self.kernel(padded))
        return out.astype(self.dtype, copy=False)

    def _laid_out(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        """That in which the kernel gets values of a dtype."""
        return np.dtype(np.float64) if self.kernel.doubles else dtype

    def _pad(self, array: Array, covered: Window, wide: Window) -> Array:
        """`array` over `covered`, laid out over `wide`, with what lies outside the raster filled in."""
        dtype = self._laid_out(array.dtype)
        if covered == wide:
            return np.ascontiguousarray(array, dtype)
        if self.wrap:
            columns = np.arange(wide.col, wide.col_stop) % self.grid.ncol - covered.col
            array, covered = array[:, :, columns], Window(covered.row, wide.col, covered.nrow, wide.ncol)
        padded = np.empty((len(array), wide.nrow, wide.ncol), dtype)
        rows, cols = covered.slices_in(wide)
        padded[:, rows, cols] = array
        above, below = padded[:, : rows.start], padded[:, rows.stop :]
        left, right = padded[:, rows, : cols.start], padded[:, rows, cols.stop :]
        edge = self.fill == "edge"
        left[...] = array[:, :, :1] if edge else self.fill
        right[...] = array[:, :, -1:] if edge else self.fill
        above[...] = padded[:, rows][:, :1] if edge else self.fill
        below[...] = padded[:, rows][:, -1:] if edge else self.fill
        return padded


@dataclass(frozen=True, eq=False, kw_only=True)
class Regrid(OverMany):
    """Values brought from other grids onto this one; each input is on a grid of its own."""

    method: ManyInputs
    """The geometry, known from the grids alone."""
    layerwise: bool = True
    """Whether layer i of the result depends on layer i of the inputs alone."""
    tile: Tiling | None = None
    """Tiling of the sources in cells of this grid, where the method keeps cells as they are."""
    rows_at_once: int = 1
    """Rows that the method computes whole, however few of them are wanted."""

    def __post_init__(self) -> None:
        if self.grid.geolocation is not None and any(self.grid == node.grid for node in self.arguments):
            object.__setattr__(self, "grid", replace(self.grid, geolocation=None))  # its cells change places

    @property
    def moves(self) -> bool:
        return self.method.moves

    @property
    def takes_parts(self) -> bool:
        return self.method.takes_parts

    @property
    def layer_by_layer(self) -> bool:
        return self.layerwise and _same_depth(self)

    def input_factors(self, factor: int) -> tuple[int, ...] | None:
        found = self.method.input_factor(factor)
        return None if found is None else (found,) * len(self.arguments)

    def coarser(self, factor: int, inputs: tuple[Node, ...]) -> Node:
        found = self.input_factors(factor) or ()
        sources = [Thinned(node.grid, f) for node, f in zip(self.arguments, found, strict=True)]
        result = Thinned(self.grid, factor)
        method = self.method.coarser(sources, result)
        return replace(self, grid=result.grid, arguments=inputs, method=method, tile=None, rows_at_once=1)

    @property
    def grain(self) -> int:
        return self.rows_at_once

    @property
    def own_tiling(self) -> Tiling | None:
        return self.tile

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        return self.method.windows(window)

    def scratch(self, window: Window) -> int:
        return self.method.scratch(window, len(self.layers))

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        out = self.method.apply(arrays, self.method.windows(window), window, len(self.layers), self.dtype)
        return out.astype(self.dtype, copy=False)


@dataclass(frozen=True, eq=False, kw_only=True)
class Stack(OverMany):
    """Layers of one or more inputs, in any order; all inputs are on this grid."""

    keeps_cells: ClassVar[bool] = True

    picks: tuple[tuple[int, int], ...]
    """(input, layer of that input) for each layer."""

    @property
    def moves(self) -> bool:
        return True

    @property
    def parts(self) -> list[tuple[Node, int]]:
        return [(self.arguments[which], layer) for which, layer in self.picks]

    def footprint(self, window: Window) -> tuple[Window | None, ...]:
        return (window,) * len(self.arguments)

    def block(self, arrays: tuple[Array | None, ...], window: Window) -> Array:
        given = present(arrays)
        out = np.empty((len(self.picks), window.nrow, window.ncol), self.dtype)
        for i, (which, layer) in enumerate(self.picks):
            out[i] = given[which][layer]
        return out


def present(arrays: tuple[Array | None, ...]) -> tuple[Array, ...]:
    """The arrays of a node whose footprint leaves no input out."""
    found = tuple(array for array in arrays if array is not None)
    if len(found) != len(arrays):
        raise ValueError("an input of the node was not computed")
    return found


def _same_depth(node: OverMany) -> bool:
    return all(len(a.layers) == len(node.layers) for a in node.arguments)


def _guarded(
    node: Cells | Halo, arrays: tuple[Array | None, ...], window: Window, call: Callable[[], Array]
) -> Array:
    """The result of a kernel; the error of a user's function says where it happened."""
    if not node.verb:
        return call()
    try:
        return call()
    except RError as error:
        raise UDFError(_at(node, arrays, window, f"{node.verb}: {error}")) from error
    except PyterraError:
        raise
    except Exception as error:
        text = f"{node.verb}: the function raised {type(error).__name__}: {error}"
        raise UDFError(_at(node, arrays, window, text)) from error


def _at(node: Node, arrays: tuple[Array | None, ...], window: Window, text: str) -> str:
    first = window.row * node.grid.ncol + window.col
    last = (window.row_stop - 1) * node.grid.ncol + window.col_stop - 1
    shapes = ", ".join("none" if a is None else str(a.shape) for a in arrays)
    names = ", ".join(layer.name for source in node.inputs for layer in source.layers[:6])
    return (
        f"{text} [block of {window}, cells {first} to {last}, {node.grid.extent_of(window)}; "
        f"input shapes (layer, row, col): {shapes}; input layers: {names}]"
    )
