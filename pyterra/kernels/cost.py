"""Least accumulated cost of travel over a friction surface, within a strip whose neighbours are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]

AT_ONCE = 2**18
"""Cells that are left before Ctrl-C is looked for; some 0.2 s of a strip beyond the caches."""
WORTH_WHILE = 0.5
"""Passes go on while each changes fewer cells than this share of what the one before did."""


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


@inner_jit
def _closer(cost: float, origin: int, than: float, other: int) -> bool:
    """Whether a cost is less, or as much from a target of a smaller number."""
    return cost < than or (cost == than and origin < other)


@exact_jit
def begin(
    friction: Array,
    target: Array,
    outside: Array,
    beyond: Array,
    high: Array,
    slant: Array,
    wrap: bool,
    first: int,
) -> Any:
    """What is known before the first cell is left: targets, and what comes over the borders of the strip.

    Parameters
    ----------
    friction, target, outside, beyond, high, slant, wrap, first
        As for `accumulate`.

    Returns
    -------
    (cost, origin, heap, place, n) : the cost of each cell of the strip and of the poles, the target it comes from (no
        values where nobody asks), the cells that are still to be left as a heap of n cells, and where each cell stands
        in it
    """
    nrow, ncol = friction.shape
    size = nrow * ncol
    cost = np.full(size + 2, np.inf)  # the poles last
    track = beyond.size > 0
    origin = np.full(size + 2 if track else 0, -1, np.int64)
    heap, place = np.empty(size + 2, np.int64), np.full(size + 2, -1, np.int64)
    n = 0
    for cell in range(nrow * ncol):
        if target[cell // ncol, cell % ncol]:
            cost[cell] = 0.0
            if track:
                origin[cell] = first + cell
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
                if track:
                    if _closer(new, beyond[side, j], cost[cell], origin[cell]):
                        cost[cell], origin[cell] = new, beyond[side, j]
                        n = push(heap, cost, place, n, cell)
                elif new < cost[cell]:
                    cost[cell] = new
                    n = push(heap, cost, place, n, cell)
    return cost, origin, heap, place, n


@inner_jit
def _reach(
    heap: Array, cost: Array, origin: Array, place: Array, n: int, cell: int, other: int, new: float
) -> int:
    """Let a cell have the cost of the way from another one, where that is less; the new size of the heap."""
    if origin.size == 0:
        if new < cost[other]:
            cost[other] = new
            return push(heap, cost, place, n, other)
    elif _closer(new, origin[cell], cost[other], origin[other]):
        cost[other], origin[other] = new, origin[cell]
        return push(heap, cost, place, n, other)
    return n


@exact_jit
def spread(
    friction: Array,
    cost: Array,
    origin: Array,
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
    cost, origin, heap, place, n
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
                n = _reach(heap, cost, origin, place, n, cell, other, new)
            continue
        i, j = cell // ncol, cell % ncol
        for side in range(2):
            if i == (0 if side == 0 else nrow - 1):
                new = cost[cell] + flat[cell] * poles[side]
                n = _reach(heap, cost, origin, place, n, cell, size + side, new)
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
                n = _reach(heap, cost, origin, place, n, cell, other, new)
    return n


@exact_jit
def pass_over(
    friction: Array,
    cost: Array,
    origin: Array,
    wide: Array,
    high: Array,
    slant: Array,
    wrap: bool,
    upward: bool,
) -> int:
    """Let every cell have the least cost by way of the four neighbours that come before it; how many cells changed.

    Parameters
    ----------
    cost, origin
        From `begin`; they are changed.
    friction, wide, high, slant, wrap
        As for `accumulate`.
    upward : whether cells come from the last to the first
    """
    nrow, ncol = friction.shape
    flat = friction.ravel()
    step = -1 if upward else 1
    track, changed = origin.size > 0, 0
    for k in range(nrow):
        i = nrow - 1 - k if upward else k
        r = i - step
        for m in range(ncol):
            j = ncol - 1 - m if upward else m
            cell = i * ncol + j
            own = flat[cell]
            if own != own:
                continue
            least = cost[cell]
            found = origin[cell] if track else -1
            for side in range(4):
                row, c = (i, j - step) if side == 3 else (r, j + side - 1)
                if wrap:
                    c = c % ncol
                if row < 0 or row >= nrow or c < 0 or c >= ncol:
                    continue
                other = row * ncol + c
                if flat[other] != flat[other]:
                    continue
                between = i + 1 if upward else i
                length = wide[i] if side == 3 else high[between] if side == 1 else slant[between]
                new = cost[other] + (flat[other] + own) / 2.0 * length
                if track:
                    if new < np.inf and _closer(new, origin[other], least, found):
                        least, found = new, origin[other]
                elif new < least:
                    least = new
            if least < cost[cell] or (track and found != origin[cell]):
                changed += 1
                cost[cell] = least
                if track:
                    origin[cell] = found
    return changed


@exact_jit
def unsettled(
    friction: Array,
    cost: Array,
    origin: Array,
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
    cost, origin, heap, place
        From `begin`; the heap is changed.
    friction, wide, high, slant, poles, wrap
        As for `accumulate`.
    """
    nrow, ncol = friction.shape
    flat = friction.ravel()
    track, n = origin.size > 0, 0
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
            new = cost[cell] + (flat[cell] + flat[other]) / 2.0 * length
            wanted = new < cost[other] or (track and new == cost[other] and origin[cell] < origin[other])
        if wanted:
            n = push(heap, cost, place, n, cell)
    return n


def accumulate(
    friction: Array,
    target: Array,
    outside: Array,
    beyond: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
    first: int = 0,
    between: Callable[[], None] = lambda: None,
) -> tuple[Array, Array]:
    """Cost to the nearest target from every cell of a strip, infinite where there is no way; and which target it is.

    A step costs the mean friction of its two cells times their distance. Passes over the rows down and up find the ways
    over open ground, in a time that does not grow with the number of targets; what they leave, such as the ways through
    a maze, Dijkstra's algorithm finds with a binary heap. The sums along a way begin at its target, so neither the
    passes nor cutting the rows into strips change a bit. Of targets equally near the one with the smallest number
    counts.

    Parameters
    ----------
    friction : float64 array (row, col); NaN where there is no way, 0 at targets
    target : bool array (row, col)
    outside : float64 array (4, col): friction and cost of the row above, friction and cost of the row below;
        NaN friction where there is none
    beyond : int64 array (2, col): nearest targets of the row above and of the row below; without columns where nobody
        asks which target is the nearest
    wide : float64 array (row,); distance to a neighbour in the same row
    high, slant : float64 arrays (row + 1,); distance to the row above and to its diagonal neighbours, for each row
        and the row below the last
    poles : float64 array (2,); distance from the first row to a pole above it, and from the last to one below, over
        which all cells of the row are next to each other; NaN where there is none
    wrap : whether the last column is next to the first
    first : number of the first cell of the strip
    between : called once for some 100,000 cells; may raise, where the result is not wanted any more

    Returns
    -------
    cost : float64 array (row, col)
    nearest : int64 array (row, col), -1 where there is no way; without rows where nobody asks
    """
    cost, origin, heap, place, n = begin(friction, target, outside, beyond, high, slant, wrap, first)
    inside = slice(0, friction.size)
    if n > 0:
        place[heap[:n]] = -1
        left = friction.size
        while True:
            before, left = left, 0
            for upward in (False, True):
                between()
                left += pass_over(friction, cost, origin, wide, high, slant, wrap, upward)
            if left == 0 or left > before * WORTH_WHILE:
                break
        between()
        n = unsettled(friction, cost, origin, heap, place, wide, high, slant, poles, wrap)
    while n > 0:
        between()
        n = spread(friction, cost, origin, heap, place, n, AT_ONCE, wide, high, slant, poles, wrap)
    return cost[inside].reshape(friction.shape), origin[inside].reshape(-1, friction.shape[1])
