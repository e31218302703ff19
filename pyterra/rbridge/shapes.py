"""Vectors as a header, one matrix of vertices, and the table of attributes. Nothing goes through text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.rbridge.schema import SCHEMA, Header, checked
from pyterra.rbridge.tables import Doubles, frame_of, parts_of
from pyterra.vector._build import Shapes, attributes_of, build, check_vector
from pyterra.vector._late import shapely
from pyterra.vector._parts import empties
from pyterra.vector.spatvector import SpatVector


def vector_parts(x: SpatVector) -> tuple[Header, Doubles, Header, Doubles]:
    """A vector as R builds it.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    header : dict
    geometry : ndarray of shape (vertices, 5), Fortran order
        Columns geom, part (numbers from 1), x, y and hole (0 = outside, else numbers from 1).
    attributes : dict
        Header of the table.
    table : ndarray of shape (geometries, attributes), Fortran order
    """
    check_vector(x, "to_r")
    header = {"schema": SCHEMA, "kind": x.geomtype(), "count": len(x), "crs": x.wkt}
    attributes, table = parts_of(attributes_of(x))
    vertices = x.geom()
    geometry = np.empty((len(vertices), 5), order="F")
    geometry[:] = vertices
    geometry[:, :2] += 1
    empty = shapely.is_empty(x.geoms)
    if empty.any():  # R keeps their places by a vertex without coordinates
        where = np.flatnonzero(empty) + 1.0
        holders = np.column_stack(
            [where, np.ones(len(where)), np.full((len(where), 2), np.nan), np.zeros(len(where))]
        )
        geometry = np.concatenate([geometry, holders])
        geometry = np.asfortranarray(geometry[np.argsort(geometry[:, 0], kind="stable")])
    return header, geometry, attributes, table


def vector_of(
    header: Mapping[str, Any], geometry: Doubles, attributes: Mapping[str, Any], table: Doubles
) -> SpatVector:
    """The vector that R describes; exact, holes and parts kept."""
    count = int(checked(header)["count"])
    vertices = np.reshape(np.asarray(geometry, np.float64), (-1, 5), order="F")
    shapes = _assembled(str(header["kind"]), count, vertices)
    frame = frame_of(attributes, table) if attributes["columns"] else None  # R gives no rows then
    return build(shapes, frame, header["crs"] or None)


def _assembled(kind: str, count: int, vertices: Doubles) -> Shapes:
    """Geometries of a matrix of vertices, by ragged arrays."""
    vertices = vertices[~np.isnan(vertices[:, 2])]
    shapes = empties(kind, count)
    if len(vertices) == 0:
        return shapes
    geom, part, hole = (vertices[:, k].astype(np.int64) for k in (0, 1, 4))
    xy = np.ascontiguousarray(vertices[:, 2:4])
    new_geom = _starts(geom)
    who = geom[new_geom] - 1
    if kind == "points":
        made = _ragged("points", xy, [np.r_[np.flatnonzero(new_geom), len(geom)]])
    else:
        new_part = new_geom | _starts(part)
        new_ring = new_part | _starts(hole)
        rings = np.r_[np.flatnonzero(new_ring), len(geom)]
        ring_is_part, ring_is_geom = new_part[new_ring], new_geom[new_ring]
        if kind == "lines":
            made = _ragged("lines", xy, [rings, np.r_[np.flatnonzero(ring_is_geom), len(ring_is_geom)]])
        else:
            parts = np.r_[np.flatnonzero(ring_is_part), len(ring_is_part)]
            part_is_geom = ring_is_geom[ring_is_part]
            made = _ragged(
                "polygons", xy, [rings, parts, np.r_[np.flatnonzero(part_is_geom), len(part_is_geom)]]
            )
    shapes[who] = made
    return shapes


def _starts(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.r_[True, values[1:] != values[:-1]]


def _ragged(kind: str, xy: Doubles, offsets: list[Any]) -> Shapes:
    """Geometries of offsets; those of one part are single."""
    types = shapely.GeometryType
    multi = {
        "points": types.MULTIPOINT,
        "lines": types.MULTILINESTRING,
        "polygons": types.MULTIPOLYGON,
    }[kind]
    made = np.asarray(shapely.from_ragged_array(multi, xy, tuple(offsets)), dtype=object)
    single = shapely.get_num_geometries(made) == 1
    made[single] = shapely.get_geometry(made[single], 0)
    return made
