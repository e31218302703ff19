"""select_highest: the cells with the highest values of all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Array, Node, Sweep, select
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.plan import Gathering
from pyterra.raster.build import FLOAT32, node_of, raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class Highest:
    """1 for the cells with the highest values; of equal ones the first."""

    count: int
    low: bool

    temporaries: float = 32.0
    strip_cells: ClassVar[int] = 1 << 20

    def begin(self, node: Node, strips: Sequence[Window]) -> Any:
        """Nothing is known."""

    def survey(self, block: Array, window: Window, state: Any) -> Array:
        """The highest values of a strip, in no order."""
        values = block.reshape(-1).astype(np.float64)
        values = values[~np.isnan(values)]
        return self._highest(-values if self.low else values)

    def _highest(self, values: Array) -> Array:
        if values.size <= self.count:
            return values
        return np.partition(values, values.size - self.count)[values.size - self.count :]

    def update(self, state: Any, found: Sequence[tuple[Window, Array]]) -> tuple[Any, Sequence[Window]]:
        """The lowest of those that are chosen, and for each strip how many cells with that value are chosen."""
        best = self._highest(np.concatenate([part for _, part in found]))
        limit = best.min() if best.size else np.inf
        left, shares = int((best == limit).sum()), {}
        for window, part in found:
            shares[window.row] = left
            left -= min(left, int((part == limit).sum()))
        return (limit, shares), ()

    def values(self, block: Array, window: Window, state: Any) -> Array:
        """1 for cells that are chosen."""
        limit, shares = state
        flat = block.reshape(-1).astype(np.float64)
        flat = -flat if self.low else flat
        chosen = flat > limit
        chosen[np.flatnonzero(flat == limit)[: shares[window.row]]] = True
        return np.where(chosen, 1.0, np.nan).reshape(block.shape)


def select_highest(x: SpatRaster, n: int, *, low: bool = False) -> SpatRaster:
    """The cells with the highest values.

    Parameters
    ----------
    x : SpatRaster
        The first layer counts.
    n : int
        How many cells; of cells with equal values the first are taken.
    low : bool
        Take the lowest values.

    Returns
    -------
    SpatRaster
        1 for these cells; the others are missing.

    Raises
    ------
    ArgumentError
        Where `n` is below 1.
    MemoryBudgetError
        Where so many values do not fit the memory budget.

    See Also
    --------
    where_max : Gives the numbers of the cells with the highest value.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast([[4, 9, 7]]).select_highest(2).values(drop=True).tolist()
    [nan, 1.0, 1.0]
    """
    node = select(node_of(x, "select_highest"), [0])
    if n < 1:
        raise ArgumentError(f"select_highest: n must be 1 or more, got {n}")
    Gathering("select_highest", "values", 24.0, "ask for fewer").check(min(n, node.grid.cells))
    layers = tuple(layer.number() for layer in node.layers)
    method = Highest(int(n), low)
    return raster(Sweep(grid=node.grid, layers=layers, dtype=FLOAT32, argument=node, method=method))
