"""What is known of a format of files: one record, read by all that open, check and write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pyterra.frozen import dataclass

KINDS = ("points", "lines", "polygons")
"""Kinds of geometries."""
Made = Literal["", "in place", "cog", "copied", "netcdf", "virtual"]
"""How a raster is written: not at all; as blocks into the file itself; as a COG, or by another copy, of a GeoTIFF that is
complete; as variables of NetCDF; as a document that shows other files."""


@dataclass(frozen=True, kw_only=True)
class RasterFormat:
    """A format of rasters."""

    name: str
    """GDAL's name of the driver, or a name of our own."""
    endings: tuple[str, ...]
    """Endings of names under which it is opened, in small letters."""
    any_name: bool = True
    """Whether it is tried as well for names without a known ending: it keeps everything in one file."""
    linked: bool = False
    """Whether a file may show another one, so that nothing is opened that cannot be looked into first."""
    prefixes: tuple[str, ...] = ()
    """What stands before the path of one of several rasters in a file."""
    load: Callable[[str, Any], Any] | None = None
    """(path, subds) -> node, where pyterra reads it itself; None for GDAL."""

    made: Made = ""
    """How it is written."""
    written: tuple[str, ...] = ()
    """Endings under which it is written, the usual one first."""
    types: tuple[str, ...] = ()
    """Types of numbers that come back with equal values, narrow ones first."""
    layers: tuple[int, ...] = ()
    """Numbers of layers that it can have; none given for any."""
    missing: bool = True
    """Whether it can tell missing cells."""
    coded: bool = False
    """Whether there is a code for missing even where none is asked for."""
    codes: Mapping[str, float | int] = field(default_factory=dict)
    """Type -> usual code for missing, where it does not keep that of all formats."""
    lossless: Callable[[Mapping[str, str]], bool] = lambda options: True
    """Whether stored numbers come back as they are, with some options of creation."""
    options: Callable[[str], Mapping[str, str]] = lambda dtype: {}
    """Options of creation for a type, unless others are given."""
    beside: tuple[str, ...] = ()
    """Endings of files that belong to one of this format, in place of its own ending."""
    forget: Callable[[Path], None] | None = None
    """Where GDAL changes files itself: takes out what they say of the values of before, beside GDAL's statistics."""
    save: Callable[[Path, Path, Mapping[str, str]], None] | None = None
    """(a complete GeoTIFF, the file to make, options), where GDAL does not copy it."""

    def __str__(self) -> str:
        return self.name


class Records(NamedTuple):
    """What options of a layer depend on."""

    names: tuple[str, ...]
    """Names of columns."""
    missing: bool
    """Whether geometries are missing."""
    json: bool
    """Whether there are lists or mappings."""
    bounds: tuple[float, float, float, float]
    """xmin, ymin, xmax, ymax; NaN where there are no geometries."""

    def has(self, name: str) -> bool:
        """Whether a column has a name, in letters of either case."""
        return name in {own.lower() for own in self.names}

    def free(self, names: Iterable[str]) -> str:
        """The first name that no column has."""
        return next(name for name in names if not self.has(name))


@dataclass(frozen=True, kw_only=True)
class VectorFormat:
    """A format of tables with geometries."""

    name: str
    """OGR's name of the driver."""
    endings: tuple[str, ...]
    """Endings of names under which it is opened, in small letters."""
    any_name: bool = False
    """Whether it is tried as well for names without a known ending."""

    written: tuple[str, ...] = ()
    """Endings under which it is written, the usual one first; none where it is not."""
    aliases: tuple[str, ...] = ()
    """Further names, in small letters."""
    exact: bool = False
    """Whether numbers come back bit by bit; text has 15 digits."""
    binary: bool = False
    """Whether every column and the CRS come back."""
    rounding: float = 0.0
    """Share of the extent by which coordinates are rounded."""
    one_type: bool = False
    """Whether the geometries of a layer are of one type."""
    several_layers: bool = False
    """Whether a file may have layers with names."""
    inserts: bool = False
    """Whether a layer can be added to a file."""
    caseless: bool = False
    """Whether names of columns that differ in case alone are the same."""
    lonlat: bool = False
    """Whether it is for lon/lat WGS 84."""
    renames: bool = False
    """Whether it may cut names of columns, which then come back in their order."""
    options: Callable[[Records], Mapping[str, str]] = lambda records: {}
    """Options of the layer for some records, unless others are given."""
    heights: bool = True
    """Whether it can hold z."""
    all_heights: bool = False
    """Whether z is 0 where none was written."""
    kinds: tuple[str, ...] = KINDS
    """Geometries that it can hold."""
    dates_only: bool = False
    """Whether it has dates and no moments."""
    reordered: bool = False
    """Whether records may come back in another order."""
    fixed_layers: bool = False
    """Whether it always has the same layers, most of them empty."""
    beside: tuple[str, ...] = ()
    """Endings of files that belong to one of this format, in place of its own ending."""
    stale: tuple[str, ...] = ()
    """Endings of what programs may have left beside an older file, which would be taken for part of a new one."""

    def __str__(self) -> str:
        return self.name
