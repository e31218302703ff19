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
    """Draw an extent as a rectangle.

    Parameters
    ----------
    x : SpatExtent
    col, border : colour
        Colours of the inside and the outline; ``"none"`` leaves the inside empty.
    lwd : float
        Width of the outline in points.
    main : str
        Title.
    add : bool
        Draw over the map drawn last.
    ax : matplotlib Axes, optional
        Draw into these axes.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    polys : Adds the rectangle to a map.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.ext(0, 2, 0, 1).plot(main="Study area")
    >>> ax.get_title()
    'Study area'
    """
    if ax is None and not add:
        ax = panels(1, x, Coordinates())[0, 0]
        frame(ax, x + 0.05 * max(x.width, x.height), Coordinates(), title=main)
    return polys(x, col=col, border=border, lwd=lwd, ax=ax)


def lines(
    x: Extent, *, col: Colors = INK, lwd: float = 1.2, alpha: float | None = None, ax: Axes | None = None
) -> Axes:
    """Add the outline of an extent to a map.

    Parameters
    ----------
    x : SpatExtent
    col : colour
    lwd : float
        Width of the line in points.
    alpha : float, optional
        Opacity, from 0 to 1.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    polys : Filled rectangles.
    plot : A map to draw on.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.vect([[0, 0], [4, 4]]).plot()
    >>> ax = pt.ext(1, 3, 1, 3).lines(col="red", ax=ax)
    >>> ax.patches[-1].get_path().get_extents().extents.tolist()
    [1.0, 1.0, 3.0, 3.0]
    """
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
    """Add an extent to a map as a rectangle.

    Parameters
    ----------
    x : SpatExtent
    col, border : colour
        Colours of the inside and the outline; ``"none"`` leaves the inside empty.
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
    lines : Outlines.
    plot : A map to draw on.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.vect([[0, 0], [4, 4]]).plot()
    >>> ax = pt.ext(1, 3, 1, 3).polys(col="yellow", alpha=0.5, ax=ax)
    >>> ax.patches[-1].get_path().get_extents().extents.tolist()
    [1.0, 1.0, 3.0, 3.0]
    """
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
    """Add the corners of an extent to a map.

    Parameters
    ----------
    x : SpatExtent
    col : colour
    cex : float
        Size; 1 is 5 points (1/72 inch).
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
    lines : Outlines.
    plot : A map to draw on.

    Examples
    --------
    >>> import pyterra as pt
    >>> e = pt.ext(0, 2, 0, 1)
    >>> ax = e.points(pch="s", ax=e.plot())
    >>> ax.collections[-1].get_offsets().tolist()
    [[0.0, 0.0], [2.0, 0.0], [2.0, 1.0], [0.0, 1.0]]
    """
    import shapely

    ax = current_axes(ax, "points")
    corners = shapely.points([[x.xmin, x.ymin], [x.xmax, x.ymin], [x.xmax, x.ymax], [x.xmin, x.ymax]])
    add_points(ax, corners, col, 5 * cex, pch, alpha=alpha, linewidths=0)
    return ax
