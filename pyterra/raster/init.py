"""init: values that follow from where a cell lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import UDFError
from pyterra.expr import Array, AtCells, Constant, Init, Layer
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid
from pyterra.raster.build import FLOAT32, FLOAT64, exact_dtype, geometry_of, mixed, per_layer, raster
from pyterra.raster.values import array_node

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

PLACES = ("x", "y", "row", "col", "cell", "chess")


@dataclass(frozen=True)
class Numbers(AtCells):
    """Coordinates or numbers of cells."""

    what: str
    layers: int

    def at(self, grid: Grid, rows: Array, cols: Array) -> Array:
        down, along = rows[:, None].astype(np.float64), cols[None, :].astype(np.float64)
        out = np.empty((self.layers, rows.size, cols.size))
        if self.what == "x":
            out[:] = grid.x_from_col(cols)[None, :]
        elif self.what == "y":
            out[:] = grid.y_from_row(rows)[:, None]
        elif self.what in ("row", "col"):
            out[:] = down if self.what == "row" else along
        elif self.what == "cell":
            np.add(down * grid.ncol, along, out=out[0])
            out[1:] = out[0]
        else:
            np.add(down % 2, (along + 1) % 2, out=out[0])
            out[0] %= 2
            out[1:] = out[0]
        return out


@dataclass(frozen=True)
class Repeated(AtCells):
    """Numbers repeated over the cells, from the first on."""

    numbers: tuple[float, ...]
    layers: int

    def at(self, grid: Grid, rows: Array, cols: Array) -> Array:
        numbers = np.array(self.numbers)
        out = np.empty((self.layers, rows.size, cols.size))
        for i, row in enumerate(rows):
            out[:, i] = numbers[(row * grid.ncol + cols) % numbers.size]
        return out


def init(x: SpatRaster, fun: str | float | Sequence[float] | Callable[[int], Any]) -> SpatRaster:
    """A raster on the grid of another, with values that follow from where a cell lies.

    Parameters
    ----------
    x : SpatRaster
    fun : {"x", "y", "row", "col", "cell", "chess"}, number, sequence of numbers or callable
        Coordinates, numbers (from 0), or 1 and 0 as on a chessboard; a number for all cells; numbers that are repeated
        over the cells; or ``fun(n)`` that gives n values.

    Returns
    -------
    SpatRaster
        As many layers as `x`, with its names; of a word one layer, which is called that.

    See Also
    --------
    set_values : Gives values of your own.
    xy_from_cell : Gives coordinates as an array.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=2).init("cell").values(drop=True).tolist()
    [0.0, 1.0, 2.0, 3.0]
    """
    node = geometry_of(x, "init")
    grid, count = node.grid, len(node.layers)
    layers = tuple(layer.number() for layer in node.layers)
    fun = callable_of(fun)
    if callable(fun) and not isinstance(fun, str):
        values = [np.asarray(fun(grid.cells), np.float64).ravel() for _ in layers]
        if any(v.size != grid.cells for v in values):
            raise UDFError(f"init: the function must give {grid.cells} values, got {values[0].size}")
        return raster(array_node(np.stack(values).reshape(count, grid.nrow, grid.ncol), grid, layers))
    if isinstance(fun, str):
        what = choice(fun, PLACES, "init: fun")
        layer = Layer(what, kind="num" if what in ("x", "y") else "int")
        return raster(Init(grid=grid, layers=(layer,), dtype=FLOAT64, kernel=Numbers(what, 1)))
    numbers = per_layer(fun, "init")
    dtype, layers = exact_dtype(numbers, FLOAT32), tuple(mixed(layer, numbers) for layer in layers)
    if len(numbers) == 1:
        return raster(Constant(grid=grid, layers=layers, dtype=dtype, numbers=numbers * count))
    kernel = Repeated(numbers, count)
    return raster(Init(grid=grid, layers=layers, dtype=dtype, kernel=kernel, temporaries=8.0 * count))
