"""window: a raster of which a part is seen, for as long as that is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyterra.errors import ExtentError
from pyterra.expr import Moved, Node, Regrid
from pyterra.expr.described import Described
from pyterra.frozen import dataclass
from pyterra.raster.build import extent_of, node_of
from pyterra.raster.crop import cut

if TYPE_CHECKING:
    from pyterra.types import ExtentLike


@dataclass(frozen=True)
class Seen(Moved):
    """A part of a raster, of which the whole is not forgotten."""


def _seen(node: Node) -> bool:
    return isinstance(node, Regrid) and isinstance(node.method, Seen)


def window(x: Described) -> list[bool]:
    return [_seen(node) for node, _ in x._node.parts]


def whole_of(node: Node) -> Node:
    """What is seen through a window, all of it; the node itself where there is none."""
    return replace(node.inputs[0], layers=node.layers) if _seen(node) else node


def set_window(x: Described, value: ExtentLike | None) -> None:
    whole = whole_of(node_of(x, "window"))
    if value is None:
        x._node = whole
        return
    extent = extent_of(value)
    part = whole.grid.whole_cells(extent).intersection(whole.grid.window)
    if part is None:
        raise ExtentError(
            f"window: the window must overlap the raster ({whole.grid.extent}), got {extent}; None takes it away"
        )
    x._node = _part(cut(whole, part))


def _part(node: Node) -> Node:
    """A part that remembers its whole; the whole itself is no part."""
    if isinstance(node, Regrid) and type(node.method) is Moved:
        return replace(node, method=Seen(node.method.places, node.method.fill))
    return node
