"""What is kept of cells by group, and how parts are merged; numpy is the oracle."""

import numpy as np

from pyterra.kernels.gather import add_cells, empty_groups, merge_groups

NAN = float("nan")
BLOCK = np.array([[1.0, NAN, -3.0, 4.0, 5.0], [2.0, 2.0, 2.0, NAN, NAN]])
OWNER = np.array([0, 0, 1, 1, 1, 0])
CELL = np.array([0, 1, 2, 3, 4, 4])
WEIGHT = np.array([1.0, 1.0, 0.5, 2.0, 1.0, 0.25])


def test_values_are_counted_weighed_and_bounded_by_group_and_layer():
    groups = empty_groups(3, 2)
    add_cells(OWNER, CELL, WEIGHT, BLOCK, groups.kept)
    for layer in range(2):
        for g in range(3):
            own = np.equal(OWNER, g)
            values, weights = BLOCK[layer, CELL[own]], WEIGHT[own]
            known = ~np.isnan(values)
            assert groups.count[g, layer] == known.sum()
            assert groups.missing[g, layer] == (~known).sum()
            assert groups.mass[g, layer] == weights[known].sum()
            assert groups.sum[g, layer] == (weights * values)[known].sum()
            assert groups.low[g, layer] == values[known].min(initial=np.inf)
            assert groups.high[g, layer] == values[known].max(initial=-np.inf)


def test_parts_merge_into_the_whole():
    whole, total = empty_groups(3, 2), empty_groups(3, 2)
    add_cells(OWNER, CELL, WEIGHT, BLOCK, whole.kept)
    for cells in (slice(0, 2), slice(2, 6)):
        there = np.unique(OWNER[cells])
        part = empty_groups(len(there), 2)
        add_cells(np.searchsorted(there, OWNER[cells]), CELL[cells], WEIGHT[cells], BLOCK, part.kept)
        merge_groups(total, there, part)
    np.testing.assert_array_equal(total.kept, whole.kept)
