"""Datasets that rasterio has opened, as files: what was opened counts (an overview, a warped view), not a name.

A view is written down as a virtual raster, a file in memory as a temporary file; so they can be read by all workers,
also when the dataset is closed.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pyterra.errors import MemoryBudgetError, SourceError
from pyterra.expr import Array
from pyterra.io.raster import virtual
from pyterra.io.raster.gdal import absolute, environment, failures, open_dataset
from pyterra.io.raster.raster_file import FileSource, source_of
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.redact import redact

_IN_MEMORY = re.compile(r"/vsimem/[^<\"]+")


def is_dataset(x: Any) -> bool:
    """Whether it is a dataset of rasterio, or a file of it in memory."""
    return type(x).__module__.partition(".")[0] == "rasterio" and (hasattr(x, "block_shapes") or is_memory(x))


def is_memory(x: Any) -> bool:
    """Whether it is a file of rasterio's in memory."""
    return hasattr(x, "getbuffer") and str(getattr(x, "name", "")).startswith("/vsimem/")


def is_for_writing(dataset: Any) -> bool:
    """Whether a dataset may hold what is not in its file yet.

    Raises
    ------
    SourceError
        Where it is closed.
    """
    if is_memory(dataset):
        return False
    if dataset.closed:
        raise SourceError(f"rast: the dataset {dataset.name} is closed; open it again, or give its path")
    return str(getattr(dataset, "mode", "r")) != "r"


def path_of(dataset: Any) -> tuple[str, list[str]]:
    """A path that leads to what was opened, and the temporary files that were made for it."""
    if is_memory(dataset):
        copy = _copy(str(dataset.name))
        return copy, [copy]
    if type(dataset).__name__ == "WarpedVRT" or getattr(dataset, "options", None):
        return _view(dataset)
    if str(dataset.name).startswith("/vsimem/"):
        copy = _copy(str(dataset.name))
        return copy, [copy]
    return str(dataset.name), []


def rectified(path: str, resampling: str) -> tuple[str, list[str]]:
    """A virtual raster that shows a file north up, and the temporary files that were made for it.

    Cells outside the file are missing; where it has no code for that, or numbers are computed, they become floating.
    """
    from rasterio.enums import Resampling
    from rasterio.vrt import WarpedVRT

    name = absolute(path)
    virtual.check(name)
    with environment(), open_dataset(name, checked=True) as dataset:
        more: dict[str, Any] = {"UNIFIED_SRC_NODATA": "NO"}  # a cell may be missing in some layers only
        computed = resampling not in ("nearest", "mode", "min", "max")
        if computed or any(code is None for code in dataset.nodatavals):
            exact = all(np.can_cast(dtype, np.float32) for dtype in dataset.dtypes) and not computed
            more |= {"nodata": float("nan"), "dtype": "float32" if exact else "float64"}
        if all(code is None for code in dataset.nodatavals) and np.dtype(dataset.dtypes[0]).kind == "f":
            more["src_nodata"] = float("nan")  # else a missing cell spoils those beside it
        more |= _westward(dataset)
        if dataset.crs is None and dataset.rpcs is not None:
            more |= {"src_crs": "OGC:CRS84", "crs": "OGC:CRS84"}
        try:
            view = WarpedVRT(dataset, resampling=Resampling[resampling], **more)
        except failures() as error:
            raise SourceError(
                f"rectify: {redact(path)} cannot be placed: {redact(str(error))}; rast() opens what lies in rows and "
                "columns, and what arrays of coordinates place: project() takes that to a grid"
            ) from None
        with view:
            return _view(view)


def _westward(dataset: Any) -> dict[str, Any]:
    """The grid of a file whose columns run from east to west, as it is to be: GDAL would leave it as it is."""
    from rasterio import Affine

    at = dataset.transform
    if not (at.a < 0 and at.b == at.d == 0):
        return {}
    left, top = at.c + dataset.width * at.a, max(at.f, at.f + dataset.height * at.e)
    placed = Affine(-at.a, 0, left, 0, -abs(at.e), top)
    return {"transform": placed, "width": dataset.width, "height": dataset.height}


def keep(source: Any, files: Sequence[str]) -> None:
    """Tie the life of temporary files to a source."""
    for file in files:
        when_gone(source, _remove, file)


def values_now(dataset: Any, budget: int) -> tuple[FileSource, Array]:
    """What a dataset that is open for writing holds: description and stored numbers.

    Raises
    ------
    SourceError
        Where it can only be written.
    MemoryBudgetError
        Where it does not fit.
    """

    source = source_of(str(dataset.name), dataset, None)
    need = len(source.bands) * dataset.height * dataset.width * source.stored_bytes
    if need > budget:
        raise MemoryBudgetError(
            f"rast: {source.name} is open for writing and would be read at once, {need} bytes of {budget}; close it and "
            "give its path"
        )
    try:
        stored: Array = dataset.read()
    except failures(OSError) as error:
        raise SourceError(
            f"rast: {source.name} is open for writing and cannot be read ({error}); close it and give its path"
        ) from error
    return source, stored


def _view(dataset: Any) -> tuple[str, list[str]]:
    import rasterio.shutil

    path = _temporary(".vrt")
    with environment():
        rasterio.shutil.copy(dataset, path, driver="VRT")
    text = Path(path).read_text()
    made = [path]
    for name in sorted(set(_IN_MEMORY.findall(text))):
        made.append(_copy(name))
        text = text.replace(name, made[-1])
    Path(path).write_text(text)
    virtual.check_shown(path)
    return path, made


def _copy(name: str) -> str:
    import rasterio.shutil

    path = _temporary(Path(name).suffix)
    os.unlink(path)
    try:
        with environment():
            rasterio.shutil.copyfiles(name, path)
    except failures() as error:
        raise SourceError(
            f"rast: {name} cannot be read: {error}; keep it open until rast() returns"
        ) from error
    return path


def _temporary(suffix: str) -> str:
    handle, path = tempfile.mkstemp(
        prefix=f"pyterra-{os.getpid()}-", suffix=suffix, dir=current().temporary_folder
    )
    os.close(handle)
    return path


def _remove(path: str) -> None:
    for name in (path, f"{path}.aux.xml", f"{path}.ovr", f"{path}.msk"):
        Path(name).unlink(missing_ok=True)
