"""Extents on maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.grid.extent import Extent
from pyterra.maps.canvas import INK, Coordinates, stage
from pyterra.maps.overlays import polys

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatextent import SpatExtent
    from pyterra.types import Colors


def extent(e: Extent) -> SpatExtent:
    """The extent as users hold it."""
    from pyterra.handles.spatextent import SpatExtent

    return SpatExtent(*e)


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
    if ax is None:
        wider = x + 0.05 * max(x.width, x.height)
        ax = stage("plot", x, Coordinates(), [main], add=add, window=wider)[0, 0]
    return polys(x, col=col, border=border, lwd=lwd, ax=ax)
