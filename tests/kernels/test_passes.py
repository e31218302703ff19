"""Passes over rows: until nothing changes any more, costs are those of every single step; what is not stale stays."""

import numpy as np
import pytest

from pyterra.kernels.passes import pass_over


def steps(nrow):
    """Distances that differ from row to row, as on lon/lat."""
    wide = np.linspace(1, 2, nrow + 1)
    return wide, np.full(nrow + 1, 1.5), np.hypot(wide, 1.5)


def relaxed(friction, cost, wide, high, slant, wrap):
    """Every step of every cell, until none makes a cost less."""
    nrow, ncol = friction.shape
    cost = cost.copy()
    while True:
        before = cost.copy()
        for i, j in np.ndindex(nrow, ncol):
            for r in range(max(i - 1, 0), min(i + 2, nrow)):
                for c in (j - 1, j, j + 1):
                    if (r, c) == (i, j) or not (wrap or 0 <= c < ncol):
                        continue
                    edge, aside = max(i, r), (c - j) != 0
                    length = wide[i] if r == i else slant[edge] if aside else high[edge]
                    new = cost[r, c % ncol] + (friction[r, c % ncol] + friction[i, j]) / 2 * length
                    if new < cost[i, j]:
                        cost[i, j] = new
        if (cost == before).all():
            return cost


@pytest.mark.parametrize("wrap", [False, True])
@pytest.mark.parametrize("shape", [(7, 9), (1, 6), (6, 1), (5, 2), (1, 1)])
def test_costs_are_those_of_single_steps(wrap, shape):
    rng = np.random.default_rng(sum(shape))
    friction = rng.uniform(0, 3, shape)
    friction[rng.random(shape) < 0.25] = np.nan
    cost = np.where(rng.random(shape) < 0.15, rng.integers(0, 3, shape), np.inf)
    ways = steps(shape[0])
    expected = relaxed(friction, cost, *ways, wrap)
    stale, upward = np.ones((2, shape[0]), bool), False
    while stale.any():
        pass_over(friction, cost, *ways, wrap, upward, stale)
        upward = not upward
    assert (cost == expected).all()


def test_rows_beside_a_change_become_stale_and_others_are_left_alone():
    friction, cost = np.ones((4, 3)), np.full((4, 3), np.inf)
    cost[1, 0] = 0
    stale = np.zeros((2, 4), bool)
    stale[0, 1] = True
    assert pass_over(friction, cost, *steps(4), False, False, stale) > 0
    assert np.isinf(cost[0]).all()
    assert np.isfinite(cost[1:]).all()
    assert stale.tolist() == [[False] * 4, [True, True, True, False]]
