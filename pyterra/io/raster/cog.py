"""Cloud-optimised GeoTIFFs: the copy that makes one, and a strict check of its layout."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pyterra.io.raster.gdal import gdal_threads

_TILED_ABOVE = 512
_FIRST_DIRECTORY_BEFORE = 300


def copy_to_cog(
    source: str | Path, target: Path, options: Mapping[str, Any], overview_resampling: str
) -> None:
    """Copy a raster to a new COG.

    Parameters
    ----------
    source : str or Path
        The raster; overviews it has are taken over.
    target : Path
        The file to create.
    options : mapping
        Creation options of GDAL's COG driver (``compress``, ``blocksize``, ``predictor`` ...).
    overview_resampling : str
        How overviews are computed: "average" for measured values, "mode" or "nearest" for classes.
    """
    import rasterio.shutil

    settings = {key.upper(): str(value) for key, value in options.items()}
    settings.setdefault("BIGTIFF", "IF_SAFER")
    settings["NUM_THREADS"] = str(gdal_threads(settings.get("NUM_THREADS", 1)))
    settings["OVERVIEW_RESAMPLING"] = overview_resampling.upper()
    rasterio.shutil.copy(str(source), str(target), driver="COG", **settings)


def cog_problems(path: str | Path) -> list[str]:
    """Return what keeps a file from being a well laid out COG; empty when nothing does.

    Checked: tiles and overviews above 512 cells, all directories before the data and in order of falling
    size, data of the overviews before that of the full resolution, and GDAL's own note of the layout.
    """
    import rasterio

    problems: list[str] = []
    with rasterio.open(path, driver="GTiff", sharing=False) as raster:
        overviews = raster.overviews(1)
        if any(name.endswith((".ovr", ".msk")) for name in raster.files):
            problems.append("overviews or masks lie in a file of their own")
        note = raster.get_tag_item("GDAL_STRUCTURAL_METADATA", "TIFF") or ""
        if "LAYOUT=IFDS_BEFORE_DATA" not in note:
            problems.append("the header does not declare the layout of a COG")
        if "KNOWN_INCOMPATIBLE_EDITION=YES" in note:
            problems.append("the file was changed after it was laid out")
        if max(raster.shape) > _TILED_ABOVE and not overviews:
            problems.append("there are no overviews")
        if any(factor <= 1 for factor in overviews) or overviews != sorted(overviews):
            problems.append(f"the overview factors {overviews} are not rising")
        directories = [_directory_offset(raster, level) for level in range(-1, len(overviews))]
        if directories[0] > _FIRST_DIRECTORY_BEFORE:
            problems.append(f"the first directory begins at byte {directories[0]}")
        if directories != sorted(directories):
            problems.append("the directories of the overviews are not in order of falling size")

    data: list[int] = []
    for level in range(-1, len(overviews)):
        chosen = {} if level < 0 else {"overview_level": level}
        with rasterio.open(path, driver="GTiff", sharing=False, **chosen) as raster:
            if max(raster.shape) > _TILED_ABOVE and raster.block_shapes[0][1] == raster.width:
                problems.append(f"level {level + 1} is not tiled")
            first = _first_data_offset(raster)
            if first is not None:
                data.append(first)
    if data and data[-1] < directories[-1]:
        problems.append("data begin before the last directory")
    if data != sorted(data, reverse=True):
        problems.append("data of the overviews do not come before those of the full resolution")
    return problems


def _directory_offset(raster: Any, level: int) -> int:
    overview = {} if level < 0 else {"ovr": level}
    return int(raster.get_tag_item("IFD_OFFSET", "TIFF", bidx=1, **overview))


def _first_data_offset(raster: Any) -> int | None:
    """Where the first block that is stored begins; None when all blocks are sparse."""
    rows, cols = raster.block_shapes[0]
    for row, col in itertools.product(range(-(-raster.height // rows)), range(-(-raster.width // cols))):
        offset = raster.get_tag_item(f"BLOCK_OFFSET_{col}_{row}", "TIFF", bidx=1)
        if offset:
            return int(offset)
    return None
