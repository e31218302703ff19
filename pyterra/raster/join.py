"""c: rasters joined layer by layer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyterra.errors import ArgumentError, warn
from pyterra.expr import Node, join, relabel
from pyterra.expr.times import common_step
from pyterra.raster.build import is_raster, on_grid, raster, same_grid

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def c(*rasters: SpatRaster, **named: SpatRaster) -> SpatRaster:
    """Join rasters layer by layer.

    Parameters
    ----------
    *rasters : SpatRaster
        Rasters on one grid.
    **named : SpatRaster
        Rasters whose layers get the name of the argument.

    Returns
    -------
    SpatRaster
        Every layer keeps its time. Those of different steps are told in the coarser one (days and seconds: in seconds);
        where there is none that fits all, `time` is None, and a warning says so.

    Raises
    ------
    GridMismatchError
        Where rows, columns or extents differ.
    """
    nodes: list[Node] = []
    for r in rasters:
        if not is_raster(r):
            raise ArgumentError(f"c: must be given rasters, got {r.__class__.__name__}")
        nodes.append(r._node)
    for name, r in named.items():
        labels = [name] if len(r) == 1 else [f"{name}_{i + 1}" for i in range(len(r))]
        layers = tuple(replace(la, name=label) for la, label in zip(r._node.layers, labels, strict=True))
        nodes.append(relabel(r._node, layers))
    if not nodes:
        raise ArgumentError("c: needs at least one raster")
    grid = same_grid(nodes, "c")
    joined = join([on_grid(n, grid) for n in nodes])
    steps = list(dict.fromkeys(layer.step for layer in joined.layers if layer.time is not None))
    if steps and not common_step(joined.layers):
        told = ", ".join(steps) + ("" if all(la.time is not None for la in joined.layers) else ", none")
        warn(f"c: the times of the layers must have a step in common, got {told}; the result has no time")
    return raster(joined)
