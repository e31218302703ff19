"""Sums of products within windows, against numpy window by window."""

import numpy as np
import pytest

from pyterra.kernels.moments import correlation, least_squares, products

WEIGHTS = np.array([[1.0, 0.5, np.nan], [2.0, 3.0, 1.0], [np.nan, 1.0, 0.25]])


def block(missing=0.0):
    rng = np.random.default_rng(3)
    values = rng.normal(5, 2, (3, 8, 9))
    values[rng.random(values.shape) < missing] = np.nan
    return values


@pytest.mark.parametrize("na_rm", [True, False])
@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_products_are_those_of_numpy(na_rm, missing):
    padded = block(missing)
    count, means, sums = products(padded, WEIGHTS, na_rm)
    used = ~np.isnan(WEIGHTS)
    for i, j in np.ndindex(6, 7):
        cells, weights = padded[:, i : i + 3, j : j + 3][:, used], WEIGHTS[used]
        full = ~np.isnan(cells).any(axis=0)
        assert count[i, j] == full.sum()
        if not na_rm and not full.all():
            assert np.isnan(sums[:, :, i, j]).all()
            continue
        expected = np.average(cells[:, full], axis=1, weights=weights[full])
        apart = cells[:, full] - expected[:, None]
        np.testing.assert_allclose(means[:, i, j], expected, rtol=1e-12)
        np.testing.assert_allclose(sums[:, :, i, j], (apart * weights[full]) @ apart.T, rtol=1e-9, atol=1e-12)


def test_large_values_lose_no_digits():
    padded = block() + 1e7
    near = correlation(padded, np.ones((3, 3)), False)
    np.testing.assert_allclose(near, correlation(padded - 1e7, np.ones((3, 3)), False), atol=1e-6)


def test_coefficients_are_those_of_least_squares():
    padded = block()
    found = least_squares(padded, np.ones((3, 3)), False, intercept=True)
    y, a, b = padded[:, 2:5, 4:7].reshape(3, -1)
    expected = np.linalg.lstsq(np.column_stack([np.ones(9), a, b]), y, rcond=None)[0]
    np.testing.assert_allclose(found[:, 2, 4], expected, rtol=1e-9)
