"""Decomposition against statsmodels, and where values are missing."""

import numpy as np
import pytest
from statsmodels.tsa.seasonal import STL

from pyterra.kernels import stl


def made(period, count=60):
    rng = np.random.default_rng(period)
    season = 3 * np.sin(np.arange(count) * 2 * np.pi / period)
    return season[:, None] + rng.normal(size=(count, 3)).cumsum(axis=0)


@pytest.mark.parametrize(
    ("period", "robust", "degrees"), [(12, False, (1, 1, 1)), (4, True, (1, 1, 1)), (5, False, (0, 0, 0))]
)
def test_whole_series_equal_statsmodels(period, robust, degrees):
    values = made(period)
    theirs = [
        STL(
            values[:, c], period=period, seasonal=7, robust=robust, seasonal_deg=degrees[0], trend_deg=degrees[1],
            low_pass_deg=degrees[2],
        )
        for c in range(3)
    ]  # fmt: skip
    config = theirs[0].config
    widths = (config["seasonal"], config["trend"], config["low_pass"])
    found = np.empty((120, 3))
    stl.decompose(values, period, widths, degrees, *((2, 15) if robust else (5, 0)), found)
    for c, one in enumerate(theirs):
        fitted = one.fit()
        np.testing.assert_allclose(found[:60, c], fitted.seasonal, atol=1e-9)
        np.testing.assert_allclose(found[60:, c], fitted.trend, atol=1e-9)


def test_gaps_get_season_and_trend_of_the_others():
    when = np.arange(48)
    truth = np.column_stack([np.tile([0, 2, 0, -2], 12) + when / 4] * 2).astype(float)
    values = truth.copy()
    values[[5, 6, 22, 40], 0] = np.nan
    values[1::4, 1] = np.nan
    found = np.empty((96, 2))
    stl.decompose(values, 4, (7, 9, 5), (1, 1, 1), 5, 0, found)
    np.testing.assert_allclose(found[:48, 0] + found[48:, 0], truth[:, 0], atol=0.35)
    assert np.isnan(found[:, 1]).all()
