"""Values and places of cells as tables and arrays: as_data_frame, as_matrix, as_array, crds, head, tail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.at import values_at
from pyterra.raster.build import geometry_of, node_of
from pyterra.raster.table import layer_column, table
from pyterra.raster.tables import labels_of
from pyterra.raster.values import values as values_of
from pyterra.run import gathered, to_array

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class ValidCells:
    """Numbers and values of the cells of a block that are not missing."""

    ncol: int
    na_rm: bool | None

    def __call__(self, block: Array, window: Window) -> tuple[NDArray[np.int64], Array]:
        missing = np.isnan(block)
        gone = np.zeros(block.shape[1:], bool)
        if self.na_rm is not False:
            gone[:] = missing.any(axis=0) if self.na_rm else missing.all(axis=0)
        row, col = np.nonzero(~gone)
        return (row + window.row) * np.int64(self.ncol) + col + window.col, block[:, row, col].T


def valid_cells(node: Any, na_rm: bool | None, verb: str, columns: int) -> tuple[NDArray[np.int64], Array]:
    """Cell numbers, ascending, and values of shape (layer, cell); only these are held in memory."""
    row_bytes = 2.0 * node.dtype.itemsize * len(node.layers) + 24 + 24 * columns
    advice = "take fewer layers or a part of the raster (crop), or write it to a file"
    numbers, values = gathered(
        node, ValidCells(node.grid.ncol, na_rm), Gathering(verb, "cells", row_bytes, advice)
    )
    return numbers, values.T


def as_data_frame(
    x: SpatRaster,
    *,
    xy: bool = False,
    cells: bool = False,
    time: bool = False,
    na_rm: bool | None = None,
    wide: bool = True,
) -> pd.DataFrame:
    """Cells as the rows of a table.

    Parameters
    ----------
    x : SpatRaster
    xy : bool
        Columns ``x`` and ``y`` with the middles of the cells.
    cells : bool
        A column ``cell`` with their numbers.
    time : bool
        The times of the layers name the columns; in a long table they are a column ``time``.
    na_rm : bool or None
        None: leave out cells that are missing in all layers; True: in any; False: keep all.
    wide : bool
        A column per layer; otherwise a row per cell and layer, with columns ``layer`` and ``values``.

    Returns
    -------
    pandas.DataFrame
        Factor layers are categorical with their labels, bool layers true or false, whole numbers integers where none
        is missing.

    Raises
    ------
    MemoryBudgetError
        Where the table does not fit the memory budget.

    See Also
    --------
    values : Gives the values as a matrix.
    as_points : Gives them as points.

    Notes
    -----
    Cells that are left out never come into memory.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[5, float("nan"), 7]], names="v").as_data_frame(cells=True).values.tolist()
    [[0.0, 5.0], [2.0, 7.0]]
    """
    import pandas as pd

    node = node_of(x, "as_data_frame")
    stamps = x.time if time else None
    if time and stamps is None:
        raise ArgumentError("as_data_frame: time=True needs layers with times; set them with .time")
    columns = len(node.layers) if wide else 3 * len(node.layers)
    numbers, matrix = valid_cells(node, na_rm, "as_data_frame", columns + cells + 2 * xy)
    head: dict[str, Any] = {"cell": numbers} if cells else {}
    if xy:
        places = node.grid.xy_from_cell(numbers)
        head |= {"x": places[:, 0], "y": places[:, 1]}
    front = pd.DataFrame(head, index=range(numbers.size))
    names = [layer.name for layer in node.layers]
    if wide:
        series = [
            pd.Series(layer_column(la, v), index=front.index)
            for la, v in zip(node.layers, matrix, strict=True)
        ]
        out = pd.concat([front, *series], axis=1)
        out.columns = [*front.columns, *(names if stamps is None else list(stamps))]
        return out
    parts = []
    for i, layer in enumerate(node.layers):
        part = front.assign(layer=names[i])
        if stamps is not None:
            part = part.assign(time=stamps[i])
        parts.append(
            part.assign(values=labels_of(layer, matrix[i]) if layer.categories else matrix[i].astype(float))
        )
    return pd.concat(parts, ignore_index=True)


def as_matrix(x: SpatRaster, *, wide: bool = False) -> NDArray[np.float64]:
    """Values as a matrix.

    Parameters
    ----------
    x : SpatRaster
    wide : bool
        Rows as they lie, the layers side by side; otherwise a row per cell and a column per layer, as `values`.

    Returns
    -------
    ndarray of float64 of shape (ncell, nlyr), or (nrow, ncol * nlyr)

    See Also
    --------
    values : Gives a row per cell.
    as_array : Gives an array of shape (nrow, ncol, nlyr).

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[[1, 2]], [[3, 4]]]).as_matrix(wide=True).tolist()
    [[1.0, 2.0, 3.0, 4.0]]
    """
    if not wide:
        return values_of(x)
    return np.concatenate(list(to_array(node_of(x, "as_matrix"), own=False)), axis=1).astype(np.float64)


def as_array(x: SpatRaster) -> NDArray[np.float64]:
    """Values in the order of terra's array.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    ndarray of float64 of shape (nrow, ncol, nlyr)
        Missing is NaN.

    See Also
    --------
    to_numpy : Gives them in shape (nlyr, nrow, ncol).
    values : Gives a row per cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2, 3]], [[4, 5, 6]]])
    >>> r.as_array().shape, r.to_numpy().shape
    ((1, 3, 2), (2, 1, 3))
    """
    array = to_array(node_of(x, "as_array"), own=False)
    return np.ascontiguousarray(np.moveaxis(array, 0, 2), dtype=np.float64)


def crds(
    x: SpatRaster, *, df: bool = False, na_rm: bool = True, na_all: bool = False
) -> NDArray[np.float64] | pd.DataFrame:
    """Coordinates of the centres of cells.

    Parameters
    ----------
    x : SpatRaster
    df : bool
        Give a DataFrame with the columns x and y.
    na_rm : bool
        Leave out cells that are missing in any layer. A raster without values has no missing cells.
    na_all : bool
        Leave out only those that are missing in all layers.

    Returns
    -------
    ndarray of float64 of shape (n, 2), or pandas.DataFrame

    Raises
    ------
    MemoryBudgetError
        Where they do not fit the memory budget.

    See Also
    --------
    xy_from_cell : Takes numbers of cells.
    as_points : Gives points with the values.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[5, float("nan"), 7]]).crds().tolist()
    [[0.5, 0.5], [2.5, 0.5]]
    """
    import pandas as pd

    node = geometry_of(x, "crds")
    if na_rm and node.has_values:
        numbers = valid_cells(node, None if na_all else True, "crds", 2)[0]
    else:
        Gathering("crds", "cells", 40.0, "take a part of the raster").check(node.grid.cells)
        numbers = np.arange(node.grid.cells)
    xy = node.grid.xy_from_cell(numbers)
    return pd.DataFrame(xy, columns=["x", "y"]) if df else xy


def head(x: SpatRaster, n: int = 6) -> pd.DataFrame:
    """The first cells as the rows of a table. Only these are read.

    Parameters
    ----------
    x : SpatRaster
    n : int
        How many cells.

    Returns
    -------
    pandas.DataFrame
        A column per layer, as `as_data_frame` gives them, and a row per cell, missing ones too.

    See Also
    --------
    tail : Gives the last cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3]], names="a").head(2)["a"].tolist()
    [1, 2]
    """
    count = min(_count(n, "head"), x.ncell)
    return _some(x, np.arange(count), "head")


def tail(x: SpatRaster, n: int = 6) -> pd.DataFrame:
    """The last cells as the rows of a table. Only these are read.

    Parameters
    ----------
    x : SpatRaster
    n : int
        How many cells.

    Returns
    -------
    pandas.DataFrame
        A column per layer, as `as_data_frame` gives them, and a row per cell, missing ones too.

    See Also
    --------
    head : Gives the first cells.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2, 3]], names="a").tail(2)["a"].tolist()
    [2, 3]
    """
    count = min(_count(n, "tail"), x.ncell)
    return _some(x, np.arange(x.ncell - count, x.ncell), "tail")


def _count(n: int, verb: str) -> int:
    if n < 0:
        raise ArgumentError(f"{verb}: n must be 0 or above, got {n}")
    return int(n)


def _some(x: SpatRaster, cells: NDArray[np.int64], verb: str) -> pd.DataFrame:
    node = node_of(x, verb)
    values = values_at(node, cells)
    return table([(layer.name, layer_column(layer, values[:, i])) for i, layer in enumerate(node.layers)])
