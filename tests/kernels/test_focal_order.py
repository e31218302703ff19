"""Median and mode of square windows."""

from __future__ import annotations

import numpy as np

from pyterra.kernels.focal import focal

NAN = np.nan


def block_of(rng, shape, dtype=np.float64, nan=0.2, classes=False):
    values = rng.integers(0, 5, shape) if classes else rng.normal(10, 20, shape)
    values = values.astype(dtype)
    values[rng.random(shape) < nan] = NAN
    return values


def test_focal_median_without_missing_values_equals_its_general_form():
    rng = np.random.default_rng(5)
    padded = block_of(rng, (1, 70, 70), np.float32, nan=0)
    padded[:, :35] = np.where(padded[:, :35] < 10, -0.0, 0.0)
    with_gap = padded.copy()
    with_gap[0, -1, -1] = NAN
    network = focal(padded, np.ones((3, 3)), "median")
    ranks = focal(with_gap, np.ones((3, 3)), "median", na_rm=True)
    assert network[0, :-1].tobytes() == ranks[0, :-1].tobytes()
