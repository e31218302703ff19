"""What a verb brings to a node: a method or a kernel. What is optional has its default here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from pyterra.expr.node import Array
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window


@dataclass(frozen=True, slots=True)
class Thinned:
    """A grid, and the same with fewer cells."""

    full: Grid
    """The grid itself."""
    factor: int
    """Rows and columns of `full` that one of `grid` stands for."""

    @property
    def grid(self) -> Grid:
        """The grid of fewer cells."""
        return self.full.thinned(self.factor)


class ManyInputs(ABC):
    """How cells of other grids become cells of one. Frozen, picklable."""

    @property
    def moves(self) -> bool:
        """Whether the cells keep their values, and no others are added."""
        return False

    @property
    def takes_parts(self) -> bool:
        """Whether inputs may be parts of larger arrays, which do not lie together in memory; it copies none of them."""
        return False

    @abstractmethod
    def windows(self, window: Window) -> tuple[Window | None, ...]:
        """The window of each input behind a window of the result; None where there is nothing."""

    @abstractmethod
    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        """Values of a window, `nlyr` layers deep, from the inputs' values at `windows`."""

    def scratch(self, window: Window, nlyr: int) -> int:
        """Bytes needed beside inputs and result."""
        return 0

    @abstractmethod
    def input_factor(self, factor: int) -> int | None:
        """How much coarser the inputs may be for a preview that is `factor` times coarser.

        None where values follow from all cells: then cells are picked from the whole result.
        """

    @abstractmethod
    def coarser(self, inputs: Sequence[Thinned], result: Thinned) -> ManyInputs:
        """The same between coarser grids, for a preview; may read about four times the cells that it shows."""


class OneInput(ManyInputs):
    """How cells of another grid become cells of one."""

    @abstractmethod
    def behind(self, window: Window) -> Window | None:
        """The window of the input behind a window of the result."""

    @abstractmethod
    def values(self, array: Array, covered: Window, window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        """Values of a window, `nlyr` layers deep, from the values of the input at `covered`."""

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        return (self.behind(window),)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        array, covered = arrays[0], windows[0]
        if array is None or covered is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        return self.values(array, covered, window, nlyr, dtype)


class Positional(ABC):
    """Values that follow from where a cell lies. Frozen, picklable."""

    @abstractmethod
    def __call__(self, grid: Grid, window: Window) -> Array:
        """Values of a window of a grid."""

    def coarser(self, grid: Grid, factor: int) -> Positional:
        """What gives, on a grid of fewer cells, a preview of what this gives on `grid`."""
        return self


class AtCells(Positional):
    """Values that can be told for any rows and columns, and that depend on the grid: numbers, areas."""

    @abstractmethod
    def at(self, grid: Grid, rows: Array, cols: Array) -> Array:
        """Values of rows x columns of a grid, shape (layer, row, col)."""

    def __call__(self, grid: Grid, window: Window) -> Array:
        return self.at(grid, np.arange(window.row, window.row_stop), np.arange(window.col, window.col_stop))

    def coarser(self, grid: Grid, factor: int) -> Positional:
        return InMiddles(self, grid, factor)


@dataclass(frozen=True)
class InMiddles(Positional):
    """Values of the cells in the middle of groups of `factor` x `factor`."""

    kernel: AtCells
    full: Grid
    factor: int

    def __call__(self, grid: Grid, window: Window) -> Array:
        rows = middles(window.row, window.row_stop, self.factor, self.full.nrow)
        cols = middles(window.col, window.col_stop, self.factor, self.full.ncol)
        return self.kernel.at(self.full, rows, cols)

    def coarser(self, grid: Grid, factor: int) -> Positional:
        return InMiddles(self.kernel, self.full, self.factor * factor)


class Neighbourhood(ABC):
    """Values of cells from those around them. Frozen, picklable."""

    doubles: ClassVar[bool] = False
    """Whether it knows double precision alone: the block and its halo are laid out like that at once."""

    @abstractmethod
    def __call__(self, padded: Array) -> Array:
        """Values of a block, from the block with the halo around it."""

    def on(self, grid: Grid) -> Neighbourhood:
        """The same on another grid, where it depends on the size of the cells."""
        return self


def middles(start: int, stop: int, factor: int, size: int) -> Array:
    """Rows (or columns) in the middle of groups of `factor`, as far as there are so many."""
    found: Array = np.minimum(np.arange(start, stop) * factor + factor // 2, size - 1)
    return found
