"""plet: rasters and vectors on maps that can be moved and zoomed."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.maps import rasters, vectors, web
from pyterra.maps.cells import look_of
from pyterra.maps.colors import PlotType, Style
from pyterra.maps.overlays import named
from pyterra.maps.rgb import picture, stretched
from pyterra.maps.web import WebMap
from pyterra.raster.build import choice, node_of

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterCollection
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.vectors import SpatVectorCollection
    from pyterra.types import ClassColors, Color, ColorMap, Layers

MERCATOR, DEGREES = "EPSG:3857", "EPSG:4326"
NORTH = 85.05
"""Degrees from the equator at which Web Mercator ends."""
PLACES = 7
"""Decimals of coordinates in degrees: a centimetre."""


def plet(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: tuple[float, float] | None = None,
    breaks: Sequence[float] | int | None = None,
    colors: ClassColors | None = None,
    alpha: float = 0.8,
    main: str | Sequence[str] | None = None,
    legend: str | None = "bottomright",
    shared: bool = False,
    stretch: str | None = None,
    tiles: str | Sequence[str] | None = None,
    maxcell: int = 500_000,
    collapse: bool = True,
    map: WebMap | None = None,
) -> WebMap:
    """Put layers on a map that can be moved and zoomed.

    Parameters
    ----------
    x : SpatRaster
        With a CRS. One that says which layers are red, green and blue is a picture in colours where `y` is not given.
    y : int, str or sequence of them, optional
        Layers; by default all, at most 16. The first one is shown, the others can be chosen.
    type, cmap, range, breaks, colors
        As `plot` has them.
    alpha : float
        Opacity, from 0 to 1.
    main : str or sequence of str, optional
        Titles of legends; the layer names by default.
    legend : {"bottomright", "bottomleft", "topright", "topleft"}, optional
        Where legends stand; None for none.
    shared : bool
        One range of colours for all layers.
    stretch : {"lin", "hist"}, optional
        Of pictures in colours, as `plot_rgb` has it.
    tiles : str or sequence of str, optional
        Backgrounds, which come from the network: "Streets", "Esri.WorldImagery", "OpenTopoMap", or addresses with {z},
        {x} and {y}.
    maxcell : int
        About how many cells are read per layer.
    collapse : bool
        Keep the list of layers closed.
    map : WebMap, optional
        Put the layers on this map, over what it has.

    Returns
    -------
    WebMap
        A notebook shows it; ``save(path)`` writes it as a page of its own.

    See Also
    --------
    plot : Draws maps that stand still.

    Notes
    -----
    Cells are moved to Web Mercator by the nearest. The page holds Leaflet, so that it needs no network.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], extent=(5, 7, 49, 51), crs="EPSG:4326", names="height")
    >>> page = r.plet()
    >>> page.layers[0]["name"], "Leaflet" in page.html()
    ('height', True)
    """
    node_of(x, "plet")
    _located(x.crs)
    place = None if legend is None else choice(legend, web.CORNERS, "plet: legend")
    found = _begun(map, tiles, collapse)
    if y is None and x.rgb is not None:
        return _with_colours(found, x, stretch, alpha, maxcell)
    part = rasters.chosen_layers(x, y)
    values, grid = rasters.preview(_mercator(part), maxcell, "plet")
    style = Style(type, cmap, range, breaks, colors)
    if shared and len(part) > 1:
        style, _ = rasters.shared_style(part._node.layers, values, style)
    titles = part.names if main is None else [main] * len(part) if isinstance(main, str) else list(main)
    for i, layer in enumerate(part._node.layers):
        look = look_of(values[i], layer, style)
        title = titles[i] if i < len(titles) else ""
        told = web.legend(look.entries, title) if place else ""
        found = _with_image(found, layer.name, look.rgba(), grid.extent, alpha, told, place, shown=i == 0)
    return found


def _located(crs: Any) -> None:
    if crs is None:
        raise ArgumentError("plet: x must have a CRS, got none; set it with x.crs = ..., or use plot()")


def _begun(map: WebMap | None, tiles: Any, collapse: bool) -> WebMap:
    """The map that is given, with more backgrounds, or a new one."""
    more = web.backgrounds(tiles)
    if map is None:
        return WebMap(tiles=more, collapse=collapse)
    return replace(map, tiles=(*map.tiles, *more))


def _mercator(x: SpatRaster) -> SpatRaster:
    """The raster in Web Mercator, without the poles."""
    if x.is_lonlat() and (x.ymin < -NORTH or x.ymax > NORTH):
        x = x.crop(Extent(x.xmin, x.xmax, max(x.ymin, -NORTH), min(x.ymax, NORTH)), snap="in")
    return x.project(MERCATOR, method="near")


def _degrees(extent: Extent) -> Extent:
    """An extent in Web Mercator as degrees."""
    from pyproj import Transformer

    to = Transformer.from_crs(MERCATOR, DEGREES, always_xy=True)
    (xmin, xmax), (ymin, ymax) = to.transform([extent.xmin, extent.xmax], [extent.ymin, extent.ymax])
    return Extent(xmin, xmax, ymin, ymax)


def _with_image(
    page: WebMap,
    name: str,
    colors: Any,
    extent: Extent,
    alpha: float,
    told: str,
    place: str | None,
    *,
    shown: bool,
) -> WebMap:
    e = _degrees(extent)
    layer = {
        "name": name,
        "image": web.data_uri(web.png(colors)),
        "bounds": [[e.ymin, e.xmin], [e.ymax, e.xmax]],
        "alpha": alpha,
        "legend": told,
        "place": place,
        "shown": shown,
    }
    return page.with_layer(layer, e)


def _with_colours(page: WebMap, x: SpatRaster, stretch: str | None, alpha: float, maxcell: int) -> WebMap:
    if stretch is not None:
        choice(stretch, ("lin", "hist"), "plet: stretch")
    bands = rasters.chosen_layers(x, list(x.rgb or ())[:3])
    values, grid = rasters.preview(_mercator(bands), maxcell, "plet")
    image = picture(stretched(values, stretch, None), None, None, 0.0)
    return _with_image(
        page, "colours", (image * 255).round().astype(np.uint8), grid.extent, alpha, "", None, shown=True
    )


def plet_vector(
    x: SpatVector,
    y: str | int | None = None,
    *,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: tuple[float, float] | None = None,
    breaks: Sequence[float] | int | None = None,
    colors: ClassColors | None = None,
    col: Color | None = None,
    border: Color | None = None,
    lwd: float = 2.0,
    cex: float = 1.0,
    alpha: float | tuple[float, float] = (0.3, 1.0),
    popup: bool = True,
    label: bool = False,
    main: str | None = None,
    name: str = "",
    legend: str | None = "bottomright",
    tiles: str | Sequence[str] | None = None,
    collapse: bool = True,
    map: WebMap | None = None,
) -> WebMap:
    """Put geometries on a map that can be moved and zoomed.

    Parameters
    ----------
    x : SpatVector
        With a CRS.
    y : str or int, optional
        The attribute that colours follow, by name or number.
    type, cmap, range, breaks, colors
        As `plot` has them.
    col : colour, optional
        The colour of all geometries, where there is no `y`.
    border : colour, optional
        Of the outlines of polygons, dark by default, and of points, otherwise as inside.
    lwd : float
        Width of lines in pixels.
    cex : float
        Size of points; 1 is a radius of 5 pixels.
    alpha : float or (float, float)
        Opacity of the inside and of lines, from 0 to 1.
    popup : bool
        Show the attributes of a geometry that is clicked on.
    label : bool
        Show the attribute `y`, or the first one, under the mouse.
    main : str, optional
        Title of the legend; the name of the attribute by default.
    name : str
        Of the layer in the list of layers; the attribute by default.
    legend : {"bottomright", "bottomleft", "topright", "topleft"}, optional
        Where the legend stands; None for none.
    tiles : str or sequence of str, optional
        Backgrounds, which come from the network: "Streets", "Esri.WorldImagery", "OpenTopoMap", or addresses with {z},
        {x} and {y}.
    collapse : bool
        Keep the list of layers closed.
    map : WebMap, optional
        Put the geometries on this map, over what it has.

    Returns
    -------
    WebMap
        A notebook shows it; ``save(path)`` writes it as a page of its own.

    See Also
    --------
    plot : Draws maps that stand still.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[6, 50], [7, 51]], crs="EPSG:4326", atts={"kind": ["well", "spring"]})
    >>> page = v.plet("kind")
    >>> page.layers[0]["geojson"]["features"][0]["properties"]["p"]
    '<table><tr><th>kind</th><td>well</td></tr></table>'
    """
    _located(x.crs)
    place = None if legend is None else choice(legend, web.CORNERS, "plet: legend")
    field = None if y is None else named(x, y, "plet")
    styles, kinds, told = _styles(x, field, Style(type, cmap, range, breaks, colors), col, main)
    inside, outside = (alpha, alpha) if isinstance(alpha, int | float) else alpha
    edge = border or ("#333333" if x.geomtype() == "polygons" else None)
    looks = [
        {
            "fillColor": color, "color": web.hex_of(edge) if edge else color, "weight": lwd, "opacity": outside,
            "fillOpacity": inside, "radius": 5 * cex,
        }
        for color in styles
    ]  # fmt: skip
    layer = {
        "name": name or field or "",
        "geojson": _geojson(x, kinds, popup, field if label else None, label),
        "styles": looks,
        "legend": told if place else "",
        "place": place,
        "shown": True,
    }
    e = x.project(DEGREES).ext
    return _begun(map, tiles, collapse).with_layer(layer, Extent(e.xmin, e.xmax, e.ymin, e.ymax))


def _styles(
    x: SpatVector, field: str | None, style: Style, col: Any, main: str | None
) -> tuple[list[str], Any, str]:
    """Colours, the number of the colour of each geometry, and the legend."""
    if field is None:
        return [web.hex_of(col or vectors.PLAIN["lines"])], np.zeros(len(x), np.int64), ""
    rows, codes, colors, entries = vectors.colored(np.asarray(x._table[field]), style)
    kinds = np.full(len(x), len(colors))
    kinds[rows] = codes
    told = web.legend(entries, field if main is None else main)
    return [*map(web.hex_of, colors), vectors.NO_VALUE], kinds, told


def _geojson(
    x: SpatVector, kinds: NDArray[Any], popup: bool, field: str | None, label: bool
) -> dict[str, Any]:
    """Geometries in degrees, each with its style, its popup and its label."""
    import shapely

    there = x.project(DEGREES)
    texts = shapely.to_geojson(shapely.set_precision(there.geoms, 10.0**-PLACES))
    names = list(x.names)
    rows = x._table[names].to_numpy(dtype=object) if names else np.empty((len(x), 0), object)
    shown = names.index(field) if field is not None else 0
    features = []
    for text, kind, row in zip(texts.tolist(), kinds.tolist(), rows, strict=True):
        properties: dict[str, Any] = {"s": kind}
        if popup and names:
            cells = "".join(
                f"<tr><th>{_safe(n)}</th><td>{_safe(v)}</td></tr>" for n, v in zip(names, row, strict=True)
            )
            properties["p"] = f"<table>{cells}</table>"
        if label and names:
            properties["t"] = _safe(row[shown])
        geometry = None if text is None else json.loads(text)
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def _safe(value: Any) -> str:
    return html.escape(f"{value:g}" if isinstance(value, float) else str(value))


def plet_vectors(
    x: SpatVectorCollection,
    *,
    col: Sequence[Color] | Color | None = None,
    lwd: float = 2.0,
    cex: float = 1.0,
    alpha: float | tuple[float, float] = (0.3, 1.0),
    popup: bool = True,
    tiles: str | Sequence[str] | None = None,
    collapse: bool = True,
    map: WebMap | None = None,
) -> WebMap:
    """Put vectors on a map that can be moved and zoomed, a layer each.

    Parameters
    ----------
    x : SpatVectorCollection
    col : colour, or a list with one per vector, optional
        By default colours that can be told apart.
    lwd : float
        Width of lines in pixels.
    cex : float
        Size of points; 1 is a radius of 5 pixels.
    alpha : float or (float, float)
        Opacity of the inside and of lines, from 0 to 1.
    popup : bool
        Show the attributes of a geometry that is clicked on.
    tiles : str or sequence of str, optional
        Backgrounds, which come from the network.
    collapse : bool
        Keep the list of layers closed.
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
    from pyterra.maps.colors import QUALITATIVE

    colors: list[Any] = list(QUALITATIVE) if col is None else list(col) if isinstance(col, list) else [col]
    found = _begun(map, tiles, collapse)
    for i, (one, name) in enumerate(zip(x, x.names, strict=True)):
        found = plet_vector(
            one, col=colors[i % len(colors)], lwd=lwd, cex=cex, alpha=alpha, popup=popup, name=name, map=found
        )
    return found


def plet_rasters(
    x: SpatRasterCollection,
    *,
    cmap: ColorMap | None = None,
    range: tuple[float, float] | None = None,
    alpha: float = 0.8,
    legend: str | None = "bottomright",
    tiles: str | Sequence[str] | None = None,
    maxcell: int = 500_000,
    collapse: bool = True,
    map: WebMap | None = None,
) -> WebMap:
    """Put the first layers of rasters on a map that can be moved and zoomed.

    Parameters
    ----------
    x : SpatRasterCollection
    cmap : str, Colormap or sequence of colours, optional
        Viridis by default.
    range : (float, float), optional
        Values at the ends of the colours.
    alpha : float
        Opacity, from 0 to 1.
    legend : {"bottomright", "bottomleft", "topright", "topleft"}, optional
        Where legends stand; None for none.
    tiles : str or sequence of str, optional
        Backgrounds, which come from the network.
    maxcell : int
        About how many cells are read per raster.
    collapse : bool
        Keep the list of layers closed.
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
    found = _begun(map, tiles, collapse)
    for one in x:
        found = plet(one, 0, cmap=cmap, range=range, alpha=alpha, legend=legend, maxcell=maxcell, map=found)
    return replace(found, layers=tuple({**layer, "shown": True} for layer in found.layers))
