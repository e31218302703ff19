"""sel: the part of a raster or vector that is drawn on a map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.maps import overlays
from pyterra.maps.canvas import current_axes
from pyterra.maps.draw import around, drawn, rectangle
from pyterra.packages import shapely
from pyterra.raster.build import node_of
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color


def sel(x: SpatRaster, *, col: Color = "cyan", lwd: float = 2.0, ax: Axes | None = None) -> SpatRaster:
    """Draw an extent on a map; gives the part of the raster there.

    Parameters
    ----------
    x : SpatRaster
    col, lwd : colour, float
        Of the extent while it is drawn; the width is in points.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where the map is not in a window that can wait for clicks.

    See Also
    --------
    crop : The part in an extent that is known.
    draw, zoom

    Examples
    --------
    In a window, as after ``matplotlib.use("qtagg")``, and after ``r.plot()``:

    >>> part = r.sel()  # doctest: +SKIP
    """
    node_of(x, "sel")
    return x.crop(rectangle(drawn("extent", "sel", col, lwd, False, 2, ax)))


def sel_vector(
    x: SpatVector,
    use: Literal["rec", "pol"] = "rec",
    *,
    show: bool = True,
    col: Color = "cyan",
    draw: bool = True,
    ax: Axes | None = None,
) -> SpatVector:
    """Draw a rectangle or a polygon on a map; gives the geometries that it meets.

    Parameters
    ----------
    x : SpatVector
    use : {"rec", "pol"}
        A rectangle by two corners, or a polygon.
    show : bool
        Draw the geometries that are selected on the map.
    col : colour
    draw : bool
        Draw the rectangle or polygon.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatVector
        Whole geometries.

    Raises
    ------
    ArgumentError
        Where the map is not in a window that can wait for clicks.

    See Also
    --------
    crop : Cuts geometries.
    draw, zoom

    Examples
    --------
    In a window, as after ``matplotlib.use("qtagg")``, and after ``v.plot()``:

    >>> some = v.sel("pol")  # doctest: +SKIP
    """
    check_vector(x, "sel")
    kind = {"rec": "extent", "pol": "polygon"}[choice(use, ("rec", "pol"), "sel: use")]
    ax = current_axes(ax, "sel")
    xy = drawn(kind, "sel", col if draw else "none", 1.5, False, 2 if kind == "extent" else 1000, ax)
    area = shapely.polygons(around(xy) if kind == "extent" else xy)
    found = x[np.flatnonzero(shapely.intersects(x.geoms, area))]
    if show and len(found):
        (overlays.points if x.geomtype() == "points" else overlays.lines)(found, col=col, ax=ax)
        ax.figure.canvas.draw_idle()
    return found
