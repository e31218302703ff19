"""Where on this machine the file lies that a path of GDAL's leads to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyterra.errors import ArgumentError, PyterraError, SourceError
from pyterra.redact import redact

_ARCHIVE = re.compile(r"^/vsi(?:zip|gzip|tar|7z|rar|subfile)/(?!vsi)(?:[\d_]+,)?")
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9.-]*(?:\+[A-Za-z0-9.-]+)*://")
_ARCHIVE_SCHEMES = ("zip", "tar", "gzip", "7z", "rar")
_DRIVER = re.compile(r"^[A-Za-z][A-Za-z0-9_]+:")


def path_text(path: str | os.PathLike[str], verb: str, kind: type[PyterraError] = SourceError) -> str:
    """A path as text.

    Raises
    ------
    SourceError, or `kind`
        Where it has a character NUL, which no file system takes.
    ArgumentError
        For anything but a text or a path.
    """
    if not isinstance(path, str | os.PathLike):
        raise ArgumentError(f"{verb}: the path must be a text or a path, got {type(path).__name__}")
    text = os.fsdecode(path)
    if "\0" in text:
        raise kind(f"{verb}: the path must have no character NUL, got {redact(text)!r}; take it out")
    return text


def check_plain(what: str, texts: Iterable[object]) -> None:
    """Raise where no file can hold a text: libraries in C take NUL for the end, and UTF-8 has no halves of characters.

    Raises
    ------
    ArgumentError
        Names the text.
    """
    for text in map(str, texts):
        if "\0" in text:
            raise ArgumentError(f"{what} must have no character NUL, got {redact(text)!r}; take it out")
        if any("\ud800" <= letter <= "\udfff" for letter in text):
            raise ArgumentError(
                f"{what} must have whole characters, got {redact(text)!r}; take out the halves"
            )


def local_file(text: str) -> Path | None:
    """The file, folder or archive of this machine behind a path as GDAL or rasterio take it; None for others.

    Examples
    --------
    >>> local_file("file:///data/a.tif")
    PosixPath('/data/a.tif')
    >>> local_file("s3://bucket/a.tif") is None
    True
    """
    if text.startswith("/vsi"):
        inner = _ARCHIVE.sub("", text)
        if inner == text:
            return None
        return _first_file(Path(inner[1:].replace("}", "", 1) if inner.startswith("{") else inner))
    if _SCHEME.match(text):
        return _behind_scheme(text)
    if _DRIVER.match(text) and not Path(text).exists():
        return _behind_driver(text)
    return Path(text)


def without_scheme(text: str) -> str:
    """A ``file://`` address as a path; any other text as it is."""
    if not text.lower().startswith("file://"):
        return text
    path = urlsplit(text).path or text[7:]
    return path if Path(path).exists() else unquote(path)


def _behind_scheme(text: str) -> Path | None:
    schemes, _, rest = text.partition("://")
    inner = [name for name in schemes.lower().split("+") if name not in _ARCHIVE_SCHEMES]
    if inner not in ([], ["file"]):
        return None
    return Path(without_scheme(text)) if schemes.lower() == "file" else _first_file(Path(rest.split("!")[0]))


def _behind_driver(text: str) -> Path | None:
    """``GTIFF_DIR:1:/a.tif``, ``NETCDF:"/a.nc":t``: the longest part between colons that is there."""
    quoted = re.search(r'"([^"]+)"', text)
    if quoted:
        return Path(quoted[1]) if "://" not in quoted[1] and not quoted[1].startswith("/vsi") else None
    parts = text.split(":")
    spans = [(i, j) for i in range(1, len(parts)) for j in range(len(parts), i, -1)]
    found = (Path(":".join(parts[i:j])) for i, j in spans)
    return next((path for path in found if path.name and path.exists()), None)


def _first_file(path: Path) -> Path | None:
    """``folder/archive.zip/member.tif``: the longest beginning that is a file."""
    return next((p for p in (path, *path.parents) if p.is_file()), None)
