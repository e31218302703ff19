"""Virtual rasters: a small XML file that GDAL reads as one raster over many files."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

from pyterra.errors import ArgumentError, CRSMismatchError, GridMismatchError, SinkError, SourceError
from pyterra.expr import FileBand, Node
from pyterra.expr.times import alike
from pyterra.frozen import dataclass
from pyterra.grid import Grid
from pyterra.grid.crs import describe_crs, same_crs
from pyterra.grid.extent import Extent
from pyterra.io.raster.aux_xml import categories_element, xml_text
from pyterra.io.raster.describe import describe_grid, describe_layers
from pyterra.io.raster.gdal import absolute, is_plain_file
from pyterra.io.raster.raster_file import FileSource, open_source
from pyterra.io.raster.sink import band_tags
from pyterra.io.raster.virtual import trust
from pyterra.io.safe.parts import atomic_path
from pyterra.io.safe.places import path_text
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.packages import ElementTree
from pyterra.redact import redact

Paths = Sequence[str | os.PathLike[str]] | str

MOST_CROSSINGS = 2**24
"""Of the edges of files, which are looked at for whether files overlap; beyond it they are taken to."""

LEAST_TILE = 128
"""Rows and columns of a tile, as GDAL makes them where it is not told."""

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
        Replace an existing file. One that would not change stays as it is: others may be reading it.
    """
    place = Path(os.path.realpath(path_text(path, "vrt", SinkError)))
    if overwrite and place.is_file():
        with suppress(OSError, UnicodeDecodeError):
            if place.read_text(encoding="utf-8") == _document(_expand(files), extent, place.parent):
                trust(str(place))
                return
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
    if isinstance(files, str):
        paths = sorted(glob.glob(files, recursive=True))
    elif isinstance(files, Iterable) and not isinstance(files, bytes | Mapping):
        paths = [path_text(file, "vrt") for file in files]
    else:
        raise ArgumentError(f"vrt: files must be paths, or a pattern of them, got {type(files).__name__}")
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
    root = _root(target)
    places = [grid.offset_in(target) for _, grid, _ in described]
    apart = _lie_apart(
        [(*place, grid.nrow, grid.ncol) for place, (_, grid, _) in zip(places, described, strict=True)]
    )
    for number in range(len(first_source.bands)):
        element = _band(root, number, first_source.file_band(number))
        ElementTree.SubElement(element, "Description").text = described[0][2][number]
        for (source, _, _), place, path in zip(described, places, paths, strict=True):
            _add_source(element, source.file_band(number), place, _reference(path, folder), apart)
    return xml_text(root, "vrt: names of bands")


def _lie_apart(places: Sequence[tuple[int, int, int, int]]) -> bool:
    """Whether no two of some places (row, column, rows, columns) share a cell; also False where it takes long to tell."""
    row, col, nrow, ncol = np.array(places, np.int64).T
    rows, cols = np.unique([row, row + nrow]), np.unique([col, col + ncol])
    if rows.size * cols.size > MOST_CROSSINGS:
        return False
    top, bottom = np.searchsorted(rows, row), np.searchsorted(rows, row + nrow)
    left, right = np.searchsorted(cols, col), np.searchsorted(cols, col + ncol)
    begins = np.zeros((rows.size, cols.size), np.int32)
    for i, j, change in ((top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)):
        np.add.at(begins, (i, j), change)
    return int(begins.cumsum(axis=0).cumsum(axis=1).max()) <= 1


def write_shown(
    node: Node, shown: Sequence[FileBand], path: str | os.PathLike[str], *, overwrite: bool
) -> None:
    """Write a virtual raster of whole bands of files, with the names, times, classes and place of a node.

    Parameters
    ----------
    node : Node
    shown : sequence of FileBand
        The band of each layer.
    path : path
        The ``.vrt`` file.
    overwrite : bool
        Replace an existing file.
    """
    root = _root(node.grid)
    with atomic_path(path, overwrite=overwrite) as part:
        for number, (layer, band) in enumerate(zip(alike(node.layers), shown, strict=True)):
            if os.path.realpath(band.path) == os.path.realpath(path):
                raise SourceError(f"write_raster: {path} is a source of the raster; give another name")
            element = _band(root, number, band)
            ElementTree.SubElement(element, "Description").text = layer.name
            tags = band_tags(layer)
            told = ElementTree.SubElement(element, "Metadata") if tags else None
            for key, value in tags.items():
                assert told is not None
                ElementTree.SubElement(told, "MDI", key=key).text = value
            if layer.unit:
                ElementTree.SubElement(element, "UnitType").text = layer.unit
            if layer.categories is not None:
                element.append(categories_element(layer.categories))
            _add_source(element, band, (0, 0), _reference(band.path, part.parent), True)
        part.write_text(xml_text(root, "write_raster: names of layers"), encoding="utf-8")
    trust(os.path.realpath(path))


@dataclass(frozen=True)
class PlainNumbers:
    """How numbers lie in a file that says nothing of itself."""

    grid: Grid
    names: tuple[str, ...]
    """One per layer."""
    dtype: str
    """numpy dtype name."""
    nodata: float | int | None
    order: Literal["BIL", "BIP", "BSQ"]
    """What comes after a number: the next cell, of the layer or of all, or the next layer."""
    little: bool
    """Whether the least significant byte comes first."""
    downward: bool
    """Whether the first row is the northernmost."""
    scale: float
    """value = stored * scale + offset."""
    offset: float
    """value = stored * scale + offset."""

    def bytes(self) -> int:
        """Of all numbers."""
        return self.grid.cells * len(self.names) * np.dtype(self.dtype).itemsize

    def steps(self) -> tuple[int, int, int]:
        """Bytes from a layer, a cell and a row to the next one."""
        size, count, ncol = np.dtype(self.dtype).itemsize, len(self.names), self.grid.ncol
        row = ncol * size
        return {
            "BIL": (row, size, row * count),
            "BIP": (size, size * count, row * count),
            "BSQ": (row * self.grid.nrow, size, row),
        }[self.order]


def write_header(file: str, how: PlainNumbers, *, overwrite: bool) -> str:
    """Write the header of a file of plain numbers, a virtual raster beside it; its path."""
    grid = how.grid
    root = _root(grid, downward=how.downward)
    layer, cell, row = how.steps()
    for number, name in enumerate(how.names):
        numbers = FileBand(
            file, number, how.dtype, how.nodata, how.scale, how.offset, (grid.nrow, grid.ncol), None
        )
        band = _band(root, number, numbers)
        band.set("subClass", "VRTRawRasterBand")
        if name:
            ElementTree.SubElement(band, "Description").text = name
        source = ElementTree.SubElement(band, "SourceFilename", relativeToVRT="1")
        source.text = os.path.basename(file)
        steps = (("ImageOffset", number * layer), ("PixelOffset", cell), ("LineOffset", row))
        for tag, value in (*steps, ("ByteOrder", "LSB" if how.little else "MSB")):
            ElementTree.SubElement(band, tag).text = str(value)
    path = f"{file}.vrt"
    with atomic_path(path, overwrite=overwrite) as part:
        part.write_text(xml_text(root, "make_vrt: names of layers"), encoding="utf-8")
    return path


def _root(grid: Grid, *, downward: bool = True) -> ElementTree.Element:
    root = ElementTree.Element("VRTDataset", rasterXSize=str(grid.ncol), rasterYSize=str(grid.nrow))
    if grid.crs:
        ElementTree.SubElement(root, "SRS").text = grid.crs
    a, b, c, d, e, f = grid.transform
    if not downward:
        e, f = -e, grid.extent.ymin
    ElementTree.SubElement(root, "GeoTransform").text = ", ".join(f"{v:.17g}" for v in (c, a, b, f, d, e))
    return root


def _band(root: ElementTree.Element, number: int, band: FileBand) -> ElementTree.Element:
    """A band that shows numbers as they are stored, in tiles that hold whole ones of the file."""
    kind, shape = {"dataType": _GDAL_TYPES[band.dtype], "band": str(number + 1)}, {}
    if band.tile is not None and band.tile[1] < band.shape[1]:
        rows, cols = (size * -(-LEAST_TILE // size) for size in band.tile)
        shape = {"blockXSize": str(cols), "blockYSize": str(rows)}
    element = ElementTree.SubElement(root, "VRTRasterBand", kind | shape)
    if band.nodata is not None:
        ElementTree.SubElement(element, "NoDataValue").text = repr(band.nodata)
    if (band.scale, band.offset) != (1, 0):
        ElementTree.SubElement(element, "Offset").text = repr(band.offset)
        ElementTree.SubElement(element, "Scale").text = repr(band.scale)
    return element


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
    shown: FileBand,
    offset: tuple[int, int],
    reference: tuple[str, bool],
    alone: bool,
) -> None:
    """Let a band show one of a file; through its missing cells those below, unless it is `alone` in its place.

    GDAL copies what is alone as it is, and looks at each cell of others: two files of 600 x 600 cells took twice as long.
    """
    nodata = None if alone else shown.nodata
    kind = "SimpleSource" if nodata is None else "ComplexSource"
    element = ElementTree.SubElement(band, kind)
    file = ElementTree.SubElement(element, "SourceFilename", relativeToVRT=str(int(reference[1])))
    file.text = reference[0]
    ElementTree.SubElement(element, "SourceBand").text = str(shown.band + 1)
    nrow, ncol = shown.shape
    rows, cols = shown.tile or shown.shape
    ElementTree.SubElement(
        element,
        "SourceProperties",
        RasterXSize=str(ncol),
        RasterYSize=str(nrow),
        DataType=_GDAL_TYPES[shown.dtype],
        BlockXSize=str(cols),
        BlockYSize=str(rows),
    )
    for tag, (row, col) in (("SrcRect", (0, 0)), ("DstRect", offset)):
        place = {"xOff": str(col), "yOff": str(row), "xSize": str(ncol), "ySize": str(nrow)}
        ElementTree.SubElement(element, tag, place)
    if nodata is not None:
        ElementTree.SubElement(element, "NODATA").text = repr(nodata)
