"""The false discovery rate against scipy."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

import pyterra as pt
from pyterra.errors import ArgumentError


@pytest.mark.parametrize("method", ["bh", "by"])
@pytest.mark.parametrize("power", [1, 2, 4])
def test_limits_are_exact(method, power):
    rng = np.random.default_rng(power)
    p = rng.random((2, 40, 50)) ** power
    p[1] = p[1].round(2)
    p[rng.random(p.shape) < 0.2] = np.nan
    found = pt.rast(p).fdr(0.05, method).to_numpy()
    for layer, told in zip(p, found, strict=True):
        there = ~np.isnan(layer)
        expected = false_discovery_control(layer[there], method=method) <= 0.05
        np.testing.assert_array_equal(told[there], expected)
        assert np.isnan(told[~there]).all()


def test_nothing_is_small_where_nothing_is_there():
    assert np.isnan(pt.rast(np.full((2, 2), np.nan)).fdr().values()).all()
    assert pt.rast([[0.5, 0.9]]).fdr().values().ravel().tolist() == [0, 0]


def test_what_is_refused():
    with pytest.raises(ArgumentError, match="fdr: level must lie between 0 and 1"):
        pt.rast([[0.5]]).fdr(0)
    with pytest.raises(ArgumentError, match="fdr: method: must be one of"):
        pt.rast([[0.5]]).fdr(method="bonferroni")
