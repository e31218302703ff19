"""Nodes taken out and put in, against the rule in words."""

import itertools

import numpy as np

from pyterra.kernels.nodes import divided, thinned


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


def test_nodes_are_put_in_by_the_rule():
    rng = np.random.default_rng(5)
    xyz = rng.integers(0, 9, (7, 3)).astype(float)
    pieces = np.array([3, 1, 1, 2, 4, 1, 1])
    steps = np.where(pieces > 1, pieces - 0.25, 1)  # the last piece is shorter
    share = np.concatenate([np.arange(n) / by for n, by in zip(pieces, steps, strict=True)])
    expected = [
        here + at * (after - here)
        for here, after, n, by in zip(xyz, np.r_[xyz[1:], xyz[:1]], pieces, steps, strict=True)
        for at in np.arange(n) / by
    ]
    out, shares = np.empty((pieces.sum(), 3)), np.empty(pieces.sum())
    divided(xyz, pieces, steps, out, shares)
    np.testing.assert_array_equal(shares, share)
    np.testing.assert_allclose(out, expected, rtol=1e-15)
