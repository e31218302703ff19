"""To and from other packages' objects: xarray, tables of points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError, ReadError, SourceError
from pyterra.expr import Layer, Node
from pyterra.expr.times import alike
from pyterra.grid import Grid
from pyterra.grid.crs import to_pyproj
from pyterra.grid.extent import Extent
from pyterra.io.store import cf_time
from pyterra.io.store.cf_layers import told_of
from pyterra.io.store.xarray_read import xarray_node
from pyterra.raster.build import node_of, raster
from pyterra.raster.values import array_node
from pyterra.run import to_array

if TYPE_CHECKING:
    import xarray

    from pyterra.handles.spatraster import SpatRaster

UNEVEN = 0.01
"""Share of a cell by which coordinates may be off an even spacing."""


def to_xarray(
    x: SpatRaster, *, chunks: int | str | tuple[int, ...] | Mapping[str, int] | None = None
) -> xarray.DataArray:
    """Values and metadata as an xarray.DataArray, in memory or computed by Dask when they are asked for.

    Parameters
    ----------
    x : SpatRaster
    chunks : int, "auto", mapping or tuple, optional
        Give a Dask array of such chunks, as `dask.array` takes them: names of dimensions (band or time, y, x) to sizes,
        or sizes in this order. By default all values are computed now.

    Returns
    -------
    xarray.DataArray
        Dimensions (band, y, x), or (time, y, x) where the layers have times; coordinates of cell centres, layer names
        as coordinate ``name``, and ``spatial_ref`` with the CRS as rioxarray and odc-geo read it. What xarray has no
        place for (units of layers, categories, colours) stands in attributes from which `rast` makes the same raster.

    Raises
    ------
    ImportError
        Where xarray, or Dask for `chunks`, is missing.
    MemoryBudgetError
        Where the values do not fit the memory budget.

    See Also
    --------
    rast : Takes such an array back.
    to_numpy : Gives the values alone.

    Examples
    --------
    >>> import pyterra as pt
    >>> array = pt.rast([[1, 2]], names="height").to_xarray()
    >>> array.dims, array.x.values.tolist(), array.name
    (('band', 'y', 'x'), [0.5, 1.5], 'height')
    """
    try:
        import xarray
    except ImportError:
        raise ImportError(
            "to_xarray: needs xarray; install it with: pip install 'pyterra-geo[xarray]'"
        ) from None
    node = node_of(x, "to_xarray")
    grid, layers = node.grid, node.layers
    first = "band" if x.time is None else "time"
    lonlat = grid.is_lonlat
    coordinates: dict[str, Any] = {
        first: (first, np.arange(len(layers))) if x.time is None else _time(layers),
        "name": (first, [layer.name for layer in layers]),
        "y": ("y", grid.y_from_row(np.arange(grid.nrow)), _axis("Y", lonlat)),
        "x": ("x", grid.x_from_col(np.arange(grid.ncol)), _axis("X", lonlat)),
        "spatial_ref": ((), 0, _spatial_ref(grid)),
    }
    if all(layer.depth is not None for layer in layers):
        coordinates["depth"] = (first, [layer.depth for layer in layers], {"axis": "Z", "positive": "down"})
    out = xarray.DataArray(
        to_array(node) if chunks is None else _in_chunks(node, chunks, (first, "y", "x")),
        dims=(first, "y", "x"),
        coords=coordinates,
        name=layers[0].name if len(layers) == 1 else None,
        attrs=told_of(layers, np.dtype(np.int64)),
    )
    out.encoding["grid_mapping"] = "spatial_ref"
    return out


def _time(layers: Sequence[Layer]) -> tuple[Any, ...]:
    """The coordinate of time: dates, or numbers that say what they are."""
    layers = alike(tuple(layers))
    stamps = [layer.time for layer in layers]
    if all(isinstance(stamp, np.datetime64) for stamp in stamps):
        return "time", np.array(stamps).astype("datetime64[ns]")
    numbers, told = cf_time.encode([stamp for stamp in stamps if stamp is not None], layers[0].step)
    whole = (numbers == np.round(numbers)).all()
    return "time", numbers.astype(np.int64) if whole else numbers, told


def _in_chunks(node: Node, chunks: Any, dims: tuple[str, ...]) -> Any:
    try:
        from pyterra.run.dask import lazy_array
    except ImportError:
        raise ImportError(
            "to_xarray: chunks need dask; install it with: pip install 'pyterra-geo[dask]'"
        ) from None
    if isinstance(chunks, Mapping):
        odd = sorted(str(key) for key in set(chunks) - set(dims))
        if odd:
            raise ArgumentError(f"to_xarray: chunks are for {', '.join(dims)}, got {', '.join(odd)}")
        chunks = tuple(chunks.get(dim, -1) for dim in dims)
    return lazy_array(node, chunks)


def _axis(axis: str, lonlat: bool) -> dict[str, str]:
    if lonlat:
        name, unit = ("longitude", "degrees_east") if axis == "X" else ("latitude", "degrees_north")
        return {"axis": axis, "standard_name": name, "units": unit}
    return {"axis": axis, "standard_name": f"projection_{axis.lower()}_coordinate", "units": "metre"}


def _spatial_ref(grid: Grid) -> dict[str, Any]:
    a, b, c, d, e, f = grid.transform
    facts: dict[str, Any] = {"GeoTransform": " ".join(f"{v:.17g}" for v in (c, a, b, f, d, e))}
    if grid.crs:
        facts |= to_pyproj(grid.crs).to_cf()
        facts["spatial_ref"] = facts["crs_wkt"] = grid.crs
    return facts


def from_xarray(x: Any) -> SpatRaster:
    """A raster over an xarray.DataArray, or over all variables of a Dataset, with evenly spaced x and y.

    The first row is the northernmost whatever the order of y in `x`. What is not in memory (an array of Dask, a file
    that was opened and not loaded) stays where it is until values are asked for.

    Raises
    ------
    ArgumentError
        Where x or y cannot be found or are uneven.
    """
    try:
        return raster(xarray_node(x))
    except ReadError:
        raise
    except SourceError as error:
        raise ArgumentError(str(error)) from None


def from_xyz(frame: Any) -> SpatRaster:
    """A raster from a table of cell centres (first two columns) and values (the others).

    Raises
    ------
    ArgumentError
        Where the centres do not lie on a regular grid.
    """
    if len(frame.columns) < 2:
        raise ArgumentError(f"rast: type='xyz' needs columns x, y and values, got {list(frame.columns)}")
    xs, ys = (np.asarray(frame.iloc[:, i], dtype=np.float64) for i in (0, 1))
    dx, dy = _spacing(xs, "x"), _spacing(ys, "y")
    extent = Extent(xs.min() - dx / 2, xs.max() + dx / 2, ys.min() - dy / 2, ys.max() + dy / 2)
    grid = Grid(extent, round(extent.height / dy), round(extent.width / dx))
    cells = grid.cell_from_xy(np.column_stack([xs, ys]))
    names = [str(c) for c in frame.columns[2:]] or ["lyr.1"]
    array = np.full((len(names), grid.cells), np.nan)
    for i in range(len(frame.columns) - 2):
        array[i, cells] = np.asarray(frame.iloc[:, i + 2], dtype=np.float64)
    made = raster(array_node(array.reshape(len(names), grid.nrow, grid.ncol), grid))
    made.names = names
    return made


def _spacing(values: Any, what: str) -> float:
    found = np.unique(values)
    if found.size == 1:
        raise ArgumentError(f"rast: type='xyz' needs at least two different {what}")
    steps = np.diff(found)
    step = float(steps.min())
    if np.abs(steps / step - np.rint(steps / step)).max() > UNEVEN:
        raise ArgumentError(
            f"rast: {what} must lie on a regular grid, got steps of {step:g} and {steps.max():g}"
        )
    return step
