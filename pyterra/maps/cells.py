"""Layers as pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from pyterra.expr import Array, Layer
from pyterra.frozen import dataclass
from pyterra.grid import Grid
from pyterra.maps.colors import Classes, Ramp, Style, classes, ramp
from pyterra.maps.legends import add_legend


@dataclass(frozen=True)
class Picture:
    """What is drawn of one layer."""

    values: Array
    """Shape (row, col)."""
    grid: Grid
    layer: Layer

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """left, right, bottom, top."""
        e = self.grid.extent
        return e.xmin, e.xmax, e.ymin, e.ymax


def draw(
    ax: Any,
    picture: Picture,
    style: Style,
    *,
    legend: str = "",
    title: str = "",
    missing: Any = None,
    alpha: float | None = None,
) -> Any:
    """Draw a layer, with a legend where its place is told; gives the image."""
    known = picture.values[np.isfinite(picture.values)]
    if (
        known.size
        and known.min() == known.max()
        and style.range is None
        and kind_of(picture.layer, style) == "continuous"
    ):
        style = replace(style, type="classes")  # a scale would show values that there are not
    look = look_of(picture.values, picture.layer, style)
    smooth = style.smooth and kind_of(picture.layer, style) == "continuous"
    image = _image(ax, look.values, picture, look.cmap, look.norm, missing, alpha, smooth)
    if legend and known.size:
        scale = isinstance(look.entries, Ramp)
        add_legend(ax, look.entries, legend, title or (picture.layer.unit if scale else ""))
    return image


@dataclass(frozen=True)
class Look:
    """How values become colours."""

    values: Array
    """On the scale: the values, or the numbers of their classes."""
    cmap: Any
    norm: Any
    entries: Classes | Ramp
    """What a legend says."""

    def rgba(self) -> Array:
        """Colours as bytes, shape (row, col, 4); missing cells show through."""
        out: Array = self.cmap.with_extremes(bad="none")(
            self.norm(np.ma.masked_invalid(self.values)), bytes=True
        )
        return out


def look_of(values: Array, layer: Layer, style: Style) -> Look:
    """How a layer looks."""
    from matplotlib.colors import BoundaryNorm, ListedColormap

    kind = kind_of(layer, style)
    if kind != "classes":
        scale = ramp(values, style, kind)
        return Look(style.within(values), scale.cmap, scale.norm, scale)
    found = classes(layer, values, style)
    norm = BoundaryNorm(np.arange(len(found.values) + 1) - 0.5, len(found.values))
    return Look(found.index(values), ListedColormap(list(found.colors)), norm, found)


def _image(
    ax: Any,
    values: Array,
    picture: Picture,
    cmap: Any,
    norm: Any,
    missing: Any,
    alpha: float | None,
    smooth: bool,
) -> Any:
    if missing is not None:
        cmap = cmap.with_extremes(bad=missing)
    return ax.imshow(
        np.ma.masked_invalid(values),
        extent=picture.extent,
        cmap=cmap,
        norm=norm,
        interpolation="bilinear" if smooth else "nearest",
        alpha=alpha,
        zorder=0,
        aspect=ax.get_aspect(),
    )


def kind_of(layer: Layer, style: Style) -> str:
    """How a layer is drawn: as asked for, else by what it holds."""
    if style.type is not None:
        return style.type
    if style.breaks is not None:
        return "interval"
    discrete = layer.kind in ("factor", "bool") or layer.colors or style.colors is not None
    return "classes" if discrete else "continuous"
