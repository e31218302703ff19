"""as_contour: lines of equal value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.raster.build import node_of, numbers_of, one_layer
from pyterra.raster.sample import sides_of, thinned
from pyterra.run import to_array
from pyterra.vector.make import vect

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

ROUND = np.array([1.0, 2.0, 5.0, 10.0])
"""Steps between levels, times a power of ten."""


def as_contour(
    x: SpatRaster,
    maxcells: int = 100_000,
    *,
    levels: float | Sequence[float] | None = None,
    nlevels: int = 10,
) -> SpatVector:
    """Lines of equal value.

    Parameters
    ----------
    x : SpatRaster
        One layer.
    maxcells : int
        Cells that are looked at, at most; of more, a regular sample.
    levels : float or sequence of float, optional
        The values; by default round ones.
    nlevels : int
        About how many round values there are.

    Returns
    -------
    SpatVector
        Lines with an attribute ``level``, one record for each level that occurs. They run between the middles of cells;
        where a cell is missing there are none.

    Raises
    ------
    ArgumentError
        Where there is more than one layer.

    See Also
    --------
    as_polygons : Areas of equal value.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 1, 1], [1, 3, 1], [1, 1, 1]])
    >>> r.as_contour(levels=2).geom(wkt=True)
    ['LINESTRING (1 1.5, 1.5 1, 2 1.5, 1.5 2, 1 1.5)']
    """
    node = one_layer(x, "as_contour")
    window = node.grid.window
    if node.grid.cells > maxcells:
        node = node_of(thinned(node, window, sides_of(maxcells, window)), "as_contour")
    grid, values = node.grid, to_array(node)[0].astype(np.float64)
    if min(values.shape) < 2:
        raise ArgumentError(
            f"as_contour: there must be two rows and two columns, got {values.shape[0]} x {values.shape[1]}"
        )
    x_of, y_of = grid.x_from_col(np.arange(grid.ncol)), grid.y_from_row(np.arange(grid.nrow))
    wanted = round_levels(values, nlevels) if levels is None else numbers_of(levels, "as_contour: levels")
    pieces = [
        (level, kernels.contour.segments(values, x_of, y_of, level)) for level in np.unique(wanted).tolist()
    ]
    lines = [_lines(parts) for _, parts in pieces if len(parts)]
    return vect(lines, crs=x.crs, atts={"level": [level for level, parts in pieces if len(parts)]})


def _lines(pieces: NDArray[np.float64]) -> object:
    points, numbers = kernels.contour.joined(pieces)
    lines = shapely.linestrings(points, indices=numbers)
    return lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def round_levels(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Round values between the lowest and the highest, about as many as are wanted."""
    known = values[np.isfinite(values)]
    if known.size == 0 or count < 1:
        return np.empty(0)
    low, high = known.min(), known.max()
    if low == high:
        return np.empty(0)
    size = (high - low) / count
    steps = ROUND * 10.0 ** np.floor(np.log10(size))
    step = steps[np.argmin(np.abs(np.log(steps / size)))]
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
