"""A grid cut into blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

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
        block = Window(row, col, self.nrow, self.ncol).intersection(self.whole)
        assert block is not None
        return block

    def __iter__(self) -> Iterator[Window]:
        return (self[i] for i in range(len(self)))
