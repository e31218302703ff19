"""draw: extents and geometries, clicked on a map in a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.maps.canvas import current_axes
from pyterra.maps.extents import extent
from pyterra.maps.gathering import Gathering, Later, Marked, check_count, check_window
from pyterra.packages import geopandas, shapely
from pyterra.vector.build import vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatextent import SpatExtent
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color

Outline = Literal["extent", "polygon", "line", "points"]
FEWEST = {"extent": 2, "polygon": 3, "line": 2, "points": 1}
"""Clicks that an outline needs."""


def draw(
    x: Outline = "extent",
    *,
    col: Color = "red",
    lwd: float = 2.0,
    id: bool = False,
    n: int = 1000,
    wait: bool = True,
    ax: Axes | None = None,
) -> SpatExtent | SpatVector | Later[SpatExtent | SpatVector]:
    """Draw on a map by clicking; gives the extent or the geometry.

    Parameters
    ----------
    x : {"extent", "polygon", "line", "points"}
        What is drawn; an extent by two opposite corners.
    col : colour
    lwd : float
        Width of lines in points.
    id : bool
        Write the number of each click on the map, from 0.
    n : int
        Clicks at most, but for an extent. A right click, Enter or Escape ends before; Backspace takes the last click
        back.
    wait : bool
        Wait until it is drawn. Maps in the page of a notebook (``%matplotlib widget``) cannot: with False, the call
        gives at once what has a method ``result()``, for the next cell.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatExtent, or SpatVector of one geometry, or of a point per click
        In coordinates of the map; a vector has no CRS. Without `wait`, ``result()`` gives it.

    Raises
    ------
    ArgumentError
        Where the map is not in a window that can wait for clicks, or too few points were clicked.

    See Also
    --------
    click, sel, zoom

    Examples
    --------
    In a window, as after ``matplotlib.use("qtagg")``, and after ``r.plot()``:

    >>> part = r.crop(pt.draw("polygon"), mask=True)  # doctest: +SKIP

    In a notebook, after ``%matplotlib widget`` and ``r.plot()``; the second line once it is drawn:

    >>> area = pt.draw("polygon", wait=False)  # doctest: +SKIP
    >>> part = r.crop(area.result(), mask=True)  # doctest: +SKIP
    """
    x = choice(x, tuple(FEWEST), "draw: x")
    gathering = _begun(x, "draw", col, lwd, id, 2 if x == "extent" else check_count(n, "draw"), ax, wait)

    def finish(xy: Any) -> SpatExtent | SpatVector:
        return _made(x, _enough(x, "draw", xy))

    return finish(gathering.run()) if wait else Later("draw", gathering, finish)


def _made(x: Outline, xy: Any) -> SpatExtent | SpatVector:
    """The extent or the geometries of points."""
    if x == "extent":
        return extent(rectangle(xy))
    shapes = shapely.points(xy) if x == "points" else [_shape(x, xy)]
    return vector(geopandas.GeoDataFrame(geometry=list(shapes)))


def _shape(kind: str, xy: Any) -> Any:
    return shapely.polygons(xy) if kind == "polygon" else shapely.linestrings(xy)


def rectangle(xy: Any) -> Extent:
    """The extent of points."""
    (xmin, ymin), (xmax, ymax) = xy.min(axis=0), xy.max(axis=0)
    return Extent(xmin, xmax, ymin, ymax)


def drawn(kind: str, verb: str, col: Any, lwd: float, id: bool, most: int, ax: Any) -> Any:
    """The points that are clicked, with lines between them as they will be."""
    return _enough(kind, verb, _begun(kind, verb, col, lwd, id, most, ax).run())


def _begun(
    kind: str, verb: str, col: Any, lwd: float, id: bool, most: int, ax: Any, wait: bool = True
) -> Gathering:
    ax = current_axes(ax, verb)
    check_window(ax, verb, wait=wait)
    outline = {"extent": around, "polygon": _closed}.get(kind)
    mark = Marked(ax, "p" if kind == "points" else "l", color=col, width=lwd, numbers=id, shape=outline)
    return Gathering(ax, most, mark)


def _enough(kind: str, verb: str, xy: Any) -> Any:
    """The points, where they are as many as the outline needs."""
    if len(xy) < FEWEST[kind]:
        noun = "points" if kind == "points" else f"{'an' if kind == 'extent' else 'a'} {kind}"
        raise ArgumentError(
            f"{verb}: {noun} must have at least {FEWEST[kind]} clicks, got {len(xy)}; click more before you end"
        )
    return xy


def around(xy: Any) -> Any:
    """The outline of the extent of points."""
    if len(xy) < 2:
        return xy
    e = rectangle(xy)
    return np.array(
        [[e.xmin, e.ymin], [e.xmax, e.ymin], [e.xmax, e.ymax], [e.xmin, e.ymax], [e.xmin, e.ymin]]
    )


def _closed(xy: Any) -> Any:
    return np.concatenate([xy, xy[:1]])
