"""Medians against numpy."""

import numpy as np

from pyterra.kernels import medians


def test_the_middle_or_the_mean_of_two():
    rng = np.random.default_rng(2)
    for n in (1, 2, 3, 8, 9):
        values = rng.normal(size=n)
        assert medians.of_sorted(np.sort(values)) == np.median(values)
