"""A map that can be moved and zoomed, in a page of its own that needs no network."""

from __future__ import annotations

from dataclasses import field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pyterra.errors import ArgumentError, SinkError
from pyterra.frozen import dataclass
from pyterra.grid.extent import Extent
from pyterra.io.safe.parts import atomic_path
from pyterra.io.safe.places import path_text
from pyterra.maps import webpage
from pyterra.maps.colors import Style
from pyterra.maps.overlays import Drawn, Marks, named
from pyterra.maps.weblayers import Pen, WebLayer, marked, placed, shapes_of
from pyterra.packages import html
from pyterra.vector.build import is_vector

if TYPE_CHECKING:
    from pyterra.maps.serving import Serving
    from pyterra.types import Colors

NOWHERE = Extent(0, 0, 0, 0)


@dataclass(frozen=True)
class WebMap:
    """A map that can be moved and zoomed. Made by `plet`.

    A notebook shows it; ``save("map.html")`` writes a page that needs no network. `points`, `lines` and `polys` give a
    map with more on it.

    Examples
    --------
    >>> import pyterra as pt
    >>> v = pt.vect([[6, 50], [7, 51]], crs="EPSG:4326")
    >>> page = v.plet(name="wells").lines(pt.ext(5, 8, 49, 52))
    >>> page
    WebMap of layers ['wells', 'lines']
    """

    layers: tuple[WebLayer, ...] = ()
    """What is drawn, the lowest first."""
    wkt: str = ""
    """The CRS, empty where none is known: that of what came first."""
    legend: str = "right"
    """Where legends stand, empty for none."""
    title: str = field(default="Map")
    """Of the page."""
    panel: bool = False
    """Each raster layer on a map of its own, all of which show the same part; geometries on all of them."""
    wrap: bool = False
    """What is in degrees goes on beyond 180 of them."""
    collapse: bool = False
    """The list of layers is closed until it is asked for."""

    @property
    def extent(self) -> Extent:
        """What all layers cover."""
        found = [layer.extent for layer in self.layers]
        whole = found[0] if found else NOWHERE
        for one in found[1:]:
            whole = whole.union(one)
        return whole

    @property
    def names(self) -> list[str]:
        """Names of the layers."""
        return [layer.name for layer in self.layers]

    def with_layer(self, layer: WebLayer) -> Self:
        """The map with one more layer on top; names that are taken get a number."""
        name, count = layer.name, 1
        while (unlike := name if count == 1 else f"{name} ({count})") in self.names:
            count += 1
        return replace(self, layers=(*self.layers, replace(layer, name=unlike)))

    def points(
        self,
        y: Drawn,
        field: str | int | None = None,
        *,
        col: Colors | None = None,
        border: Any = None,
        cex: float = 1.0,
        lwd: float = 1.0,
        alpha: float | tuple[float, float] = 1.0,
        popup: bool = True,
        name: str = "",
    ) -> WebMap:
        """Add points: the nodes of geometries, the centres of cells or the corners of an extent.

        Parameters
        ----------
        y : SpatVector, SpatRaster or SpatExtent
        field : str or int, optional
            The attribute of a vector that colours follow.
        col : colour, or a list with one per geometry, optional
        border : colour, optional
            Of the rim.
        cex : float
            Size; 1 is 8 pixels.
        lwd : float
            Width of the rim in pixels.
        alpha : float or (float, float)
            Opacity of the inside and of the rim, from 0 to 1.
        popup : bool
            Show the attributes of what is under the mouse.
        name : str
            Of the layer.

        Returns
        -------
        WebMap
        """
        pen = Pen(lwd, "solid", cex, border, both(alpha))
        return self._with("points", y, field, pen, col, popup, name)

    def lines(
        self,
        y: Drawn,
        field: str | int | None = None,
        *,
        col: Colors | None = None,
        lwd: float = 2.0,
        lty: str = "solid",
        alpha: float = 1.0,
        popup: bool = False,
        name: str = "",
    ) -> WebMap:
        """Add lines: those of a vector, the outlines of polygons, of cells, or of an extent.

        Parameters
        ----------
        y : SpatVector, SpatRaster or SpatExtent
        field : str or int, optional
            The attribute of a vector that colours follow.
        col : colour, or a list with one per geometry, optional
        lwd : float
            Width in pixels.
        lty : {"solid", "dashed", "dotted", "dashdot"}
        alpha : float
            Opacity, from 0 to 1.
        popup : bool
            Show the attributes of what is under the mouse.
        name : str
            Of the layer.

        Returns
        -------
        WebMap
        """
        return self._with("lines", y, field, Pen(lwd, lty, 1.0, None, both(alpha)), col, popup, name)

    def polys(
        self,
        y: Drawn,
        field: str | int | None = None,
        *,
        col: Colors | None = None,
        border: Any = "black",
        lwd: float = 1.0,
        lty: str = "solid",
        alpha: float | tuple[float, float] = (0.3, 1.0),
        popup: bool = True,
        name: str = "",
    ) -> WebMap:
        """Add polygons: those of a vector, cells, or an extent.

        Parameters
        ----------
        y : SpatVector, SpatRaster or SpatExtent
        field : str or int, optional
            The attribute of a vector that colours follow.
        col : colour, or a list with one per geometry, optional
        border : colour
            Of the outlines.
        lwd : float
            Width of the outlines in pixels.
        lty : {"solid", "dashed", "dotted", "dashdot"}
        alpha : float or (float, float)
            Opacity of the inside and of the outlines, from 0 to 1.
        popup : bool
            Show the attributes of what is under the mouse.
        name : str
            Of the layer.

        Returns
        -------
        WebMap
        """
        return self._with("polygons", y, field, Pen(lwd, lty, 1.0, border, both(alpha)), col, popup, name)

    def _with(self, kind: str, y: Drawn, field: Any, pen: Pen, col: Any, popup: bool, name: str) -> WebMap:
        verb = "polys" if kind == "polygons" else kind
        y = placed(y, self.wkt)
        if is_vector(y):
            if kind != "points":
                Marks.shapes(y, verb)
            field = None if field is None else named(y, field, verb)
            found = shapes_of(
                y, field, Style(), pen, name=name or verb, title=None, col=col, popup=popup, kind=kind
            )
            return self.with_layer(found)
        marks = Marks.points(y) if kind == "points" else Marks.shapes(y, verb)
        return self.with_layer(marked(marks, kind, col, pen, name or verb))

    def html(self) -> str:
        """The page as text."""
        return webpage.page(self)

    def save(self, path: str | PathLike[str], *, overwrite: bool = False) -> None:
        """Write the page to a file, whole or not at all.

        Parameters
        ----------
        path : str or path
            Its name ends in .html.
        overwrite : bool
            Replace a file that is there.
        """
        where = Path(path_text(path, "save", SinkError))
        if where.suffix.lower() not in (".html", ".htm"):
            raise ArgumentError(f"save: path must end in .html, got {where.name!r}")
        text = self.html()
        with atomic_path(where, overwrite=overwrite) as part:
            part.write_text(text, "utf-8")

    def serve(self, *, port: int = 0, browser: bool = False) -> Serving:
        """Serve the map to browsers on this machine: large rasters down to every cell.

        Parameters
        ----------
        port : int
            0 for any that is free.
        browser : bool
            Open a browser.

        Returns
        -------
        Serving
            Its `url` has the address; `close` ends it.
        """
        from pyterra.maps.serving import Serving

        return Serving(self, port=port, browser=browser)

    def _repr_html_(self) -> str:
        height = webpage.page_height(self)
        held = html.escape(self.html(), quote=True)
        look = f"width:100%;height:{height}px;border:0"
        return f"<iframe sandbox='allow-scripts' title='map' srcdoc=\"{held}\" style='{look}'></iframe>"

    def __repr__(self) -> str:
        return f"WebMap of layers {self.names}"


def both(alpha: float | tuple[float, float]) -> tuple[float, float]:
    """Opacity of the inside and of lines."""
    inside, outside = (alpha, alpha) if isinstance(alpha, int | float) else alpha
    for one in (inside, outside):
        if not 0 <= one <= 1:
            raise ArgumentError(f"plet: alpha must be from 0 to 1, got {one}")
    return float(inside), float(outside)
