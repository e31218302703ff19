"""One break against all places tried with numpy's least squares."""

import numpy as np

from pyterra.kernels import breaks


def left(design, values):
    found = np.linalg.lstsq(design, values, rcond=None)[0]
    return ((values - design @ found) ** 2).sum()


def test_the_break_leaves_least():
    rng = np.random.default_rng(6)
    when = np.arange(40.0)
    design = np.column_stack([np.ones(40), when - when.mean()])
    values = rng.normal(size=(40, 5)) + np.where(when < 22, 0, 4)[:, None] * np.array([1, 1, 0, 0, 1])
    values[rng.random(values.shape) < 0.15] = np.nan
    out = np.empty((4, 5))
    breaks.one_break(values, design, 0.15, out)
    for c in range(5):
        known = np.flatnonzero(~np.isnan(values[:, c]))
        n, part = known.size, max(int(0.15 * known.size), 3)
        x, v = design[known], values[known, c]
        tried = {m: left(x[:m], v[:m]) + left(x[m:], v[m:]) for m in range(part, n - part + 1)}
        m = min(tried, key=tried.get)
        assert out[0, c] == known[m - 1]
        alone = left(x, v)
        np.testing.assert_allclose(out[2, c], (alone - tried[m]) / (tried[m] / (n - 4)), rtol=1e-6)
        np.testing.assert_allclose(out[3, c], n * np.log(alone / tried[m]) - np.log(n) * 3, rtol=1e-6)


def test_too_few_values_tell_nothing():
    design = np.column_stack([np.ones(6), np.arange(6.0)])
    out = np.empty((4, 1))
    breaks.one_break(np.array([[1.0], [2], [3], [np.nan], [1], [2]]), design, 0.15, out)
    assert np.isnan(out).all()
