"""Aggregation by whole cells against numpy on every group, numbers from terra, and itself on other blocks."""

from __future__ import annotations

import warnings

import numba
import numpy as np
import pytest

from pyterra.kernels.aggregate import aggregate, aggregate_user, disagg_near
from pyterra.kernels.stats import NAMES

NAN = np.nan
INPUT = np.array(
    [[[3, 1, NAN, 2, 5], [2, 2, 8, 0, 1], [7, 4, 6, -1, NAN], [9, 9, 3, 2, 2], [0, 0, NAN, NAN, 4.0]]]
)


def random_block(seed, shape, dtype=np.float64):
    rng = np.random.default_rng(seed)
    block = rng.normal(5, 10, shape).astype(dtype)
    block[rng.random(shape) < 0.1] = NAN
    return block


def groups(block, fy, fx):
    nlyr, nrow, ncol = block.shape
    rows, cols = -(-nrow // fy), -(-ncol // fx)
    padded = np.full((nlyr, rows * fy, cols * fx), NAN)
    padded[:, :nrow, :ncol] = block
    return padded.reshape(nlyr, rows, fy, cols, fx).swapaxes(2, 3).reshape(nlyr, rows, cols, fy * fx)


def oracle(block, fact, fun, na_rm):
    def one(v):
        valid = v[~np.isnan(v)]
        if valid.size == 0 or (valid.size < v.size and not na_rm):
            return NAN
        return {"sd": lambda a: a.std(ddof=1) if a.size > 1 else NAN, "std": np.std}.get(
            fun, getattr(np, fun, None)
        )(valid)

    return np.apply_along_axis(one, 3, groups(block, *fact))


@pytest.mark.parametrize("na_rm", [False, True])
@pytest.mark.parametrize("fun", ["sum", "mean", "min", "max", "median", "sd", "std", "prod"])
def test_aggregate_equals_numpy_ragged_edge_included(fun, na_rm):
    for shape, fact in (((2, 7, 11), (2, 3)), ((1, 1, 5), (3, 2)), ((1, 1, 1), (1, 1)), ((1, 9, 4), (4, 5))):
        block = random_block(1, shape)
        got = aggregate(block, fact, fun, na_rm=na_rm)
        np.testing.assert_allclose(got, oracle(block, fact, fun, na_rm), rtol=1e-12, atol=1e-12)


def test_aggregate_equals_terra():
    np.testing.assert_allclose(
        aggregate(INPUT, (2, 2), "mean", na_rm=True)[0], [[2, 10 / 3, 3], [7.25, 2.5, 2], [0, NAN, 4]]
    )
    np.testing.assert_allclose(
        aggregate(INPUT, (2, 2), "sum")[0], [[8, NAN, NAN], [29, 10, NAN], [NAN, NAN, NAN]]
    )
    np.testing.assert_allclose(
        aggregate(INPUT, (2, 2), "sd", na_rm=True)[0],
        [[0.8164966, 4.163332, 2.828427], [2.3629078, 2.886751, NAN], [0, NAN, NAN]],
        rtol=1e-6,
    )


def test_aggregate_cells_beyond_the_edge_count_as_missing():
    got = aggregate(np.ones((1, 3, 3)), (2, 2), "sum")
    np.testing.assert_array_equal(got[0], [[4, NAN], [NAN, NAN]])
    np.testing.assert_array_equal(aggregate(np.ones((1, 3, 3)), (2, 2), "count")[0], [[4, 2], [2, 1]])


def test_aggregate_mode_prefers_the_lowest_of_equals():
    assert aggregate(np.array([[[3, 1], [3, 1.0]]]), (2, 2), "modal")[0, 0, 0] == 1


def test_aggregate_sum_stays_exact_beyond_float32():
    block = np.full((1, 2, 2), 16777216, np.float32)
    block[0, 0, 0] = 1
    assert aggregate(block, (2, 2), "sum")[0, 0, 0] == 3 * 16777216 + 1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("fun", sorted(NAMES))
def test_aggregate_bits_do_not_depend_on_the_block(fun, dtype):
    fy, fx = 3, 4
    block = random_block(2, (1, 50, 403), dtype)
    whole = aggregate(block, (fy, fx), fun, na_rm=True, out_dtype=dtype)
    for y, x, rows, cols in ((0, 0, 1, 1), (2, 3, 9, 71), (5, 1, 12, 100)):
        part = np.ascontiguousarray(block[:, y * fy : (y + rows) * fy, x * fx : (x + cols) * fx])
        got = aggregate(part, (fy, fx), fun, na_rm=True, out_dtype=dtype)
        assert got.tobytes() == whole[:, y : y + rows, x : x + cols].tobytes()


@numba.njit
def missing(values):
    return np.isnan(values).sum()


@numba.njit
def first_and_last(values):
    return values[0], values[-1]


def test_aggregate_user_function_gets_the_cells_beyond_the_edge_as_missing():
    got = aggregate_user(np.ones((1, 3, 3)), (2, 2), missing)
    np.testing.assert_array_equal(got[0], [[0, 2], [2, 3]])


def test_aggregate_user_function_of_two_results_gives_two_layers_per_layer(monkeypatch):
    monkeypatch.setattr("pyterra.kernels.aggregate._STACK_CELLS", 1)
    block = np.arange(32.0).reshape(2, 4, 4)
    got = aggregate_user(block, (2, 2), first_and_last, k=2)
    np.testing.assert_array_equal(got[0], block[0, ::2, ::2])
    np.testing.assert_array_equal(got[3], block[1, 1::2, 1::2])


def test_disagg_repeats_cells():
    got = disagg_near(np.array([[[1, 2], [3, NAN]]]), 2, 3)
    np.testing.assert_array_equal(got[0, 1], [1, 1, 1, 2, 2, 2])
    np.testing.assert_array_equal(got[0, 2], [3, 3, 3, NAN, NAN, NAN])
    assert got.shape == (1, 4, 6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("fact", [(1, 1), (2, 3), (4, 4), (5, 2), (7, 7)])
def test_extremes_and_sums_of_infinite_and_missing_cells(fact, dtype):
    rng = np.random.default_rng(5)
    block = rng.choice(
        [np.nan, np.inf, -np.inf, 1.0, 2.5, -3.0], (2, 14, 12), p=[0.4, 0.1, 0.1, 0.2, 0.1, 0.1]
    )
    block[:, :, :3] = np.nan
    fy, fx = fact
    wide = np.pad(block, ((0, 0), (0, -14 % fy), (0, -12 % fx)), constant_values=np.nan)
    groups = (
        wide.reshape(2, wide.shape[1] // fy, fy, wide.shape[2] // fx, fx).swapaxes(2, 3).reshape(-1, fy * fx)
    )
    with np.errstate(invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # groups without a number
        for fun, known in (("min", np.nanmin), ("max", np.nanmax), ("mean", np.nanmean)):
            got = aggregate(block.astype(dtype), fact, fun, na_rm=True).ravel()
            np.testing.assert_allclose(got, known(groups, axis=1), rtol=1e-12)
            got = aggregate(block.astype(dtype), fact, fun).ravel()
            np.testing.assert_allclose(
                got, np.where(np.isnan(groups).any(1), np.nan, known(groups, axis=1)), rtol=1e-12
            )
