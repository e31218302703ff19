"""plet: rasters and vectors on maps that can be moved and zoomed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import select
from pyterra.maps import canvas, legends, rasters
from pyterra.maps.canvas import Coordinates
from pyterra.maps.colors import QUALITATIVE, BreakBy, PlotType, Range, Style
from pyterra.maps.moments import MAX_TIMES, NEVER, Moment, moments
from pyterra.maps.overlays import named
from pyterra.maps.web import WebMap, both
from pyterra.maps.weblayers import Pen, cells_of_layer, picture_of, placed, shapes_of, split_shapes, wkt_of
from pyterra.raster.build import node_of

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterCollection
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.vectors import SpatVectorCollection
    from pyterra.types import ClassColors, Color, ColorMap, Colors, Layers


def plet(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[str] = False,
    reverse: bool = False,
    alpha: float = 1.0,
    main: str | Sequence[str] | None = None,
    legend: bool | str = True,
    shared: bool | None = None,
    panel: bool = False,
    collapse: bool = False,
    wrap: bool = False,
    hover: bool = True,
    stretch: str | None = None,
    maxcell: int = 250_000,
    map: WebMap | None = None,
) -> WebMap:
    """Put layers on a map that can be moved and zoomed; gives the map.

    Parameters
    ----------
    x : SpatRaster
        One that says which layers are red, green and blue is a picture in colours where `y` is not given.
    y : int, str or sequence of them, optional
        Layers; by default all, at most 16, or 120 where they have times. The first one is shown, the others can be
        chosen; layers with times are one layer with a slider.
    type, cmap, range, fill_range, breaks, breakby, colors, sort, reverse
        As `plot` has them.
    alpha : float
        Opacity, from 0 to 1.
    main : str or sequence of str, optional
        Titles of legends; the layer names by default. One of layers with times is the name of their series.
    legend : bool or str
        Whether there are legends, or where: "right", "left", "top", "bottom", or in a corner such as "topleft".
    shared : bool, optional
        One range of colours for all layers; by default where they have times.
    panel : bool
        Each layer on a map of its own; when one is moved or zoomed, all are. What is put on the map later is on all of
        them if it is geometries.
    collapse : bool
        A button in place of the list of layers, which opens it.
    wrap : bool
        A map in degrees goes on beyond 180 of them: the layers are there again in the west and in the east.
    hover : bool
        Show the value of the cell under the mouse.
    stretch : {"lin", "hist"}, optional
        Of pictures in colours, as `plot_rgb` has it.
    maxcell : int
        About how many cells are read per layer, fewer where there are more than 16 layers. A page takes about 1 byte for
        each where there are few classes, and 6 for numbers.
    map : WebMap, optional
        Put the layers on this map, over what it has.

    Returns
    -------
    WebMap
        A notebook shows it; ``save(path)`` writes it as a page that needs no network.

    Raises
    ------
    ImportError
        Where matplotlib is missing (``pip install pyterra-geo[plot]``).

    See Also
    --------
    plot : Draws maps that stand still.

    Notes
    -----
    The map has the CRS of what came first; what is put on it later is projected, cells by the nearest. It has no
    background from the network.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], extent=(5, 7, 49, 51), crs="EPSG:4326", names="height")
    >>> page = r.plet(cmap="terrain")
    >>> page
    WebMap of layers ['height']
    >>> page.lines(pt.vect("LINESTRING (5 49, 7 51)", crs="EPSG:4326"), col="red")
    WebMap of layers ['height', 'lines']
    """
    node_of(x, "plet")
    found = _begun(map, x, legend, panel, wrap, collapse)
    inside, _ = both(alpha)
    if y is None and x.rgb is not None:
        if stretch is not None:
            stretch = choice(stretch, ("lin", "hist"), "plet: stretch")
        return found.with_layer(picture_of(x, found.wkt, stretch, inside, maxcell, hover))
    part, stamps = _chosen(x, y, main, panel)
    maxcell = min(maxcell, maxcell * rasters.MAX_PANELS // max(1, len(part)))
    there = placed(part, found.wkt)
    values, grid = rasters.preview(there, maxcell, "plet")
    style = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse)
    layers = part._node.layers
    if len(layers) > 1 and (stamps[0] is not NEVER if shared is None else shared):
        style, _ = rasters.shared_style(layers, values, style)
    texts = part.names if main is None else canvas.titles(part.names, main)
    for i, moment in enumerate(stamps):
        one = cells_of_layer(
            values[i],
            grid,
            select(there._node, [i]),
            style,
            title=texts[i]
            if moment is NEVER or not (main is None or isinstance(main, str))
            else layers[i].unit,
            hover=hover,
            alpha=inside,
            shown=moment.series == stamps[0].series if moment.series else i == 0 or found.panel,
            moment=moment,
        )
        found = found.with_layer(one)
    return found


def _chosen(x: SpatRaster, y: Layers | None, main: Any, panel: bool) -> tuple[SpatRaster, list[Moment]]:
    """The layers to show, and the time of each."""
    part = rasters.chosen_layers(x, y, MAX_TIMES)
    stamps = moments(part._node.layers, main if isinstance(main, str) else "")
    if panel or stamps[0] is NEVER:
        part = rasters.chosen_layers(x, y)
        return part, [NEVER] * len(part)
    return part, stamps


def _begun(
    map: WebMap | None,
    x: Any,
    legend: bool | str = True,
    panel: bool = False,
    wrap: bool = False,
    collapse: bool = False,
) -> WebMap:
    """The map that is given, or an empty one in the CRS of x."""
    try:
        import matplotlib  # noqa: F401  # colours are those of plot
    except ImportError:
        raise ImportError(
            "plet: needs matplotlib; install it with: pip install 'pyterra-geo[plot]'"
        ) from None
    if map is None:
        map = WebMap(wkt=wkt_of(x), legend=legends.placement(legend, "plet: legend"))
    if not isinstance(map, WebMap):
        raise ArgumentError(f"plet: map must be what plet() gives, got {map.__class__.__name__}")
    found = replace(
        map,
        wkt=map.wkt or wkt_of(x),
        panel=map.panel or panel,
        wrap=map.wrap or wrap,
        collapse=map.collapse or collapse,
    )
    if wrap and not Coordinates.of(found.wkt).lonlat:
        raise ArgumentError(
            "plet: wrap needs a map in degrees, got another CRS; write x.project('EPSG:4326').plet(wrap=True)"
        )
    return found


def plet_vector(
    x: SpatVector,
    y: str | int | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[Any] = True,
    reverse: bool = False,
    col: Colors | None = None,
    border: Color | None = "black",
    lwd: float = 1.0,
    lty: str = "solid",
    cex: float = 1.0,
    alpha: float | tuple[float, float] = (0.6, 1.0),
    popup: bool = True,
    label: bool | str | int = False,
    split: bool = False,
    collapse: bool = False,
    wrap: bool = False,
    main: str | None = None,
    name: str = "",
    legend: bool | str = True,
    map: WebMap | None = None,
) -> WebMap:
    """Put geometries on a map that can be moved and zoomed; gives the map.

    Parameters
    ----------
    x : SpatVector
    y : str or int, optional
        The attribute that colours follow, by name or number.
    type, cmap, range, fill_range, breaks, breakby, colors, sort, reverse
        As `plot` has them.
    col : colour, or a list with one per geometry, optional
        Where there is no `y`.
    border : colour, optional
        Of the outlines of polygons and points; None for the colour of the inside.
    lwd : float
        Width of lines in pixels.
    lty : {"solid", "dashed", "dotted", "dashdot"}
    cex : float
        Size of points; 1 is 8 pixels.
    alpha : float or (float, float)
        Opacity of the inside, and of lines, from 0 to 1.
    popup : bool
        Show the attributes of the geometry under the mouse.
    label : bool, str or int
        Show one attribute alone: `y`, or that of this name or number.
    split : bool
        A layer for each value of `y`, to be shown and hidden.
    collapse : bool
        A button in place of the list of layers, which opens it.
    wrap : bool
        A map in degrees goes on beyond 180 of them: the geometries are there again in the west and in the east.
    main : str, optional
        Title of the legend; the name of the attribute by default.
    name : str
        Of the layer in the list of layers; the attribute by default.
    legend : bool or str
        Whether there is a legend, or where: "right", "left", "top", "bottom", or in a corner such as "topleft".
    map : WebMap, optional
        Put the geometries on this map, over what it has.

    Returns
    -------
    WebMap
        A notebook shows it; ``save(path)`` writes it as a page that needs no network.

    Raises
    ------
    ImportError
        Where matplotlib is missing (``pip install pyterra-geo[plot]``).

    See Also
    --------
    plot : Draws maps that stand still.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[6, 50], [7, 51]], crs="EPSG:4326", atts={"kind": ["well", "spring"]})
    >>> v.plet("kind")
    WebMap of layers ['kind']
    >>> v.plet("kind", split=True)
    WebMap of layers ['spring', 'well']
    """
    found = _begun(map, x, legend, wrap=wrap, collapse=collapse)
    field = None if y is None else named(x, y, "plet")
    told = _told(x, field, popup, label)
    pen = Pen(lwd, lty, cex, border, both(alpha))
    style = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse)
    there = placed(x, found.wkt)
    if not split:
        one = shapes_of(there, field, style, pen, name=name, title=main, col=col, popup=told)
        return found.with_layer(one)
    if field is None:
        raise ArgumentError("plet: split needs y, the attribute whose values are layers; give it")
    for layer in split_shapes(there, field, style, pen, title=main, popup=told):
        found = found.with_layer(layer)
    return found


def _told(x: SpatVector, field: str | None, popup: bool, label: bool | str | int) -> bool | str:
    """Whether the mouse shows attributes, or the one that it shows."""
    if label is False:
        return popup
    if label is not True:
        return named(x, label, "plet")
    if field is None:
        raise ArgumentError("plet: label needs y, or the attribute to show; give one of them")
    return field


def plet_vectors(
    x: SpatVectorCollection,
    *,
    col: Colors | None = None,
    border: Color | None = "black",
    lwd: float = 1.0,
    cex: float = 1.0,
    alpha: float | tuple[float, float] = (0.6, 1.0),
    popup: bool = True,
    label: str | int | None = None,
    collapse: bool = False,
    wrap: bool = False,
    map: WebMap | None = None,
) -> WebMap:
    """Put vectors on a map that can be moved and zoomed, a layer each; gives the map.

    Parameters
    ----------
    x : SpatVectorCollection
    col : colour, or a list with one per vector, optional
        By default colours that can be told apart.
    border : colour, optional
        Of the outlines of polygons and points; None for the colour of the inside.
    lwd : float
        Width of lines in pixels.
    cex : float
        Size of points; 1 is 8 pixels.
    alpha : float or (float, float)
        Opacity of the inside, and of lines, from 0 to 1.
    popup : bool
        Show the attributes of the geometry under the mouse.
    label : str or int, optional
        Show this attribute alone.
    collapse : bool
        A button in place of the list of layers, which opens it.
    wrap : bool
        As `plet` of a vector has it.
    map : WebMap, optional
        Put the vectors on this map, over what it has.

    Returns
    -------
    WebMap

    See Also
    --------
    SpatVector.plet : Colours by an attribute.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.svc(wells=pt.vect([[6, 50]], crs="EPSG:4326"), area=pt.vect(pt.ext(5, 7, 49, 51), crs="EPSG:4326"))
    >>> s.plet()
    WebMap of layers ['wells', 'area']
    """
    if not len(x):
        raise ArgumentError("plet: x must have vectors, got none")
    given: Any = QUALITATIVE if col is None else [col] if isinstance(col, str | tuple) else list(col)
    found = _begun(map, x[0], wrap=wrap, collapse=collapse)
    for i, (one, name) in enumerate(zip(x, x.names, strict=True)):
        color = given[i % len(given)]
        found = plet_vector(
            one, col=color, border=border, lwd=lwd, cex=cex, alpha=alpha, popup=popup,
            label=False if label is None else label, name=name, map=found,
        )  # fmt: skip
    return found


def plet_rasters(
    x: SpatRasterCollection,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    alpha: float = 1.0,
    legend: bool | str = True,
    wrap: bool = False,
    hover: bool = True,
    maxcell: int = 250_000,
    map: WebMap | None = None,
) -> WebMap:
    """Put the first layers of rasters on a map that can be moved and zoomed; gives the map.

    Parameters
    ----------
    x : SpatRasterCollection
    type, cmap, range, fill_range, breaks, breakby
        As `plot` has them.
    alpha : float
        Opacity, from 0 to 1.
    legend : bool or str
        Whether there are legends, or where: "right", "left", "top", "bottom", or in a corner such as "topleft".
    wrap : bool
        As `plet` of a raster has it.
    hover : bool
        Show the value of the cell under the mouse.
    maxcell : int
        About how many cells are read per raster.
    map : WebMap, optional
        Put the rasters on this map, over what it has.

    Returns
    -------
    WebMap

    See Also
    --------
    SpatRaster.plet : Has more choices.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]], extent=(5, 7, 49, 50), crs="EPSG:4326", names="height")
    >>> pt.sprc(r, r.shift(2)).plet()
    WebMap of layers ['height', 'height (2)']
    """
    if not len(x):
        raise ArgumentError("plet: x must have rasters, got none")
    found = _begun(map, x[0], legend, wrap=wrap)
    for one, name in zip(x, x.names, strict=True):
        before = len(found.layers)
        found = plet(
            one, 0, type=type, cmap=cmap, range=range, fill_range=fill_range, breaks=breaks, breakby=breakby,
            alpha=alpha, hover=hover, maxcell=maxcell, map=found,
        )  # fmt: skip
        if name:
            last = replace(found.layers[before], name=name)
            found = replace(found, layers=found.layers[:before]).with_layer(last)
    return found
