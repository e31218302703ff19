"""fill_holes: missing cells that others enclose get a value."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.expr import Array, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.raster.build import node_of, raster
from pyterra.raster.patches import Patches

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

NAN = float("nan")


@dataclass(frozen=True)
class Holes:
    """Strips tell of the groups of their missing cells what lies around them."""

    nrow: int
    patches: Patches

    temporaries: float = 40.0
    strip_cells: ClassVar[int] = 512 * 1024

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Per layer: first row of a strip -> what the groups become."""
        return []

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """Per layer: how many groups, labels and values of the outermost rows, what is around groups, which are open."""
        found = []
        for layer in block:
            labels, count = self._label(layer)
            around = kernels.holes.extremes_around(layer, labels, count, self.patches.wrap)
            edges = labels[[0, -1]].astype(np.int64), layer[[0, -1]].astype(np.float64)
            found.append((count, *edges, around, self._open(labels, count, window)))
        return found

    def _open(self, labels: Array, count: int, window: Window) -> NDArray[np.bool_]:
        """Which groups reach the edge of the raster."""
        sides = [] if self.patches.wrap else [labels[:, 0], labels[:, -1]]
        if window.row == 0:
            sides.append(labels[0])
        if window.row_stop == self.nrow:
            sides.append(labels[-1])
        at = np.concatenate([*sides, np.empty(0, labels.dtype)])
        found = np.zeros(count, np.bool_)
        found[at[at >= 0]] = True
        return found

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """What the groups of the whole raster become."""
        rows = [window.row for window, _ in found]
        layers = zip(*(part for _, part in found), strict=True)
        return [dict(zip(rows, self._settled(parts), strict=True)) for parts in layers], ()

    def _settled(self, parts: Sequence[Any]) -> list[Array]:
        """The value that the cells of each group get, strip by strip; NaN for none."""
        numbers = [number - 1 for number in self.patches._numbers([part[:3] for part in parts])]
        count = max((int(number.max()) + 1 for number in numbers if number.size), default=0)
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        is_open = np.zeros(count, np.bool_)
        for number, part in zip(numbers, parts, strict=True):
            np.minimum.at(low, number, part[3][0])
            np.maximum.at(high, number, part[3][1])
            np.logical_or.at(is_open, number, part[4])
        for (upper, above), (lower, below) in pairwise(zip(numbers, parts, strict=True)):
            for own, labels, beside in (
                (upper, above[1][1], below[2][0]),
                (lower, below[1][0], above[2][1]),
            ):
                at = np.flatnonzero((labels >= 0) & ~np.isnan(beside))
                np.minimum.at(low, own[labels[at]], beside[at])
                np.maximum.at(high, own[labels[at]], beside[at])
        filled = self._fill(low, high, is_open)
        return [filled[number] for number in numbers]

    def _fill(self, low: Array, high: Array, is_open: Array) -> Array:
        return np.where(~is_open & (low == high), low, NAN)

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of one strip."""
        out = block.copy()
        for layer, filled, values in zip(block, state, out, strict=True):
            labels, _ = self._label(layer)
            hole = labels >= 0
            values[hole] = filled[window.row][labels[hole]]
        return out

    def _label(self, layer: Array) -> Any:
        missing = np.where(np.isnan(layer), np.float32(1), np.float32(NAN))
        return self.patches.labels(missing)


@dataclass(frozen=True)
class NearestInHoles(Holes):
    """Strips also tell in which rows their outermost values lie, column by column, and what those are."""

    res: tuple[float, float] = (1.0, 1.0)

    temporaries: float = 80.0

    def _roles(self, block: Array) -> Array:
        return kernels.distance.roles(block, NAN, NAN)

    def survey(self, block: Array, window: Window, state: Any) -> Any:
        """What `Holes` tells, the first and last row with a value (2, layer, col), and those values."""
        rows = kernels.distance.edge_sources(self._roles(block), window.row).astype(np.int64)
        within = np.clip(rows - window.row, 0, window.nrow - 1)
        values = np.stack([np.take_along_axis(block, at[:, None], axis=1)[:, 0] for at in within])
        return super().survey(block, window, state), rows, values

    def update(self, state: Any, found: Sequence[tuple[Window, Any]]) -> tuple[Any, Sequence[Window]]:
        """Also the nearest rows with a value above and below each strip, and what they hold."""
        holes, _ = super().update([], [(window, part[0]) for window, part in found])
        first, last = (np.stack([part[1][side] for _, part in found]) for side in (0, 1))
        top, bottom = (np.stack([part[2][side] for _, part in found]) for side in (0, 1))
        above, below = {}, {}
        row, value = np.full_like(first[0], -kernels.distance.FAR), np.full_like(top[0], NAN)
        for i, (window, _) in enumerate(found):
            above[window.row] = row.astype(np.int32), value
            value = np.where(last[i] >= 0, bottom[i], value)
            row = np.maximum(row, last[i])
        row, value = np.full_like(first[0], kernels.distance.FAR), np.full_like(top[0], NAN)
        for i, (window, _) in reversed(list(enumerate(found))):
            below[window.row] = row.astype(np.int32), value
            value = np.where(first[i] < kernels.distance.FAR, top[i], value)
            row = np.minimum(row, first[i])
        return (holes, above, below), ()

    def _fill(self, low: Array, high: Array, is_open: Array) -> Array:
        return np.where(is_open, NAN, 1.0)

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """Values of one strip."""
        holes, above, below = state
        chosen = super().values(np.where(np.isnan(block), NAN, 0.0), window, holes) == 1
        out = block.copy()
        if not chosen.any():
            return out
        (over, upper), (under, lower) = above[window.row], below[window.row]
        down, right = kernels.distance.planar_steps(self._roles(block), window.row, over, under, *self.res)
        k, i, j = np.nonzero(chosen & ~np.isnan(down))
        row, col = i + down[k, i, j].astype(np.intp), j + right[k, i, j].astype(np.intp)
        inside = block[k, np.clip(row, 0, window.nrow - 1), col]
        out[k, i, j] = np.where(row < 0, upper[k, col], np.where(row >= window.nrow, lower[k, col], inside))
        return out


def _steps(grid: Grid) -> tuple[float, float]:
    """Width and height of cells as far as they are compared; on lon/lat as in the middle of the raster."""
    if not grid.is_lonlat:
        return grid.xres, grid.yres
    middle = (grid.extent.ymin + grid.extent.ymax) / 2
    return grid.xres * float(np.cos(np.deg2rad(middle))), grid.yres


def fill_holes(x: SpatRaster, *, nearest: bool = False) -> SpatRaster:
    """Missing cells that cells with a value enclose get that value.

    Parameters
    ----------
    x : SpatRaster
    nearest : bool
        Fill a hole also where values of several kinds lie around it: each cell gets the value of the nearest cell
        that has one.

    Returns
    -------
    SpatRaster
        Layer by layer; all that had a value keeps it, and categories stay.

    See Also
    --------
    patches : Numbers of groups of cells.
    cover : Fills missing cells from other rasters.
    interp_near : Fills in between points.

    Notes
    -----
    A hole is a group of missing cells that share edges, none of which lies at the edge of the raster. Without
    `nearest` it is filled where all cells that share an edge with it are equal. On a global lon/lat raster the last
    column is next to the first. Distances are those between centres of cells; on lon/lat a degree of longitude is as
    long as in the middle of the raster. The raster is passed over twice, in strips of rows.

    Examples
    --------
    >>> import pyterra as pt
    >>> nan = float("nan")
    >>> r = pt.rast([[1, 1, 1, 2], [1, nan, 1, nan], [1, 1, 1, 2]])
    >>> r.fill_holes().to_numpy()[0].tolist()
    [[1.0, 1.0, 1.0, 2.0], [1.0, 1.0, 1.0, nan], [1.0, 1.0, 1.0, 2.0]]
    """
    node = node_of(x, "fill_holes")
    grid = node.grid
    patches = Patches(False, False, False, grid.is_global)
    method = NearestInHoles(grid.nrow, patches, res=_steps(grid)) if nearest else Holes(grid.nrow, patches)
    layers = tuple(la.without_range() for la in node.layers)
    return raster(Sweep(grid=grid, layers=layers, dtype=node.dtype, argument=node, method=method))
