"""SpatNetwork: lines that meet at nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pyterra.arguments import Verbs
from pyterra.handles.spatextent import SpatExtent
from pyterra.maps import networks as _maps
from pyterra.maps import pages as _pages
from pyterra.vector import netfiles as _netfiles
from pyterra.vector import network as _network
from pyterra.vector import paths as _paths
from pyterra.vector.build import bounds_of

if TYPE_CHECKING:
    import numpy as np
    import pyproj
    from numpy.typing import NDArray


class SpatNetwork(Verbs):
    """Nodes and the edges between them. Made by `pyterra.netw`.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))
    class       : SpatNetwork
    type        : undirected, weighted
    dimensions  : 5, 4  (nodes, edges)
    extent      : 0, 2, 0, 2  (xmin, xmax, ymin, ymax)
    coord. ref. : ETRS89-extended / LAEA Europe (EPSG:3035)
    """

    __slots__ = ("_network",)

    def __init__(self, network: _network.Network) -> None:
        self._network = network

    @property
    def ext(self) -> SpatExtent:
        """The extent of all edges."""
        return SpatExtent(*bounds_of(self._network.lines))

    @property
    def crs(self) -> pyproj.CRS | None:
        """Coordinate reference system, or None."""
        found: pyproj.CRS | None = self._network.crs
        return found

    @property
    def net_nnodes(self) -> int:
        """Number of nodes."""
        return len(self._network.nodes)

    @property
    def net_nedges(self) -> int:
        """Number of edges."""
        return len(self._network.lines)

    @property
    def net_weights(self) -> NDArray[np.float64] | None:
        """What it costs to go along each edge; None where that is not told."""
        weight = self._network.weight
        return None if weight is None else weight.copy()

    @net_weights.setter
    def net_weights(self, value: Sequence[float] | NDArray[Any] | None) -> None:
        _network.set_weights(self, value)

    net_directed = _network.net_directed
    net_nodes = _network.net_nodes
    net_edges = _network.net_edges
    shortest_path = _paths.shortest_path
    write_network = _netfiles.write_network
    plot = _maps.plot

    def __repr__(self) -> str:
        return _network.text(self)

    def _repr_html_(self) -> str:
        return _pages.html_text(self)
