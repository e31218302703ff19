"""What is clicked and drawn on a map in a window: values there, shapes, parts of rasters and vectors, maps of parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.maps import overlays, rasters, vectors
from pyterra.maps.canvas import current_axes, is_drawn
from pyterra.maps.extents import extent
from pyterra.maps.gathering import Gathering, Later, Marked, check_count, check_window
from pyterra.packages import geopandas, shapely
from pyterra.raster.build import extent_of, layer_positions, node_of
from pyterra.vector.build import check_vector, vector

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pyterra.handles.spatextent import SpatExtent
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color, ExtentLike

Marks = Literal["n", "p", "l", "o"]
Outline = Literal["extent", "polygon", "line", "points"]
FEWEST = {"extent": 2, "polygon": 3, "line": 2, "points": 1}


def click(
    x: SpatRaster,
    n: int = 10,
    *,
    id: bool = False,
    xy: bool = False,
    cell: bool = False,
    type: Marks = "p",
    show: bool = True,
    col: Color = "red",
    ax: Axes | None = None,
) -> pd.DataFrame:
    """Click on a map, and get the values of the raster there.

    Parameters
    ----------
    x : SpatRaster
        It may be another one than that on the map.
    n : int
        Clicks at most. A right click, Enter or Escape ends before; Backspace takes the last click back.
    id : bool
        Write the number of each click on the map, from 0: the row of the table.
    xy, cell : bool
        Add columns ``x`` and ``y``, where it was clicked, or ``cell``, the number of the cell, -1 outside.
    type : {"n", "p", "l", "o"}
        Draw nothing, points, lines, or both.
    show : bool
        Print each row.
    col : colour
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    DataFrame
        A row for each click, with a column for each layer; missing outside.

    Raises
    ------
    ArgumentError
        Where the map is not in a window that can wait for clicks.

    See Also
    --------
    draw, sel, zoom
    extract : Values at places that are known.

    Notes
    -----
    Clicks while a tool of the window moves or zooms the map are not meant.

    Examples
    --------
    In a window, as after ``matplotlib.use("qtagg")``, and after ``r.plot()``:

    >>> table = r.click(3, xy=True)  # doctest: +SKIP
    """
    node_of(x, "click")

    def look(at: Any) -> pd.DataFrame:
        values = cast("pd.DataFrame", x.extract(at, id=False, cells=cell))
        return _with_places(values, at if xy else None, ["cell"] if cell else [])

    return _clicked(look, "click", n, id, type, show, col, ax)


def click_vector(
    x: SpatVector,
    n: int = 10,
    *,
    id: bool = False,
    xy: bool = False,
    type: Marks = "p",
    show: bool = True,
    col: Color = "red",
    ax: Axes | None = None,
) -> pd.DataFrame:
    """Click on a map, and get the attributes of the geometries there.

    Parameters
    ----------
    x : SpatVector
        It may be another one than that on the map.
    n : int
        Clicks at most. A right click, Enter or Escape ends before; Backspace takes the last click back.
    id : bool
        Write the number of each click on the map, from 0: the column ID.
    xy : bool
        Add columns ``x`` and ``y``: where it was clicked.
    type : {"n", "p", "l", "o"}
        Draw nothing, points, lines, or both.
    show : bool
        Print the rows of each click.
    col : colour
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    DataFrame
        ID, the number of the click; the attributes of each polygon that it lies in, or of the point or line that is
        nearest. Missing where there is none.

    Raises
    ------
    ArgumentError
        Where the map is not in a window that can wait for clicks.

    See Also
    --------
    draw, sel, zoom
    extract : Attributes at places that are known.

    Examples
    --------
    In a window, as after ``matplotlib.use("qtagg")``, and after ``v.plot()``:

    >>> table = v.click(1)  # doctest: +SKIP
    """
    check_vector(x, "click")

    def look(at: Any) -> pd.DataFrame:
        found = _attributes_at(x, at)
        return _with_places(found, at[found["ID"].to_numpy()] if xy else None, ["ID"])

    return _clicked(look, "click", n, id, type, show, col, ax)


def _attributes_at(x: SpatVector, at: Any) -> pd.DataFrame:
    """Number of the place, and attributes of the polygons there, or of the nearest point or line."""
    if x.geomtype() == "polygons" or not len(x):
        return x.extract(at).rename(columns={"id_y": "ID"})
    nearest = shapely.STRtree(x.geoms).nearest(shapely.points(at))
    found = x.as_data_frame().iloc[nearest].reset_index(drop=True)
    found.insert(0, "ID", np.arange(len(at)))
    return found


def _with_places(table: pd.DataFrame, at: Any, before: list[str]) -> pd.DataFrame:
    """A table with x and y, and what comes before the values in front."""
    if at is not None:
        table = table.assign(x=at[:, 0], y=at[:, 1])
        before = [*before[:1], "x", "y"] if before == ["ID"] else ["x", "y", *before]
    return table[[*before, *(name for name in table.columns if name not in before)]]


def _clicked(
    look: Callable[[Any], pd.DataFrame],
    verb: str,
    n: int,
    id: bool,
    type: str,
    show: bool,
    col: Any,
    ax: Any,
) -> pd.DataFrame:
    ax = current_axes(ax, verb)
    type = choice(type, ("n", "p", "l", "o"), f"{verb}: type")
    n = check_count(n, verb)
    check_window(ax, verb)
    mark = Marked(ax, type, color=col, numbers=id)
    printed = 0

    def tell(xy: Any) -> None:
        nonlocal printed
        mark(xy)
        if show and len(xy) > printed:
            print(look(xy[-1:]).to_string(index=False))
        printed = len(xy)

    return look(Gathering(ax, n, tell).run())


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
        return extent(_rectangle(xy))
    shapes = shapely.points(xy) if x == "points" else [_shape(x, xy)]
    return vector(geopandas.GeoDataFrame(geometry=list(shapes)))


def _shape(kind: str, xy: Any) -> Any:
    return shapely.polygons(xy) if kind == "polygon" else shapely.linestrings(xy)


def _rectangle(xy: Any) -> Extent:
    (xmin, ymin), (xmax, ymax) = xy.min(axis=0), xy.max(axis=0)
    return Extent(xmin, xmax, ymin, ymax)


def _drawn(kind: str, verb: str, col: Any, lwd: float, id: bool, most: int, ax: Any) -> Any:
    """The points that are clicked, with lines between them as they will be."""
    return _enough(kind, verb, _begun(kind, verb, col, lwd, id, most, ax).run())


def _begun(
    kind: str, verb: str, col: Any, lwd: float, id: bool, most: int, ax: Any, wait: bool = True
) -> Gathering:
    ax = current_axes(ax, verb)
    check_window(ax, verb, wait=wait)
    outline = {"extent": _around, "polygon": _closed}.get(kind)
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


def _around(xy: Any) -> Any:
    """The outline of the extent of points."""
    if len(xy) < 2:
        return xy
    e = _rectangle(xy)
    return np.array(
        [[e.xmin, e.ymin], [e.xmax, e.ymin], [e.xmax, e.ymax], [e.xmin, e.ymax], [e.xmin, e.ymin]]
    )


def _closed(xy: Any) -> Any:
    return np.concatenate([xy, xy[:1]])


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
    return x.crop(_rectangle(_drawn("extent", "sel", col, lwd, False, 2, ax)))


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
    xy = _drawn(kind, "sel", col if draw else "none", 1.5, False, 2 if kind == "extent" else 1000, ax)
    area = _shape("polygon", _around(xy) if kind == "extent" else xy)
    found = x[np.flatnonzero(shapely.intersects(x.geoms, area))]
    if show and len(found):
        (overlays.points if x.geomtype() == "points" else overlays.lines)(found, col=col, ax=ax)
        ax.figure.canvas.draw_idle()
    return found


def _part(e: Any, ax: Any) -> Extent:
    """The extent that is given, or drawn."""
    return extent_of(e) if e is not None else _rectangle(_drawn("extent", "zoom", "red", 2.0, False, 2, ax))


def _cleared(ax: Any) -> Any:
    """Axes in place of the map, and of all else in its figure; None where there is no map."""
    if ax is None and not is_drawn():
        return None
    figure = current_axes(ax, "zoom").figure
    figure.clear()
    return figure.add_subplot()


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
