"""Polygons that become part of other polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.packages import pandas, shapely
from pyterra.vector.build import Shapes, attributes_of, build, check_kind, check_vector, joint_crs
from pyterra.vector.distance import distance as distances
from pyterra.vector.join import rbind
from pyterra.vector.overlay import erase as erased
from pyterra.vector.parts import empties, joined, single_parts, united
from pyterra.vector.relate import related_pairs

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector


def combine_geoms(
    x: SpatVector,
    y: SpatVector,
    *,
    overlap: bool = True,
    boundary: bool = True,
    distance: bool = True,
    append: bool = True,
    minover: float = 0.1,
    maxdist: float = np.inf,
    dissolve: bool = True,
    erase: bool = True,
) -> SpatVector:
    """Polygons of `x` with those of `y` that belong to them: small ones that were left between, or drawn apart.

    Parameters
    ----------
    x, y : SpatVector
        Polygons.
    overlap : bool
        First, a polygon of `y` belongs to the one of `x` that covers most of it.
    boundary : bool
        Then, to the one with which it shares the longest border, where what overlaps is part of `x` by now.
    distance : bool
        Then, to the one that was the nearest.
    append : bool
        Add the polygons of `y` that belong to none.
    minover : float
        Which share of a polygon of `y` must be covered; less is no overlap.
    maxdist : float
        Polygons must be nearer than this, in metres.
    dissolve : bool
        Dissolve the borders between them. If False, they become parts of one geometry.
    erase : bool
        Take from polygons of `y` what others of `y`, which come later, and `x` cover, so that nothing overlaps anew.

    Returns
    -------
    SpatVector
        With the attributes of `x`; those of `y` for polygons that are appended. Of several polygons that are equally
        good, the first is taken.

    Raises
    ------
    ArgumentError
        For points or lines.
    CRSMismatchError
        Where the two have different CRS.

    See Also
    --------
    rbind : Appends all.
    union : Cuts at all borders.
    gaps : What polygons leave between them.

    Examples
    --------
    >>> import pyterra as pt
    >>> x = pt.vect("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0))")
    >>> x.combine_geoms(pt.vect("POLYGON ((4 1, 6 1, 6 2, 4 2, 4 1))")).geoms[0].area
    18.0
    """
    check_kind(check_vector(x, "combine_geoms"), "polygons", "combine_geoms")
    check_kind(check_vector(y, "combine_geoms: y"), "polygons", "combine_geoms: y")
    crs = joint_crs(x, y, "combine_geoms")
    owner = np.full(len(y), -1)
    if overlap:
        _assign(owner, *_overlaps(y.geoms, x.geoms, minover))
    pieces = _erased(y, x) if erase else y.geoms
    if boundary:
        _assign(owner, *_borders(pieces, _with(x.geoms, pieces, owner, dissolve)))
    left = np.flatnonzero((owner < 0) & ~shapely.is_empty(pieces))
    if distance and len(left) and len(x):
        far = np.asarray(distances(build(pieces[left], None, crs), build(x.geoms, None, crs)))
        near = far.min(axis=1) < maxdist
        owner[left[near]] = far.argmin(axis=1)[near]
        left = left[~near]
    made = build(_with(x.geoms, pieces, owner, dissolve), attributes_of(x), crs)
    if not append or not len(left):
        return made
    return rbind(made, build(pieces[left], attributes_of(y).iloc[left], crs))


def _assign(owner: NDArray[np.int64], i: Any, j: Any, measure: Any) -> None:
    """Owners of those that have none: of each `i` the `j` of the greatest measure, the first of equals."""
    free = owner[i] < 0
    i, j, measure = i[free], j[free], measure[free]
    order = np.lexsort((j, -measure, i))
    mine, first = np.unique(i[order], return_index=True)
    owner[mine] = j[order][first]


def _overlaps(pieces: Shapes, shapes: Shapes, least: float) -> tuple[Any, Any, Any]:
    i, j = related_pairs(pieces, shapes, "intersects")
    share = shapely.area(shapely.intersection(pieces[i], shapes[j])) / shapely.area(pieces[i])
    enough = share > least
    return i[enough], j[enough], share[enough]


def _borders(pieces: Shapes, shapes: Shapes) -> tuple[Any, Any, Any]:
    i, j = related_pairs(pieces, shapes, "intersects")
    border = shapely.length(shapely.intersection(shapely.boundary(pieces[i]), shapely.boundary(shapes[j])))
    shared = border > 0
    return i[shared], j[shared], border[shared]


def _erased(y: SpatVector, x: SpatVector) -> Shapes:
    """Polygons without what later ones and those of `x` cover; empty where nothing is left."""
    numbered = build(y.geoms, pandas.DataFrame({"row": np.arange(len(y))}), x.crs)
    left = erased(erased(numbered), x)
    pieces = empties("polygons", len(y))
    pieces[attributes_of(left)["row"].to_numpy()] = left.geoms
    return pieces


def _with(shapes: Shapes, pieces: Shapes, owner: NDArray[np.int64], dissolve: bool) -> Shapes:
    """Geometries with the pieces that they own; the others are as they were."""
    given = np.flatnonzero((owner >= 0) & ~shapely.is_empty(pieces))
    out: Shapes = shapes.copy()
    grown, who = np.unique(owner[given], return_inverse=True)
    if not len(grown):
        return out
    together = np.concatenate([shapes[grown], pieces[given]])
    row = np.r_[np.arange(len(grown)), who]
    if dissolve:
        out[grown] = united(together, row, len(grown))
    else:
        parts, of = single_parts(together)
        out[grown] = joined(parts, row[of], len(grown), "polygons")
    return out
