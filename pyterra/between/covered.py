"""Cells that lines and polygons cover: their values, and statistics of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.shapes import Shapes
from pyterra.expr import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.io.safe.aside import apart
from pyterra.plan import Gathering
from pyterra.raster.table import layer_column, table
from pyterra.run import blocks_of
from pyterra.statistics import TABLE, Statistic
from pyterra.statistics.groups import by_function, of_groups

SUMMED = tuple(name for name, known in TABLE.items() if known.from_sums(("total", "low", "high")))
"""Statistics that need no list of values: what `kernels.gather` keeps of each shape is enough."""


@dataclass(frozen=True, eq=False)
class ShapeCells:
    """Geometry, cell number, weight and values of all cells of a block that shapes cover."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    grid: Grid

    def __call__(self, block: Array, window: Window) -> tuple[Any, ...]:
        geometry, place, weight = self.shapes.cells(self.grid, window, self.rules)
        row, col = np.divmod(place, window.ncol)
        values = block.reshape(len(block), -1)[:, place].T.astype(np.float64)
        return geometry, (row + window.row) * self.grid.ncol + col + window.col, weight, values


@dataclass(frozen=True, eq=False)
class ShapeSums:
    """Counts, sums and extremes of the cells of a block that shapes cover."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    grid: Grid
    truth: bool
    """Whether they are those of what is true."""

    def __call__(self, block: Array, window: Window) -> tuple[Any, Any]:
        groups = self.shapes.on(self.grid).meeting(window)
        part = kernels.gather.empty_groups(len(groups), len(block))
        values = kernels.finish.truths(block) if self.truth else block
        kernels.gather.add_covered(
            *self.shapes.arguments(self.grid, groups, self.rules),
            window.row,
            window.col,
            self.grid.ncol,
            values,
            part.kept,
        )
        return groups, part


@dataclass(frozen=True, eq=False)
class ShapeCounts:
    """How often each value of each layer occurs in each shape, of the cells of a block."""

    shapes: Shapes
    rules: NDArray[np.uint8]
    grid: Grid

    def __call__(self, block: Array, window: Window) -> list[Any]:
        found: list[list[Any]] = [[] for _ in block]
        for strip in self.shapes.strips(self.grid, window):
            geometry, place, _ = self.shapes.cells(self.grid, strip, self.rules)
            rows, cols = strip.slices_in(window)
            for layer, parts in zip(block, found, strict=True):
                pairs = np.stack([geometry.astype(np.float64), layer[rows, cols].ravel()[place]])
                parts.append(kernels.zones.combinations_of(pairs[:, ~np.isnan(pairs[1])]))
        return [kernels.zones.merge_combinations(*parts) for parts in found]


def _boxes(shapes: Shapes, grid: Grid) -> NDArray[np.int64]:
    """Rows and columns of the boxes of shapes."""
    x1, y1, x2, y2 = shapes.on(grid).boxes[~np.isnan(shapes.on(grid).boxes[:, 0])].T
    limits = np.column_stack([y1, y2, x1, x2])
    return np.floor(np.clip(limits, -2.0, max(grid.nrow, grid.ncol) + 2.0)).astype(np.int64)


def shape_sums(node: Node, shapes: Shapes, rules: NDArray[np.uint8], *, truth: bool) -> Any:
    """`kernels.gather.Groups` of every shape, of the values or of what is true."""
    total = kernels.gather.empty_groups(len(shapes), len(node.layers))
    for _, (groups, part) in blocks_of(
        node,
        ShapeSums(shapes, rules, node.grid, truth),
        label="extract",
        boxes=_boxes(shapes, node.grid),
        extra_per_cell=16.0 + (9.0 * len(node.layers) if truth else 0.0),
    ):
        kernels.gather.merge_groups(total, groups, part)
    return total


def shape_cells(
    node: Node, shapes: Shapes, rules: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Geometry, cell, weight and values (n, nlyr) of all covered cells, by geometry and cell.

    Raises
    ------
    MemoryBudgetError
        Where they do not fit the memory budget.
    """
    advice = f"give fun= ({', '.join(SUMMED)} need no list of values) or fewer geometries"
    what = Gathering("extract", "values of cells", 3 * (24.0 + 8 * len(node.layers)), advice)
    parts, count = [], 0
    for _, part in blocks_of(
        node,
        ShapeCells(shapes, rules, node.grid),
        label="extract",
        boxes=_boxes(shapes, node.grid),
        fixed_bytes=what.room,
        extra_per_cell=48.0,
    ):
        count += part[0].size
        what.check(count)
        parts.append(part)
    if not parts:
        none = np.empty(0, np.int64)
        return none, none, np.empty(0), np.empty((0, len(node.layers)))
    return apart(_joined, parts)


def _joined(
    parts: list[Any],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """What was found in blocks, by geometry and cell."""
    geometry, cell, weight, values = (np.concatenate(list(column)) for column in zip(*parts, strict=True))
    order = np.lexsort((cell, geometry))
    return geometry[order], cell[order], weight[order], values[order]


def summaries(
    node: Node,
    shapes: Shapes,
    rules: NDArray[np.uint8],
    funs: Sequence[Statistic | Callable[..., Any]],
    na_rm: bool,
    arguments: dict[str, Any],
) -> Any:
    """One row per geometry: a column per layer, or several where a function gives several numbers."""
    sums: dict[bool, Any] = {}
    cells: tuple[Any, ...] = ()
    found = []
    for fun in funs:
        if isinstance(fun, Statistic) and fun.name in SUMMED:
            if fun.truth not in sums:
                sums[fun.truth] = shape_sums(node, shapes, rules, truth=fun.truth)
            parts = sums[fun.truth]
            found.append(
                np.stack([kernels.finish.finish(parts, name, na_rm) for name in fun.numbers], axis=-1)
            )
        else:
            cells = cells or shape_cells(node, shapes, rules)
            found.append(of_owners(node, cells[0], cells[3], len(shapes), fun, na_rm, arguments))
    return summary_table(node, funs, found)


def of_owners(
    node: Node,
    owner: NDArray[np.int64],
    values: NDArray[np.float64],
    count: int,
    fun: Statistic | Callable[..., Any],
    na_rm: bool,
    arguments: dict[str, Any],
) -> NDArray[np.float64]:
    """What a statistic or function gives for the values (n, layer) of each geometry, in the order of `owner`.

    Its shape is (geometry, layer, number).
    """
    starts = np.searchsorted(owner, np.arange(count))
    if isinstance(fun, Statistic):
        numbers: NDArray[np.float64] = apart(of_groups, values, starts, fun, na_rm)
        return numbers
    told = [f"layer {layer.name!r}" for layer in node.layers]
    return by_function(values, starts, fun, na_rm, "extract", columns=told, arguments=arguments).numbers


def summary_table(node: Node, funs: Sequence[Any], found: Sequence[NDArray[np.float64]]) -> Any:
    """The numbers of each of `funs`, (geometry, layer, number), as columns; those of several begin with its name."""
    columns: list[tuple[str, Any]] = [("ID", np.arange(len(found[0])))]
    for fun, numbers in zip(funs, found, strict=True):
        start = f"{fun.name}_" if len(funs) > 1 else ""
        for i, layer in enumerate(node.layers):
            ends = ["", *(f".{k}" for k in range(1, numbers.shape[2]))]
            columns += [(f"{start}{layer.name}{end}", numbers[:, i, k]) for k, end in enumerate(ends)]
    return table(columns)


def shape_counts(node: Node, shapes: Shapes, rules: NDArray[np.uint8]) -> list[Any]:
    """`kernels.zones.Combinations` of shapes and values, for each layer.

    Raises
    ------
    MemoryBudgetError
        Where they do not fit the memory budget.
    """
    what = Gathering(
        "extract", "different values in geometries", 200.0, "round values or give fewer geometries"
    )
    parts = [[kernels.zones.combinations_of(np.empty((2, 0)))] * len(node.layers)]
    few, merged, waiting = what.room / (3 * what.row_bytes), 0, 0
    for _, part in blocks_of(
        node,
        ShapeCounts(shapes, rules, node.grid),
        label="extract",
        boxes=_boxes(shapes, node.grid),
        fixed_bytes=what.room,
        extra_per_cell=128.0,
    ):
        parts.append(part)
        waiting += sum(len(layer.rows) for layer in part)
        if waiting > max(merged, few):
            parts = [_merged(parts)]
            merged, waiting = sum(len(layer.rows) for layer in parts[0]), 0
            what.check(merged)
    return _merged(parts)


def _merged(parts: list[list[Any]]) -> list[Any]:
    return [kernels.zones.merge_combinations(*layer) for layer in zip(*parts, strict=True)]


def tabulated(node: Node, shapes: Shapes, rules: NDArray[np.uint8], *, raw: bool) -> Any:
    """How often each value occurs in each geometry: columns ID, layer, value, count."""
    import pandas as pd

    parts = []
    for layer, found in zip(node.layers, shape_counts(node, shapes, rules), strict=True):
        ids, values = found.rows.T
        told = layer_column(layer, values, raw=raw) if len(node.layers) == 1 else values
        columns = {"ID": ids.astype(np.int64), "layer": layer.name, "value": told, "count": found.count}
        parts.append(pd.DataFrame(columns))
    out = pd.concat(parts, ignore_index=True).sort_values(["ID"], kind="stable", ignore_index=True)
    return out.drop(columns="layer") if len(node.layers) == 1 else out
