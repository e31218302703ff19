"""Maps. Only as many cells are read as a map can show, from overviews where the file has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Layer, coarsen, select
from pyterra.grid import Grid
from pyterra.raster._build import choice, layer_positions, node_of
from pyterra.run import to_array

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.raster.spatraster import SpatRaster

PlotType = Literal["continuous", "classes", "interval"]
MAX_PANELS = 16
MAX_CLASSES = 30
MISSING_COLOR = "#f2f2f0"
QUALITATIVE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#ee7733", "#009988", "#882255",
    "#ddaa33", "#004488", "#999933", "#cc6677", "#117733", "#88ccee", "#332288", "#44aa99", "#661100", "#6699cc",
)  # fmt: skip
BOOL_COLORS = ("#dddcd5", "#2a6f97")


@dataclass(frozen=True)
class Picture:
    """What is drawn of one layer."""

    values: Array
    """Shape (row, col)."""
    grid: Grid
    layer: Layer

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """left, right, bottom, top."""
        e = self.grid.extent
        return e.xmin, e.xmax, e.ymin, e.ymax


def preview(x: SpatRaster, maxcell: int) -> tuple[Array, Grid]:
    """Values of a raster on a grid of at most about `maxcell` cells per layer, and that grid."""
    node = node_of(x, "plot")
    factor = max(1, int(np.ceil((node.grid.cells / max(1, maxcell)) ** 0.5)))
    coarse = coarsen(node, factor)
    return to_array(coarse), coarse.grid


def plot(
    x: SpatRaster,
    y: Any = None,
    *,
    type: PlotType | None = None,
    cmap: Any = None,
    range: tuple[float, float] | None = None,
    breaks: Sequence[float] | int | None = None,
    colors: Any = None,
    legend: bool = True,
    legend_title: str = "",
    main: str | Sequence[str] | None = None,
    axes: bool = True,
    maxcell: int = 500_000,
    nc: int | None = None,
    ax: Axes | None = None,
    missing: str | None = MISSING_COLOR,
    extent: Any = None,
    figsize: tuple[float, float] | None = None,
) -> Any:
    """Draw layers as maps.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers to draw; by default all, at most 16.
    type : {"continuous", "classes", "interval"}, optional
        By default classes for factors and bool, interval with `breaks`, else continuous.
    cmap : str or Colormap, optional
        Colours of a continuous or interval map; viridis by default.
    range : (float, float), optional
        Values at the ends of the colours.
    breaks : sequence of float, or int, optional
        Limits of intervals, or their number.
    colors : sequence or mapping, optional
        Colours of classes, in the order of values or as {value: colour}; the colour table of the layer by default.
    legend : bool
        Draw a legend beside the map.
    legend_title : str
        Title of the legend; the unit of the layer by default.
    main : str or sequence of str, optional
        Titles; the layer names by default where there are several.
    axes : bool
        Draw coordinates.
    maxcell : int
        Cells to read per layer, about.
    nc : int, optional
        Panels per row.
    ax : matplotlib Axes, optional
        Draw one layer into it.
    missing : str, optional
        Colour of missing cells; None for none.
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several layers

    Raises
    ------
    ImportError
        Where matplotlib is missing (``pip install pyterra-geo[plot]``).
    """
    plt = _pyplot()
    chosen = list(np.arange(len(x))) if y is None else layer_positions(x._node.layers, y)
    if extent is not None:
        x = x.crop(extent)
    if ax is not None:
        chosen = chosen[:1]
    chosen = [int(i) for i in chosen[:MAX_PANELS]]
    if type is not None:
        choice(type, ("continuous", "classes", "interval"), "plot: type")
    from pyterra.raster._build import raster

    part = raster(select(x._node, chosen))
    values, grid = preview(part, maxcell)
    titles = _titles(part, main)
    panels = _panels(plt, len(chosen), grid, nc, figsize, legend) if ax is None else np.array([[ax]])
    flat = panels.ravel()
    for i, layer in enumerate(part._node.layers):
        style = {"type": type, "cmap": cmap, "range": range, "breaks": breaks, "colors": colors}
        _draw(flat[i], Picture(values[i], grid, layer), style, legend, legend_title, missing)
        flat[i].set_title(titles[i], fontsize=10)
        _frame(flat[i], grid, axes)
    for spare in flat[len(chosen) :]:
        spare.set_visible(False)
    return flat[0] if len(chosen) == 1 else panels


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError(
            "plot: needs matplotlib; install it with: pip install 'pyterra-geo[plot]'"
        ) from None
    return plt


def _titles(x: SpatRaster, main: str | Sequence[str] | None) -> list[str]:
    if main is None:
        return x.names if len(x) > 1 else [""]
    titles = [main] if isinstance(main, str) else list(main)
    return [
        titles[i % len(titles)] if i < len(titles) or isinstance(main, str) else "" for i in np.arange(len(x))
    ]


def _aspect(grid: Grid) -> float:
    """Height of a unit of y against one of x on the ground."""
    if not grid.is_lonlat:
        return 1.0
    middle = np.clip((grid.extent.ymin + grid.extent.ymax) / 2, -80, 80)
    return float(1 / np.cos(np.deg2rad(middle)))


def _panels(
    plt: Any, count: int, grid: Grid, nc: int | None, figsize: tuple[float, float] | None, legend: bool
) -> Any:
    shape = np.clip(grid.extent.height * _aspect(grid) / grid.extent.width, 0.2, 4.0)
    ncol = nc or round((count * min(max(shape, 0.4), 2.5)) ** 0.5)
    ncol = max(1, min(ncol, count))
    nrow = -(-count // ncol)
    if figsize is None:
        width = 6.0 if ncol == 1 else 12.0 / min(ncol, 4)
        height = np.clip((width - (1.2 if legend else 0.4)) * shape, 1.2, 9.0) + 0.5
        figsize = (min(width * ncol, 16.0), float(min(height * nrow, 18.0)))
    _, axes = plt.subplots(nrow, ncol, figsize=figsize, squeeze=False, layout="constrained")
    return axes


def _frame(ax: Any, grid: Grid, axes: bool) -> None:
    ax.set_aspect(_aspect(grid))
    ax.tick_params(labelsize=8, length=2.5, color="#888888")
    for side in ax.spines.values():
        side.set_linewidth(0.6)
        side.set_color("#888888")
    if not axes:
        ax.set_axis_off()
    ax.locator_params(axis="x", nbins=5)
    ax.locator_params(axis="y", nbins=6)
    ax.ticklabel_format(useOffset=False, style="plain") if axes else None


def _draw(
    ax: Any, picture: Picture, style: dict[str, Any], legend: bool, legend_title: str, missing: str | None
) -> None:
    if missing is not None:
        ax.set_facecolor(missing)
    kind = _kind(picture, style)
    if kind == "classes":
        _draw_classes(ax, picture, style, legend, legend_title)
    else:
        _draw_numbers(ax, picture, style, kind, legend, legend_title)


def _kind(picture: Picture, style: dict[str, Any]) -> str:
    if style["type"] is not None:
        return str(style["type"])
    if style["breaks"] is not None:
        return "interval"
    layer = picture.layer
    return (
        "classes"
        if layer.kind in ("factor", "bool") or layer.colors or style["colors"] is not None
        else "continuous"
    )


def _draw_numbers(
    ax: Any, picture: Picture, style: dict[str, Any], kind: str, legend: bool, legend_title: str
) -> None:
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm, Normalize

    cmap = style["cmap"] or "viridis"
    cmap = colormaps[cmap] if isinstance(cmap, str) else cmap
    finite = picture.values[np.isfinite(picture.values)]
    low, high = style["range"] or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0))
    breaks = style["breaks"]
    if kind == "interval":
        breaks = 5 if breaks is None else breaks
        edges = (
            np.linspace(low, high, breaks + 1)
            if isinstance(breaks, int)
            else np.sort(np.asarray(breaks, float))
        )
        if len(edges) < 2:
            raise ArgumentError(f"plot: breaks must be at least two numbers, got {breaks}")
        norm: Any = BoundaryNorm(edges, cmap.N)
    else:
        norm = Normalize(low, high if high > low else low + 1)
    image = ax.imshow(
        np.ma.masked_invalid(picture.values),
        extent=picture.extent,
        cmap=cmap,
        norm=norm,
        interpolation="nearest",
    )
    if legend:
        bar = ax.figure.colorbar(image, ax=ax, fraction=0.046, pad=0.03, aspect=18, shrink=0.85)
        bar.ax.tick_params(labelsize=8, length=2.5)
        bar.outline.set_linewidth(0.4)
        bar.ax.set_title(legend_title or picture.layer.unit, fontsize=8)


def _draw_classes(ax: Any, picture: Picture, style: dict[str, Any], legend: bool, legend_title: str) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap
    from matplotlib.patches import Patch

    values = picture.values
    found = np.unique(values[np.isfinite(values)])
    if found.size == 0:
        found = np.array([0.0])
    entries = _class_entries(picture.layer, found, style["colors"])
    index = np.searchsorted(found, np.where(np.isfinite(values), values, found[0])).astype(float)
    index[~np.isfinite(values)] = np.nan
    cmap = ListedColormap([color for _, color in entries])
    norm = BoundaryNorm(np.arange(len(found) + 1) - 0.5, len(found))
    ax.imshow(
        np.ma.masked_invalid(index), extent=picture.extent, cmap=cmap, norm=norm, interpolation="nearest"
    )
    if legend:
        shown = entries[:MAX_CLASSES]
        handles = [
            Patch(facecolor=color, edgecolor="#666666", linewidth=0.4, label=label) for label, color in shown
        ]
        if len(entries) > MAX_CLASSES:
            handles.append(Patch(facecolor="none", label=f"... {len(entries) - MAX_CLASSES} more"))
        ax.legend(
            handles=handles,
            loc="center left",
            bbox_to_anchor=(1.01, 0.5),
            frameon=False,
            fontsize=8,
            title=legend_title or None,
            handlelength=1.2,
            handleheight=1.2,
            borderaxespad=0.2,
        )


def _class_entries(layer: Layer, found: Array, colors: Any) -> list[tuple[str, Any]]:
    """Label and colour of each value."""
    labels: dict[Any, Any] = dict(layer.categories.labels()) if layer.categories is not None else {}
    order = sorted(labels) if labels else [float(v) for v in found]
    table: dict[float, Any] = {value: tuple(c / 255 for c in color) for value, color in layer.colors or ()}
    entries = []
    for value in found:
        number = int(value) if float(value).is_integer() else float(value)
        label = (
            {0: "FALSE", 1: "TRUE"}.get(int(value), "")
            if layer.kind == "bool"
            else str(labels.get(number, f"{value:g}"))
        )
        place = order.index(number) if number in order else int(np.searchsorted(order, number))
        color: Any = (
            BOOL_COLORS[int(value != 0)] if layer.kind == "bool" else QUALITATIVE[place % len(QUALITATIVE)]
        )
        color = table.get(number, color)
        if isinstance(colors, dict):
            color = colors.get(number, colors.get(label, color))
        elif colors is not None:
            color = list(colors)[place % len(colors)]
        entries.append((label, color))
    return entries


def thumbnail(x: SpatRaster, buffer: Any, *, maxcell: int = 40_000) -> None:
    """A small map of the first layer as PNG, without frame."""
    plt = _pyplot()
    from pyterra.raster._build import raster

    first = raster(select(x._node, [0]))
    values, grid = preview(first, maxcell)
    shape = float(np.clip(grid.extent.height * _aspect(grid) / grid.extent.width, 0.2, 4.0))
    figure = plt.figure(figsize=(2.4, 2.4 * shape) if shape <= 1 else (2.4 / shape, 2.4))
    try:
        ax = figure.add_axes((0, 0, 1, 1))
        _draw(
            ax,
            Picture(values[0], grid, first._node.layers[0]),
            dict.fromkeys(("type", "cmap", "range", "breaks", "colors")),
            legend=False,
            legend_title="",
            missing=MISSING_COLOR,
        )
        ax.set_aspect("auto")
        ax.set_axis_off()
        figure.savefig(buffer, format="png", dpi=100)
    finally:
        plt.close(figure)
