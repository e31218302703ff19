"""Nodes that keep a distance, against the rule in words."""

import itertools

import numpy as np

from pyterra.kernels.nodes import thinned


def by_rule(xyz, start, reach):
    keep = np.zeros(len(xyz), bool)
    for first, end in itertools.pairwise(start):
        stay = [first]
        for i in range(first + 1, end):
            if np.linalg.norm(xyz[i] - xyz[stay[-1]]) > reach:
                stay.append(i)
        while len(stay) > 1 and np.linalg.norm(xyz[stay[-1]] - xyz[end - 1]) <= reach:
            stay.pop()
        keep[[*stay, end - 1]] = True
    return keep


def test_nodes_stay_by_the_rule():
    rng = np.random.default_rng(4)
    xyz = rng.integers(0, 9, (60, 3)).astype(float)
    start = np.array([0, 1, 3, 25, 60])
    for reach in (1.0, 3.0, 20.0):
        keep = np.zeros(60, bool)
        thinned(xyz, start, reach, keep)
        assert keep.tolist() == by_rule(xyz, start, reach).tolist()
