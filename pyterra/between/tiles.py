"""Rasters cut into tiles: extents, and files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from pyterra.arguments import choice
from pyterra.errors import ArgumentError, SinkError
from pyterra.grid import Grid, Window
from pyterra.grid.extent import Extent
from pyterra.io.raster.members import members_of
from pyterra.io.safe.fingerprint import fingerprint
from pyterra.io.safe.places import path_text
from pyterra.raster.build import geometry_of, is_raster, node_of, number
from pyterra.raster.mosaic import vrt
from pyterra.vector.build import bounds_of, is_vector

if TYPE_CHECKING:
    from pyterra.handles.spatextent import SpatExtent
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.handles.spatvector import SpatVector

Rectangle = TypeVar("Rectangle", bound=Extent)


def get_tile_extents(
    x: SpatRaster,
    y: int | Sequence[int] | SpatRaster | SpatVector,
    extend: bool = False,
    buffer: int | Sequence[int] = 0,
) -> NDArray[np.float64]:
    """The extents of tiles.

    Parameters
    ----------
    x : SpatRaster
    y : int, (int, int), SpatRaster or SpatVector
        Rows and columns of a tile, in cells; or a raster whose cells are the tiles; or geometries, each with a
        tile of its own.
    extend : bool
        Further tiles, where the cells of `y` do not cover all of `x`.
    buffer : int or (int, int)
        Rows and columns of cells around each tile; at the edges these lie outside `x`.

    Returns
    -------
    ndarray of shape (n, 4)
        xmin, xmax, ymin and ymax of each tile, row by row from the top left.

    Raises
    ------
    ArgumentError
        Where `y` says nothing of tiles.

    See Also
    --------
    make_tiles : Writes the tiles.
    tile_apply : Applies a function to each tile.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2)
    >>> r.get_tile_extents(2).tolist()
    [[0.0, 2.0, 0.0, 2.0], [2.0, 3.0, 0.0, 2.0]]
    """
    grid = geometry_of(x, "get_tile_extents").grid
    rows, cols = pair(buffer, "get_tile_extents: buffer", 0)
    around = cols * grid.xres, rows * grid.yres
    return np.array([list(e.extend(around)) for e in _tiles(grid, y, extend)]).reshape(-1, 4)


def _tiles(grid: Grid, y: Any, extend: bool) -> list[Extent]:
    if is_vector(y):
        return [
            grid.extent_of(grid.window_of(bounds_of(y._table.geometry.to_numpy()[[i]])))
            for i in range(len(y))
        ]
    if is_raster(y):
        return _of_cells(grid, y._node.grid, extend)
    return tiles_of_cells(grid, *pair(y, "get_tile_extents: y", 1))


def tiles_of_cells(grid: Grid, nrow: int, ncol: int) -> list[Extent]:
    """Tiles of so many rows and columns, row by row from the top left; the last ones end with the grid."""
    return [
        grid.extent_of(Window(row, col, min(nrow, grid.nrow - row), min(ncol, grid.ncol - col)))
        for row in range(0, grid.nrow, nrow)
        for col in range(0, grid.ncol, ncol)
    ]


def _of_cells(grid: Grid, tiles: Grid, extend: bool) -> list[Extent]:
    """Cells of a grid of tiles, as far as they lie within the raster; beyond it, too, where it is extended."""
    meeting = tiles.window_of(grid.extent, "out")
    if not extend:
        meeting = meeting.common(tiles.window)
    found = []
    for row in range(meeting.row, meeting.row_stop):
        for col in range(meeting.col, meeting.col_stop):
            inside = grid.window_of(tiles.extent_of(Window(row, col, 1, 1))).common(grid.window)
            if inside.cells:
                found.append(grid.extent_of(inside))
    return found


def pair(value: Any, what: str, least: int) -> tuple[int, int]:
    """Rows and columns from one or two whole numbers."""
    given = np.asarray(value).ravel() if np.ndim(value) < 2 else np.empty(0)
    whole = given.dtype.kind in "iuf" and given.size in (1, 2) and (given == np.floor(given)).all()
    if not whole or (given < least).any():
        raise ArgumentError(
            f"{what} must be one or two whole numbers of cells, at least {least}, got {value!r:.60}"
        )
    return int(given[0]), int(given[-1])


def make_tiles(
    x: SpatRaster,
    y: int | Sequence[int] | SpatRaster | SpatVector,
    path: str | os.PathLike[str] = "tile_.tif",
    extend: bool = False,
    na_rm: bool = False,
    buffer: int | Sequence[int] = 0,
    value: Literal["files", "raster"] = "files",
    overwrite: bool = False,
    **options: Any,
) -> list[str] | SpatRaster:
    """Write a raster as the files of tiles.

    Parameters
    ----------
    x : SpatRaster
    y, extend, buffer
        The tiles, as of `get_tile_extents`. Where these reach beyond `x`, files hold what lies within.
    path : path-like
        Name of the files; the number of the tile, from 1, is put before the ending: ``tile_1.tif`` and so on.
    na_rm : bool
        Write no file of a tile whose cells are all missing.
    value : {"files", "raster"}
        What is given back: the names of the files, or the virtual raster that they make together.
    overwrite : bool
        Replace existing files.
    **options
        Further options of `write_raster`.

    Returns
    -------
    list of str, or SpatRaster

    Raises
    ------
    OutputExistsError
        Where a file exists and `overwrite` is False. Tiles before it have been written.

    See Also
    --------
    get_tile_extents : Gives the extents alone.
    vrt : Makes one raster of the files.
    tile_apply : Computes tiles and can be resumed.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> r = pt.rast(nrows=1, ncols=3, vals=[1, 2, 3])
    >>> [pathlib.Path(file).name for file in r.make_tiles(2, folder / "t_.tif")]
    ['t_1.tif', 't_2.tif']
    """
    node_of(x, "make_tiles")
    value = choice(value, ("files", "raster"), "make_tiles: value")
    name = Path(path_text(path, "make_tiles", SinkError))
    written = []
    for i, tile in enumerate(get_tile_extents(x, y, extend, buffer), 1):
        part = x.crop(Extent(*tile))
        if na_rm:
            part = part.compute()
            if np.isnan(part.minmax()).all():
                continue
        file = str(name.with_name(f"{name.stem}{i}{name.suffix}"))
        part.write_raster(file, overwrite, **options)
        written.append(file)
    return vrt(written) if value == "raster" else written


def vrt_tiles(x: SpatRaster | str | os.PathLike[str]) -> list[str]:
    """The files that a virtual raster shows.

    Parameters
    ----------
    x : SpatRaster or path
        A ``.vrt``, or a raster of such files.

    Returns
    -------
    list of str

    Raises
    ------
    ArgumentError
        Where there is no virtual raster.

    See Also
    --------
    vrt : Makes virtual rasters.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> r = pt.rast(nrows=1, ncols=3, vals=[1, 2, 3])
    >>> whole = r.make_tiles(2, folder / "t_.tif", value="raster")
    >>> [pathlib.Path(file).name for file in whole.vrt_tiles()]
    ['t_1.tif', 't_2.tif']
    """
    names = x.sources() if is_raster(x) else [os.fspath(x)]  # type: ignore[arg-type]
    shown = [name for name in names if name.lower().endswith(".vrt")]
    if not shown:
        raise ArgumentError(
            f"vrt_tiles: must be a .vrt, or a raster of one, got {', '.join(names) or 'memory'}; make one with vrt()"
        )
    members = [member.path for name in shown for member in members_of(name, fingerprint(name))]
    return list(dict.fromkeys(members))


def align(x: SpatExtent, y: float | SpatRaster, snap: Literal["near", "in", "out"] = "near") -> SpatExtent:
    """The extent with its sides moved to edges of cells.

    Parameters
    ----------
    x : SpatExtent
    y : SpatRaster or float
        A raster, whose cells are thought to go on beyond it; or a size of cells that begin at 0, for which sides are
        moved outward.
    snap : {"near", "in", "out"}
        Move sides to the nearest edge, inward or outward.

    Returns
    -------
    SpatExtent
        Of one cell at least.

    See Also
    --------
    round : Sides with fewer digits.

    Examples
    --------
    >>> import pyterra as pt
    >>> e = pt.ext(0.2, 5.7, 0.4, 4.4)
    >>> e.align(pt.rast(nrows=5, ncols=6, xmin=0, xmax=6, ymin=0, ymax=5))
    SpatExtent : 0, 6, 0, 4 (xmin, xmax, ymin, ymax)
    >>> e.align(2)
    SpatExtent : 0, 6, 0, 6 (xmin, xmax, ymin, ymax)
    """
    snap = choice(snap, ("near", "in", "out"), "align: snap")
    if not is_raster(y):
        return x % number(y, "align: y")
    grid = y._node.grid
    return type(x)(*grid.extent_of(grid.whole_cells(x, snap)))


def intersect(x: Rectangle, other: Extent | SpatRaster) -> Rectangle | None:
    """The common rectangle, or None where the two are disjoint.

    Parameters
    ----------
    x : SpatExtent
    other : SpatExtent or SpatRaster

    Returns
    -------
    SpatExtent or None
        With a raster: in whole cells of it, as `crop` would cut it. Extents that only touch share an extent of width or
        height 0; with a raster they share nothing.

    See Also
    --------
    union : The smallest extent that holds both.
    align : Moves the sides to edges of cells.
    crop : The cells of a raster in an extent.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 2, 0, 2).intersect(pt.ext(1, 5, 1, 3))
    SpatExtent : 1, 2, 1, 2 (xmin, xmax, ymin, ymax)
    >>> pt.ext(0, 2, 0, 2).intersect(pt.ext(7, 8, 7, 8)) is None
    True
    >>> pt.ext(0.2, 1.8, 0.4, 7).intersect(pt.rast([[1, 2, 3], [4, 5, 6]]))
    SpatExtent : 0, 2, 0, 2 (xmin, xmax, ymin, ymax)
    """
    if is_raster(other):
        found = other._node.grid.part_of(x)
        return None if found is None else type(x)(*found)
    return Extent.intersect(x, cast(Extent, other))
