"""Small maps within a map, and what a map shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.maps.canvas import INK, current_axes
from pyterra.maps.extents import extent
from pyterra.maps.overlays import polys
from pyterra.raster.build import extent_of
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatextent import SpatExtent
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color, ColorMap, Colors, ExtentLike

Location = Literal[
    "topleft", "top", "topright", "left", "center", "right", "bottomleft", "bottom", "bottomright"
]
LOCATIONS: dict[str, tuple[float, float]] = {
    "topleft": (0.0, 1.0),
    "top": (0.5, 1.0),
    "topright": (1.0, 1.0),
    "left": (0.0, 0.5),
    "center": (0.5, 0.5),
    "right": (1.0, 0.5),
    "bottomleft": (0.0, 0.0),
    "bottom": (0.5, 0.0),
    "bottomright": (1.0, 0.0),
}
"""Shares of the room that is left beside and below an inset."""
DRAWN = (1.0, 5.0)
"""Where in the order of a map shapes, points and texts lie; legends and arrows lie above."""


def map_extent(*, ax: Axes | None = None) -> SpatExtent:
    """What a map shows; gives the extent.

    Parameters
    ----------
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatExtent

    See Also
    --------
    add_legend, add_box, inset

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2]], extent=(0, 4, 0, 2)).plot()
    >>> pt.map_extent(ax=ax)
    SpatExtent : 0, 4, 0, 2 (xmin, xmax, ymin, ymax)
    """
    return extent(_shown(current_axes(ax, "map_extent")))


def _shown(ax: Any) -> Extent:
    return Extent(*sorted(ax.get_xlim()), *sorted(ax.get_ylim()))


def inset(
    x: SpatRaster,
    e: ExtentLike | None = None,
    *,
    y: int | str = 0,
    loc: Location = "topleft",
    scale: float = 0.2,
    offset: float = 0.1,
    cmap: ColorMap | None = None,
    range: tuple[float, float] | None = None,
    background: Color = "white",
    perimeter: bool | Color = True,
    box: ExtentLike | None = None,
    box_col: Color = INK,
    box_lwd: float = 1.0,
    add: bool = True,
    ax: Axes | None = None,
) -> SpatRaster:
    """Draw a raster as a small map into a map; gives the raster as it lies there.

    Parameters
    ----------
    x : SpatRaster
    e : SpatExtent or anything with an extent, optional
        Where the small map goes, in coordinates of the map.
    y : int or str
        The layer.
    loc : str
        Where it goes without `e`: "topleft", "top", "topright", "left", "center", "right", "bottomleft", "bottom" or
        "bottomright".
    scale : float
        Its width without `e`, as a share of that of the map.
    offset : float
        How much of it is margin, from 0 to 0.9.
    cmap : str, Colormap or sequence of colours, optional
        Viridis by default.
    range : (float, float), optional
        Values at the ends of the colours.
    background : colour
        ``"none"`` for none.
    perimeter : bool or colour
        A line around it.
    box : SpatExtent or anything with an extent, optional
        Drawn on it, in coordinates of `x`: where the large map lies, for instance.
    box_col, box_lwd : colour, float
        Of the box; the width is in points.
    add : bool
        Draw it.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatRaster
        In coordinates of the map.

    See Also
    --------
    map_extent, rescale, shift

    Notes
    -----
    What is higher than the map at this width is as high as the map.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], extent=(0, 10, 0, 10))
    >>> ax = r.crop(pt.ext(0, 5, 0, 5)).plot()
    >>> r.inset(loc="topright", box=pt.ext(0, 5, 0, 5), ax=ax).ext
    SpatExtent : 4.05, 4.95, 4.05, 4.95 (xmin, xmax, ymin, ymax)
    """
    look = {"y": y, "cmap": cmap, "range": range}
    frame = {
        "background": background,
        "perimeter": perimeter,
        "box": box,
        "box_col": box_col,
        "box_lwd": box_lwd,
    }
    return cast("SpatRaster", _inset(x, e, loc, scale, offset, look, frame, add, ax))


def inset_vector(
    x: SpatVector,
    e: ExtentLike | None = None,
    *,
    y: str | int | None = None,
    loc: Location = "topleft",
    scale: float = 0.2,
    offset: float = 0.1,
    cmap: ColorMap | None = None,
    col: Colors | None = None,
    border: Colors | None = None,
    lwd: float | None = None,
    cex: float = 1.0,
    background: Color = "white",
    perimeter: bool | Color = True,
    box: ExtentLike | None = None,
    box_col: Color = INK,
    box_lwd: float = 1.0,
    add: bool = True,
    ax: Axes | None = None,
) -> SpatVector:
    """Draw geometries as a small map into a map; gives the geometries as they lie there.

    Parameters
    ----------
    x : SpatVector
    e : SpatExtent or anything with an extent, optional
        Where the small map goes, in coordinates of the map.
    y : str or int, optional
        The attribute that colours follow.
    loc : str
        Where it goes without `e`: "topleft", "top", "topright", "left", "center", "right", "bottomleft", "bottom" or
        "bottomright".
    scale : float
        Its width without `e`, as a share of that of the map.
    offset : float
        How much of it is margin, from 0 to 0.9.
    cmap, col, border, lwd, cex
        As `plot` has them.
    background : colour
        ``"none"`` for none.
    perimeter : bool or colour
        A line around it.
    box : SpatExtent or anything with an extent, optional
        Drawn on it, in coordinates of `x`: where the large map lies, for instance.
    box_col, box_lwd : colour, float
        Of the box; the width is in points.
    add : bool
        Draw it.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    SpatVector
        In coordinates of the map, so that `lines` and `text` can draw on the inset.

    See Also
    --------
    inext : Stretches geometries into an extent.
    map_extent

    Notes
    -----
    What is higher than the map at this width is as high as the map.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect("POLYGON ((100 100, 104 100, 104 102, 100 100))")
    >>> ax = pt.rast([[1, 2]], extent=(0, 10, 0, 5)).plot()
    >>> v.inset(loc="topright", col="red", ax=ax).ext.round(2)
    SpatExtent : 8.1, 9.9, 4.05, 4.95 (xmin, xmax, ymin, ymax)
    """
    look = {"y": y, "cmap": cmap, "col": col, "border": border, "lwd": lwd, "cex": cex}
    frame = {
        "background": background,
        "perimeter": perimeter,
        "box": box,
        "box_col": box_col,
        "box_lwd": box_lwd,
    }
    return cast("SpatVector", _inset(x, e, loc, scale, offset, look, frame, add, ax))


def _inset(
    x: Any, e: Any, loc: str, scale: float, offset: float, look: dict[str, Any], frame: dict[str, Any],
    add: bool, ax: Any,
) -> Any:  # fmt: skip
    if e is None or add:
        ax = current_axes(ax, "inset")
    loc = choice(loc, tuple(LOCATIONS), "inset: loc")
    if not scale > 0 or not 0 <= offset <= 0.9:
        raise ArgumentError(
            f"inset: scale must be above 0 and offset from 0 to 0.9, got {scale:g} and {offset:g}"
        )
    own = extent_of(x)
    if not (own.width > 0 and own.height > 0):
        raise ArgumentError(f"inset: x must have a width and a height, got {own.width:g} by {own.height:g}")
    room = located(own, _shown(ax), loc, scale) if e is None else extent_of(e)
    factor, start = fitted(own, room, 1 - offset)
    there = x.rescale(factor, factor, own.xmin, own.ymin).shift(start[0] - own.xmin, start[1] - own.ymin)
    if add:
        _draw(ax, there, room, look, frame, lambda p: start + (np.asarray(p) - [own.xmin, own.ymin]) * factor)
    return there


def inext(x: SpatVector, e: ExtentLike, y: SpatVector | None = None, *, gap: float = 0.0) -> SpatVector:
    """Geometries stretched so that they fill an extent.

    Parameters
    ----------
    x : SpatVector
    e : SpatExtent or anything with an extent
        The extent that `x` fills then.
    y : SpatVector, optional
        Stretched and moved as `x` would be, and given in its place: points within boundaries, for instance.
    gap : float
        Left free on every side of `e`, in units of the CRS.

    Returns
    -------
    SpatVector

    Raises
    ------
    ArgumentError
        Where the gaps take the whole of `e`, or `x` has no width or no height.

    See Also
    --------
    rescale : Scales geometries by factors.
    inset : Draws a small map into a map.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect("LINESTRING (0 0, 4 2)")
    >>> v.inext(pt.ext(10, 12, 0, 4), gap=0.5).crds().tolist()
    [[10.5, 0.5], [11.5, 3.5]]
    """
    moved = check_vector(x if y is None else y, "inext")
    old, room = check_vector(x, "inext").ext, extent_of(e)
    size = np.array([room.width, room.height]) - 2 * gap
    if not (size > 0).all():
        raise ArgumentError(
            f"inext: gap must leave room in e, which is {room.width:g} by {room.height:g}, got {gap:g}"
        )
    if not (old.width > 0 and old.height > 0):
        raise ArgumentError(f"inext: x must have a width and a height, got {old.width:g} by {old.height:g}")
    fx, fy = (size / [old.width, old.height]).tolist()
    there = moved.rescale(fx, fy, old.xmin, old.ymin)
    return there.shift(room.xmin + gap - old.xmin, room.ymin + gap - old.ymin)


def located(own: Extent, shown: Extent, loc: str, scale: float) -> Extent:
    """Where an inset goes on a map: `scale` as wide, in proportion, in a corner, at a side or in the middle."""
    width = scale * shown.width
    height = width * own.height / own.width
    shrunk = min(1.0, shown.height / height)
    width, height = width * shrunk, height * shrunk
    across, up = LOCATIONS[loc]
    xmin = shown.xmin + across * (shown.width - width)
    ymin = shown.ymin + up * (shown.height - height)
    return Extent(xmin, xmin + width, ymin, ymin + height)


def fitted(own: Extent, room: Extent, share: float) -> tuple[float, Any]:
    """The factor by which an extent fits into a share of another one, and its lower left corner in the middle of it."""
    factor = share * min(room.width / own.width, room.height / own.height)
    middle = np.array([room.xmin + room.xmax, room.ymin + room.ymax]) / 2
    return factor, middle - np.array([own.width, own.height]) * factor / 2


def _above(ax: Any) -> float:
    """A place over what has been drawn, and under what will be: what lies in the order of shapes goes below it."""
    level = 0.1 * (1 + len(ax.child_axes))
    for artist in (*ax.patches, *ax.lines, *ax.collections, *ax.texts, *ax.artists):
        if DRAWN[0] <= artist.get_zorder() < DRAWN[1]:
            artist.set_zorder(level + artist.get_zorder() / 100)
    return level + 0.09


def _draw(ax: Any, there: Any, room: Extent, look: dict[str, Any], frame: dict[str, Any], move: Any) -> None:
    """A map of its own within the map, with the same coordinates."""
    child = ax.inset_axes(
        (room.xmin, room.ymin, room.width, room.height), transform=ax.transData, zorder=_above(ax)
    )
    there.plot(ax=child, axes=False, legend=False, **look)
    child.set(xlim=(room.xmin, room.xmax), ylim=(room.ymin, room.ymax), aspect="auto")
    child.set_facecolor(frame["background"])
    edge = frame["perimeter"]
    for side in child.spines.values():
        side.set_visible(edge is not False)
        side.set_color(INK if isinstance(edge, bool) else edge)
    if frame["box"] is not None:
        box = extent_of(frame["box"])
        (xmin, ymin), (xmax, ymax) = move([[box.xmin, box.ymin], [box.xmax, box.ymax]])
        polys(Extent(xmin, xmax, ymin, ymax), border=frame["box_col"], lwd=frame["box_lwd"], ax=child)
