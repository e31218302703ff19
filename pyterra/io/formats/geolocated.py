"""Geolocation arrays that a file names in GDAL's metadata: the rows and columns of a sensor, placed value by value."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SourceError
from pyterra.expr import Node, Read
from pyterra.grid import Grid
from pyterra.grid.crs import LONLAT, parse_crs
from pyterra.grid.geolocation import SENSOR, Geolocation
from pyterra.io.located import ReadArrays
from pyterra.io.raster import virtual
from pyterra.io.raster.raster_file import FileSource
from pyterra.redact import redact

_DOMAIN = "GEOLOCATION"
_CORNER = "TOP_LEFT_CORNER"


def located(grid: Grid, dataset: Any, source: FileSource, open_node: Callable[[str], Node]) -> Grid:
    """The grid of an open dataset, or one that counts its cells where arrays place them.

    Raises
    ------
    SourceError
        Where an array is not there, is of another kind than a band each, or lies where the file must not lead.
    """
    told = dataset.tags(ns=_DOMAIN)
    if not told.get("X_DATASET") or not told.get("Y_DATASET") or not dataset.transform.is_identity:
        return grid
    x, y = (_band(told, axis, source, open_node) for axis in "XY")
    if x.grid.window != y.grid.window:
        raise SourceError(
            f"rast: {source.name}: its geolocation arrays must have one shape, got {x.grid.window} and {y.grid.window}"
        )
    try:
        crs = parse_crs(told.get("SRS") or LONLAT)
        first, step = (
            tuple(float(told.get(f"{axis}_{key}", default)) for axis in ("LINE", "PIXEL"))
            for key, default in (("OFFSET", 0), ("STEP", 1))
        )
    except (ArgumentError, ValueError) as error:
        raise SourceError(
            f"rast: {source.name}: its geolocation cannot be read: {redact(str(error))}"
        ) from error
    if not all(np.isfinite(first)) or not all(0 < value < np.inf for value in step):
        raise SourceError(
            f"rast: {source.name}: its geolocation cannot be read: offsets and steps must be numbers, steps above 0"
        )
    half = 0.0 if told.get("GEOREFERENCING_CONVENTION", _CORNER) == _CORNER else 0.5
    arrays = ReadArrays((x.source, x.bands, y.source, y.bands), x, y)
    return Grid(
        grid.extent,
        grid.nrow,
        grid.ncol,
        SENSOR,
        Geolocation(
            arrays,
            crs,
            grid.extent,
            (grid.nrow, grid.ncol),
            (first[0] + half, first[1] + half),
            (step[0], step[1]),
        ),
    )


def _band(told: dict[str, str], axis: str, source: FileSource, open_node: Callable[[str], Node]) -> Read:
    name, band = told[f"{axis}_DATASET"], told.get(f"{axis}_BAND", "1")
    if told.get(f"{axis}_DATASET_RELATIVE_TO_SOURCE", "NO") == "YES":
        name = os.fspath(Path(source.path).parent / name)
    virtual.check_named(source.path, name)
    node = open_node(name)
    if not isinstance(node, Read) or not band.isdigit() or not 1 <= int(band) <= len(node.layers):
        raise SourceError(
            f"rast: {source.name}: its geolocation array {redact(name)} has no band {band[:20]}"
        )
    return node.picked([int(band) - 1])
