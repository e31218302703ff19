"""all_equal, identical: whether two rasters are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.expr import Array, Reduce, join
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.grid.crs import same_crs
from pyterra.raster.build import geometry_of, is_raster, number, on_grid
from pyterra.run import reduce

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

TOLERANCE = 1.5e-8
"""As R's all.equal."""


@dataclass(frozen=True)
class Differences:
    """Of two rasters on top of each other: cells that one of them lacks, and how many others differ, by how much."""

    def __call__(self, block: Array, window: Window) -> Array:
        a, b = (half.astype(np.float64) for half in np.split(block, 2))
        missing = np.isnan(a) != np.isnan(b)
        differ = ~np.isnan(a) & ~np.isnan(b) & (a != b)
        with np.errstate(all="ignore"):
            off = np.abs(a - b)[differ].sum()
        return np.array([missing.sum(), differ.sum(), off, np.abs(a)[differ].sum()])


def _sum(a: Array, b: Array) -> Array:
    return a + b


def _same(found: Array) -> Array:
    return found


def _layers(x: Any, y: Any) -> list[str]:
    """How two rasters differ apart from their values."""
    a, b = x._node, y._node
    if len(a.layers) != len(b.layers):
        return [f"numbers of layers differ: {len(a.layers)} and {len(b.layers)}"]
    if not a.grid.same_cells(b.grid) or not same_crs(a.grid.crs, b.grid.crs):
        return ["rows, columns, extents or reference systems differ"]
    said = []
    if x.names != y.names:
        said.append(f"names differ: {', '.join(x.names)} and {', '.join(y.names)}")
    if a.has_values != b.has_values:
        said.append("one of them has no values")
    return said


def _values(x: Any, y: Any) -> Array:
    grid = x._node.grid
    both = join([x._node, on_grid(y._node, grid)])
    found: Array = reduce(
        Reduce(
            node=both,
            chunk=Differences(),
            combine=_sum,
            finalise=_same,
            temporaries=24.0 * len(both.layers),
        )
    )
    return found


def all_equal(target: SpatRaster, current: SpatRaster, *, tolerance: float = TOLERANCE) -> bool | list[str]:
    """Whether two rasters are equal but for rounding, or how they differ.

    Parameters
    ----------
    target, current : SpatRaster
    tolerance : float
        How far apart values may be: the mean of the differences, relative to the mean of the values that differ.

    Returns
    -------
    True, or list of str
        What differs, where they are not equal: the grid, names, missing cells, values.

    See Also
    --------
    identical : Asks for the same values.
    compare_geom : Compares grids alone.

    Notes
    -----
    All values are compared. terra compares a sample.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.all_equal(r + 1e-12)
    True
    >>> r.all_equal(r + 1)
    ['values differ: mean relative difference 0.666667']
    """
    limit = number(tolerance, "all_equal: tolerance")
    for x in (target, current):
        geometry_of(x, "all_equal")
    said = _layers(target, current)
    if said or not target.has_values():
        return said or True
    missing, differ, off, size = _values(target, current)
    if missing:
        return [f"{int(missing)} cells are missing in one of them"]
    if not differ:
        return True
    relative = np.isfinite(size) and size / differ > limit
    difference = off / size if relative else off / differ
    if difference <= limit:
        return True
    return [f"values differ: mean {'relative' if relative else 'absolute'} difference {difference:g}"]


def identical(x: SpatRaster, y: SpatRaster) -> bool:
    """Whether two rasters have the same cells, names and values.

    Parameters
    ----------
    x, y : SpatRaster

    Returns
    -------
    bool

    See Also
    --------
    all_equal : Lets values differ by rounding, and tells what differs.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.identical(r * 1), r.identical(r + 1e-12)
    (True, False)
    """
    geometry_of(x, "identical")
    if not is_raster(y) or _layers(x, y):
        return False
    return not x.has_values() or not _values(x, y)[:2].any()
