"""Cases of networks, of vectors that stay in their files, and of graticules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from inputs import Inputs

import pyterra as pt
from cases.case import Case, new_path, plain_case
from cases.pictures import shown
from cases.vectors import squares, tracks


def roads(z: Inputs) -> pt.SpatNetwork:
    """Two roads that cross, joined where they do."""
    return pt.netw(tracks(z).make_nodes())


def proxy(z: Inputs) -> pt.SpatVectorProxy:
    """Three squares in a file."""
    path = new_path(z, "gpkg")
    squares(z).write_vector(path)
    return pt.vect(path, proxy=True)


def written(z: Inputs) -> Any:
    path = new_path(z, "gpkg")
    roads(z).write_network(path)
    return pt.netw(path).net_edges()


def _network(verb: str, ask: Callable[[pt.SpatNetwork], Any], note: str = "") -> Case:
    return plain_case(f"SpatNetwork.{verb}", lambda z: ask(roads(z)), note)


def _proxy(verb: str, ask: Callable[[pt.SpatVectorProxy], Any], note: str = "") -> Case:
    return plain_case(f"SpatVectorProxy.{verb}", lambda z: ask(proxy(z)), note)


NETWORKS = [
    plain_case("pt.netw", lambda z: roads(z).net_edges()),
    _network("__repr__", repr),
    _network("_repr_html_", lambda n: n._repr_html_()),
    _network("crs", lambda n: n.crs),
    _network("ext", lambda n: n.ext),
    _network("net_directed", lambda n: n.net_directed()),
    _network("net_edges", lambda n: n.net_edges()),
    _network("net_nodes", lambda n: n.net_nodes()),
    _network("net_nedges", lambda n: n.net_nedges),
    _network("net_nnodes", lambda n: n.net_nnodes),
    _network("net_weights", lambda n: n.net_weights),
    _network("plot", lambda n: shown(n.plot())),
    _network("shortest_path", lambda n: n.shortest_path(0, 1)),
    plain_case("SpatNetwork.write_network", written),
    _proxy("__len__", len),
    plain_case("SpatVectorProxy.__repr__", lambda z: repr(proxy(z)).splitlines()[0]),
    _proxy("_repr_html_", lambda p: p._repr_html_().count("<tr>")),
    _proxy("crs", lambda p: p.crs),
    _proxy("dim", lambda p: p.dim),
    _proxy("ext", lambda p: p.ext),
    _proxy("geomtype", lambda p: p.geomtype()),
    _proxy("names", lambda p: p.names),
    _proxy("query", lambda p: p.query(start=1, n=1)),
    plain_case("SpatVectorProxy.sources", lambda z: len(proxy(z).sources())),
    plain_case("pt.tessellate", lambda z: pt.tessellate(z.ext, z.ext.width / 3)),
    plain_case("pt.graticule", lambda z: pt.graticule(60, 45)),
]

NETWORK_EXCEPTIONS = {
    "pt.SpatNetwork": "users make networks with netw()",
    "pt.SpatVectorProxy": "users make proxies with vect(proxy=True)",
}
"""Public names without a case, and why."""
