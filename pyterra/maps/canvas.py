"""Figures, panels and frames: where a map goes and what stands around it."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass
from pyterra.grid.crs import is_lonlat, to_pyproj
from pyterra.grid.extent import Extent

GREY = "#8a8a8a"
INK = "#333333"
SMALL, MEDIUM, LARGE = 8.0, 9.0, 10.5
_places: weakref.WeakKeyDictionary[Any, Coordinates] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Coordinates:
    """What coordinates on a map mean."""

    lonlat: bool = False
    """Whether they are degrees."""
    metres: float = float("nan")
    """Metres of a unit, NaN where that is not known."""

    @classmethod
    def of(cls, wkt: str) -> Coordinates:
        """The meaning of coordinates in a CRS."""
        if not wkt:
            return cls()
        if is_lonlat(wkt):
            return cls(True)
        axes = to_pyproj(wkt).axis_info
        return cls(False, float(axes[0].unit_conversion_factor) if axes else float("nan"))


def pyplot() -> Any:
    """matplotlib's pyplot.

    Raises
    ------
    ImportError
        Where it is missing.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError(
            "plot: needs matplotlib; install it with: pip install 'pyterra-geo[plot]'"
        ) from None
    return plt


def settled() -> Any:
    """The layout of figures: nothing around a map is cut off."""
    from pyterra.maps.fitting import Settled

    return Settled()


def current_axes(ax: Any, verb: str) -> Any:
    """The given axes, or those drawn last.

    Raises
    ------
    ArgumentError
        Where nothing has been drawn yet.
    """
    if ax is not None:
        return ax
    if not is_drawn():
        raise ArgumentError(f"{verb}: there is no map to draw on; call plot() first, or give ax=")
    return pyplot().gca()


def is_drawn() -> bool:
    """Whether there is a map that was drawn last."""
    plt = pyplot()
    return bool(plt.get_fignums()) and bool(plt.gcf().axes)


def place_of(ax: Any) -> Coordinates:
    """What the coordinates of axes mean, as far as a map drawn there told."""
    return _places.get(ax, Coordinates())


def aspect(extent: Extent, place: Coordinates) -> float:
    """Height of a unit of y against one of x on the ground."""
    if not place.lonlat:
        return 1.0
    middle = np.clip((extent.ymin + extent.ymax) / 2, -80, 80)
    return float(1 / np.cos(np.deg2rad(middle)))


def panels(
    count: int,
    extent: Extent,
    place: Coordinates,
    *,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    beside: tuple[float, float] = (0.0, 0.0),
) -> Any:
    """Axes for so many maps in a new figure, as a 2-D array.

    Parameters
    ----------
    count : int
    extent : SpatExtent
        What the maps show.
    place : Place
    nc : int, optional
        Panels per row.
    figsize : (float, float), optional
        Inches.
    beside : (float, float)
        Inches that a legend takes at the side of each map, and above or below it.
    """
    height, width = max(extent.height, 1e-9) * aspect(extent, place), max(extent.width, 1e-9)
    shape = float(np.clip(height / width, 0.2, 4.0))
    ncol = nc or round((1.6 * count * min(max(shape, 0.4), 1.6)) ** 0.5)
    ncol = max(1, min(ncol, count))
    nrow = -(-count // ncol)
    if figsize is None:
        across = 6.4 if ncol == 1 else 12.0 / min(ncol, 4)
        across = min(across, 5.6 / shape + beside[0] + 0.6) if shape > 1 else across
        down = np.clip((across - beside[0] - 0.5) * shape, 1.2, 9.0) + 0.55 + beside[1]
        figsize = (min(across * ncol, 16.0), float(min(down * nrow, 18.0)))
    _, axes = pyplot().subplots(nrow, ncol, figsize=figsize, squeeze=False, layout=settled())
    for spare in axes.ravel()[count:]:
        spare.set_visible(False)
    return axes


def stage(
    verb: str,
    extent: Extent,
    place: Coordinates,
    texts: Sequence[str] = ("",),
    *,
    add: bool = False,
    ax: Any = None,
    nc: int | None = None,
    figsize: tuple[float, float] | None = None,
    beside: tuple[float, float] = (0.0, 0.0),
    axes: bool = True,
    background: Any = None,
    window: Extent | None = None,
) -> Any:
    """Where maps go, as a 2-D array of axes: the map drawn last with `add`, those given, or a new figure with frames.

    Parameters
    ----------
    verb : str
    extent : SpatExtent
        What the maps show.
    place : Coordinates
    texts : sequence of str
        A title per map.
    add, ax, nc, figsize, beside, axes, background
        As `plot` has them, and `panels`.
    window : SpatExtent, optional
        What the frames show, where that is not the extent.
    """
    if add:
        return np.array([[current_axes(ax, verb)]])
    found = (
        np.array([[ax]])
        if ax is not None
        else panels(len(texts), extent, place, nc=nc, figsize=figsize, beside=beside)
    )
    for one, text in zip(found.ravel(), texts, strict=False):
        frame(one, window or extent, place, title=text, axes=axes, background=background)
    return found


def charts(
    count: int, nc: int | None = None, figsize: tuple[float, float] | None = None, ax: Any = None
) -> Any:
    """Axes for so many charts that are no maps, as a 2-D array: the one given, or those of a new figure."""
    if ax is not None:
        return np.array([[ax]])
    ncol = min(nc or int(np.ceil(count**0.5)), count)
    nrow = -(-count // ncol)
    size = figsize or (max(4.6, 3.4 * ncol), 2.9 * nrow if nrow > 1 else 3.2)
    _, axes = pyplot().subplots(nrow, ncol, figsize=size, squeeze=False, layout=settled())
    for spare in axes.ravel()[count:]:
        spare.set_visible(False)
    return axes


def titles(names: Sequence[str], main: str | Sequence[str] | None) -> list[str]:
    """A title per panel: what was asked for, else the names where there are several."""
    if main is None:
        return list(names) if len(names) > 1 else [""]
    given = [main] * len(names) if isinstance(main, str) else list(main)
    return [given[i] if i < len(given) else "" for i in range(len(names))]


def frame(
    ax: Any, extent: Extent, place: Coordinates, *, title: str = "", axes: bool = True, background: Any = None
) -> None:
    """Limits, aspect, coordinates and title of a map."""
    _places[ax] = place
    ax.set_aspect(aspect(extent, place))
    pad_x, pad_y = (0.0 if side > 0 else 0.5 for side in (extent.width, extent.height))
    ax.set_xlim(extent.xmin - pad_x, extent.xmax + pad_x)
    ax.set_ylim(extent.ymin - pad_y, extent.ymax + pad_y)
    ax.set_axisbelow(True)
    if background is not None:
        ax.set_facecolor(background)
    if title:
        ax.set_title(title, fontsize=LARGE, color=INK, pad=6, wrap=True)
    for side in ax.spines.values():
        side.set_linewidth(0.6)
        side.set_color(GREY)
    ax.tick_params(labelsize=SMALL, length=2.5, width=0.6, color=GREY, labelcolor=INK)
    if not axes:
        ax.tick_params(bottom=False, left=False, labelbottom=False, labelleft=False)
        for side in ax.spines.values():
            side.set_visible(False)
        return
    coordinates(ax, place)


def coordinates(ax: Any, place: Coordinates) -> None:
    """Places and texts of numbers along both axes."""
    from matplotlib.ticker import FuncFormatter

    from pyterra.maps.fitting import ROUND_STEPS, Roomy

    for axis, low, high, letters in (
        (ax.xaxis, *ax.get_xlim(), "EW"),
        (ax.yaxis, *ax.get_ylim(), "NS"),
    ):
        span = abs(high - low)
        digits = max(0, int(np.ceil(-np.log10(span / 4)))) if span > 0 else 0
        write = (
            partial(degrees, digits=digits, letters=letters)
            if place.lonlat
            else partial(number, digits=digits)
        )
        axis.set_major_locator(Roomy(6, write, _steps(span) if place.lonlat else ROUND_STEPS))
        axis.set_major_formatter(FuncFormatter(lambda v, _, write=write: write(v)))


def _steps(span: float) -> list[float]:
    """Steps of degrees that people count in."""
    return [1, 1.5, 3, 4.5, 6, 9, 10] if span > 30 else [1, 2, 5, 10]


def degrees(value: float, digits: int, letters: str) -> str:
    """``12.5°E`` and so on; 0 has no letter."""
    value = (value + 180) % 360 - 180 if letters == "EW" and abs(value) > 180 else value
    text = f"{abs(value):.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if float(text) == 0:
        return "0°"
    end = "" if abs(value) == 180 and letters == "EW" else letters[0] if value > 0 else letters[1]
    return f"{text}°{end}"


def number(value: float, digits: int = 0) -> str:
    """A number without needless digits, with thin spaces between thousands where it is no year: from five digits on."""
    text = f"{value:,.{digits}f}".replace(",", "\u2009" if abs(value) >= 9999.5 else "")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "\u2212") if text not in ("-0", "") else "0"


def chart(ax: Any, title: str, x: str = "", y: str = "") -> None:
    """The frame of a plot that is no map."""
    ax.set_title(title, fontsize=LARGE, color=INK, pad=6, wrap=True)
    ax.set_xlabel(x, fontsize=MEDIUM, color=INK)
    ax.set_ylabel(y, fontsize=MEDIUM, color=INK)
    ax.tick_params(labelsize=SMALL, length=2.5, width=0.6, color=GREY, labelcolor=INK)
    for name, side in ax.spines.items():
        side.set_visible(name in ("left", "bottom"))
        side.set_linewidth(0.6)
        side.set_color(GREY)


def thousands(axis: Any) -> None:
    """Counts along an axis with thin spaces between thousands."""
    from matplotlib.ticker import FuncFormatter

    axis.set_major_formatter(FuncFormatter(lambda v, _: number(v)))
