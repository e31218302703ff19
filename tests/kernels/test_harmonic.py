"""Waves against numpy's least squares, and against a truth with outliers."""

import numpy as np

from pyterra.kernels import harmonic

YEARS = 2000 + np.arange(60) / 12
TRUTH = np.array([5, 0.1, 2, 1, 0.5, -0.2])


def made(missing=0.3):
    rng = np.random.default_rng(5)
    design = harmonic.design(YEARS, 2, True)
    values = np.stack([design @ TRUTH + rng.normal(0, 0.1, 60) for _ in range(4)], axis=1)
    values[rng.random(values.shape) < missing] = np.nan
    return design, values, rng.random(values.shape)


def test_coefficients_are_those_of_least_squares():
    design, values, weights = made()
    found = np.empty((6, 4))
    harmonic.fit(values, weights, design, False, found)
    for c in range(4):
        there = ~np.isnan(values[:, c])
        root = np.sqrt(weights[there, c])
        expected = np.linalg.lstsq(design[there] * root[:, None], values[there, c] * root, rcond=None)[0]
        np.testing.assert_allclose(found[:, c], expected, rtol=1e-8)


def test_outliers_do_not_draw_a_robust_curve():
    design, values, _ = made(0)
    values[7, 0], values[20, 0] = 60, -80
    plain, robust = np.empty((6, 4)), np.empty((6, 4))
    harmonic.fit(values, np.ones((60, 1)), design, False, plain)
    harmonic.fit(values, np.ones((60, 1)), design, True, robust)
    assert abs(plain[:, 0] - TRUTH).max() > 0.5
    assert abs(robust - TRUTH[:, None]).max() < 0.15


def test_too_few_values_tell_nothing():
    design, values, _ = made(0)
    values[5:, 1] = np.nan
    found = np.empty((6, 4))
    harmonic.fit(values, np.ones((60, 1)), design, False, found)
    assert np.isnan(found[:, 1]).all()
    assert not np.isnan(found[:, 0]).any()
