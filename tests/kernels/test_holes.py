"""Lowest and highest values around groups: a loop over pairs of cells is the oracle."""

import numpy as np
import pytest

from pyterra import kernels


@pytest.mark.parametrize("wrap", [False, True])
def test_extremes_are_those_of_all_neighbours(wrap):
    rng = np.random.default_rng(1)
    values = rng.integers(0, 9, (7, 6)).astype(float)
    labels = rng.integers(-2, 3, values.shape)
    values[labels >= 0] = np.nan
    expected = {}
    for i, j in np.argwhere(labels >= 0):
        for a, b in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
            b = b % 6 if wrap else b
            if 0 <= a < 7 and 0 <= b < 6 and labels[a, b] < 0:
                expected.setdefault(labels[i, j], []).append(values[a, b])
    found = kernels.holes.extremes_around(values, labels, 4, wrap)
    for k in range(3):
        assert found[:, k].tolist() == [min(expected[k]), max(expected[k])]
    assert found[:, 3].tolist() == [np.inf, -np.inf]
