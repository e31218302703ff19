"""crop, extend, trim, shift, flip: other edges, same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Array, Constant, Node, Regrid, relabel
from pyterra.grid import Grid, Window
from pyterra.grid.extent import SpatExtent
from pyterra.raster._build import choice, extent_of, node_of, numbers_of, raster
from pyterra.raster._place import place, relocate

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def crop(
    x: SpatRaster,
    y: Any,
    *,
    snap: Literal["near", "in", "out"] = "near",
    mask: bool = False,
    touches: bool = True,
    extend: bool = False,
) -> SpatRaster:
    """The part of a raster in an extent.

    Parameters
    ----------
    x : SpatRaster
    y : SpatExtent, SpatRaster, SpatVector or anything that has an extent
    snap : {"near", "in", "out"}
        Move the edges of `y` to the nearest cell edges, inward or outward.
    mask : bool
        Also set cells outside the geometries of a vector, or where a raster is missing, to missing.
    touches : bool
        With `mask`: keep all cells that a geometry touches; otherwise those whose centre lies inside.
    extend : bool
        Add missing cells where `y` reaches beyond `x`.

    Returns
    -------
    SpatRaster
        Names, types and categories of `x`.

    Notes
    -----
    An extent that reaches beyond the date line of a global lon/lat raster gets the cells from its other side.

    Raises
    ------
    ExtentError
        Where the two do not overlap.
    CRSMismatchError
        Where `y` has another CRS.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=3, ncols=3, xmin=0, xmax=3, ymin=0, ymax=3, vals=range(9))
    >>> r.crop(pt.ext(1, 3, 0, 1)).values(drop=True)
    array([7., 8.])
    """
    node, grid = x._node, x._node.grid
    y = _known_vector(node, y, "crop")
    extent = extent_of(y)
    choice(snap, ("near", "in", "out"), "crop: snap")
    wanted = _some_cell(grid, extent, grid.window_of(extent, snap))
    common = wanted.intersection(_around(grid, wanted))
    if common is None:
        raise ExtentError(f"crop: extents must overlap, got {extent} for a raster of {grid.extent}")
    window = wanted if extend else common
    cut = raster(
        _across(node, window) if common.col < 0 or common.col_stop > grid.ncol else _cut(node, window)
    )
    return cut.mask(y, touches=touches) if mask else cut


def _around(grid: Grid, wanted: Window) -> Window:
    """The cells there are: for less than a round of the earth, those beyond the date line too."""
    if grid.is_global and wanted.ncol < grid.ncol:
        return Window(0, -grid.ncol, grid.nrow, 3 * grid.ncol)
    return grid.window


def _across(node: Node, window: Window) -> Node:
    """A global node seen through a window that crosses its left or right edge."""
    from pyterra.raster.mosaic import Overlay

    size = node.grid.window
    turns = [
        turn for turn in (-1, 0, 1) if window.intersection(size.shifted(0, turn * size.ncol)) is not None
    ]
    places = tuple(Window(-window.row, turn * size.ncol - window.col, size.nrow, size.ncol) for turn in turns)
    return Regrid(
        grid=node.grid.subgrid(window),
        layers=tuple(layer.without_range() for layer in node.layers),
        dtype=node.dtype,
        arguments=(node,) * len(places),
        method=Overlay(places, "first"),
    )


def _some_cell(grid: Grid, extent: SpatExtent, window: Window) -> Window:
    """The window; where an extent is so narrow that no row or column is left of it, those at its middle."""
    row, col = window.row, window.col
    if window.nrow == 0:
        row = int(np.floor((grid.extent.ymax - (extent.ymin + extent.ymax) / 2) / grid.yres))
    if window.ncol == 0:
        col = int(np.floor(((extent.xmin + extent.xmax) / 2 - grid.extent.xmin) / grid.xres))
    return Window(row, col, max(1, window.nrow), max(1, window.ncol))


def _known_vector(node: Node, y: Any, verb: str) -> Any:
    """What has an extent: a vector of geometries, else the same object; its CRS is that of the node."""
    from pyterra.between.geoms import is_vector, vector_of
    from pyterra.grid.grid import common_crs
    from pyterra.raster._build import is_raster

    if is_raster(y):
        common_crs(node.grid.crs, y._node.grid.crs, verb)
    elif is_vector(y) and not isinstance(y, SpatExtent):
        y = vector_of(y)
        common_crs(node.grid.crs, y.wkt, verb)
        if all(geom.is_empty for geom in y.geoms):
            raise ArgumentError(f"{verb}: the vector must have coordinates, got {len(y)} empty geometries")
    return y


def _cut(node: Node, window: Window, fill: float = float("nan")) -> Node:
    """A node seen through a window of its grid, which may reach beyond it."""
    if window == node.grid.window:
        return node
    inside = node.grid.window.contains(window)
    layers = tuple(layer.without_range() for layer in node.layers)
    if not inside and fill == fill:
        layers = tuple(layer.number() for layer in layers)
    return replace(place(node, node.grid.subgrid(window), -window.row, -window.col, fill), layers=layers)


def extend(
    x: SpatRaster, y: Any, *, fill: float | None = None, snap: Literal["near", "in", "out"] = "near"
) -> SpatRaster:
    """Rows and columns added around a raster.

    Parameters
    ----------
    x : SpatRaster
    y : SpatExtent, SpatRaster, or int or sequence of int
        An extent to reach (cells are never cut off); or numbers of rows and columns: one for all sides, two (rows,
        columns), or four (left, right, bottom, top).
    fill : float, optional
        Value of the new cells; missing by default.
    snap : {"near", "in", "out"}
        How the edges of an extent move to cell edges.

    Returns
    -------
    SpatRaster
    """
    node, grid = x._node, x._node.grid
    counts = _counts(y)
    if counts is not None:
        left, right, bottom, top = counts
        window = Window(-top, -left, grid.nrow + top + bottom, grid.ncol + left + right)
    else:
        y = _known_vector(node, y, "extend")
        window = grid.window_of(extent_of(y), snap).union(grid.window)
    out = _cut(node, window, float("nan") if fill is None else float(fill))
    return raster(relabel(out, tuple(layer.unflagged() for layer in out.layers)))


def _counts(y: Any) -> tuple[int, int, int, int] | None:
    """left, right, bottom, top from one, two (rows, columns) or four whole numbers."""
    numbers: Any = [y] if isinstance(y, int | np.integer) else y
    if (
        not isinstance(numbers, Sequence | np.ndarray)
        or isinstance(numbers, str)
        or len(numbers) not in (1, 2, 4)
    ):
        return None
    sizes = numbers_of(numbers, "extend: numbers of rows and columns")
    if not np.all((sizes >= 0) & (sizes == np.floor(sizes))):
        raise ArgumentError(f"extend: numbers of rows and columns must be whole and not below 0, got {y}")
    n = [int(v) for v in numbers]
    if len(n) == 1:
        n = n * 2
    return (n[1], n[1], n[0], n[0]) if len(n) == 2 else (n[0], n[1], n[2], n[3])


def trim(x: SpatRaster, *, padding: int = 0, value: float | None = None) -> SpatRaster:
    """Outer rows and columns without values cut off. This reads the values once.

    Parameters
    ----------
    x : SpatRaster
    padding : int
        Empty rows and columns to keep on each side.
    value : float, optional
        What counts as empty; missing by default.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ExtentError
        Where every cell is empty.
    """
    from pyterra.expr import Reduce
    from pyterra.run import reduce

    node = node_of(x, "trim")
    bounds = reduce(
        Reduce(
            node=node,
            chunk=Occupied(value),
            combine=_union,
            finalise=_same,
            temporaries=8.0 * len(node.layers),
        )
    )
    if bounds is None:
        raise ExtentError("trim: at least one cell must have a value, got none")
    window = bounds.widened(padding, padding).intersection(node.grid.window)
    assert window is not None
    return raster(_cut(node, window))


@dataclass(frozen=True)
class Occupied:
    """The smallest window that holds every cell of a block that is not empty in all layers."""

    value: float | None

    def __call__(self, block: Array, window: Window) -> Window | None:
        empty = np.isnan(block) if self.value is None else block == self.value
        full: Array = ~np.all(empty, axis=0)
        rows, cols = np.flatnonzero(full.any(axis=1)), np.flatnonzero(full.any(axis=0))
        if rows.size == 0:
            return None
        return Window(
            window.row + int(rows[0]), window.col + int(cols[0]), int(np.ptp(rows)) + 1, int(np.ptp(cols)) + 1
        )


def _union(a: Window | None, b: Window | None) -> Window | None:
    if a is None or b is None:
        return a or b
    return a.union(b)


def _same(value: Window | None) -> Window | None:
    return value


def shift(x: SpatRaster, dx: float = 0, dy: float = 0) -> SpatRaster:
    """The raster moved by `dx` and `dy`, in units of the CRS."""
    node = x._node
    return raster(relocate(node, replace(node.grid, extent=node.grid.extent.shift(dx, dy))))


@dataclass(frozen=True)
class Mirror:
    """Rows or columns in reverse order."""

    rows: bool
    size: int

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        if self.rows:
            return (Window(self.size - window.row_stop, window.col, window.nrow, window.ncol),)
        return (Window(window.row, self.size - window.col_stop, window.nrow, window.ncol),)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        array = arrays[0]
        assert array is not None
        return np.ascontiguousarray(array[:, ::-1] if self.rows else array[:, :, ::-1])

    def scratch(self, window: Window, nlyr: int) -> int:
        return 0


def flip(x: SpatRaster, direction: Literal["vertical", "horizontal"] = "vertical") -> SpatRaster:
    """Rows in reverse order (vertical), or columns (horizontal); the extent stays."""
    node = x._node
    choice(direction, ("vertical", "horizontal"), "flip: direction")
    rows = direction == "vertical"
    if isinstance(node, Constant):
        return raster(node)
    return raster(
        Regrid(
            grid=node.grid,
            layers=tuple(
                replace(la, kind="factor" if la.kind == "factor" else "num", range=None) for la in node.layers
            ),
            dtype=node.dtype,
            arguments=(node,),
            method=Mirror(rows, node.grid.nrow if rows else node.grid.ncol),
        )
    )
