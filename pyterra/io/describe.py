"""What a file says of its grid and its layers."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import SourceError
from pyterra.expr import Layer, Layers
from pyterra.extent import SpatExtent
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.io.aux_xml import read_categories
from pyterra.io.gdal import is_plain_file
from pyterra.io.raster_file import FileSource

Time = tuple[np.datetime64 | float, str]


def describe_grid(dataset: Any, source: FileSource) -> Grid:
    """The grid of an open dataset; without a geotransform, cells of size 1 from (0, 0)."""
    transform, height, width = dataset.transform, dataset.height, dataset.width
    wkt = parse_crs(dataset.crs.to_wkt()) if dataset.crs else ""
    if transform.is_identity:
        return Grid(SpatExtent(0, width, 0, height), height, width, wkt)
    if transform.a <= 0:
        raise SourceError(
            f"rast: {source.name} runs from east to west; flip it first, for example with gdalwarp"
        )
    xmin, first = transform.c, transform.f
    xmax, last = xmin + transform.a * width, first + transform.e * height
    return Grid(SpatExtent(xmin, xmax, min(first, last), max(first, last)), height, width, wkt)


def describe_layers(dataset: Any, source: FileSource) -> Layers:
    """Names, kinds, categories, colours, times, units and known ranges of the bands."""
    stem = Path(re.sub(r"\?.*", "", source.path)).stem
    tables = read_categories(source.path) if is_plain_file(source.path) else {}
    side = _side_json(source.path)
    stamps = _times(dataset, side)
    units = side.get("unit") or [""] * dataset.count
    layers = []
    for i, band in enumerate(source.bands):
        tags = dataset.tags(i + 1)
        whole = np.issubdtype(np.dtype(band.dtype), np.integer) and band.plain
        table = tables.get(i)
        stamp, step = stamps[i] if stamps else (None, "")
        layers.append(
            Layer(
                name=dataset.descriptions[i] or (stem if dataset.count == 1 else f"{stem}_{i + 1}"),
                kind="factor"
                if table
                else ("bool" if tags.get("VALUES") == "bool" else "int" if whole else "num"),
                storage=band.dtype if band.plain else "float64",
                nodata=band.nodata if band.plain else None,
                categories=table,
                colors=_colors(dataset, i),
                time=stamp,
                step=step,
                unit=dataset.units[i] or (units[i] if i < len(units) else ""),
                long_name=tags.get("long_name", ""),
                range=_known_range(tags, band.scale, band.offset),
            )
        )
    return tuple(layers)


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
    if dataset.colorinterp[band].name != "palette":
        return None
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


def _times(dataset: Any, side: dict[str, Any]) -> list[Time] | None:
    """Time of each band, or None unless all have one."""
    texts = [dataset.tags(i + 1).get("DATE_TIME", "") for i in range(dataset.count)]
    step = dataset.tags(1).get("TIME_STEP", "")
    if not all(texts) and len(side.get("time", ())) == dataset.count:
        texts, step = [str(t) for t in side["time"]], str(side.get("timestep", ""))
    if not all(texts):
        stamp = dataset.tags().get("TIFFTAG_DATETIME", "")
        if not re.fullmatch(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d", stamp):
            return None
        texts, step = [stamp[:10].replace(":", "-") + stamp[10:]] * dataset.count, "seconds"
    try:
        return [_parse_time(text, step) for text in texts]
    except ValueError:
        return None


def _parse_time(text: str, step: str) -> Time:
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        number = float(text)
        if step in ("seconds", "days", "years", "months", "yearmonths") and abs(number) > 1e5:
            moment = np.datetime64(int(number), "s")  # terra keeps every step as seconds since 1970
            return _from_seconds(moment, step)
        return number, step or "raw"
    found = re.fullmatch(
        r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?.*)?", text.strip()
    )
    if found is None:
        raise ValueError(text)
    year, month, day = (int(v) for v in found.group(1, 2, 3))
    date = f"{year:04d}-{month:02d}-{day:02d}"
    if found.group(4) is None:
        return np.datetime64(date, "D"), step or "days"
    hour, minute, second = (int(v or 0) for v in found.group(4, 5, 6))
    return np.datetime64(f"{date}T{hour:02d}:{minute:02d}:{second:02d}", "s"), step or "seconds"


def _from_seconds(moment: np.datetime64, step: str) -> Time:
    year = float(moment.astype("datetime64[Y]").astype(int) + 1970)
    month = float(moment.astype("datetime64[M]").astype(int) % 12)
    if step == "years":
        return year, step
    if step == "yearmonths":
        return year + month / 12, step
    if step == "months":
        return month + 1, step
    return (moment.astype("datetime64[D]"), step) if step == "days" else (moment, step)


def format_time(value: np.datetime64 | float, step: str) -> str:
    """The text of a time stamp in the ``DATE_TIME`` tag."""
    if isinstance(value, np.datetime64):
        unit = "D" if step == "days" else "s"
        return str(value.astype(f"datetime64[{unit}]")).replace("T", " ")
    return repr(float(value))
