"""Where the values of a raster come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyterra.expr import Node, Read
from pyterra.raster.build import raster

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def copy(x: SpatRaster) -> SpatRaster:
    """Another handle on the same values. What is set on one (names, CRS, cells) does not reach the other.

    Parameters
    ----------
    x : SpatRaster

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
    """The files behind a raster.

    Returns
    -------
    list of str
        In the order of first use; ``""`` stands for memory.

    See Also
    --------
    in_memory : Says whether the values are an array in memory.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "height.tif"
    >>> r = pt.rast([[1, 2]]).write_raster(file)
    >>> [pathlib.Path(name).name for name in (r + 1).sources()]
    ['height.tif']
    """
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
