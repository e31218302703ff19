"""Questions put to a vector by place: attributes at points, statistics of points in polygons, sample points."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr.described import Described
from pyterra.grid.geodesic import distance, ellipsoid
from pyterra.grid.grid import common_crs
from pyterra.packages import pandas, shapely
from pyterra.vector.build import (
    attributes_of,
    build,
    check_kind,
    check_vector,
    column,
    is_vector,
    joint_crs,
    like,
)
from pyterra.vector.join import nullable
from pyterra.vector.parts import parts_of, points_at
from pyterra.vector.relate import related_pairs

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

ROUNDS = 1000
"""Turns of drawing points before a polygon is given up as too thin."""


def extract(x: SpatVector, y: SpatVector | ArrayLike) -> pd.DataFrame:
    """Attributes of the geometries of `x` that the geometries of `y` meet.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector or array of shape (n, 2)
        Geometries that are usually points, while those of `x` are polygons.

    Returns
    -------
    DataFrame
        Column id_y, the number of the geometry of `y` from 0, and the attributes: a row for each pair that meets, and a
        row of missing values for a geometry that meets none.

    See Also
    --------
    relate : Which geometries meet.
    SpatRaster.extract : Values of rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> squares = pt.vect(pt.ext(0, 2, 0, 2), atts={"a": [5]})
    >>> squares.extract([[1, 1], [9, 9]])
       id_y     a
    0     0     5
    1     1  <NA>
    """
    from pyterra.vector.make import vect

    check_vector(x, "extract")
    other = y if is_vector(y) else vect(np.asarray(y, dtype=float))
    if is_vector(y):
        joint_crs(x, y, "extract")
    j, i = related_pairs(other.geoms, x.geoms, "intersects")
    alone = np.setdiff1d(np.arange(len(other)), j)
    table = attributes_of(x)
    if alone.size:
        table = table.assign(**{name: nullable(table[name]) for name in table.columns})
    found = table.iloc[i].assign(**{_ID: j})
    missing = pandas.DataFrame({_ID: alone})
    parts = [part for part in (found, missing) if len(part)] or [found]
    both = pandas.concat(parts, ignore_index=True).sort_values(_ID, kind="stable", ignore_index=True)
    return both.reindex(columns=[_ID, *table.columns])


_ID = "id_y"


def zonal(
    x: SpatVector,
    z: SpatVector,
    fun: str | Callable[[Any], Any] = "mean",
    *,
    na_rm: bool = False,
    as_polygons: bool = False,
) -> pd.DataFrame | SpatVector:
    """Statistics of the attributes of `x` in each polygon of `z`.

    Parameters
    ----------
    x : SpatVector
        Points, lines or polygons with numbers as attributes. Other attributes are left out.
    z : SpatVector
        Polygons.
    fun : str or callable
        As for `aggregate`.
    na_rm : bool
        Leave out missing numbers.
    as_polygons : bool
        Return the polygons with the statistics as further attributes.

    Returns
    -------
    pandas.DataFrame or SpatVector
        A row for each polygon on which geometries of `x` lie: column ``zone`` (its number, from 0), then the statistics
        under the names of `x`. With `as_polygons`, all polygons, with missing values where no geometry lies.

    See Also
    --------
    aggregate : Statistics of groups of records.
    SpatRaster.zonal : The verb for rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> points = pt.vect([[1, 1], [1.5, 1], [9, 9]], atts={"n": [1, 3, 9]})
    >>> points.zonal(pt.vect(pt.ext(0, 2, 0, 2))).values.tolist()
    [[0.0, 2.0]]
    """
    from pyterra.vector.aggregate import is_number, meant, summarised

    check_vector(x, "zonal")
    joint_crs(x, check_vector(z, "zonal"), "zonal")
    check_kind(z, "polygons", "zonal")
    known, function = meant(fun, "zonal")
    table = attributes_of(x)
    table = table[[n for n in table.columns if is_number(table[n])]]
    i, j = related_pairs(x.geoms, z.geoms, "intersects")
    ends = [f"_{end}" for end in known.gives] if known and known.gives else [""]
    columns: dict[str, Any] = {}
    for n in table.columns:
        found = summarised(table[n].iloc[i], j, known or function, na_rm)
        columns |= dict(zip([f"{n}{end}" for end in ends], found, strict=True))
    if not as_polygons:
        return pandas.DataFrame(columns).rename_axis("zone").reset_index()
    clash = [n for n in columns if n in z.names]
    if clash:
        raise ArgumentError(f"zonal: names must differ, got {', '.join(clash)} in both; rename them first")
    columns = {n: values.reindex(range(len(z))) for n, values in columns.items()}
    return build(z.geoms, attributes_of(z).assign(**columns), z.crs)


def spat_sample(
    x: SpatVector,
    size: int | Any,
    method: Literal["random", "regular"] = "random",
    *,
    strata: str | SpatRaster | None = None,
    chess: Literal["", "white", "black"] = "",
    seed: int | np.random.Generator | None = None,
) -> SpatVector:
    """Points in polygons or on lines, or some of the points in each cell of a raster.

    Parameters
    ----------
    x : SpatVector
        Polygons, lines, or points where `strata` is a raster.
    size : int or sequence of int
        How many points in all, or in each polygon, line, group or cell.
    method : {"random", "regular"}
        Random places, in proportion to the area or length; or a square lattice of approximately that many points, and on
        lines points at equal distances, one line after the other.
    strata : str or SpatRaster, optional
        Attribute whose values make groups; each group gets `size` points. For points: a raster whose cells are the
        groups, whatever their values. At most `size` of the points in each cell are kept, by chance.
    chess : {"", "white", "black"}
        With a raster: only from the fields of one colour of a chessboard; the upper left cell is white.
    seed : int or numpy.random.Generator, optional

    Returns
    -------
    SpatVector
        Points with the attributes of their polygon or line, random ones in random order where `size` is one number for
        all of them, else polygon by polygon. On longitude and latitude they are equally dense on the ground
        everywhere, and lines are geodesics between their vertices. With a raster, points of `x` in their order,
        without those beyond it.

    See Also
    --------
    SpatRaster.spat_sample : Samples cells of a raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> squares = pt.vect([pt.vect(pt.ext(i, i + 1, 0, 1)).geoms[0] for i in (0, 2)], atts={"a": [1, 2]})
    >>> squares.spat_sample([2, 1], seed=1)["a"].tolist()
    [1, 1, 2]
    """
    check_vector(x, "spat_sample")
    method = choice(method, ("random", "regular"), "spat_sample: method")
    rng = np.random.default_rng(seed)
    if isinstance(strata, Described):
        return _thinned(x, size, strata, method, chess, rng)
    if chess:
        raise ArgumentError(f"spat_sample: chess is for strata that are a raster, got {chess!r}")
    check_kind(x, ("polygons", "lines"), "spat_sample")
    if x.geomtype() == "lines":
        return _on_lines(x, _groups(x, size, strata), method, rng)
    if method == "regular":
        if strata is not None or np.ndim(size):
            raise ArgumentError("spat_sample: regular samples of polygons have one size, and no strata")
        _check_size(size)
        return _lattice(x, int(size))
    owner = np.repeat(np.arange(len(x)), _counts(x, size, strata, rng))
    if strata is None and not np.ndim(size):
        owner = rng.permutation(owner)
    return like(x, points_at(_drawn(x, owner, rng)), owner)


def _thinned(
    x: SpatVector, size: Any, strata: Any, method: str, chess: str, rng: np.random.Generator
) -> SpatVector:
    """Some of the points in each cell of a raster."""
    grid = strata._node.grid
    check_kind(x, "points", "spat_sample: with strata that are a raster, x")
    common_crs(grid.crs, x.wkt, "spat_sample")
    choice(chess, ("", "white", "black"), "spat_sample: chess")
    _check_size(size)
    if method != "random" or np.ndim(size) or int(size) < 1:
        raise ArgumentError(
            f"spat_sample: strata that are a raster need one size of at least 1, and method='random', "
            f"got {size} and {method!r}"
        )
    xy, owner = shapely.get_coordinates(x.geoms, return_index=True)
    if (np.bincount(owner, minlength=len(x)) > 1).any():
        raise ArgumentError("spat_sample: points must be single, or lie in several cells; use disagg() first")
    cell = grid.cell_from_xy(xy)
    there = cell >= 0
    if chess:
        there &= (cell // grid.ncol + cell % grid.ncol) % 2 == (chess == "black")
    order = rng.permutation(np.flatnonzero(there))
    order = order[np.argsort(cell[order], kind="stable")]
    first = np.r_[True, np.diff(cell[order]) != 0][: order.size]
    rank = np.arange(order.size) - np.flatnonzero(first)[np.cumsum(first) - 1]
    kept = np.sort(owner[order[rank < int(size)]])
    return like(x, x.geoms[kept], kept)


def _check_size(size: Any) -> None:
    told = np.asarray(size)
    if told.dtype.kind not in "iuf" or not (np.floor(told) == told).all():
        raise ArgumentError(f"spat_sample: size must be whole numbers, got {size!r}")


def _groups(x: SpatVector, size: Any, strata: str | None) -> list[tuple[Any, int]]:
    """Geometries that share points, and how many."""
    _check_size(size)
    if np.ndim(size):
        counts = np.asarray(size, dtype=np.int64)
        if strata is not None or counts.size != len(x) or (counts.size and counts.min() < 0):
            raise ArgumentError(
                f"spat_sample: size must be one, or one per geometry ({len(x)}) without strata, got {size}"
            )
        return [(np.array([i]), int(count)) for i, count in enumerate(counts)]
    if int(size) < 1:
        raise ArgumentError(f"spat_sample: size must be at least 1, got {size}")
    if strata is None:
        return [(np.arange(len(x)), int(size))]
    groups = pandas.factorize(attributes_of(x)[column(x, strata, "spat_sample")], sort=True)[0]
    return [(np.flatnonzero(groups == group), int(size)) for group in np.unique(groups[groups >= 0])]


def _counts(x: SpatVector, size: Any, strata: str | None, rng: np.random.Generator) -> Any:
    """Points for each polygon."""
    groups = _groups(x, size, strata)
    if np.ndim(size):
        return np.array([count for _, count in groups], dtype=np.int64)
    area = _weights(x)
    counts = np.zeros(len(x), dtype=np.int64)
    for members, count in groups:
        where = members[area[members] > 0]
        if where.size:
            counts[where] = rng.multinomial(count, area[where] / area[where].sum())
    return counts


def _on_lines(
    x: SpatVector, groups: list[tuple[Any, int]], method: str, rng: np.random.Generator
) -> SpatVector:
    """Points along the lines of each group, which are laid behind each other."""
    begin, end, line, length = _segments(x)
    reach = np.concatenate([[0.0], np.cumsum(length)])
    first = np.searchsorted(line, np.arange(len(x) + 1))
    edges = reach[first]
    long = np.diff(edges)
    places, owners = [np.empty(0)], [np.empty(0, dtype=np.int64)]
    for members, count in groups:
        ends = np.cumsum(long[members])
        if ends.size == 0 or ends[-1] == 0:
            continue
        way = (np.arange(count) + 0.5) / count if method == "regular" else rng.random(count)
        at = way * ends[-1]
        k = np.searchsorted(ends, at, side="right").clip(max=len(members) - 1)
        owners.append(members[k])
        places.append(edges[members[k]] + at - (ends - long[members])[k])
    place, owner = np.concatenate(places), np.concatenate(owners)
    if place.size == 0:
        return like(x, np.empty(0, dtype=object), owner)
    k = (np.searchsorted(reach, place, side="right") - 1).clip(first[owner], first[owner + 1] - 1)
    on = place - reach[k]
    if x.is_lonlat():
        geod = ellipsoid(x.wkt)
        there = geod.fwd(*begin[k].T, geod.inv(*begin[k].T, *end[k].T)[0], on)[:2]
        return like(x, points_at(np.column_stack(there)), owner)
    return like(x, points_at(begin[k] + (end[k] - begin[k]) * (on / length[k])[:, None]), owner)


def _segments(x: SpatVector) -> tuple[Any, Any, Any, Any]:
    """Where the segments of lines begin and end, their line, and their lengths; none of length 0."""
    parts, record = parts_of(x.geoms)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    one = part[1:] == part[:-1]
    begin, end, line = xy[:-1][one], xy[1:][one], record[part[:-1][one]]
    if x.is_lonlat():
        length = distance(x.wkt, *begin.T, *end.T)
    else:
        length = np.hypot(*(end - begin).T)
    some = length > 0
    return begin[some], end[some], line[some], length[some]


def _weights(x: SpatVector) -> Any:
    return x.expanse() if x.is_lonlat() else shapely.area(x.geoms)


def _drawn(x: SpatVector, owner: Any, rng: np.random.Generator) -> Any:
    """A point in the polygon of each owner: points of its bounding box are drawn until one lies inside."""
    bounds = shapely.bounds(x.geoms)
    shapely.prepare(x.geoms)
    xy = np.empty((len(owner), 2))
    left = np.arange(len(owner))
    for _ in range(ROUNDS):
        if left.size == 0:
            return xy
        box = bounds[owner[left]]
        across = rng.uniform(box[:, 0], box[:, 2])
        if x.is_lonlat():  # as dense on the ground everywhere
            low, high = np.sin(np.radians(box[:, 1])), np.sin(np.radians(box[:, 3]))
            up = np.degrees(np.arcsin(np.clip(rng.uniform(low, high), -1, 1)))
        else:
            up = rng.uniform(box[:, 1], box[:, 3])
        hit = shapely.contains_xy(x.geoms[owner[left]], across, up)
        xy[left[hit]] = np.column_stack([across, up])[hit]
        left = left[~hit]
    raise ArgumentError("spat_sample: a polygon must not be too thin to draw points in; buffer() it first")


def _lattice(x: SpatVector, size: int) -> SpatVector:
    """Points of a square lattice over the extent that fall into polygons."""
    e = x.ext
    squeeze = np.cos(np.radians((e.ymin + e.ymax) / 2)) if x.is_lonlat() else 1.0
    step = np.sqrt(float(shapely.area(x.geoms).sum()) * squeeze / max(size, 1))
    if step == 0:
        return like(x, np.empty(0, dtype=object), np.empty(0, dtype=int))
    xs = _steps(e.xmin, e.xmax, step / squeeze)
    ys = _steps(e.ymin, e.ymax, step)[::-1]
    grid = shapely.points(*(v.ravel() for v in np.meshgrid(xs, ys)))
    i, j = related_pairs(grid, x.geoms, "intersects")
    return like(x, grid[i], j)


def _steps(low: float, high: float, step: float) -> Any:
    count = max(1, int((high - low) / step))
    return low + (high - low - (count - 1) * step) / 2 + np.arange(count) * step
