"""merge, mosaic and vrt: rasters side by side."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, LayerError, said_by, warn
from pyterra.expr import Array, Laid, Moved, Node, Place, Regrid, Tiling
from pyterra.grid import Grid, Window
from pyterra.grid.grid import common_crs
from pyterra.raster._build import choice, is_raster, node_of, raster
from pyterra.raster.files import open_node
from pyterra.raster.summary import statistic_dtype
from pyterra.raster.warp import resample

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

Fun = Literal["mean", "median", "min", "max", "modal", "sum", "first", "last"]
FUNS = ("mean", "median", "min", "max", "modal", "sum", "first", "last")


@dataclass(frozen=True)
class Overlay(Moved):
    """Inputs laid into one grid, one value of a statistic where they overlap."""

    fun: str = "mean"

    @property
    def moves(self) -> bool:
        return False

    def joined(self, laid: Sequence[Laid], window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        if self.fun in ("first", "last"):
            return super().joined(laid if self.fun == "first" else laid[::-1], window, nlyr, dtype)
        if self.fun in ("sum", "mean"):
            return self._adding(laid, window, nlyr, dtype)
        return self._comparing(laid, window, nlyr, dtype)

    def _adding(self, laid: Sequence[Laid], window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        total = np.zeros((nlyr, window.nrow, window.ncol))
        count = np.zeros(total.shape, np.int32)
        for array, (rows, cols) in laid:
            valid = ~np.isnan(array)
            np.add(total[:, rows, cols], array, out=total[:, rows, cols], where=valid)
            count[:, rows, cols] += valid
        total[count == 0] = np.nan
        if self.fun == "mean":
            np.divide(total, count, out=total, where=count > 0)
        return total.astype(dtype, copy=False)

    def _comparing(self, laid: Sequence[Laid], window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        deep = np.full((max(1, len(laid)), nlyr * window.cells), np.nan, dtype)
        for i, (array, (rows, cols)) in enumerate(laid):
            deep[i].reshape(nlyr, window.nrow, window.ncol)[:, rows, cols] = array
        out: Array = kernels.stats.layer_stat(deep, self.fun, True, out_dtype=dtype)
        return out.reshape(nlyr, window.nrow, window.ncol)

    def scratch(self, window: Window, nlyr: int) -> int:
        if self.fun in ("first", "last"):
            return nlyr * window.cells
        if self.fun in ("sum", "mean"):
            return nlyr * window.cells * 22
        deepest = sum(place.behind(window) is not None for place in self.places)
        return nlyr * window.cells * 8 * (deepest + 1)


def _inputs(x: Any, others: Sequence[Any], verb: str) -> list[Node]:
    rasters = list(x) if isinstance(x, list | tuple) else [x]
    rasters += list(others)
    if not rasters or not all(is_raster(r) for r in rasters):
        raise ArgumentError(f"{verb}: must be given rasters, or a list of them")
    nodes = [node_of(r, verb) for r in rasters]
    if len({len(n.layers) for n in nodes}) > 1:
        raise LayerError(f"{verb}: all must have as many layers, got {[len(n.layers) for n in nodes]}")
    return nodes


def _overlay(nodes: list[Node], fun: str, verb: str) -> SpatRaster:
    first = nodes[0].grid
    crs = first.crs
    for node in nodes[1:]:
        crs = common_crs(crs, node.grid.crs, verb)
    first = first.with_crs(crs)
    aligned = []
    for node in nodes:
        if not node.grid.is_aligned(first):
            warn(
                f"{verb}: the cells of {node.grid.extent} do not coincide with those of the first; resampling"
            )
            node = resample(raster(replace_crs(node, crs)), _lattice(first, node.grid))._node
        aligned.append(node)
    extent = aligned[0].grid.extent
    for node in aligned[1:]:
        extent = extent.union(node.grid.extent)
    grid = first.subgrid(first.window_of(extent))
    places = []
    for node in aligned:
        row, col = node.grid.offset_in(grid)
        places.append(Place.at(row, col, (node.grid.nrow, node.grid.ncol)))
    dtype = np.dtype(np.result_type(*(statistic_dtype(fun, n) for n in aligned)))
    layers = tuple(_merged(la, [n.layers[i] for n in aligned], fun) for i, la in enumerate(aligned[0].layers))
    tile = aligned[0].tiling
    if tile is not None:
        tile = Tiling(
            tile.nrow,
            tile.ncol,
            (tile.row - places[0].rows.start) % tile.nrow,
            (tile.col - places[0].cols.start) % tile.ncol,
        )
    return raster(
        Regrid(
            grid=grid,
            layers=layers,
            dtype=dtype,
            arguments=tuple(aligned),
            method=Overlay(tuple(places), fun=fun),
            tile=tile,
        )
    )


def replace_crs(node: Node, crs: str) -> Node:
    """The node under the CRS that all inputs share."""
    from pyterra.raster._place import relocate

    return node if node.grid.crs == crs else relocate(node, node.grid.with_crs(crs))


def _lattice(first: Grid, grid: Grid) -> SpatRaster:
    """Cells of `first`'s lattice that cover another grid."""
    from pyterra.raster._build import skeleton

    return raster(skeleton(first.subgrid(first.window_of(grid.extent, "out")), ()))


def _merged(layer: Any, alike: Sequence[Any], fun: str) -> Any:
    same = len({la.storage for la in alike}) == 1 and len({la.nodata for la in alike}) == 1
    keeps = fun in ("first", "last", "min", "max", "modal")
    if not keeps:
        return layer.number()
    return replace(layer, range=None, storage=layer.storage if same else None)


def merge(x: SpatRaster | Sequence[SpatRaster], *others: SpatRaster, first: bool = True) -> SpatRaster:
    """Rasters joined into one that covers them all; where they overlap the first value shows.

    Parameters
    ----------
    x : SpatRaster or list of SpatRaster
    *others : SpatRaster
    first : bool
        The first raster lies on top; else the last.

    Returns
    -------
    SpatRaster

    Notes
    -----
    Rasters whose cells do not coincide with those of the first are resampled, with a warning. For thousands of files
    `vrt` is the better start.
    """
    return _overlay(_inputs(x, others, "merge"), "first" if first else "last", "merge")


def mosaic(x: SpatRaster | Sequence[SpatRaster], *others: SpatRaster, fun: Fun = "mean") -> SpatRaster:
    """Rasters joined into one that covers them all; where they overlap a statistic shows.

    Parameters
    ----------
    x : SpatRaster or list of SpatRaster
    *others : SpatRaster
    fun : {"mean", "median", "min", "max", "modal", "sum", "first", "last"}

    Returns
    -------
    SpatRaster
    """
    choice(fun, FUNS, "mosaic: fun")
    return _overlay(_inputs(x, others, "mosaic"), fun, "mosaic")


def vrt(
    files: Sequence[str | os.PathLike[str]] | str,
    filename: str | os.PathLike[str] | None = None,
    *,
    extent: Any = None,
    overwrite: bool = False,
) -> SpatRaster:
    """A virtual mosaic of files: one raster that reads from all of them. No cell is read.

    Parameters
    ----------
    files : sequence of path, or glob pattern
        Files with one grid size, CRS, type and number of bands. A later file lies on top.
    filename : path, optional
        Where to keep the ``.vrt``; by default a temporary file that goes away with the raster.
    extent : SpatExtent, optional
        What to cover; by default all files.
    overwrite : bool
        Replace an existing file.

    Returns
    -------
    SpatRaster

    Raises
    ------
    GridMismatchError
        Where cell sizes differ or cells do not coincide.
    SourceError
        Where a file cannot be opened; names it.
    """
    from pyterra.io.raster.vrt import temporary_vrt, write_vrt
    from pyterra.raster._build import extent_of

    wanted = None if extent is None else extent_of(extent)
    with said_by("vrt"):
        if filename is None:
            path, keep = temporary_vrt(files, wanted)
            made = raster(open_node(path))
            keep(made._node)
            return made
        write_vrt(files, filename, wanted, overwrite=overwrite)
        return raster(open_node(os.fspath(filename)))
