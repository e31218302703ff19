"""Vectors as a header, one matrix of vertices, and the table of attributes. Nothing goes through text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.handles.spatvector import SpatVector
from pyterra.packages import shapely
from pyterra.rbridge.schema import SCHEMA, Header, checked
from pyterra.rbridge.tables import Doubles, frame_of, parts_of
from pyterra.vector.build import Shapes, attributes_of, build, check_vector
from pyterra.vector.parts import empties, joined, made_of, points_at


def vector_parts(x: SpatVector) -> tuple[Header, Doubles, Header, Doubles]:
    """A vector as R builds it.

    Parameters
    ----------
    x : SpatVector

    Returns
    -------
    header : dict
    geometry : ndarray of shape (vertices, 5), Fortran order
        Columns geom, part (numbers from 1), x, y and hole (0 = outside, else numbers from 1), and z where the header
        says that there are heights.
    attributes : dict
        Header of the table.
    table : ndarray of shape (geometries, attributes), Fortran order
    """
    check_vector(x, "to_r")
    header = {"schema": SCHEMA, "kind": x.geomtype(), "count": len(x), "crs": x.wkt}
    if x.has_z():
        header["heights"] = True
    attributes, table = parts_of(attributes_of(x))
    return header, _vertices(str(header["kind"]), x.geoms), attributes, table


def _vertices(kind: str, shapes: Shapes) -> Doubles:
    """A row for each vertex; an empty geometry keeps its place by one without coordinates, as in R."""
    empty = shapely.is_empty(shapes)
    full = shapes[~empty]
    if kind == "none" or len(full) == 0:
        xyz, rings, parts, geoms = np.empty((0, 2)), *[np.zeros(1, np.int64)] * 3
    else:
        xyz, rings, parts, geoms = _offsets(kind, full)
    out = np.full((len(xyz) + int(empty.sum()), 3 + xyz.shape[1]), np.nan, order="F")
    rows = slice(len(xyz))
    ring_of = np.repeat(np.arange(len(rings) - 1), np.diff(rings))
    part_of_ring = np.repeat(np.arange(len(parts) - 1), np.diff(parts))
    geom_of_part = np.repeat(np.arange(len(geoms) - 1), np.diff(geoms))
    place = np.flatnonzero(~empty)
    part_number = np.arange(len(geom_of_part)) - geoms[geom_of_part]
    hole = np.arange(len(part_of_ring)) - parts[part_of_ring]
    part = part_of_ring[ring_of]
    out[rows, 0] = place[geom_of_part[part]] + 1
    out[rows, 1] = part_number[part] + 1
    out[rows, 2:4] = xyz[:, :2]
    out[rows, 4] = hole[ring_of]
    out[rows, 5:] = xyz[:, 2:]
    if empty.any():
        rest = slice(len(xyz), None)
        out[rest, 0], out[rest, 1] = np.flatnonzero(empty) + 1, 1
        out[rest, 2:4], out[rest, 4] = np.nan, 0
        out = np.asfortranarray(out[np.argsort(out[:, 0], kind="stable")])
    return out


def _offsets(kind: str, shapes: Shapes) -> tuple[Doubles, Any, Any, Any]:
    """Coordinates, and where rings begin among them, parts among rings, geometries among parts."""
    _, xy, found = shapely.to_ragged_array(shapes, include_z=bool(shapely.has_z(shapes).any()))
    offsets = [np.asarray(part, np.int64) for part in found]
    levels = {"points": 1, "lines": 2, "polygons": 3}[kind]
    if len(offsets) < levels:  # all are of one part
        offsets.append(np.arange(len(shapes) + 1))
    if kind == "points":  # all points of a geometry are one part
        steps = np.arange(len(shapes) + 1)
        return xy, offsets[0], steps, steps
    if kind == "lines":
        return xy, offsets[0], np.arange(len(offsets[0])), offsets[1]
    return xy, offsets[0], offsets[1], offsets[2]


def vector_of(
    header: Mapping[str, Any], geometry: Doubles, attributes: Mapping[str, Any], table: Doubles
) -> SpatVector:
    """The vector that R describes; exact, holes and parts kept."""
    count = int(checked(header)["count"])
    columns = 6 if header.get("heights") else 5
    vertices = np.reshape(np.asarray(geometry, np.float64), (-1, columns), order="F")
    shapes = _assembled(str(header["kind"]), count, vertices)
    frame = frame_of(attributes, table) if attributes["columns"] else None  # R gives no rows then
    return build(shapes, frame, header["crs"] or None)


def _assembled(kind: str, count: int, vertices: Doubles) -> Shapes:
    """Geometries of a matrix of vertices, by ragged arrays."""
    missing = np.isnan(vertices[:, 2])
    if missing.any():
        vertices = vertices[~missing]
    if len(vertices) == 0:
        return empties(kind, count)
    geom, xyz = vertices[:, 0], np.ascontiguousarray(np.column_stack([vertices[:, 2:4], vertices[:, 5:]]))
    if kind == "points":
        return joined(points_at(xyz), geom.astype(np.int64) - 1, count, kind)
    part_starts = _starts(geom) | _starts(vertices[:, 1])
    ring_starts = part_starts | _starts(vertices[:, 4])
    rings = np.r_[np.flatnonzero(ring_starts), len(geom)]
    owner = geom[part_starts].astype(np.int64) - 1
    if kind == "lines":
        kind_of_part = shapely.GeometryType.LINESTRING
        offsets: tuple[Any, ...] = (rings,)
    else:
        first = np.flatnonzero(part_starts[ring_starts])
        parts = np.r_[first, len(rings) - 1]
        kind_of_part, offsets = shapely.GeometryType.POLYGON, (rings, parts)

    def make(xyz: Doubles, indices: Any) -> Any:
        return shapely.from_ragged_array(kind_of_part, xyz, offsets)

    single = made_of(make, xyz, np.cumsum(part_starts) - 1)
    if len(owner) == count and (owner == np.arange(count)).all():
        return single
    return joined(single, owner, count, kind)


def _starts(values: Doubles) -> NDArray[np.bool_]:
    """Where a value differs from the one before."""
    return np.r_[True, values[1:] != values[:-1]]
