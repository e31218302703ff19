"""where_min, where_max: the cells with the lowest and the highest values of each layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Array, Reduce
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.build import node_of
from pyterra.run import reduce

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster

Found = tuple[float, NDArray[np.int64]]
"""An extreme value, NaN where there is none, and the cells that have it."""


@dataclass(frozen=True)
class ExtremeCells:
    """For each layer its extreme, and the cells that have it."""

    side: Literal["min", "max"]
    ncol: int

    def __call__(self, block: Array, window: Window) -> list[Found]:
        return [self._of(layer, window) for layer in block]

    def _of(self, layer: Array, window: Window) -> Found:
        extreme = (np.fmin if self.side == "min" else np.fmax).reduce(layer, axis=None)
        row, col = np.nonzero(layer == extreme)
        return float(extreme), (row + window.row) * np.int64(self.ncol) + col + window.col

    def merge(self, a: list[Found], b: list[Found]) -> list[Found]:
        """The extremes of two parts."""
        return [self._of_two(*pair) for pair in zip(a, b, strict=True)]

    def _of_two(self, a: Found, b: Found) -> Found:
        if a[0] == b[0]:
            return a[0], np.concatenate([a[1], b[1]])
        if np.isnan(a[0]) or np.isnan(b[0]):
            return b if np.isnan(a[0]) else a
        return a if (a[0] < b[0]) == (self.side == "min") else b


def _count(found: list[Found]) -> int:
    return sum(cells.size for _, cells in found)


def _same(found: list[Found]) -> list[Found]:
    return found


def _where(x: SpatRaster, side: Literal["min", "max"], values: bool) -> pd.DataFrame:
    import pandas as pd

    verb = f"where_{side}"
    node = node_of(x, verb)
    kernel = ExtremeCells(side, node.grid.ncol)
    work = Reduce(
        node=node, chunk=kernel, combine=kernel.merge, finalise=_same, count=_count, temporaries=24.0
    )
    found: list[Found] = reduce(
        work, what=Gathering(verb, "cells", 64.0, "mask() what is not wanted, or take a part of the raster")
    )
    columns: dict[str, Any] = {
        "layer": np.repeat(np.arange(len(found)), [cells.size for _, cells in found]),
        "cell": np.concatenate([np.sort(cells) for _, cells in found]),
    }
    if values:
        columns["value"] = np.repeat([value for value, _ in found], [cells.size for _, cells in found])
    return pd.DataFrame(columns)


def where_min(x: SpatRaster, *, values: bool = True) -> pd.DataFrame:
    """The cells that have the lowest value of each layer.

    Parameters
    ----------
    x : SpatRaster
    values : bool
        Give the value too.

    Returns
    -------
    pandas.DataFrame
        The columns ``layer`` and ``cell``, numbers from 0, and ``value``; no row for a layer without values.

    Raises
    ------
    MemoryBudgetError
        Where so many cells have it that they do not fit the memory budget.

    See Also
    --------
    where_max : Finds the highest value.
    which_min : Finds the layer with the lowest value of each cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[4, 1, 1], [9, 1, 2]]).where_min()["cell"].tolist()
    [1, 2, 4]
    """
    return _where(x, "min", values)


def where_max(x: SpatRaster, *, values: bool = True) -> pd.DataFrame:
    """The cells that have the highest value of each layer.

    Parameters
    ----------
    x : SpatRaster
    values : bool
        Give the value too.

    Returns
    -------
    pandas.DataFrame
        The columns ``layer`` and ``cell``, numbers from 0, and ``value``; no row for a layer without values.

    Raises
    ------
    MemoryBudgetError
        Where so many cells have it that they do not fit the memory budget.

    See Also
    --------
    where_min : Finds the lowest value.
    which_max : Finds the layer with the highest value of each cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[4, 1], [9, 2]]).where_max().values.tolist()
    [[0.0, 2.0, 9.0]]
    """
    return _where(x, "max", values)
