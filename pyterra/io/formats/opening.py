"""Files as nodes: opened as their format says, described, no cell is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pyterra.errors import ArgumentError, GridMismatchError, LayerError, warn
from pyterra.expr import Node, Read, join
from pyterra.expr.layers import block_dtype
from pyterra.io import formats
from pyterra.io.formats.geolocated import located
from pyterra.io.formats.names import data_sets_asked, prefix_of, without_part
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.describe import describe_grid, describe_layers
from pyterra.io.raster.gdal import absolute, is_plain_file, subdatasets
from pyterra.io.raster.raster_file import FileSource, NoBandsError, hidden_by, open_source


def open_node(path: str, subds: Any = None, mask: bool | None = None) -> Node:
    """All bands of a file, with what the file says of them; of NetCDF, all or some variables.

    `mask` says whether cells that a mask or an alpha band hides are missing; None that nobody said so.
    """
    own = own_format(path)
    if own is not None and own.load is not None:
        node: Node = own.load(path, subds)
        return node
    if subds is not None:
        return _data_sets(path, subds, mask)
    try:
        source, dataset = open_source(path)
    except NoBandsError:
        return _data_sets(path, None, mask)
    with dataset:
        hides = hidden_by(dataset)
        if hides and mask is None:
            warn(
                f"rast: {source.name} has {'an' if hides[0] == 'a' else 'a'} {hides}, which is not applied; with "
                "mask=True the cells it hides are missing, mask=False says that they are not"
            )
        return described(dataset, replace(source, masked=bool(hides and mask)))


def _data_sets(path: str, subds: Any, mask: bool | None) -> Node:
    """The layers of the data sets of a file: those asked for, or all on the grid of the first."""
    found = subdatasets(absolute(path))
    if not found:
        raise ArgumentError(f"rast: subds is for files of several data sets, got {path!r}")
    names = list(found) if subds is None else [_one_of(found, one, path) for one in data_sets_asked(subds)]
    nodes = [open_node(found[name], mask=mask) for name in names]
    fits = [node.grid.same_cells(nodes[0].grid) for node in nodes]
    left = ", ".join(name for name, fit in zip(names, fits, strict=True) if not fit)
    if left and subds is not None:
        raise GridMismatchError(
            f"rast: {path}: data sets must lie on one grid, got {left} on another than {names[0]}"
        )
    if left:
        warn(
            f"rast: {path}: {left} lie on another grid than {names[0]} and were left out; take them with subds="
        )
    return join([node for node, fit in zip(nodes, fits, strict=True) if fit])


def _one_of(found: Mapping[str, str], asked: str | int, path: str) -> str:
    """The data set of a number, or of a name, without the groups that it is in where that is enough."""
    names = list(found)
    if isinstance(asked, str):
        name = asked.strip("/")
        fits = [one for one in names if one == name] or [
            one for one in names if one.rpartition("/")[2] == name
        ]
    else:
        fits = names[asked : asked + 1] if asked >= 0 else []
    if len(fits) != 1:
        raise LayerError(
            f"rast: {path}: subds must be one of {', '.join(names)}, or its number (0 to {len(names) - 1}), got {asked!r}"
        )
    return fits[0]


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
