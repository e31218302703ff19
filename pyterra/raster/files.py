"""Files as nodes: opened, described, and joined layer by layer. No cell is read."""

from __future__ import annotations

import glob as _glob
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pyterra.errors import ArgumentError, SourceError
from pyterra.expr import Node, Read, join
from pyterra.expr.layers import block_dtype
from pyterra.raster._build import same_grid


def file_node(path: str, subds: Any = None) -> Node:
    """The node of a file, or of all files that match a pattern, in the order of their names."""
    from pyterra.io.gdal import is_plain_file

    if is_plain_file(path) and any(ch in path for ch in "*?[") and not os.path.exists(path):
        found = sorted(_glob.glob(os.path.expanduser(path), recursive=True))
        if not found:
            raise SourceError(f"rast: no file matches {path!r}")
        return files_node(found, subds)
    return open_node(path, subds)


def files_node(paths: Sequence[str], subds: Any = None) -> Node:
    """The layers of several files on one grid, in the order given."""
    nodes = [open_node(path, subds) for path in paths]
    try:
        grid = same_grid(nodes, "rast")
    except ValueError as error:
        odd = next(
            (p for p, n in zip(paths, nodes, strict=True) if not n.grid.same_cells(nodes[0].grid)), paths[-1]
        )
        kind = error.__class__
        raise kind(f"{error} (file {Path(odd).name} against {Path(paths[0]).name})") from None
    return join([replace(node, grid=grid) for node in nodes])


def open_node(path: str, subds: Any = None) -> Node:
    """All bands of a file, with what the file says of them; of NetCDF, all or some variables."""
    from pyterra.io.netcdf import is_netcdf

    if is_netcdf(path):
        from pyterra.io.netcdf_read import netcdf_node

        return netcdf_node(path, subds)
    if subds is not None:
        raise ArgumentError(f"rast: subds is for NetCDF files, got {path!r}")
    from pyterra.io.describe import describe_grid, describe_layers
    from pyterra.io.raster_file import open_source

    source, dataset = open_source(path)
    with dataset:
        layers = describe_layers(dataset, source)
        grid = describe_grid(dataset, source)
    return Read(
        grid=grid,
        layers=layers,
        dtype=block_dtype([b.dtype if b.plain else "float64" for b in source.bands]),
        source=source,
        bands=tuple(range(len(layers))),
    )
