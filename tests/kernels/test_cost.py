"""Least costs within a strip: Dijkstra's algorithm in plain Python, strips that tell each other their borders, poles."""

import heapq

import numpy as np
import pytest

from pyterra.kernels.cost import accumulate

NAN = float("nan")


def steps(nrow, wide=2.0, high=1.0):
    """Distances to neighbours for cells of one size."""
    return np.full(nrow, wide), np.full(nrow + 1, high), np.full(nrow + 1, np.hypot(wide, high))


def costs(friction, target, outside=None, wrap=False, poles=(NAN, NAN), between=lambda: None):
    nrow, ncol = friction.shape
    outside = np.full((4, ncol), NAN) if outside is None else outside
    unasked = np.empty((2, 0), np.int64)
    found, _ = accumulate(friction, target, outside, unasked, *steps(nrow), np.array(poles), wrap, 0, between)
    return found


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


def test_of_targets_at_the_same_cost_the_smallest_number_counts_wherever_the_strip_lies():
    friction = np.ones((3, 5))
    target = np.zeros((3, 5), bool)
    target[[0, 0, 2], [0, 4, 4]] = True
    friction[target] = 0
    outside, beyond = np.full((4, 5), NAN), np.full((2, 5), -1)
    _, nearest = accumulate(friction, target, outside, beyond, *steps(3), np.array([NAN, NAN]), False, 100)
    assert nearest.tolist() == [
        [100, 100, 100, 104, 104],
        [100, 100, 100, 104, 104],
        [100, 100, 114, 114, 114],
    ]


def test_what_comes_over_a_border_brings_its_target():
    friction, target = np.ones((1, 3)), np.zeros((1, 3), bool)
    outside, beyond = np.full((4, 3), NAN), np.full((2, 3), -1)
    outside[0], outside[1], beyond[0] = 1, [5, 9, 5], [7, 8, 3]
    cost, nearest = accumulate(friction, target, outside, beyond, *steps(1), np.array([NAN, NAN]), False, 50)
    assert cost.tolist() == [[6, 5 + np.hypot(2, 1), 6]]
    assert nearest.tolist() == [[7, 3, 3]]
