"""as_points, as_lines, as_polygons: cells as geometries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, select
from pyterra.grid import Grid, Window
from pyterra.raster._build import node_of
from pyterra.raster._table import layer_column
from pyterra.run import blocks_of, to_array

if TYPE_CHECKING:
    from pyterra.raster.spatraster import SpatRaster
    from pyterra.vector.spatvector import SpatVector


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
        return (row + window.row) * np.int64(self.ncol) + col + window.col, block[:, row, col].T.astype(
            np.float64
        )


def known_cells(node: Node, *, na_rm: bool, na_all: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Cell numbers, ascending, and values (n, nlyr) of the cells that are not missing in any (or in all) layers."""
    finish = KnownCells(node.grid.ncol, na_rm, na_all)
    parts = [
        part for _, part in blocks_of(node, finish, label="read", extra_per_cell=8.0 * (2 + len(node.layers)))
    ]
    cells, values = (np.concatenate(list(column)) for column in zip(*parts, strict=True))
    order = np.argsort(cells, kind="stable")
    return cells[order], values[order]


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

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, vals=[1, np.nan, 3], names="a")
    >>> len(r.as_points())
    2
    """
    import shapely

    node = x._node
    cells, found = _cells_of(x, values, na_rm, na_all)
    points = shapely.points(node.grid.xy_from_cell(cells))
    return _vector(points, node, found if values else None)


def _cells_of(x: SpatRaster, values: bool, na_rm: bool, na_all: bool) -> tuple[NDArray[np.int64], Any]:
    """Cell numbers and values; a raster without values has all its cells and none of these."""
    if not x.has_values() or not (values or na_rm):
        return np.arange(x.ncell), np.empty((x.ncell, 0))
    return known_cells(node_of(x, "as_points"), na_rm=na_rm, na_all=na_all)


def _vector(geoms: NDArray[Any], node: Node, values: NDArray[np.float64] | None) -> SpatVector:
    import pandas as pd

    from pyterra.vector.make import vect

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
    return vect(geoms, crs=node.grid.crs, atts=pd.DataFrame(columns) if columns else None)


def as_lines(x: SpatRaster) -> SpatVector:
    """The borders of rows and columns as lines, columns first."""
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
        One polygon around the raster, without reading a value.
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
        e = grid.extent
        return vect(shapely.box(e.xmin, e.ymin, e.xmax, e.ymax), crs=grid.crs)
    if not aggregate or not x.has_values():
        cells, found = _cells_of(x, values, na_rm, na_all)
        return _vector(_boxes(grid, cells), x._node, found if values else None)
    if not na_rm:
        raise ArgumentError("as_polygons: na_rm=False needs aggregate=False; missing cells are not joined")
    return _joined(select(node_of(x, "as_polygons"), [0]), digits if round else None, values)


def _boxes(grid: Grid, cells: NDArray[np.int64]) -> NDArray[Any]:
    import shapely

    xy = grid.xy_from_cell(cells)
    w, h = grid.xres / 2, grid.yres / 2
    boxes: NDArray[Any] = shapely.box(xy[:, 0] - w, xy[:, 1] - h, xy[:, 0] + w, xy[:, 1] + h)
    return boxes


def _joined(node: Node, digits: int | None, values: bool) -> SpatVector:
    """One (multi)polygon per value."""
    import shapely

    from pyterra.io.polygonize import outlines

    array = to_array(node, own=False)[0].astype(np.float64)
    if digits is not None:
        scaled = array * 10.0**digits
        array = np.trunc(scaled + np.copysign(0.5, scaled)) / 10.0**digits
    known = ~np.isnan(array)
    found, inverse = np.unique(array[known], return_inverse=True)
    codes = np.full(array.shape, -1, np.int32)
    codes[known] = inverse
    polygons, code = outlines(codes, node.grid.transform)
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


def _as_whole(node: Node) -> Node:
    from dataclasses import replace

    from pyterra.expr import relabel

    return relabel(node, (replace(node.layers[0], kind="int"),))
