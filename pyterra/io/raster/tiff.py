"""Directories of TIFF files, classic and big, read and packed as they are: no tag is understood, none is lost."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ReadError
from pyterra.frozen import dataclass

SUBFILE, WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 254, 256, 257, 258, 259, 262
FILL_ORDER, STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_COUNTS = 266, 273, 278, 279
SAMPLES, PLANAR, PREDICTOR, COLOR_MAP, TILE_WIDTH, TILE_LENGTH = 277, 284, 317, 320, 322, 323
TILE_OFFSETS, TILE_COUNTS, EXTRA_SAMPLES, SAMPLE_FORMAT, JPEG_TABLES = 324, 325, 338, 339, 347
METADATA, NODATA = 42112, 42113
SHORT, LONG, ASCII, LONG8 = 3, 4, 2, 16

_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
"""Bytes of a value of each type."""
_WHOLE = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
"""Types that hold whole numbers, as numpy names them."""
LONGEST = 2**32
"""Bytes of a tag, at most; the offsets of five hundred million tiles."""
_MOST_TAGS = 2**16
"""Of a directory: as many as there are numbers of tags."""


@dataclass(frozen=True, slots=True)
class Tag:
    """The values of a tag."""

    type: int
    """TIFF's number of the type of its values."""
    count: int
    """How many values there are."""
    data: bytes
    """The values as they stand in the file."""


@dataclass(frozen=True)
class Directory:
    """What a file says of one of its images."""

    order: str
    """Order of bytes, as `struct` writes it: "<" or ">"."""
    offset: int
    """Where it begins."""
    tags: Mapping[int, Tag]
    """Its tags by number."""

    def numbers(self, tag: int) -> NDArray[np.int64]:
        """The whole numbers of a tag; none where it is not there."""
        found = self.tags.get(tag)
        if found is None or found.type not in _WHOLE:
            return np.zeros(0, np.int64)
        return np.frombuffer(found.data, self.order + _WHOLE[found.type]).astype(np.int64)

    def number(self, tag: int, default: int = 0) -> int:
        """The first whole number of a tag."""
        found = self.numbers(tag)
        return int(found[0]) if found.size else default

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.number(LENGTH), self.number(WIDTH)

    def resized(self, height: int, width: int) -> Directory:
        """The same of another number of rows and columns."""
        changed = {}
        for tag, size in ((LENGTH, height), (WIDTH, width)):
            kind = SHORT if size < 2**16 else LONG  # as GDAL does
            changed[tag] = whole(self.order, kind, np.array([size]))
        return Directory(self.order, 0, {**self.tags, **changed})

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the stored numbers."""
        kind = {1: "u", 2: "i", 3: "f"}[self.number(SAMPLE_FORMAT, 1)]
        return np.dtype(f"{kind}{self.number(BITS, 8) // 8}")

    @property
    def strips(self) -> bool:
        """Whether there are strips in place of tiles; the last one has the rows that are left."""
        return TILE_WIDTH not in self.tags

    @property
    def tile(self) -> tuple[int, int]:
        """Rows and columns of a tile, or of a strip."""
        if self.strips:
            rows, cols = self.shape
            return min(self.number(ROWS_PER_STRIP, rows), rows), cols
        return self.number(TILE_LENGTH), self.number(TILE_WIDTH)

    @property
    def planes(self) -> int:
        """How many sets of tiles there are: one for each band, or one for all."""
        return self.number(SAMPLES, 1) if self.number(PLANAR, 1) == 2 else 1

    @property
    def tiles(self) -> tuple[int, int, int]:
        """Planes, rows and columns of tiles."""
        (rows, cols), (height, width) = self.shape, (max(1, side) for side in self.tile)
        return self.planes, -(-rows // height), -(-cols // width)

    def places(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Offsets and numbers of bytes of all tiles, plane by plane and row by row; zeros for those not stored."""
        total = int(np.prod(self.tiles))
        found = []
        for tag in (STRIP_OFFSETS, STRIP_COUNTS) if self.strips else (TILE_OFFSETS, TILE_COUNTS):
            values = self.numbers(tag)
            found.append(values if values.size == total else np.zeros(total, np.int64))
        return found[0], found[1]


def read_directories(path: str | Path) -> list[Directory]:
    """All directories of a file, in the order in which it lists them.

    Raises
    ------
    ReadError
        Where it is no TIFF, or damaged.
    """
    try:
        with open(path, "rb") as file:
            return list(_walk(file, LONGEST))
    except _DAMAGED as error:
        raise ReadError(f"{path}: its directories cannot be read: {error}") from error


def first_directory(path: str | Path, longest: int = LONGEST) -> Directory:
    """The first directory of a file, of which no tag is longer than so many bytes; as `read_directories`."""
    try:
        with open(path, "rb") as file:
            return next(_walk(file, longest))
    except (*_DAMAGED, StopIteration) as error:
        raise ReadError(f"{path}: its first directory cannot be read: {error}") from error


_DAMAGED = (struct.error, ValueError, KeyError, OSError, OverflowError)
"""What reading a directory raises where it is none."""


def _walk(file: BinaryIO, longest: int) -> Iterator[Directory]:
    start = file.read(16)
    order = {b"II": "<", b"MM": ">"}[start[:2]]
    (version,) = struct.unpack(order + "H", start[2:4])
    if version not in (42, 43):
        raise ValueError(f"version {version} is none of TIFF's")
    big = version == 43
    (place,) = struct.unpack(order + "Q", start[8:16]) if big else struct.unpack(order + "L", start[4:8])
    seen: set[int] = set()
    while place:
        if place in seen:
            raise ValueError("they lead back to one another")
        seen.add(place)
        directory, place = _read(file, order, big, place, longest)
        yield directory


def _read(file: BinaryIO, order: str, big: bool, place: int, longest: int) -> tuple[Directory, int]:
    """The directory at a place, and the place of the next."""
    count, entry, link = ("Q", "HHQ", "Q") if big else ("H", "HHL", "L")
    file.seek(place)
    (entries,) = struct.unpack(order + count, file.read(struct.calcsize(order + count)))
    if entries > _MOST_TAGS:
        raise ValueError(f"one claims {entries} tags")
    head, value = struct.calcsize(order + entry), 8 if big else 4
    table = file.read(entries * (head + value))
    (following,) = struct.unpack(order + link, file.read(value))
    tags = {}
    for i in range(entries):
        at = i * (head + value)
        tag, kind, length = struct.unpack(order + entry, table[at : at + head])
        size = _SIZES[kind] * length
        if size > longest:
            raise ValueError(f"tag {tag} claims {size} bytes")
        data = table[at + head : at + head + value]
        if size > value:
            file.seek(struct.unpack(order + link, data)[0])
            data = file.read(size)
        if len(data) < size:
            raise ValueError(f"tag {tag} ends with the file")
        tags[tag] = Tag(kind, length, data[:size])
    return Directory(order, place, tags), following


def packed_size(tags: Mapping[int, Tag], big: bool) -> int:
    """Bytes of a directory and all that its tags hold."""
    entry, value, ends = (20, 8, 16) if big else (12, 4, 6)
    beyond = sum(_even(len(tag.data)) for tag in tags.values() if len(tag.data) > value)
    return ends + entry * len(tags) + beyond


def pack(tags: Mapping[int, Tag], order: str, big: bool, place: int, following: int) -> bytes:
    """A directory as it stands in a file.

    Parameters
    ----------
    tags : mapping
    order : str
        Of bytes.
    big : bool
        Whether the file is a BigTIFF.
    place, following : int
        Where it will begin, and where the next one does; 0 for none.
    """
    count, entry, link, value = ("Q", "HHQ", "Q", 8) if big else ("H", "HHL", "L", 4)
    table = struct.pack(order + count, len(tags))
    beyond = b""
    free = place + packed_size({}, big) + len(tags) * (struct.calcsize(order + entry) + value)
    for number, tag in sorted(tags.items()):
        if len(tag.data) > value:
            where = struct.pack(order + link, free + len(beyond))
            beyond += tag.data + bytes(_even(len(tag.data)) - len(tag.data))
        else:
            where = tag.data.ljust(value, b"\0")
        table += struct.pack(order + entry, number, tag.type, tag.count) + where
    return table + struct.pack(order + link, following) + beyond


def _even(size: int) -> int:
    return size + size % 2


def whole(order: str, kind: int, values: NDArray[np.int64]) -> Tag:
    """A tag of whole numbers."""
    return Tag(kind, values.size, values.astype(order + _WHOLE[kind]).tobytes())


def text(content: str) -> Tag:
    """A tag of text."""
    data = content.encode() + b"\0"
    return Tag(ASCII, len(data), data)
