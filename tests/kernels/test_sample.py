"""Interpolation at fractional positions: a plain oracle, numbers from terra, the same bits anywhere."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest

from pyterra.kernels.sample import SampleMethod, kernel_scale, reach, sample

NAN = np.nan
METHODS = get_args(SampleMethod)
RADIUS = {"bilinear": 1, "cubic": 2, "cubicspline": 2, "lanczos": 3}


def random_block(seed, shape, dtype=np.float64, nan=0.1):
    rng = np.random.default_rng(seed)
    block = rng.normal(0, 10, shape).astype(dtype)
    block[rng.random(shape) < nan] = NAN
    return block


def kernel(method, x):
    x = abs(x)
    if method == "bilinear":
        return max(0.0, 1 - x)
    if method == "cubic":
        return np.polyval([1.5, -2.5, 0, 1], x) if x <= 1 else np.polyval([-0.5, 2.5, -4, 2], x) * (x < 2)
    if method == "cubicspline":
        return np.polyval([0.5, -1, 0, 2 / 3], x) if x < 1 else max(0.0, 2 - x) ** 3 / 6
    return np.sinc(x) * np.sinc(x / 3) * (x < 3)


def value_at(layer, row, col, method, scale):
    nrow, ncol = layer.shape
    y, x = int(np.floor(row + 1e-10)), int(np.floor(col + 1e-10))
    if not (0 <= y < nrow and 0 <= x < ncol) or np.isnan(layer[y, x]):
        return NAN
    if method == "near":
        return layer[y, x]
    ys, xs = np.arange(nrow) + 0.5 - row, np.arange(ncol) + 0.5 - col
    if method == "cubic" and scale == (1, 1):
        first_row, first_col = int(np.floor(row - 0.5)) - 1, int(np.floor(col - 0.5)) - 1
        around = layer[max(0, first_row) : first_row + 4, max(0, first_col) : first_col + 4]
        if around.shape != (4, 4) or np.isnan(around).any() or first_row < 0 or first_col < 0:
            method = "bilinear"
    wy = [kernel(method, d * scale[0]) for d in ys]
    wx = [kernel(method, d * scale[1]) for d in xs]
    weights = np.outer(wy, wx) * ~np.isnan(layer)
    return (weights * np.nan_to_num(layer)).sum() / weights.sum() if weights.sum() >= 1e-6 else NAN


@pytest.mark.parametrize("scale", [(1.0, 1.0), (0.5, 0.4), (1.0, 1 / 3)])
@pytest.mark.parametrize("method", METHODS)
def test_sample_equals_a_plain_oracle_on_a_grid_and_at_points(method, scale):
    block = random_block(1, (2, 9, 11))
    rows, cols = np.linspace(-0.3, 9.2, 8), np.linspace(0.02, 11.4, 9)
    expected = [[[value_at(layer, r, c, method, scale) for c in cols] for r in rows] for layer in block]
    on_grid = sample(block, rows, cols, method, scale=scale)
    at_points = sample(block, *np.meshgrid(rows, cols, indexing="ij"), method, scale=scale)
    np.testing.assert_allclose(on_grid, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(at_points, expected, rtol=1e-9, atol=1e-9)


TERRA_IMPULSES = [
    ("bilinear", 27, 12, [0.206107, 0.5]),
    ("bilinear", 12, 5, [0.19403, 0.104478]),
    ("bilinear", 50, 23, [0.3, 0.9, 0.1]),
    ("cubic", 20, 8, [-0.035156, 0.433594, 0.113281, -0.011719]),
    ("cubic", 50, 22, [-0.0625, 0.2895, 0.9765, 0.0685, -0.0315]),
    ("cubicspline", 10, 3, [0.010173, 0.138102, 0.099528, 0.002197]),
    ("cubicspline", 50, 22, [0.020833, 0.348167, 0.657167, 0.221167, 0.0045]),
    ("lanczos", 50, 21, [0.031226, -0.13587, 0.337118, 0.982461, 0.093876, -0.083555, 0.024457]),
]


@pytest.mark.parametrize(("method", "n", "first", "expected"), TERRA_IMPULSES)
def test_sample_spreads_one_bright_cell_as_terra_does(method, n, first, expected):
    block = np.zeros((1, 12, 40))
    block[0, :, 19] = 1
    cols = (np.arange(n) + 0.5) * 40 / n
    got = sample(block, np.arange(12) + 0.5, cols, method, scale=(1.0, kernel_scale(40 / n)))[0, 5]
    np.testing.assert_allclose(got[first : first + len(expected)], expected, rtol=0, atol=1.1e-6)


@pytest.mark.parametrize(
    ("cells", "scale"), [(0.7, 1), (1.04, 1), (1.5, 1 / 1.5), (2.03, 0.5), (3.3, 1 / 3.3)]
)
def test_kernel_scale_snaps_to_whole_numbers_of_cells(cells, scale):
    assert kernel_scale(cells) == scale


@pytest.mark.parametrize("method", METHODS)
def test_sample_of_a_constant_is_that_constant(method):
    block = np.full((1, 7, 7), 3.0)
    block[0, 2, 2] = NAN
    got = sample(block, np.linspace(0.1, 6.9, 11), np.linspace(0.1, 6.9, 11), method)
    np.testing.assert_allclose(got[~np.isnan(got)], 3, rtol=1e-14)


def test_sample_at_cell_centres_returns_the_cells():
    block = random_block(2, (1, 5, 6))
    for method in ("near", "bilinear", "cubic"):
        np.testing.assert_array_equal(sample(block, np.arange(5) + 0.5, np.arange(6) + 0.5, method), block)


def test_sample_near_gives_a_position_on_an_edge_to_the_next_cell():
    block = np.array([[[1, 2, 3.0]]])
    got = sample(block, np.array([0.5]), np.array([0.0, 1.0, 2 - 1e-12, 3.0, -0.1, NAN]), "near")
    np.testing.assert_array_equal(got[0, 0], [1, 2, 3, NAN, NAN, NAN])


def test_sample_bilinear_drops_missing_neighbours_but_not_the_cell_underneath():
    block = np.array([[[1, NAN, 5.0]]])
    got = sample(block, np.array([0.5]), np.array([0.9, 1.1, 2.1]), "bilinear")
    np.testing.assert_array_equal(got[0, 0], [1, NAN, 5])


@pytest.mark.parametrize("method", METHODS)
def test_sample_of_one_cell(method):
    got = sample(np.array([[[7.0]]]), np.array([0.2, 0.8]), np.array([0.5, 1.5]), method)
    np.testing.assert_allclose(got[0], [[7, NAN], [7, NAN]], rtol=1e-15)


def test_sample_at_points_passes_over_positions_that_are_not_finite():
    positions = np.array([[NAN, np.inf, 0.5]])
    got = sample(np.array([[[7.0]]]), positions, np.full((1, 3), 0.5), "cubic")
    np.testing.assert_array_equal(got[0], [[NAN, NAN, 7]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("scale", [(1.0, 1.0), (0.5, 0.3)])
@pytest.mark.parametrize("method", METHODS)
def test_sample_bits_do_not_depend_on_the_window(method, scale, dtype):
    block = random_block(3, (1, 80, 120), dtype, nan=0.03)
    far = (1_000_003, 2_000_001)
    rows = far[0] + np.linspace(0.013, 79.9, 61)
    cols = far[1] + np.linspace(0.017, 119.9, 97)
    whole = sample(block, rows, cols, method, origin=far, scale=scale, out_dtype=dtype)
    points = sample(
        block, *np.meshgrid(rows, cols, indexing="ij"), method, origin=far, scale=scale, out_dtype=dtype
    )
    margin = (reach(method, scale[0]), reach(method, scale[1]))
    for y, x, m, n in ((0, 0, 1, 1), (7, 13, 31, 50), (40, 61, 21, 36)):
        r, c = rows[y : y + m], cols[x : x + n]
        top, left = int(r[0]) - far[0] - margin[0], int(c[0]) - far[1] - margin[1]
        top, left = max(0, top), max(0, left)
        bottom, right = int(r[-1]) - far[0] + 1 + margin[0], int(c[-1]) - far[1] + 1 + margin[1]
        part = np.ascontiguousarray(block[:, top:bottom, left:right])
        origin = (far[0] + top, far[1] + left)
        got = sample(part, r, c, method, origin=origin, scale=scale, out_dtype=dtype)
        assert got.tobytes() == whole[:, y : y + m, x : x + n].tobytes()
        grids = np.meshgrid(r, c, indexing="ij")
        got = sample(part, *grids, method, origin=origin, scale=scale, out_dtype=dtype)
        assert got.tobytes() == points[:, y : y + m, x : x + n].tobytes()
