"""Sums and means of rows and of columns of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.raster.aggregate import aggregate
from pyterra.raster.build import node_of
from pyterra.raster.values import values

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def _by(
    x: SpatRaster, verb: str, rows: bool, fun: Literal["sum", "mean"], na_rm: bool
) -> NDArray[np.float64]:
    node_of(x, verb)
    size = (1, x.ncol) if rows else (x.nrow, 1)
    found = values(x if size == (1, 1) else aggregate(x, size, fun, na_rm=na_rm))
    if fun == "sum" and na_rm:
        found = np.nan_to_num(found, nan=0.0, posinf=np.inf, neginf=-np.inf)
    return found.astype(np.float64)


def row_sums(x: SpatRaster, *, na_rm: bool = False) -> NDArray[np.float64]:
    """Sums of the rows of each layer.

    Parameters
    ----------
    x : SpatRaster
    na_rm : bool
        Leave missing cells out; the sum of none is 0.

    Returns
    -------
    ndarray of float64 of shape (nrow, nlyr)

    See Also
    --------
    col_sums, row_means, col_means : Take columns, or means.
    global_ : Sums all cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).row_sums().tolist()
    [[3.0], [7.0]]
    """
    return _by(x, "row_sums", True, "sum", na_rm)


def col_sums(x: SpatRaster, *, na_rm: bool = False) -> NDArray[np.float64]:
    """Sums of the columns of each layer.

    Parameters
    ----------
    x : SpatRaster
    na_rm : bool
        Leave missing cells out; the sum of none is 0.

    Returns
    -------
    ndarray of float64 of shape (ncol, nlyr)

    See Also
    --------
    row_sums, row_means, col_means : Take rows, or means.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).col_sums().tolist()
    [[4.0], [6.0]]
    """
    return _by(x, "col_sums", False, "sum", na_rm)


def row_means(x: SpatRaster, *, na_rm: bool = False) -> NDArray[np.float64]:
    """Means of the rows of each layer.

    Parameters
    ----------
    x : SpatRaster
    na_rm : bool
        Leave missing cells out; the mean of none is missing.

    Returns
    -------
    ndarray of float64 of shape (nrow, nlyr)

    See Also
    --------
    row_sums, col_sums, col_means : Take columns, or sums.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).row_means().tolist()
    [[1.5], [3.5]]
    """
    return _by(x, "row_means", True, "mean", na_rm)


def col_means(x: SpatRaster, *, na_rm: bool = False) -> NDArray[np.float64]:
    """Means of the columns of each layer.

    Parameters
    ----------
    x : SpatRaster
    na_rm : bool
        Leave missing cells out; the mean of none is missing.

    Returns
    -------
    ndarray of float64 of shape (ncol, nlyr)

    See Also
    --------
    row_sums, col_sums, row_means : Take rows, or sums.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2], [3, 4]]).col_means().tolist()
    [[2.0], [3.0]]
    """
    return _by(x, "col_means", False, "mean", na_rm)
