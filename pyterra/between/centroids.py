"""centroids of rasters: where the cells with a value lie on average."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Array, Reduce
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import node_of
from pyterra.run import reduce
from pyterra.vector.make import vect

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

Sums = NDArray[np.float64]
"""Per layer: weights, and weights times rows and columns, added up."""


@dataclass(frozen=True)
class Moments:
    """Weights of cells, and of their rows and columns, of a block."""

    weighted: bool

    def __call__(self, block: Array, window: Window) -> Sums:
        known = ~np.isnan(block)
        weights = np.where(known, block, 0.0) if self.weighted else known
        down, across = (weights.sum(axis=axis, dtype=np.float64) for axis in (2, 1))
        rows = np.arange(window.row, window.row_stop, dtype=np.float64)
        cols = np.arange(window.col, window.col_stop, dtype=np.float64)
        return np.stack([down.sum(axis=1), down @ rows, across @ cols], axis=1)


def _same(sums: Sums) -> Sums:
    return sums


def centroids(x: SpatRaster, weighted: bool = False) -> SpatVector:
    """Points in the middle of the cells that have a value.

    Parameters
    ----------
    x : SpatRaster
    weighted : bool
        Whether cells count by their values.

    Returns
    -------
    SpatVector
        A point for each layer, with its name as ``layer``; empty for a layer without values, or whose values add up to 0.

    See Also
    --------
    SpatVector.centroids : Of geometries.
    as_points : A point for each cell.

    Notes
    -----
    Coordinates are averaged as they are, in degrees on lon/lat.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, None, 3], [4, 5, None]])
    >>> r.centroids().crds().tolist(), r.centroids(weighted=True).crds().round(3).tolist()
    ([[1.25, 1.0]], [[1.346, 0.808]])
    """
    import shapely

    node = node_of(x, "centroids")
    kernel = Moments(bool(weighted))
    work = Reduce(node=node, chunk=kernel, combine=np.add, finalise=_same, temporaries=24.0)
    total, down, across = reduce(work).T
    with np.errstate(invalid="ignore", divide="ignore"):
        row, col = down / total + 0.5, across / total + 0.5
    grid = node.grid
    xy = np.column_stack([grid.extent.xmin + col * grid.xres, grid.extent.ymax - row * grid.yres])
    points = np.full(len(xy), shapely.Point(), dtype=object)
    found = np.isfinite(xy).all(axis=1)
    points[found] = shapely.points(xy[found])
    return vect(points, crs=grid.crs, atts={"layer": [layer.name for layer in node.layers]})
