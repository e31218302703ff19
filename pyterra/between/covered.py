"""Cells that lines and polygons cover: their values, and statistics of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.shapes import Shapes
from pyterra.errors import UDFError
from pyterra.expr import Array, Node
from pyterra.grid import Grid, Window
from pyterra.io.safe.aside import apart
from pyterra.plan import Gathering
from pyterra.raster._table import layer_column, table
from pyterra.run import blocks_of

FAST = ("sum", "mean", "min", "max", "isNA", "notNA")
"""Statistics that need no list of values."""
WIDTH = {"range": 2}
"""Numbers that a statistic gives, where it is more than one."""
COLLECTED = ("median", "modal", "sd", "std", "var", "range", "prod", "any", "all", "first", "table")
"""Statistics of a list of values."""
Statistic = str | Callable[..., Any]


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

    def __call__(self, block: Array, window: Window) -> tuple[Any, Any]:
        groups = self.shapes.on(self.grid).meeting(window)
        part = kernels.gather.empty_groups(len(groups), len(block))
        flat = block.reshape(len(block), -1)
        for run in self.shapes.runs(self.grid, window):
            geometry, place, weight = self.shapes.cells(self.grid, window, self.rules, run)
            kernels.gather.add_cells(np.searchsorted(groups, geometry), place, weight, flat, part)
        return groups, part


def _boxes(shapes: Shapes, grid: Grid) -> NDArray[np.int64]:
    """Rows and columns of the boxes of shapes."""
    x1, y1, x2, y2 = shapes.on(grid).boxes[~np.isnan(shapes.on(grid).boxes[:, 0])].T
    limits = np.column_stack([y1, y2, x1, x2])
    return np.floor(np.clip(limits, -2.0, max(grid.nrow, grid.ncol) + 2.0)).astype(np.int64)


def shape_sums(node: Node, shapes: Shapes, rules: NDArray[np.uint8]) -> NDArray[np.float64]:
    """`kernels.gather` statistics of every shape, shape (6, geometry, layer)."""
    total: NDArray[np.float64] = kernels.gather.empty_groups(len(shapes), len(node.layers))
    for _, (groups, part) in blocks_of(
        node,
        ShapeSums(shapes, rules, node.grid),
        label="extract",
        boxes=_boxes(shapes, node.grid),
        extra_per_cell=48.0,
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
    advice = f"give fun= ({', '.join(FAST)} need no list of values) or fewer geometries"
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
    fun: Any,
    na_rm: bool,
    arguments: dict[str, Any],
    *,
    raw: bool,
) -> Any:
    """One row per geometry."""
    ids = np.arange(len(shapes))
    names = [la.name for la in node.layers]
    if fun in FAST:
        found = kernels.gather.finish_groups(shape_sums(node, shapes, rules), fun, na_rm)
        return table([("ID", ids), *((name, found[:, i]) for i, name in enumerate(names))])
    geometry, _, _, values = shape_cells(node, shapes, rules)
    if fun == "table":
        return _counted(node, geometry, values, raw)
    stops = np.searchsorted(geometry, np.arange(len(shapes) + 1))
    columns: list[tuple[str, Any]] = [("ID", ids)]
    for i, name in enumerate(names):
        column = values[:, i]
        groups = [column[a:b] for a, b in pairwise(stops)]
        results = grouped(groups, fun, na_rm, arguments, "extract")
        columns += [(name if k == 0 else f"{name}.{k}", results[:, k]) for k in range(results.shape[1])]
    return table(columns)


def grouped(
    groups: Sequence[NDArray[np.float64]], fun: Any, na_rm: bool, arguments: dict[str, Any], verb: str
) -> NDArray[np.float64]:
    """The numbers that a statistic or function gives for each group of values, shape (group, number).

    A group without values is missing; of nothing, `any` is 0.
    """
    rows: list[Any] = []
    for i, group in enumerate(groups):
        valid = group[~np.isnan(group)] if na_rm else group
        if valid.size == 0:
            rows.append(np.zeros(1) if fun == "any" else None)
            continue
        try:
            rows.append(np.atleast_1d(np.asarray(_one(valid, fun, arguments), np.float64)))
        except Exception as error:
            raise UDFError(
                f"{verb}: the function raised {type(error).__name__}: {error} [group {i}, {valid.size} values]"
            ) from error
    width = {len(row) for row in rows if row is not None}
    if len(width) > 1:
        raise UDFError(f"{verb}: the function must give as many numbers for every group, got {sorted(width)}")
    out = np.full(
        (len(rows), width.pop() if width else WIDTH.get(fun, 1) if isinstance(fun, str) else 1), np.nan
    )
    for i, row in enumerate(rows):
        if row is not None:
            out[i] = row
    return out


def _one(values: NDArray[np.float64], fun: Any, arguments: dict[str, Any]) -> Any:
    if callable(fun):
        return fun(values, **arguments)
    if fun == "modal":
        known = values[~np.isnan(values)]
        if known.size < values.size:
            return np.nan
        found, counts = np.unique(known, return_counts=True)
        return found[np.argmax(counts)]
    if fun == "first":
        return values[0]
    if fun == "range":
        return [values.min(), values.max()]
    if fun in ("sd", "var"):
        spread = values.var(ddof=1) if values.size > 1 else np.nan
        return spread**0.5 if fun == "sd" else spread
    if fun in ("any", "all"):
        if np.isnan(values).any():
            return 0.0 if fun == "all" and (values == 0).any() else np.nan
        return float(getattr(np, fun)(values != 0))
    return getattr(np, fun)(values)  # median, std, prod


def _counted(node: Node, geometry: NDArray[np.int64], values: NDArray[np.float64], raw: bool) -> Any:
    """How often each value occurs in each geometry: columns ID, layer, value, count."""
    import pandas as pd

    parts = []
    for i, layer in enumerate(node.layers):
        known = ~np.isnan(values[:, i])
        pairs, counts = np.unique(
            np.column_stack([geometry[known], values[known, i]]), axis=0, return_counts=True
        )
        parts.append(
            pd.DataFrame(
                {
                    "ID": pairs[:, 0].astype(np.int64),
                    "layer": layer.name,
                    "value": layer_column(layer, pairs[:, 1], raw=raw)
                    if len(node.layers) == 1
                    else pairs[:, 1],
                    "count": counts,
                }
            )
        )
    out = pd.concat(parts, ignore_index=True).sort_values(["ID"], kind="stable", ignore_index=True)
    return out.drop(columns="layer") if len(node.layers) == 1 else out
