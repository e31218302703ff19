"""resample and project: values on another grid, of the same or another CRS."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Layer, Node, Regrid
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs, same_crs
from pyterra.raster._geolocated import grid_of
from pyterra.raster._project import Project
from pyterra.raster._resample import AREA, SAMPLING, Resample
from pyterra.raster.build import FLOAT64, cell_size, is_raster, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import CRSLike

Method = Literal[
    "near", "bilinear", "cubic", "cubicspline", "lanczos",
    "average", "sum", "min", "max", "mode", "med", "q1", "q3", "rms",
]  # fmt: skip
CHOOSING = ("near", "min", "max", "mode", "med", "q1", "q3")
"""Methods that give values that occur; the others compute."""
_ALIASES = {"median": "med", "modal": "mode", "mean": "average", "nearest": "near", "ngb": "near"}


def _method(x: Node, method: str | None, verb: str) -> str:
    if method is None:
        return "near" if x.layers[0].kind == "factor" else "bilinear"
    return choice(_ALIASES.get(method, method), (*SAMPLING, *AREA), f"{verb}: method")


def _result_layers(node: Node, method: str) -> tuple[tuple[Layer, ...], np.dtype[Any]]:
    same_values = method in CHOOSING
    layers = []
    for la in node.layers:
        if same_values:
            layers.append(replace(la, range=None))
        elif la.kind == "factor":
            layers.append(replace(la, range=None, storage=None))
        else:
            layers.append(replace(la.number(), unit=la.unit))
    return tuple(layers), node.dtype if same_values else FLOAT64


def resample(x: SpatRaster, y: SpatRaster, method: Method | None = None) -> SpatRaster:
    """Values on the grid of another raster with the same CRS.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster
        Gives the grid; its values are not used.
    method : str, optional
        ``near bilinear cubic cubicspline lanczos`` sample at cell centres (widened when the new cells are larger);
        ``average sum min max mode med q1 q3 rms`` take all cells that a new cell overlaps; average, sum and rms are
        weighted by the overlapping area. By default near for factors, else bilinear.

    Returns
    -------
    SpatRaster
        Names of `x`; missing outside.

    Raises
    ------
    CRSMismatchError
        Where both have a CRS and the two differ; use `project`.

    See Also
    --------
    project : Takes values to another CRS.
    aggregate, disagg : Make cells larger or smaller by a whole number.

    References
    ----------
    Keys, R. G. (1981). Cubic convolution interpolation for digital image processing. IEEE Transactions on Acoustics,
    Speech, and Signal Processing 29, 1153-1160.
    Duchon, C. E. (1979). Lanczos filtering in one and two dimensions. Journal of Applied Meteorology 18, 1016-1022.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 3], [5, 7]])
    >>> coarse = pt.rast(nrows=1, ncols=1, xmin=0, xmax=2, ymin=0, ymax=2, crs="")
    >>> r.resample(coarse, "average").values(drop=True).tolist()
    [4.0]
    """
    from pyterra.grid.grid import common_crs

    if not is_raster(y):
        raise ArgumentError(
            f"resample: y must be a SpatRaster, got {type(y).__name__}; make a grid with rast()"
        )
    node = x._node
    target = y._node.grid.with_crs(common_crs(node.grid.crs, y._node.grid.crs, "resample"))
    node.grid.check_places(target, "resample")
    chosen = _method(node, method, "resample")
    if not node.has_values:
        return raster(replace(node, grid=target))
    layers, dtype = _result_layers(node, chosen)
    how = Resample(node.grid, target, chosen)
    return raster(Regrid(grid=target, layers=layers, dtype=dtype, arguments=(node, node), method=how))


def project(
    x: SpatRaster,
    y: SpatRaster | CRSLike,
    method: Method | None = None,
    *,
    res: float | Sequence[float] | None = None,
    origin: tuple[float, float] | None = None,
    align_only: bool = False,
    mask: bool = False,
) -> SpatRaster:
    """Values in another CRS.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, str, int or CRS
        A raster gives the grid; a CRS alone gets a grid of about as many square cells, as GDAL picks it.
    method : str, optional
        As in `resample`.
    res : float or (float, float), optional
        Cell size in the new CRS, when `y` is a CRS.
    origin : (float, float), optional
        A point that is a corner of cells, when `y` is a CRS.
    align_only : bool
        With a raster `y`: keep its cell size and origin, but cover the extent of `x`.
    mask : bool
        Leave cells missing whose centre lies outside `x` (they are in any case with sampling methods).

    Returns
    -------
    SpatRaster
        Names of `x`; missing outside.

    Raises
    ------
    ArgumentError
        Where `x` has no CRS.

    See Also
    --------
    resample : Takes values to another grid of the same CRS.
    crs : Says or sets what the CRS is, without moving a cell.

    Notes
    -----
    Positions are transformed exactly on a lattice of 16 cells and interpolated between where that is good to 1e-4
    cells, else cell by cell.

    Where arrays of coordinates place the cells (see `geoloc`), both arrays must fit in half of the memory: a place is
    looked for in all of them, and lies in the cell that bilinear interpolation of the values around it says.

    Examples
    --------
    >>> import pyterra as pt
    >>> world = pt.rast(nrows=2, ncols=4, vals=range(8))
    >>> africa = pt.rast(nrows=1, ncols=1, xmin=1e6, xmax=2e6, ymin=1e6, ymax=2e6, crs="EPSG:3857")
    >>> world.project(africa, "near").values(drop=True).tolist()
    [2.0]
    """
    node = x._node
    if not node.grid.crs:
        raise ArgumentError("project: the raster must have a CRS; set .crs first")
    target = _target(node.grid, y, res, origin, align_only)
    chosen = _method(node, method, "project")
    if not node.has_values:
        return raster(replace(node, grid=target))
    layers, dtype = _result_layers(node, chosen)
    kind = Resample if same_crs(node.grid.crs, target.crs) else Project.of
    how = kind(node.grid, target, chosen)
    return raster(Regrid(grid=target, layers=layers, dtype=dtype, arguments=(node, node), method=how))


def _suggested(source: Grid, wkt: str) -> Grid:
    """A grid in another CRS for what lies on a grid, or where arrays say."""
    from pyterra.io.raster.warp_grid import default_grid

    return default_grid(source, wkt) if source.geolocation is None else grid_of(source.geolocation, wkt)


def _target(source: Grid, y: Any, res: Any, origin: Any, align_only: bool) -> Grid:
    if is_raster(y):
        if res is not None or origin is not None:
            raise ArgumentError("project: res and origin go with a CRS, not with a raster")
        grid: Grid = y._node.grid
        if not grid.crs:
            raise ArgumentError("project: the raster that gives the grid must have a CRS; set its .crs first")
        if not align_only:
            return grid
        return grid.subgrid(grid.window_of(_suggested(source, grid.crs).extent, "out"))
    wkt = parse_crs(y)
    if not wkt:
        raise ArgumentError("project: y must be a raster or a CRS such as 'EPSG:3035'")
    grid = _suggested(source, wkt)
    if res is not None:
        grid = Grid.from_resolution(grid.extent, *cell_size(res, "project: res"), crs=wkt)
    return grid if origin is None else _anchored(grid, origin)


def _anchored(grid: Grid, origin: Any) -> Grid:
    """As many cells, moved to the nearest place at which a point is a corner of cells."""
    given = np.ravel(np.asarray(origin, np.float64))
    if given.size != 2 or not np.isfinite(given).all():
        raise ArgumentError(f"project: origin must be two numbers (x, y), got {origin!r}")
    e = grid.extent
    dx = math.remainder(given[0] - e.xmin, grid.xres)
    dy = math.remainder(given[1] - e.ymin, grid.yres)
    return replace(grid, extent=e.shift(dx, dy))
