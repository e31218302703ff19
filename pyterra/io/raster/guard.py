"""A file from a stranger is only a file: what would lead a driver from it to other files is refused before it is opened.

Looked at are the file itself, and the files beside it that GDAL reads with it.
"""

from __future__ import annotations

import functools
import json
import math
import os
import re
import struct
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from pyterra.errors import SourceError
from pyterra.io.formats.marks import leads_elsewhere
from pyterra.io.raster.aux_xml import parse_xml
from pyterra.packages import html, sqlite3

START = 8200
"""Bytes of a file that are looked at: as far as the beginning of HDF5 is looked for."""
TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_HDF = b"\x89HDF\r\n\x1a\n"
_SQLITE = b"SQLite format 3\0"
_SNIFFED = 1024
"""Bytes in which drivers look for their marks."""
_OVERVIEWS = "overview_file"
"""The key by which GDAL takes overviews from any other file."""
_SQLITE_MODULES = (
    "rtree",
    "rtree_i32",
    "fts3",
    "fts4",
    "fts5",
    "virtualspatialindex",
    "virtualelementary",
    "virtualknn",
)
"""Virtual tables that keep their rows in the file."""
MAX_TILE_BYTES = 2**30
"""A file whose tiles are larger than this is not read: no honest writer makes them."""
_METADATA_TAG = 42112
_MAX_TAG = 16 * 2**20


def check_file(path: Path, kind: str = "rast") -> None:
    """Raise where a file, or one beside it, would be read as a way to other files.

    Raises
    ------
    SourceError
        Names the file and what it holds.
    """
    start = start_of(path)
    if start.startswith(TIFF):
        _check_tiff(path)
    elif is_hdf(start):
        _check_hdf(path, kind)
    elif start.startswith(_SQLITE):
        _check_sqlite(path, kind)
    _check_beside(path, kind)


def check_tile(shown: str, shape: Iterable[int], itemsize: int, bands: int = 1) -> None:
    """Raise where a file declares tiles (chunks) that no machine could read at once.

    Raises
    ------
    SourceError
        Names the file and the size.
    """
    sides = list(shape)
    size = math.prod(sides) * itemsize * bands
    if size > MAX_TILE_BYTES:
        deep = f" of {bands} bands" if bands > 1 else ""
        raise SourceError(
            f"rast: {shown} declares tiles of {' x '.join(map(str, sides))} cells{deep}, {size} bytes; such a file is "
            "damaged or needs rewriting with smaller tiles"
        )


def check_store(path: Path) -> None:
    """Raise where a Zarr store is a list of references to parts of other files.

    Raises
    ------
    SourceError
        Names the store.
    """
    listed = path / ".zmetadata"
    try:
        told = json.loads(listed.read_text()) if listed.is_file() else {}
    except (OSError, ValueError, RecursionError) as error:
        raise SourceError(f"rast: {listed} is malformed: {error}; remove or repair it") from error
    if path.is_file() or not isinstance(told, dict) or "record_size" in told:
        raise SourceError(
            f"rast: {path} refers to parts of other files, which are not followed; write what it shows as a Zarr store"
        )


def start_of(path: Path) -> bytes:
    """The first bytes of a file; none where it cannot be read, which its driver then says."""
    try:
        with open(path, "rb") as file:
            return file.read(START)
    except OSError:
        return b""


def check_text(path: Path, start: bytes, kind: str = "rast") -> None:
    """Raise where the beginning of a file holds the mark of a document that leads elsewhere."""
    mark = leads_elsewhere(start[:_SNIFFED])
    if mark:
        raise SourceError(
            f"{kind}: {path} holds a text that leads elsewhere ({mark}), under a name that does not say so; remove it, "
            "or rename it if you know what it is"
        )


def is_hdf(start: bytes) -> bool:
    """Whether a file is HDF5, also one that begins with something else."""
    return any(start[place : place + 8] == _HDF for place in (0, *(2**i for i in range(9, 14))))


def _check_beside(path: Path, kind: str) -> None:
    names = _beside(path)
    for name in (f"{path.name}.ovr", f"{path.name}.msk"):
        for found in names.get(name.lower(), ()):
            start = start_of(found)
            if not start.startswith(TIFF) and not start.startswith(b"EHFA_HEADER_TAG"):
                raise SourceError(
                    f"{kind}: {found} beside {path.name} must be a TIFF; remove it or make it again"
                )
            check_text(found, start, kind)
            check_file(found, kind)
    for name in (f"{path.name}.aux", f"{path.stem}.aux", f"{path.stem}.rrd"):
        for found in names.get(name.lower(), ()):
            start = start_of(found)
            if start.startswith(b"EHFA"):
                check_text(found, start, kind)
    for found in names.get(f"{path.name}.aux.xml".lower(), ()):
        parse_xml(found)
        _check_overviews(found.read_bytes(), found)


def has_beside(path: str, name: str) -> bool:
    """Whether the folder of a file holds one of a name, in whatever case."""
    return name.lower() in _beside(Path(path))


def _beside(path: Path) -> dict[str, list[Path]]:
    """Files of the same folder by their names in small letters."""
    folder = path.parent
    try:
        return _listed(folder, os.stat(folder).st_mtime_ns)
    except OSError:
        return {}


@functools.lru_cache(maxsize=16)
def _listed(folder: Path, state: int) -> dict[str, list[Path]]:
    del state
    found: dict[str, list[Path]] = {}
    for name in os.listdir(folder):
        if name.lower().endswith((".ovr", ".msk", ".aux", ".rrd", ".aux.xml")):
            found.setdefault(name.lower(), []).append(folder / name)
    return found


def _check_overviews(text: bytes, path: Path) -> None:
    if _OVERVIEWS in html.unescape(text.decode("latin-1")).lower():
        raise SourceError(
            f"rast: {path} takes its overviews from another file, which is not followed; remove OVERVIEW_FILE from it"
        )


def check_overviews(dataset: Any, shown: str) -> None:
    """Raise where an open dataset takes its overviews from any other file; nothing of them has been looked for yet."""
    if "OVERVIEW_FILE" in {key.upper() for key in dataset.tags(ns="OVERVIEWS")}:
        raise SourceError(
            f"rast: {shown} takes its overviews from another file, which is not followed; write it again without "
            "OVERVIEW_FILE"
        )


def _check_tiff(path: Path) -> None:
    try:
        texts = list(_tiff_metadata(path))
    except (OSError, struct.error):
        return  # damaged: the driver says so
    for text in texts:
        _check_overviews(text, path)


def _tiff_metadata(path: Path) -> Iterator[bytes]:
    """GDAL's own metadata of the first image of a TIFF."""
    with open(path, "rb") as file:
        head = file.read(16)
        order = "<" if head[:2] == b"II" else ">"
        big = head[2:3] == b"+" or head[3:4] == b"+"
        entry, count, offset = ("HHQQ", "Q", "Q") if big else ("HHII", "H", "I")
        (place,) = struct.unpack(order + offset, head[8:16] if big else head[4:8])
        file.seek(place)
        (entries,) = struct.unpack(order + count, file.read(struct.calcsize(order + count)))
        size = struct.calcsize(order + entry)
        table = file.read(min(entries, 2**16) * size)
        for i in range(len(table) // size):
            tag, _, length, where = struct.unpack(order + entry, table[i * size : (i + 1) * size])
            if tag == _METADATA_TAG and length > (8 if big else 4):
                file.seek(where)
                yield file.read(min(length, _MAX_TAG))


def _check_hdf(path: Path, kind: str) -> None:
    try:
        import h5py
    except ImportError:
        raise ImportError(
            f"{kind}: HDF5 and NetCDF-4 need h5py; install it with: pip install 'pyterra-geo[netcdf]'"
        ) from None
    try:
        with h5py.File(path, "r") as file:
            check_links(file, path, kind)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        if isinstance(error, SourceError):
            raise
        return  # damaged: whoever reads it says so


def check_links(file: Any, path: Path | str, kind: str = "rast") -> None:
    """Raise where an open HDF5 file takes groups or values from other files."""
    for name, other in _elsewhere(file, set()):
        raise SourceError(
            f"{kind}: {path}: {name} takes its values from another file, {other}, which is not followed; copy them into "
            "the file, for example with h5repack"
        )


def _elsewhere(group: Any, seen: set[int]) -> Iterator[tuple[str, str]]:
    import h5py

    for name in group:
        link = group.get(name, getlink=True)
        if isinstance(link, h5py.ExternalLink):
            yield f"{group.name.rstrip('/')}/{name}", str(link.filename)
        if not isinstance(link, h5py.HardLink):
            continue  # what a soft link leads to is met in its own place
        item = group[name]
        address = h5py.h5o.get_info(item.id).addr
        if address in seen:
            continue
        seen.add(address)
        if isinstance(item, h5py.Group):
            yield from _elsewhere(item, seen)
        elif isinstance(item, h5py.Dataset):
            for other in _stored_in(item):
                yield item.name, other


def _stored_in(dataset: Any) -> list[str]:
    """Other files in which the values of a dataset lie."""
    outside = [str(part[0]) for part in dataset.external or ()]
    if dataset.is_virtual:
        outside += [part.file_name for part in dataset.virtual_sources() if part.file_name != "."]
    return outside


def _check_sqlite(path: Path, kind: str) -> None:
    """Raise where a table of a GeoPackage, or of another SQLite file, shows what lies elsewhere."""
    pending = any(Path(f"{path}-{end}").exists() for end in ("wal", "journal"))
    address = f"{path.resolve().as_uri()}?mode=ro" + ("" if pending else "&immutable=1")
    try:
        with closing(sqlite3.connect(address, uri=True)) as base:
            check_tables(base.execute(SQLITE_TABLES).fetchall(), path, kind)
    except sqlite3.Error as error:
        if pending:
            raise SourceError(
                f"{kind}: {path} has changes that are not in it yet, beside it, and cannot be looked into: {error}"
            ) from error
        return  # damaged: the driver says so


SQLITE_TABLES = (
    "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND (rootpage IS NULL OR rootpage = 0)"
)
"""Tables that are kept nowhere in the file: virtual ones."""
_VIRTUAL_TABLE = re.compile(
    r"""CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?:"[^"]*"|'[^']*'|`[^`]*`|\[[^\]]*\]|\w+)\s+USING\s+["'`\[]?(\w+).*""",
    re.IGNORECASE | re.DOTALL,
)


def check_tables(tables: Iterable[tuple[Any, Any]], path: Path | str, kind: str) -> None:
    """Raise where a virtual table, of which name and definition are given, keeps its rows elsewhere."""
    for name, sql in tables:
        found = _VIRTUAL_TABLE.fullmatch(str(sql).strip())
        if not found or found[1].lower() not in _SQLITE_MODULES:
            raise SourceError(
                f"{kind}: {path}: the table {name} shows what lies elsewhere ({found[1] if found else sql}), which is "
                "not followed; remove it"
            )
