"""Functions of the package about reference systems, files and what pyterra stands on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal, overload

from pyterra.errors import ArgumentError, said_by
from pyterra.generics import CLASSES
from pyterra.grid import crs as _crs
from pyterra.io.raster.gdal import absolute
from pyterra.io.raster.report import report
from pyterra.io.store.netcdf import is_netcdf
from pyterra.io.vector.read import layers_of
from pyterra.packages import pandas
from pyterra.printed import printable
from pyterra.raster.build import is_raster
from pyterra.redact import redact
from pyterra.several import data_sets

if TYPE_CHECKING:
    import pandas as pd

    from pyterra.handles.spatraster import SpatRaster


def same_crs(x: Any, y: Any) -> bool:
    """Whether two coordinate reference systems are the same, in whatever words.

    Parameters
    ----------
    x, y : str, int, CRS, SpatRaster or SpatVector
        Systems, or objects that have them.

    Returns
    -------
    bool
        None at all is the same as none.

    Raises
    ------
    ArgumentError
        Where one is not known.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.same_crs("EPSG:4326", "+proj=longlat +datum=WGS84"), pt.same_crs("EPSG:4326", "EPSG:32633")
    (True, False)
    """
    one, other = (_crs.parse_crs(_system(v)) for v in (x, y))
    return _crs.same_crs(one, other)


def _system(value: Any) -> Any:
    return getattr(value, "crs", None) if isinstance(value, CLASSES) else value


@overload
def describe(x: str | os.PathLike[str] | SpatRaster) -> list[str]: ...
@overload
def describe(x: str | os.PathLike[str] | SpatRaster, *, sds: bool) -> list[str] | pd.DataFrame: ...
def describe(x: str | os.PathLike[str] | SpatRaster, *, sds: bool = False) -> list[str] | pd.DataFrame:
    """Lines that tell what a file of rasters holds, as GDAL sees it; or a table of the data sets in it.

    Parameters
    ----------
    x : path or SpatRaster
        A file, or a raster that reads one.
    sds : bool
        Ask for the data sets in a file, such as the variables of NetCDF.

    Returns
    -------
    list of str or DataFrame
        Lines in the order of ``gdalinfo``: format, files, size, CRS, origin and size of the cells, tags, corners, and for
        each band its type, blocks, description, code for missing, unit, scale, overviews and tags. Of data sets:
        `name`, which `rast` opens, `var`, `desc`, and the numbers of rows, columns and layers. No cell is read.

    Raises
    ------
    SourceError
        Where it cannot be opened.
    ArgumentError
        Where a raster reads no file, or several.

    See Also
    --------
    sds : Opens the data sets in a file.
    vector_layers : The layers of a file of vectors.

    Notes
    -----
    NetCDF is read without GDAL: the lines of such a file are those of its data sets.

    References
    ----------
    ``terra::describe``, which can return metadata alone; here they are lines among the others.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "plain.tif"
    >>> r = pt.rast([[1, 2, 3], [4, 5, 6]]).write_raster(file, datatype="INT1U")
    >>> [line for line in pt.describe(file) if line.startswith(("Driver", "Size", "Band"))]
    ['Driver: GTiff/GeoTIFF', 'Size is 3, 2', 'Band 1 Block=16x16 Type=Byte, ColorInterp=Gray']
    >>> pt.describe(file, sds=True)[["var", "nrow", "ncol", "nlyr"]].values.tolist()
    [['plain', 2, 3, 1]]
    """
    path = _file_of(x)
    with said_by("describe"):
        if sds:
            return _data_sets(path)
        return _of_data_sets(path) if is_netcdf(path) else report(path)


def _file_of(x: Any) -> str:
    if not is_raster(x):
        return absolute(x, "describe")
    found = {source for source in x.sources() if source}
    if len(found) != 1:
        raise ArgumentError(f"describe: a raster must read one file, got {len(found)}; give a path")
    return str(found.pop())


def _data_sets(path: str) -> pd.DataFrame:
    rows = [
        (one.path, one.name, one.raster.long_names[0] or one.name, *one.raster.shape[1:], one.raster.nlyr)
        for one in data_sets(path)
    ]
    return pandas.DataFrame(rows, columns=["name", "var", "desc", "nrow", "ncol", "nlyr"])


def _of_data_sets(path: str) -> list[str]:
    lines = ["Driver: netCDF/Network Common Data Format", f"Files: {redact(path)}", "Subdatasets:"]
    for i, row in enumerate(_data_sets(path).itertuples(), 1):
        lines.append(f"  SUBDATASET_{i}_NAME={redact(str(row.name))}")
        lines.append(f"  SUBDATASET_{i}_DESC=[{row.nlyr}x{row.nrow}x{row.ncol}] {row.desc}")
    return [printable(line) for line in lines]


def vector_layers(path: str | os.PathLike[str]) -> list[str]:
    """Names of the layers of a file of vectors.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    list of str

    Raises
    ------
    SourceError
        Where it cannot be opened.

    See Also
    --------
    vect : Reads one of them.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import pyterra as pt
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "places.gpkg"
    >>> v = pt.vect("POINT (1 2)").write_vector(file, layer="sites")
    >>> pt.vector_layers(file)
    ['sites']
    """
    with said_by("vector_layers"):
        return layers_of(absolute(path, "vect"))


def lib_version(lib: Literal["all", "gdal", "proj", "geos"] = "all") -> dict[str, str]:
    """Versions of the libraries that pyterra stands on.

    Parameters
    ----------
    lib : {"all", "gdal", "proj", "geos"}
        One of them alone.

    Returns
    -------
    dict of str
        ``gdal`` is that of rasters, ``proj`` that of coordinates.

    Examples
    --------
    >>> import pyterra as pt
    >>> sorted(pt.lib_version())
    ['gdal', 'geos', 'proj']
    """
    import pyproj
    import rasterio
    import shapely

    found = {
        "gdal": str(rasterio.__gdal_version__),
        "proj": str(pyproj.proj_version_str),
        "geos": str(shapely.geos_version_string),
    }
    if lib == "all":
        return found
    if lib not in found:
        raise ArgumentError(f"lib_version: lib must be one of all, {', '.join(found)}, got {lib!r}")
    return {lib: found[lib]}
