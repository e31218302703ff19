"""Cells whose corners do not tell their footprint: torn apart, at the edge of a map, or close to a pole."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]


@inner_jit
def _far(a: float, b: float, limit: float, period: float) -> bool:
    step = abs(a - b)
    return bool(min(step, abs(period - step)) > limit)


@exact_jit
def _odd(
    rows: Array, cols: Array, row_limit: float, col_limit: float, period: float, empty: bool, out: Array
) -> None:
    for y in range(out.shape[0]):
        for x in range(out.shape[1]):
            known = 0
            for i in range(1, 3):
                for j in range(1, 3):
                    known += np.isfinite(rows[y + i, x + j])
            if known == 4:
                for k in range(4):
                    i, j = (1, 1, 2, 2)[k], (1, 2, 2, 1)[k]
                    m, n = (1, 2, 2, 1)[k], (2, 2, 1, 1)[k]
                    if _far(rows[y + i, x + j], rows[y + m, x + n], row_limit, np.inf) or _far(
                        cols[y + i, x + j], cols[y + m, x + n], col_limit, period
                    ):
                        out[y, x] = True
            elif known:
                out[y, x] = True
            else:
                out[y, x] = empty
                for i in range(4):
                    for j in range(4):
                        if np.isfinite(rows[y + i, x + j]):
                            out[y, x] = True


def odd_cells(corners: Array, limit: tuple[float, ...], period: float, empty: bool) -> Array:
    """Whether the footprints of cells need a closer look.

    Parameters
    ----------
    corners : float64 ndarray of shape (2, m + 3, n + 3)
        Rows and columns in the source of the corners of m by n cells, with one more on every side.
    limit : (float, float)
        Rows and columns between two corners beyond which a cell is looked at.
    period : float
        Columns once around the earth; infinite where there is no such thing.
    empty : bool
        Look at all cells without a corner on the map, not only at those beside others.

    Returns
    -------
    bool ndarray of shape (m, n)
    """
    out = np.zeros((corners.shape[1] - 3, corners.shape[2] - 3), np.bool_)
    _odd(corners[0], corners[1], limit[0], limit[1], period, empty, out)
    return out
