"""Kernels on stored bytes, where a table of 256 entries does the work of arithmetic."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import exact_jit
from pyterra.kernels.reduce import Moments

Bytes: TypeAlias = npt.NDArray[np.uint8]

LANES = 4  # tables side by side: one alone waits for its own last addition wherever a value repeats


@exact_jit
def _count(stored: Bytes, counts: npt.NDArray[np.int64]) -> None:
    """Count the values of each layer, ``counts`` (layer, LANES, 256)."""
    for layer in range(stored.shape[0]):
        row, table = stored[layer], counts[layer]
        whole = row.size - row.size % LANES
        for k in range(0, whole, LANES):
            table[0, row[k]] += 1
            table[1, row[k + 1]] += 1
            table[2, row[k + 2]] += 1
            table[3, row[k + 3]] += 1
        for k in range(whole, row.size):
            table[0, row[k]] += 1


def byte_moments(stored: Bytes, nodata: int | None = None) -> Moments:
    """Return the partial statistics of stored bytes, exactly, from counts of their 256 values.

    Parameters
    ----------
    stored : uint8 ndarray of shape (layer, cell)
    nodata : int, optional
        The code for missing.

    Returns
    -------
    Moments
        As ``reduce.moments`` gives them; the product, which would be of no use, is NaN.
    """
    lanes = np.zeros((stored.shape[0], LANES, 256), np.int64)
    _count(np.ascontiguousarray(stored), lanes)
    counts: npt.NDArray[np.int64] = lanes.sum(axis=1)
    missing = np.zeros(len(counts), np.int64)
    if nodata is not None:
        missing = counts[:, nodata].copy()
        counts[:, nodata] = 0
    count = counts.sum(axis=1)
    values = np.arange(256.0)
    total = counts @ values
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
    deviation = (counts * (values - np.where(count > 0, mean, 0.0)[:, None]) ** 2).sum(axis=1)
    found = counts > 0
    fields: dict[str, Any] = {
        "low": np.where(count > 0, found.argmax(axis=1), np.inf),
        "high": np.where(count > 0, 255 - found[:, ::-1].argmax(axis=1), -np.inf),
    }
    return Moments(
        count=count,
        missing=missing,
        total=total,
        error=np.zeros(len(counts)),
        mean=mean,
        deviation=deviation,
        product=np.full(len(counts), np.nan),
        **fields,
    )
