"""The tiles of a raster on their way through a function, and into files that are joined."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import (
    ArgumentError,
    CRSMismatchError,
    GridMismatchError,
    SinkError,
    SourceError,
    UDFError,
    said_by,
)
from pyterra.expr import Layer, Node, Read, relabel
from pyterra.expr.layers import Layers
from pyterra.frozen import dataclass
from pyterra.functions.udf import Function
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.formats.opening import open_node
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.raster.build import is_raster, node_of, raster
from pyterra.raster.mosaic import vrt
from pyterra.raster.sources import file_bands
from pyterra.raster.stored import default_datatype
from pyterra.tiles.grid import Tile, path_inside

SIDE = 2048
"""Rows and columns of a tile, unless told otherwise."""


@dataclass(frozen=True)
class Pieces:
    """The tiles of a raster on their way through a function, and into files."""

    x: SpatRaster
    buffer: tuple[int, int]
    """Cells beyond a tile above and below, left and right."""
    folder: str
    verb: str
    """For errors."""
    datatype: str | None = None
    overwrite: bool = True
    exact: bool = True
    """Whether values are kept as they are: the files go away with the raster."""

    def seen(self, tile: Tile) -> SpatRaster:
        """A tile with its margins."""
        grid, (rows, cols) = self.x._node.grid, self.buffer
        return self.x.crop(self._inner(tile).extend((cols * grid.xres, rows * grid.yres)))

    def take(self, tile: Tile, result: Any, function: str) -> Path:
        """Write what a function gave of a tile, without the margins."""
        inner = self._inner(tile)
        if not is_raster(result):
            raise UDFError(f"{self.verb}: {function} must give a SpatRaster, got {type(result).__name__}")
        inside = result.crop(inner)
        missing = np.abs(np.subtract(list(inside.ext), list(inner))).max() > 0.5 * max(inside.res)
        if missing:
            raise UDFError(
                f"{self.verb}: what {function} gives must cover its tile {inner}, got {result.ext}"
            )
        path = path_inside(self.folder, f"{tile.id}.tif")
        with said_by(self.verb):
            node = node_of(inside, self.verb)
            datatype = self.datatype or default_datatype(node)
            if self.exact and self.datatype is None and datatype == "float32":
                datatype = node.dtype.name
            inside.write_raster(path, overwrite=self.overwrite, datatype=datatype)
        return path

    def joined(self, tiles: Iterable[Tile]) -> SpatRaster:
        """The virtual mosaic, with what the first tile says of its layers, and the classes of all."""
        paths = [Path(self.folder, f"{tile.id}.tif") for tile in tiles]
        layers = self._layers(paths)
        try:
            made = vrt(paths, Path(self.folder, "tiles.vrt"), overwrite=True)
        except (GridMismatchError, CRSMismatchError, SourceError) as error:
            raise UDFError(
                f"{self.verb}: what the function gives of the tiles must fit together ({error}); give another size of "
                "tiles, such as a multiple of that by which cells are joined"
            ) from error
        kept = (replace(told, storage=la.storage) for told, la in zip(layers, made._node.layers, strict=True))
        return raster(relabel(made._node, tuple(kept)))

    def _layers(self, paths: Sequence[Path]) -> Layers:
        """What the tiles say of their layers. Files of several types are written anew, in one that holds all values."""
        nodes = [open_node(str(paths[0]))]
        if self.exact or any(layer.categories for layer in nodes[0].layers):
            nodes += [open_node(str(path)) for path in paths[1:]]
        if self.exact and len({_stored(node) for node in nodes}) > 1:
            for path, node in zip(paths, nodes, strict=True):
                raster(node).write_raster(path, overwrite=True, datatype="float64")
        return tuple(
            _joint(layers, self.verb) for layers in zip(*(node.layers for node in nodes), strict=False)
        )

    def _inner(self, tile: Tile) -> SpatExtent:
        inner = SpatExtent(*tile.extent).intersect(self.x._node.grid.extent)
        if inner is None:
            raise ArgumentError(f"{self.verb}: tile {tile.id} must lie on the raster")
        return inner


def _stored(node: Node) -> str:
    """How a file keeps its numbers."""
    return repr([(band.dtype, band.nodata, band.scale, band.offset) for band in file_bands(node) if band])


def _joint(layers: Sequence[Layer], verb: str) -> Layer:
    """The layer of which each tile has a part: as the first tile says, with the classes of all."""
    first = layers[0].without_range()
    if len({layer.kind for layer in layers}) > 1:
        return replace(first.number(), unit=first.unit)
    tables = [layer.categories for layer in layers if layer.categories is not None]
    if not tables:
        return first
    rows: dict[Any, tuple[Any, ...]] = {}
    for table in tables:
        for row in table.rows:
            if repr(rows.setdefault(row[0], row)) != repr(row) or table.columns != tables[0].columns:
                raise UDFError(
                    f"{verb}: what the function gives of the tiles must fit together, got classes {rows[row[0]]} and "
                    f"{row} in layer {first.name!r}; give all tiles one table of classes"
                )
    return replace(first, categories=replace(tables[0], rows=tuple(rows[value] for value in sorted(rows))))


def function_of(fun: Any, arguments: Mapping[str, Any], verb: str) -> Function:
    """A function of rasters with its arguments.

    Raises
    ------
    ArgumentError
        For anything that cannot be called.
    """
    if not callable(fun):
        raise ArgumentError(f"{verb}: fun must be a function of a raster, got {type(fun).__name__}")
    return Function(fun, arguments)


def temporary_folder(verb: str) -> Path:
    """A folder for tiles that go away with their raster.

    Raises
    ------
    SinkError
        Where there can be none.
    """
    parent = current().temporary_folder
    try:
        return Path(tempfile.mkdtemp(prefix=f"pyterra-{os.getpid()}-", dir=parent))
    except OSError as error:
        raise SinkError(
            f"{verb}: no temporary folder can be made in {parent}: {error.strerror}; choose another one with "
            "pt.options(tempdir=)"
        ) from error


def goes_with(made: SpatRaster, folder: str | os.PathLike[str]) -> SpatRaster:
    """A raster with which the folder of its tiles goes away."""
    node = made._node
    assert isinstance(node, Read)
    node = replace(node, source=replace(node.source))  # type: ignore[type-var]
    when_gone(node.source, shutil.rmtree, os.fspath(folder), True)
    return raster(node)
