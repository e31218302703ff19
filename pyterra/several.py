"""Rasters and vectors held together: `sds`, `sprc`, `svc`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pyterra.errors import ArgumentError, said_by, warn
from pyterra.handles.datasets import SpatRasterCollection, SpatRasterDataset
from pyterra.handles.members import Members, listed_text
from pyterra.handles.vectors import SpatVectorCollection
from pyterra.raster.build import is_raster, raster
from pyterra.raster.files import file_node, listed
from pyterra.raster.join import c
from pyterra.vector.build import is_vector
from pyterra.vector.make import vect

if TYPE_CHECKING:
    from pyterra.handles.spatraster import SpatRaster
    from pyterra.types import Rasters


def sds(*rasters: Rasters, **named: Any) -> SpatRasterDataset:
    """Hold rasters on one grid together: the variables of a place.

    Parameters
    ----------
    *rasters : SpatRaster, path, or one list or mapping of them
        A file with data sets inside, such as NetCDF or HDF, gives one sub-dataset for each of those that lie on the grid
        of the first. Several paths give one sub-dataset each.
    **named : SpatRaster or path
        Rasters or paths with names.

    Returns
    -------
    SpatRasterDataset

    Raises
    ------
    GridMismatchError
        Where rows, columns or extents differ; hold such rasters together with `sprc`.

    Warns
    -----
    PyterraWarning
        Where data sets of a file lie on another grid and are left out.

    See Also
    --------
    sprc : Holds rasters on any grids.
    c : Joins layers, or adds to a data set.

    Examples
    --------
    >>> import pyterra as pt
    >>> r = pt.rast(nrows=2, ncols=2, vals=[1, 2, 3, 4])
    >>> s = pt.sds(t=r, p=r * 10)
    >>> s.names, s["p"].values(drop=True).tolist()
    (['t', 'p'], [10.0, 20.0, 30.0, 40.0])
    """
    members, names = _members(rasters, named, "sds")
    if len(rasters) == 1 and isinstance(rasters[0], str | os.PathLike):
        members, names = _on_first_grid(members, names, rasters[0])
    return SpatRasterDataset(members, names)


def sprc(*rasters: Rasters, **named: Any) -> SpatRasterCollection:
    """Hold rasters on any grids together, to `merge` or `mosaic` them.

    Parameters
    ----------
    *rasters : SpatRaster, path, or one list or mapping of them
        A file with data sets inside, such as NetCDF or HDF, gives one raster for each. Several paths give one raster
        each.
    **named : SpatRaster or path
        Rasters or paths with names.

    Returns
    -------
    SpatRasterCollection

    See Also
    --------
    sds : Holds rasters on one grid.
    vrt : Reads many files as one raster.

    Examples
    --------
    >>> import pyterra as pt
    >>> a = pt.rast(nrows=1, ncols=2, xmin=0, xmax=2, ymin=0, ymax=1, vals=1)
    >>> len(pt.sprc(a, a.shift(1)))
    2
    """
    return SpatRasterCollection(*_members(rasters, named, "sprc"))


def _members(given: Sequence[Any], named: Mapping[str, Any], verb: str) -> tuple[list[SpatRaster], list[str]]:
    if len(given) == 1 and isinstance(given[0], str | os.PathLike):
        with said_by(verb):
            found = [(one.name, one.raster) for one in data_sets(os.fspath(given[0]))]
    elif len(given) == 1 and isinstance(given[0], Mapping):
        found = [(str(name), value) for name, value in given[0].items()]
    elif len(given) == 1 and isinstance(given[0], Members):
        found = list(zip(given[0]._names, given[0], strict=True))
    elif len(given) == 1 and isinstance(several := listed(given[0]), list | tuple):
        found = [("", value) for value in several]
    else:
        found = [("", value) for value in given]
    rasters, names = [], []
    for name, value in [*found, *named.items()]:
        if isinstance(value, str | os.PathLike):
            with said_by(verb):
                name, value = name or Path(value).stem, raster(file_node(os.fspath(value)))
        if not is_raster(value):
            raise ArgumentError(f"{verb}: must be given rasters or paths, got {type(value).__name__}")
        rasters.append(value)
        names.append(name)
    return rasters, names


def _on_first_grid(
    members: list[SpatRaster], names: list[str], path: Any
) -> tuple[list[SpatRaster], list[str]]:
    """Those on the grid of the first; the others are named in a warning."""
    fits = [one._node.grid.same_cells(members[0]._node.grid) for one in members]
    left = [name for name, fit in zip(names, fits, strict=True) if not fit]
    if left:
        where = f"lie on another grid than {names[0]} and were left out"
        warn(f"sds: {path}: {listed_text(left)} {where}; sprc() takes them all")
    kept = [i for i, fit in enumerate(fits) if fit]
    return [members[i] for i in kept], [names[i] for i in kept]


class DataSet(NamedTuple):
    """One of the data sets in a file."""

    name: str
    raster: SpatRaster
    path: str
    """What opens it alone."""


def data_sets(path: str) -> list[DataSet]:
    """The data sets in a file; the file itself where it holds one alone."""
    from pyterra.io.raster.gdal import absolute, subdatasets
    from pyterra.io.store.netcdf import is_netcdf

    if is_netcdf(path):
        from pyterra.io.store.netcdf_read import netcdf_node, variable_names

        names = variable_names(path)
        return [DataSet(name, raster(netcdf_node(path, name)), f'NETCDF:"{path}":{name}') for name in names]
    found = subdatasets(absolute(path))
    if not found:
        return [DataSet(Path(path).stem, raster(file_node(path)), path)]
    return [DataSet(name, raster(file_node(inside)), inside) for name, inside in found.items()]


def svc(*vectors: Any, **named: Any) -> SpatVectorCollection:
    """Hold vectors of any kinds together.

    Parameters
    ----------
    *vectors : SpatVector, or what `vect` takes, or one list of them
    **named : SpatVector
        Vectors with names.

    Returns
    -------
    SpatVectorCollection

    See Also
    --------
    SpatVector.rbind : Joins vectors of one kind.
    c : Holds vectors together too.

    Examples
    --------
    >>> import pyterra as pt
    >>> s = pt.svc(pt.vect([[0, 0]]), area=pt.vect(pt.ext(0, 1, 0, 1)))
    >>> s["area"].geomtype(), len(s)
    ('polygons', 2)
    """
    given = list(vectors)
    if (
        len(given) == 1
        and not is_vector(given[0])
        and isinstance(given[0], list | tuple | SpatVectorCollection)
    ):
        given = list(given[0])
    with said_by("svc"):
        made = [v if is_vector(v) else vect(v) for v in (*given, *named.values())]
    return SpatVectorCollection(made, [*([""] * len(given)), *named])


def joined(stack: SpatRasterDataset) -> SpatRaster:
    """The layers of all sub-datasets as one raster: ``name_layer`` where sub-datasets have names."""
    parts = []
    for name, one in zip(stack.names, stack, strict=True):
        if name:
            one.names = [f"{name}_{layer}" for layer in one.names]
        parts.append(one)
    if not parts:
        raise ArgumentError("rast: the data set is empty; it has no layers")
    return c(*parts)
