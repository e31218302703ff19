"""What a source looked like when a raster was defined on it, to notice that it was replaced since."""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

_ARCHIVE = re.compile(r"^/vsi(?:zip|gzip|tar|7z|rar)/(?!vsi)")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the file system knows of a file and changes with its content; one `os.stat`, so it is asked at every read."""

    size: int
    """Bytes; 0 for folders."""
    mtime_ns: int
    """Time of the last change, in nanoseconds."""
    inode: int
    """Number of the file: a file that was put in the place of another has another one."""


def fingerprint(path: str | os.PathLike[str]) -> Fingerprint | None:
    """Return the fingerprint of a local file or folder; None for what is not on a local file system.

    Parameters
    ----------
    path : str or path-like
        A path as GDAL takes it. For ``/vsizip/`` and its kin, the archive is looked at. A virtual raster
        is judged by its own text, not by the files it names.

    Notes
    -----
    Remote sources give None: asking a server costs a request for each source and each look, and objects in
    stores are rarely replaced in place.

    Examples
    --------
    >>> fingerprint("/vsicurl/https://example.org/a.tif") is None
    True
    """
    local = _local_file(os.fspath(path))
    if local is None:
        return None
    try:
        found = os.stat(local)
    except OSError:
        return None
    return Fingerprint(0 if stat.S_ISDIR(found.st_mode) else found.st_size, found.st_mtime_ns, found.st_ino)


def _local_file(text: str) -> Path | None:
    inner = _ARCHIVE.sub("", text)
    if inner == text:
        is_remote = text.startswith("/vsi") or re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", text)
        return None if is_remote else Path(text)
    path = Path(inner)  # "folder/archive.zip/member.tif": the longest beginning that is a file
    return next((p for p in (path, *path.parents) if p.is_file()), None)
