"""Files as nodes: opened as their format says, described, no cell is read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyterra.errors import ArgumentError, warn
from pyterra.expr import Node, Read
from pyterra.expr.layers import block_dtype
from pyterra.io import formats
from pyterra.io.formats.geolocated import located
from pyterra.io.formats.names import prefix_of, without_part
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.describe import describe_grid, describe_layers
from pyterra.io.raster.gdal import absolute, is_plain_file
from pyterra.io.raster.raster_file import FileSource, hidden_by, open_source


def open_node(path: str, subds: Any = None, mask: bool | None = None) -> Node:
    """All bands of a file, with what the file says of them; of NetCDF, all or some variables.

    `mask` says whether cells that a mask or an alpha band hides are missing; None that nobody said so.
    """
    own = own_format(path)
    if own is not None and own.load is not None:
        node: Node = own.load(path, subds)
        return node
    if subds is not None:
        raise ArgumentError(f"rast: subds is for NetCDF files, got {path!r}")
    source, dataset = open_source(path)
    with dataset:
        hides = hidden_by(dataset)
        if hides and mask is None:
            warn(
                f"rast: {source.name} has {'an' if hides[0] == 'a' else 'a'} {hides}, which is not applied; with "
                "mask=True the cells it hides are missing, mask=False says that they are not"
            )
        return described(dataset, replace(source, masked=bool(hides and mask)))


def described(dataset: Any, source: FileSource) -> Read:
    """All bands of an open dataset."""
    layers = describe_layers(dataset, source)
    return Read(
        grid=located(describe_grid(dataset, source), dataset, source, open_node),
        layers=layers,
        dtype=block_dtype([b.dtype if b.plain else "float64" for b in source.bands]),
        source=source,
        bands=tuple(range(len(layers))),
    )


def own_format(path: str) -> RasterFormat | None:
    """The format of a file of this machine that pyterra reads itself; None for what GDAL reads."""
    prefix, file = prefix_of(path), absolute(without_part(path))
    if not is_plain_file(file):
        return None
    for record in formats.RASTER:
        named = file.lower().endswith(record.endings) and (not prefix or prefix in record.prefixes)
        if record.load and named:
            return record
    return None
