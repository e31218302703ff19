"""Waves of a year fitted to the series of each cell by least squares, if need be without heed of outliers."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit
from pyterra.kernels.equations import solve
from pyterra.kernels.medians import of_sorted

Doubles: TypeAlias = npt.NDArray[np.float64]

ROUNDS = 10
"""Fits at most, where outliers count less each time."""
TUKEY = 4.685
"""Scales of the residuals from which on a value counts nothing: 95 % of the efficiency of least squares."""
CONSISTENT = 0.6745
"""Median of the absolute values of standard normal numbers."""


def design(years: Doubles, waves: int, trend: bool) -> Doubles:
    """A column per coefficient: 1, years from the middle if there is a trend, then cosine and sine of each wave.

    Parameters
    ----------
    years : ndarray of shape (layer,)
        When each layer was, in years.
    waves : int
        The first goes once round in a year, the second twice, and so on.
    trend : bool
    """
    columns = [np.ones_like(years)]
    if trend:
        columns.append(years - years.mean())
    for k in range(1, waves + 1):
        columns += [np.cos(2 * np.pi * k * years), np.sin(2 * np.pi * k * years)]
    return np.column_stack(columns)


@exact_jit
def fit(values: Any, weights: Any, design: Any, robust: bool, out: Any) -> None:
    """Coefficients of each cell, by least squares.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    weights : ndarray of shape (layer, cell) or (layer, 1)
        What values count.
    design : ndarray of shape (layer, coefficient)
    robust : bool
        Fit again with Tukey's biweights of the residuals until they change no more.
    out : ndarray of shape (coefficient, cell)
        Missing where the values do not tell all coefficients.
    """
    layers, width = design.shape
    system = empty((width, width + 1))
    share, left, sizes = empty(layers), empty(layers), empty(layers)
    for c in range(values.shape[1]):
        count = 0
        for i in range(layers):
            w = weights[i, c if weights.shape[1] > 1 else 0]
            known = (values[i, c] == values[i, c]) & (w > 0)
            share[i] = w if known else 0.0
            count += known
        for a in range(width):
            out[a, c] = np.nan
        if count < width:
            continue
        for _ in range(ROUNDS if robust else 1):
            system[:] = 0.0
            for i in range(layers):
                if share[i] > 0:
                    for a in range(width):
                        for b in range(a, width):
                            system[a, b] += share[i] * design[i, a] * design[i, b]
                        system[a, width] += share[i] * design[i, a] * values[i, c]
            if not solve(system):
                break
            for a in range(width):
                out[a, c] = system[a, width]
            if not robust or count <= width:
                break
            n = 0
            for i in range(layers):
                w = weights[i, c if weights.shape[1] > 1 else 0]
                if (values[i, c] == values[i, c]) & (w > 0):
                    left[i] = values[i, c]
                    for a in range(width):
                        left[i] -= system[a, width] * design[i, a]
                    sizes[n] = abs(left[i])
                    n += 1
            scale = of_sorted(np.sort(sizes[:n])) / CONSISTENT
            if not scale > 0:
                break
            changed = 0.0
            for i in range(layers):
                w = weights[i, c if weights.shape[1] > 1 else 0]
                if (values[i, c] == values[i, c]) & (w > 0):
                    far = left[i] / (TUKEY * scale)
                    new = w * (1 - far * far) ** 2 if abs(far) < 1 else 0.0
                    changed = max(changed, abs(new - share[i]))
                    share[i] = new
            if changed < 1e-6:
                break
