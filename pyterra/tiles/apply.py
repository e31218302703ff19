"""tile_apply: a function of rasters on one tile after the other, by workers."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyterra.between.tiles import pair
from pyterra.errors import SinkError
from pyterra.expr import Node
from pyterra.frozen import dataclass
from pyterra.functions.udf import Function
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.safe.places import path_text
from pyterra.options import current
from pyterra.raster.build import node_of
from pyterra.raster.stored import parse_datatype
from pyterra.tiles.grid import Tile, TileGrid
from pyterra.tiles.pieces import SIDE, Pieces, function_of, goes_with, temporary_folder
from pyterra.tiles.runner import run_tiles


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
    function = function_of(fun, arguments, "tile_apply")
    place = temporary_folder("tile_apply") if folder is None else _folder(folder)
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
