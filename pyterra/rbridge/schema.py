"""Rasters as headers: a dict of plain values that says all but the values of cells. R writes and reads the same, as JSON.

{"schema": 1, "grid": {nrow, ncol, extent, crs}, "has_values", "layers": {name, long_name, ... one entry per layer each},
"files": {path, band, scale, offset} where the values are those of files as they are, else null: then they travel}
"""

from __future__ import annotations

import json
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SourceError
from pyterra.expr import Categories, Layer, Node, Read, Stack, join, relabel, select
from pyterra.expr.times import CALENDAR, common_step, in_step
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.formats.opening import open_node
from pyterra.io.raster.gdal import is_plain_file
from pyterra.options import current
from pyterra.raster.build import geometry_of, raster, skeleton

SCHEMA = 1
"""Version of the headers; both sides refuse others."""

Header = dict[str, Any]

CHANNELS = ("red", "green", "blue", "alpha")
_SHARED_DTYPES = frozenset({"uint8", "int16", "uint16", "int32", "uint32", "float32", "float64"})
"""What every GDAL reads alike: older ones take int8 for uint8, and R has no 64-bit integers."""


_origins: weakref.WeakKeyDictionary[Node, Header] = weakref.WeakKeyDictionary()
"""Headers of rasters that came from R's files and that nobody has changed: they go back as they came, windows and all."""


def remember(x: SpatRaster, header: Mapping[str, Any]) -> SpatRaster:
    """The raster, whose header is this one as long as nobody changes it."""
    if header["files"] is not None:
        _origins[x._node] = dict(header)
    return x


def checked(header: Mapping[str, Any]) -> Mapping[str, Any]:
    """The header, if it is of the version that is read here.

    Raises
    ------
    ArgumentError
        For another version.
    """
    if header.get("schema") != SCHEMA:
        raise ArgumentError(
            f"bridge: the header has version {header.get('schema')}, but version {SCHEMA} is read here; R and Python "
            "must have the same version of pyterra"
        )
    return header


def to_text(header: Header) -> str:
    """The header as JSON."""
    return json.dumps(header, ensure_ascii=False, allow_nan=False)


def from_text(text: str) -> Header:
    """The header in a JSON text."""
    found: Header = json.loads(text)
    checked(found)
    return found


# Out


def describe(x: SpatRaster) -> Header:
    """The header of a raster.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    dict
        ``files`` is None where the values are computed, held in memory, or in files that R may read differently.
    """
    node = geometry_of(x, "to_r")
    if node in _origins:
        return _origins[node]
    grid, layers = node.grid, node.layers
    values = x.has_values()
    step = _common_step(layers)
    return {
        "schema": SCHEMA,
        "grid": {
            "nrow": grid.nrow,
            "ncol": grid.ncol,
            "extent": [float(edge) for edge in grid.extent],
            "crs": grid.crs,
        },
        "has_values": values,
        "layers": {
            "name": [layer.name for layer in layers],
            "long_name": [layer.long_name for layer in layers],
            "variable": [layer.variable for layer in layers],
            "unit": [layer.unit for layer in layers],
            "depth": [layer.depth for layer in layers] if all(v.depth is not None for v in layers) else None,
            "depth_name": [layer.depth_name or "depth" for layer in layers],
            "depth_unit": [layer.depth_unit for layer in layers],
            "kind": [layer.kind for layer in layers],
            "integer": [_is_whole(layer) for layer in layers],
            "time": [_number_of(layer, step) for layer in layers] if step else None,
            "step": step,
            "zone": layers[0].zone if step else "",
            "categories": _or_none([_table(layer.categories) for layer in layers]),
            "colors": _or_none([_colors(layer) for layer in layers]),
            "channels": _channels(layers),
        },
        "files": files_of(node) if values else None,
    }


def _is_whole(layer: Layer) -> bool:
    """Whether the values are flagged as whole numbers in R, as those of factors may be too."""
    stored = layer.storage is not None and np.dtype(layer.storage).kind in "iu"
    return layer.kind == "int" or (layer.kind == "factor" and stored)


def _or_none(items: list[Any]) -> list[Any] | None:
    return items if any(item is not None for item in items) else None


def _common_step(layers: Sequence[Layer]) -> str:
    """The step in which R tells the times of a raster, of which it has one for all layers; "" for none.

    Layers without a time have none in R; beside months without a year, or plain numbers, nothing has, as in terra 1.9.
    """
    return common_step([layer for layer in layers if layer.time is not None])


def _number_of(layer: Layer, step: str) -> float | None:
    """The time of a layer as a number in a step; None where it has none, or none in that step."""
    if layer.time is None or (layer.step != step and not {layer.step, step} <= set(CALENDAR)):
        return None
    stamp = in_step(layer, step)
    return float(stamp.astype(np.int64)) if isinstance(stamp, np.datetime64) else stamp


_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "logical"),
    (int, "integer"),
    (float, "double"),
    (str, "text"),
)


def _table(categories: Categories | None) -> dict[str, Any] | None:
    if categories is None:
        return None
    columns = [[_plain(v) for v in column] for column in zip(*categories.rows, strict=True)]
    return {
        "names": list(categories.columns),
        "types": [_type_of(column) for column in columns],
        "columns": columns,
        "active": categories.active,
    }


def _plain(value: Any) -> Any:
    """A label without numpy's types; missing is None."""
    value = value.item() if isinstance(value, np.generic) else value
    return None if value is None or value != value else value


def _type_of(column: Sequence[Any]) -> str:
    known = [value for value in column if value is not None]
    for kind, name in _TYPES:
        if known and all(type(value) is kind for value in known):
            return name
    return "double" if known and all(isinstance(v, int | float) for v in known) else "text"


def _colors(layer: Layer) -> list[list[int]] | None:
    if layer.colors is None:
        return None
    return [list(part) for part in zip(*((value, *color) for value, color in layer.colors), strict=True)]


def _channels(layers: Sequence[Layer]) -> list[int] | None:
    named = [layer.channel for layer in layers]
    found = [named.index(channel) for channel in CHANNELS if channel in named]
    return found if len(found) >= 3 else None


def files_of(node: Node) -> dict[str, Any] | None:
    """Path, band, scale and offset of every layer, where all are bands of local files as they are on disk."""
    parts = [(node, i) for i in range(len(node.layers))]
    if isinstance(node, Stack):
        parts = [(node.arguments[which], layer) for which, layer in node.picks]
    rows = []
    for part, i in parts:
        band = part.source.file_band(part.bands[i]) if isinstance(part, Read) else None
        if (
            band is None
            or not band.as_stored
            or band.dtype not in _SHARED_DTYPES
            or not is_plain_file(band.path)
            or band.shape != (node.grid.nrow, node.grid.ncol)
            or _is_temporary(band.path)
        ):
            return None
        rows.append((band.path, band.band, band.scale, band.offset))
    columns = dict(zip(("path", "band", "scale", "offset"), map(list, zip(*rows, strict=True)), strict=True))
    return {**columns, "flag": None, "window": False, "plain": True}


def _is_temporary(path: str) -> bool:
    """Whether it is a file of pyterra's own, which goes away with its raster."""
    place = Path(path)
    return place.name.startswith("pyterra-") and place.parent == Path(current().temporary_folder)


# In


def grid_of(header: Mapping[str, Any]) -> Grid:
    """The grid that a header describes."""
    grid = header["grid"]
    return Grid(SpatExtent(*grid["extent"]), int(grid["nrow"]), int(grid["ncol"]), parse_crs(grid["crs"]))


def layers_of(header: Mapping[str, Any]) -> tuple[Layer, ...]:
    """The layers that a header describes."""
    given = header["layers"]
    count = len(given["name"])
    nothing = [None] * count
    channels = given["channels"] or []
    optional = ("time", "depth", "depth_name", "depth_unit", "categories", "colors", "range")
    columns = {key: given.get(key) or nothing for key in optional}
    return tuple(
        Layer(
            name=given["name"][i] or "",
            kind=given["kind"][i],
            storage="int32" if given["integer"][i] else None,
            categories=_categories(columns["categories"][i]),
            colors=_color_table(columns["colors"][i]),
            time=_time(columns["time"][i], given["step"]),
            step=given["step"] if columns["time"][i] is not None else "",
            zone=given["zone"],
            unit=given["unit"][i] or "",
            depth=columns["depth"][i],
            depth_name=_other_than(columns["depth_name"][i], "depth"),
            depth_unit=columns["depth_unit"][i] or "",
            long_name=given["long_name"][i] or "",
            variable=given["variable"][i] or "",
            channel=CHANNELS[channels.index(i)] if i in channels else "",
            range=_range(columns["range"][i]),
        )
        for i in range(count)
    )


def _other_than(word: str | None, usual: str) -> str:
    return "" if word in (None, usual) else str(word)


def _time(number: float | None, step: str) -> np.datetime64 | float | None:
    if number is None:
        return None
    if step in ("seconds", "days"):
        return np.datetime64(int(number), "s" if step == "seconds" else "D")
    return float(number)


def _categories(table: Mapping[str, Any] | None) -> Categories | None:
    if table is None:
        return None
    kinds = {"integer": int, "double": float, "logical": bool, "text": str}
    columns: list[list[Any]] = [
        [None if v is None else kinds[kind](v) for v in column]
        for column, kind in zip(table["columns"], table["types"], strict=True)
    ]
    columns[0] = [int(value) for value in columns[0]]
    return Categories(
        tuple(table["names"]), tuple(zip(*columns, strict=True)), min(int(table["active"]), len(columns) - 2)
    )


def _color_table(columns: Sequence[Sequence[int]] | None) -> Any:
    if columns is None:
        return None
    return tuple((int(value), (r, g, b, a)) for value, r, g, b, a in zip(*columns, strict=True))


def _range(pair: Sequence[float | None] | None) -> tuple[float, float] | None:
    return None if pair is None or None in pair else (float(pair[0]), float(pair[1]))  # type: ignore[arg-type]


def raster_of(header: Mapping[str, Any]) -> SpatRaster:
    """A raster without values, or over the files that the header names. Nothing is read.

    Raises
    ------
    SourceError
        Where a file cannot be opened here, or has another grid: then the values must travel.
    """
    grid, layers = grid_of(checked(header)), layers_of(header)
    if not header["has_values"]:
        return raster(skeleton(grid, layers))
    files = header["files"]
    if files is None or not files["plain"]:
        raise SourceError("from_r: the values are not those of files as they are")
    opened: dict[str, Read] = {}
    parts = []
    for path, band, scale, offset in zip(
        *(files[k] for k in ("path", "band", "scale", "offset")), strict=True
    ):
        if path not in opened:
            opened[path] = _opened(path, grid)
        parts.append(select(_rescaled(opened, path, int(band), scale, offset), [int(band)]))
    node = join(parts)
    known = tuple(
        replace(new, storage=old.storage, nodata=old.nodata, range=old.range)
        for new, old in zip(layers, node.layers, strict=True)
    )
    return remember(raster(relabel(node, known)), header)


def _opened(path: str, grid: Grid) -> Read:
    """All bands of a file, on the grid of the header."""
    node = open_node(path, mask=False)
    band = node.source.file_band(0) if isinstance(node, Read) else None
    if not isinstance(node, Read) or band is None:
        raise SourceError(f"from_r: {path} is not read here as R reads it")
    if band.shape != (grid.nrow, grid.ncol):
        raise SourceError(f"from_r: {path} has another grid here than in R")
    counted = node.grid.geolocation is not None and node.grid.extent == grid.extent
    return node if counted else replace(node, grid=grid)


def _rescaled(opened: dict[str, Read], path: str, band: int, scale: float, offset: float) -> Read:
    """The file with the scale and offset that R has for a band."""
    node = opened[path]
    if band >= len(node.bands):
        raise SourceError(f"from_r: {path} has {len(node.bands)} bands here, R reads band {band + 1}")
    old = node.source.file_band(band)
    if old is not None and (old.scale, old.offset) != (scale, offset):
        source = node.source.rescaled(band, scale, offset)
        assert source is not None
        layers = list(node.layers)
        layers[band] = replace(layers[band], storage="float64", nodata=None, range=None)
        opened[path] = node = replace(node, source=source, layers=tuple(layers), dtype=np.dtype(np.float64))
    return node
