"""update: the file that a raster is made of, changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pyterra import kernels
from pyterra.errors import ArgumentError, ValueRangeError, said_by
from pyterra.expr import FileBand, Node, Read, select
from pyterra.io.formats.opening import open_node
from pyterra.io.raster.edit import CellChange, Edit, edit_file
from pyterra.io.raster.wide_integers import is_wide
from pyterra.raster.build import is_raster, layer_positions, node_of, numbers_of, raster
from pyterra.raster.sources import file_bands
from pyterra.redact import redact

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.kernels.convert import Encoded
    from pyterra.types import Layers


def update(
    x: SpatRaster,
    *,
    crs: bool = False,
    extent: bool = False,
    names: bool = False,
    cells: ArrayLike | None = None,
    values: ArrayLike | None = None,
    layer: Layers | None = None,
) -> SpatRaster:
    """Change the file of which a raster is made: what it says of the raster, or some of its cells.

    The other values are not computed, and not held in memory. A changed copy is read back and takes the place of the
    file; until then, and after any failure, the file is what it was.

    Parameters
    ----------
    x : SpatRaster
        Whole layers of one file, in any order, with the names, CRS and extent that the file is to have.
    crs, extent, names : bool
        Whether the file gets the CRS, the extent, the names of `x`. Bands that are no layer of `x` keep their names.
    cells : array-like of int of shape (n,), optional
        Cell numbers from 0. Of several values for one cell the last counts.
    values : number or array-like, optional
        New values: one for all cells, one for each cell, or one for each cell of each layer, of shape (layer, cell) or
        layer by layer. NaN is missing.
    layer : int, str or sequence of them, optional
        Layers whose cells get new values, by number (from 0) or name; by default all.

    Returns
    -------
    SpatRaster
        The layers of `x`, read from the changed file. `x` itself, and any other raster of the file, does not mix what it
        was with what it is: it raises `SourceChangedError` when it is read.

    Raises
    ------
    ArgumentError
        Where `x` is not made of whole layers of one file, or nothing is asked for.
    ValueRangeError
        Where a value does not fit the type of the file, equals its code for missing, or is missing and the file has no
        such code.
    SinkError
        Where the file is of no format that is changed, a COG, or may not be written in; and, for cells, where it is
        compressed with loss or has a mask.
    SourceChangedError
        Where the file is not the one that `x` was made of.

    See Also
    --------
    write_raster : Writes all values; the path may be a source of the raster.
    set_values : Gives a raster new values, and leaves its file alone.

    Notes
    -----
    Files of GeoTIFF, Erdas Imagine (``.img``), ENVI, ESRI (``.bil``), raster (``.grd``), SAGA (``.sdat``) and Idrisi
    (``.rst``) are changed, with those that belong to them.

    While the copy is there it takes as much of the disk as the file, unless the file system lets copies share what is in
    them. Tiles are compressed anew where their cells change. Overviews are made anew, as they were made, which reads
    the file once; statistics that the file tells of its values are taken out.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "height.tif"
    >>> r = pt.rast([[1, 2], [3, 4]]).write_raster(file)
    >>> r = r.update(cells=[0, 3], values=[10, 40])
    >>> r.values(drop=True).tolist()
    [10.0, 2.0, 3.0, 40.0]
    >>> r.names = "height"
    >>> r.update(names=True).names
    ['height']
    """
    node = node_of(x, "update")
    for what, asked in (("crs", crs), ("extent", extent), ("names", names)):
        if not isinstance(asked, bool | np.bool_):
            raise ArgumentError(
                f"update: {what} must be True or False, got {asked!r}; give the raster its {what} first"
            )
    if not (crs or extent or names or cells is not None or values is not None):
        raise ArgumentError(
            "update: say what is changed: crs=True, extent=True, names=True, or cells= and values="
        )
    shown = _bands(node)
    path, bands = shown[0].path, [band.band for band in shown]
    with said_by("update"):
        now = _bands(select(open_node(path, mask=False), bands))
        edit = Edit(
            {band: layer.name for band, layer in zip(bands, node.layers, strict=True)} if names else {},
            node.grid.crs if crs else None,
            _transform(node, shown[0]) if extent else None,
            None if cells is values is layer is None else _cells(node, now, cells, values, layer),
        )
        edit_file(path, edit, lambda: all(_is_unchanged(part) for part, _ in node.parts))
        return raster(select(open_node(path, mask=shown[0].masked), bands))


def _bands(node: Node) -> list[FileBand]:
    """The bands of one file that are the layers."""
    found = [band for band in file_bands(node) if band is not None]
    if len(found) < len(node.layers) or any(band.shape != (node.grid.nrow, node.grid.ncol) for band in found):
        raise ArgumentError(
            "update: the layers must be whole layers of a file, got some that are computed, cropped, in memory or of "
            "a format that is not changed; write the raster with write_raster()"
        )
    files = {band.path for band in found}
    if len(files) > 1:
        raise ArgumentError(
            f"update: the layers must be of one file, got {len(files)} files; update those of each by themselves"
        )
    if len({band.band for band in found}) < len(found):
        raise ArgumentError(
            "update: each layer must be there once, got one twice; choose layers, as with r[[0, 1]]"
        )
    if Path(found[0].path).name.startswith(f"pyterra-{os.getpid()}-"):
        raise ArgumentError(
            "update: the raster is in a temporary file of its own; write it with write_raster()"
        )
    return found


def _is_unchanged(part: Node) -> bool:
    return isinstance(part, Read) and part.source.is_unchanged()


def _transform(node: Node, shown: FileBand) -> tuple[float, ...]:
    """How rows and columns of the file become coordinates."""
    a, b, c, d, e, f = node.grid.transform
    return (a, b, c, d, -e, node.grid.extent.ymin) if shown.flipped else (a, b, c, d, e, f)


def _cells(node: Node, now: list[FileBand], cells: Any, values: Any, layer: Any) -> CellChange:
    """New numbers of cells, as they are stored."""
    if cells is None or values is None:
        raise ArgumentError("update: cells and values must be given both, got one of them, or a layer alone")
    chosen = list(range(len(node.layers))) if layer is None else layer_positions(node.layers, layer)
    if not chosen:
        raise ArgumentError("update: layer must name one layer at least, got none")
    rows, cols = _places(node, cells)
    if len(set(chosen)) < len(chosen):
        raise ArgumentError(f"update: layer must name each layer once, got {layer!r}")
    bands, names = [now[i] for i in chosen], [node.layers[i].name for i in chosen]
    given = _per_layer(values, len(chosen), len(rows))
    numbers = [_stored(*each) for each in zip(given, bands, names, strict=True)]
    if bands[0].flipped:
        rows = node.grid.nrow - 1 - rows
    return CellChange(rows, cols, tuple(band.band for band in bands), np.stack(numbers))


def _places(node: Node, cells: Any) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of cells."""
    if is_raster(cells):
        raise ArgumentError(
            "update: cells must be numbers of cells, got a raster; take np.flatnonzero(r.values())"
        )
    given = numbers_of(cells, "update: cells").ravel()
    if np.asarray(cells).dtype.kind == "b":
        raise ArgumentError(
            "update: cells must be numbers of cells, got booleans; take np.flatnonzero() of them"
        )
    outside = given[~((given >= 0) & (given < node.grid.cells) & (given == np.floor(given)))]
    if outside.size:
        raise ArgumentError(
            f"update: cells must be whole numbers from 0 to {node.grid.cells - 1}, got {outside[0]:g}"
        )
    return node.grid.row_col_from_cell(given.astype(np.int64))


def _per_layer(values: Any, count: int, cells: int) -> NDArray[Any]:
    """Values of shape (layer, cell)."""
    given: NDArray[Any] = numbers_of(values, "update: values")
    if np.asarray(values).dtype.kind in "iu" and not np.ma.isMaskedArray(values):
        given = np.asarray(values)
    if given.size in (1, cells):
        return np.broadcast_to(given.ravel(), (count, cells))
    if given.size != count * cells or (given.ndim > 1 and given.shape != (count, cells)):
        raise ArgumentError(
            f"update: values must be one, one per cell ({cells}), or ({count}, {cells}) for the layers, got shape "
            f"{given.shape}"
        )
    return given.reshape(count, cells)


def _stored(values: NDArray[Any], band: FileBand, name: str) -> NDArray[Any]:
    """The numbers that stand for values in a band."""
    found, place = _encoded(values, band), f"in layer {name!r} of {redact(band.path)}"
    if found.out_of_range:
        kind = np.dtype(band.dtype)
        limits = np.iinfo(kind) if kind.kind in "iu" else np.finfo(kind)
        raise ValueRangeError(
            f"update: values must fit {kind} ({limits.min} to {limits.max}), got {found.first_out_of_range:g} {place}; "
            "write the raster with write_raster(datatype=)"
        )
    if found.collisions or found.missing_lost:
        what = f"be other than {band.nodata}, which is the code for missing"
        missing = f"not be missing, as {band.dtype} has no code for missing"
        raise ValueRangeError(
            f"update: values must {what if found.collisions else missing} {place}; write the raster with "
            "write_raster(nodata=)"
        )
    return found.raw


def _encoded(values: NDArray[Any], band: FileBand) -> Encoded:
    """The same with counts of what does not fit; 64-bit integers to the last digit."""
    dtype, plain = np.dtype(band.dtype), (band.scale, band.offset) == (1, 0)
    if not (is_wide(dtype) and values.dtype.kind in "iu" and plain):
        given = values.astype(np.float64)
        return kernels.convert.encode(given, dtype, band.nodata, scale=band.scale, offset=band.offset)
    limits = np.iinfo(dtype)
    outside, same = (values < limits.min) | (values > limits.max), int((values == band.nodata).sum())
    first = float(values[outside][0]) if outside.any() else np.nan
    return kernels.convert.Encoded(values.astype(dtype), int(outside.sum()), first, 0, same, np.nan)
