"""Which target is the nearest: the smallest number of those to which a way costs as little, over borders and poles."""

import numpy as np
import pytest

from pyterra.kernels.cost import accumulate
from pyterra.kernels.origins import origins

NAN = float("nan")


def nearest(friction, target, outside=None, beyond=None, poles=(NAN, NAN), wrap=False, first=0):
    nrow, ncol = friction.shape
    outside = np.full((4, ncol), NAN) if outside is None else outside
    beyond = np.full((2, ncol), -1) if beyond is None else beyond
    ways = np.full(nrow, 2.0), np.ones(nrow + 1), np.full(nrow + 1, np.hypot(2, 1)), np.array(poles)
    cost = accumulate(friction, target, outside, *ways, wrap)
    return origins(friction, target, cost, outside, beyond, *ways, wrap, first)


@pytest.mark.parametrize("wrap", [False, True])
def test_the_nearest_is_the_smallest_of_all_targets_whose_own_costs_are_the_least(wrap):
    rng = np.random.default_rng(3)
    friction = rng.integers(1, 3, (9, 7)).astype(float)
    friction[rng.random(friction.shape) < 0.3] = NAN
    target = rng.random(friction.shape) < 0.15
    friction[target] = 0
    cells = np.flatnonzero(target)
    alone = []
    for cell in cells:
        one = np.zeros(friction.size, bool)
        one[cell] = True
        ways = np.full(9, 2.0), np.ones(10), np.full(10, np.hypot(2, 1)), np.array([NAN, NAN])
        found = accumulate(friction, one.reshape(friction.shape), np.full((4, 7), NAN), *ways, wrap)
        alone.append(found[: friction.size].reshape(friction.shape))
    least = np.argmin(np.round(alone, 9), axis=0)
    expected = np.where(np.isinf(np.min(alone, axis=0)), -1, cells[least])
    assert (nearest(friction, target, wrap=wrap) == expected).all()


def test_of_targets_at_the_same_cost_the_smallest_number_counts_wherever_the_strip_lies():
    friction, target = np.ones((3, 5)), np.zeros((3, 5), bool)
    target[[0, 0, 2], [0, 4, 4]] = True
    friction[target] = 0
    assert nearest(friction, target, first=100).tolist() == [
        [100, 100, 100, 104, 104],
        [100, 100, 100, 104, 104],
        [100, 100, 114, 114, 114],
    ]


def test_what_comes_over_a_border_brings_its_target():
    friction, target = np.ones((1, 3)), np.zeros((1, 3), bool)
    outside, beyond = np.full((4, 3), NAN), np.full((2, 3), -1)
    outside[0], outside[1], beyond[0] = 1, [5, 9, 5], [7, 8, 3]
    assert nearest(friction, target, outside, beyond, first=50).tolist() == [[7, 3, 3]]


def test_ways_over_a_pole_and_over_ground_that_costs_nothing():
    friction = np.array([[0.0, NAN, 2.0, NAN]])
    assert nearest(friction, friction == 0).tolist() == [[0, -1, -1, -1]]
    assert nearest(friction, friction == 0, poles=(NAN, 10.0)).tolist() == [[0, -1, 0, -1]]
    free = np.zeros((2, 3))
    assert nearest(free, free == 0, first=4).tolist() == [[4, 4, 4], [4, 4, 4]]
