"""Where the values of a raster come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.expr import Node, Read
from pyterra.raster._build import raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def copy(x: SpatRaster) -> SpatRaster:
    """Another handle on the same values: what is set on one (names, CRS, cells) does not reach the other.

    Returns
    -------
    SpatRaster

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast([[1, 2]], names="a")
    >>> b = a.copy()
    >>> b.names = "b"
    >>> a.names
    ['a']
    """
    return raster(x._node)


def sources(x: SpatRaster) -> list[str]:
    """Files behind the raster, in the order of first use; ``""`` stands for memory."""
    found: dict[str, None] = {}
    seen: set[Node] = set()
    stack = [x._node]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Read):
            found[node.source.name if node.source.where else ""] = None
        stack.extend(reversed(node.inputs))
    return list(found)
