"""What a NetCDF file says of its variables: grids, layers, times, by the CF conventions."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import LayerError, PyterraWarning, SourceError, near_names
from pyterra.expr import Categories, Layer, Node, Read, join
from pyterra.expr.layers import block_dtype
from pyterra.extent import SpatExtent
from pyterra.grid import Grid
from pyterra.grid.crs import LONLAT, parse_crs
from pyterra.io import cf_time
from pyterra.io.fingerprint import Fingerprint, fingerprint
from pyterra.io.netcdf import (
    NetcdfSource,
    absolute_path,
    attributes,
    dtype_of,
    file_variables,
    handle,
    tile_of,
)

UNEVEN = 0.1
"""Coordinates may lie off their even places by so much of a cell."""
_X_NAMES = ("x", "lon", "longitude", "easting", "rlon", "nav_lon")
_Y_NAMES = ("y", "lat", "latitude", "northing", "rlat", "nav_lat")
_EAST = ("degrees_east", "degree_east", "degrees_e", "degree_e", "degreese", "degreee")
_NORTH = ("degrees_north", "degree_north", "degrees_n", "degree_n", "degreesn", "degreen")


@dataclass(frozen=True)
class _Axis:
    """A dimension of a variable."""

    name: str
    size: int
    values: NDArray[Any] | None
    """Its coordinate, where it has one."""
    attributes: Mapping[str, Any]
    role: str
    """x, y, t, z, or nothing."""


def netcdf_node(path: str, subds: str | int | Sequence[str | int] | None = None) -> Node:
    """The variables of a file as layers; nothing of their values is read.

    Raises
    ------
    SourceError
        Where it is no NetCDF file, or its cells are no even rows and columns.
    LayerError
        Where a variable that was asked for is not there; near matches are named.
    """
    name = absolute_path(path)
    state = fingerprint(name)
    if state is None:
        raise SourceError(f"rast: {path} does not exist or cannot be opened")
    file = handle(name, state)
    variables = file_variables(file)
    wanted = _wanted(variables, subds, name)
    nodes: list[Node] = []
    left = []
    for variable in wanted:
        node = _variable_node(name, variable, variables, state)
        if nodes and not node.grid.same_cells(nodes[0].grid):
            if subds is not None:
                raise SourceError(
                    f"rast: the variables of {name} must share a grid to be one raster, got {wanted[0]} and {variable}; "
                    "take them one by one with subds="
                )
            left.append(variable)
            continue
        nodes.append(node)
    if left:
        warnings.warn(
            f"rast: {name}: {', '.join(left)} lie on another grid than {wanted[0]} and were left out; take them with "
            "subds=",
            PyterraWarning,
            stacklevel=2,
        )
    return join(nodes)


def variable_names(path: str) -> list[str]:
    """Variables of a file that have rows and columns.

    Raises
    ------
    SourceError
        Where it is no NetCDF file.
    """
    name = absolute_path(path)
    state = fingerprint(name)
    if state is None:
        raise SourceError(f"rast: {path} does not exist or cannot be opened")
    return _data_variables(file_variables(handle(name, state)))


def _wanted(variables: Mapping[str, Any], subds: Any, path: str) -> list[str]:
    found = _data_variables(variables)
    if not found:
        raise SourceError(
            f"rast: {path} has no variable with rows and columns; it has {', '.join(variables)}"
        )
    if subds is None:
        return found
    chosen = []
    for item in [subds] if isinstance(subds, str | int) else list(subds):
        if isinstance(item, str) and item in variables and variables[item].shape:
            chosen.append(item)
        elif isinstance(item, int) and 0 <= item < len(found):
            chosen.append(found[item])
        else:
            raise LayerError(f"rast: {path} has no variable {item!r}{near_names(item, found)}")
    return chosen


def _data_variables(variables: Mapping[str, Any]) -> list[str]:
    """Variables with at least two dimensions that describe no other variable."""
    helpers: set[str] = set()
    for variable in variables.values():
        told = attributes(variable)
        for key in ("bounds", "climatology", "grid_mapping", "coordinates"):
            helpers |= set(str(told.get(key, "")).replace(":", " ").split())
    return [
        name
        for name, variable in variables.items()
        if len(variable.shape) >= 2 and name not in helpers and dtype_of(variable).kind in "iufb"
    ]


def _variable_node(path: str, name: str, variables: Mapping[str, Any], state: Fingerprint) -> Read:
    variable = variables[name]
    if len(variable.shape) < 2 or dtype_of(variable).kind not in "iufb":
        raise SourceError(f"rast: {path}: {name} has no rows and columns of numbers")
    told = attributes(variable)
    axes = [_axis(d, n, variables) for d, n in zip(variable.dimensions, variable.shape, strict=True)]
    x, y = _place(axes, told, variables, path, name)
    crs = _crs(told, variables, axes[x], axes[y])
    west, east, mirrored = _edges(axes[x], path, name)
    south, north, falling = _edges(axes[y], path, name)
    known = axes[y].values is not None
    grid = Grid(SpatExtent(west, east, south, north), axes[y].size, axes[x].size, crs)
    others = [axis for i, axis in enumerate(axes) if i not in (x, y)]
    source = NetcdfSource(
        path,
        name,
        (axes[y].size, axes[x].size),
        tuple(axis.size for axis in others),
        (y, x),
        upside_down=known and not falling,
        mirrored=mirrored,
        dtype=dtype_of(variable).newbyteorder("=").name,
        nodata=_codes(told, dtype_of(variable)),
        scale=float(told.get("scale_factor", 1.0)),
        offset=float(told.get("add_offset", 0.0)),
        tile=tile_of(variable, (y, x), (axes[y].size, axes[x].size)),
        state=state,
    )
    plain = source.scale == 1 and source.offset == 0
    layers = _layers(name, told, others, source, plain)
    return Read(
        grid=grid,
        layers=layers,
        dtype=block_dtype([source.dtype if plain else "float64"]),
        source=source,
        bands=tuple(range(len(layers))),
    )


def _axis(name: str, size: int, variables: Mapping[str, Any]) -> _Axis:
    found = variables.get(name)
    if found is None or tuple(found.dimensions) != (name,) or dtype_of(found).kind not in "iuf":
        return _Axis(name, int(size), None, {}, _role(name, {}))
    told = attributes(found)
    return _Axis(
        name,
        int(size),
        np.array(found[:]).astype(dtype_of(found).newbyteorder("=")),
        told,
        _role(name, told),
    )


def _role(name: str, told: Mapping[str, Any]) -> str:
    axis = str(told.get("axis", "")).lower()
    standard, units = str(told.get("standard_name", "")).lower(), str(told.get("units", "")).lower()
    if axis in ("x", "y", "z", "t"):
        return axis
    if standard in ("longitude", "projection_x_coordinate", "grid_longitude") or units in _EAST:
        return "x"
    if standard in ("latitude", "projection_y_coordinate", "grid_latitude") or units in _NORTH:
        return "y"
    if standard == "time" or cf_time.is_time_unit(units):
        return "t"
    plain = name.lower()
    if plain in _X_NAMES:
        return "x"
    if plain in _Y_NAMES:
        return "y"
    if plain == "time":
        return "t"
    deep = told.get("positive") is not None or plain in (
        "depth",
        "lev",
        "level",
        "height",
        "z",
        "plev",
        "altitude",
    )
    return "z" if deep else ""


def _place(
    axes: Sequence[_Axis], told: Mapping[str, Any], variables: Mapping[str, Any], path: str, name: str
) -> tuple[int, int]:
    """Which dimensions are columns and rows."""
    roles = [axis.role for axis in axes]
    x = roles.index("x") if roles.count("x") == 1 else None
    y = roles.index("y") if roles.count("y") == 1 else None
    free = [i for i, role in enumerate(roles) if role not in ("x", "y", "t")]
    if x is None and y is None:
        x, y = (free[-1], free[-2]) if len(free) > 1 else (None, None)
    elif x is None:
        x = free[-1] if free else None
    elif y is None:
        y = free[-1] if free else None
    if x is None or y is None:
        raise SourceError(
            f"rast: {path}: {name} has no dimensions for rows and columns, got {[a.name for a in axes]}"
        )
    if axes[x].values is None or axes[y].values is None:
        beside = str(told.get("coordinates", "")).split()
        flat = [n for n in beside if n in variables and len(variables[n].shape) == 2]
        if len(flat) >= 2:
            raise SourceError(
                f"rast: {path}: {name} has longitude and latitude for every cell ({', '.join(flat)}), which is no "
                "raster; regrid it first, for example with cdo remapbil"
            )
    return x, y


def _edges(axis: _Axis, path: str, name: str) -> tuple[float, float, bool]:
    """Outer edges, low and high, and whether the coordinate falls."""
    if axis.values is None:
        return 0.0, float(axis.size), False
    values = axis.values.astype(np.float64)
    if len(values) == 1:
        half = 0.5
        return float(values[0] - half), float(values[0] + half), False
    step = float(values[-1] - values[0]) / (len(values) - 1)
    even = values[0] + step * np.arange(len(values))
    if step == 0 or not np.isfinite(values).all() or np.abs(values - even).max() > UNEVEN * abs(step):
        raise SourceError(
            f"rast: {path}: {name}: the coordinate {axis.name} must be evenly spaced to be a raster; regrid it first"
        )
    low, high = sorted((float(values[0]), float(values[-1])))
    half = abs(step) / 2
    noise = max(abs(low), abs(high), half) * float(
        np.finfo(axis.values.dtype).eps if axis.values.dtype.kind == "f" else 1e-15
    )
    digits = int(np.floor(-np.log10(2 * noise)))
    return round(low - half, digits), round(high + half, digits), step < 0


def _crs(told: Mapping[str, Any], variables: Mapping[str, Any], x: _Axis, y: _Axis) -> str:
    mapping = str(told.get("grid_mapping", "")).split(":")[0].strip()
    if mapping in variables:
        given = attributes(variables[mapping])
        for key in ("crs_wkt", "spatial_ref"):
            if isinstance(given.get(key), str) and given[key]:
                return parse_crs(given[key])
        wkt = _from_cf(given)
        if wkt:
            return wkt
    units = str(x.attributes.get("units", "")).lower(), str(y.attributes.get("units", "")).lower()
    degrees = units[0] in _EAST and units[1] in _NORTH
    named = (
        x.name.lower() in ("lon", "longitude") and y.name.lower() in ("lat", "latitude") and "m" not in units
    )
    return parse_crs(LONLAT) if degrees or named else ""


def _from_cf(given: Mapping[str, Any]) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return parse_crs(CRS.from_cf(dict(given)).to_wkt())
    except (CRSError, KeyError):
        return ""


def _codes(told: Mapping[str, Any], dtype: np.dtype[Any]) -> tuple[float, ...]:
    """Codes for missing that the type can hold."""
    codes: list[float] = []
    for key in ("_FillValue", "missing_value"):
        for value in np.ravel(told.get(key, ())):
            if isinstance(value, str | bytes):
                continue
            number = float(np.asarray(value).astype(dtype)) if dtype.kind == "f" else float(value)
            if number not in codes and not any(np.isnan(c) and np.isnan(number) for c in codes):
                codes.append(number)
    return tuple(codes)


def _layers(
    name: str, told: Mapping[str, Any], others: Sequence[_Axis], source: NetcdfSource, plain: bool
) -> tuple[Layer, ...]:
    count = int(np.prod([axis.size for axis in others])) if others else 1
    places = np.indices([axis.size for axis in others]).reshape(len(others), count)
    labels = told.get("layer_names")
    names = (
        [str(v) for v in labels]
        if isinstance(labels, list) and len(labels) == count
        else _names(name, others, places)
    )
    times = _stamps(others, places)
    depths = _depths(others, places)
    table = _flags(told) if plain else None
    whole = np.dtype(source.dtype).kind in "iu" and plain
    kind = "factor" if table else "bool" if told.get("values") == "bool" else "int" if whole else "num"
    code = source.nodata[0] if source.nodata else None
    units = told.get("layer_units")
    own = (
        [str(v) for v in units]
        if isinstance(units, list) and len(units) == count
        else [str(told.get("units", ""))] * count
    )
    return tuple(
        Layer(
            names[i],
            kind,  # type: ignore[arg-type]
            storage=source.dtype if plain else "float64",
            nodata=(int(code) if whole and code is not None and float(code).is_integer() else code)
            if plain
            else None,
            categories=table,
            time=times[i][0] if times else None,
            step=times[i][1] if times else "",
            unit="" if own[i] == "1" else own[i],
            depth=depths[i] if depths else None,
            long_name=str(told.get("long_name", "")),
        )
        for i in range(count)
    )


def _names(name: str, others: Sequence[_Axis], places: NDArray[Any]) -> list[str]:
    """Names as terra makes them: ``temp``, ``temp_1``, ``temp_depth=5_1``."""
    if not others:
        return [name]
    count = places.shape[1]
    steps = [i for i, axis in enumerate(others) if axis.role == "t"]
    if len(others) == 1 and (steps or others[0].values is None):
        return [f"{name}_{i + 1}" for i in range(count)] if count > 1 else [name]
    made = []
    for k in range(count):
        parts = [name]
        for i, axis in enumerate(others):
            if i not in steps:
                value = places[i, k] + 1 if axis.values is None else axis.values[places[i, k]]
                parts.append(f"{axis.name}={value:g}")
        parts += [str(places[i, k] + 1) for i in steps]
        made.append("_".join(parts))
    return made


def _stamps(others: Sequence[_Axis], places: NDArray[Any]) -> cf_time.Times | None:
    for i, axis in enumerate(others):
        if axis.role == "t" and axis.values is not None:
            units, calendar = (
                str(axis.attributes.get("units", "")),
                str(axis.attributes.get("calendar", "standard")),
            )
            times = cf_time.decode(axis.values, units, calendar)
            return [times[k] for k in places[i]]
    return None


def _depths(others: Sequence[_Axis], places: NDArray[Any]) -> list[float] | None:
    for i, axis in enumerate(others):
        if axis.role == "z" and axis.values is not None:
            return [float(axis.values[k]) for k in places[i]]
    return None


def _flags(told: Mapping[str, Any]) -> Categories | None:
    """The table behind values that stand for something."""
    values, meanings = told.get("flag_values"), told.get("flag_meanings")
    if values is None or not isinstance(meanings, str):
        return None
    codes = [int(v) for v in np.ravel(values)]
    labels = meanings.split()
    if len(codes) != len(labels):
        return None
    return Categories(("value", "label"), tuple(zip(codes, labels, strict=True)))
