"""One break in the regression of the series of each cell: where two fits leave least."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyterra.kernels._jit import empty, exact_jit, inner_jit
from pyterra.kernels.equations import solve


@inner_jit
def _left(gram: Any, across: Any, own: float, system: Any) -> float:
    """Sum of squares that a fit leaves, from its normal equations; NaN where they do not tell it."""
    p = across.size
    for a in range(p):
        for b in range(a, p):
            system[a, b] = gram[a, b]
        system[a, p] = across[a]
    if not solve(system):
        return np.nan
    told = 0.0
    for a in range(p):
        told += system[a, p] * across[a]
    return max(own - told, 0.0)


@inner_jit
def _sums(values: Any, design: Any, mean: float, first: int, last: int, gram: Any, across: Any) -> float:
    """Add the normal equations of some layers of a series; what is returned is the sum of its squares."""
    p, own = across.size, 0.0
    for i in range(first, last):
        if values[i] == values[i]:
            v = values[i] - mean
            own += v * v
            for a in range(p):
                across[a] += design[i, a] * v
                for b in range(a, p):
                    gram[a, b] += design[i, a] * design[i, b]
    return own


@exact_jit
def one_break(values: Any, design: Any, share: float, out: Any) -> None:
    """The break of each cell after which another fit holds, if two fits say more than one.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN. Layers are in the order of time.
    design : ndarray of shape (layer, coefficient)
    share : float
        Share of the values that a part must have at least.
    out : ndarray of shape (4, cell)
        The last layer before the break; how much higher the fit after it is there, half a layer later; the largest F of
        all places for a break; and how much the Bayesian criterion falls by it. Missing where there are too few values.
    """
    layers, p = design.shape
    whole, before, after = empty((p, p)), empty((p, p)), empty((p, p))
    across, left, right = empty(p), empty(p), empty(p)
    system, other = empty((p, p + 1)), empty((p, p + 1))
    for c in range(values.shape[1]):
        for k in range(4):
            out[k, c] = np.nan
        n, mean = 0, 0.0
        for i in range(layers):
            if values[i, c] == values[i, c]:
                n += 1
                mean += values[i, c]
        part = max(int(share * n), p + 1)
        if n < 2 * part:
            continue
        mean /= n
        whole[:] = 0.0
        across[:] = 0.0
        before[:] = 0.0
        left[:] = 0.0
        own = _sums(values[:, c], design, mean, 0, layers, whole, across)
        alone = _left(whole, across, own, system)
        so_far, m, best, where = 0.0, 0, np.inf, -1
        for i in range(layers - 1):
            so_far += _sums(values[:, c], design, mean, i, i + 1, before, left)
            m += int(values[i, c] == values[i, c])
            if m < part or n - m < part or values[i, c] != values[i, c]:
                continue
            for a in range(p):
                right[a] = across[a] - left[a]
                for b in range(a, p):
                    after[a, b] = whole[a, b] - before[a, b]
            rest = _left(before, left, so_far, system) + _left(after, right, own - so_far, other)
            if rest < best:
                best, where = rest, i
        if where < 0 or alone != alone:
            continue
        before[:] = 0.0
        left[:] = 0.0
        so_far = _sums(values[:, c], design, mean, 0, where + 1, before, left)
        _left(before, left, so_far, system)
        after[:] = 0.0
        right[:] = 0.0
        rest = _sums(values[:, c], design, mean, where + 1, layers, after, right)
        _left(after, right, rest, other)
        step = 0.0
        for a in range(p):
            step += (other[a, p] - system[a, p]) * (design[where, a] + design[where + 1, a]) / 2
        out[0, c] = where
        out[1, c] = step
        tiny = 1e-12 * own
        out[2, c] = (alone - best) / (max(best, tiny) / (n - 2 * p)) if own > 0 else 0.0
        out[3, c] = (
            n * math.log(max(alone, tiny) / max(best, tiny)) - math.log(n) * (p + 1) if own > 0 else 0.0
        )
