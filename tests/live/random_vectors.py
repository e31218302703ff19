"""Random vectors of every kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from live.trial import GivenVector

Rng = np.random.Generator
BOXES = {
    "metres": (4_000_000.0, 4_001_000.0, 2_999_000.0, 3_000_000.0),
    "degrees": (-10.0, 10.0, 40.0, 55.0),
    "none": (0.0, 100.0, 0.0, 80.0),
}
"""Where geometries lie: xmin, xmax, ymin, ymax."""


def a_vector(
    rng: Rng,
    kind: str | None = None,
    *,
    place: str | None = None,
    box: tuple[float, float, float, float] | None = None,
    count: int | None = None,
    multi: bool = True,
    atts: bool = True,
    prefix: str = "",
) -> GivenVector:
    """Points, lines or polygons, some of several parts, polygons with holes, not overlapping themselves.

    Parameters
    ----------
    rng : numpy.random.Generator
    kind : {"points", "lines", "polygons"}, optional
    place : {"metres", "degrees", "none"}, optional
    box : (xmin, xmax, ymin, ymax), optional
        Where they lie; some reach a little beyond.
    count : int, optional
        Number of geometries; 1 to 6 by default.
    multi : bool
        Whether some have several parts.
    atts : bool
        Whether there are attributes: a whole number, a number with gaps, a group and a name with gaps.
    prefix : str
        Before the names of attributes.
    """
    where = place or str(rng.choice(["metres", "metres", "degrees", "none"]))
    kind = kind or str(rng.choice(["points", "lines", "polygons"]))
    n = count or int(rng.integers(1, 7))
    xmin, xmax, ymin, ymax = box or BOXES[where]
    make = {"points": _points, "lines": _lines, "polygons": _polygons}[kind]
    shapes = make(rng, n, multi)
    placed = shapely.transform(
        np.array(shapes, dtype=object), lambda xy: xy * [xmax - xmin, ymax - ymin] + [xmin, ymin]
    )
    digits = 6 if where == "degrees" else 3
    rounded = shapely.transform(placed, lambda xy: np.round(xy, digits))
    if kind == "polygons":
        rounded = [shape if shape.is_valid else shape.convex_hull for shape in rounded]
    texts = tuple(str(shapely.to_wkt(shape, rounding_precision=digits)) for shape in rounded)
    return GivenVector(texts, _attributes(rng, n, prefix) if atts else {}, where)


def _attributes(rng: Rng, n: int, prefix: str) -> dict[str, list[Any]]:
    lost = rng.random(n) < 0.2
    return {
        f"{prefix}id": [int(v) for v in rng.permutation(n) + 1],
        f"{prefix}size": [
            None if gone else round(float(v), 3) for gone, v in zip(lost, rng.uniform(-5, 5, n), strict=True)
        ],
        f"{prefix}group": [str(v) for v in rng.choice(["a", "b", "c"], n)],
        f"{prefix}name": [None if rng.random() < 0.2 else f"name {int(v)}" for v in rng.integers(0, 9, n - 1)]
        + ["last"],
    }


def _points(rng: Rng, n: int, multi: bool) -> list[Any]:
    parts = [int(rng.integers(2, 4)) if multi and rng.random() < 0.25 else 1 for _ in range(n)]
    return [shapely.Point(rng.random(2)) if k == 1 else shapely.MultiPoint(rng.random((k, 2))) for k in parts]


def _lines(rng: Rng, n: int, multi: bool) -> list[Any]:
    def line() -> Any:
        steps = rng.uniform(-0.15, 0.3, (int(rng.integers(2, 6)), 2)) * rng.choice([-1, 1], 2)
        return shapely.LineString(rng.uniform(0.1, 0.9, 2) + np.cumsum(steps, axis=0))

    return [
        shapely.MultiLineString([line(), line()]) if multi and rng.random() < 0.25 else line()
        for _ in range(n)
    ]


def _star(rng: Rng, x: float, y: float, reach: float, corners: int) -> np.ndarray:
    """A ring that does not cross itself, around a point."""
    angles = np.sort(
        rng.uniform(0, 2 * np.pi, corners) * 0.2 + np.linspace(0, 2 * np.pi, corners, False) * 0.9
    )
    radii = reach * rng.uniform(0.5, 1.0, corners)
    return np.column_stack([x + radii * np.cos(angles), y + radii * np.sin(angles)])


def _polygon(rng: Rng, x: float, y: float, reach: float) -> Any:
    if rng.random() < 0.3:  # squares on a lattice share borders
        a, b = np.round(np.array([x, y]) * 4) / 4
        return shapely.box(a - 0.25, b - 0.25, a + 0.25 * int(rng.integers(1, 3)), b + 0.25)
    shell = _star(rng, x, y, reach, int(rng.integers(5, 11)))
    holes = [_star(rng, x, y, reach * 0.3, 5)[::-1]] if rng.random() < 0.3 else []
    found = shapely.Polygon(shell, holes)
    return found if found.is_valid else shapely.Polygon(shell).convex_hull


def _polygons(rng: Rng, n: int, multi: bool) -> list[Any]:
    def one() -> Any:
        x, y = rng.uniform(0.1, 0.9, 2)
        if multi and rng.random() < 0.2:
            small = [_polygon(rng, x, y, 0.1), _polygon(rng, x + 0.35, y, 0.1)]
            both = shapely.union_all(small)
            return both
        return _polygon(rng, x, y, float(rng.uniform(0.1, 0.35)))

    return [one() for _ in range(n)]
