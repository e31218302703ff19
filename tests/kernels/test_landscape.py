"""The made-up landscape: a value belongs to its place, whatever window asks for it."""

import numpy as np

from pyterra.kernels.landscape import cropland


def test_a_window_gives_the_values_of_the_whole():
    whole = cropland(-40, -30, 150, 170, coast=10, seed=3)
    for row, col, nrow, ncol in ((0, 0, 1, 1), (13, 7, 61, 33), (149, 0, 1, 170)):
        part = cropland(row - 40, col - 30, nrow, ncol, coast=10, seed=3)
        np.testing.assert_array_equal(part, whole[:, row : row + nrow, col : col + ncol])


def test_west_of_the_coast_is_sea():
    values = cropland(0, -1000, 300, 1300, coast=0, bends=100)
    assert not values[:, :, :900].any()
    assert values[:, :, 1100:].any()


def test_parcels_are_whole_and_change_between_epochs():
    values = cropland(0, 0, 600, 600, coast=-9999, seed=4)
    assert set(np.unique(values)) == {0, 1}
    # Two neighbours are mostly alike: parcels, not noise.
    assert (values[0, :, 1:] == values[0, :, :-1]).mean() > 0.8
    assert 0.01 < (values[0] != values[4]).mean() < 0.6


def test_another_seed_gives_another_landscape():
    one, two = (cropland(0, 0, 100, 100, coast=-9999, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one, two)
