"""Networks of lines: where they meet, what lies between, and what it costs to go there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, said_by
from pyterra.frozen import dataclass
from pyterra.packages import pandas, shapely
from pyterra.printed import columns
from pyterra.vector.build import Shapes, attributes_of, build, check_kind, check_vector, column
from pyterra.vector.measure import perim
from pyterra.vector.parts import points_at
from pyterra.vector.topology import snap as snapped

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike

    from pyterra.handles.spatnetwork import SpatNetwork
    from pyterra.handles.spatvector import SpatVector

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OWN = ("from_node", "to_node", "source_id", "length", "weight")
"""Columns of edges that are not attributes of the lines."""
NEAR = 1e-9
"""How far the middle of an edge may lie from its line, as a share of the extent: rounding of crossings."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Nodes and edges of a network."""

    nodes: Floats
    """Places, of shape (n, 2)."""
    lines: Shapes
    """The line of each edge, from its first node to its last."""
    ends: Ints
    """Numbers of both nodes of each edge, of shape (m, 2)."""
    source: Ints
    """The record that each edge is of; -1 where it is not known."""
    length: Floats
    """In metres."""
    weight: Floats | None
    """What it costs to go along each edge; None where that is not told."""
    attributes: pd.DataFrame
    """A row for each edge."""
    directed: bool
    """Whether edges lead from their first node to their last only."""
    crs: Any
    """As pyproj has it, or None."""


def of_lines(
    x: SpatVector, snap: float, merge: bool, directed: bool, weights: bool | str | ArrayLike
) -> Network:
    """The network of lines that are cut where they meet.

    Raises
    ------
    ArgumentError
        For points or polygons, a distance below 0, or weights that do not fit.
    """
    check_kind(check_vector(x, "netw"), "lines", "netw")
    if not snap >= 0:
        raise ArgumentError(f"netw: snap must be 0 or more, got {snap!r}")
    near = snapped(x, tolerance=snap) if snap else x
    lines, record = shapely.get_parts(shapely.force_2d(near.geoms), return_index=True)
    reach = max(snap, NEAR * max(x.ext.width, x.ext.height))
    pieces, count = _pieces(lines, reach, directed)
    if merge and len(pieces):
        pieces = _merged(pieces, shapely.get_coordinates(pieces[count:]), directed)
    source = _sources(pieces, lines, record, reach)
    made = of_edges(pieces, source, directed, x.crs)
    table = attributes_of(x).iloc[source].reset_index(drop=True)
    made = replace(made, attributes=table.rename(columns={n: f"{n}_1" for n in OWN}))
    return replace(made, weight=_weights(made, x, weights))


def of_edges(lines: Shapes, source: Ints, directed: bool, crs: Any) -> Network:
    """The network of edges that meet at their ends alone, without weights; nodes are numbered as they come."""
    both = np.stack([shapely.get_coordinates(shapely.get_point(lines, k)) for k in (0, -1)], axis=1)
    places, first, which = np.unique(both.reshape(-1, 2), axis=0, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    with said_by("netw"):
        length = np.asarray(perim(build(lines, None, crs)), np.float64)
    return Network(
        places[order].reshape(-1, 2), lines, number[which.ravel()].reshape(-1, 2), source, length, None,
        pandas.DataFrame(index=pandas.RangeIndex(len(lines))), directed, crs,
    )  # fmt: skip


def _pieces(lines: Shapes, reach: float, directed: bool) -> tuple[Shapes, int]:
    """Lines cut where they meet, each piece once, in the direction of the first line that it is of; and their number.

    Of a directed network, pieces of lines that go both ways follow, in the other direction.
    """
    pieces: Shapes = np.array(shapely.get_parts(shapely.union_all(lines)), dtype=object)
    if not len(pieces):
        return pieces, 0
    i, j = _covered(pieces, lines, reach)
    back = _located(pieces[i], lines[j], 0.51) < _located(pieces[i], lines[j], 0.49)
    one, first = np.unique(i, return_index=True)
    pieces[one] = np.where(back[first], shapely.reverse(pieces[one]), pieces[one])
    both: Any = np.unique(i[back != back[first][np.searchsorted(one, i)]]) if directed else []
    return np.concatenate([pieces, shapely.reverse(pieces[both])]), len(pieces)


def _merged(pieces: Shapes, stay: Any, directed: bool) -> Shapes:
    """Pieces joined between the places at which other than two meet, and those that must stay."""
    east = shapely.bounds(pieces)[:, 2].max()
    away = np.column_stack([east + 1 + np.arange(len(stay)), stay[:, 1]])
    stubs = shapely.linestrings(np.stack([stay, away], axis=1))  # a third line at each
    joint = shapely.line_merge(shapely.multilinestrings(np.concatenate([pieces, stubs])), directed=directed)
    parts: Shapes = np.array(shapely.get_parts(joint), dtype=object)
    return parts[shapely.bounds(parts)[:, 2] <= east]


def _located(pieces: Shapes, lines: Shapes, share: float) -> Any:
    return shapely.line_locate_point(
        lines, shapely.line_interpolate_point(pieces, share, normalized=True), normalized=True
    )


def _covered(pieces: Shapes, lines: Shapes, reach: float) -> tuple[Any, Any]:
    """Which pieces lie on which lines, by their middle, in order of both."""
    middle = shapely.line_interpolate_point(pieces, 0.5, normalized=True)
    i, j = shapely.STRtree(lines).query(middle, predicate="dwithin", distance=reach)
    order = np.lexsort((j, i))
    return i[order], j[order]


def _sources(edges: Shapes, lines: Shapes, record: Ints, reach: float) -> Ints:
    """The first record that each edge lies on and goes along with."""
    i, j = _covered(edges, lines, reach)
    along = _located(edges[i], lines[j], 0.51) >= _located(edges[i], lines[j], 0.49)
    order = np.lexsort((record[j], ~along, i))
    one, first = np.unique(i[order], return_index=True)
    source = np.zeros(len(edges), np.int64)
    source[one] = record[j[order][first]]
    return source


def _weights(net: Network, x: SpatVector, weights: Any) -> Floats | None:
    if weights is True:
        return net.length
    if weights is False or weights is None:
        return None
    if isinstance(weights, str):
        values = attributes_of(x)[column(x, weights, "netw")]
        if not pandas.api.types.is_numeric_dtype(values):
            raise ArgumentError(f"netw: {weights!r} must hold numbers, got {values.dtype}")
        return checked_weights(
            values.to_numpy(np.float64, na_value=np.nan)[net.source], len(net.lines), "netw"
        )
    return checked_weights(weights, len(net.lines), "netw")


def checked_weights(weights: Any, count: int, verb: str) -> Floats:
    """One number for each edge, none below 0.

    Raises
    ------
    ArgumentError
        Otherwise.
    """
    given = np.array(weights, dtype=np.float64).ravel()
    if given.size != count:
        raise ArgumentError(f"{verb}: weights must be one for each edge ({count}), got {given.size}")
    if not (given >= 0).all():
        bad = int(np.argmin(given >= 0))
        raise ArgumentError(f"{verb}: weights must be 0 or more, got {given[bad]} for edge {bad}")
    return given


def net_nodes(x: SpatNetwork) -> SpatVector:
    """Places where edges end.

    Parameters
    ----------
    x : SpatNetwork

    Returns
    -------
    SpatVector
        Points, with the number of ends of edges (``degree``), and of a directed network how many of them lead there
        (``in_degree``) and away (``out_degree``).

    See Also
    --------
    net_edges : What lies between.

    Examples
    --------
    >>> import pyterra as pt
    >>> net = pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))
    >>> net.net_nodes()["degree"].tolist()
    [1, 4, 1, 1, 1]
    """
    net = x._network
    away, there = (np.bincount(net.ends[:, k], minlength=len(net.nodes)) for k in (0, 1))
    table = {"degree": away + there}
    if net.directed:
        table |= {"in_degree": there, "out_degree": away}
    return build(points_at(net.nodes), pandas.DataFrame(table), net.crs)


def net_edges(x: SpatNetwork) -> SpatVector:
    """Lines between nodes.

    Parameters
    ----------
    x : SpatNetwork

    Returns
    -------
    SpatVector
        Lines, with the numbers of their nodes (``from_node``, ``to_node``) and of the record that they are of
        (``source_id``; of several that were merged one), their ``length`` in metres, their ``weight`` where there are
        weights, and the attributes of that record. Attributes with one of these names get the ending ``_1``.

    See Also
    --------
    net_nodes : Where they end.

    Examples
    --------
    >>> import pyterra as pt
    >>> net = pt.netw(pt.vect(["LINESTRING (0 0, 3 4)", "LINESTRING (3 4, 3 5)"], crs="EPSG:3035"), merge=False)
    >>> net.net_edges().values().iloc[:, :4].to_numpy().tolist()
    [[0.0, 1.0, 0.0, 5.0], [1.0, 2.0, 1.0, 1.0]]
    """
    net = x._network
    own = {
        "from_node": net.ends[:, 0],
        "to_node": net.ends[:, 1],
        "source_id": net.source,
        "length": net.length,
    }
    if net.weight is not None:
        own["weight"] = net.weight
    return build(net.lines, pandas.concat([pandas.DataFrame(own), net.attributes], axis=1), net.crs)


def net_directed(x: SpatNetwork) -> bool:
    """Whether edges lead from their first node to their last only.

    Parameters
    ----------
    x : SpatNetwork

    Returns
    -------
    bool

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.netw(pt.vect("LINESTRING (0 0, 3 4)", crs="EPSG:3035"), directed=True).net_directed()
    True
    """
    return x._network.directed


def set_weights(x: SpatNetwork, value: Sequence[float] | NDArray[Any] | None) -> None:
    """Put other weights on the edges of a network; None takes them away."""
    net = x._network
    weight = None if value is None else checked_weights(value, len(net.lines), "net_weights")
    x._network = replace(net, weight=weight)


def text(x: SpatNetwork) -> str:
    """terra's summary."""
    from pyterra.grid.crs import describe_crs, parse_crs
    from pyterra.vector.show import type_name

    net = x._network
    kind = "directed" if net.directed else "undirected"
    lines = [
        ("class", "SpatNetwork"),
        ("type", f"{kind}, {'unweighted' if net.weight is None else 'weighted'}"),
        ("dimensions", f"{len(net.nodes)}, {len(net.lines)}  (nodes, edges)"),
        ("extent", ", ".join(f"{v:.7g}" for v in x.ext) + "  (xmin, xmax, ymin, ymax)"),
        ("coord. ref.", describe_crs(parse_crs(net.crs))),
    ]
    if len(net.attributes.columns):
        names = [str(name) for name in net.attributes.columns]
        types = [type_name(net.attributes[name]) for name in names]
        wide = [max(len(a), len(b)) for a, b in zip(names, types, strict=True)]
        for label, cells in (("names", names), ("type", types)):
            lines.append((label, " ".join(f"{cell:>{w}}" for cell, w in zip(cells, wide, strict=True))))
    return columns(lines)
