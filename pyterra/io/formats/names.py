"""What the name of a file says: its ending, and the prefix that names a part of it."""

from __future__ import annotations

import re
from numbers import Integral
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError

VIRTUAL = ".vrt"
PREFIX = re.compile(r"^([A-Za-z][A-Za-z0-9_]+):(?!//)")
_PACKED = (".gz", ".bz2", ".zst")
_PART = re.compile(r'^"?(.+?)"?(?::/*[^:"]+)?$')
"""The file, and what names a part of it, after a prefix."""


def ending(path: str) -> str:
    """The ending that decides, in small letters: without what follows a question mark, and without that of a packer.

    Examples
    --------
    >>> ending("https://example.org/a.TIF?sig=b.c"), ending("/vsigzip/a.asc.gz")
    ('.tif', '.asc')
    """
    name = PurePosixPath(path.partition("?")[0] if "://" in path or path.startswith("/vsi") else path)
    if name.suffix.lower() in _PACKED:
        name = name.with_suffix("")
    return name.suffix.lower()


def prefix_of(path: str) -> str:
    """What stands before a path to name a part of the file, in capitals; nothing for none."""
    found = PREFIX.match(path)
    return found[1].upper() if found and not PurePosixPath(path).is_absolute() else ""


def without_part(path: str) -> str:
    """The file of a path that names a part of it by a prefix; any other path as it is.

    Examples
    --------
    >>> without_part('NETCDF:"/data/a.nc":temp'), without_part("/data/a:b.tif")
    ('/data/a.nc', '/data/a:b.tif')
    """
    part = _PART.match(PREFIX.sub("", path)) if prefix_of(path) else None
    return part[1] if part else path


def data_sets_asked(subds: Any) -> list[str | int]:
    """Names and numbers of data sets of a file, from one or several.

    Raises
    ------
    ArgumentError
        Where there is none, or one is neither a name nor a whole number.

    Examples
    --------
    >>> data_sets_asked("red"), data_sets_asked([0, "nir"])
    (['red'], [0, 'nir'])
    """
    asked = list(subds) if isinstance(subds, list | tuple | range | np.ndarray) else [subds]
    if not asked or not all(isinstance(one, str | Integral) and not isinstance(one, bool) for one in asked):
        raise ArgumentError(f"rast: subds must be names or numbers of data sets, got {subds!r}")
    return [one if isinstance(one, str) else int(one) for one in asked]
