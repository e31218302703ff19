"""Values out of a raster and into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyterra.errors import ArgumentError, TooLargeError, warn
from pyterra.expr import Array, Categories, Layer, Node, Read, select
from pyterra.expr.layers import block_dtype
from pyterra.grid import Grid, Window
from pyterra.io.array import ArraySource
from pyterra.plan import format_bytes
from pyterra.raster.build import FLOAT64, layer_positions, node_of, raster
from pyterra.run import to_array, to_bytes

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

IMPLICIT_LIMIT = 2**30
"""Bytes beyond which `np.asarray(r)` refuses: what is asked for in passing must not fill the memory."""


def to_numpy(x: SpatRaster, *, window: Window | None = None) -> Array:
    """Values as an array.

    Parameters
    ----------
    x : SpatRaster
    window : Window, optional
        Only these rows and columns.

    Returns
    -------
    ndarray of shape (layer, row, col)
        float32 or float64; missing is NaN.

    Raises
    ------
    MemoryBudgetError
        Where the values do not fit the memory budget.

    See Also
    --------
    values : Gives a row per cell.
    as_array : Gives terra's array of shape (nrow, ncol, nlyr).
    to_xarray : Takes coordinates and names along.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).to_numpy().tolist()
    [[[1.0, 2.0], [3.0, 4.0]]]
    """
    return to_array(node_of(x, "to_numpy"), window)


def values(x: SpatRaster, *, drop: bool = False) -> NDArray[np.float64]:
    """Values as terra's matrix.

    Parameters
    ----------
    x : SpatRaster
    drop : bool
        Give a vector when there is one layer.

    Returns
    -------
    ndarray of float64 of shape (ncell, nlyr), or (ncell,)
        Cells row by row from the top left; missing is NaN.

    Raises
    ------
    MemoryBudgetError
        Where the values do not fit the memory budget.

    See Also
    --------
    to_numpy : Gives an array of shape (layer, row, col).
    as_data_frame : Gives a table with names and coordinates.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2]], [[10, 20]]])
    >>> r.values().tolist()
    [[1.0, 10.0], [2.0, 20.0]]
    >>> r[0].values(drop=True).tolist()
    [1.0, 2.0]
    """
    array = to_array(node_of(x, "values"), own=False)
    matrix = np.ascontiguousarray(array.reshape(len(array), -1).T, dtype=np.float64)
    return matrix[:, 0] if drop and matrix.shape[1] == 1 else matrix


def implicit_array(x: SpatRaster, dtype: Any = None) -> Array:
    """Values for `np.asarray`, refused beyond 1 GB."""
    node = node_of(x, "np.asarray")
    need = node.nbytes(node.grid.window)
    if need > IMPLICIT_LIMIT:
        raise TooLargeError(
            f"np.asarray: the raster has {format_bytes(need)} of values; ask for them with .to_numpy(), crop() first, "
            "or stay with the verbs, which work block by block"
        )
    array = to_numpy(x)
    return array if dtype is None else array.astype(dtype, copy=False)


def set_values(x: SpatRaster, values: ArrayLike, *, keep_names: bool = True) -> SpatRaster:
    """A raster on the same grid with new values.

    Parameters
    ----------
    x : SpatRaster
    values : array-like
        Shape (layer, row, col), (row, col), (ncell, nlyr), or a single number; or a row of numbers, layer by layer,
        repeated where they fill a part of the layers. With more layers than `x`, the result has those.
    keep_names : bool
        Keep the names when the number of layers is the same.

    Returns
    -------
    SpatRaster
        Extent and CRS of `x`.

    Raises
    ------
    ArgumentError
        Where the number of values does not fit the grid.

    See Also
    --------
    init : Gives values that follow from the position of a cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> grid = pt.rast(nrows=2, ncols=2)
    >>> grid.set_values([[1, 2], [3, 4]]).values(drop=True).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    grid = x._node.grid
    node = values_node(values, grid, len(x._node.layers))
    if keep_names and len(node.layers) == len(x._node.layers):
        layers = tuple(
            replace(new, name=old.name) for new, old in zip(node.layers, x._node.layers, strict=True)
        )
        node = replace(node, layers=layers)
    return raster(node)


def values_node(values: Any, grid: Grid, nlyr: int) -> Read:
    """A node over values of any accepted shape; those of a pandas Categorical are classes, from 1 as a factor's in R."""
    kinds: Any = getattr(values, "dtype", None)
    if not hasattr(kinds, "categories"):
        return array_node(as_layers(values, grid, nlyr), grid)
    codes = np.asarray(getattr(values, "cat", values).codes, np.int32) + 1
    node = array_node(as_layers(np.ma.masked_equal(codes, 0), grid, nlyr), grid)
    rows = tuple((i + 1, str(label)) for i, label in enumerate(kinds.categories))
    table = Categories(("value", "label"), rows)
    layers = tuple(replace(layer, kind="factor", categories=table) for layer in node.layers)
    return replace(node, layers=layers)


def as_numbers(values: Any) -> Array:
    """An array of its own of numbers; a masked array where some are masked, or pandas says that they are missing."""
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.array(values, copy=True)
    if isinstance(values, range):
        values = list(values)
    if isinstance(values, list | tuple) and any(isinstance(v, np.ma.MaskedArray) for v in values):
        return np.ma.stack(values)
    if hasattr(values, "isna") and hasattr(values, "to_numpy"):  # of pandas
        hidden = np.asarray(values.isna())
        if hidden.any():
            plain = values.to_numpy(dtype=np.float64, na_value=np.nan)
            return np.ma.array(plain, mask=hidden)
    array = np.array(values)  # a copy: what the caller does with theirs must not reach the raster
    return array.astype(np.float64) if array.dtype == object else array


def as_layers(values: Any, grid: Grid, nlyr: int) -> Array:
    """A copy of values of any accepted shape, as (layer, row, col); masked where they are."""
    array = as_numbers(values)
    if not isinstance(array, np.ma.MaskedArray):
        return _shaped(array, grid, nlyr)
    places = _shaped(np.arange(array.size).reshape(array.shape), grid, nlyr)
    return array.ravel()[places]


def _shaped(array: Array, grid: Grid, nlyr: int) -> Array:
    if array.dtype.kind not in "biuf":
        raise ArgumentError(f"values: must be numbers, got {array.dtype}")
    shape = (grid.nrow, grid.ncol)
    if array.ndim == 0:
        return np.broadcast_to(array, (nlyr, *shape)).copy()
    if array.ndim == 3 and array.shape[1:] == shape:
        return np.ascontiguousarray(array)
    if array.ndim == 2 and array.shape == shape:
        return np.ascontiguousarray(array[None])
    if array.ndim == 2 and array.shape[0] == grid.cells:
        return np.ascontiguousarray(array.T).reshape(array.shape[1], *shape)
    if array.ndim == 1 and array.size:
        array = _recycled(array, grid.cells, nlyr)
        if array.size % grid.cells == 0:
            return np.ascontiguousarray(array).reshape(-1, *shape)
    raise ArgumentError(
        f"values: must have shape (layer, row, col) = (n, {grid.nrow}, {grid.ncol}), (ncell, nlyr) = ({grid.cells}, n), "
        f"or a multiple of {grid.cells} values, got shape {array.shape}"
    )


def _recycled(array: Array, cells: int, nlyr: int) -> Array:
    """Values repeated to fill all layers, where they fill a part of them; with a warning for less than a layer."""
    total = cells * nlyr
    if array.size >= total or total % array.size:
        return array
    if array.size < cells:
        warn(f"values: {array.size} values are recycled for {total} cells")
    return np.resize(array, total)


def array_node(array: Array, grid: Grid, layers: tuple[Layer, ...] | None = None) -> Read:
    """A node over values in memory of shape (layer, row, col); masked ones are missing."""
    name = array.dtype.name
    if array.dtype.kind not in "biuf":
        raise ArgumentError(f"values: must be numbers, got {array.dtype}")
    if name in ("float16", "longdouble"):
        array, name = array.astype(np.float64), "float64"
    if layers is None:
        kind = {"b": "bool", "i": "int", "u": "int"}.get(array.dtype.kind, "num")
        layers = tuple(Layer(f"lyr.{i + 1}", kind, storage=name) for i in range(len(array)))  # type: ignore[arg-type]
    if isinstance(array, np.ma.MaskedArray):
        code = _free_code(array)
        layers = tuple(replace(layer, nodata=code) for layer in layers)
        array = np.ma.filled(array.astype(block_dtype([name])), np.nan)
    array = np.ascontiguousarray(array)
    return Read(
        grid=grid,
        layers=layers,
        dtype=block_dtype([name]),
        source=ArraySource(array),
        bands=tuple(range(len(array))),
    )


def _free_code(array: np.ma.MaskedArray[Any, Any]) -> int | None:
    """A code for missing in files of the array's own type, which none of its values is."""
    if array.dtype.kind not in "iu":
        return None
    taken = np.ma.compressed(array)
    limits = np.iinfo(array.dtype)
    codes = (
        int(array.fill_value),
        int(limits.min if array.dtype.kind == "i" else limits.max),
        int(limits.max),
    )
    free = (code for code in codes if limits.min <= code <= limits.max and not (taken == code).any())
    return next(free, None)


def compute(x: SpatRaster) -> SpatRaster:
    """A raster that holds its values, so that nothing before it is computed again.

    Values that fit a share of the memory budget are held in memory; larger ones in a temporary file that goes away
    with the raster. Values are kept exactly.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Names and values of `x`.

    See Also
    --------
    write_raster : Keeps the values in a file.

    Examples
    --------
    >>> import pyterra as pt
    >>> twice = (pt.rast([[1, 2]]) * 2).compute()
    >>> twice.in_memory(), twice.values(drop=True).tolist()
    (True, [2.0, 4.0])
    """
    from pyterra.raster.write import spill

    node = node_of(x, "compute")
    if isinstance(node, Read) and node.source.held is not None:
        return raster(node)
    from pyterra.plan import memory_budget

    if node.nbytes(node.grid.window) > memory_budget() // 3:
        return raster(spill(node))
    return raster(_held(node))


def _held(node: Node) -> Read:
    """The values of a node in memory, as bytes where they are looked up from bytes."""
    small = to_bytes(node)
    if small is None:
        return array_node(to_array(node, own=False), node.grid, node.layers)
    source, bands = ArraySource(*small), tuple(range(len(node.layers)))
    return Read(grid=node.grid, layers=node.layers, dtype=node.dtype, source=source, bands=bands)


def to_memory(x: SpatRaster) -> SpatRaster:
    """A raster that holds its values in memory.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster

    Raises
    ------
    MemoryBudgetError
        Where they do not fit the memory budget.

    See Also
    --------
    compute : Takes a temporary file for what is large.

    Examples
    --------
    >>> import pyterra as pt
    >>> (pt.rast([[1, 2]]) * 2).to_memory().in_memory()
    True
    """
    node = node_of(x, "to_memory")
    if isinstance(node, Read) and node.source.held is not None:
        return raster(node)
    return raster(_held(node))


def assign_layers(node: Node, key: Any, new: Node) -> Node:
    """The layers of a node with some replaced, or one added under a new name."""
    from pyterra.expr import join, relabel

    names = [layer.name for layer in node.layers]
    if isinstance(key, str) and key not in names:
        if len(new.layers) != 1:
            raise ArgumentError(f"r[layer] = ...: must have one layer, got {len(new.layers)}")
        return join([node, relabel(new, (replace(new.layers[0], name=key),))])
    position = layer_positions(node.layers, key)
    if len(new.layers) not in (1, len(position)):
        raise ArgumentError(f"r[layers] = ...: must have {len(position)} layers, got {len(new.layers)}")
    parts = [select(node, [i]) for i in range(len(names))]
    for k, i in enumerate(position):
        part = select(new, [k % len(new.layers)])
        label = key if isinstance(key, str) else part.layers[0].name
        parts[i] = relabel(part, (replace(part.layers[0], name=label),))
    return join(parts)


def matrix_of_cells(node: Node, cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values at cell numbers, shape (n, nlyr); NaN for numbers outside. Reads only the blocks that hold cells."""
    out = np.full((cells.size, len(node.layers)), np.nan, FLOAT64)
    rows, cols = node.grid.row_col_from_cell(cells)
    inside = np.flatnonzero(rows >= 0)
    if inside.size == 0:
        return out
    tile = node.tiling
    height, width = (
        (256, 256) if tile is None else (max(1, min(tile.nrow, 1024)), max(1, min(tile.ncol, 1024)))
    )
    keys = (rows[inside] // height) * (node.grid.ncol // width + 1) + cols[inside] // width
    order = np.argsort(keys, kind="stable")
    groups = np.split(inside[order], np.flatnonzero(np.diff(keys[order])) + 1)
    for group in groups:
        r, c = rows[group], cols[group]
        window = Window(int(r.min()), int(c.min()), int(np.ptp(r)) + 1, int(np.ptp(c)) + 1)
        block = to_array(node, window)
        out[group] = block[:, r - window.row, c - window.col].T
    return out
