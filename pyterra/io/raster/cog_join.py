"""Tiles of several files as the levels of one COG: copied as they are compressed, where all lie on one lattice."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.frozen import dataclass
from pyterra.io.raster import tiff
from pyterra.io.raster.cog_layout import Level
from pyterra.io.raster.tiff import Directory

_CODECS = {"NONE": 1, "LZW": 5, "DEFLATE": 8, "ZSTD": 50000, "LZMA": 34925}
"""TIFF's numbers of codecs."""
_MASK = 4


@dataclass(frozen=True)
class Piece:
    """A band of a file that becomes a part of a raster."""

    path: Path
    """The file."""
    band: int
    """The band, from 0."""
    row: int
    """The row of the raster in which it begins."""
    col: int
    """The column."""
    levels: tuple[Directory, ...]
    """What the file says of its full resolution and its overviews."""

    @classmethod
    def of(cls, path: Path, band: int, row: int, col: int) -> Piece:
        """The piece that a file is."""
        found = tiff.read_directories(path)
        return cls(path, band, row, col, tuple(d for d in found if not d.number(tiff.SUBFILE) & _MASK))


def levels_to_copy(pieces: Sequence[Piece], shape: tuple[int, int], creation: Mapping[str, Any]) -> int:
    """How many levels of a raster are tiles of its pieces: none where codecs or lattices differ.

    Parameters
    ----------
    pieces : sequence of Piece
    shape : (int, int)
        Rows and columns of the raster.
    creation : mapping
        Creation options of the raster: ``compress predictor blockxsize blockysize``.
    """
    common = min(len(piece.levels) for piece in pieces)
    for level in range(common):
        if not all(_fits(piece, level, shape, creation) for piece in pieces):
            return level
    return common


def _fits(piece: Piece, level: int, shape: tuple[int, int], creation: Mapping[str, Any]) -> bool:
    directory, step = piece.levels[level], 2**level
    tile = int(creation["blockysize"]), int(creation["blockxsize"])
    alike = (
        directory.order == ("<" if sys.byteorder == "little" else ">")
        and (directory.tile, directory.strips) == (tile, False)
        and directory.number(tiff.COMPRESSION, 1) == _CODECS[str(creation["compress"]).upper()]
        and directory.number(tiff.PREDICTOR, 1) == int(creation.get("predictor", 1))
        and (
            directory.planes > piece.band if directory.planes > 1 else directory.number(tiff.SAMPLES, 1) == 1
        )
    )
    full = piece.levels[0].shape
    return alike and all(
        begin % (side * step) == 0
        and (begin + size <= whole)
        and ((begin + size) % (side * step) == 0 or begin + size == whole)
        and there == -(-size // step)
        for begin, size, whole, side, there in zip(
            (piece.row, piece.col), full, shape, tile, directory.shape, strict=True
        )
    )


def joined(template: Directory, pieces: Sequence[Piece], level: int) -> Level:
    """One level of a raster, made of the tiles of its pieces.

    Parameters
    ----------
    template : Directory
        What is said of the full resolution of the raster.
    pieces : sequence of Piece
    level : int
        0 for the full resolution.
    """
    step = 2**level
    directory = template.resized(*(-(-size // step) for size in template.shape))
    shape = directory.tiles[1:]
    offsets, counts, of_file = np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros(shape, np.int32)
    for i, piece in enumerate(pieces):
        own = piece.levels[level]
        row, col = piece.row // step // own.tile[0], piece.col // step // own.tile[1]
        place = np.s_[row : row + own.tiles[1], col : col + own.tiles[2]]
        plane = piece.band if own.planes > 1 else 0
        offsets[place], counts[place] = (part.reshape(own.tiles)[plane] for part in own.places())
        of_file[place] = i
    files = tuple(piece.path for piece in pieces)
    return Level(directory, files, offsets.ravel(), counts.ravel(), of_file.ravel())
