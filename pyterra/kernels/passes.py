"""Passes over the rows of a strip, which spread least costs over open ground, all cells of a row at once."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit

Array: TypeAlias = npt.NDArray[Any]


@inner_jit
def _inside(
    ground: Array,
    beside: tuple[Array, Array, Array],
    costs: tuple[Array, Array, Array],
    own: Array,
    steps: Array,
) -> int:
    """Let cells have the least cost by way of three cells beside each of them; how many cells changed.

    No branches, so that several cells are done at once: what is not a number is never less.
    """
    left, middle, right = beside
    by_left, by_middle, by_right = costs
    straight, aslant = steps[0], steps[1]
    changed = 0
    for j in range(own.size):
        least = own[j]
        new = by_left[j] + (left[j] + ground[j]) / 2.0 * aslant
        least = new if new < least else least
        new = by_middle[j] + (middle[j] + ground[j]) / 2.0 * straight
        least = new if new < least else least
        new = by_right[j] + (right[j] + ground[j]) / 2.0 * aslant
        least = new if new < least else least
        changed += least < own[j]
        own[j] = least
    return changed


@inner_jit
def _from_row(friction: Array, cost: Array, i: int, row: int, steps: Array, wrap: bool) -> int:
    """Let the cells of a row have the costs of the ways from the row beside it; how many times a cell changed."""
    ncol = friction.shape[1]
    ground, there, own, by = friction[i], friction[row], cost[i], cost[row]
    inside, changed = 0, 0
    if ncol > 2:
        inside = ncol - 2
        changed = _inside(
            ground[1:-1], (there[:-2], there[1:-1], there[2:]), (by[:-2], by[1:-1], by[2:]), own[1:-1], steps
        )
    for m in range(ncol - inside):
        j = m if m == 0 else m + inside
        for right in range(-1, 2):
            col = (j + right) % ncol if wrap else j + right
            if col < 0 or col >= ncol:
                continue
            new = by[col] + (there[col] + ground[j]) / 2.0 * (steps[0] if right == 0 else steps[1])
            if new < own[j]:
                own[j] = new
                changed += 1
    return changed


@inner_jit
def _along_row(ground: Array, own: Array, wide: float, wrap: bool) -> int:
    """Let the cells of a row have the costs of the ways along it, there and back; how many times a cell changed."""
    ncol = own.size
    changed = 0
    for back in range(2):
        start, stop, step = (ncol - 1, -1, -1) if back else (0, ncol, 1)
        least, before = np.inf, 0.0
        for _ in range(2 if wrap else 1):  # a way round begins anywhere
            for j in range(start, stop, step):
                new = least + (before + ground[j]) / 2.0 * wide
                least, before = own[j], ground[j]
                if new < least:
                    least = new
                    own[j] = new
                    changed += 1
    return changed


@exact_jit
def pass_over(
    friction: Array,
    cost: Array,
    wide: Array,
    high: Array,
    slant: Array,
    wrap: bool,
    upward: bool,
    stale: Array,
) -> int:
    """Let every cell have the least cost by way of the row before it and along its own; how often a cell changed.

    Parameters
    ----------
    friction, cost : float64 arrays (row, col); costs are changed
    wide, high, slant, wrap
        As for `cost.accumulate`.
    upward : whether rows come from the last to the first
    stale : bool array (2, row); rows for which the row above, and the one below, has changed since they were looked at.
        It is changed; others are left alone.
    """
    nrow = friction.shape[0]
    step = -1 if upward else 1
    steps, total = empty(2), 0
    for k in range(nrow):
        i = nrow - 1 - k if upward else k
        if not stale[int(upward), i]:
            continue
        stale[int(upward), i] = False
        row, between = i - step, i + 1 if upward else i
        changed = 0
        if row >= 0 and row < nrow:
            steps[0], steps[1] = high[between], slant[between]
            changed = _from_row(friction, cost, i, row, steps, wrap)
        changed += _along_row(friction[i], cost[i], wide[i], wrap)
        if changed > 0:
            total += changed
            if i + 1 < nrow:
                stale[0, i + 1] = True
            if i > 0:
                stale[1, i - 1] = True
    return total
