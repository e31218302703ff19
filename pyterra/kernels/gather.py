"""Statistics of the cells that belong to something: to a geometry, to a zone."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Array: TypeAlias = npt.NDArray[Any]

VALID, MISSING, WEIGHT, SUM, MIN, MAX = range(6)
"""What is kept per group and layer: counts of values and of missing ones, weights, weighted sum, extremes."""


def empty_groups(groups: int, nlyr: int) -> Any:
    """What `add_cells` adds to: shape (6, group, layer)."""
    out = np.zeros((6, groups, nlyr))
    out[MIN], out[MAX] = np.inf, -np.inf
    return out


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
            out[WEIGHT, g, layer] += weight[i]
            out[SUM, g, layer] += weight[i] * value
            out[MIN, g, layer] = min(out[MIN, g, layer], value)
            out[MAX, g, layer] = max(out[MAX, g, layer], value)


def merge_groups(total: np.ndarray, groups: np.ndarray, part: np.ndarray) -> Any:
    """Add the statistics of some groups to those of all."""
    total[:MIN, groups] += part[:MIN]
    total[MIN, groups] = np.minimum(total[MIN, groups], part[MIN])
    total[MAX, groups] = np.maximum(total[MAX, groups], part[MAX])


def finish_groups(total: np.ndarray, fun: str, na_rm: bool) -> Any:
    """A statistic per group and layer: sum, mean, min, max, isNA or notNA; NaN where there is nothing."""
    if fun == "notNA":
        return total[VALID]
    if fun == "isNA":
        return total[MISSING]
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "sum": total[SUM],
            "mean": total[SUM] / total[WEIGHT],
            "min": total[MIN],
            "max": total[MAX],
        }[fun]
    nothing = total[VALID] == 0
    if not na_rm:
        nothing = nothing | (total[MISSING] > 0)
    return np.where(nothing, np.nan, found)
