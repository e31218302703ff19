"""Pictures without a legend: three layers as colours, or one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.maps import canvas
from pyterra.maps.canvas import Coordinates
from pyterra.maps.rasters import chosen_layers, plot, preview
from pyterra.maps.rgb import picture, stretched
from pyterra.raster.build import layer_positions, node_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Color, ColorMap, ExtentLike


def plot_rgb(
    x: SpatRaster,
    r: int | str = 0,
    g: int | str = 1,
    b: int | str = 2,
    a: int | str | None = None,
    *,
    scale: float | None = None,
    stretch: Literal["lin", "hist"] | None = None,
    missing: Color | None = None,
    bgalpha: float = 0.0,
    main: str = "",
    axes: bool = False,
    extent: ExtentLike | None = None,
    maxcell: int = 500_000,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw three layers as a colour picture; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    r, g, b : int or str
        The layers that are red, green and blue.
    a : int or str, optional
        The layer that is opacity, on the same scale.
    scale : float, optional
        The value of full colour; by default 1 where no value is larger, else 255, or the largest value.
    stretch : {"lin", "hist"}, optional
        Spread the values of each layer: linearly between the 2nd and 98th percentile, or evenly by rank.
    missing : colour, optional
        Of cells that are missing in one of the layers; by default they show what is below.
    bgalpha : float
        Opacity of missing cells, which are white then, from 0 to 1.
    main : str
        Title.
    axes : bool
        Draw coordinates.
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    maxcell : int
        About how many cells are read per layer.
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
    plot : Draws each layer as a map of its own.

    Examples
    --------
    >>> import pyterra as pt
    >>> red = pt.rast([[[255]], [[0]], [[0]]], names=["red", "green", "blue"])
    >>> ax = red.plot_rgb()
    >>> ax.images[0].get_array()[0, 0].tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    node = node_of(x, "plot_rgb")
    if stretch is not None:
        stretch = choice(stretch, ("lin", "hist"), "plot_rgb: stretch")
    if scale is not None and not scale > 0:
        raise ArgumentError(f"plot_rgb: scale must be above 0, got {scale}")
    bands = [layer_positions(node.layers, band)[0] for band in (r, g, b) if band is not None]
    if len(bands) != 3:
        raise ArgumentError("plot_rgb: r, g and b must name three layers")
    bands += [] if a is None else layer_positions(node.layers, a)[:1]
    part = chosen_layers(x if extent is None else x.crop(extent), bands)
    values, grid = preview(part, maxcell, "plot_rgb")
    alpha = None if a is None else stretched(values[3:], None, scale)[0]
    image = picture(stretched(values[:3], stretch, scale), alpha, missing, bgalpha)
    ax = canvas.stage(
        "plot_rgb", grid.extent, Coordinates.of(grid.crs), [main], add=add, ax=ax, figsize=figsize, axes=axes
    )[0, 0]
    e = grid.extent
    ax.imshow(
        image,
        extent=(e.xmin, e.xmax, e.ymin, e.ymax),
        interpolation="nearest",
        zorder=0,
        aspect=ax.get_aspect(),
    )
    return ax


def image(
    x: SpatRaster,
    y: int | str = 0,
    *,
    cmap: ColorMap | None = None,
    range: tuple[float, float] | None = None,
    main: str = "",
    axes: bool = True,
    maxcell: int = 500_000,
    figsize: tuple[float, float] | None = None,
    add: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw one layer as colours, without a legend; gives the axes.

    Parameters
    ----------
    x : SpatRaster
    y : int or str
        The layer.
    cmap : str, Colormap or sequence of colours, optional
        Viridis by default.
    range : (float, float), optional
        Values at the ends of the colours.
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
    plot : Draws maps with legends, and has more choices.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast([[1, 2], [3, 4]]).image(cmap="Greys")
    >>> ax.images[0].get_array().tolist(), ax.child_axes
    ([[1.0, 2.0], [3.0, 4.0]], [])
    """
    node = node_of(x, "image")
    (layer,) = layer_positions(node.layers, y)[:1]
    return plot(
        x, layer, cmap=cmap, range=range, main=main, axes=axes, maxcell=maxcell, figsize=figsize, add=add,
        ax=ax, legend=False, missing=None,
    )  # fmt: skip
