"""Footprints of skewed cells agree with separable area weights where axes are the same."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from pyterra.kernels.area import AreaFun, area_stat, area_weights
from pyterra.kernels.footprint import footprint_stat

NAN = np.nan


def random_block(seed, shape, dtype=np.float64):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 9, shape).astype(dtype) / 4
    block[rng.random(shape) < 0.1] = NAN
    return block


@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_footprints_of_a_straight_grid_equal_area_statistics(fun):
    block = random_block(1, (2, 11, 9))
    rows, cols = -0.3 + 2.7 * np.arange(6), 0.2 + 0.7 * np.arange(13)
    expected = area_stat(
        block, area_weights(0, 1, 11, -0.3, 2.7, 5), area_weights(0, 1, 9, 0.2, 0.7, 12), fun
    )
    got = footprint_stat(block, *np.meshgrid(rows, cols, indexing="ij"), fun)
    np.testing.assert_allclose(got, expected, rtol=1e-12)


def test_footprint_is_the_box_of_two_opposite_corners():
    block = np.arange(9.0).reshape(1, 3, 3)
    rows = np.array([[2.0, 9.0], [9.0, 0.0]])
    cols = np.array([[0.0, 9.0], [9.0, 2.0]])
    assert footprint_stat(block, rows, cols, "sum")[0, 0, 0] == 0 + 1 + 3 + 4


def test_footprint_with_a_corner_that_cannot_be_projected_is_missing():
    block = np.ones((1, 3, 3))
    for bad in (NAN, np.inf):
        rows = np.array([[0.0, 0.0], [1.0, bad]])
        got = footprint_stat(block, rows, np.array([[0, 1.0], [0, NAN]]), "average")
        assert np.isnan(got).all()


@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_footprint_bits_do_not_depend_on_the_window(fun):
    block = random_block(3, (1, 60, 70), np.float32)
    y, x = np.meshgrid(np.arange(20.0), np.arange(25.0), indexing="ij")
    rows, cols = 5 + 2.3 * y + 0.11 * x, 3 + 2.1 * x - 0.07 * y
    whole = footprint_stat(block, rows, cols, fun)
    part = np.ascontiguousarray(block[:, 10:50, 9:60])
    got = footprint_stat(part, rows[5:15, 7:18], cols[5:15, 7:18], fun, origin=(10, 9))
    assert got.tobytes() == whole[:, 5:14, 7:17].tobytes()
