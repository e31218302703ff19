"""What lies around missing cells."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def extremes_around(values: Array, labels: Array, count: int, wrap: bool) -> Array:
    """The lowest and the highest value beside each group of missing cells.

    Parameters
    ----------
    values : array (row, col)
    labels : int array (row, col)
        Group of each missing cell, from 0; negative elsewhere.
    count : int
        How many groups there are.
    wrap : bool
        Whether the last column is next to the first.

    Returns
    -------
    float64 array (2, group)
        inf and -inf for a group that has no cell with a value beside it.
    """
    out = empty((2, count))
    for k in range(count):
        out[0, k], out[1, k] = np.inf, -np.inf
    nrow, ncol = labels.shape
    for i in range(nrow):
        for j in range(ncol):
            own = labels[i, j]
            if own < 0:
                continue
            for step in range(4):  # above, below, left, right
                r, c = i, j
                if step == 0:
                    r = i - 1
                elif step == 1:
                    r = i + 1
                elif step == 2:
                    c = j - 1
                else:
                    c = j + 1
                if wrap:
                    c = c % ncol
                if r < 0 or r >= nrow or c < 0 or c >= ncol or labels[r, c] >= 0:
                    continue
                value = float(values[r, c])
                out[0, own] = min(out[0, own], value)
                out[1, own] = max(out[1, own], value)
    return out
