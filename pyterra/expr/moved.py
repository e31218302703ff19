"""Cells put elsewhere without being changed: what crop, extend, flip, rotate, disagg and merge share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from pyterra.expr.method import ManyInputs, Thinned, middles
from pyterra.expr.node import Array
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window

Laid = tuple[Array, tuple[slice, slice]]
"""Values of an input, and the rows and columns of a window on which they lie."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Which row of an input lies at a row of the result (or column at column): ``(sign * row + start) // repeat``."""

    stop: int
    """The row after the last that is taken of the input."""
    start: int = 0
    """Row of the input at the first row of the result; may lie outside."""
    sign: int = 1
    """-1 for rows in reverse order."""
    repeat: int = 1
    """Rows of the result that show one of the input."""
    first: int = 0
    """The first row that is taken of the input."""
    shown: int = 1
    """Rows that one of a coarser result stands for."""
    size: int = 0
    """Rows of the full result, where it is a coarser one."""
    read: int = 1
    """Rows that one of a coarser input stands for."""

    def inside(self, begin: int, end: int) -> tuple[int, int]:
        """Those of the rows `begin` to `end` of the result at which the input lies."""
        low, high = self.first * self.repeat - self.start, self.stop * self.repeat - self.start
        if self.sign < 0:
            low, high = 1 - high, 1 - low
        if self.shown > 1:
            if low >= self.size:
                return begin, begin
            half = self.shown // 2
            low = -((half - low) // self.shown)
            high = end if high >= self.size else -((half - high) // self.shown)
        return max(begin, low), min(end, high)

    def behind(self, begin: int, end: int) -> Array:
        """Rows of the input at the rows `begin` to `end` of the result."""
        at = np.arange(begin, end) if self.shown == 1 else middles(begin, end, self.shown, self.size)
        found: Array = (self.sign * at + self.start) // self.repeat // self.read
        return found

    def ends(self, begin: int, end: int) -> tuple[int, int]:
        """The first and the last of the rows of the input at the rows `begin` to `end` of the result."""
        if self.shown > 1:
            begin, end = (min(at * self.shown + self.shown // 2, self.size - 1) for at in (begin, end - 1))
        else:
            end -= 1
        first, last = ((self.sign * at + self.start) // self.repeat // self.read for at in (begin, end))
        return first, last

    def coarser(self, shown: int, size: int, read: int) -> Axis:
        """For a result of which one row stands for `shown` of `size`, and an input of which one stands for `read`."""
        return replace(self, shown=self.shown * shown, size=self.size or size, read=self.read * read)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an input lies in the result."""

    rows: Axis
    cols: Axis

    @classmethod
    def at(cls, row: int, col: int, size: tuple[int, int]) -> Place:
        """So many rows and columns, with the first cell at a row and column of the result (may be negative)."""
        return cls(Axis(size[0], -row), Axis(size[1], -col))

    def behind(self, window: Window) -> Window | None:
        """The window of the input that lies at a window of the result."""
        top, bottom = self.rows.inside(window.row, window.row_stop)
        left, right = self.cols.inside(window.col, window.col_stop)
        if top >= bottom or left >= right:
            return None
        rows, cols = self.rows.ends(top, bottom), self.cols.ends(left, right)
        return Window(min(rows), min(cols), abs(rows[1] - rows[0]) + 1, abs(cols[1] - cols[0]) + 1)

    def laid(self, array: Array, covered: Window, window: Window) -> Laid:
        """Values of the input at `covered`, as they lie in a window of the result."""
        top, bottom = self.rows.inside(window.row, window.row_stop)
        left, right = self.cols.inside(window.col, window.col_stop)
        array = _taken(array, self.rows.behind(top, bottom) - covered.row, 1)
        array = _taken(array, self.cols.behind(left, right) - covered.col, 2)
        return array, (
            slice(top - window.row, bottom - window.row),
            slice(left - window.col, right - window.col),
        )

    def coarser(self, source: Thinned, result: Thinned) -> Place:
        """The same for coarser grids."""
        return Place(
            self.rows.coarser(result.factor, result.full.nrow, source.factor),
            self.cols.coarser(result.factor, result.full.ncol, source.factor),
        )


def _taken(array: Array, index: Array, axis: int) -> Array:
    """Rows or columns of an array by number; without a copy where they follow each other."""
    step = int(index[1] - index[0]) if index.size > 1 else 1
    if step in (1, -1) and int(index[-1] - index[0]) == step * (index.size - 1):
        last = int(index[-1]) + step
        part = slice(int(index[0]), last if last >= 0 else None, step)
        return array[:, part] if axis == 1 else array[:, :, part]
    return np.take(array, index, axis)


@dataclass(frozen=True)
class Moved(ManyInputs):
    """Inputs laid into the grid of the result; where several lie, the first that has a value shows."""

    places: tuple[Place, ...]
    """Where each input lies."""
    fill: float = float("nan")
    """Value where there is no input."""

    @property
    def moves(self) -> bool:
        return self.fill != self.fill

    @property
    def takes_parts(self) -> bool:
        return True

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        return tuple(place.behind(window) for place in self.places)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        laid = [
            place.laid(array, covered, window)
            for place, array, covered in zip(self.places, arrays, windows, strict=True)
            if array is not None and covered is not None
        ]
        return self.joined(laid, window, nlyr, dtype)

    def joined(self, laid: Sequence[Laid], window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        """One value per cell of a window."""
        shape = (nlyr, window.nrow, window.ncol)
        if len(self.places) == 1 and laid and laid[0][0].shape == shape:
            return np.ascontiguousarray(laid[0][0])
        out = np.full(shape, self.fill, dtype)
        for number, (array, (rows, cols)) in enumerate(laid):
            part = out[:, rows, cols]
            np.copyto(part, array, where=True if number == 0 else np.isnan(part))
        return out

    def scratch(self, window: Window, nlyr: int) -> int:
        if len(self.places) > 1:
            return nlyr * window.cells
        axes = (self.places[0].rows, self.places[0].cols)
        copied = any(axis.repeat != 1 or axis.sign != 1 or axis.shown != 1 for axis in axes)
        return 2 * window.cells * nlyr * 8 if copied else 0

    def input_factor(self, factor: int) -> int | None:
        repeat = min(axis.repeat for place in self.places for axis in (place.rows, place.cols))
        return max(1, factor // repeat)

    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        places = (place.coarser(source, result) for place, source in zip(self.places, inputs, strict=True))
        return replace(self, places=tuple(places))


def picked(grid: Grid, factor: int) -> Moved:
    """The cell in the middle of every group of `factor` x `factor`."""
    axes = (Axis(size, shown=factor, size=size) for size in (grid.nrow, grid.ncol))
    return Moved((Place(*axes),))
