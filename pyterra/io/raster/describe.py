"""What a file says of its grid and its layers."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SourceError, warn
from pyterra.expr import Layer, Layers
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.grid.extent import Extent
from pyterra.io.raster.aux_xml import read_categories
from pyterra.io.raster.gdal import complaints, failures, is_plain_file, transform_of
from pyterra.io.raster.raster_file import FileSource
from pyterra.io.raster.stamps import Stamp, parse_time
from pyterra.io.raster.tags import lasting
from pyterra.io.raster.tags import shared as shared_tags

COLORS = ("red", "green", "blue", "alpha")
"""What GDAL tells of the bands of a picture."""


def describe_grid(dataset: Any, source: FileSource) -> Grid:
    """The grid of an open dataset; without a geotransform, cells of size 1 from (0, 0)."""
    transform, height, width = transform_of(dataset), dataset.height, dataset.width
    wkt = _crs(dataset, source)
    if transform.is_identity:
        return Grid(Extent(0, width, 0, height), height, width, wkt)
    if transform.a <= 0:
        raise SourceError(f"rast: {source.name} runs from east to west; open it with rectify()")
    xmin, first = transform.c, transform.f
    xmax, last = xmin + transform.a * width, first + transform.e * height
    return Grid(Extent(xmin, xmax, min(first, last), max(first, last)), height, width, wkt)


def _crs(dataset: Any, source: FileSource) -> str:
    """The CRS; none, with a warning, where PROJ does not know it."""
    complaint = complaints.get(source.path, "")
    if not complaint:
        try:
            return parse_crs(dataset.crs.to_wkt()) if dataset.crs else ""
        except failures(ArgumentError) as error:
            complaint = str(error)
    warn(f"rast: {source.name}: the CRS cannot be read and is left out ({complaint}); set it with .crs")
    return ""


def describe_layers(dataset: Any, source: FileSource) -> Layers:
    """Names, kinds, categories, colours, times, units and known ranges of the bands."""
    stem = Path(re.sub(r"\?.*", "", source.path)).stem
    tables = read_categories(source.path) if is_plain_file(source.path) else {}
    side = _side_json(source.path)
    all_tags = [dataset.tags(i + 1) for i in range(dataset.count)]
    shared = tuple(shared_tags(dataset).items())
    stamps = _times(dataset, all_tags, side, source.name)
    units = side.get("unit") or [""] * dataset.count
    # Each of these asks GDAL about all bands: once for a file, not once for a band.
    names, own_units, looks = dataset.descriptions, dataset.units, dataset.colorinterp
    layers = []
    for i, band in enumerate(source.bands):
        tags = all_tags[i]
        whole = np.issubdtype(np.dtype(band.dtype), np.integer) and band.plain
        table = tables.get(i)
        stamp, step, zone = (stamps and stamps[i]) or (None, "", "")
        layers.append(
            Layer(
                name=names[i] or (stem if dataset.count == 1 else f"{stem}_{i + 1}"),
                kind="factor"
                if table
                else ("bool" if tags.get("VALUES") == "bool" else "int" if whole else "num"),
                storage=band.dtype if band.plain else "float64",
                nodata=band.nodata if band.plain else None,
                categories=table,
                colors=_colors(dataset, i) if looks[i].name == "palette" else None,
                time=stamp,
                step=step,
                zone=zone,
                unit=own_units[i]
                or tags.get("UNIT")
                or _grib_unit(tags)
                or (units[i] if i < len(units) else ""),
                long_name=tags.get("long_name", ""),
                channel=looks[i].name if looks[i].name in COLORS else tags.get("CHANNEL", ""),
                tags=tuple(lasting(tags).items()),
                shared_tags=shared,
                range=_known_range(tags, band.scale, band.offset),
            )
        )
    return tuple(layers)


def _grib_time(tags: dict[str, str]) -> str:
    """When a field of GRIB holds, which GDAL tells in seconds since 1970."""
    found = re.match(r"\s*(-?\d+)", tags.get("GRIB_VALID_TIME", ""))
    return str(np.datetime64(int(found[1]), "s")) if found else ""


def _grib_unit(tags: dict[str, str]) -> str:
    unit = tags.get("GRIB_UNIT", "").strip("[] ")
    return "" if unit == "-" else unit


def _known_range(tags: dict[str, str], scale: float, offset: float) -> tuple[float, float] | None:
    try:
        low, high = float(tags["STATISTICS_MINIMUM"]), float(tags["STATISTICS_MAXIMUM"])
    except (KeyError, ValueError):
        return None
    if tags.get("STATISTICS_APPROXIMATE", "NO") == "YES":
        return None
    ends = sorted((low * scale + offset, high * scale + offset))
    return ends[0], ends[1]


def _colors(dataset: Any, band: int) -> tuple[tuple[int, tuple[int, int, int, int]], ...] | None:
    try:
        table = dataset.colormap(band + 1)
    except ValueError:
        return None
    return tuple(sorted((int(value), tuple(color)) for value, color in table.items()))


def _side_json(path: str) -> dict[str, Any]:
    """The side file in which terra before 1.8 keeps time and units."""
    file = Path(f"{path}.aux.json")
    if not is_plain_file(path) or not os.path.isfile(file):
        return {}
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise SourceError(f"rast: {file} is malformed: {error}; remove or repair it") from error
    return content if isinstance(content, dict) else {}


def _times(
    dataset: Any, tags: Sequence[dict[str, str]], side: dict[str, Any], name: str
) -> list[Stamp | None] | None:
    """Time of each band that has one, or None where one cannot be read; a warning says which."""
    texts = [own.get("DATE_TIME", "") for own in tags]
    steps = [own.get("TIME_STEP", "") for own in tags]
    if not any(texts) and side.get("time"):
        texts = [str(t) for t in side["time"]]
        steps = [str(side.get("timestep", ""))] * len(texts)
    if not any(texts):
        texts = [_grib_time(own) for own in tags]
        steps = ["seconds"] * dataset.count
    if not any(texts):
        stamp = dataset.tags().get("TIFFTAG_DATETIME", "")
        if not re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", stamp):
            return None
        texts, steps = (
            [stamp[:10].replace(":", "-") + stamp[10:]] * dataset.count,
            ["seconds"] * dataset.count,
        )
    try:
        if len(texts) != dataset.count:
            raise ValueError(f"{len(texts)} times for {dataset.count} layers")
        found = [parse_time(text, step) if text else None for text, step in zip(texts, steps, strict=True)]
        if not all(found):
            warn(
                f"rast: {name}: the layers have no time together, as some have none; choose those that have one"
            )
        return found
    except ValueError as error:
        warn(
            f"rast: {name}: the layers have no time, as theirs cannot be read: {error}; set it with set_time()"
        )
        return None
