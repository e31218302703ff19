"""Networks as files: a GeoPackage with two layers, the nodes and the edges."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pyterra.errors import ArgumentError, SinkError, SourceError, said_by
from pyterra.io.safe.places import path_text
from pyterra.packages import shapely
from pyterra.vector.build import attributes_of
from pyterra.vector.make import vect
from pyterra.vector.network import OWN, Network, net_edges, net_nodes
from pyterra.vector.write import write_vector

if TYPE_CHECKING:
    from pyterra.handles.spatnetwork import SpatNetwork

NODES, EDGES = "nodes", "edges"


def write_network(x: SpatNetwork, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
    """Write a network to a file, from which `netw` makes it again.

    Parameters
    ----------
    x : SpatNetwork
    path : path
        A GeoPackage (``.gpkg``), with the layers ``nodes`` and ``edges``, which have what `net_nodes` and `net_edges`
        give: weights and attributes are kept.
    overwrite : bool
        Whether an existing file may be replaced.

    Raises
    ------
    ArgumentError
        For another ending, or a network without edges.
    OutputExistsError
        Where the file exists and `overwrite` is False.
    WriteError
        Where the file cannot be written or read back.

    See Also
    --------
    netw : Reads it.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> path = Path(tempfile.mkdtemp()) / "roads.gpkg"
    >>> pt.netw(pt.vect("LINESTRING (0 0, 3 4)", crs="EPSG:3035")).write_network(path)
    >>> pt.netw(path).net_weights.tolist()
    [5.0]
    """
    from pyterra.io.safe.parts import atomic_path

    file = path_text(path, "write_network", SinkError)
    if Path(file).suffix.lower() != ".gpkg":
        raise ArgumentError(f"write_network: path must end in .gpkg, got {file}")
    if not x.net_nedges:
        raise ArgumentError("write_network: the network must have edges, got none")
    with said_by("write_network"), atomic_path(file, overwrite=overwrite) as part:
        write_vector(net_nodes(x), part, layer=NODES)
        write_vector(net_edges(x), part, layer=EDGES, insert=True)


def read_network(path: str | os.PathLike[str]) -> Network:
    """The network of a file.

    Raises
    ------
    SourceError
        Where there is no such file, or it holds no network.
    """
    from pyterra.io.vector.read import layers_of

    name = os.fspath(path)
    if not {NODES, EDGES} <= set(layers_of(name)):
        raise SourceError(f"netw: {name} must have the layers nodes and edges, as write_network() makes them")
    nodes, edges = vect(name, NODES), vect(name, EDGES)
    table = attributes_of(edges)
    lacking = [column for column in OWN[:-1] if column not in table.columns]
    if lacking:
        raise SourceError(
            f"netw: {name}: the layer edges must have {', '.join(OWN[:-1])}; it lacks {', '.join(lacking)}"
        )
    ends = table[["from_node", "to_node"]].to_numpy(np.int64)
    if len(ends) and not (ends.min() >= 0 and ends.max() < len(nodes)):
        raise SourceError(
            f"netw: {name}: edges must lead to nodes from 0 to {len(nodes) - 1}, got {ends.max()}"
        )
    weight = table["weight"].to_numpy(np.float64) if "weight" in table.columns else None
    return Network(
        nodes=np.asarray(nodes.crds(), np.float64)[:, :2],
        lines=shapely.force_2d(edges.geoms),
        ends=ends,
        source=table["source_id"].to_numpy(np.int64),
        length=table["length"].to_numpy(np.float64),
        weight=weight,
        attributes=table.drop(columns=[column for column in OWN if column in table.columns]),
        directed="in_degree" in nodes.names,
        crs=edges.crs,
    )
