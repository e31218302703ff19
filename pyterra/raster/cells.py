"""Between cells, rows, columns and coordinates. Everything counts from 0; outside is -1, or NaN for coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


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

    See Also
    --------
    xy_from_cell : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.cell_from_xy([(0.5, 1.5), (2.5, 0.5), (9, 9)]).tolist()
    [0, 5, -1]
    """
    return x._node.grid.cell_from_xy(xy)


def cell_from_row_col(x: SpatRaster, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
    """Cell numbers of pairs of rows and columns.

    Parameters
    ----------
    x : SpatRaster
    row, col : int or array-like of int
        Rows and columns from 0. A single one goes with all of the other.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 outside.

    See Also
    --------
    cell_from_row_col_combine : Takes every row with every column.
    row_col_from_cell : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3)
    >>> r.cell_from_row_col([0, 1, 5], [2, 0, 0]).tolist()
    [2, 3, -1]
    """
    return x._node.grid.cell_from_row_col(row, col)


def cell_from_row_col_combine(x: SpatRaster, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
    """Cell numbers of every row with every column.

    Parameters
    ----------
    x : SpatRaster
    row, col : int or array-like of int
        Rows and columns from 0.

    Returns
    -------
    ndarray of int64 of shape (number of rows * number of columns,)
        Row by row; -1 outside.

    See Also
    --------
    cell_from_row_col : Takes rows and columns in pairs.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3)
    >>> r.cell_from_row_col_combine([0, 1], [1, 2]).tolist()
    [1, 2, 4, 5]
    """
    return x._node.grid.cell_from_row_col(np.atleast_1d(row)[:, None], np.atleast_1d(col)[None, :]).ravel()


def row_col_combine(x: SpatRaster, row: ArrayLike, col: ArrayLike) -> NDArray[np.int64]:
    """Every row with every column.

    Parameters
    ----------
    x : SpatRaster
    row, col : int or array-like of int
        Rows and columns from 0.

    Returns
    -------
    ndarray of int64 of shape (number of rows * number of columns, 2)
        Row and column, row by row; -1 for those outside.

    See Also
    --------
    cell_from_row_col_combine : Gives the numbers of the cells.
    rcl : Combines layers too.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=3).row_col_combine([0, 1], [2, 9]).tolist()
    [[0, 2], [0, -1], [1, 2], [1, -1]]
    """
    sides = (_inside(values, size) for values, size in ((row, x._node.grid.nrow), (col, x._node.grid.ncol)))
    return np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, 2)


def _inside(numbers: ArrayLike | None, size: int) -> NDArray[np.int64]:
    """Numbers from 0; -1 for those outside, all of them for None."""
    if numbers is None:
        return np.arange(size)
    found = np.atleast_1d(np.asarray(numbers, dtype=np.int64)).ravel()
    return np.where((found >= 0) & (found < size), found, -1)


def rcl(
    x: SpatRaster,
    row: ArrayLike | Sequence[ArrayLike] | None = None,
    col: ArrayLike | Sequence[ArrayLike] | None = None,
    lyr: ArrayLike | Sequence[ArrayLike] | None = None,
) -> NDArray[np.int64]:
    """Every row with every column and every layer.

    Parameters
    ----------
    x : SpatRaster
    row, col, lyr : int, array-like of int, or sequence of such sequences, optional
        Rows, columns and layers from 0; None for all. Where one is a sequence of sequences, what is combined is each of
        them with those at the same place of the others.

    Returns
    -------
    ndarray of int64 of shape (n, 3)
        Row, column and layer, layer by layer and row by row; -1 for those outside.

    Raises
    ------
    ArgumentError
        Where the sequences are not equally long.

    See Also
    --------
    row_col_combine : Combines rows and columns.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=5, ncols=5, nlyrs=2)
    >>> r.rcl(0, [1, 2], [0, 1]).tolist()
    [[0, 1, 0], [0, 2, 0], [0, 1, 1], [0, 2, 1]]
    >>> r.rcl(0, [[1, 2], [3]], [0, 1]).tolist()
    [[0, 1, 0], [0, 2, 0], [0, 3, 1]]
    """
    given = [row, col, lyr]
    nested = [_is_nested(value) for value in given]
    if not any(nested):
        return _combined(x, given)
    count = max(len(value) for value, of_many in zip(given, nested, strict=True) if of_many)  # type: ignore[arg-type]
    sides = []
    for value, of_many, what in zip(given, nested, ("row", "col", "lyr"), strict=True):
        items = [None] if value is None else list(value) if of_many else np.atleast_1d(value).tolist()  # type: ignore[arg-type]
        if len(items) not in (1, count) and not (of_many and count % len(items) == 0):
            raise ArgumentError(
                f"rcl: {what} must be one or as many as the longest ({count}), got {len(items)}"
            )
        sides.append([items[i % len(items)] for i in range(count)])
    return np.concatenate([_combined(x, list(each)) for each in zip(*sides, strict=True)])


def _is_nested(value: Any) -> bool:
    return isinstance(value, Sequence) and any(isinstance(v, Sequence | np.ndarray) for v in value)


def _combined(x: SpatRaster, given: Sequence[Any]) -> NDArray[np.int64]:
    node = x._node
    rows, cols, layers = (
        _inside(value, size)
        for value, size in zip(given, (node.grid.nrow, node.grid.ncol, len(node.layers)), strict=True)
    )
    layer, row, col = np.meshgrid(layers, rows, cols, indexing="ij")
    return np.stack([row, col, layer], axis=-1).reshape(-1, 3)


def row_col_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Rows and columns of cell numbers.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of int64 of shape (n, 2)
        Row and column; -1 for numbers outside.

    See Also
    --------
    cell_from_row_col : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3)
    >>> r.row_col_from_cell([2, 3, 99]).tolist()
    [[0, 2], [1, 0], [-1, -1]]
    """
    return np.column_stack(x._node.grid.row_col_from_cell(np.atleast_1d(cell)))


def xy_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """Coordinates of the centres of cells.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of float64 of shape (n, 2)
        x and y in units of the CRS; NaN for numbers outside.

    See Also
    --------
    cell_from_xy : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.xy_from_cell([0, 5, 99]).tolist()
    [[0.5, 1.5], [2.5, 0.5], [nan, nan]]
    """
    return x._node.grid.xy_from_cell(cell)


def row_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Rows of cell numbers.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 for numbers outside.

    See Also
    --------
    row_col_from_cell : Gives rows and columns together.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=3).row_from_cell([2, 3, 99]).tolist()
    [0, 1, -1]
    """
    return x._node.grid.row_col_from_cell(cell)[0]


def col_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.int64]:
    """Columns of cell numbers.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 for numbers outside.

    See Also
    --------
    row_col_from_cell : Gives rows and columns together.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=3).col_from_cell([2, 3, 99]).tolist()
    [2, 0, -1]
    """
    return x._node.grid.row_col_from_cell(cell)[1]


def row_from_y(x: SpatRaster, y: ArrayLike) -> NDArray[np.int64]:
    """Rows of y coordinates.

    Parameters
    ----------
    x : SpatRaster
    y : float or array-like of float
        In units of the CRS. A coordinate on an edge belongs to the lower row, on the border to the last.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 outside.

    See Also
    --------
    y_from_row : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.row_from_y([1.5, 1, 9]).tolist()
    [0, 1, -1]
    """
    return x._node.grid.row_from_y(y)


def col_from_x(x: SpatRaster, xs: ArrayLike) -> NDArray[np.int64]:
    """Columns of x coordinates.

    Parameters
    ----------
    x : SpatRaster
    xs : float or array-like of float
        In units of the CRS. A coordinate on an edge belongs to the right-hand column, on the border to the last.

    Returns
    -------
    ndarray of int64 of shape (n,)
        -1 outside.

    See Also
    --------
    x_from_col : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.col_from_x([0.5, 1, 3, 9]).tolist()
    [0, 1, 2, -1]
    """
    return x._node.grid.col_from_x(xs)


def x_from_col(x: SpatRaster, col: ArrayLike) -> NDArray[np.float64]:
    """x coordinates of the centres of columns.

    Parameters
    ----------
    x : SpatRaster
    col : int or array-like of int
        Columns from 0.

    Returns
    -------
    ndarray of float64 of shape (n,)
        In units of the CRS; NaN outside.

    See Also
    --------
    col_from_x : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.x_from_col([0, 2, 3]).tolist()
    [0.5, 2.5, nan]
    """
    return x._node.grid.x_from_col(col)


def y_from_row(x: SpatRaster, row: ArrayLike) -> NDArray[np.float64]:
    """y coordinates of the centres of rows.

    Parameters
    ----------
    x : SpatRaster
    row : int or array-like of int
        Rows from 0, from the top.

    Returns
    -------
    ndarray of float64 of shape (n,)
        In units of the CRS; NaN outside.

    See Also
    --------
    row_from_y : Goes the other way.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.y_from_row([0, 1, 2]).tolist()
    [1.5, 0.5, nan]
    """
    return x._node.grid.y_from_row(row)


def x_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """x coordinates of the centres of cells.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of float64 of shape (n,)
        In units of the CRS; NaN for numbers outside.

    See Also
    --------
    xy_from_cell : Gives x and y together.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.x_from_cell([0, 5]).tolist()
    [0.5, 2.5]
    """
    return x._node.grid.xy_from_cell(cell)[:, 0]


def y_from_cell(x: SpatRaster, cell: ArrayLike) -> NDArray[np.float64]:
    """y coordinates of the centres of cells.

    Parameters
    ----------
    x : SpatRaster
    cell : int or array-like of int
        Cell numbers from 0.

    Returns
    -------
    ndarray of float64 of shape (n,)
        In units of the CRS; NaN for numbers outside.

    See Also
    --------
    xy_from_cell : Gives x and y together.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.y_from_cell([0, 5]).tolist()
    [1.5, 0.5]
    """
    return x._node.grid.xy_from_cell(cell)[:, 1]


ROOK, BISHOP = ((-1, 0), (0, -1), (0, 1), (1, 0)), ((-1, -1), (-1, 1), (1, -1), (1, 1))
QUEEN = tuple(sorted(ROOK + BISHOP))
KNIGHT = tuple((r, c) for r in (-2, -1, 1, 2) for c in (-2, -1, 1, 2) if abs(r) != abs(c))
DIRECTIONS = {
    "rook": ROOK,
    "4": ROOK,
    "bishop": BISHOP,
    "queen": QUEEN,
    "8": QUEEN,
    "16": tuple(sorted(QUEEN + KNIGHT)),
}


def adjacent(
    x: SpatRaster,
    cells: ArrayLike,
    directions: str | int | ArrayLike = "rook",
    *,
    pairs: bool = False,
    include: bool = False,
    symmetrical: bool = False,
) -> NDArray[np.int64]:
    """Cells next to cells.

    Parameters
    ----------
    x : SpatRaster
    cells : array-like of int of shape (n,)
        Cell numbers.
    directions : {"rook", "bishop", "queen", "16", 4, 8, 16} or array-like of shape (h, w)
        The neighbours: those across a side, across a corner, both, or both with the knight's moves; or a matrix of
        odd size around the cell, which has True or 1 where a neighbour is.
    pairs : bool
        Give pairs of cells, without those outside.
    include : bool
        The cells themselves come first.
    symmetrical : bool
        Give each pair once, the lower number first, in ascending order.

    Returns
    -------
    ndarray of int64
        Of shape (n, number of neighbours), with -1 for neighbours outside; they are listed from the upper left, row
        by row. With `pairs` of shape (number of pairs, 2), from and to.

    Raises
    ------
    ArgumentError
        Where `directions` is not known or is a matrix of even size.

    See Also
    --------
    cell_from_xy : The cell in which a point lies.
    focal : Statistics of neighbours.

    Notes
    -----
    On a lon/lat raster that goes once around the earth, the last column is a neighbour of the first.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=3, ncols=3, crs="")
    >>> r.adjacent([0, 4]).tolist()
    [[-1, -1, 1, 3], [1, 3, 5, 7]]
    """
    grid = x._node.grid
    number = np.atleast_1d(np.asarray(cells, dtype=np.int64)).ravel()
    steps = np.array(_steps(directions), dtype=np.int64).reshape(-1, 2)
    if include:
        steps = np.concatenate([np.zeros((1, 2), np.int64), steps])
    row, col = grid.row_col_from_cell(number)
    inside = (row >= 0)[:, None]
    rows, cols = row[:, None] + steps[:, 0], col[:, None] + steps[:, 1]
    if grid.is_global:
        itself = (steps[:, 1] % grid.ncol == 0) & (steps[:, 1] != 0)  # all the way round is no neighbour
        cols = np.where(itself, -1, cols % grid.ncol)
    found = np.where(inside, grid.cell_from_row_col(rows, cols), -1)
    if not pairs:
        return found
    both = np.column_stack([np.repeat(number, found.shape[1]), found.ravel()])
    both = both[both[:, 1] >= 0]
    return np.unique(np.sort(both, axis=1), axis=0) if symmetrical else both


def _steps(directions: str | int | ArrayLike) -> tuple[tuple[int, int], ...]:
    """Row and column steps to neighbours, from the upper left."""
    if isinstance(directions, str | int):
        return DIRECTIONS[choice(str(directions), tuple(DIRECTIONS), "adjacent: directions")]
    matrix = np.asarray(directions)
    if matrix.ndim != 2 or matrix.shape[0] % 2 == 0 or matrix.shape[1] % 2 == 0:
        raise ArgumentError(f"adjacent: a matrix of directions must have odd sides, got shape {matrix.shape}")
    middle = matrix.shape[0] // 2, matrix.shape[1] // 2
    steps = [(int(r) - middle[0], int(c) - middle[1]) for r, c in np.argwhere(matrix == 1)]
    return tuple(step for step in steps if step != (0, 0))
