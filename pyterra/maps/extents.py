"""Extents on maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pyterra.grid.extent import Extent
from pyterra.maps.canvas import INK, Coordinates, current_axes, frame, panels
from pyterra.maps.shapes import add_points, add_shapes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.types import Colors


def plot(
    x: Extent,
    *,
    col: Colors = "none",
    border: Colors = INK,
    lwd: float = 1.2,
    main: str = "",
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw an extent as a rectangle; gives the axes."""
    if ax is None and not add:
        ax = panels(1, x, Coordinates())[0, 0]
        frame(ax, x + 0.05 * max(x.width, x.height), Coordinates(), title=main)
    return polys(x, col=col, border=border, lwd=lwd, ax=ax)


def lines(
    x: Extent, *, col: Colors = INK, lwd: float = 1.2, alpha: float | None = None, ax: Axes | None = None
) -> Axes:
    """Add the outline of an extent to a map; gives the axes."""
    return polys(x, border=col, lwd=lwd, alpha=alpha, ax=ax)


def polys(
    x: Extent,
    *,
    col: Colors = "none",
    border: Colors = INK,
    lwd: float = 1.2,
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add an extent to a map as a rectangle; gives the axes."""
    import shapely

    ax = current_axes(ax, "polys")
    box = np.array([shapely.box(x.xmin, x.ymin, x.xmax, x.ymax)])
    add_shapes(ax, box, facecolor=col, edgecolor=border, linewidth=lwd, alpha=alpha)
    return ax


def points(
    x: Extent,
    *,
    col: Colors = INK,
    cex: float = 1.0,
    pch: str = "o",
    alpha: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Add the corners of an extent to a map; gives the axes."""
    import shapely

    ax = current_axes(ax, "points")
    corners = shapely.points([[x.xmin, x.ymin], [x.xmax, x.ymin], [x.xmax, x.ymax], [x.xmin, x.ymax]])
    add_points(ax, corners, col, 5 * cex, pch, alpha=alpha, linewidths=0)
    return ax
