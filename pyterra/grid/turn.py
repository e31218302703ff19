"""Longitude is cyclic: how the columns of a grid go on around the earth. The one place that knows.

Columns are counted on beyond both edges of a grid, as if it were unrolled: column -1 of a grid that goes all around is
its last one. Positions are in cells, 0.0 the left edge of the first column.
"""

from __future__ import annotations

from math import ceil, floor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.frozen import dataclass
from pyterra.grid.crs import turn_of
from pyterra.grid.window import Window

if TYPE_CHECKING:
    from pyterra.grid.grid import Grid

Array = NDArray[Any]

WHOLE = 0.1
"""Columns by which the width of a grid may differ from a turn and still go once around."""
NEARLY = 0.01
"""Columns by which a turn may differ from a whole number of them and still be taken for it."""
EDGE = 1e-10
"""Columns; a position this little before an edge is on it, and belongs to the next column."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The columns of a grid on their way around the earth."""

    ncol: int
    """Columns of the grid."""
    period: float
    """Columns once around the earth, a whole number where the lattice meets itself; infinite where x is no longitude."""

    @classmethod
    def of(cls, grid: Grid) -> Turn:
        """The turn of a grid."""
        around = turn_of(grid.crs)
        if not around:
            return cls.none(grid.ncol)
        period = around / grid.xres
        if abs(period - grid.ncol) < WHOLE:
            return cls(grid.ncol, float(grid.ncol))
        whole = round(period)
        return cls(grid.ncol, float(whole) if abs(period - whole) < NEARLY else period)

    @classmethod
    def none(cls, ncol: int) -> Turn:
        """Columns that end at both edges."""
        return cls(ncol, np.inf)

    @property
    def closed(self) -> bool:
        """Whether there is a column at every longitude, so that the last is a neighbour of the first."""
        return self.period <= self.ncol and self.period == int(self.period)

    def home(self, cols: Array) -> Array:
        """Positions moved by whole turns into the grid; where it has no such longitude, as near to it as they come."""
        if self.period == np.inf:
            return cols
        start = 0.0 if self.closed else (self.ncol - self.period) / 2
        with np.errstate(invalid="ignore"):
            outside = (cols < -EDGE) | (cols >= self.ncol - EDGE)
            turns = np.where(outside, np.floor((cols - start + EDGE) / self.period), 0.0)
            return cols - turns * self.period

    def steps(self, cols: Array, axis: int) -> Array:
        """Distances between neighbouring positions, the short way around."""
        step = np.abs(np.diff(cols, axis=axis))
        return step if self.period == np.inf else np.minimum(step, np.abs(self.period - step))

    def span(self, cols: Array, margin: float, *, beyond: bool = True) -> tuple[int, int]:
        """First column, and the one after the last, within `margin` of positions that are at `home`.

        Where the columns go on beyond an edge, the first is negative, and columns that are not met when counting from
        it lie a turn to the left. All columns are met from 0, with the margin on both sides if `beyond`.
        """
        start, stop = _around(cols, margin)
        if not self.closed:
            return max(start, 0), min(stop, self.ncol)
        turn = int(self.period)
        if turn == self.ncol:
            if stop - start > turn / 2:  # perhaps a few columns on both sides of the seam
                low, high = _around(np.where(cols < turn / 2, cols, cols - turn), margin)
                start, stop = (low, high) if high - low <= turn / 2 else (start, stop)
            if stop > turn and start > 0:
                start, stop = start - turn, stop - turn
            if stop <= turn and stop - start <= turn:
                return start, stop
        elif start >= 0 and stop <= self.ncol:
            return start, stop
        wide = int(np.ceil(margin)) + 1 if beyond else 0
        return -wide, self.ncol + wide

    def windows(self, rows: tuple[int, int], cols: tuple[int, int]) -> tuple[Window | None, Window | None]:
        """The windows of the grid behind a span of columns: one, or the right-hand part and the left-hand one."""
        (row, row_stop), (start, stop) = rows, cols
        if row >= row_stop or start >= stop:
            return None, None
        if start < 0 and stop <= self.ncol:
            first = start + int(self.period)
            return (
                Window(row, first, row_stop - row, self.ncol - first),
                Window(row, 0, row_stop - row, stop) if stop > 0 else None,
            )
        start, stop = max(start, 0), min(stop, self.ncol)
        return Window(row, start, row_stop - row, stop - start), None

    def joined(self, arrays: tuple[Array | None, ...], cols: tuple[int, int]) -> Array:
        """The values of a span of columns, from those of its windows."""
        first, (start, stop) = arrays[0], cols
        assert first is not None
        if start < 0 and stop <= self.ncol:
            return first if arrays[1] is None else np.concatenate([first, arrays[1]], axis=2)
        if start < 0 or stop > self.ncol:
            at = np.arange(start, stop)
            return np.ascontiguousarray(
                first[:, :, np.where((at < 0) | (at >= self.ncol), at % int(self.period), at)]
            )
        return first


def _around(cols: Array, margin: float) -> tuple[int, int]:
    low, high = (
        float(np.fmin.reduce(cols, axis=None)),
        float(np.fmax.reduce(cols, axis=None)),
    )  # nanmin takes thrice as long
    return floor(low - margin), ceil(high + margin) + 1
