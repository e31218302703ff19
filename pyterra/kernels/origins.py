"""Which target the cheapest way from each cell of a strip leads to, once its costs are known."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, span

Array: TypeAlias = npt.NDArray[Any]


@exact_jit
def entries(
    friction: Array, cost: Array, outside: Array, beyond: Array, high: Array, slant: Array, wrap: bool
) -> tuple[Array, Array]:
    """Cells of a strip whose cheapest way leads over its borders, and the targets there, both int64 (n,).

    Parameters
    ----------
    friction, cost, outside, beyond, high, slant, wrap
        As for `origins`.
    """
    nrow, ncol = friction.shape
    cells, targets = empty(6 * ncol, np.int64), empty(6 * ncol, np.int64)
    n = 0
    for side in range(2):
        row, edge = (0, 0) if side == 0 else (nrow - 1, nrow)
        for j in range(ncol):
            if beyond[side, j] < 0:
                continue
            for right in range(-1, 2):
                col = (j + right) % ncol if wrap else j + right
                if col < 0 or col >= ncol:
                    continue
                length = high[edge] if right == 0 else slant[edge]
                new = outside[2 * side + 1, j] + (outside[2 * side, j] + friction[row, col]) / 2.0 * length
                if new == cost[row * ncol + col]:
                    cells[n], targets[n] = row * ncol + col, beyond[side, j]
                    n += 1
    return span(cells, 0, n), span(targets, 0, n)


@exact_jit
def flood(
    friction: Array,
    cost: Array,
    starts: Array,
    targets: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
) -> Array:
    """Give each target to all cells whose cheapest way leads to it and that have none yet.

    Parameters
    ----------
    starts, targets : int64 arrays (n,); cells and their targets, in the order of the targets
    friction, cost, wide, high, slant, poles, wrap
        As for `origins`.

    Returns
    -------
    int64 array (cell + 2,), -1 where there is no way; the poles last
    """
    nrow, ncol = friction.shape
    size = nrow * ncol
    flat = friction.ravel()
    origin, waiting = np.full(size + 2, -1, np.int64), empty(size + 2, np.int64)
    for k in range(starts.size):
        if origin[starts[k]] >= 0:
            continue
        origin[starts[k]], waiting[0] = targets[k], starts[k]
        n = 1
        while n > 0:
            n -= 1
            cell = waiting[n]
            pole = cell - size
            i, j = (0 if pole == 0 else nrow - 1, 0) if pole >= 0 else (cell // ncol, cell % ncol)
            beside = ncol if pole >= 0 else 10
            for side in range(beside):
                if pole >= 0:
                    other = i * ncol + side
                    new = cost[cell] + flat[other] * poles[pole]
                elif side > 8 or side == 4:  # the poles take the place of the cell itself
                    above = side == 4
                    if i != (0 if above else nrow - 1):
                        continue
                    other = size if above else size + 1
                    new = cost[cell] + flat[cell] * poles[other - size]
                else:
                    row, col = i + side // 3 - 1, j + side % 3 - 1
                    if wrap:
                        col = col % ncol
                    if row < 0 or row >= nrow or col < 0 or col >= ncol:
                        continue
                    other = row * ncol + col
                    between = max(i, row)
                    length = wide[i] if row == i else high[between] if side % 3 == 1 else slant[between]
                    new = cost[cell] + (flat[cell] + flat[other]) / 2.0 * length
                if new == cost[other] and origin[other] < 0:
                    origin[other] = targets[k]
                    waiting[n] = other
                    n += 1
    return origin


def origins(
    friction: Array,
    target: Array,
    cost: Array,
    outside: Array,
    beyond: Array,
    wide: Array,
    high: Array,
    slant: Array,
    poles: Array,
    wrap: bool,
    first: int,
) -> Array:
    """The target that each cell of a strip reaches at the least cost, of several the one with the smallest number.

    Targets spread in the order of their numbers, each over all cells whose cost is that of a way to it; so each cell is
    taken once, and by the smallest.

    Parameters
    ----------
    cost : float64 array (cell + 2,); as of `cost.accumulate`
    beyond : int64 array (2, col): nearest targets of the row above and of the row below, -1 for none
    first : number of the first cell of the strip
    friction, target, outside, wide, high, slant, poles, wrap
        As for `cost.accumulate`.

    Returns
    -------
    int64 array (row, col), -1 where there is no way
    """
    own = np.flatnonzero(target)
    cells, numbers = entries(friction, cost, outside, beyond, high, slant, wrap)
    starts, targets = np.concatenate([own, cells]), np.concatenate([own + first, numbers])
    order = np.argsort(targets, kind="stable")
    found = flood(friction, cost, starts[order], targets[order], wide, high, slant, poles, wrap)
    return found[: friction.size].reshape(friction.shape)
