"""How the land looks and how much of it there is: hill shading, and the area of its surface."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo, Layer, Neighbourhood
from pyterra.frozen import dataclass
from pyterra.grid import Grid
from pyterra.raster.build import FLOAT64, cells_raster, numbers_of, one_layer, raster, same_grid

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class Shade:
    """How much light falls on sloping ground, for each position of the sun."""

    suns: tuple[tuple[float, float], ...]
    """Heights and directions, in radians."""
    normalize: bool

    def __call__(self, slope: Array, aspect: Array) -> Array:
        steepness, turned = slope[0].astype(np.float64), aspect[0].astype(np.float64)
        flat, steep = np.cos(steepness), np.sin(steepness)
        out = np.empty((len(self.suns), *flat.shape))
        for (height, direction), shade in zip(self.suns, out, strict=True):
            np.cos(direction - turned, out=shade)
            shade *= steep * np.cos(height)
            shade += flat * np.sin(height)
        if self.normalize:
            np.maximum(out, 0.0, out=out)
            out *= 255.0
        return out


def shade(
    slope: SpatRaster,
    aspect: SpatRaster,
    angle: float | ArrayLike = 45,
    direction: float | ArrayLike = 0,
    *,
    normalize: bool = False,
) -> SpatRaster:
    """Hill shading: how much light falls on the ground.

    Parameters
    ----------
    slope, aspect : SpatRaster
        In radians, as of ``terrain(["slope", "aspect"], unit="radians")``; one layer each.
    angle : float or array
        Height of the sun above the horizon, in degrees.
    direction : float or array
        Where the sun stands, in degrees clockwise from north.
    normalize : bool
        Multiply by 255, and set to 0 what lies in its own shadow.

    Returns
    -------
    SpatRaster
        The cosine of the angle between the ground and the sun, below 0 where the ground is turned away; a layer for
        each angle and direction, the shorter ones recycled.

    Raises
    ------
    GridMismatchError
        Where the two have other cells.
    ArgumentError
        For more than one layer, or without an angle or a direction.

    See Also
    --------
    terrain : Computes slope and aspect.
    plot : Draws it, below a map that one can see through.

    References
    ----------
    Horn, B. K. P. (1981). Hill shading and the reflectance map. Proceedings of the IEEE 69, 14-47.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> slope, aspect = pt.rast([[0, np.pi / 4, np.pi / 4]]), pt.rast([[0, 0, np.pi]])
    >>> slope.shade(aspect, angle=45).values(drop=True).round(2)
    array([0.71, 1.  , 0.  ])
    """
    nodes = [one_layer(slope, "shade", "slope"), one_layer(aspect, "shade", "aspect")]
    same_grid(nodes, "shade")
    heights = numbers_of(angle, "shade: angle").ravel()
    directions = numbers_of(direction, "shade: direction").ravel()
    count = max(heights.size, directions.size)
    heights, directions = np.resize(heights, count), np.resize(directions, count)
    names = (
        [f"hs_{a:g}_{d:g}" for a, d in zip(heights, directions, strict=True)] if count > 1 else ["hillshade"]
    )
    suns = tuple(zip(np.deg2rad(heights).tolist(), np.deg2rad(directions).tolist(), strict=True))
    return cells_raster(
        nodes,
        tuple(Layer(name) for name in names),
        FLOAT64,
        Shade(suns, bool(normalize)),
        layerwise=False,
        temporaries=8.0 * count + 48.0,
    )


@dataclass(frozen=True)
class SurfaceArea(Neighbourhood):
    """Area of the ground within cells."""

    size: tuple[float, float]

    def __call__(self, padded: Array) -> Array:
        out: Array = kernels.terrain.surface_area(padded[0], *self.size)
        return out[None]

    def on(self, grid: Grid) -> SurfaceArea:
        """The same of a coarser grid."""
        return replace(self, size=(grid.xres, grid.yres))


def surf_area(x: SpatRaster) -> SpatRaster:
    """Area of the surface of the land, larger than that of the map where it slopes.

    Parameters
    ----------
    x : SpatRaster
        Heights, one layer, in the units of the CRS, which must not be lon/lat.

    Returns
    -------
    SpatRaster
        Area of the ground within each cell, in squared units of the CRS.

    Raises
    ------
    ArgumentError
        For more than one layer, or a lon/lat raster.

    See Also
    --------
    cell_size : Gives the area on the map.
    terrain : Computes slope and other characteristics.

    Notes
    -----
    The ground is eight triangles between a cell and its neighbours, of which a quarter each lies within the cell.
    Neighbours that are missing, or lie off the raster, are as high as the cell, or as the one at the edge.

    References
    ----------
    Jenness, J. S. (2004). Calculating landscape surface area from digital elevation models. Wildlife Society Bulletin
    32, 829-839.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2, 3], [1, 2, 3], [1, 2, 3]], crs="EPSG:3035")
    >>> float(r.surf_area()[1, 1].round(4)[0])
    1.4142
    """
    node = one_layer(x, "surf_area")
    if node.grid.is_lonlat:
        raise ArgumentError("surf_area: the CRS must be planar, got lon/lat; project() first")
    return raster(
        Halo(
            grid=node.grid,
            layers=(node.layers[0].number(),),
            dtype=FLOAT64,
            argument=node,
            rows=1,
            cols=1,
            kernel=SurfaceArea((node.grid.xres, node.grid.yres)),
            fill="edge",
            layerwise=False,
        )
    )
