"""Neighbourhoods of one ring: terrain indices and the boundaries of areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo, Init, Layer, Neighbourhood, Positional, join
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import distance, widths_of_cells
from pyterra.raster.build import FLOAT32, FLOAT64, exact_dtype, node_of, one_layer, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

INDICES = ("slope", "aspect", "TPI", "TRI", "TRIriley", "TRIrmsd", "roughness", "flowdir")


@dataclass(frozen=True)
class Terrain(Neighbourhood):
    """Terrain indices of one layer; on lon/lat grids a second layer holds the width of the cells."""

    doubles: ClassVar[bool] = True
    names: tuple[str, ...]
    size: tuple[float, float]
    """Distances between the centres of two columns and of two rows."""
    neighbors: int
    degrees: bool
    dtype: np.dtype[Any]

    def __call__(self, padded: Array) -> Array:
        widths: Any = self.size[0] if len(padded) == 1 else padded[1, 1:-1, 1]
        out: Array = kernels.terrain.terrain(
            padded[0],
            self.names,
            widths,
            self.size[1],
            neighbors=self.neighbors,
            degrees=self.degrees,
            out_dtype=self.dtype,
        )
        return out

    def on(self, grid: Grid) -> Terrain:
        """The same indices of a coarser grid."""
        return replace(self, size=_size(grid))


def _size(grid: Grid) -> tuple[float, float]:
    """Distances between neighbouring centres; on lon/lat grids those at the equator."""
    if not grid.is_lonlat:
        return grid.xres, grid.yres
    return distance(grid.crs, 0.0, 0.0, grid.xres, 0.0), distance(grid.crs, 0.0, 0.0, 0.0, grid.yres)


@lru_cache(maxsize=64)
def _widths(grid: Grid) -> Array:
    return widths_of_cells(grid)


@dataclass(frozen=True)
class RowWidths(Positional):
    """Width of the cells of each row, on all of its cells."""

    def __call__(self, grid: Grid, window: Window) -> Array:
        rows = _widths(grid)[window.row : window.row_stop]
        return np.broadcast_to(rows[:, None], (1, window.nrow, window.ncol)).copy()


def terrain(
    x: SpatRaster,
    v: str | Sequence[str] = "slope",
    neighbors: Literal[8, 4] = 8,
    unit: Literal["degrees", "radians"] = "degrees",
) -> SpatRaster:
    """Slope, aspect and other characteristics of terrain.

    Parameters
    ----------
    x : SpatRaster
        One layer of heights: in map units, or in metres where the CRS is lon/lat.
    v : str or sequence of str
        ``slope``; ``aspect``, where the ground falls, clockwise from north; ``TPI``, the height above the mean of the
        8 neighbours; ``TRI``, the mean of the absolute differences from them, ``TRIriley``, the root of the sum of
        their squares, ``TRIrmsd``, the root of their mean; ``roughness``, the range of the 9 cells; ``flowdir``, the
        direction of the steepest fall (or the smallest rise): 1, 2, 4 ... 128 clockwise from the east.
    neighbors : {8, 4}
        Slope and aspect after Horn (1981), or after Fleming and Hoffer (1979).
    unit : {"degrees", "radians"}
        Of slope and aspect.

    Returns
    -------
    SpatRaster
        A layer per index, of that name.

    Raises
    ------
    ArgumentError
        Where `x` has several layers, or an index is not known.

    See Also
    --------
    focal : Applies any statistic of the surroundings.

    Notes
    -----
    Cells at the edge, and beside missing cells, are missing; slope and aspect do not look at the cell itself.
    ``flowdir`` looks at the neighbours there are; of equal falls it takes the first, clockwise from the east, and it is 0
    where no neighbour is lower. Level ground has aspect 90. On lon/lat grids distances are geodesic; that between two
    rows is taken at the equator, as in terra.

    References
    ----------
    Horn, B. K. P. (1981). Hill shading and the reflectance map. Proceedings of the IEEE 69, 14-47.
    Fleming, M. D. and Hoffer, R. M. (1979). Machine processing of Landsat MSS data and DMA topographic data for forest
    cover type mapping. LARS Technical Report 062879, Purdue University.
    Riley, S. J., DeGloria, S. D. and Elliot, R. (1999). A terrain ruggedness index that quantifies topographic
    heterogeneity. Intermountain Journal of Sciences 5, 23-27.
    Wilson, M. F. J. et al. (2007). Multiscale terrain analysis of multibeam bathymetry data for habitat mapping on the
    continental slope. Marine Geodesy 30, 3-35.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3], [1, 2, 3], [1, 2, 3]])
    >>> r.terrain(["slope", "aspect"])[1, 1].tolist()
    [45.0, 270.0]
    """
    node = one_layer(x, "terrain")
    names = [choice(name, INDICES, "terrain: v") for name in ([v] if isinstance(v, str) else v)]
    if not names:
        raise ArgumentError("terrain: v must name at least one index, got none")
    unit = choice(unit, ("degrees", "radians"), "terrain: unit")
    if neighbors not in (8, 4):
        raise ArgumentError(f"terrain: neighbors must be 8 or 4, got {neighbors!r}")
    dtype, argument = FLOAT32 if set(names) == {"flowdir"} else FLOAT64, node
    if node.grid.is_lonlat:
        width = Init(grid=node.grid, layers=(Layer("width"),), dtype=FLOAT64, kernel=RowWidths())
        argument = join([node, width])
    return raster(
        Halo(
            grid=node.grid,
            layers=tuple(
                replace(node.layers[0].as_kind("int" if name == "flowdir" else "num"), name=name)
                for name in names
            ),
            dtype=dtype,
            argument=argument,
            rows=1,
            cols=1,
            kernel=Terrain(tuple(names), _size(node.grid), neighbors, unit == "degrees", dtype),
            layerwise=False,
            temporaries=8.0,
        )
    )


@dataclass(frozen=True)
class Boundaries(Neighbourhood):
    """Edges of areas."""

    classes: bool
    inner: bool
    directions: int
    falseval: float
    ignore_na: bool
    dtype: np.dtype[Any]

    def __call__(self, padded: Array) -> Array:
        out: Array = kernels.terrain.boundaries(
            padded,
            classes=self.classes,
            inner=self.inner,
            directions=self.directions,
            falseval=self.falseval,
            ignore_na=self.ignore_na,
            out_dtype=self.dtype,
        )
        return out


def boundaries(
    x: SpatRaster,
    *,
    classes: bool = False,
    inner: bool = True,
    directions: Literal[8, 4] = 8,
    falseval: float | None = 0,
    ignore_na: bool = False,
) -> SpatRaster:
    """Cells at the edge of an area.

    Parameters
    ----------
    x : SpatRaster
    classes : bool
        Look for edges between different values (rounded), and between values and missing cells; else for those
        between values and missing cells alone.
    inner : bool
        Mark the cells with values at an edge; else the missing cells at it, and with `classes` both.
    directions : {8, 4}
        Which neighbours count: the queen's or the rook's.
    falseval : float or None
        Value of cells that are not at an edge; None makes them missing.
    ignore_na : bool
        With `classes`: mark edges between values alone, whatever `inner`.

    Returns
    -------
    SpatRaster
        1 at an edge, `falseval` elsewhere; missing cells away from edges stay missing. The edge of the raster is none.

    See Also
    --------
    patches : Numbers connected cells.

    Notes
    -----
    terra looks at the first layer alone; here every layer is looked at.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 1, 2, 2]])
    >>> r.boundaries(classes=True).values(drop=True)
    array([0., 1., 1., 0.])
    """
    from pyterra.raster.math import round as rounded

    if directions not in (8, 4):
        raise ArgumentError(f"boundaries: directions must be 8 or 4, got {directions!r}")
    node = node_of(x, "boundaries")
    value = float("nan") if falseval is None else float(falseval)
    dtype = exact_dtype([value], FLOAT32)
    return raster(
        Halo(
            grid=node.grid,
            layers=tuple(layer.number() for layer in node.layers),
            dtype=dtype,
            argument=node_of(rounded(x), "boundaries") if classes else node,
            rows=1,
            cols=1,
            kernel=Boundaries(classes, inner, directions, value, ignore_na, dtype),
            fill="edge",
        )
    )
