"""divide: polygons in parts of about equal area, or of given shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.packages import shapely
from pyterra.vector.build import Shapes, attributes_of, build, check_kind, check_vector
from pyterra.vector.measure import expanse

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

PLACES_EACH = 2000
"""Places of a polygon that are put together to a part."""
HALVINGS = 60
"""Times that the place of a cut is looked for between two others."""
Shares = float | Sequence[float]


def divide(
    x: SpatVector,
    n: int | Mapping[str, Shares] = 5,
    *,
    alpha: float | tuple[float, float] = 1,
    iter_max: int = 100,
    seed: int | None = None,
) -> SpatVector:
    """Each polygon divided in compact parts of about equal area, or in strips of given shares.

    Parameters
    ----------
    x : SpatVector
        Polygons.
    n : int or dict
        How many parts each polygon gets. Or where it is cut: ``{"horizontal": 1/3}``, from the south to the north in
        parts of a third each; ``{"vertical": [0.25, 0.5]}``, from the west to the east, after a quarter and after the
        half of the area. With both, each horizontal strip is cut vertically.
    alpha : float or (float, float)
        Weights of the coordinates: parts are narrower along one that weighs more.
    iter_max : int
        How often parts are moved at most.
    seed : int, optional
        Of the random start; the same seed gives the same parts.

    Returns
    -------
    SpatVector
        Polygons with the attributes of `x`; strips also have their numbers, from 1, as ``hid`` and ``vid``.

    Raises
    ------
    ArgumentError
        For other geometries, and for shares that do not ascend between 0 and 1.

    See Also
    --------
    split : Cuts polygons along lines.
    SpatRaster.divide : The verb for rasters.

    Notes
    -----
    Compact parts are those of the Voronoi diagram of the centres of clusters (k-means) of places all over a polygon.
    Their areas differ by some percent. The areas of strips are exact; for longitude and latitude, on the ellipsoid.

    References
    ----------
    Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information Theory 28, 129-137.

    Examples
    --------
    >>> import pyterra as pt
    >>> field = pt.vect("POLYGON ((0 0, 4 0, 4 2, 0 2, 0 0))")
    >>> strips = field.divide({"vertical": [0.25]})
    >>> [g.area for g in strips.geoms], strips["vid"].tolist()
    ([2.0, 6.0], [1, 2])
    >>> sum(g.area for g in field.divide(3, seed=1).geoms)
    8.0
    """
    check_vector(x, "divide")
    check_kind(x, "polygons", "divide")
    if not isinstance(n, Mapping):
        return _compact(x, n, alpha, iter_max, seed)
    asked = {
        choice(name, ("horizontal", "vertical"), "divide: n"): shares(value) for name, value in n.items()
    }
    if not asked:
        raise ArgumentError("divide: n must say where to cut, horizontal or vertical, got nothing")
    for name in ("horizontal", "vertical"):
        if name in asked:
            x = _strips(x, asked[name], name)
    return x


def shares(value: Shares) -> NDArray[np.float64]:
    """Shares of the area before each cut, ascending between 0 and 1."""
    given = np.atleast_1d(np.asarray(value, np.float64))
    if isinstance(value, Real) and 0 < given[0] < 1:
        given = given[0] * np.arange(1, int(1 / given[0] * (1 + 1e-12)) + 1)
        given = given[:-1] if len(given) > 1 else given
    inner = given[:-1] if given.size > 1 and given[-1] == 1 else given
    if (
        inner.ndim != 1
        or not inner.size
        or not (np.diff(inner) > 0).all()
        or not 0 < inner[0] <= inner[-1] < 1
    ):
        raise ArgumentError(f"divide: shares must ascend between 0 and 1, got {value!r}")
    return inner


def _strips(x: SpatVector, cuts: NDArray[np.float64], name: str) -> SpatVector:
    """Each polygon cut at shares of its area."""
    pieces, rows, numbers = [], [], []
    for row, shape in enumerate(x.geoms):
        places = [_place(x, shape, share, name) for share in cuts]
        for number, (low, high) in enumerate(zip([-np.inf, *places], [*places, np.inf], strict=True), 1):
            piece = _between(shape, low, high, name)
            if not piece.is_empty:
                pieces.append(piece)
                rows.append(row)
                numbers.append(number)
    table = attributes_of(x).iloc[rows].reset_index(drop=True)
    table["hid" if name == "horizontal" else "vid"] = np.array(numbers, np.int64)
    order = np.argsort(np.array(rows), kind="stable")
    return build(np.array(pieces, dtype=object)[order], table.iloc[order], x.crs)


def _between(shape: Any, low: float, high: float, name: str) -> Any:
    """What of a polygon lies between two parallels, or two meridians."""
    left, bottom, right, top = shape.bounds
    if name == "horizontal":
        bottom, top = max(low, bottom), min(high, top)
    else:
        left, right = max(low, left), min(high, right)
    found = shapely.intersection(shape, shapely.box(left, bottom, right, top))
    return _polygonal(found)


def _polygonal(shape: Any) -> Any:
    """The polygons of a geometry alone."""
    parts = shapely.get_parts(shape)
    flat = parts[np.isin(shapely.get_type_id(parts), (3, 6))]
    return shape if len(flat) == len(parts) else shapely.union_all(flat)


def _place(x: SpatVector, shape: Any, share: float, name: str) -> float:
    """Where so much of the area lies before."""

    def before(place: float) -> float:
        return _area(x, _between(shape, -np.inf, place, name))

    bounds = shape.bounds
    low, high = (bounds[1], bounds[3]) if name == "horizontal" else (bounds[0], bounds[2])
    wanted = share * _area(x, shape)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if before(middle) < wanted:
            low = middle
        else:
            high = middle
    return float((low + high) / 2)


def _area(x: SpatVector, shape: Any) -> float:
    if x.crs is None or not x.is_lonlat():
        return float(shape.area)
    return float(expanse(build(np.array([shape], dtype=object), None, x.crs))[0])


def _compact(x: SpatVector, n: Any, alpha: Any, iter_max: int, seed: int | None) -> SpatVector:
    if not isinstance(n, Integral) or n < 1:
        raise ArgumentError(f"divide: n must be a number of parts from 1, or say where to cut, got {n!r}")
    weights = np.broadcast_to(np.asarray(alpha, np.float64), (2,))
    if not (weights > 0).all():
        raise ArgumentError(f"divide: alpha must be one or two numbers above 0, got {alpha!r}")
    rng = np.random.default_rng(seed)
    pieces: list[Any] = []
    rows: list[int] = []
    for row, shape in enumerate(x.geoms):
        found = _clustered(shape, int(n), weights * _degrees(x, shape), iter_max, rng)
        pieces += found
        rows += [row] * len(found)
    shapes: Shapes = np.array(pieces, dtype=object)
    return build(shapes, attributes_of(x).iloc[rows].reset_index(drop=True), x.crs)


def _degrees(x: SpatVector, shape: Any) -> NDArray[np.float64]:
    """How long units of x and y are, seen from each other."""
    if x.crs is None or not x.is_lonlat():
        return np.ones(2)
    middle = np.deg2rad((shape.bounds[1] + shape.bounds[3]) / 2)
    return np.array([np.cos(middle), 1.0])


def _clustered(
    shape: Any, n: int, weights: NDArray[np.float64], iter_max: int, rng: np.random.Generator
) -> list[Any]:
    """Parts of one polygon: what is nearest to the centre of each cluster of places in it."""
    from pyterra.models.components import clusters_of

    if n == 1 or shape.is_empty:
        return [shape]
    xy = _places(shape, n, rng) * weights
    first = int(rng.integers(2**31))
    centres = clusters_of(xy, np.array(["x", "y"]), n, iter_max=iter_max, nstart=3, seed=first).centers
    around = shapely.box(*(np.array(shape.bounds).reshape(2, 2) * weights).ravel())
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=around))
    order = np.argsort([int(np.argmin(shapely.distance(cell, shapely.points(centres)))) for cell in cells])
    back = shapely.transform(cells[order], lambda at: at / weights)
    found = [_polygonal(shapely.intersection(shape, cell)) for cell in back]
    return [piece for piece in found if not piece.is_empty]


def _places(shape: Any, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Places all over a polygon, some hundreds for each part: those of a lattice, moved a little."""
    left, bottom, right, top = shape.bounds
    count = min(n * 400, max(PLACES_EACH, n * 50))
    step = np.sqrt(shape.area / count)
    shapely.prepare(shape)
    xs, ys = np.meshgrid(np.arange(left, right, step), np.arange(bottom, top, step))
    found = np.column_stack([xs.ravel(), ys.ravel()]) + rng.uniform(0, step, (xs.size, 2))
    inside: NDArray[np.float64] = found[shapely.contains_xy(shape, found[:, 0], found[:, 1])]
    if len(inside) < n:
        raise ArgumentError(f"divide: a polygon is too narrow to be divided in {n} parts; ask for less")
    return inside
