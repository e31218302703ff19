"""Nodata values of 64-bit integers that float64 cannot hold.

rasterio passes nodata as float64: -2**63 is written as -9, and 2**53 + 1 as 2**53, which marks the wrong
cells. GDAL's virtual rasters take the value as text, and a copy of one carries it exactly.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, ReadError, WriteError
from pyterra.io.raster.gdal import told
from pyterra.packages import ElementTree

_EXACT_IN_FLOAT64 = 2**53

OF_TERRA = 18446744073709550514
"""The code for missing that terra gives files of uint64."""

IN_CELLS = {OF_TERRA: int(float(OF_TERRA))}
"""What the cells of such files hold: what float64 makes of the code, 946 less."""


def take_wide_nodata(profile: dict[str, Any]) -> int | None:
    """Take from a profile, and return, a nodata value that rasterio would change; None when it is safe."""
    nodata, dtype = profile.get("nodata"), np.dtype(profile["dtype"])
    if dtype.kind not in "iu" or nodata is None or abs(nodata) <= _EXACT_IN_FLOAT64:
        return None
    limits = np.iinfo(dtype)
    if not isinstance(nodata, int | np.integer) or not limits.min <= nodata <= limits.max:
        raise ArgumentError(f"write: nodata must be an integer that {dtype} can hold, got {nodata!r}")
    del profile["nodata"]
    return int(nodata)


def is_uncertain(nodata: float | None, dtype: str) -> bool:
    """Whether a nodata value, as rasterio tells it, may stand for one nearby; it says None for the highest uint64."""
    return dtype in ("int64", "uint64") and (nodata is None or abs(nodata) >= _EXACT_IN_FLOAT64)


def exact_nodata(dataset: Any) -> list[int | None]:
    """The nodata values of all bands of an open dataset of 64-bit integers, to the last digit, as cells hold them."""
    import rasterio.shutil

    with tempfile.TemporaryDirectory(prefix="pyterra-") as folder:
        virtual = Path(folder, "nodata.vrt")
        with told(ReadError, f"{dataset.name}: its codes for missing cells could not be read"):
            rasterio.shutil.copy(dataset, str(virtual), driver="VRT")
        texts = [band.findtext("NoDataValue") for band in ElementTree.parse(virtual).iter("VRTRasterBand")]
    return [None if text is None else IN_CELLS.get(int(text), int(text)) for text in texts]


def describe_with_nodata(raster: Path, nodata: int, virtual: Path) -> None:
    """Write a virtual raster over all of ``raster`` that has a nodata value, written out in full."""
    import rasterio.shutil

    with told(WriteError, f"{virtual}: the code for missing cells could not be written"):
        rasterio.shutil.copy(str(raster), str(virtual), driver="VRT")
    tree = ElementTree.parse(virtual)
    for band in tree.iter("VRTRasterBand"):
        element = ElementTree.Element("NoDataValue")
        element.text = str(nodata)
        band.insert(0, element)
    tree.write(virtual)
