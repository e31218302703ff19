"""Vector files from strangers: what OGR would follow to other files or a network is refused before it is opened.

OGR chooses drivers by content and cannot be told which ones to take, so the beginning of a file must fit its ending;
after it is opened, and before anything is read, the driver that took it must be one of its ending.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple

from pyterra.errors import SourceError
from pyterra.io.formats import vector_drivers
from pyterra.io.formats.marks import leads_elsewhere
from pyterra.io.formats.names import PREFIX, ending
from pyterra.io.raster.guard import SQLITE_TABLES, check_file, check_tables
from pyterra.io.safe.places import local_file
from pyterra.packages import gzip, tarfile, zipfile
from pyterra.redact import redact

_SNIFFED = 2**16
"""Bytes in which OGR's drivers look for their marks, and more."""
_BINARY = {
    ".gpkg": b"SQLite format 3\0",
    ".sqlite": b"SQLite format 3\0",
    ".fgb": b"fgb",
    ".shp": b"\0\0\x27\x0a",
    ".pmtiles": b"PMTiles",
}
_XML = (".kml", ".gml", ".gpx", ".osm", ".rss", ".georss", ".atom", ".jml", ".xml")
_JSON = (".json", ".geojson", ".topojson", ".esrijson", ".geojsonl", ".geojsons", ".ndjson", ".jsonl")
_WHOLE = (*_JSON, "", ".xsd")
"""Files that are looked through to the end, whatever they hold; others where they may hold JSON."""
_MAY_BE_JSON = re.compile(rb"[\s\x1e]*(?:[{\[]|loadGeoJSON\(|jsonp\(|$)")
"""How a text begins that OGR may take for JSON: an object or a list, one in a call that it knows, or nothing yet."""
_TABLES = (".csv", ".tsv", ".psv", ".txt", ".mif", ".tab", ".dxf", ".gmt")
_SUSPECT = re.compile(rb"""["'](?:link|url)["']|\\u00[2-7]""", re.IGNORECASE)
"""A CRS given by an address, or letters that are written so as not to be seen."""
_ON_THIS_MACHINE = re.compile(r"/vsi(?:zip|gzip|tar|7z|rar|subfile|cached|sparse|crypt|stdin)")
_NETWORK = re.compile(r"/vsi(?:curl|s3|gs|az|adls|oss|swift|hdfs|webhdfs)")
_GML = (".gml", ".xml")
_INCLUDE = re.compile(rb"<(?:[\w.-]+:)?(?:include|redefine)\b", re.IGNORECASE)
"""A schema that takes parts from other files."""
MAX_UNPACKED = 2**31
"""Bytes that the files of an archive may have together."""
MAX_WHOLE = 2**29
"""Bytes of a packed file that is looked through to the end; OGR takes ten times that to read JSON."""
MAX_FILES = 10_000
"""Files that an archive may have."""


def check_vector(path: str) -> dict[str, Any]:
    """Raise where a path would lead to other files or a network; else the options to open it with.

    Raises
    ------
    SourceError
        Says what is refused.
    """
    if path.lower().endswith(".vrt") or (PREFIX.match(path) and not Path(path).exists()):
        what = "a virtual layer" if path.lower().endswith(".vrt") else "a service or a data base"
        raise SourceError(
            f"vect: {redact(path)} is {what}, which may show any file or address; save what it shows as a file first"
        )
    local = local_file(path)
    if local is None and _ON_THIS_MACHINE.match(path) and not _NETWORK.search(path):
        raise SourceError(
            f"vect: {redact(path)} leads through archives in archives, or by other ways that are not looked into; "
            "unpack it first"
        )
    if local is None or not local.is_file():
        return {}
    options: dict[str, Any] = {}
    if str(local) == path:
        check_file(local, "vect")
        data = _read(local)
        options = _check_content(local.name, data, local)
        schema = local.with_suffix(".xsd")
        if options and schema.is_file():
            _check_content(schema.name, _read(schema), schema)
        if not data.startswith(b"PK"):
            return options
    for member in _unpacked(local):
        _check_content(member.name, member.start, local)
    return options


def check_opened(path: str, driver: str) -> None:
    """Raise unless the driver that took a file is one of its ending, or where it shows others as only it can tell.

    Raises
    ------
    SourceError
        Names what is refused.
    """
    expected = vector_drivers(path)
    if driver not in expected:
        raise SourceError(
            f"vect: {redact(path)} is read by the driver {driver}, its ending says {' or '.join(expected)}; rename it if "
            "you trust it, or save it as GPKG"
        )
    local = local_file(path)
    if driver in ("GPKG", "SQLite") and (local is None or str(local) != path or zipfile.is_zipfile(local)):
        import pyogrio

        tables = pyogrio.read_dataframe(path, sql=SQLITE_TABLES, read_geometry=False)
        check_tables(tables.itertuples(index=False), redact(path), "vect")


def _read(path: Path) -> bytes:
    with open(path, "rb") as file:
        return _looked_at(file, path.name)


def _looked_at(file: IO[bytes] | gzip.GzipFile, name: str, limit: int = -1) -> bytes:
    """What must be known of a file: all of it where it may be JSON, else its beginning.

    Raises
    ------
    SourceError
        Where all of it is more than `limit` bytes.
    """
    start = file.read(_SNIFFED)
    if ending(name) not in _WHOLE and not _MAY_BE_JSON.match(start.removeprefix(b"\xef\xbb\xbf")):
        return start
    data = start + file.read(limit)
    if 0 <= limit < len(data):
        raise SourceError(
            f"vect: {name} has more than {limit} bytes, and would be looked through to the end in its archive; unpack it "
            "first"
        )
    return data


def _check_content(name: str, data: bytes, path: Path) -> dict[str, Any]:
    """Raise unless the beginning of a file fits its name; the options to open it with."""
    kind, start = ending(name), data[:_SNIFFED].lstrip(b"\xef\xbb\xbf \t\r\n\x1e")
    shown = path if path.name == name else f"{path} ({name})"
    if kind in _BINARY and data and not data.startswith(_BINARY[kind]):
        raise SourceError(
            f"vect: {shown} cannot be opened: it is not what its ending says; rename it, or make it again"
        )
    mark = leads_elsewhere(data[:_SNIFFED])
    if mark and not (mark == "stac_version" and kind in _JSON):
        raise SourceError(
            f"vect: {shown} holds a text that leads elsewhere ({mark}); save what it shows as a file first"
        )
    first = start[:1]
    fits = (kind not in _XML or first == b"<") and (kind not in _TABLES or first not in (b"<", b"{"))
    fits = fits and (kind not in _JSON or first != b"<")
    if start and not (
        fits and (kind in (*_GML, ".xsd") or b"opengis.net/gml" not in data[:_SNIFFED].lower())
    ):
        raise SourceError(
            f"vect: {shown} cannot be opened: it is not what its ending says; rename it, or make it again"
        )
    if (kind in _JSON or _MAY_BE_JSON.match(start)) and _SUSPECT.search(data):
        _check_json(data, shown)
    if kind == ".xsd" and _INCLUDE.search(data):
        raise SourceError(f"vect: {shown} takes parts from other schemas, which are not followed; remove it")
    return {"DOWNLOAD_SCHEMA": "NO"} if kind in _GML else {}


def _check_json(data: bytes, shown: object) -> None:
    """Raise where a GeoJSON takes its CRS from an address."""
    text = data.decode("utf-8-sig", "replace")
    try:
        json.loads(text, object_pairs_hook=_noted)
    except _ByAddress:
        raise SourceError(
            f"vect: {shown} takes its CRS from an address, which is not followed; remove its member crs"
        ) from None
    except (ValueError, RecursionError):
        try:
            for line in text.replace("\x1e", "").splitlines():
                if line.strip():
                    json.loads(line)  # features one by one have no CRS of their own
        except (ValueError, RecursionError) as error:
            raise SourceError(f"vect: {shown} is not JSON: {error}; make it again") from None


class _ByAddress(ValueError):
    pass


class _Linked(dict[str, Any]):
    """An object that says of itself that it is an address."""


def _noted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if any(key == "crs" and isinstance(value, _Linked) for key, value in pairs):
        raise _ByAddress
    linked = any(key == "type" and str(value).lower() in ("link", "url") for key, value in pairs)
    return _Linked(pairs) if linked else dict(pairs)


class _Member(NamedTuple):
    name: str
    start: bytes


def _unpacked(path: Path) -> Iterator[_Member]:
    """Names and beginnings of the files in an archive.

    Raises
    ------
    SourceError
        Where it cannot be looked into, or has too many or too large files.
    """
    try:
        if zipfile.is_zipfile(path):
            yield from _of_zip(path)
        elif tarfile.is_tarfile(path):
            yield from _of_tar(path)
        elif path.suffix.lower() == ".gz":
            with gzip.open(path) as file:
                yield _Member(path.stem, _looked_at(file, path.stem, MAX_WHOLE))
        else:
            raise SourceError(f"vect: {path} cannot be looked into; unpack it first")
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, tarfile.TarError, RuntimeError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"vect: {path} cannot be unpacked: {error}") from error


def _of_zip(path: Path) -> Iterator[_Member]:
    with zipfile.ZipFile(path) as archive:
        files = [item for item in archive.infolist() if not item.is_dir()]
        _check_size(path, (item.file_size for item in files))
        for item in files:
            with archive.open(item) as file:
                yield _Member(item.filename, _looked_at(file, item.filename, MAX_WHOLE))


def _of_tar(path: Path) -> Iterator[_Member]:
    with tarfile.open(path) as archive:
        files = [item for item in archive.getmembers() if item.isfile()]
        _check_size(path, (item.size for item in files))
        for item in files:
            file = archive.extractfile(item)
            if file is not None:
                yield _Member(item.name, _looked_at(file, item.name, MAX_WHOLE))


def _check_size(path: Path, sizes: Iterable[int]) -> None:
    known = list(sizes)
    if len(known) > MAX_FILES or sum(known) > MAX_UNPACKED:
        raise SourceError(
            f"vect: {path} holds {len(known)} files of {sum(known)} bytes, which is more than is unpacked unseen; "
            "unpack it first"
        )
