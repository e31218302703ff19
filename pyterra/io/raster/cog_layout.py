"""The layout of a cloud-optimised GeoTIFF: tiles that are compressed already, put in order without being decoded.

As GDAL lays them out: a note of the layout, all directories, then the tiles of the smallest overview first and those of
the full resolution last, each row by row, between its size and a repetition of its last four bytes. What GDAL's readers
and its validator rely on is described in its documentation of the driver COG.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass
from pyterra.io.raster import tiff
from pyterra.io.raster.tiff import Directory, Tag

NOTE = (
    b"LAYOUT=IFDS_BEFORE_DATA\nBLOCK_ORDER=ROW_MAJOR\nBLOCK_LEADER=SIZE_AS_UINT4\n"
    b"BLOCK_TRAILER=LAST_4_BYTES_REPEATED\nKNOWN_INCOMPATIBLE_EDITION=NO\n "
)
"""What GDAL's readers look for behind the header. The space at its end leaves room to say YES."""
CHUNK = 8 * 2**20
"""Bytes that are written, and looked at again, at once."""
LARGEST = 2**32 - 2**16
"""Bytes of a file from which on it is a BigTIFF."""
_LEADER = _TRAILER = 4
_OF_OVERVIEWS = (
    tiff.BITS,
    tiff.COMPRESSION,
    tiff.PHOTOMETRIC,
    tiff.SAMPLES,
    tiff.PLANAR,
    tiff.PREDICTOR,
    tiff.COLOR_MAP,
    tiff.TILE_WIDTH,
    tiff.TILE_LENGTH,
    tiff.EXTRA_SAMPLES,
    tiff.SAMPLE_FORMAT,
    tiff.NODATA,
)
"""Tags that an overview has of the full resolution."""

Numbers = NDArray[np.int64]
Big = Literal["yes", "no", "if needed"]


@dataclass(frozen=True)
class Level:
    """Compressed tiles of one resolution, wherever they lie."""

    directory: Directory
    """What is said of it."""
    files: tuple[Path, ...]
    """Where its tiles lie."""
    offsets: Numbers
    """Where each tile begins, plane by plane and row by row; 0 for those that are not stored."""
    counts: Numbers
    """Bytes of each tile."""
    of_file: NDArray[np.int32] | None = None
    """In which of the files each tile lies; None for the only one."""

    @classmethod
    def of(cls, path: Path) -> Level:
        """The first image of a file."""
        directory = tiff.first_directory(path)
        return cls(directory, (path,), *directory.places())

    @property
    def stored(self) -> NDArray[np.bool_]:
        """Which tiles are stored, of shape (row, col): those of any band."""
        return np.asarray(self.counts.reshape(self.directory.tiles).max(axis=0) > 0)

    def filled(self, tile: Level, where: NDArray[np.bool_]) -> Level:
        """The same with the tile of a file of one tile in some places, whatever is stored there."""
        planes = self.directory.planes
        here = np.broadcast_to(where, (planes, *where.shape)).ravel()
        size = where.size
        return Level(
            self.directory,
            (*self.files, *tile.files),
            np.where(here, np.repeat(tile.offsets, size), self.offsets),
            np.where(here, np.repeat(tile.counts, size), self.counts),
            np.where(here & (np.repeat(tile.counts, size) > 0), len(self.files), self._of_file).astype(
                np.int32
            ),
        )

    @property
    def _of_file(self) -> NDArray[np.int32]:
        return np.zeros(self.counts.size, np.int32) if self.of_file is None else self.of_file


def checksums_of_bands(path: Path) -> tuple[str, ...]:
    """crc32 of the tiles of each band, as they are stored, in a file whose bands lie apart."""
    level = Level.of(path)
    tiles, found = _tiles(level), []
    for counts in level.counts.reshape(level.directory.planes, -1):
        value = zlib.crc32(counts.tobytes())
        for _ in range(np.count_nonzero(counts)):
            value = zlib.crc32(next(tiles), value)
        found.append(f"crc32:{value:08x}")
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a file that was written."""

    offset: int
    """Where it begins."""
    size: int
    """Its bytes."""
    checksum: int
    """crc32 of them."""


def lay_out(
    levels: Sequence[Level], target: Path, *, big: Big = "if needed", nodata: str | None = None
) -> list[Chunk]:
    """Write a COG from compressed tiles, and return checksums of all that was written.

    Parameters
    ----------
    levels : sequence of Level
        The full resolution, then the overviews from the largest to the smallest.
    target : Path
        The file to create.
    big : {"if needed", "yes", "no"}
        Whether it is a BigTIFF. How large it will be is known.
    nodata : str, optional
        The code for missing as the file shall say it; by default as it stands in the first level.

    Raises
    ------
    ArgumentError
        Where it must not be a BigTIFF, but would be too large.
    """
    order = levels[0].directory.order
    plain = [_tags(level, levels[0], nodata) for level in levels]
    bulk = sum(_size_of_tiles(level) for level in levels)
    is_big = big == "yes" or _data_begin(plain, levels, False) + bulk > LARGEST
    if is_big and big == "no":
        raise ArgumentError(f"write: a file of {bulk} bytes must be a BigTIFF, got BIGTIFF=NO")
    places = _places(levels, _data_begin(plain, levels, is_big))
    with open(target, "wb") as file:
        chunks = _Chunks(file)
        chunks.add(_header(order, is_big))
        for directory in _directories(plain, levels, places, order, is_big):
            chunks.add(directory)
        for level in reversed(levels):
            for tile in _tiles(level):
                chunks.add(struct.pack("<L", len(tile)) + tile + tile[-_TRAILER:].rjust(_TRAILER, b"\0"))
        chunks.flush()
    return chunks.written


def changed_chunks(path: Path, chunks: Sequence[Chunk]) -> Iterator[Chunk]:
    """The stretches of a file that are not as they were written."""
    with open(path, "rb", buffering=0) as file:
        for chunk in chunks:
            file.seek(chunk.offset)
            if zlib.crc32(_exactly(file, chunk.size)) != chunk.checksum:
                yield chunk


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    while len(data) < size and (more := file.read(size - len(data))):
        data += more
    return data


class _Chunks:
    """Bytes on their way into a file, a chunk at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self.written: list[Chunk] = []
        self.position = 0
        self._file, self._waiting = file, bytearray()

    def add(self, data: bytes) -> None:
        self._waiting += data
        self.position += len(data)
        if len(self._waiting) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        if self._waiting:
            begin = self.position - len(self._waiting)
            self.written.append(Chunk(begin, len(self._waiting), zlib.crc32(self._waiting)))
            self._file.write(self._waiting)
            self._waiting = bytearray()
        self._file.flush()


def _tiles(level: Level) -> Iterator[bytes]:
    """The stored tiles of a level in their order."""
    stored = np.flatnonzero(level.counts)
    which = level._of_file[stored]
    opened: dict[int, BinaryIO] = {}
    try:
        for index, offset, size in zip(
            which.tolist(), level.offsets[stored].tolist(), level.counts[stored].tolist(), strict=True
        ):
            if index not in opened:
                if len(opened) >= _MOST_OPEN:
                    opened.pop(next(iter(opened))).close()
                opened[index] = open(level.files[index], "rb", buffering=0)  # noqa: SIM115
            file = opened[index]
            file.seek(offset)
            tile = _exactly(file, size)
            if len(tile) < size:
                raise OSError(f"{level.files[index].name} ends within a tile")
            yield tile
    finally:
        for file in opened.values():
            file.close()


_MOST_OPEN = 400
"""Files that are open at once: those of a row of square degrees around the globe."""


def _header(order: str, big: bool) -> bytes:
    """The first bytes of the file, with the note of its layout."""
    mark = b"II" if order == "<" else b"MM"
    first = _first_directory(big)
    start = mark + (
        struct.pack(order + "HHHQ", 43, 8, 0, first) if big else struct.pack(order + "HL", 42, first)
    )
    note = b"GDAL_STRUCTURAL_METADATA_SIZE=%06d bytes\n" % len(NOTE) + NOTE
    return (start + note).ljust(first, b"\0")


def _first_directory(big: bool) -> int:
    return _aligned((16 if big else 8) + 43 + len(NOTE))


def _aligned(size: int) -> int:
    return -(-size // 8) * 8


def _tags(level: Level, full: Level, nodata: str | None) -> dict[int, Tag]:
    """The tags of a level but for those of its tiles."""
    own, order = level.directory, level.directory.order
    if level is full:
        tags = dict(own.tags)
    else:
        tags = {tag: full.directory.tags[tag] for tag in _OF_OVERVIEWS if tag in full.directory.tags}
        tags |= {tag: own.tags[tag] for tag in (tiff.WIDTH, tiff.LENGTH)}
        tags[tiff.SUBFILE] = tiff.whole(order, tiff.LONG, np.array([1]))
    if nodata is not None:
        tags[tiff.NODATA] = tiff.text(nodata)
    return {tag: value for tag, value in tags.items() if tag not in (tiff.TILE_OFFSETS, tiff.TILE_COUNTS)}


def _with_places(
    tags: Mapping[int, Tag], counts: Numbers, places: Numbers, order: str, big: bool
) -> dict[int, Tag]:
    kind = tiff.LONG8 if big else tiff.LONG
    return {
        **tags,
        tiff.TILE_OFFSETS: tiff.whole(order, kind, places),
        tiff.TILE_COUNTS: tiff.whole(order, tiff.LONG, counts),
    }


def _directory_size(tags: Mapping[int, Tag], level: Level, big: bool) -> int:
    empty = np.zeros(level.counts.size, np.int64)
    return _aligned(tiff.packed_size(_with_places(tags, empty, empty, "<", big), big))


def _data_begin(plain: Sequence[Mapping[int, Tag]], levels: Sequence[Level], big: bool) -> int:
    sizes = (_directory_size(tags, level, big) for tags, level in zip(plain, levels, strict=True))
    return _first_directory(big) + sum(sizes)


def _directories(
    plain: Sequence[Mapping[int, Tag]],
    levels: Sequence[Level],
    places: Sequence[Numbers],
    order: str,
    big: bool,
) -> Iterator[bytes]:
    at = _first_directory(big)
    for i, (tags, level) in enumerate(zip(plain, levels, strict=True)):
        size = _directory_size(tags, level, big)
        whole = _with_places(tags, level.counts, places[i], order, big)
        following = at + size if i + 1 < len(levels) else 0
        yield tiff.pack(whole, order, big, at, following).ljust(size, b"\0")
        at += size


def _places(levels: Sequence[Level], begin: int) -> list[Numbers]:
    """Where each tile of each level will begin."""
    found = []
    for level in reversed(levels):
        sizes = np.where(level.counts > 0, level.counts + _LEADER + _TRAILER, 0)
        ends = begin + np.cumsum(sizes)
        found.append(np.where(level.counts > 0, ends - level.counts - _TRAILER, 0))
        begin = int(ends[-1])
    return found[::-1]


def _size_of_tiles(level: Level) -> int:
    return int(level.counts.sum() + (_LEADER + _TRAILER) * np.count_nonzero(level.counts))
