"""Layers as pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra.expr import Array, Layer
from pyterra.grid import Grid
from pyterra.maps.colors import Style, classes, ramp
from pyterra.maps.legends import bar, boxes


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
    kind = kind_of(picture.layer, style)
    if kind == "classes":
        found = classes(picture.layer, picture.values, style.colors)
        from matplotlib.colors import BoundaryNorm, ListedColormap

        cmap: Any = ListedColormap(list(found.colors))
        norm: Any = BoundaryNorm(np.arange(len(found.values) + 1) - 0.5, len(found.values))
        image = _image(ax, found.index(picture.values), picture, cmap, norm, missing, alpha)
        if legend:
            boxes(ax, found, legend, title)
        return image
    scale = ramp(picture.values, style, kind)
    image = _image(ax, picture.values, picture, scale.cmap, scale.norm, missing, alpha)
    if legend:
        bar(ax, scale, legend, title or picture.layer.unit)
    return image


def _image(
    ax: Any, values: Array, picture: Picture, cmap: Any, norm: Any, missing: Any, alpha: float | None
) -> Any:
    if missing is not None:
        cmap = cmap.with_extremes(bad=missing)
    return ax.imshow(
        np.ma.masked_invalid(values),
        extent=picture.extent,
        cmap=cmap,
        norm=norm,
        interpolation="nearest",
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
