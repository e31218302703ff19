"""click: values and attributes where a map in a window is clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np

from pyterra.arguments import choice
from pyterra.maps.canvas import current_axes
from pyterra.maps.gathering import Gathering, Marked, check_count, check_window
from pyterra.packages import shapely
from pyterra.raster.build import node_of
from pyterra.vector.build import check_vector

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import Color

Marks = Literal["n", "p", "l", "o"]


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
