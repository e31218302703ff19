"""What has a node: the part of a raster that layers below the handles know."""

from __future__ import annotations

from pyterra.arguments import Verbs
from pyterra.expr.node import Node


class Described(Verbs):
    """Anything that a node describes, as a `SpatRaster`; setting `_node` describes the same object anew."""

    __slots__ = ("_node",)
    _node: Node

    def __init__(self, node: Node) -> None:
        self._node = node
