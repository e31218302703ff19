"""Least accumulated cost of travel over a friction surface, within a strip whose neighbours are known."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def _push(heap: Array, key: Array, place: Array, n: int, cell: int) -> int:
    """Put a cell into the heap, or move it up after its key fell; the new size."""
    i = place[cell]
    if i < 0:
        i = n
        n += 1
    while i > 0:
        up = (i - 1) >> 1
        if key[heap[up]] <= key[cell]:
            break
        heap[i] = heap[up]
        place[heap[i]] = i
        i = up
    heap[i] = cell
    place[cell] = i
    return n


@exact_jit
def _pop(heap: Array, key: Array, place: Array, n: int) -> int:
    """Take the least cell off the heap."""
    least = heap[0]
    place[least] = -1
    moved = heap[n - 1]
    n -= 1
    i = 0
    while n > 0:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and key[heap[child + 1]] < key[heap[child]]:
            child += 1
        if key[moved] <= key[heap[child]]:
            break
        heap[i] = heap[child]
        place[heap[i]] = i
        i = child
    if n > 0:
        heap[i] = moved
        place[moved] = i
    return least


@exact_jit
def accumulate(
    friction: Array,
    target: Array,
    outside: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
) -> Array:
    """Cost to the nearest target from every cell of a strip; infinite where there is no way.

    A step costs the mean friction of its two cells times their distance. Dijkstra's algorithm with a binary heap;
    the sums along a way begin at its target, so cutting the rows into strips does not change a bit.

    Parameters
    ----------
    friction : float64 array (row, col); NaN where there is no way, 0 at targets
    target : bool array (row, col)
    outside : float64 array (4, col): friction and cost of the row above, friction and cost of the row below;
        NaN friction where there is none
    wide : float64 array (row,); distance to a neighbour in the same row
    high, slant : float64 arrays (row + 1,); distance to the row above and to its diagonal neighbours, for each row
        and the row below the last
    poles : float64 array (2,); distance from the first row to a pole above it, and from the last to one below, over
        which all cells of the row are next to each other; NaN where there is none
    wrap : whether the last column is next to the first

    Returns
    -------
    float64 array (row, col)
    """
    nrow, ncol = friction.shape
    size = nrow * ncol
    cost = np.full(size + 2, np.inf)  # the poles last
    heap, place = np.empty(size + 2, np.int64), np.full(size + 2, -1, np.int64)
    flat = friction.ravel()
    n = 0
    for cell in range(nrow * ncol):
        if target[cell // ncol, cell % ncol]:
            cost[cell] = 0.0
            n = _push(heap, cost, place, n, cell)
    for side in range(2):
        row = 0 if side == 0 else nrow - 1
        up, diagonal = high[0 if side == 0 else nrow], slant[0 if side == 0 else nrow]
        for j in range(ncol):
            if outside[2 * side, j] != outside[2 * side, j] or outside[2 * side + 1, j] == np.inf:
                continue
            for step in range(-1, 2):
                c = j + step
                if wrap:
                    c = c % ncol
                if c < 0 or c >= ncol or friction[row, c] != friction[row, c]:
                    continue
                length = up if step == 0 else diagonal
                new = outside[2 * side + 1, j] + (outside[2 * side, j] + friction[row, c]) / 2.0 * length
                cell = row * ncol + c
                if new < cost[cell]:
                    cost[cell] = new
                    n = _push(heap, cost, place, n, cell)
    while n > 0:
        cell = _pop(heap, cost, place, n)
        n -= 1
        if cell >= size:
            start = 0 if cell == size else size - ncol
            for other in range(start, start + ncol):
                new = cost[cell] + flat[other] * poles[cell - size]
                if new < cost[other]:
                    cost[other] = new
                    n = _push(heap, cost, place, n, other)
            continue
        i, j = cell // ncol, cell % ncol
        for side in range(2):
            if i == (0 if side == 0 else nrow - 1):
                new = cost[cell] + flat[cell] * poles[side]
                if new < cost[size + side]:
                    cost[size + side] = new
                    n = _push(heap, cost, place, n, size + side)
        for down in range(-1, 2):
            r = i + down
            if r < 0 or r >= nrow:
                continue
            for right in range(-1, 2):
                c = j + right
                if wrap:
                    c = c % ncol
                if (down == 0 and right == 0) or c < 0 or c >= ncol:
                    continue
                other = r * ncol + c
                if flat[other] != flat[other]:
                    continue
                if down == 0:
                    length = wide[i]
                else:
                    between = max(i, r)
                    length = high[between] if right == 0 else slant[between]
                new = cost[cell] + (flat[cell] + flat[other]) / 2.0 * length
                if new < cost[other]:
                    cost[other] = new
                    n = _push(heap, cost, place, n, other)
    return cost[:size].reshape(nrow, ncol)
