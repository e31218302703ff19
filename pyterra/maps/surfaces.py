"""A layer as a surface: lines of equal value, a view from the side, arrows along angles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.between.contour import round_levels
from pyterra.errors import ArgumentError
from pyterra.expr import Array
from pyterra.grid import Grid
from pyterra.maps import canvas, legends
from pyterra.maps.canvas import INK, Coordinates
from pyterra.maps.colors import Style, ramp
from pyterra.maps.rasters import chosen_layers, preview
from pyterra.raster.build import node_of, numbers_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, ColorMap

HEAD = 0.3
"""Length of the head of an arrow as a share of a cell."""


def _first(x: SpatRaster, maxcell: int, verb: str) -> tuple[Array, Grid]:
    node_of(x, verb)
    values, grid = preview(chosen_layers(x, None, 1), maxcell, verb)
    return values[0].astype(np.float64), grid


def contour(
    x: SpatRaster,
    *,
    levels: Sequence[float] | float | None = None,
    nlevels: int = 10,
    filled: bool = False,
    labels: bool = True,
    col: Color = INK,
    cmap: ColorMap | None = None,
    lwd: float = 0.8,
    legend: bool | str = True,
    legend_title: str = "",
    main: str = "",
    axes: bool = True,
    maxcell: int = 100_000,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw lines of equal value of the first layer, or the areas between them; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    levels : float or sequence of float, optional
        Values of the lines; by default about `nlevels` round ones.
    nlevels : int
    filled : bool
        Fill the areas between the lines, with a legend, instead of drawing lines.
    labels : bool
        Write the values on the lines.
    col : colour
        Of the lines.
    cmap : str, Colormap or sequence of colours, optional
        Of areas; viridis by default.
    lwd : float
        Width of the lines in points.
    legend : bool or str
        Of areas: whether to draw one, or where, as `plot` has it.
    legend_title : str
        The unit of the layer by default.
    main : str
        Title.
    axes : bool
        Draw coordinates.
    maxcell : int
        About how many cells are read.
    figsize : (float, float), optional
        Inches.
    add : bool
        Draw over the map drawn last.
    ax : matplotlib Axes, optional
        Draw into it.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    as_contour : The lines as a SpatVector.
    plot : With ``type="interval"`` colours cells between levels.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[0, 0, 0], [0, 9, 0], [0, 0, 0]])
    >>> ax = r.contour(levels=[3, 6], ax=r.plot())
    >>> ax.collections[-1].levels.tolist()
    [3.0, 6.0]
    """
    values, grid = _first(x, maxcell, "contour")
    if min(values.shape) < 2:
        raise ArgumentError(f"contour: there must be two rows and two columns, got {x.nrow} x {x.ncol}")
    given = round_levels(values, nlevels) if levels is None else numbers_of(levels, "contour: levels")
    at = np.unique(np.ravel(given))
    place = legends.placement(legend) if filled else ""
    drawn_on = canvas.stage(
        "contour", grid.extent, Coordinates.of(grid.crs), [main], add=add, ax=ax, figsize=figsize, axes=axes,
        beside=legends.inches(place),
    )[0, 0]  # fmt: skip
    where = grid.x_from_col(np.arange(grid.ncol)), grid.y_from_row(np.arange(grid.nrow))
    if filled:
        _areas(
            drawn_on,
            where,
            np.ma.masked_invalid(values),
            at,
            cmap,
            place,
            legend_title or x._node.layers[0].unit,
        )
    elif len(at):
        from matplotlib.contour import ContourSet

        lines = [_lines(values, *where, level) for level in at]  # those of as_contour
        if not any(lines):
            return drawn_on
        drawn = ContourSet(drawn_on, at, lines, colors=[col], linewidths=lwd, zorder=2)
        if labels:
            drawn_on.clabel(drawn, fontsize=canvas.SMALL - 1, fmt=lambda v: f"{v:g}")
    return drawn_on


def _lines(values: Array, x: Array, y: Array, level: float) -> list[Array]:
    """The lines of a level, each of shape (point, 2)."""
    points, line = kernels.contour.joined(kernels.contour.segments(values, x, y, level))
    return np.split(points, np.flatnonzero(np.diff(line)) + 1) if len(points) else []


def _areas(ax: Any, where: Any, values: Any, levels: NDArray[Any], cmap: Any, place: str, title: str) -> None:
    known = values.compressed()
    if known.size == 0:
        return
    low, high = float(known.min()), float(known.max())
    edges = np.unique([low, *levels[(levels > low) & (levels < high)], high if high > low else low + 1])
    scale = ramp(known, Style("interval", cmap, breaks=edges.tolist()), "interval")
    ax.contourf(*where, values, levels=edges, cmap=scale.cmap, norm=scale.norm, zorder=1)
    if place:
        legends.bar(ax, scale, place, title)


def persp(
    x: SpatRaster,
    *,
    theta: float = 0.0,
    phi: float = 35.0,
    expand: float = 0.3,
    col: Color | None = None,
    cmap: ColorMap | None = None,
    border: Color | None = None,
    axes: bool = True,
    main: str = "",
    maxcell: int = 20_000,
    figsize: tuple[float, float] | None = None,
) -> Any:
    """Draw the first layer as a surface seen from the side; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    theta : float
        Degrees that the surface is turned by; 0 looks north.
    phi : float
        Degrees from which it is looked down at.
    expand : float
        Height of the surface as a share of its width.
    col : colour, optional
        One colour, which light shades; by default colours follow the values.
    cmap : str, Colormap or sequence of colours, optional
        Viridis by default.
    border : colour, optional
        Of the outlines of cells; none by default.
    axes : bool
        Draw coordinates.
    main : str
        Title.
    maxcell : int
        About how many cells are read and drawn.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    mpl_toolkits.mplot3d Axes3D

    See Also
    --------
    contour : Lines of equal value.
    shade : Relief seen from above.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[0, 0, 0], [0, 9, 0], [0, 0, 0]], names="hill").persp()
    >>> ax.get_zlim3d() == (0.0, 9.0), len(ax.collections)
    (True, 1)
    """
    values, grid = _first(x, maxcell, "persp")
    if min(values.shape) < 2:
        raise ArgumentError(f"persp: there must be two rows and two columns, got {x.nrow} x {x.ncol}")
    scale = ramp(values, Style(cmap=cmap), "continuous")
    size = figsize or (6.0, 4.6)
    figure = canvas.pyplot().figure(figsize=size, layout=canvas.settled())
    ax = figure.add_subplot(projection="3d")
    xs, ys = np.meshgrid(grid.x_from_col(np.arange(grid.ncol)), grid.y_from_row(np.arange(grid.nrow)))
    look: dict[str, Any] = {"color": col} if col is not None else {"cmap": scale.cmap, "norm": scale.norm}
    ax.plot_surface(
        xs, ys, values, rstride=1, cstride=1, linewidth=0 if border is None else 0.3, edgecolor=border or "none",
        antialiased=border is not None, shade=col is not None, **look,
    )  # fmt: skip
    _around(ax, grid, (scale.norm.vmin, scale.norm.vmax), expand)
    ax.view_init(elev=phi, azim=-90 - theta)
    if not axes:
        ax.set_axis_off()
    ax.set_title(main, fontsize=canvas.LARGE, color=INK)
    return ax


def _around(ax: Any, grid: Grid, heights: tuple[float, float], expand: float) -> None:
    """Limits, proportions and coordinates of a view."""
    from matplotlib.ticker import MaxNLocator

    ax.set_zlim(*heights)
    e = grid.extent
    tall = e.height * canvas.aspect(e, Coordinates.of(grid.crs))
    widest = max(e.width, tall)
    ax.set_box_aspect((e.width / widest, tall / widest, expand), zoom=1.1)
    ax.tick_params(labelsize=canvas.SMALL - 1, labelcolor=INK, pad=0)
    canvas.coordinates(ax, Coordinates.of(grid.crs))
    ax.zaxis.set_major_locator(MaxNLocator(4))
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color((1.0, 1.0, 1.0, 0.0))


def as_arrows(
    x: SpatRaster,
    *,
    unit: Literal["degrees", "radians", "flowdir"] = "degrees",
    arrow_length: float | None = None,
    clockwise: bool = False,
    angle_from_x_axis: float = 0.0,
    col: Color = INK,
    lwd: float = 0.8,
    alpha: float | None = None,
    maxcell: int = 5_000,
    ax: Axes | None = None,
) -> Axes:
    """Add an arrow to a map for each cell, along the angle that is its value; gives the axes.

    Parameters
    ----------
    x : SpatRaster
        The first layer counts.
    unit : {"degrees", "radians", "flowdir"}
        Of the angles; "flowdir" are the numbers of `terrain`: 1 east, 2 south-east, and so on to 128, 0 for none.
    arrow_length : float, optional
        In units of the map; by default arrows reach the cells next to theirs.
    clockwise : bool
        Whether angles grow clockwise.
    angle_from_x_axis : float
        Where angles of 0 point to, counterclockwise from east, in the same unit. Wind directions that count clockwise
        from north are ``clockwise=True, angle_from_x_axis=90``.
    col : colour
    lwd : float
        Width in points.
    alpha : float, optional
        Opacity, from 0 to 1.
    maxcell : int
        Where there are more cells, about so many of them have arrows.
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    terrain : Gives slope, aspect and the direction of flow.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 4], [0, 64]])
    >>> ax = r.as_arrows(unit="flowdir", ax=r.plot())
    >>> [[p.tolist() for p in line] for line in ax.collections[-1].get_segments()][0][:2]
    [[0.5, 1.5], [1.5, 1.5]]
    """
    from matplotlib.collections import LineCollection

    ax = canvas.current_axes(ax, "as_arrows")
    unit = choice(unit, ("degrees", "radians", "flowdir"), "as_arrows: unit")
    values, grid = _first(x, maxcell, "as_arrows")
    angles = _angles(values, unit, clockwise, angle_from_x_axis)
    rows, cols = np.nonzero(np.isfinite(angles))
    turned = angles[rows, cols]
    start = np.column_stack([grid.x_from_col(cols), grid.y_from_row(rows)])
    way = np.column_stack([np.cos(turned), np.sin(turned)])
    if arrow_length is None:
        steps = way / np.abs(way).max(axis=1, keepdims=True) * [grid.xres, grid.yres]
    else:
        steps = way * arrow_length
    arrows = LineCollection(list(_arrows(start, steps)), colors=[col], linewidths=lwd, alpha=alpha, zorder=3)
    ax.add_collection(arrows, autolim=False)
    return ax


def _angles(values: NDArray[Any], unit: str, clockwise: bool, start: float) -> NDArray[np.float64]:
    """Angles in radians, counterclockwise from east."""
    if unit == "flowdir":
        with np.errstate(divide="ignore", invalid="ignore"):
            eighths = np.where(values > 0, np.log2(values), np.nan)
        return -eighths * (np.pi / 4)
    turned = (-values if clockwise else values) + start
    return np.deg2rad(turned) if unit == "degrees" else turned


def _arrows(start: NDArray[Any], steps: NDArray[Any]) -> NDArray[np.float64]:
    """Lines from the start to the tip, and there and back for both sides of the head; shape (arrow, 5, 2)."""
    tip = start + steps
    turned = np.column_stack([-steps[:, 1], steps[:, 0]])
    back, aside = tip - HEAD * steps, 0.5 * HEAD * turned
    return np.stack([start, tip, back + aside, tip, back - aside], axis=1)
