"""extract_along: values in the order in which lines pass through cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.geoms import geoms_on
from pyterra.errors import ArgumentError
from pyterra.grid import Grid
from pyterra.raster.at import bilinear_at, values_at
from pyterra.raster.build import node_of
from pyterra.raster.table import layer_column, table
from pyterra.vector.parts import parts_of

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Places


def extract_along(
    x: SpatRaster,
    y: Places,
    *,
    id: bool = True,
    cells: bool = False,
    xy: bool = False,
    online: bool = False,
    bilinear: bool = True,
) -> pd.DataFrame:
    """Values of the cells that lines pass through, in that order.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, GeoDataFrame or geometries
        Lines.
    id : bool
        Begin with a column ``ID``, the number of the line from 0.
    cells, xy : bool
        Add columns ``cell``, or ``x`` and ``y`` (centres of cells).
    online : bool
        The places are those of the line that are nearest to the centres of cells.
    bilinear : bool
        With `online`: values are those between the centres of the four nearest cells; otherwise those of the cells.

    Returns
    -------
    pandas.DataFrame
        A row for each cell that a segment of a line passes through. Where two segments meet, the cell is told of both;
        a line comes again through a cell as often as it does. What lies beyond the raster has no row.

    Raises
    ------
    ArgumentError
        For other geometries.

    Warns
    -----
    PyterraWarning
        Where `y` has another CRS than `x`: its vertices are projected to that of the raster.

    See Also
    --------
    extract : Gives the cells of lines in the order of their numbers.

    Notes
    -----
    Cells that are only met at a corner are left out. The steps of a line across the grid are computed exactly.

    References
    ----------
    Amanatides, J. and Woo, A. (1987). A fast voxel traversal algorithm for ray tracing. Eurographics 87, 3-10.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3], [4, 5, 6]], names="a")
    >>> r.extract_along(pt.vect("LINESTRING (0.5 0.5, 2.5 1.5)"))["a"].tolist()
    [4, 5, 2, 3]
    """
    import shapely

    node = node_of(x, "extract_along")
    geoms, _, kind = geoms_on(y, node.grid, "extract_along", projected=True)
    if kind not in ("lines", "none"):
        raise ArgumentError(f"extract_along: y must be lines, got {kind}; as_lines() makes them of polygons")
    parts, owner = parts_of(geoms)
    at, part = shapely.get_coordinates(parts, return_index=True)
    joined = np.flatnonzero(part[1:] == part[:-1])
    start, end = at[joined], at[joined + 1]
    segment, row, col = kernels.traversal.traversed(
        _in_cells(start, node.grid), _in_cells(end, node.grid), node.grid.nrow, node.grid.ncol
    )
    number = row * node.grid.ncol + col
    places = node.grid.xy_from_cell(number)
    if online:
        places = _nearest(places, start[segment], end[segment])
    values = bilinear_at(node, places) if online and bilinear else values_at(node, number)
    columns: list[tuple[str, Any]] = [("ID", owner[part[joined]][segment])] if id else []
    if cells:
        columns.append(("cell", number))
    if xy:
        columns += [("x", places[:, 0]), ("y", places[:, 1])]
    between = online and bilinear
    columns += [(la.name, layer_column(la, values[:, i], raw=between)) for i, la in enumerate(node.layers)]
    return table(columns)


def _in_cells(xy: NDArray[np.float64], grid: Grid) -> NDArray[np.float64]:
    """Coordinates as columns and rows, 0.0 the left or upper edge."""
    e = grid.extent
    return np.column_stack([(xy[:, 0] - e.xmin) / grid.xres, (e.ymax - xy[:, 1]) / grid.yres])


def _nearest(
    xy: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The places of segments that are nearest to others."""
    step = end - start
    square = (step**2).sum(axis=1)
    share = ((xy - start) * step).sum(axis=1) / np.where(square > 0, square, 1.0)
    found: NDArray[np.float64] = start + step * np.clip(share, 0, 1)[:, None]
    return found
