"""Making rasters, extents and networks: `rast`, `rectify`, `ext`, `netw`."""

from __future__ import annotations

import builtins
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from pyterra.arguments import checked, choice
from pyterra.between.crop import crop
from pyterra.errors import ArgumentError, ExtentError
from pyterra.expr import Layer
from pyterra.grid import Grid
from pyterra.grid.crs import LONLAT, parse_crs
from pyterra.grid.extent import Extent
from pyterra.handles.datasets import SpatRasterDataset
from pyterra.handles.spatextent import SpatExtent
from pyterra.handles.spatnetwork import SpatNetwork
from pyterra.handles.spatraster import SpatRaster
from pyterra.io.raster.opened import is_dataset
from pyterra.io.safe.places import path_text
from pyterra.raster.build import cell_size, extent_of, is_raster, skeleton
from pyterra.raster.files import dataset_node, file_node, files_node, listed, rectified_node
from pyterra.raster.indexing import subset
from pyterra.raster.join import c
from pyterra.raster.values import array_node, as_layers, as_numbers, values_node
from pyterra.several import joined
from pyterra.vector.netfiles import read_network
from pyterra.vector.network import of_lines

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from pyterra.handles.spatvector import SpatVector
    from pyterra.types import CRSLike, ExtentLike, Layers, Moments


@checked
def rast(
    x: Any = None,
    *,
    nrows: int | None = None,
    ncols: int | None = None,
    nlyrs: int | None = None,
    xmin: float | None = None,
    xmax: float | None = None,
    ymin: float | None = None,
    ymax: float | None = None,
    extent: ExtentLike | None = None,
    resolution: float | tuple[float, float] | None = None,
    crs: CRSLike = None,
    vals: ArrayLike | None = None,
    names: str | Sequence[str] | None = None,
    time: Moments | None = None,
    units: str | Sequence[str] | None = None,
    lyrs: Layers | None = None,
    subds: str | int | Sequence[str | int] | None = None,
    type: str | None = None,
    mask: bool | None = None,
) -> SpatRaster:
    """Make a SpatRaster. No cell of a file is read.

    Parameters
    ----------
    x : path, list of paths, array, SpatExtent, SpatRaster, SpatVector, SpatRasterDataset, xarray.DataArray or Dataset, \
            rasterio dataset or DataFrame, optional
        A file, URL, ``/vsi...`` path or glob pattern; several files become layers in the order given (a pattern in
        the order of names). An array has shape (layer, row, col) or (row, col). A raster gives its grid, without
        values; a vector gives its extent and CRS; a data set gives the layers of all its rasters. Without `x`, the
        grid is made from the numbers below; by default it has cells of 1 degree around the earth.
    nrows, ncols, nlyrs : int, optional
        Numbers of rows, columns and layers.
    xmin, xmax, ymin, ymax : float, optional
        Outer edges.
    extent : SpatExtent or four numbers (xmin, xmax, ymin, ymax), optional
        Outer edges.
    resolution : float or (float, float), optional
        Cell size (x, y). Where it does not divide the extent, xmax and ymax are changed.
    crs : str, int or CRS, optional
        Coordinate reference system; ``""`` for none. By default lon/lat for a new grid within 360 x 90 degrees, none
        for an array, the file's own for a file.
    vals : array-like, optional
        Values for a new grid.
    names, time, units : sequence, optional
        One per layer.
    lyrs : int, str, slice or sequence of them, optional
        Layers of the file or files to take, by number (from 0) or name.
    subds : str, int or sequence of them, optional
        Variables of a NetCDF file, or data sets of HDF5 and its like, by name or number; by default all that lie on the
        grid of the first.
    type : {"xyz"}, optional
        For a DataFrame: its first two columns are the centres of cells on a regular grid, the others layers.
    mask : bool, optional
        Whether cells that the mask or the alpha band of a file hides are missing. By default they are not, with a
        warning where there are such.

    Returns
    -------
    SpatRaster

    Raises
    ------
    SourceError
        Where a file does not exist, cannot be opened, or is rotated.
    GridMismatchError
        Where several files do not share a grid.
    ArgumentError
        Where arguments contradict each other.

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.rast(nrows=2, ncols=3, xmin=0, xmax=3, ymin=0, ymax=2, vals=range(6)).values(drop=True)
    array([0., 1., 2., 3., 4., 5.])
    """
    edges = _edges(extent, xmin, xmax, ymin, ymax)
    made = _from_object(listed(x), edges, crs, type, subds, mask)
    if made is None:
        made = _new_grid(x, nrows, ncols, nlyrs, edges, resolution, crs)
    elif any(v is not None for v in (nrows, ncols, nlyrs, resolution)):
        raise ArgumentError(
            "rast: nrows, ncols, nlyrs and resolution are for a new grid; use resample() or aggregate()"
        )
    if lyrs is not None:
        made = subset(made, lyrs)
    if vals is not None:
        grid = made._node.grid
        made = SpatRaster(values_node(vals, grid, len(made)))
    for name, value in (("names", names), ("time", time), ("units", units)):
        if value is not None:
            setattr(made, name, value)
    return made


@checked
def rectify(
    x: str | os.PathLike[str],
    method: Literal["bilinear", "near", "cubic", "cubicspline", "lanczos", "average", "mode"] = "bilinear",
    *,
    aoi: ExtentLike | None = None,
) -> SpatRaster:
    """A raster of a file that is rotated, or placed by ground control points, with its rows from west to east.

    Parameters
    ----------
    x : path
        The file. Files that are placed by rational polynomials (RPC; at a height of 0) and files whose columns run from
        east to west are opened, too.
    method : {"bilinear", "near", "cubic", "cubicspline", "lanczos", "average", "mode"}
        How values of the new cells are made; "near" for classes.
    aoi : SpatExtent, SpatRaster, SpatVector or four numbers, optional
        The part that is wanted.

    Returns
    -------
    SpatRaster
        Cells as large as those of the file, from its western and northern edge on; missing outside it. Values are
        computed when they are wanted.

    Raises
    ------
    SourceError
        Where the file does not exist or cannot be opened.

    See Also
    --------
    rast : Opens all other files.
    project : Gives rasters another CRS.

    Notes
    -----
    GDAL's warper computes the values. Whole numbers become floating ones where values are computed, or where the file has
    no code for missing.

    References
    ----------
    ``terra::rectify``, which takes the raster that terra makes of such a file.

    Examples
    --------
    >>> import os, tempfile
    >>> import numpy as np, pyterra as pt, rasterio
    >>> path = os.path.join(tempfile.mkdtemp(), "rotated.tif")
    >>> turned = rasterio.Affine(0.8, 0.6, 0, 0.6, -0.8, 0)
    >>> kind = dict(driver="GTiff", width=2, height=2, count=1, dtype="float32", nodata=-1)
    >>> with rasterio.open(path, "w", crs="EPSG:32631", transform=turned, **kind) as file:
    ...     file.write(np.array([[[1, 2], [3, 4]]]))
    >>> pt.rectify(path, "near").shape
    (1, 3, 3)
    """
    resampling = {"near": "nearest", "cubicspline": "cubic_spline"}
    ways = ("bilinear", "near", "cubic", "cubicspline", "lanczos", "average", "mode")
    way = choice(str(method), ways, "rectify: method")
    found = SpatRaster(rectified_node(path_text(x, "rectify"), resampling.get(way, way)))
    return found if aoi is None else crop(found, aoi)


def _edges(extent: Any, *bounds: float | None) -> tuple[float | None, ...]:
    if extent is None:
        return bounds
    if any(v is not None for v in bounds):
        raise ArgumentError("rast: give extent, or xmin, xmax, ymin and ymax, not both")
    return tuple(extent_of(extent))


def _from_object(
    x: Any, edges: Sequence[float | None], crs: Any, type: str | None, subds: Any, mask: bool | None
) -> SpatRaster | None:
    """A raster over something that has cells; None where `x` only says where the grid lies."""
    if x is None or is_raster(x) or isinstance(x, Extent) or _has_place(x):
        return None
    if isinstance(x, str | os.PathLike):
        made = SpatRaster(file_node(os.fspath(x), subds, mask))
    elif isinstance(x, Sequence) and x and all(isinstance(v, str | os.PathLike) for v in x):
        made = SpatRaster(files_node([os.fspath(v) for v in x], subds, mask))
    elif isinstance(x, Sequence) and x and all(is_raster(v) for v in x):
        made = c(*x)
    elif isinstance(x, SpatRasterDataset):
        made = joined(x)
    elif hasattr(x, "dims") and hasattr(x, "coords"):
        from pyterra.raster.convert import from_xarray

        made = from_xarray(x)
    elif is_dataset(x):
        made = SpatRaster(dataset_node(x, mask))
    elif hasattr(x, "itertuples"):  # a DataFrame
        from pyterra.raster.convert import from_xyz

        if type != "xyz":
            raise ArgumentError("rast: a DataFrame needs type='xyz'; its first two columns are x and y")
        made = from_xyz(x)
    else:
        return _from_array(x, edges, crs)
    if any(v is not None for v in edges):
        made.ext = _complete(edges, made.ext)
    if crs is not None:
        made.crs = crs
    return made


def _has_place(x: Any) -> bool:
    """Whether it is a vector or a table of geometries: an extent and a CRS, and no cells."""
    return not is_raster(x) and hasattr(x, "crs") and (hasattr(x, "geoms") or hasattr(x, "total_bounds"))


def _from_array(x: Any, edges: Sequence[float | None], crs: Any) -> SpatRaster:
    try:
        array = as_numbers(x)
    except (TypeError, ValueError) as error:
        raise ArgumentError(
            f"rast: must be a path, a list of paths, an array or an object with cells, got {builtins.type(x).__name__}"
        ) from error
    if array.ndim not in (2, 3) or 0 in array.shape or array.dtype.kind not in "biuf":
        raise ArgumentError(
            f"rast: an array must hold numbers in shape (layer, row, col) or (row, col), got {array.dtype} {array.shape}"
        )
    nrow, ncol = array.shape[-2:]
    grid = Grid(_complete(edges, Extent(0, ncol, 0, nrow)), nrow, ncol, parse_crs(crs))
    return SpatRaster(array_node(as_layers(array, grid, 1), grid))


def _complete(edges: Sequence[float | None], default: Extent) -> Extent:
    return Extent(*(d if v is None else v for v, d in zip(edges, default, strict=True)))


def _new_grid(
    x: Any,
    nrows: int | None,
    ncols: int | None,
    nlyrs: int | None,
    edges: Sequence[float | None],
    resolution: float | tuple[float, float] | None,
    crs: Any,
) -> SpatRaster:
    old: Grid | None = x._node.grid if is_raster(x) else None
    start = old.extent if old is not None else Extent(-180, 180, -90, 90) if x is None else extent_of(x)
    extent = _complete(edges, start)
    if crs is None and _has_place(x):
        wkt = parse_crs(x.crs)
    elif crs is None:
        inside = extent.xmin >= -360 and extent.xmax <= 360 and extent.ymin >= -90 and extent.ymax <= 90
        wkt = old.crs if old is not None else parse_crs(LONLAT) if inside else ""
    else:
        wkt = parse_crs(crs)
    layers = x._node.layers if is_raster(x) and nlyrs in (None, len(x)) else _plain_layers(nlyrs or 1)
    if resolution is not None:
        if nrows is not None or ncols is not None:
            raise ArgumentError("rast: give resolution, or nrows and ncols, not both")
        grid = Grid.from_resolution(extent, *cell_size(resolution, "rast: resolution"), crs=wkt)
    else:
        default = (old.nrow, old.ncol) if old is not None else (180, 360) if x is None else (10, 10)
        grid = Grid(
            extent, default[0] if nrows is None else nrows, default[1] if ncols is None else ncols, wkt
        )
    return SpatRaster(skeleton(grid, tuple(layer.number() for layer in layers)))


def _plain_layers(count: int) -> tuple[Layer, ...]:
    if count < 1:
        raise ArgumentError(f"rast: nlyrs must be at least 1, got {count}")
    return tuple(Layer(f"lyr.{i + 1}") for i in range(count))


@checked
def ext(
    x: ExtentLike, xmax: float | None = None, ymin: float | None = None, ymax: float | None = None
) -> SpatExtent:
    """An extent from four numbers, or the extent of anything that has one.

    Parameters
    ----------
    x : float or object
        xmin; or a SpatRaster, SpatExtent, sequence (xmin, xmax, ymin, ymax), mapping with these names,
        GeoDataFrame, shapely geometry or rasterio bounds.
    xmax, ymin, ymax : float
        The other edges when `x` is a number.

    Returns
    -------
    SpatExtent

    Examples
    --------
    >>> import pyterra as pt
    >>> pt.ext(0, 10, 0, 5)
    SpatExtent : 0, 10, 0, 5 (xmin, xmax, ymin, ymax)
    """
    if xmax is not None or ymin is not None or ymax is not None:
        if xmax is None or ymin is None or ymax is None:
            raise ExtentError("ext: needs all of xmin, xmax, ymin and ymax")
        return SpatExtent(cast("float", x), xmax, ymin, ymax)
    return SpatExtent(*extent_of(x))


@checked
def netw(
    x: SpatVector | SpatNetwork | str | os.PathLike[str],
    *,
    snap: float = 0,
    merge: bool = True,
    directed: bool = False,
    weights: bool | str | ArrayLike = True,
) -> SpatNetwork:
    """A network of lines, which are cut wherever they meet or cross.

    Parameters
    ----------
    x : SpatVector or path
        Lines. Of lines that lie on each other, one edge is made; a directed network has one for each direction. Or a file
        of `SpatNetwork.write_network`, for which the other arguments do not count.
    snap : float
        Move nodes of lines to those of others that are so near, in units of the CRS, first.
    merge : bool
        Make one edge of all between two places at which more than two lines meet, or one ends. If False, lines end where
        they did.
    directed : bool
        Edges lead from their first node to their last only, in the direction of the lines.
    weights : bool, str or sequence of float
        What it costs to go along the edges: their lengths in metres (True), nothing that is told (False), an attribute
        of the lines, or numbers for the edges.

    Returns
    -------
    SpatNetwork

    Raises
    ------
    ArgumentError
        For points or polygons, a distance below 0, or weights that are below 0, or not one for each edge.
    SourceError
        Where there is no such file, or it holds no network.

    See Also
    --------
    SpatNetwork.shortest_path : Ways through it.
    SpatVector.make_nodes : Cuts each line by itself.

    Examples
    --------
    >>> import pyterra as pt
    >>> net = pt.netw(pt.vect(["LINESTRING (0 0, 2 2)", "LINESTRING (0 2, 2 0)"], crs="EPSG:3035"))
    >>> net.net_nnodes, net.net_nedges
    (5, 4)
    """
    if isinstance(x, SpatNetwork):
        return x
    if isinstance(x, str | os.PathLike):
        return SpatNetwork(read_network(x))
    return SpatNetwork(of_lines(x, snap, merge, directed, weights))
