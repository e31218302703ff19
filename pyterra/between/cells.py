"""cells: numbers of cells that have a value, or certain values, or lie where geometries lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.between.covered import shape_cells
from pyterra.between.extract import rule_of, with_empty
from pyterra.between.geoms import geoms_on, stands_for_vector
from pyterra.between.shapes import shapes_of
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.plan import Gathering
from pyterra.raster.at import corners, shifted_inside
from pyterra.raster.build import constants, geometry_of, node_of, numbers_of
from pyterra.raster.frames import valid_cells
from pyterra.run import gathered

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Places

Numbers = NDArray[np.int64]
MATCH_BYTES = 40.0
"""Of a cell, its values, and what is made of them, beside those of layers."""


def cells(
    x: SpatRaster,
    y: Places | float | None = None,
    *,
    pairs: bool = False,
    method: Literal["simple", "bilinear"] = "simple",
    weights: bool = False,
    exact: bool = False,
    touches: bool | None = None,
    small: bool = True,
) -> Numbers | list[Any] | pd.DataFrame:
    """Numbers of cells that have values, or that lie where geometries lie.

    Parameters
    ----------
    x : SpatRaster
    y : number, sequence of numbers, SpatVector, GeoDataFrame, geometries, array of shape (n, 2) or SpatExtent, optional
        Values to look for, or where to look. Without it, the cells that are missing in no layer, or all cells of a
        raster without values.
    pairs : bool
        For values: tell the value of each cell too.
    method : {"simple", "bilinear"}
        For points: the cell that each falls in, or the four that are nearest with their weights.
    weights, exact : bool
        For polygons: add the covered fraction of each cell. Both are exact.
    touches : bool, optional
        All cells that a line or polygon touches; by default for lines only.
    small : bool
        A polygon that holds no centre takes the cells it touches.

    Returns
    -------
    ndarray of int64, list or pandas.DataFrame
        Numbers of cells, ascending. For values a list with one array for each layer; with `pairs` one DataFrame with
        the columns ``cell`` and ``value``. For geometries a DataFrame with the columns ``ID`` and ``cell``, and
        ``weights``; or ``c1`` to ``c4`` and ``w1`` to ``w4`` for "bilinear", from the upper left cell, row by row.
        Outside is -1.

    Raises
    ------
    MemoryBudgetError
        Where the numbers do not fit the memory budget.

    See Also
    --------
    extract : Gives the values of cells.
    cell_from_xy : Takes coordinates alone.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 5, float("nan")], [5, 2, 3]], crs="")
    >>> r.cells().tolist()
    [0, 1, 3, 4, 5]
    >>> r.cells([5, 2])[0].tolist()
    [1, 3, 4]
    >>> r.cells(pt.vect("POINT (2.5 0.5)")).values.tolist()
    [[0, 5]]
    """
    method = choice(method, ("simple", "bilinear"), "cells: method")
    if y is None:
        return _all(x)
    if isinstance(y, Extent):
        return _in_extent(geometry_of(x, "cells").grid, y)
    if stands_for_vector(y) or np.ndim(y) > 1:  # type: ignore[arg-type]
        return _under(geometry_of(x, "cells").grid, y, method, (weights, exact, touches, small))
    return _with_values(node_of(x, "cells"), _numbers(y), pairs)


def _all(x: SpatRaster) -> Numbers:
    node = geometry_of(x, "cells")
    return valid_cells(node, True, "cells", 0)[0] if node.has_values else np.arange(node.grid.cells)


def _in_extent(grid: Grid, extent: Extent) -> Numbers:
    window = grid.whole_cells(extent).intersection(grid.window)
    if window is None:
        return np.empty(0, np.int64)
    rows, cols = np.arange(window.row, window.row_stop), np.arange(window.col, window.col_stop)
    return np.asarray(rows[:, None] * np.int64(grid.ncol) + cols).ravel()


@dataclass(frozen=True)
class AmongThem:
    """Numbers and values of the cells of a block of which a layer has one of some values."""

    values: tuple[float, ...]
    ncol: int

    def __call__(self, block: Array, window: Window) -> tuple[Numbers, Array]:
        row, col = np.nonzero(among(block, self.values).any(axis=0))
        return (row + window.row) * np.int64(self.ncol) + col + window.col, block[:, row, col].T


def among(block: Array, values: tuple[float, ...]) -> Array:
    """Whether each value is among some; NaN is among them where it is one."""
    found = np.isin(block.astype(np.float64, copy=False), values)
    return found | np.isnan(block) if np.isnan(values).any() else found


def _numbers(y: Any) -> Array:
    return np.atleast_1d(numbers_of(y, "cells: y"))


def _with_values(node: Node, values: Array, pairs: bool) -> list[Any]:
    import pandas as pd

    wanted = tuple(values.tolist())
    what = Gathering(
        "cells",
        "cells",
        MATCH_BYTES + 16.0 * len(node.layers),
        "ask for fewer values, or a part of the raster",
    )
    numbers, found = gathered(node, AmongThem(wanted, node.grid.ncol), what)
    layers = []
    for column in found.T:
        here = among(column, wanted)
        cell, value = numbers[here], column[here].astype(np.float64)
        layers.append(pd.DataFrame({"cell": cell, "value": value}) if pairs else cell)
    return layers


def _under(grid: Grid, y: Any, method: str, how: tuple[bool, bool, bool | None, bool]) -> pd.DataFrame:
    import pandas as pd

    weights, exact, touches, small = how
    geoms, _, kind = geoms_on(y, grid, "cells")
    if kind == "points":
        return _of_points(grid, geoms, method)
    covered = weights or exact
    if covered and kind != "polygons":
        raise ArgumentError(f"cells: weights and exact are for polygons, got {kind}")
    shapes = shapes_of(geoms, grid, polygon=kind == "polygons")
    rules = shapes.rules(grid, rule_of(kind, covered, touches), small=small)
    owner, cell, weight, _ = with_empty(shapes, shape_cells(constants([0.0], grid), shapes, rules))
    return pd.DataFrame({"ID": owner, "cell": cell} | ({"weights": weight} if covered else {}))


def _of_points(grid: Grid, geoms: NDArray[Any], method: str) -> pd.DataFrame:
    import pandas as pd
    import shapely

    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    xy = shifted_inside(xy, grid)
    empty = np.setdiff1d(np.arange(len(geoms)), owner)
    owner, xy = np.r_[owner, empty], np.r_[xy, np.full((empty.size, 2), np.nan)]
    order = np.argsort(owner, kind="stable")
    owner, xy = owner[order], xy[order]
    if method == "simple":
        return pd.DataFrame({"ID": owner, "cell": grid.cell_from_xy(xy)})
    number, toward = corners(grid, xy)
    tx, ty = (np.where(grid.cell_from_xy(xy) < 0, np.nan, t) for t in toward)
    shares = ((1 - tx) * (1 - ty), tx * (1 - ty), (1 - tx) * ty, tx * ty)
    columns = {f"c{i + 1}": cell for i, cell in enumerate(number)}
    return pd.DataFrame({"ID": owner} | columns | {f"w{i + 1}": share for i, share in enumerate(shares)})
