"""Values held between limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit

Floats: TypeAlias = npt.NDArray[np.floating[Any]]


@exact_jit
def _hold(values: Floats, low: float, high: float, out: Floats) -> None:
    for k in range(values.size):
        value = np.float64(values[k])
        held = high if value > high else value
        out[k] = low if value < low else held


def hold(block: Floats, lower: Sequence[float], upper: Sequence[float], dtype: npt.DTypeLike) -> Floats:
    """Return values of which those beyond a limit are the limit; missing stays missing.

    Parameters
    ----------
    block : ndarray of shape (layer, row, col), float32 or float64
    lower, upper : sequences
        One limit per layer, or one for all; compared in float64.
    dtype : dtype
        Of the result.
    """
    block = np.ascontiguousarray(block)
    out = np.empty(block.shape, dtype)
    count = max(len(lower), len(upper))
    for layer, (values, target) in enumerate(zip(block, out, strict=True) if count > 1 else [(block, out)]):
        low, high = lower[layer % len(lower)], upper[layer % len(upper)]
        _hold(values.reshape(-1), float(low), float(high), target.reshape(-1))
    return out
