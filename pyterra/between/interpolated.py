"""interp_idw and interp_near: values between points, from those that lie around a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.between.around import PAIR_BYTES, PointsAround, points_with_values, window_of
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Init, Layer, Positional
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import FLOAT64, geometry_of, number, numbers_of, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")
HERE = 1e-7
"""Part of the radius within which a point lies at the centre of a cell."""


@dataclass(frozen=True, eq=False)
class Weighted(Positional):
    """Means of the points around, weighted by the inverse of a power of their distances."""

    points: PointsAround
    values: NDArray[np.float64]
    power: float
    smooth: float
    least: int
    """Points that a cell must see."""
    most: float
    """Points that count at most."""
    near: bool
    """Whether those are the nearest, or the first."""
    fill: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full(window.cells, self.fill)
        nearest = self.near and self.most < len(self.values)
        found = (
            self.points.nearest(grid, window, int(self.most)) if nearest else self.points.all(grid, window)
        )
        for cells, starts, point, square in found:
            counts = np.diff(np.append(starts, point.size))
            if self.most < len(self.values) and not self.near:
                kept = np.arange(point.size) - np.repeat(starts, counts) < self.most
                point, square = point[kept], square[kept]
                counts = np.minimum(counts, int(self.most))
            some = np.flatnonzero(counts)
            if some.size:
                means = self._means(self.values[point], square, counts[some])
                out[cells][some] = np.where(counts[some] >= self.least, means, self.fill)
        return out.reshape(1, window.nrow, window.ncol)

    def _means(self, values: Array, square: Array, counts: Array) -> Array:
        """Means of groups of values, one after the other, none empty."""
        starts = np.cumsum(counts) - counts
        square = square + self.smooth**2
        with np.errstate(divide="ignore"):
            weights = 1 / square if self.power == 2 else square ** (-self.power / 2)
        here = square <= (HERE * self.points.around.a) ** 2
        if here.any():
            alone = np.repeat(np.logical_or.reduceat(here, starts), counts)
            weights = np.where(alone, here, weights)
        first = values[starts]  # sums of what is beyond the first value, so that equal ones give themselves
        beyond = np.add.reduceat(weights * (values - np.repeat(first, counts)), starts)
        means: Array = first + beyond / np.add.reduceat(weights, starts)
        return means


@dataclass(frozen=True, eq=False)
class Nearest(Positional):
    """The value of the nearest point, or what is linear between the points around."""

    points: PointsAround
    values: NDArray[np.float64]
    fill: float
    linear: bool
    _known: list[tuple[NDArray[np.float64], NDArray[np.int64]]] = field(default_factory=list, repr=False)
    """Corners of triangles, and the points that they are, once they were asked for."""

    def __reduce__(self) -> tuple[Any, ...]:
        return Nearest, (self.points, self.values, self.fill, self.linear)

    def __call__(self, grid: Grid, window: Window) -> Array:
        out = np.full(window.cells, self.fill)
        done = np.zeros(window.cells, np.bool_)
        if self.linear:
            corners, at = self._triangles()
            _, xs, ys = self.points.near(grid, window)
            res = np.array([grid.xres, grid.yres])
            kernels.around.planes(corners, self.values[at], xs, ys, res, out, done)
        for cells, starts, point, _ in self.points.nearest(grid, window, 1, ~done):
            some = np.diff(np.append(starts, point.size)) > 0
            out[cells][some] = self.values[point]
        return out.reshape(1, window.nrow, window.ncol)

    def _triangles(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        if not self._known:
            self._known.append(triangles(self.points.xy))
        return self._known[0]


def triangles(xy: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """The triangles of Delaunay: corners of shape (triangle, 6), and the points that they are, the last at a place."""
    import shapely

    place, first = np.unique(xy[::-1, 0] + 1j * xy[::-1, 1], return_index=True)
    found = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(xy)))
    corners = shapely.get_coordinates(found).reshape(-1, 4, 2)[:, :3].reshape(-1, 6)
    at = np.searchsorted(place, corners[:, ::2] + 1j * corners[:, 1::2])
    return np.ascontiguousarray(corners), len(xy) - 1 - first[at]


def interp_idw(
    x: SpatRaster,
    y: Any,
    field: str | Sequence[float] | None = None,
    *,
    radius: float | Sequence[float],
    power: float = 2,
    smooth: float = 0,
    max_points: float | None = None,
    min_points: int = 1,
    near: bool = True,
    fill: float = NAN,
) -> SpatRaster:
    """Values between points: means of those around each cell, weighted by the inverse of their distance.

    Parameters
    ----------
    x : SpatRaster
        The grid.
    y : SpatVector of points, anything that `vect` takes, or array of shape (n, 3)
        The points; or the columns x, y and value.
    field : str or sequence of numbers, optional
        Column of `y` with the values, or the values themselves.
    radius : float, or two or three numbers
        How far a cell looks, in units of the coordinates: a radius; or the half axes of an ellipse along x and y; and how
        far it is turned counter-clockwise, in degrees.
    power : float
        Power of the distance by which points weigh less.
    smooth : float
        A distance that is added, as the other leg of a right angle, to all.
    max_points : int, optional
        How many points count at most; all by default.
    min_points : int
        A cell that sees fewer points gets `fill`.
    near : bool
        Whether the nearest count where there are more than `max_points`, or the first.
    fill : float
        Value of cells that see no points.

    Returns
    -------
    SpatRaster
        A layer named after `field`, or ``lyr.1``.

    Raises
    ------
    ArgumentError
        For arguments that make no sense, or anything but points.
    LayerError
        Where a column does not exist.
    CRSMismatchError
        Where the two have different reference systems.

    See Also
    --------
    interp_near : The value of the nearest point.
    SpatVector.rasterize_win : Any statistic of the points around a cell.
    interpolate : Values of a model.

    Notes
    -----
    The value is ``sum(z / q) / sum(1 / q)`` with ``q = (d^2 + smooth^2)^(power / 2)``, of the values `z` of points in
    the distances `d`. A cell whose centre holds points gets their mean. Distances are those of the plane, in degrees on
    lon/lat. Points without a value are left out.

    References
    ----------
    Shepard, D. (1968). A two-dimensional interpolation function for irregularly-spaced data. Proceedings of the 23rd ACM
    National Conference, 517-524.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=4, ymin=0, ymax=1, crs="")
    >>> r.interp_idw([[0.5, 0.5, 10], [2.5, 0.5, 20]], radius=2).values(drop=True)
    array([10., 15., 20., 20.])
    """
    power, smooth, fill = (
        number(value, f"interp_idw: {what}")
        for value, what in ((power, "power"), (smooth, "smooth"), (fill, "fill"))
    )
    most = np.inf if max_points is None else number(max_points, "interp_idw: max_points")
    if not (most >= 1 and min_points <= most):
        raise ArgumentError(
            f"interp_idw: max_points must be at least 1 and min_points, got {max_points} and {min_points}"
        )
    points, values, layer = _points(x, y, field, radius, "interp_idw")
    kernel = Weighted(points, values, power, smooth, min_points, most, near, fill)
    return _interpolated(x, layer, kernel)


def interp_near(
    x: SpatRaster,
    y: Any,
    field: str | Sequence[float] | None = None,
    *,
    radius: float | Sequence[float],
    interpolate: bool = False,
    fill: float = NAN,
) -> SpatRaster:
    """Values of the nearest points, or what is linear between the points around.

    Parameters
    ----------
    x : SpatRaster
        The grid.
    y : SpatVector of points, anything that `vect` takes, or array of shape (n, 3)
        The points; or the columns x, y and value.
    field : str or sequence of numbers, optional
        Column of `y` with the values, or the values themselves.
    radius : float, or two or three numbers
        How far a cell looks, in units of the coordinates: a radius; or the half axes of an ellipse along x and y; and how
        far it is turned counter-clockwise, in degrees.
    interpolate : bool
        Whether cells in a triangle of points get what is linear between its corners, whatever the radius.
    fill : float
        Value of cells that see no points.

    Returns
    -------
    SpatRaster
        A layer named after `field`, or ``lyr.1``.

    Raises
    ------
    ArgumentError
        For arguments that make no sense, or anything but points.
    LayerError
        Where a column does not exist.
    CRSMismatchError
        Where the two have different reference systems.

    See Also
    --------
    interp_idw : Means weighted by distance.
    SpatVector.rasterize_win : Any statistic of the points around a cell.
    distance : How far the nearest is.

    Notes
    -----
    Of points equally near, and of points at the same place, the last counts. Distances are those of the plane, in degrees
    on lon/lat. Points without a value are left out. The triangles are those of Delaunay.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=4, ymin=0, ymax=1, crs="")
    >>> r.interp_near([[0.5, 0.5, 10], [3.2, 0.5, 20]], radius=0.8).values(drop=True)
    array([10., nan, 20., 20.])
    """
    fill = number(fill, "interp_near: fill")
    points, values, layer = _points(x, y, field, radius, "interp_near")
    return _interpolated(x, layer, Nearest(points, values, fill, interpolate))


def _points(
    x: SpatRaster, y: Any, field: Any, radius: Any, verb: str
) -> tuple[PointsAround, NDArray[np.float64], Layer]:
    """The points that have a value and the window, their values, and the layer that comes of them."""
    single = numbers_of(radius, f"{verb}: radius").size == 1
    around = window_of("circle" if single else "ellipse", radius, f"{verb}: radius")
    xy, values, names = points_with_values(y, field, geometry_of(x, verb).grid, verb, "y")
    if len(names) != 1:
        raise ArgumentError(
            f"{verb}: there must be one column of values, got {len(names)}; ask for one after the other"
        )
    known = ~np.isnan(values[:, 0])
    return PointsAround(xy[known], around), values[known, 0], Layer(names[0] or "lyr.1")


def _interpolated(x: SpatRaster, layer: Layer, kernel: Positional) -> SpatRaster:
    return raster(
        Init(grid=x._node.grid, layers=(layer,), dtype=FLOAT64, kernel=kernel, temporaries=PAIR_BYTES)
    )
