"""Statistics over the footprint of each destination cell, for grids whose axes differ.

As in GDAL's warper, a footprint is the box in source cells that two opposite corners of the destination cell
span.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit
from pyterra.kernels.area import (
    AVERAGE,
    MAX,
    MIN,
    MODE,
    RMS,
    SLIVER,
    SUM,
    AreaFun,
    code_of,
    first_to_lead,
    rank,
)

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def _span(a: float, b: float, begin: int, n: int) -> tuple[float, float]:
    """Ordered ends in the block's cells, cut at its edges, snapped to whole cells; an empty span for NaN."""
    low, high = (a, b) if a < b else (b, a)
    if not (high > begin and low < begin + n):
        return 0.0, 0.0
    near = np.rint(low)
    low = near if abs(low - near) < SLIVER else low
    near = np.rint(high)
    high = near if abs(high - near) < SLIVER else high
    return max(low - begin, 0.0), min(high - begin, float(n))


@exact_jit
def _weigh(part: Array, top: float, bottom: float, left: float, right: float, what: int) -> float:
    """Average, sum, root mean square or extreme of a box of one layer."""
    total = mass = 0.0
    best = np.nan
    for i in range(int(top), int(np.ceil(bottom))):
        share = min(bottom, i + 1.0) - max(top, float(i))
        for j in range(int(left), int(np.ceil(right))):
            v = float(part[i, j])
            if v == v:
                w = share * (min(right, j + 1.0) - max(left, float(j)))
                total += w * (v * v if what == RMS else v)
                mass += w
                if best != best or (v < best if what == MIN else v > best):
                    best = v
    if what in (MIN, MAX):
        return best
    if not mass > 0:
        return np.nan
    if what == SUM:
        return total
    return np.sqrt(total / mass) if what == RMS else total / mass


@exact_jit
def _footprints(
    block: Array, rows: Array, cols: Array, row0: int, col0: int, what: int, size: int, out: Array
) -> None:
    """The statistic of every footprint; ``size`` bounds the cells of one."""
    nlyr, nrow, ncol = block.shape
    values = np.empty(size, block.dtype)
    ordered = np.empty(size, block.dtype)
    count = np.empty(size, np.int64)
    weighs = what in (AVERAGE, SUM, RMS, MIN, MAX)
    for y in range(out.shape[1]):
        for x in range(out.shape[2]):
            top, bottom = _span(rows[y, x], rows[y + 1, x + 1], row0, nrow)
            left, right = _span(cols[y, x], cols[y + 1, x + 1], col0, ncol)
            for layer in range(nlyr):
                part = block[layer]
                if weighs:
                    out[layer, y, x] = _weigh(part, top, bottom, left, right, what)
                    continue
                n = 0
                for i in range(int(top), int(np.ceil(bottom))):
                    for j in range(int(left), int(np.ceil(right))):
                        if part[i, j] == part[i, j]:
                            values[n] = part[i, j]
                            n += 1
                if n == 0:
                    out[layer, y, x] = np.nan
                    continue
                ordered[:n] = values[:n]
                ordered[:n].sort()
                if what == MODE:
                    out[layer, y, x] = first_to_lead(values[:n], ordered[:n], count)
                else:
                    out[layer, y, x] = ordered[rank(what, n)]


def footprint_stat(
    block: Array,
    rows: Array,
    cols: Array,
    fun: AreaFun = "average",
    *,
    origin: tuple[int, int] = (0, 0),
    out_dtype: npt.DTypeLike = np.float64,
) -> Array:
    """One statistic of the source cells under each destination cell.

    Parameters
    ----------
    block : float ndarray of shape (layer, row, col)
        Window of the source.
    rows, cols : float64 ndarray of shape (m + 1, n + 1)
        Positions of the destination cells' corners, in cells of the whole source. A NaN corner gives NaN.
    fun : str
        As for ``area.area_stat``.
    origin : tuple of int
        Row and column of the block's first cell in the whole source.
    out_dtype : dtype
        Sums are made in float64 whatever it is.

    Returns
    -------
    ndarray of shape (layer, m, n)
        NaN where no valid cell lies under.
    """
    rows, cols = np.asarray(rows, np.float64), np.asarray(cols, np.float64)
    out = np.empty((block.shape[0], rows.shape[0] - 1, rows.shape[1] - 1), out_dtype)
    tall = np.minimum(np.nan_to_num(np.abs(rows[1:, 1:] - rows[:-1, :-1]), posinf=np.inf), block.shape[1])
    wide = np.minimum(np.nan_to_num(np.abs(cols[1:, 1:] - cols[:-1, :-1]), posinf=np.inf), block.shape[2])
    size = int(((np.ceil(tall) + 1) * (np.ceil(wide) + 1)).max(initial=1))
    _footprints(block, rows, cols, origin[0], origin[1], code_of(fun), size, out)
    return out
