"""Trends against scipy and sums over all pairs."""

import numpy as np
import pytest
from scipy import stats

from pyterra.kernels import trend

NONE = np.zeros(30, np.int64)


def made(decimals=1):
    rng = np.random.default_rng(4)
    values = rng.normal(size=(30, 5)).cumsum(axis=0).round(decimals)
    values[rng.random(values.shape) < 0.2] = np.nan
    return values, np.arange(30) + rng.random(30) * 0.3


def test_lines_are_those_of_scipy():
    values, when = made()
    found = np.empty((6, 5))
    trend.least_squares(values, when, found)
    for c in range(5):
        there = ~np.isnan(values[:, c])
        line = stats.linregress(when[there], values[there, c])
        expected = [
            line.slope,
            line.intercept,
            line.stderr,
            line.intercept_stderr,
            line.rvalue**2,
            there.sum(),
        ]
        np.testing.assert_allclose(found[:, c], expected)


def test_few_or_equal_values():
    values = np.array([[1.0, 5, 1], [np.nan, 5, 2], [np.nan, 5, np.nan]])
    found = np.empty((6, 3))
    trend.least_squares(values, np.arange(3.0), found)
    np.testing.assert_array_equal(found[0], [np.nan, 0, 1])
    np.testing.assert_array_equal(found[5], [1, 3, 2])
    assert np.isnan(found[4, 1])
    assert np.isnan(found[2, 2])


def test_median_slopes_are_those_of_scipy_and_bounds_lie_between_ranks():
    values, when = made()
    found = np.empty((4, 5))
    trend.median_slope(values, when, NONE, stats.norm.ppf(0.975), found)
    for c in range(5):
        there = ~np.isnan(values[:, c])
        theirs = stats.theilslopes(values[there, c], when[there], 0.95)
        np.testing.assert_allclose(found[:2, c], theirs[:2])
        t, v = when[there], values[there, c]
        i, j = np.tril_indices(t.size, -1)
        slopes = np.sort((v[i] - v[j]) / (t[i] - t[j]))
        ties = np.unique(v, return_counts=True)[1]
        n = t.size
        var = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
        reach = stats.norm.ppf(0.975) * np.sqrt(var)
        ranks = np.arange(1, slopes.size + 1)
        expected = np.interp([(slopes.size - reach) / 2, (slopes.size + reach) / 2 + 1], ranks, slopes)
        np.testing.assert_allclose(found[2:, c], expected)


def test_kendall_has_ties_and_gaps():
    values, when = made(0)
    found = np.empty((3, 5))
    trend.kendall(values, NONE, found)
    for c in range(5):
        there = ~np.isnan(values[:, c])
        theirs = stats.kendalltau(when[there], values[there, c], method="asymptotic")
        z = found[0, c] / np.sqrt(found[1, c])
        assert 2 * stats.norm.sf(abs(z)) == pytest.approx(theirs.pvalue)
        assert found[2, c] == pytest.approx(theirs.statistic)


def test_seasons_are_compared_with_themselves_and_summed():
    values, _ = made(0)
    season = np.arange(30) % 3
    found, parts = np.empty((3, 5)), np.empty((3, 3, 5))
    trend.kendall(values, season, found)
    for s in range(3):
        own = values[s::3].copy()
        trend.kendall(own, np.zeros(len(own), np.int64), parts[s])
    np.testing.assert_allclose(found[:2], parts[:, :2].sum(axis=0))
    most = parts[:, 0] / parts[:, 2]  # of each season, which are summed up as well
    np.testing.assert_allclose(found[2], found[0] / most.sum(axis=0))


def test_prewhitening_takes_the_correlation_and_leaves_the_trend():
    rng = np.random.default_rng(11)
    noise = np.zeros(400)
    for i in range(1, 400):
        noise[i] = 0.7 * noise[i - 1] + rng.normal()
    when = np.arange(400.0)
    values = (noise + 0.05 * when)[:, None]
    slopes, out = np.empty((4, 1)), np.empty((400, 1))
    trend.median_slope(values, when, np.zeros(400, np.int64), 1.0, slopes)
    r = np.empty(1)
    trend.prewhiten(values, when, slopes[0], False, r, out)
    assert r[0] == pytest.approx(0.7, abs=0.08)
    left = out[1:, 0] - slopes[0, 0] * when[1:]
    assert abs(np.corrcoef(left[1:], left[:-1])[0, 1]) < 0.12
    assert np.isnan(out[0, 0])
    trend.prewhiten(values, when, slopes[0], True, r, out)
    np.testing.assert_allclose(out[1:, 0], (values[1:, 0] - r[0] * values[:-1, 0]) / (1 - r[0]))
