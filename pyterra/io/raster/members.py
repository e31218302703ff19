"""Other files whose values a file shows: the sources of a virtual raster, the data beside a header."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import Any

from pyterra.errors import SourceError
from pyterra.frozen import dataclass
from pyterra.grid import Window
from pyterra.io.raster.aux_xml import parse_xml
from pyterra.io.safe.places import local_file

_ALONE = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"CDF", b"\x89HDF", b"\x89PNG", b"\xff\xd8", b"GRIB")
"""Beginnings of formats that keep everything in one file."""
_VIRTUAL = b"<VRTDataset"
_NAMES = ("SourceFilename", "SourceDataset")
_DESCRIPTIONS = (".aux.xml", ".ovr", ".aux.json")
"""Files beside that hold no values of their own, and which a mere look at a raster may write."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file whose values another one shows."""

    path: str
    place: tuple[float, float, float, float] | None
    """First row and column, rows and columns that it takes up; None for any."""

    def meets(self, window: Window) -> bool:
        """Whether it has a part in a window."""
        if self.place is None:
            return True
        row, col, nrow, ncol = self.place
        return (
            row < window.row_stop
            and window.row < row + nrow
            and col < window.col_stop
            and window.col < col + ncol
        )


@functools.lru_cache(maxsize=256)
def members_of(path: str, state: object) -> tuple[Member, ...]:
    """Files that a file names; `state` tells apart what it was at different times."""
    del state
    local = local_file(path)
    if local is None:
        return ()
    if str(local) != path:  # a part of a file, an archive
        return ()
    try:
        with open(local, "rb") as file:
            start = file.read(1024)
    except OSError:
        return () if not local.is_dir() else _beside(path)
    if _VIRTUAL in start:
        return _of_document(local)
    return () if start.startswith(_ALONE) else _beside(path)


def _of_document(path: Path) -> tuple[Member, ...]:
    """What a virtual raster names."""
    try:
        root = parse_xml(path)
    except OSError:
        return ()  # whoever opens it says what is wrong
    folder = path.resolve().parent
    found: dict[Member, None] = {}
    for parent in root.iter():
        for child in parent:
            if child.tag in _NAMES and child.text:
                relative = child.get("relativeToVRT", child.get("relativetoVRT", "0")) == "1"
                name = os.path.join(folder, child.text) if relative else child.text
                found[Member(name, _rectangle(parent.find("DstRect")))] = None
    return tuple(found)


def _rectangle(element: Any) -> tuple[float, float, float, float] | None:
    if element is None:
        return None
    try:
        row, col, nrow, ncol = (float(element.get(key)) for key in ("yOff", "xOff", "ySize", "xSize"))
    except (TypeError, ValueError):
        return None
    return row - 1, col - 1, nrow + 2, ncol + 2  # cells beside it are read by resampling sources


def _beside(path: str) -> tuple[Member, ...]:
    """What GDAL reads together with a file."""
    from pyterra.io.raster.gdal import open_dataset

    try:
        with open_dataset(path) as dataset:
            names = [str(name) for name in dataset.files]
    except SourceError:
        return ()
    own = os.path.realpath(path)
    return tuple(
        Member(name, None)
        for name in names
        if os.path.realpath(name) != own and not name.lower().endswith(_DESCRIPTIONS) and os.path.isfile(name)
    )
