"""What GDAL knows of a file, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyterra.errors import ArgumentError
from pyterra.grid.crs import parse_crs, to_pyproj
from pyterra.io.raster import virtual
from pyterra.io.raster.gdal import absolute, environment, failures, open_dataset
from pyterra.printed import printable
from pyterra.redact import redact

_TYPES = {"uint8": "Byte", "complex64": "CFloat32", "complex128": "CFloat64", "complex_int16": "CInt16"}
"""Types that GDAL does not call as numpy does, with another case."""


def report(path: str) -> list[str]:
    """Lines that tell the format, the grid, the tags and the bands of a file, in the order of ``gdalinfo``.

    Raises
    ------
    SourceError
        Where GDAL cannot open it, or where it would lead to files that do not belong to it.
    """
    name = absolute(path)
    virtual.check(name)
    with environment(), open_dataset(name, checked=True) as dataset:
        return [printable(line) for line in _lines(dataset)]


def _lines(dataset: Any) -> Iterator[str]:
    import rasterio

    with rasterio.Env() as known:
        yield f"Driver: {dataset.driver}/{known.drivers().get(dataset.driver, dataset.driver)}"
    files = [redact(file) for file in dataset.files] or ["none associated"]
    yield f"Files: {files[0]}"
    yield from (f"       {file}" for file in files[1:])
    yield f"Size is {dataset.width}, {dataset.height}"
    yield from _crs(dataset)
    yield from _place(dataset)
    yield from _tags("Metadata", dataset.tags(), "")
    yield from _tags("Image Structure Metadata", dataset.tags(ns="IMAGE_STRUCTURE"), "")
    yield from _tags("Subdatasets", dataset.tags(ns="SUBDATASETS"), "")
    yield from _corners(dataset)
    for number in range(1, dataset.count + 1):
        yield from _band(dataset, number)


def _crs(dataset: Any) -> Iterator[str]:
    if not dataset.crs:
        return
    yield "Coordinate System is:"
    try:
        yield from to_pyproj(parse_crs(dataset.crs.to_wkt())).to_wkt(pretty=True).splitlines()
    except failures(ArgumentError):
        yield str(dataset.crs.to_wkt())


def _place(dataset: Any) -> Iterator[str]:
    at, points = dataset.transform, dataset.gcps[0]
    if points:
        yield f"Ground control points: {len(points)}"
    if at.is_identity:
        return
    if at.b == 0 and at.d == 0:
        yield f"Origin = ({at.c:.15f},{at.f:.15f})"
        yield f"Pixel Size = ({at.a:.15f},{at.e:.15f})"
        return
    yield "GeoTransform ="
    yield f"  {at.c:.16g}, {at.a:.16g}, {at.b:.16g}"
    yield f"  {at.f:.16g}, {at.d:.16g}, {at.e:.16g}"


def _corners(dataset: Any) -> Iterator[str]:
    width, height = dataset.width, dataset.height
    corners = {
        "Upper Left": (0, 0),
        "Lower Left": (0, height),
        "Upper Right": (width, 0),
        "Lower Right": (width, height),
        "Center": (width / 2, height / 2),
    }
    digits = 7 if dataset.crs and dataset.crs.is_geographic else 3
    yield "Corner Coordinates:"
    at = dataset.transform
    for name, (col, row) in corners.items():
        x, y = at.c + at.a * col + at.b * row, at.f + at.d * col + at.e * row
        yield f"{name:<12}({x:12.{digits}f},{y:12.{digits}f})"


def _band(dataset: Any, number: int) -> Iterator[str]:
    i = number - 1
    rows, cols = dataset.block_shapes[i]
    kind = dataset.dtypes[i]
    named = _TYPES.get(kind, kind.capitalize().replace("Uint", "UInt"))
    yield f"Band {number} Block={cols}x{rows} Type={named}, ColorInterp={dataset.colorinterp[i].name.capitalize()}"
    if dataset.descriptions[i]:
        yield f"  Description = {dataset.descriptions[i]}"
    if dataset.nodatavals[i] is not None:
        yield f"  NoData Value={dataset.nodatavals[i]:.15g}"
    coarser = [f"{-(-dataset.width // k)}x{-(-dataset.height // k)}" for k in dataset.overviews(number)]
    if coarser:
        yield f"  Overviews: {', '.join(coarser)}"
    if dataset.units[i]:
        yield f"  Unit Type: {dataset.units[i]}"
    scale, offset = dataset.scales[i], dataset.offsets[i]
    if (scale, offset) != (1.0, 0.0):
        yield f"  Offset: {offset:.15g},   Scale:{scale:.15g}"
    yield from _tags("Metadata", dataset.tags(number), "  ")


def _tags(title: str, tags: Mapping[str, str], indent: str) -> Iterator[str]:
    if tags:
        yield f"{indent}{title}:"
        yield from (f"{indent}  {name}={redact(text)}" for name, text in tags.items())
