"""Statistics of zones in parts against pandas, and combinations of layers against numpy."""

import numpy as np
import pandas as pd
import pytest

from pyterra.kernels.zones import (
    FEW,
    SUMS,
    codes_of,
    combinations_of,
    merge_combinations,
    merge_zones,
    zones_of,
)

NAN = float("nan")


def cells(seed=0, count=400, zones=(3, 5, 8, NAN)):
    rng = np.random.default_rng(seed)
    block = rng.integers(-3, 4, (2, count)) / 2
    block[rng.random(block.shape) < 0.2] = NAN
    return block, rng.choice(zones, count)


def check(found, block, zones):
    for i, values in enumerate(block):
        groups = pd.Series(values).groupby(zones)
        assert found.values.tolist() == list(groups.groups)
        np.testing.assert_array_equal(found.count[i], groups.count())
        np.testing.assert_array_equal(found.missing[i], groups.size() - groups.count())
        np.testing.assert_allclose(found.total[i], groups.sum())
        np.testing.assert_array_equal(found.low[i], groups.min().fillna(np.inf))
        np.testing.assert_array_equal(found.high[i], groups.max().fillna(-np.inf))
        np.testing.assert_allclose(found.product[i], groups.prod())
        np.testing.assert_allclose(
            found.deviation[i], groups.var(ddof=0).fillna(0) * groups.count(), atol=1e-12
        )


@pytest.mark.parametrize(
    "zones", [(3, 5, 8, NAN), (-2.5, 0.25, 1e9), (0, 40_000_000)], ids=["few", "real", "far"]
)
def test_zones_are_those_of_pandas(zones):
    block, places = cells(1, zones=zones)
    check(zones_of(block, places, SUMS), block, places)


def test_parts_merge_into_the_whole():
    block, places = cells(2)
    places[:150] = 5
    parts = [zones_of(block[:, cut], places[cut], SUMS) for cut in (slice(0, 150), slice(150, 400))]
    check(merge_zones(*parts), block, places)


def test_weights_make_weighted_sums_and_leave_out_cells_without_one():
    block = np.array([[1.0, 2.0, NAN, 4.0]])
    found = zones_of(block, np.array([1.0, 1.0, 1.0, 1.0]), (), np.array([2.0, 0.5, 1.0, NAN]))
    assert (found.total[0, 0], found.mass[0, 0]) == (3, 2.5)
    assert (found.count[0, 0], found.missing[0, 0]) == (2, 1)


def test_codes_lead_to_the_zones_and_missing_is_past_the_last():
    zones = np.array([7.0, NAN, -1.0, 7.0])
    values, codes = codes_of(zones)
    np.testing.assert_array_equal(np.append(values, NAN)[codes], zones)
    many = np.arange(0.0, 4 * FEW, 3)
    values, codes = codes_of(many)
    assert values.tolist() == many.tolist()  # those that do not occur are left out where they are many
    assert codes.tolist() == list(range(many.size))


def rows_of(block):
    """Different columns in order, missing last, and how often each occurs; no NaN equals another in numpy."""
    rows, counts = np.unique(np.nan_to_num(block.T, nan=np.inf), axis=0, return_counts=True)
    return np.where(np.isinf(rows), NAN, rows), counts


@pytest.mark.parametrize("scale", [1.0, 1e7, 0.1], ids=["few", "many", "real"])
def test_combinations_are_those_of_numpy(scale):
    rng = np.random.default_rng(5)
    block = rng.integers(0, 3, (3, 200)) * scale
    block[rng.random(block.shape) < 0.1] = NAN
    found = combinations_of(block, np.ones(200))
    rows, counts = rows_of(block)
    np.testing.assert_array_equal(found.rows, rows)
    assert found.count.tolist() == counts.tolist() == found.total.tolist()


def test_more_combinations_than_one_number_tells_apart_are_told_all_the_same():
    rng = np.random.default_rng(6)
    block = rng.uniform(size=(9, 300))
    block[4, :50] = NAN
    block[:, 150:] = block[:, :150]
    found = combinations_of(block, np.full(300, 0.5))
    np.testing.assert_array_equal(found.rows, rows_of(block)[0])
    assert found.count.tolist() == [2] * 150
    assert found.total.tolist() == [1] * 150


def test_combinations_of_parts_merge():
    rng = np.random.default_rng(7)
    block, weights = rng.choice([1.0, 2.0, NAN], (2, 100)), rng.uniform(size=100)
    parts = [combinations_of(block[:, cut], weights[cut]) for cut in (slice(0, 30), slice(30, 100))]
    whole, merged = combinations_of(block, weights), merge_combinations(*parts)
    np.testing.assert_array_equal(merged.rows, whole.rows)
    assert merged.count.tolist() == whole.count.tolist()
    np.testing.assert_allclose(merged.total, whole.total, rtol=1e-14)
