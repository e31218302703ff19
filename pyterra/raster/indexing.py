"""``r[...]`` and ``r[...] = ``: layers by one index, rows and columns by two, cells by a raster mask."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.brackets import counted
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Array, Cells, Constant, ManyInputs, Node, OneInput, Regrid, Thinned, select
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.build import (
    is_raster,
    layer_positions,
    mixed,
    node_of,
    on_grid,
    per_layer,
    raster,
    recycled,
)
from pyterra.raster.values import assign_layers
from pyterra.run import gathered, to_array

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Layers


def subset(x: SpatRaster, index: Layers, *, negate: bool = False) -> SpatRaster:
    """Some of the layers, in the order given.

    Parameters
    ----------
    x : SpatRaster
    index : int, str, slice, sequence of them, or one boolean per layer
        Layers by number (from 0) or name.
    negate : bool
        Take all other layers instead.

    Returns
    -------
    SpatRaster

    Raises
    ------
    LayerError
        Where a layer does not exist.

    See Also
    --------
    names : Reads or sets the names of layers.
    c : Joins layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2, nlyrs=3, vals=range(12), names=["red", "nir", "swir"])
    >>> r.subset(["nir", "red"]).names
    ['nir', 'red']
    """
    positions = layer_positions(x._node.layers, index)
    if negate:
        positions = [i for i in range(len(x)) if i not in set(positions)]
    if not positions:
        raise ArgumentError("subset: at least one layer must be chosen, got none")
    return raster(select(x._node, positions))


def getitem(x: SpatRaster, key: Any) -> Any:
    """``r[key]``."""
    if is_raster(key):
        return masked_values(x, key)
    if isinstance(key, tuple):
        if len(key) != 2:
            raise ArgumentError(f"r[...]: takes one index (layers) or two (rows, columns), got {len(key)}")
        return _rows_and_columns(x, *key)
    return subset(x, counted(key, len(x)))


def _rows_and_columns(x: SpatRaster, row: Any, col: Any) -> Array:
    grid = x._node.grid
    rows, cols = _positions(row, grid.nrow, "row"), _positions(col, grid.ncol, "column")
    if rows.size == 0 or cols.size == 0:
        raise ArgumentError("r[rows, columns]: at least one row and one column must be chosen, got none")
    window = Window(int(rows.min()), int(cols.min()), int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1)
    block = to_array(node_of(x, "r[rows, columns]"), window)
    part: Array = block[:, rows[:, None] - window.row, cols[None, :] - window.col]
    if not _is_many(row):
        part = part[:, 0]
        return part if _is_many(col) else part[:, 0]
    return part if _is_many(col) else part[:, :, 0]


def _is_many(index: Any) -> bool:
    return isinstance(index, slice) or np.ndim(index) > 0


def _positions(index: Any, size: int, what: str) -> NDArray[np.int64]:
    found = np.atleast_1d(np.asarray(counted(index, size)))
    if found.size == 0:
        return np.empty(0, np.int64)
    if found.dtype == bool:
        if found.shape != (size,):
            raise ArgumentError(
                f"r[rows, columns]: a boolean per {what} must have length {size}, got {found.size}"
            )
        found = np.flatnonzero(found)
    if found.dtype.kind not in "iu":
        raise ArgumentError(f"r[rows, columns]: a {what} must be a whole number, got {index!r}")
    if found.size and (found.min() < 0 or found.max() >= size):
        raise ExtentError(
            f"r[rows, columns]: {what}s go from 0 to {size - 1}, or down to -{size} from the end, got {index!r}"
        )
    return found.astype(np.int64)


def masked_values(x: SpatRaster, mask: SpatRaster) -> NDArray[np.float64]:
    """Values of the cells where `mask` is true (1), shape (n, nlyr), in the order of cell numbers.

    Only these values are held in memory.
    """
    from pyterra.expr import join

    node, test = node_of(x, "r[mask]"), node_of(mask, "r[mask]")
    if len(test.layers) != 1:
        raise ArgumentError(f"r[mask]: the mask must have one layer, got {len(test.layers)}")
    test = on_grid(test, node.grid.check_same(test.grid, "r[mask]"))
    both = join([on_grid(node, test.grid), test])
    advice = "use a mask of fewer cells, or r.mask(mask) and write it to a file"
    what = Gathering("r[mask]", "cells", 24.0 + 24.0 * len(node.layers), advice)
    return gathered(both, ChosenCells(node.grid.ncol), what)[1]


@dataclass(frozen=True)
class ChosenCells:
    """Cell numbers and values where the last layer is 1."""

    ncol: int

    def __call__(self, block: Array, window: Window) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        row, col = np.nonzero(block[-1] == 1)
        cells = (row + window.row) * np.int64(self.ncol) + col + window.col
        return cells, block[:-1, row, col].T.astype(np.float64)


def setitem(x: SpatRaster, key: Any, value: Any) -> None:
    """``r[key] = value``: rebinds the node of this raster; other rasters and files stay as they are."""
    if is_raster(key):
        x._node = _assign_masked(x, key, value)
    elif isinstance(key, tuple):
        if len(key) != 2:
            raise ArgumentError(f"r[rows, columns] = ...: takes two indices, got {len(key)}")
        x._node = _assign_cells(x, key[0], key[1], value)
    else:
        if not is_raster(value):
            raise ArgumentError(f"r[layer] = ...: must be a SpatRaster, got {type(value).__name__}")
        new = node_of(value, "r[layer] = ...")
        grid = x._node.grid.check_same(new.grid, "r[layer] = ...")
        x._node = assign_layers(on_grid(x._node, grid), counted(key, len(x)), on_grid(new, grid))


@dataclass(frozen=True)
class Replace:
    """Numbers where the mask (the layers of the last input) is 1."""

    numbers: tuple[float, ...]
    dtype: np.dtype[Any]

    def __call__(self, block: Array, *others: Array) -> Array:
        mask = others[-1] == 1
        new = others[0] if len(others) == 2 else np.asarray(self.numbers, self.dtype)[:, None, None]
        return np.where(mask, new, block)


def _assign_masked(x: SpatRaster, mask: SpatRaster, value: Any) -> Node:
    node, test = node_of(x, "r[mask] = ..."), node_of(mask, "r[mask] = ...")
    grid = node.grid.check_same(test.grid, "r[mask] = ...")
    count = len(node.layers)
    inputs = [on_grid(node, grid)]
    numbers: tuple[float, ...] = ()
    if is_raster(value):
        new = node_of(value, "r[mask] = ...")
        inputs.append(recycled(on_grid(new, grid.check_same(new.grid, "r[mask] = ...")), count))
    else:
        numbers = per_layer(value, "r[mask] = ...")
        numbers = tuple(numbers[i % len(numbers)] for i in range(count))
    inputs.append(recycled(on_grid(test, grid), count))
    dtype = np.dtype(np.result_type(node.dtype, *(n.dtype for n in inputs[1:-1])))
    if any(v == v and float(np.float32(v)) != v for v in numbers):
        dtype = np.dtype(np.float64)
    layers = tuple(
        mixed(layer, numbers, [n.layers[i] for n in inputs[1:-1]]) for i, layer in enumerate(node.layers)
    )
    return Cells(
        grid=grid,
        layers=layers,
        dtype=dtype,
        arguments=tuple(inputs),
        kernel=Replace(numbers, dtype),
        temporaries=10.0 * count,
    )


class _InPlace(OneInput):
    """What methods that put other values in the place of some cells have in common."""

    numbers: NDArray[np.float64]

    def behind(self, window: Window) -> Window | None:
        return window

    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        out = np.array(array, dtype)
        self.put(out, window)
        return out

    @abstractmethod
    def put(self, out: Array, window: Window) -> None:
        """Write what lies in the window into its values."""

    def scratch(self, window: Window, nlyr: int) -> int:
        return int(self.numbers.nbytes)

    def input_factor(self, factor: int) -> int | None:
        return factor


def _shown(at: NDArray[np.int64], factor: int, size: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Which of some rows (or columns) a preview shows, and where."""
    coarse = at // factor
    return np.minimum(coarse * factor + factor // 2, size - 1) == at, coarse


@dataclass(frozen=True, eq=False)
class Patch(_InPlace):
    """Values of some rows and columns in the place of others."""

    rows: NDArray[np.int64]
    cols: NDArray[np.int64]
    numbers: NDArray[np.float64]
    """Shape (layer, row, col)."""

    def put(self, out: Array, window: Window) -> None:
        down = (self.rows >= window.row) & (self.rows < window.row_stop)
        across = (self.cols >= window.col) & (self.cols < window.col_stop)
        rows, cols = self.rows[down] - window.row, self.cols[across] - window.col
        out[:, rows[:, None], cols[None, :]] = self.numbers[:, down][:, :, across]

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        down, rows = _shown(self.rows, result.factor, result.full.nrow)
        across, cols = _shown(self.cols, result.factor, result.full.ncol)
        return Patch(rows[down], cols[across], self.numbers[:, down][:, :, across])


@dataclass(frozen=True, eq=False)
class Scattered(_InPlace):
    """Values of some cells in the place of others."""

    ncol: int
    cells: NDArray[np.int64]
    """Cell numbers, ascending."""
    numbers: NDArray[np.float64]
    """Shape (layer, cell)."""

    def put(self, out: Array, window: Window) -> None:
        first, last = window.row * self.ncol, window.row_stop * self.ncol
        part = slice(*np.searchsorted(self.cells, [first, last]))
        row, col = np.divmod(self.cells[part], self.ncol)
        here = (col >= window.col) & (col < window.col_stop)
        out[:, row[here] - window.row, col[here] - window.col] = self.numbers[:, part][:, here]

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        row, col = np.divmod(self.cells, self.ncol)
        down, rows = _shown(row, result.factor, result.full.nrow)
        across, cols = _shown(col, result.factor, result.full.ncol)
        here, ncol = down & across, result.grid.ncol
        return Scattered(ncol, rows[here] * ncol + cols[here], self.numbers[:, here])


def assign_scattered(node: Node, cells: NDArray[np.int64], values: NDArray[np.float64]) -> Node:
    """Other values, shape (layer, cell), at cells by number; the last counts where a cell is given twice."""
    inside = np.flatnonzero((cells >= 0) & (cells < node.grid.cells))
    numbers, backwards = np.unique(cells[inside][::-1], return_index=True)
    last = inside[::-1][backwards]
    return _in_place(node, Scattered(node.grid.ncol, numbers, values[:, last]))


def _assign_cells(x: SpatRaster, row: Any, col: Any, value: Any) -> Node:
    """Some cells get values; the others are read when they are wanted."""
    node = x._node
    grid, count = node.grid, len(node.layers)
    rows, cols = _positions(row, grid.nrow, "row"), _positions(col, grid.ncol, "column")
    values = _fitted(value, (count, rows.size, cols.size))
    if isinstance(node, Constant):
        node = replace(node, skeleton=False)
    return _in_place(node, Patch(rows, cols, values))


def _in_place(node: Node, method: Patch | Scattered) -> Node:
    """A node with other values at some cells; the rest is read when it is wanted."""
    values = method.numbers
    with np.errstate(over="ignore"):
        exact = np.isnan(values) | (values.astype(np.float32) == values)
    return Regrid(
        grid=node.grid,
        layers=tuple(mixed(layer, values) for layer in node.layers),
        dtype=node.dtype if exact.all() else np.dtype(np.float64),
        arguments=(node,),
        method=method,
        layerwise=False,
        tile=node.tiling,
    )


def _fitted(value: Any, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Numbers laid over (layer, row, col): one, one per layer, or what numpy broadcasts."""
    numbers = np.asarray(np.nan if value is None else value, dtype=np.float64)
    if numbers.shape == shape[:1] and (shape[0] > 1 or shape[2] == 1):
        numbers = numbers[:, None, None]
    elif numbers.ndim == 2 and 1 in shape[1:] and numbers.shape == (shape[0], max(shape[1:])):
        numbers = numbers.reshape(shape)  # as r[row, columns] gives them
    try:
        return np.broadcast_to(numbers, shape).copy()
    except ValueError:
        raise ArgumentError(
            f"r[rows, columns] = ...: must be a number, one per layer, or have shape (layer, row, col) = {shape}, "
            f"got shape {numbers.shape}"
        ) from None


def delitem(x: SpatRaster, key: Any) -> None:
    """``del r[layers]``: the other layers stay."""
    if isinstance(key, tuple) or is_raster(key):
        raise ArgumentError("del r[...]: takes layers; set cells to missing with r[...] = nan")
    x._node = subset(x, counted(key, len(x)), negate=True)._node
