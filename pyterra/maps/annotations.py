"""Lines, frames and text that are added to a map by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import checked
from pyterra.errors import ArgumentError
from pyterra.maps.canvas import INK, SMALL, current_axes
from pyterra.maps.shapes import add_texts
from pyterra.raster.build import numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.types import Color

SIDES = ("bottom", "left", "top", "right")


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
