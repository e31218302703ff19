"""What a raster looks like in a console and in a notebook. Nothing is computed for the console."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.expr import Layer, Read
from pyterra.expr.times import told
from pyterra.grid.crs import describe_crs
from pyterra.printed import columns
from pyterra.raster import sources, time
from pyterra.raster.categories import CHANNELS, picture
from pyterra.raster.reduce import known_limits
from pyterra.raster.window import window

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

SHOWN_LAYERS = 6
THUMBNAIL_CELLS = 200_000


def facts(x: SpatRaster, first: int = 0) -> list[tuple[str, str]]:
    """Label and text of each line of terra's summary; numbers of layers count from `first`."""
    grid = x._node.grid
    lines = [
        ("class", "SpatRaster"),
        ("size", f"{grid.nrow}, {grid.ncol}, {len(x)}  (nrow, ncol, nlyr)"),
        ("resolution", f"{grid.xres:.7g}, {grid.yres:.7g}  (x, y)"),
        (_extent_label(x), ", ".join(f"{v:.9g}" for v in grid.extent) + "  (xmin, xmax, ymin, ymax)"),
        ("coord. ref.", describe_crs(grid.crs)),
    ]
    lines += _source_lines(x)
    lines += _color_lines(x, first)
    limits = known_limits(x._node)[:SHOWN_LAYERS] if x.has_values() else []
    lines += _layer_lines(x._node.layers[:SHOWN_LAYERS], limits, len(x) > SHOWN_LAYERS)
    units = [layer.unit for layer in x._node.layers]
    if any(units):
        same = len(set(units)) == 1
        lines.append(("unit", units[0] if same else ", ".join(units[:SHOWN_LAYERS])))
    lines += _depth_lines(x._node.layers)
    lines += _time_lines(x)
    return lines


def _extent_label(x: SpatRaster) -> str:
    seen = window(x)
    return "window" if all(seen) else "extent (win)" if any(seen) else "extent"


def _source_lines(x: SpatRaster) -> list[tuple[str, str]]:
    if not x.has_values():
        return []
    from pyterra.io.raster.gdal import is_plain_file

    found = [s for s in sources.sources(x) if s]
    if not found:
        computed = not isinstance(x._node, Read)
        return [("source(s)", "memory (to be computed)" if computed else "memory")]
    names = [s.rsplit("/", 1)[-1] if is_plain_file(s) else s for s in found]
    shown = ", ".join(names[:3]) + (f", ... ({len(names)} files)" if len(names) > 3 else "")
    if not isinstance(x._node, Read) and len(found) < 2:
        shown += " (computed from)"
    return [("source" if len(names) == 1 else "sources", shown)]


def _color_lines(x: SpatRaster, first: int) -> list[tuple[str, str]]:
    """Which layers make a picture together, and which have tables of colours."""
    found = [(f"colors {kind}", layers) for kind in CHANNELS if (layers := picture(x, kind))]
    tables = [i for i, layer in enumerate(x._node.layers) if layer.colors is not None]
    shown = [*found[:1], ("color table", tables)] if tables else found[:1]
    return [(label, ", ".join(str(i + first) for i in layers)) for label, layers in shown]


def _layer_lines(
    layers: tuple[Layer, ...], limits: list[tuple[float, float] | None], more: bool
) -> list[tuple[str, str]]:
    rows = [[layer.name for layer in layers]]
    labels = ["name" if len(layers) == 1 and not more else "names"]
    if limits and all(limits):
        for end, label in ((0, "min value"), (1, "max value")):
            ends = [known[end] for known in limits if known is not None]
            rows.append([_value_text(layer, value) for layer, value in zip(layers, ends, strict=True)])
            labels.append(label if len(layers) == 1 and not more else label + "s")
    widths = [max(len(row[i]) for row in rows) for i in range(len(layers))]
    tail = ", ..." if more else ""
    lines = []
    tables = [layer.categories for layer in layers if layer.categories is not None]
    if tables:
        shown = tables[0].columns[1:] if len(layers) == 1 else [t.label_name for t in tables]
        lines.append(("categories", ", ".join(shown)))
    for label, row in zip(labels, rows, strict=True):
        lines.append((label, ", ".join(f"{text:>{w}}" for text, w in zip(row, widths, strict=True)) + tail))
    return lines


def _value_text(layer: Layer, value: float) -> str:
    if layer.kind == "factor" and layer.categories is not None and float(value).is_integer():
        return str(layer.categories.labels().get(int(value), f"{value:g}"))
    if layer.kind == "bool":
        return "TRUE" if value else "FALSE"
    return f"{value:.7g}"


def _depth_lines(layers: tuple[Layer, ...]) -> list[tuple[str, str]]:
    known = sorted({layer.depth for layer in layers if layer.depth is not None})
    if not known:
        return []
    name, unit = layers[0].depth_name, layers[0].depth_unit
    steps = [f"{len(known)} steps"] if len(known) > 1 else []
    what = " ".join([name] * bool(name) + [f"[{unit}]"] * bool(unit))
    more = ": ".join([what] * bool(what) + steps)
    ends = f"{known[0]:.7g} to {known[-1]:.7g}" if len(known) > 1 else f"{known[0]:.7g}"
    return [("depth", f"{ends} ({more})" if more else ends)]


def _time_lines(x: SpatRaster) -> list[tuple[str, str]]:
    stamps = time.time(x)
    if stamps is None:
        return []
    step = time.time_info(x)
    label = "time" if step in ("seconds", "raw", "") else f"time ({step})"
    ends = [told(v, step) for v in (stamps.min(), stamps.max())]
    count = len(np.unique(stamps))
    text = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return [(label, f"{text} ({count} steps)" if count > 2 else text)]


def text(x: SpatRaster, first: int = 0) -> str:
    """terra's summary; reads no cell."""
    lines = facts(x, first)
    width = max(11, *(len(label) for label, _ in lines))
    return columns(lines, width)


def show(x: SpatRaster) -> None:
    """Print what the raster is: its size, extent, CRS, sources and names.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 2]], names="height").show()
    class       : SpatRaster
    size        : 1, 2, 1  (nrow, ncol, nlyr)
    resolution  : 1, 1  (x, y)
    extent      : 0, 2, 0, 1  (xmin, xmax, ymin, ymax)
    coord. ref. :
    source(s)   : memory
    name        : height
    min value   :      1
    max value   :      2
    """
    print(text(x))
