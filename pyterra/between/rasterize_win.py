"""rasterize_win: statistics of the points in a window around each cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.between.around import PAIR_BYTES, Kind, PointsAround, points_with_values, window_of
from pyterra.errors import ArgumentError, UDFError
from pyterra.expr import Array, Init, Layer, Positional
from pyterra.frozen import dataclass
from pyterra.functions.foreign import callable_of
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT64, geometry_of, is_raster, number, raster
from pyterra.statistics import TABLE, Statistic, named
from pyterra.statistics.groups import by_function, of_groups

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")
KINDS: tuple[Kind, ...] = ("circle", "ellipse", "rectangle", "buffer")
DISTANCES = ("distto", "distbetween")
"""What is told of places rather than of values."""


@dataclass(frozen=True, eq=False)
class OfPoints(Positional):
    """A statistic of the values of the points around."""

    points: PointsAround
    values: NDArray[np.float64]
    """Shape (point, column)."""
    names: tuple[str, ...]
    """Names of the columns."""
    fun: Statistic | Callable[..., Any] | str
    """A statistic, a function of the values, or what is told of places."""
    together: bool
    """Whether a function takes a table of all columns, a statistic the values of all of them."""
    na_rm: bool
    least: int
    """Points that a cell must see."""
    fill: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        out: Array | None = None
        for cells, starts, point, square in self.points.all(grid, window, self.values.shape[1]):
            enough = np.diff(np.append(starts, point.size)) >= self.least
            numbers = self._numbers(starts, point, square)
            numbers = numbers.reshape(len(starts), -1).T
            if out is None:
                out = np.empty((len(numbers), window.cells))
            out[:, cells] = np.where(enough, numbers, self.fill)
        assert out is not None  # a window has cells
        return out.reshape(-1, window.nrow, window.ncol)

    def _numbers(self, starts: NDArray[np.int64], point: NDArray[np.int64], square: Array) -> Array:
        """Numbers of each cell, of shape (cell, column, number) or of as many cells."""
        if self.fun == "distto":
            return of_groups(np.sqrt(square)[:, None], starts, TABLE["mean"], False)
        if self.fun == "distbetween":
            return _apart(self.points.xy[point], starts)
        values = self.values[point]
        if isinstance(self.fun, Statistic):
            if self.together:
                values, starts = values.reshape(-1, 1), starts * values.shape[1]
            return of_groups(values, starts, self.fun, self.na_rm)
        assert callable(self.fun)
        if self.together:
            return self._of_tables(starts, values)
        found = by_function(values, starts, self.fun, self.na_rm, "rasterize_win").numbers
        if found.shape[2] != 1:
            raise UDFError(f"rasterize_win: the function must give one number per cell, got {found.shape[2]}")
        return found

    def _of_tables(self, starts: NDArray[np.int64], values: Array) -> Array:
        import pandas as pd

        table = pd.DataFrame(values, columns=list(self.names))

        def of_rows(rows: Array) -> Any:
            some = table.iloc[rows.astype(np.int64)].reset_index(drop=True)
            return self.fun(some.dropna() if self.na_rm else some)  # type: ignore[operator]

        rows = np.arange(len(values), dtype=np.float64)[:, None]
        found = by_function(rows, starts, of_rows, False, "rasterize_win").numbers
        if found.shape[2] != 1:
            raise UDFError(f"rasterize_win: the function must give one number per cell, got {found.shape[2]}")
        return found


def _apart(xy: NDArray[np.float64], starts: NDArray[np.int64]) -> Array:
    """Mean distance between the points of each group; missing for fewer than two."""
    sizes = np.diff(np.append(starts, len(xy)))
    out = np.full(len(starts), NAN)
    for size in np.unique(sizes[sizes > 1]):
        alike = np.flatnonzero(sizes == size)
        groups = xy[starts[alike] + np.arange(size)[:, None]]
        total = np.zeros(alike.size)
        for k in range(1, size):
            total += np.hypot(*(groups[k:] - groups[:-k]).transpose(2, 0, 1)).sum(axis=0)
        out[alike] = total / (size * (size - 1) / 2)
    return out


def rasterize_win(
    x: Any,
    y: SpatRaster,
    field: str | Sequence[str] | Sequence[float] | None = None,
    *,
    win: Kind = "circle",
    pars: float | Sequence[float],
    fun: str | Callable[..., Any],
    cvars: bool = False,
    min_points: int = 1,
    fill: float | None = None,
    na_rm: bool = False,
) -> SpatRaster:
    """Statistics of the values of the points in a window around each cell.

    Parameters
    ----------
    x : SpatVector of points, anything that `vect` takes, DataFrame or array of shape (n, 3) or wider
        The points; or the columns x and y and those of the values.
    y : SpatRaster
        The grid.
    field : str, sequence of str, or sequence of numbers, optional
        Columns of `x` with the values, or the values themselves.
    win : {"circle", "ellipse", "rectangle", "buffer"}
        The window, around the centre of the cell; or whatever lies within a distance of the cell.
    pars : float, or two or three numbers
        Its size, in units of the coordinates: the radius of a circle, the distance of a buffer; the half axes of an
        ellipse along x and y, or width and height of a rectangle, and how far it is turned counter-clockwise, in degrees.
    fun : str or callable
        A statistic of the values, as for `app`, in the order of `x`; a function that takes them and gives a number;
        ``"distto"``, the mean distance to the points; or ``"distbetween"``, their mean distance to each other.
    cvars : bool
        Whether a function takes a DataFrame of all columns, and a statistic the values of all of them; else each column
        makes a layer.
    min_points : int
        A cell that sees fewer points gets `fill`.
    fill : float, optional
        Value of cells that see too few points. By default what the statistic is of no values: 0 for ``"count"``, missing
        for most.
    na_rm : bool
        Leave out missing values.

    Returns
    -------
    SpatRaster
        A layer for each column, named after it; for a statistic of several numbers, as many in place of each.

    Raises
    ------
    ArgumentError
        For arguments that make no sense, or anything but points.
    LayerError
        Where a column does not exist.
    CRSMismatchError
        Where the two have different reference systems.
    UDFError
        Where a function does not give one number (when values are computed).

    See Also
    --------
    SpatVector.rasterize : Statistics of the points in each cell.
    SpatRaster.interp_idw : Means weighted by distance.
    SpatRaster.focal : Statistics of the cells around.

    Notes
    -----
    What lies on the edge of a window is inside. Distances are those of the plane, in degrees on lon/lat.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=4, ymin=0, ymax=1, crs="")
    >>> xyz = [[0.5, 0.5, 10], [2.5, 0.5, 20]]
    >>> pt.rasterize_win(xyz, r, pars=1, fun="mean").values(drop=True)
    array([10., 15., 20., 20.])
    >>> pt.rasterize_win(xyz, r, win="rectangle", pars=[3, 1], fun="count").values(drop=True)
    array([1., 2., 1., 1.])
    """
    if not is_raster(y):
        raise ArgumentError(
            f"rasterize_win: y must be a SpatRaster, got {type(y).__name__}; make one with rast()"
        )
    win = choice(win, KINDS, "rasterize_win: win")
    around = window_of(win, pars, "rasterize_win: pars")
    grid = geometry_of(y, "rasterize_win").grid
    xy, values, names = points_with_values(x, field, grid, "rasterize_win", "x")
    fun = callable_of(fun)
    places = isinstance(fun, str) and fun in DISTANCES
    known = None if places else named(fun, "rasterize_win", also=DISTANCES)
    nothing = NAN if known is None else known.nothing
    kernel = OfPoints(
        PointsAround(xy, around),
        values,
        tuple(names),
        known or fun,
        cvars,
        na_rm,
        min_points,
        nothing if fill is None else number(fill, "rasterize_win: fill"),
    )
    one = len(names) == 1 or cvars or places
    layers = (
        [Layer(names[0] or "lyr.1")] if one else [Layer(name or f"lyr{k}") for k, name in enumerate(names, 1)]
    )
    layers = list(known.layers(layers)) if known is not None else layers
    node = Init(
        grid=grid,
        layers=tuple(layers),
        dtype=FLOAT64,
        kernel=kernel,
        temporaries=PAIR_BYTES + 8.0 * len(layers),
    )
    return raster(node)
