"""The smoother of Whittaker along the frames of each cell: near the values, and smooth.

Of a series y with weights w it finds the z that minimises ``sum w (y - z)^2 + lambda sum (D z)^2``, with D the
differences of order d: the solution of ``(W + lambda D'D) z = W y``, a system of 2 d + 1 diagonals. It is factorised as
``L P L'``, with a lower triangle L of ones and a diagonal P, where rows of L have three elements at most: of lower orders
some of them are zero.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit, inner_jit
from pyterra.kernels.lanes import WIDTH

Doubles: TypeAlias = npt.NDArray[np.float64]

ORDER = 3
"""The highest order of differences."""

CELLS = WIDTH
"""Cells that are solved side by side: those of the narrowest tile, so that all lanes are used there."""

FIELDS = 11
"""Numbers that are held for each frame of a cell."""

_CELLS = np.uint64(CELLS)
_WEIGHT, _VALUE, _CURVE, _BEST, _PIVOT, _RIGHT1, _RIGHT2, _RIGHT3, _INVERSE0, _INVERSE1, _INVERSE2 = (
    np.uint64(CELLS * field) for field in range(FIELDS)
)
# _PIVOT is the inverse of P; _RIGHT are elements of P L' right of its diagonal, _INVERSE those of the system's inverse.
_FRAME = np.uint64(CELLS * FIELDS)
# All that is held for a frame lies together, at distances that the compiler knows and counted by numbers without a sign:
# else it would not take cells by the vector (598 frames, ns a value: 8, with signs 45).


def penalty(frames: int, order: int) -> Doubles:
    """The diagonals of ``D'D``: element [k, j] is that of row j and column j + k.

    Parameters
    ----------
    frames : int
        More than `order`.
    order : int
        Of the differences, at most `ORDER`.

    Returns
    -------
    ndarray of shape (ORDER + 1, frames)
    """
    step = np.array([1.0])
    for _ in range(order):
        step = np.convolve(step, [-1.0, 1.0])
    out = np.zeros((ORDER + 1, frames))
    for a in range(order + 1):
        for b in range(a, order + 1):
            out[b - a, a : a + frames - order] += step[a] * step[b]
    return out


@inner_jit
def _lay(values: Any, weights: Any, frames: Any, first: int, work: Any, known: Any) -> None:
    """Lay out values and weights of some cells in their frames, and count the values of each."""
    work[:] = 0.0
    known[:] = 0
    cells = min(CELLS, values.shape[1] - first)
    for i in range(frames.size):
        here = np.uint64(frames[i] + ORDER) * _FRAME
        for c in range(cells):
            v = values[i, first + c]
            w = weights[i, first + c if weights.shape[1] > 1 else 0]
            if (v == v) & (w > 0):
                work[here + _WEIGHT + np.uint64(c)] = w
                work[here + _VALUE + np.uint64(c)] = v
                known[c] += 1


@inner_jit
def _solve(work: Any, bands: Any, strength: float) -> None:
    """Factorise the system and solve it: down through the frames, and up again."""
    count = bands.shape[1]
    for j in range(count):
        here = np.uint64(j + ORDER) * _FRAME
        one, two, three = here - _FRAME, here - _FRAME - _FRAME, here - _FRAME - _FRAME - _FRAME
        s0, s1, s2, s3 = bands[0, j], bands[1, j], bands[2, j], bands[3, j]
        for c in range(_CELLS):
            a1, a2, a3 = work[one + _RIGHT1 + c], work[one + _RIGHT2 + c], work[one + _RIGHT3 + c]
            b2, b3 = work[two + _RIGHT2 + c], work[two + _RIGHT3 + c]
            c3 = work[three + _RIGHT3 + c]
            l1, l2, l3 = (
                a1 * work[one + _PIVOT + c],
                b2 * work[two + _PIVOT + c],
                c3 * work[three + _PIVOT + c],
            )
            weight = work[here + _WEIGHT + c]
            work[here + _PIVOT + c] = 1.0 / (weight + strength * s0 - l1 * a1 - l2 * b2 - l3 * c3)
            work[here + _RIGHT1 + c] = strength * s1 - l1 * a2 - l2 * b3
            work[here + _RIGHT2 + c] = strength * s2 - l1 * a3
            work[here + _RIGHT3 + c] = strength * s3
            work[here + _CURVE + c] = (
                weight * work[here + _VALUE + c]
                - l1 * work[one + _CURVE + c]
                - l2 * work[two + _CURVE + c]
                - l3 * work[three + _CURVE + c]
            )
    for j in range(count - 1, -1, -1):
        here = np.uint64(j + ORDER) * _FRAME
        one, two, three = here + _FRAME, here + _FRAME + _FRAME, here + _FRAME + _FRAME + _FRAME
        for c in range(_CELLS):
            work[here + _CURVE + c] = work[here + _PIVOT + c] * (
                work[here + _CURVE + c]
                - work[here + _RIGHT1 + c] * work[one + _CURVE + c]
                - work[here + _RIGHT2 + c] * work[two + _CURVE + c]
                - work[here + _RIGHT3 + c] * work[three + _CURVE + c]
            )


@inner_jit
def _left_out(work: Any, count: int, errors: Any) -> None:
    """How far values are from the curve of all others: squares, weighted and summed.

    That curve follows from what a value counts for its own smoothed one: the diagonal of ``(W + lambda D'D)^-1 W``.
    """
    for j in range(count - 1, -1, -1):
        here = np.uint64(j + ORDER) * _FRAME
        one, two, three = here + _FRAME, here + _FRAME + _FRAME, here + _FRAME + _FRAME + _FRAME
        for c in range(_CELLS):
            pivot = work[here + _PIVOT + c]
            l1, l2 = work[here + _RIGHT1 + c] * pivot, work[here + _RIGHT2 + c] * pivot
            l3 = work[here + _RIGHT3 + c] * pivot
            a0, a1, a2 = work[one + _INVERSE0 + c], work[one + _INVERSE1 + c], work[one + _INVERSE2 + c]
            b0, b1 = work[two + _INVERSE0 + c], work[two + _INVERSE1 + c]
            i1 = -(l1 * a0 + l2 * a1 + l3 * a2)
            i2 = -(l1 * a1 + l2 * b0 + l3 * b1)
            i3 = -(l1 * a2 + l2 * b1 + l3 * work[three + _INVERSE0 + c])
            work[here + _INVERSE0 + c] = pivot - (l1 * i1 + l2 * i2 + l3 * i3)
            work[here + _INVERSE1 + c] = i1
            work[here + _INVERSE2 + c] = i2
    errors[:] = 0.0
    for j in range(count):
        here = np.uint64(j + ORDER) * _FRAME
        for c in range(_CELLS):
            weight = work[here + _WEIGHT + c]
            off = work[here + _VALUE + c] - work[here + _CURVE + c]
            off /= 1.0 - work[here + _INVERSE0 + c] * weight
            errors[c] += weight * off * off if weight > 0.0 else 0.0


@inner_jit
def _keep_better(work: Any, count: int, errors: Any, least: Any) -> None:
    """Keep the curves of cells whose error is the least so far.

    As few values as the curve needs have no error: any lambda will do.
    """
    better = empty(_CELLS, np.bool_)
    for c in range(_CELLS):
        better[c] = (errors[c] < least[c]) | (least[c] != least[c])
        least[c] = errors[c] if better[c] else least[c]
    for j in range(count):
        here = np.uint64(j + ORDER) * _FRAME
        for c in range(_CELLS):
            work[here + _BEST + c] = work[here + _CURVE + c] if better[c] else work[here + _BEST + c]


@exact_jit
def smooth(values: Any, weights: Any, frames: Any, strengths: Any, order: int, bands: Any, out: Any) -> None:
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
        Of the differences.
    bands : ndarray of shape (ORDER + 1, frame)
        See `penalty`.
    out : ndarray of shape (layer, cell)
        Missing where fewer than `order` values are there.
    """
    count, several = bands.shape[1], strengths.size > 1
    work = empty(np.uint64(count + 2 * ORDER) * _FRAME)
    known, errors, least = empty(_CELLS, np.int64), empty(_CELLS), empty(_CELLS)
    for first in range(0, values.shape[1], CELLS):
        _lay(values, weights, frames, first, work, known)
        for c in range(_CELLS):
            least[c] = np.nan
            if known[c] < order:  # a system without a solution would make numbers that are none
                for j in range(count):
                    work[np.uint64(j + ORDER) * _FRAME + _WEIGHT + c] = 1.0
        for strength in strengths:
            _solve(work, bands, strength)
            if several:
                _left_out(work, count, errors)
                _keep_better(work, count, errors, least)
        field = _BEST if several else _CURVE
        for i in range(frames.size):
            here = np.uint64(frames[i] + ORDER) * _FRAME + field
            for c in range(min(CELLS, values.shape[1] - first)):
                out[i, first + c] = work[here + np.uint64(c)] if known[c] >= order else np.nan
