"""Rasters to files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, SinkError, said_by, warn
from pyterra.expr import FileBand, Layer, Node, Read
from pyterra.frozen import dataclass
from pyterra.io.formats import raster_format
from pyterra.io.formats.opening import open_node
from pyterra.io.formats.record import RasterFormat
from pyterra.io.raster.creation import creation_options
from pyterra.io.raster.encoding import Encoding, RangeMode
from pyterra.io.raster.row_file import remove
from pyterra.io.raster.sink import RasterSink, has_colors, overview_resampling
from pyterra.io.safe.places import check_plain, path_text
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.raster.build import node_of, raster
from pyterra.raster.stored import UNSET, Asked, as_bits, encoding_for
from pyterra.run import store

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster


def write_raster(
    x: SpatRaster,
    path: str | os.PathLike[str],
    overwrite: bool = False,
    *,
    datatype: str | None = None,
    nodata: float | int | None = UNSET,
    format: str | None = None,
    options: Mapping[str, Any] | Sequence[str] | None = None,
    out_of_range: RangeMode = "error",
    scale: float = 1.0,
    offset: float = 0.0,
    overviews: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> SpatRaster:
    """Compute a raster into a file.

    The file appears under its name when it is complete and was read back; until then, and after any failure, the
    path holds what it held before. The path may be one of the raster's own sources.

    Parameters
    ----------
    x : SpatRaster
    path : path-like
        A file in an existing folder. Its ending tells the format: ``.tif .nc .img .asc .grd .png .jpg .jp2 .bil .vrt``
        and others.
    overwrite : bool
        Replace an existing file.
    datatype : str, optional
        numpy's or terra's name (``"uint8"``, ``"INT1U"``). By default the type of the source while all values fit it,
        uint8 for bool, int32 for other whole numbers, float64 where values of a float64 source or large codes were
        kept, and float32 for what was computed.
    nodata : number or None, optional
        Code for missing; None for none. By default the code of the source, else the lowest value of a signed and
        the highest of an unsigned type, NaN for floats; what comes of a file without a code gets one only when
        cells are missing.
    format : str, optional
        GDAL's name of the format, in any case; by default that of the ending. A GeoTIFF is tiled (512 x 512, ZSTD level 1
        with predictor); "COG" is compressed with DEFLATE, which every reader has.
    options : mapping or sequence of str, optional
        Creation options of GDAL, such as ``{"COMPRESS": "LZW"}`` or ``["COMPRESS=LZW"]``.
    out_of_range : {"error", "clip", "na"}
        What becomes of values that the datatype cannot hold.
    scale, offset : float
        The file stores ``(value - offset) / scale`` and says so.
    overviews : str, optional
        Resampling of the overviews of a COG; by default average for measured values, mode for factors, nearest for bool.
    tags : mapping, optional
        Further tags of the file.

    Returns
    -------
    SpatRaster
        The raster over the new file.

    Raises
    ------
    OutputExistsError
        Where the file exists and `overwrite` is False.
    OutputLockedError
        Where another writer is at work on the same path.
    ValueRangeError
        Where a value does not fit the datatype or equals the code for missing. The message says layer and window.
    WriteError
        Where the disk lost something, for example because it is full.
    MemoryBudgetError
        Where not even a small block fits the memory budget.

    See Also
    --------
    write_cdf : Writes the variables of a NetCDF file. compute : Computes the values and holds them.

    Notes
    -----
    There is an error where a format cannot hold the raster (types, layers, missing cells), and a warning where it
    loses names, units, times, classes or the CRS. Both come before anything is computed. GeoTIFF holds everything.
    Without `datatype` a format that lacks the usual type gets the narrowest that keeps all values. A ``.vrt`` shows
    whole layers of files as they are; ``.nc`` is written as by `write_cdf`. ``docs/trust.md`` has the table of
    formats.

    To integer types values are rounded half away from zero; terra cuts them toward zero, so its files differ by up
    to 1. Blocks are written in order: the bytes of the file do not depend on the number of workers.

    Examples
    --------
    >>> import pyterra as pt
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> r = pt.rast(nrows=2, ncols=2, vals=[1, 2.5, float("nan"), 4])
    >>> r.write_raster(folder / "r.tif", datatype="uint8").values(drop=True)
    array([ 1.,  3., nan,  4.])
    """
    node, target = node_of(x, "write_raster"), path_text(path, "write_raster", SinkError)
    how = asked_for(
        target,
        "write_raster",
        Asked(datatype, nodata, out_of_range, scale, offset),
        overwrite,
        format,
        options,
        overviews,
        tags,
    )
    {"netcdf": _to_netcdf, "virtual": _to_virtual}.get(how.record.made, _to_file)(node, target, how)
    return raster(open_node(target, mask=False))


@dataclass(frozen=True)
class How:
    """How a file is written."""

    record: RasterFormat
    asked: Asked
    overwrite: bool
    options: Mapping[str, str]
    overviews: str | None
    tags: Mapping[str, str]


def asked_for(
    target: str,
    verb: str,
    asked: Asked,
    overwrite: bool,
    format: str | None,
    options: Mapping[str, Any] | Sequence[str] | None,
    overviews: str | None,
    tags: Mapping[str, str] | None,
) -> How:
    """How a file is written, from what a verb was told."""
    record = raster_format(target, format, verb)
    check_plain(f"{verb}: tags", chain.from_iterable((tags or {}).items()))
    return How(record, asked, overwrite, creation_options(options, verb), overviews, tags or {})


def _to_file(node: Node, target: str, how: How) -> None:
    """Compute a raster into a GeoTIFF, or what is copied from one."""
    encoding = encoding_for(how.record, node, how.asked, target)
    colored = [layer.name for layer in node.layers if layer.colors]
    if colored and not has_colors(len(node.layers), encoding.dtype):
        warn(
            f"write_raster: {target}: colours are kept of one layer of uint8 or uint16, got {len(node.layers)} of "
            f"{encoding.dtype}; those of {', '.join(colored[:3])} are lost"
        )
    moved = as_bits(node, np.dtype(encoding.dtype)) if how.asked.plain else None
    if moved is not None:
        encoding = replace(encoding, bits=True)
    with file_sink(node, target, how, encoding) as sink:
        store(node if moved is None else moved, sink, label=f"write {Path(target).name}")
        sink.finish()


def file_sink(node: Node, target: str, how: How, encoding: Encoding) -> RasterSink:
    """The file of a raster, under way."""
    return RasterSink(
        target,
        node,
        encoding,
        format=how.record,
        overwrite=how.overwrite,
        options=how.options,
        overviews=how.overviews or overview_resampling([layer.kind for layer in node.layers]),
        tags=how.tags,
    )


def _to_netcdf(node: Node, target: str, how: How) -> None:
    """Compute a raster into a variable of NetCDF."""
    from pyterra.raster.write_cdf import write_cdf

    if how.options or how.overviews:
        raise ArgumentError("write_raster: NetCDF has no options or overviews here; use write_cdf")
    asked = how.asked
    with said_by("write_raster"):
        write_cdf(
            raster(node),
            target,
            datatype=asked.datatype,
            missval=asked.nodata,
            scale=asked.scale,
            offset=asked.offset,
            out_of_range=asked.out_of_range,
            attributes=how.tags,
            overwrite=how.overwrite,
        )


def _to_virtual(node: Node, target: str, how: How) -> None:
    """Write a virtual raster that shows the files of which a raster is made, with its names, times and place."""
    from pyterra.io.raster.vrt import write_shown

    given = how.asked != Asked(None, UNSET, "error", 1.0, 0.0) or how.options or how.overviews or how.tags
    if given:
        raise ArgumentError(
            "write_raster: a virtual raster shows files as they are: it takes no type, nodata, scale, options or tags; "
            "write .tif"
        )
    bands = _shown(node)
    if not bands:
        raise ArgumentError(
            f"write_raster: {target}: a virtual raster can show whole layers of files as they are, and this raster is "
            "computed or lies in memory; write .tif, or use vrt() for mosaics and windows of files"
        )
    write_shown(node, bands, target, overwrite=how.overwrite)


def _shown(node: Node) -> list[FileBand]:
    """Bands of files that are the layers, where nothing of them is changed; none otherwise."""
    shown = []
    for part, layer in node.parts:
        band = part.source.file_band(part.bands[layer]) if isinstance(part, Read) else None
        if band is None or not band.as_stored or band.shape != (node.grid.nrow, node.grid.ncol):
            return []
        shown.append(band)
    return shown


class TemporaryFile:
    """A temporary file for values of a raster, which are kept exactly and uncompressed."""

    def __init__(self, node: Node, dtype: np.dtype[Any]) -> None:
        handle, name = tempfile.mkstemp(
            prefix=f"pyterra-{os.getpid()}-", suffix=".tif", dir=current().temporary_folder
        )
        os.close(handle)
        self._node, self._name = node, name
        self._unfinished = when_gone(self, remove, name)
        self.plain = replace(node, layers=tuple(Layer(layer.name) for layer in node.layers))
        """The raster without what the file does not hold."""
        self.sink = RasterSink(
            name,
            self.plain,
            Encoding(dtype.name, float("nan"), target=name),
            format=raster_format(name, None, "compute"),
            overwrite=True,
            options={"COMPRESS": "NONE", "SPARSE_OK": True},
            overviews="nearest",
            tags={},
            verify="off",
        )
        """The file, under way."""

    def node(self) -> Read:
        """A node over the finished file, which goes away with it."""
        found = open_node(self._name)
        assert isinstance(found, Read)
        result = replace(found, grid=self._node.grid, layers=self._node.layers)
        self._unfinished.detach()
        when_gone(result.source, remove, self._name)
        return result


def spill(node: Node) -> Read:
    """A node over a temporary file with the values of another; the file goes away with the node. Exact, uncompressed."""
    file = TemporaryFile(node, node.dtype)
    with file.sink as sink:
        store(file.plain, sink, label="compute")
        sink.finish()
    return file.node()
