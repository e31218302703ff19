"""What is burned into cells: a statistic of the values of the geometries that lie there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.shapes import Shapes
from pyterra.errors import UDFError
from pyterra.expr import Array, Positional
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.statistics import Statistic
from pyterra.statistics.groups import by_function, of_groups

Fun = Statistic | Callable[..., Any]


@dataclass(frozen=True, eq=False)
class BurnShapes(Positional):
    """A statistic of the values of lines or polygons, by position."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    """Rule of each geometry."""
    values: NDArray[np.float64]
    """Value of each geometry."""
    layers: NDArray[np.int64]
    """Layer that each geometry goes to."""
    depth: int
    """Number of layers."""
    fun: Fun
    """What a cell gets that several geometries cover."""
    background: float
    width: int = 1
    """How many numbers `fun` gives."""

    def __call__(self, grid: Grid, window: Window) -> Array:
        name = self.fun.name if isinstance(self.fun, Statistic) else ""
        if name in kernels.burn.JOINS:
            return self._painted(grid, window, self.values, kernels.burn.JOINS[name])
        if name == "count":
            return self._painted(grid, window, 1.0 - np.isnan(self.values), kernels.burn.SUM)
        out = np.full((self.depth * self.width, window.nrow, window.ncol), self.background)
        for strip in self.shapes.strips(grid, window):
            geometry, place, _ = self.shapes.cells(grid, strip, self.rules)
            rows = out[:, strip.row - window.row :][:, : strip.nrow]
            for layer, target in enumerate(np.split(rows, self.depth)):
                mine = self.layers[geometry] == layer
                put(target, place[mine], self.values[geometry[mine]], self.fun)
        return out

    def _painted(self, grid: Grid, window: Window, values: NDArray[np.float64], join: int) -> Array:
        out = np.full((self.depth, window.nrow, window.ncol), self.background)
        kernels.burn.paint(
            *self.shapes.arguments(grid, self.shapes.on(grid).meeting(window), self.rules),
            window.row,
            window.col,
            grid.ncol,
            values,
            self.layers,
            join,
            out,
            np.zeros(out.shape, np.int32),
        )
        return out


@dataclass(frozen=True, eq=False)
class BurnPoints(Positional):
    """A statistic of the values of the points in each cell, per layer."""

    xy: tuple[NDArray[np.float64], ...]
    """Per layer: coordinates of the points that count, shape (n, 2)."""
    values: tuple[NDArray[np.float64], ...]
    """Per layer: their values."""
    fun: Fun
    background: float
    width: int = 1
    """How many numbers `fun` gives."""

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full((len(self.xy) * self.width, window.nrow, window.ncol), self.background)
        for target, xy, values in zip(np.split(out, len(self.xy)), self.xy, self.values, strict=True):
            row, col = grid.row_from_y(xy[:, 1]) - window.row, grid.col_from_x(xy[:, 0]) - window.col
            inside = (row >= 0) & (row < window.nrow) & (col >= 0) & (col < window.ncol)
            put(target, row[inside] * window.ncol + col[inside], values[inside], self.fun)
        return out


def gives(fun: Fun, values: NDArray[np.float64]) -> tuple[str, ...]:
    """Names of the numbers that a statistic gives, or a function of these values; one without a name is ``("",)``."""
    if isinstance(fun, Statistic):
        return fun.gives or ("",)
    told = by_function(values[:, None], np.zeros(min(1, values.size), np.int64), fun, False, "rasterize")
    count = told.numbers.shape[2]
    return told.names or (("",) if count == 1 else tuple(f"lyr{k + 1}" for k in range(count)))


def put(out: Array, cells: NDArray[Any], values: NDArray[np.float64], fun: Fun) -> None:
    """Set cells (row-major) of a block (number, row, col) to what a statistic or function gives for their values."""
    order = np.argsort(cells, kind="stable")
    found, starts = np.unique(cells[order], return_index=True)
    column = values[order][:, None]
    if isinstance(fun, Statistic):
        numbers = of_groups(column, starts, fun, na_rm=False)
    else:
        numbers = by_function(column, starts, fun, False, "rasterize").numbers
    if numbers.shape[2] != len(out):
        raise UDFError(
            f"rasterize: the function must give as many numbers for each cell, got {len(out)} and {numbers.shape[2]}"
        )
    row, col = np.divmod(found, out.shape[2])
    out[:, row, col] = numbers[:, 0].T
