"""Moving windows themselves: weights of the usual shapes, and the values within."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid import Window
from pyterra.plan.gathering import Gathering
from pyterra.raster.build import geometry_of, number, numbers_of, one_layer
from pyterra.raster.focal import window_weights
from pyterra.run.compute import to_array

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster


def focal_mat(
    x: SpatRaster,
    d: float | ArrayLike,
    type: Literal["circle", "Gauss", "rectangle"] = "circle",
    *,
    fill_na: bool = False,
) -> NDArray[np.float64]:
    """Weights of a moving window, for `focal`; they add up to 1.

    Parameters
    ----------
    x : SpatRaster
        Its cells are what counts, not its values.
    d : float or (float, float)
        In units of the CRS. Of a circle the radius; of a rectangle how far it reaches from its middle, in both directions
        or along x and along y; of a Gaussian bell the standard deviation, and how far the window reaches, by default
        three times as far.
    type : {"circle", "Gauss", "rectangle"}
        Equal weights where the centre of a cell lies within a circle, weights of a bell, or equal weights.
    fill_na : bool
        NaN instead of 0 outside the circle, so that these cells are not used at all.

    Returns
    -------
    ndarray of shape (rows, columns)
        Both odd.

    Raises
    ------
    ArgumentError
        For another shape, or lengths that are not above 0.

    See Also
    --------
    focal : Takes such weights.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=9, ncols=9, xmin=0, xmax=9, ymin=0, ymax=9)
    >>> r.focal_mat(1).tolist()
    [[0.0, 0.2, 0.0], [0.2, 0.2, 0.2], [0.0, 0.2, 0.0]]
    """
    grid = geometry_of(x, "focal_mat").grid
    kind = choice(type, ("circle", "Gauss", "rectangle"), "focal_mat: type")
    sizes = numbers_of(d, "focal_mat: d").ravel()
    most = 1 if kind == "circle" else 2
    if sizes.size > most or not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ArgumentError(
            f"focal_mat: d must be {'one number' if most == 1 else 'one or two numbers'} above 0, got {d!r}"
        )
    if kind == "rectangle":
        wide, high = sizes[0], sizes[-1]
        shape = [
            1 + 2 * int(np.floor(length / res + 1e-9))
            for length, res in ((high, grid.yres), (wide, grid.xres))
        ]
        return np.full(shape, 1 / (shape[0] * shape[1]))
    reach = sizes[0] if kind == "circle" else sizes[1] if sizes.size == 2 else 3 * sizes[0]
    rows, cols = (int(np.floor(reach / res + 1e-9)) for res in (grid.yres, grid.xres))
    down, right = np.arange(-rows, rows + 1) * grid.yres, np.arange(-cols, cols + 1) * grid.xres
    square = down[:, None] ** 2 + right**2
    if kind == "circle":
        weights = (square <= sizes[0] ** 2 * (1 + 1e-9)).astype(np.float64)
    else:
        weights = np.exp(-square / (2 * sizes[0] ** 2))
    weights /= weights.sum()
    if fill_na and kind == "circle":
        weights[weights == 0] = np.nan
    return weights


def focal_values(
    x: SpatRaster, w: ArrayLike = 3, row: int = 0, nrows: int | None = None, *, fill: float | None = None
) -> NDArray[np.float64]:
    """The values of the windows around cells.

    Parameters
    ----------
    x : SpatRaster
        One layer.
    w : int, (int, int) or array-like of shape (h, w)
        Size of the window in cells (rows, columns), odd; or a matrix of that size, whose values play no part.
    row : int
        First row of the cells.
    nrows : int, optional
        Number of rows; by default all that follow.
    fill : float, optional
        Value outside the raster; missing by default. The first and the last column of a raster around the earth are
        neighbours.

    Returns
    -------
    ndarray of shape (cell, h * w), float64
        Cells and windows in row-major order.

    Raises
    ------
    ArgumentError
        For more than one layer; where `w` is even, or rows lie off the raster.
    MemoryBudgetError
        Where the values do not fit the memory budget.

    See Also
    --------
    focal : Computes with them, block by block.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3], [4, 5, 6]])
    >>> r.focal_values((1, 3), row=1, fill=0).tolist()
    [[0.0, 4.0, 5.0], [4.0, 5.0, 6.0], [5.0, 6.0, 0.0]]
    """
    node = one_layer(x, "focal_values")
    grid = node.grid
    any_size = np.iinfo(np.int32).max  # windows are only looked through, so they may be wider than the raster
    h, w_ = window_weights(w, any_size, any_size, "focal_values").shape
    row = int(number(row, "focal_values: row"))
    asked = None if nrows is None else int(number(nrows, "focal_values: nrows"))
    count = grid.rows_and_columns(row, asked, 0, None, "focal_values").nrow
    gathering = Gathering("focal_values", "values of windows", 16.0, "ask for fewer rows")
    gathering.check(count * grid.ncol * h * w_)
    above, left = h // 2, w_ // 2
    wide = Window(row - above, -left, count + 2 * above, grid.ncol + 2 * left)
    inside = wide.common(grid.window)
    padded = np.full((1, wide.nrow, wide.ncol), np.nan if fill is None else float(fill))
    rows, cols = inside.slices_in(wide)
    values = to_array(node, inside, own=False)
    if grid.is_global:
        padded[:, rows] = values[:, :, np.arange(-left, grid.ncol + left) % grid.ncol]
    else:
        padded[:, rows, cols] = values
    return kernels.focal.windows(padded, h, w_).reshape(count * grid.ncol, h * w_)
