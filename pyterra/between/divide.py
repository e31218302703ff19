"""divide: a raster in rectangles of about equal sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.between.polygonize import as_polygons
from pyterra.errors import ArgumentError
from pyterra.expr import Array, AtCells, Init, Layer, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT64, one_layer, raster
from pyterra.raster.crop import cut, trim
from pyterra.raster.math import not_na
from pyterra.raster.sums import col_sums, row_sums

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector


@dataclass(frozen=True)
class Rectangles(AtCells):
    """The number, from 1, of the window that a cell lies in."""

    windows: tuple[Window, ...]

    def at(self, grid: Grid, rows: Array, cols: Array) -> Array:
        out = np.full((1, rows.size, cols.size), np.nan)
        for number, window in enumerate(self.windows, 1):
            down = (rows >= window.row) & (rows < window.row_stop)
            along = (cols >= window.col) & (cols < window.col_stop)
            out[0, np.ix_(down, along)[0], np.ix_(down, along)[1]] = number
        return out


def divide(
    x: SpatRaster,
    n: int | Sequence[int] = 2,
    start: Literal["ns", "ew"] = "ns",
    *,
    as_raster: bool | None = False,
    na_rm: bool = True,
) -> SpatVector | SpatRaster | tuple[SpatRaster, SpatVector]:
    """A raster divided in rectangles whose cells have about equal sums; gives these as polygons or as a raster.

    Parameters
    ----------
    x : SpatRaster
        One layer of weights; missing cells weigh nothing.
    n : int or sequence of int
        How often all parts are cut in two, crosswise in turn. Or one cut after the other: 1 across the middle, into a
        northern and a southern part, 2 into three parts, -1 and -2 the same from west to east.
    start : {"ns", "ew"}
        Whether the first of `n` cuts makes a northern and a southern part, or a western and an eastern one.
    as_raster : bool, optional
        Give a raster of the numbers of the parts; None: both.
    na_rm : bool
        Leave missing cells out; otherwise parts are whole rectangles.

    Returns
    -------
    SpatVector, SpatRaster, or (SpatRaster, SpatVector)
        Parts are counted from 1, in the attribute or layer ``zones``: those of the first part come first.

    Raises
    ------
    ArgumentError
        For more than one layer, and where a part has too few rows or columns to be cut.
    ExtentError
        Where every cell is missing.

    See Also
    --------
    get_tile_extents : Gives tiles of equal size.
    thresh : Divides the values.

    Notes
    -----
    A part is cut between two rows or columns, where the sum so far is nearest to the share that is due; of two such
    places at the first. Rows and columns without values at the outside belong to no part. The raster is read once for
    each cut.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[9, 1, 1], [1, 1, 5], [1, 1, 1]])
    >>> r.divide([1, -1], as_raster=True).to_numpy()[0].astype(int).tolist()
    [[1, 2, 2], [3, 3, 4], [3, 3, 4]]
    """
    node = one_layer(x, "divide")
    first = 1 if choice(start, ("ns", "ew"), "divide: start") == "ns" else -1
    windows = [_occupied(x)]
    for pieces in _cuts(n, first):
        windows = [part for window in windows for part in _parts(node, window, pieces)]
    zones = _zones(x, windows)
    whole = zones if not na_rm else zones / not_na(x, false_na=True)
    whole = raster(replace(whole._node, layers=zones._node.layers))
    if as_raster:
        return whole
    polygons = as_polygons(whole) if na_rm else _boxes(node.grid, windows)
    return polygons if as_raster is not None else (whole, polygons)


def _cuts(n: int | Sequence[int], first: int) -> list[int]:
    """How many pieces each cut makes, below 0 from west to east."""
    if isinstance(n, Integral):
        if n < 1:
            raise ArgumentError(f"divide: n must be at least 1, got {n}")
        return [2 * first * (-1) ** i for i in range(int(n))]
    given = np.ravel(np.asarray(n))
    found = [int(v) for v in given] if given.dtype.kind in "iuf" else []
    if not found or any(v not in (-2, -1, 1, 2) for v in given):
        raise ArgumentError(f"divide: n must be a number of cuts, or 1, 2, -1 or -2 for each, got {n!r}")
    return [v + (1 if v > 0 else -1) for v in found]


def _occupied(x: SpatRaster) -> Window:
    """Where there are values."""
    grid, inner = x._node.grid, trim(x)._node.grid
    row = round((grid.extent.ymax - inner.extent.ymax) / grid.yres)
    col = round((inner.extent.xmin - grid.extent.xmin) / grid.xres)
    return Window(row, col, inner.nrow, inner.ncol)


def _parts(node: Node, window: Window, pieces: int) -> list[Window]:
    part, down, count = raster(cut(node, window)), pieces > 0, abs(pieces)
    length = window.nrow if down else window.ncol
    if length < count:
        raise ArgumentError(
            f"divide: parts must have {count} {'rows' if down else 'columns'} or more to be cut, got {length}; "
            "make fewer cuts"
        )
    edges = places((row_sums if down else col_sums)(part, na_rm=True)[:, 0], count)
    if down:
        return [replace(window, row=window.row + a, nrow=b - a) for a, b in edges]
    return [replace(window, col=window.col + a, ncol=b - a) for a, b in edges]


def places(sums: NDArray[np.float64], count: int) -> list[tuple[int, int]]:
    """Begin and end of so many stretches of about equal sums, none empty."""
    total, at = np.cumsum(sums), [0]
    for k in range(1, count):
        last = len(sums) - (count - k)
        apart = np.abs(total[at[-1] : last] - total[-1] * k / count)
        at.append(at[-1] + 1 + int(np.argmin(apart)))
    return list(zip(at, [*at[1:], len(sums)], strict=True))


def _zones(x: SpatRaster, windows: list[Window]) -> SpatRaster:
    layer = Layer("zones", "int")
    kernel = Rectangles(tuple(windows))
    return raster(Init(grid=x._node.grid, layers=(layer,), dtype=FLOAT64, kernel=kernel))


def _boxes(grid: Grid, windows: list[Window]) -> SpatVector:
    import shapely

    from pyterra.vector.make import vect

    edges = [grid.subgrid(window).extent for window in windows]
    shapes = [shapely.box(e.xmin, e.ymin, e.xmax, e.ymax) for e in edges]
    return vect(shapes, crs=grid.crs, atts={"zones": np.arange(1, len(windows) + 1)})
