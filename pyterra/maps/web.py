"""A page with a map that can be moved and zoomed: Leaflet, pictures and shapes in one file that needs no network."""

from __future__ import annotations

import base64
import html
import io
import json
import re
from dataclasses import dataclass, field, replace
from importlib import resources
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any, Self

import numpy as np

from pyterra.errors import ArgumentError, near_names
from pyterra.grid.extent import Extent
from pyterra.maps.canvas import number
from pyterra.maps.colors import Classes, Ramp
from pyterra.maps.legends import MAX_CLASSES, digits_for

CORNERS = ("bottomright", "bottomleft", "topright", "topleft")
TILES = {
    "Streets": (
        "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "&copy; <a href='https://www.openstreetmap.org/copyright'>OpenStreetMap</a> contributors",
    ),
    "Esri.WorldImagery": (
        "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        "Tiles &copy; Esri and others",
    ),
    "OpenTopoMap": (
        "https://tile.opentopomap.org/{z}/{x}/{y}.png",
        "&copy; OpenStreetMap contributors, <a href='https://opentopomap.org'>OpenTopoMap</a> (CC-BY-SA)",
    ),
}
"""Backgrounds by name: addresses of tiles, and whose they are."""
HEIGHT = 460
"""Of a map in a notebook, in pixels."""


@dataclass(frozen=True)
class WebMap:
    """A map that can be moved and zoomed, in one page. Made by `plet`.

    A notebook shows it; ``save("map.html")`` writes a page that needs no network, but for backgrounds (``tiles=``).

    Examples
    --------
    >>> import pyterra as pt
    >>> page = pt.vect([[6, 50]], crs="EPSG:4326").plet()
    >>> page
    WebMap of layers ['layer 1']
    """

    layers: tuple[dict[str, Any], ...] = ()
    """What is drawn, the lowest first."""
    extent: Extent | None = None
    """In degrees."""
    tiles: tuple[dict[str, str], ...] = ()
    """Backgrounds."""
    collapse: bool = True
    """Whether the list of layers opens by itself."""
    title: str = field(default="Map")
    """Of the page."""

    def with_layer(self, layer: dict[str, Any], extent: Extent) -> Self:
        """The map with one more layer on top."""
        names = {one["name"] for one in self.layers}
        name, count = layer["name"] or f"layer {len(names) + 1}", 1
        while (unlike := name if count == 1 else f"{name} ({count})") in names:
            count += 1
        whole = extent if self.extent is None else self.extent.union(extent)
        return replace(self, layers=(*self.layers, {**layer, "name": unlike}), extent=whole)

    def html(self) -> str:
        """The page."""
        e = self.extent or Extent(-180, 180, -85, 85)
        data = {
            "layers": [{**layer, "name": html.escape(layer["name"])} for layer in self.layers],
            "bounds": [[e.ymin, e.xmin], [e.ymax, e.xmax]],
            "tiles": self.tiles,
            "collapse": self.collapse,
        }
        held = json.dumps(data, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
        return (
            "<!DOCTYPE html>\n<html><head><meta charset='utf-8'>"
            "<meta name='viewport' content='width=device-width, initial-scale=1'>"
            "<meta name='referrer' content='strict-origin-when-cross-origin'>"
            f"<title>{html.escape(self.title)}</title><style>{_css()}{_kept('page.css')}</style></head>\n"
            f"<body><div id='map'></div>\n<script id='data' type='application/json'>{held}</script>\n"
            f"<script>{_js()}</script>\n<script>{_kept('page.js')}</script></body></html>\n"
        )

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page to a file.

        Parameters
        ----------
        path : str or path
            Its name ends in .html.
        """
        where = Path(path)
        if where.suffix.lower() not in (".html", ".htm"):
            raise ArgumentError(f"save: path must end in .html, got {where.name!r}")
        where.write_text(self.html(), "utf-8")

    def _repr_html_(self) -> str:
        held = html.escape(self.html(), quote=True)
        return f"<iframe srcdoc=\"{held}\" style='width:100%;height:{HEIGHT}px;border:0'></iframe>"

    def __repr__(self) -> str:
        return f"WebMap of layers {[layer['name'] for layer in self.layers]}"


def _kept(name: str) -> str:
    return (resources.files("pyterra.maps") / "leaflet" / name).read_text("utf-8")


def _js() -> str:
    return re.sub(r"//# sourceMappingURL=.*", "", _kept("leaflet.js"))


def _css() -> str:
    """Leaflet's styles, with their one picture that the page needs inside."""
    icon = (resources.files("pyterra.maps") / "leaflet" / "layers.png").read_bytes()
    inside = f"url({data_uri(icon)})"
    return re.sub(
        r"url\((images/[^)]*)\)", lambda m: inside if "layers" in m[1] else "none", _kept("leaflet.css")
    )


def data_uri(png: bytes) -> str:
    """A picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode()


def png(colors: Any) -> bytes:
    """Colours as bytes, shape (row, col, 4), as a PNG."""
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, colors, format="png")
    return buffer.getvalue()


def backgrounds(tiles: Any) -> tuple[dict[str, str], ...]:
    """Backgrounds that are asked for by name or by address.

    Raises
    ------
    ArgumentError
        For a name that is not known.
    """
    wanted = [] if tiles is None else [tiles] if isinstance(tiles, str) else list(tiles)
    found = []
    for name in wanted:
        if name not in TILES and "{z}" not in name:
            raise ArgumentError(
                f"plet: tiles must be names of {', '.join(TILES)}, or addresses with {{z}}, {{x}} and {{y}}, "
                f"got {name!r}{near_names(name, TILES)}"
            )
        url, credit = TILES.get(name, (name, ""))
        found.append({"name": name if name in TILES else "background", "url": url, "attribution": credit})
    return tuple(found)


def legend(entries: Classes | Ramp, title: str) -> str:
    """What a legend says, as HTML."""
    head = f"<div class='title'>{html.escape(title)}</div>" if title else ""
    if isinstance(entries, Classes):
        shown = list(zip(entries.labels, entries.colors, strict=True))[:MAX_CLASSES]
        swatch = "<span class='swatch' style='background:{}'></span>"
        return head + "".join(
            f"<div class='class'>{swatch.format(hex_of(color))}{html.escape(label)}</div>"
            for label, color in shown
        )
    return f"{head}<div class='scale'>{_bar(entries)}</div>"


def _bar(scale: Ramp) -> str:
    from matplotlib.ticker import MaxNLocator

    low, high = float(scale.norm.vmin), float(scale.norm.vmax)
    if scale.edges is not None:
        ticks, shares = list(scale.edges), np.linspace(0, 1, len(scale.edges))
        middles = [(a + b) / 2 for a, b in pairwise(ticks)]
        steps = [
            f"{hex_of(scale.cmap(scale.norm(m)))} {shares[i + k]:.2%}"
            for i, m in enumerate(middles)
            for k in (0, 1)
        ]
    else:
        steps = [hex_of(scale.cmap(share)) for share in np.linspace(0, 1, 16)]
        ticks = [t for t in MaxNLocator(5).tick_values(low, high) if low <= t <= high]
        shares = (np.asarray(ticks) - low) / ((high - low) or 1.0)
    digits = digits_for(float(np.diff(ticks).min()) if len(ticks) > 1 else high - low)
    spot = "<span style='bottom:{:.1%}'>{}</span>"
    numbers = [spot.format(share, number(tick, digits)) for tick, share in zip(ticks, shares, strict=True)]
    colors = f"linear-gradient(to top,{','.join(steps)})"
    return f"<div class='bar' style='background:{colors}'></div><div class='ticks'>{''.join(numbers)}</div>"


def hex_of(color: Any) -> str:
    """A colour as a page has it."""
    from matplotlib.colors import to_hex

    return "transparent" if isinstance(color, str) and color == "none" else str(to_hex(color))
