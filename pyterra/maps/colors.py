"""Which colour a value has: ramps for measured values, intervals, and a colour for each class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Layer
from pyterra.frozen import dataclass

PlotType = Literal["continuous", "classes", "interval"]
Beyond = Literal["neither", "min", "max", "both"]
Range: TypeAlias = tuple[float | None, float | None]
"""Values at the ends of the colours; None for the least or greatest that there is."""
BreakBy: TypeAlias = Literal["eqint", "cases"] | Callable[[NDArray[Any]], Sequence[float]]
"""Where so many breaks lie: equally far apart, with equally many values between them, or by a function of values."""
MISSING = "#f0f0ee"
QUALITATIVE = (
    "#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#bbbbbb", "#ee7733", "#009988", "#882255",
    "#ddaa33", "#004488", "#999933", "#cc6677", "#117733", "#88ccee", "#332288", "#44aa99", "#661100", "#6699cc",
)  # fmt: skip
"""Told apart also by people who are colour-blind (Paul Tol's sets)."""
BOOL_COLORS = ("#dddcd5", "#2a6f97")


@dataclass(frozen=True)
class Style:
    """How values are turned into colours, as asked for."""

    type: str | None = None
    cmap: Any = None
    range: Range | None = None
    breaks: Sequence[float] | int | None = None
    colors: Any = None
    breakby: BreakBy = "eqint"
    fill_range: bool = False
    """Values beyond the range have its outer colours; otherwise none."""
    sort: bool | Sequence[Any] | None = None
    """Whether classes are sorted by their labels, or the classes in order."""
    reverse: bool = False
    """The legend the other way round."""
    all_levels: bool = False
    """Classes of the layer that do not occur stand in the legend, too."""
    smooth: bool = False
    """Colours of a scale run from cell to cell."""

    def __post_init__(self) -> None:
        if self.range is not None and (len(self.range) != 2 or not np.less_equal(*self._ends())):
            raise ArgumentError(f"plot: range must be two numbers in order, got {self.range!r}")
        if not callable(self.breakby):
            object.__setattr__(self, "breakby", choice(self.breakby, ("eqint", "cases"), "plot: breakby"))

    def _ends(self) -> tuple[float, float]:
        """The range asked for; infinite where it is left open."""
        low, high = self.range or (None, None)
        return -np.inf if low is None else float(low), np.inf if high is None else float(high)

    def limits(self, values: NDArray[Any]) -> tuple[float, float]:
        """Values at the ends of the colours: those asked for, else the extremes of the values."""
        finite = values[np.isfinite(values)]
        found = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        low, high = (
            asked if np.isfinite(asked) else there for asked, there in zip(self._ends(), found, strict=True)
        )
        return low, max(low, high)

    def within(self, values: NDArray[Any]) -> NDArray[Any]:
        """Values beyond the range are missing, but where the outer colours fill it."""
        if self.range is None or self.fill_range:
            return values
        low, high = self._ends()
        return np.where((values < low) | (values > high), np.nan, values)

    def beyond(self, values: NDArray[Any]) -> Beyond:
        """At which ends of the range the outer colour stands for more."""
        if self.range is None or not self.fill_range:
            return "neither"
        low, high = self._ends()
        under, over = bool((values < low).any()), bool((values > high).any())
        return "both" if under and over else "min" if under else "max" if over else "neither"


@dataclass(frozen=True)
class Classes:
    """Values that stand for themselves."""

    values: NDArray[Any]
    """In order."""
    labels: tuple[str, ...]
    colors: tuple[Any, ...]
    order: tuple[int, ...] | None = None
    """Which class stands where in the legend; None for the order of the values."""

    def told(self) -> list[tuple[str, Any]]:
        """Label and colour of each class as the legend has them."""
        order = range(len(self.labels)) if self.order is None else self.order
        return [(self.labels[i], self.colors[i]) for i in order]

    def turned(self, reverse: bool) -> Classes:
        """The legend the other way round, where that is asked for."""
        order = range(len(self.labels)) if self.order is None else self.order
        return replace(self, order=tuple(reversed(order))) if reverse else self

    def index(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """The number of each value among the classes, NaN for none."""
        place = np.minimum(np.searchsorted(self.values, values), len(self.values) - 1)
        return np.where(self.values[place] == values, place, np.nan)


@dataclass(frozen=True)
class Ramp:
    """Values on a scale."""

    cmap: Any
    norm: Any
    edges: tuple[float, ...] | None = None
    """Limits of intervals."""
    reverse: bool = False
    """The legend has the largest value where the smallest would be."""
    beyond: Beyond = "neither"
    """At which ends the colour stands for values further out."""


def ramp(values: NDArray[Any], style: Style, kind: str) -> Ramp:
    """The scale of measured values."""
    from matplotlib import colormaps
    from matplotlib.colors import BoundaryNorm, ListedColormap, Normalize

    cmap = style.cmap or "viridis"
    if isinstance(cmap, str):
        if cmap not in colormaps:
            raise ArgumentError(f"plot: cmap must be a colour map of matplotlib, got {cmap!r}")
        cmap = colormaps[cmap]
    elif isinstance(cmap, list | tuple):
        cmap = ListedColormap(list(cmap))
    low, high = style.limits(values)
    if kind != "interval":
        norm = Normalize(low, high if high > low else low + 1)
        return Ramp(cmap, norm, reverse=style.reverse, beyond=style.beyond(values))
    edges = _edges(style, values, low, high)
    if style.colors is not None and not isinstance(style.colors, Mapping):
        cmap = ListedColormap([style.colors[i % len(style.colors)] for i in range(len(edges) - 1)])
    return Ramp(cmap, BoundaryNorm(edges, cmap.N), tuple(float(e) for e in edges), style.reverse)


def _edges(style: Style, values: NDArray[Any], low: float, high: float) -> NDArray[np.float64]:
    breaks = 5 if style.breaks is None else style.breaks
    if isinstance(breaks, int):
        high = high if high > low else low + 1
        inside = values[(values >= low) & (values <= high)]
        if callable(style.breakby):
            return _edges(replace(style, breaks=np.ravel(style.breakby(inside)).tolist()), values, low, high)
        if style.breakby == "cases" and inside.size and inside.min() < inside.max():
            edges = np.unique(np.quantile(inside.astype(np.float64), np.linspace(0, 1, max(breaks, 1) + 1)))
        else:
            edges = np.linspace(low, high, max(breaks, 1) + 1)
    else:
        edges = np.unique(np.asarray(breaks, float))
    if len(edges) < 2:
        raise ArgumentError(f"plot: breaks must be at least two numbers, got {breaks}")
    return edges


def classes(layer: Layer, values: NDArray[Any], style: Style) -> Classes:
    """Label and colour of each value that occurs, or of all classes."""
    found = np.unique(values[np.isfinite(values)])
    labels = dict(layer.categories.labels()) if layer.categories is not None else {}
    if style.all_levels:
        found = np.union1d(found, np.array(list(labels), np.float64))
    found = found if found.size else np.array([0.0])
    order: list[Any] = sorted(labels) if labels else [float(v) for v in found]
    table = {value: tuple(c / 255 for c in color) for value, color in layer.colors or ()}
    texts, shades = [], []
    for value in found:
        number = int(value) if float(value).is_integer() else float(value)
        text = _label(layer, number, labels)
        place = order.index(number) if number in order else int(np.searchsorted(order, number))
        shades.append(_color(layer, number, text, place, len(order), table, style.colors))
        texts.append(text)
    return Classes(found, tuple(texts), tuple(shades), _legend_order(texts, style.sort)).turned(style.reverse)


def _legend_order(labels: Sequence[str], sort: bool | Sequence[Any] | None) -> tuple[int, ...] | None:
    if sort is None or sort is False:
        return None
    if sort is True:
        return tuple(sorted(range(len(labels)), key=lambda i: labels[i]))
    return _as_given(labels, sort)


def _as_given(labels: Sequence[str], sort: Sequence[Any]) -> tuple[int, ...]:
    """The number of the class that stands at each place; what is not named comes last."""
    named = [_text(one) for one in ([sort] if isinstance(sort, str) else sort)]
    if not set(named) & set(labels):
        raise ArgumentError(f"plot: sort must have classes, got {list(named)}; there are {list(labels)}")
    place = {name: i for i, name in reversed(list(enumerate(named)))}
    return tuple(sorted(range(len(labels)), key=lambda i: place.get(labels[i], len(named))))


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def text_classes(values: NDArray[Any], style: Style) -> Classes:
    """A class for each of some texts or numbers, sorted, as they come, or as asked for; colours in the same order."""
    colors, cmap = style.colors, style.cmap
    found, first = np.unique(values, return_index=True)
    texts = tuple(_text(v) for v in found.tolist())
    order: tuple[int, ...] | None = None
    if style.sort is False:
        order = tuple(np.argsort(first).tolist())
    elif style.sort is not None and style.sort is not True:
        order = _as_given(texts, style.sort)
    plain = qualitative(len(found)) if cmap is None else sampled(cmap, len(found))
    place = np.argsort(order) if order is not None else np.arange(len(found))
    palette = [plain[i] for i in place]
    shades = []
    for i, value in enumerate(found.tolist()):
        if isinstance(colors, Mapping):
            shades.append(colors.get(value, palette[i]))
        else:
            shades.append(palette[i] if colors is None else list(colors)[int(place[i]) % len(colors)])
    return Classes(found, texts, tuple(shades), order).turned(style.reverse)


def _label(layer: Layer, number: float, labels: Mapping[Any, Any]) -> str:
    if layer.kind == "bool":
        return "True" if number else "False"
    return str(labels.get(number, f"{number:g}"))


def _color(
    layer: Layer, number: float, text: str, place: int, count: int, table: Mapping[Any, Any], colors: Any
) -> Any:
    if isinstance(colors, Mapping):
        given = colors.get(number, colors.get(text))
        if given is not None:
            return given
    elif colors is not None:
        return list(colors)[place % len(colors)]
    if number in table:
        return table[number]
    if layer.kind == "bool":
        return BOOL_COLORS[int(number != 0)]
    return qualitative(count)[min(place, count - 1)]


def qualitative(count: int) -> Sequence[Any]:
    """So many colours for classes."""
    return QUALITATIVE[: max(count, 1)] if count <= len(QUALITATIVE) else sampled("viridis", count)


def sampled(cmap: Any, count: int) -> list[Any]:
    """So many colours of a map, evenly."""
    from matplotlib import colormaps

    chosen = colormaps[cmap] if isinstance(cmap, str) else cmap
    return [chosen(v) for v in np.linspace(0, 1, max(count, 1))]
