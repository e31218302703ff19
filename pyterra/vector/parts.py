"""Geometries taken apart and put together, all at once: parts of one owner, groups, pieces of one kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.cycles import unsearched
from pyterra.packages import shapely
from pyterra.vector.build import _EMPTY, Shapes

_UNKNOWN = float(np.finfo(np.float64).min)
"""Stands for a height that is not known while geometries are made."""
_OF_KIND = {"points": (0, 4), "lines": (1, 2, 5), "polygons": (3, 6)}


def empties(kind: str, count: int) -> Shapes:
    """Empty geometries of a kind."""
    out: Shapes = np.empty(count, dtype=object)
    out[:] = shapely.from_wkt(_EMPTY.get(kind, "POINT EMPTY"))
    return out


def joined(parts: Shapes, owner: Any, count: int | None, kind: str) -> Shapes:
    """Single geometries of one kind put together by owner; one part stays single.

    Parameters
    ----------
    parts : ndarray of points, linestrings or polygons
    owner : ndarray of int
        Number of the geometry that each belongs to.
    count : int or None
        Number of geometries; owners of nothing become empty. None: as many as there are different owners.
    kind : str
        points, lines or polygons.
    """
    order = np.argsort(owner, kind="stable")
    who, index, counts = np.unique(np.asarray(owner)[order], return_inverse=True, return_counts=True)
    out = empties(kind, len(who) if count is None else count)
    if len(who):
        multi = {
            "points": shapely.multipoints,
            "lines": shapely.multilinestrings,
            "polygons": shapely.multipolygons,
        }[kind]
        ordered = np.asarray(parts, dtype=object)[order]
        made: Shapes = ordered[np.r_[0, np.cumsum(counts)[:-1]]]
        several = counts > 1
        if several.any():
            number = (np.cumsum(several) - 1)[index]
            among = several[index]
            made[several] = multi(ordered[among], indices=number[among])
        out[np.arange(len(who)) if count is None else who] = made
    return out


def grouped(shapes: Shapes, owner: Any, count: int) -> Shapes:
    """Geometries collected by owner as they are, overlapping or not; owners of nothing get an empty collection."""
    order = np.argsort(owner, kind="stable")
    who, index = np.unique(np.asarray(owner)[order], return_inverse=True)
    out: Shapes = np.empty(count, dtype=object)
    out[:] = shapely.from_wkt("GEOMETRYCOLLECTION EMPTY")
    if len(who):
        out[who] = shapely.geometrycollections(np.asarray(shapes, dtype=object)[order], indices=index)
    return out


def united(shapes: Shapes, owner: Any, count: int) -> Shapes:
    """The union of the geometries of each owner."""
    if count == 0:
        return np.empty(0, dtype=object)
    return np.asarray(shapely.union_all(grouped(shapes, owner, count)[:, None], axis=1), dtype=object)


def only(shapes: Shapes, kind: str) -> Shapes:
    """What is of one kind in geometries that may be collections; empty where nothing is."""
    ids = shapely.get_type_id(shapes)
    mixed = ~np.isin(ids, _OF_KIND[kind]) if kind in _OF_KIND else np.zeros(len(shapes), dtype=bool)
    if not mixed.any():
        return shapes
    parts, owner = single_parts(shapes)
    keep = np.isin(shapely.get_type_id(parts), _OF_KIND[kind]) & ~shapely.is_empty(parts)
    return joined(parts[keep], owner[keep], len(shapes), kind)


def parts_of(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Parts of geometries, and whose they are. Geometries that are all single are their own parts, not copied."""
    ids = shapely.get_type_id(shapes)
    if ((ids >= 0) & (ids <= 3)).all():
        return shapes, np.arange(len(shapes))
    parts, owner = shapely.get_parts(shapes, return_index=True)
    return parts, owner


def single_parts(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Points, linestrings and polygons of geometries however nested, and whose they are."""
    parts, owner = parts_of(shapes)
    while (shapely.get_type_id(parts) > 3).any():
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    return parts, owner


def polygons_of_rings(rings: Shapes, hole: NDArray[np.bool_]) -> Shapes:
    """Polygons of rings in order: each outer ring is followed by its holes.

    Parameters
    ----------
    rings : ndarray of linearrings
    hole : ndarray of bool
        The first is False.
    """
    owner = np.cumsum(~hole) - 1
    if not hole.any():
        return np.asarray(shapely.polygons(rings), dtype=object)
    return np.asarray(shapely.polygons(rings, indices=owner), dtype=object)


def curves(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp], NDArray[np.intp]]:
    """Rings of polygons, or lines, the part that each belongs to, and the geometry of each part."""
    parts, owner = parts_of(shapes)
    if not (shapely.get_type_id(parts) == 3).any():
        return parts, np.arange(len(parts)), owner
    rings, of = shapely.get_rings(parts, return_index=True)
    return rings, of, owner


def made_of(make: Callable[..., Any], xyz: Any, index: Any) -> Shapes:
    """Lines or rings of coordinates with or without heights; flat where no height of theirs is known.

    Parameters
    ----------
    make : shapely.linestrings or shapely.linearrings
    xyz : ndarray of shape (vertices, 2) or (vertices, 3)
        An unknown height is NaN.
    index : ndarray of int
        Number of the line or ring of each vertex, from 0, in order.
    """
    if xyz.shape[1] == 2 or not len(xyz) or not np.isnan(xyz[:, 2]).any():
        return np.asarray(make(xyz, indices=index), dtype=object)
    z = xyz[:, 2]
    known = np.bincount(index, np.isfinite(z)) > 0
    filled = np.column_stack([xyz[:, :2], np.where(np.isnan(z), _UNKNOWN, z)])  # a ring does not close at NaN
    out = np.asarray(make(filled, indices=index), dtype=object)
    there = shapely.get_coordinates(out, include_z=True)
    there[there[:, 2] == _UNKNOWN, 2] = np.nan
    out = np.asarray(shapely.set_coordinates(out, there), dtype=object)
    out[~known] = shapely.force_2d(out[~known])
    return out


def points_at(xyz: Any) -> Shapes:
    """Points of coordinates of shape (n, 2) or (n, 3), in two dimensions where no height is known."""
    with unsearched():
        shapes: Shapes = np.asarray(shapely.points(xyz), dtype=object)
    solid = np.flatnonzero(shapely.has_z(shapes)) if xyz.shape[1] > 2 else np.empty(0, np.int64)
    if solid.size:
        z, of = shapely.get_coordinates(shapes[solid], include_z=True, return_index=True)
        known = np.bincount(of, np.isfinite(z[:, 2]), minlength=solid.size) > 0
        shapes[solid[~known]] = shapely.force_2d(shapes[solid[~known]])
    return shapes


def of_curves(xy: Any, curve: Any, of: Any, owner: Any, count: int, kind: str) -> Shapes:
    """Lines or polygons of the coordinates of their curves in order, as `curves` tells them apart."""
    first = _first_of_runs(curve)
    return of_runs(xy, first, of[curve[first]], owner, count, kind)


def of_runs(xy: Any, first: Any, of: Any, owner: Any, count: int, kind: str) -> Shapes:
    """The same of curves that begin at the coordinates `first`; `of` has the part of each."""
    part = _first_of_runs(of)
    if not len(first):
        return empties(kind, count)
    if xy.shape[1] > 2:
        numbers = np.repeat(np.arange(len(first)), np.diff(first, append=len(xy)))
        made = made_of(shapely.linearrings if kind == "polygons" else shapely.linestrings, xy, numbers)
        if kind == "polygons":
            made = shapely.polygons(
                made, indices=np.repeat(np.arange(len(part)), np.diff(part, append=len(of)))
            )
    else:
        kinds = {"polygons": shapely.GeometryType.POLYGON, "lines": shapely.GeometryType.LINESTRING}
        rings = (np.append(part, len(of)),) if kind == "polygons" else ()
        made = shapely.from_ragged_array(kinds[kind], xy, (np.append(first, len(xy)), *rings))
    return joined(made, owner[of[part]], count, kind)


def _first_of_runs(number: Any) -> NDArray[np.intp]:
    """Where runs of equal numbers begin."""
    return np.flatnonzero(np.r_[True, number[1:] != number[:-1]][: len(number)])
