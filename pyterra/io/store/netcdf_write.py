"""NetCDF-4 as a sink: variables with CF coordinates, times and coordinate reference system."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from pyterra.errors import ArgumentError, SinkError, WriteError, warn
from pyterra.expr import Array, Layer, Node
from pyterra.expr.times import alike, common_step
from pyterra.frozen import dataclass
from pyterra.grid import Grid, Window
from pyterra.grid.crs import to_pyproj
from pyterra.io.gathered import Gathered
from pyterra.io.raster.encoding import Encoding, Stored
from pyterra.io.safe.aside import Aside
from pyterra.io.safe.parts import Output, check_free_space, flush_to_disk
from pyterra.io.safe.verify import Digests
from pyterra.io.store import cf_time
from pyterra.io.store.cf_layers import told_of
from pyterra.io.store.hdf_file import HdfFile
from pyterra.options import current

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
    """A file under way. Use as a context manager; nothing stands under the path until `finish`.

    As with `SafeRaster`, the path holds what it held before or the whole result; what was written is read back.
    """

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
        self._aside = Aside()
        self._file: Any = None
        self._disk: HdfFile | None = None
        self._digests: Digests[_Piece] = Digests(current().verify)
        self._above: dict[str, tuple[int, ...]] = {}
        """Lengths of the dimensions before rows and columns, of every variable."""
        try:
            need = sum(
                len(v.node.layers) * v.node.grid.cells * np.dtype(v.encoding.dtype).itemsize
                for v in variables
            )
            check_free_space(self.path, need)
            with self._watched("the header"):
                self._aside(self._begin, h5netcdf.File, attributes)
        except BaseException:
            self.close()
            raise

    def _begin(self, opener: Callable[..., Any], attributes: Mapping[str, Any]) -> None:
        self._disk = HdfFile(self._part)
        # Without a cache of chunks what a block loses is known at once, not when a later one takes its place.
        self._file = opener(self._disk, "w", rdcc_nbytes=0)
        self._describe(attributes)

    @contextmanager
    def _watched(self, what: str) -> Iterator[None]:
        """Raise what HDF5 or the disk lost inside the block as `WriteError`."""
        error: Exception | None = None
        try:
            yield
        except (OSError, RuntimeError, KeyError) as raised:
            if isinstance(raised, SinkError):
                raise
            error = raised
        error = (self._disk and self._disk.failure) or error
        if error is not None:
            cause = getattr(error, "strerror", None) or error
            raise WriteError(f"write: {self.path}, {what}: {cause}") from error

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
        self._above[given.name] = shape
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
        return CdfSink(self, variable)

    def put(self, variable: Written, window: Window, numbers: Array, layers: range) -> None:
        """Write a block of some layers of a variable."""
        above = self._above[variable.name]
        for i, layer in zip(layers, numbers, strict=True):
            piece = _Piece(variable.name, variable.node.layers[i].name, _place(i, above), window)
            with self._watched(str(piece)):
                self._aside(self._put, piece, layer)
            end = window.row_stop, window.col_stop, i + 1
            grid = variable.node.grid
            last = end == (grid.nrow, grid.ncol, len(variable.node.layers))
            self._digests.add(piece, layer, last=last and variable is self.variables[-1])

    def _put(self, piece: _Piece, layer: Array) -> None:
        self._file.variables[piece.variable][piece.key] = layer

    def finish(self) -> None:
        """Close the file, read it back, and put it in place."""
        with self._watched("closing"):
            self._aside(self._let_go)
            flush_to_disk(self._part)
        self._read_back()
        self._output.publish(self._part)

    def _read_back(self) -> None:
        """Read the file as any other program does, and compare digests.

        HDF5 has no trouble with a disk that cannot be read, only with one that cannot be written; and through a file
        object of Python it ends the process with a crash when opening failed.
        """
        import h5py

        with self._watched("reading back"):
            file = self._aside(h5py.File, self._part, "r")
        try:
            for piece in self._digests:
                with self._watched(f"{piece}, reading back"):
                    found = self._aside(lambda p: file[p.variable][p.key], piece)
                if self._digests.differ(piece, found):
                    raise WriteError(f"write: {self.path}, {piece}: what was read back differs")
        finally:
            self._aside(file.close)

    def close(self) -> None:
        """Remove what was not finished."""
        try:
            if self._disk is not None:
                self._disk.give_up()
            with suppress(OSError, RuntimeError, KeyError):  # of a file that is not wanted
                self._aside(self._let_go)
        finally:
            self._aside.end()
            self._output.close()

    def _let_go(self) -> None:
        """Close what is open; in the thread that does the rest."""
        file, self._file = self._file, None
        try:
            if file is not None:
                file.close()
        finally:
            if self._disk is not None:
                self._disk.close()

    def __enter__(self) -> CdfFile:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _Piece(NamedTuple):
    """A rectangle of one layer of a variable."""

    variable: str
    layer: str
    place: tuple[int, ...]
    window: Window

    @property
    def key(self) -> tuple[int | slice, ...]:
        """Where it lies in the variable."""
        w = self.window
        return (*self.place, slice(w.row, w.row_stop), slice(w.col, w.col_stop))

    def __str__(self) -> str:
        return f"variable {self.variable!r}, layer {self.layer!r}, {self.window}"


def _place(layer: int, above: tuple[int, ...]) -> tuple[int, ...]:
    """Where a layer lies along the dimensions before rows and columns."""
    return tuple(int(p) for p in np.unravel_index(layer, above)) if above else ()


class CdfSink:
    """Blocks of one variable."""

    def __init__(self, file: CdfFile, given: Written) -> None:
        self._file, self._given = file, given
        node = given.node
        self._gathered = Gathered(
            partial(file.put, given),
            len(node.layers),
            np.dtype(given.encoding.dtype),
            (node.grid.nrow, node.grid.ncol),
            self.tile,
        )

    @property
    def tile(self) -> tuple[int, int]:
        """Chunks of the file."""
        grid = self._given.node.grid
        return min(CHUNK, grid.nrow), min(CHUNK, grid.ncol)

    def encoder(self) -> Encoding:
        """Values to stored numbers, done by the workers."""
        return self._given.encoding

    def put(self, window: Window, data: Stored) -> None:
        """Write a block."""
        self._gathered.put(window, data.numbers)


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
            return _time(file, times, layers[0].step, zname), _depth(file, depths, layers[0])
    if timed and len(times) == len(layers):
        return (_time(file, times, layers[0].step, zname),)
    if timed:
        warn("write_cdf: the times of the layers must differ to be an axis of the file; they are left out")
    if deep and len(depths) == len(layers):
        return (_depth(file, depths, layers[0]),)
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


def _depth(file: Any, depths: Sequence[Any], layer: Layer) -> str:
    name = layer.depth_name or "depth"
    told = {"axis": "Z", "long_name": name} | ({"units": layer.depth_unit} if layer.depth_unit else {})
    if name == "depth":
        told["positive"] = "down"
    return _dimension(file, name, np.array(depths, np.float64), told)


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
