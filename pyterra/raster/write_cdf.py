"""Rasters to NetCDF."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, SinkError
from pyterra.expr import Node
from pyterra.io.formats import raster_format
from pyterra.io.raster.encoding import Encoding, RangeMode, check_nodata, default_nodata
from pyterra.io.safe.places import path_text
from pyterra.raster.build import is_raster, node_of, on_grid, raster, same_grid
from pyterra.raster.stored import UNSET, default_datatype, parse_datatype
from pyterra.run import store

if TYPE_CHECKING:
    from pyterra.handles.datasets import SpatRasterDataset
    from pyterra.handles.spatraster import SpatRaster


def write_cdf(
    x: SpatRaster | SpatRasterDataset | Sequence[SpatRaster] | Mapping[str, SpatRaster],
    path: str | os.PathLike[str],
    varname: str | Sequence[str] | None = None,
    *,
    longname: str | Sequence[str] = "",
    unit: str | Sequence[str] = "",
    zname: str = "time",
    datatype: str | None = None,
    missval: float | int | None = UNSET,
    scale: float = 1.0,
    offset: float = 0.0,
    out_of_range: RangeMode = "error",
    compression: int = 1,
    attributes: Mapping[str, str] | None = None,
    overwrite: bool = False,
) -> SpatRaster:
    """Compute rasters into the variables of a NetCDF-4 file.

    Parameters
    ----------
    x : SpatRaster, SpatRasterDataset, sequence of rasters, or mapping
        One variable for each raster; a mapping or the names of data sets name them.
    path : path-like
        A file that ends in ``.nc``, in an existing folder.
    varname, longname, unit : str or sequence of str
        Name, long name and unit of each variable. By default the name that the layers share, their long name and unit.
    zname : str
        Name of the dimension of time.
    datatype : str, optional
        numpy's or terra's name of a type; by default as for `write_raster`.
    missval : number or None, optional
        Code for missing; None for none. By default NaN for floats, the lowest value of a signed and the highest of an
        unsigned type.
    scale, offset : float
        The file stores ``(value - offset) / scale`` and says so.
    out_of_range : {"error", "clip", "na"}
        What becomes of values that the datatype cannot hold.
    compression : int
        From 0 (none) to 9.
    attributes : mapping, optional
        Further attributes of the file.
    overwrite : bool
        Replace an existing file.

    Returns
    -------
    SpatRaster
        The layers of the new file.

    Raises
    ------
    OutputExistsError
        Where the file exists and `overwrite` is False.
    ValueRangeError
        Where a value does not fit the datatype.
    WriteError
        Where the disk lost something.

    See Also
    --------
    write_raster : Writes other formats.

    Notes
    -----
    The file follows the CF conventions: coordinates of the centres of cells, a grid mapping with the CRS as WKT, time
    as days or seconds since 1970, depth. It appears under its name when it is complete.

    Examples
    --------
    >>> import pyterra as pt, tempfile, pathlib
    >>> r = pt.rast(nrows=1, ncols=2, nlyrs=2, vals=[1, 2, 3, 4], time=["2020-01-01", "2020-02-01"])
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "r.nc"
    >>> r.write_cdf(file, "height", unit="m").names
    ['lyr.1', 'lyr.2']
    """
    from pyterra.io.store.netcdf_read import netcdf_node
    from pyterra.io.store.netcdf_write import CdfFile

    path = path_text(path, "write_cdf", SinkError)
    raster_format(path, "netCDF", "write_cdf")
    if not 0 <= compression <= 9:
        raise ArgumentError(f"write_cdf: compression must be from 0 to 9, got {compression}")
    if scale == 0 or not np.isfinite([scale, offset]).all():
        raise ArgumentError(f"write_cdf: scale must be a number other than 0, got {scale} (offset {offset})")
    rasters, given = _rasters(x, varname)
    nodes = [node_of(r, "write_cdf") for r in rasters]
    grid = same_grid(nodes, "write_cdf")
    nodes = [on_grid(node, grid) for node in nodes]
    names = _names(nodes, given)
    settings = (datatype, missval, scale, offset, out_of_range)
    variables = [
        _written(node, name, long, own, settings, path)
        for node, name, long, own in zip(
            nodes,
            names,
            _each(longname, len(nodes), "longname"),
            _each(unit, len(nodes), "unit"),
            strict=True,
        )
    ]
    with CdfFile(
        path,
        variables,
        overwrite=overwrite,
        compression=compression,
        zname=zname,
        attributes=attributes or {},
    ) as file:
        for variable in variables:
            store(variable.node, file.sink(variable), label=f"write {variable.name}")
        file.finish()
    return raster(netcdf_node(path, names))


def _rasters(x: Any, varname: Any) -> tuple[list[Any], list[str] | None]:
    names = None if varname is None else [varname] if isinstance(varname, str) else list(varname)
    if is_raster(x):
        return [x], names
    if isinstance(x, Mapping):
        return list(x.values()), names or [str(key) for key in x]
    own = getattr(x, "names", None)
    if isinstance(own, list) and own:  # data sets
        return list(x), names or (own if all(own) else None)
    if isinstance(x, Sequence) and x:
        return list(x), names
    raise ArgumentError(f"write_cdf: x must be a SpatRaster, or several, got {type(x).__name__}")


def _names(nodes: Sequence[Node], given: list[str] | None) -> list[str]:
    from pyterra.io.store.netcdf_write import check_name

    names = [_shared_name(node) for node in nodes] if given is None else [str(name) for name in given]
    if len(names) != len(nodes):
        raise ArgumentError(f"write_cdf: varname must be one per raster ({len(nodes)}), got {len(names)}")
    if given is None and len(set(names)) < len(names):
        names = [f"{name}_{i + 1}" for i, name in enumerate(names)]
    if len(set(names)) < len(names):
        raise ArgumentError(f"write_cdf: names of variables must differ, got {', '.join(names)}")
    return [check_name(name) for name in names]


def _shared_name(node: Node) -> str:
    """What the names of the layers begin with, without a number at the end."""
    names = [layer.name for layer in node.layers]
    shared = _prefix(names) if len(names) > 1 else names[0]
    text = re.sub(r"[^\w]+", "_", re.sub(r"[._\-=]*\d*$", "", shared) if len(names) > 1 else shared).strip(
        "_"
    )
    return text if text[:1].isalpha() else "values"


def _prefix(names: Sequence[str]) -> str:
    first, last = min(names), max(names)
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[:same]


def _each(value: str | Sequence[str], count: int, what: str) -> list[str]:
    texts = [value] * count if isinstance(value, str) else [str(v) for v in value]
    if len(texts) != count:
        raise ArgumentError(
            f"write_cdf: {what} must be one text or one per raster ({count}), got {len(texts)}"
        )
    return texts


def _written(node: Node, name: str, longname: str, unit: str, settings: Any, path: Any) -> Any:
    from pyterra.io.store.netcdf_write import Written

    datatype, missval, scale, offset, mode = settings
    dtype = default_datatype(node) if datatype is None else parse_datatype(datatype)
    code = default_nodata(dtype) if missval is UNSET else check_nodata(missval, dtype, "write_cdf: missval")
    labels = tuple(layer.name for layer in node.layers)
    encoding = Encoding(dtype, code, scale, offset, mode, str(path), labels)
    first = node.layers[0]
    return Written(name, node, encoding, longname or first.long_name, unit or first.unit)
