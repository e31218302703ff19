"""Least accumulated cost of travel over a friction surface, within a strip whose neighbours are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit
from pyterra.kernels.passes import pass_over

Array: TypeAlias = npt.NDArray[Any]

AT_ONCE = 2**18
"""Cells that are left before Ctrl-C is looked for; some 0.2 s of a strip beyond the caches."""
WORTH_WHILE = 24
"""Times that passes may look at each row; what takes more is a maze, and Dijkstra's algorithm is faster there."""


@inner_jit
def push(heap: Array, key: Array, place: Array, n: int, cell: int) -> int:
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
def pop(heap: Array, key: Array, place: Array, n: int) -> int:
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
def begin(
    friction: Array, target: Array, outside: Array, high: Array, slant: Array, wrap: bool
) -> tuple[Array, Array, Array, int]:
    """What is known before the first cell is left: targets, and what comes over the borders of the strip.

    Parameters
    ----------
    friction, target, outside, high, slant, wrap
        As for `accumulate`.

    Returns
    -------
    (cost, heap, place, n) : the cost of each cell of the strip and of the poles, the cells that are still to be left as a
        heap of n cells, and where each cell stands in it
    """
    nrow, ncol = friction.shape
    size = nrow * ncol
    cost = np.full(size + 2, np.inf)  # the poles last
    heap, place = empty(size + 2, np.int64), np.full(size + 2, -1, np.int64)
    n = 0
    for cell in range(nrow * ncol):
        if target[cell // ncol, cell % ncol]:
            cost[cell] = 0.0
            n = push(heap, cost, place, n, cell)
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
                    n = push(heap, cost, place, n, cell)
    return cost, heap, place, n


@exact_jit
def spread(
    friction: Array,
    cost: Array,
    heap: Array,
    place: Array,
    n: int,
    most: int,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
) -> int:
    """Leave the `most` cells of the least cost towards their neighbours; how many are still to be left.

    Parameters
    ----------
    cost, heap, place, n
        From `begin`; they are changed.
    friction, wide, high, slant, poles, wrap
        As for `accumulate`.
    """
    nrow, ncol = friction.shape
    size = nrow * ncol
    flat = friction.ravel()
    while n > 0 and most > 0:
        most -= 1
        cell = pop(heap, cost, place, n)
        n -= 1
        if cell >= size:
            start = 0 if cell == size else size - ncol
            for other in range(start, start + ncol):
                new = cost[cell] + flat[other] * poles[cell - size]
                if new < cost[other]:
                    cost[other] = new
                    n = push(heap, cost, place, n, other)
            continue
        i, j = cell // ncol, cell % ncol
        for side in range(2):
            if i == (0 if side == 0 else nrow - 1):
                new = cost[cell] + flat[cell] * poles[side]
                if new < cost[size + side]:
                    cost[size + side] = new
                    n = push(heap, cost, place, n, size + side)
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
                if down == 0:
                    length = wide[i]
                else:
                    between = max(i, r)
                    length = high[between] if right == 0 else slant[between]
                new = cost[cell] + (flat[cell] + flat[other]) / 2.0 * length
                if new < cost[other]:  # never where there is no way
                    cost[other] = new
                    n = push(heap, cost, place, n, other)
    return n


@exact_jit
def unsettled(
    friction: Array,
    cost: Array,
    heap: Array,
    place: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
) -> int:
    """Put cells into the heap from which a neighbour can be reached at less cost than it has; how many.

    Parameters
    ----------
    cost, heap, place
        From `begin`; the heap is changed.
    friction, wide, high, slant, poles, wrap
        As for `accumulate`.
    """
    nrow, ncol = friction.shape
    flat = friction.ravel()
    n = 0
    for cell in range(nrow * ncol):
        if cost[cell] == np.inf:
            continue
        i, j = cell // ncol, cell % ncol
        wanted = (i == 0 and poles[0] == poles[0]) or (i == nrow - 1 and poles[1] == poles[1])
        for side in range(9):
            if wanted:
                break
            row, c = i + side // 3 - 1, j + side % 3 - 1
            if wrap:
                c = c % ncol
            if row < 0 or row >= nrow or c < 0 or c >= ncol or side == 4:
                continue
            other = row * ncol + c
            between = max(i, row)
            length = wide[i] if row == i else high[between] if side % 3 == 1 else slant[between]
            wanted = cost[cell] + (flat[cell] + flat[other]) / 2.0 * length < cost[other]
        if wanted:
            n = push(heap, cost, place, n, cell)
    return n


def _pass(
    friction: Array,
    cost: Array,
    wide: Array,
    high: Array,
    slant: Array,
    wrap: bool,
    between: Callable[[], None],
) -> bool:
    """Spread costs by passes down and up, as long as that is worth while; whether nothing is left to do."""
    nrow = len(friction)
    stale, looked, upward = np.ones((2, nrow), np.bool_), 0, False
    while stale.any() and looked < WORTH_WHILE * nrow:
        between()
        looked += int(stale[int(upward)].sum())
        pass_over(friction, cost, wide, high, slant, wrap, upward, stale)
        upward = not upward
    return not stale.any()


def accumulate(
    friction: Array,
    target: Array,
    outside: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
    between: Callable[[], None] = lambda: None,
) -> Array:
    """Cost to the nearest target from every cell of a strip, infinite where there is no way.

    A step costs the mean friction of its two cells times their distance. Passes over the rows down and up find the ways
    over open ground, in a time that does not grow with the number of targets; what they leave, such as the ways through
    a maze, Dijkstra's algorithm finds with a binary heap. The sums along a way begin at its target, so neither the
    passes nor cutting the rows into strips change a bit.

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
    between : called once for some 100,000 cells; may raise, where the result is not wanted any more

    Returns
    -------
    float64 array (cell + 2,) : the cells of the strip, and the poles above and below
    """
    if not target.any() and np.isnan(outside[::2]).all():  # nothing to go to
        return np.full(friction.size + 2, np.inf)
    cost, heap, place, n = begin(friction, target, outside, high, slant, wrap)
    if n > 0:
        place[heap[:n]] = -1
        n = 0
        cells = cost[: friction.size].reshape(friction.shape)
        if not _pass(friction, cells, wide, high, slant, wrap, between) or (poles == poles).any():
            between()
            n = unsettled(friction, cost, heap, place, wide, high, slant, poles, wrap)
    while n > 0:
        between()
        n = spread(friction, cost, heap, place, n, AT_ONCE, wide, high, slant, poles, wrap)
    found: Array = cost
    return found
