"""What the R package does that is no verb: objects in and out, and verbs whose results hold positions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import SourceError
from pyterra.extent import SpatExtent
from pyterra.raster.spatraster import SpatRaster
from pyterra.rbridge import blocks, schema, shapes
from pyterra.vector.spatvector import SpatVector

Doubles = NDArray[np.float64]


class Opaque:
    """Something that R holds between two questions."""

    opaque = True

    def __init__(self, held: Any) -> None:
        self.held = held


# Rasters


def raster_of(header: str) -> SpatRaster | None:
    """The raster of a header; None where its values must travel."""
    found = schema.from_text(header)
    if found["has_values"] and not found["files"]:
        return None
    try:
        return schema.raster_of(found)
    except SourceError:
        return None


def rows(header: str) -> Opaque:
    """Room for the rows of a raster."""
    return Opaque(blocks.Rows(schema.from_text(header)))


def put_rows(room: Opaque, values: Doubles, row: int, count: int) -> None:
    """Take a block of rows."""
    room.held.put(values, row, count)


def finished(room: Opaque) -> SpatRaster:
    """The raster, once all rows are there."""
    made: SpatRaster = room.held.raster()
    return made


def header(x: SpatRaster) -> str:
    """What R builds the raster from."""
    return schema.to_text(schema.describe(x))


def travels(x: SpatRaster) -> bool:
    """Whether the values must travel: R cannot read them from files."""
    found = schema.describe(x)
    return bool(found["has_values"]) and not found["files"]


def values_of(x: SpatRaster) -> Opaque:
    """The blocks of a raster, computed one after the other."""
    return Opaque(iter(blocks.rows_of(x)))


def next_block(source: Opaque) -> tuple[int, int, Doubles] | None:
    """The next block: first row, number of rows, values; None after the last."""
    found: Iterator[tuple[int, int, Doubles]] = source.held
    block = next(found, None)
    return None if block is None else (block[0], block[1], np.ascontiguousarray(block[2]).reshape(-1))


# Vectors, extents, tables


def vector_of(header: str, geometry: Doubles, attributes: str, table: Doubles) -> SpatVector:
    """The vector that R describes."""
    return shapes.vector_of(json.loads(header), geometry, json.loads(attributes), table)


def vector_parts(x: SpatVector) -> tuple[str, Doubles, str, Doubles]:
    """A vector as R builds it; matrices column after column."""
    header, geometry, attributes, table = shapes.vector_parts(x)
    return json.dumps(header), geometry.ravel(order="F"), json.dumps(attributes), table.ravel(order="F")


def edges(x: SpatExtent) -> list[float]:
    """xmin, xmax, ymin, ymax."""
    return list(x)


def frame(x: Any) -> Any:
    """A table that stays in Python."""
    return Opaque(x)


# Verbs whose results hold positions, which R counts from 1


def shifted(x: Any, by: float) -> Any:
    """A raster, or a table of them, with a number added."""
    return x + by


def nearest(x: SpatVector, *args: Any, **kwargs: Any) -> SpatVector:
    """`SpatVector.nearest` with numbers of geometries from 1."""
    found = x.nearest(*args, **kwargs)
    table = found.values()
    for name in ("from_id", "to_id"):
        if name in table.columns:
            table[name] = table[name] + 1
    return found.set_values(table)
