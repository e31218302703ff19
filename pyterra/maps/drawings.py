"""Small drawings as SVG and HTML, in the colour of the text around them: geometries, extents, legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.grid.extent import Extent
from pyterra.maps.canvas import Coordinates, aspect
from pyterra.maps.colors import Ramp
from pyterra.maps.weblayers import Told
from pyterra.packages import html

if TYPE_CHECKING:
    from pyterra.handles.spatvector import SpatVector

SIDE = 240
"""Pixels of the longer side of a small map."""
MOST_GEOMETRIES = 2_000
"""That are drawn; of more, so many that lie evenly among them."""
MOST_POINTS = 200_000
"""Coordinates of geometries that are drawn at all."""
MARGIN = 4


def extents_drawn(extents: Sequence[Extent], place: Coordinates, side: int = SIDE) -> str:
    """Rectangles where extents lie."""
    import shapely

    boxes = [shapely.box(e.xmin, e.ymin, e.xmax, e.ymax) for e in extents[:MOST_GEOMETRIES]]
    return _drawing(np.array(boxes, dtype=object), place, side, "extents")


def geometries_drawn(x: SpatVector, side: int = SIDE) -> str:
    """A sketch of the geometries of a vector; nothing of none, or of very many coordinates."""
    import shapely

    geoms = x.geoms[~shapely.is_empty(x.geoms) & ~shapely.is_missing(x.geoms)]
    if len(geoms) > MOST_GEOMETRIES:
        geoms = geoms[np.linspace(0, len(geoms) - 1, MOST_GEOMETRIES).astype(int)]
    if not len(geoms) or shapely.get_num_coordinates(geoms).sum() > MOST_POINTS:
        return ""
    return _drawing(geoms, Coordinates.of(x.wkt), side, f"sketch of {x.geomtype()}")


def _drawing(geoms: Any, place: Coordinates, side: int, title: str) -> str:
    import shapely

    xmin, ymin, xmax, ymax = shapely.total_bounds(geoms).tolist()
    if not np.isfinite([xmin, ymin, xmax, ymax]).all():
        return ""
    high = (ymax - ymin) * aspect(Extent(xmin, xmax, ymin, ymax), place)
    span = max(xmax - xmin, high) or 1.0
    scale = (side - 2 * MARGIN) / span
    up = scale * (high / (ymax - ymin) if ymax > ymin else 1.0)
    wide, tall = (xmax - xmin) * scale + 2 * MARGIN, high * scale + 2 * MARGIN

    def to_pixels(xy: Any) -> Any:
        return np.column_stack([(xy[:, 0] - xmin) * scale + MARGIN, (ymax - xy[:, 1]) * up + MARGIN])

    flat = shapely.transform(shapely.force_2d(geoms), to_pixels)
    points = shapely.get_coordinates(flat[shapely.get_dimensions(flat) == 0])
    shapes = flat[shapely.get_dimensions(flat) > 0]
    dots = "".join(f"<circle cx='{a:.1f}' cy='{b:.1f}' r='2'/>" for a, b in points[:MOST_GEOMETRIES].tolist())
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{max(wide, 8):.0f}' height='{max(tall, 8):.0f}' role='img' "
        f"aria-label='{html.escape(title, quote=True)}' style='color:inherit;display:block'>"
        "<g fill='currentColor' fill-opacity='.08' fill-rule='evenodd' stroke='currentColor' stroke-opacity='.75'>"
        f"{_outlines(shapes)}</g><g fill='currentColor' fill-opacity='.75'>{dots}</g></svg>"
    )


def _outlines(shapes: Any) -> str:
    """Lines and polygons in pixels, a path for each part, without corners that cannot be told apart."""
    import shapely

    parts = shapely.get_parts(shapely.simplify(shapes, 0.5, preserve_topology=False))
    parts = parts[~shapely.is_empty(parts)]
    areas = shapely.get_dimensions(parts) == 2
    lines, owner = shapely.get_parts(np.where(areas, shapely.boundary(parts), parts), return_index=True)
    texts = [""] * len(parts)
    for line, i in zip(lines.tolist(), owner.tolist(), strict=True):
        corners = np.round(shapely.get_coordinates(line), 1).tolist()
        texts[i] += "M" + "L".join(f"{a:g} {b:g}" for a, b in corners)
    inside = ("" if area else " fill='none'" for area in areas.tolist())
    return "".join(f"<path d='{text}'{fill}/>" for text, fill in zip(texts, inside, strict=True))


def swatches(told: Told, width: float) -> str:
    """A legend below a small map: a bar with the numbers at its ends, or the first classes."""
    from pyterra.maps.webpage import legend_told

    found = legend_told(told)
    if "rows" in found:
        rows = [
            "<span style='white-space:nowrap'><span style='display:inline-block;width:.8em;height:.8em;"
            f"margin-right:.3em;background:{color}'></span>{html.escape(label)}</span>"
            for label, color in found["rows"][:8]
        ]
        more = len(found["rows"]) + found["more"] - len(rows)
        rows += [f"and {more} more"] if more > 0 else []
        return (
            f"<div style='display:flex;flex-wrap:wrap;gap:0 .8em;font-size:smaller;max-width:{max(width, 160):.0f}px'>"
            f"{''.join(rows)}</div>"
        )
    scale = told.entries
    assert isinstance(scale, Ramp)
    ends = [f"{end:.4g}" for end in (float(scale.norm.vmin), float(scale.norm.vmax))]
    ends = ends[::-1] if scale.reverse else ends
    return (
        f"<div style='width:{width:.0f}px;font-size:smaller'><div style='height:6px;margin-top:4px;"
        f"background:linear-gradient(to right,{','.join(found['colors'])})'></div>"
        "<div style='display:flex;justify-content:space-between'>"
        f"<span>{html.escape(ends[0])}</span><span>{html.escape(ends[1])}</span></div></div>"
    )
