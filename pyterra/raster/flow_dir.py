"""Directions of flow that stray least from the steepest fall, summed along the whole way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.arguments import choice
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Sweep
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.geodesic import distance, widths_of_cells
from pyterra.raster.build import FLOAT32, number, one_layer, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

KINDS = ("ltd", "lad")


@dataclass(frozen=True, eq=False)
class Ways:
    """What strips know of each other, by the first row of the strip."""

    strips: tuple[Window, ...]
    heights: dict[int, Array] = field(default_factory=dict)
    """Of the first and last row, shape (2, col)."""
    leaving: dict[int, Array] = field(default_factory=dict)
    """Number of the direction, deviation and count of what leaves by the first and last row, shape (3, 2, col)."""

    @property
    def alone(self) -> bool:
        """Whether one strip is all."""
        return len(self.strips) == 1

    def beside(self, window: Window) -> list[tuple[int, int, Window | None]]:
        """Row of the ring of a strip, row of the neighbour that lies there, and the neighbour."""
        at = self.strips.index(window)
        below = self.strips[at + 1] if at + 1 < len(self.strips) else None
        return [(0, 1, self.strips[at - 1] if at else None), (-1, 0, below)]


@lru_cache(maxsize=64)
def sizes(grid: Grid) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Width and height of the cells of each row: in metres for lon/lat, else in units of the CRS."""
    if not grid.is_lonlat:
        return np.full(grid.nrow, grid.xres), np.full(grid.nrow, grid.yres)
    y, half = grid.y_from_row(np.arange(grid.nrow)), grid.yres / 2
    return widths_of_cells(grid), np.asarray(distance(grid.crs, 0.0, y - half, 0.0, y + half))


@dataclass(frozen=True)
class Downhill:
    """Strips tell what flows over their borders, and are asked again where something else comes in."""

    grid: Grid
    share: float
    """Share of the deviation that goes on."""
    transversal: bool

    temporaries: float = 64.0
    strip_cells: ClassVar[int] = 64 * 1024**2
    """As many as the memory allows: a strip is followed again while ways come over its borders."""

    def begin(self, node: Node, strips: Sequence[Window]) -> Ways:
        """Nothing is known of any border."""
        return Ways(tuple(strips))

    def survey(self, block: Array, window: Window, state: Ways) -> Array:
        """Heights of the first and last row; once those are known, what leaves by them."""
        if state.alone:
            return np.empty(0)
        if not state.heights:
            return block[0][[0, -1]].astype(np.float64)
        return self._leaving(block[0], window, state)

    def update(self, state: Ways, found: Sequence[tuple[Window, Any]]) -> tuple[Ways, Sequence[Window]]:
        """The new borders, and the strips into which something else flows than before."""
        if state.alone:
            return state, ()
        told = {window.row: border for window, border in found}
        if not state.heights:
            return replace(state, heights=told), state.strips
        known = replace(state, leaving=state.leaving | told)
        return known, tuple(w for w in state.strips if self._differs(w, state, known))

    def values(self, block: Array, window: Window, state: Ways) -> Array:
        """Directions of one strip."""
        _, code, _, _ = self._followed(block[0], window, state)
        return _directions(code[1:-1, 1:-1])[None]

    def _followed(self, heights: Array, window: Window, state: Ways) -> tuple[Array, Array, Array, Array]:
        """Heights, directions, deviations and counts, with a ring of what lies beside the strip."""
        shape = (window.nrow + 2, window.ncol + 2)
        padded, code = np.full(shape, np.nan), np.full(shape, kernels.flow.MISSING, np.int8)
        deviation, count = np.zeros(shape), np.zeros(shape, np.int64)
        padded[1:-1, 1:-1] = heights
        for ring, row, strip in state.beside(window):
            if strip is None:
                continue
            padded[ring, 1:-1] = state.heights[strip.row][row]
            if strip.row in state.leaving:
                crossing = state.leaving[strip.row][:, row]
                code[ring, 1:-1], deviation[ring, 1:-1], count[ring, 1:-1] = crossing
        wide, high = (part[window.row : window.row_stop] for part in sizes(self.grid))
        kernels.paths.follow(padded, wide, high, self.share, self.transversal, code, deviation, count)
        return padded, code, deviation, count

    def _leaving(self, heights: Array, window: Window, state: Ways) -> Array:
        """What leaves a strip by its first row (ways up) and by its last one (ways down); else no way, 0 and 0."""
        _, code, deviation, count = self._followed(heights, window, state)
        rows = np.stack([part[[1, -2], 1:-1].astype(np.float64) for part in (code, deviation, count)])
        up, down = (rows[0, 0] >= 5) & (rows[0, 0] <= 7), (rows[0, 1] >= 1) & (rows[0, 1] <= 3)
        nothing = np.array([kernels.flow.MISSING, 0.0, 0.0])[:, None, None]
        return np.where(np.stack([up, down])[None], rows, nothing)

    def _differs(self, window: Window, before: Ways, after: Ways) -> bool:
        for _, row, strip in before.beside(window):
            if strip is None:
                continue
            old, new = before.leaving.get(strip.row), after.leaving[strip.row][:, row]
            if not np.array_equal(new, old[:, row]) if old is not None else bool(new[2].any()):
                return True
        return False


def _directions(code: Array) -> Array:
    """1, 2, 4 ... 128, 0 for a pit, NaN for none, of their numbers."""
    table = np.array([*(1 << k for k in range(8)), 0, np.nan], np.float32)
    return np.asarray(table[code])


def shares(share: Any, kind: Any, verb: str) -> tuple[float, bool]:
    """Both checked: the share of the deviation that goes on, and whether it is transversal."""
    found = number(share, f"{verb}: lambda_")
    if not 0 <= found <= 1:
        raise ArgumentError(f"{verb}: lambda_ must lie between 0 and 1, got {share!r}")
    return found, choice(kind, KINDS, f"{verb}: deviation_type") == "ltd"


def flow_dir(
    x: SpatRaster,
    lambda_: float = 0.5,
    *,
    deviation_type: Literal["ltd", "lad"] = "ltd",
    max_iters: int | None = None,
) -> SpatRaster:
    """Directions of flow that stray least from the steepest fall, summed along the way down.

    Parameters
    ----------
    x : SpatRaster
        One layer of heights: in units of the CRS, or in metres where it is lon/lat.
    lambda_ : float
        Share of the deviation upstream that a cell makes up for, 0 (each cell for itself) to 1.
    deviation_type : {"ltd", "lad"}
        Least transversal deviation, the distance of the neighbour's centre from the line of steepest fall; or least
        angular deviation.
    max_iters : int, optional
        As in terra; not needed, the result is exact.

    Returns
    -------
    SpatRaster
        1, 2, 4 ... 128 clockwise from the east; 0 where no neighbour is lower; missing where the height is.

    Raises
    ------
    ArgumentError
        For more than one layer, or a `lambda_` below 0 or above 1.

    See Also
    --------
    terrain : ``terrain("flowdir")`` takes the steepest of eight neighbours.
    flow_accumulation, pitfinder, pitfiller

    Notes
    -----
    The fall is that of the steepest of eight planes, each through the cell, a straight and a slanting neighbour
    (Tarboton 1997); of both neighbours the one is taken for which the sum of deviations is nearer to 0. It is always
    lower. Where ways meet, the deviation of the one with the most cells goes on, of equally many that of the higher
    neighbour. A plane with one missing neighbour leads to the other one. Strips of rows tell each other what flows over
    their borders, so that rasters may be larger than memory.

    References
    ----------
    Orlandini, S., Moretti, G., Franchini, M., Aldighieri, B. and Testa, B. (2003). Path-based methods for the
    determination of nondispersive drainage directions in grid-based digital elevation models. Water Resources Research
    39, 1144.
    Tarboton, D. G. (1997). A new method for the determination of flow directions and upslope areas in grid digital
    elevation models. Water Resources Research 33, 309-319.

    Examples
    --------
    >>> import pyterra as pt
    >>> slope = pt.rast([[9, 8, 7], [6, 5, 4], [3, 2, 1]])  # falls 3 to the south and 1 to the east
    >>> slope.flow_dir(0).to_numpy()[0, :, 0].tolist()
    [4.0, 4.0, 1.0]
    >>> slope.flow_dir(1).to_numpy()[0, :, 0].tolist()
    [4.0, 2.0, 1.0]
    """
    node = one_layer(x, "flow_dir")
    method = Downhill(node.grid, *shares(lambda_, deviation_type, "flow_dir"))
    layers = (replace(node.layers[0].number(), name=f"flowdir_{deviation_type}_l={lambda_:g}"),)
    return raster(Sweep(grid=node.grid, layers=layers, dtype=FLOAT32, argument=node, method=method))
