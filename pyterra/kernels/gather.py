"""Statistics of the cells that belong to something: to a geometry."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.frozen import dataclass
from pyterra.kernels._jit import exact_jit, inner_jit, zeros
from pyterra.kernels.burn import mark, reach

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
def add_covered(
    x: Array,
    y: Array,
    parts: Array,
    turns: Array,
    holes: Array,
    first: Array,
    boxes: Array,
    chosen: Array,
    rules: Array,
    polygon: bool,
    row: int,
    col: int,
    gridcols: int,
    block: Array,
    out: Array,
) -> None:
    """Add the cells of a block that geometries cover to what is kept of each.

    Parameters
    ----------
    x ... polygon, row, col, gridcols : as for `burn.list_cells`
    block : array (layer, row, col)
    out : float64 array (6, chosen geometry, layer)
    """
    nlyr, nrow, ncol = block.shape
    for i in range(chosen.size):
        g = chosen[i]
        top, height, left, width = reach(boxes[g], row, col, nrow, ncol, gridcols)
        if height == 0:
            continue
        weights = zeros((height, width))
        mark(
            x, y, parts, turns, holes, first[g], first[g + 1], polygon, np.int64(rules[g]), top, left, weights
        )
        for layer in range(nlyr):
            _add(weights, block[layer], top - row, left - col, out[:, i, layer])


@inner_jit
def _add(weights: Array, values: Array, top: int, left: int, kept: Array) -> None:
    """Add the cells of a matrix of weights, which begins at a row and a column of the values, or left of them."""
    valid, missing, mass, total = kept[VALID], kept[MISSING], kept[MASS], kept[SUM]
    low, high = kept[MIN], kept[MAX]
    for r in range(weights.shape[0]):
        for c in range(max(-left, 0), weights.shape[1]):
            weight = weights[r, c]
            if weight == 0.0:
                continue
            value = float(values[top + r, left + c])
            if value != value:
                missing += 1.0
                continue
            valid += 1.0
            mass += weight
            total += weight * value
            low, high = min(low, value), max(high, value)
    kept[VALID], kept[MISSING], kept[MASS], kept[SUM] = valid, missing, mass, total
    kept[MIN], kept[MAX] = low, high


def merge_groups(total: Groups, groups: Array, part: Groups) -> None:
    """Add the statistics of some groups to those of all."""
    total.kept[:MIN, groups] += part.kept[:MIN]
    total.kept[MIN, groups] = np.minimum(total.kept[MIN, groups], part.kept[MIN])
    total.kept[MAX, groups] = np.maximum(total.kept[MAX, groups], part.kept[MAX])
