"""Which colour a value has: ramps for measured values, intervals, and a colour for each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.expr import Layer

PlotType = Literal["continuous", "classes", "interval"]
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
    range: tuple[float, float] | None = None
    breaks: Sequence[float] | int | None = None
    colors: Any = None

    def __post_init__(self) -> None:
        if self.range is not None and (len(self.range) != 2 or not self.range[0] <= self.range[1]):
            raise ArgumentError(f"plot: range must be two numbers in order, got {self.range!r}")


@dataclass(frozen=True)
class Classes:
    """Values that stand for themselves."""

    values: NDArray[Any]
    """In order."""
    labels: tuple[str, ...]
    colors: tuple[Any, ...]

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
    finite = values[np.isfinite(values)]
    low, high = style.range or ((float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0))
    if kind != "interval":
        return Ramp(cmap, Normalize(low, high if high > low else low + 1))
    edges = _edges(style.breaks, low, high)
    if style.colors is not None and not isinstance(style.colors, Mapping):
        cmap = ListedColormap([style.colors[i % len(style.colors)] for i in range(len(edges) - 1)])
    return Ramp(cmap, BoundaryNorm(edges, cmap.N), tuple(float(e) for e in edges))


def _edges(breaks: Sequence[float] | int | None, low: float, high: float) -> NDArray[np.float64]:
    breaks = 5 if breaks is None else breaks
    if isinstance(breaks, int):
        high = high if high > low else low + 1
        edges = np.linspace(low, high, max(breaks, 1) + 1)
    else:
        edges = np.unique(np.asarray(breaks, float))
    if len(edges) < 2:
        raise ArgumentError(f"plot: breaks must be at least two numbers, got {breaks}")
    return edges


def classes(layer: Layer, values: NDArray[Any], colors: Any) -> Classes:
    """Label and colour of each value that occurs."""
    found = np.unique(values[np.isfinite(values)])
    found = found if found.size else np.array([0.0])
    labels = dict(layer.categories.labels()) if layer.categories is not None else {}
    order: list[Any] = sorted(labels) if labels else [float(v) for v in found]
    table = {value: tuple(c / 255 for c in color) for value, color in layer.colors or ()}
    texts, shades = [], []
    for value in found:
        number = int(value) if float(value).is_integer() else float(value)
        text = _label(layer, number, labels)
        place = order.index(number) if number in order else int(np.searchsorted(order, number))
        shades.append(_color(layer, number, text, place, len(order), table, colors))
        texts.append(text)
    return Classes(found, tuple(texts), tuple(shades))


def text_classes(values: NDArray[Any], colors: Any, cmap: Any = None) -> Classes:
    """A class for each of some texts or numbers, in order."""
    found = np.unique(values)
    palette = qualitative(len(found)) if cmap is None else sampled(cmap, len(found))
    shades = []
    for i, value in enumerate(found.tolist()):
        if isinstance(colors, Mapping):
            shades.append(colors.get(value, palette[i]))
        else:
            shades.append(palette[i] if colors is None else list(colors)[i % len(colors)])
    texts = tuple(f"{v:g}" if isinstance(v, float) else str(v) for v in found.tolist())
    return Classes(found, texts, tuple(shades))


def _label(layer: Layer, number: float, labels: Mapping[Any, Any]) -> str:
    if layer.kind == "bool":
        return "TRUE" if number else "FALSE"
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
