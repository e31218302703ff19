"""Virtual mosaics: a small XML file that GDAL reads as one raster over many."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pyterra.errors import CRSMismatchError, GridMismatchError, SourceError
from pyterra.grid import Grid
from pyterra.grid.crs import describe_crs, same_crs
from pyterra.grid.extent import Extent
from pyterra.io.raster.aux_xml import xml_text
from pyterra.io.raster.describe import describe_grid, describe_layers
from pyterra.io.raster.gdal import absolute, is_plain_file
from pyterra.io.raster.raster_file import FileSource, open_source
from pyterra.io.raster.virtual import trust
from pyterra.io.safe.parts import atomic_path
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.redact import redact

Paths = Sequence[str | os.PathLike[str]] | str

_GDAL_TYPES = {
    "uint8": "Byte",
    "int8": "Int8",
    "uint16": "UInt16",
    "int16": "Int16",
    "uint32": "UInt32",
    "int32": "Int32",
    "uint64": "UInt64",
    "int64": "Int64",
    "float32": "Float32",
    "float64": "Float64",
}


def write_vrt(files: Paths, path: str | os.PathLike[str], extent: Extent | None, *, overwrite: bool) -> None:
    """Write a virtual mosaic of files; a later file lies on top.

    Parameters
    ----------
    files : sequence of path, or glob pattern
    path : path
        The ``.vrt`` file.
    extent : SpatExtent, optional
        What to cover, moved to cell edges; by default all files.
    overwrite : bool
        Replace an existing file.
    """
    with atomic_path(path, overwrite=overwrite) as part:
        part.write_text(_document(_expand(files), extent, part.parent), encoding="utf-8")
    trust(os.path.realpath(path))


def temporary_vrt(files: Paths, extent: Extent | None) -> tuple[str, Callable[[Any], None]]:
    """A virtual mosaic in the temporary folder, and a function that ties its life to a node's source."""
    text = _document(_expand(files), extent, None)
    handle, path = tempfile.mkstemp(
        prefix=f"pyterra-{os.getpid()}-", suffix=".vrt", dir=current().temporary_folder
    )
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    trust(path)

    def keep(node: Any) -> None:
        when_gone(node.source, Path(path).unlink, True)

    return path, keep


def _expand(files: Paths) -> list[str]:
    paths = (
        sorted(glob.glob(files, recursive=True)) if isinstance(files, str) else [os.fspath(f) for f in files]
    )
    if not paths:
        raise SourceError(f"vrt: at least one file is needed, got none for {files!r}")
    return paths


def _document(paths: list[str], extent: Extent | None, folder: Path | None) -> str:
    described = [_describe(path) for path in paths]
    first_source, first = described[0][0], described[0][1]
    whole = first.extent
    for (source, grid, _), path in zip(described, paths, strict=True):
        _check_alike(source, grid, first_source, first, path)
        whole = whole.union(grid.extent)
    target = first.subgrid(first.window_of(whole if extent is None else extent))
    root = ElementTree.Element("VRTDataset", rasterXSize=str(target.ncol), rasterYSize=str(target.nrow))
    if target.crs:
        ElementTree.SubElement(root, "SRS").text = target.crs
    a, b, c, d, e, f = target.transform
    ElementTree.SubElement(root, "GeoTransform").text = ", ".join(f"{v:.17g}" for v in (c, a, b, f, d, e))
    for number, band in enumerate(first_source.bands):
        element = ElementTree.SubElement(
            root, "VRTRasterBand", dataType=_GDAL_TYPES[band.dtype], band=str(number + 1)
        )
        ElementTree.SubElement(element, "Description").text = described[0][2][number]
        if band.nodata is not None:
            ElementTree.SubElement(element, "NoDataValue").text = repr(band.nodata)
        if not band.plain:
            ElementTree.SubElement(element, "Offset").text = repr(band.offset)
            ElementTree.SubElement(element, "Scale").text = repr(band.scale)
        for (source, grid, _), path in zip(described, paths, strict=True):
            row, col = grid.offset_in(target)
            _add_source(element, source, grid, (row, col), number, _reference(path, folder))
    return xml_text(root, "vrt: names of bands")


def _describe(path: str) -> tuple[FileSource, Grid, list[str]]:
    source, dataset = open_source(path)
    with dataset:
        if source.south_up:
            raise SourceError(
                f"vrt: {source.name} has its first row in the south; write it again with write_raster()"
            )
        return source, describe_grid(dataset, source), [la.name for la in describe_layers(dataset, source)]


def _check_alike(source: FileSource, grid: Grid, first_source: FileSource, first: Grid, path: str) -> None:
    if not grid.is_aligned(first):
        raise GridMismatchError(
            f"vrt: cells must have one size and coincide, got {path} with {grid} against {first_source.name} with {first}"
        )
    if not same_crs(grid.crs, first.crs):
        raise CRSMismatchError(
            f"vrt: all files must have one CRS, got {path} with {describe_crs(grid.crs) or 'none'} against "
            f"{describe_crs(first.crs) or 'none'}"
        )
    if source.bands != first_source.bands:
        raise SourceError(
            f"vrt: all files must have the same bands (number, type, nodata, scale), got {path} with {source.bands} "
            f"against {first_source.bands}"
        )


def _reference(path: str, folder: Path | None) -> tuple[str, bool]:
    """The path as the file names it, and whether it is relative to the file."""
    full = absolute(path)
    if folder is not None and redact(full) != full:
        raise SourceError(
            f"vrt: the address {redact(full)} holds what may be a secret, which would be written into the file; give it "
            "by GDAL's options or the environment (AWS_..., AZURE_..., GDAL_HTTP_HEADERS), or leave out filename"
        )
    if folder is None or not is_plain_file(full):
        return full, False
    relative = os.path.relpath(full, folder)
    return (full, False) if relative.startswith("..") else (relative, True)


def _add_source(
    band: ElementTree.Element,
    source: FileSource,
    grid: Grid,
    offset: tuple[int, int],
    number: int,
    reference: tuple[str, bool],
) -> None:
    nodata = source.bands[number].nodata
    kind = "SimpleSource" if nodata is None else "ComplexSource"
    element = ElementTree.SubElement(band, kind)
    file = ElementTree.SubElement(element, "SourceFilename", relativeToVRT=str(int(reference[1])))
    file.text = reference[0]
    ElementTree.SubElement(element, "SourceBand").text = str(number + 1)
    rows, cols = source.tile or (grid.nrow, grid.ncol)
    ElementTree.SubElement(
        element,
        "SourceProperties",
        RasterXSize=str(grid.ncol),
        RasterYSize=str(grid.nrow),
        DataType=_GDAL_TYPES[source.bands[number].dtype],
        BlockXSize=str(cols),
        BlockYSize=str(rows),
    )
    for tag, (row, col) in (("SrcRect", (0, 0)), ("DstRect", offset)):
        place = {"xOff": str(col), "yOff": str(row), "xSize": str(grid.ncol), "ySize": str(grid.nrow)}
        ElementTree.SubElement(element, tag, place)
    if nodata is not None:
        ElementTree.SubElement(element, "NODATA").text = repr(nodata)
