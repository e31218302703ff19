"""How wide convex figures are: the narrowest strip between two parallel lines lies along one of the sides."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def across(xy: Array, first: Array, solid: Array) -> Array:
    """Both ends of the shortest way across each of several convex figures.

    Parameters
    ----------
    xy : float64 array (n, 2)
        Coordinates of one figure after the other; rings end where they begin.
    first : int64 array (figure + 1,)
        Where the coordinates of each begin.
    solid : bool array (figure,)
        Whether it has an area; others are of no width.

    Returns
    -------
    float64 array (figure, 2, 2) : the foot on a side and the point farthest from it, NaN for what is empty
    """
    found = np.full((len(solid), 2, 2), np.nan)
    for k in range(len(solid)):
        start, stop = first[k], first[k + 1] - 1
        if stop < start:
            continue
        if not solid[k]:
            for axis in range(2):
                found[k, 0, axis] = found[k, 1, axis] = xy[start, axis]
            continue
        least = np.inf
        for i in range(start, stop):
            dx, dy = xy[i + 1, 0] - xy[i, 0], xy[i + 1, 1] - xy[i, 1]
            length = np.hypot(dx, dy)
            dx, dy = dx / length, dy / length
            most, far = -1.0, start
            for j in range(start, stop):
                height = abs((xy[j, 1] - xy[i, 1]) * dx - (xy[j, 0] - xy[i, 0]) * dy)
                if height > most:
                    most, far = height, j
            if most < least:
                least = most
                along = (xy[far, 0] - xy[i, 0]) * dx + (xy[far, 1] - xy[i, 1]) * dy
                found[k, 0, 0], found[k, 0, 1] = xy[i, 0] + along * dx, xy[i, 1] + along * dy
                found[k, 1, 0], found[k, 1, 1] = xy[far, 0], xy[far, 1]
    return found
