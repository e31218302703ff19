"""Cheapest ways through graphs against scipy's."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from pyterra.kernels.ways import cheapest


def test_ways_cost_what_scipy_says():
    rng = np.random.default_rng(3)
    n = 30
    here, there = np.divmod(rng.choice(n * n, 60, replace=False), n)
    order = np.argsort(here, kind="stable")
    here, there, cost = here[order], there[order], rng.integers(1, 9, 60).astype(float)
    start = np.r_[0, np.cumsum(np.bincount(here, minlength=n))]
    distance, before = np.empty(n), np.empty(n, np.int64)
    for source in range(5):
        cheapest(start, there, cost, source, distance, before)
        assert (
            distance.tolist()
            == dijkstra(csr_array((cost, there, start), shape=(n, n)), indices=source).tolist()
        )
        led = np.flatnonzero(before >= 0)
        assert set(led) | {source} == set(np.flatnonzero(np.isfinite(distance)))
        assert (there[before[led]] == led).all()
        assert (distance[here[before[led]]] + cost[before[led]] == distance[led]).all()
