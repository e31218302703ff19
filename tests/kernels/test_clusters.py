"""The nearest of some centres, against all distances at once."""

import numpy as np

from pyterra.kernels.clusters import grouped


def test_rows_belong_to_the_nearest_centre_and_are_added_up():
    rng = np.random.default_rng(2)
    rows, centers = rng.normal(size=(50, 3)), rng.normal(size=(4, 3))
    nearest, size, sums = grouped(rows, centers)
    expected = ((rows[:, None] - centers) ** 2).sum(axis=2).argmin(axis=1)
    assert (nearest == expected).all()
    assert (size == np.bincount(expected, minlength=4)).all()
    np.testing.assert_allclose(sums, [rows[expected == k].sum(axis=0) for k in range(4)], rtol=1e-12)


def test_of_two_equally_near_the_first_counts_and_missing_values_belong_to_none():
    nearest, size, _ = grouped(np.array([[1.0], [np.nan], [5.0]]), np.array([[0.0], [2.0]]))
    assert nearest.tolist() == [0, -1, 1]
    assert size.tolist() == [1, 1]
