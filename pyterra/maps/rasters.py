"""Maps of layers. Only as many cells are read as a map can show, from overviews where the file has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer, coarsen, select
from pyterra.grid import Grid
from pyterra.maps import canvas
from pyterra.maps.canvas import Coordinates
from pyterra.maps.cells import Picture, draw, kind_of
from pyterra.maps.colors import MISSING, BreakBy, Classes, PlotType, Ramp, Range, Style, classes, ramp
from pyterra.maps.legends import inches, placement, shared_legend
from pyterra.raster.build import is_raster, layer_positions, node_of, raster
from pyterra.run import to_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import ClassColors, Color, ColorMap, ExtentLike, Layers

MAX_PANELS = 16
SCATTER_CELLS = 20_000


def preview(x: SpatRaster, maxcell: int, verb: str = "plot") -> tuple[Array, Grid]:
    """Values of a raster on a grid of at most about `maxcell` cells per layer, and that grid."""
    node = node_of(x, verb)
    factor = max(1, int(np.ceil((node.grid.cells / max(1, maxcell)) ** 0.5)))
    coarse = coarsen(node, factor)
    return to_array(coarse), coarse.grid


def chosen_layers(x: SpatRaster, y: Any, most: int = MAX_PANELS) -> SpatRaster:
    """Layers to draw: those asked for, else the first ones."""
    wanted = list(range(len(x))) if y is None else layer_positions(x._node.layers, y)
    return raster(select(x._node, [int(i) for i in wanted[:most]]))


def plot(
    x: SpatRaster,
    y: Layers | SpatRaster | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[str] = False,
    reverse: bool = False,
    all_levels: bool = False,
    smooth: bool = False,
    legend: bool | str | None = None,
    legend_title: str = "",
    main: str | Sequence[str] | None = None,
    axes: bool = True,
    common: bool = False,
    alpha: float | None = None,
    background: Color | None = None,
    missing: Color | None = MISSING,
    extent: ExtentLike | None = None,
    maxcell: int = 500_000,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Any:
    """Draw layers as maps.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, or SpatRaster, optional
        Layers to draw; by default all, at most 16. Another raster of one layer: a scatter plot of the two.
    type : {"continuous", "classes", "interval"}, optional
        By default classes for factors and bool, interval with `breaks`, else continuous.
    cmap : str, Colormap or sequence of colours, optional
        Colours of a continuous or interval map; viridis by default.
    range : (float, float), optional
        Values at the ends of the colours; None in place of one for the least or greatest that there is. Cells beyond
        are as missing ones.
    fill_range : bool
        Cells beyond the range have its outer colours.
    breaks : sequence of float, or int, optional
        Limits of intervals, or their number.
    breakby : {"eqint", "cases"} or function
        Where so many limits lie: equally far apart, or with equally many cells between them; or a function that gives
        limits for an array of values.
    colors : sequence or mapping, optional
        Colours of classes, in the order of values or as {value: colour} or {label: colour}; the colour table of the
        layer by default. Of intervals: one for each.
    sort : bool or sequence of str
        Classes in the legend by their labels, or in this order; by default in the order of values.
    reverse : bool
        The legend the other way round.
    all_levels : bool
        Classes of a factor that do not occur stand in the legend, too.
    smooth : bool
        Colours of a continuous map run from cell to cell.
    legend : bool or str
        Whether to draw a legend, or where: "right", "left", "top", "bottom", or in a corner such as "topleft". By
        default to the right, and none with `add`.
    legend_title : str
        Title of the legend; the unit of the layer by default.
    main : str or sequence of str, optional
        Titles; the layer names by default where there are several.
    axes : bool
        Draw coordinates.
    common : bool
        One range of colours, and one legend, for all layers.
    alpha : float, optional
        Opacity, from 0 to 1.
    background : colour, optional
        Of the map where there are no cells.
    missing : colour, optional
        Of missing cells; None for none.
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    maxcell : int
        About how many cells are read per layer.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    add : bool
        Draw one layer over the map drawn last.
    ax : matplotlib Axes, optional
        Draw one layer into it.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several layers

    Raises
    ------
    ImportError
        Where matplotlib is missing (``pip install pyterra-geo[plot]``).

    See Also
    --------
    plot_rgb, hist, lines, points, polys, text, north, sbar

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], names="height")
    >>> ax = r.plot(cmap="terrain", main="Height in metres")
    >>> ax.get_title()
    'Height in metres'
    """
    if is_raster(y):
        return _scatter(x, y, main, ax)
    if type is not None:
        type = choice(type, ("continuous", "classes", "interval"), "plot: type")
    place = placement((not add) if legend is None else legend)
    part = chosen_layers(
        x if extent is None else x.crop(extent), y, 1 if add or ax is not None else MAX_PANELS
    )
    style = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse, all_levels, smooth)
    values, grid = preview(part, maxcell)
    layers = part._node.layers
    texts = canvas.titles(part.names, main)
    common = common and len(layers) > 1
    style, shared = shared_style(layers, values, style) if common else (style, None)
    beside = (0.0, 0.0) if common else inches(place)
    panels = canvas.stage(
        "plot", grid.extent, Coordinates.of(grid.crs), texts, add=add, ax=ax, nc=nc, figsize=figsize,
        beside=beside, axes=axes, background=background,
    )  # fmt: skip
    flat = panels.ravel()
    for i, layer in enumerate(layers):
        draw(
            flat[i],
            Picture(values[i], grid, layer),
            style,
            legend="" if common else place,
            title=legend_title,
            missing=None if add and missing is MISSING else missing,
            alpha=alpha,
        )
    if shared is not None and place:
        shared_legend(flat, shared, legend_title or layers[0].unit)
    return flat[0] if len(layers) == 1 else panels


def shared_style(layers: Sequence[Layer], values: Array, style: Style) -> tuple[Style, Classes | Ramp]:
    """The style that all layers have together, and what their legend says."""
    kind = kind_of(layers[0], style)
    if kind == "classes":
        found = classes(layers[0], values, style)
        colors = dict(zip(found.values.tolist(), found.colors, strict=True))
        return replace(style, type=kind, colors=colors), found
    scale = ramp(values, style, kind)
    if np.isfinite(values).any():
        style = replace(style, range=style.limits(values))
    return (style if scale.edges is None else replace(style, breaks=list(scale.edges))), scale


def _scatter(x: SpatRaster, y: SpatRaster, main: Any, ax: Any) -> Any:
    """The values of one raster against those of another."""
    if len(x) != 1 or len(y) != 1:
        raise ArgumentError(
            f"plot: for a scatter plot x and y must have one layer, got {len(x)} and {len(y)}"
        )
    x.compare_geom(y)
    a, b = (preview(part, SCATTER_CELLS)[0].ravel() for part in (x, y))
    if ax is None:
        ax = canvas.pyplot().subplots(figsize=(5.2, 4.6), layout=canvas.settled())[1]
    ax.scatter(a, b, s=6, alpha=0.35, linewidths=0, color="#4477aa", rasterized=True)
    canvas.chart(ax, str(main or ""), x.names[0], y.names[0])
    return ax
