"""tile_apply: a function of rasters on one tile after the other, by workers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, SinkError, UDFError
from pyterra.expr import Node, Read, relabel
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
class _Job:
    """What every worker needs."""

    x: SpatRaster
    function: Function
    buffer: tuple[int, int]
    """Cells beyond a tile above and below, left and right."""
    folder: str
    datatype: str | None
    overwrite: bool
    exact: bool
    """Whether values are kept as they are: the files go away with the raster."""


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
    cut = _cut(node, tiles)
    margins = (buffer, buffer) if isinstance(buffer, int) else tuple(int(v) for v in buffer)
    if len(margins) != 2 or min(margins) < 0:
        raise ArgumentError(f"tile_apply: buffer must be one or two numbers from 0, got {buffer!r}")
    name = None if datatype is None else parse_datatype(datatype)
    function = Function(fun, arguments)
    place, temporary = _folder(folder)
    try:
        job = _Job(x, function, margins, str(place), name, overwrite or resume or temporary, temporary)
        count = workers or current().worker_count
        run_tiles(
            _one,
            cut,
            context=job,
            inputs=[node, function, margins, name],
            manifest=None if temporary else place / "tiles.sqlite",
            workers=count,
            executor=executor or ("serial" if count == 1 else "processes"),
            retries=0,
            resume=resume,
            label="tile_apply",
        )
        made = _joined(place, cut, temporary)
    except BaseException:
        if temporary:
            shutil.rmtree(place, ignore_errors=True)
        raise
    return made


def _cut(node: Node, tiles: int | tuple[int, int] | TileGrid | None) -> TileGrid:
    if isinstance(tiles, TileGrid):
        return tiles
    size = SIDE if tiles is None else tiles
    rows, cols = (size, size) if isinstance(size, int) else tuple(int(v) for v in size)
    if rows < 1 or cols < 1:
        raise ArgumentError(f"tile_apply: tiles must have at least one row and column, got {tiles!r}")
    grid = node.grid
    return TileGrid(grid.extent, (cols * grid.xres, rows * grid.yres), clip=True)


def _folder(folder: str | os.PathLike[str] | None) -> tuple[Path, bool]:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix=f"pyterra-{os.getpid()}-", dir=current().temporary_folder)), True
    place = Path(path_text(folder, "tile_apply", SinkError)).expanduser().absolute()
    place.mkdir(parents=True, exist_ok=True)
    return place, False


def _one(tile: Tile, job: _Job) -> Path:
    """One tile: cut out with its margins, given to the function, cut back, written."""
    grid = job.x._node.grid
    inner = SpatExtent(*tile.extent).intersect(grid.extent)
    if inner is None:
        raise ArgumentError(f"tile_apply: tile {tile.id} must lie on the raster")
    rows, cols = job.buffer
    seen = job.x.crop(inner.extend((cols * grid.xres, rows * grid.yres)))
    result = job.function(seen)
    if not is_raster(result):
        raise UDFError(f"tile_apply: {job.function.name} must give a SpatRaster, got {type(result).__name__}")
    inside = result.crop(inner)
    missing = np.abs(np.subtract(list(inside.ext), list(inner))).max() > 0.5 * max(inside.res)
    if missing:
        raise UDFError(
            f"tile_apply: what {job.function.name} gives must cover its tile {inner}, got {result.ext}"
        )
    path = path_inside(job.folder, f"{tile.id}.tif")
    datatype = job.datatype or default_datatype(inside._node)
    if job.exact and job.datatype is None and datatype == "float32":
        datatype = inside._node.dtype.name
    inside.write_raster(path, overwrite=job.overwrite, datatype=datatype)
    return path


def _joined(place: Path, cut: TileGrid, temporary: bool) -> SpatRaster:
    """The virtual mosaic, with what the first tile says of its layers."""
    from pyterra.io.formats.opening import open_node

    paths = [place / f"{tile.id}.tif" for tile in cut]
    first = open_node(str(paths[0]))
    made = vrt(paths, place / "tiles.vrt", overwrite=True)
    node = relabel(made._node, tuple(layer.without_range() for layer in first.layers))
    if temporary:
        assert isinstance(node, Read)
        node = replace(node, source=replace(node.source))  # type: ignore[type-var]
        when_gone(node.source, shutil.rmtree, str(place), True)
    return raster(node)
