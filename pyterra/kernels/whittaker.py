"""The smoother of Whittaker along the frames of each cell: near the values, and smooth.

Of a series y with weights w it finds the z that minimises ``sum w (y - z)^2 + lambda sum (D z)^2``, with D the
differences of order d: the solution of ``(W + lambda D'D) z = W y``, a system of 2 d + 1 diagonals.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Doubles: TypeAlias = npt.NDArray[np.float64]


def penalty(frames: int, order: int) -> Doubles:
    """The diagonals of ``D'D``: element [k, j] is that of row j and column j + k.

    Parameters
    ----------
    frames : int
        More than `order`.
    order : int
        Of the differences.

    Returns
    -------
    ndarray of shape (order + 1, frames)
    """
    step = np.array([1.0])
    for _ in range(order):
        step = np.convolve(step, [-1.0, 1.0])
    out = np.zeros((order + 1, frames))
    for row in range(frames - order):
        for a in range(order + 1):
            for b in range(a, order + 1):
                out[b - a, row + a] += step[a] * step[b]
    return out


@exact_jit
def factorise(weights: Any, strength: Any, bands: Any, lower: Any, pivots: Any) -> None:
    """Factorise ``W + lambda D'D`` of each cell into a lower triangle, diagonals and its transpose.

    Parameters
    ----------
    weights : ndarray of shape (frame, cell)
    strength : ndarray of shape (cell,)
        Lambda.
    bands : ndarray of shape (order + 1, frame)
        See `penalty`.
    lower : ndarray of shape (order + 1, frame, cell)
        Gets in [m, j] the element of row j + m and column j, for m from 1.
    pivots : ndarray of shape (frame, cell)
    """
    order, (frames, cells) = bands.shape[0] - 1, weights.shape
    for j in range(frames):
        for c in range(cells):
            pivots[j, c] = weights[j, c] + strength[c] * bands[0, j]
        for k in range(1, min(order, j) + 1):
            for c in range(cells):
                pivots[j, c] -= lower[k, j - k, c] * lower[k, j - k, c] * pivots[j - k, c]
        for m in range(1, order + 1):
            for c in range(cells):
                lower[m, j, c] = strength[c] * bands[m, j]
            for k in range(1, min(order - m, j) + 1):
                for c in range(cells):
                    lower[m, j, c] -= lower[m + k, j - k, c] * lower[k, j - k, c] * pivots[j - k, c]
            for c in range(cells):
                lower[m, j, c] /= pivots[j, c]


@exact_jit
def solve(values: Any, weights: Any, lower: Any, pivots: Any, out: Any) -> None:
    """Solve the factorised system of each cell for its weighted values.

    Parameters
    ----------
    values, weights : ndarray of shape (frame, cell)
        Values are numbers everywhere; those without weight do not count.
    lower, pivots : ndarray
        See `factorise`.
    out : ndarray of shape (frame, cell)
    """
    order, (frames, cells) = lower.shape[0] - 1, values.shape
    for j in range(frames):
        for c in range(cells):
            out[j, c] = weights[j, c] * values[j, c]
        for k in range(1, min(order, j) + 1):
            for c in range(cells):
                out[j, c] -= lower[k, j - k, c] * out[j - k, c]
    for j in range(frames - 1, -1, -1):
        for c in range(cells):
            out[j, c] /= pivots[j, c]
        for k in range(1, min(order, frames - 1 - j) + 1):
            for c in range(cells):
                out[j, c] -= lower[k, j, c] * out[j + k, c]


@exact_jit
def leverage(weights: Any, lower: Any, pivots: Any, inverse: Any, out: Any) -> None:
    """What each frame counts for its own smoothed value: the diagonal of ``(W + lambda D'D)^-1 W``.

    Parameters
    ----------
    weights, lower, pivots : ndarray
        See `factorise`.
    inverse : ndarray of shape (order + 1, frame, cell)
        Working space: [m, j] is the element of the inverse of row j and column j + m.
    out : ndarray of shape (frame, cell)
    """
    order, (frames, cells) = lower.shape[0] - 1, weights.shape
    for j in range(frames - 1, -1, -1):
        reach = min(order, frames - 1 - j)
        for m in range(reach, -1, -1):
            for c in range(cells):
                inverse[m, j, c] = 1 / pivots[j, c] if m == 0 else 0.0
            for k in range(1, reach + 1):
                near, apart = min(k, m), abs(k - m)
                for c in range(cells):
                    inverse[m, j, c] -= lower[k, j, c] * inverse[apart, j + near, c]
        for c in range(cells):
            out[j, c] = inverse[0, j, c] * weights[j, c]


def smooth(
    values: Doubles,
    weights: Doubles,
    frames: npt.NDArray[np.int64],
    strengths: Doubles,
    order: int,
    out: Doubles,
    chosen: Doubles | None = None,
) -> None:
    """Smooth the series of each cell; of several lambdas take the one that predicts left-out values best.

    Parameters
    ----------
    values : ndarray of shape (layer, cell)
        Missing is NaN.
    weights : ndarray of shape (layer, cell) or (layer, 1)
        What values count.
    frames : ndarray of shape (layer,)
        Frame of each layer from 0, ascending.
    strengths : ndarray of shape (lambda,)
        Above 0.
    order : int
    out : ndarray of shape (layer, cell)
        Missing where fewer than `order` values are there.
    chosen : ndarray of shape (cell,), optional
        Gets the lambda of each cell.
    """
    there = ~np.isnan(values) & (weights > 0)
    count, cells = max(int(frames[-1]) + 1, order + 1), values.shape[1]
    laid, counts = np.zeros((count, cells)), np.zeros((count, cells))
    laid[frames] = np.where(there, values, 0)
    counts[frames] = np.where(there, weights, 0)
    few = there.sum(axis=0) < order
    counts[:, few] = 1.0  # any: what comes of them is missing
    bands = penalty(count, order)
    lower, pivots = np.zeros((order + 1, count, cells)), np.empty((count, cells))
    found, best, error = np.empty((count, cells)), np.empty((count, cells)), np.full(cells, np.nan)
    inverse, own = np.zeros_like(lower), np.empty((count, cells))
    for strength in strengths:
        factorise(counts, np.full(cells, strength), bands, lower, pivots)
        solve(laid, counts, lower, pivots, found)
        if len(strengths) == 1:
            best = found
            break
        leverage(counts, lower, pivots, inverse, own)
        left_out = np.zeros(cells)
        with np.errstate(divide="ignore", invalid="ignore"):
            for row in np.where(counts > 0, counts * ((laid - found) / (1 - own)) ** 2, 0):
                left_out += row  # numpy's sum adds in another order where there is one cell
        better = np.isnan(error) | (
            left_out < error
        )  # as few values as the curve needs have no error: any will do
        best[:, better] = found[:, better]
        error[better] = left_out[better]
        if chosen is not None:
            chosen[better] = strength
    out[:] = best[frames]
    out[:, few] = np.nan
    if chosen is not None:
        chosen[few] = np.nan
        if len(strengths) == 1:
            chosen[~few] = strengths[0]
