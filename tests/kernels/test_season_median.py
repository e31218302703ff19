"""Medians of seasons, modes and outliers against plain loops."""

import numpy as np

from pyterra.kernels import season_median

NAN = np.nan


def column(*values):
    return np.array(values, float)[:, None]


def test_the_same_season_comes_first_then_those_beside_it_then_whole_years():
    # Two years of four seasons and one more.
    values = column(1, 5, NAN, 8, 3, 7, NAN, 2, NAN)
    out = np.empty((18, 1))
    season_median.fill(values, 4, np.array([2, 1, 1]), 1, True, True, out)
    # Season 2 is never there: of 1, 2 and 3 in its own year the median of 5 and 8; of the second of 7 and 2.
    np.testing.assert_array_equal(out[:9, 0], [1, 5, 6.5, 8, 3, 7, 4.5, 2, 3])
    np.testing.assert_array_equal(out[9:, 0], [0, 0, 2, 0, 0, 0, 2, 0, 1])


def test_windows_grow_until_they_have_enough():
    values = column(1, 9, 2, 9, NAN, 9, 4, 9, 10, 9)
    out = np.empty((20, 1))
    season_median.fill(values, 2, np.array([2, 0, 0]), 3, True, True, out)
    assert out[4, 0] == 3  # 1, 2, 4, 10
    season_median.fill(values, 2, np.array([2, 0, 0]), 2, True, False, out)
    assert out[4, 0] == 1.5
    season_median.fill(values, 2, np.array([1, 0, 0]), 2, True, False, out)
    assert np.isnan(out[[4, 14], 0]).all()


def test_a_year_is_taken_where_its_seasons_have_nothing():
    values = column(1, NAN, NAN, NAN, NAN, NAN)
    out = np.empty((12, 1))
    season_median.fill(values, 6, np.array([1, 1, 1]), 1, True, True, out)
    np.testing.assert_array_equal(out[:, 0], [1, 1, 1, 1, 1, 1, 0, 2, 3, 3, 3, 2])


def test_modes_prefer_the_lowest_and_leave_what_is_missing():
    values = column(2, 1, 2, NAN, 3, 3, 1)
    out = np.empty((7, 1))
    season_median.modes(values, 1, True, out)
    np.testing.assert_array_equal(out[:, 0], [1, 2, 1, NAN, 3, 3, 1])
    season_median.modes(values, 1, False, out)
    np.testing.assert_array_equal(out[:, 0], [1, 2, NAN, NAN, NAN, 3, 1])


def test_outliers_are_far_from_the_median_of_their_window():
    rng = np.random.default_rng(8)
    values = rng.normal(size=(25, 4))
    values[rng.random(values.shape) < 0.2] = NAN
    values[11] = 30
    out = np.empty(values.shape)
    season_median.far_from_median(values, 4, 1.5, 4, out)
    for c in range(4):
        for i in range(25):
            part = values[max(i - 4, 0) : i + 5, c]
            part = part[~np.isnan(part)]
            v = values[i, c]
            far = part.size >= 4 and abs(v - np.median(part)) > 1.5 * part.std(ddof=1)
            np.testing.assert_array_equal(out[i, c], NAN if far else v)
    assert np.isnan(out[11]).all()
