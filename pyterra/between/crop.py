"""crop and extend: other edges, same cells; the edges may be those of geometries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.between.geoms import stands_for_vector, vector_of
from pyterra.between.mask import mask as _mask
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Node, relabel
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.grid.grid import common_crs
from pyterra.raster.build import extent_of, is_raster, numbers_of, raster
from pyterra.raster.crop import across, cut

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import ExtentLike


def crop(
    x: SpatRaster,
    y: ExtentLike,
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

    Raises
    ------
    ExtentError
        Where the two do not overlap.
    CRSMismatchError
        Where `y` has another CRS.

    See Also
    --------
    extend : Adds rows and columns.
    trim : Cuts off outer rows and columns that have no values.
    mask : Sets cells outside geometries to missing.

    Notes
    -----
    An extent that reaches beyond the date line of a global lon/lat raster gets the cells from its other side.

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
    snap = choice(snap, ("near", "in", "out"), "crop: snap")
    wanted = grid.whole_cells(extent if extend else _cut_off(grid, extent), snap)
    common = wanted.intersection(_around(grid, wanted))
    if common is None:
        raise ExtentError(f"crop: extents must overlap, got {extent} for a raster of {grid.extent}")
    window = wanted if extend else common
    part = raster(
        across(node, window) if common.col < 0 or common.col_stop > grid.ncol else cut(node, window)
    )
    return _mask(part, y, touches=touches) if mask else part


def _cut_off(grid: Grid, extent: Extent) -> Extent:
    """What of an extent lies on a grid: little of it may be nearest to the edge, and is a cell all the same."""
    common = None if grid.is_global else extent.intersect(grid.extent)
    if common is None or common.width == 0 < extent.width or common.height == 0 < extent.height:
        return extent
    return common


def _around(grid: Grid, wanted: Window) -> Window:
    """The cells there are: for less than a round of the earth, those beyond the date line too."""
    if grid.is_global and wanted.ncol < grid.ncol:
        return Window(0, -grid.ncol, grid.nrow, 3 * grid.ncol)
    return grid.window


def _known_vector(node: Node, y: Any, verb: str) -> Any:
    """What has an extent: a vector of geometries, else the same object; its CRS is that of the node."""
    if is_raster(y):
        common_crs(node.grid.crs, y._node.grid.crs, verb)
    elif stands_for_vector(y) and not isinstance(y, Extent):
        y = vector_of(y)
        common_crs(node.grid.crs, y.wkt, verb)
        if all(geom.is_empty for geom in y.geoms):
            raise ArgumentError(f"{verb}: the vector must have coordinates, got {len(y)} empty geometries")
    return y


def extend(
    x: SpatRaster, y: ExtentLike, *, fill: float | None = None, snap: Literal["near", "in", "out"] = "near"
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
        Names of `x`.

    See Also
    --------
    crop : Cuts out a part.
    merge : Joins rasters side by side.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2]]).extend((0, 1), fill=0).values(drop=True).tolist()
    [0.0, 1.0, 2.0, 0.0]
    >>> pt.rast([[1, 2]]).extend(pt.ext(0, 3, 0, 1)).values(drop=True).tolist()
    [1.0, 2.0, nan]
    """
    node, grid = x._node, x._node.grid
    counts = _counts(y)
    if counts is not None:
        left, right, bottom, top = counts
        window = Window(-top, -left, grid.nrow + top + bottom, grid.ncol + left + right)
    else:
        y = _known_vector(node, y, "extend")
        window = grid.whole_cells(extent_of(y), snap).union(grid.window)
    out = cut(node, window, float("nan") if fill is None else float(fill))
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
