"""resample and project: values on another grid, of the same or another CRS."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from pyterra import kernels
from pyterra.errors import ArgumentError
from pyterra.expr import Array, Constant, Layer, Node, Regrid
from pyterra.extent import SpatExtent
from pyterra.grid import Grid, Window
from pyterra.grid.crs import parse_crs, same_crs, to_pyproj
from pyterra.raster._build import FLOAT64, choice, is_raster, raster

if TYPE_CHECKING:
    from pyterra.raster.spatraster import SpatRaster

Method = Literal[
    "near", "bilinear", "cubic", "cubicspline", "lanczos",
    "average", "sum", "min", "max", "mode", "med", "q1", "q3", "rms",
]  # fmt: skip
SAMPLING = ("near", "bilinear", "cubic", "cubicspline", "lanczos")
AREA = ("average", "sum", "min", "max", "mode", "med", "q1", "q3", "rms")
_ALIASES = {"median": "med", "modal": "mode", "mean": "average", "nearest": "near", "ngb": "near"}


@dataclass(frozen=True)
class Resample:
    """Values at the cells of another grid with the same axes."""

    source: Grid
    target: Grid
    method: str

    @property
    def _ratio(self) -> tuple[float, float]:
        """Source cells per target cell, rows and columns."""
        return self.target.yres / self.source.yres, self.target.xres / self.source.xres

    @property
    def _scale(self) -> tuple[float, float]:
        rows, cols = self._ratio
        return kernels.sample.kernel_scale(rows), kernels.sample.kernel_scale(cols)

    def _positions(self, window: Window) -> tuple[Array, Array]:
        """Centres of the rows and columns of a window, in cells of the source."""
        rows, cols = self._ratio
        top = (self.source.extent.ymax - self.target.extent.ymax) / self.source.yres
        left = (self.target.extent.xmin - self.source.extent.xmin) / self.source.xres
        return (
            top + (np.arange(window.row, window.row_stop) + 0.5) * rows,
            left + (np.arange(window.col, window.col_stop) + 0.5) * cols,
        )

    def _shares(self, window: Window) -> tuple[Any, Any]:
        source, target = self.source, self.target
        weights = kernels.area.area_weights
        rows = weights(
            source.extent.ymax,
            -source.yres,
            source.nrow,
            target.extent.ymax,
            -target.yres,
            window.nrow,
            begin=window.row,
        )
        cols = weights(
            source.extent.xmin,
            source.xres,
            source.ncol,
            target.extent.xmin,
            target.xres,
            window.ncol,
            begin=window.col,
        )
        return rows, cols

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        rows, cols = self._ratio
        if self.method in AREA:
            margin_rows, margin_cols = rows / 2 + 1, cols / 2 + 1
        else:
            scale = self._scale
            margin_rows = kernels.sample.reach(self.method, scale[0]) + 1.0
            margin_cols = kernels.sample.reach(self.method, scale[1]) + 1.0
        y, x = self._positions(window)
        return (_hull(y[[0, -1]], x[[0, -1]], margin_rows, margin_cols, self.source),)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        block, covered = arrays[0], windows[0]
        if block is None or covered is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        origin = (covered.row, covered.col)
        if self.method in AREA:
            rows, cols = self._shares(window)
            out: Array = kernels.area.area_stat(
                block, rows, cols, self.method, origin=origin, out_dtype=dtype
            )
            return out
        y, x = self._positions(window)
        return kernels.sample.sample(
            block, y, x, self.method, origin=origin, scale=self._scale, out_dtype=dtype
        )

    def scratch(self, window: Window, nlyr: int) -> int:
        rows, cols = self._ratio
        fine = (window.nrow * max(rows, 1) + 8) * 16 + (window.ncol * max(cols, 1) + 8) * 16
        return int(window.cells * 16 + fine * 8)

    def between(self, source: Grid, target: Grid) -> Resample:
        """The same for a coarser source and target."""
        return Resample(source, target, self.method)


LATTICE = 16
"""Cells between two positions that are transformed exactly."""
TILE = 4
"""Lattice cells per side of the squares that are all exact or all interpolated."""
LATTICE_ERROR = 1e-4
"""Cells of the source by which an interpolated position may be off; beyond it a square is transformed exactly."""

_local = threading.local()


def _transformer(source: str, target: str) -> Any:
    """This thread's transformer from a CRS to another (PROJ objects belong to a thread)."""
    from pyproj import Transformer

    known: dict[tuple[str, str], Any] = _local.__dict__.setdefault("transformers", {})
    if (source, target) not in known:
        known[source, target] = Transformer.from_crs(to_pyproj(source), to_pyproj(target), always_xy=True)
    return known[source, target]


@dataclass(frozen=True)
class Project:
    """Values at the cells of a grid of another CRS."""

    source: Grid
    target: Grid
    method: str
    scale: tuple[float, float]
    """Of the rows and columns of the kernel, from the sizes of cells in the middle."""

    def exact(self, rows: Array, cols: Array) -> Array:
        """Positions in the source, shape (2, ...), of fractional rows and columns of the target; NaN where undefined."""
        x = self.target.extent.xmin + cols * self.target.xres
        y = self.target.extent.ymax - rows * self.target.yres
        x, y = np.broadcast_arrays(x, y)
        x, y = _transformer(self.target.crs, self.source.crs).transform(x.ravel(), y.ravel())
        out = np.stack(
            [
                (self.source.extent.ymax - np.asarray(y)) / self.source.yres,
                (np.asarray(x) - self.source.extent.xmin) / self.source.xres,
            ]
        )
        out[~np.isfinite(out)] = np.nan
        if self.source.is_global:
            out[1] %= self.source.ncol
        return out.reshape(2, *np.broadcast_shapes(rows.shape, cols.shape))

    def positions(self, window: Window, *, corners: bool = False) -> Array:
        """Positions in the source of the centres (or upper left corners) of cells, shape (2, row, col).

        A lattice is transformed exactly and interpolated, in squares that lie at fixed places of the target and pass a
        test; the others are transformed cell by cell. So a position does not depend on the window.
        """
        half = 0.0 if corners else 0.5
        square = LATTICE * TILE
        row, col = window.row // square, window.col // square
        nrow, ncol = -(-window.row_stop // square) - row, -(-window.col_stop // square) - col
        first, shape = (row * square, col * square), (nrow * square, ncol * square)
        rows0, rows_n = kernels.lattice.node_range(first[0], shape[0], LATTICE)
        cols0, cols_n = kernels.lattice.node_range(first[1], shape[1], LATTICE)
        node_rows = (np.arange(rows0, rows0 + rows_n) * LATTICE + half)[:, None]
        node_cols = (np.arange(cols0, cols0 + cols_n) * LATTICE + half)[None, :]
        found = kernels.lattice.interpolate(self.exact(node_rows, node_cols), LATTICE, first, shape)
        middle_rows = np.arange(first[0] + LATTICE // 2, first[0] + shape[0], LATTICE)
        middle_cols = np.arange(first[1] + LATTICE // 2, first[1] + shape[1], LATTICE)
        truth = self.exact((middle_rows + half)[:, None], (middle_cols + half)[None, :])
        guess = found[:, (middle_rows - first[0])[:, None], (middle_cols - first[1])[None, :]]
        with np.errstate(invalid="ignore"):
            good = (np.abs(truth - guess) <= LATTICE_ERROR).all(axis=0)
        good = good.reshape(nrow, TILE, ncol, TILE).all(axis=(1, 3))
        for i, j in np.argwhere(~good):
            part = Window(first[0] + i * square, first[1] + j * square, square, square)
            exact = self.exact(
                (np.arange(part.row, part.row_stop) + half)[:, None],
                (np.arange(part.col, part.col_stop) + half)[None, :],
            )
            found[:, i * square : (i + 1) * square, j * square : (j + 1) * square] = exact
        rows, cols = window.slices_in(Window(*first, *shape))
        return np.ascontiguousarray(found[:, rows, cols])

    def windows(self, window: Window) -> tuple[Window | None, ...]:
        found = self._wanted(window)
        if not np.isfinite(found).any():
            return (None,)
        rows = np.array([np.nanmin(found[0]), np.nanmax(found[0])])
        cols = np.array([np.nanmin(found[1]), np.nanmax(found[1])])
        margin = (
            (1.0, 1.0)
            if self.method in AREA
            else (
                kernels.sample.reach(self.method, self.scale[0]) + 1.0,
                kernels.sample.reach(self.method, self.scale[1]) + 1.0,
            )
        )
        return (_hull(rows, cols, margin[0], margin[1], self.source),)

    def _wanted(self, window: Window) -> Array:
        if self.method not in AREA:
            return self.positions(window)
        return self.positions(Window(window.row, window.col, window.nrow + 1, window.ncol + 1), corners=True)

    def apply(
        self,
        arrays: tuple[Array | None, ...],
        windows: tuple[Window | None, ...],
        window: Window,
        nlyr: int,
        dtype: np.dtype[Any],
    ) -> Array:
        block, covered = arrays[0], windows[0]
        if block is None or covered is None:
            return np.full((nlyr, window.nrow, window.ncol), np.nan, dtype)
        rows, cols = self._wanted(window)
        origin = (covered.row, covered.col)
        if self.method in AREA:
            out: Array = kernels.footprint.footprint_stat(
                block, rows, cols, self.method, origin=origin, out_dtype=dtype
            )
            return out
        return kernels.sample.sample(
            block, rows, cols, self.method, origin=origin, scale=self.scale, out_dtype=dtype
        )

    def scratch(self, window: Window, nlyr: int) -> int:
        square = LATTICE * TILE
        cells = (window.nrow + 2 * square) * (window.ncol + 2 * square)
        return cells * 16 * 3

    def between(self, source: Grid, target: Grid) -> Project:
        """The same for a coarser source and target."""
        return Project(source, target, self.method, self.scale)


def _hull(rows: Array, cols: Array, margin_rows: float, margin_cols: float, grid: Grid) -> Window | None:
    """The cells around positions between two rows and two columns, inside the grid."""
    row, row_stop = int(np.floor(rows[0] - margin_rows)), int(np.ceil(rows[-1] + margin_rows)) + 1
    col, col_stop = int(np.floor(cols[0] - margin_cols)), int(np.ceil(cols[-1] + margin_cols)) + 1
    return Window(row, col, row_stop - row, col_stop - col).intersection(grid.window)


def _method(x: Node, method: str | None, verb: str) -> str:
    if method is None:
        return "near" if x.layers[0].kind == "factor" else "bilinear"
    return choice(_ALIASES.get(method, method), (*SAMPLING, *AREA), f"{verb}: method")


def _result_layers(node: Node, method: str) -> tuple[tuple[Layer, ...], np.dtype[Any]]:
    same_values = method in ("near", "min", "max", "mode", "med", "q1", "q3")
    layers = []
    for la in node.layers:
        if same_values:
            layers.append(replace(la, range=None))
        elif la.kind == "factor":
            layers.append(replace(la, range=None, storage=None))
        else:
            layers.append(replace(la.number(), unit=la.unit))
    return tuple(layers), node.dtype if same_values else FLOAT64


def resample(x: SpatRaster, y: SpatRaster, method: Method | None = None) -> SpatRaster:
    """Values on the grid of another raster with the same CRS.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster
        Gives the grid; its values are not used.
    method : str, optional
        ``near bilinear cubic cubicspline lanczos`` sample at cell centres (widened when the new cells are larger);
        ``average sum min max mode med q1 q3 rms`` take all cells that a new cell overlaps, average, sum and rms
        weighted by the overlapping area. By default near for factors, else bilinear.

    Returns
    -------
    SpatRaster
        Names of `x`; missing outside.

    Raises
    ------
    CRSMismatchError
        Where both have a CRS and the two differ; use `project`.
    """
    from pyterra.grid.grid import common_crs

    if not is_raster(y):
        raise ArgumentError(
            f"resample: y must be a SpatRaster, got {type(y).__name__}; make a grid with rast()"
        )
    node = x._node
    target = y._node.grid.with_crs(common_crs(node.grid.crs, y._node.grid.crs, "resample"))
    chosen = _method(node, method, "resample")
    if isinstance(node, Constant) and node.skeleton:
        return raster(replace(node, grid=target))
    layers, dtype = _result_layers(node, chosen)
    how = Resample(node.grid, target, chosen)
    return raster(Regrid(grid=target, layers=layers, dtype=dtype, arguments=(node,), method=how))


def project(
    x: SpatRaster,
    y: Any,
    method: Method | None = None,
    *,
    res: float | Sequence[float] | None = None,
    origin: tuple[float, float] | None = None,
    align_only: bool = False,
    mask: bool = False,
) -> SpatRaster:
    """Values in another CRS.

    Parameters
    ----------
    x : SpatRaster
    y : SpatRaster, str, int or CRS
        A raster gives the grid; a CRS alone gets a grid of about as many square cells, as GDAL picks it.
    method : str, optional
        As in `resample`.
    res : float or (float, float), optional
        Cell size in the new CRS, when `y` is a CRS.
    origin : (float, float), optional
        A point that is a corner of cells, when `y` is a CRS.
    align_only : bool
        With a raster `y`: keep its cell size and origin, but cover the extent of `x`.
    mask : bool
        Leave cells missing whose centre lies outside `x` (they are in any case with sampling methods).

    Returns
    -------
    SpatRaster

    Raises
    ------
    ArgumentError
        Where `x` has no CRS.

    Notes
    -----
    Positions are transformed exactly on a lattice of 16 cells and interpolated between where that is good to 1e-4
    cells, else cell by cell.
    """
    node = x._node
    if not node.grid.crs:
        raise ArgumentError("project: the raster must have a CRS; set .crs first")
    target = _target(node.grid, y, res, origin, align_only)
    chosen = _method(node, method, "project")
    if isinstance(node, Constant) and node.skeleton:
        return raster(replace(node, grid=target))
    layers, dtype = _result_layers(node, chosen)
    how: Any
    if same_crs(node.grid.crs, target.crs):
        how = Resample(node.grid, target, chosen)
    else:
        how = Project(node.grid, target, chosen, (1.0, 1.0))
        if chosen in SAMPLING:
            how = replace(how, scale=_kernel_scale(how))
    return raster(Regrid(grid=target, layers=layers, dtype=dtype, arguments=(node,), method=how))


def _kernel_scale(how: Project) -> tuple[float, float]:
    """Widening of the kernel where cells become larger, from the middle of the target."""
    row, col = how.target.nrow / 2, how.target.ncol / 2
    found = how.exact(np.array([[row, row + 1, row]]), np.array([[col, col, col + 1]]))[:, 0]
    if not np.isfinite(found).all():
        return 1.0, 1.0
    rows = float(np.abs(found[0, 1:] - found[0, 0]).max())
    cols = float(np.abs(found[1, 1:] - found[1, 0]).max())
    return kernels.sample.kernel_scale(rows), kernels.sample.kernel_scale(cols)


def _target(source: Grid, y: Any, res: Any, origin: tuple[float, float] | None, align_only: bool) -> Grid:
    if is_raster(y):
        if res is not None or origin is not None:
            raise ArgumentError("project: res and origin go with a CRS, not with a raster")
        grid: Grid = y._node.grid
        if not grid.crs:
            raise ArgumentError("project: the raster that gives the grid must have a CRS; set its .crs first")
        if not align_only:
            return grid
        extent = _default_grid(source, grid.crs, None).extent
        return grid.subgrid(grid.window_of(extent, "out"))
    wkt = parse_crs(y)
    if not wkt:
        raise ArgumentError("project: y must be a raster or a CRS such as 'EPSG:3035'")
    sizes = None
    if res is not None:
        sizes = (float(res), float(res)) if isinstance(res, int | float) else (float(res[0]), float(res[1]))
    grid = _default_grid(source, wkt, sizes)
    if origin is None:
        return grid
    e, dx, dy = grid.extent, grid.xres, grid.yres
    xmin = origin[0] + np.floor((e.xmin - origin[0]) / dx) * dx
    ymax = origin[1] + np.ceil((e.ymax - origin[1]) / dy) * dy
    ncol, nrow = int(np.ceil((e.xmax - xmin) / dx)), int(np.ceil((ymax - e.ymin) / dy))
    return Grid(SpatExtent(xmin, xmin + ncol * dx, ymax - nrow * dy, ymax), nrow, ncol, wkt)


def _default_grid(source: Grid, wkt: str, res: tuple[float, float] | None) -> Grid:
    from pyterra.io.warp_grid import default_grid

    return default_grid(source, wkt, res)
