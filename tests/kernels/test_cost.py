"""Least costs within a strip: Dijkstra's algorithm in plain Python, strips that tell each other their borders, poles."""

import heapq

import numpy as np
import pytest

from pyterra.kernels import cost
from pyterra.kernels.cost import accumulate

NAN = float("nan")


def steps(nrow, wide=2.0, high=1.0):
    """Distances to neighbours for cells of one size."""
    return np.full(nrow, wide), np.full(nrow + 1, high), np.full(nrow + 1, np.hypot(wide, high))


def costs(friction, target, outside=None, wrap=False, poles=(NAN, NAN), between=lambda: None):
    nrow, ncol = friction.shape
    outside = np.full((4, ncol), NAN) if outside is None else outside
    found = accumulate(friction, target, outside, *steps(nrow), np.array(poles), wrap, between)
    return found[: friction.size].reshape(friction.shape)


def dijkstra(friction, target, wrap):
    """The same, cell by cell."""
    nrow, ncol = friction.shape
    cost = np.where(target, 0.0, np.inf)
    heap = [(0.0, int(i), int(j)) for i, j in np.argwhere(target)]
    while heap:
        here, i, j = heapq.heappop(heap)
        if here > cost[i, j]:
            continue
        for di in (-1, 0, 1):
            for dj in (-1, 0, 1):
                r, c = i + di, (j + dj) % ncol if wrap else j + dj
                if (di, dj) == (0, 0) or not (0 <= r < nrow and 0 <= c < ncol) or np.isnan(friction[r, c]):
                    continue
                new = here + (friction[i, j] + friction[r, c]) / 2 * np.hypot(di, 2 * dj)
                if new < cost[r, c]:
                    cost[r, c] = new
                    heapq.heappush(heap, (new, r, c))
    return cost


def ground(seed):
    rng = np.random.default_rng(seed)
    friction = rng.uniform(0.5, 3, (14, 11))
    friction[rng.random(friction.shape) < 0.3] = NAN
    target = rng.random(friction.shape) < 0.03
    friction[target] = 0
    return friction, target


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("wrap", [False, True])
def test_costs_are_those_of_plain_dijkstra(seed, wrap):
    friction, target = ground(seed)
    np.testing.assert_allclose(
        costs(friction, target, wrap=wrap), dijkstra(friction, target, wrap), rtol=1e-14
    )


def test_a_strip_goes_on_from_the_borders_of_its_neighbours():
    friction, target = ground(1)
    target[7:] = False
    whole = costs(friction, target)
    outside = np.full((4, 11), NAN)
    outside[0], outside[1] = friction[6], whole[6]
    below = costs(friction[7:].copy(), target[7:].copy(), outside)
    # No way of the upper rows leads through the lower ones if they are all dearer than what they are reached from.
    assert (below >= whole[7:]).all()
    outside = np.full((4, 11), NAN)
    outside[2], outside[3] = friction[7], below[0]
    above = costs(friction[:7].copy(), target[:7].copy(), outside)
    assert (above == whole[:7]).all()


def test_all_cells_of_a_row_are_next_to_each_other_over_a_pole():
    friction = np.array([[0.0, NAN, 2.0, NAN]])
    target = friction == 0
    assert costs(friction, target).tolist() == [[0, np.inf, np.inf, np.inf]]
    # 10 to the pole over friction 0, then 10 down over friction 2
    assert costs(friction, target, poles=(10.0, NAN)).tolist() == [[0, np.inf, 20, np.inf]]
    assert costs(friction, target, poles=(NAN, 10.0)).tolist() == [[0, np.inf, 20, np.inf]]


def test_whoever_waits_is_asked_and_may_end_it():
    def end():
        raise KeyboardInterrupt

    friction, target = ground(0)
    with pytest.raises(KeyboardInterrupt):
        costs(friction, target, between=end)


@pytest.mark.parametrize("wrap", [False, True])
def test_what_passes_leave_is_found_by_dijkstra(monkeypatch, wrap):
    friction, target = ground(2)
    whole = costs(friction, target, wrap=wrap)
    for passes in (0, 1, 2):
        monkeypatch.setattr(cost, "WORTH_WHILE", passes)
        assert (costs(friction, target, wrap=wrap) == whole).all()
