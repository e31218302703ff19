"""The loops of interpolation along layers: one result whichever way is taken."""

from __future__ import annotations

import numpy as np
import pytest

from pyterra.kernels import series


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("options", [{}, {"rule": 2}, {"method": "constant", "f": 0.3}, {"yleft": 2.5}])
def test_the_way_through_gaps_gives_the_bits_of_the_way_without(options, dtype):
    block = np.random.default_rng(3).normal(size=(7, 300)).astype(dtype)
    beside_gaps = np.concatenate([block, np.full((7, 300), np.nan, dtype)], axis=1)
    plan = series.prepare([1, 2.3, 3, 4.9, 5, 8, 9], np.linspace(0, 10, 41), **options)
    without = series.interpolate(block, plan)
    assert series.interpolate(beside_gaps, plan)[:, :300].tobytes() == without.tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("na_rule", [0, 1])
@pytest.mark.parametrize("options", [{}, {"rule": 2}, {"method": "constant", "f": 0.3}])
def test_the_table_gives_the_bits_of_the_scan(options, na_rule, dtype):
    rng = np.random.default_rng(5)
    block = rng.integers(-1, 2, (5, 20_011)).astype(dtype)
    block[rng.random(block.shape) < 0.4] = np.nan
    plan = series.prepare([2003, 2007, 2011, 2015, 2019], np.arange(2000, 2023), **options)
    parts = [block[:, i : i + 1000] for i in range(0, 20_011, 1000)]
    assert series._combinations(block) is not None
    assert series._combinations(parts[0]) is None
    scanned = np.concatenate([series.interpolate(part, plan, na_rule=na_rule) for part in parts], axis=1)
    assert series.interpolate(block, plan, na_rule=na_rule).tobytes() == scanned.tobytes()


def test_values_that_are_not_few_whole_numbers_take_no_table():
    block = np.zeros((5, 20_000), "float32")
    block[0, 0] = np.nan
    for other in (0.5, 1e6, np.inf):
        block[1, 1] = other
        assert series._combinations(block) is None
    assert series._combinations(np.full((5, 20_000), np.nan, "float32")) is None


@pytest.mark.parametrize("window", [(0, 1), (3, 10), (1, 514), (511, 1030), (517, 1237)])
@pytest.mark.parametrize("positions", [np.arange(24), np.arange(24) // 2])
def test_a_cells_result_does_not_depend_on_where_its_block_begins(window, positions):
    rng = np.random.default_rng(6)
    block = rng.normal(size=(24, 1237)).astype("float32")
    block[:, :1100][rng.random((24, 1100)) < 0.3] = np.nan
    for at in (None, np.linspace(-1, 25, 31)):
        plan = series.prepare(positions, at, rule=2)
        whole = series.interpolate(block, plan)[:, slice(*window)]
        part = series.interpolate(block[:, slice(*window)], plan)
        assert part.tobytes() == whole.tobytes()
