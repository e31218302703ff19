"""Functions of the package about reference systems, files and what pyterra stands on."""

from __future__ import annotations

import os
from typing import Any, Literal

from pyterra.errors import ArgumentError, said_by
from pyterra.generics import CLASSES
from pyterra.grid import crs as _crs
from pyterra.io.raster.gdal import absolute
from pyterra.io.vector.read import layers_of


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
