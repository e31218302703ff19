"""Choosing and joining layers. A choice is pushed down to the sources, so that only chosen bands are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pyterra.expr.kinds import Constant, Read, Stack
from pyterra.expr.layers import Layers
from pyterra.expr.node import Node
from pyterra.expr.walk import fold

Chosen = tuple[Node, tuple[int, ...]]
"""A node, and layers of it."""


def select(node: Node, index: Sequence[int]) -> Node:
    """The layers `index` of a node, in that order; a layer may come more than once."""
    return fold((node, tuple(index)), _below, _chosen)


def _below(key: Chosen) -> list[Chosen]:
    node, index = key
    if not node.layer_by_layer or _is_all(key):
        return []
    return [(child, index) for child in node.inputs]


def _chosen(key: Chosen, inputs: tuple[Node, ...]) -> Node:
    node, index = key
    if _is_all(key):
        return node
    if node.layer_by_layer:
        return node.picked(index).with_inputs(inputs)
    parts = node.parts
    return _stack([parts[i] for i in index], tuple(node.layers[i] for i in index))


def _is_all(key: Chosen) -> bool:
    node, index = key
    return index == tuple(range(len(node.layers)))


def join(nodes: Sequence[Node]) -> Node:
    """All layers of the nodes, one after the other."""
    if len(nodes) == 1:
        return nodes[0]
    parts = [part for node in nodes for part in node.parts]
    return _stack(parts, tuple(layer for node in nodes for layer in node.layers))


def relabel(node: Node, layers: Layers) -> Node:
    """The same values under other names, times, units and so on."""
    return replace(node, layers=layers)


def _stack(parts: Sequence[tuple[Node, int]], layers: Layers) -> Node:
    """A Stack over (node, layer) pairs; bands of one file are read together, nodes used whole are kept whole."""
    merged = _join_reads([node for node, _ in parts], parts, layers)
    if merged is not None:
        return merged
    first = parts[0][0] if parts else None
    if isinstance(first, Constant) and not any(node.has_values for node, _ in parts):
        return replace(first, layers=layers, numbers=(first.numbers[0],) * len(layers))
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
