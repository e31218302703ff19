"""Formats of files, one record each.

GDAL looks at the content of a file to choose a driver, so that the text of a virtual raster or of a web service is taken
for one under any name. Here the name decides: an ending opens with its own drivers and no others, and what has no ending
of the tables with drivers of formats that keep everything in one file.

A new format is a record in `raster.py` or `vector.py`; what GDAL cannot read or write has two functions in a file beside
them, to which the record leads.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.io.formats.names import ending, prefix_of
from pyterra.io.formats.raster import RASTER
from pyterra.io.formats.record import RasterFormat, VectorFormat
from pyterra.io.formats.vector import VECTOR

__all__ = [
    "RASTER", "VECTOR", "of_the_other_kind", "raster_drivers", "raster_format", "vector_drivers", "vector_format",
]  # fmt: skip

_ARCHIVES = (".zip", ".tar", ".tgz")


def raster_drivers(path: str) -> list[str]:
    """Names of GDAL's drivers that may open a path; none for the prefix of a web service or the like."""
    prefix = prefix_of(path)
    if prefix:
        return [record.name for record in RASTER if prefix in record.prefixes]
    kind = ending(path)
    found = [record for record in RASTER if kind and kind in record.endings]
    found = found or [record for record in RASTER if record.any_name]
    inside = "://" in path or path.startswith("/vsi")
    return list(dict.fromkeys(record.name for record in found if not (inside and record.linked)))


def vector_drivers(path: str) -> list[str]:
    """Names of OGR's drivers that may open a path with tables of geometries."""
    found = [record.name for record in VECTOR if ending(path) in record.endings]
    archive = ending(path) in _ARCHIVES  # each file in it has been looked at
    return found or [record.name for record in VECTOR if record.any_name or archive]


def raster_format(path: str | os.PathLike[str], name: str | None, verb: str) -> RasterFormat:
    """The format in which a raster is written to a path.

    Parameters
    ----------
    path : path-like
    name : str, optional
        A format's name in any case; by default the ending tells.
    verb : str
        For errors.

    Raises
    ------
    ArgumentError
        Where no format of that name or ending is written, or the file could not be read again under its name.
    """
    chosen: RasterFormat = _chosen(
        [record for record in RASTER if record.written], os.fspath(path), name, verb
    )
    return chosen


def vector_format(path: str | os.PathLike[str], name: str | None, verb: str) -> VectorFormat:
    """The format in which a vector is written to a path; as `raster_format`."""
    chosen: VectorFormat = _chosen(
        [record for record in VECTOR if record.written], os.fspath(path), name, verb
    )
    return chosen


def of_the_other_kind(path: str, verb: str) -> str:
    """For errors of ``rast`` or ``vect``: which verb opens a file of that ending, where it is the other one."""
    records, opens = (VECTOR, "vect opens vectors") if verb == "rast" else (RASTER, "rast opens rasters")
    kind = ending(path)
    return f"; {opens}" if kind and any(kind in record.endings for record in records) else ""


_ELSEWHERE = {".zarr": "x.to_xarray().to_zarr({path!r}), which pt.rast(xarray.open_zarr({path!r})) reads"}
"""What to write for formats that other packages write."""


def _chosen(records: Sequence[Any], path: str, name: str | None, verb: str) -> Any:
    kind = ending(path)
    if name is None:
        found = next((record for record in records if kind in record.written), None)
        if found is None:
            known = dict.fromkeys(end for record in records for end in record.written)
            instead = (
                f"; write {_ELSEWHERE[kind].format(path=path)}"
                if kind in _ELSEWHERE and records[0] in RASTER
                else ""
            )
            raise ArgumentError(
                f"{verb}: the file must end in one of {' '.join(known)}, got {path!r}{instead}"
            )
        return found
    wanted = str(name).lower()
    named = [record for record in records if wanted in (record.name.lower(), *getattr(record, "aliases", ()))]
    if not named:
        known = dict.fromkeys(record.name for record in records)
        raise ArgumentError(f"{verb}: the format must be one of {', '.join(known)}, got {name!r}")
    meant = [record for record in named if kind in record.written]
    if not meant and kind not in named[0].endings:
        raise ArgumentError(
            f"{verb}: a file of {named[0]} must end in {' or '.join(named[0].written)}, got {path!r}"
        )
    return (meant or named)[0]
