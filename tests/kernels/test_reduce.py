"""Statistics of layers in parts: the whole by hand and by numpy, and however the cells are cut, the same."""

from __future__ import annotations

import functools
import itertools
import math

import numpy as np
import pytest

from pyterra.kernels import finish, reduce

NAN, INF = np.nan, np.inf
NAMES = ["sum", "mean", "min", "max", "prod", "sd", "std", "var", "rms", "count", "count_na"]
BLOCK = np.array([[1.0, 2, NAN, 4], [5, 5, 5, 5], [NAN, NAN, NAN, NAN], [NAN, 3, NAN, NAN]])


def cut(block, sizes):
    edges = np.concatenate([[0], np.cumsum(sizes)])
    return [block[:, a:b] for a, b in itertools.pairwise(edges)]


def statistics(block, sizes=None, *, na_rm=True):
    parts = [reduce.moments(part) for part in cut(block, sizes or [block.shape[1]])]
    merged = functools.reduce(reduce.merge_moments, parts)
    return {name: finish.finish(merged, name, na_rm) for name in NAMES}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sum", [7, 20, NAN, 3]),
        ("mean", [7 / 3, 5, NAN, 3]),
        ("min", [1, 5, NAN, 3]),
        ("max", [4, 5, NAN, 3]),
        ("prod", [8, 625, NAN, 3]),
        ("var", [7 / 3, 0, NAN, NAN]),
        ("sd", [math.sqrt(7 / 3), 0, NAN, NAN]),
        ("std", [math.sqrt(14 / 9), 0, NAN, 0]),
        ("rms", [math.sqrt(21 / 2), math.sqrt(100 / 3), NAN, NAN]),
        ("count", [3, 4, 0, 1]),
        ("count_na", [1, 0, 4, 3]),
    ],
)
@pytest.mark.parametrize("sizes", [[4], [1, 1, 1, 1], [2, 0, 2], [3, 1]])
def test_statistics_without_missing_cells(name, expected, sizes):
    np.testing.assert_allclose(statistics(BLOCK, sizes)[name], expected, rtol=1e-15)


def test_a_missing_cell_makes_a_statistic_missing_unless_told():
    found = statistics(BLOCK, na_rm=False)
    np.testing.assert_array_equal(found["sum"], [NAN, 20, NAN, NAN])
    np.testing.assert_array_equal(found["count_na"], [1, 0, 4, 3])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("cells", [1, 7, 4096, 4097, 20_011])
def test_statistics_equal_numpy(dtype, cells):
    rng = np.random.default_rng(cells)
    block = rng.normal(1000, 3, (3, cells)).astype(dtype)
    block[:, 1:][rng.random((3, cells - 1)) < 0.2] = NAN
    wide = block.astype("float64")
    found = statistics(block)
    for name, function in {
        "mean": np.nanmean,
        "std": np.nanstd,
        "min": np.nanmin,
        "max": np.nanmax,
        "sum": np.nansum,
    }.items():
        np.testing.assert_allclose(found[name], function(wide, axis=1), rtol=1e-11, err_msg=name)


def test_sums_are_exact_to_the_last_bit_or_so():
    block = np.random.default_rng(5).normal(0, 1e6, (1, 300_000))
    exact = math.fsum(block[0])
    magnitude = np.abs(block).sum()
    assert abs(statistics(block)["sum"][0] - exact) < 1e-15 * magnitude


def test_cancelling_sums_keep_the_small_part():
    block = np.zeros((1, 3 * 4096))
    block[0, [0, 4096, 8192]] = [1e20, 3, -1e20]
    assert statistics(block)["sum"][0] == 3
    assert statistics(block, [4096, 4096, 4096])["sum"][0] == 3


@pytest.mark.parametrize("seed", range(5))
def test_the_result_hardly_depends_on_the_blocks(seed):
    rng = np.random.default_rng(seed)
    block = rng.normal(273, 10, (2, 30_000)).astype("float32")
    block[rng.random(block.shape) < 0.3] = NAN
    edges = np.sort(rng.integers(0, 30_001, 12))
    sizes = np.diff(np.concatenate([[0], edges, [30_000]])).tolist()
    whole, parts = statistics(block), statistics(block, sizes)
    for name in NAMES:
        np.testing.assert_allclose(parts[name], whole[name], rtol=1e-13, err_msg=name)


def test_whole_numbers_do_not_depend_on_the_blocks_at_all():
    block = np.random.default_rng(1).integers(0, 65_000, (1, 50_001)).astype("float32")
    expected = float(block.astype("int64").sum())
    assert statistics(block)["sum"][0] == expected
    assert statistics(block, [7, 12_345, 37_649])["sum"][0] == expected


def test_infinite_values_give_infinite_sums():
    found = statistics(np.array([[1.0, INF, 2], [INF, -INF, 1]]), [1, 1, 1])
    np.testing.assert_array_equal(found["sum"], [INF, NAN])
    np.testing.assert_array_equal(found["max"], [INF, INF])
    assert np.isnan(found["sd"]).all()


def test_weighted_sums_leave_out_cells_without_value_or_weight():
    block = np.array([[1, 2, NAN, 4, 5.0], [1, 1, 1, 1, 1]])
    weights = np.array([[0.5, 1, 1, 2, NAN]])
    for sizes in ([5], [1, 3, 1], [2, 3]):
        parts = [
            reduce.sum_weighted(b, w) for b, w in zip(cut(block, sizes), cut(weights, sizes), strict=True)
        ]
        merged = functools.reduce(reduce.merge_weighted, parts)
        np.testing.assert_allclose(reduce.finish_weighted(merged, "sum", True), [10.5, 4.5])
        np.testing.assert_allclose(reduce.finish_weighted(merged, "mean", True), [3, 1])
        np.testing.assert_allclose(reduce.finish_weighted(merged, "mean"), [NAN, 1])


def test_each_layer_may_have_its_own_weights():
    block = np.array([[1.0, 3], [1, 3]], "float32")
    parts = reduce.sum_weighted(block, np.array([[1.0, 1], [3, 1]]))
    np.testing.assert_array_equal(reduce.finish_weighted(parts, "mean"), [2, 1.5])
    assert np.isnan(reduce.finish_weighted(reduce.sum_weighted(block, np.zeros((1, 2))), "mean")).all()
    with pytest.raises(ValueError, match=r"got \(1, 3\)"):
        reduce.sum_weighted(block, np.ones((1, 3)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_values_are_counted_with_missing_last(dtype):
    values, counts = reduce.value_counts(np.array([[3, NAN, -1], [3, 3, NAN]], dtype))
    np.testing.assert_array_equal(values, [-1, 3, NAN])
    assert counts.tolist() == [1, 3, 2]


@pytest.mark.parametrize(
    "values", [[1.5, NAN, 1.5, -2], [1e12, 1e12, NAN, 5], [INF, 1, INF, NAN], [NAN, NAN]]
)
def test_values_that_are_no_small_whole_numbers_are_counted_too(values):
    found, counts = reduce.value_counts(np.array(values))
    expected, n = np.unique(values, return_counts=True)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(counts, n)


def test_values_are_rounded_half_away_from_zero_before_counting():
    x = np.array([0.5, 1.4, 2.5, -0.5, -0.4, NAN])
    values, counts = reduce.value_counts(x, 0)
    np.testing.assert_array_equal(values, [-1, 0, 1, 3, NAN])
    assert counts.tolist() == [1, 1, 2, 1, 1]
    np.testing.assert_array_equal(
        reduce.value_counts(np.array([0.125, 0.25, -0.125]), 2)[0], [-0.13, 0.13, 0.25]
    )
    np.testing.assert_array_equal(reduce.value_counts(np.array([14.0, 15, 24]), -1)[0], [10, 20])


def test_counts_of_parts_merge_into_the_counts_of_the_whole():
    rng = np.random.default_rng(3)
    block = np.concatenate([rng.integers(-5, 40, 9000), rng.normal(size=50), np.full(100, NAN)])[None]
    rng.shuffle(block[0])
    values, counts = reduce.merge_counts(
        reduce.value_counts(part) for part in cut(block, [1, 99, 5000, 4050])
    )
    expected, n = np.unique(block, return_counts=True)
    np.testing.assert_array_equal(values, expected)
    np.testing.assert_array_equal(counts, n)
    assert reduce.merge_counts([])[0].size == 0


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="got 'median'"):
        finish.finish(reduce.moments(BLOCK), "median")
    with pytest.raises(ValueError, match="got 'max'"):
        reduce.finish_weighted(reduce.sum_weighted(BLOCK, BLOCK), "max")
