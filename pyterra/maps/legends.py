"""Legends: a bar for a scale, boxes for classes; beside the map or in a corner of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.maps.canvas import GREY, INK, SMALL, number
from pyterra.maps.colors import Classes, Ramp

Shape = Literal["area", "line", "point"]
Ends = tuple[tuple[float, float], tuple[float, float]]
"""Two points of a map."""
MAX_CLASSES = 30
SIDES = ("right", "left", "top", "bottom")
CORNERS = {
    "topright": "upper right",
    "topleft": "upper left",
    "bottomright": "lower right",
    "bottomleft": "lower left",
}
SIDE, BELOW = 1.0, 0.5
"""Inches that a legend takes beside a map, and above or below it."""
THICK, PAD, LONGEST = 0.14, 0.12, 3.0
"""Thickness of a bar, its distance from the map, and its greatest length, in inches."""


def placement(legend: bool | str | None, what: str = "plot: legend") -> str:
    """Where a legend goes; empty for none.

    Raises
    ------
    ArgumentError
        For anything but a side or a corner.
    """
    if legend is None or legend is False:
        return ""
    if legend is True:
        return "right"
    if legend not in SIDES and legend not in CORNERS:
        yes = "True, False, " if what.endswith("legend") else ""
        raise ArgumentError(f"{what} must be {yes}{', '.join(SIDES)} or {', '.join(CORNERS)}, got {legend!r}")
    return str(legend)


def inches(place: str) -> tuple[float, float]:
    """What a legend takes of a figure beside a map, and above or below it."""
    return (SIDE if place in ("right", "left") else 0.0), (BELOW if place in ("top", "bottom") else 0.0)


class Beside:
    """Keeps a bar at a side of a map, in inches, wherever the layout puts the map."""

    def __init__(self, ax: Any, side: str, count: int = 1) -> None:
        self.ax, self.side = ax, side

    def __call__(self, ax: Any, renderer: Any) -> Any:
        from matplotlib.transforms import Bbox

        figure = self.ax.figure
        width, height = figure.get_size_inches()
        self.ax.apply_aspect()
        box = self.ax.get_position()
        if self.side in ("right", "left"):
            length = min(0.86 * box.height, LONGEST / height)
            x = box.x1 + PAD / width if self.side == "right" else box.x0 - (0.62 + THICK) / width
            return Bbox.from_bounds(x, box.y0 + (box.height - length) / 2, THICK / width, length)
        length = min(0.8 * box.width, LONGEST / width)
        y = box.y0 - (0.36 + THICK) / height if self.side == "bottom" else box.y1 + (0.30) / height
        return Bbox.from_bounds(box.x0 + (box.width - length) / 2, y, length, THICK / height)


def add_legend(ax: Any, entries: Classes | Ramp, place: str, title: str, shape: Shape = "area") -> None:
    """What entries need: a bar, or boxes."""
    if isinstance(entries, Classes):
        boxes(ax, entries, place, title, shape)
    else:
        bar(ax, entries, place, title)


class Standing:
    """Keeps a bar between two points of a map."""

    def __init__(self, ax: Any, ends: Ends) -> None:
        self.ax, self.ends = ax, ends

    def __call__(self, ax: Any, renderer: Any) -> Any:
        from matplotlib.transforms import Bbox

        figure = self.ax.figure
        low, high = figure.transFigure.inverted().transform(
            self.ax.transData.transform(np.sort(self.ends, axis=0))
        )
        width, height = figure.get_size_inches()
        thick = (THICK / width, 0.0) if low[0] == high[0] else (0.0, THICK / height)
        return Bbox.from_extents(low[0], low[1], high[0] + thick[0], high[1] + thick[1])


def bar(
    ax: Any,
    scale: Ramp,
    place: str | Ends,
    title: str,
    *,
    at: Sequence[float] | None = None,
    digits: int | None = None,
) -> Any:
    """A colour bar for a map: at a side, in a corner, or between two points; with numbers where these are told."""
    from matplotlib.cm import ScalarMappable

    inside = place in CORNERS
    upright = place in ("right", "left") if isinstance(place, str) else place[0][0] == place[1][0]
    if not isinstance(place, str):
        cax = ax.inset_axes((0.0, 0.0, 0.1, 1.0), zorder=5)
        cax.set_axes_locator(Standing(ax, place))
    elif inside:
        right, top = str(place).endswith("right"), str(place).startswith("top")
        cax = ax.inset_axes((0.70 if right else 0.04, 0.93 if top else 0.09, 0.26, 0.025), zorder=5)
    else:
        cax = ax.inset_axes((1.0, 0.0, 0.1, 1.0))
        cax.set_axes_locator(Beside(ax, place))
    drawn = ax.figure.colorbar(
        ScalarMappable(scale.norm, scale.cmap),
        cax=cax,
        orientation="vertical" if upright else "horizontal",
        spacing="uniform",
        extend=scale.beyond,
    )
    _turn(drawn, scale, upright)
    _ticks(drawn, scale, few=inside or not (isinstance(place, str) or upright), at=at, places=digits)
    cax.tick_params(labelsize=SMALL, length=2.0, width=0.5, color=GREY, labelcolor=INK, pad=2)
    if place == "left":
        cax.yaxis.set_ticks_position("left")
    drawn.outline.set_linewidth(0.4)
    drawn.outline.set_edgecolor(GREY)
    if title:
        _bar_title(cax, title, upright)
    return drawn


def _turn(drawn: Any, scale: Ramp, upright: bool) -> None:
    """The large values at the other end, where that is asked for."""
    if scale.reverse:
        (drawn.ax.invert_yaxis if upright else drawn.ax.invert_xaxis)()


def _bar_title(cax: Any, title: str, upright: bool) -> None:
    if upright:
        cax.set_title(title, fontsize=SMALL, color=INK, loc="left", pad=8)
    else:
        cax.set_title(title, fontsize=SMALL, color=INK, pad=3)


def _ticks(
    drawn: Any, scale: Ramp, *, few: bool, at: Sequence[float] | None = None, places: int | None = None
) -> None:
    from matplotlib.ticker import FuncFormatter

    ticks = ticks_of(scale, few=few) if at is None else [float(tick) for tick in at]
    if at is None and scale.edges is None:
        drawn.locator = _locator(few)
    else:
        drawn.set_ticks(ticks)
        drawn.minorticks_off()
    write = writing(scale, ticks, places)
    drawn.formatter = FuncFormatter(lambda v, _: write(v))
    drawn.update_ticks()


def _locator(few: bool) -> Any:
    from matplotlib.ticker import MaxNLocator

    from pyterra.maps.fitting import ROUND_STEPS

    return MaxNLocator(3 if few else 5, steps=ROUND_STEPS)


def ticks_of(scale: Ramp, *, few: bool = False) -> list[float]:
    """Where a bar has numbers."""
    if scale.edges is not None:
        return list(scale.edges)
    low, high = float(scale.norm.vmin), float(scale.norm.vmax)
    return [float(t) for t in _locator(few).tick_values(low, high) if low <= t <= high]


def writing(scale: Ramp, ticks: Sequence[float], places: int | None = None) -> Callable[[float], str]:
    """How the numbers of a bar are written: with so many decimals, by default as many as tell them apart."""
    apart = np.diff(np.sort(ticks))
    step = float(apart.min()) if apart.size else abs(ticks[0]) if len(ticks) else 0.0
    digits = digits_for(step) if places is None else places
    if digits > 6 or max(abs(float(scale.norm.vmin)), abs(float(scale.norm.vmax))) >= 1e9:
        return lambda value: f"{value:.3g}"
    return lambda value: number(value, digits)


def digits_for(step: float) -> int:
    """Decimals that numbers need which lie so far apart."""
    if not np.isfinite(step) or step <= 0:
        return 0
    for digits in range(12):
        if abs(round(step, digits) - step) < step * 0.02:
            return digits
    return 12


def boxes(
    ax: Any,
    entries: Classes,
    place: str | tuple[float, float],
    title: str,
    shape: Shape = "area",
    **look: Any,
) -> Any:
    """A box, line or point for each class, beside the legends that there are; `look` as `_handle` has it."""
    handles, shown = _handles(entries, shape, **look)
    before = ax.get_legend()
    legend = ax.legend(handles=handles, title=title or None, **_where(ax, place, shown))
    if before is not None:
        ax.add_artist(before)
    if place in CORNERS or not isinstance(place, str):
        legend.get_frame().set(facecolor="white", edgecolor="none", alpha=0.85)
        legend.set_zorder(6)
    return _dressed(legend)


def _handles(entries: Classes, shape: Shape, **look: Any) -> tuple[list[Any], list[str]]:
    """What a legend shows of classes, and their labels."""
    shown = entries.told()[:MAX_CLASSES]
    handles = [_handle(label, color, shape, **look) for label, color in shown]
    if len(entries.labels) > MAX_CLASSES:
        handles.append(_handle(f"and {len(entries.labels) - MAX_CLASSES} more", "none", "area"))
    return handles, [label for label, _ in shown]


def _dressed(legend: Any) -> Any:
    legend.get_title().set_fontsize(SMALL)
    legend.get_title().set_color(INK)
    legend._legend_box.align = "left"
    for text in legend.get_texts():
        text.set_color(INK)
    return legend


def _where(ax: Any, place: str | tuple[float, float], labels: Sequence[str]) -> dict[str, Any]:
    common = {
        "fontsize": SMALL,
        "handlelength": 1.1,
        "handleheight": 1.1,
        "labelspacing": 0.45,
        "borderaxespad": 0.3,
        "handletextpad": 0.6,
    }
    if not isinstance(place, str):
        at = {"bbox_to_anchor": place, "bbox_transform": ax.transData, "frameon": True}
        return {**common, "loc": "upper left", **at}
    if place in CORNERS:
        return {**common, "loc": CORNERS[place], "frameon": True}
    if place in ("top", "bottom"):
        wide = max(map(len, labels), default=1) + 6
        spot = ("lower center", (0.5, 1.02)) if place == "top" else ("upper center", (0.5, -0.09))
        return {
            **common,
            "loc": spot[0],
            "bbox_to_anchor": spot[1],
            "frameon": False,
            "ncols": max(1, min(len(labels), 70 // wide)),
        }
    spot = ("center left", (1.01, 0.5)) if place == "right" else ("center right", (-0.12, 0.5))
    columns = 1 if len(labels) <= 16 else 2
    return {**common, "loc": spot[0], "bbox_to_anchor": spot[1], "frameon": False, "ncols": columns}


def _handle(
    label: str, color: Any, shape: Shape, *, pch: str = "o", lwd: float = 1.8, lty: str = "solid"
) -> Any:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if shape == "line":
        return Line2D([], [], color=color, linewidth=lwd, linestyle=lty, label=label)
    if shape == "point":
        return Line2D([], [], color=color, marker=pch, markersize=5, linestyle="none", label=label)
    return Patch(facecolor=color, edgecolor=GREY if color != "none" else "none", linewidth=0.4, label=label)


def shared_legend(axes: Any, entries: Classes | Ramp, title: str) -> Any:
    """One legend for several maps: a bar, or boxes."""
    from matplotlib.cm import ScalarMappable

    shown = [ax for ax in axes if ax.get_visible()]
    if isinstance(entries, Classes):
        return _shared_boxes(shown[0].figure, entries, title)
    scale = entries
    drawn = shown[0].figure.colorbar(
        ScalarMappable(scale.norm, scale.cmap), ax=shown, shrink=0.7, aspect=28, pad=0.015, spacing="uniform",
        extend=scale.beyond,
    )  # fmt: skip
    _turn(drawn, scale, True)
    _ticks(drawn, scale, few=False)
    drawn.ax.tick_params(labelsize=SMALL, length=2.0, width=0.5, color=GREY, labelcolor=INK)
    drawn.outline.set_linewidth(0.4)
    drawn.outline.set_edgecolor(GREY)
    if title:
        drawn.ax.set_title(title, fontsize=SMALL, color=INK, loc="left", pad=8)
    return drawn


def _shared_boxes(figure: Any, entries: Classes, title: str) -> Any:
    handles, shown = _handles(entries, "area")
    look = _where(None, "right", shown) | {"loc": "outside right center"}
    del look["bbox_to_anchor"]
    return _dressed(figure.legend(handles=handles, title=title or None, **look))
