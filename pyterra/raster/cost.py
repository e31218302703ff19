"""Ways from cell to cell: the least cost of travel over a friction surface, distances around obstacles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import distance
from pyterra.grid.grid import TOLERANCE
from pyterra.raster.build import FLOAT32, FLOAT64, cells_raster, number, one_layer, raster
from pyterra.run.driver import go_on

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True, eq=False)
class Borders:
    """Friction, cost and nearest target (shape (3, col)) of the outermost rows of strips, as far as they are known."""

    strips: tuple[Window, ...]
    first: dict[int, Array]
    """Row at which a strip begins -> its first row."""
    last: dict[int, Array]
    """Row after the last of a strip -> its last row."""
    pending: frozenset[int] = frozenset()
    """First rows of strips beside a border that has changed since they were solved."""
    at: int = -1
    """First row of the strip that was solved last."""
    down: bool = True
    """Whether strips are solved downward at the moment, or upward."""


@dataclass(frozen=True)
class CostDistance:
    """Strips tell the costs of their outermost rows, and are asked again while those of a neighbour fall."""

    verb: str
    target: float
    scale: float
    grid: Grid
    nearest: bool
    """Whether a second layer tells which target is the nearest."""
    at_target: float = 0.0
    """Friction of targets."""

    strip_cells: ClassVar[int] = 64 * 1024**2
    """As many as the memory allows: a strip is solved again while costs come over its borders."""

    @property
    def temporaries(self) -> float:
        return 80.0 if self.nearest else 48.0

    def begin(self, node: Node, strips: Sequence[Window]) -> Borders:
        """Nothing is known of any border."""
        return Borders(tuple(strips), {}, {})

    def survey(self, block: Array, window: Window, state: Borders) -> tuple[Array, Array]:
        """Friction, cost and nearest target of the first and last row, given those of the neighbours.

        Raises
        ------
        ArgumentError
            Where friction is negative.
        """
        if len(state.strips) == 1:  # nobody asks for its borders
            return np.empty((3, 0)), np.empty((3, 0))
        friction, target = self._friction(block, window)
        cost, nearest = self._cost(friction, target, window, state)
        parts = [friction, cost, *([nearest] if self.nearest else [])]
        return np.stack([part[0] for part in parts]), np.stack([part[-1] for part in parts])

    def update(self, state: Borders, found: Sequence[tuple[Window, Any]]) -> tuple[Borders, Sequence[Window]]:
        """The new borders, and the next strip beside one that has changed: one after the other, down and up again.

        All at once would be solved many more times, each with borders that are still to fall.
        """
        first = {window.row: border for window, (border, _) in found}
        last = {window.row_stop: border for window, (_, border) in found}
        rises = {row for row, border in first.items() if _differs(border, state.first.get(row))}
        falls = {row for row, border in last.items() if _differs(border, state.last.get(row))}
        solved = {window.row for window, _ in found}
        beside = {w.row for w in state.strips if w.row in falls or w.row_stop in rises}
        pending = (state.pending - solved) | beside
        row, down = _next(pending, state.at, state.down)
        known = Borders(state.strips, state.first | first, state.last | last, pending, row, down)
        return known, [w for w in state.strips if w.row == row and pending]

    def values(self, block: Array, window: Window, state: Borders) -> Array:
        """Costs of one strip, and nearest targets; missing where there is no way."""
        cost, nearest = self._cost(*self._friction(block, window), window, state)
        out = np.empty((1 + self.nearest, *cost.shape))
        out[0] = np.where(np.isinf(cost), np.nan, cost / self.scale)
        if self.nearest:
            out[1] = np.where(nearest < 0, np.nan, nearest)
        return out

    def _friction(self, block: Array, window: Window) -> tuple[Array, Array]:
        friction = block[0].astype(np.float64)
        target = np.isnan(friction) if self.target != self.target else friction == self.target
        friction[target] = self.at_target
        if (friction < 0).any():
            row, col = (int(v[0]) for v in np.nonzero(friction < 0))
            raise ArgumentError(
                f"{self.verb}: friction must not be negative, got {friction[row, col]:g} in row {row + window.row}, "
                f"column {col + window.col}; set such cells to missing (no way) or 0 first"
            )
        return friction, target

    def _cost(self, friction: Array, target: Array, window: Window, state: Borders) -> tuple[Array, Array]:
        outside, beyond = np.full((4, self.grid.ncol), np.nan), np.full((2, self.grid.ncol), -1)
        for side, border in enumerate((state.last.get(window.row), state.first.get(window.row_stop))):
            if border is not None:
                outside[2 * side : 2 * side + 2] = border[:2]
                beyond[side] = border[2] if self.nearest else -1
        wide, high, slant = (part[window.row : window.row_stop + 1] for part in _steps(self.grid))
        poles = _to_poles(self.grid)
        poles[[window.row > 0, window.row_stop < self.grid.nrow]] = np.nan
        ways, wrap = (wide, high, slant, poles), self.grid.is_global
        cost = kernels.cost.accumulate(friction, target, outside, *ways, wrap, go_on)
        nearest = np.empty((0, self.grid.ncol), np.int64)
        if self.nearest:
            first = window.row * self.grid.ncol
            nearest = kernels.origins.origins(friction, target, cost, outside, beyond, *ways, wrap, first)
        return cost[: friction.size].reshape(friction.shape), nearest


def _next(pending: frozenset[int], at: int, down: bool) -> tuple[int, bool]:
    """The pending strip that comes next on the way down or up, turning round where there is none; and the way."""
    ahead = [row for row in pending if (row > at if down else row < at)]
    if not ahead:
        down, ahead = not down, list(pending)
    return (min(ahead) if down else max(ahead)) if ahead else -1, down


def _differs(border: Array, before: Array | None) -> bool:
    return before is None or not np.array_equal(border, before, equal_nan=True)


def _steps(grid: Grid) -> tuple[NDArray[np.float64], ...]:
    """Distances to neighbours: in each row; to the row above, straight and aslant, for each row and one more."""
    n = grid.nrow
    if not grid.is_lonlat:
        slant = float(np.hypot(grid.xres, grid.yres))
        return np.full(n + 1, grid.xres), np.full(n + 1, grid.yres), np.full(n + 1, slant)
    import pyproj

    geod = pyproj.Geod(ellps="WGS84")
    lat = np.clip(grid.extent.ymax - (np.arange(-1, n + 1) + 0.5) * grid.yres, -90, 90)
    zero, east = np.zeros(n + 2), np.full(n + 2, grid.xres)
    wide = geod.inv(zero, lat, east, lat)[2]
    high = geod.inv(zero[1:], lat[:-1], zero[1:], lat[1:])[2]
    slant = geod.inv(zero[1:], lat[:-1], east[1:], lat[1:])[2]
    return np.asarray(wide[1:]), np.asarray(high), np.asarray(slant)


def _to_poles(grid: Grid) -> NDArray[np.float64]:
    """Distance from the first row to the north pole, and from the last to the south pole, where the grid ends there."""
    found = np.full(2, np.nan)
    if grid.is_lonlat:
        edges, inner = np.array([grid.extent.ymax, grid.extent.ymin]), np.array([-0.5, 0.5]) * grid.yres
        ends = np.abs(np.abs(edges) - 90) < grid.yres * TOLERANCE
        found[ends] = distance(grid.crs, 0.0, edges[ends] + inner[ends], 0.0, np.sign(edges[ends]) * 90)
    return found


def cost_dist(
    x: SpatRaster,
    target: float | None = 0,
    *,
    scale: float = 1,
    maxiter: int | None = None,
    nearest: bool = False,
) -> SpatRaster:
    """Least accumulated cost of travel to a target, over cells of given friction.

    Parameters
    ----------
    x : SpatRaster
        Friction, not negative: the cost of one unit of distance (metres for lon/lat). Missing where there is no way.
    target : float, optional
        Value of the cells to travel to; their own friction counts as 0. None for missing cells.
    scale : float
        Costs are divided by this.
    maxiter : int, optional
        As in terra; not needed, the result is exact.
    nearest : bool
        Add a second layer ``nearest``: the number of the target cell that the way leads to, of several at the same cost
        the smallest.

    Returns
    -------
    SpatRaster
        Cost from each cell; missing where no way leads to a target.

    Raises
    ------
    ArgumentError
        For more than one layer; where friction is negative (when values are computed), or scale is not above 0.

    See Also
    --------
    distance : Gives the distance without friction.
    grid_dist : Gives the distance around obstacles.

    Notes
    -----
    A step goes to one of 8 neighbours and costs the mean friction of both cells times their distance. On lon/lat,
    distances are geodesic (terra takes those between rows from the equator), the last column of a global raster is
    next to the first, and cells at a pole are next to each other over it. Costs spread by passes over the rows, and
    through mazes by Dijkstra's algorithm; strips of rows are solved again and again while the costs at their borders
    fall, and only the outermost rows of strips are kept meanwhile.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=3, xmin=0, xmax=3, ymin=0, ymax=1, crs="", vals=[0, 2, 4])
    >>> r.cost_dist().values(drop=True)
    array([0., 1., 4.])
    """
    node = one_layer(x, "cost_dist")
    goal = float("nan") if target is None else number(target, "cost_dist: target")
    return _travel(node, goal, scale, nearest, "cost_dist")


@dataclass(frozen=True)
class Even:
    """0 at targets, 1 elsewhere, missing where there is no way."""

    target: float

    def __call__(self, block: Array) -> Array:
        missing = np.isnan(block)
        if self.target != self.target:
            return missing.astype(np.float32)
        return np.where(missing, np.float32(np.nan), (block != self.target).astype(np.float32))


def grid_dist(
    x: SpatRaster,
    target: float | None = 0,
    *,
    scale: float = 1,
    maxiter: int | None = None,
    nearest: bool = False,
) -> SpatRaster:
    """Distance to a target on the way from cell to cell, around missing cells.

    Parameters
    ----------
    x : SpatRaster
    target : float, optional
        Value of the cells to go to. None: from missing cells to those that are not missing, and there are no obstacles.
    scale : float
        Distances are divided by this: 1000 for kilometres.
    maxiter : int, optional
        As in terra; not needed, the result is exact.
    nearest : bool
        Add a second layer ``nearest``: the number of the target cell that is reached, of several equally far away the
        smallest.

    Returns
    -------
    SpatRaster
        Distance in metres for lon/lat, else in units of the CRS; missing where no way leads to a target.

    Raises
    ------
    ArgumentError
        For more than one layer, or where scale is not above 0.

    See Also
    --------
    distance : Gives the distance as the crow flies.
    cost_dist : Gives the cost of travel over ground of given friction.

    Notes
    -----
    It is `cost_dist` at a friction of 1: a step goes to one of 8 neighbours.

    Examples
    --------
    >>> import numpy as np
    >>> import pyterra as pt
    >>> r = pt.rast([[1, np.nan, 0], [1, np.nan, 1], [1, 1, 1]])
    >>> r.grid_dist().to_numpy()[0].round(2).tolist()
    [[4.83, nan, 0.0], [3.83, nan, 1.0], [3.41, 2.41, 2.0]]
    """
    node = one_layer(x, "grid_dist")
    goal = float("nan") if target is None else number(target, "grid_dist: target")
    even = cells_raster([node], (node.layers[0].number(),), FLOAT32, Even(goal))._node
    return _travel(even, 0.0, scale, nearest, "grid_dist", at_target=1.0)


def _travel(
    node: Node, target: float, scale: float, nearest: bool, verb: str, at_target: float = 0.0
) -> SpatRaster:
    if not number(scale, f"{verb}: scale") > 0:
        raise ArgumentError(f"{verb}: scale must be above 0, got {scale}")
    layer = node.layers[0].number()
    names = ("distance", "nearest") if nearest else (layer.name,)
    layers = tuple(replace(layer, name=name) for name in names)
    method = CostDistance(verb, target, float(scale), node.grid, bool(nearest), at_target)
    return raster(Sweep(grid=node.grid, layers=layers, dtype=FLOAT64, argument=node, method=method))
