"""watershed: the cells upstream of a point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.between.geoms import geoms_on
from pyterra.errors import ArgumentError
from pyterra.raster.build import one_layer
from pyterra.raster.flow import catchments

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Places


def watershed(x: SpatRaster, pourpoint: Places) -> SpatRaster:
    """The catchment of a point: all cells that flow to it.

    Parameters
    ----------
    x : SpatRaster
        Flow directions, as of ``terrain("flowdir")``: 1, 2, 4 ... 128 clockwise from the east, 0 for a pit.
    pourpoint : SpatVector, GeoDataFrame, geometries, or array of shape (n, 2)
        The outlet, a point; or several.

    Returns
    -------
    SpatRaster
        1 in the catchment, 0 elsewhere; missing where the direction is missing. Of several points, the number of the
        first that a cell flows to, counted from 1.

    Raises
    ------
    ArgumentError
        For more than one layer; for no points, lines or polygons, or a point that lies off the raster; for values that
        are no directions (when values are computed).

    See Also
    --------
    flow_accumulation : Counts the cells upstream.
    terrain : Computes flow directions.

    Notes
    -----
    A point upstream of another one has its own catchment. Strips of rows tell each other what flows over their borders,
    so that rasters may be larger than memory. terra takes one point, and gives 0 where the direction is missing.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 4, 16], [1, 0, 0]])
    >>> r.watershed([[1.5, 0.5]]).to_numpy()[0].tolist()
    [[1.0, 1.0, 1.0], [1.0, 1.0, 0.0]]
    """
    node = one_layer(x, "watershed")
    geoms, _, kind = geoms_on(pourpoint, node.grid, "watershed: pourpoint")
    if kind != "points" or not len(geoms):
        raise ArgumentError(f"watershed: pourpoint must be at least one point, got {len(geoms)} {kind}")
    import shapely

    xy = shapely.get_coordinates(geoms)
    cells = node.grid.cell_from_xy(xy)
    off = np.flatnonzero(cells < 0)
    if off.size:
        raise ArgumentError(
            f"watershed: pourpoint must lie on the raster, got point {off[0]} at {tuple(xy[off[0]].tolist())}; "
            f"{node.grid}"
        )
    return catchments(x, cells.tolist(), "watershed")
