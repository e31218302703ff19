"""Overlay: two vectors laid on each other, with the attributes of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.packages import pandas, shapely
from pyterra.vector.attributes import records
from pyterra.vector.build import (
    Shapes,
    attributes_of,
    build,
    check_kind,
    check_vector,
    is_vector,
    joint_crs,
    like,
)
from pyterra.vector.join import stacked
from pyterra.vector.parts import only, united
from pyterra.vector.relate import others, related_pairs

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import ExtentLike

_DIMENSION = {"none": 0, "points": 0, "lines": 1, "polygons": 2}
_KIND = ["points", "lines", "polygons"]


def second(x: SpatVector, y: Any, verb: str) -> SpatVector:
    """The second input as a vector under the CRS that both have; an extent becomes a rectangle.

    Raises
    ------
    ArgumentError, CRSMismatchError
    """
    check_vector(x, verb)
    if is_vector(y):
        crs = joint_crs(x, y, verb)
        return y if crs is y.crs else build(y.geoms, attributes_of(y), crs)
    return build(others(y, verb), None, x.crs)


def _known_crs(x: SpatVector, y: SpatVector) -> Any:
    return y.crs if x.crs is None else x.crs


def intersect(x: SpatVector, y: ExtentLike) -> SpatVector:
    """What `x` and `y` have in common: a record, with the attributes of both, for each pair of geometries that meet.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, SpatExtent or SpatRaster
        Of a raster the extent counts.

    Returns
    -------
    SpatVector
        The kind is that of the lower dimension: lines and polygons give lines, and lines that only cross give points.
        Names that both have get the endings ``_1`` and ``_2``.

    See Also
    --------
    crop : Cuts with `y` as a whole and keeps the attributes of `x` alone.
    union : Keeps the ground of both.
    erase : Keeps what `y` does not cover.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.vect("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", atts={"a": [1]})
    >>> b = pt.vect("POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))", atts={"b": [2]})
    >>> a.intersect(b).values()
       a  b
    0  1  2
    """
    other = second(x, y, "intersect")
    shapes, i, j = _common(x, other)
    return build(shapes, side_by_side(x, other, i, j), _known_crs(x, other))


def _common(x: SpatVector, y: SpatVector) -> tuple[Shapes, Any, Any]:
    """Intersections of the pairs that have one, and the numbers of both."""
    i, j = related_pairs(x.geoms, y.geoms, "intersects")
    found = shapely.intersection(x.geoms[i], y.geoms[j])
    least = min(_DIMENSION[x.geomtype()], _DIMENSION[y.geomtype()])
    shapes = only(found, _KIND[least])
    if least == 1 and x.geomtype() == y.geomtype() and len(shapes) and shapely.is_empty(shapes).all():
        shapes = only(found, "points")  # lines that cross and have no stretch in common
    keep = ~shapely.is_empty(shapes)
    return shapes[keep], i[keep], j[keep]


def unshared(x: SpatVector, y: SpatVector) -> tuple[dict[str, str], dict[str, str]]:
    """New names for those that both have."""
    both = [name for name in x.names if name in y.names]
    return {name: f"{name}_1" for name in both}, {name: f"{name}_2" for name in both}


def side_by_side(x: SpatVector, y: SpatVector, i: Any, j: Any) -> pd.DataFrame:
    """Attributes of records `i` of `x` beside those of records `j` of `y`."""
    left, right = unshared(x, y)
    a = attributes_of(x).iloc[i].rename(columns=left).reset_index(drop=True)
    b = attributes_of(y).iloc[j].rename(columns=right).reset_index(drop=True)
    return pandas.concat([a, b], axis=1)


def erase(x: SpatVector, y: ExtentLike | None = None, *, sequential: bool = True) -> SpatVector:
    """`x` without what `y` covers.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, SpatExtent or SpatRaster, optional
        Without it, polygons of `x` are erased from each other.
    sequential : bool
        Without `y`, erase from each polygon only the later ones, so that no ground is lost. If False, all others are
        erased.

    Returns
    -------
    SpatVector
        Records of which nothing is left are dropped.

    See Also
    --------
    crop : Keeps what `y` covers.
    symdif : Keeps what one of the two covers.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 4 0)").erase(pt.ext(0, 1, -1, 1)).geom(wkt=True)
    ['LINESTRING (1 0, 4 0)']
    """
    if y is None:
        check_vector(x, "erase")
        check_kind(x, "polygons", "erase without y")
        i, j = related_pairs(x.geoms, x.geoms, "intersects")
        keep = j > i if sequential else j != i
        return _without(x, x.geoms, i[keep], j[keep])
    other = second(x, y, "erase")
    left = _without(x, other.geoms, *related_pairs(x.geoms, other.geoms, "intersects"))
    return (
        left
        if left.crs is not None or other.crs is None
        else build(left.geoms, attributes_of(left), other.crs)
    )


def _without(x: SpatVector, shapes: Shapes, i: Any, j: Any) -> SpatVector:
    """Geometries of `x` less those that each of them is paired with."""
    hit, who = np.unique(i, return_inverse=True)
    out: Shapes = np.array(x.geoms, dtype=object)
    if hit.size:
        cover = united(shapes[j], who, len(hit))
        out[hit] = only(shapely.difference(out[hit], cover), str(x.geomtype()))
    rows = np.flatnonzero(~shapely.is_empty(out) | shapely.is_empty(x.geoms))
    return like(x, out[rows], rows)


def union(x: SpatVector, y: SpatVector | None = None) -> SpatVector:
    """All ground of `x` and `y`, cut where borders cross, with the attributes of both.

    Parameters
    ----------
    x : SpatVector
        Polygons. Points and lines are joined as they are, without records that repeat another.
    y : SpatVector, optional
        Without it, the polygons of `x` are cut by each other, and columns id_0, id_1 and so on tell (1 or 0) in which
        of them each piece lies.

    Returns
    -------
    SpatVector
        First what only `x` covers, then what only `y` covers, then what both cover, by the numbers of their polygons.
        Names that both have get the endings ``_1`` and ``_2``. Pieces of one vector come as if its polygons were laid on
        top of each other one by one: what is of the new one alone, then what it shares with the pieces that are there.

    See Also
    --------
    intersect : Keeps the ground that both cover.
    aggregate : Dissolves borders.
    cover : Puts one vector on top of another.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.vect("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))", atts={"a": [1]})
    >>> b = pt.vect("POLYGON ((1 1, 3 1, 3 3, 1 3, 1 1))", atts={"b": [2]})
    >>> len(a.union(b))
    3
    """
    if y is None:
        return _self_union(x)
    other = second(x, y, "union")
    if x.geomtype() == other.geomtype() and x.geomtype() in ("points", "lines"):
        from pyterra.vector.attributes import unique
        from pyterra.vector.join import rbind

        return unique(rbind(x, other))
    for v in (x, other):
        check_kind(v, "polygons", "union")
    left, right = unshared(x, other)
    only_x, only_y, common = erase(x, other), erase(other, x), intersect(x, other)
    tables = [
        attributes_of(only_x).rename(columns=left),
        attributes_of(only_y).rename(columns=right),
        attributes_of(common),
    ]
    shapes = np.concatenate([only_x.geoms, only_y.geoms, common.geoms])
    return build(shapes, stacked(tables), _known_crs(x, other))


def _self_union(x: SpatVector) -> SpatVector:
    """Faces of the drawing of all borders, joined where they lie in the same polygons."""
    check_vector(x, "union")
    names = [f"id_{k}" for k in range(len(x))]
    if x.geomtype() in ("points", "lines"):
        return build(x.geoms, pandas.DataFrame(np.eye(len(x), dtype=np.int64), columns=names), x.crs)
    check_kind(x, "polygons", "union")
    lines = shapely.union_all(shapely.boundary(x.geoms))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = np.zeros((len(faces), len(x)), dtype=np.int64)
    i, j = related_pairs(shapely.point_on_surface(faces), x.geoms, "within")
    inside[i, j] = 1
    faces, inside = faces[inside.any(axis=1)], inside[inside.any(axis=1)]
    which, group = np.unique(inside, axis=0, return_inverse=True)
    order = sorted(range(len(which)), key=lambda row: np.flatnonzero(which[row])[::-1].tolist())
    shapes = united(faces, np.asarray(group).ravel(), len(which))
    return build(shapes[order], pandas.DataFrame(which[order], columns=names), x.crs)


def symdif(x: SpatVector, y: SpatVector) -> SpatVector:
    """What only one of `x` and `y` covers.

    Parameters
    ----------
    x, y : SpatVector
        Polygons.

    Returns
    -------
    SpatVector
        Each piece has the attributes of its polygon. Attributes that both vectors have share a column.

    See Also
    --------
    erase : Keeps what only the first covers.
    union : Keeps the ground of both.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = pt.vect(pt.ext(0, 2, 0, 2)), pt.vect(pt.ext(1, 3, 0, 2))
    >>> len(a.symdif(b))
    2
    """
    other = second(x, y, "symdif")
    for v in (x, other):
        check_kind(v, "polygons", "symdif")
    return _one_above_other(erase(x, other), erase(other, x), x, other)


def _one_above_other(a: SpatVector, b: SpatVector, x: SpatVector, y: SpatVector) -> SpatVector:
    tables = [attributes_of(a), attributes_of(b)]
    return build(np.concatenate([a.geoms, b.geoms]), stacked(tables), _known_crs(x, y))


def cover(x: SpatVector, y: SpatVector, *, identity: bool = False, expand: bool = True) -> SpatVector:
    """Polygons of `x` covered by those of `y`.

    Parameters
    ----------
    x, y : SpatVector
        Polygons.
    identity : bool
        Cut `y` along the borders of `x` and add the attributes of `x` to it.
    expand : bool
        Keep the parts of `y` beyond `x`.

    Returns
    -------
    SpatVector
        What is left of `x`, then `y`. Where both have an attribute of one name, the values of `y` count.

    See Also
    --------
    union : Keeps the attributes of both where they overlap.
    erase : Removes what another vector covers.

    Examples
    --------
    >>> import pyterra as pt
    >>> a, b = pt.vect(pt.ext(0, 2, 0, 2)), pt.vect(pt.ext(1, 3, 0, 2))
    >>> [list(piece.ext) for piece in a.cover(b)]
    [[0.0, 1.0, 0.0, 2.0], [1.0, 3.0, 0.0, 2.0]]
    """
    other = second(x, y, "cover")
    for v in (x, other):
        check_kind(v, "polygons", "cover")
    left = erase(x, other)
    if not identity:
        over = other if expand else crop(other, x)
        return _one_above_other(left, over, x, other)
    shapes, i, j = _common(x, other)
    a, b = (
        attributes_of(x).iloc[i].reset_index(drop=True),
        attributes_of(other).iloc[j].reset_index(drop=True),
    )
    both = pandas.concat([a.drop(columns=[n for n in a.columns if n in b.columns]), b], axis=1)
    order = [*a.columns, *(n for n in b.columns if n not in a.columns)]
    common = build(shapes, both[order], _known_crs(x, other))
    made = _one_above_other(left, common, x, other)
    return _one_above_other(made, erase(other, x), x, other) if expand else made


def crop(x: SpatVector, y: ExtentLike) -> SpatVector:
    """The parts of `x` that lie in `y`.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, SpatExtent or SpatRaster
        Of a raster, the extent is taken. Polygons are taken as a whole, without their inner borders; of points and lines,
        the convex hull of all of them is taken.

    Returns
    -------
    SpatVector
        Parts with the attributes of `x`. The vector is empty where the two do not meet.

    See Also
    --------
    mask : Keeps whole records.
    intersect : Keeps the attributes of both.
    SpatRaster.crop : The verb for rasters.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect("LINESTRING (0 0, 4 0)").crop(pt.ext(1, 2, -1, 1)).geom(wkt=True)
    ['LINESTRING (1 0, 2 0)']
    """
    other = second(x, y, "crop")
    shapes, i, _ = _common(x, build(_as_one(other), None, other.crs))
    made = like(x, shapes, i)
    return (
        made if made.crs is not None or other.crs is None else build(shapes, attributes_of(made), other.crs)
    )


def _as_one(y: SpatVector) -> Shapes:
    """What to crop by: all polygons in one, or the convex hull of all points and lines."""
    if y.geomtype() in ("points", "lines"):
        return np.array([shapely.convex_hull(shapely.geometrycollections(y.geoms))], dtype=object)
    return np.array([shapely.union_all(y.geoms)], dtype=object) if len(y) > 1 else y.geoms


def mask(x: SpatVector, mask: ExtentLike, *, inverse: bool = False) -> SpatVector:
    """The records of `x` that have a point in common with the mask. Geometries are not cut.

    Parameters
    ----------
    x : SpatVector
    mask : SpatVector, SpatExtent or SpatRaster
    inverse : bool
        Take the other records.

    Returns
    -------
    SpatVector

    See Also
    --------
    crop : Cuts the geometries.
    is_related : The same test as an array.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [9, 9]]).mask(pt.ext(0, 1, 0, 1)).crds().tolist()
    [[0.0, 0.0]]
    """
    from pyterra.vector.relate import is_related

    check_vector(x, "mask")
    hit = is_related(x, mask, "intersects")
    return records(x, ~hit if inverse else hit)


def operator(x: SpatVector, y: Any, sign: str) -> SpatVector:
    """``+`` union, ``-`` erase, ``*`` intersect.

    Raises
    ------
    ArgumentError
        For anything but a vector or an extent.
    """
    if not is_vector(y) and not isinstance(y, Extent):
        raise ArgumentError(
            f"vector: x {sign} y needs another SpatVector or a SpatExtent, got {type(y).__name__}"
        )
    verbs: dict[str, Any] = {"+": union, "-": erase, "*": intersect}
    return verbs[sign](x, y)
