"""Local polynomials against scipy, numpy's fits, and least squares in three dimensions."""

from itertools import product

import numpy as np
import pytest
from scipy.signal import savgol_filter

from pyterra.kernels import savgol


@pytest.mark.parametrize(("width", "order"), [(5, 2), (7, 3), (3, 1)])
def test_whole_series_equal_scipy(width, order):
    values = np.random.default_rng(width).normal(size=(30, 5)).cumsum(axis=0)
    found = np.empty(values.shape)
    table = savgol.coefficients(width, order)
    savgol.smooth(values, np.ones((30, 1)), np.arange(30), table, order, found)
    np.testing.assert_allclose(found, savgol_filter(values, width, order, axis=0), atol=1e-10)


def test_around_gaps_the_polynomial_is_fitted_to_what_is_there():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(20, 3)).cumsum(axis=0)
    values[rng.random(values.shape) < 0.4] = np.nan
    weights, found = rng.random((20, 1)), np.empty(values.shape)
    savgol.smooth(values, weights, np.arange(20), savgol.coefficients(7, 2), 2, found)
    for c, i in product(range(3), range(20)):
        first = min(max(i - 3, 0), 13)
        x, v, w = np.arange(first, first + 7) - i, values[first : first + 7, c], weights[first : first + 7, 0]
        there = ~np.isnan(v)
        expected = np.nan
        if there.sum() >= 3:
            expected = np.polyval(np.polyfit(x[there], v[there], 2, w=np.sqrt(w[there])), 0)
        np.testing.assert_allclose(found[i, c], expected, rtol=1e-6, err_msg=f"{i} {c}")


def test_a_polynomial_of_three_variables_is_found_again():
    layer, row, col = np.indices((5, 8, 7), dtype=float)
    block = 1 + layer + row * col / 4 - col**2 / 9 + layer**2 * row / 50
    block[2, 3:5, 4] = np.nan
    box, exponents = savgol.coefficients_of_box((3, 5, 5), 3), savgol.terms(3)
    found = np.empty((5, 4, 3))
    savgol.smooth_box(block, box, exponents, found)
    expected = (1 + layer + row * col / 4 - col**2 / 9 + layer**2 * row / 50)[:, 2:-2, 2:-2]
    # A window of three layers does not tell a cubic of layers, but the others are there.
    inside = ~np.isnan(found)
    np.testing.assert_allclose(found[inside], expected[inside], atol=1e-8)
    assert box.sum() == pytest.approx(1)
