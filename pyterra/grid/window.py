"""A rectangle of cells of a grid: integers only, no coordinates."""

from __future__ import annotations

from pyterra.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Rows ``row .. row + nrow - 1`` and columns ``col .. col + ncol - 1`` of a grid, counted from its upper left."""

    row: int
    """First row."""
    col: int
    """First column."""
    nrow: int
    """Number of rows, at least 0."""
    ncol: int
    """Number of columns, at least 0."""

    @property
    def row_stop(self) -> int:
        """Row after the last."""
        return self.row + self.nrow

    @property
    def col_stop(self) -> int:
        """Column after the last."""
        return self.col + self.ncol

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.nrow * self.ncol

    def shifted(self, rows: int, cols: int) -> Window:
        """The same rectangle moved down by `rows` and right by `cols`."""
        return Window(self.row + rows, self.col + cols, self.nrow, self.ncol)

    def widened(self, rows: int, cols: int) -> Window:
        """The rectangle with `rows` more rows above and below and `cols` more columns left and right."""
        return Window(self.row - rows, self.col - cols, self.nrow + 2 * rows, self.ncol + 2 * cols)

    def contains(self, other: Window) -> bool:
        """Whether every cell of `other` is a cell of this window."""
        return (
            self.row <= other.row
            and self.col <= other.col
            and self.row_stop >= other.row_stop
            and self.col_stop >= other.col_stop
        )

    def intersection(self, other: Window) -> Window | None:
        """The common cells, or None where there are none."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        nrow = min(self.row_stop, other.row_stop) - row
        ncol = min(self.col_stop, other.col_stop) - col
        return Window(row, col, nrow, ncol) if nrow > 0 and ncol > 0 else None

    def common(self, other: Window) -> Window:
        """The common cells of windows that have some."""
        found = self.intersection(other)
        if found is None:
            raise ValueError(f"windows have no common cell: {self}; {other}")
        return found

    def union(self, other: Window) -> Window:
        """The smallest window that holds both."""
        row, col = min(self.row, other.row), min(self.col, other.col)
        return Window(
            row, col, max(self.row_stop, other.row_stop) - row, max(self.col_stop, other.col_stop) - col
        )

    def slices_in(self, outer: Window) -> tuple[slice, slice]:
        """Row and column slices of this window in an array that covers `outer`."""
        row, col = self.row - outer.row, self.col - outer.col
        return slice(row, row + self.nrow), slice(col, col + self.ncol)

    def strips(self, rows: int) -> list[Window]:
        """The window cut into parts of so many rows, from the top; less in the last."""
        return [
            Window(row, self.col, min(rows, self.row_stop - row), self.ncol)
            for row in range(self.row, self.row_stop, rows)
        ]

    def halves(self) -> tuple[Window, Window] | None:
        """The window cut across its longer side, or None when it is a single cell."""
        if self.cells <= 1:
            return None
        if self.nrow >= self.ncol:
            top = self.nrow // 2
            return (
                Window(self.row, self.col, top, self.ncol),
                Window(self.row + top, self.col, self.nrow - top, self.ncol),
            )
        left = self.ncol // 2
        return (
            Window(self.row, self.col, self.nrow, left),
            Window(self.row, self.col + left, self.nrow, self.ncol - left),
        )

    def __str__(self) -> str:
        return f"rows {self.row}:{self.row_stop}, columns {self.col}:{self.col_stop}"
