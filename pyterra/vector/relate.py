"""How geometries lie to each other: named predicates, DE-9IM patterns, neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError, near_names
from pyterra.grid.extent import Extent
from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, check_kind, check_vector, is_vector, joint_crs

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import ExtentLike

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]

RELATIONS = {
    "intersects": "intersects",
    "touches": "touches",
    "crosses": "crosses",
    "overlaps": "overlaps",
    "within": "within",
    "contains": "contains",
    "containsproperly": "contains_properly",
    "covers": "covers",
    "coveredby": "covered_by",
    "equals": "equals",
    "disjoint": "disjoint",
}
"""terra's names of relations, and shapely's."""
PATTERN = re.compile(r"[TF012*]{9}")
_MEETING = (0, 1, 3, 4)
"""Entries of DE-9IM that are about common points: interior and boundary of one with those of the other."""
CHUNK = 2_000_000
"""Pairs that are compared at once where all have to be."""


def relation_of(relation: Any, verb: str) -> str:
    """shapely's name of a relation, or a pattern.

    Raises
    ------
    ArgumentError
        Where it is neither.
    """
    text = str(relation)
    if PATTERN.fullmatch(text.upper()):
        return text.upper()
    name = RELATIONS.get(text.lower().replace("_", ""))
    if name is None:
        raise ArgumentError(
            f"{verb}: the relation must be a name or a DE-9IM pattern of 9 of T F 0 1 2 *, got {relation!r}"
            f"{near_names(text, RELATIONS.values())}"
        )
    return name


def related_pairs(a: Shapes, b: Shapes, relation: str) -> Pairs:
    """Numbers of the geometries of `a` and of `b` that are so related, ordered by both.

    Parameters
    ----------
    a, b : ndarray of shapely geometries
    relation : str
        As `relation_of` gives it.
    """
    if len(a) == 0 or len(b) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    if relation == "disjoint" or (_is_pattern(relation) and not _needs_meeting(relation)):
        return _all_pairs(a, b, relation)
    if relation == "equals" or _is_pattern(relation):
        i, j = _ordered(shapely.STRtree(b).query(a))
        shapely.prepare(a)
        keep = _test(a[i], b[j], relation)
        return i[keep], j[keep]
    return _ordered(shapely.STRtree(b).query(a, predicate=relation))


def _ordered(pairs: Any) -> Pairs:
    order = np.lexsort((pairs[1], pairs[0]))
    return pairs[0][order], pairs[1][order]


def _is_pattern(relation: str) -> bool:
    return PATTERN.fullmatch(relation) is not None


def _needs_meeting(pattern: str) -> bool:
    """Whether geometries so related have a common point, so that an index finds them."""
    return any(pattern[k] in "T012" for k in _MEETING)


def _test(a: Any, b: Any, relation: str) -> NDArray[np.bool_]:
    if _is_pattern(relation):
        return shapely.relate_pattern(a, b, relation)
    return getattr(shapely, relation)(a, b)


def _all_pairs(a: Shapes, b: Shapes, relation: str) -> Pairs:
    """Each with each, some rows at a time."""
    step = max(1, CHUNK // len(b))
    found = [
        np.argwhere(_test(a[start : start + step, None], b[None], relation))
        for start in range(0, len(a), step)
    ]
    starts = np.repeat(np.arange(len(found)) * step, [len(pairs) for pairs in found])
    pairs = np.concatenate(found)
    return pairs[:, 0] + starts, pairs[:, 1]


def others(y: Any, verb: str) -> Shapes:
    """Geometries of the second input: of a vector, or an extent, or the extent of a raster."""
    if is_vector(y):
        return y.geoms
    extent = y if isinstance(y, Extent) else getattr(y, "ext", None)
    if isinstance(extent, Extent):
        return np.array([shapely.box(*extent.bounds)], dtype=object)
    raise ArgumentError(f"{verb}: y must be a SpatVector or have an extent, got {type(y).__name__}")


def relate(
    x: SpatVector,
    y: ExtentLike | None = None,
    relation: str = "intersects",
    *,
    pairs: bool = False,
    na_rm: bool = True,
) -> NDArray[np.bool_] | pd.DataFrame:
    """Which geometries of `x` are related to which of `y`.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, SpatExtent or SpatRaster, optional
        By default `x` itself.
    relation : str
        "intersects", "touches", "crosses", "overlaps", "within", "contains", "contains_properly", "covers",
        "covered_by", "equals", "disjoint"; or a DE-9IM pattern of nine characters such as ``"T*F**F***"``.
    pairs : bool
        Return pairs of numbers instead of a matrix.
    na_rm : bool
        With `pairs`, leave out geometries of `x` that are related to none. If False, they come with -1.

    Returns
    -------
    ndarray of bool of shape (len(x), len(y)), or DataFrame with columns id_x and id_y (from 0)
        Without `y` and with `pairs`, the columns are id_1 and id_2, and no geometry is paired with itself.

    See Also
    --------
    is_related : Whether each geometry is related to any.
    adjacent : Which polygons are neighbours.

    References
    ----------
    Open Geospatial Consortium (2011). Simple feature access, part 1: common architecture. OGC 06-103r4 (defines
    DE-9IM).

    Examples
    --------
    >>> import pyterra as pt
    >>> square = pt.vect("POLYGON ((0 0, 2 0, 2 2, 0 2, 0 0))")
    >>> square.relate(pt.vect([[1, 1], [2, 1], [9, 9]]), "contains")
    array([[ True, False, False]])
    """
    check_vector(x, "relate")
    if isinstance(y, str):
        raise ArgumentError(f"relate: give the relation by name, as in relate(relation={y!r})")
    name = relation_of(relation, "relate")
    if is_vector(y):
        joint_crs(x, y, "relate")
    b = x.geoms if y is None else others(y, "relate")
    i, j = related_pairs(x.geoms, b, name)
    if not pairs:
        matrix = np.zeros((len(x), len(b)), dtype=bool)
        matrix[i, j] = True
        return matrix
    if y is None:
        i, j = i[i != j], j[i != j]
    if not na_rm:
        alone = np.setdiff1d(np.arange(len(x)), i)
        i, j = _ordered((np.r_[i, alone], np.r_[j, np.full(alone.size, -1)]))
    labels = ("id_1", "id_2") if y is None else ("id_x", "id_y")
    return pandas.DataFrame(dict(zip(labels, (i, j), strict=True)))


def is_related(x: SpatVector, y: ExtentLike, relation: str = "intersects") -> NDArray[np.bool_]:
    """Whether each geometry of `x` is related to any of `y`.

    Parameters
    ----------
    x : SpatVector
    y : SpatVector, SpatExtent or SpatRaster
    relation : str
        As for `relate`.

    Returns
    -------
    ndarray of bool of shape (len(x),)

    See Also
    --------
    relate : All pairs.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[1, 1], [9, 9]]).is_related(pt.ext(0, 2, 0, 2), "within")
    array([ True, False])
    """
    check_vector(x, "is_related")
    name = relation_of(relation, "is_related")
    if is_vector(y):
        joint_crs(x, y, "is_related")
    found = np.zeros(len(x), dtype=bool)
    found[related_pairs(x.geoms, others(y, "is_related"), name)[0]] = True
    return found


def adjacent(
    x: SpatVector,
    type: Literal["rook", "queen", "touches", "intersects"] = "rook",
    *,
    pairs: bool = True,
    symmetrical: bool = False,
) -> pd.DataFrame | NDArray[np.bool_]:
    """Which polygons are neighbours.

    Parameters
    ----------
    x : SpatVector
        Polygons.
    type : {"rook", "queen", "touches", "intersects"}
        Neighbours share a stretch of border ("rook"), at least a point of it ("queen", "touches"), or any point
        ("intersects").
    pairs : bool
        Return pairs. If False, return a matrix.
    symmetrical : bool
        Return each pair once, with the lower number first.

    Returns
    -------
    DataFrame with columns from and to (numbers from 0), or ndarray of bool of shape (n, n)

    See Also
    --------
    relate : Other relations.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect(["POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0))", "POLYGON ((1 0, 2 0, 2 1, 1 1, 1 0))"])
    >>> v.adjacent(symmetrical=True).values.tolist()
    [[0, 1]]
    """
    check_vector(x, "adjacent")
    check_kind(x, "polygons", "adjacent")
    patterns = {"rook": "F***1****", "queen": "touches", "touches": "touches", "intersects": "intersects"}
    pattern = patterns[choice(type, tuple(patterns), "adjacent: type")]
    i, j = related_pairs(x.geoms, x.geoms, pattern)
    keep = i < j if symmetrical else i != j
    i, j = i[keep], j[keep]
    if pairs:
        return pandas.DataFrame({"from": i, "to": j})
    matrix = np.zeros((len(x), len(x)), dtype=bool)
    matrix[i, j] = True
    return matrix
