"""Points around cells: windows of any size and shape, and the points that lie in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.fields import column_of
from pyterra.between.geoms import geoms_on, stands_for_vector
from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import numbers_of

Kind = Literal["circle", "ellipse", "rectangle", "buffer"]
PAIRS = 1 << 16
"""Pairs of cells and points that are listed at once, at least."""
PAIR_BYTES = 128.0
"""Of a pair: its point, distance and weight, its value, and what statistics make of them."""


@dataclass(frozen=True)
class Around:
    """A window around the centre of a cell, in units of the coordinates."""

    kind: Kind
    a: float
    """Half of its width; for a buffer, the distance to the cell."""
    b: float
    """Half of its height."""
    angle: float
    """How far it is turned counter-clockwise, in degrees."""

    def shape(self, grid: Grid) -> tuple[Array, Array, float]:
        """What kernels take: the window, how far it reaches along both axes, and in any direction."""
        turn = math.radians(self.angle)
        cos, sin = round(math.cos(turn), 15), round(math.sin(turn), 15)  # quarters of a turn are exact
        code = {"rectangle": kernels.around.RECTANGLE, "buffer": kernels.around.BUFFER}
        half = (grid.xres / 2, grid.yres / 2)
        numbers = [code.get(self.kind, kernels.around.ELLIPSE), self.a, self.b, cos, sin, *half]
        if self.kind == "buffer":
            reach, far = (self.a + half[0], self.a + half[1]), self.a + math.hypot(*half)
        elif self.kind == "rectangle":
            reach = (abs(self.a * cos) + abs(self.b * sin), abs(self.a * sin) + abs(self.b * cos))
            far = math.hypot(self.a, self.b)
        else:
            reach = (math.hypot(self.a * cos, self.b * sin), math.hypot(self.a * sin, self.b * cos))
            far = max(self.a, self.b)
        return np.array(numbers, np.float64), np.array(reach, np.float64), far


@dataclass(frozen=True, eq=False)
class PointsAround:
    """Points, and a window in which cells look for them."""

    xy: NDArray[np.float64]
    """Shape (point, 2)."""
    around: Around

    def near(self, grid: Grid, window: Window) -> tuple[NDArray[np.int64], Array, Array]:
        """Numbers of the points that cells of a window may see, and centres of its columns and rows."""
        xs = grid.x_from_col(np.arange(window.col, window.col_stop))
        ys = grid.y_from_row(np.arange(window.row, window.row_stop))
        _, reach, _ = self.around.shape(grid)
        across, up = reach * (1 + 1e-9)
        x, y = self.xy.T
        seen = (x >= xs[0] - across) & (x <= xs[-1] + across) & (y >= ys[-1] - up) & (y <= ys[0] + up)
        return np.flatnonzero(seen), xs, ys

    def all(
        self, grid: Grid, window: Window, columns: int = 1
    ) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """Runs of cells (row-major), where the points of each begin, the points in their order, squared distances."""
        chosen, xs, ys = self.near(grid, window)
        shape, reach, _ = self.around.shape(grid)
        x, y = (np.ascontiguousarray(axis) for axis in self.xy[chosen].T)
        given = (x, y, xs, ys, np.array([grid.xres, grid.yres]), shape, reach)
        counts = np.zeros(window.cells, np.int64)
        kernels.around.list_points(*given, 0, window.cells, counts, np.empty(0, np.int64), np.empty(0))
        runs = np.cumsum(counts) // max(PAIRS, window.cells // columns)
        for start, stop in pairwise([0, *(np.flatnonzero(np.diff(runs)) + 1).tolist(), window.cells]):
            starts = np.cumsum(counts[start:stop]) - counts[start:stop]
            size = int(counts[start:stop].sum())
            point, square = np.empty(size, np.int64), np.empty(size)
            if size:
                kernels.around.list_points(*given, start, stop, starts.copy(), point, square)
            yield slice(start, stop), starts, chosen[point], square

    def nearest(
        self, grid: Grid, window: Window, most: int, asked: NDArray[np.bool_] | None = None
    ) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]]:
        """As `all`, of the nearest points alone, from the nearest on; of equals the last comes first.

        Only cells that are `asked` for, row-major, have any.
        """
        chosen, xs, ys = self.near(grid, window)
        most = max(1, min(most, chosen.size))
        if not chosen.size:
            none = np.zeros(window.cells, np.int64)
            yield slice(0, window.cells), none, none[:0], np.empty(0)
            return
        order, begin, corner, side = kernels.around.buckets(*self.xy[chosen].T)
        chosen = chosen[order]
        x, y = (np.ascontiguousarray(axis) for axis in self.xy[chosen].T)
        shape, _, far = self.around.shape(grid)
        step = max(1, max(PAIRS, window.cells) // (most * window.ncol))
        for row in range(0, window.nrow, step):
            some = ys[row : row + step]
            point = np.empty((some.size * window.ncol, most), np.int64)
            square, count = np.empty(point.shape), np.zeros(len(point), np.int64)
            first = row * window.ncol
            if asked is not None:
                count[~asked[first : first + count.size]] = -1
            kernels.around.nearest_points(
                x, y, chosen, begin, corner, side, xs, some, shape, far, point, square, count
            )
            count = np.maximum(count, 0)
            kept = np.arange(most) < count[:, None]
            yield slice(first, first + len(point)), np.cumsum(count) - count, point[kept], square[kept]


def window_of(kind: Kind, numbers: float | Sequence[float], what: str) -> Around:
    """A window by its numbers: a radius; two axes; or two axes and the angle of the first.

    Raises
    ------
    ArgumentError
        For other numbers.
    """
    given = numbers_of(numbers, what).ravel()
    allowed = (1,) if kind in ("circle", "buffer") else (2, 3)
    if given.size not in allowed or not np.isfinite(given).all() or not (given[:2] > 0).all():
        says = {"circle": "a radius above 0", "buffer": "a distance above 0"}
        raise ArgumentError(
            f"{what} must be {says.get(kind, f'two axes of the {kind} above 0, and maybe an angle')}, got {numbers}"
        )
    a, b, angle = (*np.repeat(given, 2), 0.0) if given.size == 1 else (*given, 0.0)[:3]
    half = 2.0 if kind == "rectangle" else 1
    return Around(kind, a / half, b / half, float(angle))


def points_with_values(
    y: Any, field: str | Sequence[str] | Sequence[float] | None, grid: Grid, verb: str, what: str
) -> tuple[NDArray[np.float64], NDArray[np.float64], list[str]]:
    """Coordinates of points, their values of shape (point, column), and names of the columns.

    `y` is a vector of points, with columns or values, or a table of x, y and values.

    Raises
    ------
    CRSMismatchError, LayerError
        For a vector in another reference system, or without such a column.
    ArgumentError
        For a vector of lines or polygons, a column without numbers, or a table of another shape.
    """
    import shapely

    if not stands_for_vector(y):
        return _of_table(y, field, verb, what)
    geoms, table, kind = geoms_on(y, grid, verb)
    if kind != "points":
        raise ArgumentError(f"{verb}: {what} must be points, got {kind}; use centroids() or as_points()")
    named = [field] if isinstance(field, str) else list(field) if field is not None else []
    if named and all(isinstance(name, str) for name in named):
        names = [str(name) for name in named]
        columns = [_column(table, name, verb) for name in names]
    elif field is None:
        raise ArgumentError(f"{verb}: field must be a column of {what}, got None; give its name")
    else:
        names, columns = [""], [_one_each(field, len(geoms), verb)]
    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    return xy, np.column_stack(columns)[owner], names


def _column(table: Any, name: str, verb: str) -> NDArray[np.float64]:
    try:
        numbers = column_of(table, name, f"{verb}: field").astype("float64")
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"{verb}: field must be a column of numbers, got {name!r}, which has others"
        ) from error
    return np.asarray(numbers, np.float64)


def _of_table(y: Any, field: Any, verb: str, what: str) -> tuple[Any, Any, list[str]]:
    names = [str(name) for name in getattr(y, "columns", [])][2:]
    try:
        table = np.asarray(y, np.float64)
    except (TypeError, ValueError):
        table = np.empty(0)
    if table.ndim == 2 and table.shape[1] == 2 and field is not None and not isinstance(field, str):
        table, names = np.column_stack([table, _one_each(field, len(table), verb)]), [""]
    elif field is not None:
        raise ArgumentError(f"{verb}: field must be None for a table of x, y and values, got {field!r}")
    if table.ndim != 2 or table.shape[1] < 3:
        raise ArgumentError(
            f"{verb}: {what} must be a SpatVector of points, or an array with the columns x, y and value, "
            f"got {type(y).__name__} {table.shape if table.size else ''}".rstrip()
        )
    inside = np.isfinite(table[:, :2]).all(axis=1)
    table = table[inside]
    return table[:, :2], table[:, 2:], names or [""] * (table.shape[1] - 2)


def _one_each(field: Any, count: int, verb: str) -> NDArray[np.float64]:
    numbers = numbers_of(field, f"{verb}: field")
    if numbers.shape != (count,):
        raise ArgumentError(f"{verb}: field must be a column or {count} numbers, got {numbers.size}")
    return numbers
