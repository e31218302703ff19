"""Size, extent and CRS of a raster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, GridMismatchError
from pyterra.expr import Layer
from pyterra.expr.described import Described
from pyterra.expr.layers import numbered
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs, same_crs, to_pyproj, unit_in_metres
from pyterra.grid.extent import Extent
from pyterra.grid.grid import origin_of
from pyterra.raster._place import relocate
from pyterra.raster.build import cell_size, extent_of, skeleton

if TYPE_CHECKING:
    import pyproj

    from pyterra.handles.spatraster import SpatRaster


def nrow(x: Described) -> int:
    return x._node.grid.nrow


def ncol(x: Described) -> int:
    return x._node.grid.ncol


def nlyr(x: Described) -> int:
    return len(x._node.layers)


def ncell(x: Described) -> int:
    return x._node.grid.cells


def size(x: Described) -> int:
    return x._node.grid.cells * len(x._node.layers)


def shape(x: Described) -> tuple[int, int, int]:
    return len(x._node.layers), x._node.grid.nrow, x._node.grid.ncol


def dtype(x: Described) -> np.dtype[Any]:
    return x._node.dtype


def set_nrow(x: Described, value: int) -> None:
    set_dim(x, (value, ncol(x)))


def set_ncol(x: Described, value: int) -> None:
    set_dim(x, (nrow(x), value))


def set_nlyr(x: Described, value: int) -> None:
    set_dim(x, (nrow(x), ncol(x), value))


def dim(x: Described) -> tuple[int, int, int]:
    return x._node.grid.nrow, x._node.grid.ncol, len(x._node.layers)


def set_dim(x: Described, value: Sequence[int]) -> None:
    """Other numbers of rows, columns and layers in the same extent, without values, as terra does."""
    sizes = list(value)
    if len(sizes) not in (2, 3) or any(isinstance(n, bool) or int(n) != n or n < 1 for n in sizes):
        raise ArgumentError(f"dim: rows, columns and layers must be whole numbers above 0, got {value}")
    old = x._node.grid
    layers = x._node.layers
    if len(sizes) == 3 and sizes[2] != len(layers):
        layers = numbered(int(sizes[2]))
    plain = tuple(Layer(layer.name, time=layer.time, step=layer.step) for layer in layers)
    x._node = skeleton(Grid(old.extent, int(sizes[0]), int(sizes[1]), old.crs), plain)


def res(x: Described) -> tuple[float, float]:
    return x._node.grid.xres, x._node.grid.yres


def xres(x: Described) -> float:
    return x._node.grid.xres


def yres(x: Described) -> float:
    return x._node.grid.yres


def xmin(x: Described) -> float:
    return x._node.grid.extent.xmin


def xmax(x: Described) -> float:
    return x._node.grid.extent.xmax


def ymin(x: Described) -> float:
    return x._node.grid.extent.ymin


def ymax(x: Described) -> float:
    return x._node.grid.extent.ymax


def origin(x: Described) -> tuple[float, float]:
    """Coordinates of the cell corner closest to (0, 0), the positive ones where two are."""
    grid = x._node.grid
    found = (
        (origin_of(edge, size), size)
        for edge, size in ((grid.extent.xmin, grid.xres), (grid.extent.ymax, grid.yres))
    )
    across, up = (0.0 if abs(rest) < 1e-12 * size else rest for rest, size in found)
    return across, up


def set_origin(x: Described, value: float | Sequence[float]) -> None:
    """Move the raster by half a cell at most, then right or up, so that corners of cells come to lie on a point."""
    given = np.asarray(value, np.float64).ravel()
    if given.size not in (1, 2) or not np.isfinite(given).all():
        raise ArgumentError(f"origin: must be one or two numbers, got {value!r:.60}")
    grid, now = x._node.grid, origin(x)
    sizes = grid.xres, grid.yres
    moves = [float(to - at) % size for to, size, at in zip((given[0], given[-1]), sizes, now, strict=True)]
    right, up = (move - size if size - move < move else move for move, size in zip(moves, sizes, strict=True))
    e = grid.extent
    _moved(x, Extent(e.xmin + right, e.xmax + right, e.ymin + up, e.ymax + up))


def set_res(x: Described, value: float | tuple[float, float]) -> None:
    """Keep the lower left corner, move the far edges to whole cells, and drop the values, as terra does."""
    old = x._node.grid
    grid = Grid.from_resolution(old.extent, *cell_size(value, "res:"), crs=old.crs)
    x._node = skeleton(grid, x._node.layers)


def _moved(x: Described, extent: Extent) -> None:
    x._node = relocate(x._node, replace(x._node.grid, extent=extent))


def set_ext(x: Described, value: Any) -> None:
    _moved(x, extent_of(value))


def set_xmin(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(value, e.xmax, e.ymin, e.ymax))


def set_xmax(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, value, e.ymin, e.ymax))


def set_ymin(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, e.xmax, value, e.ymax))


def set_ymax(x: Described, value: float) -> None:
    e = x._node.grid.extent
    _moved(x, Extent(e.xmin, e.xmax, e.ymin, value))


def crs(x: Described) -> pyproj.CRS | None:
    wkt = x._node.grid.crs
    return to_pyproj(wkt) if wkt else None


def set_crs(x: Described, value: Any) -> None:
    x._node = relocate(x._node, x._node.grid.with_crs(parse_crs(value)))


def is_lonlat(x: SpatRaster) -> bool:
    """Whether the CRS has longitude and latitude in degrees.

    Returns
    -------
    bool
        False for a raster without CRS.

    See Also
    --------
    crs : The reference system.
    project : To another one.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=1, ncols=1, crs="EPSG:4326").is_lonlat()
    True
    >>> pt.rast(nrows=1, ncols=1, xmin=0, xmax=1, ymin=0, ymax=1, crs="EPSG:3035").is_lonlat()
    False
    """
    return x._node.grid.is_lonlat


def linear_units(x: SpatRaster) -> float:
    """How many metres the unit of the coordinates is.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    float
        0 for longitude and latitude, NaN for a raster without CRS.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=1, ncols=1, crs="EPSG:2263").linear_units()
    0.30480060960121924
    """
    return unit_in_metres(x._node.grid.crs)


def compare_geom(
    x: SpatRaster,
    y: SpatRaster,
    *,
    lyrs: bool = False,
    crs: bool = True,
    stop_on_error: bool = True,
    tolerance: float = 0.1,
) -> bool:
    """Whether two rasters share extent, rows, columns and CRS.

    Parameters
    ----------
    x, y : SpatRaster
    lyrs : bool
        Compare the number of layers too.
    crs : bool
        Compare the coordinate reference systems.
    stop_on_error : bool
        Raise instead of giving False.
    tolerance : float
        Share of a cell by which extents may differ.

    Returns
    -------
    bool

    Raises
    ------
    GridMismatchError
        Where they differ and `stop_on_error` is set.

    See Also
    --------
    resample : Brings a raster to the grid of another.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> r.compare_geom(r * 10)
    True
    >>> r.compare_geom(r.shift(5), stop_on_error=False)
    False
    """
    a, b = x._node.grid, y._node.grid
    problems = []
    if a.nrow != b.nrow or a.ncol != b.ncol:
        problems.append(f"rows and columns differ: {a.nrow} x {a.ncol} and {b.nrow} x {b.ncol}")
    elif not a.same_cells(b, tolerance):
        problems.append(f"extents differ: {a.extent} and {b.extent}")
    if crs and not same_crs(a.crs, b.crs):
        problems.append("coordinate reference systems differ")
    if lyrs and len(x) != len(y):
        problems.append(f"numbers of layers differ: {len(x)} and {len(y)}")
    if problems and stop_on_error:
        raise GridMismatchError("compare_geom: " + "; ".join(problems))
    return not problems
