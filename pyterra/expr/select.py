"""Choosing and joining layers. A choice is pushed down to the sources, so that only chosen bands are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pyterra.expr.kinds import Cells, Constant, Halo, Read, Regrid, Stack
from pyterra.expr.layers import Layers
from pyterra.expr.node import Node


def select(node: Node, index: Sequence[int]) -> Node:
    """The layers `index` of a node, in that order; a layer may come more than once."""
    index = tuple(index)
    if index == tuple(range(len(node.layers))):
        return node
    layers = tuple(node.layers[i] for i in index)
    if isinstance(node, Read):
        return replace(node, bands=tuple(node.bands[i] for i in index), layers=layers)
    if isinstance(node, Constant):
        return replace(node, numbers=tuple(node.numbers[i] for i in index), layers=layers)
    if isinstance(node, Stack):
        return _stack(
            [(node.arguments[which], layer) for which, layer in (node.picks[i] for i in index)], layers
        )
    if isinstance(node, Halo) and node.layerwise:
        return replace(node, argument=select(node.argument, index), layers=layers)
    if isinstance(node, Cells | Regrid) and node.layerwise and _same_depth(node):
        return replace(node, arguments=tuple(select(a, index) for a in node.arguments), layers=layers)
    return _stack([(node, i) for i in index], layers)


def join(nodes: Sequence[Node]) -> Node:
    """All layers of the nodes, one after the other."""
    if len(nodes) == 1:
        return nodes[0]
    parts: list[tuple[Node, int]] = []
    for node in nodes:
        if isinstance(node, Stack):
            parts += [(node.arguments[which], layer) for which, layer in node.picks]
        else:
            parts += [(node, i) for i in range(len(node.layers))]
    return _stack(parts, tuple(layer for node in nodes for layer in node.layers))


def relabel(node: Node, layers: Layers) -> Node:
    """The same values under other names, times, units and so on."""
    return replace(node, layers=layers)


def _same_depth(node: Cells | Regrid) -> bool:
    return all(len(a.layers) == len(node.layers) for a in node.arguments)


def _stack(parts: Sequence[tuple[Node, int]], layers: Layers) -> Node:
    """A Stack over (node, layer) pairs; bands of one file are read together, nodes used whole are kept whole."""
    merged = _join_reads([node for node, _ in parts], parts, layers)
    if merged is not None:
        return merged
    arguments: list[Node] = []
    position: dict[Node, int] = {}
    for node, _ in parts:
        if node not in position:
            position[node] = len(arguments)
            arguments.append(node)
    dtype = np.result_type(*(node.dtype for node in arguments))
    picks = tuple((position[node], layer) for node, layer in parts)
    return Stack(
        grid=arguments[0].grid, layers=layers, dtype=np.dtype(dtype), arguments=tuple(arguments), picks=picks
    )


def _join_reads(nodes: Sequence[Node], parts: Sequence[tuple[Node, int]], layers: Layers) -> Node | None:
    """One Read where all parts are bands of one source on one grid."""
    first = nodes[0]
    if not isinstance(first, Read):
        return None
    bands = []
    for node, layer in parts:
        if not isinstance(node, Read) or node.source is not first.source or node.grid != first.grid:
            return None
        bands.append(node.bands[layer])
    dtype = np.dtype(np.result_type(*(node.dtype for node in nodes)))
    return replace(first, bands=tuple(bands), layers=layers, dtype=dtype)
