"""pitfiller: pits raised to where uplift, creep and running water are in balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Sweep, join
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.raster.build import FLOAT64, number, one_layer, raster, same_grid
from pyterra.raster.flow import flow_accumulation
from pyterra.raster.flow_dir import Downhill, Ways, shares, sizes

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True, eq=False, kw_only=True)
class Filled(Ways):
    """And the pits that have been raised."""

    round: int = 0
    settled: bool = False
    """Whether all ways are known, so that pits are looked for next."""
    cells: Array = field(default_factory=lambda: np.empty(0, np.int64))
    """Numbers of cells that have been raised, in order."""
    raised: Array = field(default_factory=lambda: np.empty(0))
    """Their heights."""


@dataclass(frozen=True, kw_only=True)
class PitFilling(Downhill):
    """Ways are followed, pits raised, again and again; only the raised cells are kept."""

    rounds: int
    given: bool
    """Whether the second and third layer have the pits and the cells upstream of the first round."""
    balance: tuple[float, ...]
    """Uplift, diffusion, erosion, and the exponent of the area."""

    def begin(self, node: Any, strips: Sequence[Window]) -> Filled:
        """No pit has been raised."""
        return Filled(tuple(strips), settled=self.given or len(strips) == 1)

    def survey(self, block: Array, window: Window, state: Filled) -> Any:  # type: ignore[override]
        """Heights of the outermost rows; what leaves by them; or pits and their new heights."""
        if not state.settled or not (state.heights or state.alone):
            return super().survey(self._heights(block, window, state)[None], window, state)
        return self._raise(block, window, state)

    def update(self, state: Filled, found: Sequence[tuple[Window, Any]]) -> tuple[Filled, Sequence[Window]]:  # type: ignore[override]
        """Borders, as long as they change; then the pits of all strips; then from the start."""
        if not state.settled or not (state.heights or state.alone):
            known, again = super().update(state, found)
            assert isinstance(known, Filled)
            return (known, again) if again else (replace(known, settled=True), state.strips)
        cells = np.concatenate([part[0] for _, part in found])
        raised = np.concatenate([part[1] for _, part in found])
        if not cells.size or self.rounds == 0:
            return state, ()
        kept = ~np.isin(state.cells, cells)
        cells, raised = np.append(state.cells[kept], cells), np.append(state.raised[kept], raised)
        order = np.argsort(cells)
        known = replace(state, round=state.round + 1, cells=cells[order], raised=raised[order], leaving={})
        heights = {row: self._patched_rows(part, row, known) for row, part in state.heights.items()}
        known = replace(known, heights=heights, settled=state.alone)
        return known, state.strips if known.round < self.rounds else ()

    def values(self, block: Array, window: Window, state: Filled) -> Array:  # type: ignore[override]
        """Heights of one strip, with its pits raised."""
        return self._heights(block, window, state)[None]

    def _heights(self, block: Array, window: Window, state: Filled) -> Array:
        heights = block[0].astype(np.float64)
        return self._patched(heights, window.row, state)

    def _patched(self, heights: Array, first: int, state: Filled) -> Array:
        """Whole rows from one on, with what has been raised of them."""
        start = first * self.grid.ncol
        low, high = np.searchsorted(state.cells, [start, start + heights.size])
        heights.ravel()[state.cells[low:high] - start] = state.raised[low:high]
        return heights

    def _patched_rows(self, rows: Array, first: int, state: Filled) -> Array:
        last = next(w.row_stop for w in state.strips if w.row == first) - 1
        ends = [self._patched(rows[[i]], row, state) for i, row in enumerate((first, last))]
        return np.concatenate(ends)

    def _raise(self, block: Array, window: Window, state: Filled) -> tuple[Array, Array]:
        """Numbers of the pits of a strip that rise, and their new heights."""
        padded, code, _, count = self._followed(self._heights(block, window, state), window, state)
        if self.given and state.round == 0:
            pits, upstream = block[1] > 0, block[2]
        else:
            pits, upstream = code[1:-1, 1:-1] == kernels.flow.PIT, count[1:-1, 1:-1]
        wide, high = sizes(self.grid)
        cells, found = [], []
        for i, j in np.argwhere(pits).tolist():
            w, h = wide[window.row + i], high[window.row + i]
            height = kernels.paths.raised(padded, i + 1, j + 1, w, h, upstream[i, j] * w * h, *self.balance)
            if height > padded[i + 1, j + 1]:  # not missing
                cells.append((window.row + i) * self.grid.ncol + j)
                found.append(height)
        return np.array(cells, np.int64), np.array(found, np.float64)


def pitfiller(
    x: SpatRaster,
    pit: SpatRaster | None = None,
    flowdir: SpatRaster | None = None,
    niter: int = 10,
    *,
    lambda_: float = 0,
    deviation_type: Literal["ltd", "lad"] = "lad",
    max_iters: int | None = None,
    U: float = 1,
    D: float = 300,
    beta: float = 0.9,
    theta_exp: float = 0.5,
) -> SpatRaster:
    """Heights without pits, each raised to where what it gains and what water takes away are in balance.

    Parameters
    ----------
    x : SpatRaster
        One layer of heights: in units of the CRS, or in metres where it is lon/lat.
    pit, flowdir : SpatRaster, optional
        Pits, above 0, as of `pitfinder`, and directions of flow, as of `flow_dir`; both or none. Without them, and
        after the first round, those of `flow_dir` are taken.
    niter : int
        How many rounds at most: raising a pit may make another one beside it.
    lambda_, deviation_type, max_iters
        As of `flow_dir`.
    U, D, beta, theta_exp : float
        Uplift, diffusion, erosion, and the exponent of the area that drains into the pit.

    Returns
    -------
    SpatRaster
        Heights; those of pits at the edge or beside missing cells stay.

    Raises
    ------
    ArgumentError
        For more than one layer, one of `pit` and `flowdir` alone, or numbers below 0.
    GridMismatchError
        Where `pit` or `flowdir` has other cells.

    See Also
    --------
    flow_dir, pitfinder

    Notes
    -----
    With the mean height of the eight neighbours m, the lowest one d at the distance l, the area A of all cells
    upstream, and the cell of the size dx by dy, the new height is the z of ``0 = U - beta A^theta (z - d) / l +
    4 D / (dx dy) (m - z)``. A is the number of cells times the size of the pit. All pits of a round are raised at once.
    Strips of rows tell each other what flows over their borders, so that rasters may be larger than memory.

    References
    ----------
    Grimaldi, S., Nardi, F., Di Benedetto, F., Istanbulluoglu, E. and Bras, R. L. (2007). A physically-based method for
    removing pits in digital elevation models. Advances in Water Resources 30, 2151-2158.

    Examples
    --------
    >>> import pyterra as pt
    >>> hole = pt.rast([[9, 9, 9], [9, 1, 5], [9, 9, 9]])
    >>> float(hole.pitfiller(U=0, D=0)[1, 1][0])
    5.0
    """
    nodes = [one_layer(x, "pitfiller")]
    if (pit is None) != (flowdir is None):
        raise ArgumentError("pitfiller: pit and flowdir come together, got one of them; give both or none")
    if pit is not None and flowdir is not None:
        upstream = flow_accumulation(flowdir)
        nodes += [one_layer(pit, "pitfiller", "pit"), one_layer(upstream, "pitfiller", "flowdir")]
        same_grid(nodes, "pitfiller")
    share, transversal = shares(lambda_, deviation_type, "pitfiller")
    named = {"niter": niter, "U": U, "D": D, "beta": beta, "theta_exp": theta_exp}
    rounds, *balance = (_not_below_0(value, name) for name, value in named.items())
    method = PitFilling(
        nodes[0].grid, share, transversal, rounds=int(rounds), given=len(nodes) > 1, balance=tuple(balance)
    )
    layers = (nodes[0].layers[0].number(),)
    return raster(
        Sweep(grid=nodes[0].grid, layers=layers, dtype=FLOAT64, argument=join(nodes), method=method)
    )


def _not_below_0(value: Any, name: str) -> float:
    found = number(value, f"pitfiller: {name}")
    if not found >= 0:
        raise ArgumentError(f"pitfiller: {name} must not be below 0, got {value!r}")
    return found
