"""Distances and areas on the ellipsoid, for grids in degrees and, cell by cell, for all others."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyterra.grid.crs import to_pyproj, way
from pyterra.grid.grid import Grid

SLACK = 1.0102
"""How much farther on the sphere what is nearest on the ellipsoid can be: radii of curvature of WGS 84 go from 6335.4 to
6399.6 km, which is from 0.9932 to 1.0034 of the radius of the sphere; their quotient is the most."""


@lru_cache(maxsize=64)
def ellipsoid(crs: str) -> Any:
    """The `pyproj.Geod` of a CRS; WGS 84 where it has none."""
    from pyproj import Geod

    found = to_pyproj(crs).get_geod() if crs else None
    return found or Geod(ellps="WGS84")


def distance(crs: str, x1: ArrayLike, y1: ArrayLike, x2: ArrayLike, y2: ArrayLike) -> Any:
    """Geodesic distance in metres between points in degrees (broadcast)."""
    points = np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (x1, y1, x2, y2)))
    found = ellipsoid(crs).inv(*(np.ravel(v) for v in points))[2]
    return float(found[0]) if points[0].ndim == 0 else np.asarray(found).reshape(points[0].shape)


def widths_of_cells(grid: Grid) -> NDArray[np.float64]:
    """Half the distance between the neighbours of a cell to the left and right, for each row of a grid in degrees."""
    y = grid.y_from_row(np.arange(grid.nrow))
    return np.asarray(distance(grid.crs, -grid.xres, y, grid.xres, y)) / 2


def areas_of_rows(grid: Grid, first: int, count: int) -> NDArray[np.float64]:
    """Area in square metres of a cell of each of `count` rows of a grid in degrees; edges are geodesics."""
    edges = grid.extent.ymax - np.arange(first, first + count + 1) * grid.yres
    edges = np.clip(edges, -90.0, 90.0)
    geod, width = ellipsoid(grid.crs), grid.xres
    parts = 1 if width < 180 else int(np.ceil(width / 90))  # an edge of 180 degrees may run over the pole
    step = width / parts
    found = [
        abs(geod.polygon_area_perimeter([0.0, step, step, 0.0], [low, low, high, high])[0])
        for high, low in pairwise(edges)
    ]
    return np.array(found) * parts


def areas_of_cells(grid: Grid, rows: NDArray[np.int64], cols: NDArray[np.int64]) -> NDArray[np.float64]:
    """Area on the ellipsoid, in square metres, of cells of a planar grid, shape (row, col).

    The four corners are brought to longitude and latitude and joined by great circles on the sphere that has the
    ellipsoid's area (latitudes become authalic ones). Rows and columns may lie outside the grid; NaN where the
    projection has no place for them.
    """
    top, left = _edges(grid.extent.ymax, -grid.yres, rows), _edges(grid.extent.xmin, grid.xres, cols)
    transformer, geod = _to_degrees(grid.crs), ellipsoid(grid.crs)
    x, y = np.broadcast_arrays(left.ravel()[None, :], top.ravel()[:, None])
    lon, lat = transformer.transform(x.ravel(), y.ravel())
    bad = ~(np.isfinite(lon) & np.isfinite(lat))
    lon, lat = (np.radians(np.where(bad, np.nan, v)).reshape(x.shape) for v in (lon, lat))
    half = np.tan(_authalic(lat, geod.es) / 2)
    corners = [(i, j) for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))]
    lons, halves = ([v[i::2, j::2] for i, j in corners] for v in (lon, half))
    total = np.zeros(lons[0].shape)
    for k in range(4):
        n = (k + 1) % 4
        turn = lons[n] - lons[k]
        turn = np.tan((turn - 2 * np.pi * np.rint(turn / (2 * np.pi))) / 2)
        total += 2 * np.arctan2(turn * (halves[k] + halves[n]), 1 + halves[k] * halves[n])
    return np.asarray(np.abs(total) * geod.a**2 * _full_q(geod.es) / 2)


def _edges(start: float, step: float, index: NDArray[np.int64]) -> NDArray[np.float64]:
    """Both edges of rows or columns, shape (n, 2)."""
    return np.asarray(start + np.stack([index, index + 1], axis=1) * step)


@lru_cache(maxsize=64)
def _to_degrees(crs: str) -> Any:
    source = to_pyproj(crs)
    return way(source, None)


def _q(sine: Any, es: float) -> Any:
    if es < 1e-12:
        return 2 * sine
    e = np.sqrt(es)
    return (1 - es) * (sine / (1 - es * sine**2) + np.arctanh(e * sine) / e)


def _full_q(es: float) -> float:
    return float(_q(1.0, es))


def _authalic(lat: NDArray[np.float64], es: float) -> NDArray[np.float64]:
    """Latitudes on the sphere of the ellipsoid's area."""
    return np.asarray(np.arcsin(np.clip(_q(np.sin(lat), es) / _full_q(es), -1.0, 1.0)))


def rows_by_area(grid: Grid, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (with fractions) of a grid in degrees, such that a part of a row stands for as great a part of its area."""
    es = ellipsoid(grid.crs).es
    row = np.floor(rows)

    def q(at: NDArray[np.float64]) -> Any:
        return _q(np.sin(np.radians(np.clip(grid.extent.ymax - at * grid.yres, -90.0, 90.0))), es)

    top, bottom = q(row), q(row + 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(top > bottom, (top - q(rows)) / (top - bottom), rows - row)
    return np.asarray(row + part)
