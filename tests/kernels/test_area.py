"""Area-weighted resampling: exact shares, conservation, numbers from terra, and equal bits in every block."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from pyterra.kernels.area import AreaFun, area_stat, area_weights, shares_around

NAN = np.nan


def dense(shares, n_src):
    matrix = np.zeros((shares.size.size, n_src))
    for d, size in enumerate(shares.size):
        matrix[d, shares.at[d, :size]] = shares.share[d, :size]
    return matrix


def random_block(seed, shape, dtype=np.float64, nan=0.1):
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 9, shape).astype(dtype) / 4
    block[rng.random(shape) < nan] = NAN
    return block


def test_shares_of_an_aligned_coarser_grid_are_whole_cells():
    shares = area_weights(0, 1, 6, 0, 3, 2)
    np.testing.assert_array_equal(dense(shares, 6), [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1]])


def test_shares_of_an_unaligned_grid_are_exact_fractions():
    shares = area_weights(0, 1, 4, -0.5, 1.5, 3)
    np.testing.assert_allclose(
        dense(shares, 4), [[1, 0, 0, 0], [0, 1, 0.5, 0], [0, 0, 0.5, 1]], rtol=0, atol=1e-15
    )


def test_shares_of_a_finer_grid_lie_within_one_cell():
    np.testing.assert_allclose(dense(area_weights(0, 2, 2, 0, 1, 4), 2), np.repeat(np.eye(2), 2, axis=0) / 2)


def test_shares_follow_falling_coordinates():
    rising = area_weights(0, 1, 7, 0.25, 2, 3)
    falling = area_weights(90, -0.5, 7, 89.875, -1, 3)
    np.testing.assert_array_equal(dense(rising, 7), dense(falling, 7))


def test_rounded_cell_edges_give_no_slivers():
    degrees = 0.00025
    shares = area_weights(-180.0, degrees, 1440000, -180.0 + 1e-10, degrees * 4, 360000)
    assert (shares.size == 4).all()
    assert (shares.share == 1).all()


def test_shares_outside_the_source_are_empty():
    shares = area_weights(0, 1, 3, -4, 2, 5)
    np.testing.assert_array_equal(shares.size, [0, 0, 2, 1, 0])
    assert shares.window == (0, 3)
    assert area_weights(0, 1, 3, 10, 1, 2).window == (0, 0)


def test_shares_of_a_part_of_the_axis_are_those_of_the_whole():
    whole = area_weights(-180, 0.00025, 5000, -180, 0.0008333, 1400)
    part = area_weights(-180, 0.00025, 5000, -180, 0.0008333, 13, begin=701)
    assert part.share.tobytes() == whole.share[701:714, : part.share.shape[1]].tobytes()
    np.testing.assert_array_equal(part.at[:, 0], whole.at[701:714, 0])


def test_shares_beyond_an_edge_come_from_the_other_side_of_a_turn():
    low, high = np.array([-0.5, 1.0, 3.5]), np.array([1.0, 3.5, 5.0])
    np.testing.assert_array_equal(
        dense(shares_around(low, high, 4, 4.0), 4), [[1, 0, 0, 0.5], [0, 1, 1, 0.5], [1, 0, 0, 0.5]]
    )


def test_shares_of_an_axis_with_a_gap_leave_the_gap_out():
    # Four columns of a turn of six: a cell from 3 to 7.5 holds the last column and the first, and half of the second.
    around = shares_around(np.array([3.0]), np.array([7.5]), 4, 6.0)
    np.testing.assert_array_equal(dense(around, 4), [[1, 0.5, 0, 1]])


def test_sum_conserves_mass():
    block = random_block(1, (1, 13, 17))
    rows = area_weights(0, 1, 13, 0, 13 / 5, 5)
    cols = area_weights(0, 1, 17, 0, 17 / 7, 7)
    assert np.nansum(area_stat(block, rows, cols, "sum")) == pytest.approx(np.nansum(block), rel=1e-13)


def test_average_is_that_of_the_valid_area():
    block = np.array([[[1, NAN, 3, NAN]]])
    got = area_stat(block, area_weights(0, 1, 1, 0, 1, 1), area_weights(0, 1, 4, 0, 2.5, 2), "average")
    np.testing.assert_allclose(got[0, 0], [(1 + 1.5) / 1.5, 3])


def test_average_of_missing_cells_is_missing():
    axis = area_weights(0, 1, 4, 0, 2, 2)
    for fun in get_args(AreaFun):
        assert np.isnan(area_stat(np.full((1, 4, 4), NAN), axis, axis, fun)).all()


@pytest.mark.parametrize("fun", ["average", "sum", "rms"])
def test_weighted_statistics_equal_matrix_products(fun):
    block = random_block(3, (2, 11, 9))
    rows, cols = area_weights(0, 1, 11, -0.3, 2.7, 5), area_weights(0, 1, 9, 0.2, 0.7, 12)
    r, c = dense(rows, 11), dense(cols, 9)
    power = 2 if fun == "rms" else 1
    total = r @ np.nan_to_num(block**power) @ c.T
    mass = r @ (~np.isnan(block)).astype(float) @ c.T
    with np.errstate(invalid="ignore"):
        expected = np.where(mass > 0, total if fun == "sum" else (total / mass) ** (1 / power), NAN)
    np.testing.assert_allclose(area_stat(block, rows, cols, fun), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("fun", "expected"), [("min", 0), ("max", 9), ("med", 2), ("q1", 1), ("q3", 5), ("mode", 2)]
)
def test_unweighted_statistics_take_overlapped_cells_whole(fun, expected):
    block = np.array([[[5, 2, 9, 2, 1, 0, 7.0]]])
    got = area_stat(block, area_weights(0, 1, 1, 0, 1, 1), area_weights(0, 1, 7, 0.5, 5.2, 1), fun)
    assert got[0, 0, 0] == expected


def test_mode_of_equals_is_the_one_that_leads_first():
    block = np.array([[[4, 1, 1, 4.0]]])
    got = area_stat(block, area_weights(0, 1, 1, 0, 1, 1), area_weights(0, 1, 4, 0, 4, 1), "mode")
    assert got[0, 0, 0] == 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fun", get_args(AreaFun))
def test_area_bits_do_not_depend_on_the_block(fun, dtype):
    block = random_block(5, (1, 61, 131), dtype, nan=0.05)
    row_axis, col_axis = (0.0, 1.0, 61, -1.3, 2.37), (0.0, 1.0, 131, 0.4, 3.3)
    whole = area_stat(block, area_weights(*row_axis, 26), area_weights(*col_axis, 39), fun, out_dtype=dtype)
    for y, x, rows, cols in ((0, 0, 1, 1), (3, 5, 17, 31), (20, 30, 6, 9)):
        r, c = area_weights(*row_axis, rows, begin=y), area_weights(*col_axis, cols, begin=x)
        (top, bottom), (left, right) = r.window, c.window
        part = np.ascontiguousarray(block[:, top:bottom, left:right])
        got = area_stat(part, r, c, fun, origin=(top, left), out_dtype=dtype)
        assert got.tobytes() == whole[:, y : y + rows, x : x + cols].tobytes()
