"""To and from other packages' objects: xarray, tables of points."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from pyterra.errors import ArgumentError
from pyterra.expr import Layer
from pyterra.extent import SpatExtent
from pyterra.grid import Grid
from pyterra.grid.crs import parse_crs, to_pyproj
from pyterra.raster._build import node_of, raster
from pyterra.raster.meta import parse_times
from pyterra.raster.values import array_node
from pyterra.run import to_array

if TYPE_CHECKING:
    import xarray

    from pyterra.raster.spatraster import SpatRaster

_X_NAMES = ("x", "lon", "longitude", "easting", "X", "Lon", "Longitude")
_Y_NAMES = ("y", "lat", "latitude", "northing", "Y", "Lat", "Latitude")
UNEVEN = 0.01
"""Share of a cell by which coordinates may be off an even spacing."""


def to_xarray(x: SpatRaster) -> xarray.DataArray:
    """Values and metadata as an xarray.DataArray in memory.

    Returns
    -------
    xarray.DataArray
        Dimensions (band, y, x), or (time, y, x) where the layers have dates; coordinates of cell centres, layer names
        as coordinate ``name``, and ``spatial_ref`` with the CRS as rioxarray and odc-geo read it.

    Raises
    ------
    ImportError
        Where xarray is missing.
    MemoryBudgetError
        Where the values do not fit the memory budget.
    """
    try:
        import xarray
    except ImportError:
        raise ImportError(
            "to_xarray: needs xarray; install it with: pip install 'pyterra-geo[xarray]'"
        ) from None
    node = node_of(x, "to_xarray")
    grid, stamps = node.grid, x.time
    dated = stamps is not None and stamps.dtype.kind == "M"
    first = "time" if dated else "band"
    lonlat = grid.is_lonlat
    coordinates: dict[str, Any] = {
        first: stamps.astype("datetime64[ns]")
        if dated and stamps is not None
        else np.arange(len(node.layers)),
        "name": (first, [layer.name for layer in node.layers]),
        "y": ("y", grid.y_from_row(np.arange(grid.nrow)), _axis("Y", lonlat)),
        "x": ("x", grid.x_from_col(np.arange(grid.ncol)), _axis("X", lonlat)),
        "spatial_ref": ((), 0, _spatial_ref(grid)),
    }
    out = xarray.DataArray(
        to_array(node),
        dims=(first, "y", "x"),
        coords=coordinates,
        name=node.layers[0].name if len(node.layers) == 1 else None,
    )
    units = {layer.unit for layer in node.layers}
    if len(units) == 1 and units != {""}:
        out.attrs["units"] = units.pop()
    out.encoding["grid_mapping"] = "spatial_ref"
    return out


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
    """A raster over the values of an xarray.DataArray with evenly spaced x and y.

    The first row is the northernmost whatever the order of y in `x`.

    Raises
    ------
    ArgumentError
        Where x or y cannot be found or are uneven, or there are more than three dimensions.
    """
    if hasattr(x, "data_vars"):
        raise ArgumentError("rast: give one variable of a Dataset, such as ds['ndvi']")
    across = _dimension(x, _X_NAMES, "x")
    down = _dimension(x, _Y_NAMES, "y")
    others = [d for d in x.dims if d not in (across, down)]
    if len(others) > 1:
        raise ArgumentError(
            f"rast: a DataArray may have one dimension beside x and y, got {', '.join(map(str, others))}"
        )
    x = x.transpose(*others, down, across)
    xs, ys = np.asarray(x[across].values, float), np.asarray(x[down].values, float)
    values = np.asarray(x.values)
    if values.dtype.kind not in "biuf":
        raise ArgumentError(f"rast: a DataArray must hold numbers, got {values.dtype}")
    values = values.reshape(-1, ys.size, xs.size)
    facts = dict(x.coords["spatial_ref"].attrs) if "spatial_ref" in x.coords else {}
    if xs.size > 1 and xs[0] > xs[-1]:
        xs, values = xs[::-1], values[:, :, ::-1]
    if ys.size > 1 and ys[0] < ys[-1]:
        ys, values = ys[::-1], values[:, ::-1]
    steps = (
        [abs(float(v)) for v in str(facts.get("GeoTransform", "")).split()[1::4]]
        if facts.get("GeoTransform")
        else []
    )
    dx = _step(xs, steps[0] if steps else 0.0, str(across))
    dy = _step(ys[::-1], steps[1] if len(steps) > 1 else 0.0, str(down))
    extent = SpatExtent(xs[0] - dx / 2, xs[-1] + dx / 2, ys[-1] - dy / 2, ys[0] + dy / 2)
    wkt = parse_crs(facts.get("crs_wkt") or facts.get("spatial_ref") or None)
    made = raster(array_node(np.array(values), Grid(extent, ys.size, xs.size, wkt)))
    return _described(made, x, others)


def _described(made: SpatRaster, x: Any, others: list[Any]) -> SpatRaster:
    names = [str(x.name)] if x.name is not None and len(made) == 1 else made.names
    if "name" in x.coords and x.coords["name"].size == len(made):
        names = [str(v) for v in np.atleast_1d(x.coords["name"].values)]
    layers: list[Layer] = [replace(la, name=n) for la, n in zip(made._node.layers, names, strict=True)]
    if others and others[0] in x.coords and x.coords[others[0]].dtype.kind == "M":
        stamps, step = parse_times(list(x.coords[others[0]].values.astype("datetime64[s]")), None)
        layers = [replace(la, time=t, step=step) for la, t in zip(layers, stamps, strict=True)]
    unit = str(x.attrs.get("units", ""))
    return raster(replace(made._node, layers=tuple(replace(la, unit=unit) for la in layers)))


def _dimension(x: Any, names: tuple[str, ...], axis: str) -> Any:
    for dim in x.dims:
        if dim in names or (dim in x.coords and str(x.coords[dim].attrs.get("axis", "")).lower() == axis):
            if dim not in x.coords:
                raise ArgumentError(f"rast: dimension {dim!r} of a DataArray needs coordinates")
            return dim
    raise ArgumentError(
        f"rast: a DataArray needs a dimension for {axis} ({', '.join(names[:4])} ...), got {tuple(x.dims)}"
    )


def _step(values: Any, known: float, what: str) -> float:
    """Even spacing of ascending coordinates."""
    if values.size == 1:
        if known > 0:
            return known
        raise ArgumentError(
            f"rast: one {what} coordinate does not tell the cell size; give the raster's extent instead"
        )
    step = float((values[-1] - values[0]) / (values.size - 1))
    if step <= 0 or np.abs(np.diff(values) - step).max() > UNEVEN * step:
        raise ArgumentError(
            f"rast: {what} must be evenly spaced, got steps from {np.diff(values).min():g} to {np.diff(values).max():g}"
        )
    return step


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
    extent = SpatExtent(xs.min() - dx / 2, xs.max() + dx / 2, ys.min() - dy / 2, ys.max() + dy / 2)
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
