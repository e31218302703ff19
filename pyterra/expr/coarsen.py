"""The same expression on a grid of fewer cells: for maps and previews, which read overviews instead of everything."""

from __future__ import annotations

from pyterra.expr.kinds import Regrid
from pyterra.expr.moved import picked
from pyterra.expr.node import Node
from pyterra.expr.walk import fold


def coarsen(node: Node, factor: int) -> Node:
    """A preview of a node: one cell for `factor` x `factor`.

    Files are read at reduced resolution, functions of one cell are exact for the cells that are read, neighbourhoods
    look at coarse neighbours. Where the values follow from all cells, cells are picked from the full result.
    """
    return fold((node, factor), _below, _coarser)


def _below(key: tuple[Node, int]) -> list[tuple[Node, int]]:
    node, factor = key
    factors = node.input_factors(factor) if factor > 1 else None
    return [] if factors is None else list(zip(node.inputs, factors, strict=True))


def _coarser(key: tuple[Node, int], inputs: tuple[Node, ...]) -> Node:
    node, factor = key
    if factor <= 1:
        return node
    if node.input_factors(factor) is not None:
        return node.coarser(factor, inputs)
    return Regrid(
        grid=node.grid.thinned(factor),
        layers=node.layers,
        dtype=node.dtype,
        arguments=(node,),
        method=picked(node.grid, factor),
    )
