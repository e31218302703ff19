"""Lines of equal value on a lattice of points, by marching squares."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

TOP, RIGHT, BOTTOM, LEFT = range(4)
PAIRS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((LEFT, TOP),), 2: ((TOP, RIGHT),), 3: ((LEFT, RIGHT),), 4: ((RIGHT, BOTTOM),), 6: ((TOP, BOTTOM),),
    7: ((LEFT, BOTTOM),), 8: ((BOTTOM, LEFT),), 9: ((BOTTOM, TOP),), 11: ((BOTTOM, RIGHT),), 12: ((RIGHT, LEFT),),
    13: ((RIGHT, TOP),), 14: ((TOP, LEFT),),
}  # fmt: skip
"""Which corners lie above (1 upper left, 2 upper right, 4 lower right, 8 lower left) -> sides that a line joins."""
SADDLES = {5: ((LEFT, TOP), (RIGHT, BOTTOM)), 10: ((TOP, RIGHT), (BOTTOM, LEFT))}
"""The same for two opposite corners, where the middle lies below; above, each stands for the other."""


def segments(z: NDArray[np.float64], x: Points, y: Points, level: float) -> NDArray[np.float64]:
    """Pieces of the lines on which bilinear values are a level.

    Parameters
    ----------
    z : float64 array of shape (row, col)
        Values at points; squares with a missing corner hold no line.
    x, y : float64 arrays of shapes (col,) and (row,)
        Where the points are.
    level : float

    Returns
    -------
    float64 array of shape (n, 2, 2)
        Start and end of each piece, (x, y). Where pieces meet, coordinates are the same bits.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        along = (level - z[:, :-1]) / (z[:, 1:] - z[:, :-1])
        down = (level - z[:-1]) / (z[1:] - z[:-1])
    across = np.stack([x[:-1] + along * np.diff(x), np.broadcast_to(y[:, None], along.shape)], axis=-1)
    upright = np.stack([np.broadcast_to(x, down.shape), y[:-1, None] + down * np.diff(y)[:, None]], axis=-1)
    sides = [across[:-1], upright[:, 1:], across[1:], upright[:, :-1]]
    corners = z[:-1, :-1], z[:-1, 1:], z[1:, 1:], z[1:, :-1]
    middle = sum(corners, np.zeros(corners[0].shape)) / 4
    case = sum((corner > level) * 2**i for i, corner in enumerate(corners))
    case = np.where(np.isnan(middle), 0, case)
    # A saddle whose middle lies above is cut as the other one is.
    turned = np.where(((case == 5) | (case == 10)) & (middle > level), 15 - case, case)
    found: list[Any] = []
    for number, pairs in (PAIRS | SADDLES).items():
        here = turned == number
        found += [np.stack([sides[a][here], sides[b][here]], axis=1) for a, b in pairs]
    pieces = np.concatenate(found) if found else np.empty((0, 2, 2))
    return pieces[(pieces[:, 0] != pieces[:, 1]).any(axis=1)]
