"""NetCDF-4 as a sink: variables with CF coordinates, times and coordinate reference system."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pyterra.errors import ArgumentError, PyterraWarning, WriteError
from pyterra.expr import Layer, Node
from pyterra.expr.times import alike, common_step
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.io import cf_time
from pyterra.io.cf_layers import told_of
from pyterra.io.encoding import Encoding, Stored
from pyterra.io.parts import Output, check_free_space

CHUNK = 256


@dataclass(frozen=True)
class Written:
    """One variable as it is to be written."""

    name: str
    node: Node
    encoding: Encoding
    long_name: str
    unit: str


class CdfFile:
    """A file under way. Use as a context manager; nothing stands under the path until `finish`."""

    def __init__(
        self,
        path: str | os.PathLike[str],
        variables: Sequence[Written],
        *,
        overwrite: bool,
        compression: int,
        zname: str,
        attributes: Mapping[str, Any],
    ) -> None:
        try:
            import h5netcdf
        except ImportError as error:
            raise ImportError(
                f"write_cdf: needs {error.name}; install it with: pip install 'pyterra-geo[netcdf]'"
            ) from None
        self.variables, self._compression, self._zname = variables, compression, zname
        self._output = Output(path, overwrite=overwrite)
        self.path = self._output.path
        self._part = self._output.part(".nc")
        self._file: Any = None
        try:
            need = sum(
                len(v.node.layers) * v.node.grid.cells * np.dtype(v.encoding.dtype).itemsize
                for v in variables
            )
            check_free_space(self.path, need)
            self._file = h5netcdf.File(self._part, "w")
            self._describe(attributes)
        except BaseException:
            self.close()
            raise

    def _describe(self, attributes: Mapping[str, Any]) -> None:
        file, grid = self._file, self.variables[0].node.grid
        file.attrs["Conventions"] = "CF-1.8"
        for key, value in attributes.items():
            file.attrs[key] = value
        x, y = ("longitude", "latitude") if grid.is_lonlat else ("easting", "northing")
        file.dimensions = {y: grid.nrow, x: grid.ncol}
        _coordinates(file, grid, x, y)
        if grid.crs:
            _crs(file, grid)
        for variable in self.variables:
            self._variable(variable, x, y)

    def _variable(self, given: Written, x: str, y: str) -> None:
        file, layers, grid = self._file, given.node.layers, given.node.grid
        dims = _third(file, layers, self._zname, given.name)
        shape = tuple(file.dimensions[d].size for d in dims)
        chunks = (1,) * len(dims) + (min(CHUNK, grid.nrow), min(CHUNK, grid.ncol))
        packed = (
            {"compression": "gzip", "compression_opts": self._compression, "shuffle": True}
            if self._compression
            else {}
        )
        dtype = np.dtype(given.encoding.dtype)
        code = given.encoding.nodata
        made = file.create_variable(
            given.name,
            (*dims, y, x),
            dtype,
            fillvalue=None if code is None else dtype.type(code),
            chunks=chunks,
            **packed,
        )
        assert made.shape == (*shape, grid.nrow, grid.ncol)
        told = {**told_of(layers, dtype), "long_name": given.long_name, "units": given.unit}
        if code is None:
            told["_NoFill"] = "true"  # else the default code for missing would be looked for
        if grid.crs:
            told["grid_mapping"] = "crs"
        if given.encoding.scale != 1 or given.encoding.offset != 0:
            told |= {"scale_factor": given.encoding.scale, "add_offset": given.encoding.offset}
        for key, value in told.items():
            if not (isinstance(value, str) and value == ""):
                made.attrs[key] = np.array(value, dtype=object) if isinstance(value, list) else value

    def sink(self, variable: Written) -> CdfSink:
        """Where the blocks of a variable go."""
        return CdfSink(self._file.variables[variable.name], variable, self.path)

    def finish(self) -> None:
        """Close the file and put it in place."""
        try:
            self._file.close()
        except (OSError, RuntimeError) as error:
            raise WriteError(f"write: {self.path} could not be completed: {error}") from error
        self._file = None
        self._output.publish(self._part)

    def close(self) -> None:
        """Remove what was not finished."""
        import contextlib

        if self._file is not None:
            with contextlib.suppress(Exception):
                self._file.close()
            self._file = None
        self._output.close()

    def __enter__(self) -> CdfFile:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class CdfSink:
    """Blocks of one variable."""

    def __init__(self, variable: Any, given: Written, path: Any) -> None:
        self._variable, self._given, self._path = variable, given, path

    @property
    def tile(self) -> tuple[int, int] | None:
        """Chunks of the file."""
        grid = self._given.node.grid
        return min(CHUNK, grid.nrow), min(CHUNK, grid.ncol)

    @property
    def bytes_per_cell(self) -> float:
        """Stored numbers of a block, on their way."""
        return len(self._given.node.layers) * (2.0 * np.dtype(self._given.encoding.dtype).itemsize + 8.0)

    @property
    def stored_per_cell(self) -> float:
        """Stored numbers of all layers."""
        return float(len(self._given.node.layers) * np.dtype(self._given.encoding.dtype).itemsize)

    def encoder(self) -> Encoding:
        """Values to stored numbers, done by the workers."""
        return self._given.encoding

    def put(self, window: Window, data: Stored) -> None:
        """Write a block."""
        rows, cols = slice(window.row, window.row_stop), slice(window.col, window.col_stop)
        others = self._variable.shape[:-2]
        try:
            for i, layer in enumerate(data.numbers):
                place = tuple(int(p) for p in np.unravel_index(i, others)) if others else ()
                self._variable[(*place, rows, cols)] = layer
        except (OSError, RuntimeError) as error:
            raise WriteError(f"write: {self._path}, {window} could not be written: {error}") from error


def _coordinates(file: Any, grid: Grid, x: str, y: str) -> None:
    across = grid.x_from_col(np.arange(grid.ncol))
    down = grid.y_from_row(np.arange(grid.nrow))
    if grid.is_lonlat:
        told = {x: ("degrees_east", "longitude"), y: ("degrees_north", "latitude")}
    else:
        unit = _unit(grid)
        told = {x: (unit, "projection_x_coordinate"), y: (unit, "projection_y_coordinate")}
    for name, values, axis in ((y, down, "Y"), (x, across, "X")):
        made = file.create_variable(name, (name,), np.float64, data=values)
        made.attrs["units"], made.attrs["standard_name"] = told[name]
        made.attrs["long_name"], made.attrs["axis"] = name, axis


def _unit(grid: Grid) -> str:
    if not grid.crs:
        return "1"
    name = str(to_pyproj(grid.crs).axis_info[0].unit_name) if to_pyproj(grid.crs).axis_info else "metre"
    return {"metre": "m", "meter": "m"}.get(name, name)


def _crs(file: Any, grid: Grid) -> None:
    made = file.create_variable("crs", (), np.int32, data=np.int32(0))
    crs = to_pyproj(grid.crs)
    for key, value in crs.to_cf().items():
        if key != "crs_wkt" and not (isinstance(value, str) and value in ("", "undefined", "unknown")):
            made.attrs[key] = np.asarray(value) if isinstance(value, list | tuple) else value
    made.attrs["crs_wkt"] = grid.crs
    made.attrs["spatial_ref"] = crs.to_wkt("WKT1_GDAL")
    e = grid.extent
    made.attrs["GeoTransform"] = f"{e.xmin!r} {grid.xres!r} 0 {e.ymax!r} 0 {-grid.yres!r}"


def _third(file: Any, layers: Sequence[Layer], zname: str, name: str) -> tuple[str, ...]:
    """The dimensions along which layers lie: time, depth, both, or their number."""
    if len(layers) == 1 and layers[0].time is None and layers[0].depth is None:
        return ()
    layers = alike(tuple(layers))
    timed = bool(common_step(layers))
    deep = all(layer.depth is not None for layer in layers)
    times = list(dict.fromkeys(layer.time for layer in layers)) if timed else []
    depths = list(dict.fromkeys(layer.depth for layer in layers)) if deep else []
    if timed and deep and len(times) * len(depths) == len(layers):
        ordered = [(t, d) for t in times for d in depths]
        if ordered == [(layer.time, layer.depth) for layer in layers]:
            return _time(file, times, layers[0].step, zname), _depth(file, depths)
    if timed and len(times) == len(layers):
        return (_time(file, times, layers[0].step, zname),)
    if timed:
        warnings.warn(
            "write_cdf: the times of the layers must differ to be an axis of the file; they are left out",
            PyterraWarning,
            stacklevel=2,
        )
    if deep and len(depths) == len(layers):
        return (_depth(file, depths),)
    return (
        _dimension(
            file,
            f"{name}_layer" if "layer" in file.dimensions else "layer",
            np.arange(1, len(layers) + 1),
            {},
        ),
    )


def _time(file: Any, times: Sequence[Any], step: str, zname: str) -> str:
    numbers, told = cf_time.encode(times, step)
    return _dimension(file, zname, numbers, told)


def _depth(file: Any, depths: Sequence[Any]) -> str:
    return _dimension(
        file, "depth", np.array(depths, np.float64), {"axis": "Z", "long_name": "depth", "positive": "down"}
    )


def _dimension(file: Any, name: str, values: Any, told: Mapping[str, str]) -> str:
    """A dimension with its coordinate; that of another variable where it is the same."""
    base, i = name, 1
    while name in file.dimensions:
        known = file.variables[name]
        if (
            known.shape == values.shape
            and (np.asarray(known[:]) == values).all()
            and known.attrs.get("units") == told.get("units")
        ):
            return name
        i += 1
        name = f"{base}_{i}"
    file.dimensions[name] = len(values)
    made = file.create_variable(name, (name,), values.dtype, data=values)
    for key, value in told.items():
        made.attrs[key] = value
    return name


def check_name(name: str) -> str:
    """The name, if a variable may have it.

    Raises
    ------
    ArgumentError
        Otherwise.
    """
    if not name or "/" in name or not name.isprintable() or not (name[0].isalpha() or name[0] == "_"):
        raise ArgumentError(
            f"write_cdf: the name of a variable must begin with a letter and have no slash, got {name!r}"
        )
    return name
