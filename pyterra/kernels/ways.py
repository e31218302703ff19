"""The cheapest ways from one node of a graph to all others."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from pyterra.kernels._jit import empty, exact_jit
from pyterra.kernels.cost import pop, push

Floats = npt.NDArray[np.float64]


@exact_jit
def cheapest(start: Any, there: Any, cost: Floats, source: int, distance: Floats, before: Any) -> None:
    """Dijkstra's algorithm.

    Parameters
    ----------
    start : ndarray of int of shape (n + 1,)
        Where the legs of each node begin among all.
    there : ndarray of int of shape (legs,)
        The node that each leg leads to.
    cost : ndarray of shape (legs,)
        None below 0.
    source : int
    distance : ndarray of shape (n,)
        The cost of the way to each node; infinite where none leads.
    before : ndarray of int of shape (n,)
        The leg that leads to each node on the way; -1 at the source and where no way leads. Of equally cheap ways that
        which was found first.
    """
    n = distance.size
    heap, place = empty(n, np.int64), np.full(n, -1, np.int64)
    for i in range(n):
        distance[i] = np.inf
        before[i] = -1
    distance[source] = 0.0
    size = push(heap, distance, place, 0, source)
    while size > 0:
        node = pop(heap, distance, place, size)
        size -= 1
        for leg in range(start[node], start[node + 1]):
            far = distance[node] + cost[leg]
            if far < distance[there[leg]]:
                distance[there[leg]] = far
                before[there[leg]] = leg
                size = push(heap, distance, place, size, there[leg])
