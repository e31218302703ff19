"""Maps that follow each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, SinkError
from pyterra.expr.times import told
from pyterra.frozen import dataclass
from pyterra.io.safe.places import path_text
from pyterra.maps import canvas, legends, rasters, vectors
from pyterra.maps.canvas import Coordinates
from pyterra.maps.cells import Picture, draw
from pyterra.maps.colors import MISSING, BreakBy, PlotType, Range, Style, ramp
from pyterra.maps.overlays import named
from pyterra.raster.build import node_of

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector
    from pyterra.handles.vectors import SpatVectorCollection
    from pyterra.types import ClassColors, Color, ColorMap, ExtentLike, Layers


_ICONS = {
    "fa-minus": "\u2212",
    "fa-fast-backward": "|\u25c0\ufe0e",
    "fa-step-backward": "\u2039",
    "fa-play fa-flip-horizontal": "\u25c0\ufe0e",
    "fa-pause": "||",
    "fa-play": "\u25b6\ufe0e",
    "fa-step-forward": "\u203a",
    "fa-fast-forward": "\u25b6\ufe0e|",
    "fa-plus": "+",
}
"""What stands on the buttons of a film, by matplotlib's names: signs that all fonts have."""


@dataclass(frozen=True)
class Film:
    """Pictures that follow each other. Made by `animate`.

    A notebook plays it; ``save("film.gif")`` writes a picture that moves, ``save("film.html")`` a page.

    Examples
    --------
    >>> import pyterra as pt
    >>> film = pt.rast([[[1]], [[2]]], names=["spring", "autumn"]).animate()
    >>> film
    Film of 2 pictures, 0.25 s each
    """

    figure: Any
    """The figure of matplotlib in which they are drawn."""
    show: Callable[[int], Any]
    """Draws one of them."""
    count: int
    """How many there are."""
    pause: float
    """Seconds between them."""

    def __repr__(self) -> str:
        return f"Film of {self.count} pictures, {self.pause:g} s each"

    def _made(self) -> Any:
        from matplotlib.animation import FuncAnimation

        return FuncAnimation(
            self.figure, self.show, frames=self.count, interval=self.pause * 1000, repeat=True
        )

    def html(self) -> str:
        """A page's part that plays the pictures, with buttons."""
        text: str = self._made().to_jshtml(fps=1 / self.pause)
        text = re.sub(r"<link\b[^>]*>", "", text)  # matplotlib's icons are a font from the network
        return re.sub(r'<i class="fa ([^"]*)"></i>', lambda icon: _ICONS.get(icon[1], "\u25cf"), text)

    def _repr_html_(self) -> str:
        page = self.html()
        canvas.pyplot().close(self.figure)  # a notebook would show it once more below the film
        return page

    def save(self, path: str | PathLike[str], dpi: float = 100) -> None:
        """Write the pictures to a file.

        Parameters
        ----------
        path : str or path
            Its name ends in .gif, .html, or what ffmpeg writes, such as .mp4.
        dpi : float
            Dots per inch.
        """
        where = Path(path_text(path, "save", SinkError))
        kind = where.suffix.lower()
        if not kind:
            raise ArgumentError(f"save: path must end in .gif, .html or .mp4, got {where.name!r}")
        if kind in (".html", ".htm"):
            where.write_text(f"<!DOCTYPE html>\n<meta charset='utf-8'>\n{self.html()}\n", "utf-8")
        else:
            writer = "pillow" if kind in (".gif", ".webp") else "ffmpeg"
            self._made().save(where, writer=writer, fps=1 / self.pause, dpi=dpi)


def _film(figure: Any, draw_one: Callable[[int], Any], count: int, pause: float) -> Film:
    if not pause > 0:
        raise ArgumentError(f"animate: pause must be above 0, got {pause}")
    draw_one(0)
    return Film(figure, draw_one, count, pause)


def animate(
    x: SpatRaster,
    y: Layers | None = None,
    *,
    pause: float = 0.25,
    main: str | Sequence[str] | None = None,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[str] = False,
    reverse: bool = False,
    legend: bool | str = True,
    legend_title: str = "",
    axes: bool = True,
    maxcell: int = 50_000,
    figsize: tuple[float, float] | None = None,
) -> Film:
    """Show layers one after the other on one map, with one legend.

    Parameters
    ----------
    x : SpatRaster
    y : int, str or sequence of them, optional
        Layers; by default all.
    pause : float
        Seconds that each is shown.
    main : str or sequence of str, optional
        Titles; by default times, or names where there are none.
    type, cmap, range, fill_range, breaks, breakby, colors, sort, reverse
        As `plot` has them; of all layers together.
    legend : bool or str
        Whether to draw one, or where, as `plot` has it.
    legend_title : str
        The unit of the first layer by default.
    axes : bool
        Draw coordinates.
    maxcell : int
        About how many cells are read per layer.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    Film
        A notebook plays it; ``save("film.gif")`` writes it, and ``.webp``, ``.html`` or ``.mp4`` by their endings.

    See Also
    --------
    panel : Shows layers beside each other.

    Examples
    --------
    >>> import pyterra as pt
    >>> film = pt.rast([[[1]], [[2]]], names=["spring", "autumn"]).animate(pause=0.5)
    >>> film.count, film.figure.axes[0].get_title()
    (2, 'spring')
    >>> film.save("seasons.gif")  # doctest: +SKIP
    """
    node_of(x, "animate")
    if isinstance(y, str) and y not in x.names and Path(y).suffix:
        raise ArgumentError(f"animate: y must be layers, got {y!r}; write a file by animate().save({y!r})")
    part = rasters.chosen_layers(x, y, len(x))
    values, grid = rasters.preview(part, maxcell, "animate")
    layers, place = part._node.layers, legends.placement(legend)
    asked = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse)
    style, shared = rasters.shared_style(layers, values, asked)
    step = part.time_info()
    times = list(part.names) if part.time is None else [told(time, step) for time in part.time]
    texts = times if main is None else canvas.titles([*part.names, ""], main)[: len(part)]
    ground = Coordinates.of(grid.crs)
    ax = canvas.stage(
        "animate", grid.extent, ground, figsize=figsize, beside=legends.inches(place), axes=axes
    )[0, 0]
    if place:
        legends.add_legend(ax, shared, place, legend_title or layers[0].unit)

    def show(i: int) -> Any:
        for image in list(ax.images):
            image.remove()
        draw(ax, Picture(values[i], grid, layers[i]), style, missing=MISSING)
        ax.set_title(texts[i], fontsize=canvas.LARGE, color=canvas.INK, pad=6, wrap=True)
        return ax.images

    return _film(ax.figure, show, len(layers), pause)


def animate_vector(
    x: SpatVector,
    y: str | int | Sequence[str | int] | None = None,
    *,
    pause: float = 0.25,
    main: str | Sequence[str] | None = None,
    add: bool | None = None,
    type: PlotType | None = None,
    cmap: ColorMap | None = None,
    range: Range | None = None,
    fill_range: bool = False,
    breaks: Sequence[float] | int | None = None,
    breakby: BreakBy = "eqint",
    colors: ClassColors | None = None,
    sort: bool | Sequence[Any] = True,
    reverse: bool = False,
    col: Color | None = None,
    border: Color | None = None,
    lwd: float | None = None,
    cex: float = 1.0,
    alpha: float | None = None,
    extent: ExtentLike | None = None,
    figsize: tuple[float, float] | None = None,
) -> Film:
    """Show geometries, or attributes of them, one after the other on one map.

    Parameters
    ----------
    x : SpatVector
    y : str, int or sequence of them, optional
        Attributes, which geometries are coloured by in turn. Without it, the geometries follow each other.
    pause : float
        Seconds that each is shown.
    main : str or sequence of str, optional
        Titles; the names of the attributes by default.
    add : bool, optional
        Whether geometries stay when others follow; they do by default.
    type, cmap, range, fill_range, breaks, breakby, colors, sort, reverse, col, border, lwd, cex, alpha
        As `plot` has them. By default numbers have one range of all attributes.
    extent : SpatExtent or anything with an extent, optional
        Part to draw.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    Film
        A notebook plays it; ``save("film.gif")`` writes it, and ``.webp``, ``.html`` or ``.mp4`` by their endings.

    See Also
    --------
    plot : With several attributes shows them beside each other.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.vect([[0, 0], [1, 1], [2, 0]]).animate()
    Film of 3 pictures, 0.25 s each
    """
    look: dict[str, Any] = {"col": col, "border": border, "lwd": lwd, "cex": cex, "alpha": alpha}
    window, ground = vectors.window_of(x, extent), Coordinates.of(x.wkt)
    if y is None:
        stays = add is None or add
        texts = canvas.titles([""] * len(x), main or "")

        def draw_one(ax: Any, i: int) -> None:
            vectors.plot(x[0 if stays else i : i + 1], ax=ax, extent=window, main=texts[i], **look)

        return _stills(window, ground, len(x), draw_one, pause, figsize, (0.0, 0.0))
    names = [named(x, one, "animate") for one in ([y] if isinstance(y, str | int) else y)]
    style = Style(type, cmap, range, breaks, colors, breakby, fill_range, sort, reverse)
    look |= {
        "type": type,
        "cmap": cmap,
        "fill_range": fill_range,
        "colors": colors,
        "sort": sort,
        "reverse": reverse,
        **_together(x, names, style),
    }
    titles = canvas.titles([*names, ""], main)[: len(names)]

    def draw_attribute(ax: Any, i: int) -> None:
        vectors.plot(x, names[i], ax=ax, extent=window, main=titles[i], legend_title="", **look)

    return _stills(window, ground, len(names), draw_attribute, pause, figsize, legends.inches("right"))


def _together(x: SpatVector, names: Sequence[str], style: Style) -> dict[str, Any]:
    """The range of all attributes, and the limits of their intervals, where all are numbers; else those asked for."""
    columns = [np.asarray(x._table[name]) for name in names]
    if any(column.dtype.kind not in "iuf" for column in columns):
        return {"range": style.range, "breaks": style.breaks, "breakby": style.breakby}
    values = np.concatenate([column[np.isfinite(column)] for column in columns])
    if not isinstance(style.breaks, int):
        return {"range": style.limits(values) if values.size else style.range, "breaks": style.breaks}
    return {"range": style.limits(values), "breaks": ramp(values, style, "interval").edges}


def _stills(
    window: Any, ground: Coordinates, count: int, draw_one: Callable[[Any, int], None], pause: float,
    figsize: tuple[float, float] | None, beside: tuple[float, float],
) -> Film:  # fmt: skip
    """Maps of one extent that are drawn anew one after the other."""
    if count == 0:
        raise ArgumentError("animate: there must be something to show, got nothing")
    ax = canvas.stage("animate", window, ground, figsize=figsize, beside=beside)[0, 0]

    def show(i: int) -> Any:
        ax.clear()
        draw_one(ax, i)
        return ax.get_children()

    return _film(ax.figure, show, count, pause)


def animate_vectors(
    x: SpatVectorCollection,
    *,
    pause: float = 0.25,
    main: str | Sequence[str] | None = None,
    col: Color | None = None,
    border: Color | None = None,
    lwd: float | None = None,
    cex: float = 1.0,
    alpha: float | None = None,
    extent: ExtentLike | None = None,
    figsize: tuple[float, float] | None = None,
) -> Film:
    """Show vectors one after the other on one map.

    Parameters
    ----------
    x : SpatVectorCollection
    pause : float
        Seconds that each is shown.
    main : str or sequence of str, optional
        Titles; the names by default.
    col, border, lwd, cex, alpha
        As `plot` has them.
    extent : SpatExtent or anything with an extent, optional
        Part to draw; by default all of them.
    figsize : (float, float), optional
        Inches.

    Returns
    -------
    Film
        A notebook plays it; ``save("film.gif")`` writes it, and ``.webp``, ``.html`` or ``.mp4`` by their endings.

    See Also
    --------
    plot : Shows them beside each other.

    Examples
    --------
    >>> import pyterra as pt
    >>> film = pt.svc(a=pt.vect([[0, 0]]), b=pt.vect([[1, 1]])).animate()
    >>> film.count, film.figure.axes[0].get_title()
    (2, 'a')
    """
    look: dict[str, Any] = {"col": col, "border": border, "lwd": lwd, "cex": cex, "alpha": alpha}
    shown = list(x)
    texts = canvas.titles([*x.names, ""], main)[: len(shown)]
    window = extent if extent is not None else x.ext

    def draw_one(ax: Any, i: int) -> None:
        vectors.plot(shown[i], ax=ax, extent=window, main=texts[i], **look)

    return _stills(
        x.ext, Coordinates.of(shown[0].wkt if shown else ""), len(shown), draw_one, pause, figsize, (0.0, 0.0)
    )
