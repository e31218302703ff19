"""Lines and polygons as arrays that kernels can walk, in the cells of a grid."""

from __future__ import annotations

from dataclasses import field
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.vector.parts import parts_of

Rule = Literal["centre", "touch", "cover", "path"]
RULES: dict[str, int] = {"centre": 0, "touch": 1, "cover": 2, "path": 3}


@dataclass(frozen=True, eq=False)
class CellShapes:
    """Shapes in cells of one grid: x to the right and y down from its upper left corner."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    boxes: NDArray[np.float64]
    """Shape (geometry, 4): xmin, ymin, xmax, ymax."""
    turns: NDArray[np.float64]
    """1 or -1 per part, by the direction in which it runs."""

    def meeting(self, window: Window) -> NDArray[np.int64]:
        """Geometries whose boxes meet a window, in their order."""
        x1, y1, x2, y2 = self.boxes.T
        with np.errstate(invalid="ignore"):
            meets = (
                (x2 >= window.col) & (x1 <= window.col_stop) & (y2 >= window.row) & (y1 <= window.row_stop)
            )
        return np.flatnonzero(meets)


@dataclass(frozen=True, eq=False)
class Shapes:
    """Geometries of one type, lines or polygons, as flat arrays; picklable and small."""

    polygon: bool
    """Polygons, or lines."""
    xy: NDArray[np.float64]
    """Coordinates, shape (n, 2)."""
    parts: NDArray[np.int64]
    """Start of each ring or line in `xy`, and the end."""
    holes: NDArray[np.bool_]
    """Whether a part is a hole."""
    first: NDArray[np.int64]
    """First part of each geometry, and the end."""
    _known: dict[Grid, CellShapes] = field(default_factory=dict, repr=False)
    """The same in cells of the grid that was asked for last."""

    def __len__(self) -> int:
        return self.first.size - 1

    def __reduce__(self) -> tuple[Any, ...]:
        return Shapes, (self.polygon, self.xy, self.parts, self.holes, self.first)

    def on(self, grid: Grid) -> CellShapes:
        """The shapes in cells of a grid."""
        known = self._known.get(grid)
        if known is None:
            x = (self.xy[:, 0] - grid.extent.xmin) / grid.xres
            y = (grid.extent.ymax - self.xy[:, 1]) / grid.yres
            turns = kernels.burn.ring_turns(x, y, self.parts)
            known = CellShapes(x, y, self._boxes(x, y), turns)
            self._known.clear()
            self._known[grid] = known
        return known

    def _boxes(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
        starts = self.parts[self.first]
        boxes = np.full((len(self), 4), np.nan)
        some = np.flatnonzero(np.diff(starts) > 0)
        if some.size:
            at = starts[some]
            for i, (values, join) in enumerate(
                ((x, np.minimum), (y, np.minimum), (x, np.maximum), (y, np.maximum))
            ):
                boxes[some, i] = join.reduceat(values, at)
        return boxes

    def arguments(self, grid: Grid, chosen: NDArray[np.int64], rules: NDArray[np.uint8]) -> tuple[Any, ...]:
        """What kernels of `burn` take before the window."""
        here = self.on(grid)
        return (
            here.x,
            here.y,
            self.parts,
            here.turns,
            self.holes,
            self.first,
            here.boxes,
            chosen,
            rules,
            self.polygon,
        )

    def strips(self, grid: Grid, window: Window) -> list[Window]:
        """A window in strips of rows, in each of which shapes cover about as many cells as the window has."""
        chosen = self.on(grid).meeting(window)
        x1, y1, x2, y2 = self.on(grid).boxes[chosen].T
        wide = np.clip(x2, window.col, window.col_stop) - np.clip(x1, window.col, window.col_stop) + 1
        top, stop = (
            np.clip(np.floor(y), window.row, window.row_stop - 1).astype(np.int64) - window.row
            for y in (y1, y2)
        )
        change = np.zeros(window.nrow + 1)
        np.add.at(change, top, wide)
        np.add.at(change, stop + 1, -wide)
        run = np.cumsum(np.cumsum(change)[:-1]) // window.cells
        rows = [0, *(np.flatnonzero(np.diff(run)) + 1), window.nrow]
        return [Window(window.row + int(a), window.col, int(b - a), window.ncol) for a, b in pairwise(rows)]

    def cells(
        self,
        grid: Grid,
        window: Window,
        rules: NDArray[np.uint8],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Geometry, cell (row-major within the window) and weight of all cells of a window that shapes cover.

        Geometries ascend.
        """
        chosen = self.on(grid).meeting(window)
        found: tuple[Any, Any, Any] = kernels.burn.list_cells(
            *self.arguments(grid, chosen, rules), window.row, window.col, window.nrow, window.ncol, grid.ncol
        )
        return found

    def rules(self, grid: Grid, rule: Rule, *, small: bool = False) -> NDArray[np.uint8]:
        """The rule of each geometry; with `small`, polygons that hold no centre take the cells they touch."""
        rules = np.full(len(self), RULES[rule], np.uint8)
        if small and rule == "centre" and self.polygon:
            here = self.on(grid)
            held = kernels.burn.covers_a_cell(
                here.x,
                here.y,
                self.parts,
                here.turns,
                self.holes,
                self.first,
                here.boxes,
                True,
                grid.nrow,
                grid.ncol,
            )
            rules[~held] = RULES["touch"]
        return rules


def shapes_of(geoms: NDArray[Any], grid: Grid, *, polygon: bool) -> Shapes:
    """Lines or polygons as arrays; on a lon/lat grid, what lies beyond the date line comes back on the other side."""
    import shapely

    if _may_wrap(geoms, grid):
        geoms = wrapped(geoms, grid)
    parts, owner = parts_of(geoms)
    holes = np.zeros(len(parts), dtype=bool)
    if polygon:
        parts, ring_of = shapely.get_rings(parts, return_index=True)
        holes = np.r_[False, ring_of[1:] == ring_of[:-1]] if len(parts) else holes
        owner = owner[ring_of]
    xy, part_of = shapely.get_coordinates(parts, return_index=True)
    return Shapes(
        polygon,
        xy,
        np.searchsorted(part_of, np.arange(len(parts) + 1)),
        holes,
        np.searchsorted(owner, np.arange(len(geoms) + 1)),
    )


def _may_wrap(geoms: NDArray[Any], grid: Grid) -> bool:
    import shapely

    if not grid.is_lonlat or len(geoms) == 0:
        return False
    left, _, right, _ = shapely.total_bounds(geoms)
    extent = grid.extent
    return bool(
        (right > extent.xmax and right - 360 > extent.xmin)
        or (left < extent.xmin and left + 360 < extent.xmax)
    )


def wrapped(geoms: NDArray[Any], grid: Grid) -> NDArray[Any]:
    """Geometries of a lon/lat grid, with what lies outside of it moved by 360 degrees where it then lies inside."""
    import shapely

    extent = grid.extent
    bounds = shapely.bounds(geoms)
    with np.errstate(invalid="ignore"):
        east = (bounds[:, 2] > extent.xmax) & (bounds[:, 2] - 360 > extent.xmin)
        west = (bounds[:, 0] < extent.xmin) & (bounds[:, 0] + 360 < extent.xmax)
    out = geoms.copy()
    for chosen, move in ((east, -360.0), (west, 360.0)):
        if chosen.any():
            moved = shapely.transform(geoms[chosen], lambda xy, move=move: xy + np.array([move, 0.0]))
            out[chosen] = _together(out[chosen], moved)
    wide = bounds[:, 2] - bounds[:, 0] > 360
    if wide.any() and shapely.get_dimensions(geoms[wide]).max() == 2:
        # parts that overlap must not count as holes
        parts, owner = shapely.get_parts(out[wide], return_index=True)
        parts = shapely.make_valid(parts)
        out[wide] = [shapely.union_all(parts[owner == i]) for i in range(int(wide.sum()))]
    return out


def _together(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
    """Multi-part geometries of the parts of both."""
    import shapely

    parts, owner = shapely.get_parts(np.r_[a, b], return_index=True)
    owner = owner % len(a)
    order = np.argsort(owner, kind="stable")
    kinds = {1: shapely.multilinestrings, 2: shapely.multipolygons, 0: shapely.multipoints}
    make = kinds[int(shapely.get_dimensions(parts[0]))]
    joined: NDArray[Any] = make(parts[order], indices=owner[order])
    return joined
