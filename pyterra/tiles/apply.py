"""tile_apply: a function of rasters on one tile after the other, by workers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.between.tiles import pair
from pyterra.errors import ArgumentError, GridMismatchError, SinkError, SourceError, UDFError
from pyterra.expr import Node, Read, relabel
from pyterra.frozen import dataclass
from pyterra.functions.udf import Function
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.places import path_text
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.raster.build import is_raster, node_of, raster
from pyterra.raster.mosaic import vrt
from pyterra.raster.stored import default_datatype, parse_datatype
from pyterra.tiles.grid import Tile, TileGrid, path_inside
from pyterra.tiles.runner import run_tiles

SIDE = 2048
"""Rows and columns of a tile, unless told otherwise."""


@dataclass(frozen=True)
class Pieces:
    """The tiles of a raster on their way through a function, and into files."""

    x: SpatRaster
    buffer: tuple[int, int]
    """Cells beyond a tile above and below, left and right."""
    folder: str
    verb: str
    """For errors."""
    datatype: str | None = None
    overwrite: bool = True
    exact: bool = True
    """Whether values are kept as they are: the files go away with the raster."""

    def seen(self, tile: Tile) -> SpatRaster:
        """A tile with its margins."""
        grid, (rows, cols) = self.x._node.grid, self.buffer
        return self.x.crop(self._inner(tile).extend((cols * grid.xres, rows * grid.yres)))

    def take(self, tile: Tile, result: Any, function: str) -> Path:
        """Write what a function gave of a tile, without the margins."""
        inner = self._inner(tile)
        if not is_raster(result):
            raise UDFError(f"{self.verb}: {function} must give a SpatRaster, got {type(result).__name__}")
        inside = result.crop(inner)
        missing = np.abs(np.subtract(list(inside.ext), list(inner))).max() > 0.5 * max(inside.res)
        if missing:
            raise UDFError(
                f"{self.verb}: what {function} gives must cover its tile {inner}, got {result.ext}"
            )
        path = path_inside(self.folder, f"{tile.id}.tif")
        datatype = self.datatype or default_datatype(inside._node)
        if self.exact and self.datatype is None and datatype == "float32":
            datatype = inside._node.dtype.name
        inside.write_raster(path, overwrite=self.overwrite, datatype=datatype)
        return path

    def joined(self, tiles: Iterable[Tile]) -> SpatRaster:
        """The virtual mosaic, with what the first tile says of its layers."""
        from pyterra.io.formats.opening import open_node

        paths = [Path(self.folder, f"{tile.id}.tif") for tile in tiles]
        first = open_node(str(paths[0]))
        try:
            made = vrt(paths, Path(self.folder, "tiles.vrt"), overwrite=True)
        except (GridMismatchError, SourceError) as error:
            raise UDFError(
                f"{self.verb}: what the function gives of the tiles must fit together ({error}); give another size of "
                "tiles, such as a multiple of that by which cells are joined"
            ) from error
        return raster(relabel(made._node, tuple(layer.without_range() for layer in first.layers)))

    def _inner(self, tile: Tile) -> SpatExtent:
        inner = SpatExtent(*tile.extent).intersect(self.x._node.grid.extent)
        if inner is None:
            raise ArgumentError(f"{self.verb}: tile {tile.id} must lie on the raster")
        return inner


def temporary_folder() -> Path:
    """A folder for tiles that go away with their raster."""
    return Path(tempfile.mkdtemp(prefix=f"pyterra-{os.getpid()}-", dir=current().temporary_folder))


def goes_with(made: SpatRaster, folder: str | os.PathLike[str]) -> SpatRaster:
    """A raster with which the folder of its tiles goes away."""
    node = made._node
    assert isinstance(node, Read)
    node = replace(node, source=replace(node.source))  # type: ignore[type-var]
    when_gone(node.source, shutil.rmtree, os.fspath(folder), True)
    return raster(node)


@dataclass(frozen=True)
class _Job:
    """What every worker needs."""

    pieces: Pieces
    function: Function


def tile_apply(
    x: SpatRaster,
    fun: Callable[..., SpatRaster],
    *,
    tiles: int | tuple[int, int] | TileGrid | None = None,
    buffer: int | tuple[int, int] = 0,
    folder: str | os.PathLike[str] | None = None,
    datatype: str | None = None,
    overwrite: bool = False,
    resume: bool = False,
    workers: int | None = None,
    executor: Any = None,
    **arguments: Any,
) -> SpatRaster:
    """Apply a function of a raster to its tiles, and join the results.

    Parameters
    ----------
    x : SpatRaster
    fun : callable
        ``fun(tile)``, which takes a SpatRaster of one tile and returns a SpatRaster that covers it. The number of layers
        is the same for every tile. Unlike the verbs, the function may look at all cells of its tile at once, and use
        other packages.
    tiles : int, (int, int) or TileGrid, optional
        Rows and columns of a tile; 2048 by default.
    buffer : int or (int, int)
        Rows and columns around a tile that the function sees too. Its results there are cut off.
    folder : path-like, optional
        Folder for the files of the tiles and the virtual mosaic ``tiles.vrt``; by default a temporary folder that is
        removed with the raster.
    datatype : str, optional
        Type of the files, as for `write_raster`. By default it is the one that fits the values of the first layer of a
        tile.
    overwrite : bool
        Replace files in the folder.
    resume : bool
        Leave out the tiles whose files are there from an earlier run that computed the same: `x` with the state of
        its files, the code of `fun` and what it uses, its arguments, margins and datatype.
    workers : int, optional
        Number of tiles that are computed at the same time; by default as set in `options`.
    executor : optional
        Where tiles are computed, as for `run_tiles`; by default in processes, or in the calling thread where there is one
        worker.
    **arguments
        Further arguments for `fun`.

    Returns
    -------
    SpatRaster
        A raster that reads a virtual mosaic of the tiles.

    Raises
    ------
    JobError
        Where the function fails. The message names the tiles. Finished tiles are kept for `resume`.

    Notes
    -----
    The verbs work by blocks and on all cores by themselves. Use this function for what cannot be written with verbs,
    such as filters of other packages, or for results that should be files of tiles. Files appear when they are complete.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=4, ncols=6, vals=range(24))
    >>> pt.tile_apply(r, lambda tile: tile * 2, tiles=3, executor="serial").values(drop=True)[:4]
    array([0., 2., 4., 6.])
    """
    node = node_of(x, "tile_apply")
    cut, margins = _cut(node, tiles), pair(buffer, "tile_apply: buffer", 0)
    name = None if datatype is None else parse_datatype(datatype)
    function = Function(fun, arguments)
    place = temporary_folder() if folder is None else _folder(folder)
    try:
        kept = folder is not None
        pieces = Pieces(x, margins, str(place), "tile_apply", name, overwrite or resume or not kept, not kept)
        count = workers or current().worker_count
        run_tiles(
            _one,
            cut,
            context=_Job(pieces, function),
            inputs=[node, function, margins, name],
            manifest=place / "tiles.sqlite" if kept else None,
            workers=count,
            executor=executor or ("serial" if count == 1 else "processes"),
            retries=0,
            resume=resume,
            label="tile_apply",
        )
        made = pieces.joined(cut)
        return made if kept else goes_with(made, place)
    except BaseException:
        if folder is None:
            shutil.rmtree(place, ignore_errors=True)
        raise


def _cut(node: Node, tiles: int | tuple[int, int] | TileGrid | None) -> TileGrid:
    if isinstance(tiles, TileGrid):
        return tiles
    rows, cols = pair(SIDE if tiles is None else tiles, "tile_apply: tiles", 1)
    grid = node.grid
    return TileGrid(grid.extent, (cols * grid.xres, rows * grid.yres), clip=True)


def _folder(folder: str | os.PathLike[str]) -> Path:
    place = Path(path_text(folder, "tile_apply", SinkError)).expanduser().absolute()
    place.mkdir(parents=True, exist_ok=True)
    return place


def _one(tile: Tile, job: _Job) -> Path:
    """One tile: cut out with its margins, given to the function, cut back, written."""
    return job.pieces.take(tile, job.function(job.pieces.seen(tile)), job.function.name)
