"""Colour pictures, histograms, and cells drawn over a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.maps import canvas
from pyterra.maps.canvas import INK, Coordinates
from pyterra.maps.rasters import chosen_layers, preview
from pyterra.maps.rgb import picture, stretched
from pyterra.maps.shapes import add_points, add_shapes, add_texts
from pyterra.raster.build import choice, layer_positions, node_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, Colors, ExtentLike, Layers

CELLS_DRAWN = 100_000
"""Cells whose outlines or centres are drawn at most; of more, every so many."""
CELLS_WRITTEN = 400
"""Cells whose values are written at most."""


def plot_rgb(
    x: SpatRaster,
    r: int | str = 0,
    g: int | str = 1,
    b: int | str = 2,
    a: int | str | None = None,
    *,
    scale: float | None = None,
    stretch: Literal["lin", "hist"] | None = None,
    missing: Color | None = None,
    bgalpha: float = 0.0,
    main: str = "",
    axes: bool = False,
    extent: ExtentLike | None = None,
    maxcell: int = 500_000,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw three layers as a colour picture; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    r, g, b : int or str
        The layers that are red, green and blue.
    a : int or str, optional
        The layer that is opacity, on the same scale.
    scale : float, optional
        The value of full colour; by default 1 where no value is larger, else 255, or the largest value.
    stretch : {"lin", "hist"}, optional
        Spread the values of each layer: linearly between the 2nd and 98th percentile, or evenly by rank.
    missing : colour, optional
        Of cells that are missing in one of the layers; by default they show what is below.
    bgalpha : float
        Opacity of missing cells, which are white then, from 0 to 1.
    main : str
        Title.
    axes : bool
        Draw coordinates.
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    maxcell : int
        About how many cells are read per layer.
    figsize : (float, float), optional
        Inches.
    add : bool
        Draw over the map drawn last.
    ax : matplotlib Axes, optional
        Draw into it.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot : Draws each layer as a map of its own.

    Examples
    --------
    >>> import pyterra as pt
    >>> red = pt.rast([[[255]], [[0]], [[0]]], names=["red", "green", "blue"])
    >>> ax = red.plot_rgb()
    >>> ax.images[0].get_array()[0, 0].tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    node = node_of(x, "plot_rgb")
    if stretch is not None:
        choice(stretch, ("lin", "hist"), "plot_rgb: stretch")
    if scale is not None and not scale > 0:
        raise ArgumentError(f"plot_rgb: scale must be above 0, got {scale}")
    bands = [layer_positions(node.layers, band)[0] for band in (r, g, b) if band is not None]
    if len(bands) != 3:
        raise ArgumentError("plot_rgb: r, g and b must name three layers")
    bands += [] if a is None else layer_positions(node.layers, a)[:1]
    part = chosen_layers(x if extent is None else x.crop(extent), bands)
    values, grid = preview(part, maxcell, "plot_rgb")
    alpha = None if a is None else stretched(values[3:], None, scale)[0]
    image = picture(stretched(values[:3], stretch, scale), alpha, missing, bgalpha)
    ground = Coordinates.of(grid.crs)
    ax = canvas.current_axes(ax, "plot_rgb") if add else ax
    if ax is None:
        ax = canvas.panels(1, grid.extent, ground, figsize=figsize)[0, 0]
    if not add:
        canvas.frame(ax, grid.extent, ground, title=main, axes=axes)
    e = grid.extent
    ax.imshow(
        image,
        extent=(e.xmin, e.xmax, e.ymin, e.ymax),
        interpolation="nearest",
        zorder=0,
        aspect=ax.get_aspect(),
    )
    return ax


def hist(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    bins: int | Sequence[float] = 30,
    range: tuple[float, float] | None = None,
    main: str | Sequence[str] | None = None,
    color: Color = "#4477aa",
    maxcell: int = 1_000_000,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Any:
    """Draw histograms of the values of layers.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers; by default all, at most 16.
    bins : int or sequence of float
        Number of bars, or their limits.
    range : (float, float), optional
        Values between which bars lie.
    main : str or sequence of str, optional
        Titles; the layer names by default.
    color : colour
    maxcell : int
        Where there are more cells, a regular sample of about this many is counted.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw one layer into it.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several layers

    See Also
    --------
    freq : Counts the cells of each value.
    summary : Gives quartiles and means.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2, 2, 4]]).hist(bins=[0, 1.5, 3, 4.5])
    >>> [int(bar.get_height()) for bar in ax.patches]
    [1, 2, 1]
    """
    node_of(x, "hist")
    part = chosen_layers(x, y, 1 if ax is not None else 16)
    values, _ = preview(part, maxcell, "hist")
    count = len(part)
    if ax is not None:
        axes = np.array([[ax]])
    else:
        ncol = min(nc or int(np.ceil(count**0.5)), count)
        nrow = -(-count // ncol)
        size = figsize or (max(4.6, 3.4 * ncol), 2.9 * nrow if nrow > 1 else 3.2)
        _, axes = canvas.pyplot().subplots(nrow, ncol, figsize=size, squeeze=False, layout="constrained")
    texts = part.names if main is None else canvas.titles([*part.names, ""], main)[:count]
    flat = axes.ravel()
    for i, layer in enumerate(part._node.layers):
        finite = values[i][np.isfinite(values[i])]
        flat[i].hist(finite, bins=bins, range=range, color=color, edgecolor="white", linewidth=0.5)
        canvas.chart(flat[i], texts[i], layer.unit, "cells" if i % axes.shape[1] == 0 else "")
        canvas.thousands(flat[i])
    for spare in flat[count:]:
        spare.set_visible(False)
    return flat[0] if count == 1 else axes


def _shown(x: SpatRaster, most: int, verb: str) -> tuple[Any, Any, Any]:
    """x, y and values of the cells of the first layer that are not missing, on a grid that is not too fine."""
    values, grid = preview(chosen_layers(x, None, 1), most, verb)
    rows, cols = np.nonzero(np.isfinite(values[0]))
    xy = np.column_stack([grid.x_from_col(cols), grid.y_from_row(rows)])
    return xy, values[0][rows, cols], grid


def points(
    x: SpatRaster,
    *,
    col: Colors = INK,
    cex: float = 1.0,
    pch: str = "o",
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add the centres of cells that are not missing to a map; gives the axes.

    Parameters
    ----------
    x : SpatRaster
        The first layer counts.
    col : colour
    cex : float
        Size, 1 = 5 points (1/72 inch).
    pch : str
        Marker of matplotlib.
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, polys, lines, text

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, float("nan")], [3, 4]])
    >>> ax = r.points(ax=r.plot())
    >>> len(ax.collections[-1].get_offsets())
    3
    """
    import shapely

    ax = canvas.current_axes(ax, "points")
    xy, _, _ = _shown(x, CELLS_DRAWN, "points")
    add_points(ax, shapely.points(xy), col, 5 * cex, pch, alpha=alpha, linewidths=0)
    return ax


def polys(
    x: SpatRaster,
    *,
    col: Colors = "none",
    border: Colors = INK,
    lwd: float = 0.4,
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add the cells that are not missing to a map as rectangles; gives the axes.

    Parameters
    ----------
    x : SpatRaster
        The first layer counts.
    col, border : colour
        Of the inside and the outline.
    lwd : float
        Width of the outline in points.
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, points, lines, text

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, float("nan")], [3, 4]])
    >>> ax = r.polys(border="white", ax=r.plot())
    >>> len(ax.patches[-1].get_path().to_polygons())
    3
    """
    import shapely

    ax = canvas.current_axes(ax, "polys")
    xy, _, grid = _shown(x, CELLS_DRAWN, "polys")
    half_x, half_y = grid.xres / 2, grid.yres / 2
    boxes = shapely.box(xy[:, 0] - half_x, xy[:, 1] - half_y, xy[:, 0] + half_x, xy[:, 1] + half_y)
    add_shapes(ax, boxes, facecolor=col, edgecolor=border, linewidth=lwd, alpha=alpha)
    return ax


def lines(
    x: SpatRaster, *, col: Colors = INK, lwd: float = 0.4, alpha: float | None = None, ax: Axes | None = None
) -> Axes:
    """Add the outlines of cells that are not missing to a map; gives the axes.

    Parameters
    ----------
    x : SpatRaster
        The first layer counts.
    col : colour
    lwd : float
        Width in points.
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, points, polys, text

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, float("nan")], [3, 4]])
    >>> ax = r.lines(col="white", ax=r.plot())
    >>> len(ax.patches[-1].get_path().to_polygons())
    3
    """
    return polys(x, border=col, lwd=lwd, alpha=alpha, ax=ax)


def text(
    x: SpatRaster,
    labels: int | str = 0,
    *,
    digits: int = 0,
    col: Colors = INK,
    cex: float = 1.0,
    halo: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Write the values of cells on a map; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    labels : int or str
        The layer whose values, or class labels, are written.
    digits : int
        Decimals.
    col : colour
    cex : float
        Size, 1 = 8 points.
    halo : bool
        A white rim, so that the text can be read on any colour.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    plot, points, polys, lines

    Notes
    -----
    Where there are more than 400 cells, a regular sample of them is labelled.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]])
    >>> ax = r.text(ax=r.plot())
    >>> [label.get_text() for label in ax.texts]
    ['1', '2', '3', '4']
    """
    ax = canvas.current_axes(ax, "text")
    layer = chosen_layers(x, labels, 1)
    xy, values, _ = _shown(layer, CELLS_WRITTEN, "text")
    known = layer._node.layers[0].categories
    names = known.labels() if known is not None else {}
    texts = [
        str(names.get(int(v), f"{v:.{digits}f}")) if names else f"{v:.{digits}f}" for v in values.tolist()
    ]
    add_texts(ax, xy, texts, color=col, fontsize=canvas.SMALL * cex, halo=halo)
    return ax
