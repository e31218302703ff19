"""One band of many tile files as one cloud-optimised GeoTIFF, at a cost that follows the tiles and not the extent."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import CRSMismatchError, GridMismatchError, SourceError
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.crs import same_crs
from pyterra.handles.spatextent import SpatExtent
from pyterra.io.raster.cog_join import Piece, levels_to_copy
from pyterra.io.raster.cog_layout import checksums_of_bands
from pyterra.io.raster.describe import describe_grid
from pyterra.io.raster.guard import TIFF, start_of
from pyterra.io.raster.raster_file import Band, FileSource, open_source
from pyterra.io.safe.safe_cog import SafeCog
from pyterra.options import current
from pyterra.plan.blocks import Blocks
from pyterra.tiles.manifest import OutputFile

PIECE = 4096
"""Rows and columns read at a time."""
_BLOCKS = range(640, 127, -16)
"""Rows and columns of a tile of the result, the best first."""


@dataclass(frozen=True, slots=True)
class _Placed:
    source: FileSource
    grid: Grid


def mosaic_band(
    files: Sequence[str | os.PathLike[str]],
    path: str | os.PathLike[str],
    *,
    band: int = 0,
    extent: SpatExtent | None = None,
    name: str = "",
    overviews: str = "average",
    tags: Mapping[str, str] | None = None,
    band_tags: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    overwrite: bool = False,
) -> Path:
    """Join one band of files that lie side by side into a COG, and return its path.

    Stored numbers are copied as they are. Where no file lies the result is sparse: nothing is read, computed or
    stored there.

    Parameters
    ----------
    files : sequence of path
        Of one cell size, CRS, type and code for missing, with coinciding cells, that do not overlap.
    path : path-like
        The COG. It appears when it is complete and was read back.
    band : int
        Band of the files, from 0.
    extent : SpatExtent, optional
        What to cover, moved outward to cell edges; by default all files.
    name : str
        Of the band.
    overviews : str
        How overviews are computed: ``average`` for measured values, ``mode`` or ``nearest`` for classes.
    tags, band_tags : mapping, optional
        Metadata of the file and of its band.
    options : mapping, optional
        Creation options of GDAL's COG driver; by default DEFLATE, and tiles of which a file has a whole number.
    overwrite : bool
        Replace an existing file.

    Raises
    ------
    SourceError
        For no files, a file without this band, or one of another type or code for missing; for whole numbers without a
        code where files leave gaps, which would read as 0.
    GridMismatchError, CRSMismatchError
        Where cells do not coincide, files overlap, or the CRS differ.
    """
    placed = [_place(file, band) for file in files]
    if not placed:
        raise SourceError(f"mosaic: at least one file is needed, got none for {os.fspath(path)}")
    first = placed[0]
    whole = first.grid.extent
    for other in placed[1:]:
        _check_alike(other, first, band)
        whole = whole.union(other.grid.extent)
    target = first.grid.subgrid(first.grid.window_of(whole if extent is None else extent, "out"))
    windows = _windows(placed, target)
    profile = _profile(target, first, first.source.bands[band])
    if profile["nodata"] is None and sum(w.cells for w in windows if w is not None) < target.window.cells:
        raise SourceError(
            f"mosaic: {first.source.name} has no code for missing, and the files leave gaps, which would read as 0; give "
            "the files a code (nodata=)"
        )
    cog = {
        "COMPRESS": "DEFLATE",
        "BLOCKSIZE": block_of(first.grid.nrow, first.grid.ncol),
        "NUM_THREADS": current().worker_count,
        **{name.upper(): value for name, value in (options or {}).items()},
    }
    filled = sum(window.cells for window in windows if window is not None)
    with SafeCog(
        path,
        profile,
        overwrite=overwrite,
        verify=current().verify,
        cog=cog,
        overviews=overviews,
        filled=filled,
    ) as raster:
        pieces = _pieces(placed, windows, band, target, raster)
        for item, window in zip(placed, windows, strict=True):
            if window is not None and not pieces:
                _copy(item, band, window, target, raster)
        with raster.editing() as dataset:
            if name:
                dataset.set_band_description(1, name)
            dataset.update_tags(**dict(tags or {}))
            dataset.update_tags(1, **dict(band_tags or {}))
        raster.commit(pieces=pieces)
    return raster.path


def measured_bands(path: str | os.PathLike[str]) -> OutputFile:
    """A file whose bands lie apart, with a checksum of each: mosaics of what did not change need not be made again."""
    return OutputFile.measure(path, checksums_of_bands(Path(path)))


def _place(file: str | os.PathLike[str], band: int) -> _Placed:
    source, dataset = open_source(file)
    with dataset:
        grid = describe_grid(dataset, source)
    if band >= len(source.bands):
        raise SourceError(
            f"mosaic: {source.name} must have a band {band}, counted from 0; it has {len(source.bands)}"
        )
    return _Placed(source, grid)


def _check_alike(item: _Placed, first: _Placed, band: int) -> None:
    if not item.grid.is_aligned(first.grid):
        raise GridMismatchError(
            f"mosaic: cells must have one size and coincide, got {item.source.name} with {item.grid} against "
            f"{first.source.name} with {first.grid}"
        )
    if not same_crs(item.grid.crs, first.grid.crs):
        raise CRSMismatchError(f"mosaic: {item.source.name} and {first.source.name} must have one CRS")
    if item.source.bands[band] != first.source.bands[band]:
        raise SourceError(
            f"mosaic: {item.source.name} must have the type and the code for missing of {first.source.name}, got "
            f"{item.source.bands[band]} against {first.source.bands[band]}"
        )


def _windows(placed: Sequence[_Placed], target: Grid) -> list[Window | None]:
    """The part of the target that each file fills.

    Raises
    ------
    GridMismatchError
        Where two files lie over the same cells.
    """
    import shapely

    places = [item.grid.window.shifted(*item.grid.offset_in(target)) for item in placed]
    corners = np.array([(w.col, w.row, w.col_stop, w.row_stop) for w in places])
    inner = corners + np.array([0.25, 0.25, -0.25, -0.25])
    boxes = shapely.box(*inner.T)
    for one, other in shapely.STRtree(boxes).query(boxes, predicate="intersects").T:
        if one < other:
            raise GridMismatchError(
                f"mosaic: files must not overlap, got {placed[one].source.name} and {placed[other].source.name}"
            )
    return [place.intersection(target.window) for place in places]


def _pieces(
    placed: Sequence[_Placed], windows: Sequence[Window | None], band: int, target: Grid, raster: SafeCog
) -> list[Piece]:
    """The files as pieces whose tiles are copied as they are; none where that cannot be."""
    if raster.layout is None:
        return []
    pieces = []
    for item, window in zip(placed, windows, strict=True):
        if window is None:
            continue
        if window.cells != item.grid.window.cells or item.source.masked or item.source.south_up:
            return []
        path = Path(item.source.path)
        if not start_of(path).startswith(TIFF):
            return []
        pieces.append(Piece.of(path, band, window.row, window.col))
    shape = target.nrow, target.ncol
    return pieces if pieces and levels_to_copy(pieces, shape, raster.layout.creation) else []


def _copy(item: _Placed, band: int, window: Window, target: Grid, raster: SafeCog) -> None:
    row, col = item.grid.offset_in(target)
    for piece in Blocks(window.shifted(-row, -col), PIECE, PIECE):
        stored = item.source.read_stored((band,), piece)
        raster.write((piece.row + row, piece.col + col, piece.nrow, piece.ncol), stored)


def _profile(target: Grid, first: _Placed, band: Band) -> dict[str, Any]:
    from affine import Affine

    return {
        "width": target.ncol,
        "height": target.nrow,
        "count": 1,
        "dtype": band.dtype,
        "nodata": _code(band),
        "crs": target.crs or None,
        "transform": Affine(*target.transform),
    }


def _code(band: Band) -> float | int | None:
    """Code for missing: NaN for numbers with a fraction whose files have none, so that gaps between files are missing."""
    return float("nan") if band.nodata is None and np.dtype(band.dtype).kind == "f" else band.nodata


def block_of(*sizes: int) -> int:
    """Rows and columns of a tile of the result, such that files of this size are whole tiles, if there are such.

    A tile shared by two files would be compressed, read again and compressed once more.
    """
    return next((side for side in _BLOCKS if all(size % side == 0 for size in sizes)), 512)
