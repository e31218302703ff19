"""Statistics of the cells that belong to something: to a geometry."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import exact_jit

Array: TypeAlias = npt.NDArray[Any]

VALID, MISSING, MASS, SUM, MIN, MAX = range(6)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """What the cells seen so far say about each group and layer, for `finish`."""

    kept: Array
    """Counts of values and of missing ones, weights, weighted sums and extremes: shape (6, group, layer)."""

    @property
    def count(self) -> Array:
        return self.kept[VALID]

    @property
    def missing(self) -> Array:
        return self.kept[MISSING]

    @property
    def mass(self) -> Array:
        return self.kept[MASS]

    @property
    def sum(self) -> Array:
        return self.kept[SUM]

    @property
    def low(self) -> Array:
        return self.kept[MIN]

    @property
    def high(self) -> Array:
        return self.kept[MAX]


def empty_groups(groups: int, nlyr: int) -> Groups:
    """Groups that no cell was added to."""
    kept = np.zeros((6, groups, nlyr))
    kept[MIN], kept[MAX] = np.inf, -np.inf
    return Groups(kept)


@exact_jit
def add_cells(group: Array, cell: Array, weight: Array, block: Array, out: Array) -> None:
    """Add cells to their groups.

    Parameters
    ----------
    group, cell : int64 arrays of one length
        Group and position (row-major) of each cell.
    weight : float64 array
    block : array (layer, cell)
    out : float64 array (6, group, layer)
    """
    for layer in range(block.shape[0]):
        values = block[layer]
        for i in range(group.size):
            value, g = float(values[cell[i]]), group[i]
            if value != value:
                out[MISSING, g, layer] += 1.0
                continue
            out[VALID, g, layer] += 1.0
            out[MASS, g, layer] += weight[i]
            out[SUM, g, layer] += weight[i] * value
            out[MIN, g, layer] = min(out[MIN, g, layer], value)
            out[MAX, g, layer] = max(out[MAX, g, layer], value)


def merge_groups(total: Groups, groups: Array, part: Groups) -> None:
    """Add the statistics of some groups to those of all."""
    total.kept[:MIN, groups] += part.kept[:MIN]
    total.kept[MIN, groups] = np.minimum(total.kept[MIN, groups], part.kept[MIN])
    total.kept[MAX, groups] = np.maximum(total.kept[MAX, groups], part.kept[MAX])
