"""What the R package does that is no verb: objects in and out, and verbs whose results hold positions."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import SourceError
from pyterra.expr import Read, relabel
from pyterra.expr.layers import common_tags
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.handles.spatvector import SpatVector
from pyterra.packages import pandas
from pyterra.raster import show
from pyterra.raster.build import node_of, raster
from pyterra.raster.indexing import assign_scattered
from pyterra.raster.sources import file_bands, pieces
from pyterra.raster.values import array_node
from pyterra.raster.window import whole_of
from pyterra.rbridge import blocks, schema, shapes
from pyterra.run import to_array

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
    except (SourceError, ImportError):  # R reads formats for which nothing is installed here
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


def crosstab(x: SpatRaster, *, digits: int = 0, long: bool = False, use_na: bool = False) -> Any:
    """A table of combinations; or else counts, an axis per layer, and the labels along each axis."""
    found = x.crosstab(digits=digits, long=long, use_na=use_na)
    if long:
        return found
    columns = found.columns
    several = columns.nlevels > 1
    axes = [found.index, *([columns.unique(i) for i in range(columns.nlevels)] if several else [columns])]
    labels = [
        np.array([None if v != v else v if isinstance(v, str) else f"{v:.15g}" for v in axis], dtype=object)
        for axis in axes
    ]
    return [found.to_numpy(np.float64).reshape([len(axis) for axis in axes]), labels]


def sources(x: SpatRaster) -> Any:
    """A row for each layer: the source that it is of, its file, its band there, and whether it is an array in memory."""
    node = whole_of(x._node)
    runs = {layer: run for run, layers in enumerate(pieces(node)) for layer in layers}
    bands = file_bands(node)
    held = [isinstance(part, Read) and part.source.held is not None for part, _ in node.parts]
    table = {
        "sid": [runs[i] + 1 for i in range(len(x))],
        "source": [band.path if band else "" for band in bands],
        "bands": [band.band + 1 if band else i + 1 for i, band in enumerate(bands)],
        "held": held,
    }
    return pandas.DataFrame(table)


def in_memory(x: SpatRaster) -> Any:
    """The same."""
    return sources(x)


# Verbs whose results hold positions, which R counts from 1


def shifted(x: Any, by: float, columns: str | list[str] = "") -> Any:
    """A raster, or a table of them, or columns of a vector, with a number added."""
    if not isinstance(x, SpatVector):
        return x + by
    table = x.values()
    for name in [columns] if isinstance(columns, str) else columns:
        table[name] = table[name] + by
    return x.set_values(table)


def nearest(x: SpatVector, *args: Any, **kwargs: Any) -> SpatVector:
    """`SpatVector.nearest` with numbers of geometries from 1."""
    found = x.nearest(*args, **kwargs)
    table = found.values()
    for name in ("from_id", "to_id"):
        if name in table.columns:
            table[name] = table[name] + 1
    return found.set_values(table)


# Handles


def copied(x: Any) -> Any:
    """A handle of its own on the same raster or vector."""
    return copy.copy(x)


def become(x: Any, y: Any) -> None:
    """Rebind one handle to what another of its class stands for."""
    slots = {slot for kind in type(x).__mro__ for slot in getattr(kind, "__slots__", ())}
    for slot in slots - {"__weakref__", "_writer"}:
        setattr(x, slot, getattr(y, slot))


# Layers


def shared_tags(x: SpatRaster) -> list[list[str]]:
    """Name, text and domain of each tag of all layers together."""
    return [[name, text, domain] for (domain, name), text in common_tags(x._node.layers).items()]


def layers(x: SpatRaster) -> str:
    """The header of a raster of one cell with the same layers, without values."""
    found = schema.describe(x)
    one = {**found["grid"], "nrow": 1, "ncol": 1}
    return schema.to_text({**found, "grid": one, "has_values": False, "files": None})


UNTOLD = ("range", "storage", "nodata", "depth_name", "depth_unit", "tags", "shared_tags")
"""What headers do not say of layers."""


def with_layers(x: SpatRaster, header: str) -> SpatRaster:
    """A raster with the times, categories, colours, units and names of a header."""
    new = schema.layers_of(schema.from_text(header))
    merged = []
    for old, told in zip(x._node.layers, new, strict=True):
        kind = "factor" if told.categories else "int" if old.kind == "factor" else old.kind
        kept = {key: getattr(old, key) for key in UNTOLD}
        merged.append(replace(told, kind=kind, **kept))
    return raster(relabel(x._node, tuple(merged)))


# Values


def numbers(x: SpatRaster, where: list[int]) -> Doubles:
    """Values of a window (row, rows, column, columns), cell after cell, layer after layer."""
    row, nrows, col, ncols = (int(v) for v in where)
    node = node_of(x, "values")
    block = to_array(node, node.grid.rows_and_columns(row, nrows, col, ncols, "values"), own=False)
    return np.ascontiguousarray(block, dtype=np.float64).reshape(-1)


def row_blocks(x: SpatRaster, n: int) -> list[list[int]]:
    """First row and number of rows of each block."""
    return [list(block) for block in x.blocks(n)]


def write_start(
    x: SpatRaster, path: str | None, overwrite: bool, n: int, names: list[str] | None, **options: Any
) -> list[list[int]]:
    """Begin to write, under other names where some are told; the blocks, as of `row_blocks`."""
    named = x.copy()
    if names is not None:
        named.names = names
    named._writer = getattr(x, "_writer", None)
    blocks = [list(block) for block in named.write_start(path, overwrite, n=n, **options)]
    x._writer = named._writer
    return blocks


def window(x: SpatRaster, row: int, nrows: int, col: int, ncols: int) -> SpatRaster:
    """The part of a raster in some rows and columns."""
    grid = x._node.grid
    row, nrows, col, ncols = (int(v) for v in (row, nrows, col, ncols))
    grid.rows_and_columns(row, nrows, col, ncols, "values")
    half_x, half_y = grid.xres / 2, grid.yres / 2
    left, right = grid.x_from_col([col, col + ncols - 1])
    top, bottom = grid.y_from_row([row, row + nrows - 1])
    return x.crop(SpatExtent(left - half_x, right + half_x, bottom - half_y, top + half_y))


def set_values(
    x: SpatRaster, values: Doubles, kind: str, keeptime: bool, keepunits: bool, keep_names: bool
) -> SpatRaster:
    """A raster with new values, cell after cell, layer after layer."""
    grid = x._node.grid
    array = values.reshape(-1, grid.nrow, grid.ncol)
    node = array_node(array, grid)
    old = x._node.layers if len(x._node.layers) == len(array) else (None,) * len(array)
    merged = []
    for new, had in zip(node.layers, old, strict=True):
        made = replace(new, kind=cast(Any, kind))
        if had is not None:
            made = replace(made, name=had.name) if keep_names else made
            made = made.timed(had) if keeptime else made
            made = replace(made, unit=had.unit) if keepunits else made
        merged.append(made)
    return raster(relabel(node, tuple(merged)))


def with_cells(x: SpatRaster, cells: Sequence[int], values: Doubles, columns: int) -> SpatRaster:
    """A raster with other values at some cells, a column of values for each layer or for all; nothing is read."""
    node = node_of(x, "[<-")
    table = values.reshape(columns, -1)
    rows = np.stack([table[i % columns] for i in range(len(node.layers))])
    return raster(assign_scattered(node, np.asarray(cells, np.int64), rows))


def only_cells(x: SpatRaster, cells: Sequence[int]) -> SpatRaster:
    """A raster whose other cells are missing."""
    grid = x._node.grid
    test = np.full(grid.cells, np.nan)
    test[np.asarray(cells, np.int64)] = 1
    return x.mask(raster(array_node(test.reshape(1, grid.nrow, grid.ncol), grid)))


# Tiles, for functions of R one after the other


def chunks(x: SpatRaster, n: Any, buffer: Any) -> Opaque:
    """The tiles of a raster, and room for what a function gives of them."""
    return Opaque(import_module("pyterra.tiles.chunk").Chunks(x, n, buffer))


def chunk_count(room: Opaque) -> int:
    """How many there are."""
    return len(room.held)


def chunk_seen(room: Opaque, number: int) -> SpatRaster:
    """A tile with its margins."""
    found: SpatRaster = room.held.seen(int(number))
    return found


def chunk_take(room: Opaque, number: int, result: Any) -> None:
    """What the function gave of a tile."""
    room.held.take(int(number), result, "fun")


def chunk_joined(room: Opaque) -> SpatRaster:
    """The raster of all of them."""
    made: SpatRaster = room.held.joined()
    return made


# Words and attributes


def shown(x: Any) -> str:
    """What is printed; layers count from 1."""
    return show.text(x, 1) if isinstance(x, SpatRaster) else repr(x)


def without_attributes(x: SpatVector) -> SpatVector:
    """The geometries alone."""
    return x.subset(select=[])


# What there is


def doctor() -> dict[str, Any]:
    """Versions, paths and known conflicts, for ``py_check()``."""
    from pyterra.rbridge.diagnosis import doctor

    found = doctor()
    return {"findings": found.findings, "notes": list(found.notes), "problems": list(found.problems)}


def explored(title: str, *things: Any) -> str:
    """Serve a map; see `host_served`."""
    from pyterra.rbridge import host_served

    return host_served.explored(title, things)


# Whole jobs


def job(name: str, *args: Any) -> dict[str, Any]:
    """Run a job of `host_jobs`."""
    found: dict[str, Any] = getattr(import_module("pyterra.rbridge.host_jobs"), name)(*args)
    return found
