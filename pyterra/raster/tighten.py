"""tighten: fewer pieces in memory, or one raster of a data set."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pyterra.errors import ArgumentError
from pyterra.expr import Node, Read, join, select
from pyterra.raster.build import node_of, raster, same_grid
from pyterra.raster.sources import nsrc
from pyterra.raster.values import compute

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterDataset
    from pyterra.handles.spatraster import SpatRaster


def tighten(x: SpatRaster) -> SpatRaster:
    """A raster whose neighbouring layers in memory, or still to be computed, are one piece that holds its values.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        Layers and values of `x`. Layers of files are read from their files, as before.

    See Also
    --------
    compute : Holds the values of all layers.
    nsrc : Counts the pieces.

    Notes
    -----
    Layers of one file are read together anyway, wherever they stand. Where several pieces become one, what is still to be
    computed is computed.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2]])
    >>> x = pt.c(r, r * 2, r * 3)
    >>> x.nsrc(), x.tighten().nsrc()
    (3, 1)
    """
    node = node_of(x, "tighten")
    runs = [list(run) for _, run in groupby(range(len(node.layers)), lambda i: _is_of_file(node.parts[i][0]))]
    return raster(join([_as_one(select(node, run)) for run in runs]))


def tighten_all(x: SpatRasterDataset) -> SpatRaster:
    """The layers of all sub-datasets as one raster, with their own names.

    Returns
    -------
    SpatRaster
        Nothing is computed, and the pieces stay as they are.

    See Also
    --------
    rast : Does the same, and puts the name of the sub-dataset before those of its layers.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.sds(a=pt.rast([[1, 2]], names="x"), b=pt.rast([[3, 4]], names="y"))
    >>> s.tighten().names
    ['x', 'y']
    """
    nodes = [node_of(one, "tighten") for one in x]
    if not nodes:
        raise ArgumentError("tighten: the data set must have a sub-dataset, got none")
    same_grid(nodes, "tighten")
    return raster(join(nodes))


def _is_of_file(part: Node) -> bool:
    return isinstance(part, Read) and bool(part.source.where)


def _as_one(node: Node) -> Node:
    """Layers that are one piece stay as they are; several, none of a file, hold their values."""
    made = raster(node)
    return (
        node if nsrc(made) == 1 or any(_is_of_file(part) for part, _ in node.parts) else compute(made)._node
    )
