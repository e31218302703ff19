"""North arrow and scale bar."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from pyterra.arguments import checked, choice
from pyterra.errors import ArgumentError
from pyterra.maps.canvas import INK, SMALL, current_axes, number, place_of
from pyterra.maps.shapes import rimmed

CORNERS = {
    "topright": (0.93, 0.9),
    "topleft": (0.07, 0.9),
    "bottomright": (0.93, 0.1),
    "bottomleft": (0.07, 0.1),
}
HALO = 2.2


@checked
def north(
    xy: str | tuple[float, float] = "topright",
    *,
    label: str = "N",
    angle: float = 0.0,
    size: float = 0.38,
    color: Any = INK,
    ax: Any = None,
) -> Any:
    """Add a north arrow to a map.

    Parameters
    ----------
    xy : str or (float, float)
        A corner such as ``"topright"``, or the middle of the arrow in coordinates of the map.
    label : str
        Text beside the tip.
    angle : float
        Direction of the arrow in degrees, clockwise from the top of the map.
    size : float
        Length in inches.
    color : colour
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    sbar : Adds a scale bar.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4]).plot()
    >>> ax = pt.north(ax=ax)
    >>> [text.get_text() for text in ax.texts]
    ['N']
    """
    from matplotlib.patches import Polygon
    from matplotlib.transforms import Affine2D, ScaledTranslation

    ax = current_axes(ax, "north")
    inches = Affine2D().rotate_deg(-angle).scale(size)
    if isinstance(xy, str):
        across, up = _corner(xy, "north")
        inches = inches.translate(
            -0.26 if across > 0.5 else 0.26, -0.22 - size if up > 0.5 else 0.1 + size / 2
        )
        where: tuple[float, float] = (round(across), round(up))
        base = ax.transAxes
    else:
        where, base = xy, ax.transData
    spot = inches + ax.figure.dpi_scale_trans + ScaledTranslation(*where, base)
    for side, fill in ((-1, color), (1, "white")):
        half = Polygon(
            [(0, 0.5), (side * 0.26, -0.5), (0, -0.26)],
            closed=True,
            facecolor=fill,
            edgecolor=color,
            linewidth=0.8,
            joinstyle="round",
            transform=spot,
            clip_on=False,
            zorder=7,
        )
        ax.add_artist(half)
    if label:
        text = ax.text(
            0, 0.62, label, transform=spot, ha="center", va="bottom", rotation=-angle, rotation_mode="anchor",
            fontsize=SMALL + 1, color=color, zorder=7, fontweight="bold",
        )  # fmt: skip
        text.set_path_effects(rimmed("white", HALO))
    return ax


@checked
def sbar(
    d: float | None = None,
    xy: str | tuple[float, float] = "bottomleft",
    *,
    type: Literal["line", "bar"] = "bar",
    divs: int = 2,
    label: str | None = None,
    color: Any = INK,
    ax: Any = None,
) -> Any:
    """Add a scale bar to a map.

    Parameters
    ----------
    d : float, optional
        Length of the bar, in kilometres on a lon/lat map, measured along the parallel where the bar stands; otherwise in
        units of the CRS. By default a round number of at most three tenths of the width.
    xy : str or (float, float)
        A corner such as ``"bottomleft"``, or the left end in coordinates of the map.
    type : {"bar", "line"}
    divs : int
        Parts of a bar.
    label : str, optional
        Text at the end; by default the length in kilometres or metres.
    color : colour
    ax : matplotlib Axes, optional
        The map; the one drawn last by default.

    Returns
    -------
    matplotlib Axes

    See Also
    --------
    north : Adds a north arrow.

    Examples
    --------
    >>> import pyterra as pt
    >>> ax = pt.rast(nrows=2, ncols=2, xmin=0, xmax=9000, ymin=0, ymax=9000, crs="EPSG:3035", vals=1).plot()
    >>> ax = pt.sbar(2000, ax=ax)
    >>> [text.get_text() for text in ax.texts]
    ['0', '1', '2 km']
    """
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import ScaledTranslation

    ax = current_axes(ax, "sbar")
    type = choice(type, ("line", "bar"), "sbar: type")
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    right = isinstance(xy, str) and _corner(xy, "sbar")[0] > 0.5
    y = (y0 + (y1 - y0) * (0.045 if _corner(xy, "sbar")[1] < 0.5 else 0.93)) if isinstance(xy, str) else xy[1]
    unit = _metres(ax, y)
    per_unit = unit if np.isfinite(unit) else 1.0
    length = _length(d, (x1 - x0) * 0.3 * per_unit, place_of(ax).lonlat, per_unit)
    width = length / per_unit
    left = xy[0] if not isinstance(xy, str) else (x1 - width if right else x0 + (x1 - x0) * 0.04)
    height = (y1 - y0) * 0.014
    parts = max(1, divs) if type == "bar" else 1
    texts = _texts(length, label, bool(np.isfinite(unit)), parts if width > 0.18 * (x1 - x0) else 1)
    points = (
        -(0.3 * SMALL * len(texts[-1][1]) + 6) if right else 0.0
    )  # half of the last text lies beyond the bar
    spot = ax.transData + ScaledTranslation(points / 72, 0, ax.figure.dpi_scale_trans)
    for i in range(parts):
        ax.add_artist(
            Rectangle(
                (left + i * width / parts, y),
                width / parts,
                height if type == "bar" else height * 0.35,
                facecolor=color if i % 2 == 0 else "white",
                edgecolor=color,
                linewidth=0.8,
                transform=spot,
                zorder=7,
            )
        )
    for share, text in texts:
        written = ax.annotate(
            text, (left + share * width, y + height), (points, 2.5), textcoords="offset points", ha="center",
            va="bottom", fontsize=SMALL, color=color, zorder=7,
        )  # fmt: skip
        written.set_path_effects(rimmed("white", HALO))
    return ax


def _metres(ax: Any, y: float) -> float:
    """Metres of a unit of x at a height of the map, NaN where that is not known."""
    place = place_of(ax)
    if not place.lonlat:
        return place.metres
    from pyproj import Geod

    latitude = float(np.clip(y, -89.9, 89.9))
    return float(Geod(ellps="WGS84").line_length([0, 0.01], [latitude, latitude]) * 100)


def _length(d: float | None, wanted: float, lonlat: bool, per_unit: float) -> float:
    """The length in metres, or in units where these are not known."""
    if d is not None:
        if not d > 0:
            raise ArgumentError(f"sbar: d must be above 0, got {d}")
        return d * (1000 if lonlat else per_unit)
    power = 10.0 ** np.floor(np.log10(wanted))
    return float(max(step for step in (1, 2, 4, 5, 10) if step * power <= wanted * 1.001) * power)


def _texts(length: float, label: str | None, known: bool, parts: int) -> list[tuple[float, str]]:
    if not known:
        return [(0.0, "0"), (1.0, label or _plain(length))]
    in_km = length >= 1000
    size = length / 1000 if in_km else length
    end = label or f"{_plain(size)} {'km' if in_km else 'm'}"
    middle = [(0.5, _plain(size / 2))] if parts == 2 else []
    return [(0.0, "0"), *middle, (1.0, end)]


def _plain(value: float) -> str:
    return number(value, 0) if float(value).is_integer() else f"{value:g}"


def _corner(name: str, verb: str) -> tuple[float, float]:
    if name not in CORNERS:
        raise ArgumentError(f"{verb}: xy must be two numbers or one of {', '.join(CORNERS)}, got {name!r}")
    return CORNERS[name]
