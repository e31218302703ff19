"""How probable a statistic is where there is nothing to find."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pyterra.kernels._jit import exact_jit, inner_jit

TERMS = 300
"""Terms of the continued fraction at most; for a million degrees of freedom it takes 200."""
TINY = 1e-300


@inner_jit
def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22), by the method of Lentz."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    found = d
    for m in range(1, TERMS):
        for odd in range(2):
            if odd:
                term = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0))
            else:
                term = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m))
            d = 1.0 + term * d
            d = 1.0 / (d if abs(d) > TINY else TINY)
            c = 1.0 + term / c
            c = c if abs(c) > TINY else TINY
            found *= c * d
        if abs(c * d - 1.0) < 1e-15:
            break
    return found


@exact_jit
def student(t: Any, freedom: Any, out: Any) -> None:
    """Probability that Student's t is as far from zero, on either side.

    Parameters
    ----------
    t, freedom, out : ndarray of shape (cell,)
        The statistic, its degrees of freedom, and the probability. Missing without a degree of freedom.
    """
    for k in range(t.size):
        v = freedom[k]
        if t[k] != t[k] or not v > 0:
            out[k] = np.nan
            continue
        if np.isinf(t[k]):
            out[k] = 0.0
            continue
        x = v / (v + t[k] * t[k])
        a, b = v / 2, 0.5
        front = (
            math.exp(
                math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
            )
            if 0 < x < 1
            else 0.0
        )
        if x < (a + 1) / (a + b + 2):
            out[k] = front * _fraction(a, b, x) / a
        else:
            out[k] = 1 - front * _fraction(b, a, 1 - x) / b


@exact_jit
def normal(z: Any, out: Any) -> None:
    """Probability that a standard normal number is as far from zero, on either side.

    Parameters
    ----------
    z, out : ndarray of shape (cell,)
    """
    for k in range(z.size):
        out[k] = math.erfc(abs(z[k]) / math.sqrt(2.0)) if z[k] == z[k] else np.nan
