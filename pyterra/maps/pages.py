"""What objects look like in a notebook: the console's summary beside a small map, in the colours around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import PyterraError
from pyterra.expr import Node, Read, Sweep, coarsen, select, topological
from pyterra.grid import Window
from pyterra.grid.crs import describe_crs
from pyterra.grid.extent import Extent
from pyterra.maps.canvas import Coordinates, aspect
from pyterra.maps.drawings import SIDE, extents_drawn, geometries_drawn, swatches
from pyterra.packages import html as _html
from pyterra.raster.build import raster
from pyterra.raster.show import facts
from pyterra.vector.show import SHOWN_COLUMNS, SHOWN_ROWS
from pyterra.vector.show import facts as vector_facts

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

CELLS = 40_000
"""Of a small map."""
MOST_CELLS = 1_000_000
"""Cells that are computed for a small map at most."""
MEMBERS = 6
"""Of a collection that are drawn."""
_CELL = "style='text-align:left;vertical-align:top;padding:1px 12px 1px 0;white-space:pre-wrap'"


def html(x: SpatRaster) -> str:
    """The summary, a small map of the first layer where it is cheap, and of an expression what it would cost."""
    more = "" if isinstance(x._node, Read) or not x.has_values() else _expression(x)
    return _page(facts(x), _small_map(x), more)


def html_vector(x: SpatVector) -> str:
    """The summary, the first records, and a sketch of the geometries."""
    told = [(label, text) for label, text in vector_facts(x) if label not in ("names", "type", "values", "")]
    head = ""
    if x.names:
        head = x.values().iloc[:SHOWN_ROWS, :SHOWN_COLUMNS].to_html(border=0)
        left = len(x) - SHOWN_ROWS
        head += f"<div>and {left:,} more</div>" if left > 0 else ""
    return _page(told, geometries_drawn(x), head)


def html_extent(x: Extent) -> str:
    """The four sides, and a rectangle of their proportions."""
    told = [(name, f"{value:.15g}") for name, value in zip(("xmin", "xmax", "ymin", "ymax"), x, strict=True)]
    return _page([("class", "SpatExtent"), *told], extents_drawn([x], Coordinates()))


def html_rasters(x: Any) -> str:
    """The summary of a data set or collection of rasters, and small maps of the first ones, or where they all lie."""
    lines = _lines(repr(x))
    members = [raster(node) for node in x._nodes]
    maps = [
        f"<figure style='margin:0'>{found}<figcaption>{_html.escape(name or str(i))}</figcaption></figure>"
        for i, (one, name) in enumerate(zip(members[:MEMBERS], x.names[:MEMBERS], strict=False))
        if (found := _small_map(one, SIDE // 2, legend=False))
    ]
    if len(members) > MEMBERS:
        maps.append(f"<div>and {len(members) - MEMBERS:,} more</div>")
    grids = [one._node.grid for one in members]
    where = ""
    if len({grid.extent for grid in grids}) > 1 and len({grid.crs for grid in grids}) == 1:
        where = extents_drawn([grid.extent for grid in grids], Coordinates.of(grids[0].crs))
    row = f"<div style='display:flex;gap:.8em;flex-wrap:wrap;align-items:flex-end'>{''.join(maps)}</div>"
    return _page(lines, where, row if maps else "")


def html_vectors(x: Any) -> str:
    """The members of a collection of vectors: geometries, numbers, CRS, and a sketch of each of the first ones."""
    head = "".join(f"<th {_CELL}>{text}</th>" for text in ("", "geometry", "geometries", "coord. ref.", ""))
    rows = []
    for i, (one, name) in enumerate(zip(x, x.names, strict=True)):
        drawn = geometries_drawn(one, SIDE // 3) if i < MEMBERS else ""
        texts = (name or str(i), one.geomtype(), f"{len(one):,}", describe_crs(one.wkt))
        cells = "".join(f"<td {_CELL}>{_html.escape(text)}</td>" for text in texts)
        rows.append(f"<tr>{cells}<td>{drawn}</td></tr>")
    return f"<div><div>SpatVectorCollection, length {len(x):,}</div><table><tr>{head}</tr>{''.join(rows)}</table></div>"


def html_text(x: Any) -> str:
    """The console's summary as a table."""
    return _page(_lines(repr(x)), "")


def _lines(text: str) -> list[tuple[str, str]]:
    """Labels and texts of a summary for the console."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        label, colon, value = line.partition(":")
        if colon and (label.strip() or not found):
            found.append((label.strip(), value.strip()))
        elif found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\n{line.strip()}")
    return found


def _page(told: Iterable[tuple[str, str]], picture: str, more: str = "") -> str:
    rows = "".join(
        f"<tr><th {_CELL}>{_html.escape(label)}</th><td {_CELL}>{_html.escape(value)}</td></tr>"
        for label, value in told
    )
    beside = f"<div>{picture}</div>" if picture else ""
    return (
        "<div style='color:inherit'><div style='display:flex;gap:1.5em;align-items:flex-start;flex-wrap:wrap'>"
        f"<table style='margin:0;color:inherit'>{rows}</table>{beside}</div>{more}</div>"
    )


def _expression(x: SpatRaster) -> str:
    """What would be computed, and what it costs; the steps where they are asked for."""
    from pyterra.maps.diagram import diagram
    from pyterra.maps.explain import explain

    told = explain(x)
    words = "<br>".join(_html.escape(line) for line in told.summary)
    count = len(told.steps) + told.left_out
    return (
        f"<details><summary>to be computed in {count} steps: {words}</summary>"
        f"<div style='overflow:auto'>{diagram(told.steps)}</div></details>"
    )


def most_cells(node: Node, factor: int) -> int:
    """The most cells that a step computes for a preview with a cell for `factor` x `factor`."""
    coarse = coarsen(node, factor)
    windows: dict[Node, Window] = {coarse: coarse.grid.window}
    most = 0
    for step in topological(coarse, lambda _: False):
        window = windows.get(step)
        if window is None:
            continue
        most = max(most, window.nrow * window.ncol)
        whole = isinstance(step, Sweep)
        for child, foot in zip(step.inputs, step.footprint(window), strict=False):
            needed = child.grid.window if whole else foot
            if needed is not None:
                windows[child] = windows[child].union(needed) if child in windows else needed
    return most


def _is_cheap(node: Node) -> bool:
    """Whether a small map computes few cells, and none by a function of the user."""
    factor = max(1, int(np.ceil((node.grid.cells / CELLS) ** 0.5)))
    if any(step.verb for step in topological(node, lambda _: False)):
        return False
    return most_cells(node, factor) <= MOST_CELLS


def _small_map(x: SpatRaster, side: int = SIDE, *, legend: bool = True) -> str:
    """A map of the first layer, or of the layers that are colours, with its legend; nothing where it is not cheap."""
    try:
        from matplotlib import colors  # noqa: F401  # without it there is the summary alone
    except ImportError:
        return ""
    from pyterra.maps.packed import png_address
    from pyterra.maps.plet import plet

    colored = x.rgb is not None
    first = x if colored else raster(select(x._node, [0])) if len(x) else x
    if not x.has_values() or not _is_cheap(first._node):
        return ""
    try:
        (layer,) = plet(first, maxcell=CELLS, hover=False).layers
    except (PyterraError, OSError):
        return "<div>no map: this could not be read</div>"
    shown: Any = layer
    rgba = shown.rgba
    grid = first._node.grid
    shape = float(
        np.clip(
            aspect(grid.extent, Coordinates.of(grid.crs)) * grid.extent.height / grid.extent.width, 0.2, 4
        )
    )
    wide, high = (side, side * shape) if shape <= 1 else (side / shape, side)
    picture = (
        f"<img alt='map of {_html.escape(x.names[0], quote=True)}' width='{wide:.0f}' height='{high:.0f}' "
        "style='image-rendering:pixelated;display:block;margin:0;max-width:none;outline:1px solid rgba(128,128,128,.4)' "
        f"src='{png_address(rgba)}'>"
    )
    return picture + (swatches(shown.told, wide) if legend and shown.told is not None else "")
