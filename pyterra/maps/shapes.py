"""Geometries as compound paths: one per colour, built from arrays of coordinates."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def compound_path(geoms: NDArray[Any]) -> Any:
    """One path of all lines, or all rings of polygons: outer rings run one way, holes the other."""
    import shapely
    from matplotlib.path import Path

    parts = shapely.get_parts(geoms)
    parts = parts[~shapely.is_empty(parts)]
    if len(parts) == 0:
        return Path(np.empty((0, 2)))
    if (shapely.get_type_id(parts) == 3).any():
        parts = shapely.get_rings(shapely.normalize(parts))
    coordinates, owner = shapely.get_coordinates(parts, return_index=True)
    codes = np.full(len(coordinates), Path.LINETO, np.uint8)
    codes[np.flatnonzero(np.diff(owner, prepend=-1))] = Path.MOVETO
    return Path(coordinates, codes)


def add_shapes(ax: Any, geoms: NDArray[Any], **style: Any) -> None:
    """Draw lines or polygons; what of the style is an array has a value per geometry, and those alike are one patch."""
    varying = {name: value for name, value in style.items() if isinstance(value, np.ndarray)}
    if not varying:
        _add_alike(ax, geoms, style)
        return
    rows: dict[Any, list[int]] = {}
    for row, key in enumerate(zip(*varying.values(), strict=True)):
        rows.setdefault(tuple(map(_key, key)), []).append(row)
    for chosen in rows.values():
        _add_alike(ax, geoms[chosen], style | {name: value[chosen[0]] for name, value in varying.items()})


def _key(color: Any) -> Any:
    return color if isinstance(color, str) else tuple(color)


def _add_alike(ax: Any, geoms: NDArray[Any], style: dict[str, Any]) -> None:
    from matplotlib.patches import PathPatch

    style = {"zorder": 2, **style}
    path = compound_path(geoms)
    patch = PathPatch(path, joinstyle="round", **style)
    # add_patch() goes over every vertex in Python to find the limits: 29 of 32 s for 20,000 squares.
    ax.add_artist(patch)
    if len(path.vertices):
        ax.update_datalim([path.vertices.min(axis=0), path.vertices.max(axis=0)])


def add_points(ax: Any, geoms: NDArray[Any], color: Any, size: float, marker: str, **style: Any) -> Any:
    """Draw points and multipoints; `color` is one, or one per geometry."""
    import shapely

    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    colors = {"c": color[owner].tolist()} if isinstance(color, np.ndarray) else {"color": color}
    style.setdefault("zorder", 3)
    return ax.scatter(xy[:, 0], xy[:, 1], s=size**2, marker=marker, **colors, **style)


def add_texts(ax: Any, xy: NDArray[Any], labels: list[str], **style: Any) -> list[Any]:
    """Write labels at points, each with a thin rim where that has a colour."""
    effects = rimmed(style.pop("rim", "white"), style.pop("rim_width", 2.0))
    low_x, high_x = sorted(ax.get_xlim())
    low_y, high_y = sorted(ax.get_ylim())
    inside = (xy[:, 0] >= low_x) & (xy[:, 0] <= high_x) & (xy[:, 1] >= low_y) & (xy[:, 1] <= high_y)
    return [
        ax.text(x, y, label, ha="center", va="center", path_effects=effects, zorder=4, **style)
        for (x, y), label, seen in zip(xy.tolist(), labels, inside.tolist(), strict=True)
        if seen
    ]


def rimmed(color: Any, width: float = 2.0) -> list[Any]:
    """What draws a rim around letters; nothing without a colour."""
    from matplotlib.patheffects import withStroke

    return [] if color is None else [withStroke(linewidth=width, foreground=color, alpha=0.9)]
