"""direction: where the nearest cell with a value lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.expr import Array, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT64, cells_raster, node_of, raster
from pyterra.raster.distance import NAN, ROWS_AT_ONCE, PlanarDistance, SphereDistance
from pyterra.run.driver import go_on

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class PlanarDirection(PlanarDistance):
    """Directions on the plane, in degrees clockwise from the north."""

    back: bool = False
    """From the nearest cell rather than to it."""

    temporaries: float = 48.0

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Directions of one strip."""
        above, below = state[window.row]
        role, out = self._roles(block), np.empty(block.shape)
        for k, found in enumerate(out):
            part = slice(k, k + 1)
            down, right = kernels.distance.planar_steps(
                role[part], window.row, above[part], below[part], *self.res
            )
            np.arctan2(right[0] * self.res[0], -down[0] * self.res[1], out=found)
            np.rad2deg(found, out=found)
            found += 180.0 if self.back else 0.0
            np.mod(found, 360.0, out=found)
        return out


@dataclass(frozen=True)
class SphereDirection(SphereDistance):
    """Directions on the earth, in degrees clockwise from the north."""

    back: bool = False
    """From the nearest cell rather than to it."""

    temporaries: float = 96.0

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Directions of one strip."""
        role = kernels.distance.roles(block, self.target, self.exclude)
        lat = np.deg2rad(self.grid.y_from_row(np.arange(self.grid.nrow)))
        out = np.empty(role.shape)
        for layer, runs, found in zip(role, state, out, strict=True):
            for row in range(0, window.nrow, ROWS_AT_ONCE):
                go_on()
                rows = slice(row, row + ROWS_AT_ONCE)
                there = kernels.distance.spherical_sources(
                    layer[rows], window.row + row, *runs, lat, float(np.deg2rad(self.grid.xres))
                )
                found[rows] = self._directions(window.row + row, there)
        return out

    def _directions(self, row: int, there: Array) -> Array:
        """Directions of the cells of some rows, from the rows and columns of their sources."""
        shape = there.shape[1:]
        here = np.mgrid[row : row + shape[0], : shape[1]].astype(np.float64)
        ends = [self._places(*here), self._places(*there)]
        start, stop = ends[::-1] if self.back else ends
        if not self.geodesic:
            return _great_circle(*start, *stop)
        import pyproj

        (lon, lat), (to_lon, to_lat) = start, stop
        found = pyproj.Geod(ellps="WGS84").inv(lon, lat, to_lon, to_lat)[0]
        return np.mod(np.where(np.isnan(there[0]), np.nan, found), 360.0)

    def _places(self, row: Array, col: Array) -> tuple[Array, Array]:
        """Longitudes and latitudes of cells."""
        extent, grid = self.grid.extent, self.grid
        return extent.xmin + (col + 0.5) * grid.xres, extent.ymax - (row + 0.5) * grid.yres


def _great_circle(lon: Array, lat: Array, to_lon: Array, to_lat: Array) -> Array:
    """Direction in which a great circle begins, in degrees."""
    a, b, turn = np.deg2rad(lat), np.deg2rad(to_lat), np.deg2rad(to_lon - lon)
    north = np.cos(a) * np.sin(b) - np.sin(a) * np.cos(b) * np.cos(turn)
    return np.mod(np.rad2deg(np.arctan2(np.sin(turn) * np.cos(b), north)), 360.0)


@dataclass(frozen=True)
class Radians:
    """Degrees as radians."""

    def __call__(self, block: Array) -> Array:
        return np.deg2rad(block.astype(np.float64))


def direction(
    x: SpatRaster,
    *,
    from_: bool = False,
    degrees: bool = False,
    method: Literal["cosine", "geo"] = "cosine",
) -> SpatRaster:
    """Direction to the nearest cell that is not missing.

    Parameters
    ----------
    x : SpatRaster
    from_ : bool
        From the nearest cell, rather than to it.
    degrees : bool
        In degrees, rather than radians.
    method : {"cosine", "geo"}
        On lon/lat: along a great circle of a sphere, or along a geodesic of the WGS84 ellipsoid.

    Returns
    -------
    SpatRaster
        Clockwise from the north, from 0 to 360 degrees; missing for cells that have a value, and where no cell has one.

    Raises
    ------
    ArgumentError
        For another method.

    See Also
    --------
    distance : Gives how far it is.

    Notes
    -----
    Of cells equally near one is taken, always the same. Which one is the nearest is looked for on a sphere.

    References
    ----------
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast([[np.nan, np.nan], [np.nan, 1]])
    >>> r.direction(degrees=True).to_numpy()[0].tolist()
    [[135.0, 180.0], [90.0, nan]]
    """
    node = node_of(x, "direction")
    method = choice(method, ("cosine", "geo"), "direction: method")
    grid: Grid = node.grid
    sweep: Any = (
        SphereDirection(NAN, NAN, grid, 1.0, np.inf, back=bool(from_), geodesic=method == "geo")
        if grid.is_lonlat
        else PlanarDirection(NAN, NAN, (grid.xres, grid.yres), 1.0, np.inf, back=bool(from_))
    )
    layers = tuple(layer.number() for layer in node.layers)
    found = Sweep(grid=grid, layers=layers, dtype=FLOAT64, argument=node, method=sweep)
    if degrees:
        return raster(found)
    return cells_raster([found], layers, FLOAT64, Radians())
