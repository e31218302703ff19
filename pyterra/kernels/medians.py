"""The median of sorted numbers."""

from __future__ import annotations

from typing import Any

from pyterra.kernels._jit import exact_jit


@exact_jit
def of_sorted(ordered: Any) -> float:
    """The middle number, or the mean of the two in the middle.

    Parameters
    ----------
    ordered : ndarray of shape (at least 1,)
        Ascending, without missing ones.
    """
    n = ordered.size
    return (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
