"""A map in a page as bokeh has it: its glyphs, its legends, and what the mouse does."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.grid.extent import Extent
from pyterra.maps import canvas, legends
from pyterra.maps.canvas import GREY, INK, Coordinates
from pyterra.maps.colors import Classes, Ramp
from pyterra.maps.weblayers import Cells, Shapes, Told, WebLayer

if TYPE_CHECKING:
    from pyterra.maps.web import WebMap

WIDEST, HIGHEST = 780, 560
"""Pixels of a map at most."""
BESIDE = 110
"""Pixels that a page takes above and below a map."""
AROUND = (("west", 360.0), ("east", -360.0))
"""Names of the copies of a map that goes on, and how far their coordinates are from those of the map."""
SHADES = 256
THICK, LONG = 14, 180
"""Of a bar, in pixels."""
NOWHERE = [float("nan")]
"""Of samples in legends, which need a point that is not seen."""
NUMBER = "return isNaN(value) ? '' : Number.isInteger(value) ? String(value) : String(+value.toPrecision(6))"
"""Six digits, and whole numbers in full; empty for a missing cell."""
SWITCH = "layers.forEach((parts, i) => parts.forEach(part => part.visible = this.active.includes(i)))"
DEGREES = """
const full = Math.round(tick * 1e6) / 1e6
const at = around ? full - 360 * Math.floor((full + 180) / 360) : full
const letter = at === 0 ? '' : at < 0 ? ends[1] : ends[0]
return Math.abs(at) + '°' + letter
"""


def bokeh() -> Any:
    """The package that makes pages.

    Raises
    ------
    ImportError
        Where it is missing.
    """
    try:
        import bokeh
    except ImportError:
        raise ImportError("plet: needs bokeh; install it with: pip install 'pyterra-geo[web]'") from None
    return bokeh


def page(x: WebMap) -> str:
    """A page that holds the map, its data and bokeh's scripts."""
    bokeh()
    from bokeh.embed import file_html
    from bokeh.resources import INLINE

    return str(file_html(laid_out(x), INLINE, title=x.title))


def laid_out(x: WebMap) -> Any:
    """The map, beside it boxes that show and hide its layers where there are several, or a button that opens them."""
    from bokeh.layouts import column, row
    from bokeh.models import CheckboxGroup, CustomJS, Toggle

    if x.panel and len(panels_of(x)) > 1:
        return _panels(x)
    figure = _frame(x)
    parts = [_draw(figure, layer, x.legend) for layer in x.layers]
    if len(x.layers) < 2:
        return figure
    shown = [i for i, layer in enumerate(x.layers) if layer.shown]
    boxes = CheckboxGroup(labels=[layer.name for layer in x.layers], active=shown)
    boxes.js_on_change("active", CustomJS(args={"layers": parts}, code=SWITCH))
    if not x.collapse:
        return row(figure, boxes)
    boxes.visible = False
    opener = Toggle(label="layers", active=False)
    opener.js_link("active", boxes, "visible")
    return row(figure, column(opener, boxes))


def panels_of(x: WebMap) -> list[Cells]:
    """The layers that have a map each."""
    return [layer for layer in x.layers if isinstance(layer, Cells)]


def _panels(x: WebMap) -> Any:
    """A map for each raster layer, with all geometries; they share what they show."""
    from bokeh.layouts import gridplot

    cells = panels_of(x)
    columns = _columns(len(cells))
    shapes = [layer for layer in x.layers if isinstance(layer, Shapes)]
    figures: list[Any] = []
    for one in cells:
        found = _frame(x, one.name, columns, figures[0] if figures else None)
        over: list[WebLayer] = [one, *shapes]
        for layer in over:
            _draw(found, layer, x.legend)
        figures.append(found)
    return gridplot(figures, ncols=columns, merge_tools=False)


def _columns(count: int) -> int:
    return int(np.ceil(count**0.5))


def page_height(x: WebMap) -> int:
    """Pixels that a page needs so that nothing is cut off."""
    height = frame_size(*shown_extent(x))[1]
    count = len(panels_of(x)) if x.panel else 1
    if count < 2:
        return height + BESIDE
    columns = _columns(count)
    return int(np.ceil(count / columns)) * (height // columns + BESIDE)


def frame_size(extent: Extent, place: Coordinates) -> tuple[int, int]:
    """Width and height of a map in pixels, so that lengths are alike both ways."""
    height = max(extent.height, 1e-12) * canvas.aspect(extent, place)
    shape = float(np.clip(height / max(extent.width, 1e-12), 0.15, 4.0))
    width = min(WIDEST, HIGHEST / shape)
    return round(width), round(width * shape)


def shown_extent(x: WebMap) -> tuple[Extent, Coordinates]:
    """What the map shows at first, and what its coordinates mean."""
    place = Coordinates.of(x.wkt)
    e = x.extent
    margin = 0.02 if any(isinstance(layer, Shapes) for layer in x.layers) else 0.0
    span = max(e.width, e.height)
    half = margin * span if span > 0 else 0.5
    return Extent(e.xmin - half, e.xmax + half, e.ymin - half, e.ymax + half), place


def _frame(x: WebMap, title: str = "", columns: int = 1, like: Any = None) -> Any:
    """An empty map; one of several in so many columns, that shows the same part as another."""
    from bokeh.models import BoxZoomTool, CustomJSTickFormatter, Range1d
    from bokeh.plotting import figure

    extent, place = shown_extent(x)
    width, height = frame_size(extent, place)
    found = figure(
        x_range=Range1d(extent.xmin, extent.xmax) if like is None else like.x_range,
        y_range=Range1d(extent.ymin, extent.ymax) if like is None else like.y_range,
        frame_width=width // columns, frame_height=height // columns, tools="pan,wheel_zoom,reset,save",
        active_scroll="wheel_zoom", title=title or (x.title if x.title != "Map" else None),
    )  # fmt: skip
    if x.wrap:
        beyond = {name: Range1d(extent.xmin + far, extent.xmax + far) for name, far in AROUND}
        found.extra_x_ranges = beyond if like is None else dict(like.extra_x_ranges)
    found.add_tools(BoxZoomTool(match_aspect=True))
    found.grid.visible = False
    found.outline_line_color = GREY
    for axis, ends in ((found.xaxis, "EW"), (found.yaxis, "NS")):
        axis.axis_line_color = axis.major_tick_line_color = axis.minor_tick_line_color = GREY
        axis.major_label_text_color = INK
        if place.lonlat:
            axis.formatter = CustomJSTickFormatter(
                args={"ends": ends, "around": x.wrap and ends == "EW"}, code=DEGREES
            )
        else:
            axis.formatter.use_scientific = False
    return found


def _draw(figure: Any, layer: WebLayer, legend: str) -> list[Any]:
    """Draw a layer; gives the parts that are seen where it is shown."""
    parts = _draw_cells(figure, layer) if isinstance(layer, Cells) else _draw_shapes(figure, layer)
    if legend and layer.told is not None:
        scale = isinstance(layer.told.entries, Ramp)
        told = _scale(layer.told, legend) if scale else _boxes(figure, layer.told)
        _put(figure, told, legend)
        parts.append(told)
    for part in parts:
        part.visible = layer.shown
    return parts


def _around(figure: Any, drawn: Any) -> list[Any]:
    """What is drawn, and its copies in the west and the east where the map goes on; they have the same data."""
    copies = []
    for name in figure.extra_x_ranges:
        glyph = drawn.glyph.clone()
        copies.append(figure.add_glyph(drawn.data_source, glyph, x_range_name=name))
    return [drawn, *copies]


def _draw_cells(figure: Any, layer: Cells) -> list[Any]:
    e = layer.extent
    # bokeh counts rows from the south, and has a number of 32 bits for each colour
    colors = np.ascontiguousarray(layer.rgba[::-1]).view(np.uint32)[:, :, 0]
    data: dict[str, Any] = {
        "image": [colors],
        "x": [e.xmin],
        "y": [e.ymin],
        "dw": [e.width],
        "dh": [e.height],
    }
    if layer.values is not None:
        data["value"] = [np.ascontiguousarray(layer.values[::-1])]
    drawn = _around(
        figure,
        figure.image_rgba(
            image="image", x="x", y="y", dw="dw", dh="dh", source=_source(data), global_alpha=layer.alpha
        ),
    )
    if layer.values is not None:
        _follow(figure, drawn, layer.name, [(layer.name, "@value{custom}")], _written(layer))
    return drawn


def _written(layer: Cells) -> dict[str, Any]:
    """How the mouse writes a value: its label, or a number."""
    from bokeh.models import CustomJSHover

    named = [[value, label] for value, label in layer.labels]
    code = f"const label = new Map(labels).get(value); if (label !== undefined) return label\n{NUMBER}"
    return {"@value": CustomJSHover(args={"labels": named}, code=code)}


def _draw_shapes(figure: Any, layer: Shapes) -> list[Any]:
    pen = layer.pen
    inside, outside = pen.alpha
    data = {"fill": _hex(layer.colors), **{f"a{i}": list(texts) for i, (_, texts) in enumerate(layer.table)}}
    edge: Any = "fill" if pen.border is None else _hex([pen.border])[0]
    line = {"line_width": pen.lwd, "line_alpha": outside, "line_dash": pen.lty}
    if layer.kind == "points":
        data, where = _points(layer, data)
        drawn = figure.scatter(
            **where,
            size=8 * pen.cex,
            fill_color="fill",
            fill_alpha=inside,
            line_color=edge,
            source=_source(data),
            **line,
        )
    elif layer.kind == "lines":
        data["xs"], data["ys"] = _paths(layer)
        drawn = figure.multi_line("xs", "ys", line_color="fill", source=_source(data), **line)
    else:
        data["xs"], data["ys"] = _rings(layer)
        drawn = figure.multi_polygons(
            "xs", "ys", fill_color="fill", fill_alpha=inside, line_color=edge, source=_source(data), **line
        )
    parts = _around(figure, drawn)
    if layer.table:
        _follow(figure, parts, layer.name, [(name, f"@a{i}") for i, (name, _) in enumerate(layer.table)])
    return parts


def _points(layer: Shapes, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Each node is a point of its own."""
    import shapely

    xy, owner = shapely.get_coordinates(layer.geoms, return_index=True)
    each = {name: [column[i] for i in owner.tolist()] for name, column in data.items()}
    return {**each, "x": xy[:, 0], "y": xy[:, 1]}, {"x": "x", "y": "y"}


def _paths(layer: Shapes) -> tuple[list[Any], list[Any]]:
    """Coordinates of lines; a gap is NaN."""
    import shapely

    areas = shapely.get_dimensions(layer.geoms) == 2
    lines = np.where(areas, shapely.boundary(layer.geoms), layer.geoms)
    found = []
    for geom in lines.tolist():
        parts = [shapely.get_coordinates(part) for part in shapely.get_parts(geom)]
        gap = np.full((1, 2), np.nan)
        joined = [piece for part in parts for piece in (part, gap)][:-1]
        found.append(np.concatenate(joined) if joined else np.empty((0, 2)))
    return [xy[:, 0] for xy in found], [xy[:, 1] for xy in found]


def _rings(layer: Shapes) -> tuple[list[Any], list[Any]]:
    """Coordinates of polygons: of each its parts, of each of these its rings, the outer one first."""
    import shapely

    parts, geom = shapely.get_parts(layer.geoms, return_index=True)
    full = ~shapely.is_empty(parts)
    rings, part = shapely.get_rings(parts[full], return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    ends = np.searchsorted(ring, np.arange(len(rings) + 1)).tolist()
    found: tuple[list[Any], list[Any]] = ([], [])
    for axis in (0, 1):
        numbers = xy[:, axis].tolist()  # as lists: as many small arrays make a page twice as large
        of_part: list[Any] = [[] for _ in range(int(full.sum()))]
        for i, owner in enumerate(part.tolist()):
            of_part[owner].append(numbers[ends[i] : ends[i + 1]])
        of_geom: list[Any] = [[] for _ in layer.geoms]
        for rings_of_part, owner in zip(of_part, geom[full].tolist(), strict=True):
            of_geom[owner].append(rings_of_part)
        found[axis].extend(of_geom)
    return found


def _follow(
    figure: Any, parts: list[Any], name: str, lines: list[Any], formatters: dict[str, Any] | None = None
) -> None:
    """Show something of what is under the mouse."""
    from bokeh.models import HoverTool

    figure.add_tools(
        HoverTool(
            renderers=parts, tooltips=lines, formatters=formatters or {}, description=name, visible=False,
            point_policy="follow_mouse", line_policy="interp",
        )
    )  # fmt: skip


def _size(place: str) -> dict[str, Any]:
    """How a bar lies: along the side at which it stands."""
    if place in ("top", "bottom"):
        return {"orientation": "horizontal", "width": LONG, "height": THICK}
    return {"orientation": "vertical", "width": THICK, "height": LONG}


def _scale(told: Told, place: str) -> Any:
    """A bar; intervals are equally long, as in pictures."""
    from bokeh.models import ColorBar, FixedTicker, LinearColorMapper

    scale = told.entries
    assert isinstance(scale, Ramp)
    ticks = legends.ticks_of(scale)
    ends = _ends(scale)
    near = abs(float(scale.norm.vmax) - float(scale.norm.vmin)) / 10
    ticks = sorted([*ends, *(tick for tick in ticks if all(abs(tick - end) > near for end in ends))])
    write = legends.writing(scale, ticks)
    if scale.edges is None:
        low, high = float(scale.norm.vmin), float(scale.norm.vmax)
        palette = _hex([scale.cmap(share) for share in np.linspace(0, 1, SHADES)])
        at = ticks
    else:
        low, high, at = 0.0, float(len(ticks) - 1), [float(i) for i in range(len(ticks))]
        middles = [(a + b) / 2 for a, b in pairwise(ticks)]
        palette = _hex([scale.cmap(scale.norm(middle)) for middle in middles])
    if scale.reverse:
        palette, at, ticks = palette[::-1], [low + high - v for v in reversed(at)], ticks[::-1]
    labels = {v: f"{ends.get(t, '')}{write(t)}" for v, t in zip(at, ticks, strict=True)}
    return ColorBar(
        color_mapper=LinearColorMapper(palette=palette, low=low, high=high), ticker=FixedTicker(ticks=at),
        major_label_overrides=labels, title=told.title or None,
        bar_line_color=GREY, major_label_text_color=INK, title_text_color=INK, title_text_font_style="normal",
        major_tick_line_color=GREY, padding=5, **_size(place),
    )  # fmt: skip


def _ends(scale: Ramp) -> dict[float, str]:
    """The ends of which the colour stands for values further out as well, and what is written before them."""
    found = {"min": (float(scale.norm.vmin), "< "), "max": (float(scale.norm.vmax), "> ")}
    return dict(pair for end, pair in found.items() if scale.beyond in (end, "both"))


def _boxes(figure: Any, told: Told) -> Any:
    """A box, line or point for each class."""
    from bokeh.models import Legend, LegendItem

    classes = told.entries
    assert isinstance(classes, Classes)
    items = []
    for label, shade in classes.told()[: legends.MAX_CLASSES]:
        (color,) = _hex([shade])
        if told.shape == "line":
            sample = figure.line(NOWHERE, NOWHERE, line_color=color, line_width=2)
        else:
            marker = "circle" if told.shape == "point" else "square"
            size = 8 if told.shape == "point" else 15
            sample = figure.scatter(
                NOWHERE, NOWHERE, marker=marker, size=size, fill_color=color, line_color=GREY
            )
        items.append(LegendItem(label={"value": label}, renderers=[sample]))
    rest = len(classes.labels) - legends.MAX_CLASSES
    if rest > 0:
        items.append(LegendItem(label={"value": f"and {rest} more"}))
    return Legend(
        items=items, title=told.title or None, border_line_color=None, label_text_color=INK, title_text_color=INK,
        title_text_font_style="normal", label_text_font_size="9pt", spacing=2, padding=5,
    )  # fmt: skip


def _put(figure: Any, told: Any, place: str) -> None:
    """A legend at a side, or in a corner of the map."""
    if place in legends.SIDES:
        told.background_fill_alpha = 0
        side = {"top": "above", "bottom": "below"}.get(place, place)
        figure.add_layout(told, side)
        return
    told.background_fill_alpha = 0.85
    told.location = {"bottom": "bottom_", "top": "top_"}["top" if place.startswith("top") else "bottom"] + (
        "right" if place.endswith("right") else "left"
    )
    figure.add_layout(told)


def _source(data: dict[str, Any]) -> Any:
    from bokeh.models import ColumnDataSource

    return ColumnDataSource(data)


def _hex(colors: Any) -> list[str]:
    """Colours as a page has them."""
    from matplotlib.colors import to_hex

    return [
        "transparent" if isinstance(color, str) and color == "none" else str(to_hex(color, keep_alpha=True))
        for color in colors
    ]
