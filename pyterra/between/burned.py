"""What is burned into cells: a statistic of the values of the geometries that lie there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.fields import Groups
from pyterra.between.shapes import Rule, Shapes, shapes_of, wrapped
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
    """Number of layers, each `width` deep."""
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
        out = np.full((self.depth, self.width, window.nrow, window.ncol), self.background)
        for strip in self.shapes.strips(grid, window):
            geometry, place, _ = self.shapes.cells(grid, strip, self.rules)
            rows = out[:, :, strip.row - window.row :][:, :, : strip.nrow]
            for layer, target in enumerate(rows):
                mine = self.layers[geometry] == layer
                put(target, place[mine], self.values[geometry[mine]], self.fun)
        return out.reshape(-1, window.nrow, window.ncol)

    def of_a_cell(self, grid: Grid) -> NDArray[np.float64]:
        """Values that a function can be tried on: that of the first geometry."""
        return self.values[:1]

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

    @property
    def depth(self) -> int:
        """Number of layers, each `width` deep."""
        return len(self.xy)

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full((self.depth, self.width, window.nrow, window.ncol), self.background)
        for target, xy, values in zip(out, self.xy, self.values, strict=True):
            row, col = grid.row_from_y(xy[:, 1]) - window.row, grid.col_from_x(xy[:, 0]) - window.col
            inside = (row >= 0) & (row < window.nrow) & (col >= 0) & (col < window.ncol)
            put(target, row[inside] * window.ncol + col[inside], values[inside], self.fun)
        return out.reshape(-1, window.nrow, window.ncol)

    def of_a_cell(self, grid: Grid) -> NDArray[np.float64]:
        """Values that a function can be tried on: those in the cell of the first point on the grid."""
        for xy, values in zip(self.xy, self.values, strict=True):
            cell = grid.cell_from_xy(xy)
            if (cell >= 0).any():
                return values[cell == cell[cell >= 0][0]]
        return np.empty(0)


@dataclass(frozen=True)
class Numbers:
    """What a statistic or a function gives for the values of a cell."""

    count: int
    names: tuple[str, ...] = ()
    """Empty where they have none."""

    def after(self, base: str) -> list[str]:
        """Names of their layers, after that of a field or a group."""
        ends = self.names or [f"lyr{k}" for k in range(1, self.count + 1)]
        return [base] if self.count == 1 else [f"{base}_{end}" for end in ends]


def points_burner(
    geoms: NDArray[Any],
    grid: Grid,
    values: NDArray[np.float64],
    groups: Groups,
    fun: Fun,
    background: float,
) -> BurnPoints:
    """Points, of one or of several parts, as what burns them."""
    import shapely

    xy, owner = shapely.get_coordinates(wrapped(geoms, grid) if grid.is_lonlat else geoms, return_index=True)
    chosen = [groups.number[owner] == k for k in range(len(groups.labels))]
    return BurnPoints(
        tuple(xy[c] for c in chosen), tuple(values[owner[c]] for c in chosen), fun, float(background)
    )


def shapes_burner(
    geoms: NDArray[Any],
    grid: Grid,
    values: NDArray[np.float64],
    groups: Groups,
    fun: Fun,
    background: float,
    rule: Rule,
    *,
    polygon: bool,
) -> BurnShapes:
    """Lines or polygons as what burns them."""
    shapes = shapes_of(geoms, grid, polygon=polygon)
    rules = shapes.rules(grid, rule)
    return BurnShapes(shapes, rules, values, groups.number, len(groups.labels), fun, float(background))


def gives(fun: Fun, values: NDArray[np.float64]) -> Numbers:
    """The numbers that a statistic gives, or a function for these values."""
    if isinstance(fun, Statistic):
        return Numbers(fun.width, fun.gives)
    told = by_function(values[:, None], np.zeros(min(1, values.size), np.int64), fun, False, "rasterize")
    return Numbers(told.numbers.shape[2], tuple(told.names))


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
