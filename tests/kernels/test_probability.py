"""Probabilities against scipy."""

import numpy as np
from scipy import stats

from pyterra.kernels import probability


def test_students_t():
    rng = np.random.default_rng(0)
    t, freedom = rng.normal(size=500) * 4, np.round(10 ** rng.uniform(0, 6, 500))
    out = np.empty(500)
    probability.student(t, freedom, out)
    np.testing.assert_allclose(out, 2 * stats.t.sf(abs(t), freedom), rtol=1e-8)


def test_ends():
    out = np.empty(4)
    probability.student(np.array([0.0, np.inf, np.nan, 2.0]), np.array([5.0, 5, 5, 0]), out)
    np.testing.assert_array_equal(out, [1, 0, np.nan, np.nan])


def test_normal():
    z = np.array([-3.0, 0.0, 1.96, 12.0, np.nan])
    out = np.empty(5)
    probability.normal(z, out)
    np.testing.assert_allclose(out, 2 * stats.norm.sf(abs(z)))
