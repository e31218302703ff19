"""A file that is copied to another format: what that keeps of it is tried on a small one before."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import SinkError, WriteError
from pyterra.grid import Window
from pyterra.io.raster.copied import Copied
from pyterra.io.raster.gdal import environment
from pyterra.io.safe.parts import Output
from pyterra.io.safe.watch import Watch

OF_THE_RASTER = {"driver", "width", "height", "count", "dtype", "crs", "transform", "nodata"}
"""Entries of a profile that are no creation options."""


def tried(
    kind: Copied,
    describe: Callable[[Path, Any], None],
    profile: Mapping[str, Any],
    output: Output,
    watch: Watch,
) -> list[str]:
    """Copy a small raster to another format; what of its layers and CRS is not kept, in words.

    Parameters
    ----------
    kind : Copied
    describe : callable
        Says of an open dataset, and of its file, what is to be said of the layers.
    profile : mapping
        Of the raster that is meant.
    output : Output
        Where that will be put.
    watch : Watch

    Raises
    ------
    WriteError
        Where the format cannot hold such a raster.
    OutputExistsError
        Where files that belong to others would be replaced.
    """
    import rasterio

    folder = output.folder()
    small, result = folder / "small.tif", folder / output.path.name
    window, values = _few_values(profile)
    kept = {key: value for key, value in profile.items() if key in OF_THE_RASTER}
    with watch.gdal(str(kind.record)):
        with rasterio.open(small, "w", **{**kept, "height": window.nrow, "width": window.ncol}) as dataset:
            describe(small, dataset)
            dataset.write(values)
        kind.make(small, result)
    lost = compared(kind, small, result, [window], watch)
    with output.completing():
        made = {path.name for path in folder.iterdir()}
        shutil.rmtree(folder)
    output.check_beside(name for name in made if not name.startswith(("small.", output.path.name)))
    return lost


def compared(kind: Copied, source: Path, result: Path, places: Sequence[Window], watch: Watch) -> list[str]:
    """What a copy does not keep, in words; `WriteError` where its values are others at some places."""
    try:
        with environment():
            return kind.compared(source, result, places)
    except (SinkError, OSError) as error:
        text = str(error).replace(str(result), "the file").replace(str(source), "the file")
        raise WriteError(f"write: {watch.path}, {kind.record}: {text.removeprefix('rast: ')}") from error


def _few_values(profile: Mapping[str, Any]) -> tuple[Window, NDArray[Any]]:
    """A corner of the raster, and numbers for it: fractions where there are any, and missing cells."""
    rows, cols = (min(int(profile[side]), 16) for side in ("height", "width"))
    dtype = np.dtype(profile["dtype"])
    values = np.arange(rows * cols).reshape(1, rows, cols) % 100
    scaled = values / 3 if dtype.kind == "f" else values
    numbers = np.repeat(scaled.astype(dtype), int(profile["count"]), axis=0)
    if profile.get("nodata") is not None:
        numbers[:, -1, -1] = profile["nodata"]
    return Window(0, 0, rows, cols), numbers
