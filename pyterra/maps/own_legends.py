"""Legends that are added to a map by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.arguments import checked
from pyterra.errors import ArgumentError
from pyterra.maps import legends
from pyterra.maps.canvas import current_axes
from pyterra.maps.colors import Classes, Style, qualitative, ramp
from pyterra.raster.build import is_raster, numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import ColorMap, Colors


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
