"""Lines, frames, text and legends that are added to a map by hand; colours for maps by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import checked
from pyterra.errors import ArgumentError, near_names
from pyterra.maps import legends
from pyterra.maps.canvas import INK, SMALL, current_axes
from pyterra.maps.colors import Classes, Style, qualitative, ramp
from pyterra.maps.shapes import add_texts
from pyterra.raster.build import is_raster, numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, ColorMap, Colors

SIDES = ("bottom", "left", "top", "right")
PALETTES = {
    "bcyr": ("blue", "cyan", "yellow", "red"),
    "bgyr": ("blue", "lime", "yellow", "red"),
    "blues": "Blues",
    "byg": ("blue", "yellow", "lime"),
    "byr": ("blue", "yellow", "red"),
    "differences": "bwr",
    "elevation": "terrain",
    "greens": "Greens",
    "grey": "gray",
    "gyr": ("lime", "yellow", "red"),
    "inferno": "inferno",
    "magma": "magma",
    "oranges": "Oranges",
    "plasma": "plasma",
    "rainbow": "rainbow",
    "reds": "Reds",
    "roygbiv": ("red", "orange", "yellow", "lime", "blue", "indigo", "violet"),
    "ryb": ("red", "yellow", "blue"),
    "ryg": ("red", "yellow", "lime"),
    "sepia": ("saddlebrown", "white"),
    "viridis": "viridis",
}
"""terra's names of palettes: what matplotlib has for them, or the colours between which they run."""


@checked
def add_abline(
    h: float | Sequence[float] | None = None,
    v: float | Sequence[float] | None = None,
    *,
    col: Color = INK,
    lwd: float = 1.0,
    lty: str = "solid",
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add lines right across a map; gives the axes.

    Parameters
    ----------
    h, v : float or sequence of float, optional
        Where horizontal lines cross y, and vertical ones x.
    col : colour
    lwd : float
        Width in points.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    add_grid, add_box

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.add_abline(h=[0.5, 1.5], ax=pt.ext(0, 2, 0, 2).plot())
    >>> [line.get_ydata()[0] for line in ax.lines]
    [0.5, 1.5]
    """
    ax = current_axes(ax, "add_abline")
    if h is None and v is None:
        raise ArgumentError("add_abline: h or v must say where lines go, got neither")
    style: dict[str, Any] = {"color": col, "linewidth": lwd, "linestyle": lty, "alpha": alpha, "zorder": 2}
    for draw, places, name in ((ax.axhline, h, "h"), (ax.axvline, v, "v")):
        if places is not None:
            for place in np.ravel(numbers_of(places, f"add_abline: {name}")).tolist():
                draw(place, **style)
    return ax


@checked
def add_grid(
    nx: int | None = None,
    ny: int | None = None,
    *,
    col: Color = "lightgray",
    lwd: float = 1.0,
    lty: str = "dotted",
    ax: Axes | None = None,
) -> Axes:
    """Add a grid of lines to a map; gives the axes.

    Parameters
    ----------
    nx, ny : int, optional
        Columns and rows of the grid, 0 for no lines that way; by default lines stand at the coordinates along the axes,
        and `ny` is `nx`.
    col : colour
    lwd : float
        Width in points.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    add_abline, add_box

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.add_grid(2, 0, ax=pt.rast([[1, 2], [3, 4]]).plot())
    >>> [line.get_xdata()[0] for line in ax.lines]
    [1.0]
    """
    ax = current_axes(ax, "add_grid")
    ny = nx if ny is None else ny
    for name, count in (("nx", nx), ("ny", ny)):
        if count is not None and count < 0:
            raise ArgumentError(f"add_grid: {name} must be 0 or more, got {count}")
    x = _between(ax.get_xlim(), ax.get_xticks(), nx)
    y = _between(ax.get_ylim(), ax.get_yticks(), ny)
    if x or y:
        add_abline(y or None, x or None, col=col, lwd=lwd, lty=lty, ax=ax)
    return ax


def _between(ends: tuple[float, float], ticks: Any, count: int | None) -> list[float]:
    low, high = sorted(ends)
    if count is None:
        return [float(tick) for tick in ticks if low < tick < high]
    return [float(place) for place in np.linspace(low, high, count + 1)[1:-1]] if count else []


@checked
def add_box(*, col: Color = INK, lwd: float = 1.0, lty: str = "solid", ax: Axes | None = None) -> Axes:
    """Add a frame around a map; gives the axes.

    Parameters
    ----------
    col : colour
    lwd : float
        Width in points.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    add_grid, add_mtext

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.add_box(col="red", lwd=3, ax=pt.rast([[1, 2], [3, 4]]).plot(axes=False))
    >>> ax.patches[-1].get_linewidth()
    3.0
    """
    from matplotlib.patches import Rectangle

    ax = current_axes(ax, "add_box")
    frame = Rectangle(
        (0, 0), 1, 1, transform=ax.transAxes, fill=False, edgecolor=col, linewidth=lwd, linestyle=lty,
        clip_on=False, zorder=6,
    )  # fmt: skip
    ax.add_patch(frame)
    return ax


@checked
def add_mtext(
    text: str,
    side: int | str = "top",
    *,
    line: float = 0.0,
    adj: float = 0.5,
    col: Color = INK,
    cex: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """Write in the margin of a map; gives the axes.

    Parameters
    ----------
    text : str
    side : str or int
        "bottom", "left", "top" or "right", or 1 to 4 as R counts them.
    line : float
        Lines of text between the map and this one; inwards below 0.
    adj : float
        Where along the side, from 0 (left, bottom) to 1.
    col : colour
    cex : float
        Size; 1 is 8 points.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    halo : Writes inside of the map.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.add_mtext("Source: survey of 2020", "bottom", line=2, adj=1, ax=pt.ext(0, 2, 0, 2).plot())
    >>> ax.texts[-1].get_text(), ax.texts[-1].get_ha()
    ('Source: survey of 2020', 'right')
    """
    ax = current_axes(ax, "add_mtext")
    if side not in SIDES and side not in (1, 2, 3, 4):
        raise ArgumentError(f"add_mtext: side must be {', '.join(SIDES)} or 1 to 4, got {side!r}")
    name = side if isinstance(side, str) else SIDES[side - 1]
    along = ("left", "center", "right") if name in ("top", "bottom") else ("bottom", "center", "top")
    aligned = along[0 if adj <= 0 else 2 if adj >= 1 else 1]
    away = (0.3 + line * 1.2) * SMALL * cex
    upright, ahead = name in ("left", "right"), name in ("right", "top")
    at, offset = (1.0 if ahead else 0.0), (away if ahead else -away)
    outside = {"top": "bottom", "bottom": "top", "left": "right", "right": "left"}[name]
    ax.annotate(
        text, (at, adj) if upright else (adj, at), (offset, 0) if upright else (0, offset),
        xycoords="axes fraction", textcoords="offset points", annotation_clip=False, color=col,
        fontsize=SMALL * cex, rotation=90 if upright else 0, ha=outside if upright else aligned,
        va=aligned if upright else outside, zorder=7,
    )  # fmt: skip
    return ax


@checked
def halo(
    x: float | Sequence[float],
    y: float | Sequence[float],
    labels: str | Sequence[str],
    *,
    col: Color = INK,
    hc: Color = "white",
    hw: float = 0.1,
    cex: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """Write on a map with a rim around the letters, so that they can be read on any colour; gives the axes.

    Parameters
    ----------
    x, y : float or sequence of float
        Where, in coordinates of the map; the middle of the text.
    labels : str or sequence of str
    col, hc : colour
        Of the letters and of the rim.
    hw : float
        Width of the rim as a share of the height of the text.
    cex : float
        Size; 1 is 8 points.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    text : Writes what objects say.
    add_mtext : Writes in the margin.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.halo(1, 1, "hello", hc="lightblue", ax=pt.ext(0, 2, 0, 2).plot())
    >>> ax.texts[-1].get_text(), ax.texts[-1].get_position()
    ('hello', (1.0, 1.0))
    """
    ax = current_axes(ax, "halo")
    texts = [labels] if isinstance(labels, str) else [str(label) for label in labels]
    xy = np.column_stack(
        np.broadcast_arrays(numbers_of(x, "halo: x").ravel(), numbers_of(y, "halo: y").ravel())
    )
    if len(xy) != len(texts):
        raise ArgumentError(f"halo: labels must be one per point ({len(xy)}), got {len(texts)}")
    size = SMALL * cex
    add_texts(ax, xy, texts, color=col, fontsize=size, rim=hc, rim_width=2 * hw * size)
    return ax


@checked
def add_legend(
    x: str | float = "topright",
    y: float | None = None,
    *,
    labels: str | Sequence[str],
    col: Colors | None = None,
    shape: legends.Shape | None = None,
    pch: str | None = None,
    lwd: float | None = None,
    lty: str = "solid",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Add a legend of your own to a map, beside others; gives the axes.

    Parameters
    ----------
    x, y : str, or float and float
        A corner such as "topright" or a side such as "right", or the upper left corner of the legend in coordinates of
        the map.
    labels : str or sequence of str
    col : colour, or a list with one per label
        By default colours that can be told apart.
    shape : {"area", "line", "point"}, optional
        By default points with `pch`, lines with `lwd`, otherwise boxes.
    pch : str, optional
        Marker of matplotlib.
    lwd : float, optional
        Width of lines in points.
    lty : str
        "solid", "dashed", "dotted" or "dashdot".
    title : str
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    legend_cont : A legend for numbers.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.vect([[0, 0], [1, 1]]).plot(col="red")
    >>> ax = pt.add_legend("topleft", labels=["wells"], col="red", pch="o", ax=ax)
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['wells']
    """
    ax = current_axes(ax, "add_legend")
    texts = [labels] if isinstance(labels, str) else [str(label) for label in labels]
    colors = (
        list(col) if isinstance(col, list | np.ndarray) else [col] * len(texts) if col is not None else None
    )
    shades = list(qualitative(len(texts))) if colors is None else colors
    if len(shades) != len(texts):
        raise ArgumentError(
            f"add_legend: col must be one colour or one per label ({len(texts)}), got {len(shades)}"
        )
    kind = shape or ("point" if pch is not None else "line" if lwd is not None else "area")
    entries = Classes(np.arange(len(texts)), tuple(texts), tuple(shades))
    place = legends.placement(str(x), "add_legend: x") if y is None else (float(x), float(y))
    legends.boxes(ax, entries, place, title, kind, pch=pch or "o", lwd=lwd or 1.8, lty=lty)
    return ax


@checked
def legend_cont(
    x: str | tuple[float, float] = "right",
    y: float | tuple[float, float] | None = None,
    *,
    legend: SpatRaster | Sequence[float],
    cmap: ColorMap | None = None,
    title: str = "",
    at: Sequence[float] | None = None,
    digits: int | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add a bar of colours for numbers to a map; gives the axes.

    Parameters
    ----------
    x, y : str, or float and (float, float), or (float, float) and float
        A side such as "right" or a corner such as "topright". Or where the bar stands in coordinates of the map: upright
        at x between two y, or lying between two x at y.
    legend : SpatRaster or sequence of float
        Whose range the bar has.
    cmap : str, Colormap or sequence of colours, optional
        Viridis by default.
    title : str
    at : sequence of float, optional
        Numbers along the bar.
    digits : int, optional
        Their decimals.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    add_legend : A legend for classes.

    Notes
    -----
    The range of a raster is that of all its cells, which are read where it is not known yet.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2], [3, 4]]).plot(legend=False)
    >>> ax = pt.legend_cont("right", legend=[0, 10], at=[0, 5, 10], ax=ax)
    >>> [label.get_text() for label in ax.child_axes[0].get_yticklabels()]
    ['0', '5', '10']
    """
    ax = current_axes(ax, "legend_cont")
    values = legend.minmax() if is_raster(legend) else numbers_of(legend, "legend_cont: legend")
    scale = ramp(np.ravel(values), Style(cmap=cmap), "continuous")
    place = legends.placement(x, "legend_cont: x") if isinstance(x, str) else _standing(x, y)
    legends.bar(ax, scale, place, title, at=at, digits=digits)
    return ax


def _standing(x: Any, y: Any) -> tuple[tuple[float, float], tuple[float, float]]:
    """The ends of a bar in coordinates of the map."""
    sizes = (np.size(x), np.size(y))
    if y is None or sizes not in ((1, 2), (2, 1)):
        raise ArgumentError(
            f"legend_cont: x and y must be a number and two numbers, got {x!r} and {y!r}; or x a side"
        )
    ends = np.column_stack([np.broadcast_to(np.ravel(part), 2) for part in (x, y)]).tolist()
    return (ends[0][0], ends[0][1]), (ends[1][0], ends[1][1])


@checked
def map_pal(name: str | None = None, n: int = 50) -> list[str]:
    """Colours for maps by name.

    Parameters
    ----------
    name : str, optional
        One of terra's names, or a colour map of matplotlib.
    n : int
        How many colours.

    Returns
    -------
    list of str
        Colours such as "#ff0000"; without `name`, terra's names that there are.

    See Also
    --------
    plot : Takes such colours as `cmap` or `colors`.

    Notes
    -----
    Colours are those of matplotlib, or run evenly between those that the name says: not those of terra. Packages of
    colour maps such as cmcrameri add names to matplotlib when they are imported.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.map_pal("byr", 3)
    ['#0000ff', '#ffff00', '#ff0000']
    """
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    if name is None:
        return sorted(PALETTES)
    if n < 1:
        raise ArgumentError(f"map_pal: n must be at least 1, got {n}")
    known = PALETTES.get(name, name)
    if isinstance(known, str) and known not in colormaps:
        raise ArgumentError(
            f"map_pal: name must be one of {', '.join(sorted(PALETTES))}, or a colour map of matplotlib, "
            f"got {name!r}{near_names(name, sorted({*PALETTES, *colormaps}))}"
        )
    cmap = colormaps[known] if isinstance(known, str) else LinearSegmentedColormap.from_list(name, known, N=n)
    return [to_hex(cmap(float(share))) for share in np.linspace(0, 1, n)]
