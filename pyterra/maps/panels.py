"""Several maps in one picture: layers that share a legend, and vectors of a collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.maps import canvas, rasters, vectors
from pyterra.maps.canvas import INK, Coordinates
from pyterra.maps.colors import BreakBy, PlotType, Range
from pyterra.maps.furniture import CORNERS
from pyterra.maps.shapes import rimmed

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.vectors import SpatVectorCollection
    from pyterra.types import ClassColors, Color, ColorMap, Colors, ExtentLike, Layers

Corner = Literal["topleft", "topright", "bottomleft", "bottomright"]


def panel(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    main: str | Sequence[str] | None = None,
    loc_main: Corner = "topleft",
    halo: bool = True,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[str] = False,
    reverse: bool = False,
    legend: bool = True,
    legend_title: str = "",
    axes: bool = True,
    maxcell: int = 500_000,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
) -> Any:
    """Draw layers as maps that share a legend, with their titles inside.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers to draw; by default all, at most 16.
    main : str or sequence of str, optional
        Titles; the layer names by default.
    loc_main : {"topleft", "topright", "bottomleft", "bottomright"}
        The corner in which they stand.
    halo : bool
        A white rim around titles.
    type, cmap, range, fill_range, breaks, breakby, colors, sort, reverse
        As `plot` has them; of all layers together.
    legend : bool
        Whether to draw it.
    legend_title : str
        The unit of the first layer by default.
    axes : bool
        Draw coordinates, along the rim of the picture alone.
    maxcell : int
        About how many cells are read per layer.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    ndarray of matplotlib Axes

    See Also
    --------
    plot : Draws each layer with a legend of its own.

    Examples
    --------
    >>> import pyterra as pt
    >>> axes = pt.rast([[[1, 2]], [[3, 4]]], names=["a", "b"]).panel()
    >>> [ax.texts[0].get_text() for ax in axes.ravel()], axes[0, 0].images[0].norm.vmax
    (['a', 'b'], 4.0)
    """
    loc_main = choice(loc_main, tuple(CORNERS), "panel: loc_main")
    part = rasters.chosen_layers(x, y)
    found = rasters.plot(
        part, type=type, cmap=cmap, range=range, fill_range=fill_range, breaks=breaks, breakby=breakby, colors=colors,
        sort=sort, reverse=reverse, legend=legend, legend_title=legend_title, main="", axes=axes, common=True,
        maxcell=maxcell, nc=nc, figsize=figsize,
    )  # fmt: skip
    panels = np.atleast_2d(found)
    texts = list(part.names) if main is None else canvas.titles([*part.names, ""], main)[: len(part)]
    across, up = loc_main.endswith("right"), loc_main.startswith("top")
    for ax, text in zip(panels.ravel(), texts, strict=False):
        ax.annotate(
            text, (float(across), float(up)), (-5 if across else 5, -5 if up else 5), xycoords="axes fraction",
            textcoords="offset points", ha="right" if across else "left", va="top" if up else "bottom",
            fontsize=canvas.MEDIUM, color=INK, path_effects=rimmed("white" if halo else None), zorder=7,
        )  # fmt: skip
    if axes:
        _outer_axes(panels, len(part))
    return panels


def _outer_axes(panels: Any, count: int) -> None:
    """Coordinates where no other map follows below, or stands to the left."""
    ncol = panels.shape[1]
    for i, ax in enumerate(panels.ravel()[:count]):
        ax.tick_params(labelbottom=i + ncol >= count, labelleft=i % ncol == 0)


def plot(
    x: SpatVectorCollection,
    y: int | str | None = None,
    *,
    col: Colors | None = None,
    border: Colors | None = None,
    lwd: float | None = None,
    cex: float = 1.0,
    pch: str = "o",
    alpha: float | None = None,
    main: str | Sequence[str] | None = None,
    axes: bool = True,
    background: Color | None = None,
    extent: ExtentLike | None = None,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    ax: Axes | None = None,
) -> Any:
    """Draw the vectors of a collection, a map each.

    Parameters
    ----------
    x : SpatVectorCollection
    y : int or str, optional
        The one to draw; by default all, at most 16.
    col, border : colour, or for `col` a list with one per vector, optional
        Of geometries, and of the outlines of polygons.
    lwd : float, optional
        Width of lines in points.
    cex, pch : float, str
        Size and marker of points.
    alpha : float, optional
        Opacity, from 0 to 1.
    main : str or sequence of str, optional
        Titles; the names by default.
    axes : bool
        Draw coordinates.
    background : colour, optional
    extent : SpatExtent or anything with an extent, optional
        Part to draw; by default each map shows its vector.
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    ax : matplotlib Axes, optional
        Draw one vector into it.

    Returns
    -------
    matplotlib Axes, or ndarray of Axes for several vectors

    See Also
    --------
    SpatVector.plot : Draws one, coloured by an attribute.

    Examples
    --------
    >>> import pyterra as pt
    >>> axes = pt.svc(wells=pt.vect([[0, 0]]), area=pt.vect(pt.ext(0, 2, 0, 1))).plot()
    >>> [ax.get_title() for ax in axes.ravel()]
    ['wells', 'area']
    """
    shown = [x[y]] if y is not None else list(x)[: rasters.MAX_PANELS]
    if not shown:
        raise ArgumentError("plot: there must be a vector, got an empty collection")
    if ax is not None and len(shown) > 1:
        raise ArgumentError(f"plot: ax is for one vector, got {len(shown)}; choose one with y")
    names = list(x.names)[: len(shown)] if y is None else [""]
    colors = list(col) if isinstance(col, list) else [col]
    windows = [vectors.window_of(v, extent) for v in shown]
    panels = (
        np.array([[ax]])
        if ax is not None
        else canvas.panels(len(shown), windows[0], Coordinates.of(shown[0].wkt), nc=nc, figsize=figsize)
    )
    texts = canvas.titles(names, main)
    for i, (one, v) in enumerate(zip(panels.ravel(), shown, strict=False)):
        vectors.plot(
            v, col=colors[i % len(colors)], border=border, lwd=lwd, cex=cex, pch=pch, alpha=alpha, main=texts[i],
            axes=axes, background=background, extent=extent, ax=one,
        )  # fmt: skip
    return panels[0, 0] if len(shown) == 1 else panels
