"""GeoTIFFs that are described without GDAL, which takes longer to open a small one than its numbers take to be read.

That is possible where nothing is said of the numbers beside what their directory says: no scale, no other code for
missing in a file beside it, no place but an upright one. Whatever else there is, GDAL opens.
"""

from __future__ import annotations

import os
from typing import NamedTuple

import numpy as np

from pyterra.io.raster import guard, lzw_tiles, tiff
from pyterra.io.raster.lzw_tiles import LzwTiles
from pyterra.io.raster.raster_file import Band, FileSource, stored_nodata
from pyterra.io.safe.fingerprint import Fingerprint

_PIXEL_SCALE, _TIE_POINT, _TRANSFORMATION = 33550, 33922, 34264
"""GeoTIFF's tags of the place: sides of a cell, a cell and where it lies, and a matrix in place of both."""
_DOUBLES = 12
"""TIFF's number of the type in which they are told."""
_NONE = tiff.Tag(0, 0, b"")


class PlainTiff(NamedTuple):
    """A GeoTIFF that needs no GDAL."""

    source: FileSource
    """What GDAL would say of it."""
    tiles: LzwTiles
    """Where its numbers lie."""


def plain_tiff(path: str, state: Fingerprint | None) -> PlainTiff | None:
    """Describe a file of this machine; None for one that GDAL has to open.

    Parameters
    ----------
    path : str
    state : Fingerprint or None
        Its state, in which it is described.

    Raises
    ------
    OSError
        Where the disk fails.
    """
    if state is None or not path.lower().endswith((".tif", ".tiff")) or _is_described_beside(path):
        return None
    directory = lzw_tiles.directory_of(path, state)
    if directory is None or tiff.METADATA in directory.tags or not _is_upright(directory):
        return None
    tiles = lzw_tiles.tiles_in(directory, path, state)
    if tiles is None:
        return None
    count = tiles.samples * directory.planes
    dtype, code = tiles.dtype, None
    if (dtype.kind == "f" and dtype.itemsize < 4) or (dtype.kind != "f" and dtype.itemsize > 4):
        return None  # GDAL makes float32 of half floats; codes of 64 bits are told in other ways
    if tiff.NODATA in directory.tags:
        text = directory.tags[tiff.NODATA].data.rstrip(b"\0 ")
        try:
            code = float(text.replace(b"_", b"?").decode("ascii"))  # GDAL knows no 1_000
        except ValueError:
            return None
    band = Band(dtype.name, stored_nodata(code, dtype.name), 1.0, 0.0)
    source = FileSource(path, (band,) * count, directory.shape, tiles.tile, state)
    return PlainTiff(source, tiles)


def _is_described_beside(path: str) -> bool:
    """Whether a file of GDAL's says more of it."""
    return guard.has_beside(path, f"{os.path.basename(path)}.aux.xml")


def _is_upright(directory: tiff.Directory) -> bool:
    """Whether rows run from north to south and columns from west to east, as the directory itself says."""
    tags = directory.tags
    scale, tie = tags.get(_PIXEL_SCALE, _NONE), tags.get(_TIE_POINT, _NONE)
    if _TRANSFORMATION in tags or tie.count != 6 or scale.type != _DOUBLES or scale.count < 2:
        return False
    return bool(np.all(np.frombuffer(scale.data, f"{directory.order}f8")[:2] > 0))
