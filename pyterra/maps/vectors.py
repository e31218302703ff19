"""Maps of geometries, by attribute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.expr import Layer
from pyterra.grid.extent import Extent
from pyterra.maps import canvas, legends
from pyterra.maps.canvas import INK, Coordinates
from pyterra.maps.colors import BreakBy, Classes, PlotType, Ramp, Range, Style, ramp, text_classes
from pyterra.maps.overlays import Marks, named
from pyterra.maps.shapes import add_points, add_shapes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import ClassColors, Color, ColorMap, Colors, ExtentLike

PLAIN = {"polygons": "#b9c9d6", "lines": "#4477aa", "points": "#4477aa"}
NO_VALUE = "#d9d9d6"
SHADES = 64
"""Colours of a continuous map: geometries of one colour are drawn at once."""
FEW = 12
"""Whole numbers of at most so many kinds are classes."""


def plot(
    x: SpatVector,
    y: str | int | Sequence[str] | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[Any] = True,
    reverse: bool = False,
    col: Colors | None = None,
    border: Colors | None = None,
    lwd: float | None = None,
    cex: float = 1.0,
    pch: str = "o",
    alpha: float | None = None,
    legend: bool | str = True,
    legend_title: str | None = None,
    main: str | Sequence[str] | None = None,
    axes: bool = True,
    background: Color | None = None,
    extent: ExtentLike | None = None,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Any:
    """Draw points, lines or polygons, coloured by an attribute.

    Parameters
    ----------
    x : SpatVector
    y : str, int or sequence of str, optional
        The attribute that colours follow, by name or number. Without it, all geometries have one colour. Several
        attributes make a panel each.
    type : {"continuous", "classes", "interval"}, optional
        By default "classes" for text, bool and few whole numbers, "interval" with `breaks`, otherwise "continuous".
    cmap : str, Colormap or sequence of colours, optional
        Colours of a continuous or interval map; viridis by default.
    range : (float, float), optional
        Values at the ends of the colours; None in place of one for the least or greatest that there is. Geometries
        beyond are as those without a value.
    fill_range : bool
        Geometries beyond the range have its outer colours.
    breaks : sequence of float, or int, optional
        Limits of intervals, or their number.
    breakby : {"eqint", "cases"} or function
        Where so many limits lie: equally far apart, or with equally many geometries between them; or a function that
        gives limits for an array of values.
    colors : sequence or mapping, optional
        Colours of classes in order, or {value: colour}.
    sort : bool or sequence
        Classes sorted, or in the order in which they come, or in this one; their colours as well.
    reverse : bool
        The legend the other way round.
    col : colour, or a list with one per geometry, optional
        Where there is no `y`. Polygons that are added to a map have none by default, so that it shows through.
    border : colour, optional
        Colour of the outlines of polygons.
    lwd : float, optional
        Width of lines in points.
    cex, pch : float, str
        Size and marker of points.
    alpha : float, optional
        Opacity, from 0 to 1.
    legend : bool or str
        Whether to draw a legend, or its place: "right", "left", "top", "bottom", or a corner such as "topleft".
    legend_title : str, optional
        The name of the attribute by default.
    main : str or sequence of str, optional
        Titles.
    axes : bool
        Draw coordinates.
    background : colour, optional
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Width and height in inches.
    add : bool
        Draw over the map drawn last.
    ax : matplotlib Axes, optional
        Draw into these axes.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several attributes

    See Also
    --------
    points, lines, polys : Add geometries to a map.
    text : Writes labels on a map.
    SpatRaster.plot : Draws rasters.

    Notes
    -----
    Geometries of one colour are drawn together, colour after colour. Where geometries overlap, the last one of the vector
    is therefore not always on top.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [2, 2]], atts={"kind": ["a", "b", "b"]})
    >>> ax = v.plot("kind", colors={"a": "red", "b": "blue"}, main="Sites")
    >>> ax.get_title(), [text.get_text() for text in ax.get_legend().get_texts()]
    ('Sites', ['a', 'b'])
    """
    if y is not None and not isinstance(y, str | int):
        names = [named(x, name, "plot") for name in y]
        if len(names) > 1:
            return _panels(x, names, locals())
        y = names[0] if names else None
    place = legends.placement(legend if not add else (legend if isinstance(legend, str) else False))
    beside = legends.inches(place) if y is not None else (0.0, 0.0)
    ax = canvas.stage(
        "plot", window_of(x, extent), Coordinates.of(x.wkt), canvas.titles([""], main), add=add, ax=ax,
        figsize=figsize, beside=beside, axes=axes, background=background,
    )[0, 0]  # fmt: skip
    drawing = _Drawing(x, border, lwd, cex, pch, alpha)
    if y is None:
        plain = "none" if add and _kind(x) == "polygons" else PLAIN[_kind(x)]
        drawing.one(ax, plain if col is None else Marks(x.geoms).colors(col, verb="plot")[0])
        return ax
    name = named(x, y, "plot")
    style = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse)
    title = name if legend_title is None else legend_title
    drawing.by(ax, np.asarray(x._table[name]), style, place, title)
    return ax


def _panels(x: SpatVector, names: list[str], given: dict[str, Any]) -> Any:
    more = {
        k: v
        for k, v in given.items()
        if k not in ("x", "y", "names", "name", "main", "ax", "nc", "figsize", "add")
    }
    place = legends.placement(given["legend"])
    axes = canvas.panels(
        len(names),
        window_of(x, given["extent"]),
        Coordinates.of(x.wkt),
        nc=given["nc"],
        figsize=given["figsize"],
        beside=legends.inches(place),
    )
    texts = canvas.titles(names, given["main"])
    for ax, name, text in zip(axes.ravel(), names, texts, strict=False):
        plot(x, name, ax=ax, main=text, **{**more, "legend_title": given["legend_title"] or ""})
    return axes


class _Drawing:
    """How geometries of one vector are drawn."""

    def __init__(
        self, x: SpatVector, border: Any, lwd: float | None, cex: float, pch: str, alpha: float | None
    ) -> None:
        self.geoms, self.kind = x.geoms, _kind(x)
        self.border, self.lwd, self.cex, self.pch, self.alpha = border, lwd, cex, pch, alpha

    def one(self, ax: Axes | None, color: Any, chosen: Any = None) -> None:
        """Some geometries in one colour."""
        geoms = self.geoms if chosen is None else self.geoms[chosen]
        if self.kind == "points":
            edge: Any = self.border or "white"
            add_points(
                ax, geoms, color, 5.5 * self.cex, self.pch, alpha=self.alpha, edgecolors=edge,
                linewidths=0.4 if self.lwd is None else self.lwd,
            )  # fmt: skip
        elif self.kind == "lines":
            width = 1.3 if self.lwd is None else self.lwd
            add_shapes(
                ax,
                geoms,
                facecolor="none",
                edgecolor=color,
                linewidth=width,
                alpha=self.alpha,
                capstyle="round",
            )
        else:
            width = 0.5 if self.lwd is None else self.lwd
            edge = self.border or (INK if isinstance(color, str) and color == "none" else "white")
            add_shapes(ax, geoms, facecolor=color, edgecolor=edge, linewidth=width, alpha=self.alpha)

    def by(self, ax: Axes | None, values: NDArray[Any], style: Style, place: str, title: str) -> None:
        """Geometries coloured by values, and the legend."""
        rows, codes, colors, entries = colored(values, style)
        gone = np.setdiff1d(np.arange(len(values)), rows)
        if gone.size:
            self.one(ax, NO_VALUE, gone)
        self._colored(ax, rows, codes, colors)
        if place:
            shapes: dict[str, legends.Shape] = {"polygons": "area", "lines": "line", "points": "point"}
            legends.add_legend(ax, entries, place, title, shapes[self.kind])

    def _colored(self, ax: Any, rows: NDArray[Any], codes: NDArray[Any], colors: Sequence[Any]) -> None:
        order = np.argsort(codes, kind="stable")
        limits = np.searchsorted(codes[order], np.arange(len(colors) + 1))
        for color, start, stop in zip(colors, limits[:-1], limits[1:], strict=True):
            if stop > start:
                self.one(ax, color, np.sort(rows[order[start:stop]]))


def colored(
    values: NDArray[Any], style: Style
) -> tuple[NDArray[Any], NDArray[Any], Sequence[Any], Classes | Ramp]:
    """Rows that have a value, the number of the colour of each, the colours, and what a legend says."""
    import pandas as pd

    rows = np.flatnonzero(~np.asarray(pd.isna(values)))
    known = values[rows]
    kind = _type(known, style)
    if kind == "classes":
        found = _classes(known, style)
        return rows, np.searchsorted(found.values, known), found.colors, found
    numbers = known.astype(np.float64)
    scale = ramp(numbers, style, kind)
    inside = ~np.isnan(style.within(numbers))
    return rows[inside], *_shades(numbers[inside], scale), scale


def _shades(values: NDArray[np.float64], scale: Ramp) -> tuple[NDArray[Any], list[Any]]:
    if scale.edges is not None:
        middles = [(a + b) / 2 for a, b in zip(scale.edges[:-1], scale.edges[1:], strict=True)]
        codes = np.clip(np.searchsorted(scale.edges, values, side="right") - 1, 0, len(middles) - 1)
        return codes, [scale.cmap(scale.norm(m)) for m in middles]
    share = np.clip(np.asarray(scale.norm(values)), 0, 1)
    codes = np.minimum((share * SHADES).astype(int), SHADES - 1)
    return codes, [scale.cmap((i + 0.5) / SHADES) for i in range(SHADES)]


def _type(values: NDArray[Any], style: Style) -> str:
    if style.type is not None:
        return style.type
    if style.breaks is not None:
        return "interval"
    if values.dtype.kind not in "iuf" or style.colors is not None:
        return "classes"
    return "classes" if values.dtype.kind in "iu" and len(np.unique(values)) <= FEW else "continuous"


def _classes(values: NDArray[Any], style: Style) -> Classes:
    if values.dtype.kind == "b" or (values.dtype.kind == "O" and all(isinstance(v, bool) for v in values)):
        layer = Layer("", "bool")
        from pyterra.maps.colors import classes

        return classes(layer, values.astype(np.float64), style)
    return text_classes(values.astype(str) if values.dtype.kind == "O" else values, style)


def _kind(x: SpatVector) -> str:
    kind = x.geomtype()
    return kind if kind in PLAIN else "points"


def window_of(x: SpatVector, extent: Any) -> Extent:
    """What a map of a vector shows."""
    from pyterra.raster.build import extent_of

    if extent is not None:
        return extent_of(extent)
    e = x.ext
    span = max(e.width, e.height) or 1.0
    margin = span * (0.04 if _kind(x) == "points" else 0.02)
    return Extent(e.xmin - margin, e.xmax + margin, e.ymin - margin, e.ymax + margin)
