"""Where the cells of a variable lie: its dimensions and their roles, edges of cells, the coordinate reference system."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pyterra.errors import ArgumentError, SourceError
from pyterra.expr import Read
from pyterra.frozen import dataclass
from pyterra.grid import Grid
from pyterra.grid.crs import LONLAT, is_lonlat, parse_crs, to_pyproj
from pyterra.grid.extent import Extent
from pyterra.grid.geolocation import SENSOR, Geolocation
from pyterra.io.located import ReadArrays
from pyterra.io.store import cf_time
from pyterra.io.store.cf import Labelled

UNEVEN = 0.1
"""Coordinates may lie off their even places by so much of a cell."""
_X_NAMES = ("x", "lon", "longitude", "easting", "rlon", "nav_lon", "long")
_Y_NAMES = ("y", "lat", "latitude", "northing", "rlat", "nav_lat")
_Z_NAMES = ("depth", "lev", "level", "height", "z", "plev", "altitude")
_X_STANDARD = ("longitude", "projection_x_coordinate", "grid_longitude", "projection_x_angular_coordinate")
_Y_STANDARD = ("latitude", "projection_y_coordinate", "grid_latitude", "projection_y_angular_coordinate")
_EAST = ("degrees_east", "degree_east", "degrees_e", "degree_e", "degreese", "degreee")
_NORTH = ("degrees_north", "degree_north", "degrees_n", "degree_n", "degreesn", "degreen")
_METRES = {
    "m": 1.0, "meter": 1.0, "metre": 1.0, "meters": 1.0, "metres": 1.0, "km": 1e3, "kilometer": 1e3, "kilometre": 1e3,
    "kilometers": 1e3, "kilometres": 1e3, "cm": 0.01, "mm": 0.001, "dm": 0.1, "hm": 100.0, "dam": 10.0, "mi": 1609.344,
    "ft": 0.3048, "foot": 0.3048, "feet": 0.3048, "us_survey_foot": 1200 / 3937, "us survey foot": 1200 / 3937,
}  # fmt: skip
_RADIANS = {
    "rad": 1.0, "radian": 1.0, "radians": 1.0, "microradian": 1e-6, "microradians": 1e-6, "urad": 1e-6,
    "milliradian": 1e-3, "mrad": 1e-3, "degree": np.pi / 180, "degrees": np.pi / 180,
}  # fmt: skip
_WKT = ("crs_wkt", "spatial_ref", "esri_pe_string", "wkt", "proj:wkt2")
_CODES = (
    "crs",
    "epsg",
    "epsg_code",
    "EPSG_code",
    "proj:code",
    "proj:epsg",
    "proj4",
    "proj4text",
    "proj4string",
)

Variables = Mapping[str, Labelled]


@dataclass(frozen=True)
class Axis:
    """A dimension of a variable."""

    name: str
    size: int
    coordinate: Labelled | None
    """Its coordinate, where it has one."""
    role: str
    """x, y, t, z, or nothing."""

    @cached_property
    def values(self) -> NDArray[np.float64] | None:
        """The coordinate in float64; None where there is none or it is no numbers."""
        there = self.coordinate is not None and self.coordinate.is_numbers
        return self.coordinate.values() if there and self.coordinate is not None else None

    @property
    def labels(self) -> list[str] | None:
        """The coordinate as texts; None where it is none."""
        if self.coordinate is None or self.coordinate.dtype.kind not in "OSUT":
            return None
        found = np.asarray(self.coordinate.read())
        texts = [v.decode("utf-8", "replace") if isinstance(v, bytes) else v for v in found.tolist()]
        return texts if all(isinstance(v, str) for v in texts) else None

    @property
    def units(self) -> str:
        """Units of the coordinate in lower case."""
        return self.coordinate.text("units").lower() if self.coordinate is not None else ""


@dataclass(frozen=True)
class Placed:
    """A variable on a grid."""

    grid: Grid
    axes: tuple[Axis, ...]
    """All dimensions in the order of the variable."""
    y: int
    x: int
    """Which of them are rows and columns."""
    upside_down: bool
    """Whether the first row is the southernmost."""
    mirrored: bool
    """Whether the first column is the easternmost."""
    told_by_transform: bool = False
    """Whether a geotransform tells where it lies and how large cells are, where coordinates do not."""
    bounded: tuple[bool, bool] = (False, False)
    """Whether bounds of coordinates tell the size of cells, of rows and of columns."""
    arrays: tuple[Labelled, Labelled] | None = None
    """The arrays of x and y that place the cells, where the dimensions do not."""

    @property
    def others(self) -> tuple[Axis, ...]:
        """Dimensions that are neither rows nor columns."""
        return tuple(axis for i, axis in enumerate(self.axes) if i not in (self.x, self.y))


def axes_of(variable: Labelled, variables: Variables) -> tuple[Axis, ...]:
    """The dimensions of a variable."""
    made = []
    for dim, size in zip(variable.dims, variable.shape, strict=True):
        found = near(variables, dim, variable.name)
        if found is not None and (found.dims != (dim,) or found.shape != (size,)):
            found = None
        made.append(Axis(dim, size, found, role_of(dim, found)))
    return tuple(made)


def near(variables: Variables, name: str, where: str) -> Labelled | None:
    """A variable as another one names it: in its own group, or in one around it."""
    group = where.rpartition("/")[0]
    while True:
        found = variables.get(f"{group}/{name}" if group else name)
        if found is not None or not group:
            return found
        group = group.rpartition("/")[0]


def role_of(name: str, coordinate: Labelled | None) -> str:
    """What a dimension stands for: x, y, t, z, or nothing."""
    if coordinate is not None:
        axis = coordinate.text("axis").lower()
        standard, units = coordinate.text("standard_name").lower(), coordinate.text("units").lower()
        if axis in ("x", "y", "z", "t"):
            return axis
        if standard in _X_STANDARD or units in _EAST:
            return "x"
        if standard in _Y_STANDARD or units in _NORTH:
            return "y"
        if standard == "time" or cf_time.is_time_unit(units) or coordinate.dtype.kind == "M":
            return "t"
        if coordinate.text("positive"):
            return "z"
    plain = name.rpartition("/")[2].lower()
    for role, names in (("x", _X_NAMES), ("y", _Y_NAMES), ("t", ("time", "year", "years")), ("z", _Z_NAMES)):
        if plain in names:
            return role
    return ""


def has_rows_and_columns(variable: Labelled, variables: Variables) -> bool:
    """Whether dimensions of a variable are told to be rows and columns."""
    roles = [axis.role for axis in axes_of(variable, variables)]
    return roles.count("x") == 1 and roles.count("y") == 1


def placed(variable: Labelled, variables: Variables, where: str) -> Placed:
    """A variable on its grid; `where` begins the text of errors.

    Raises
    ------
    SourceError
        Where it has no rows and columns, or its cells are not evenly spaced.
    """
    axes = axes_of(variable, variables)
    y, x = _rows_and_columns(axes, variable, where)
    mapping = grid_mapping(variable, variables)
    given = dict(mapping.told) if mapping is not None else {}
    transform = _transform(given)
    arrays = None if transform[0].step else _arrays_of(variable, (axes[y], axes[x]), variables, where)
    if arrays is not None:
        return _counted(axes, y, x, arrays)
    crs = _crs(variable, given, axes[x], axes[y])
    west, east, mirrored = _edges(axes[x], crs, given, transform[0], variables, where)
    south, north, falling = _edges(axes[y], crs, given, transform[1], variables, where)
    grid = Grid(Extent(west, east, south, north), axes[y].size, axes[x].size, crs)
    bounded = _width(axes[y], variables) > 0, _width(axes[x], variables) > 0
    return Placed(grid, axes, y, x, not falling, mirrored, bool(transform[0].step), bounded)


def _rows_and_columns(axes: Sequence[Axis], variable: Labelled, where: str) -> tuple[int, int]:
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
        raise SourceError(f"{where} has no dimensions for rows and columns, got {[a.name for a in axes]}")
    return y, x


def _arrays_of(
    variable: Labelled, axes: tuple[Axis, Axis], variables: Variables, where: str
) -> tuple[Labelled, Labelled] | None:
    """The arrays of x and y that place each cell where the dimensions do not: those it names, or those beside it."""
    if all(axis.coordinate is not None and not _counts(axis) for axis in axes):
        return None
    named = [near(variables, name, variable.name) for name in variable.text("coordinates").split()]
    for candidates in (named, list(variables.values())):
        flat = [v for v in candidates if v is not None and v.dims == (axes[0].name, axes[1].name)]
        found = {role: [v for v in flat if _place_of(v) == role] for role in ("x", "y")}
        if len(found["x"]) == len(found["y"]) == 1:
            return found["x"][0], found["y"][0]
        if candidates is named and len(flat) > 1:
            raise SourceError(
                f"{where} has arrays of coordinates ({', '.join(v.name for v in flat)}) that do not tell which of them "
                "is longitude and which latitude; give them a standard_name or units such as degrees_east"
            )
    return None


def _place_of(array: Labelled) -> str:
    """Whether an array is told to be x or y; by its name alone where nothing else is said."""
    told = array.text("standard_name") or array.text("units")
    return role_of(array.name if not told or told.startswith("degree") else "", array)


def _counts(axis: Axis) -> bool:
    """Whether a coordinate only counts cells."""
    values, told = axis.values, axis.coordinate is not None and axis.coordinate.text("standard_name")
    if values is None or told or axis.units not in ("", "1"):
        return False
    return bool((np.diff(values) == 1).all()) and values[0] in (0, 1)


def _counted(axes: tuple[Axis, ...], y: int, x: int, arrays: tuple[Labelled, Labelled] | None) -> Placed:
    """A variable on a grid that counts its rows from the top and its columns."""
    nrow, ncol = axes[y].size, axes[x].size
    grid = Grid(Extent(0, ncol, 0, nrow), nrow, ncol, SENSOR)
    return Placed(grid, axes, y, x, upside_down=False, mirrored=False, arrays=arrays)


def placed_by_arrays(place: Placed, make: Callable[[Labelled, Placed], Read], *token: Hashable) -> Placed:
    """The same with the arrays that place its cells, as `make` reads an array; `token` tells where they lie."""
    if place.arrays is None:
        return place
    grid, x, y = place.grid, *place.arrays
    nodes = [
        make(array, _counted((place.axes[place.y], place.axes[place.x]), 0, 1, None)) for array in (x, y)
    ]
    arrays = ReadArrays((*token, x.name, y.name), *nodes)
    told = Geolocation(arrays, parse_crs(LONLAT), grid.extent, (grid.nrow, grid.ncol))
    return replace(place, grid=replace(grid, geolocation=told))


# Edges


class Transform(NamedTuple):
    """What a geotransform says of an axis."""

    origin: float
    step: float
    """0 where there is none."""
    usual: float
    """Sign of the step that is usual: columns from the west, rows from the north."""


def _edges(
    axis: Axis, crs: str, given: Mapping[str, Any], transform: Transform, variables: Variables, where: str
) -> tuple[float, float, bool]:
    """Outer edges, low and high, and whether the coordinate falls."""
    values = axis.values
    if values is None or axis.coordinate is None:
        origin, step = (transform.origin, transform.step) if transform.step else (0.0, 1.0)
        low, high = sorted((origin, origin + step * axis.size))
        return low, high, (transform.step or transform.usual) < 0
    factor = _factor(axis, crs, given)
    values = values * factor
    if axis.role == "x" and (is_lonlat(crs) or axis.units in _EAST):
        values = unwrapped(values)
    if len(values) == 1:
        half = abs(_width(axis, variables) * factor or transform.step or 1.0) / 2
        return float(values[0] - half), float(values[0] + half), transform.usual < 0
    step = float(values[-1] - values[0]) / (len(values) - 1)
    even = values[0] + step * np.arange(len(values))
    if step == 0 or not np.isfinite(values).all() or np.abs(values - even).max() > UNEVEN * abs(step):
        gaps = np.abs(np.diff(values))
        raise SourceError(
            f"{where}: the coordinate {axis.name} must be evenly spaced to be a raster, got steps from "
            f"{gaps.min():g} to {gaps.max():g}; regrid it first"
        )
    low, high = sorted((float(values[0]), float(values[-1])))
    half = abs(step) / 2
    noise = max(abs(low), abs(high), half) * _precision(axis.coordinate)
    digits = int(np.floor(-np.log10(2 * noise)))
    return round(low - half, digits), round(high + half, digits), step < 0


def unwrapped(longitudes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Longitudes in one row where they pass the end of their circle: 359.5, 0, 0.5 as -0.5, 0, 0.5.

    Examples
    --------
    >>> unwrapped(np.array([179.0, 180.0, -179.0, -178.0])).tolist()
    [179.0, 180.0, 181.0, 182.0]
    """
    steps = np.diff(longitudes)
    if not steps.size or not np.isfinite(steps).all():
        return longitudes
    usual = float(np.median(steps - 360 * np.round(steps / 360)))
    turns = np.concatenate([[0.0], np.cumsum(np.round((steps - usual) / 360))]) * 360
    if not turns.any():
        return longitudes
    first, last = (
        longitudes - turns,
        longitudes - turns + turns[-1],
    )  # the first, or the last, stays where it is
    inside = first.min() >= -180 and first.max() <= 360
    return first if inside else last


def _precision(coordinate: Labelled) -> float:
    """Relative error of a coordinate."""
    scale = coordinate.told.get("scale_factor")
    kinds = [coordinate.dtype, *([] if scale is None else [np.asarray(scale).dtype])]
    narrow = [float(np.finfo(kind).eps) for kind in kinds if kind.kind == "f" and kind.itemsize < 8]
    return max(narrow, default=1e-15)


def _width(axis: Axis, variables: Variables) -> float:
    """Cell size of a single coordinate, from its bounds; 0 where they are not told."""
    if axis.coordinate is None or not axis.coordinate.text("bounds"):
        return 0.0
    bounds = near(variables, axis.coordinate.text("bounds"), axis.coordinate.name)
    if bounds is None or bounds.shape != (1, 2) or not bounds.is_numbers:
        return 0.0
    low, high = np.sort(bounds.values()[0])
    return float(high - low)


def _transform(given: Mapping[str, Any]) -> tuple[Transform, Transform]:
    """What a geotransform says of x and of y.

    It counts only where coordinates do not tell: they are what is cut and joined, it is left behind.
    """
    try:
        numbers = [float(v) for v in str(given.get("GeoTransform", "")).split()]
    except ValueError:
        numbers = []
    if len(numbers) != 6:
        numbers = [0.0] * 6
    return Transform(numbers[0], numbers[1], 1.0), Transform(numbers[3], numbers[5], -1.0)


def _factor(axis: Axis, crs: str, given: Mapping[str, Any]) -> float:
    """What makes units of the CRS from those of a coordinate."""
    units = axis.units
    if not crs or not units:
        return 1.0
    if is_lonlat(crs):
        return 180 / np.pi * _RADIANS[units] if units in _RADIANS and not units.startswith("degree") else 1.0
    system = to_pyproj(crs)
    unit = system.axis_info[0].unit_conversion_factor if system.axis_info else 1.0
    if units in _RADIANS:  # scanning angles of a satellite
        height = given.get("perspective_point_height", system.to_cf().get("perspective_point_height"))
        return _RADIANS[units] * float(height) / unit if height is not None else 1.0
    return _METRES[units] / unit if units in _METRES else 1.0


# Coordinate reference systems


def grid_mapping(variable: Labelled, variables: Variables) -> Labelled | None:
    """The variable that tells the CRS of another: the one it names, or the only one there is."""
    for name in variable.text("grid_mapping").replace(":", " ").split():
        found = near(variables, name, variable.name)
        if found is not None:
            return found
    told = [v for v in variables.values() if v.shape in ((), (1,)) and _tells_crs(v.told)]
    return told[0] if len(told) == 1 else None


def _tells_crs(told: Mapping[str, Any]) -> bool:
    return (
        "grid_mapping_name" in told
        or "GeoTransform" in told
        or any(isinstance(told.get(key), str) and told[key] for key in _WKT)
    )


def _crs(variable: Labelled, given: Mapping[str, Any], x: Axis, y: Axis) -> str:
    for told in (given, variable.told):
        for key in (*_WKT, *_CODES):
            found = _parsed(told.get(key))
            if found:
                return found
        if "grid_mapping_name" in told:
            found = _from_cf(told)
            if found:
                return found
    degrees = x.units in _EAST and y.units in _NORTH
    named = x.name.rpartition("/")[2].lower() in ("lon", "longitude", "long") and y.name.rpartition("/")[
        2
    ].lower() in ("lat", "latitude")
    lengths = {x.units, y.units} & set(_METRES)
    return parse_crs(LONLAT) if degrees or (named and not lengths) else ""


def _parsed(value: Any) -> str:
    """The CRS that an attribute names; nothing where it names none."""
    if isinstance(value, np.integer | np.floating | float) and float(value).is_integer():
        value = int(value)
    if value is None or isinstance(value, bool) or (isinstance(value, str) and not value.strip()):
        return ""
    if isinstance(value, str):
        code = re.fullmatch(r"(?:\+?init=)?(?:epsg:)?(\d+)", value.strip(), re.IGNORECASE)
        value = int(code[1]) if code else value
    try:
        return parse_crs(value)
    except ArgumentError:
        return ""


def _from_cf(given: Mapping[str, Any]) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    plain = {key: value.tolist() if hasattr(value, "tolist") else value for key, value in given.items()}
    try:
        return parse_crs(CRS.from_cf(plain).to_wkt())
    except (CRSError, KeyError, TypeError, ValueError):
        return ""
