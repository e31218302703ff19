"""Between cells, rows, columns and coordinates. Everything counts from 0; outside is -1, or NaN for coordinates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyterra.raster.spatraster import SpatRaster


def cell_from_xy(x: SpatRaster, xy: ArrayLike) -> NDArray[np.int64]:
    """Cell numbers of points.

    Parameters
    ----------
    x : SpatRaster
    xy : array-like of shape (n, 2)
        Coordinates. A point on an edge belongs to the right-hand or lower cell, on the border to the last.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 outside.
    """
    return x._node.grid.cell_from_xy(xy)


def cell_from_row_col(x: SpatRaster, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
    """Cell numbers of pairs of rows and columns (broadcast); -1 outside."""
    return x._node.grid.cell_from_row_col(row, col)


def cell_from_row_col_combine(x: SpatRaster, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
    """Cell numbers of every row with every column, row by row."""
    return x._node.grid.cell_from_row_col(np.atleast_1d(row)[:, None], np.atleast_1d(col)[None, :]).ravel()


def row_col_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Rows and columns of cell numbers, shape (n, 2); -1 for numbers outside."""
    return np.column_stack(x._node.grid.row_col_from_cell(np.atleast_1d(cell)))


def xy_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """Centres of cells, shape (n, 2); NaN for numbers outside."""
    return x._node.grid.xy_from_cell(cell)


def row_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Rows of cell numbers; -1 for numbers outside."""
    return x._node.grid.row_col_from_cell(cell)[0]


def col_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Columns of cell numbers; -1 for numbers outside."""
    return x._node.grid.row_col_from_cell(cell)[1]


def row_from_y(x: SpatRaster, y: ArrayLike) -> NDArray[np.int64]:
    """Rows of y coordinates; -1 outside."""
    return x._node.grid.row_from_y(y)


def col_from_x(x: SpatRaster, xs: ArrayLike) -> NDArray[np.int64]:
    """Columns of x coordinates; -1 outside."""
    return x._node.grid.col_from_x(xs)


def x_from_col(x: SpatRaster, col: ArrayLike) -> NDArray[np.float64]:
    """x of the centres of columns; NaN outside."""
    return x._node.grid.x_from_col(col)


def y_from_row(x: SpatRaster, row: ArrayLike) -> NDArray[np.float64]:
    """y of the centres of rows; NaN outside."""
    return x._node.grid.y_from_row(row)


def x_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """x of the centres of cells; NaN outside."""
    return x._node.grid.xy_from_cell(cell)[:, 0]


def y_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """y of the centres of cells; NaN outside."""
    return x._node.grid.xy_from_cell(cell)[:, 1]
