"""File names as OpenLandMap uses them: ten fields that say what a map is, joined by underscores.

``cropland_glad.potapov.et.al_p_30m_s_20000101_20001231_go_epsg.4326_v20240624.tif``: variable, procedure,
type, support, depth, first day, last day, extent, coordinate reference system, version.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath

from pyterra.errors import ArgumentError
from pyterra.frozen import dataclass

_FIELD = re.compile(r"[A-Za-z0-9.\-]+")
_DATE = re.compile(r"\d{8}")
_CRS = re.compile(r"epsg\.\d+")
_SUPPORT = re.compile(r"\d+(\.\d+)?(m|km|cm|d|deg|arcsec)")
_LONGEST = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerName:
    """The fields of a file name.

    Examples
    --------
    >>> name = LayerName.parse("gpw_grassland_rf_c_30m_20000101_20001231_go_epsg.4326_v1.tif")
    >>> name.prefix, name.variable, name.depth, name.begin.year
    ('gpw', 'grassland', None, 2000)
    >>> name.format(".tif")
    'gpw_grassland_rf_c_30m_20000101_20001231_go_epsg.4326_v1.tif'
    """

    variable: str
    """What is mapped: ``cropland``."""
    procedure: str
    """How, or by whom; dots inside: ``glad.potapov.et.al``."""
    type: str
    """``m`` mean, ``d`` median, ``p`` probability or percent, ``pc`` percent cover, ``c`` class ..."""
    support: str
    """Size of a cell: ``30m``, ``1km``."""
    depth: str | None = "s"
    """``s`` surface, ``a`` above ground, ``b30cm`` below ground; None where the name leaves it out."""
    begin: date
    """First day."""
    end: date
    """Last day."""
    extent: str = "go"
    """``go`` global land without Antarctica, ``ga`` all of the globe, a country code ..."""
    crs: str = "epsg.4326"
    """``epsg.`` and a number."""
    version: str
    """``v`` and a date or number."""
    prefix: str | None = None
    """A project's prefix, in front of all; few names have one."""

    def __post_init__(self) -> None:
        for field, text in self._texts().items():
            if text is not None and not _FIELD.fullmatch(text):
                raise ArgumentError(
                    f"layer name: {field} must be of letters, digits, dots and hyphens, got {text!r}"
                )
        if not _CRS.fullmatch(self.crs):
            raise ArgumentError(f'layer name: crs must be "epsg." and a number, got {self.crs!r}')
        if not self.version.startswith("v"):
            raise ArgumentError(f'layer name: version must begin with "v", got {self.version!r}')
        if not _SUPPORT.fullmatch(self.support):
            raise ArgumentError(f'layer name: support must be a size such as "30m", got {self.support!r}')
        if self.depth is not None and _SUPPORT.fullmatch(self.depth):
            raise ArgumentError(f"layer name: depth must not read as a cell size, got {self.depth!r}")
        if self.end < self.begin:
            raise ArgumentError(f"layer name: the last day {self.end} is before the first, {self.begin}")

    def format(self, suffix: str = "") -> str:
        """Return the file name, with ``suffix`` (".tif") at its end."""
        texts = self._texts()
        head = [texts[f] for f in ("prefix", "variable", "procedure", "type", "support", "depth")]
        days = [f"{self.begin:%Y%m%d}", f"{self.end:%Y%m%d}"]
        fields = [text for text in head if text is not None] + days + [self.extent, self.crs, self.version]
        name = "_".join(fields) + suffix
        if len(name) > _LONGEST or not name.isascii():
            raise ArgumentError(
                f"layer name: at most {_LONGEST} characters of ASCII are allowed, got {len(name)}: {name!r}"
            )
        return name

    @classmethod
    def parse(cls, name: str | PurePath) -> LayerName:
        """Read a file name; folders and the ending ``.tif`` are left aside.

        Found by its two dates and ``epsg.``, so that names with a prefix, or without depth, are read too.
        """
        stem = re.sub(r"\.(tif|tiff)$", "", PurePath(name).name, flags=re.IGNORECASE)
        fields = stem.split("_")
        first = next(
            (
                i
                for i in range(len(fields) - 1)
                if _DATE.fullmatch(fields[i]) and _DATE.fullmatch(fields[i + 1])
            ),
            -1,
        )
        head, tail = fields[: max(first, 0)], fields[first + 2 :]
        if first < 0 or len(tail) != 3 or not _CRS.fullmatch(tail[1]):
            raise ArgumentError(
                f"layer name: two dates, an extent, epsg.NUMBER and a version must end {stem!r}"
            )
        depth = None if head and _SUPPORT.fullmatch(head[-1]) else (head.pop() if head else None)
        prefix = head.pop(0) if len(head) == 5 else None
        if len(head) != 4:
            raise ArgumentError(f"layer name: variable, procedure, type and support must begin {stem!r}")
        try:
            begin, end = (date(int(d[:4]), int(d[4:6]), int(d[6:])) for d in fields[first : first + 2])
        except ValueError as error:
            raise ArgumentError(f"layer name: {error}, in {stem!r}") from error
        return cls(
            prefix=prefix,
            variable=head[0],
            procedure=head[1],
            type=head[2],
            support=head[3],
            depth=depth,
            begin=begin,
            end=end,
            extent=tail[0],
            crs=tail[1],
            version=tail[2],
        )

    def _texts(self) -> dict[str, str | None]:
        return {
            "prefix": self.prefix,
            "variable": self.variable,
            "procedure": self.procedure,
            "type": self.type,
            "support": self.support,
            "depth": self.depth,
            "extent": self.extent,
            "crs": self.crs,
            "version": self.version,
        }
