"""Seasons worked by hand."""

import numpy as np
import pytest

from pyterra.kernels import phenology
from pyterra.series.phenology import METRICS


def seasons(values, period=4, offset=0, threshold=0.5, derivative=False, least=0.2):
    series = np.array(values, float)[:, None]
    years = (offset + len(series) - 1) // period + 1
    out = np.empty((len(METRICS) * years, 1))
    phenology.seasons(series, period, offset, years, threshold, derivative, least, out)
    return {name: out[k * years : (k + 1) * years, 0].tolist() for k, name in enumerate(METRICS)}


def test_a_season_starts_and_ends_at_half_of_its_height():
    found = seasons([0, 1, 4, 1, 0, 1, 6, 1, 0])
    assert found["peak"] == [2, 2, pytest.approx(np.nan, nan_ok=True)]
    np.testing.assert_allclose(found["start"][:2], [1 + 1 / 3, 1 + 2 / 5])
    np.testing.assert_allclose(found["end"][:2], [2 + 2 / 3, 2 + 3 / 5])
    np.testing.assert_allclose(found["length"][:2], [4 / 3, 6 / 5])
    assert found["maximum"][:2] == [4, 6]
    assert found["minimum"][:2] == [0, 0]
    # Trapezoids from 2 up to 4 and down to 2, each 2/3 wide; from 3 to 6 and back, each 3/5.
    np.testing.assert_allclose(found["integral"][:2], [4, 5.4])


def test_a_season_across_the_new_year_belongs_to_the_year_of_its_peak():
    # The lowest mean is in the third quarter; the peak lies in the first.
    found = seasons([5, 2, 0, 3, 6, 2, 0, 3, 7, 2, 0, 1])
    assert found["peak"][1:] == [0, 0]
    assert found["start"][1] == -1.0
    assert np.isnan(found["start"][0])


def test_steepest_rise_and_fall():
    found = seasons([0, 1, 2, 7, 8, 5, 1, 0, 0], period=8, derivative=True)
    assert found["start"][0] == 2.5
    assert found["end"][0] == 5.5


def test_seasons_of_a_year_are_counted():
    twice = [0, 5, 1, 6, 0, 0, 4, 0]
    assert seasons(twice + twice, period=8)["seasons"][0] == 3
    assert seasons(twice + twice, period=8, least=0.7)["seasons"][0] == 1


def test_a_year_with_a_gap_has_no_season():
    found = seasons([0, 1, 4, 1, 0, np.nan, 6, 1, 0, 1, 5, 1])
    assert np.isnan(found["peak"][1])
    assert found["peak"][0] == 2
