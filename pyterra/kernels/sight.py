"""What can be seen from a place: heights that just show over the land between, row by row away from the observer.

References
----------
Wang, Robinson and White 2000, Generating viewsheds without using sightlines, Photogrammetric Engineering and Remote
Sensing 66: 87-90.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]


@inner_jit
def _along(steps: int, height: float) -> float:
    """The sight line over a height one step nearer, as high as it is after so many steps."""
    return height * steps / (steps - 1)


@inner_jit
def _across(few: int, many: int, corner: float, beside: float) -> float:
    """The plane through the eye and two heights one step nearer, where a cell lies `few` and `many` steps away."""
    if few == many:
        return _along(few, corner)
    return (corner * few + beside * (many - few)) / (many - 1)


@exact_jit
def heights_in_sight(land: Array, row: int, col: int, before: Array) -> Any:
    """The least height at which a thing shows at each cell of a strip, all relative to the eye.

    Parameters
    ----------
    land : float64 array (row, col); heights relative to the eye; NaN where they are not known, which hides nothing
    row, col : cell of the observer; the row counts from the first of the strip, and may lie outside of it
    before : float64 array (col,); `skyline` of the row next to the strip on the side of the observer, where he is outside

    Returns
    -------
    need : float64 array (row, col); minus infinity where nothing lies between
    skyline : float64 array (2, col); what hides behind the first and the last row: the greater of land and `need`
    """
    nrow, ncol = land.shape
    need = np.full((nrow, ncol), -np.inf)
    sky = empty((nrow, ncol))
    for i in range(nrow):
        for j in range(ncol):
            sky[i, j] = land[i, j] if land[i, j] == land[i, j] else -np.inf
    if 0 <= row < nrow:
        for side in (-1, 1):
            j = col + 2 * side
            while 0 <= j < ncol:
                need[row, j] = _along(abs(j - col), sky[row, j - side])
                sky[row, j] = max(sky[row, j], need[row, j])
                j += side
    for way in (-1, 1):
        i = row + way
        if i < 0 and way == 1:
            i = 0
        if i >= nrow and way == -1:
            i = nrow - 1
        while 0 <= i < nrow:
            down = abs(i - row)
            nearer = sky[i - way] if 0 <= i - way < nrow else before
            if down > 1:
                need[i, col] = _along(down, nearer[col])
                sky[i, col] = max(sky[i, col], need[i, col])
            for side in (-1, 1):
                j = col + side
                while 0 <= j < ncol:
                    right = abs(j - col)
                    if right > 1 or down > 1:
                        if right >= down:
                            need[i, j] = _across(down, right, nearer[j - side], sky[i, j - side])
                        else:
                            need[i, j] = _across(right, down, nearer[j - side], nearer[j])
                        sky[i, j] = max(sky[i, j], need[i, j])
                    j += side
            i += way
    ends = empty((2, ncol))
    for j in range(ncol):
        ends[0, j], ends[1, j] = sky[0, j], sky[nrow - 1, j]
    return need, ends
