"""as_points, as_lines, as_polygons: cells as geometries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.cycles import unsearched
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, select
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.plan import Gathering
from pyterra.raster.build import node_of
from pyterra.raster.table import layer_column
from pyterra.run import gathered, to_array
from pyterra.vector.attributes import as_attributes
from pyterra.vector.build import build
from pyterra.vector.parts import points_at

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

POINT_BYTES, POLYGON_BYTES, BORDER_BYTES = 340.0, 700.0, 150.0
"""Memory of a point, of the polygon of a cell, of a corner of an outline, at their making (measured)."""
CODE_BYTES = 14.0
"""Memory of a cell while outlines are drawn: its value, its code, and GDAL's copies."""
PIECE_CELLS = 2**20
"""Cells whose values are made codes at a time."""


@dataclass(frozen=True)
class KnownCells:
    """Numbers and values of the cells of a block that are not missing."""

    ncol: int
    na_rm: bool
    na_all: bool

    def __call__(self, block: Array, window: Window) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        missing = np.isnan(block)
        drop = missing.all(axis=0) if self.na_all else missing.any(axis=0)
        keep = ~drop if self.na_rm else np.ones(drop.shape, dtype=bool)
        row, col = np.nonzero(keep)
        cells = (row + window.row) * np.int64(self.ncol) + col + window.col
        return cells, block[:, row, col].T.astype(np.float64)


def as_points(x: SpatRaster, *, values: bool = True, na_rm: bool = True, na_all: bool = False) -> SpatVector:
    """Centres of cells as points.

    Parameters
    ----------
    x : SpatRaster
    values : bool
        Take the values along as attributes (labels for factors).
    na_rm : bool
        Leave out cells that are missing in any layer.
    na_all : bool
        With `na_rm`: leave out only cells that are missing in all layers.

    Returns
    -------
    SpatVector
        In the order of cell numbers.

    See Also
    --------
    as_polygons : Gives cells as polygons.
    as_data_frame : Gives coordinates and values as a table.
    extract : Gives values at points that you have.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, vals=[1, np.nan, 3], names="a")
    >>> len(r.as_points())
    2
    """
    node = x._node
    cells, found = _cells_of(x, values, na_rm, na_all, "as_points", POINT_BYTES)
    return _vector(points_at(node.grid.xy_from_cell(cells)), node, found if values else None)


def _cells_of(
    x: SpatRaster, values: bool, na_rm: bool, na_all: bool, verb: str, shape_bytes: float
) -> tuple[NDArray[np.int64], Any]:
    """Cell numbers and values; a raster without values has all its cells and none of these."""
    advice = "take a part of the raster (crop) or larger cells (aggregate)"
    if not x.has_values() or not (values or na_rm):
        Gathering(verb, "cells", shape_bytes, advice).check(x.ncell)
        return np.arange(x.ncell), np.empty((x.ncell, 0))
    node = node_of(x, verb)
    what = Gathering(verb, "cells", shape_bytes + 24 * len(node.layers), advice)
    return gathered(node, KnownCells(node.grid.ncol, na_rm, na_all), what)


def _vector(geoms: NDArray[Any], node: Node, values: NDArray[np.float64] | None) -> SpatVector:
    import pandas as pd

    columns: dict[str, Any] = {}
    if values is not None:
        for i in range(values.shape[1]):
            layer = node.layers[i]
            name, number = layer.name, 1
            while name in columns:
                name, number = f"{layer.name}.{number}", number + 1
            column = layer_column(layer, values[:, i])
            columns[name] = (
                np.asarray(column.astype(object)) if isinstance(column, pd.Categorical) else column
            )
    return build(
        geoms, as_attributes(pd.DataFrame(columns) if columns else None, len(geoms), "vect"), node.grid.crs
    )


def as_lines(x: SpatRaster) -> SpatVector:
    """The borders of rows and columns as lines.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatVector
        One line per border, without attributes: those of columns from left to right, then those of rows from the top.

    See Also
    --------
    as_polygons : Gives cells as polygons.
    as_points : Gives the centres of cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2]]).as_lines().geom(wkt=True)[:2]
    ['LINESTRING (0 0, 0 1)', 'LINESTRING (1 0, 1 1)']
    """
    import shapely

    from pyterra.vector.make import vect

    grid = x._node.grid
    e = grid.extent
    xs = np.linspace(e.xmin, e.xmax, grid.ncol + 1)
    ys = np.linspace(e.ymax, e.ymin, grid.nrow + 1)
    upright = np.stack(
        [np.column_stack([xs, np.full(xs.size, e.ymin)]), np.column_stack([xs, np.full(xs.size, e.ymax)])],
        axis=1,
    )
    level = np.stack(
        [np.column_stack([np.full(ys.size, e.xmin), ys]), np.column_stack([np.full(ys.size, e.xmax), ys])],
        axis=1,
    )
    return vect(shapely.linestrings(np.concatenate([upright, level])), crs=grid.crs)


def as_polygons(
    x: SpatRaster,
    *,
    round: bool = True,
    aggregate: bool = True,
    values: bool = True,
    na_rm: bool = True,
    na_all: bool = False,
    extent: bool = False,
    digits: int = 0,
) -> SpatVector:
    """Cells as polygons.

    Parameters
    ----------
    x : SpatRaster
    round : bool
        Round values to `digits` before cells of equal value are joined.
    aggregate : bool
        Join the cells that have the same value in the first layer; otherwise each cell is a polygon with the values
        of all layers.
    values : bool
        Take the values along as attributes (labels for factors).
    na_rm, na_all : bool
        Leave out cells that are missing in any layer, or in all. Joined cells are never missing.
    extent : bool
        One polygon around the raster, without reading a value. It has a vertex at each border of rows and columns, so
        that it keeps its shape when it is projected.
    digits : int
        Decimals kept by `round`.

    Returns
    -------
    SpatVector
        Ascending by value where cells are joined, otherwise in the order of cell numbers.

    Raises
    ------
    MemoryBudgetError
        Where cells to be joined do not fit the memory budget: outlines need all of a layer.

    See Also
    --------
    as_points : Gives the centres of cells.
    as_lines : Gives the borders of rows and columns.
    patches : Numbers connected cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, vals=[1, 1, 2], names="a")
    >>> r.as_polygons().values()["a"].tolist()
    [1, 2]
    """
    import shapely

    from pyterra.vector.make import vect

    grid = x._node.grid
    if extent:
        return vect(shapely.Polygon(_outline(grid)), crs=grid.crs)
    if not aggregate or not x.has_values():
        cells, found = _cells_of(x, values, na_rm, na_all, "as_polygons", POLYGON_BYTES)
        return _vector(_boxes(grid, cells), x._node, found if values else None)
    if not na_rm:
        raise ArgumentError("as_polygons: na_rm=False needs aggregate=False; missing cells are not joined")
    return _joined(select(node_of(x, "as_polygons"), [0]), digits if round else None, values)


def _outline(grid: Grid) -> NDArray[np.float64]:
    """Vertices around a grid, clockwise from the upper left corner, one at each border of rows and columns."""
    e = grid.extent
    x = np.append(e.xmin + np.arange(grid.ncol) * grid.xres, e.xmax)
    y = np.append(e.ymax - np.arange(grid.nrow) * grid.yres, e.ymin)
    top, bottom = (np.column_stack([x, np.full(x.size, edge)]) for edge in (e.ymax, e.ymin))
    left, right = (np.column_stack([np.full(y.size, edge), y]) for edge in (e.xmin, e.xmax))
    return np.concatenate([top[:-1], right[:-1], bottom[:0:-1], left[:0:-1]])


def _boxes(grid: Grid, cells: NDArray[np.int64]) -> NDArray[Any]:
    import shapely

    xy = grid.xy_from_cell(cells)
    w, h = grid.xres / 2, grid.yres / 2
    with unsearched():
        boxes: NDArray[Any] = shapely.box(xy[:, 0] - w, xy[:, 1] - h, xy[:, 0] + w, xy[:, 1] + h)
    return boxes


def _joined(node: Node, digits: int | None, values: bool) -> SpatVector:
    """One (multi)polygon per value."""
    import shapely

    from pyterra.io.raster.polygonize import outlines

    advice = "take a part of the raster (crop) or larger cells (aggregate)"
    Gathering("as_polygons", "cells", CODE_BYTES, advice).check(node.grid.cells)
    found, codes = _codes(node, digits)
    shapes = Gathering(
        "as_polygons",
        "corners",
        BORDER_BYTES,
        "use classes of larger patches, larger cells, or a part of it",
    )
    polygons, code = outlines(codes, node.grid.transform, shapes.check)
    del codes
    order = np.argsort(code, kind="stable")
    polygons, code = polygons[order], code[order]
    single = np.bincount(code, minlength=found.size)[code] == 1 if code.size else np.empty(0, bool)
    joined = np.empty(found.size, object)
    joined[code[single]] = polygons[single]
    if (~single).any():
        groups, index = np.unique(code[~single], return_inverse=True)
        joined[groups] = shapely.multipolygons(polygons[~single], indices=index.reshape(-1))
    layer = node.layers[0]
    if digits == 0 and layer.kind == "num":
        node = _as_whole(node)
    return _vector(joined, node, found[:, None] if values else None)


def _codes(node: Node, digits: int | None) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The values of a layer, ascending, and for each cell which of them it has; -1 for missing."""
    array = to_array(node, own=False)[0]
    rows = max(1, PIECE_CELLS // array.shape[1])
    pieces = [slice(start, start + rows) for start in range(0, array.shape[0], rows)]
    codes, values = np.empty(array.shape, np.int32), []
    for piece in pieces:
        own, places = kernels.zones.codes_of(_rounded(array[piece].reshape(-1), digits), occurring=True)
        codes[piece] = places.reshape(codes[piece].shape)
        values.append(own)
    found = np.unique(np.concatenate(values))
    for piece, own in zip(pieces, values, strict=True):
        codes[piece] = np.append(np.searchsorted(found, own), -1).astype(np.int32)[codes[piece]]
    return found, codes


def _rounded(values: Array, digits: int | None) -> Array:
    if digits is None or (digits >= 0 and kernels.reduce.is_whole(values)):
        return values
    scaled = values.astype(np.float64) * 10.0**digits
    out: Array = np.trunc(scaled + np.copysign(0.5, scaled)) / 10.0**digits
    return out


def _as_whole(node: Node) -> Node:
    from dataclasses import replace

    from pyterra.expr import relabel

    return relabel(node, (replace(node.layers[0], kind="int"),))
