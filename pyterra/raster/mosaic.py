"""merge, mosaic and vrt: rasters side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError, LayerError, said_by, warn
from pyterra.expr import Array, Laid, Layer, Moved, Node, Place, Regrid, Tiling
from pyterra.expr.layers import common_tags
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.grid import common_crs
from pyterra.io.formats.opening import open_node
from pyterra.raster.build import is_raster, node_of, raster
from pyterra.raster.warp import resample
from pyterra.statistics import TABLE, Statistic, named

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


@dataclass(frozen=True)
class Overlay(Moved):
    """Inputs laid into one grid, one value of a statistic where they overlap."""

    fun: str = "mean"

    @property
    def moves(self) -> bool:
        return False

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        found = super().apply(arrays, windows, window, nlyr, dtype)
        if not TABLE[self.fun].positions:
            return found
        laid = [
            i
            for i, (array, covered) in enumerate(zip(arrays, windows, strict=True))
            if array is not None and covered is not None
        ]
        return self._numbered(found, laid)

    def joined(self, laid: Sequence[Laid], window: Window, nlyr: int, dtype: np.dtype[Any]) -> Array:
        if self.fun in ("first", "last"):
            return super().joined(laid if self.fun == "first" else laid[::-1], window, nlyr, dtype)
        if self.fun in ("sum", "mean"):
            return self._adding(laid, window, nlyr, dtype)
        found = self._comparing(laid, window, nlyr // TABLE[self.fun].width, dtype)
        return found - self._absent(laid, window).astype(dtype) if self.fun == "count_na" else found

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
        found = kernels.stats.layer_stat(deep, self.fun, True, out_dtype=dtype)
        numbers = found.reshape(-1, nlyr, window.nrow, window.ncol).swapaxes(
            0, 1
        )  # those of a layer side by side
        out: Array = numbers.reshape(-1, window.nrow, window.ncol)
        return out

    def _numbered(self, found: Array, laid: list[int]) -> Array:
        """Places among those that lie in the window -> numbers of the inputs."""
        known = ~np.isnan(found)
        found[known] = np.array([*laid, 0])[found[known].astype(np.int64)]
        return found

    def _absent(self, laid: Sequence[Laid], window: Window) -> Array:
        """How many of those that lie in the window do not lie at a cell: they have no value there that could lack."""
        absent = np.full((window.nrow, window.ncol), max(1, len(laid)))
        for _, (rows, cols) in laid:
            absent[rows, cols] -= 1
        return absent

    def scratch(self, window: Window, nlyr: int) -> int:
        if self.fun in ("first", "last"):
            return nlyr * window.cells
        if self.fun in ("sum", "mean"):
            return nlyr * window.cells * 22
        deepest = sum(place.behind(window) is not None for place in self.places)
        return nlyr * window.cells * 8 * (deepest + 3)


@dataclass(frozen=True)
class Blended(Overlay):
    """Inputs laid into one grid; where they overlap, each counts as much as a cell is far from its edge."""

    res: tuple[float, float] = (1.0, 1.0)
    """Width and height of cells."""

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        first, beyond, total = (np.full((nlyr, window.nrow, window.ncol), v) for v in (np.nan, 0.0, 0.0))
        for place, array, covered in zip(self.places, arrays, windows, strict=True):
            if array is None or covered is None:
                continue
            values, part = place.laid(array, covered, window)
            weight = self._weights(place, window)
            inside = (slice(None), *part)
            first[inside] = np.where(np.isnan(first[inside]), values, first[inside])
            known = ~np.isnan(values)
            beyond[inside] += np.where(known, weight * (values - first[inside]), 0.0)
            total[inside] += np.where(known, weight, 0.0)
        with np.errstate(invalid="ignore"):
            return (first + beyond / total).astype(dtype, copy=False)

    def _weights(self, place: Place, window: Window) -> Array:
        """How far the cells of an input that lie in a window of the result are from its edges."""
        far = []
        for axis, begin, end, size in (
            (place.rows, window.row, window.row_stop, self.res[1]),
            (place.cols, window.col, window.col_stop, self.res[0]),
        ):
            at = (axis.behind(*axis.inside(begin, end)) + 0.5) * axis.read
            far.append(np.maximum(np.minimum(at, axis.stop - at), 0.5) * size)
        return np.minimum(far[0][:, None], far[1][None, :])

    def scratch(self, window: Window, nlyr: int) -> int:
        return nlyr * window.cells * 64


def _inputs(x: Any, others: Sequence[Any], verb: str) -> list[Node]:
    rasters = list(x) if isinstance(x, list | tuple) else [x]
    rasters += list(others)
    if not rasters or not all(is_raster(r) for r in rasters):
        raise ArgumentError(f"{verb}: must be given rasters, or a list of them")
    nodes = [node_of(r, verb) for r in rasters]
    if len({len(n.layers) for n in nodes}) > 1:
        raise LayerError(f"{verb}: all must have as many layers, got {[len(n.layers) for n in nodes]}")
    return nodes


def _overlay(nodes: list[Node], fun: Statistic, verb: str, *, blended: bool = False) -> SpatRaster:
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
    dtype = fun.dtype(np.result_type(*(n.dtype for n in aligned)))
    layers = fun.layers(aligned[0].layers)
    if fun.chooses and fun.width == 1:
        layers = tuple(_merged(la, [n.layers[i] for n in aligned]) for i, la in enumerate(aligned[0].layers))
    tile = aligned[0].tiling
    if tile is not None:
        tile = Tiling(
            tile.nrow,
            tile.ncol,
            (tile.row - places[0].rows.start) % tile.nrow,
            (tile.col - places[0].cols.start) % tile.ncol,
        )
    method = Overlay(tuple(places), fun=fun.name)
    if blended:
        method = Blended(tuple(places), fun=fun.name, res=(grid.xres, grid.yres))
    return raster(
        Regrid(
            grid=grid,
            layers=layers,
            dtype=dtype,
            arguments=tuple(aligned),
            method=method,
            tile=tile,
        )
    )


def replace_crs(node: Node, crs: str) -> Node:
    """The node under the CRS that all inputs share."""
    from pyterra.raster._place import relocate

    return node if node.grid.crs == crs else relocate(node, node.grid.with_crs(crs))


def _lattice(first: Grid, grid: Grid) -> SpatRaster:
    """Cells of `first`'s lattice that cover another grid."""
    from pyterra.raster.build import skeleton

    return raster(skeleton(first.subgrid(first.window_of(grid.extent, "out")), ()))


def _merged(layer: Layer, alike: Sequence[Layer]) -> Layer:
    """The layer of values that are moved, not changed."""
    same = len({la.storage for la in alike}) == 1 and len({la.nodata for la in alike}) == 1
    tags = tuple(common_tags(alike).items())
    return replace(layer, range=None, storage=layer.storage if same else None, tags=(), shared_tags=tags)


def merge(x: SpatRaster | Sequence[SpatRaster], *others: SpatRaster, first: bool = True) -> SpatRaster:
    """Rasters joined into one that covers them all; where they overlap the first value shows.

    Parameters
    ----------
    x : SpatRaster or list of SpatRaster
    *others : SpatRaster
    first : bool
        Let the first raster lie on top, otherwise the last.

    Returns
    -------
    SpatRaster
        Names of the first raster; missing where no raster has a value.

    Raises
    ------
    LayerError
        Where the numbers of layers differ.

    See Also
    --------
    mosaic : Takes a statistic where rasters overlap.
    cover : Fills missing cells on one grid.
    vrt : Joins files without reading a cell.

    Notes
    -----
    Rasters whose cells do not coincide with those of the first are resampled, with a warning. For thousands of files
    `vrt` is the better start.

    Examples
    --------
    >>> import pyterra as pt
    >>> west, east = pt.rast([[1, 2]]), pt.rast([[7, 8]]).shift(dx=1)
    >>> west.merge(east).values(drop=True).tolist()
    [1.0, 2.0, 8.0]
    """
    return _overlay(_inputs(x, others, "merge"), TABLE["first" if first else "last"], "merge")


def mosaic(
    x: SpatRaster | Sequence[SpatRaster], *others: SpatRaster, fun: str | Callable[..., Any] = "mean"
) -> SpatRaster:
    """Rasters joined into one that covers them all; where they overlap a statistic shows.

    Parameters
    ----------
    x : SpatRaster or list of SpatRaster
    *others : SpatRaster
    fun : str
        A statistic, as for `app`, of the values of the rasters that lie at a cell; missing ones are left out. Positions
        are numbers of rasters, from 0. Or ``blend``, the mean weighted by how far the cell is from the nearest edge of
        each raster, so that one passes into the other.

    Returns
    -------
    SpatRaster
        Names of the first raster; missing where no raster has a value.

    Raises
    ------
    ArgumentError
        Where `fun` is not the name of a statistic.
    LayerError
        Where the numbers of layers differ.

    See Also
    --------
    merge : Takes the first raster that has a value.
    vrt : Joins files without reading a cell.

    Examples
    --------
    >>> import pyterra as pt
    >>> west, east = pt.rast([[1, 2]]), pt.rast([[8, 9]]).shift(dx=1)
    >>> west.mosaic(east, fun="mean").values(drop=True).tolist()
    [1.0, 5.0, 9.0]
    """
    if isinstance(fun, str) and fun == "blend":
        return _overlay(_inputs(x, others, "mosaic"), TABLE["mean"], "mosaic", blended=True)
    known = named(fun, "mosaic", also=("blend",))
    if known is None:
        raise ArgumentError(f"mosaic: fun must be the name of a statistic, got {fun!r}")
    return _overlay(_inputs(x, others, "mosaic"), known, "mosaic")


def vrt(
    files: Sequence[str | os.PathLike[str]] | str,
    path: str | os.PathLike[str] | None = None,
    *,
    extent: Any = None,
    overwrite: bool = False,
) -> SpatRaster:
    """A virtual mosaic of files: one raster that reads from all of them. No cell is read.

    Parameters
    ----------
    files : sequence of path, or glob pattern
        Files with one grid size, CRS, type and number of bands. A later file lies on top.
    path : path, optional
        Where to keep the ``.vrt``; by default a temporary file that is removed with the raster.
    extent : SpatExtent, optional
        The extent to cover; by default that of all files.
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
        Where a file cannot be opened. The message names it.

    See Also
    --------
    mosaic, merge : Join rasters that need not be files.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pyterra as pt
    >>> folder = Path(tempfile.mkdtemp())
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=[1, 2])
    >>> west = a.write_raster(folder / "west.tif")
    >>> east = a.shift(2).write_raster(folder / "east.tif")
    >>> pt.vrt([folder / "west.tif", folder / "east.tif"]).values(drop=True).tolist()
    [1.0, 2.0, 1.0, 2.0]
    """
    from pyterra.io.raster.vrt import temporary_vrt, write_vrt
    from pyterra.raster.build import extent_of

    wanted = None if extent is None else extent_of(extent)
    with said_by("vrt"):
        if path is None:
            hidden, keep = temporary_vrt(files, wanted)
            made = raster(open_node(hidden))
            keep(made._node)
            return made
        write_vrt(files, path, wanted, overwrite=overwrite)
        return raster(open_node(os.fspath(path)))
