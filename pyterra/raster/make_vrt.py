"""make_vrt: a header for a file of plain numbers."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pyterra.arguments import choice
from pyterra.errors import ArgumentError, SourceError, said_by
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs
from pyterra.grid.extent import Extent
from pyterra.io.raster.encoding import check_nodata
from pyterra.io.safe.places import check_plain, path_text
from pyterra.raster.build import cell_size, extent_of, number
from pyterra.raster.stored import parse_datatype

if TYPE_CHECKING:
    from pyterra.types import ExtentLike

_GUESSED = {1: "uint8", 2: "int16", 4: "float32", 8: "float64"}
"""Type by the bytes of a number."""


def make_vrt(
    filename: str | os.PathLike[str],
    nrow: int,
    ncol: int,
    nlyr: int = 1,
    extent: ExtentLike | None = None,
    *,
    xmin: float | None = None,
    ymin: float | None = None,
    xres: float | None = None,
    yres: float | None = None,
    xycenter: bool = True,
    crs: Any = "OGC:CRS84",
    lyrnms: str | Sequence[str] = "",
    datatype: str | None = None,
    na_flag: float | int | None = None,
    bandorder: Literal["BIL", "BIP", "BSQ"] = "BIL",
    byteorder: Literal["LSB", "MSB"] = "LSB",
    toptobottom: bool = True,
    offset: float = 0,
    scale: float = 1,
    overwrite: bool = False,
) -> str:
    """Write a header beside a file of plain numbers, so that it can be opened.

    Parameters
    ----------
    filename : path-like
        The file of numbers.
    nrow, ncol, nlyr : int
        Rows, columns and layers.
    extent : SpatExtent, optional
        What the cells cover; or else `xmin`, `ymin`, `xres` and `yres` say it.
    xmin, ymin : float, optional
        Coordinates of the lower left cell, of its centre or of its corner.
    xres, yres : float, optional
        Width and height of a cell; `yres` is `xres` by default.
    xycenter : bool
        Whether `xmin` and `ymin` are those of the centre.
    crs : optional
        CRS in any form; by default longitude and latitude, "" for none.
    lyrnms : str or sequence of str
        Names of the layers; repeated where they are fewer.
    datatype : str, optional
        Type of the numbers, by numpy's or terra's name. By default it is guessed from the size of the file: "uint8",
        "int16", "float32" or "float64".
    na_flag : number, optional
        Code for missing.
    bandorder : {"BIL", "BIP", "BSQ"}
        How numbers follow each other: row by row of all layers, cell by cell of all layers, or layer by layer.
    byteorder : {"LSB", "MSB"}
        Which byte of a number comes first: the least or the most significant.
    toptobottom : bool
        Whether the first row is the northernmost.
    offset, scale : float
        A value is the stored number times `scale`, plus `offset`.
    overwrite : bool
        Replace an existing header.

    Returns
    -------
    str
        The path of the header: that of the file with ``.vrt`` after it.

    Raises
    ------
    ArgumentError
        Where the numbers do not fill the file, or what is said is not enough.
    SourceError
        Where there is no such file.
    OutputExistsError
        Where the header exists and `overwrite` is False.

    See Also
    --------
    vrt : Shows many files as one.

    Notes
    -----
    Of virtual rasters over plain numbers only such headers are opened without further permission: each of a file in the
    same folder, whose name it has with ``.vrt`` after it.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import numpy as np
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "heights.bin"
    >>> _ = file.write_bytes(np.array([[1, 2, 3], [4, 5, 6]], ">i2").tobytes())
    >>> header = pt.make_vrt(file, 2, 3, extent=(0, 3, 0, 2), byteorder="MSB")
    >>> pt.rast(header).values(drop=True).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    """
    from pyterra.io.raster.vrt import PlainNumbers, write_header

    file = _file(filename)
    sizes = [_count(value, what) for value, what in ((nrow, "nrow"), (ncol, "ncol"), (nlyr, "nlyr"))]
    cover = _extent(extent, xmin, ymin, xres, yres, xycenter, sizes[0], sizes[1])
    dtype = _datatype(datatype, os.path.getsize(file), sizes)
    how = PlainNumbers(
        Grid(cover, sizes[0], sizes[1], parse_crs(crs)),
        _names(lyrnms, sizes[2]),
        dtype,
        _code(na_flag, dtype),
        choice(bandorder, ("BIL", "BIP", "BSQ"), "make_vrt: bandorder"),
        choice(byteorder, ("LSB", "MSB"), "make_vrt: byteorder") == "LSB",
        bool(toptobottom),
        _finite(scale, "make_vrt: scale", zero=False),
        _finite(offset, "make_vrt: offset"),
    )
    if how.bytes() > os.path.getsize(file):
        raise ArgumentError(
            f"make_vrt: {file} must hold {how.bytes()} bytes, for {sizes[2]} layers of {sizes[0]} x {sizes[1]} {dtype}, "
            f"got {os.path.getsize(file)}"
        )
    with said_by("make_vrt"):
        return write_header(file, how, overwrite=overwrite)


def _file(filename: str | os.PathLike[str]) -> str:
    path = os.path.abspath(os.path.expanduser(path_text(filename, "make_vrt")))
    if not os.path.isfile(path):
        raise SourceError(f"make_vrt: {path} does not exist, or is no file")
    if Path(path).suffix.lower() == ".vrt":
        raise ArgumentError(f"make_vrt: the file must hold plain numbers, got the virtual raster {path}")
    return path


def _count(value: int, what: str) -> int:
    if not number(value, f"make_vrt: {what}").is_integer() or value < 1:
        raise ArgumentError(f"make_vrt: {what} must be a whole number above 0, got {value!r}")
    return int(value)


def _code(na_flag: Any, dtype: str) -> float | int | None:
    """The number that stands for missing values."""
    what = "make_vrt: na_flag"
    return None if na_flag is None else check_nodata(number(na_flag, what), dtype, what)


def _finite(value: float, what: str, *, zero: bool = True) -> float:
    found = number(value, what)
    if not math.isfinite(found) or not (found or zero):
        raise ArgumentError(f"{what} must be a finite number{'' if zero else ' other than 0'}, got {value!r}")
    return found


def _extent(
    extent: ExtentLike | None,
    xmin: float | None,
    ymin: float | None,
    xres: float | None,
    yres: float | None,
    center: bool,
    nrow: int,
    ncol: int,
) -> Extent:
    if extent is not None:
        found = extent_of(extent)
        return Extent(found.xmin, found.xmax, found.ymin, found.ymax)
    if xmin is None or ymin is None or xres is None:
        raise ArgumentError("make_vrt: give extent=, or xmin=, ymin= and xres= (and yres=)")
    width, height = cell_size([xres, xres if yres is None else yres], "make_vrt: xres and yres")
    left = number(xmin, "make_vrt: xmin") - (width / 2 if center else 0)
    low = number(ymin, "make_vrt: ymin") - (height / 2 if center else 0)
    return Extent(left, left + ncol * width, low, low + nrow * height)


def _datatype(datatype: str | None, size: int, sizes: list[int]) -> str:
    """The type that is asked for, or the one whose numbers fill the file."""
    if datatype is not None:
        return parse_datatype(datatype)
    count = math.prod(sizes)
    found = _GUESSED.get(size // count) if size % count == 0 else None
    if found is None:
        raise ArgumentError(
            f"make_vrt: the numbers must fill the file, or datatype= must be given: got {size} bytes for {sizes[2]} "
            f"layers of {sizes[0]} x {sizes[1]} cells"
        )
    return found


def _names(names: str | Sequence[str], count: int) -> tuple[str, ...]:
    if not isinstance(names, Iterable):
        raise ArgumentError(f"make_vrt: lyrnms must be a text or several, got {names!r}")
    given = [names] if isinstance(names, str) else [str(name) for name in names] or [""]
    check_plain("make_vrt: lyrnms", given)
    return tuple(given[i % len(given)] for i in range(count))
