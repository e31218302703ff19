"""Values on another grid with the same axes: the geometry behind `resample`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import ceil, floor, sqrt
from typing import Any

import numpy as np

from pyterra import kernels
from pyterra.expr import Array, ManyInputs, Thinned
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.turn import Turn

SAMPLING = ("near", "bilinear", "cubic", "cubicspline", "lanczos")
AREA = ("average", "sum", "min", "max", "mode", "med", "q1", "q3", "rms")


@dataclass(frozen=True)
class Resample(ManyInputs):
    """Values at the cells of another grid with the same axes; given its input twice, for either side of a seam."""

    source: Grid
    target: Grid
    method: str
    weight: float = 1.0
    """What sums are multiplied by: cells of a preview stand for others."""

    @property
    def takes_parts(self) -> bool:
        return self.method == "near"

    @property
    def _turn(self) -> Turn:
        return self.source.turn

    @cached_property
    def _ratio(self) -> tuple[float, float]:
        """Source cells per target cell, rows and columns."""
        return self.target.yres / self.source.yres, self.target.xres / self.source.xres

    @cached_property
    def _scale(self) -> tuple[float, float]:
        rows, cols = self._ratio
        return kernels.sample.kernel_scale(rows), kernels.sample.kernel_scale(cols)

    def _positions(self, window: Window) -> tuple[Array, Array, Array]:
        """Centres of the rows and columns of a window, in cells of the source; and the turns that columns were moved."""
        y, x = self._centres(np.arange(window.row, window.row_stop), np.arange(window.col, window.col_stop))
        home = self._turn.home(x)
        turns = np.rint((home - x) / self._turn.period)
        return y, home, turns

    def _centres(self, rows: Array, cols: Array) -> tuple[Array, Array]:
        """Centres of rows and columns, in cells of the source, as far as they go on around the earth."""
        high, wide = self._ratio
        top = (self.source.extent.ymax - self.target.extent.ymax) / self.source.yres
        left = (self.target.extent.xmin - self.source.extent.xmin) / self.source.xres
        return top + (rows + 0.5) * high, left + (cols + 0.5) * wide

    def _shares(self, window: Window) -> tuple[Any, Any]:
        source, target, turn = self.source, self.target, self._turn
        rows = kernels.area.area_weights(
            source.extent.ymax,
            -source.yres,
            source.nrow,
            target.extent.ymax,
            -target.yres,
            window.nrow,
            begin=window.row,
        )
        return rows, kernels.area.shares_around(*self._edges(window), source.ncol, turn.period)

    def _edges(self, window: Window) -> tuple[Array, Array]:
        """Left and right edges of the columns of a window, in cells of the source."""
        source, target = self.source, self.target
        edges = kernels.area.edges_of(
            source.extent.xmin, source.xres, target.extent.xmin, target.xres, window.ncol, begin=window.col
        )
        turns = self._positions(window)[2]
        moved = turns * self._turn.period if turns.any() else 0.0
        return edges[:-1] + moved, edges[1:] + moved

    def _span(self, window: Window) -> tuple[tuple[int, int], tuple[int, int]]:
        """Rows and columns of the source behind a window."""
        if self._turn.period == np.inf:  # the ends tell all: plans ask for the spans of many windows
            y, x = self._centres(
                np.array([window.row, window.row_stop - 1]), np.array([window.col, window.col_stop - 1])
            )
        else:
            y, x, _ = self._positions(window)
        if self.method in AREA:
            margin = self._ratio[0] / 2 + 1
            low, high = self._edges(window)
            cols = self._turn.span(np.r_[low, high], 1.0, beyond=False)
            period, ncol = self._turn.period, self.source.ncol
            if (
                not self._turn.closed
                and (((low < 0) & (low + period < ncol)) | ((high > ncol) & (high > period))).any()
            ):
                cols = (0, ncol)  # from one edge around the earth to the other
        else:
            margin = kernels.sample.reach(self.method, self._scale[0]) + 1.0
            reach = kernels.sample.reach(self.method, self._scale[1])
            cols = self._turn.span(x, reach + 1.0)
        return span_of_rows(float(y[0]), float(y[-1]), margin, self.source), cols

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        return self._turn.windows(*self._span(window))

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        if arrays[0] is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        rows, cols = self._span(window)
        block = self._turn.joined(arrays, cols)
        origin, turn = (rows[0], cols[0]), turn_beyond(self._turn, cols)
        if self.method in AREA:
            shares = self._shares(window)
            out: Array = kernels.area.area_stat(
                block, *shares, self.method, origin=origin, turn=turn, out_dtype=dtype
            )
            if self.method == "sum" and self.weight != 1:
                out *= self.weight
            return out
        y, x, _ = self._positions(window)
        return kernels.sample.sample(
            block, y, x, self.method, origin=origin, turn=turn, scale=self._scale, out_dtype=dtype
        )

    def scratch(self, window: Window, nlyr: int) -> int:
        rows, cols = self._ratio
        fine = (window.nrow * max(rows, 1) + 8) * 16 + (window.ncol * max(cols, 1) + 8) * 16
        span = self._span(window)
        wide = bytes_in_float64(self.method, window, *span, nlyr)
        return int(window.cells * 16 + fine * 8) + wide + bytes_joined(self._turn, *span, nlyr)

    def input_factor(self, factor: int) -> int | None:
        return preview_factor(factor, self._ratio)

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        weight = self.weight * (inputs[0].factor / result.factor) ** 2
        return Resample(inputs[0].grid, result.grid, self.method, weight)


def preview_factor(factor: int, size: tuple[float, float]) -> int:
    """How much coarser a source may be whose rows and columns to a cell are `size`: at most four cells to one."""
    return max(1, int(factor * min(size)), ceil(factor * sqrt(size[0] * size[1]) / 2))


def span_of_rows(top: float, bottom: float, margin: float, grid: Grid) -> tuple[int, int]:
    """First row, and the one after the last, within a margin of positions."""
    return max(floor(top - margin), 0), min(ceil(bottom + margin) + 1, grid.nrow)


def turn_beyond(turn: Turn, cols: tuple[int, int]) -> int:
    """Columns by which those that a span does not hold lie to the right of those that it does."""
    return int(turn.period) if turn.closed and cols[0] < 0 and cols[1] <= turn.ncol else 0


def bytes_in_float64(
    method: str, window: Window, rows: tuple[int, int], cols: tuple[int, int], nlyr: int
) -> int:
    """Bytes of the values of a span, and of the result, which the kernels of areas know in float64 alone."""
    if method not in AREA:
        return 0
    return 8 * nlyr * (window.cells + max(rows[1] - rows[0], 0) * (cols[1] - cols[0]))


def bytes_joined(turn: Turn, rows: tuple[int, int], cols: tuple[int, int], nlyr: int) -> int:
    """Bytes of the values of a span where they must be joined."""
    within = cols[0] >= 0 and cols[1] <= turn.ncol
    return 0 if within else 8 * nlyr * max(rows[1] - rows[0], 0) * (cols[1] - cols[0])
