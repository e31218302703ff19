"""A grid cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass
from pyterra.grid import Window


@dataclass(frozen=True, slots=True)
class Blocks(Sequence[Window]):
    """Windows that cover a window, row by row from the top left, cut at multiples of the block's size."""

    whole: Window
    """What is covered."""
    nrow: int
    """Rows of a block; less at the edges."""
    ncol: int
    """Columns of a block; less at the edges."""
    row: int = 0
    """A row at which a block begins: cuts lie at ``row + k * nrow``."""
    col: int = 0
    """A column at which a block begins."""

    def _cuts(self, start: int, stop: int, size: int, anchor: int) -> tuple[int, int]:
        """Number of the first band and count of bands between start and stop."""
        first = (start - anchor) // size
        return first, (stop - 1 - anchor) // size - first + 1

    def __len__(self) -> int:
        rows = self._cuts(self.whole.row, self.whole.row_stop, self.nrow, self.row)[1]
        cols = self._cuts(self.whole.col, self.whole.col_stop, self.ncol, self.col)[1]
        return rows * cols

    @overload
    def __getitem__(self, index: int) -> Window: ...
    @overload
    def __getitem__(self, index: slice) -> list[Window]: ...
    def __getitem__(self, index: int | slice) -> Window | list[Window]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if not 0 <= index < len(self):
            raise IndexError(index)
        first_row, _ = self._cuts(self.whole.row, self.whole.row_stop, self.nrow, self.row)
        first_col, cols = self._cuts(self.whole.col, self.whole.col_stop, self.ncol, self.col)
        row = self.row + (first_row + index // cols) * self.nrow
        col = self.col + (first_col + index % cols) * self.ncol
        return Window(row, col, self.nrow, self.ncol).common(self.whole)

    def __iter__(self) -> Iterator[Window]:
        return (self[i] for i in range(len(self)))

    def meeting(self, boxes: NDArray[np.int64]) -> list[Window]:
        """The blocks, in order, that hold any cell of some boxes.

        Parameters
        ----------
        boxes : int64 array of shape (n, 4)
            First and last row, first and last column; they may reach beyond what is covered.
        """
        whole = self.whole
        row1, row2, col1, col2 = np.asarray(boxes, np.int64).reshape(-1, 4).T
        inside = (row2 >= whole.row) & (row1 < whole.row_stop) & (col2 >= whole.col) & (col1 < whole.col_stop)
        first_row, rows = self._cuts(whole.row, whole.row_stop, self.nrow, self.row)
        first_col, cols = self._cuts(whole.col, whole.col_stop, self.ncol, self.col)

        def band(at: NDArray[np.int64], anchor: int, size: int, first: int, count: int) -> NDArray[np.int64]:
            return np.clip((at[inside] - anchor) // size - first, 0, count - 1)

        top, bottom = (band(at, self.row, self.nrow, first_row, rows) for at in (row1, row2))
        left, right = (band(at, self.col, self.ncol, first_col, cols) for at in (col1, col2))
        steps = np.zeros((rows + 1, cols + 1), np.int64)
        for row, col, change in (
            (top, left, 1), (top, right + 1, -1), (bottom + 1, left, -1), (bottom + 1, right + 1, 1)
        ):  # fmt: skip
            np.add.at(steps, (row, col), change)
        covered = steps.cumsum(axis=0).cumsum(axis=1)[:rows, :cols]
        return [self[int(i)] for i in np.flatnonzero(covered)]
