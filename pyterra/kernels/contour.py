"""Lines of equal value on a lattice of points, by marching squares, and how pieces are joined to lines."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.kernels._jit import empty, exact_jit, zeros

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
        Values at points. Of squares with one missing corner the triangle of the others holds a line; with more none does.
    x, y : float64 arrays of shapes (col,) and (row,)
        Where the points are.
    level : float

    Returns
    -------
    float64 array of shape (n, 2, 2)
        Start and end of each piece, (x, y). Where pieces meet, coordinates are the same bits.
    """
    upper, lower = z[:-1], z[1:]
    low, high = np.fmin(upper, lower), np.fmax(upper, lower)
    crossed = np.fmin(low[:, :-1], low[:, 1:]) <= level
    row, col = np.nonzero(crossed & (np.fmax(high[:, :-1], high[:, 1:]) > level))
    squares = _Squares(z, x, y, row, col)
    gaps = np.isnan(squares.corners).sum(axis=0)
    pieces = np.concatenate(
        [_of_squares(squares[gaps == 0], level), _of_triangles(squares[gaps == 1], level)]
    )
    return pieces[(pieces[:, 0] != pieces[:, 1]).any(axis=1)]


class _Squares:
    """Squares between four points: their corners from the upper left one on, clockwise."""

    def __init__(
        self, z: NDArray[np.float64], x: Points, y: Points, row: NDArray[np.intp], col: NDArray[np.intp]
    ) -> None:
        self._made_of = z, x, y, row, col
        self.corners = np.array([z[row, col], z[row, col + 1], z[row + 1, col + 1], z[row + 1, col]])
        left, right, top, bottom = x[col], x[col + 1], y[row], y[row + 1]
        self.places = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]).transpose(
            0, 2, 1
        )

    def __getitem__(self, chosen: NDArray[np.bool_]) -> _Squares:
        z, x, y, row, col = self._made_of
        return _Squares(z, x, y, row[chosen], col[chosen])

    def sides(self, level: float) -> NDArray[np.float64]:
        """Where the level lies on each side; from left to right and from top to bottom, so that squares agree."""
        ways = [self.crossing(one, other, level) for one, other in ((0, 1), (1, 2), (3, 2), (0, 3))]
        return np.array(ways)

    def crossing(self, one: Any, other: Any, level: float) -> NDArray[np.float64]:
        """Where the level lies between two corners."""
        each = np.arange(self.corners.shape[1])
        a, b = self.corners[one, each], self.corners[other, each]
        start, end = self.places[one, each], self.places[other, each]
        with np.errstate(invalid="ignore", divide="ignore"):
            share = ((level - a) / (b - a))[:, np.newaxis]
            return np.where(start == end, start, start + share * (end - start))


def _of_squares(squares: _Squares, level: float) -> NDArray[np.float64]:
    sides, corners = squares.sides(level), squares.corners
    case = sum((corner > level) * 2**i for i, corner in enumerate(corners))
    a, b, c, d = corners
    with np.errstate(invalid="ignore", divide="ignore"):
        middle = (a * c - b * d) / (a + c - b - d)  # where bilinear values neither rise nor fall
    # A saddle whose middle lies above is cut as the other one is.
    case = np.where(((case == 5) | (case == 10)) & (middle > level), 15 - case, case)
    found: list[Any] = []
    for number, pairs in (PAIRS | SADDLES).items():
        here = np.flatnonzero(case == number)
        found += [np.stack([sides[one, here], sides[other, here]], axis=1) for one, other in pairs]
    return np.concatenate(found)


def _of_triangles(squares: _Squares, level: float) -> NDArray[np.float64]:
    """Pieces in the triangle of the corners that are there: between two sides, or a side and the diagonal."""
    sides, corners = squares.sides(level), squares.corners
    each, gap = np.arange(corners.shape[1]), np.isnan(corners).argmax(axis=0)
    before, middle, after = (gap + 1) % 4, (gap + 2) % 4, (gap + 3) % 4  # clockwise
    diagonal = squares.crossing(before, after, level)
    first, second = sides[before, each], sides[middle, each]  # a side begins at the corner of its number
    is_above = corners > level
    low, mid, top = (is_above[corner, each] for corner in (before, middle, after))
    ends = [
        ((low == top) & (mid != low), first, second),
        ((mid == top) & (low != mid), first, diagonal),
        ((low == mid) & (top != mid), second, diagonal),
    ]
    return np.concatenate([np.stack([one[here], other[here]], axis=1) for here, one, other in ends])


@exact_jit
def _chains(ends: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Points in the order of lines, and the line of each; `ends` (n, 2) are the points of pieces, 0 to `count` - 1."""
    n = len(ends)
    first = zeros(count + 1, np.int64)
    for k in range(n):
        first[ends[k, 0] + 1] += 1
        first[ends[k, 1] + 1] += 1
    for point in range(count):
        first[point + 1] += first[point]
    at, pieces = first[:-1].copy(), empty(2 * n, np.int64)
    for k in range(n):
        for side in range(2):
            pieces[at[ends[k, side]]] = k
            at[ends[k, side]] += 1
    used = zeros(n, np.bool_)
    points, lines = empty(2 * n, np.int64), empty(2 * n, np.int64)
    size, line = 0, 0
    for rings in range(2):  # first what begins where lines end or meet, then what is left
        for start in range(count):
            if rings == 0 and first[start + 1] - first[start] == 2:
                continue
            for begin in range(first[start], first[start + 1]):
                piece, point = pieces[begin], start
                if used[piece]:
                    continue
                points[size], lines[size] = point, line
                size += 1
                while True:
                    used[piece] = True
                    point = ends[piece, 1] if ends[piece, 0] == point else ends[piece, 0]
                    points[size], lines[size] = point, line
                    size += 1
                    if point == start or first[point + 1] - first[point] != 2:
                        break
                    both = pieces[first[point]]
                    piece = pieces[first[point] + 1] if both == piece else both
                line += 1
    return points[:size], lines[:size]


def joined(pieces: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Pieces joined where two of them end in the same point, and no more than two.

    Parameters
    ----------
    pieces : float64 array of shape (n, 2, 2)
        Start and end of each piece, (x, y).

    Returns
    -------
    points : float64 array of shape (m, 2)
        The points of all lines; rings end where they begin.
    lines : int64 array of shape (m,)
        The line of each point, from 0.
    """
    ends = np.ascontiguousarray(pieces).view(np.complex128)[..., 0]
    points, numbers = np.unique(ends, return_inverse=True)
    order, lines = _chains(numbers.reshape(-1, 2), len(points))
    return np.column_stack([points.real, points.imag])[order], lines
