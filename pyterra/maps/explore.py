"""explore: rasters and vectors in a browser, at all resolutions."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pyterra.errors import ArgumentError
from pyterra.grid.extent import Extent
from pyterra.maps.plet import plet, plet_vector
from pyterra.maps.web import WebMap
from pyterra.raster.build import is_raster
from pyterra.run.progress import in_notebook
from pyterra.vector.build import is_vector

if TYPE_CHECKING:
    from typing import TypeAlias

    from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.vectors import SpatVectorCollection
    from pyterra.maps.serving import Serving

    Several: TypeAlias = SpatRasterDataset | SpatRasterCollection | SpatVectorCollection
    Shown: TypeAlias = SpatRaster | SpatVector | Extent | Several


CELLS = 250_000
"""Cells that are read of a layer at first."""


def explore(
    x: SpatRaster,
    *others: Shown,
    title: str = "Map",
    port: int = 0,
    browser: bool | None = None,
) -> Serving:
    """Look at a raster in a browser, down to every cell, and at what lies on it; gives what serves them.

    Parameters
    ----------
    x : SpatRaster
    *others : SpatRaster, SpatVector, SpatExtent, or data sets and collections of them
        What else lies on the map, the lowest first.
    title : str
        Of the page.
    port : int
        Of this machine, at which the map is served; 0 for any that is free.
    browser : bool, optional
        Open a browser; by default where there is a screen, and not in a notebook, which shows the map.

    Returns
    -------
    Serving
        Its `url` has the address, with a token that nobody else knows. It serves until it is closed (`close`, or the
        end of a ``with`` block), or the program ends; `wait` goes on until Ctrl-C.

    See Also
    --------
    plet : The same page with a choice of colours, to be kept in a file; ``x.plet(cmap="terrain").serve()``.

    Notes
    -----
    What is shown at first is read at reduced resolution. When the map is zoomed, tiles are read from the source, from
    its overviews where it has them; the mouse shows the value of the very cell. Values of an expression are computed
    tile by tile; where they follow from the whole raster (distances, patches), `compute` it before.

    The map is served to this machine alone, and only to who has its address. Nothing but what it shows can be had there.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], extent=(5, 7, 49, 51), crs="EPSG:4326", names="height")
    >>> with r.explore(pt.ext(5, 6, 49, 50), browser=False) as served:
    ...     print(served.map)
    WebMap of layers ['height', 'lines']
    """
    return _served((x, *others), title, port, browser)


def explore_vector(
    x: SpatVector,
    *others: Shown,
    title: str = "Map",
    port: int = 0,
    browser: bool | None = None,
) -> Serving:
    """Look at geometries in a browser, and at what lies on them; gives what serves them.

    Parameters
    ----------
    x : SpatVector
    *others : SpatRaster, SpatVector, SpatExtent, or data sets and collections of them
        What else lies on the map, the lowest first.
    title, port, browser
        As `explore` of a raster has them.

    Returns
    -------
    Serving

    See Also
    --------
    plet : The same page with a choice of colours, to be kept in a file.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[6, 50]], crs="EPSG:4326", atts={"name": ["well"]})
    >>> with v.explore(browser=False) as served:
    ...     print(served.map)
    WebMap of layers ['points']
    """
    return _served((x, *others), title, port, browser)


def explore_several(
    x: Several,
    *others: Shown,
    title: str = "Map",
    port: int = 0,
    browser: bool | None = None,
) -> Serving:
    """Look at rasters or vectors in a browser, a layer each, and at what lies on them; gives what serves them.

    Parameters
    ----------
    x : SpatRasterDataset, SpatRasterCollection or SpatVectorCollection
        The first member is seen at first, the others can be chosen. Layers with times are one layer with a slider.
    *others : SpatRaster, SpatVector, SpatExtent, or data sets and collections of them
        What else lies on the map, the lowest first.
    title, port, browser
        As `explore` of a raster has them.

    Returns
    -------
    Serving

    See Also
    --------
    plet : The same page with a choice of colours, to be kept in a file.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]], extent=(5, 7, 49, 51), crs="EPSG:4326")
    >>> with pt.sds(rain=r, snow=r / 2).explore(browser=False) as served:
    ...     print(served.map)
    WebMap of layers ['rain', 'snow']
    """
    return _served((x, *others), title, port, browser)


def _served(things: Sequence[Any], title: str, port: int, browser: bool | None) -> Serving:
    from pyterra.maps.serving import Serving  # and a web server, which few programs want

    wanted = _has_screen() if browser is None else browser
    return Serving(replace(on_one_map(things), title=title), port=port, browser=wanted)


def on_one_map(things: Sequence[Any]) -> WebMap:
    """A map of rasters, vectors and extents, the first one the lowest."""
    shown: WebMap | None = None
    for one in things:
        shown = _put(shown, one)
    assert shown is not None
    return shown


def _put(map: WebMap | None, x: Any) -> WebMap:
    """A map with one thing more, or with the members of a collection."""
    members = _members(x)
    if members:
        before = 0 if map is None else len(map.layers)
        for one, name in members:
            map = put_member(map, one, name, shown=map is None or len(map.layers) == before)
        assert map is not None
        return map
    if is_raster(x):
        return plet(x, map=map)
    if is_vector(x):
        return plet_vector(x, map=map)
    if map is None or not isinstance(x, Extent):
        raise ArgumentError(
            f"explore: what is shown must be rasters, vectors or extents, the first no extent, got {type(x).__name__}"
        )
    return map.lines(x)


def _members(x: Any) -> list[tuple[Any, str]]:
    """Members of a collection with their names; none of anything else."""
    if is_raster(x) or is_vector(x) or isinstance(x, Extent) or not isinstance(x, Iterable):
        return []
    members = list(x)
    names = getattr(x, "names", [])
    held = len(names) == len(members) and all(is_raster(one) or is_vector(one) for one in members)
    return list(zip(members, names, strict=True)) if held else []


def put_member(map: WebMap | None, x: Any, name: str, *, shown: bool, maxcell: int = CELLS) -> WebMap:
    """A map with a raster or vector, which the list of layers calls by a name."""
    if is_vector(x):
        return plet_vector(x, name=name, map=map)
    if name:
        x = x.copy()
        x.names = [name] if len(x) == 1 else [_within(one, name) for one in x.names]
    before = 0 if map is None else len(map.layers)
    found = plet(x, main=name or None, maxcell=maxcell, map=map)
    if shown:
        return found
    hidden = tuple(replace(layer, shown=False) for layer in found.layers[before:])
    return replace(found, layers=(*found.layers[:before], *hidden))


def _within(layer: str, name: str) -> str:
    """The name of a layer of a member, which says of which one it is: ``rain_1`` of ``a: rain`` is ``a: rain_1``."""
    own = name.rpartition(": ")[2]
    if name in layer:
        return layer
    return name.removesuffix(own) + layer if layer.startswith(own) else f"{name} {layer}"


def _has_screen() -> bool:
    """Whether a browser can be opened where the user sees it."""
    if in_notebook():
        return False
    return not sys.platform.startswith("linux") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
