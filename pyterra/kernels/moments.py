"""Sums of products within moving windows, and what follows: correlation, least squares.

All is arithmetic over whole arrays, one cell of the window after the other, so that a cell's result has the same bits in
every block; products are those of differences from the mean of the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]

TOLERANCE = 1e-11
"""Share of the variance of a predictor that others must leave unexplained, lest it counts as a copy of them."""


def _shifted(padded: Array, weights: Array) -> Iterator[tuple[float, Array]]:
    """Weight and values (layer, row, col) for each used cell of the window."""
    h, w = weights.shape
    nrow, ncol = padded.shape[1] - h + 1, padded.shape[2] - w + 1
    for i, j in np.argwhere(~np.isnan(weights)):
        yield float(weights[i, j]), padded[:, i : i + nrow, j : j + ncol]


def products(padded: Array, weights: Array, na_rm: bool, centre: bool = True) -> tuple[Array, Array, Array]:
    """Weighted means of layers within windows, and sums of products of the differences from them.

    Parameters
    ----------
    padded : array (layer, row + h - 1, col + w - 1)
    weights : array (h, w); NaN where a cell is not used
    na_rm : leave out cells where any layer is missing; else one makes the result missing
    centre : take differences from the mean; else the values themselves

    Returns
    -------
    count : float64 array (row, col); cells that count
    means : float64 array (layer, row, col); 0 without `centre`
    sums : float64 array (layer, layer, row, col)
    """
    n = len(padded)
    shape = padded.shape[1] - weights.shape[0] + 1, padded.shape[2] - weights.shape[1] + 1
    count, total, means = np.zeros(shape), np.zeros(shape), np.zeros((n, *shape))
    for weight, values in _shifted(padded, weights):
        valid = ~np.isnan(values).any(axis=0)
        count += valid
        total += weight * valid
        if centre:
            means += np.where(valid, values, 0.0 if na_rm else np.nan) * weight
    if centre:
        with np.errstate(invalid="ignore", divide="ignore"):
            means /= total
    sums = np.zeros((n, n, *shape))
    for weight, values in _shifted(padded, weights):
        valid = ~np.isnan(values).any(axis=0)
        apart = np.where(valid, values - means, 0.0 if na_rm else np.nan)
        for i in range(n):
            for j in range(i, n):
                sums[i, j] += weight * apart[i] * apart[j]
    for i in range(n):
        for j in range(i):
            sums[i, j] = sums[j, i]
    return count, means, sums


def correlation(padded: Array, weights: Array, na_rm: bool) -> Array:
    """Pearson's correlation of the first two layers within windows; NaN where one of them does not vary."""
    _, _, sums = products(padded[:2], weights, na_rm)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = sums[0, 1] / np.sqrt(sums[0, 0] * sums[1, 1])
    found[~np.isfinite(found)] = np.nan
    result: Array = np.clip(found, -1.0, 1.0)
    return result


def least_squares(padded: Array, weights: Array, na_rm: bool, intercept: bool) -> Array:
    """Coefficients of the regression of the first layer on the others within windows.

    Returns
    -------
    float64 array (coefficient, row, col): the intercept first, where there is one. NaN where there are fewer cells than
    coefficients, or a predictor follows from others.
    """
    count, means, sums = products(padded, weights, na_rm, centre=intercept)
    p = len(padded) - 1
    matrix, right = sums[1:, 1:].copy(), sums[1:, 0].copy()
    least = TOLERANCE * np.abs(np.array([matrix[i, i] for i in range(p)])) if p else np.empty(0)
    ok = count >= p + intercept
    with np.errstate(invalid="ignore", divide="ignore"):
        for i in range(p):  # the matrix is symmetric and not negative: its pivots are its diagonal
            ok &= matrix[i, i] > least[i]
            for k in range(i + 1, p):
                factor = matrix[k, i] / matrix[i, i]
                matrix[k] -= factor * matrix[i]
                right[k] -= factor * right[i]
        slopes = np.empty((p, *count.shape))
        for i in range(p - 1, -1, -1):
            known = sum((matrix[i, k] * slopes[k] for k in range(i + 1, p)), np.zeros(count.shape))
            slopes[i] = (right[i] - known) / matrix[i, i]
        found = slopes
        if intercept:
            level = means[0] - sum((slopes[i] * means[i + 1] for i in range(p)), np.zeros(count.shape))
            found = np.concatenate([level[None], slopes])
    return np.where(ok, found, np.nan)
