"""Nodes seen through a window of their grid; trim, shift, flip: other edges, same cells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Array, Axis, Constant, Moved, Node, Place, Regrid
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.grid.extent import Extent
from pyterra.raster._place import place, relocate
from pyterra.raster.build import mixed, node_of, number, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def across(node: Node, window: Window) -> Node:
    """A global node seen through a window that crosses its left or right edge."""
    size = node.grid.window
    turns = [
        turn for turn in (-1, 0, 1) if window.intersection(size.shifted(0, turn * size.ncol)) is not None
    ]
    places = tuple(
        Place.at(-window.row, turn * size.ncol - window.col, (size.nrow, size.ncol)) for turn in turns
    )
    return Regrid(
        grid=node.grid.subgrid(window),
        layers=tuple(layer.without_range() for layer in node.layers),
        dtype=node.dtype,
        arguments=(node,) * len(places),
        method=Moved(places),
    )


def cut(node: Node, window: Window, fill: float = float("nan")) -> Node:
    """A node seen through a window of its grid, which may reach beyond it."""
    if window == node.grid.window:
        return node
    inside = node.grid.window.contains(window)
    layers = tuple(layer.without_range() for layer in node.layers)
    if not inside and fill == fill:
        layers = tuple(mixed(layer, fill) for layer in layers)
    return replace(place(node, node.grid.subgrid(window), -window.row, -window.col, fill), layers=layers)


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
        Names of `x`.

    Raises
    ------
    ExtentError
        Where every cell is empty.

    See Also
    --------
    crop : Cuts out an extent.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[nan, nan, nan], [nan, 5, nan]]).trim()
    >>> r.values(drop=True).tolist(), r.ext.xmin, r.ext.ymax
    ([5.0], 1.0, 1.0)
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
    return raster(cut(node, bounds.widened(padding, padding).common(node.grid.window)))


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
    """The raster moved to another place.

    Parameters
    ----------
    x : SpatRaster
    dx, dy : float
        How far to the right and up, in units of the CRS.

    Returns
    -------
    SpatRaster
        Same cells and values; only the extent changes.

    See Also
    --------
    rotate : Moves the meridian at which a lon/lat raster begins.
    flip : Reverses rows or columns.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]]).shift(dx=10)
    >>> r.xmin, r.xmax
    (10.0, 12.0)
    """
    node = x._node
    return raster(relocate(node, replace(node.grid, extent=node.grid.extent.shift(dx, dy))))


def rescale(
    x: SpatRaster,
    fx: float = 0.5,
    fy: float | None = None,
    x0: float | None = None,
    y0: float | None = None,
) -> SpatRaster:
    """The raster with larger or smaller cells, scaled from a point.

    Parameters
    ----------
    x : SpatRaster
    fx, fy : float
        Factors along x and y, above 0; `fy` is `fx` unless given.
    x0, y0 : float, optional
        The point that stays in place; by default the middle of the extent.

    Returns
    -------
    SpatRaster
        Same cells and values; only the extent changes.

    Raises
    ------
    ArgumentError
        For factors that are not above 0.

    See Also
    --------
    shift : Moves the raster.
    aggregate, disagg : Fewer cells, or more, on the same ground.

    Examples
    --------
    >>> import pyterra as pt
    >>> list(pt.rast([[1, 2]]).rescale(2, x0=0, y0=0).ext)
    [0.0, 4.0, 0.0, 2.0]
    """
    node = x._node
    across = number(fx, "rescale: fx")
    factors = np.array([across, across if fy is None else number(fy, "rescale: fy")])
    if not (np.isfinite(factors).all() and (factors > 0).all()):
        raise ArgumentError(f"rescale: fx and fy must be above 0, got {fx} and {fy}")
    e = node.grid.extent
    middle = ((e.xmin + e.xmax) / 2, (e.ymin + e.ymax) / 2)
    at = [
        m if v is None else number(v, f"rescale: {what}")
        for m, v, what in zip(middle, (x0, y0), ("x0", "y0"), strict=True)
    ]
    xmin, ymin = at + (np.array([e.xmin, e.ymin]) - at) * factors
    xmax, ymax = at + (np.array([e.xmax, e.ymax]) - at) * factors
    extent = Extent(float(xmin), float(xmax), float(ymin), float(ymax))
    return raster(relocate(node, replace(node.grid, extent=extent)))


def flip(x: SpatRaster, direction: Literal["vertical", "horizontal"] = "vertical") -> SpatRaster:
    """Rows or columns in reverse order.

    Parameters
    ----------
    x : SpatRaster
    direction : {"vertical", "horizontal"}
        Reverse the rows (vertical) or the columns (horizontal).

    Returns
    -------
    SpatRaster
        The extent of `x`.

    See Also
    --------
    t : Swaps rows and columns.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).flip("vertical").to_numpy()[0].tolist()
    [[3.0, 4.0], [1.0, 2.0]]
    """
    node = x._node
    direction = choice(direction, ("vertical", "horizontal"), "flip: direction")
    if isinstance(node, Constant):
        return raster(node)
    axes = [Axis(node.grid.nrow), Axis(node.grid.ncol)]
    turned = 0 if direction == "vertical" else 1
    axes[turned] = replace(axes[turned], start=axes[turned].stop - 1, sign=-1)
    return raster(
        Regrid(
            grid=node.grid,
            layers=tuple(
                replace(la, kind="factor" if la.kind == "factor" else "num", range=None) for la in node.layers
            ),
            dtype=node.dtype,
            arguments=(node,),
            method=Moved((Place(*axes),)),
        )
    )
