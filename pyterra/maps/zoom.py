"""zoom: a map of a part, in place of another map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyterra.grid.extent import Extent
from pyterra.maps import rasters, vectors
from pyterra.maps.canvas import current_axes, is_drawn
from pyterra.maps.draw import drawn, rectangle
from pyterra.raster.build import extent_of, layer_positions, node_of
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import ExtentLike


def zoom(
    x: SpatRaster,
    e: ExtentLike | None = None,
    *,
    layer: int | str = 0,
    maxcell: int = 100_000,
    new: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a part of a raster larger: that in an extent, or between two clicks on the map.

    Parameters
    ----------
    x : SpatRaster
    e : SpatExtent or anything with an extent, optional
        By default it is drawn on the map.
    layer : int or str
        The layer.
    maxcell : int
        About how many cells are read.
    new : bool
        In a figure of its own, otherwise in place of the map.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes
        Of the new map.

    See Also
    --------
    draw : Gives an extent.
    plot : ``extent=`` draws a part as well.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]])
    >>> ax = r.plot()
    >>> r.zoom(pt.ext(0, 1, 0, 2)).images[0].get_array().tolist()
    [[1.0], [3.0]]
    """
    node = node_of(x, "zoom")
    (place,) = layer_positions(node.layers, layer)[:1]
    part = _part(e, ax)
    return rasters.plot(x, place, extent=part, maxcell=maxcell, ax=None if new else _cleared(ax))


def zoom_vector(
    x: SpatVector,
    e: ExtentLike | None = None,
    *,
    y: str | int | None = None,
    new: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw geometries larger: those in an extent, or between two clicks on the map.

    Parameters
    ----------
    x : SpatVector
    e : SpatExtent or anything with an extent, optional
        By default it is drawn on the map.
    y : str or int, optional
        The attribute that colours follow.
    new : bool
        In a figure of its own, otherwise in place of the map.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes
        Of the new map.

    See Also
    --------
    draw : Gives an extent.
    plot : ``extent=`` draws a part as well.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[0, 0], [1, 1], [9, 9]])
    >>> ax = v.plot()
    >>> list(map(float, v.zoom(pt.ext(0, 2, 0, 2)).get_xlim()))
    [0.0, 2.0]
    """
    check_vector(x, "zoom")
    part = _part(e, ax)
    return vectors.plot(x, y, extent=part, ax=None if new else _cleared(ax))


def _part(e: Any, ax: Any) -> Extent:
    """The extent that is given, or drawn."""
    return extent_of(e) if e is not None else rectangle(drawn("extent", "zoom", "red", 2.0, False, 2, ax))


def _cleared(ax: Any) -> Any:
    """Axes in place of the map, and of all else in its figure; None where there is no map."""
    if ax is None and not is_drawn():
        return None
    figure = current_axes(ax, "zoom").figure
    figure.clear()
    return figure.add_subplot()
