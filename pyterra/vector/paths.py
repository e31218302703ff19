"""Shortest ways through a network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.packages import pandas, shapely
from pyterra.vector.build import build
from pyterra.vector.parts import empties

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatnetwork import SpatNetwork
    from pyterra.handles.spatvector import SpatVector
    from pyterra.vector.network import Network


def shortest_path(x: SpatNetwork, from_: ArrayLike, to: ArrayLike) -> SpatVector:
    """The ways of the least weight between nodes.

    Parameters
    ----------
    x : SpatNetwork
        Of a directed network, edges are taken from their first node to their last only. Without weights, lengths count.
    from_, to : int or sequence of int
        Numbers of nodes, as many of both, or one.

    Returns
    -------
    SpatVector
        Lines along the edges, with the numbers of both nodes (``from``, ``to``), and the sum of the weights
        (``distance``). Where no way leads from one to the other, the line is empty and the distance missing. From a node
        to itself the distance is 0.

    Raises
    ------
    ArgumentError
        For numbers that are of no node, or different counts.

    See Also
    --------
    net_nodes : The nodes, in the order of their numbers.
    SpatRaster.cost_dist : Costs of ways over a raster.

    References
    ----------
    Dijkstra, E. W. (1959). A note on two problems in connexion with graphs. Numerische Mathematik 1, 269-271.

    Examples
    --------
    >>> import pyterra as pt
    >>> net = pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))
    >>> net.shortest_path(0, 4).geoms[0].wkt
    'LINESTRING (0 0, 1 1, 2 0)'
    """
    net = x._network
    starts, ends = _pairs(from_, to, len(net.nodes))
    lines, far = empties("lines", len(starts)), np.full(len(starts), np.nan)
    legs = _Legs(net)
    sources, which = np.unique(starts, return_inverse=True)
    for k, source in enumerate(sources):
        distance, before = legs.tree(int(source))
        for row in np.flatnonzero(which == k):
            if np.isfinite(distance[ends[row]]):
                far[row] = distance[ends[row]]
                way = legs.way(before, int(ends[row]))
                if len(way):
                    lines[row] = shapely.linestrings(way)
    return build(lines, pandas.DataFrame({"from": starts, "to": ends, "distance": far}), net.crs)


def _pairs(from_: Any, to: Any, count: int) -> tuple[Any, Any]:
    given = []
    for name, value in (("from_", from_), ("to", to)):
        numbers = np.atleast_1d(np.asarray(value))
        whole = (
            numbers.astype(np.int64) if numbers.dtype.kind in "iuf" and np.isfinite(numbers).all() else None
        )
        if whole is None or (whole != numbers).any() or (whole < 0).any() or (whole >= count).any():
            raise ArgumentError(
                f"shortest_path: {name} must be numbers of nodes from 0 to {count - 1}, got {value!r}"
            )
        given.append(whole.ravel())
    a, b = given
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ArgumentError(f"shortest_path: from_ and to must be as many, or one, got {len(a)} and {len(b)}")
    both = np.broadcast_arrays(a, b)
    return both[0], both[1]


class _Legs:
    """The edges as ways from each node: in both directions, unless the network is directed."""

    def __init__(self, net: Network) -> None:
        n = len(net.nodes)
        cost = net.length if net.weight is None else net.weight
        ends, edge = net.ends, np.arange(len(net.lines))
        back = np.zeros(len(net.lines), bool)
        if not net.directed:
            ends, cost = np.concatenate([ends, ends[:, ::-1]]), np.concatenate([cost, cost])
            edge, back = np.concatenate([edge, edge]), np.concatenate([back, ~back])
        order = np.argsort(ends[:, 0], kind="stable")
        self.lines, self.edge, self.back = net.lines, edge[order], back[order]
        self.here, self.there = np.ascontiguousarray(ends[order].T)
        self.cost = cost[order]
        self.start = np.r_[0, np.cumsum(np.bincount(self.here, minlength=n))]

    def tree(self, source: int) -> tuple[Any, Any]:
        """Distances of all nodes, and the leg that leads to each."""
        distance, before = np.empty(len(self.start) - 1), np.empty(len(self.start) - 1, np.int64)
        kernels.ways.cheapest(self.start, self.there, self.cost, source, distance, before)
        return distance, before

    def way(self, before: Any, target: int) -> Any:
        """Coordinates along the edges; none from a node to itself."""
        legs, node = [], target
        while before[node] >= 0:
            legs.append(before[node])
            node = self.here[before[node]]
        parts = [np.empty((0, 2))]
        for leg in reversed(legs):
            xy = shapely.get_coordinates(self.lines[self.edge[leg]])
            xy = xy[::-1] if self.back[leg] else xy
            parts.append(xy if len(parts) == 1 else xy[1:])
        return np.concatenate(parts)
