"""distance: how far it is to the nearest cell or geometry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.between.geoms import geoms_on, vector_of
from pyterra.between.rasterize import rasterize as burn
from pyterra.between.shapes import RULES, Shapes, shapes_of
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Init, Layer, Node, Positional
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import SLACK
from pyterra.raster.build import FLOAT64, node_of, number, raster
from pyterra.raster.distance import NAN, Unit, factor_of, scaled, shortest, to_cells
from pyterra.run.driver import go_on
from pyterra.vector.geodesic import MORE, in_pieces, to_edges

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Places


@dataclass(frozen=True, eq=False)
class PlanarGeometries(Positional):
    """Distance to the nearest of some geometries, by position."""

    geoms: NDArray[Any]
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        import shapely

        x = grid.x_from_col(np.arange(window.col, window.col_stop))
        y = grid.y_from_row(np.arange(window.row, window.row_stop))
        out = np.full((1, window.nrow, window.ncol), np.nan)
        if len(self.geoms) == 0:
            return out
        tree = shapely.STRtree(self.geoms)
        for row, level in zip(out[0], y, strict=True):
            go_on()
            centres = shapely.points(x, np.full(x.size, level))
            (cells, _), found = tree.query_nearest(centres, return_distance=True, all_matches=False)
            row[cells] = found
        return scaled(out, self.factor, self.maxdist)


@dataclass(frozen=True, eq=False)
class SphereGeometries(Positional):
    """Great-circle distance to the nearest of some arcs, 0 inside polygons, by position."""

    ends: tuple[NDArray[np.float64], NDArray[np.float64]]
    """Unit vectors of the ends of each arc, shape (arc, 3)."""
    inside: Shapes | None
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        a, b = self.ends
        middle, reach = _middles(a, b)
        lon = np.deg2rad(grid.x_from_col(np.arange(window.col, window.col_stop)))
        lat = np.deg2rad(grid.y_from_row(np.arange(window.row, window.row_stop)))
        out = np.empty((window.nrow, window.ncol))
        for row in range(window.nrow):
            go_on()
            out[row] = kernels.distance.to_arcs(lon, lat[row : row + 1], a, b, middle, reach)[0]
        if len(a) == 0:
            out[:] = np.nan
        zero_inside(out, self.inside, grid, window)
        return scaled(out[None], self.factor, self.maxdist)


@dataclass(frozen=True, eq=False)
class EllipsoidPoints(Positional):
    """Length of the geodesic to the nearest of some points, by position."""

    places: NDArray[np.float64]
    """Longitudes and latitudes, shape (n, 2)."""
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        points = kernels.geodesic.unit_vectors(*self.places.T)
        x = grid.x_from_col(np.arange(window.col, window.col_stop))
        y = grid.y_from_row(np.arange(window.row, window.row_stop))
        out = np.full((1, window.nrow, window.ncol), np.nan)
        for row, level in zip(out[0], y if len(points) else (), strict=False):
            go_on()
            lat = np.full(x.size, level)
            cell, point = kernels.distance.point_candidates(
                np.deg2rad(x), np.deg2rad(lat), points, SLACK, False
            )
            row[:] = shortest(cell, x[cell], lat[cell], *self.places[point].T)
        return scaled(out, self.factor, self.maxdist)


@dataclass(frozen=True, eq=False)
class EllipsoidEdges(Positional):
    """Length of the geodesic to the nearest of some geodesic edges, 0 inside polygons, by position."""

    ends: tuple[NDArray[np.float64], NDArray[np.float64]]
    """Longitudes and latitudes of the ends of each edge, shape (edge, 2)."""
    inside: Shapes | None
    factor: float
    maxdist: float

    def __call__(self, grid: Grid, window: Window) -> Array:
        a, b = (kernels.geodesic.unit_vectors(*side.T) for side in self.ends)
        x = grid.x_from_col(np.arange(window.col, window.col_stop))
        y = grid.y_from_row(np.arange(window.row, window.row_stop))
        out = np.full((1, window.nrow, window.ncol), np.nan)
        middle, reach = _middles(a, b)
        more = MORE / kernels.geodesic.RADIUS
        for row, level in zip(out[0], y if len(a) else (), strict=False):
            go_on()
            lat = float(np.deg2rad(level))
            cell, edge = kernels.distance.arc_candidates(np.deg2rad(x), lat, a, b, middle, reach, SLACK, more)
            here = np.column_stack([x[cell], np.full(len(cell), level)])
            far, _ = to_edges(here, *(side[edge] for side in self.ends))
            row[:] = np.minimum.reduceat(far, np.flatnonzero(np.r_[True, cell[1:] != cell[:-1]]))
        zero_inside(out[0], self.inside, grid, window)
        return scaled(out, self.factor, self.maxdist)


def _middles(a: NDArray[np.float64], b: NDArray[np.float64]) -> tuple[NDArray[np.float64], Any]:
    """Unit vectors halfway along arcs, and half their lengths in radians."""
    middle = a + b
    middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-300)
    return middle, np.arcsin(np.minimum(1.0, np.linalg.norm(a - b, axis=1) / 2)) + 1e-12


def zero_inside(out: Array, inside: Shapes | None, grid: Grid, window: Window) -> None:
    """Put 0 where the centre of a cell lies in a polygon."""
    if inside is not None:
        rules = np.full(len(inside), RULES["centre"], np.uint8)
        out.reshape(-1)[inside.cells(grid, window, rules)[1]] = 0.0


def distance(
    x: SpatRaster,
    y: Places | None = None,
    *,
    target: float | None = None,
    exclude: float | None = None,
    unit: Unit = "m",
    method: Literal["haversine", "cosine", "geo"] = "haversine",
    maxdist: float | None = None,
    values: bool = False,
    rasterize: bool = False,
) -> SpatRaster:
    """Distance to the nearest cell that has a value, or to the nearest geometry.

    Parameters
    ----------
    x : SpatRaster
    y : SpatVector, anything that `vect` takes, or array of shape (n, 2), optional
        Geometries; the values of `x` do not matter then.
    target : float, optional
        Value of the cells that get a distance; missing by default. Cells of other values are what is looked for, and
        get 0; cells that are missing, if not the target, are left out.
    exclude : float, optional
        Value of cells that are neither looked for nor given a distance.
    unit : {"m", "km"}
        Unit of the result. Without a CRS, units of the coordinates count as metres.
    method : {"haversine", "cosine", "geo"}
        For lon/lat. The first two are the great-circle distance on a sphere of radius 6378137 m, by the haversine
        formula; geo is the length of the shortest geodesic on the ellipsoid (WGS 84), also to edges, which are
        geodesics then.
    maxdist : float, optional
        Greater distances become missing, in `unit`.
    values : bool
        Give the value of the nearest cell rather than the distance to it; cells that are looked for are missing then, as
        in terra, and of equally near ones any counts.
    rasterize : bool
        Measure to the cells that `rasterize` finds the geometries in.

    Returns
    -------
    SpatRaster
        Between centres of cells; to geometries from the centre of the cell, 0 inside polygons, one layer with the name
        of the first.

    See Also
    --------
    buffer : Marks the cells within a distance.
    cost_dist : Adds up the cost of crossing cells.

    Notes
    -----
    Distances are exact, and on the sphere they cross the date line. The raster is passed over twice, in strips of
    rows; the first pass keeps a few numbers per column (on lon/lat, the places of all cells that are looked for).
    Edges of lines and polygons on lon/lat are great circles; terra 1.7 looks at their vertices only.

    References
    ----------
    Felzenszwalb, P. F. and Huttenlocher, D. P. (2012). Distance transforms of sampled functions. Theory of Computing 8,
    415-428.
    Sinnott, R. W. (1984). Virtues of the haversine. Sky and Telescope 68, 159.
    Karney, C. F. F. (2013). Algorithms for geodesics. Journal of Geodesy 87, 43-55.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=4, xmin=0, xmax=8, ymin=0, ymax=2, crs="", vals=[1, np.nan, np.nan, np.nan])
    >>> r.distance().values(drop=True)
    array([0., 2., 4., 6.])
    """
    unit = choice(unit, ("m", "km"), "distance: unit")
    method = choice(method, ("haversine", "cosine", "geo"), "distance: method")
    limit = np.inf if maxdist is None else number(maxdist, "distance: maxdist")
    if not limit > 0:
        raise ArgumentError(f"distance: maxdist must be above 0, got {maxdist}")
    grid = x._node.grid
    factor = factor_of(grid, unit)
    geodesic = method == "geo" and grid.is_lonlat
    if values and y is not None:
        raise ArgumentError(
            "distance: values are those of cells, got geometries; use nearest() of the vectors"
        )
    if rasterize:
        if y is None:
            raise ArgumentError("distance: rasterize is for geometries, got none")
        burned = node_of(burn(vector_of(y), x), "distance")
        return raster(to_cells(burned, NAN, NAN, factor, limit, geodesic=geodesic))
    if y is not None:
        return raster(_to_geometries(y, x._node, factor, limit, geodesic))
    roles = (
        NAN if target is None else number(target, "distance: target"),
        NAN if exclude is None else number(exclude, "distance: exclude"),
    )
    return raster(to_cells(node_of(x, "distance"), *roles, factor, limit, geodesic=geodesic, values=values))


def _to_geometries(y: Any, node: Node, factor: float, limit: float, geodesic: bool) -> Init:
    import shapely

    grid = node.grid
    geoms, _, kind = geoms_on(y, grid, "distance")
    geoms = geoms[~shapely.is_empty(geoms)]
    if not grid.is_lonlat:
        kernel: Any = PlanarGeometries(geoms, factor, limit)
    elif geodesic and kind == "points":
        kernel = EllipsoidPoints(shapely.get_coordinates(geoms), factor, limit)
    else:
        inside = shapes_of(geoms, grid, polygon=True) if kind == "polygons" else None
        if geodesic:
            return _init(node, EllipsoidEdges(_edges(geoms, kind), inside, factor, limit))
        kernel = SphereGeometries(_arcs(geoms, kind), inside, factor, limit)
    return _init(node, kernel)


def _init(node: Node, kernel: Any) -> Init:
    layers = (Layer(node.layers[0].name),)
    return Init(grid=node.grid, layers=layers, dtype=FLOAT64, kernel=kernel, temporaries=64.0)


def _arcs(geoms: NDArray[Any], kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of all edges as unit vectors; a point is an edge whose ends are one."""
    xy, link = _places(geoms, kind)
    ends = kernels.geodesic.unit_vectors(*xy.T)
    if kind == "points":
        return ends, ends
    start = np.flatnonzero(link)
    return np.ascontiguousarray(ends[start]), np.ascontiguousarray(ends[start + 1])


def _edges(geoms: NDArray[Any], kind: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ends of pieces of all edges, as longitudes and latitudes."""
    xy, link, _ = in_pieces(*_places(geoms, kind))
    start = np.flatnonzero(link)
    return xy[start], xy[start + 1]


def _places(geoms: NDArray[Any], kind: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Vertices of shape (n, 2), and whether an edge leads from each to the next."""
    import shapely

    parts = shapely.get_parts(geoms)
    if kind == "polygons":
        parts = shapely.get_rings(parts)
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    return xy, np.r_[owner[1:] == owner[:-1], False][: len(xy)]
