"""A map in a page: what the scripts of `viewer` are told, and the page that holds both."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.grid.extent import Extent
from pyterra.maps import canvas, legends
from pyterra.maps.canvas import Coordinates
from pyterra.maps.colors import Classes, Ramp
from pyterra.maps.packed import packed, packed_values, png_address
from pyterra.maps.weblayers import Cells, Shapes, Told, WebLayer
from pyterra.packages import html

if TYPE_CHECKING:
    from pyterra.maps.web import WebMap

VIEWER = Path(__file__).parent / "viewer"
SCRIPTS = ("data", "frame", "tiles", "key", "page")
"""In order: later ones call earlier ones."""
WIDEST, HIGHEST = 560, 520
"""Pixels of a map in a notebook."""
AROUND = 70
"""Pixels that a slider and a title take in a notebook."""
SHADES = 33
"""Colours that a bar is told; the page blends between them."""
DASHES = {"solid": [], "dashed": [4, 3], "dotted": [1, 2], "dashdot": [4, 2, 1, 2]}
NOTHING = "default-src 'none'"


@cache
def scripts() -> str:
    """The scripts of a page, as one that leaves no names behind."""
    parts = [(VIEWER / f"{name}.js").read_text("utf-8") for name in SCRIPTS]
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"


@cache
def _look() -> str:
    return (VIEWER / "page.css").read_text("utf-8")


def policy(*, served: bool) -> str:
    """What a browser may load for a page: nothing, but pictures and values of a map that is served."""
    script = base64.b64encode(hashlib.sha256(scripts().encode()).digest()).decode()
    own = "'self' " if served else ""
    connect = "; connect-src 'self'" if served else ""
    return f"{NOTHING}; script-src 'sha256-{script}'; style-src 'unsafe-inline'; img-src {own}data:{connect}"


def page(x: WebMap, *, served: bool = False) -> str:
    """A page that holds the map, its data and its scripts."""
    told = json.dumps(described(x, served=served), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    told = told.replace("<", "\\u003c")  # so that no text in it ends the element that holds it
    return (
        "<!DOCTYPE html>\n"
        '<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(served=served)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{html.escape(x.title)}</title><style>\n{_look()}</style></head>"
        f'<body><script type="application/json" id="map">{told}</script>\n<script>{scripts()}</script></body></html>\n'
    )


def described(x: WebMap, *, served: bool = False) -> dict[str, Any]:
    """All that the scripts are told."""
    extent, place = shown_extent(x)
    times = times_of(x)
    entries = entries_of(x)
    panels = panels_of(x) if x.panel else []
    return {
        "title": x.title,
        "lonlat": place.lonlat,
        "ratio": canvas.aspect(extent, place),
        "extent": list(extent),
        "finest": finest(x, extent),
        "legend": x.legend,
        "wrap": x.wrap,
        "collapse": x.collapse,
        "times": times,
        "entries": entries,
        "panels": _panels(x, entries) if len(panels) > 1 else None,
        "layers": [_layer(layer, times, x.legend, served) for layer in x.layers],
    }


def _panels(x: WebMap, entries: list[dict[str, Any]]) -> list[list[int]]:
    """The entries of each map: one of cells, and all geometries."""
    cells = [i for i, one in enumerate(entries) if isinstance(x.layers[one["layers"][0]], Cells)]
    shapes = [i for i in range(len(entries)) if i not in cells]
    return [[i, *shapes] for i in cells]


def panels_of(x: WebMap) -> list[Cells]:
    """The layers that have a map each."""
    return [layer for layer in x.layers if isinstance(layer, Cells)]


def times_of(x: WebMap) -> list[str]:
    """Times of layers that follow each other, each once, in order."""
    found = {(layer.when, layer.time) for layer in x.layers if isinstance(layer, Cells) and layer.series}
    return list(dict.fromkeys(text for _, text in sorted(found)))


def entries_of(x: WebMap) -> list[dict[str, Any]]:
    """What can be shown and hidden: a layer, or the layers of a series as one."""
    found: dict[Any, dict[str, Any]] = {}
    for number, layer in enumerate(x.layers):
        series = layer.series if isinstance(layer, Cells) else ""
        key = series or number
        if key in found:
            found[key]["layers"].append(number)
            continue
        alpha = layer.alpha if isinstance(layer, Cells) else 1.0
        name = series or layer.name
        found[key] = {"name": name, "layers": [number], "shown": layer.shown, "alpha": alpha}
    return list(found.values())


def finest(x: WebMap, extent: Extent) -> float:
    """Width of the smallest cells; of geometries alone, a small part of the map."""
    widths = [layer.xres for layer in x.layers if isinstance(layer, Cells)]
    return min(widths, default=max(extent.width, extent.height) / 10_000)


def shown_extent(x: WebMap) -> tuple[Extent, Coordinates]:
    """What the map shows at first, and what its coordinates mean."""
    place = Coordinates.of(x.wkt)
    e = x.extent
    margin = 0.02 if any(isinstance(layer, Shapes) for layer in x.layers) else 0.0
    span = max(e.width, e.height)
    half = margin * span if span > 0 else 0.5
    return Extent(e.xmin - half, e.xmax + half, e.ymin - half, e.ymax + half), place


def page_height(x: WebMap) -> int:
    """Pixels of a page in a notebook."""
    extent, place = shown_extent(x)
    shape = max(extent.height, 1e-12) * canvas.aspect(extent, place) / max(extent.width, 1e-12)
    many = x.panel and len(panels_of(x)) > 1
    return round(HIGHEST if many else float(np.clip(WIDEST * shape, 300, HIGHEST))) + AROUND


def _layer(layer: WebLayer, times: list[str], legend: str, served: bool) -> dict[str, Any]:
    told = legend_told(layer.told) if layer.told is not None and legend else None
    if isinstance(layer, Shapes):
        return {"kind": layer.kind, "name": layer.name, "told": told, "time": None, **_shapes(layer)}
    rows, cols = layer.rgba.shape[:2]
    found: dict[str, Any] = {
        "kind": "cells",
        "name": layer.name,
        "told": told,
        "time": times.index(layer.time) if layer.series else None,
        "extent": list(layer.extent),
        "shape": [rows, cols],
        "picture": png_address(layer.rgba),
        "values": None if layer.values is None else packed_values(layer.values),
        "bands": 1 if layer.values is None or layer.values.ndim == 2 else len(layer.values),
        "labels": [[value, label] for value, label in layer.labels],
        "unit": layer.unit,
    }
    if served and layer.full is not None:
        found["tiles"] = layer.full.described()
    return found


def _shapes(layer: Shapes) -> dict[str, Any]:
    xy, lengths, owners = paths_of(layer)
    pen = layer.pen
    return {
        "xy": packed(xy.ravel()),
        "lengths": packed(lengths.astype(np.int32)),
        "owners": packed(owners.astype(np.int32)),
        "colors": hex_of(layer.colors),
        "border": None if pen.border is None else hex_of([pen.border])[0],
        "alphas": list(pen.alpha),
        "width": pen.lwd,
        "dash": DASHES.get(pen.lty, []),
        "radius": 4 * pen.cex,
        "table": [[name, list(texts)] for name, texts in layer.table],
    }


def paths_of(layer: Shapes) -> tuple[Any, Any, Any]:
    """Coordinates of shape (n, 2), how many of them each path has, and of which geometry the path is a part."""
    import shapely

    geoms = layer.geoms
    if layer.kind == "points":
        xy, owner = shapely.get_coordinates(geoms, return_index=True)
        return xy, np.bincount(owner, minlength=len(geoms)), np.arange(len(geoms))
    if layer.kind == "lines":
        areas = shapely.get_dimensions(geoms) == 2
        paths, owner = shapely.get_parts(np.where(areas, shapely.boundary(geoms), geoms), return_index=True)
    else:
        parts, geom = shapely.get_parts(geoms, return_index=True)
        full = ~shapely.is_empty(parts)
        paths, part = shapely.get_rings(parts[full], return_index=True)
        owner = geom[full][part]
    xy, path = shapely.get_coordinates(paths, return_index=True)
    return xy, np.bincount(path, minlength=len(paths)), owner


def legend_told(told: Told) -> dict[str, Any]:
    """A legend: rows of labels and colours, or the colours of a bar and its numbers."""
    found: dict[str, Any] = {"title": told.title, "shape": told.shape}
    if isinstance(told.entries, Classes):
        rows = told.entries.told()
        shown = rows[: legends.MAX_CLASSES]
        colors = hex_of([color for _, color in shown])
        found["rows"] = [[label, color] for (label, _), color in zip(shown, colors, strict=True)]
        found["more"] = len(rows) - len(shown)
    elif told.entries.edges is not None:
        found["rows"], found["more"] = _intervals(told.entries), 0
    else:
        found.update(_bar(told.entries))
    return found


def _intervals(scale: Ramp) -> list[list[str]]:
    edges = list(scale.edges or ())
    write = legends.writing(scale, edges)
    colors = hex_of([scale.cmap(scale.norm((a + b) / 2)) for a, b in pairwise(edges)])
    rows = [
        [f"{write(a)} to {write(b)}", color] for (a, b), color in zip(pairwise(edges), colors, strict=True)
    ]
    return rows[::-1] if scale.reverse else rows


def _bar(scale: Ramp) -> dict[str, Any]:
    low, high = float(scale.norm.vmin), float(scale.norm.vmax)
    ends = {}
    if scale.beyond in ("min", "both"):
        ends[low] = "< "
    if scale.beyond in ("max", "both"):
        ends[high] = "> "
    near = abs(high - low) / 8
    between = [t for t in legends.ticks_of(scale) if all(abs(t - end) > near for end in ends)]
    ticks = sorted([*ends, *between])
    write = legends.writing(scale, ticks)
    shares = [(tick - low) / (high - low) for tick in ticks]
    colors = hex_of([scale.cmap(share) for share in np.linspace(0, 1, SHADES)])
    if scale.reverse:
        shares, colors = [1 - share for share in shares], colors[::-1]
    texts = [f"{ends.get(tick, '')}{write(tick)}" for tick in ticks]
    return {"colors": colors, "ticks": [[share, text] for share, text in zip(shares, texts, strict=True)]}


def hex_of(colors: Any) -> list[str]:
    """Colours as a page has them."""
    from matplotlib.colors import to_hex

    return [
        "transparent" if isinstance(color, str) and color == "none" else str(to_hex(color, keep_alpha=True))
        for color in colors
    ]
