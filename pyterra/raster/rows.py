"""Rasters block by block: rows are read, worked upon by hand, and written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, SinkError, warn
from pyterra.io.formats.opening import open_node
from pyterra.io.raster.encoding import RangeMode
from pyterra.io.safe.places import path_text
from pyterra.raster.blockwise import BlockReader, BlockWriter, RowBlock, row_blocks
from pyterra.raster.build import geometry_of, node_of
from pyterra.raster.stored import UNSET, Asked, encoding_for
from pyterra.raster.table import layer_column, table
from pyterra.raster.write import TemporaryFile, asked_for, file_sink
from pyterra.run import to_array

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


def blocks(x: SpatRaster, n: int = 4) -> list[RowBlock]:
    """The blocks of whole rows in which a raster is best read and written.

    Parameters
    ----------
    x : SpatRaster
    n : int
        How many copies of a block must fit the memory at once.

    Returns
    -------
    list of (int, int)
        First row, from 0, and number of rows of each block.

    See Also
    --------
    read_start : Gives the values block by block.
    write_start : Writes values block by block.

    Examples
    --------
    >>> import pyterra as pt
    >>> [tuple(block) for block in pt.rast(nrows=5, ncols=2).blocks()]
    [(0, 5)]
    """
    return row_blocks(geometry_of(x, "blocks"), n)


def read_start(x: SpatRaster, n: int = 4) -> BlockReader:
    """Begin to read a raster block by block.

    Parameters
    ----------
    x : SpatRaster
    n : int
        How many copies of a block must fit the memory at once.

    Returns
    -------
    BlockReader
        Iterating gives pairs of a block, which is its first row and number of rows, and its values: float64 of shape
        (layer, row, col), missing is NaN. Blocks are computed ahead by all workers. It may be used in a ``with``
        statement.

    See Also
    --------
    read_values : Gives the values of any rows.
    app : Computes block by block without further ado.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]])
    >>> with r.read_start() as source:
    ...     [(tuple(block), values.sum().item()) for block, values in source]
    [((0, 2), 10.0)]
    """
    return BlockReader(node_of(x, "read_start"), n)


def read_values(
    x: SpatRaster,
    row: int = 0,
    nrows: int | None = None,
    col: int = 0,
    ncols: int | None = None,
    mat: bool = False,
    dataframe: bool = False,
) -> NDArray[np.float64] | pd.DataFrame:
    """Values of some rows and columns.

    Parameters
    ----------
    x : SpatRaster
    row, col : int
        The first row and column, from 0.
    nrows, ncols : int, optional
        How many; by default all that follow.
    mat : bool
        Give a matrix, else a row of numbers, layer by layer.
    dataframe : bool
        Give a table, with the labels of factors.

    Returns
    -------
    ndarray of float64 of shape (nlyr * ncell,), or (ncell, nlyr), or DataFrame
        Missing is NaN.

    See Also
    --------
    to_numpy : Gives an array of shape (layer, row, col).

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    >>> r.read_values(1, 1).tolist()
    [3.0, 4.0, 7.0, 8.0]
    >>> r.read_values(1, 1, mat=True).tolist()
    [[3.0, 7.0], [4.0, 8.0]]
    """
    node = node_of(x, "read_values")
    window = node.grid.rows_and_columns(row, nrows, col, ncols, "read_values")
    values = to_array(node, window).reshape(len(node.layers), -1).astype(np.float64, copy=False)
    if dataframe:
        columns = zip(node.layers, values, strict=True)
        found: pd.DataFrame = table([(layer.name, layer_column(layer, column)) for layer, column in columns])
        return found
    return np.ascontiguousarray(values.T) if mat else values.ravel()


def write_start(
    x: SpatRaster,
    path: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    *,
    n: int = 4,
    datatype: str | None = None,
    nodata: float | int | None = UNSET,
    format: str | None = None,
    options: Mapping[str, Any] | Sequence[str] | None = None,
    out_of_range: RangeMode = "error",
    scale: float = 1.0,
    offset: float = 0.0,
    overviews: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> BlockWriter:
    """Begin to write a raster block by block.

    The file appears under its name when all rows were written and read back; until then, and after any failure, the
    path holds what it held before.

    Parameters
    ----------
    x : SpatRaster
        Gives grid, names and times; its values, if it has any, do not matter.
    path : path-like, optional
        The file, as of `write_raster`; by default a temporary one that goes away with the result.
    overwrite : bool
        Replace an existing file.
    n : int
        How many copies of a block must fit the memory at once.
    datatype, nodata, format, options, out_of_range, scale, offset, overviews, tags
        As of `write_raster`; by default float32, and float64 in a temporary file.

    Returns
    -------
    BlockWriter
        Iterating gives the blocks: first row and number of rows. It has `write_values` and `write_stop`, as the raster
        itself has, and ends with `write_stop` where a ``with`` statement is left; its ``raster`` is the result then. Left
        by an error, nothing is written.

    See Also
    --------
    write_raster : Writes a raster that is computed by verbs; it knows all formats.

    Notes
    -----
    Rows may come in any order, and in any number at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> r = pt.rast([[1, 2], [3, 4]])
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "twice.tif"
    >>> with r.write_start(file) as target:
    ...     for row, nrows in target:
    ...         target.write_values(r.read_values(row, nrows) * 2, row, nrows)
    >>> target.raster.values(drop=True).tolist()
    [2.0, 4.0, 6.0, 8.0]
    """
    node = geometry_of(x, "write_start")
    layers = tuple(replace(layer.number(), unit=layer.unit) for layer in node.layers)
    node = replace(node, layers=layers)
    if path is None:
        file = TemporaryFile(node, np.dtype(np.float64))
        writer = BlockWriter(node, file.sink, n, file.node)
    else:
        target = path_text(path, "write_start", SinkError)
        asked = Asked(datatype, nodata, out_of_range, scale, offset)
        how = asked_for(target, "write_start", asked, overwrite, format, options, overviews, tags)
        if how.record.made in ("netcdf", "virtual"):
            raise ArgumentError(
                f"write_start: {target}: {how.record} is not written block by block; write .tif, then write_raster() "
                "of it"
            )
        sink = file_sink(node, target, how, encoding_for(how.record, node, how.asked, target))
        writer = BlockWriter(node, sink, n, partial(open_node, target, mask=False))
    before: BlockWriter | None = getattr(x, "_writer", None)
    if before is not None and before.is_open:
        warn("write_start: the raster was open for writing already; what was written is dropped")
        before.abort()
    x._writer = writer
    return writer


def write_values(x: SpatRaster, v: Any, start: int, nrows: int) -> None:
    """Write rows of a raster that `write_start` opened.

    Parameters
    ----------
    x : SpatRaster
    v : array-like
        Values of shape (layer, row, col) or (cell, layer); or a row of numbers, layer by layer.
    start : int
        First row, from 0.
    nrows : int
        Number of rows.

    Raises
    ------
    ArgumentError
        Where there are not as many values as cells, or rows that were written before.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2)
    >>> blocks = r.write_start()
    >>> r.write_values([1, 2, 3, 4], 0, 2)
    >>> r.write_stop().values(drop=True).tolist()
    [1.0, 2.0, 3.0, 4.0]
    """
    _writer(x, "write_values").write_values(v, start, nrows)


def write_stop(x: SpatRaster) -> SpatRaster:
    """Put the file that `write_start` opened in place.

    Parameters
    ----------
    x : SpatRaster

    Returns
    -------
    SpatRaster
        The raster over the new file.

    Raises
    ------
    ArgumentError
        Where rows are missing; what was written is discarded then.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=1, ncols=2)
    >>> with r.write_start():
    ...     r.write_values([1, 2], 0, 1)
    ...     r.write_stop().values(drop=True).tolist()
    [1.0, 2.0]
    """
    found = _writer(x, "write_stop").write_stop()
    x._writer = None
    return found


def _writer(x: SpatRaster, verb: str) -> BlockWriter:
    found: BlockWriter | None = getattr(x, "_writer", None)
    if found is None:
        raise ArgumentError(
            f"{verb}: the raster must be open for writing, got one that is not; use write_start()"
        )
    return found
