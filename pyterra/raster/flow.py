"""Where water flows: how many neighbours flow into a cell, how much comes from upstream, pits, catchments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Halo, Neighbourhood, Node, Sweep, join
from pyterra.expr.sweep import SweepMethod
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT32, FLOAT64, cells_raster, one_layer, raster, same_grid
from pyterra.raster.patches import patches

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def _codes(directions: Array, verb: str, row: int | None = None) -> Array:
    """Numbers of directions; `row` is the first one, where it is known.

    Raises
    ------
    ArgumentError
        For anything but directions.
    """
    found = kernels.flow.codes(directions)
    wrong = found == kernels.flow.WRONG
    if wrong.any():
        at = tuple(int(part[0]) for part in np.nonzero(wrong))
        where = "" if row is None else f" in row {at[0] + row}, column {at[1]}"
        raise ArgumentError(
            f"{verb}: flow directions must be 0 or one of 1, 2, 4 ... 128, got {directions[at]:g}{where}; compute them "
            "with terrain('flowdir')"
        )
    return found


@dataclass(frozen=True)
class Inflows(Neighbourhood):
    """How many neighbours flow into a cell."""

    def __call__(self, padded: Array) -> Array:
        code = _codes(padded[0], "nidp")
        count = kernels.flow.neighbours_into(code).astype(np.float32)
        count[code[1:-1, 1:-1] == kernels.flow.MISSING] = np.nan
        return count[None]


@dataclass(frozen=True)
class Pits(Neighbourhood):
    """1 in pits, missing elsewhere."""

    boundary: bool
    """Whether those at the edge and beside missing cells count."""

    def __call__(self, padded: Array) -> Array:
        code = _codes(padded[0], "pitfinder")
        found = kernels.flow.pits(code)
        if not self.boundary:
            nrow, ncol = found.shape
            for down, right in kernels.flow.STEPS:
                beside = code[1 + down : 1 + down + nrow, 1 + right : 1 + right + ncol]
                found &= beside != kernels.flow.MISSING
        return np.where(found, np.float32(1), np.float32(np.nan))[None]


@dataclass(frozen=True, eq=False)
class Borders:
    """What is known of the outermost rows of strips, by the first row of the strip."""

    strips: tuple[Window, ...]
    inflow: dict[int, Any]
    """What comes over the borders of a strip, per column of its first and last row."""


@dataclass(frozen=True)
class Flow:
    """Strips tell where a way that enters at one of their outermost rows leaves them.

    All ways together are a graph of few cells, the outermost of all strips. What flows over each border follows from
    it (Barnes 2017), and then the values of each strip.
    """

    verb: str
    ncol: int

    temporaries: float = 64.0
    strip_cells: ClassVar[int] = 64 * 1024**2
    """As many as the memory allows: the graph has two rows of each strip."""

    def begin(self, node: Node, strips: Sequence[Window]) -> Borders:
        """Nothing is known of any border."""
        return Borders(tuple(strips), {})

    def _receivers(self, block: Array, window: Window) -> NDArray[np.int32]:
        return kernels.flow.receivers(_codes(block[0], self.verb, window.row))

    def _ways(self, receiver: Array, order: Array, nrow: int) -> tuple[Array, Array]:
        """For the first and last row (2, col): the outermost cell at which a way leaves, and where it goes.

        Cells of the two rows are counted from 0 to 2 * col; -1 where a way ends within the strip.
        """
        leaves = np.zeros(receiver.size, np.int32)
        out = np.flatnonzero(receiver < kernels.flow.ENDS)
        leaves[out] = out + 1
        kernels.flow.take_upstream(receiver, order, leaves)
        rows = leaves.reshape(nrow, self.ncol)[[0, -1]].astype(np.int64) - 1
        last = (rows >= self.ncol) & (nrow > 1)
        exits = np.where(rows < 0, -1, np.where(last, rows - (nrow - 2) * self.ncol, rows))
        edge = receiver.reshape(nrow, self.ncol)[[0, -1]].astype(np.int64)
        beyond = np.where(edge < kernels.flow.ENDS, -2 - edge, -1)
        if nrow == 1:  # one row is both: it counts as the first
            beyond[1] = -1
        return exits, beyond

    def _graph(self, found: Sequence[tuple[Window, Any]]) -> tuple[Array, Array]:
        """Per outermost cell of all strips: the one at which a way from it leaves its strip, and the one beyond."""
        exits, beyond = [], []
        for i, (_, (out, to, *_)) in enumerate(found):
            own = 2 * self.ncol * i
            exits.append(np.where(out < 0, -1, out + own))
            above = own - self.ncol if i and found[i - 1][0].nrow > 1 else own - 2 * self.ncol
            beside = np.where(to < self.ncol, to + above, to - self.ncol + own + 2 * self.ncol)
            inside = (beside >= 0) & (beside < 2 * self.ncol * len(found))
            beyond.append(np.where((to < 0) | ~inside, -1, beside))
        return np.concatenate(exits, axis=None), np.concatenate(beyond, axis=None)

    def _by_strip(self, values: Array, found: Sequence[tuple[Window, Any]]) -> dict[int, Any]:
        parts = values.reshape(len(found), 2, self.ncol, *values.shape[1:])
        return {window.row: part for (window, _), part in zip(found, parts, strict=True)}


@dataclass(frozen=True)
class Accumulation(Flow):
    """Sums of what cells upstream bring."""

    def _brought(self, block: Array) -> NDArray[np.float64]:
        total = np.zeros((block[0].size, 2))
        total[:, 0] = block[1].ravel() if len(block) > 1 else 1.0
        return total

    def survey(self, block: Array, window: Window, state: Borders) -> tuple[Any, ...]:
        """Ways over the borders, and sums at the outermost cells."""
        if len(state.strips) == 1:  # nothing comes over its borders
            return ()
        receiver = self._receivers(block, window)
        order = kernels.flow.downstream_order(receiver)
        total = self._brought(block)
        kernels.flow.add_downstream(receiver, order, total)
        return *self._ways(receiver, order, window.nrow), total.reshape(*block[0].shape, 2)[[0, -1]]

    def update(self, state: Borders, found: Sequence[tuple[Window, Any]]) -> tuple[Borders, Sequence[Window]]:
        """What flows into each outermost cell from beyond, and whether that goes round in a circle."""
        if len(state.strips) == 1:
            return state, ()
        exits, beyond = self._graph(found)
        n = exits.size
        receiver = np.concatenate([np.where(exits < 0, -1, exits + n), beyond]).astype(np.int32)
        sums = np.concatenate([part[2] for _, part in found]).reshape(n, 2)
        total = np.concatenate([np.zeros((n, 2)), sums])
        order = kernels.flow.downstream_order(receiver)
        kernels.flow.add_downstream(receiver, order, total)
        circling = np.ones(2 * n, np.bool_)
        circling[order] = False
        inflow = np.column_stack([total[:n], circling[:n]])
        return Borders(state.strips, self._by_strip(inflow, found)), ()

    def values(self, block: Array, window: Window, state: Borders) -> Array:
        """Sums of one strip."""
        receiver = self._receivers(block, window)
        total = self._brought(block)
        if window.row in state.inflow:
            self._let_in(total.reshape(*block[0].shape, 2), receiver, state.inflow[window.row])
        order = kernels.flow.downstream_order(receiver)
        kernels.flow.add_downstream(receiver, order, total)
        found = total[:, 0].reshape(block[0].shape)
        return np.where(np.isnan(block[0]), np.nan, found)[None]

    def _let_in(self, total: Array, receiver: Array, inflow: Array) -> None:
        sides = (0,) if len(total) == 1 else (0, -1)
        for side in sides:
            row = total[side]
            with np.errstate(invalid="ignore"):  # endless weights leave no rest
                whole = row[:, 0] + inflow[side][:, 0]
                part = whole - row[:, 0]
                rest = (row[:, 0] - (whole - part)) + (inflow[side][:, 0] - part)
                rest += row[:, 1] + inflow[side][:, 1]
                finite = np.isfinite(whole + rest)
                row[:, 0] = np.where(finite, whole + rest, whole)  # rounded as elsewhere
                row[:, 1] = np.where(finite, rest - (row[:, 0] - whole), 0.0)
            starts = np.flatnonzero(inflow[side][:, 2])
            kernels.flow.cut_circles(receiver, starts + (side % len(total)) * self.ncol)


@dataclass(frozen=True)
class Catchments(Flow):
    """Numbers of the points that cells flow to."""

    points: tuple[int, ...] = ()
    """Numbers of cells."""

    def _points(self, window: Window) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Cells of a strip that are points, and their numbers from 1; the first of several in a cell is last."""
        inside = np.array(self.points, np.int64) - window.row * self.ncol
        some = np.flatnonzero((inside >= 0) & (inside < window.cells))[::-1]
        return inside[some], some + 1

    def survey(self, block: Array, window: Window, state: Borders) -> tuple[Any, ...]:
        """Ways over the borders, and numbers of the outermost cells."""
        if len(state.strips) == 1:
            return ()
        receiver = self._receivers(block, window)
        at, numbers = self._points(window)
        label = np.zeros(receiver.size, np.int32)
        label[at] = numbers
        receiver[at] = kernels.flow.ENDS  # ways end at points
        order = kernels.flow.downstream_order(receiver)
        kernels.flow.take_upstream(receiver, order, label)
        return *self._ways(receiver, order, window.nrow), label.reshape(block[0].shape)[[0, -1]]

    def update(self, state: Borders, found: Sequence[tuple[Window, Any]]) -> tuple[Borders, Sequence[Window]]:
        """Numbers of all outermost cells."""
        if len(state.strips) == 1:
            return state, ()
        exits, beyond = self._graph(found)
        receiver = np.where(exits < 0, -1, beyond[exits]).astype(np.int32)
        label = np.concatenate([part[2] for _, part in found], axis=None)
        kernels.flow.take_upstream(receiver, kernels.flow.downstream_order(receiver), label)
        beside = np.where(beyond < 0, 0, label[beyond])
        return Borders(state.strips, self._by_strip(beside, found)), ()

    def values(self, block: Array, window: Window, state: Borders) -> Array:
        """Numbers of one strip."""
        code = _codes(block[0], self.verb, window.row)
        label = np.where(code == kernels.flow.MISSING, np.nan, 0.0)
        at, numbers = self._points(window)
        missing = at[code.ravel()[at] == kernels.flow.MISSING]
        label.ravel()[at] = numbers
        starts = [at]
        if window.row in state.inflow:
            for side in (0, window.nrow - 1):
                beside = state.inflow[window.row][min(side, 1)]
                some = np.flatnonzero((label[side] == 0) & (beside > 0))
                label[side, some] = beside[some]
                starts.append(some + side * self.ncol)
        kernels.flow.spread_upstream(code, label, np.unique(np.concatenate(starts)))
        label.ravel()[missing] = np.nan
        return label[None]


def nidp(x: SpatRaster) -> SpatRaster:
    """How many neighbours flow into each cell.

    Parameters
    ----------
    x : SpatRaster
        Flow directions, as of ``terrain("flowdir")``: 1, 2, 4 ... 128 clockwise from the east, 0 for a pit.

    Returns
    -------
    SpatRaster
        0 to 8; missing where the direction is missing.

    Raises
    ------
    ArgumentError
        For more than one layer; for values that are no directions (when values are computed).

    See Also
    --------
    flow_accumulation : Counts all cells upstream.

    Notes
    -----
    terra's ``NIDP`` counts a pit, and a cell that flows off the raster, as its own neighbour.

    References
    ----------
    Zhou, G., Wei, H. and Fu, S. (2019). A fast and simple algorithm for calculating flow accumulation matrices from
    raster digital elevation. Frontiers of Earth Science 13, 317-326.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 1, 0]]).nidp().values(drop=True)
    array([0., 1., 1.])
    """
    node = one_layer(x, "nidp")
    return raster(
        Halo(
            grid=node.grid, layers=(node.layers[0].number(),), dtype=FLOAT32, argument=node, rows=1, cols=1,
            kernel=Inflows(), layerwise=False,
        )
    )  # fmt: skip


def flow_accumulation(x: SpatRaster, weight: SpatRaster | None = None) -> SpatRaster:
    """How many cells lie upstream of each cell, or what they bring.

    Parameters
    ----------
    x : SpatRaster
        Flow directions, as of ``terrain("flowdir")``: 1, 2, 4 ... 128 clockwise from the east, 0 for a pit.
    weight : SpatRaster, optional
        What each cell brings, such as its area or its rain; else 1.

    Returns
    -------
    SpatRaster
        Each cell with all that flows into it, directly or not; missing where the direction is missing.

    Raises
    ------
    GridMismatchError
        Where `weight` has other cells.
    ArgumentError
        For more than one layer; for values that are no directions (when values are computed).

    See Also
    --------
    terrain : Computes flow directions.
    nidp : Counts the neighbours that flow into a cell.
    watershed : Gives the cells upstream of a point.

    Notes
    -----
    Cells that flow in a circle get what flows into them from outside it. A missing weight is missing downstream, too.
    The result is exact for rasters larger than memory: strips of rows tell each other what flows over their borders.

    References
    ----------
    Zhou, G., Wei, H. and Fu, S. (2019). A fast and simple algorithm for calculating flow accumulation matrices from
    raster digital elevation. Frontiers of Earth Science 13, 317-326.
    Barnes, R. (2017). Parallel non-divergent flow accumulation for trillion cell digital elevation models on desktops or
    clusters. Environmental Modelling & Software 92, 202-212.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 1, 0], [1, 128, 64]]).flow_accumulation().to_numpy()[0].tolist()
    [[1.0, 2.0, 6.0], [1.0, 2.0, 1.0]]
    """
    node = one_layer(x, "flow_accumulation")
    parts = [node]
    if weight is not None:
        parts.append(one_layer(weight, "flow_accumulation", "weight"))
        same_grid(parts, "flow_accumulation")
    return _swept(node, join(parts), Accumulation("flow_accumulation", node.grid.ncol))


def catchments(x: SpatRaster, cells: Sequence[int], verb: str) -> SpatRaster:
    """The number of the first of some cells that each cell flows to, counted from 1; 0 for none."""
    node = one_layer(x, verb)
    return _swept(node, node, Catchments(verb, node.grid.ncol, points=tuple(cells)))


def _swept(node: Node, argument: Node, method: SweepMethod) -> SpatRaster:
    layers = (node.layers[0].number(),)
    return raster(Sweep(grid=node.grid, layers=layers, dtype=FLOAT64, argument=argument, method=method))


@dataclass(frozen=True)
class Numbered:
    """Numbers of pits where there are some, else 0; missing where there is no direction."""

    def __call__(self, numbers: Array, directions: Array) -> Array:
        return np.where(np.isnan(directions), np.nan, np.fmax(numbers, 0.0))  # 0 where there is no number


def pitfinder(x: SpatRaster, *, pits_on_boundary: bool = True) -> SpatRaster:
    """Pits, the cells that water does not leave.

    Parameters
    ----------
    x : SpatRaster
        Flow directions, as of ``terrain("flowdir")``: 1, 2, 4 ... 128 clockwise from the east, 0 for a pit.
    pits_on_boundary : bool
        Whether cells at the edge of the raster and beside missing cells count.

    Returns
    -------
    SpatRaster
        1, 2, ... in pits, neighbouring ones under one number; 0 elsewhere; missing where the direction is missing.

    Raises
    ------
    ArgumentError
        For more than one layer; for values that are no directions (when values are computed).

    See Also
    --------
    flow_accumulation, patches

    Notes
    -----
    Two cells that flow into each other are pits, too. terra's result is 0 where the direction is missing, and missing
    for pits on the boundary that do not count.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[1, 0, 16, 1, 16]]).pitfinder().values(drop=True)
    array([0., 1., 0., 2., 2.])
    """
    node = one_layer(x, "pitfinder")
    found = Halo(
        grid=node.grid, layers=(node.layers[0].number(),), dtype=FLOAT32, argument=node, rows=1, cols=1,
        kernel=Pits(bool(pits_on_boundary)), layerwise=False,
    )  # fmt: skip
    numbers = patches(raster(found), directions=8)._node
    return cells_raster([numbers, node], (node.layers[0].number(),), FLOAT64, Numbered())
