"""Which of some centres is the nearest to each row of a table."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, zeros

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def grouped(rows: Array, centers: Array) -> tuple[Array, Array, Array]:
    """The nearest centre of each row, and what the rows of each add up to.

    Parameters
    ----------
    rows : float64 array (row, variable)
    centers : float64 array (cluster, variable)

    Returns
    -------
    nearest : int64 array (row,); of two equally near the first, -1 for rows with a missing value
    size : int64 array (cluster,); how many rows each has
    sums : float64 array (cluster, variable)
    """
    nearest = empty(len(rows), np.int64)
    size, sums = zeros(len(centers), np.int64), zeros(centers.shape)
    for i in range(len(rows)):
        group, least = -1, np.inf
        for k in range(len(centers)):
            far = 0.0
            for j in range(rows.shape[1]):
                far += (rows[i, j] - centers[k, j]) ** 2
            if far < least:
                group, least = k, far
        nearest[i] = group
        if group >= 0:
            size[group] += 1
            for j in range(rows.shape[1]):
                sums[group, j] += rows[i, j]
    return nearest, size, sums
