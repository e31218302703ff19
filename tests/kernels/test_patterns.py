"""Patterns of maps of yes and no, and exact sums over coarser cells, against plain numpy."""

from fractions import Fraction

import numpy as np
import pytest

from pyterra.kernels.patterns import base_of, look_up, patterns, states, sums


@pytest.mark.parametrize("code", [None, 255])
def test_patterns_are_sums_of_states(code):
    rng = np.random.default_rng(1)
    layers = rng.integers(0, 2, (4, 5, 7)).astype("uint8")
    if code is not None:
        layers[rng.random(layers.shape) < 0.3] = code
    found = patterns(list(layers), code)
    state = np.where(layers == 255, 2, layers)
    weights = base_of(code) ** np.arange(4)
    np.testing.assert_array_equal(found.cells, np.tensordot(weights, state, 1))
    np.testing.assert_array_equal(found.present, np.bincount(found.cells.ravel(), minlength=256) > 0)
    np.testing.assert_array_equal(states(4, base_of(code))[found.cells], np.moveaxis(state, 0, 2))
    assert not found.foreign


def test_other_values_are_noticed_and_emptiness_is_one_pattern():
    empty = np.zeros((3, 4), "uint8")
    assert np.flatnonzero(patterns([empty, empty]).present).tolist() == [0]
    assert patterns([empty, empty + 2]).foreign
    assert patterns([empty + 255]).foreign
    assert not patterns([empty + 255], 255).foreign


def test_tables_are_looked_up():
    rng = np.random.default_rng(2)
    table, cells = rng.integers(0, 99, (3, 9)).astype("uint8"), rng.integers(0, 9, (4, 5)).astype("uint8")
    np.testing.assert_array_equal(look_up(table, cells), table[:, cells])


@pytest.mark.parametrize(
    ("size", "coarse", "first"),
    [
        ((6, 9), (3, 10), (0, 0)),
        ((5, 7), (3, 10), (4, 9)),
        ((4, 4), (2, 2), (0, 0)),
        ((1, 1), (3, 7), (2, 5)),
    ],
)
def test_sums_over_coarser_cells_are_exact(size, coarse, first):
    fine, side = coarse
    rng = np.random.default_rng(3)
    cells = rng.integers(0, 8, size).astype("uint8")
    ones = rng.integers(0, 2, (8, 3)).astype("uint8")
    ones[0] = 0
    shape = tuple(-(-(begin + n * fine) // side) for begin, n in zip(first, size, strict=True))
    found, area = sums(cells, ones, first, fine, side, shape)
    expected, whole = np.zeros((*shape, 3), object), np.zeros(shape, object)
    for at in np.ndindex(*shape):
        for row, col in np.ndindex(*size):
            share = Fraction(1)
            for index, begin, n in zip(at, first, (row, col), strict=True):
                low, high = (
                    max(index * side, begin + n * fine),
                    min((index + 1) * side, begin + (n + 1) * fine),
                )
                share *= max(0, high - low)
            whole[at] += share
            expected[at] += share * ones[cells[row, col]].astype(object)
    np.testing.assert_array_equal(found, expected.astype(int))
    np.testing.assert_array_equal(area, whole.astype(int))
