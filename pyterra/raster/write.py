"""Rasters to files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Layer, Node, Read
from pyterra.expr.layers import EXACT_IN_FLOAT32
from pyterra.io.array import ArraySource
from pyterra.io.raster.creation import creation_options
from pyterra.io.raster.describe import tags_of
from pyterra.io.raster.encoding import Encoding, RangeMode, check_nodata, default_nodata
from pyterra.io.raster.raster_file import FileSource
from pyterra.io.raster.row_file import remove
from pyterra.io.raster.sink import RasterSink, overview_resampling
from pyterra.io.raster.wide_integers import Bits, is_wide
from pyterra.io.safe.places import check_no_nul
from pyterra.io.safe.temporary import when_gone
from pyterra.options import current
from pyterra.raster._build import node_of, raster
from pyterra.raster.files import open_node
from pyterra.run import store

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster

TERRA_TYPES = {
    "INT1U": "uint8",
    "INT1S": "int8",
    "INT2U": "uint16",
    "INT2S": "int16",
    "INT4U": "uint32",
    "INT4S": "int32",
    "INT8U": "uint64",
    "INT8S": "int64",
    "FLT4S": "float32",
    "FLT8S": "float64",
}
"""Methods that put cells elsewhere and change no value."""

_TYPES = frozenset(TERRA_TYPES.values())
MOST_TAGGED = 100
"""Files whose tags are looked at again; each costs a millisecond."""
_DEFAULT: Any = object()


def write_raster(
    x: SpatRaster,
    path: str | os.PathLike[str],
    overwrite: bool = False,
    *,
    datatype: str | None = None,
    nodata: float | int | None = _DEFAULT,
    format: Literal["GTiff", "COG"] | None = None,
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
        A ``.tif`` or ``.tiff`` file in an existing folder.
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
    format : {"GTiff", "COG"}, optional
        Tiled GeoTIFF (512 x 512, ZSTD level 1 with predictor) by default; COG is compressed with DEFLATE, which every
        reader has.
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
        Where a value does not fit the datatype or equals the code for missing; says layer and window.
    WriteError
        Where the disk lost something, for example because it is full.
    MemoryBudgetError
        Where not even a small block fits the memory budget.

    Notes
    -----
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
    node = node_of(x, "write_raster")
    if out_of_range not in ("error", "clip", "na"):
        raise ArgumentError(
            f"write_raster: out_of_range must be 'error', 'clip' or 'na', got {out_of_range!r}"
        )
    if scale == 0 or not np.isfinite(scale) or not np.isfinite(offset):
        raise ArgumentError(
            f"write_raster: scale must be a number other than 0, got {scale} (offset {offset})"
        )
    check_no_nul("write_raster: tags", chain.from_iterable((tags or {}).items()))
    kind = _format(path, format)
    dtype = default_datatype(node) if datatype is None else parse_datatype(datatype)
    plain = scale == 1 and offset == 0
    code = _default_nodata(node.layers, dtype) if nodata is _DEFAULT else check_nodata(nodata, dtype)
    if not plain and nodata is _DEFAULT:
        code = default_nodata(dtype)
    names = tuple(layer.name for layer in node.layers)
    moved = as_bits(node, np.dtype(dtype)) if plain else None
    spare = default_nodata(dtype) if code is None and nodata is _DEFAULT else None
    encoding = Encoding(dtype, code, scale, offset, out_of_range, str(path), names, moved is not None, spare)
    kinds = [layer.kind for layer in node.layers]
    with RasterSink(
        path,
        node,
        encoding,
        cog=kind == "COG",
        overwrite=overwrite,
        options=creation_options(options, "write_raster"),
        overviews=overviews or overview_resampling(kinds),
        tags=tags or {},
        inherited=_inherited(node),
    ) as sink:
        store(node if moved is None else moved, sink, label=f"write {Path(path).name}")
        sink.finish()
    return raster(open_node(os.fspath(path), mask=False))


def as_bits(node: Node, dtype: np.dtype[Any]) -> Node | None:
    """The cells of 64-bit integers as bits, where an expression does no more than move them; None for others."""
    if not is_wide(dtype) or any(layer.storage != dtype.name for layer in node.layers):
        return None
    if isinstance(node, Read) and isinstance(node.source, FileSource | ArraySource):
        codes = {layer.nodata for layer in node.layers}
        masked = isinstance(node.source, FileSource) and node.source.masked
        if len(codes) > 1 or masked or any(node.source.stored_dtype(b) != dtype for b in node.bands):
            return None
        code = codes.pop()
        return replace(node, source=Bits(node.source, None if code is None else int(code)))
    if not node.moves:
        return None
    parts = [as_bits(part, dtype) for part in node.inputs]
    known = tuple(part for part in parts if part is not None)
    return node.with_inputs(known) if len(known) == len(parts) else None


def _inherited(node: Node) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Tags of the file, or those on which several agree, and of the bands, where the values are those of files."""
    picks = node.parts
    bands: dict[FileSource, list[tuple[int, int]]] = {}
    for place, (part, layer) in enumerate(picks):
        if not isinstance(part, Read) or not isinstance(part.source, FileSource):
            return {}, []
        bands.setdefault(part.source, []).append((place, part.bands[layer]))
    if len(bands) > MOST_TAGGED:
        return {}, []
    own: list[dict[str, str]] = [{} for _ in picks]
    found = []
    for source, places in bands.items():
        tags, of_bands = tags_of(source, [band for _, band in places])
        found.append(tags)
        for (place, _), band_tags in zip(places, of_bands, strict=True):
            own[place] = band_tags
    shared = {k: v for k, v in found[0].items() if all(tags.get(k) == v for tags in found)}
    return shared, own


def _format(path: str | os.PathLike[str], format: str | None) -> str:
    suffix = Path(path).suffix.lower()
    if suffix not in (".tif", ".tiff"):
        raise ArgumentError(f"write_raster: the file must end in .tif or .tiff, got {os.fspath(path)!r}")
    if format not in (None, "GTiff", "COG"):
        raise ArgumentError(f"write_raster: format must be 'GTiff' or 'COG', got {format!r}")
    return format or "GTiff"


def parse_datatype(name: Any) -> str:
    """numpy dtype name of a datatype by numpy's or terra's name.

    Raises
    ------
    ArgumentError
        For a type that files cannot hold.
    """
    text = TERRA_TYPES.get(str(name).upper())
    if text is None:
        try:
            text = np.dtype(name).name
        except TypeError:
            text = str(name)
    if text == "bool":
        text = "uint8"
    if text not in _TYPES:
        known = ", ".join(f"{n} ({t})" for t, n in TERRA_TYPES.items())
        raise ArgumentError(f"datatype: must be one of {known}; got {name!r}")
    return text


def default_datatype(node: Node) -> str:
    """The type of the values that were kept, uint8 for bool, int32 for whole numbers, float32 for computed reals."""
    layers = node.layers
    kept = {layer.storage for layer in layers}
    if len(kept) == 1 and is_wide(np.dtype(next(iter(kept)) or "float32")):
        return str(kept.pop())  # also where terra drops the flag of whole numbers: float64 cannot hold them
    if any(layer.kind == "num" for layer in layers):
        exact = all(la.storage in EXACT_IN_FLOAT32 for la in layers if la.storage is not None)
        return "float32" if exact else "float64"
    if all(layer.kind == "bool" for layer in layers):
        return "uint8"
    storages = [layer.storage for layer in layers]
    if all(s is not None and np.dtype(s).kind in "iu" for s in storages):
        joint = np.result_type(*(np.dtype(s) for s in storages if s is not None))
        if joint.kind in "iu":
            return joint.name
    return "int32"


def _default_nodata(layers: tuple[Layer, ...], dtype: str) -> float | int | None:
    """The source's code where the file keeps the source's type; none where the source has none (all codes are values)."""
    codes = {layer.nodata for layer in layers}
    if all(layer.storage == dtype for layer in layers) and np.dtype(dtype).kind in "iu" and len(codes) == 1:
        return check_nodata(codes.pop(), dtype)
    return default_nodata(dtype)


def spill(node: Node) -> Read:
    """A node over a temporary file with the values of another; the file goes away with the node. Exact, uncompressed."""
    folder = current().temporary_folder
    handle, name = tempfile.mkstemp(prefix=f"pyterra-{os.getpid()}-", suffix=".tif", dir=folder)
    os.close(handle)
    plain = replace(node, layers=tuple(Layer(layer.name) for layer in node.layers))
    with RasterSink(
        name,
        plain,
        Encoding(node.dtype.name, float("nan"), target=name),
        cog=False,
        overwrite=True,
        options={"COMPRESS": "NONE", "SPARSE_OK": True},
        overviews="nearest",
        tags={},
        verify="off",
    ) as sink:
        store(plain, sink, label="compute")
        sink.finish()
    found = open_node(name)
    assert isinstance(found, Read)
    result = replace(found, grid=node.grid, layers=node.layers)
    when_gone(result.source, remove, name)
    return result
